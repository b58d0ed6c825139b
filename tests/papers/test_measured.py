"""At least 0.95 of what is told is so, at least 0.95 of what is so is told, and nothing is told of the
same text typeset anew."""

from __future__ import annotations

import pytest
from measured import FORMATS, SEEDS, measured, noise, told


@pytest.mark.parametrize("form", FORMATS)
def test_precision_and_recall(form):
    precision, recall = measured(form, SEEDS if form == "html" else SEEDS[::2])
    assert precision >= 0.95
    assert recall >= 0.95


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_told_of_noise(form, seed):
    assert told(noise(form, seed)) == []
