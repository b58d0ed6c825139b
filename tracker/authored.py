"""The author's own words in a section: the notes, and which of them are news. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from tracker.model import Notes, ReportRecord
from tracker.post import Post
from tracker.sections import Report

_NOTE = re.compile(r"[\s>]*[-*+]\s+(?P<text>\S.*)")


_LINK = re.compile(r"[*_~\[(!]*\[[^\]]*\]\(")


TODO = re.compile(r"\bTBD\b|\bTODO\b")


_NEWS = 2  # so many new notes are news; one may be a typo that was split


def digest(text: str) -> str:
    """12 hex digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def notes_of(post: Post, report: Report) -> list[str]:
    """The author's notes in a section: its list items, without link lists and our own lines."""
    matches = (_NOTE.fullmatch(line) for line in lines_of(post, report))
    return [m["text"].strip() for m in matches if m and not _LINK.match(m["text"])]


def lines_of(post: Post, report: Report) -> list[str]:
    """The lines of a section below its heading, without the tracker's own."""
    spans = post.lines(report.heading.end if report.heading else report.start, report.end)
    return [post.text(*span).rstrip() for span in spans if span not in post.ours]


def news(
    name: str,
    record: ReportRecord,
    before: ReportRecord | None,
    report: Report,
    post: Post,
    now: datetime,
    taken: set[str],
    fresh: bool,  # noqa: FBT001 - one caller
) -> list[Notes]:
    """A new section, two new notes or more, or a TBD that was replaced; no typo is news."""
    if fresh or (before and before.notes == record.notes):
        return []
    texts = notes_of(post, report)
    old = set(before.notes) if before else set()
    new = tuple(text for text in texts if digest(text) not in old)
    grown = len(record.notes) - (len(before.notes) if before else 0)
    replaced = before is not None and record.todo < before.todo and bool(new)
    if before is not None and not replaced and grown < _NEWS:
        return []
    if before is None and not (texts or record.own):
        return []
    base = f"report/{name}@{digest(chr(10).join(record.notes))}"
    ids = (base if n == 1 else f"{base}~{n}" for n in range(1, len(taken) + 2))
    return [
        Notes(
            id=next(i for i in ids if i not in taken),
            report=name,
            found=now,
            new_section=before is None,
            texts=tuple(text[:300] for text in new[:10]),
        )
    ]
