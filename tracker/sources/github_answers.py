"""From GitHub's facts to answers: what is wanted next, and what follows from it. It asks nothing.

Each answer is a generator: it yields wants, is sent their facts (or thrown why there are none),
and returns what was found. So both roads share every decision.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.model import Basis, Found, Question, Snapshot, Version
from tracker.sources.arxiv_links import paper
from tracker.sources.github_facts import (
    MANY,
    Commit,
    Dated,
    History,
    Log,
    LookNewest,
    Missing,
    Newest,
    Release,
    ReleaseList,
    Repository,
    Tag,
    Want,
)
from tracker.sources.github_links import NAME, SITE, spell

if TYPE_CHECKING:
    from datetime import datetime

T = TypeVar("T")
Steps = Generator[tuple[Want[Any], ...], tuple[Any, ...], T]

_LOG_PAGES = 5
_RELEASE_PAGES = 2
_TAG_DATES = 5  # tags whose dates are asked for, one request each without GraphQL
_PAPERS = 5
_PAPER = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|\barxiv[:.] ?|10\.48550/arxiv\.)"
    r"(\d{4}\.\d{4,5}(?!\d)|[a-z-]{2,20}(?:\.[a-z]{2})?/\d{7}(?!\d))",
    re.I,
)


def one(want: Want[T]) -> Steps[T]:
    """Want one thing."""
    facts = yield (want,)
    fact: T = facts[0]
    return fact


def back_to(since: datetime, want: History, log: Log) -> Steps[Log]:
    """The log with further pages, until one reaches back to `since`; at last, with a gap."""
    commits, more = log.commits, log.more
    pages = _LOG_PAGES if want.path else 1  # every commit changes the whole: no use in pages
    page = 1
    while more and not any(commit.date <= since for commit in commits):
        page += 1
        if page > pages:
            log = yield from one(replace(want, until=since, count=1))
            return Log(commits + tuple(c for c in log.commits if c.date <= since), more)
        log = yield from one(replace(want, page=page, after=more))
        commits, more = commits + log.commits, log.more
    return Log(commits, more)


def known(repository: Repository, seen: Snapshot | None) -> None:
    """Whether it is the repository that was seen under this name. Raises Missing."""
    if seen and seen.identity and seen.identity != repository.identity:
        raise Missing("another repository has this name now")


def moved(repository: Repository, asked: str, rest: str = "") -> str | None:
    """The new key of what lives in a repository that has another name than the asked one."""
    name = repository.name.lower()
    return None if name == asked.lower() else f"{NAME}:{name}{rest}"


def papers(readme: str | None) -> tuple[str, ...]:
    """The arXiv ids in a README, in order, each once: candidates to offer."""
    found: dict[str, None] = {}
    for match in _PAPER.finditer(readme or ""):
        read = paper(match[1])
        if read and len(found) < _PAPERS:
            found[read[0]] = None
    return tuple(found)


# --- repositories --------------------------------------------------------------------------------


def of_repository(question: Question, asked: str) -> Steps[Found]:
    """A repository: its newest release, else its newest tag, else the head of its branch."""
    newest = yield from one(LookNewest(asked))
    repository, seen, since = newest.repository, question.seen, question.since
    known(repository, seen)
    history, whole, basis = yield from _versions(newest, seen, since)
    now = history[0] if history else Version(None, None, f"{SITE}/{repository.name}")
    snapshot = Snapshot(
        version=now.name,
        released=now.released,
        url=now.url,
        title=repository.name,
        basis=basis,
        identity=repository.identity,
        archived=repository.archived,
        moved_to=moved(repository, asked),
    )
    return Found(snapshot, history, whole, text=newest.release.text if newest.release else "")


def _versions(
    newest: Newest, seen: Snapshot | None, since: datetime | None
) -> Steps[tuple[tuple[Version, ...], bool, Basis]]:
    """The newest version and those before it back to `since`, whether these are all, and what
    they are."""
    if newest.release:
        history, whole = yield from _releases(newest.repository.name, newest.release, since)
        return history, whole, "release"
    if newest.tags:
        history, whole = yield from _tags(newest, seen, since)
        return history, whole, "tag"
    if newest.head:
        history = yield from _commits(newest.repository.name, newest.head, since)
        return history, False, "commit"
    return (), False, "commit"


def _releases(
    repository: str, latest: Release, since: datetime | None
) -> Steps[tuple[tuple[Version, ...], bool]]:
    """The latest release, and those before it back to the one that stood at `since`."""
    versions = [_tagged(repository, latest.tag, latest.date, latest.note)]
    if since is None or latest.date is None or latest.date <= since:
        return tuple(versions), False
    want = ReleaseList(repository)
    found: list[Release] = []
    for page in range(1, _RELEASE_PAGES + 1):
        listed = yield from one(want)
        found += listed.releases
        if listed.more is None or any(r.date and r.date <= since for r in listed.releases):
            break
        want = replace(want, page=page + 1, after=listed.more)
    earlier = {
        r.tag: (r.date, r)
        for r in found
        if r.date and r.date <= latest.date and r.tag != latest.tag
    }
    for date, release in sorted(earlier.values(), key=lambda pair: pair[0], reverse=True):
        versions.append(_tagged(repository, release.tag, date, release.note))
        if date <= since:
            break
    return tuple(versions), listed.more is None and len(versions) == 1 + len(earlier)


def _tags(
    newest: Newest, seen: Snapshot | None, since: datetime | None
) -> Steps[tuple[tuple[Version, ...], bool]]:
    """The highest tag, and the next lower ones back to the one that stood at `since`."""
    repository = newest.repository.name
    tags = sorted(newest.tags, key=natural, reverse=True)
    versions: list[Version] = []
    for tag in tags[: _TAG_DATES + 1]:
        date = tag.date
        if date is None and seen and (seen.basis, seen.version) == ("tag", tag.name):
            date = seen.released
        if date is None:
            date = yield from one(Dated(repository, tag.sha))
        versions.append(_tagged(repository, tag.name, date))
        if since is None or date <= since:
            break
    return tuple(versions), len(versions) == len(tags) < MANY


def _commits(repository: str, head: Commit, since: datetime | None) -> Steps[tuple[Version, ...]]:
    """The head, and the commit that stood at `since`."""
    versions = [_pushed(repository, head)]
    if since and head.date > since:
        log = yield from one(History(repository, head.sha, "", until=since, count=1))
        versions += [_pushed(repository, c) for c in log.commits[:1] if c.date <= since]
    return tuple(versions)


def _tagged(repository: str, tag: str, date: datetime | None, note: str | None = None) -> Version:
    return Version(tag, date, f"{SITE}/{repository}/releases/tag/{spell(tag)}", note)


def _pushed(repository: str, commit: Commit) -> Version:
    return Version(commit.sha, commit.date, f"{SITE}/{repository}/commit/{commit.sha}", commit.note)


def natural(tag: Tag) -> tuple[list[tuple[int, int, str]], str]:
    """What tags are ordered by: v1.10 above v1.9, v1.0 above v1.0-rc1, words below numbers."""
    words, end, number = range(3)
    name = re.sub(r"^v(?=\d)", "", tag.name.lower())
    parts = re.findall(r"\d{1,18}|[^\W\d_]+", name)
    key = [(number, int(p), "") if p.isdecimal() else (words, 0, p) for p in parts]
    return [*key, (end, 0, "")], tag.name
