"""How the command asks: over the network, with a bar and a word of advice, or out of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

import click

from tracker import sources, state
from tracker.config import Endpoints
from tracker.difference import Difference, Pair
from tracker.http import Http
from tracker.model import Answer, Question
from tracker.screen import progress


class Network:
    """Asks the upstreams. contact: the address of whoever runs it. save: a file to put into what
    came of it, with the time that counts as now."""

    asked: datetime | None = None  # now

    def __init__(
        self, contact: str | None, save: Path | None = None, now: datetime | None = None
    ) -> None:
        self._contact, self._save, self._now = contact, save, now
        self._answers: dict[str, Answer] = {}

    def latest(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        """The answers to questions, by the upstreams' keys."""
        _advise(questions, self._endpoints.github_token)
        with progress(len(questions), "asking") as step:
            self._answers = sources.latest(questions, self._http, self._endpoints, step)
        self._keep({})
        return self._answers

    def differences(self, pairs: Sequence[Pair]) -> Mapping[str, Difference]:
        """What differs in pairs of versions, by the upstreams' keys."""
        with progress(len(pairs), "comparing") as step:
            told = sources.differences(pairs, self._http, self._endpoints, step)
        self._keep(told)
        return told

    @cached_property
    def _endpoints(self) -> Endpoints:
        return Endpoints.read()

    @cached_property
    def _http(self) -> Http:
        return Http(sources.PACES, contact=self._contact)

    def _keep(self, told: Mapping[str, Difference]) -> None:
        if self._save:
            content = state.dump_answers(self._answers, told, self._now)
            state.write(self._save.parent, self._save.name, content)


class Saved:
    """Asks nobody: what was asked for and compared is in a file that `Network` saved.

    `asked` is when that was. Raises TrackerError for any other file.
    """

    def __init__(self, file: Path) -> None:
        told = state.load_answers(file)
        self._answers, self._told, self.asked = told.answers, told.differences, told.asked

    def latest(self, _questions: Sequence[Question]) -> Mapping[str, Answer]:
        """All answers in the file, by the upstreams' keys."""
        return self._answers

    def differences(self, _pairs: Sequence[Pair]) -> Mapping[str, Difference]:
        """All differences in the file, by the upstreams' keys."""
        return self._told


def _advise(questions: Iterable[Question], token: str | None) -> None:
    if token is None and any(q.upstream.kind == "github" for q in questions):
        click.echo(
            "tracker: no GITHUB_TOKEN: GitHub answers 60 questions an hour. "
            "One without any rights will do: https://github.com/settings/tokens",
            err=True,
        )
