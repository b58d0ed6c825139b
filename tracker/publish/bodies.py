"""What stands in an entry: the values that its template renders, of a change or of new notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tracker import words
from tracker.difference import Difference
from tracker.model import Change, Notes
from tracker.papers.revision import Differences, Run
from tracker.publish import html
from tracker.publish.html import legal
from tracker.publish.links import safe_url
from tracker.publish.outlines import new_notes
from tracker.text import cut, visible
from tracker.words.names import address as address_of
from tracker.words.pieces import also_address
from tracker.words.upstream_text import doi_address, plain

_TEXTS_LIMIT = 30  # new notes shown in one entry
_TEXT_LIMIT = 1000  # characters of one of them, and of a piece of a paragraph
_PASSAGES_LIMIT = 5  # changed paragraphs shown in one entry
_CONTEXT = 12  # words kept on each side of a change


@dataclass(frozen=True)
class Detail:
    """A sentence and the address it ends in, if that is one of the change's own typed ones."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Passage:
    """A changed paragraph: the section it stands in, and its words as pieces that stayed (`=`),
    went (`-`) or came (`+`)."""

    section: str
    runs: tuple[Run, ...]


def change_body(change: Change, name: str, difference: Difference | None = None) -> dict[str, Any]:
    """What an entry tells of a change to the report of that name, and of what differs."""
    typed = [change.url, also_address(change), doi_address(change.doi or change.new)]
    typed += [change.last.url] if change.last else []
    known = [url for url in dict.fromkeys(typed) if safe_url(url)]
    sentences = change.details or words.details(change)
    return {
        "summary": legal(change.summary or words.summary(change, name)),
        "details": [_detail(legal(sentence), known) for sentence in sentences],
        "read": {"label": _READ.get(_act(change), "Read it"), "url": safe_url(change.url)},
        "before": _before(change),
        "passages": _passages(difference.document) if difference and difference.document else [],
        "texts": [],
        "more": 0,
    }


def _passages(document: Differences) -> list[Passage]:
    """The first changed paragraphs of the text itself."""
    told = [one for one in document.paragraphs if one.part == "body"]
    return [
        Passage(legal(plain(one.section)), tuple(_shortened(one.runs)))
        for one in told[:_PASSAGES_LIMIT]
    ]


def _shortened(runs: Iterable[Run]) -> Iterator[Run]:
    """Pieces as plain text, the long ones that stayed as their two ends."""
    for run in runs:
        words = run.text.split()
        if run.sign == "=" and len(words) > 2 * _CONTEXT:
            words = [*words[:_CONTEXT], "…", *words[-_CONTEXT:]]
        text = cut(" ".join(words), _TEXT_LIMIT)
        yield Run(run.sign, legal(visible(text)))


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
        "passages": [],
        "read": {"label": "", "url": ""},
        "before": "",
        "texts": [Markup(text) for text in texts],  # noqa: S704 - sanitised by `fragment`
        "more": max(0, len(record.texts) - _TEXTS_LIMIT),
    }


def _bare(note: str) -> str:
    """A note without the quote marks and the bullet it stood behind."""
    return re.sub(r"^[>\s]*(?:[-*+]\s+)?", "", note)
