"""Comparing papers: how much of what is told is so, and what a paper of 100 pages costs.

The pairs are made by `tests/papers/`, which asks the same of fewer of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.process import ROOT
from benchmarks.report import Row, Target

_MADE = ROOT / "tests" / "papers" / "measured.py"
_LEAST = 0.95
_SECONDS = 10
_PEAK = 300


def papers() -> Iterator[Row | Target]:
    """What is told of made pairs, and the time and memory of long ones, each in a fresh process."""
    for form, (precision, recall, noise) in _told().items():
        yield Target(f"{form}: reports that are wrong", 1 - _LEAST, 1 - precision)
        yield Target(f"{form}: edits not reported", 1 - _LEAST, 1 - recall)
        yield Target(f"{form}: reports of the same text typeset anew", 0, noise)
    for form in ("html", "pdf"):
        cost = _cost(form)
        what = f"a paper of {cost['pages']:.0f} pages twice, as {form}"
        yield Target(f"{what}: reading and comparing", _SECONDS, cost["seconds"], "s")
        yield Target(f"{what}: peak", _PEAK, cost["peak"], "MiB")


def _told() -> dict[str, tuple[float, float, int]]:
    """Precision, recall, and what is told of noise, for each format."""
    found: dict[str, tuple[float, float, int]] = json.loads(_run())
    return found


def _cost(form: str) -> dict[str, float]:
    """Pages, seconds and MiB of a long pair."""
    found: dict[str, float] = json.loads(_run(form))
    return found


def _run(*words: str) -> str:
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(_MADE), *words]
    return subprocess.run(command, env=path, check=True, capture_output=True, text=True).stdout
