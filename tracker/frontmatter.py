"""The front matter of a post: where it ends, what its values are, and where its dates stand.

It is read with the marks of the YAML parser and never written: whatever it holds survives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

import yaml

from tracker import dates
from tracker.dates import Dated
from tracker.model import TrackerError

# The keys that say when a post was last touched, the surest first (Jekyll, Hugo, MkDocs).
UPDATED_KEYS = ("last_modified_at", "lastmod", "updated")

_BOM = b"\xef\xbb\xbf"
_OPENS = re.compile(rb"---[ \t]*(?:\r\n|\r|\n)")
_CLOSES = re.compile(rb"(?:^|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?=\r\n|\r|\n|\Z)")
_TOML = re.compile(rb"\+\+\+[ \t]*(?:\r\n|\r|\n).*?[\r\n]\+\+\+[ \t]*(?=\r\n|\r|\n|\Z)", re.DOTALL)
_UPDATED_ON = re.compile(r"\(updated on ([^()]{1,40})\)", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """An "updated" date: the day, its form, and its span in bytes of the post."""

    day: date
    form: dates.Form
    start: int
    end: int


@dataclass(frozen=True)
class FrontMatter:
    """Values by key (scalars as text, the last of a repeated key), the byte where the body starts,
    and the dates that say when the post was updated, the surest first."""

    body: int = 0
    values: dict[str, str] = field(default_factory=dict)
    updated: tuple[Mark, ...] = ()


def read(source: bytes, path: str) -> FrontMatter:
    """Read the front matter of a post; none is no error.

    Raises TrackerError where one opens and does not close, or is not YAML.
    """
    start = len(_BOM) if source.startswith(_BOM) else 0
    if toml := _TOML.match(source, start):
        return FrontMatter(toml.end())
    opening = _OPENS.match(source, start)
    if not opening:
        return FrontMatter(start)
    closing = _CLOSES.search(source, opening.end())
    if not closing:
        raise TrackerError(f"{path}:1: the front matter is never closed: add a line ---")
    text = source[opening.end() : closing.start()].decode("utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "unreadable"
        raise TrackerError(
            f"{path}:{line}: the front matter is not YAML ({problem}): mend it"
        ) from error
    if node is None:
        return FrontMatter(closing.end())
    if not isinstance(node, yaml.MappingNode):
        return FrontMatter(start)  # two rules around a paragraph
    return _mapping(node, text, opening.end(), closing.end())


def _mapping(node: yaml.MappingNode, text: str, offset: int, body: int) -> FrontMatter:
    values: dict[str, str] = {}
    marks: dict[str, list[Mark]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            continue
        values[key.value] = value.value
        begin = value.start_mark.index
        raw = text[begin : value.end_mark.index]
        if key.value == "title":
            found = [
                (begin + match.start(1), dated)
                for match in _UPDATED_ON.finditer(raw)
                for dated in dates.find(match[1])
            ]
        else:
            found = [(begin, dated) for dated in dates.find(raw)]
        for at, dated in found:
            marks.setdefault(key.value, []).append(_mark(text, offset, at, dated))
    # A repeated key counts as YAML reads it, by its last value: hence the reversal.
    updated = [m for key in (*UPDATED_KEYS, "title") for m in reversed(marks.get(key, []))]
    return FrontMatter(body, values, tuple(updated))


def _mark(text: str, offset: int, at: int, dated: Dated) -> Mark:
    start = offset + len(text[: at + dated.start].encode())
    end = start + len(text[at + dated.start : at + dated.end].encode())
    return Mark(dated.day, dated.form, start, end)
