"""`tracker refresh`: ask, and write down what changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.commands.common import (
    MEND,
    NOTHING_CHECKED,
    as_one_document,
    now,
    reports,
    say_mend,
    the_project,
)

if TYPE_CHECKING:
    from tracker.project import Project
    from tracker.run import Outcome


class _Since(click.ParamType[str]):
    """A day (2025-01-22: its last second, in the site's time zone) or `now`."""

    name = "DATE|now"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's signature
        if value != "now":
            try:
                datetime.strptime(value, "%Y-%m-%d")  # noqa: DTZ007 - only looked at
            except ValueError:
                self.fail(f"{value!r} is neither a date like 2025-01-22 nor now", param, ctx)
        return str(value)


@click.command()
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option(
    "--only",
    multiple=True,
    metavar="REPORT",
    shell_complete=reports,
    help="Ask about this report alone (a heading without its date, or its id). May be repeated.",
)
@click.option(
    "--since",
    type=_Since(),
    metavar="DATE|now",
    help='For links read for the first time: report what changed after this day. Else the post\'s own "updated" date counts.',
)
@click.option(
    "--dry-run", is_flag=True, help="Ask and show what would be written, but write nothing."
)
@click.option("--strict", is_flag=True, help="Exit with 3 if anything could not be checked.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON document.")
@click.option(
    "--markdown", "as_markdown", is_flag=True, help="Print the outcome as Markdown, for GitHub."
)
@click.option(
    "--save-answers",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only ask: save the answers to FILE, write nothing else.",
)
@click.option(
    "--answers",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Ask nobody: take the answers from FILE.",
)
def refresh(
    posts: tuple[str, ...],
    only: tuple[str, ...],
    since: str | None,
    dry_run: bool,  # noqa: FBT001 - click's way
    strict: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    as_markdown: bool,  # noqa: FBT001
    save_answers: Path | None,
    answers: Path | None,
) -> None:
    """Ask every upstream what it looks like now, and write down what changed.

    Without POST, all posts of the settings are asked about. The first refresh of a post reports
    what changed since the day on which the post says it was updated.
    """
    from tracker import run  # noqa: PLC0415
    from tracker.asking import Network, Saved  # noqa: PLC0415

    if as_json and as_markdown:
        raise click.UsageError("--json and --markdown: take one of them")
    project, instant = the_project(), now()
    asked = Saved(answers) if answers else Network(project.sites[0].url, save_answers, instant)
    wishes = run.Wishes(
        posts=posts,
        only=only,
        since=_baseline(since, instant, project),
        dry_run=dry_run or save_answers is not None,
        asked=asked.asked,
    )
    outcome = run.refresh(project, wishes, instant, asked.latest, asked.differences)
    form = "json" if as_json else "markdown" if as_markdown else "terminal"
    _show(outcome, project, form, dry_run=wishes.dry_run, diffs=dry_run)
    sys.exit(_exit_code(outcome.mend, outcome.asked, outcome.unchecked, strict=strict))


def _show(outcome: Outcome, project: Project, form: str, *, dry_run: bool, diffs: bool) -> None:
    """Print an outcome: stdout in the form that was asked for, what is to be mended on stderr, in
    GitHub Actions with an annotation for each upstream that could not be checked."""
    from tracker import screen  # noqa: PLC0415
    from tracker.actions import summary  # noqa: PLC0415

    if form == "json":
        as_one_document(screen.as_json(outcome))
    elif form == "markdown":
        click.echo("\n".join(summary.markdown(outcome, dry_run=dry_run)))
    else:
        for line in screen.summary(outcome, project, dry_run=dry_run):
            click.echo(line)
        for diff in outcome.diffs if diffs else ():
            click.echo(f"\n{diff}", nl=False)
    for annotation in summary.warnings(outcome) if _in_actions() else ():
        click.echo(annotation, err=True)
    say_mend(outcome)


def _in_actions() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _exit_code(mend: Sequence[str], asked: int, unchecked: Sequence[str], *, strict: bool) -> int:
    if mend:
        return MEND
    nothing = bool(asked) and len(unchecked) == asked
    return NOTHING_CHECKED if nothing or (strict and unchecked) else 0


def _baseline(since: str | None, instant: datetime, project: Project) -> datetime | None:
    from tracker.register import end_of  # noqa: PLC0415

    if since is None or since == "now":
        return instant if since else None
    day = datetime.strptime(since, "%Y-%m-%d").date()  # noqa: DTZ007 - the site's zone follows
    return min(end_of(day, project.sites[0].timezone), instant)
