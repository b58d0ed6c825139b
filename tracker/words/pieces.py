"""Pieces of the words for a change: a day, parts, a count of items, a new place, a twin."""

from __future__ import annotations

import re
from datetime import datetime

from tracker.model import Change
from tracker.words.names import place
from tracker.words.upstream_text import as_paper, identifier

_PARTS = ("weights", "tokenizer", "configuration", "data", "code", "card")


def on_day(when: datetime | None, before: str = " on ") -> str:
    """An ISO day with the words before it, or nothing."""
    return f"{before}{when.date().isoformat()}" if when else ""


def parts_of(change: Change, joint: str = " and ") -> str:
    """`weights, tokenizer and card`: what differs in a model, or `revision` where that is unknown."""
    known = [part for part in _PARTS if part in change.parts]
    return joint.join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known) or "revision"


def count_in(text: str | None) -> int | None:
    """The number that a text begins with, as one of items does."""
    found = re.match(r"\d{1,6}", text or "")
    return int(found[0]) if found else None


def items_of(change: Change) -> str:
    """`2 more models`, `1 more dataset`, `17 more items`, `2 fewer items`."""
    old, new = count_in(change.old), count_in(change.new)
    count = len(change.items) or (abs(new - old) if old is not None and new is not None else 0)
    types = {item.type for item in change.items}
    noun = identifier(types.pop()) if len(types) == 1 else "item"
    more = "more" if change.kind == "items added" else "fewer"
    return f"{count or 'some'} {more} {noun or 'item'}{'' if count == 1 else 's'}"


def moved_to(change: Change) -> str:
    """Where a moved upstream is now, as short as it can be said."""
    key = change.new or change.id.partition("@moved:")[2]
    if ":" in key:
        return place(key, change.url)
    return identifier(change.url.partition("://")[2]) or "another address"


def is_deleted(change: Change) -> bool:
    """Whether the history proves that a file was deleted: then its change names the commit."""
    return "/commit/" in change.url


def also_address(change: Change) -> str:
    """The address of the paper that a change offers, or an empty string."""
    paper = as_paper(change.also)
    return f"https://arxiv.org/abs/{paper}" if paper else ""
