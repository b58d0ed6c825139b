"""Every field of a change, kind by kind: what the ledger keeps of it for ever."""

from dataclasses import replace

import pytest
from conftest import at
from facts import collection, gone, paper
from test_changes import FILE, HEAD, MODEL, NOW, RELEASE, SINCE, V2, A, B, watch

from tracker import changes
from tracker.model import Absent, Change, Found, Item, Snapshot, Version

PAPER = "arxiv:2501.07301"
COLLECTION = "huggingface:collections/" + "a" * 24
REPOSITORY = "github:o/r"
PAGE = "https://huggingface.co/collections/o/things-" + "a" * 24


def record(key: str, what: str, kind: str, **fields) -> Change:
    """A major change found now for the one report there is."""
    base = Change(
        id=f"{key}@{what}", upstream=key, kind=kind, significance="major", reports=("r",),
        old=None, new=None, url="", title="", found=NOW,
    )  # fmt: skip
    return replace(base, **fields)


def seen(found: Found, **fields) -> Found:
    return replace(found, snapshot=replace(found.snapshot, **fields))


ITEMS = {"o/a": "2025-01-01", "o/b": "2025-01-02"}
MORE = {**ITEMS, "o/c": "2025-03-01"}
MOVED = Snapshot(
    "v1", at("2025-01-01"), "https://x", "New/Name", "release", moved_to="github:new/name"
)
DIGEST = changes.digest_of(collection(MORE).snapshot.items)
FEWER = changes.digest_of(collection({"o/a": None}).snapshot.items)

