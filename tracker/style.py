"""How a section's author writes: bullet, date form, labels, forms of address. It only looks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tracker import dates
from tracker.markdown import Block
from tracker.model import Link, Unit
from tracker.post import Edit, Post, is_rule
from tracker.sections import Report

_BULLET = re.compile(r"(?P<quote>(?: {0,3}> ?)*)(?P<indent> *)(?P<mark>[-*+])(?P<gap> +)(?=\S)")
_ITEM = re.compile(
    r"(?P<quote>(?: {0,3}> ?)*)(?P<indent>[ \t]*)(?P<mark>[-*+]|\d{1,9}[.)])(?P<gap>\s+)"
)
_BLANK = re.compile(rb"(?:\r\n|\r|\n)[ \t>]*(?:\r\n|\r|\n)")
_ATTRIBUTES = re.compile(rb"[ \t>]*\{:[^{}]*\}[ \t]*")
_NESTED = 4  # columns: where every Markdown, old and new, sees a list in an item


@dataclass(frozen=True)
class Style:
    """A section's way: what a line begins with (`> - `), what must stand between its last line and
    a new one (`""`, a blank line, or a quoted blank line), and its date form."""

    bullet: str
    between: str | None
    form: dates.Form


def of(post: Post, report: Report, unit: Unit | None = None) -> Style:
    """The style of a report's section, or of the list below one of its items."""
    form = _form(post, report)
    if unit:
        return Style(_nested(post, unit), None, form)
    last = last_line(post, report)
    lists = [b for b in post.blocks if report.start <= b.start < report.end and _is_list(post, b)]
    block = next((b for b in lists if b.start <= last[0] < b.end), None)
    if block:
        bullet = _bullet(post, block)
        if bullet and (block.type == "List" or block.last == "List"):
            return Style(bullet, _apart(post, block, bullet), form)
        if block.type == "BlockQuote":
            return Style(bullet or "> - ", ">", form)
        return Style("- ", "", form)  # a numbered list is another one
    bullets = (b for b in (_bullet(post, block) for block in lists) if b and not b.startswith(">"))
    return Style(next(bullets, "- "), "", form)


def _is_list(post: Post, block: Block) -> bool:
    """Whether a block is a list or a quote; an admonition is read like one, without its marks."""
    quote = block.type == "BlockQuote" and post.source[block.start : block.start + 1] == b">"
    return block.type == "List" or quote


def _apart(post: Post, block: Block, bullet: str) -> str | None:
    """A blank line, where the last item ends in more than text (a table, a second paragraph) and
    has one itself: older Markdown would take a line right below for a part of that."""
    last = max((start for start in post.items if block.start <= start < block.end), default=0)
    if post.items.get(last, True) or not _BLANK.search(post.source, last, block.end):
        return None
    return ">" if bullet.startswith(">") else ""


def last_line(
    post: Post,
    report: Report,
    unit: Unit | None = None,
    *,
    without: Collection[tuple[int, int]] = (),
) -> tuple[int, int]:
    """The last line of a section, or of an item in it, that is neither blank nor a rule nor one
    of those to leave out, without its line end."""
    start, stop = report.heading.start if report.heading else report.start, report.end
    if unit:
        start, stop = post.line_start(unit.start), unit.end
    lines = post.lines(start, stop)
    for begin, end in reversed(lines):
        line = post.source[begin:end]
        if line.strip() and not is_rule(line) and (begin, end) not in without:
            return begin, end
    return lines[0] if lines else (start, start)


def _nested(post: Post, unit: Unit) -> str:
    """What a line in an item's own list begins with: as the item's lines there have it already."""
    first, *rest = (post.text(*span) for span in post.lines(post.line_start(unit.start), unit.end))
    item = _ITEM.match(first)
    if not item:
        return "    - "
    for line in rest:
        nested = _ITEM.match(line)
        if nested and nested["mark"] in "-*+" and nested["indent"].startswith(item["indent"]):
            return nested[0]
    mark = item["mark"] if item["mark"] in "-*+" else "-"
    inside = " " * max(_NESTED, len(item["mark"] + item["gap"]))
    return f"{item['quote']}{item['indent']}{inside}{mark} "


def _bullet(post: Post, block: Block) -> str | None:
    """The outermost bullet of a list, as its last item of that depth has it."""
    found = None
    first: tuple[str, str] | None = None
    for begin, end in post.lines(block.start, block.end):
        match = _BULLET.match(post.text(post.line_start(begin), end))
        if not match:
            continue
        depth = (match["quote"].replace(" ", ""), match["indent"])
        if first is None:
            first = depth
        if depth == first:
            found = match[0]
    return found


def _form(post: Post, report: Report) -> dates.Form:
    """The author's date form: that of the section's heading, else of the other headings, else of
    the post's own date, else ISO."""
    headings = [h.text for h in post.headings]
    first = dates.day_first(iter(headings))
    own = [report.heading.text] if report.heading else []
    for text in (*own, *headings):
        for dated in dates.find(text, day_first=first):
            return dated.form
    return post.front.updated[0].form if post.front.updated else dates.ISO


def label(link: Link | None, default: str) -> str:
    """The author's own words for a link, or a default where they are only an address."""
    words = link.label if link else ""
    return default if not words or re.match(r"(https?://|www\.)", words) else words


def paper_address(links: Iterator[Link], paper: str, version: str, default: str = "pdf") -> str:
    """A paper's address at a version, in the form that the first arXiv link among `links` has."""
    for link in links:
        form = re.search(r"arxiv\.org/(abs|pdf|html)/", link.url)
        if form:
            tail = ".pdf" if link.url.split("#")[0].split("?")[0].endswith(".pdf") else ""
            return f"https://arxiv.org/{form[1]}/{paper}{version}{tail}"
    return f"https://arxiv.org/{default}/{paper}{version}"


def insertion(
    post: Post,
    report: Report,
    lines: list[str],
    unit: Unit | None = None,
    *,
    without: Collection[tuple[int, int]] = (),
) -> Edit:
    """New lines right after the last line of the section, or of an item in it, that is neither
    blank nor a rule. `without` are lines that are taken out."""
    between = of(post, report, unit).between
    begin, end = last_line(post, report, unit, without=without)
    if between is None:  # kramdown's attributes of a list stand below it
        while _ATTRIBUTES.fullmatch(post.source, begin, end) and begin > report.start:
            end = post.line_end_before(begin)
            begin = post.line_start(end)
    newline = post.newline(end).decode()
    first = f"{newline}{between}" if between is not None else ""
    new = first + "".join(f"{newline}{line}" for line in lines)
    rest = post.source[end:]
    following = next(iter(post.lines(end + len(newline), len(post.source))), None)
    if rest and following and _underlines(post.source[following[0] : following[1]]):
        new += newline  # a rule right under a line would make it a heading
    return Edit(end, end, new.encode())


def removal(post: Post, span: tuple[int, int]) -> Edit:
    """A line and the line end before it, taken out."""
    return Edit(post.line_end_before(span[0]), span[1], b"")


def _underlines(line: bytes) -> bool:
    return is_rule(line) or bool(re.fullmatch(rb" {0,3}(=+|-+)[ \t]*", line))
