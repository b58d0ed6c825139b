"""What a terminal shows: the closing summary, tables, the progress bar. 80 columns are enough."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker import dates, listing, problems, words
from tracker.model import Change, Ledger
from tracker.text import cut, terminal

if TYPE_CHECKING:
    from tracker.post import Post
    from tracker.project import Project
    from tracker.run import Outcome

_NAME = 20
_ADDRESS = 40
_FEW = 5
_MOST = 25
_NAMED = 15


def columns() -> int:
    """How wide the terminal is, within reason."""
    return max(60, min(shutil.get_terminal_size().columns, 120))


def as_json(outcome: Outcome) -> dict[str, Any]:
    """A refresh as JSON: the changes it found, what is unchecked, the files it wrote."""
    return {
        "changes": listing.log(outcome.ledger, outcome.changes),
        "unchecked": listing.unchecked(outcome.ledger),
        "written": list(outcome.written),
    }


# --- the closing summary -----------------------------------------------------------------------


def summary(outcome: Outcome, project: Project, *, dry_run: bool) -> Iterator[str]:
    """The lines that close a refresh."""
    sinces = _sinces(outcome.ledger)
    for post in outcome.posts:
        yield _head(post, sinces.get(post.path))
    yield ""
    by_report = _by_report(outcome)
    form = _form(outcome.posts)
    for changes in list(by_report.values())[:_MOST]:
        yield from _report_lines(_subject(changes[0], outcome), changes, form)
    if len(by_report) > _MOST:
        yield from _row(" ", "", "", f"and {len(by_report) - _MOST} more: tracker log")
    yield from _others(
        outcome, {r for c in by_report.values() for change in c for r in change.reports}
    )
    yield ""
    yield from _closing(outcome, project, dry_run=dry_run)


def _by_report(outcome: Outcome) -> dict[tuple[str, str], list[Change]]:
    """The changes that are not quiet, by report; in a list, by upstream."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in outcome.changes:
        if change.significance != "minor":
            report = change.reports[0]
            many = outcome.ledger.reports[report].many
            found.setdefault((report, change.upstream if many else ""), []).append(change)
    return found


def _subject(change: Change, outcome: Outcome) -> str:
    return words.subject(change, outcome.ledger.reports[change.reports[0]])


def _sinces(ledger: Ledger) -> dict[str, datetime]:
    """Since when the links of each post are watched, by path."""
    found: dict[str, datetime] = {}
    for watch in ledger.watches.values():
        for report, baseline in watch.reports.items():
            path = ledger.reports[report].post
            found[path] = min(found.get(path, baseline.since), baseline.since)
    return found


def _head(post: Post, first: datetime | None) -> str:
    urls = {link.upstream.key if link.upstream else link.url for link in post.links}
    noun = "section" if any(r.holds == "many" for r in post.reports) else "report"
    counts = f"{many(len(post.reports), noun)}, {many(len(urls), 'link')}"
    form = _form((post,))
    since = f", since {form.write(first.date())}" if first else ""
    line = terminal(f"{post.path}: {counts}{since}")
    return line if len(line) <= columns() else terminal(f"{post.path}:") + f"\n  {counts}{since}"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(terminal(line), columns(), break_on_hyphens=False, break_long_words=False)


