"""The summary of a change: one sentence that stands alone."""

from __future__ import annotations

from collections.abc import Callable

from tracker.model import Change
from tracker.text import cut
from tracker.words.names import Named, thing_of
from tracker.words.pieces import count_in, is_deleted, items_of, moved_to, on_day, parts_of
from tracker.words.upstream_text import NAME_LIMIT, as_doi, as_tag, as_version, plain


def summary(change: Change, report_name: str) -> str:
    """One plain sentence that needs no title above it, with ISO dates."""
    report = cut(plain(report_name) or "untitled", 2 * NAME_LIMIT)
    return plain(_SUMMARIES[change.kind](change, thing_of(change), report))


def _the_paper(change: Change, thing: Named, report: str) -> str:
    # Minor, and nobody looked into it: the notes merely cite it, it is not the report's own.
    if change.significance == "minor" and not change.whole:
        return f"The paper arXiv {thing.name}, which the notes on {report} cite,"
    return f"The {report} paper"


def _subject(thing: Named, *, first: bool = True) -> str:
    """What changed, as a sentence's subject or its object."""
    if thing.type in ("file", "folder"):
        return f"{thing.file} in {thing.whole}"
    if thing.type in ("repository", "link"):
        return thing.whole
    words = f"{thing.type} {thing.whole}"
    if thing.type == "paper":
        words = f"paper arXiv {thing.name}"
    return f"{'The' if first else 'the'} {words}"


def _revised_summary(change: Change, thing: Named, report: str) -> str:
    day = on_day(change.released)
    if thing.type == "paper":
        old, new = as_version(change.old), as_version(change.new)
        after = f" follows {old}{on_day(change.old_released, ' of ')}" if old else " is new"
        told = f": arXiv {new}{after}" if new else ""
        return f"{_the_paper(change, thing, report)} was revised{day}{told}."
    if thing.type == "file":
        return f"{thing.file} was replaced{day} in {thing.whole} on {thing.site}."
    if thing.type == "folder":
        return f"The folder {thing.file} of {thing.whole} on {thing.site} changed{day}."
    if thing.type == "repository":
        return f"{thing.whole} on {thing.site} has new commits{on_day(change.released, ', the last of ')}."
    return f"{_subject(thing)} on {thing.site} got {_article(parts_of(change))}{day}."


def _article(words: str) -> str:
    return f"a new {words}" if words in ("revision", "card", "tokenizer") else f"new {words}"


def _released_summary(change: Change, thing: Named, _report: str) -> str:
    old, new = as_tag(change.old), as_tag(change.new)
    after = f", after {old}{on_day(change.old_released, ' of ')}" if old else ""
    verb = "was tagged" if change.basis == "tag" else "released"
    what = new or ("anew" if change.basis == "tag" else "a new version")
    return f"{thing.whole} {verb} {what}{on_day(change.released)}{after}."


def _published_summary(change: Change, thing: Named, report: str) -> str:
    doi = as_doi(change.doi or change.new)
    ending = f", as doi {doi}." if doi else "."
    return (
        f"The {report} paper, arXiv {thing.name}, is now published{on_day(change.released)}{ending}"
    )


def _withdrawn_summary(change: Change, thing: Named, report: str) -> str:
    old, new = as_version(change.old), as_version(change.new)
    told = f": {new} has no text" if new else ""
    before = f", the last one with a text is {old}" if old and new else ""
    who = _the_paper(change, thing, report)
    return f"{who} was withdrawn from arXiv{on_day(change.released)}{told}{before}."


def _items_summary(change: Change, _thing: Named, report: str) -> str:
    old, new = count_in(change.old), count_in(change.new)
    verb = "grew" if change.kind == "items added" else "shrank"
    when = on_day(change.released) or on_day(change.since, " after ")
    told = f", {new} items instead of {old}" if old is not None and new is not None else ""
    return f"The Hugging Face collection of {report} {verb}{when}: {items_of(change)}{told}."


def _gone_summary(change: Change, thing: Named, _report: str) -> str:
    day = on_day(change.released)
    if thing.type in ("file", "folder"):
        if is_deleted(change):
            return f"{thing.file} was deleted from {thing.whole}{day}; links to it answer 404."
        return f"{thing.file} is gone from {thing.whole} on {thing.site}; links to it answer 404."
    return f"{_subject(thing)} is gone from {thing.site}, or no longer public."


_SUMMARIES: dict[str, Callable[[Change, Named, str], str]] = {
    "revised": _revised_summary,
    "released": _released_summary,
    "published": _published_summary,
    "withdrawn": _withdrawn_summary,
    "items added": _items_summary,
    "items removed": _items_summary,
    "moved": lambda change, thing, _: f"{_subject(thing)} has moved to {moved_to(change)}.",
    "archived": lambda change, thing, _: (
        f"{_subject(thing)} on {thing.site} was archived{on_day(change.released)}: it is read-only now."
    ),
    "gone": _gone_summary,
    "back": lambda change, thing, _: (
        f"{_subject(thing)} is back on {thing.site}{on_day(change.released, ', with the state of ')}."
    ),
}