RECORDS = {
    "a paper's revision": (
        watch(), seen(paper(V2), comment="9 pages"),
        record(
            PAPER, "v2", "revised", old="v1", new="v2", title="A paper",
            url="https://arxiv.org/abs/2501.07301v2", quote="9 pages",
            released=at("2025-06-05"), old_released=at("2025-01-13"),
        ),
    ),
    "a withdrawal": (
        watch(), seen(paper(V2), withdrawn=True, comment="an error"),
        record(
            PAPER, "v2", "withdrawn", old="v1", new="v2", title="A paper",
            url="https://arxiv.org/abs/2501.07301v2", quote="an error",
            released=at("2025-06-05"), old_released=at("2025-01-13"),
            last=Version("v1", None, "https://arxiv.org/pdf/2501.07301v1"),
        ),
    ),
    "a publication": (
        watch(seen=paper({"v1": "2025-01-13"})),
        seen(paper({"v1": "2025-01-13"}), journal="Nature 1", doi="10.1/x"),
        record(
            PAPER, "published", "published", new="10.1/x", title="A paper",
            url="https://arxiv.org/abs/2501.07301v1", journal="Nature 1", doi="10.1/x",
        ),
    ),
    "a publication without a doi": (
        watch(seen=paper({"v1": "2025-01-13"})), seen(paper({"v1": "2025-01-13"}), journal="Nature 1"),
        record(
            PAPER, "published", "published", new="Nature 1", title="A paper",
            url="https://arxiv.org/abs/2501.07301v1", journal="Nature 1",
        ),
    ),
    "a release": (
        watch(REPOSITORY, seen=RELEASE),
        Found(replace(RELEASE, version="v1.2.0", released=at("2025-05-01"), url="https://y")),
        record(
            REPOSITORY, "v1.2.0", "released", old="v1.1.0", new="v1.2.0", title="o/R",
            url="https://y", basis="release", released=at("2025-05-01"),
            old_released=at("2025-02-20"),
        ),
    ),
    "commits of a repository with neither": (
        watch(REPOSITORY, seen=HEAD),
        Found(
            replace(HEAD, version=B, released=at("2025-05-01")),
            (Version(B, at("2025-05-01"), "https://x", "Fix it"),),
        ),
        record(
            REPOSITORY, "b" * 12, "revised", significance="minor", old=A, new=B, title="o/R",
            url="https://x", basis="commit", quote="Fix it", released=at("2025-05-01"),
            old_released=at("2025-02-20"),
        ),
    ),
    "items added": (
        watch(COLLECTION, seen=collection(ITEMS)), collection(MORE),
        record(
            COLLECTION, f"+{DIGEST}", "items added", old="2 items", new="3 items", title="Things",
            url=PAGE, basis="items", items=(Item("model", "o/c"),), since=SINCE,
        ),
    ),
    "items removed": (
        watch(COLLECTION, seen=collection(ITEMS)), collection({"o/a": None}),
        record(
            COLLECTION, f"-{FEWER}", "items removed", significance="minor", old="2 items",
            new="1 items", title="Things", url=PAGE, basis="items", since=SINCE,
            items=(Item("model", "o/b"),),
        ),
    ),
    "a move": (
        watch(REPOSITORY, seen=replace(MOVED, moved_to=None)), Found(MOVED),
        record(
            REPOSITORY, "moved:github:new/name", "moved", significance="normal", old="o/r",
            new="new/name", title="New/Name", url="https://github.com/New/Name", basis="release",
        ),
    ),
    "an archived repository": (
        watch(REPOSITORY, seen=RELEASE), Found(replace(RELEASE, archived=True)),
        record(
            REPOSITORY, "archived", "archived", significance="normal", title="o/R",
            url="https://github.com/o/R", basis="release",
        ),
    ),
    "a deletion": (
        watch(FILE), gone("2025-01-20", "2025-03-16"),
        record(
            FILE, "gone", "gone", old=B, title="a.pdf", basis="blob", quote="Delete a.pdf",
            url="https://github.com/o/R/commit/" + "d" * 40, released=at("2025-03-16"),
            last=Version(B, at("2025-01-20"), "https://github.com/o/R/blob/" + "c" * 40 + "/a.pdf"),
        ),
    ),
    "what is back": (
        watch(PAPER, seen=seen(paper({"v1": "2025-01-13"}), gone=True)), paper({"v1": "2025-01-13"}),
        record(
            PAPER, "back", "back", significance="normal", old="v1", new="v1", title="A paper",
            url="https://arxiv.org/abs/2501.07301v1", released=at("2025-01-13"),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("known", "answer", "expected"), RECORDS.values(), ids=RECORDS)
def test_the_whole_record(known, answer, expected):
    assert changes.find(known, answer, NOW) == [expected]


ABSENT = (at("2025-11-18T12:00:00"), at("2025-11-20T12:00:00"))


@pytest.mark.parametrize(
    ("key", "snapshot", "url"),
    [
        (MODEL, Snapshot(A, at("2025-01-01"), "https://pinned", "o/M", "revision"),
         "https://huggingface.co/o/m"),
        (COLLECTION, collection(ITEMS).snapshot, PAGE),
        ("zenodo:1", Snapshot("v1", None, "https://zenodo.org/1", "X"), "https://zenodo.org/1"),
    ],
    ids=["a model: its page", "a collection: as it was seen", "another kind: as it was seen"],
)  # fmt: skip
def test_the_whole_record_of_what_is_gone_by_absence(key, snapshot, url):
    """On the third day, 72 hours after the first: since the first."""
    known = replace(watch(key, seen=snapshot), absent=ABSENT)
    assert changes.find(known, Absent("404"), NOW) == [
        record(
            key, "gone", "gone", old=snapshot.version, title=snapshot.title, url=url,
            basis=snapshot.basis, since=ABSENT[0],
        )
    ]  # fmt: skip


def test_items_that_a_report_reads_late_of_are_those_since_its_own_baseline():
    """Nothing is new since the last answer, but a second report is watched from an earlier day."""
    known = watch(COLLECTION, seen=collection(MORE))
    late = replace(known.reports["r"], settled=False, since=at("2025-02-01"))
    known = replace(known, reports={**known.reports, "late": late})
    (change,) = changes.find(known, collection(MORE), NOW)
    assert change.reports == ("late",)
    assert change.since == at("2025-02-01")
    assert [item.name for item in change.items] == ["o/c"]
    assert (change.old, change.new) == ("2 items", "3 items")