def many(count: int, noun: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _form(posts: Sequence[Post]) -> dates.Form:
    marks = [mark for post in posts for mark in post.front.updated]
    return marks[0].form if marks else dates.ISO


def _report_lines(name: str, changes: Sequence[Change], form: dates.Form) -> Iterator[str]:
    told = "; ".join(words.phrase(c) for c in changes)
    days = [c.released for c in changes if c.released]
    day = form.write(max(days).date()) if days else ""
    mark = "!" if any(c.kind in ("gone", "withdrawn") for c in changes) else " "
    yield from _row(mark, cut(terminal(name), _NAME), f"{day:<12}", told)


def _row(mark: str, name: str, day: str, told: str) -> Iterator[str]:
    lead = f"{mark} {name:<{_NAME}} {day}"
    lines = textwrap.wrap(
        terminal(told),
        columns(),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
    yield from lines or [lead.rstrip()]


def _others(outcome: Outcome, changed: set[str]) -> Iterator[str]:
    ledger = outcome.ledger
    waiting = {r for w in ledger.watches.values() if w.unchecked_since for r in w.reports}
    busy = {ledger.reports[i].name for i in (*changed, *waiting)}
    linked = (r for p in outcome.posts for r in p.reports if any(k.watched for k in r.links))
    asked = outcome.reports
    still = [r.name for r in linked if r.name not in busy and (asked is None or r.name in asked)]
    if still:
        told = ", ".join(still) if len(still) <= _NAMED else f"{len(still)} sections"
        yield from _row(" ", "no change", "", told)
    minor = sum(c.significance == "minor" for c in outcome.changes)
    if minor:
        yield from _row(" ", "quiet", "", f"{many(minor, 'minor change')}: tracker log --all")
    unchecked = [
        f"{row['upstream']}: {row['reason']}, since {row['since'][:10]}"
        for row in listing.unchecked(ledger)
    ]
    yield from _some("!", "not checked", unchecked, "tracker status")
    yield from _missing(outcome)
    places = [
        f"{_short(link.url.partition('://')[2])} (line {link.line})"
        for post in outcome.posts
        for link in post.links
        if link.target is None and urlsplit(link.url).scheme in ("http", "https")
    ]
    if len(places) > _FEW:
        places = [f"{len(places)} links that no source of tracker's knows"]
    yield from _some(" ", "not watched", places, "")


def _missing(outcome: Outcome) -> Iterator[str]:
    """What is not there; of a list, how much wants mending."""
    ledger = outcome.ledger
    if any(record.many for record in ledger.reports.values()):
        found = problems.problems(ledger, outcome.posts)
        links = sum(len(post.links) for post in outcome.posts)
        told = f"{len(found):,} of {links:,} links: tracker status --problems"
        yield from _some("!", "to mend", [told] if found else [], "")
        return
    rows = listing.status(ledger)
    for standing in ("not found", "absent"):
        found_ = [f"{r['upstream']}: {r['reason']}" for r in rows if r["standing"] == standing]
        yield from _some("!", standing, found_, "tracker status")


def _some(mark: str, name: str, told: Sequence[str], rest: str) -> Iterator[str]:
    """The first few lines of a kind, and how many more there are."""
    for line in told[:_FEW]:
        yield from _row(mark, name, "", line)
    if len(told) > _FEW:
        yield from _row(mark, name, "", f"and {len(told) - _FEW} more: {rest}")


def _short(address: str) -> str:
    """An address by its two ends, where the whole would not fit a line."""
    host, _, path = address.partition("/")
    return f"{host}/…/{path.rpartition('/')[2]}" if len(address) > _ADDRESS else address


def _closing(outcome: Outcome, project: Project, *, dry_run: bool) -> Iterator[str]:
    for path, count in outcome.held.items():
        yield from _wrapped(
            f"{path}: {count} lines are too many for one post: none was written. The changes are "
            "in the feeds; have a report's lines with: tracker refresh --only REPORT"
        )
    added = sum(outcome.added.values())
    if added and dry_run:
        yield f"{many(added, 'note')} would be added; nothing was written."
    elif added:
        done = f"{many(added, 'note')} added; nothing else of the post differs."
        paths = " ".join(sorted({p.split("/")[0] if "/" in p else p for p in outcome.added}))
        yield f"{done}  See: git diff {paths}" if (project.root / ".git").exists() else done
    elif dry_run:
        yield "Nothing would be added to the post; nothing was written."
    elif not outcome.held:
        yield "Nothing to add to the post."
    for site in project.sites:
        if any(name.startswith(f"{site.feeds}/") for name in outcome.written):
            yield f"Feeds: {site.feeds}/, to subscribe to at {site.url}{site.feeds}/"


# --- tables ------------------------------------------------------------------------------------


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal, nothing in a pipe. Gives a function to call at each answer."""
    if not sys.stderr.isatty():
        yield lambda _key: None
        return
    from rich.console import Console  # noqa: PLC0415 - slow
    from rich.progress import Progress  # noqa: PLC0415 - slow

    console = Console(stderr=True)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda _key: bar.advance(task)
