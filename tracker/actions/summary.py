"""What a run says on GitHub's pages: the job's summary and its annotations. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tracker import listing, words
from tracker.actions.markup import bold, code, fence, link, said
from tracker.text import clean

if TYPE_CHECKING:
    from tracker.run import Outcome

_CHANGES, _FEW = 50, 10
_ANNOTATIONS = 10  # GitHub shows no more of a kind for a step
# GitHub stops the schedules of a public repository then
# (https://docs.github.com/actions/managing-workflow-runs/disabling-and-enabling-a-workflow).
_STOPPED = timedelta(days=60)
_NOTICE = timedelta(days=14)
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_DATA, ":": "%3A", ",": "%2C"}


def markdown(outcome: Outcome, *, dry_run: bool = False) -> Iterator[str]:
    """The outcome of a refresh as lines of Markdown: what changed, what could not be checked, what
    was written."""
    told = [change for change in outcome.changes if change.significance != "minor"]
    quiet = len(outcome.changes) - len(told)
    yield f"### {_counted(len(told), 'change')}, {_counted(outcome.asked, 'link')} asked about"
    yield ""
    for change in told[:_CHANGES]:
        name = bold(words.subject(change, outcome.ledger.reports[change.reports[0]]))
        yield f"- {name}: {said(words.phrase(change))}, {link('read it', change.url)}"
    if len(told) > _CHANGES:
        yield f"- and {len(told) - _CHANGES} more: `tracker log`"
    if quiet:
        yield f"- {_counted(quiet, 'minor change')}: `tracker log --all`"
    waiting = listing.unchecked(outcome.ledger)
    if waiting:
        yield from ("", f"**Not checked**: {_counted(len(waiting), 'link')}", "")
    for row in waiting[:_FEW]:
        yield f"- {code(row['upstream'])}: {said(row['reason'])}, since {row['since'][:10]}"
    if len(waiting) > _FEW:
        yield f"- and {len(waiting) - _FEW} more: `tracker status`"
    yield from _written(outcome, dry_run=dry_run)


def _written(outcome: Outcome, *, dry_run: bool) -> Iterator[str]:
    yield ""
    if dry_run:
        yield "Nothing was written."
        for diff in outcome.diffs:
            yield from ("", *fence(diff.rstrip("\n").split("\n"), "diff"))
    elif outcome.written:
        files = ", ".join(map(code, outcome.written[:_FEW]))
        more = len(outcome.written) - _FEW
        yield f"**Written**: {files}{f' and {more} more' if more > 0 else ''}."
    else:
        yield "Nothing to write."
    for path, count in outcome.held.items():
        yield ""
        yield (
            f"{code(path)}: {count} lines are too many for one post: none was written. Have a "
            "report's lines by running the workflow with `only`."
        )
    for line in (*outcome.warnings, *outcome.mend):
        yield from ("", f"**To mend**: {code(line)}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def warnings(outcome: Outcome) -> list[str]:
    """A workflow command for each upstream that could not be checked, ten at most
    (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    rows = listing.unchecked(outcome.ledger)
    shown = len(rows) if len(rows) <= _ANNOTATIONS else _ANNOTATIONS - 1
    told = [
        _warning(f"Not checked: {row['upstream']}", f"{row['reason']}, since {row['since'][:10]}")
        for row in rows[:shown]
    ]
    rest = len(rows) - shown
    return [*told, _warning("Not checked", f"{rest} more: tracker status")] if rest else told


def _warning(title: str, text: str) -> str:
    return (
        f"::warning title={_escaped(clean(title), _IN_PROPERTY)}::{_escaped(clean(text), _IN_DATA)}"
    )


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return text.translate({ord(char): code_ for char, code_ in table.items()})


def schedule(last: datetime, now: datetime, actions: str) -> str | None:
    """What to say of a schedule that GitHub is about to stop, or None. last: the last commit.
    actions: the address of the repository's Actions tab."""
    ends = last + _STOPPED
    if now < ends - _NOTICE:
        return None
    return (
        f"The last commit here is of {last:%Y-%m-%d}. In a public repository GitHub stops schedules "
        f"after 60 days without activity, that is from {ends:%Y-%m-%d} on. Any commit puts it off; "
        f"once stopped, press {link('Enable workflow in the Actions tab', actions)}."
    )
