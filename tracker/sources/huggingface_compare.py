"""What is new in a model, dataset or space: its history, what to compare with, and which files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import FileChange, Found, Question, Snapshot, Version
from tracker.sources import huggingface_read as read
from tracker.sources.huggingface_hub import Hub, Missing
from tracker.sources.huggingface_links import NAME, SITE
from tracker.sources.huggingface_parts import file_changes, parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Compared:
    """A question about a repository beside the repository that answered it."""

    question: Question
    hub: Hub
    repository: read.Repository
    now: datetime

    def found(self) -> Found:
        """The snapshot, and, where it is news, the way from what was there before."""
        moved_to = self._moved_to()
        history, whole = self._history()
        old = self._old(history, whole=whole)
        news = self._differs and old != self.repository.revision
        differing, files = self._differing(old) if news and old else (None, ())
        return Found(
            self._snapshot(moved_to),
            history,
            whole,
            parts=differing,
            files=files,
            compared=old if news else None,
            papers=self.repository.papers if news else (),
            authenticated=self.hub.authenticated,
        )

    @property
    def _seen(self) -> str | None:
        return self.question.seen.version if self.question.seen else None

    @property
    def _identity(self) -> str | None:
        return self.question.seen.identity if self.question.seen else None

    @property
    def _later(self) -> bool:
        """Whether anything happened since the date that is asked about."""
        return self.question.since is not None and self.repository.modified > self.question.since

    @property
    def _differs(self) -> bool:
        revision = self.repository.revision
        return self._later or any(
            v not in (None, revision) for v in (self._seen, self.question.pin)
        )

    @property
    def _open(self) -> bool:
        """Whether files and commits are shown; of a gated repository, only to a token."""
        return self.hub.authenticated or not self.repository.gated

    def _page(self, revision: str) -> str:
        prefix = "" if self.repository.kind == "models" else f"{self.repository.kind}/"
        return f"{SITE}/{prefix}{self.repository.name}/commit/{revision}"

    def _snapshot(self, moved_to: str | None) -> Snapshot:
        return Snapshot(
            version=self.repository.revision,
            released=self.repository.modified,
            url=self._page(self.repository.revision),
            title=self.repository.name,
            basis="revision",
            identity=self.repository.identity or self._identity,
            moved_to=moved_to,
        )

    def _moved_to(self) -> str | None:
        """The key it has now, if another. Raises Missing where it is another repository.

        A permanent id seen before settles it. At first sight, what the Hub made only after the
        baseline cannot be what the author linked.
        """
        key = f"{NAME}:{self.repository.kind}/{self.repository.name.lower()}"
        elsewhere = key != self.question.upstream.key
        known, identity = self._identity, self.repository.identity
        if elsewhere and identity is None:
            raise read.Unreadable
        if identity and known:
            another = identity != known
        else:
            baseline = self.question.since or self.now
            another = elsewhere and identity is not None and read.born(identity) > baseline
        if another:
            raise Missing("another repository has this name now")
        return key if elsewhere else None

    def _history(self) -> tuple[tuple[Version, ...], bool]:
        """Back to the version that stood at `since`, or to the pin; empty where it is not shown."""
        since, pin = self.question.since, self.question.pin
        if since is not None and not self._later:
            revision = self.repository.revision
            return (Version(revision, self.repository.modified, self._page(revision)),), False
        if not (self._later or (self.question.seen is None and self._differs)) or not self._open:
            return (), False

        def enough(commit: read.Commit) -> bool:
            return commit.date <= since if since is not None else commit.revision == pin

        commits, whole = self.hub.commits(self.repository, enough)
        return (
            tuple(Version(c.revision, c.date, self._page(c.revision), c.title) for c in commits),
            whole,
        )

    def _old(self, history: Sequence[Version], *, whole: bool) -> str | None:
        """What to compare with: what was seen, else the pin, else what stood at `since`.

        A repository younger than `since` is compared with its first commit.
        """
        for version in (self._seen, self.question.pin):
            if version not in (None, self.repository.revision):
                return version
        since, last = self.question.since, history[-1] if history else None
        if last and since and last.released and (whole or last.released <= since):
            return last.name
        return None

    def _differing(self, old: str) -> tuple[tuple[str, ...] | None, tuple[FileChange, ...]]:
        """Which parts differ, and which files; None and none where nobody can tell, and for spaces:
        they are minor."""
        if self.repository.kind == "spaces" or not self._open:
            return None, ()
        before = self.hub.tree(self.repository, old)
        if before is None:
            return None, ()
        after = self.hub.tree(self.repository, self.repository.revision)
        if after is None:
            return None, ()
        return parts(self.repository.kind, before, after), file_changes(before, after)
