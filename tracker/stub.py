"""Changes of one upstream to one line: a finished fact in the author's style. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tracker import style, text
from tracker.model import Change, Item, Ledger, Link, TrackerError, Unit, page
from tracker.post import Post
from tracker.sections import Report
from tracker.style import Style

_NAMED = 3  # so many new items are named in a line


_QUOTED = 160  # so many characters of the authors' words


Render = Callable[[Mapping[str, Any]], str]


def line_of(
    changes: Sequence[Change], post: Post, section: Report, ledger: Ledger, render: Render
) -> str:
    """The line that tells these changes, oldest first, in a section: bullet and text, no line end.

    Raises TrackerError where the template gives no line, or more than one.
    """
    way = style.of(post, section, unit_of(section, changes[0].upstream))
    facts = [render(_values(change, section, way)).strip() for change in _told(changes, ledger)]
    line = "; ".join(facts)
    if not line or "\n" in line or "\r" in line:
        raise TrackerError("templates/stub.md: must give one line that is not empty: mend it")
    return f"{way.bullet}{line}"


def links_in(section: Report, key: str) -> list[Link]:
    """A section's links to an upstream."""
    return [k for k in section.links if k.upstream and k.upstream.key == key]


def item_of(links: Iterable[Link]) -> Unit | None:
    """The list item that holds one of these links as its own."""
    units = (link.unit for link in links if link.own)
    return next((unit for unit in units if unit and unit.type == "item"), None)


def unit_of(section: Report, key: str) -> Unit | None:
    """The list item to which a line on an upstream belongs, or None for the section's end."""
    return item_of(links_in(section, key)) if section.holds == "many" else None


def _told(changes: Sequence[Change], ledger: Ledger) -> list[Change]:
    """What one line tells of several changes of an upstream: of each kind the newest, items all
    together if they are still there, and nothing but the end of what is gone."""
    slots: dict[str, Change] = {}
    for change in changes:
        slot = "version" if change.kind in ("revised", "withdrawn", "released") else change.kind
        if change.kind == "items added" and (before := slots.get(slot)):
            items = (*before.items, *(i for i in change.items if i not in before.items))
            slots[slot] = replace(change, items=_present(items, change, ledger), since=before.since)
        elif change.kind == "gone":
            slots = {slot: change}
        else:
            parts = dict.fromkeys((*(slots[slot].parts if slot in slots else ()), *change.parts))
            also = change.also or (slots[slot].also if slot in slots else None)
            slots[slot] = replace(change, parts=tuple(parts), also=also)
    return list(slots.values())


def _present(items: tuple[Item, ...], change: Change, ledger: Ledger) -> tuple[Item, ...]:
    watch = ledger.watches.get(change.upstream)
    there = watch.snapshot.items if watch and watch.snapshot else items
    return tuple(item for item in items if item in there)


def _values(change: Change, section: Report, way: Style) -> dict[str, Any]:
    """What a stub's template is given: finished words, upstream text still to be escaped."""
    links = links_in(section, change.upstream)
    link = next((k for k in links if k.own), links[0] if links else None)
    paper = change.upstream.partition(":")[2]
    is_paper = change.upstream.startswith("arxiv:")

    def day(at: datetime | None) -> str | None:
        return way.form.write(at.date()) if at else None

    also_paper, _, also_version = (change.also or "").rpartition("v")
    return {
        "kind": change.kind,
        "basis": change.basis,
        "version": _plain_version(change),
        "date": day(change.released),
        "since": day(change.since),
        "label": style.label(link, _default_label(change, link)),
        "url": style.paper_address(iter(links), paper, change.new or "")
        if is_paper and change.kind == "revised"
        else change.url,
        "quote": text.cut(text.clean(change.quote or "").replace('"', "'"), _QUOTED),
        "facts": change.facts,
        "journal": change.journal,
        "doi": change.doi,
        "what": _what(change),
        "items": [(i.name.rpartition("/")[2], _item_page(i)) for i in _models_first(change.items)],
        "count": len(change.items),
        "noun": _noun(change),
        "last_url": change.last.url if change.last else None,
        "last_version": change.last.name if change.last and is_paper else None,
        "also_version": f"v{also_version}" if change.also else None,
        "also_url": style.paper_address(iter(section.links), also_paper, f"v{also_version}"),
    }


def _models_first(items: Sequence[Item]) -> list[Item]:
    """The few items that a line names: what readers look for comes first."""
    return sorted(items, key=lambda item: item.type != "model")[:_NAMED]


def _plain_version(change: Change) -> str:
    new = change.new or ""
    return re.sub(r"^v(?=\d)", "", new) if change.basis in ("release", "tag") else new


def _default_label(change: Change, link: Link | None) -> str:
    if change.upstream.startswith("arxiv:"):
        return "pdf" if link else "arXiv"
    if change.basis in ("blob", "tree"):
        return "pdf" if change.title.lower().endswith(".pdf") else change.title.rpartition("/")[2]
    return change.title.rpartition("/")[2]


def _what(change: Change) -> str:
    """What is new about a file or a model, in the fewest words."""
    if change.basis == "blob":
        return "pdf" if change.upstream.lower().endswith(".pdf") else "version"
    if change.basis == "tree":
        return "version"
    telling = [part for part in change.parts if part not in ("card", "code")]
    return ", ".join(telling) or "version"


def _noun(change: Change) -> str:
    types = {item.type for item in change.items}
    if types <= {"model"} or types <= {"dataset"} or types <= {"space"} or types <= {"paper"}:
        name = next(iter(types), "item")
        return f" {name}" if len(change.items) == 1 else f" {name}s"
    return ""


def _item_page(item: Item) -> str:
    if item.type == "paper":
        return page(f"arxiv:{item.name}")
    folder = {"model": "models", "dataset": "datasets", "space": "spaces"}.get(item.type, item.type)
    return page(f"huggingface:{folder}/{item.name}")
