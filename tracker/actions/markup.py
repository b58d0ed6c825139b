"""Text on GitHub's pages, where much of it is live: a name notifies, `fixes #3` closes an issue.

Mentions and references are looked for in rendered text, so that entities and backslashes do not
stop them; only code spans and fences do
(https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.text import address, clean

_LIVE = re.compile(
    r"[@#*`\[\]<>\\~|$]"  # mentions, references, markup, HTML, math
    r"|&(?=#?\w+;)|://|\bwww\.|\bgh-\d|:[\w+-]+:"  # entities, addresses, issues, emoji
    r"|\b[0-9a-f]{7,40}\b"  # commits
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; within a word an underscore is one
    r"|\A(?:[-+=]|\d+[.)]\s)",  # a list, or the line below a heading
    re.IGNORECASE,
)
_LINE = re.compile(r"\r\n|\r|\n")


def said(text: str) -> str:
    """One line of running text: as it is where nothing in it is live, else a code span."""
    line = clean(text)
    return code(line) if _LIVE.search(line) else line


def bold(text: str) -> str:
    """A name in bold type."""
    return f"**{said(text) or 'untitled'}**"


def code(text: str) -> str:
    """One line as a code span that it cannot end."""
    line = clean(text) or "-"
    ticks = "`" * (_longest(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fence(lines: Iterable[str], language: str) -> list[str]:
    """Lines, as they are, in a fence that none of them can end."""
    kept = [piece for line in lines for piece in _LINE.split(line)]
    ticks = "`" * max([3, *(_longest(line) + 1 for line in kept)])
    return [f"{ticks}{language}", *kept, ticks]


def link(label: str, url: str) -> str:
    """A link with words of ours; the words alone where the address is none."""
    target = address(url)
    return f"[{label}]({target})" if target else label


def heading(text: str) -> str:
    """Text for a title, which becomes the message of a commit: without what is live there."""
    bare = re.sub(r":/{2,}", "", re.sub(r"[@#`<>\\]", "", clean(text)))
    return re.sub(r"\bgh-(?=\d)", "gh ", bare, flags=re.IGNORECASE)


def _longest(line: str) -> int:
    return max(map(len, re.findall("`+", line)), default=0)
