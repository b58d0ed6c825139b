"""GitHub: what repositories, files and folders look like now.

`github_links` reads links, `github_graphql` and `github_rest` are the two roads to
`github_facts`, `github_answers` and `github_files` decide what is wanted and what follows from
it. This module drives: with a token many questions a round by GraphQL, REST for what it leaves
out; without one, question by question by REST. `github_compare` tells what differs in a file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.http import NotChecked
from tracker.model import Absent, Answer, Found, Question, Unchecked
from tracker.sources.github_answers import Steps, of_repository
from tracker.sources.github_compare import compare
from tracker.sources.github_facts import Missing, Want
from tracker.sources.github_files import of_file
from tracker.sources.github_graphql import GraphQL
from tracker.sources.github_links import NAME, identify, named
from tracker.sources.github_rest import Rest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http

__all__ = ["NAME", "ask", "compare", "identify"]

_Live = tuple[str, Steps[Found], "tuple[Any, ...] | None"]  # a key, its steps, what they wanted

_REPOSITORIES = 100  # in one query: as many aliases as cost one point
_QUESTIONS = 300


def ask(
    questions: Sequence[Question], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Answer]]:
    """Ask about each upstream: (key, answer) as they come, one for each question."""
    token = endpoints.github_token
    rest = Rest(http, endpoints.github_api, token)
    graphql = GraphQL(http, endpoints.github_graphql, token) if token else None
    waiting = _by_repository(questions)
    while waiting:
        count = _batch(waiting) if graphql and not graphql.closed else 1
        chunk, waiting = waiting[:count], waiting[count:]
        live: list[_Live] = [(question.upstream.key, _steps(question), None) for question in chunk]
        yield from _answers(live, graphql, rest)


def _by_repository(questions: Sequence[Question]) -> list[Question]:
    """The questions in the order given, but those about one repository together: it is asked once,
    and where the hour's requests end, what comes late in one run may come early in the next."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(_repository(question), []).append(question)
    return [question for group in groups.values() for question in group]


def _repository(question: Question) -> str:
    return "/".join(question.upstream.key.split("/")[:2])


def _batch(questions: Sequence[Question]) -> int:
    """How many questions make a query: those about a hundred repositories."""
    repositories: set[str] = set()
    for count, question in enumerate(questions[:_QUESTIONS]):
        repositories.add(_repository(question))
        if len(repositories) > _REPOSITORIES:
            return count
    return min(len(questions), _QUESTIONS)


def _answers(
    live: list[_Live], graphql: GraphQL | None, rest: Rest
) -> Iterator[tuple[str, Answer]]:
    """Answer questions together: round by round what they all want, until each is answered."""
    while live:
        wanting = []
        for key, steps, facts in live:
            try:
                wanting.append((key, steps, _advance(steps, facts)))
            except StopIteration as done:
                yield key, replace(done.value, authenticated=bool(rest.token))
            except Missing as missing:
                yield key, Absent(str(missing), authenticated=bool(rest.token))
            except NotChecked as error:
                yield key, Unchecked(str(error) or "no reason given")
        known = graphql.fetch([w for *_, wants in wanting for w in wants]) if graphql else {}
        if graphql and graphql.closed:  # REST finishes one before it begins the next
            for key, steps, wants in wanting:
                yield from _answers([(key, steps, _known(wants, known, rest))], None, rest)
            return
        live = [(key, steps, _known(wants, known, rest)) for key, steps, wants in wanting]


def _steps(question: Question) -> Steps[Found]:
    what = named(question.upstream)
    if what is None:
        raise NotChecked("no address is known to ask at")
    if what.kind is None:
        return (yield from of_repository(question, what.repository))
    return (yield from of_file(question, what))


def _advance(steps: Steps[Found], facts: tuple[Any, ...] | None) -> tuple[Want[Any], ...]:
    """The next wants. Raises StopIteration with what was found, Missing and NotChecked."""
    if facts is None:
        return next(steps)
    failure = next((fact for fact in facts if isinstance(fact, Exception)), None)
    return steps.throw(failure) if failure else steps.send(facts)


def _known(
    wants: tuple[Want[Any], ...], known: dict[Want[Any], object], rest: Rest
) -> tuple[Any, ...]:
    """The fact for each want, by REST where GraphQL left it out."""
    facts = []
    for want in wants:
        facts.append(known[want] if want in known else rest.fact(want))
        if isinstance(facts[-1], Exception):
            break  # it ends the question, so the other wants would be asked for nothing
    return tuple(facts)
