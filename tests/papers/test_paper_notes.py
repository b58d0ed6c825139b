from __future__ import annotations

import pytest

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
