"""What the items of a collection are, as far as the collection itself tells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tracker.text import clean, cut

_LONGEST = 120  # characters
_LARGEST = 1e15
_TAG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_FEW = 3  # modalities
_ALMOST = 0.9995  # of a unit: what would be rounded to a thousand of the next smaller
_TWO_DIGITS = 10
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))

Entry = Mapping[Any, object]


def about(kind: str, entry: Entry) -> str:
    """What an entry of this type is, then its curator's note, as one plain line within 120
    characters: a paper's title; a model's task and size (`text-generation, 8B`); the modalities and
    rows of a dataset; what a space or collection is called. Empty where nothing is told."""
    match kind:
        case "model":
            said = ", ".join(_model(entry))
        case "dataset":
            said = ", ".join(_dataset(entry.get("datasetsServerInfo")))
        case "space":
            described = entry.get("shortDescription") or entry.get("ai_short_description")
            said = ": ".join(filter(None, (_text(entry.get("title")), _text(described))))
        case _:
            said = _text(entry.get("title"))
    return cut("; ".join(filter(None, (said, _note(entry.get("note"))))), _LONGEST)


def _model(entry: Entry) -> Iterator[str]:
    tag = entry.get("pipeline_tag")
    if isinstance(tag, str) and _TAG.fullmatch(tag):
        yield tag
    if count := _count(entry.get("numParameters")):
        yield count


def _dataset(info: object) -> Iterator[str]:
    match info:
        case {"modalities": list(modalities)}:
            yield from [m for m in modalities if isinstance(m, str) and _TAG.fullmatch(m)][:_FEW]
    match info:
        case {"numRows": number} if count := _count(number):
            yield f"{count} rows"


def _note(note: object) -> str:
    return _text(note.get("text") if isinstance(note, dict) else note)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _count(number: object) -> str:
    """A number as people say it, in two or three digits: 405B, 7.6B, 494M; empty for what is none."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return ""
    if not 1 <= number < _LARGEST:
        return ""
    for size, letter in _UNITS:
        if number >= size * _ALMOST:
            tenths = round(number / size, 1)
            return (
                f"{number / size:.0f}{letter}" if tenths >= _TWO_DIGITS else f"{tenths:g}{letter}"
            )
    return f"{number:.0f}"
