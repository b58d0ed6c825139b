"""GitHub: files at a ref by blob, repositories by release, then tag, then head of the branch.

With a token all repositories are asked in one GraphQL query (and one or two more for what is new);
without one, or where there is no GraphQL, by REST. Both roads share every decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.http import NotChecked
from tracker.model import Absent, Answer, Found, Question, Unchecked
from tracker.sources.github_answers import Steps, of_repository
from tracker.sources.github_facts import Missing, Want
from tracker.sources.github_files import of_file
from tracker.sources.github_graphql import Graph, Unusable
from tracker.sources.github_links import NAME, identify, named
from tracker.sources.github_rest import Rest

if TYPE_CHECKING:
    from tracker.config import Endpoints
    from tracker.http import Http

__all__ = ["NAME", "ask", "identify"]

_Open = dict[str, tuple[Steps[Found], tuple[Want[Any], ...]]]


def ask(
    questions: Sequence[Question], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Answer]]:
    """Ask about files and repositories: (key, answer) as they come, one for each question.

    Each answer is a conversation: it wants facts, is given them, and wants more or is done. What
    all of them want at a time is asked together.
    """
    roads = _Roads(http, endpoints)
    open_: _Open = {}
    for question in questions:
        what = named(question.upstream)
        key = question.upstream.key
        if what is None:
            yield key, Unchecked("no name that GitHub could have")
            continue
        steps = of_file(question, what) if what.kind else of_repository(question, what.repository)
        answer = _go_on(open_, key, steps, None)
        if answer:
            yield key, roads.signed(answer)
    while open_:
        waiting, open_ = open_, {}
        facts = roads.fetch(dict.fromkeys(w for _, wants in waiting.values() for w in wants))
        for key, (steps, wants) in waiting.items():
            answer = _go_on(open_, key, steps, tuple(facts[want] for want in wants))
            if answer:
                yield key, roads.signed(answer)


def _go_on(
    open_: _Open, key: str, steps: Steps[Found], facts: tuple[Any, ...] | None
) -> Answer | None:
    """Give a conversation its facts; its answer, or None where it wants more."""
    error = next((f for f in facts or () if isinstance(f, Exception)), None)
    try:
        if facts is None:
            wants = next(steps)
        else:
            wants = steps.throw(error) if error else steps.send(facts)
    except StopIteration as done:
        found: Found = done.value
        return found
    except Missing as missing:
        return Absent(str(missing))
    except NotChecked as problem:
        return Unchecked(str(problem))
    open_[key] = (steps, wants)
    return None


class _Roads:
    """GraphQL as long as there is a token and an answer, else REST."""

    def __init__(self, http: Http, endpoints: Endpoints) -> None:
        token = endpoints.github_token
        self._rest = Rest(http, endpoints.github_api, token)
        self._graph = Graph(http, endpoints.github_graphql, token) if token else None

    def fetch(self, wants: dict[Want[Any], None]) -> dict[Want[Any], object]:
        if self._graph:
            try:
                return self._graph.fetch(wants)
            except NotChecked as problem:
                return dict.fromkeys(wants, problem)
            except Unusable:
                self._graph = None
        return self._rest.fetch(wants)

    def signed(self, answer: Answer) -> Answer:
        """The answer, with a note that a token was used."""
        if isinstance(answer, Unchecked):
            return answer
        return replace(answer, authenticated=bool(self._rest.token))
