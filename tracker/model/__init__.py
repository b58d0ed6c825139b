"""The nouns: frozen values that every other module speaks in. Nothing here reads, writes or asks.

Times are aware datetimes in UTC, whole seconds. Spans are byte offsets into a post's source.
"""

from tracker.model.answers import (
    Absent,
    Answer,
    FileChange,
    Found,
    Item,
    Question,
    Snapshot,
    Unchecked,
    Version,
)
from tracker.model.kinds import Basis, Kind, Significance, Standing, TrackerError, page
from tracker.model.ledger import Baseline, Change, Ledger, Notes, ReportRecord, Stub, Touched, Watch
from tracker.model.links import Link, Target, Unit, Upstream

__all__ = [
    "Absent",
    "Answer",
    "Baseline",
    "Basis",
    "Change",
    "FileChange",
    "Found",
    "Item",
    "Kind",
    "Ledger",
    "Link",
    "Notes",
    "Question",
    "ReportRecord",
    "Significance",
    "Snapshot",
    "Standing",
    "Stub",
    "Target",
    "Touched",
    "TrackerError",
    "Unchecked",
    "Unit",
    "Upstream",
    "Version",
    "Watch",
    "page",
]
