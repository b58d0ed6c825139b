"""One refresh: gather, decide, apply. With `state.py` the only place that writes files."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from tracker import comparing, derived, details, plan, post, register, state, writing
from tracker.difference import Difference, Pair
from tracker.mending import Mended, mend
from tracker.model import Answer, Change, Ledger, Question, TrackerError
from tracker.plan import Learnt
from tracker.post import Post
from tracker.project import Project
from tracker.register import Reading
from tracker.scan import is_scanned
from tracker.sections import called
from tracker.shelf import Shelf, no_posts, read_posts
from tracker.sources import identify
from tracker.templating import renderer
from tracker.writing import Written

Ask = Callable[[Sequence[Question]], Mapping[str, Answer]]
Compare = Callable[[Sequence[Pair]], Mapping[str, Difference]]


@dataclass(frozen=True)
class Wishes:
    """What a refresh was asked for: which posts and reports to ask about, a baseline for links
    read for the first time, whether to write, and when answers that were saved had been asked for.
    """

    posts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    since: datetime | None = None
    dry_run: bool = False
    asked: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What a refresh found and did. `mend` are lines for the user (exit 1), `warnings` others.

    `unchecked` are the keys that gave no answer this time, of `asked` many. `added` counts the
    lines put into each post, `held` those that were too many. `diffs` are unified diffs of posts.
    `reports` are the names of those that were asked about, None for all.
    """

    ledger: Ledger
    posts: tuple[Post, ...]
    changes: tuple[Change, ...]
    asked: int
    unchecked: tuple[str, ...]
    written: tuple[str, ...]
    added: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    diffs: tuple[str, ...] = ()
    reports: frozenset[str] | None = None
    mend: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def refresh(
    project: Project,
    wishes: Wishes,
    now: datetime,
    ask: Ask,
    compare: Compare = lambda _pairs: {},
) -> Outcome:
    """Ask about every link, write down what changed. `ask` turns questions into answers, `compare`
    pairs of versions into what differs, by upstream's key.

    Raises TrackerError for what the user must mend before anything can be done; what concerns one
    post alone is in `Outcome.mend`.
    """
    file = project.root / project.state
    with state.lock(file), state.disk():
        ledger = state.load(file, project.state)
        shelf = read_posts(project, ledger, wishes.posts)
        if not shelf.posts or (wishes.posts and not shelf.named):
            raise TrackerError("; ".join(shelf.mend) or no_posts(project))
        reading = register.read(
            ledger,
            shelf.posts,
            now,
            since=wishes.since,
            zone=project.zone,
            ignore=project.ignore,
        )
        chosen = _chosen(reading, wishes, shelf.named)
        keys = register.asked(reading, chosen)
        answers = ask(plan.questions(reading, keys)) if keys else {}
        answers = plan.current(reading.ledger, answers, wishes.asked)
        found = plan.find(reading, answers, now)
        pairs = comparing.pairs(reading.ledger, answers, found)
        learnt = plan.learn(reading, answers, found, compare(pairs) if pairs else {}, now)
        decided = _decide(project, learnt, now, chosen if wishes.only else None)
        done, steps = _steps(project, ledger, shelf, decided, learnt.differences, now)
        written = () if wishes.dry_run else _write(project, steps, shelf.posts)
    return Outcome(
        ledger=done,
        posts=shelf.posts,
        changes=done.changes[len(ledger.changes) :],
        asked=len(keys),
        unchecked=tuple(plan.unchecked({k: answers[k] for k in keys if k in answers})),
        written=written,
        added=decided.added,
        held=decided.held,
        diffs=tuple(
            _diff(p, decided.posts[p.path]) for p in shelf.posts if p.path in decided.posts
        ),
        reports=None if chosen is None else frozenset(done.reports[r].name for r in chosen),
        mend=shelf.mend,
        warnings=tuple(_warnings(project, shelf, ledger, decided)),
    )


def _decide(
    project: Project,
    learnt: Learnt,
    now: datetime,
    only: Collection[str] | None,
) -> Written:
    """What goes into the posts. only: ids of the reports whose lines are wanted."""
    return writing.write(
        learnt.reading,
        learnt.news,
        now,
        zone=project.zone,
        items=lambda path: any(s.stubs == "items" for s in project.sites_of(path)),
        render=renderer(project.sites[0].templates, "stub.md"),
        reread=lambda path, source, ours: post.parse(path, source, identify, ours),
        only=only,
    )


def _steps(
    project: Project,
    ledger: Ledger,
    shelf: Shelf,
    decided: Written,
    differences: Mapping[str, Difference],
    now: datetime,
) -> tuple[Ledger, list[tuple[str, bytes]]]:
    """The ledger after the run, and the files to write in their order: what differs in each change,
    the ledger with what was found, the posts, the ledger with what was done, and what follows from
    it. None where all stands as it should."""
    done = decided.done
    if done == ledger and not decided.posts and derived.stand(project, ledger, shelf.posts):
        return done, []
    done, files = derived.derive(
        project, ledger, done, shelf.posts, decided.posts, now, differences
    )
    before = replace(decided.pending, feed_prefix=done.feed_prefix, published=done.published)
    after = state.dump(done)
    steps = [
        *(
            (details.path_of(project.state, name), details.dump(name, told))
            for name, told in differences.items()
        ),
        (project.state, after if before == done else state.dump(before)),
        *decided.posts.items(),
        (project.state, after),
        *files.items(),
    ]
    return done, steps


