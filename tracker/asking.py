"""How the command asks: over the network, with a bar and a word of advice, or out of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import click

from tracker import sources, state
from tracker.config import Endpoints
from tracker.http import Http
from tracker.model import Answer, Question
from tracker.screen import progress


def asker(
    save: Path | None, saved: Path | None, contact: str | None
) -> Callable[[Sequence[Question]], Mapping[str, Answer]]:
    """How questions become answers: over the network, or out of the file `saved`.

    save: a file to put the answers into. contact: the address of whoever runs it.
    """

    def ask(questions: Sequence[Question]) -> Mapping[str, Answer]:
        if saved:
            return state.load_answers(saved)
        endpoints = Endpoints.read()
        _advise(questions, endpoints.github_token)
        with progress(len(questions)) as step:
            answers = sources.latest(
                questions, Http(sources.PACES, contact=contact), endpoints, step
            )
        if save:
            state.write(save.parent, save.name, state.dump_answers(answers))
        return answers

    return ask


def _advise(questions: Iterable[Question], token: str | None) -> None:
    if token is None and any(q.upstream.kind == "github" for q in questions):
        click.echo(
            "tracker: no GITHUB_TOKEN: GitHub answers 60 questions an hour. "
            "One without any rights will do: https://github.com/settings/tokens",
            err=True,
        )
