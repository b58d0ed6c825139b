"""What all commands share: the clock, the project, how they speak and end."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from click.shell_completion import CompletionItem

from tracker.model import TrackerError

if TYPE_CHECKING:
    from tracker.project import Project
    from tracker.run import Outcome

MEND, NOTHING_CHECKED = 1, 3


def fail(message: str, code: int = MEND) -> NoReturn:
    """End with a message on stderr and an exit code."""
    say(f"tracker: {message}")
    sys.exit(code)


def say(message: str) -> None:
    """Print a line on stderr, harmless on a terminal."""
    from tracker.text import terminal  # noqa: PLC0415

    click.echo(terminal(message), err=True)


def now() -> datetime:
    """The current second, or the one that SOURCE_DATE_EPOCH names."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None or not epoch.strip():
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise TrackerError(
            f"SOURCE_DATE_EPOCH: {epoch!r} is no number of seconds since 1970: mend or unset it"
        ) from error


def the_project() -> Project:
    """The project in the current folder. Raises TrackerError for settings that cannot be meant."""
    from tracker import config  # noqa: PLC0415

    return config.load(Path.cwd())


def as_one_document(value: object) -> None:
    """Print a value as one JSON document."""
    said = json.dumps(value, ensure_ascii=False, indent=2)
    # In a log of GitHub Actions it would be a command, wherever it stands.
    click.echo(said.replace("##[", r"#\u0023["))


def reports(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 - click's signature
    """What a shell offers for a half-written report."""
    from tracker import completion  # noqa: PLC0415

    return [CompletionItem(i, help=name) for i, name in completion.reports(Path.cwd(), incomplete)]


def say_mend(outcome: Outcome) -> None:
    """Print what is to be mended, and other warnings, on stderr."""
    for warning in outcome.warnings:
        say(f"tracker: warning: {warning}")
    for line in outcome.mend:
        say(f"tracker: {line}")
