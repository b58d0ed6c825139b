"""`tracker init`, `fix`, `build` and `demo`: a blog set up, mended, made anew, shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tracker.commands.common import now, say, the_project


@click.command()
@click.option(
    "--site-url", metavar="URL", help="Where the blog is published, if it cannot be told."
)
@click.option(
    "--mode",
    type=click.Choice(["review", "push"]),
    default="review",
    show_default=True,
    help="On GitHub: lines wait in a pull request, or go to the branch.",
)
@click.option(
    "--publish",
    type=click.Choice(["commit", "pages"]),
    default="commit",
    show_default=True,
    help="On GitHub: feeds are committed, or deployed as the whole Pages site of a repository that has no other one.",
)
@click.option(
    "--tracker",
    metavar="OWNER/NAME@REF",
    help="Which tracker runs on GitHub, if it cannot be told from how this one was installed.",
)
@click.option("--no-workflow", is_flag=True, help="Write no GitHub workflow.")
@click.option("--yes", is_flag=True, help="Ask nothing: leave out what cannot be found.")
def init(
    site_url: str | None,
    mode: str,
    publish: str,
    tracker: str | None,
    no_workflow: bool,  # noqa: FBT001 - click's way
    yes: bool,  # noqa: FBT001
) -> None:
    """Set tracker up in this folder: find the posts with tracked links, write the settings and the
    workflow. Files that are there stay as they are.
    """
    from tracker import setup  # noqa: PLC0415

    def ask(question: str, default: str) -> str:
        if yes or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return default
        return str(click.prompt(question, default=default, show_default=bool(default))).strip()

    wishes = setup.Wishes(site_url, mode, publish, tracker, workflow=not no_workflow)
    for line in setup.init(Path.cwd(), wishes, ask):
        click.echo(line)


@click.command()
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option("--moved", is_flag=True, help="Rewrite the links whose repository has a new name.")
@click.option("--yes", is_flag=True, help="Do not ask before it is done.")
def fix(posts: tuple[str, ...], moved: bool, yes: bool) -> None:  # noqa: FBT001 - click's way
    """Mend links in posts, and nothing else. Shows what it would do, and asks. Asks no upstream."""
    from tracker import run  # noqa: PLC0415

    if not moved:
        raise click.UsageError("nothing to mend was named: tracker fix --moved")

    def agree(diffs: Sequence[str]) -> bool:
        for diff in diffs:
            click.echo(diff)
        if yes:
            return True
        if not sys.stdin.isatty():
            click.echo("Nothing was written. To write it: tracker fix --moved --yes")
            return False
        return click.confirm("Write it?")

    mended = run.fix(the_project(), posts, agree)
    for path, count in mended.counts.items():
        click.echo(f"{path}: {count} {'link' if count == 1 else 'links'} rewritten, nothing else.")
    for line in mended.left:
        say(f"tracker: {line}")
    if not mended.posts and not mended.left:
        click.echo("No link has moved, as far as the last refresh saw.")


@click.command()
def build() -> None:
    """Make feeds and pages anew from the ledger and the posts. Asks nobody."""
    from tracker import run  # noqa: PLC0415

    written = run.build(the_project(), now())
    click.echo(f"written: {', '.join(written)}" if written else "everything is up to date")


@click.command()
def demo() -> None:
    """See the whole job on three days of real history, without a network or a token."""
    from tracker.demo import show  # noqa: PLC0415

    show(Path.cwd(), click.echo)
