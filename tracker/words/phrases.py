"""The phrase for a change: a few words for a terminal."""

from __future__ import annotations

from collections.abc import Callable

from tracker.model import Change
from tracker.text import clean, cut
from tracker.words.names import Named, thing_of
from tracker.words.pieces import is_deleted, items_of, moved_to, parts_of
from tracker.words.upstream_text import NAME_LIMIT, as_doi, as_paper, as_tag, as_version


def phrase(change: Change) -> str:
    """A few words, lower case: `new pdf; also on arXiv: 2501.12948v2`, `arXiv v5, new section X`."""
    words = ", ".join((_PHRASES[change.kind](change, thing_of(change)), *change.facts))
    if paper := as_paper(change.also):
        words += (
            f"; successor arXiv {paper}" if change.kind == "gone" else f"; also on arXiv: {paper}"
        )
    return words


def _revised_phrase(change: Change, thing: Named) -> str:
    return {
        "paper": f"arXiv {as_version(change.new) or 'new version'}",
        "file": "new pdf" if thing.pdf else f"new {thing.file}",
        "folder": f"folder {thing.file} changed",
        "repository": "new commits",
    }.get(thing.type) or f"new {parts_of(change, ', ').removeprefix(', ')}"


def _released_phrase(change: Change, _thing: Named) -> str:
    noun = "tag" if change.basis == "tag" else "release"
    tag = as_tag(change.new)
    return f"{noun} {tag}" if tag else f"new {noun}"


def _published_phrase(change: Change, _thing: Named) -> str:
    where = cut(clean(change.journal), NAME_LIMIT) if change.journal else ""
    doi = as_doi(change.doi or change.new)
    return f"published: {where}" if where else f"published: doi {doi}" if doi else "published"


_PHRASES: dict[str, Callable[[Change, Named], str]] = {
    "revised": _revised_phrase,
    "released": _released_phrase,
    "published": _published_phrase,
    "withdrawn": lambda change, _: f"withdrawn {as_version(change.new)}".rstrip(),
    "items added": lambda change, _: items_of(change),
    "items removed": lambda change, _: items_of(change),
    "moved": lambda change, _: f"moved to {moved_to(change)}",
    "archived": lambda _change, _thing: "archived",
    "gone": lambda change, thing: (
        f"{'pdf' if thing.pdf else thing.file} deleted"
        if thing.type in ("file", "folder") and is_deleted(change)
        else "gone"
    ),
    "back": lambda _change, _thing: "back",
}
