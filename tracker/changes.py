"""(seen, answer, now) to changes: what happened to one upstream, and what counts. Pure.

It knows no post and no network; the clock is an argument.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tracker import absence
from tracker.baseline import TAGGED, Start, kept, previous, start_of
from tracker.model import (
    Absent,
    Answer,
    Change,
    Found,
    Item,
    Kind,
    Significance,
    Snapshot,
    Unchecked,
    Version,
    Watch,
    page,
)
from tracker.words.names import address

# What counts: the one table. A model's revision is weighed by what differs; citations are minor.
_WEIGHT: dict[Kind, Significance] = {
    "revised": "major",
    "withdrawn": "major",
    "published": "major",
    "released": "major",
    "items added": "major",
    "items removed": "minor",
    "moved": "normal",
    "archived": "normal",
    "back": "normal",
    "gone": "major",
}
# Found only where what was seen stood otherwise: no report reads late of these.
_STANDINGS = ("moved", "archived", "gone", "back")
_LIGHT_PARTS = {"card"}


def find(
    seen: Watch, answer: Answer, now: datetime, *, own: bool = True, lively: bool = True
) -> list[Change]:
    """What changed between what was seen (or the baseline of links first read) and the answer.

    own: some report links it as its own, not only in a citation. lively: the upstream's host
    answered for something else in this run, so that an absence means something. The ids are not
    yet made unique (`KEY@v3`), and `since` of items is the baseline's.
    """
    match answer:
        case Unchecked():
            return []
        case Absent():
            found = _gone_by_absence(seen, answer, now, lively=lively)
        case Found():
            found = _between(seen, answer, now)
    return [_weigh(change, own=own) for change in found]


def remember(
    seen: Watch, answer: Answer, now: datetime, found: Iterable[Change], *, lively: bool = True
) -> Watch:
    """What is known after an answer, given the changes that were found in it."""
    match answer:
        case Unchecked():
            since = seen.unchecked_since or now
            return replace(seen, unchecked_since=since, reason=answer.reason or "no reason given")
        case Absent():
            gone = any(change.kind == "gone" for change in found)
            snapshot = (
                replace(seen.snapshot, gone=True) if gone and seen.snapshot else seen.snapshot
            )
            return replace(
                seen,
                snapshot=snapshot,
                absent=() if gone else absence.times(seen, answer, now, lively=lively),
                unchecked_since=None,
                reason=answer.reason,
            )
        case Found():
            settled = {r: replace(b, settled=True) for r, b in seen.reports.items()}
            snapshot = kept(seen.snapshot, answer.snapshot)
            # What items are is told once: of a long list it would be most of the ledger.
            bare = tuple(replace(item, about="") for item in snapshot.items)
            return replace(
                seen,
                reports=settled,
                snapshot=replace(snapshot, items=bare),
                absent=(),
                unchecked_since=None,
                reason=None,
                authenticated=answer.authenticated,
            )


def repeats(seen: Watch, answer: Answer, change: Change) -> bool:
    """Whether a change with a known id is a new event (A, B, A again; gone, back, gone again), not
    a report that reads late of one already told."""
    if seen.snapshot is None:
        return False
    if change.kind in _STANDINGS:
        return True
    if not isinstance(answer, Found):
        return False
    return seen.snapshot.version != answer.snapshot.version or seen.snapshot.gone


# --- one answer --------------------------------------------------------------------------------


def _between(seen: Watch, answer: Found, now: datetime) -> list[Change]:
    old, new = seen.snapshot, answer.snapshot
    if new.gone:
        return [] if old and old.gone else [_deleted(seen, answer, now)]
    found = []
    everyone = tuple(seen.reports)
    if old and old.gone:
        found.append(_change(seen, new, now, "back", "back", everyone, old.version, new.version))
    if new.moved_to and (old is None or old.moved_to != new.moved_to):
        found.append(_moved(seen, new, now))
    if new.archived and new.basis in (*TAGGED, "commit") and not (old and old.archived):
        url = f"https://github.com/{new.title}"
        found.append(
            _change(
                seen, new, now, "archived", "archived", everyone, None, None, url=url, released=None
            )
        )
    if new.basis == "items":
        found += _items(seen, new, now)
    elif new.version and not _stranger(old, new):
        found += _version(seen, answer, now)
    if old and not (old.journal or old.doi) and (new.journal or new.doi):
        name = new.doi or new.journal
        found.append(
            _change(
                seen, new, now, "published", "published", everyone, None, name,
                journal=new.journal, doi=new.doi, released=None,
            )
        )  # fmt: skip
    return found


def _stranger(old: Snapshot | None, new: Snapshot) -> bool:
    """Whether it may be another work under an old name: Hugging Face redirects names to whatever
    its owner likes, so at first sight the versions behind a redirect prove nothing."""
    return old is None and new.basis == "revision" and new.moved_to is not None


def _change(
    seen: Watch,
    new: Snapshot,
    now: datetime,
    kind: Kind,
    what: str,
    reports: tuple[str, ...],
    old_version: str | None,
    new_version: str | None,
    **more: Any,  # noqa: ANN401 - fields of Change
) -> Change:
    fields: dict[str, Any] = {"url": new.url, "released": new.released, "basis": new.basis, **more}
    return Change(
        id=f"{seen.upstream.key}@{what}",
        upstream=seen.upstream.key,
        kind=kind,
        significance=_WEIGHT[kind],
        reports=reports,
        old=old_version,
        new=new_version,
        title=new.title,
        found=now,
        **fields,
    )


def _version(seen: Watch, answer: Found, now: datetime) -> list[Change]:
    old, new = seen.snapshot, answer.snapshot
    start = start_of(seen, answer)
    withdrawn = new.withdrawn and not (old and old.withdrawn and old.version == new.version)
    if withdrawn and start is None:  # told whatever the baseline
        start = Start(previous(new.version), None, tuple(seen.reports))
    if start is None:
        return []
    kind: Kind = "withdrawn" if withdrawn else "released" if new.basis in TAGGED else "revised"
    version = new.version or ""
    what = version[:12] if new.basis in ("blob", "tree", "commit", "revision") else version
    note = answer.history[0].note if answer.history else None
    quote = new.comment if not old or new.comment != old.comment else None
    last = None
    if withdrawn and (before := previous(new.version)):
        paper = seen.upstream.key.partition(":")[2]
        last = Version(before, None, f"https://arxiv.org/pdf/{paper}{before}")
    parts = answer.parts or () if answer.compared == start.version else ()
    weight = _revision_weight(seen, answer, start) if new.basis == "revision" else None
    change = _change(
        seen, new, now, kind, what, start.reports, start.version, new.version,
        old_released=start.released,
        quote=quote if new.basis == "version" else note,
        last=last,
        parts=parts,
    )  # fmt: skip
    if new.basis == "commit":
        weight = "minor"
    return [replace(change, significance=weight) if weight else change]


def _revision_weight(seen: Watch, answer: Found, start: Start) -> Significance:
    """A model's or dataset's revision by what differs; where nobody can tell, it counts."""
    if seen.upstream.key.startswith("huggingface:spaces/"):
        return "minor"
    told = answer.parts is not None and answer.compared == start.version
    return "minor" if told and set(answer.parts or ()) <= _LIGHT_PARTS else "major"


# --- the kinds ---------------------------------------------------------------------------------


def _items(seen: Watch, new: Snapshot, now: datetime) -> list[Change]:
    old = seen.snapshot
    unsettled = {r: b for r, b in seen.reports.items() if not b.settled}
    since = min((b.since for b in (unsettled or seen.reports).values()), default=now)
    if old:
        before, reports = set(old.items), tuple(seen.reports)
        if not set(new.items) - before and unsettled:
            before, reports = _until(new.items, since), tuple(unsettled)
    else:
        before, reports = _until(new.items, since), tuple(seen.reports)
    added = tuple(item for item in new.items if item not in before)
    gone = tuple(item for item in old.items if item not in new.items) if old else ()
    count, total = f"{len(before)} items", f"{len(new.items)} items"
    digest = digest_of(new.items)
    found = []
    if added:
        found.append(
            _change(
                seen, new, now, "items added", f"+{digest}", reports, count, total,
                items=added, since=since, released=None,
            )
        )  # fmt: skip
    if gone:
        found.append(
            _change(
                seen, new, now, "items removed", f"-{digest}", tuple(seen.reports), count, total,
                items=gone, since=since, released=None,
            )
        )  # fmt: skip
    return found


def _until(items: Iterable[Item], since: datetime) -> set[Item]:
    return {item for item in items if item.added is None or item.added <= since}


def digest_of(items: Iterable[Item]) -> str:
    """12 hex digits that stand for a set of items."""
    lines = sorted(f"{item.type} {item.name}" for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _moved(seen: Watch, new: Snapshot, now: datetime) -> Change:
    assert new.moved_to  # noqa: S101 - the caller looked
    old_name = seen.upstream.key.partition(":")[2]
    new_name = new.moved_to.partition(":")[2]
    return _change(
        seen, new, now, "moved", f"moved:{new.moved_to}", tuple(seen.reports), old_name, new_name,
        url=address(new.moved_to, new.title, new.url) or page(new.moved_to), released=None,
    )  # fmt: skip


def _deleted(seen: Watch, answer: Found, now: datetime) -> Change:
    """Gone, proved by the upstream's history: the deleting commit, and the last copy."""
    new = answer.snapshot
    last = answer.history[1] if len(answer.history) > 1 else None
    version = (seen.snapshot.version if seen.snapshot else None) or new.version
    return _change(
        seen, new, now, "gone", "gone", tuple(seen.reports), version, None,
        last=last, quote=answer.history[0].note if answer.history else None,
    )  # fmt: skip


def _gone_by_absence(seen: Watch, answer: Absent, now: datetime, *, lively: bool) -> list[Change]:
    """Gone on the third day of absence, 72 hours after the first, and never at first sight."""
    old = seen.snapshot
    absences = absence.times(seen, answer, now, lively=lively)
    if old is None or not absence.counts(seen, answer, lively=lively):
        return []
    if len(absences) < absence.DAYS or now - absences[0] < absence.AFTER:
        return []
    url = old.url if old.basis == "items" else page(seen.upstream.key) or old.url
    change = _change(
        seen, old, now, "gone", "gone", tuple(seen.reports), old.version, None,
        url=url, released=None, since=absences[0],
    )  # fmt: skip
    return [change]


def _weigh(change: Change, *, own: bool) -> Change:
    return change if own else replace(change, significance="minor")
