"""The nouns of what differs between two versions of an upstream. Nothing here asks or compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.model import Basis, FileChange, Upstream, Version
from tracker.papers.revision import Differences


@dataclass(frozen=True)
class Pair:
    """Two versions of an upstream to compare. `title` is the upstream's own spelling; `files` are
    those that differ, where its source told them with the answer."""

    upstream: Upstream
    title: str
    basis: Basis
    old: Version
    new: Version
    files: tuple[FileChange, ...] = ()


@dataclass(frozen=True)
class KeyChange:
    """A key of a JSON file (`rope_scaling.factor`) whose value changed; values as compact JSON,
    None where the key is not there."""

    file: str
    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Difference:
    """What differs between two versions, as far as it could be told: empty where nobody could.

    `document` is of the text itself: a paper, a PDF, a Markdown file, the card of a model. `names`
    are keys of upstreams that the new text names and the old one does not. `commits` are those
    after the old version, the newest first. `notes` are what the authors wrote of a release.
    `reason` says in one line why something could not be compared.
    """

    document: Differences | None = None
    format: Literal["html", "pdf", "markdown"] | None = None
    comment: tuple[str, str] | None = None
    keys: tuple[KeyChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    names: tuple[str, ...] = ()
    commits: tuple[Version, ...] = ()
    notes: str = ""
    reason: str | None = None

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return self != Difference()
