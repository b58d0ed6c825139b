"""Upstreams in memory: what they are, what they answer, and what a run must find in that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.changes import digest_of
from tracker.model import (
    Absent,
    Answer,
    Baseline,
    Found,
    Item,
    Question,
    Snapshot,
    Unchecked,
    Version,
)

LINKS = {
    "arxiv:2501.00001": "[pdf](https://arxiv.org/abs/2501.00001)",
    "arxiv:2501.00002": "[pdf](https://arxiv.org/pdf/2501.00002)",
    "arxiv:2501.00003": "[pdf](https://arxiv.org/abs/2501.00003v1)",
    "github:o/r": "[code](https://github.com/o/r)",
    "github:o/r/blob/main/a.pdf": "[pdf](https://github.com/o/r/blob/main/a.pdf)",
    "github:p/q/blob/main/b.pdf": "[pdf](https://github.com/p/q/blob/main/b.pdf)",
    "huggingface:models/o/m": "[model](https://huggingface.co/o/m)",
    "huggingface:models/o/n": "[weights](https://huggingface.co/o/n)",
    "huggingface:collections/" + "a" * 24: "[models](https://huggingface.co/collections/o/c-"
    + "a" * 24
    + ")",
}
RENAMED = {
    "github:o/r": ("github:o/new", "[code](https://github.com/o/new)"),
    "huggingface:models/o/m": (
        "huggingface:models/o/new",
        "[model](https://huggingface.co/o/new)",
    ),
}
COUNTED = {"arxiv": "version", "github": "blob", "huggingface": "revision"}


@dataclass(frozen=True)
class State:
    """An upstream at one time, as far as a run can tell."""

    basis: str
    version: str | None
    items: frozenset[str] = frozenset()
    moved: str | None = None
    archived: bool = False
    withdrawn: bool = False
    published: str | None = None
    gone: bool = False


@dataclass
class Upstream:
    """An upstream that lives: its versions (name, when, what differs), oldest first, and the rest."""

    key: str
    since: datetime
    versions: list[tuple[str, datetime, tuple[str, ...]]] = field(default_factory=list)
    tags: list[tuple[str, datetime, tuple[str, ...]]] = field(default_factory=list)
    items: dict[str, datetime] = field(default_factory=dict)
    mode: str = "there"
    moved: str | None = None
    archived: bool = False
    withdrawn: bool = False
    published: str | None = None
    deleted: datetime | None = None

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def type(self) -> str:
        if "/collections/" in self.key.replace(":", "/"):
            return "items"
        return "repository" if self.key.count("/") == 1 and self.kind == "github" else "other"

    @property
    def line(self) -> list[tuple[str, datetime, tuple[str, ...]]]:
        """The versions that count."""
        return self.tags or self.versions

    @property
    def basis(self) -> str:
        if self.type == "items":
            return "items"
        if self.type == "repository":
            return "release" if self.tags else "commit"
        return COUNTED[self.kind]

    def state(self) -> State:
        items = frozenset(self.items)
        version = digest_of(self._items()) if self.type == "items" else self.line[-1][0]
        return State(
            self.basis,
            version,
            items,
            self.moved,
            self.archived,
            self.withdrawn,
            self.published,
            self.deleted is not None,
        )

    def at(self, when: datetime) -> str | None:
        """The version that stood at a time; the first one where it is younger."""
        if self.tags and self.tags[0][1] > when:
            return None
        told = [name for name, day, _ in self.line if day <= when]
        return told[-1] if told else self.line[0][0]

    def parts(self, start: str | None) -> tuple[str, ...] | None:
        """What differs since a version."""
        names = [name for name, _, _ in self.versions]
        if start not in names or self.key.startswith("huggingface") is False:
            return None
        last = len(names) - 1 - names[::-1].index(start)
        return tuple(sorted({part for _, _, parts in self.versions[last + 1 :] for part in parts}))

    def answer(self, question: Question) -> Answer:
        """What it says now."""
        if self.mode == "silent":
            return Unchecked("it answered 503")
        if self.mode == "absent":
            return Absent("404")
        if self.mode == "nonsense":  # what a source makes of it
            return Absent("another repository has the name now")
        page = self._page()
        told = tuple(Version(n, d, f"{page}{n}", f"made {n}") for n, d, _ in reversed(self.line))
        if self.type == "items":
            items = self._items()
            snapshot = Snapshot(digest_of(items), None, page, "Things", "items", items=items)
            return Found(snapshot)
        name, day, _ = self.line[-1]
        snapshot = Snapshot(
            name,
            day,
            f"{page}{name}",
            (self.moved or self.key).partition(":")[2].removeprefix("models/"),
            self.basis,
            identity="1",
            archived=self.archived,
            withdrawn=self.withdrawn,
            moved_to=self.moved,
            journal=self.published,
        )
        if self.deleted:
            gone = replace(snapshot, gone=True, released=self.deleted)
            deleting = Version(None, self.deleted, "https://github.com/p/q/commit/" + "d" * 40)
            return Found(gone, (deleting, told[0]))
        start = question.seen.version if question.seen else None
        start = start or self.at(question.since or self.since)
        parts = self.parts(start)
        compared = start if parts is not None else None
        return Found(snapshot, told, whole=not self.tags, parts=parts, compared=compared)

    def _items(self) -> tuple[Item, ...]:
        return tuple(Item("model", f"o/{name}", day) for name, day in self.items.items())

    def _page(self) -> str:
        rest = self.key.partition(":")[2]
        if self.type == "items":
            return LINKS[self.key].partition("(")[2].rstrip(")")
        return {
            "arxiv": f"https://arxiv.org/abs/{rest}",
            "github": f"https://github.com/{rest.partition('/blob')[0]}/commit/",
            "huggingface": f"https://huggingface.co/{rest.removeprefix('models/')}/commit/",
        }[self.kind]


def kinds(seen: State, now: State) -> set[str]:
    """The kinds of changes that a run must find between two looks, no more and no fewer."""
    if now.gone:
        return set() if seen.gone else {"gone"}
    found = {"back"} if seen.gone else set()
    if now.moved and now.moved != seen.moved:
        found.add("moved")
    if now.archived and not seen.archived:
        found.add("archived")
    if now.published and not seen.published:
        found.add("published")
    if now.basis == "items":
        found |= {"items added"} if now.items - seen.items else set()
        found |= {"items removed"} if seen.items - now.items else set()
    elif now.version != seen.version:
        found.add(
            "withdrawn" if now.withdrawn else "released" if now.basis == "release" else "revised"
        )
    return found


def baseline_kinds(upstream: Upstream, baseline: Baseline) -> set[str]:
    """The kinds that a first look must find, for a link that no earlier one was of."""
    now = upstream.state()
    if now.gone:
        return {"gone"}
    found = {"moved"} if now.moved else set()
    found |= {"archived"} if now.archived else set()
    if now.basis == "items":
        late = [name for name, day in upstream.items.items() if day > baseline.since]
        return found | ({"items added"} if late else set())
    behind_a_redirect = now.basis == "revision" and now.moved
    start = baseline.pin or upstream.at(baseline.since)
    if now.withdrawn:
        found.add("withdrawn")
    elif start != now.version and not behind_a_redirect:
        found.add("released" if now.basis == "release" else "revised")
    return found
