"""Links and headings of a source that is not Markdown, by scanning its bytes. It changes nothing.

Typst, HTML, notebooks and the like are watched and never edited: an address counts where it
stands, a heading where it is plain to see.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tracker.anchors import Anchor, cut
from tracker.markdown import Heading, Outline

_HOST = rb"https?://[A-Za-z0-9][A-Za-z0-9.-]*"
_LETTER = rb"[!#-&(-;=?-Z_a-z|~]"  # no quotes, brackets or backslash: they end an address
_URL = re.compile(_HOST + rb"(?:[/?#]" + _LETTER + rb"*)?", re.I)
_TEX_URL = re.compile(_HOST + rb"(?:[/?#](?:\\[_%#&~]|" + _LETTER + rb")*)?", re.I)
_TAG = re.compile(r"<[^>]*>")
# Before an address that begins a line there is markup at most, or the words of its own link.
_LEADING = re.compile(
    r"[\W\d_]*(?:(?:a|href|link|ul|ol|li|p|table|tbody|td|tr|div|span|b|strong|em|i|h[1-6]|item|url)\b[\W_]*)*"
    r"(?:\[[^\]\n]*\]\()?"
)


@dataclass(frozen=True)
class _Language:
    """What a comment and a heading look like; a heading has the groups `level` and `text`."""

    comment: re.Pattern[bytes] | None = None
    heading: re.Pattern[bytes] | None = None
    url: re.Pattern[bytes] = _URL


_HTML = _Language(
    re.compile(rb"<!--.*?-->", re.S),
    re.compile(rb"<h(?P<level>[1-6])\b[^>]*>(?P<text>.{0,1000}?)</h(?P=level)>", re.S | re.I),
)
_LANGUAGES = {
    ".typ": _Language(
        re.compile(rb"/\*.*?\*/|(?<![^\s])//[^\r\n]*", re.S),
        re.compile(rb"^(?P<level>={1,6})[ \t]+(?P<text>[^\r\n]+)", re.M),
    ),
    ".html": _HTML,
    ".htm": _HTML,
    ".ipynb": _Language(
        heading=re.compile(rb'^\s*"(?P<level>#{1,6}) +(?P<text>[^\r\n]*?)(?:\\n)?",?[ \t]*$', re.M)
    ),
    ".rst": _Language(),
    ".org": _Language(heading=re.compile(rb"^(?P<level>\*{1,6}) +(?P<text>[^\r\n]+)", re.M)),
    ".adoc": _Language(heading=re.compile(rb"^(?P<level>={1,6}) +(?P<text>[^\r\n]+)", re.M)),
    ".tex": _Language(re.compile(rb"(?<!\\)%[^\r\n]*"), url=_TEX_URL),
}


def is_scanned(path: str) -> bool:
    """Whether a source is scanned, by its name: anything else is read as Markdown."""
    return PurePosixPath(path).suffix.lower() in _LANGUAGES


def outline(path: str, source: bytes) -> Outline:
    """The headings and addresses of a source, in the order of the text."""
    language = _LANGUAGES[PurePosixPath(path).suffix.lower()]
    spans = [m.span() for m in language.comment.finditer(source)] if language.comment else []
    text = bytearray(source)
    for start, end in spans:
        text[start:end] = re.sub(rb"[^\r\n]", b" ", source[start:end])
    return Outline(
        headings=list(_headings(bytes(text), language)), anchors=list(_anchors(text, language))
    )


def begins_line(before: str) -> bool:
    """Whether an address begins its line, by what stands before it there."""
    return bool(_LEADING.fullmatch(before[-512:]))


def _headings(text: bytes, language: _Language) -> Iterator[Heading]:
    for match in language.heading.finditer(text) if language.heading else ():
        level = match["level"].decode()
        words = html.unescape(_TAG.sub("", match["text"].decode("utf-8", "replace")))
        if "://" in words:
            continue  # a comment in a notebook's code, more likely
        yield Heading(
            int(level) if level.isdecimal() else len(level),
            " ".join(words.split()),
            match.start(),
            match.end(),
        )


def _anchors(text: bytes | bytearray, language: _Language) -> Iterator[Anchor]:
    for match in language.url.finditer(text):
        address = cut(match[0])
        url = html.unescape(address.decode("ascii").replace("\\", ""))
        yield Anchor(url, "", match.start(), match.start() + len(address))
