"""Where a change of version starts: what was seen, else what stood at a report's baseline. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.model import Baseline, Found, Snapshot, Watch

TAGGED = ("release", "tag")


@dataclass(frozen=True)
class Start:
    """Where a change starts: the old version, its date, and the reports that come from there."""

    version: str | None
    released: datetime | None
    reports: tuple[str, ...]


def start_of(seen: Watch, answer: Found) -> Start | None:
    """Where the change of version starts, or None where there is none."""
    old, new = seen.snapshot, answer.snapshot
    reports: list[str] = []
    start: tuple[str | None, datetime | None] | None = None
    if old and kept(old, new).version != old.version:
        same = (old.basis in TAGGED) == (new.basis in TAGGED)
        start = (old.version if same else None, old.released if same else None)
        reports += [report for report, baseline in seen.reports.items() if baseline.settled]
    for report, baseline in seen.reports.items():
        if baseline.settled:
            continue
        at = _at(baseline, answer)
        if at[0] != new.version:
            reports.append(report)
            if start is None or (old is None and _newer(at, start)):
                start = at
    return Start(start[0], start[1], tuple(reports)) if start and reports else None


def _newer(
    one: tuple[str | None, datetime | None], two: tuple[str | None, datetime | None]
) -> bool:
    """Which of two baselines is the later version: by number where there is one, else by date."""
    if number(one[0]) != number(two[0]):
        return number(one[0]) > number(two[0])
    return bool(one[1] and two[1] and one[1] > two[1])


def number(version: str | None) -> int:
    """The number in `v3`; 0 for what is no paper's version."""
    return int(version[1:]) if version and re.fullmatch(r"v[0-9]+", version) else 0


def previous(version: str | None) -> str | None:
    """The version before a paper's, or None where it is the first."""
    n = number(version)
    return f"v{n - 1}" if n > 1 else None


def _at(baseline: Baseline, answer: Found) -> tuple[str | None, datetime | None]:
    """The version that stood at a baseline, and its date; (None, None) where it cannot be told."""
    new, history = answer.snapshot, answer.history
    if baseline.pin:
        if new.basis == "version" and number(baseline.pin) > number(new.version):
            return new.version, new.released
        dated = next((v.released for v in history if v.name == baseline.pin), None)
        return baseline.pin, dated
    if new.released is None or new.released <= baseline.since:
        return new.version, new.released
    for version in history:
        if version.name and version.released and version.released <= baseline.since:
            return version.name, version.released
    if answer.whole and history and new.basis not in TAGGED:
        return history[-1].name, history[-1].released  # linked before it was dated: its first one
    return None, None


def kept(old: Snapshot | None, new: Snapshot) -> Snapshot:
    """What to remember: the new snapshot, but a release that was taken back uncovers no new one, and
    a paper's versions only grow: an older one is an answer from before."""
    if old and number(new.version) < number(old.version) and new.basis == old.basis == "version":
        return old
    if old is None or old.basis not in TAGGED:
        return new
    dated = old.released and new.released and new.released < old.released
    if new.basis not in TAGGED or dated:
        return replace(
            old,
            archived=new.archived,
            moved_to=new.moved_to,
            identity=new.identity,
            gone=new.gone,
        )
    return new
