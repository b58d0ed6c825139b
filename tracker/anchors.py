"""Links as they are written: bare addresses in running text, and those in a piece of HTML."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate

from tracker.model import Unit

# GFM's extended autolinks: up to a space, `<`, or a letter that no
# address holds unescaped (an address glued to Chinese text ends where the text begins).
_BARE = re.compile(
    rb"(?:https?://|(?<![^\s*_~(])www\.)[A-Za-z0-9][A-Za-z0-9.-]*"
    rb"(?:[/?#][\x21-\x3b\x3d\x3f-\x5f\x61-\x7e]*)?",
    re.I,
)
_TRAILING = b"?!.,:*_~'\";"


@dataclass(frozen=True)
class Anchor:
    """A link as shown: address, words, span, and the innermost list item, table row or paragraph
    around it. `image`: it is shown, and leads nowhere."""

    url: str
    label: str
    start: int
    end: int
    unit: Unit | None = None
    image: bool = False


def bare(source: bytes, start: int, end: int) -> Iterator[Anchor]:
    """Addresses that stand in running text."""
    for match in _BARE.finditer(source, start, end):
        address = cut(match[0])
        text = html.unescape(address.decode("ascii"))
        url = f"http://{text}" if text[:4].lower() == "www." else text
        yield Anchor(url, text, match.start(), match.start() + len(address))


def cut(address: bytes) -> bytes:
    """An address without the punctuation behind it, as GFM's extended autolinks are cut."""
    while address:
        unmatched = address.endswith(b")") and address.count(b")") > address.count(b"(")
        closing = address.endswith(b"]") and b"[" not in address
        if not (address[-1] in _TRAILING or unmatched or closing):
            break
        address = address[:-1]
    return address


class _Html(HTMLParser):
    """The addresses of `<a href>` and `<img src>` in a piece of HTML; comments hold none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.urls: list[tuple[str, bool, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "img": "src"}.get(tag)
        self.urls += [
            (value.strip(), tag == "img", *self.getpos())
            for name, value in attrs
            if name == wanted and value
        ]


def in_html(pieces: list[tuple[int, str]]) -> Iterator[Anchor]:
    """Links in HTML, given as (offset, text) pieces; an empty span, since none is ever rewritten."""
    parser = _Html()
    text = "".join(piece for _, piece in pieces)
    parser.feed(text)
    starts = [0, *accumulate(len(piece) for _, piece in pieces)]
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    for url, image, line, column in parser.urls:
        index = lines[line - 1] + column
        nth = bisect_right(starts, index) - 1
        offset, piece = pieces[nth]
        offset += len(piece[: index - starts[nth]].encode())
        yield Anchor(url, "", offset, offset, image=image)
