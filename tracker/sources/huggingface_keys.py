"""Which keys differ between two small files of settings: JSON, and a card's front matter. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import yaml

from tracker.difference import KeyChange
from tracker.text import clean

_MOST = 50  # keys of a file
_DEEPEST = 8  # levels of keys; what is below is one value
_NESTED = 20  # levels of front matter, far more than any card has
_KEY = _VALUE = 200  # characters
_BEFORE = 40  # of them before the place where long values begin to differ
_FRONT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n((?:.*?\n)??)---[ \t]*\r?(?:\n|\Z)", re.DOTALL
)
_FRONT_LIMIT = 1 << 16  # bytes
# Everything as it is written: YAML's own types would read the language `no` as false, and stumble
# over dates that there are not.
_AS_WRITTEN = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


class NoKeys(Exception):  # noqa: N818 - it says what the file is
    """It is no file with keys."""


def json_keys(file: str, old: bytes, new: bytes) -> tuple[KeyChange, ...]:
    """The keys (`rope_scaling.factor`) whose values differ, sorted, 50 at most. Raises NoKeys where
    one of the files is no JSON object."""
    return _differing(file, _json(old), _json(new))


def front_keys(file: str, old: bytes, new: bytes) -> tuple[KeyChange, ...]:
    """The same of the YAML at the head of two Markdown files; none where one of them is unreadable
    or uses aliases."""
    try:
        return _differing(file, _front(old), _front(new))
    except NoKeys:
        return ()


def _json(source: bytes) -> dict[str, str]:
    try:
        value = json.loads(source)
        if isinstance(value, dict):
            return dict(_flat(value))
    except (ValueError, RecursionError) as error:
        raise NoKeys("no JSON") from error
    raise NoKeys("no JSON object")


def _front(source: bytes) -> dict[str, str]:
    match = _FRONT.match(source)
    if not match:
        return {}
    try:
        if len(match[1]) > _FRONT_LIMIT or not _harmless(match[1]):
            raise NoKeys("no plain front matter")
        value = yaml.load(match[1], _AS_WRITTEN)  # noqa: S506 - it makes text, lists and dicts only
    except yaml.YAMLError as error:
        raise NoKeys("no front matter") from error
    return dict(_flat(value)) if isinstance(value, dict) else {}


def _harmless(source: bytes) -> bool:
    """Whether YAML says each value where it stands, for an alias may stand for a billion of them,
    and is not nested so deep that reading it would take minutes. Raises YAMLError."""
    depth = 0
    for event in yaml.parse(source, _AS_WRITTEN):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _NESTED or getattr(event, "anchor", None):
            return False
    return True


def _flat(
    value: Mapping[str, object], above: str = "", depth: int = 1
) -> Iterator[tuple[str, str]]:
    """Keys with dots, and values as compact JSON. Raises RecursionError."""
    for key, inner in value.items():
        name = f"{above}{key}"
        if isinstance(inner, dict) and inner and depth < _DEEPEST and len(name) <= _KEY:
            yield from _flat(inner, f"{name}.", depth + 1)
        else:
            yield name, json.dumps(inner, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _differing(
    file: str, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[KeyChange, ...]:
    keys = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    return tuple(
        KeyChange(file, clean(_cut(key, _KEY)), *_excerpts(before.get(key), after.get(key)))
        for key in keys[:_MOST]
    )


def _excerpts(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two values, each within 200 characters. Long ones may differ only further on, as templates
    do: they are told from there."""
    if old is None or new is None:
        return old and _cut(old, _VALUE), new and _cut(new, _VALUE)
    start = _shared(old, new) - _BEFORE
    if start > 0 and max(len(old), len(new)) > _VALUE:
        old, new = f"…{old[start:]}", f"…{new[start:]}"
    return _cut(old, _VALUE), _cut(new, _VALUE)


def _shared(one: str, two: str) -> int:
    """How many characters two texts begin with together."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(two)))


def _cut(text: str, length: int) -> str:
    """A text within a length, fit for UTF-8: JSON can spell half a character."""
    sound = text.encode(errors="replace").decode()
    return sound if len(sound) <= length else f"{sound[: length - 1]}…"
