"""`tracker links`, `status` and `log`: what is known, as tables or as JSON. They ask nobody."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from tracker.commands.common import MEND, as_one_document, reports, say, the_project
from tracker.model import TrackerError


@click.command()
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option("--json", "as_json", is_flag=True, help="Print the links as one JSON document.")
def links(posts: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the arXiv, GitHub and Hugging Face links of posts. Asks nobody."""
    from tracker import listing, shelf, state, tables  # noqa: PLC0415

    project = the_project()
    ledger = state.load(project.root / project.state, project.state)
    found = shelf.read_posts(project, ledger, posts)
    names = {shelf.relative(project, name) for name in posts}
    read = [p for p in found.posts if not names or p.path in names]
    rows = [row for p in read for row in listing.links(p)]
    if as_json:
        as_one_document(rows)
    else:
        tables.links_table([(p.path, listing.links(p)) for p in read])
    for line in found.mend:
        say(f"tracker: {line}")
    if found.mend:
        sys.exit(MEND)


@click.command()
@click.option(
    "--problems",
    "only_problems",
    is_flag=True,
    help="Show only the links that want mending, with their lines and what to put instead; in a pipe as Markdown.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the upstreams as one JSON document.")
def status(only_problems: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show every watched upstream as it was last seen. Asks nobody."""
    from tracker import listing, problems, shelf, state, tables  # noqa: PLC0415

    project = the_project()
    ledger = state.load(project.root / project.state, project.state)
    if not only_problems:
        rows = listing.status(ledger)
        return as_one_document(rows) if as_json else tables.status_table(rows)
    posts = shelf.read_posts(project, ledger, ()).posts
    found = problems.problems(ledger, posts)
    if as_json:
        return as_one_document([asdict(problem) for problem in found])
    return tables.problems_table(found, sum(len(post.links) for post in posts))


@click.command()
@click.argument("report", required=False, metavar="[REPORT]", shell_complete=reports)
@click.option("--all", "everything", is_flag=True, help="Minor changes too.")
@click.option("--json", "as_json", is_flag=True, help="Print every change as one JSON document.")
def log(report: str | None, everything: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show the changes found so far, oldest first; of one REPORT, all that is known of each.

    Asks nobody.
    """
    from tracker import listing, state, tables  # noqa: PLC0415

    project = the_project()
    ledger = state.load(project.root / project.state, project.state)
    if report and not tables.known(report, ledger):
        names = ", ".join(record.name for record in ledger.reports.values())
        raise TrackerError(f"no report named {report}: there are {names or 'none yet'}")
    wanted = [c for c in ledger.changes if report is None or tables.concerns(c, report, ledger)]
    if as_json:
        as_one_document(listing.log(ledger, wanted))
    elif report and wanted:
        tables.log_of_report(wanted, project.state)
    else:
        tables.log_table(ledger, wanted, everything=everything)
