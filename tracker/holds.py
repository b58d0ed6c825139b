"""What a section holds: one report, many, prose that cites, or nothing. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from tracker.model import Link

Holds = Literal["one", "many", "prose", "nothing"]

_FEW = 2  # papers (or repositories) in a section: with one more it is a list of them
_MOST = 8  # upstreams of its own that one report has
_COMPACT = 60  # bytes beside its links that a line of links has
# Words for a link that say what it is to its report; in a list a link is called by its own name.
_ROLE = re.compile(
    r"\b(?:pdf|paper|arxiv|abs|abstract|report|code|git|github|repo|repository|hug\w*face|hf|model"
    r"|weight|checkpoint|collection|data|dataset|demo|space|blog|page|project|html|link|release|doc)"
    r"s?\b|论文|报告|代码|模型|数据",
    re.IGNORECASE,
)
_STOP = re.compile(rb"[\r\n]")


def holds(source: bytes, found: Sequence[Link], *, words: bool) -> Holds:
    """What a section's links make of it; what it only shows makes nothing.

    words: it stands before the first heading of a post that has some: that is no report.
    """
    watched = [link for link in found if link.watched and not link.image]
    if not watched:
        return "nothing"
    inside: Counter[int] = Counter()
    for link in found:
        inside[link.line] += link.end - link.start
    leads = [k for k in watched if k.own and _compact(source, k, inside[k.line])]
    rows = [link for link in watched if link.unit and link.unit.type == "row"]
    papers, repositories = _containers([*leads, *rows], ("arxiv",)), _containers(leads, ("github",))
    many = papers > _FEW or (not papers and repositories > _FEW)
    if many or _by_name(leads) or len({link.upstream for link in leads}) > _MOST:
        return "many"
    if words:
        return "prose"
    beside = any(not (link.unit and link.unit.type == "row") for link in leads)
    if beside:
        return "one"
    listed = any(link.unit and link.unit.type != "paragraph" for link in watched)
    return "many" if listed else "prose"


def _by_name(leads: Sequence[Link]) -> bool:
    """Whether several items each begin with a link that is called by its own name."""
    first: dict[int, Link] = {}
    for link in leads:
        if link.unit and link.unit.type == "item" and link.label:
            first.setdefault(link.unit.start, link)
    called = len({link.upstream for link in first.values()}) > 1
    return called and not any(_ROLE.search(link.label) for link in first.values())


def _containers(found: Iterable[Link], kinds: tuple[str, ...]) -> int:
    """How many items, rows or lines lead with an upstream of these kinds, none counted twice."""
    chief: dict[int, str] = {}
    for link in found:
        if link.upstream and link.upstream.kind in kinds:
            chief.setdefault(link.unit.start if link.unit else link.start, link.upstream.key)
    return len(set(chief.values()))


def _compact(source: bytes, link: Link, inside: int) -> bool:
    """Whether a link stands in a heading, an item or a row, or in a line of little but links (of
    which `inside` bytes are links): prose may begin with a link by chance."""
    if link.unit is None or link.unit.type != "paragraph":
        return True
    line = max(source.rfind(end, 0, link.start) for end in (b"\n", b"\r")) + 1
    stop = _STOP.search(source, link.start)
    return (stop.start() if stop else len(source)) - line - inside <= _COMPACT
