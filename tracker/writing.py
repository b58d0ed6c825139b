"""What a run writes into posts: changes into lines, lines into places, as bytes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from tracker import notes
from tracker.model import Change, Ledger, Stub, TrackerError
from tracker.post import Edit, Post, check, edit
from tracker.register import Reading
from tracker.stub import Render


@dataclass(frozen=True)
class Written:
    """All that a run will write: the ledger before the posts are, the posts, the ledger after.

    By post: how many lines are `added`, `held` back as too many, and `refused`, since the text
    around them would be read otherwise.
    """

    pending: Ledger
    done: Ledger
    posts: dict[str, bytes] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def write(
    reading: Reading,
    news: Iterable[Change],
    now: datetime,
    *,
    zone: Callable[[str], tzinfo],
    render: Render,
    reread: Callable[[str, bytes, frozenset[str]], Post],
    only: Collection[str] | None = None,
    items: Callable[[str], bool] = lambda _path: False,
) -> Written:
    """Draft the lines for the news, and find where each goes.

    zone, items: a post's time zone, and whether its list items take lines, by its path. only: the
    ids of the reports that the run was told to look at. reread: parses an edited post again, so
    that it can be checked. Raises TrackerError for a template that fails.
    """
    ledger, places = reading.ledger, reading.places
    stubs = notes.draft(ledger, places, news, render, items)
    done, held = set[Stub](), set[Stub]()
    told = Written(ledger, ledger)
    for post in {place[0].path: place[0] for place in places.values()}.values():
        writing = notes.due(post, places, stubs, only)
        today = now.astimezone(zone(post.path)).date()
        source, fitting = _fitting(post, places, writing.missing, today, stubs, reread)
        done |= {*writing.standing, *fitting}
        refused = {s for s in writing.missing if s not in fitting}
        held |= {*writing.held, *refused}
        if writing.held:
            told.held[post.path] = len(writing.held)
        if refused:
            told.refused[post.path] = len(refused)
        if fitting:
            told.posts[post.path] = source
            told.added[post.path] = len(fitting)
    pending = tuple(replace(s, held=True) if s in held else s for s in stubs)
    after = tuple(
        replace(s, written=True, held=False, replaces=None)
        if s in done
        else replace(s, held=s in held or s.held)
        for s in stubs
    )
    return replace(told, pending=replace(ledger, stubs=pending), done=replace(ledger, stubs=after))


def _fitting(
    post: Post,
    places: notes.Places,
    missing: Sequence[Stub],
    today: date,
    stubs: Iterable[Stub],
    reread: Callable[[str, bytes, frozenset[str]], Post],
) -> tuple[bytes, tuple[Stub, ...]]:
    """The post with as many of the missing lines as leave the author's text as it is read, and
    these: all, or those that do so each by itself."""
    ours = lines_of(stubs)
    dates = [Edit(m.start, m.end, m.form.write(today).encode()) for m in post.front.updated]

    def attempt(chosen: Sequence[Stub]) -> bytes | None:
        try:
            source = edit(post, [*notes.edits(post, places, chosen), *dates])
            check(post, reread(post.path, source, ours), [stub.text for stub in chosen])
        except TrackerError:
            return None
        return source

    chosen = tuple(missing)
    whole = attempt(chosen) if chosen else None
    if chosen and whole is None:
        chosen = tuple(stub for stub in missing if attempt([stub]) is not None)
        whole = attempt(chosen) if chosen else None
    return (whole, chosen) if whole is not None else (post.source, ())


def lines_of(stubs: Iterable[Stub]) -> frozenset[str]:
    """Every line that is the tracker's own: written, about to be, or about to be replaced."""
    return frozenset(line for s in stubs for line in (s.text, s.replaces) if line)
