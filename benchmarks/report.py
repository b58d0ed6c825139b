"""What was measured, as Markdown for the README."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.process import Cost

_SERVICES = ("arxiv", "github", "huggingface")
_MB = 1e6


@dataclass(frozen=True)
class Row:
    """One measured run. The bytes are what it left: its ledger, its feeds."""

    what: str
    run: str
    cost: Cost
    ledger: int = 0
    feeds: int = 0


@dataclass(frozen=True)
class Target:
    """A number beside what it may be at most."""

    what: str
    most: float
    measured: float
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether it is no more than that."""
        return self.measured <= self.most


def markdown(found: Iterable[Row | Target], notes: str) -> str:
    """Both tables, and what one must know to read them."""
    found = list(found)
    rows = [_row(one) for one in found if isinstance(one, Row)]
    targets = [_target(one) for one in found if isinstance(one, Target)]
    today, cores = datetime.now(UTC).date(), os.cpu_count()
    machine = f"{today}, {cores} cores, Python {platform.python_version()}, {platform.machine()}."
    parts = [
        f"Measured by `make bench` on {machine}",
        _table(
            ("what", "run", "requests", "wall s", "CPU s", "peak MiB", "ledger MB", "feeds MB"),
            rows,
        ),
        _table(("target", "at most", "measured", "reached"), targets),
        notes,
    ]
    return "\n\n".join(parts)


def _row(row: Row) -> tuple[str, ...]:
    cost = row.cost
    asked = _requests(cost.requests)
    sizes = (f"{size / _MB:.2f}" if size else "" for size in (row.ledger, row.feeds))
    figures = (f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak:.0f}")
    return (row.what, row.run, asked, *figures, *sizes)


def _requests(counts: Mapping[str, int]) -> str:
    """All questions, those to arXiv, GitHub and Hugging Face, and the files of what changed."""
    each = " + ".join(f"{counts.get(name, 0):,}" for name in _SERVICES)
    files = counts.get("files", 0)
    told = f"{sum(counts.values()) - files:,} ({each})"
    return f"{told}, {files:,} files" if files else told


def _target(target: Target) -> tuple[str, ...]:
    figures = (_figure(value, target.unit) for value in (target.most, target.measured))
    return (target.what, *figures, "yes" if target.reached else "**no**")


def _figure(value: float, unit: str) -> str:
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return f"{text} {unit}".rstrip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
