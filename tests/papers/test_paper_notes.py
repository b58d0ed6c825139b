from __future__ import annotations

import pytest

from tracker.papers.differences import compare
from tracker.papers.document import Paper, Section
from tracker.papers.notes import touched
from tracker.papers.revision import Differences, NumberChange, ParagraphChange, SectionChange

_CELL = Differences(numbers=(NumberChange("91.6", "92.3", "GSM8K, Ours", "Table 3", cell=True),))
_SENTENCE = Differences(
    numbers=(NumberChange("14.8T", "15T", "It was trained on 15T tokens.", "Data"),)
)
_SMALL = Differences(numbers=(NumberChange("2", "3", "We train for 3 epochs.", "Data"),))
_NAME = Differences(
    paragraphs=(ParagraphChange("Data", "We use AdamW here.", "We use Muon here.", ()),)
)
_TITLE = Differences(sections=(SectionChange("renamed", "Pre-training", 1, "DeepNet Training"),))


@pytest.mark.parametrize(
    ("differences", "note", "sentence"),
    [
        pytest.param(_CELL, "- reaches 91.6% on GSM8K", "GSM8K, Ours: 92.3", id="number of a cell"),
        pytest.param(_CELL, "- reaches 92.3 on GSM8K", None, id="the new number already"),
        pytest.param(
            _SENTENCE, "- 14.8T tokens!", "It was trained on 15T tokens.", id="number of a sentence"
        ),
        pytest.param(_SMALL, "- 2 authors", None, id="a small number is in any text"),
        pytest.param(
            _SMALL, "- 2 epochs", "We train for 3 epochs.", id="a small number with its word"
        ),
        pytest.param(_NAME, "- optimizer: AdamW", "We use Muon here.", id="name"),
        pytest.param(_NAME, "- we use it here", None, id="words of every day"),
        pytest.param(_TITLE, "- DeepNet!", "Pre-training", id="title"),
        pytest.param(Differences(), "- reaches 91.6", None, id="nothing"),
    ],
)
def test_touched(differences, note, sentence):
    assert touched(differences, [note]) == ([(note, sentence)] if sentence else [])


def _text(sentence: str) -> Paper:
    return Paper("A", sections=(Section("Data", 1, (f"It is so. {sentence}",)),))


@pytest.mark.parametrize(
    ("old", "new", "note", "found"),
    [
        pytest.param(
            "We train on 18 trillion tokens.",
            "We train on 20 trillion tokens.",
            "> - 0.5B, 1.5B, 3B; 18T token for pre-training",
            False,
            id="few figures, no word of its own",
        ),
        pytest.param(
            "We train on 18 trillion tokens.",
            "We train on 20 trillion tokens.",
            "> - 18T tokens",
            True,
            id="an amount spelt out",
        ),
        pytest.param(
            "It has 456B parameters.",
            "It has 460B parameters.",
            "> - 456 billion parameters, 45.9 billion activations",
            True,
            id="an amount spelt out in the note",
        ),
        pytest.param(
            "Its epsilon falls from 10^-5 to 10^-8 here.",
            "Its epsilon falls from 10^-5 to 10^-7 here.",
            "> - the AdamW $$\\epsilon$$ from $$10^{\u22125}$$ to $$10^{\u22128}$$",
            True,
            id="powers of ten in Markdown",
        ),
        pytest.param(
            "It has a deviation of 0.02 there.",
            "It has a deviation of 0.01 there.",
            "> - a standard deviation of $$0.02$$",
            True,
            id="a formula in Markdown",
        ),
        pytest.param(
            "We score 95% on spam.",
            "We score 96% on spam.",
            "> - up to 5T tokens, 95% derived from web data",
            False,
            id="the same percentage of something else",
        ),
        pytest.param(
            "We ran 50 tasks in 2024.",
            "We ran 50 tasks in 2025.",
            "> - the report is of 2024",
            False,
            id="a year",
        ),
        pytest.param(
            "The window grows to 128K there.",
            "The window grows to 256K there.",
            "> - supported context window to 128K tokens",
            True,
            id="a window",
        ),
    ],
)
def test_a_note_of_real_notes(old, new, note, found):
    assert bool(touched(compare(_text(old), _text(new)), [note])) is found
