"""`tracker push` and `proposal`: what runs in GitHub Actions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tracker.commands.common import MEND, now, say, say_mend, the_project
from tracker.model import TrackerError


@click.command(hidden=True)
@click.argument("base", metavar="BASE")
def proposal(base: str) -> None:
    """Print the words of a pull request: its title, an empty line, its body.

    They are about tracker's lines that stand in the posts here and not in those of the git ref
    BASE. Asks nobody.
    """
    from tracker import shelf, state  # noqa: PLC0415
    from tracker.actions.checkout import Checkout  # noqa: PLC0415
    from tracker.actions.proposal import proposal as proposed  # noqa: PLC0415

    project = the_project()
    ledger = state.load(project.root / project.state, project.state)
    posts = shelf.read_posts(project, ledger, ()).posts
    checkout = Checkout(project.root)
    commit = checkout.sha(base)
    before = {post.path: checkout.show(commit, post.path) for post in posts}
    words = proposed(ledger, posts, before, project.settings or "tracker.toml")
    if words is None:
        say(f"tracker: no line of tracker's stands here that does not stand in {base}")
    else:
        click.echo(f"{words.title}\n\n{words.body}", nl=False)


@click.command(hidden=True)
@click.option(
    "--answers",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What tracker refresh --save-answers saved.",
)
@click.option(
    "--mode",
    type=click.Choice(["push", "review"]),
    default="review",
    show_default=True,
    help="push: everything to the branch that is checked out. review: state and feeds only, and "
    "the posts' lines as one pull request.",
)
@click.option("--only", multiple=True, metavar="REPORT", help="As for tracker refresh.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and push nothing.")
def push(answers: Path, mode: str, only: tuple[str, ...], dry_run: bool) -> None:  # noqa: FBT001 - click's way
    """Refresh from saved answers, and push what changed. For GitHub Actions.

    Works in a git checkout without changes of its own, and starts from what is at origin. Prints
    Markdown for the job's summary. The mode review needs gh and GITHUB_REPOSITORY.
    """
    from tracker import run  # noqa: PLC0415
    from tracker.actions import delivery, summary  # noqa: PLC0415
    from tracker.actions.checkout import Checkout  # noqa: PLC0415
    from tracker.actions.pulls import Pulls  # noqa: PLC0415
    from tracker.actions.review import BRANCH, review  # noqa: PLC0415
    from tracker.asking import Saved  # noqa: PLC0415

    root, instant, saved = Path.cwd(), now(), Saved(answers.absolute())
    wishes = run.Wishes(only=only, dry_run=dry_run, asked=saved.asked)
    repository = os.environ.get("GITHUB_REPOSITORY") or ""
    if mode == "review" and not repository:
        raise TrackerError("GITHUB_REPOSITORY is not set: set it to OWNER/NAME, or use --mode push")
    page = f"{os.environ.get('GITHUB_SERVER_URL') or 'https://github.com'}/{repository}"
    job = delivery.Job(
        checkout=Checkout(root),
        load=the_project,
        refresh=lambda p: run.refresh(p, wishes, instant, saved.latest, saved.differences),
        now=instant,
        page=page,
    )
    if dry_run:
        done = delivery.preview(job)
    elif mode == "push":
        done = delivery.push(job)
    else:
        done = review(job, lambda base: Pulls(repository, BRANCH, base))
    click.echo("\n".join(summary.markdown(done.outcome, dry_run=dry_run)))
    quiet = summary.schedule(job.checkout.when("HEAD"), instant, f"{page}/actions")
    for line in (*done.said, *((quiet,) if quiet else ())):
        click.echo(f"\n{line}")
    say_mend(done.outcome)
    if done.outcome.mend:
        sys.exit(MEND)
