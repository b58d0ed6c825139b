"""Absent is not gone: when an absence counts, and when it has lasted long enough. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.model import Absent, Watch

DAYS, AFTER = 3, timedelta(hours=72)


def counts(seen: Watch, answer: Absent, *, lively: bool) -> bool:
    """Whether an absence says anything: it was there once, for the same credentials, and its host
    answers for something else."""
    no_right = seen.authenticated and not answer.authenticated
    there = seen.snapshot is not None and not seen.snapshot.gone
    return there and lively and not no_right


def times(seen: Watch, answer: Absent, now: datetime, *, lively: bool) -> tuple[datetime, ...]:
    """The times of absence, one a day (UTC) and three at most, the newest of them last."""
    if not counts(seen, answer, lively=lively):
        return seen.absent
    if seen.absent and seen.absent[-1].date() == now.date():
        return seen.absent
    return (*seen.absent[: DAYS - 1], now)
