"""The details of a change: further sentences, with the authors' words in quotes."""

from __future__ import annotations

from tracker.difference import Difference
from tracker.model import Change, Item
from tracker.text import clean
from tracker.words.differences import sentences
from tracker.words.names import thing_of
from tracker.words.pieces import also_address, on_day, parts_of
from tracker.words.upstream_text import as_doi, doi_address, identifier, quoted

_ITEMS_LIMIT = 10
_NOTHING = Difference()


def details(change: Change, difference: Difference = _NOTHING) -> tuple[str, ...]:
    """Further plain sentences: the authors' words in quotes, what differs, items, parts, copies,
    twins.

    An address stands at a sentence's end, after `: `.
    """
    thing = thing_of(change)
    told = [
        f"{_QUOTES.get(thing.type, 'In their words')}: {quoted(change.quote)}."
        if change.quote and clean(change.quote)
        else "",
        f"The journal reference: {quoted(change.journal)}." if change.journal else "",
        f"The published version: {doi_address(change.doi or change.new)}"
        if change.kind == "published" and as_doi(change.doi or change.new)
        else "",
        f"The collection's title: {quoted(change.title)}."
        if thing.type == "collection" and clean(change.title)
        else "",
        f"What differs: {parts_of(change)}." if change.parts and change.kind == "revised" else "",
        *sentences(difference),
        *_named_items(change),
        _twin(change),
        f"The last copy{on_day(change.last.released, ', of ')}: {change.last.url}"
        if change.last and change.last.url
        else "",
    ]
    return tuple(sentence for sentence in told if sentence)


_QUOTES = {
    "paper": "The authors' comment",
    "file": "The commit",
    "folder": "The commit",
    "repository": "The release",
    "model": "The commit",
    "dataset": "The commit",
    "space": "The commit",
}


def _named_items(change: Change) -> list[str]:
    verb = "Added" if change.kind == "items added" else "Removed"
    more = len(change.items) - _ITEMS_LIMIT
    told = [f"{verb}: {_item_label(item)}." for item in change.items[:_ITEMS_LIMIT]]
    return [*told, f"And {more} more."] if more > 0 else told


def _item_label(item: Item) -> str:
    """`the model Llama-3.1-Tulu-3-405B`: an item's type, its name without the owner, what it is."""
    name = identifier(item.name.rpartition("/")[2]) or quoted(item.name)
    when = f", since {item.added.date().isoformat()}" if item.added else ""
    about = f", {quoted(item.about)}" if item.about else ""
    return f"the {identifier(item.type) or 'item'} {name}{when}{about}"


def _twin(change: Change) -> str:
    if not (url := also_address(change)):
        return ""
    words = "A successor is on arXiv" if change.kind == "gone" else "The report is also on arXiv"
    named_as = f", as {quoted(change.also_title)}" if change.also_title else ""
    return f"{words}{named_as}: {url}"
