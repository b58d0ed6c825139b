"""Change to stub in the author's style, and where it goes. Pure; it writes nothing.

A stub is a finished fact in one line. One upstream has one line in a post: while that line stands
as it was written, the upstream's next state replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
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
            live = _live(stubs, change, report, places)
            if live:
                stubs.remove(live)
            stub = _renewed(live, report, places) if live else Stub(report, change.upstream, (), "")
            covered = (*stub.changes, change.id)
            facts = [told[i] for i in stub.changes if i in told] + [change]
            line = line_of(facts, *places[stub.report], ledger, render)
            stubs.append(replace(stub, changes=covered, text=line, written=False))
    return tuple(stubs)


def _live(stubs: Iterable[Stub], change: Change, report: str, places: Places) -> Stub | None:
    """The upstream's line in the same post that still stands as written, or was never put in."""
    path = places[report][0].path
    for stub in reversed(
        [s for s in stubs if s.upstream == change.upstream and s.report in places]
    ):
        post, section = places[stub.report]
        if post.path == path and (not stub.written or _stands(stub, post, section)):
            return stub
    return None


def _renewed(live: Stub, report: str, places: Places) -> Stub:
    """A stub in the place of a live one: its line, where it stands, is the one to replace."""
    if _stands(live, *places[live.report]):
        return replace(live, replaces=live.text)
    return replace(live, report=live.report if live.replaces else report)


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
        takes = post.editable and _takes_lines(section, links, items=items(post.path))
        if cited or not takes or _linked(change, post):
            continue
        pin = max((_number(link.pinned) for link in links), default=-1)
        if post.path not in chosen or pin > chosen[post.path][0]:
            chosen[post.path] = (pin, report)
    return [report for _, report in chosen.values()]


def _linked(change: Change, post: Post) -> bool:
    """Whether the author links the very version that is new; a collection has none."""
    if change.new is None or change.basis == "items":
        return False
    pins = {link.pinned for link in post.links_to(change.upstream)}
    return change.url in post.addresses or change.new in pins


def _takes_lines(section: Report, links: Iterable[Link], *, items: bool) -> bool:
    """Whether a change of these links is told by a line: at the end of a section that is one
    report, or, where that is wished, in the list item that holds the link."""
    if section.holds == "many":
        return items and item_of(links) is not None
    return section.holds == "one"


def _number(version: str | None) -> int:
    return int(version[1:]) if version and re.fullmatch(r"v\d+", version) else -1


def _stands(stub: Stub, post: Post, section: Report) -> bool:
    return _found(stub.text, post, section) is not None


def _found(line: str, post: Post, section: Report) -> tuple[int, int] | None:
    spans = post.lines(section.start, section.whole)
    return next((s for s in reversed(spans) if post.text(*s) == line), None)


# --- where -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writing:
    """What is to be done to one post: its edits, the stubs that stand in it afterwards, and those
    that are held back because there are too many."""

    edits: tuple[Edit, ...]
    done: tuple[Stub, ...]
    held: tuple[Stub, ...] = ()


def place(post: Post, places: Places, stubs: Iterable[Stub], *, narrowed: bool) -> Writing:
    """Where the stubs that are not yet written go in a post.

    narrowed: the run was told which reports to look at, so lines held back earlier are put in.
    """
    mine = [s for s in stubs if s.report in places and places[s.report][0] is post]
    todo = [s for s in mine if not s.written and (narrowed or not s.held)]
    standing = [s for s in todo if _stands(s, post, places[s.report][1])]
    missing = [s for s in todo if s not in standing]
    if len(missing) > MOST:
        return Writing((), tuple(standing), tuple(missing))
    edits: list[Edit] = []
    added: dict[tuple[str, Unit | None], list[str]] = {}
    for stub in _in_order(missing, places):
        span = _found(stub.replaces, post, places[stub.report][1]) if stub.replaces else None
        if span:
            edits.append(Edit(*span, stub.text.encode()))
        else:
            unit = unit_of(places[stub.report][1], stub.upstream)
            added.setdefault((stub.report, unit), []).append(stub.text)
    for (report, unit), lines in added.items():
        section = places[report][1]
        edits.append(style.insertion(post, section, style.of(post, section, unit), lines, unit))
    return Writing(tuple(edits), (*standing, *missing))


def _in_order(stubs: Iterable[Stub], places: Places) -> list[Stub]:
    """By section, then as the section's links stand; what was offered comes last."""

    def rank(stub: Stub) -> tuple[int, int]:
        section = places[stub.report][1]
        links = links_in(section, stub.upstream)
        return section.start, min((link.start for link in links), default=section.whole)

    return sorted(stubs, key=rank)
