"""The words of the pull request: what its lines say, why, and how to leave one out. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tracker import listing, words
from tracker.actions.markup import bold, code, fence, link, said
from tracker.actions.title import title
from tracker.model import Change, Ledger, Stub, page
from tracker.post import Post
from tracker.text import clean, cut

_NAME = 50
_FEW = 10
_KEYS = 25
_BODY = 40_000  # for the reports; GitHub takes 65,536 characters in all
_LOUD = {"gone": 0, "withdrawn": 1}
_LINE = re.compile(r"\r\n|\r|\n")
_READ = {
    "revised": "the new version",
    "released": "the release",
    "published": "the paper",
    "withdrawn": "the paper",
    "items added": "the collection",
}


@dataclass(frozen=True)
class Proposal:
    """A pull request's title and body."""

    title: str
    body: str


@dataclass(frozen=True)
class _Line:
    """A line that merging adds, the one that it replaces, and the change that it tells last."""

    report: str
    change: Change
    text: str
    instead: str | None


def proposal(
    ledger: Ledger, posts: Iterable[Post], base: Mapping[str, bytes], settings: str
) -> Proposal | None:
    """The words for the tracker's lines that stand in the posts and not in those of the base; None
    where there are none. base: the posts' bytes there, by path. settings: the name of their file.
    """
    lines = [line for post in posts for line in _lines(ledger, post, base.get(post.path, b""))]
    if not lines:
        return None
    by_report: dict[str, list[_Line]] = {}
    for line in sorted(lines, key=_loudness):
        by_report.setdefault(line.report, []).append(line)
    named = [(mine[0].change, ledger.reports[r]) for r, mine in by_report.items()]
    body = [
        *_opening(lines, ledger),
        *_reports(by_report, ledger),
        *_closing(lines, ledger, settings),
    ]
    return Proposal(title(named, len(lines)), "\n".join(body) + "\n")


def _lines(ledger: Ledger, post: Post, base: bytes) -> Iterator[_Line]:
    """The tracker's lines that a post has and its base has not, in the order of the text."""
    stubs = {s.text: s for s in ledger.stubs if _post_of(s, ledger) == post.path}
    told = {change.id: change for change in ledger.changes}
    old, new = _split(base), _split(post.source)
    differing = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, i1, i2, j1, j2 in differing:
        for n, text in enumerate(new[j1:j2] if kind in ("insert", "replace") else ()):
            stub = stubs.get(text)
            changes = [told[i] for i in stub.changes if i in told] if stub else []
            if stub and changes and text in post.written:
                instead = old[i1 + n] if i1 + n < i2 else None
                yield _Line(stub.report, changes[-1], text, instead)


def _post_of(stub: Stub, ledger: Ledger) -> str | None:
    record = ledger.reports.get(stub.report)
    return record.post if record else None


def _split(source: bytes) -> list[str]:
    return _LINE.split(source.decode("utf-8", "replace"))


def _loudness(line: _Line) -> int:
    return _LOUD.get(line.change.kind, len(_LOUD))


# --- the body ----------------------------------------------------------------------------------


def _opening(lines: Sequence[_Line], ledger: Ledger) -> Iterator[str]:
    links = len({line.change.upstream for line in lines})
    posts = len({ledger.reports[line.report].post for line in lines})
    since = min(line.change.found for line in lines).date().isoformat()
    new = sum(line.instead is None for line in lines)
    counts = [_many(new, "line", "adds")] if new else []
    counts += [_many(len(lines) - new, "line", "renews")] if len(lines) > new else []
    yield (
        f"{links} link{'' if links == 1 else 's'} changed, found since {since}. "
        f"Merging {' and '.join(counts)} in {posts} post{'' if posts == 1 else 's'}."
    )
    yield ""


def _many(count: int, noun: str, verb: str) -> str:
    return f"{verb} {count} {noun}{'' if count == 1 else 's'}"


def _reports(by_report: Mapping[str, Sequence[_Line]], ledger: Ledger) -> Iterator[str]:
    """Each report with its lines, while there is room for it."""
    room = _BODY
    for shown, (report, lines) in enumerate(by_report.items()):
        told = [*_report(report, lines, ledger)]
        room -= sum(len(line) + 1 for line in told)
        if room < 0:
            yield f"And {len(by_report) - shown} more reports: see the files that differ."
            yield ""
            return
        yield from told


def _report(report: str, lines: Sequence[_Line], ledger: Ledger) -> Iterator[str]:
    record = ledger.reports[report]
    for line in lines:
        change = line.change
        yield f"{bold(words.subject(change, record))}: {said(change.summary)}"
        yield ""
        removed = [f"-{line.instead}"] if line.instead is not None else []
        yield from fence([*removed, f"+{line.text}"], "diff")
        yield ""
        yield f"Read {', '.join(_reading(change))}."
        touched = [touch for touch in change.touched if touch.report == report]
        if touched:
            yield ""
            yield "It may touch what you wrote:"
            yield ""
            pairs = ((f"your note: {clean(t.note)}", f"now: {clean(t.now)}") for t in touched)
            yield from fence([text for pair in pairs for text in pair], "text")
        yield ""


def _reading(change: Change) -> Iterator[str]:
    if change.kind == "gone":
        deleted = "/commit/" in change.url
        yield link("the commit that deleted it" if deleted else "the link", change.url)
    else:
        yield link(_READ.get(change.kind, "the page"), change.url)
    if change.last and change.last.url:
        yield link("the last copy", change.last.url)
    if change.also:
        successor = change.kind == "gone"
        yield link(
            "its successor on arXiv" if successor else "the report on arXiv",
            page(f"arxiv:{change.also}"),
        )


def _closing(lines: Sequence[_Line], ledger: Ledger, settings: str) -> Iterator[str]:
    first = min(line.change.found for line in lines)
    small = [c for c in ledger.changes if c.significance != "major" and c.found >= first]
    if small:
        noun = "change was" if len(small) == 1 else "changes were"
        yield f"**Too small for a line**: {len(small)} {noun} told in the feeds or the log alone."
        yield ""
        yield from (f"- {said(change.summary)}" for change in islice(reversed(small), _FEW))
        if len(small) > _FEW:
            yield f"- and {len(small) - _FEW} more: `tracker log --all`"
        yield ""
    yield "**To leave out** one line, delete it in this branch. To leave out all, close this pull"
    yield "request. What was left out does not come back; a later version gets a line of its own."
    yield f"To leave a link alone for ever, put its name into {code(settings)}, as one of these:"
    yield ""
    names = {line.change.upstream: ledger.reports[line.report].name for line in lines}
    few = islice(names.items(), _KEYS)
    named = (f"  {json.dumps(key)},  # {cut(clean(name), _NAME)}" for key, name in few)
    yield from fence(["ignore = [", *named, "]"], "toml")
    yield ""
    yield from _checked(ledger)


def _checked(ledger: Ledger) -> Iterator[str]:
    watched = sum(bool(watch.reports) for watch in ledger.watches.values())
    waiting = listing.unchecked(ledger)
    yield f"{watched - len(waiting)} of {watched} links could be checked."
    if waiting:
        yield ""
    for row in waiting[:_FEW]:
        yield f"- {code(row['upstream'])}: not since {row['since'][:10]}, {said(row['reason'])}"
    if len(waiting) > _FEW:
        yield f"- and {len(waiting) - _FEW} more: `tracker status`"
