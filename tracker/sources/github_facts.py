"""GitHub's nouns: what can be wanted of it, and the facts that answer a want, by either road."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Literal, TypeVar

from tracker.http import NotChecked
from tracker.sources.github_links import REPOSITORY, SHA
from tracker.text import clean

T_co = TypeVar("T_co", covariant=True)
PAGE = 30  # commits a page
MANY = 100  # releases or tags a page
_PROSE = 20_000  # characters


class Missing(Exception):  # noqa: N818 - it is an answer, not an error
    """There is no such thing, as far as GitHub says."""


class Unreadable(NotChecked):
    """An answer that is not in GitHub's shape."""

    def __init__(self) -> None:
        """One reason is enough: nobody but GitHub can mend it."""
        super().__init__("unreadable answer")


# --- facts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Repository:
    """A repository: its permanent id, OWNER/NAME in its own spelling, and its default branch."""

    identity: str
    name: str
    archived: bool
    branch: str | None


@dataclass(frozen=True)
class Commit:
    """One commit: `note` is the first line of its message, `tree` the whole of its files."""

    sha: str
    date: datetime
    note: str | None
    tree: str


@dataclass(frozen=True)
class Release:
    """A release that is neither draft nor prerelease: `note` is its title, `text` what its authors
    wrote of it, which lists do not tell."""

    tag: str
    date: datetime | None
    note: str | None
    text: str = ""


@dataclass(frozen=True)
class Tag:
    """A tag and its commit, with the commit's date where the answer told it."""

    name: str
    sha: str
    date: datetime | None


@dataclass(frozen=True)
class Place:
    """Where a file or folder was found, and its identity there. `fixed`: the ref is a tag."""

    sha: str
    basis: Literal["blob", "tree"]
    ref: str
    path: str
    fixed: bool = False


@dataclass(frozen=True)
class Looked:
    """A repository, and the file or folder in it, or None where it has none of this name."""

    repository: Repository
    place: Place | None


@dataclass(frozen=True)
class Newest:
    """A repository, and what its version can be taken from, in the order of preference."""

    repository: Repository
    release: Release | None = None
    tags: tuple[Tag, ...] = ()
    head: Commit | None = None


@dataclass(frozen=True)
class Log:
    """A page of commits, newest first; `more` is where the next page starts, None at the end."""

    commits: tuple[Commit, ...] = ()
    more: str | None = None


@dataclass(frozen=True)
class Releases:
    """A page of releases, newest first; `more` as in a log."""

    releases: tuple[Release, ...] = ()
    more: str | None = None


# --- wants ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Want(Generic[T_co]):
    """Something to ask of the repository OWNER/NAME, answered by a fact of type T_co."""

    repository: str


@dataclass(frozen=True)
class Look(Want[Looked]):
    """A file (`blob`) or folder (`tree`) at the first of (REF, PATH) that exists.

    untagged: it is known already that REF is no tag.
    """

    kind: str
    cuts: tuple[tuple[str, str], ...]
    untagged: bool = False


@dataclass(frozen=True)
class LookNewest(Want[Newest]):
    """The repository's newest release, tag or commit."""


@dataclass(frozen=True)
class History(Want[Log]):
    """Commits at REF that touched PATH ("": all), newest first, none after `until`."""

    ref: str
    path: str
    until: datetime | None = None
    count: int = PAGE
    page: int = 1
    after: str | None = None


@dataclass(frozen=True)
class Sha(Want[str | None]):
    """The identity of PATH at a commit, or None where it has none."""

    commit: str
    path: str
    kind: str


@dataclass(frozen=True)
class Dated(Want[datetime]):
    """When a commit was made."""

    commit: str


@dataclass(frozen=True)
class ReleaseList(Want[Releases]):
    """A page of releases."""

    page: int = 1
    after: str | None = None


@dataclass(frozen=True)
class Readme(Want[str | None]):
    """The text of the default branch's README, or None where it cannot be had."""


# --- words of both roads -------------------------------------------------------------------------


def repository(identity: object, name: object, archived: object, branch: object) -> Repository:
    """A repository of four fields of a payload."""
    if (
        isinstance(identity, int)
        and isinstance(name, str)
        and REPOSITORY.fullmatch(name)
        and isinstance(archived, bool)
    ):
        return Repository(
            str(identity), name, archived, branch if isinstance(branch, str) else None
        )
    raise Unreadable


def commit(sha_: object, date: object, message: object, tree: object) -> Commit:
    """A commit of four fields of a payload."""
    lines = message.split("\n", 1) if isinstance(message, str) else [""]
    return Commit(sha(sha_), moment(date), clean(lines[0]) or None, sha(tree))


def release(tag: object, date: object, name: object, text: object = None) -> Release:
    """A release of four fields of a payload."""
    note = clean(name) or None if isinstance(name, str) else None
    return Release(label(tag), moment(date) if date else None, note, prose(text))


def prose(value: object) -> str:
    """What authors wrote, line by line: no control or invisible character but the ends of lines."""
    if not isinstance(value, str):
        return ""
    lines = (line.expandtabs(4) for line in value[:_PROSE].splitlines())
    kept = ("".join(c for c in line if unicodedata.category(c)[0] != "C") for line in lines)
    return "\n".join(kept)[:_PROSE].strip()


def label(value: object) -> str:
    """The name of a tag."""
    if isinstance(value, str) and re.fullmatch(r"[^\x00-\x20\x7f\ud800-\udfff]{1,255}", value):
        return value
    raise Unreadable


def sha(value: object) -> str:
    """An object's id."""
    if isinstance(value, str) and SHA.fullmatch(value):
        return value
    raise Unreadable


def moment(value: object) -> datetime:
    """An instant: UTC, whole seconds."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
        if read and read.tzinfo:
            return read.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    raise Unreadable
