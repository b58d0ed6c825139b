"""What an upstream is asked and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tracker.model.kinds import Basis, Standing
from tracker.model.links import Upstream


@dataclass(frozen=True)
class Item:
    """One entry of a collection: its type (`model`, `dataset`, `paper`, …), its name, when it was
    added, and what it is (a paper's title, what a model does), where the upstream tells."""

    type: str
    name: str
    added: datetime | None = field(default=None, compare=False)
    about: str = field(default="", compare=False)


@dataclass(frozen=True)
class FileChange:
    """A file of a repository that came (`+`), went (`-`) or differs (`~`)."""

    sign: Literal["+", "-", "~"]
    path: str


@dataclass(frozen=True)
class Version:
    """One state an upstream was in: its name, its date, its permanent address, and what the
    authors said of it (a commit's first line)."""

    name: str | None
    released: datetime | None
    url: str
    note: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """What an upstream looks like: the few fields worth comparing, never a counter.

    `version` is what `basis` says: `v3`, a blob or tree, a tag, a commit, a revision, or the
    12 hex digits of a set of items. `url` is pinned to that version. `title` is the upstream's
    own spelling. `identity` is the permanent id that survives a rename. `moved_to` is a key.
    `ref` is where REF/PATH of a GitHub link was cut, and `fixed` says that REF is a tag.
    """

    version: str | None
    released: datetime | None
    url: str
    title: str
    basis: Basis = "version"
    identity: str | None = None
    archived: bool = False
    withdrawn: bool = False
    gone: bool = False
    moved_to: str | None = None
    comment: str | None = None
    journal: str | None = None
    doi: str | None = None
    items: tuple[Item, ...] = ()
    ref: str | None = None
    fixed: bool = False

    @property
    def standing(self) -> Standing:
        """The one word for how it stands, the gravest first."""
        if self.gone:
            return "gone"
        if self.withdrawn:
            return "withdrawn"
        if self.moved_to:
            return "moved"
        return "archived" if self.archived else "there"


@dataclass(frozen=True)
class Found:
    """An answer: the snapshot of now, and what was learnt about the way to it.

    `history` is newest first and starts with the snapshot's version; it reaches back to the
    version that stood at the question's `since` where that was asked and could be told, and
    `whole` says that its last entry is the first version there ever was. For a file that is gone,
    it is the deleting commit, then the last copy. `parts` are what differs between `compared` and
    the snapshot (`weights`, `tokenizer`, `configuration`, `data`, `card`, `code`), None where
    nobody could tell; `files` are the very files. `text` is what the authors wrote of the newest
    release. `papers` are arXiv ids that a changed upstream names (a model's tags, a README):
    candidates to offer. `authenticated` tells that a token was used.
    """

    snapshot: Snapshot
    history: tuple[Version, ...] = ()
    whole: bool = False
    parts: tuple[str, ...] | None = None
    files: tuple[FileChange, ...] = ()
    compared: str | None = None
    text: str = ""
    papers: tuple[str, ...] = ()
    authenticated: bool = False


@dataclass(frozen=True)
class Absent:
    """An answer: no such thing at this address now. Absent is not gone."""

    reason: str
    authenticated: bool = False


@dataclass(frozen=True)
class Unchecked:
    """An answer: it could not be checked this time, and why. It never touches what was seen."""

    reason: str


Answer = Found | Absent | Unchecked


@dataclass(frozen=True)
class Question:
    """What a source is asked: an upstream, what was seen of it (None at first sight), and, for
    links first read since, the earliest baseline: `since` a date, `pin` a version."""

    upstream: Upstream
    seen: Snapshot | None = None
    since: datetime | None = None
    pin: str | None = None
