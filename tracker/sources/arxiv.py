"""arXiv: what it says of papers now. It writes nothing.

One request to the query API for all papers. The dates of the versions between are asked in the
next round, all papers in one request together with the papers that others name. Where that API
refuses, OAI-PMH, a paper a request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tracker.http import NotChecked
from tracker.model import Absent, Answer, Question, Unchecked
from tracker.sources.arxiv_compare import compare
from tracker.sources.arxiv_links import NAME, identify, paper
from tracker.sources.arxiv_oai import Oai
from tracker.sources.arxiv_paper import Paper, number_of
from tracker.sources.arxiv_query import Asked, query_api

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http

__all__ = ["NAME", "ask", "compare", "identify"]


@dataclass(frozen=True)
class _Undated(Question):
    """A question whose newest version is known, but not when those before it came."""

    found: Paper = field(kw_only=True)


def ask(
    questions: Sequence[Question], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Answer | Question]]:
    """Ask about papers: (key, answer) as they come, one for each question. Nothing is raised.

    A paper whose versions between must be dated is answered with the question for the next round.
    """
    named = {}
    for question in questions:
        key = question.upstream.key
        found = paper(key.partition(":")[2])
        if found is None or key != f"{NAME}:{found[0]}":  # one bad id would refuse all the others
            yield key, Unchecked("no arXiv id")
        else:
            named[found[0]] = question
    if not named:
        return
    ids = [name for question in named.values() for name in _ids(question)]
    asked = query_api(ids, http, endpoints)
    oai = Oai(http, endpoints.arxiv_oai)
    papers: dict[str, dict[int, Paper]] = {name: {} for name in named}
    for (name, version), entry in asked.entries.items():
        papers.get(name, {})[version] = entry
    for name, question in named.items():
        if isinstance(question, _Undated):
            yield question.upstream.key, _dated(question, papers[name], asked, oai)
        else:
            yield question.upstream.key, _answer(question, papers[name], asked, oai)


def _ids(question: Question) -> list[str]:
    """What to ask for: a paper, or of a paper that is known the versions between."""
    if isinstance(question, _Undated):
        return [f"{question.found.id}v{number}" for number in question.found.between()]
    return [question.upstream.key.partition(":")[2]]


def _answer(
    question: Question, versions: Mapping[int, Paper], asked: Asked, oai: Oai
) -> Answer | Question:
    """What came of a question for the newest version."""
    name = question.upstream.key.partition(":")[2]
    if versions:
        found = versions[max(versions)]
        if _wants_dates(question, found) and not _shrunk(question, found):
            return _Undated(
                question.upstream, question.seen, question.since, question.pin, found=found
            )
        return _told(question, found, oai)
    if name in asked.absent:
        return Absent("arXiv has no such paper")
    if name in asked.refused:
        return _by_oai(question, asked.refused[name], oai)
    return Unchecked("arXiv's answer was incomplete")


def _wants_dates(question: Question, found: Paper) -> bool:
    """Whether a question needs the dates of all versions: its baseline is a date before the newest.

    A pinned version is told by its name.
    """
    if question.pin or question.since is None:
        return False
    return found.released > question.since and bool(found.between())


def _dated(question: _Undated, between: Mapping[int, Paper], asked: Asked, oai: Oai) -> Answer:
    """What came of the question for the versions between; OAI tells what is still missing."""
    told = question.found.dates
    found = replace(question.found, dates={**{n: e.released for n, e in between.items()}, **told})
    if missing := found.between():
        try:
            record = oai.record(found.id)
        except NotChecked as refusal:
            # To answer without the history would tell, once and for ever, half the story.
            refused = (asked.refused.get(f"{found.id}v{number}") for number in missing)
            return Unchecked(next(filter(None, refused), str(refusal)))
        found = replace(found, dates={**(record.dates if record else {}), **found.dates})
    return _told(question, found, oai)


def _told(question: Question, found: Paper, oai: Oai) -> Answer:
    """The answer about a paper that was found; never an older version than was seen."""
    return _shrunk(question, found) or found.found(withdrawn=_is_withdrawn(question, found, oai))


def _by_oai(question: Question, reason: str, oai: Oai) -> Answer:
    """The second road; where that is closed too, the first one's reason."""
    try:
        found = oai.record(question.upstream.key.partition(":")[2])
    except NotChecked:
        return Unchecked(reason)
    if found is None:
        return Absent("arXiv has no such paper")
    return _told(question, found, oai)


def _shrunk(question: Question, found: Paper) -> Unchecked | None:
    """Versions only grow: an answer with an older one is a broken one."""
    seen = question.seen.version if question.seen else None
    if seen and re.fullmatch("v[0-9]{1,4}", seen) and number_of(seen) > found.newest:
        return Unchecked(f"arXiv answered v{found.newest} after {seen}")
    return None


def _is_withdrawn(question: Question, found: Paper, oai: Oai) -> bool:
    """Whether the newest version is a withdrawal: a version without files.

    Only OAI tells of files; it is asked where the authors' words say so and it is news.
    """
    seen = question.seen
    if seen and seen.withdrawn and seen.version == f"v{found.newest}":
        return True
    if found.withdrawn is not None:
        return found.withdrawn
    if not found.says_withdrawn:
        return False
    try:
        record = oai.record(found.id)
    except NotChecked:
        return True  # the pattern is strict enough to be believed
    if record is None or record.newest != found.newest or record.withdrawn is None:
        return True
    return record.withdrawn
