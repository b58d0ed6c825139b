"""The title of the pull request: what it tells, the loudest first, in a few words of ours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker import words
from tracker.actions.markup import heading
from tracker.model import Change, ReportRecord
from tracker.text import cut
from tracker.words.names import label

_TITLE = 99
_NAMED, _NAME = 3, 50  # how many a title names, and how long each may be


def title(named: Sequence[tuple[Change, ReportRecord]], lines: int) -> str:
    """`Notes: OLMo 2 v3, TÜLU 3 v5 and 4 more`, under 100 characters.

    named: of each report its loudest change. lines: how many there are in all.
    """
    names = [_name(change, record) for change, record in named]
    for shown in range(min(_NAMED, len(names)), 1, -1):
        told = _more(names[:shown], lines)
        if len(told) <= _TITLE:
            return told
    return _more(names[:1], lines)


def _more(names: Sequence[str], lines: int) -> str:
    rest = lines - len(names)
    return f"Notes: {', '.join(names)}" + (f" and {rest} more" if rest else "")


def _name(change: Change, record: ReportRecord) -> str:
    """`OLMo 2 v3`: the report as its author calls it, and what happened."""
    name = label(change.upstream, change.url) if record.many else record.name
    bare = replace(change, facts=(), also=None, journal=None, doi=None)
    bare = replace(bare, new=None) if change.kind == "published" else bare
    told = heading(words.phrase(bare).removeprefix("arXiv "))
    return f"{cut(heading(name), _NAME)} {cut(told, _NAME)}".strip()[: _TITLE - 20]
