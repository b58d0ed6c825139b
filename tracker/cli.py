"""The command `tracker`: words in, words and exit codes out. It decides nothing."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import CompletionItem

from tracker import __version__
from tracker.model import TrackerError

if TYPE_CHECKING:
    from tracker.project import Project
    from tracker.run import Outcome

MEND, NOTHING_CHECKED = 1, 3


class _Commands(click.Group):
    """Commands in the order of a first day, and errors as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return ["init", "refresh", "status", "log", "links", "fix", "build", "demo"]

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        # A command is short and makes many values and few cycles: less often to look for those.
        gc.set_threshold(100_000, 20, 20)
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            _fail(str(error))


def _fail(message: str, code: int = MEND) -> NoReturn:
    _say(f"tracker: {message}")
    sys.exit(code)


def _say(message: str) -> None:
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


def _project() -> Project:
    from tracker import config  # noqa: PLC0415

    return config.load(Path.cwd())


def _json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


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


def _reports(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 - click's signature
    from tracker import completion  # noqa: PLC0415

    return [CompletionItem(i, help=name) for i, name in completion.reports(Path.cwd(), incomplete)]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
def main() -> None:
    r"""Keep a post of notes true to the papers, files and models it links to.

    tracker reads your post, asks arXiv, GitHub and Hugging Face what each link looks like now,
    and writes down what changed: a line in the post, in your own style, and an entry in the feeds.

    \b
    First steps:
      tracker demo       see the whole job, without a network or a token
      tracker init       set tracker up in your blog
      tracker refresh    ask, and write down what changed
    """


@main.command()
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option(
    "--only",
    multiple=True,
    metavar="REPORT",
    shell_complete=_reports,
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
    project, instant = _project(), now()
    wishes = run.Wishes(
        posts=posts,
        only=only,
        since=_baseline(since, instant, project),
        dry_run=dry_run or save_answers is not None,
    )
    asked = Saved(answers) if answers else Network(project.sites[0].url, save_answers)
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
        _json(screen.as_json(outcome))
    elif form == "markdown":
        click.echo("\n".join(summary.markdown(outcome, dry_run=dry_run)))
    else:
        for line in screen.summary(outcome, project, dry_run=dry_run):
            click.echo(line)
        for diff in outcome.diffs if diffs else ():
            click.echo(f"\n{diff}", nl=False)
    for annotation in summary.warnings(outcome) if _in_actions() else ():
        click.echo(annotation, err=True)
    _say_mend(outcome)


def _say_mend(outcome: Outcome) -> None:
    for warning in outcome.warnings:
        _say(f"tracker: warning: {warning}")
    for line in outcome.mend:
        _say(f"tracker: {line}")


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


@main.command()
@click.argument("posts", nargs=-1, metavar="[POST]...")
@click.option("--json", "as_json", is_flag=True, help="Print the links as one JSON document.")
def links(posts: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the arXiv, GitHub and Hugging Face links of posts. Asks nobody."""
    from tracker import listing, shelf, state, tables  # noqa: PLC0415

    project = _project()
    ledger = state.load(project.root / project.state, project.state)
    found = shelf.read_posts(project, ledger, posts)
    names = {shelf.relative(project, name) for name in posts}
    read = [p for p in found.posts if not names or p.path in names]
    rows = [row for p in read for row in listing.links(p)]
    if as_json:
        _json(rows)
    else:
        tables.links_table([(p.path, listing.links(p)) for p in read])
    for line in found.mend:
        _say(f"tracker: {line}")
    if found.mend:
        sys.exit(MEND)


@main.command()
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

    project = _project()
    ledger = state.load(project.root / project.state, project.state)
    if not only_problems:
        rows = listing.status(ledger)
        return _json(rows) if as_json else tables.status_table(rows)
    posts = shelf.read_posts(project, ledger, ()).posts
    found = problems.problems(ledger, posts)
    if as_json:
        return _json([asdict(problem) for problem in found])
    return tables.problems_table(found, sum(len(post.links) for post in posts))


@main.command()
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

    mended = run.fix(_project(), posts, agree)
    for path, count in mended.counts.items():
        click.echo(f"{path}: {count} {'link' if count == 1 else 'links'} rewritten, nothing else.")
    for line in mended.left:
        _say(f"tracker: {line}")
    if not mended.posts and not mended.left:
        click.echo("No link has moved, as far as the last refresh saw.")


@main.command()
@click.argument("report", required=False, metavar="[REPORT]", shell_complete=_reports)
@click.option("--all", "everything", is_flag=True, help="Minor changes too.")
@click.option("--json", "as_json", is_flag=True, help="Print every change as one JSON document.")
def log(report: str | None, everything: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show the changes found so far, oldest first; of one REPORT, all that is known of each.

    Asks nobody.
    """
    from tracker import listing, state, tables  # noqa: PLC0415

    project = _project()
    ledger = state.load(project.root / project.state, project.state)
    if report and not tables.known(report, ledger):
        names = ", ".join(record.name for record in ledger.reports.values())
        raise TrackerError(f"no report named {report}: there are {names or 'none yet'}")
    wanted = [c for c in ledger.changes if report is None or tables.concerns(c, report, ledger)]
    if as_json:
        _json(listing.log(ledger, wanted))
    elif report and wanted:
        tables.log_of_report(wanted, project.state)
    else:
        tables.log_table(ledger, wanted, everything=everything)


@main.command()
def build() -> None:
    """Make feeds and pages anew from the ledger and the posts. Asks nobody."""
    from tracker import run  # noqa: PLC0415

    written = run.build(_project(), now())
    click.echo(f"written: {', '.join(written)}" if written else "everything is up to date")


@main.command()
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


@main.command(hidden=True)
@click.argument("base", metavar="BASE")
def proposal(base: str) -> None:
    """Print the words of a pull request: its title, an empty line, its body.

    They are about tracker's lines that stand in the posts here and not in those of the git ref
    BASE. Asks nobody.
    """
    from tracker import shelf, state  # noqa: PLC0415
    from tracker.actions.checkout import Checkout  # noqa: PLC0415
    from tracker.actions.proposal import proposal as proposed  # noqa: PLC0415

    project = _project()
    ledger = state.load(project.root / project.state, project.state)
    posts = shelf.read_posts(project, ledger, ()).posts
    checkout = Checkout(project.root)
    commit = checkout.sha(base)
    before = {post.path: checkout.show(commit, post.path) for post in posts}
    words = proposed(ledger, posts, before, project.settings or "tracker.toml")
    if words is None:
        _say(f"tracker: no line of tracker's stands here that does not stand in {base}")
    else:
        click.echo(f"{words.title}\n\n{words.body}", nl=False)


@main.command(hidden=True)
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
    wishes = run.Wishes(only=only, dry_run=dry_run)
    repository = os.environ.get("GITHUB_REPOSITORY") or ""
    if mode == "review" and not repository:
        raise TrackerError("GITHUB_REPOSITORY is not set: set it to OWNER/NAME, or use --mode push")
    page = f"{os.environ.get('GITHUB_SERVER_URL') or 'https://github.com'}/{repository}"
    job = delivery.Job(
        checkout=Checkout(root),
        load=_project,
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
    _say_mend(done.outcome)
    if done.outcome.mend:
        sys.exit(MEND)


@main.command()
def demo() -> None:
    """See the whole job on three days of real history, without a network or a token."""
    from tracker.demo import show  # noqa: PLC0415

    show(Path.cwd(), click.echo)
