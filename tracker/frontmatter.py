"""The front matter of a post: where it ends, what its values are, and where its dates stand.

YAML between `---`, TOML between `+++`, or a JSON object: it is read, located and never written
anew, so whatever it holds survives.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import yaml

from tracker import dates
from tracker.model import TrackerError

# The keys that say when a post was last touched, the surest first.
UPDATED_KEYS = (
    "last_modified_at",  # Jekyll: jekyll-last-modified-at, jekyll-seo-tag
    "lastmod",  # Hugo: https://gohugo.io/content-management/front-matter/
    "updated",  # Hexo: https://hexo.io/docs/front-matter
    "date-modified",  # Quarto: https://quarto.org/docs/reference/formats/html.html
    "date.updated",  # Material for MkDocs: its blog plugin
    "last_update.date",  # Docusaurus: its docs plugin
    "modified",  # Pelican, and notes in Obsidian
    "date modified",  # Obsidian: the Linter plugin
    "modified_date",  # Jekyll: the theme minima
)

_BOM = b"\xef\xbb\xbf"
_END = rb"[ \t]*(?=\r\n|\r|\n|\Z)"
_YAML = re.compile(rb"---[ \t]*(?:\r\n|\r|\n)")
_YAML_CLOSES = re.compile(rb"(?:^|(?<=[\r\n]))(?:---|\.\.\.)" + _END)
_TOML = re.compile(rb"\+\+\+[ \t]*(?:\r\n|\r|\n)(.*?[\r\n])\+\+\+" + _END, re.DOTALL)
_JSON = re.compile(rb"\{\s*(?:\"|\})")
_TOML_LINE = r"(?m)^[ \t]*(?:[\w-]+\.)?[\"']?KEY[\"']?[ \t]*=[ \t]*([^\r\n]*)"
_JSON_MEMBER = r"\"KEY\"\s*:\s*(\"(?:[^\"\\]|\\.)*\")"
_ANOTHER_DAY = date(1987, 6, 5)
_TOP = 4096
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
    """Values by key (scalars as text, the last of a repeated key, `outer.inner` for one in a
    table), the byte where the body starts, and the dates that say when the post was updated, the
    surest first."""

    body: int = 0
    values: dict[str, str] = field(default_factory=dict)
    updated: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class _Value:
    """A scalar: its key, what it says, and its source with the place of that in the text."""

    key: str
    said: str
    raw: str
    start: int


def read(source: bytes, path: str) -> FrontMatter:
    """Read the front matter of a post; none is no error.

    Raises TrackerError where one opens and does not close, or cannot be read.
    """
    start = len(_BOM) if source.startswith(_BOM) else 0
    if toml := _TOML.match(source, start):
        return _front(toml[1], toml.start(1), toml.end(), _toml(toml[1].decode(), path))
    if _JSON.match(source, start):
        return _json(source, start)
    opening = _YAML.match(source, start)
    if not opening:
        return FrontMatter(start)
    closing = _YAML_CLOSES.search(source, opening.end())
    if not closing:
        raise TrackerError(f"{path}:1: the front matter is never closed: add a line ---")
    text = source[opening.end() : closing.start()]
    try:
        node = yaml.compose(text.decode(), Loader=yaml.SafeLoader)
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
    return _front(text, opening.end(), closing.end(), _yaml(node, text.decode()))


def scanned(source: bytes) -> FrontMatter:
    """What a source that is never edited says of its update: "(updated on …)" near its top."""
    text = source[:_TOP].decode("utf-8", "replace")
    return _front(source[:_TOP], 0, 0, [_Value("title", "", text, 0)])


def _yaml(node: yaml.MappingNode, text: str, outer: str = "") -> Iterator[_Value]:
    shared = {name.value for name in yaml.scan(text) if isinstance(name, yaml.AliasToken)}
    for key, value in node.value:
        name = outer + key.value if isinstance(key, yaml.ScalarNode) else ""
        if name and isinstance(value, yaml.ScalarNode):
            begin = value.start_mark.index
            # A value that others repeat by its anchor is not only this one's.
            anchor = re.match(r"&([^\s,\[\]{}]+)", text[begin:])
            alone = not (anchor and anchor[1] in shared)
            raw = text[begin : value.end_mark.index] if alone else ""
            yield _Value(name, value.value, raw, begin)
        elif name and isinstance(value, yaml.MappingNode) and not outer:
            yield from _yaml(value, text, f"{name}.")


def _toml(text: str, path: str) -> Iterator[_Value]:
    """The scalars of the top table and of the tables in it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"line (\d+)", str(error))
        line = 1 + int(told[1]) if told else 1
        raise TrackerError(
            f"{path}:{line}: the front matter is not TOML ({error}): mend it"
        ) from error
    return _located(table, text, _TOML_LINE, tomllib.loads)


