"""arXiv: what it says of papers now. It compares nothing and writes nothing.

One request to the query API for all papers, one more for the dates of the versions between; where
that API refuses, OAI-PMH, a paper a request.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.http import NotChecked
from tracker.model import Absent, Answer, Question, Unchecked
from tracker.sources.arxiv_links import NAME, identify, paper
from tracker.sources.arxiv_oai import Oai
from tracker.sources.arxiv_paper import Paper, number_of
from tracker.sources.arxiv_query import Asked, query_api

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http

__all__ = ["NAME", "ask", "identify"]


def ask(
    questions: Sequence[Question], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Answer]]:
    """Ask about papers: (key, answer) as they come, one for each question. Nothing is raised."""
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
    asked = query_api(list(named), http, endpoints)
    oai = Oai(http, endpoints.arxiv_oai)
    papers: dict[str, Paper] = {}
    for (name, version), entry in asked.entries.items():
        if name not in papers or version > papers[name].newest:
            papers[name] = entry
    between = _between(
        [p for name, p in papers.items() if _dated(named.get(name), p)], http, endpoints
    )
    for name, question in named.items():
        answer: Answer
        if name in papers:
            answer = _answer(question, papers[name], between, oai)
        elif name in asked.absent:
            answer = Absent("arXiv has no such paper")
        elif name in asked.refused:
            answer = _by_oai(question, asked.refused[name], oai)
        else:
            answer = Unchecked("arXiv's answer was incomplete")
        yield question.upstream.key, answer


def _dated(question: Question | None, found: Paper) -> bool:
    """Whether a question needs the dates of all versions: its baseline is a date before the newest.

    A pinned version is told by its name.
    """
    if question is None or question.pin or question.since is None:
        return False
    return found.released > question.since and bool(found.between())


def _between(papers: Sequence[Paper], http: Http, endpoints: Endpoints) -> Asked:
    """The versions between the first and the newest, of all papers in one more request."""
    ids = [f"{found.id}v{number}" for found in papers for number in found.between()]
    return query_api(ids, http, endpoints) if ids else Asked()


def _answer(question: Question, found: Paper, between: Asked, oai: Oai) -> Answer:
    if _dated(question, found):
        more = {n: e.released for (name, n), e in between.entries.items() if name == found.id}
        found = replace(found, dates={**more, **found.dates})
        if found.between():
            try:
                record = oai.record(found.id)
            except NotChecked as refusal:
                # To answer without the history would tell, once and for ever, half the story.
                refused = (between.refused.get(f"{found.id}v{n}") for n in found.between())
                return Unchecked(next(filter(None, refused), str(refusal)))
            found = replace(found, dates={**(record.dates if record else {}), **found.dates})
    return _sane(question, found) or found.found(withdrawn=_is_withdrawn(question, found, oai))


def _by_oai(question: Question, reason: str, oai: Oai) -> Answer:
    """The second road; where that is closed too, the first one's reason."""
    try:
        found = oai.record(question.upstream.key.partition(":")[2])
    except NotChecked:
        return Unchecked(reason)
    if found is None:
        return Absent("arXiv has no such paper")
    return _sane(question, found) or found.found(withdrawn=_is_withdrawn(question, found, oai))


def _sane(question: Question, found: Paper) -> Unchecked | None:
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
