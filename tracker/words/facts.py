"""What a line in the post says of what differs: three facts at most, of the surest kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tracker.difference import Difference, KeyChange
from tracker.model import Touched
from tracker.papers.revision import Differences, NumberChange
from tracker.text import clean, cut
from tracker.words.upstream_text import identifier, quoted

_MOST = 3
_SECTIONS = 2  # where there are numbers too
_OTHERWISE = 6  # sections that came or went
_NAME, _QUOTE = 40, 60
_BEFORE, _AFTER = 5, 4  # words of a sentence that are quoted around a number
_VALUE = 30
_CONFIGURATION = "config.json"
_IDLE = {"transformers_version", "_name_or_path", "torch_dtype"}  # of the program, not the model


def facts(difference: Difference, touched: Collection[Touched] = ()) -> tuple[str, ...]:
    """Facts as plain text, upstream's words still to be escaped: `new section Limitations`,
    `GSM8K, Ours 91.6 -> 92.3`, `90.5 -> 91.2 in "...reaches 91.2 on MMLU"`. What touches a note of
    the author's comes first."""
    document = difference.document if difference.format != "markdown" else None
    if document and document.another_work:
        return ("title, authors and text are another work's",)
    if document and document.shrank:
        return ("hardly any text is left",)
    if document is None or document.cut:
        return tuple(_configuration(difference.keys))[:_MOST]
    near = {one.now for one in touched}
    sure = [one for one in document.numbers if one.sure and one.part == "body"]
    numbers = [number(one) for one in sorted(sure, key=lambda one: not _touches(one, near))]
    first = numbers[:1] if any(_touches(one, near) for one in sure) else []
    sections = _sections(document)[: _SECTIONS if numbers else _MOST]
    return tuple(dict.fromkeys((*first, *sections, *numbers)))[:_MOST]


def _touches(one: NumberChange, sentences: Collection[str]) -> bool:
    said = f"{one.where}: {one.new}" if one.cell else one.where
    return any(said.startswith(sentence) for sentence in sentences)


def number(one: NumberChange, arrow: str = "->") -> str:
    """A number that changed, with the cell or a piece of the sentence that it stands in."""
    change = f"{cut(clean(one.old), _VALUE)} {arrow} {cut(clean(one.new), _VALUE)}"
    if one.cell:
        return f"{cell(one)} {change}"
    return f"{change} in {quoted(_around(one))}"


def cell(one: NumberChange) -> str:
    """`GSM8K, Ours`: the row and the column of a cell; in quotes what is no plain name."""
    names = [cut(clean(name), _NAME) for name in one.where.split(", ", 1)]
    return ", ".join(identifier(name) or quoted(name) for name in names if name)


def _around(one: NumberChange) -> str:
    """The words around the new number, cut at both ends."""
    words = clean(one.where).split()
    at = next((n for n, word in enumerate(words) if one.new in word), 0)
    start, end = max(0, at - _BEFORE), at + _AFTER + 1
    said = " ".join(words[start:end]).rstrip(".,;:")
    return cut(f"{'… ' if start else ''}{said}{' …' if end < len(words) else ''}", _QUOTE + 4)


def _sections(document: Differences) -> list[str]:
    """The new ones; none where so many came and went that the text was rather set otherwise."""
    if sum(one.kind in ("added", "removed") for one in document.sections) > _OTHERWISE:
        return []
    added = [one for one in document.sections if one.kind == "added" and one.part == "body"]
    top = [one for one in added if one.level == 1 and one.title]
    names = [cut(clean(one.title), _QUOTE) for one in top]
    return [f"new section {identifier(name) or quoted(name)}" for name in names]


def _configuration(keys: Collection[KeyChange]) -> Iterator[str]:
    for one in keys:
        short = all(value is None or len(value) <= _VALUE for value in (one.old, one.new))
        if one.file != _CONFIGURATION or one.key in _IDLE or not short or not identifier(one.key):
            continue
        if one.old is not None and one.new is not None:
            yield f"{one.key} {clean(one.old)} -> {clean(one.new)}"
