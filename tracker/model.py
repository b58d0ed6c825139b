"""The nouns: frozen values that every other module speaks in. Nothing here reads, writes or asks.

Times are aware datetimes in UTC, whole seconds. Spans are byte offsets into a post's source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "revised",
    "released",
    "published",
    "withdrawn",
    "items added",
    "items removed",
    "moved",
    "archived",
    "gone",
    "back",
]
Significance = Literal["major", "normal", "minor"]
Standing = Literal["there", "withdrawn", "archived", "moved", "gone"]
Basis = Literal["version", "blob", "tree", "release", "tag", "commit", "revision", "items"]


class TrackerError(Exception):
    """Something the user must mend: one line that names file, place and remedy."""


def page(key: str) -> str:
    """The web address of what a key names; empty where only its source can tell it."""
    kind, _, rest = key.partition(":")
    if kind == "arxiv":
        return f"https://arxiv.org/abs/{rest}"
    if kind == "github":
        return f"https://github.com/{rest}"
    if kind == "huggingface":
        return f"https://huggingface.co/{rest.removeprefix('models/')}"
    return ""


# --- what a post says ------------------------------------------------------------------------


@dataclass(frozen=True)
class Upstream:
    """What a link names, whatever its spelling.

    `key` is permanent and the only thing compared: `arxiv:2501.08313`, `github:owner/name`,
    `github:owner/name/blob/REF/PATH`, `huggingface:models/owner/name`,
    `huggingface:collections/24HEX`. `name` is the same in the link's own spelling, without the
    kind, and is what to ask for: a lower-case key would cost a redirect at Hugging Face, and a
    collection is asked for by owner and slug.
    """

    key: str
    name: str = field(compare=False)

    @property
    def kind(self) -> str:
        """The source's name: `arxiv`, `github` or `huggingface`."""
        return self.key.partition(":")[0]


@dataclass(frozen=True)
class Target:
    """What a source makes of a URL: which upstream it names, if any, and the version it pins.

    `asked` is False where nothing can ever change (a file at a commit, a release's own page).
    """

    kind: str
    upstream: Upstream | None = None
    pinned: str | None = None
    asked: bool = True


@dataclass(frozen=True)
class Unit:
    """What holds a link and stands for a report where a section holds many: a list item, a table
    row or a paragraph, by its span in bytes. `outer` is the list item around it, if any."""

    type: Literal["item", "row", "paragraph"]
    start: int
    end: int
    outer: Unit | None = None


@dataclass(frozen=True)
class Link:
    """A link as a renderer would show it: its address, its words and where it stands.

    `line` is 1-based; `start` and `end` are byte offsets of the whole construct. `target` is
    None for a host that no source knows. `own` tells a report's own links (in its heading, or in
    a line that begins with a link) from citations; in a list each unit's links are its own. `unit`
    is None where the section is the unit. `image`: it is shown, and leads nowhere.
    """

    url: str
    label: str
    line: int
    start: int
    end: int
    target: Target | None = None
    own: bool = False
    unit: Unit | None = None
    image: bool = False

    @property
    def upstream(self) -> Upstream | None:
        """The upstream it names, or None."""
        return self.target.upstream if self.target else None

    @property
    def pinned(self) -> str | None:
        """The version it pins (`v2`, a commit, a tag), or None."""
        return self.target.pinned if self.target else None

    @property
    def watched(self) -> bool:
        """Whether there is anything to ask about it."""
        return bool(self.target and self.target.upstream and self.target.asked)


# --- what an upstream answers ----------------------------------------------------------------


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


# --- what the ledger keeps -------------------------------------------------------------------


@dataclass(frozen=True)
class Baseline:
    """From where on a report wants to know about an upstream: a version it pins, else a date.

    `settled` once an answer has been compared with it; from then on what was seen counts.
    """

    since: datetime
    pin: str | None = None
    settled: bool = False


@dataclass(frozen=True)
class Watch:
    """What the ledger knows of one upstream. `reports` maps a report's id to its baseline.

    `absent` are the times of absence so far, one a day at most. `authenticated` tells that the
    last answer was had with a token: without one, an absence may be a lack of rights.
    """

    upstream: Upstream
    reports: dict[str, Baseline] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    unchecked_since: datetime | None = None
    reason: str | None = None
    absent: tuple[datetime, ...] = ()
    authenticated: bool = False


@dataclass(frozen=True)
class Touched:
    """A note of the author's that a change may touch, as it is, and the new sentence beside it."""

    report: str
    note: str
    now: str


@dataclass(frozen=True)
class Change:
    """One finished fact about an upstream, published once, for ever.

    `old` and `new` are versions (for a collection `11 items`, for `gone` None). `reports` are
    ids. The rest is what the words are made of: the authors' `quote`, the `items` that came or
    went, the `parts` of a model, the `last` copy of what is gone, a paper to offer as `also`
    (`2501.12948v1`), and since when (`since`) where no date is known. `facts` are what a line says
    of what differs, `touched` the notes that it may touch; the whole difference is in a file of its
    own where `whole` says so.
    """

    id: str
    upstream: str
    kind: Kind
    significance: Significance
    reports: tuple[str, ...]
    old: str | None
    new: str | None
    url: str
    title: str
    found: datetime
    released: datetime | None = None
    old_released: datetime | None = None
    since: datetime | None = None
    basis: Basis = "version"
    quote: str | None = None
    journal: str | None = None
    doi: str | None = None
    items: tuple[Item, ...] = ()
    parts: tuple[str, ...] = ()
    last: Version | None = None
    also: str | None = None
    also_title: str | None = None
    summary: str = ""
    details: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    touched: tuple[Touched, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class Stub:
    """One line for a post: which changes of one upstream it tells, its text without line ending,
    and whether it was put in.

    `replaces` is our earlier line that it takes the place of, until it is written; `held` marks a
    line that a too loud run did not write.
    """

    report: str
    upstream: str
    changes: tuple[str, ...]
    text: str
    replaces: str | None = None
    written: bool = False
    held: bool = False


@dataclass(frozen=True)
class Notes:
    """The author's own news: a new section, or new notes in one (their text, in order)."""

    id: str
    report: str
    found: datetime
    new_section: bool
    texts: tuple[str, ...]


@dataclass(frozen=True)
class ReportRecord:
    """What the ledger keeps of a report: where it is, what it links, and marks of its text.

    `offered` are upstreams that a stub offered and that are watched since; `notes` are 12 hex
    digits a note, in order; `todo` counts the notes that say TBD; `changed` is when its text last
    differed. `many` tells a list from a report: its changes are named by what changed.
    """

    name: str
    post: str
    many: bool = False
    own: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    todo: int = 0
    text: str = ""
    changed: datetime | None = None


@dataclass(frozen=True)
class Ledger:
    """All that is remembered between runs; post, feeds and pages are its projections.

    `published` maps each published file to a mark of its content and of what it was made of.
    """

    started: datetime | None = None
    feed_prefix: str | None = None
    reports: dict[str, ReportRecord] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    stubs: tuple[Stub, ...] = ()
    notes: tuple[Notes, ...] = ()
    published: dict[str, str] = field(default_factory=dict)
