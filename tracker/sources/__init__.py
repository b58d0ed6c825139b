"""The kinds of upstream: recognising their links, and asking each what it looks like now.

A kind is one module with `NAME`, `identify` (pure), and `ask` and `compare` (the only parts that
speak HTTP). Adding a kind is one module and one word in `SOURCES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, urlsplit

from tracker.difference import Difference, Pair
from tracker.model import Answer, Found, Question, Target, Unchecked, Upstream
from tracker.sources import arxiv, github, huggingface

if TYPE_CHECKING:
    from tracker.config import Endpoints
    from tracker.http import Http


class Source(Protocol):
    """What a module of this package offers."""

    NAME: str

    def identify(self, url: SplitResult) -> Target | None:
        """What a split http(s) URL names; None where its host is none of this source's."""

    def ask(
        self, questions: Sequence[Question], http: Http, endpoints: Endpoints
    ) -> Iterator[tuple[str, Answer | Question]]:
        """Ask about upstreams of this kind: (key, answer) as they come, one for each question.

        In place of an answer may stand a question, to be asked in the next round: what more must
        be known then goes together with what others name.
        """

    def compare(
        self, pairs: Sequence[Pair], http: Http, endpoints: Endpoints
    ) -> Iterator[tuple[str, Difference]]:
        """What differs between two versions of changed upstreams of this kind: (key, difference)
        as they come; files are fetched for it and not kept. Nothing for what it cannot compare."""


SOURCES: tuple[Source, ...] = (arxiv, github, huggingface)

MOST = 25  # pairs of a kind that a run compares: as many as a post takes lines

# Seconds between the end of a request and the start of the next: arXiv's terms ask for three.
PACES = {"arxiv": 3.0}

# What a URL may be made of before anything is read into it: no user, no port, no control
# character, no backslash, plain host names: a hostile spelling names nothing.
_PLAIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#][^\s\\\x00-\x20\x7f]*)?", re.I)
_LONGEST = 512


def identify(url: str) -> Target | None:
    """What a URL found in a post names; None where its host is no source's.

    A `Target` without an upstream is a page of a known host that names nothing to watch.
    """
    if len(url) > _LONGEST or not _PLAIN.fullmatch(url):
        return None
    split = urlsplit(url)
    return next((t for source in SOURCES if (t := source.identify(split)) is not None), None)


def latest(
    questions: Iterable[Question],
    http: Http,
    endpoints: Endpoints,
    progress: Callable[[str], None] = lambda _key: None,
) -> dict[str, Answer]:
    """Ask each upstream once; one thread a kind. An answer for every question's key.

    Papers that a changed upstream names (`Found.papers`) are asked for in the next round, so that
    they can be offered: their answers stand under their own keys. `progress` is called with each
    key answered. No failure leaves this function: what could not be checked is a value.
    """
    asked = {question.upstream.key: question for question in questions}

    def step(key: str) -> None:
        if key in asked:
            progress(key)

    first = _round(asked.values(), http, endpoints, step)
    again = {key: answer for key, answer in first.items() if isinstance(answer, Question)}
    named = {
        f"arxiv:{paper}": Question(Upstream(f"arxiv:{paper}", paper))
        for answer in first.values()
        if isinstance(answer, Found)
        for paper in answer.papers
        if f"arxiv:{paper}" not in asked
    }
    second = _round((*again.values(), *named.values()), http, endpoints, step)
    return {
        key: Unchecked("no answer") if isinstance(answer, Question) else answer
        for key, answer in (first | second).items()
    }


def differences(
    pairs: Sequence[Pair],
    http: Http,
    endpoints: Endpoints,
    progress: Callable[[str], None] = lambda _key: None,
) -> dict[str, Difference]:
    """What differs in each pair of versions, by its upstream's key; one thread a kind.

    Of each kind, the first `MOST` pairs are compared: more come only with a first run on a long
    list, and the arXiv's pace would make it wait for hours. No failure leaves this function: why
    something could not be compared is a value.
    """
    of_kind: dict[str, list[Pair]] = {}
    for pair in pairs:
        of_kind.setdefault(pair.upstream.kind, []).append(pair)

    def compare(source: Source) -> dict[str, Difference]:
        mine = of_kind.get(source.NAME, [])
        told: dict[str, Difference] = {}
        reason = ""
        try:
            for key, difference in source.compare(mine[:MOST], http, endpoints) if mine else ():
                told[key] = difference
                progress(key)
        except Exception as error:  # noqa: BLE001 - a file that nobody foresaw sinks no run
            reason = f"tracker cannot compare it ({type(error).__name__}): report this"
        for pair in mine[:MOST] if reason else ():
            told.setdefault(pair.upstream.key, Difference(reason=reason))
        for pair in mine[MOST:]:
            told[pair.upstream.key] = Difference(reason=f"more than {MOST} changed at once")
        return told

    with ThreadPoolExecutor(len(SOURCES)) as pool:
        rounds = list(pool.map(compare, SOURCES))
    return {key: difference for told in rounds for key, difference in told.items()}


def _round(
    questions: Iterable[Question],
    http: Http,
    endpoints: Endpoints,
    progress: Callable[[str], None],
) -> dict[str, Answer | Question]:
    of_kind: dict[str, list[Question]] = {}
    for question in questions:
        of_kind.setdefault(question.upstream.kind, []).append(question)

    def ask(source: Source) -> dict[str, Answer | Question]:
        mine = of_kind.get(source.NAME, [])
        answers: dict[str, Answer | Question] = {}
        reason = "no answer"
        try:
            for key, answer in source.ask(mine, http, endpoints) if mine else ():
                answers[key] = answer
                if not isinstance(answer, Question):
                    progress(key)
        except Exception as error:  # noqa: BLE001 - one answer that nobody foresaw sinks no run
            reason = f"tracker cannot read the answer ({type(error).__name__}): report this"
        for question in mine:
            answers.setdefault(question.upstream.key, Unchecked(reason))
        return answers

    with ThreadPoolExecutor(len(SOURCES)) as pool:
        rounds = list(pool.map(ask, SOURCES))
    return {key: answer for answers in rounds for key, answer in answers.items()}
