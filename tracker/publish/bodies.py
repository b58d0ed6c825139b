"""What stands in an entry: the values that its template renders, of a change or of new notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tracker import words
from tracker.model import Change, Notes
from tracker.publish import html
from tracker.publish.html import legal
from tracker.publish.links import safe_url
from tracker.publish.outlines import new_notes
from tracker.text import cut
from tracker.words.names import address as address_of
from tracker.words.pieces import also_address
from tracker.words.upstream_text import doi_address

_TEXTS_LIMIT = 30  # new notes shown in one entry
_TEXT_LIMIT = 1000  # characters of one of them


@dataclass(frozen=True)
class Detail:
    """A sentence and the address it ends in, if that is one of the change's own typed ones."""

    text: str
    url: str = ""


def change_body(change: Change, name: str) -> dict[str, Any]:
    """What an entry tells of a change to the report of that name."""
    typed = [change.url, also_address(change), doi_address(change.doi or change.new)]
    typed += [change.last.url] if change.last else []
    known = [url for url in dict.fromkeys(typed) if safe_url(url)]
    sentences = change.details or words.details(change)
    return {
        "summary": legal(change.summary or words.summary(change, name)),
        "details": [_detail(legal(sentence), known) for sentence in sentences],
        "read": {"label": _READ.get(_act(change), "Read it"), "url": safe_url(change.url)},
        "before": _before(change),
        "texts": [],
        "more": 0,
    }


_READ = {
    "revised": "Read the new version",
    "released": "Read the release",
    "published": "Read the paper",
    "withdrawn": "Read the withdrawal",
    "items added": "See the collection",
    "items removed": "See the collection",
    "moved": "The new address",
    "gone": "Where it was",
    "deleted": "The deletion",
    "back": "Read it again",
}


def _act(change: Change) -> str:
    return "deleted" if change.kind == "gone" and "/commit/" in change.url else change.kind


def _detail(sentence: str, known: Iterable[str]) -> Detail:
    for url in known:
        if sentence.endswith(f": {url}"):
            return Detail(sentence.removesuffix(url), safe_url(url))
    return Detail(sentence)


def _before(change: Change) -> str:
    """The address of the version before, where it can be built: a paper's."""
    old = change.old or ""
    if change.upstream.startswith("arxiv:") and re.fullmatch(r"v\d{1,4}", old):
        page = address_of(change.upstream)
        return f"{page}{old}" if page else ""
    return ""


def notes_body(record: Notes, name: str, base: str) -> dict[str, Any]:
    """What an entry tells of the author's own notes; their relative links start at `base`."""
    count = new_notes(len(record.texts))
    summary = f"A new section, {name}" if record.new_section else f"{count} on {name}"
    if record.new_section and record.texts:
        summary += f", with {len(record.texts)} note{'' if len(record.texts) == 1 else 's'}"
    texts = [
        html.fragment(_bare(cut(text, _TEXT_LIMIT)), base) for text in record.texts[:_TEXTS_LIMIT]
    ]
    return {
        "summary": legal(f"{summary}."),
        "details": [],
        "read": {"label": "", "url": ""},
        "before": "",
        "texts": [Markup(text) for text in texts],  # noqa: S704 - sanitised by `fragment`
        "more": max(0, len(record.texts) - _TEXTS_LIMIT),
    }


def _bare(note: str) -> str:
    """A note without the quote marks and the bullet it stood behind."""
    return re.sub(r"^[>\s]*(?:[-*+]\s+)?", "", note)