def _json(source: bytes, start: int) -> FrontMatter:
    """A JSON object as Hugo reads one; what only begins like it is text (`{"x"}`, an attribute)."""
    text = source[start:].decode()
    try:
        table, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return FrontMatter(start)
    body = start + len(text[:end].encode())
    if not re.match(_END, source[body:]):
        return FrontMatter(start)
    values = _located(table, text[:end], _JSON_MEMBER, json.loads)
    return _front(source[start:body], start, body, values)


def _located(
    table: dict[str, object], text: str, member: str, parse: Callable[[str], dict[str, object]]
) -> Iterator[_Value]:
    """The scalars of a table, each with its source. The parsers tell no places: where a member of
    this name is, and another date there would change its value and no other, it is.
    """
    for key, value in _flat(table).items():
        said = value.isoformat() if isinstance(value, date) else str(value)
        raw, at = "", 0
        name = re.escape(key.rpartition(".")[2])
        wanted = key == "title" or key in UPDATED_KEYS
        for match in re.finditer(member.replace("KEY", name), text) if wanted else ():
            dated = min(dates.find(match[1]), key=lambda d: d.start, default=None)
            if dated:
                start, end = match.start(1) + dated.start, match.start(1) + dated.end
                probe = text[:start] + dated.form.write(_ANOTHER_DAY) + text[end:]
                if _is_all(table, probe, key, parse):
                    # What follows the date on a line of TOML may be a comment.
                    raw = match[1] if key == "title" else text[match.start(1) : end]
                    at = match.start(1)
        yield _Value(key, said, raw, at)


def _flat(table: dict[str, object]) -> dict[str, object]:
    """A table's scalars, and as `outer.inner` those of the tables in it."""
    inner = {
        f"{outer}.{key}": value
        for outer, members in table.items()
        if isinstance(members, dict)
        for key, value in members.items()
    }
    return {k: v for k, v in {**table, **inner}.items() if not isinstance(v, dict | list)}


def _is_all(
    table: dict[str, object], probe: str, key: str, parse: Callable[[str], dict[str, object]]
) -> bool:
    """Whether a text says the same as a table but for this one key."""
    try:
        other = _flat(parse(probe))
    except ValueError:
        return False
    mine = _flat(table)
    return {k for k in {*mine, *other} if mine.get(k) != other.get(k)} == {key}


def _front(text: bytes, offset: int, body: int, values: Iterable[_Value]) -> FrontMatter:
    """What the values say, and the marks of those that say when a post was updated."""
    said: dict[str, str] = {}
    marks: dict[str, list[Mark]] = {}
    source = text.decode("utf-8", "replace")
    for value in values:
        said[value.key] = value.said
        for start, end, dated in _dates(value):
            at = offset + len(source[:start].encode())
            stop = at + len(source[start:end].encode())
            marks.setdefault(value.key, []).append(Mark(dated.day, dated.form, at, stop))
    # A repeated key counts as YAML reads it, by its last value: hence the reversal.
    updated = [m for key in (*UPDATED_KEYS, "title") for m in reversed(marks.get(key, []))]
    return FrontMatter(body, said, tuple(updated))


def _dates(value: _Value) -> Iterator[tuple[int, int, dates.Dated]]:
    """The dates of a value with their places in the text; of a title, "(updated on …)" alone."""
    pieces = (
        [(match[1], match.start(1)) for match in _UPDATED_ON.finditer(value.raw)]
        if value.key == "title"
        else [(value.raw, 0)]
    )
    for piece, at in pieces:
        for dated in dates.find(piece):
            start = value.start + at + dated.start
            yield start, start + dated.end - dated.start, dated
