"""The title of a feed's entry: report, words, and a date where it matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from tracker.model import Change, ReportRecord
from tracker.text import cut
from tracker.words.names import Named, label, thing_of
from tracker.words.pieces import is_deleted, items_of, moved_to, on_day, parts_of
from tracker.words.upstream_text import as_doi, as_paper, as_tag, as_version, plain

TITLE_LIMIT = 89
_SHORTEST_NAME = 24  # what a long upstream name must leave of a title for the report's
_RECENT = timedelta(days=7)


def subject(change: Change, record: ReportRecord | None) -> str:
    """What a change is told of: the report; in a list of many, what changed itself."""
    if record and not record.many:
        return record.name
    if change.kind == "moved":  # its title is the new name already
        return thing_of(change).whole
    return change.title or (record.name if record else "")


def title(change: Change, report_name: str, *, full: bool = False) -> str:
    """`OLMo 2: arXiv v2 → v3 (2025-10-08)`, under 90 characters; `full` names the upstream too.

    The date stands where it is more than seven days before the find.
    """
    words = _TITLES[change.kind](change, thing_of(change))
    if full:
        words += f", {label(change.upstream, change.url, change.title)}"
    old = change.released and change.found - change.released > _RECENT
    return headline(report_name, words, on_day(change.released, "") if old else "")


def headline(report_name: str, words: str, date: str = "") -> str:
    """A title of at most 89 characters: report, words, and a date in parentheses."""
    end = f" ({date})" if date else ""
    room = TITLE_LIMIT - len(end) - len(": ")
    name = plain(report_name) or "untitled"
    words = cut(plain(words), room - min(len(name), _SHORTEST_NAME))
    return f"{cut(name, room - len(words))}: {words}{end}"


def _revised_title(change: Change, thing: Named) -> str:
    return {
        "paper": f"arXiv {_arrow(as_version(change.old), as_version(change.new)) or 'new version'}",
        "file": f"new {'PDF' if thing.pdf else thing.file} on {thing.site}",
        "folder": f"folder {thing.file} changed on {thing.site}",
        "repository": f"new commits on {thing.site}",
    }.get(thing.type) or f"new {parts_of(change)} of {thing.name}"


def _released_title(change: Change, thing: Named) -> str:
    noun = "tag" if change.basis == "tag" else "release"
    words = _arrow(as_tag(change.old), as_tag(change.new))
    return f"{thing.site} {noun} {words}" if words else f"new {noun} on {thing.site}"


def _gone_title(change: Change, thing: Named) -> str:
    words = {
        "paper": f"arXiv {thing.name} is gone",
        "file": f"{'PDF' if thing.pdf else thing.file} "
        f"{'deleted' if is_deleted(change) else 'gone'} from {thing.site}",
        "folder": f"folder {thing.file} {'deleted' if is_deleted(change) else 'gone'} "
        f"from {thing.site}",
        "collection": f"collection gone from {thing.site}",
    }.get(thing.type) or f"{thing.name} gone from {thing.site}"
    paper = re.sub(r"v\d+$", "", as_paper(change.also))
    return f"{words}, now arXiv {paper}" if paper else words


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}" if old and new else new


def _short(thing: Named) -> str:
    if thing.type == "paper":
        return f"arXiv {thing.name}"
    if thing.type == "collection":
        return f"{thing.site} collection"
    words = "PDF" if thing.pdf else thing.file if thing.path else thing.name
    return f"{words} on {thing.site}"


_TITLES: dict[str, Callable[[Change, Named], str]] = {
    "revised": _revised_title,
    "released": _released_title,
    "published": lambda change, _: (
        f"paper published, doi {doi}"
        if (doi := as_doi(change.doi or change.new))
        else "paper published"
    ),
    "withdrawn": lambda change, _: f"arXiv {as_version(change.new)} withdrawn".replace("  ", " "),
    "items added": lambda change, thing: f"{items_of(change)} in the {thing.site} collection",
    "items removed": lambda change, thing: f"{items_of(change)} in the {thing.site} collection",
    "moved": lambda change, thing: f"{thing.name} moved to {moved_to(change)}",
    "archived": lambda _, thing: f"{thing.whole} archived on {thing.site}",
    "gone": _gone_title,
    "back": lambda _, thing: f"{_short(thing)} is back",
}
