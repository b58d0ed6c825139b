"""The nouns as JSON and back: unknown fields are refused, the same values give the same text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tracker.model import Answer, Baseline, Item

_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def plain(value: object, shape: Any = None) -> Any:  # noqa: ANN401 - any noun, any JSON
    """A noun as JSON values, without what is a default. shape: its type, where a value alone does
    not tell it."""
    return _converter().unstructure(value, shape)


def structured(value: object, shape: Any) -> Any:  # noqa: ANN401 - any noun
    """JSON values as the nouns of a type. Raises ValueError, naming the place, for any others."""
    from cattrs import transform_error  # noqa: PLC0415
    from cattrs.errors import BaseValidationError  # noqa: PLC0415

    with suppress(Exception):
        return _converter().structure(value, shape)
    try:
        return _converter(detailed=True).structure(value, shape)
    except BaseValidationError as error:
        raise ValueError(transform_error(error)[0]) from error
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from error


@cache
def _converter(*, detailed: bool = False) -> Any:  # noqa: ANN401 - cattrs is slow to import
    """detailed: it says where something is wrong, and takes longer where nothing is."""
    import cattrs  # noqa: PLC0415
    from cattrs.strategies import configure_tagged_union  # noqa: PLC0415

    converter = cattrs.Converter(
        forbid_extra_keys=True, omit_if_default=True, detailed_validation=detailed
    )
    converter.register_unstructure_hook(datetime, _when)
    converter.register_structure_hook(datetime, lambda value, _: _instant(value))
    converter.register_unstructure_hook(Item, _item_text)
    converter.register_structure_hook(Item, lambda value, _: _item(value))
    converter.register_unstructure_hook(Baseline, _baseline_text)
    converter.register_structure_hook(Baseline, lambda value, _: _baseline(value))
    configure_tagged_union(Answer, converter, tag_name="answer")
    return converter


def _when(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError("an instant must be a string")
    if not _INSTANT.fullmatch(value):
        raise ValueError(f"{value[:40]!r} is no instant like 2025-01-22T23:59:59Z")
    return datetime.fromisoformat(value)


def _item_text(item: Item) -> str:
    added = _when(item.added) if item.added else "-"
    return f"{item.type} {item.name} {added} {item.about}".rstrip()


def _item(value: object) -> Item:
    if not isinstance(value, str):
        raise TypeError("an item must be a string")
    type_, name, added, *about = value.split(" ", 3)
    return Item(type_, name, None if added == "-" else _instant(added), "".join(about))


def _baseline_text(baseline: Baseline) -> str:
    stands = "settled" if baseline.settled else "open"
    return f"{_when(baseline.since)} {baseline.pin or '-'} {stands}"


def _baseline(value: object) -> Baseline:
    if not isinstance(value, str):
        raise TypeError("a baseline must be a string")
    since, pin, stands = value.split(" ")
    if stands not in ("settled", "open"):
        raise ValueError("a baseline must be settled or open")
    return Baseline(_instant(since), None if pin == "-" else pin, stands == "settled")


def read(source: bytes) -> Any:  # noqa: ANN401 - any JSON
    """JSON values of a file's bytes. Raises ValueError for what is none, or holds text that no file
    can hold again."""
    try:
        value = json.loads(source)
        if _ESCAPED_HALF.search(source):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def text(value: Mapping[str, object]) -> bytes:
    """JSON with sorted keys and a line a record: what git shows of a change is that change, and
    the many lines of a long list cost little."""

    def line(inner: object) -> str:
        return json.dumps(inner, ensure_ascii=False, sort_keys=True)

    def records(inner: object) -> str:
        if isinstance(inner, dict) and inner:
            lines = (f"    {line(key)}: {line(inner[key])}" for key in sorted(inner))
            return "{\n" + ",\n".join(lines) + "\n  }"
        if isinstance(inner, list | tuple) and inner:
            return "[\n" + ",\n".join(f"    {line(record)}" for record in inner) + "\n  ]"
        return line(inner)

    lines = (f"  {line(key)}: {records(value[key])}" for key in sorted(value))
    whole = "{\n" + ",\n".join(lines) + "\n}\n"
    try:
        return whole.encode()
    except UnicodeEncodeError:  # half a character, which no file can hold
        return _HALF.sub("\ufffd", whole).encode()
