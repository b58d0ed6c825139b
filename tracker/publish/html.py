"""A section of a post as HTML that is safe in anybody's reader. It reads no file and no template.

The post's own generator is kramdown more often than not; what it reads otherwise than CommonMark
is put right before (nested lists without their quote mark) or kept as text (math, attributes).
"""

from __future__ import annotations

import re
import unicodedata

import nh3
import pyromark

from tracker.post import Post, is_rule
from tracker.sections import Report

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_MATH  # so that nothing inside is read as emphasis or an escape
)
_MATH = re.compile(r'<span class="math math-(inline|display)">([^<]*)</span>')
_NESTED = re.compile(r"(?: {2,}|\t)\s*(?:[-*+]|\d{1,9}[.)])[ \t]")
_FENCE = re.compile(r"[ \t>]*(```|~~~)")
_ATTRIBUTES = re.compile(r"[ \t>]*\{:[^{}]*\}[ \t]*")  # kramdown's, on a line of their own
_TAGS = """
    a abbr b blockquote br code dd del dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre s
    strong sub sup table tbody td th thead tr ul
"""

# What XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets; and C1 controls, which it should
# not. Tab and line feed stay.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)


def legal(text: str) -> str:
    """Text that XML 1.0 can hold, in NFC; what it cannot is U+FFFD."""
    return unicodedata.normalize("NFC", _ILLEGAL.sub("\ufffd", text))


def sanitised(html: str, base: str) -> str:
    """HTML without script, style, class or event; its addresses absolute, seen from `base`."""
    return nh3.clean(
        legal(html),
        tags=set(_TAGS.split()),
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", base),
        link_rel=None,
    )


def without_images(html: str) -> str:
    """Sanitised HTML of an entry for a page, which asks no other host for anything."""
    return nh3.clean(
        html,
        tags=set(_TAGS.split()) - {"img"},
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def fragment(markdown: str, base: str) -> str:
    """Markdown as sanitised HTML."""
    html = pyromark.html(_for_commonmark(legal(re.sub(r"\r\n?", "\n", markdown))), options=_OPTIONS)
    return sanitised(_MATH.sub(_as_text, html), base)


def section(post: Post, report: Report, base: str) -> str:
    """A report's text, its subsections included, its heading and the tracker's own lines not."""
    start = report.heading.end if report.heading else report.start
    following = (other.start for other in post.reports if other.start > report.start)
    end = min([report.whole, *following])
    ours = {span[0] for span in post.ours}
    lines = [post.text(*span) for span in post.lines(start, end) if span[0] not in ours]
    while lines and (not lines[-1].strip() or is_rule(lines[-1].encode())):
        lines.pop()  # a rule at the end parts sections and belongs to none
    return fragment("\n".join(lines), base)


def _as_text(match: re.Match[str]) -> str:
    mark = "$$" if match[1] == "display" else "$"
    return f"{mark}{match[2]}{mark}"


def _for_commonmark(markdown: str) -> str:
    """Give the lines of a nested list the `>` that kramdown does not need, and drop kramdown's
    attribute lines."""
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        quoted = bool(lines) and lines[-1].lstrip(" ").startswith(">")
        opened = _FENCE.match(line)
        if fence or opened:
            if opened:
                fence = "" if fence == opened[1] else fence or opened[1]
            lines.append(line)
        elif quoted and _NESTED.match(line):
            lines.append(f"> {line}")
        elif not _ATTRIBUTES.fullmatch(line):
            lines.append(line)
    return "\n".join(lines)
