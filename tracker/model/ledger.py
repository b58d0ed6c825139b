"""What the ledger keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tracker.model.answers import Item, Snapshot, Version
from tracker.model.kinds import Basis, Kind, Significance
from tracker.model.links import Upstream


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
