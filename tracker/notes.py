"""Change to stub in the author's style, and where it goes. Pure; it writes nothing.

A stub is a finished fact in one line. One upstream has one line in a post: while that line stands
as it was written, the upstream's next state replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tracker import style
from tracker.model import Change, Ledger, Stub
from tracker.post import Edit, Post, Report
from tracker.stub import Render, line_of

MOST = 25  # so many lines in one post and run, or none
_ONE_REPORT = 8  # a section with more upstreams of its own is a list, not a report

Places = Mapping[str, tuple[Post, Report]]


def draft(
    ledger: Ledger, places: Places, changes: Iterable[Change], render: Render
) -> tuple[Stub, ...]:
    """The ledger's stubs with those for new changes: each in one unit of each post, none where the
    post already links that version. A line that still stands, or never was put in, is replaced by
    one that tells both."""
    stubs = list(ledger.stubs)
    told = {change.id: change for change in ledger.changes}
    for change in changes:
        if change.significance != "major":
            continue
        for report in _units(change, places):
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


def _units(change: Change, places: Places) -> list[str]:
    """One report a post: the one that pins the highest earlier version, else the first whose own
    link it is (or that was offered it)."""
    chosen: dict[str, tuple[int, str]] = {}
    linked = {post.path for post, _ in places.values() if _links_already(change, post)}
    for report in change.reports:
        if report not in places:
            continue
        post, section = places[report]
        links = [k for k in section.links if k.upstream and k.upstream.key == change.upstream]
        cited = bool(links) and not any(link.own for link in links)
        if post.path in linked or cited or not _takes_lines(post, section):
            continue
        pin = max((_number(link.pinned) for link in links), default=-1)
        if post.path not in chosen or pin > chosen[post.path][0]:
            chosen[post.path] = (pin, report)
    return [report for _, report in chosen.values()]


def _links_already(change: Change, post: Post) -> bool:
    """Whether the author links the very version that is new; a collection has none."""
    if change.new is None or change.basis == "items":
        return False
    return any(
        link.url == change.url
        or (link.upstream and link.upstream.key == change.upstream and link.pinned == change.new)
        for link in post.links
    )


def _takes_lines(post: Post, section: Report) -> bool:
    """Whether a section is one report: not the words before a first heading, not a long list."""
    own = {link.upstream.key for link in section.links if link.own and link.upstream}
    headed = section.heading is not None or not post.headings
    return headed and len(own) <= _ONE_REPORT


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
    added: dict[str, list[str]] = {}
    for stub in _in_order(missing, places):
        span = _found(stub.replaces, post, places[stub.report][1]) if stub.replaces else None
        if span:
            edits.append(Edit(*span, stub.text.encode()))
        else:
            added.setdefault(stub.report, []).append(stub.text)
    for report, lines in added.items():
        section = places[report][1]
        edits.append(style.insertion(post, section, style.of(post, section), lines))
    return Writing(tuple(edits), (*standing, *missing))


def _in_order(stubs: Iterable[Stub], places: Places) -> list[Stub]:
    """By section, then as the section's links stand; what was offered comes last."""

    def rank(stub: Stub) -> tuple[int, int]:
        section = places[stub.report][1]
        links = [k.start for k in section.links if k.upstream and k.upstream.key == stub.upstream]
        return section.start, min(links, default=section.whole)

    return sorted(stubs, key=rank)