def fix(project: Project, named: Iterable[str], agree: Callable[[Sequence[str]], bool]) -> Mended:
    """Rewrite the links of posts that moved, and nothing else, if `agree` says yes to the diffs.

    Returns what was, or would have been written. Raises TrackerError for what the user must mend
    before anything can be done.
    """
    file = project.root / project.state
    with state.lock(file), state.disk():
        ledger = state.load(file, project.state)
        shelf = read_posts(project, ledger, named)
        if shelf.mend:
            raise TrackerError("; ".join(shelf.mend))
        ours = writing.lines_of(ledger.stubs)
        chosen = [p for p in shelf.posts if not shelf.named or p.path in shelf.named]
        mended = mend(chosen, ledger, lambda path, source: post.parse(path, source, identify, ours))
        diffs = [_diff(p, mended.posts[p.path]) for p in chosen if p.path in mended.posts]
        if not diffs or not agree(diffs):
            return replace(mended, counts={})
        _write(project, mended.posts.items(), shelf.posts)
    return mended


def build(project: Project, now: datetime) -> tuple[str, ...]:
    """Make feeds and pages anew from the ledger and the posts. Returns the files that changed.

    Raises TrackerError where there is no ledger or no address to publish at.
    """
    file = project.root / project.state
    with state.lock(file), state.disk():
        ledger = state.load(file, project.state)
        if ledger.started is None:
            raise TrackerError(f"{project.state}: nothing was refreshed yet: run tracker refresh")
        if not any(site.url for site in project.sites):
            raise TrackerError(_no_address(project)[0])
        shelf = read_posts(project, ledger, ())
        nothing = Ledger(published=ledger.published)  # every page is to be made
        done, files = derived.derive(project, nothing, ledger, shelf.posts, {}, now)
        steps = [(project.state, state.dump(done)), *files.items()]
        return _write(project, steps, shelf.posts)


def _write(
    project: Project, steps: Iterable[tuple[str, bytes]], posts: Iterable[Post]
) -> tuple[str, ...]:
    """Write files one after the other; the names of those that differed, each once. What a killed
    run left beside them and beside the posts is removed."""
    names = (project.state, details.path_of(project.state, ""), *(read.path for read in posts))
    state.tidy(
        project.root, (*(str(PurePosixPath(n).parent) for n in names), *derived.folders(project))
    )
    written = [name for name, content in steps if state.write(project.root, name, content)]
    return tuple(dict.fromkeys(written))


# --- gather ------------------------------------------------------------------------------------


def _chosen(reading: Reading, wishes: Wishes, named: frozenset[str]) -> list[str] | None:
    """The ids of the reports that a run was narrowed to, or None for all."""
    if not wishes.posts and not wishes.only:
        return None
    records = reading.ledger.reports
    picked = [n for n, r in records.items() if not wishes.posts or r.post in named]
    if wishes.only:
        wanted = {name.casefold() for name in wishes.only}
        picked = [n for n in picked if called(n, records[n].name) & wanted]
        if not picked:
            names = ", ".join(r.name for r in records.values())
            raise TrackerError(f"no report named {', '.join(wishes.only)}: there are {names}")
    return picked


# --- what is said ------------------------------------------------------------------------------


def _warnings(project: Project, shelf: Shelf, ledger: Ledger, decided: Written) -> Iterator[str]:
    yield from shelf.warnings
    yield from _refused(decided.refused)
    yield from _not_edited(shelf.posts, ledger)
    yield from _no_address(project)
    yield from _no_report(project, decided.done)


def _no_report(project: Project, ledger: Ledger) -> Iterator[str]:
    names = {name for n, record in ledger.reports.items() for name in called(n, record.name)}
    for site in project.sites:
        for wanted in site.report_feeds:
            if wanted.casefold() not in names:
                yield f"{project.settings}: report_feeds: no report named {wanted}: tracker links names them"


def _refused(counts: Mapping[str, int]) -> Iterator[str]:
    for path, count in counts.items():
        yield (
            f"{path}: {count} new line(s) would not be read as list items there, or change how the "
            "text is read: not written, see tracker log"
        )


def _not_edited(posts: Iterable[Post], ledger: Ledger) -> Iterator[str]:
    """Said once, when a post is first read."""
    known = {record.post for record in ledger.reports.values()}
    for read in posts:
        if not read.editable and read.path not in known:
            why = "not Markdown" if is_scanned(read.path) else "a symbolic link"
            yield (
                f"{read.path}: {why}: its links are watched, changes are in the feeds; "
                "no line is written into it"
            )


def _no_address(project: Project) -> tuple[str, ...]:
    line = 'site_url = "https://OWNER.github.io/REPOSITORY/"'
    name = project.settings or "tracker.toml"
    return tuple(
        f"{name}: no address, so no feeds{f' in {site.feeds}/' if several else ''}: add the line {line}"
        for several in [len(project.sites) > 1]
        for site in project.sites
        if not site.url
    )


def _diff(before: Post, after: bytes) -> str:
    lines = difflib.unified_diff(
        before.source.decode().splitlines(keepends=True),
        after.decode().splitlines(keepends=True),
        f"a/{before.path}",
        f"b/{before.path}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
