"""Tables of links, upstreams and changes for a terminal, as wide as it is."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tracker import details, listing, words
from tracker.model import Change, Ledger
from tracker.problems import Problem
from tracker.screen import columns, many
from tracker.sections import called
from tracker.text import terminal
from tracker.words.upstream_text import quoted

if TYPE_CHECKING:
    from rich.table import Table


def _table(*columns: str) -> Table:
    from rich.table import Table  # noqa: PLC0415 - slow

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("line", "date"))
    return table


def _print(table: Table) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow

    Console(highlight=False, markup=False, emoji=False, soft_wrap=False, width=columns()).print(
        table
    )


def links_table(posts: Sequence[tuple[str, list[dict[str, Any]]]]) -> None:
    """The links of each post."""
    for path, rows in posts:
        print(terminal(path))  # noqa: T201 - the command's output
        table = _table("line", "report", "upstream", "pinned")
        for row in rows:
            name = row["upstream"] or f"not watched: {row['url']}"
            table.add_row(*map(_cell, (row["line"], row["report"], name, row["pinned"])))
        _print(table)


def status_table(rows: Sequence[dict[str, Any]]) -> None:
    """Each watched upstream, as it was last seen."""
    if not rows:
        print("Nothing is watched yet: run tracker refresh")  # noqa: T201 - the command's output
        return
    table = _table("report", "upstream", "version", "date", "standing")
    for row in rows:
        version = row["version"] or ""
        version = version[:12] if len(version) == 40 else version  # noqa: PLR2004 - a hash
        stands = row["standing"]
        if row["unchecked_since"]:
            stands += f", not checked since {row['unchecked_since'][:10]}: {row['reason']}"
        table.add_row(
            *map(_cell, (", ".join(row["reports"]), row["upstream"], version)),
            *map(_cell, ((row["released"] or "")[:10], stands)),
        )
    _print(table)


def problems_table(found: Sequence[Problem], links: int) -> None:
    """The links that want mending, of so many; where it is read by a program, as Markdown."""
    if not found:
        print(f"None of {links:,} links wants mending.")  # noqa: T201 - the command's output
        return
    want = "wants" if len(found) == 1 else "want"
    print(f"{len(found):,} of {links:,} links {want} mending")  # noqa: T201 - the command's output
    markdown = not sys.stdout.isatty()
    for path, group in groupby(found, key=lambda problem: problem.post):
        head = f"### {path}" if markdown else path
        print(f"\n{terminal(head)}\n")  # noqa: T201 - the command's output
        rows = list(group)
        if markdown:
            print("\n".join(_markdown(rows)))  # noqa: T201
            continue
        table = _table("line", "link", "what", "instead")
        for row in rows:
            addresses = [address.partition("://")[2] for address in (row.link, row.instead)]
            table.add_row(*map(_cell, (row.line, addresses[0], row.what, addresses[1])))
        _print(table)


def _markdown(rows: Sequence[Problem]) -> Iterator[str]:
    yield "| line | link | what | instead |"
    yield "|---:|---|---|---|"
    for row in rows:
        link, instead = (terminal(a).replace("|", "%7C") for a in (row.link, row.instead))
        yield f"| {row.line} | {link} | {row.what} | {instead} |"


def log_table(ledger: Ledger, changes: Sequence[Change], *, everything: bool) -> None:
    """The changes, oldest first; minor ones only where everything is asked for."""
    shown = [c for c in changes if everything or c.significance != "minor"]
    table = _table("date", "report", "change")
    for change in shown:
        names = ", ".join(ledger.reports[r].name for r in change.reports if r in ledger.reports)
        day = listing.when(change.released or change.found) or ""
        table.add_row(*map(_cell, (day[:10], names, words.phrase(change))))
    if shown:
        _print(table)
    else:
        print("No changes yet.")  # noqa: T201 - the command's output
    hidden = len(changes) - len(shown)
    if hidden:
        print(f"and {many(hidden, 'minor change')}: tracker log --all")  # noqa: T201


def log_of_report(changes: Iterable[Change], state: str) -> None:
    """All that is known of a report's changes, oldest first. state: the ledger's path, beside which
    the whole differences are."""
    for change in changes:
        day = listing.when(change.released or change.found) or ""
        _line(f"{day[:10]}  {words.phrase(change)}")
        for detail in (change.summary, *change.details):
            _line(detail, 2)
        for one in change.touched:
            _line(f"May touch the note: {quoted(one.note)}", 2)
            _line(f"Now: {quoted(one.now)}", 4)
        if change.whole:
            _line(f"The whole difference: {details.path_of(state, change.id)}", 2)


def _line(text: str, indent: int = 0) -> None:
    """A line of text, wrapped to the terminal; what hangs over is indented further."""
    lead = " " * indent
    for line in textwrap.wrap(
        terminal(text),
        columns(),
        initial_indent=lead,
        subsequent_indent=f"{lead}  ",
        break_on_hyphens=False,
        break_long_words=False,
    ):
        print(line)  # noqa: T201 - the command's output


def known(report: str, ledger: Ledger) -> set[str]:
    """The ids of the reports with this name or id."""
    wanted = report.casefold()
    return {i for i, r in ledger.reports.items() if wanted in called(i, r.name)}


def concerns(change: Change, report: str, ledger: Ledger) -> bool:
    """Whether a change belongs to the report with this name or id."""
    return not known(report, ledger).isdisjoint(change.reports)


def _cell(value: object) -> str:
    return "" if value is None else terminal(str(value))
