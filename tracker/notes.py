"""Change to stub in the author's style, and where it goes. Pure; it writes nothing.

A stub is a finished fact in one line. One upstream has one line in a post: while that line stands
as it was written, the upstream's next state replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from tracker import style
from tracker.model import Change, Ledger, Link, Stub, Unit
from tracker.post import Edit, Post
from tracker.sections import Report
from tracker.stub import Render, item_of, line_of, links_in, unit_of

MOST = 25  # so many lines in one post and run, or none

Places = Mapping[str, tuple[Post, Report]]


def draft(
    ledger: Ledger,
    places: Places,
    changes: Iterable[Change],
    render: Render,
    items: Callable[[str], bool],
) -> tuple[Stub, ...]:
    """The ledger's stubs with those for new changes: each in one unit of each post, none where the
    post already links that version. A line that still stands, or never was put in, is replaced by
    one that tells both. items: whether the items of a list in a post take lines, by its path."""
    stubs = list(ledger.stubs)
    told = {change.id: change for change in ledger.changes}
    for change in changes:
        if change.significance != "major":
            continue
        for report in _units(change, places, items):
            live = _live(stubs, change, report, places, ledger)
            if live:
                stubs.remove(live)
            stub = (
                _renewed(live, report, places, ledger)
                if live
                else Stub(report, change.upstream, (), "")
            )
            covered = (*stub.changes, change.id)
            facts = [told[i] for i in stub.changes if i in told] + [change]
            line = line_of(facts, *places[stub.report], ledger, render)
            stubs.append(replace(stub, changes=covered, text=line, written=False))
    return tuple(stubs)


def _live(
    stubs: Iterable[Stub], change: Change, report: str, places: Places, ledger: Ledger
) -> Stub | None:
    """The upstream's line in the same post that still stands as written, or was never put in."""
    post = places[report][0]
    for stub in reversed([s for s in stubs if s.upstream == change.upstream]):
        record = ledger.reports.get(stub.report)
        if record and record.post == post.path and (not stub.written or stub.text in post.written):
            return stub
    return None


def _renewed(live: Stub, report: str, places: Places, ledger: Ledger) -> Stub:
    """A stub in the place of a live one: its line is the one to replace, where it stands, if that
    is still where lines on its upstream belong."""
    post = places[report][0]
    stands = live.text in post.written
    at = post.written[live.text][0] if stands else -1
    kept = live.report in places and (
        bool(links_in(places[live.report][1], live.upstream))
        or live.upstream in ledger.reports[live.report].offered
    )
    if kept and stands:
        kept = places[live.report][1].start <= at < places[live.report][1].whole
    # A line that was never put in, and takes no other's place, may go where the new one would.
    moves = not kept or not (stands or live.replaces)
    return replace(
        live,
        report=report if moves else live.report,
        replaces=live.text if stands else live.replaces,
    )


def _units(change: Change, places: Places, items: Callable[[str], bool]) -> list[str]:
    """One report a post: the one that pins the highest earlier version, else the first whose own
    link it is (or that was offered it)."""
    chosen: dict[str, tuple[int, str]] = {}
    for report in change.reports:
        if report not in places:
            continue
        post, section = places[report]
        links = links_in(section, change.upstream)
        cited = bool(links) and not any(link.own for link in links)
        takes = post.editable and _takes_lines(post, section, links, items=items(post.path))
        if cited or not takes or _linked(change, post):
            continue
        pin = max((_number(link.pinned) for link in links), default=-1)
        if post.path not in chosen or pin > chosen[post.path][0]:
            chosen[post.path] = (pin, report)
    return [report for _, report in chosen.values()]


def _linked(change: Change, post: Post) -> bool:
    """Whether the author links the very version that is new; a collection has none, and where a
    paper was published is no version of it."""
    if change.new is None or change.basis == "items" or change.kind == "published":
        return False
    pins = {link.pinned for link in post.links_to(change.upstream)}
    return change.url in post.addresses or change.new in pins


def _takes_lines(post: Post, section: Report, links: Iterable[Link], *, items: bool) -> bool:
    """Whether a change of these links is told by a line: at the end of a section that is one
    report, or, where that is wished, in the list item that holds the link, unless it holds more
    than text and lists: not every Markdown sees a list below a table or a second paragraph."""
    if section.holds == "many":
        item = item_of(links)
        return items and item is not None and post.items.get(item.start, False)
    return section.holds == "one"


def _number(version: str | None) -> int:
    return int(version[1:]) if version and re.fullmatch(r"v\d+", version) else -1


# --- where -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writing:
    """What is to be done to one post: the stubs to put in, those that stand in it already, and
    those that are held back because there are too many."""

    missing: tuple[Stub, ...]
    standing: tuple[Stub, ...]
    held: tuple[Stub, ...] = ()


def due(
    post: Post, places: Places, stubs: Iterable[Stub], only: Collection[str] | None = None
) -> Writing:
    """Which stubs are to be put into a post.

    only: the ids of the reports that a run was told to look at: their lines are put in however
    many they are, those held back earlier too.
    """
    mine = [s for s in stubs if s.report in places and places[s.report][0] is post]
    wished = (s for s in mine if (not s.held if only is None else s.report in only))
    todo = [s for s in wished if not s.written]
    standing = tuple(s for s in todo if s.text in post.written)
    missing = tuple(s for s in todo if s not in standing)
    if only is None and len(missing) > MOST:
        return Writing((), standing, missing)
    return Writing(missing, standing)


def edits(post: Post, places: Places, stubs: Iterable[Stub]) -> list[Edit]:
    """How stubs are put into a post: in the place of the lines that they replace, where these are
    where lines on the upstream belong; else at the end of the section or of the list item."""
    made: list[Edit] = []
    added: dict[tuple[str, Unit | None], list[str]] = {}
    taken_out: list[tuple[int, int]] = []
    for stub in _in_order(stubs, places):
        section = places[stub.report][1]
        unit = unit_of(section, stub.upstream)
        old = post.written.get(stub.replaces) if stub.replaces else None
        if old and _fits(post, section, unit, stub, old):
            made.append(Edit(*old, stub.text.encode()))
            continue
        if old:
            taken_out.append(old)
        added.setdefault((stub.report, unit), []).append(stub.text)
    for (report, unit), lines in added.items():
        made.append(style.insertion(post, places[report][1], lines, unit, without=taken_out))
    return [*made, *(style.removal(post, span) for span in taken_out)]


def _fits(post: Post, section: Report, unit: Unit | None, stub: Stub, old: tuple[int, int]) -> bool:
    """Whether a line stands where the one in its place belongs, and is indented like that."""
    start, end = (unit.start, unit.end) if unit else (section.start, section.whole)
    bullet = style.of(post, section, unit).bullet
    return start <= old[0] < end and post.text(*old).startswith(bullet) is stub.text.startswith(
        bullet
    )


def _in_order(stubs: Iterable[Stub], places: Places) -> list[Stub]:
    """By section, then as the section's links stand; what was offered comes last."""

    def rank(stub: Stub) -> tuple[int, int]:
        section = places[stub.report][1]
        links = links_in(section, stub.upstream)
        return section.start, min((link.start for link in links), default=section.whole)

    return sorted(stubs, key=rank)
