from __future__ import annotations

import pytest

from tracker.papers.words import plain, sentences, words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param(
            "91.6% of 1,200 at -1.5 for $5.5M", ["91.6%", "1,200", "-1.5", "$5.5M"], id="forms"
        ),
        pytest.param("Qwen2.5-72B, GPT-4 and top-5", [], id="names"),
        pytest.param("from 10-20 to 3/4, n=5", ["10", "20", "3", "4", "5"], id="ranges"),
        pytest.param(
            "Table 3, Figures 4 and 5, Section 2.1 [12] (3)", [], id="of the paper itself"
        ),
    ],
)
def test_numbers(text, numbers):
    assert [word.shown for word in words(text) if word.number] == numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("One. Two! Three?", ["One.", "Two!", "Three?"], id="ends"),
        pytest.param(
            "Lee et al. Show e.g. This in Fig. 3.",
            ["Lee et al. Show e.g. This in Fig. 3."],
            id="short forms",
        ),
        pytest.param("It is 3.5 now. [4] So.", ["It is 3.5 now.", "[4] So."], id="numbers"),
    ],
)
def test_sentences(text, found):
    assert [one.text for one in sentences(text)] == found


def test_plain():
    assert plain("e\ufb03\u00adcient\u200b \x00x\n y") == "efficient x y"


@pytest.mark.parametrize(
    "piece", ["Table ", "Table 1,", "[1,", "1,", "((", "A.", ". ", "1.1", "%", "\u00a0"]
)
def test_hostile_text_is_done_with(piece):
    """An expression that goes back and forth would take minutes."""
    assert all(one.key is not None for one in sentences(piece * 200_000))
