"""Comparing: every kind of change is found once, what counts is the table's, nothing is invented."""

from dataclasses import replace

import pytest
from conftest import at
from facts import blob, collection, gone, model, paper
from test_notes import refresh

from tracker import changes
from tracker.model import Absent, Baseline, Found, Snapshot, Unchecked, Upstream, Watch

NOW = at("2025-11-22T12:00:00")
SINCE = at("2025-01-22T23:59:59")


def watch(key="arxiv:2501.07301", *, pin=None, seen=None, settled=None, since=SINCE, **more):
    settled = seen is not None if settled is None else settled
    return Watch(
        Upstream(key, key.partition(":")[2]),
        {"r": Baseline(since, pin, settled)},
        seen.snapshot if isinstance(seen, Found) else seen,
        **more,
    )


FILE = "github:o/r/blob/main/a.pdf"
MODEL = "huggingface:models/o/m"
V2 = {"v1": "2025-01-13", "v2": "2025-06-05"}
V3 = {"v1": "2025-01-01", "v2": "2025-01-15", "v3": "2025-10-08"}
A, B = "a" * 40, "b" * 40
RELEASE = Snapshot("v1.1.0", at("2025-02-20"), "https://x", "o/R", basis="release")
HEAD = Snapshot(A, at("2025-02-20"), "https://x", "o/R", basis="commit")

FIRST_SIGHT = {
    "a version after the baseline": (watch(), paper(V2), ("revised", "@v2", "v1", "v2", "major")),
    "several versions are one change": (
        watch(),
        paper({"v1": "2024-11-01", "v2": "2025-03-01", "v5": "2025-04-14"}),
        ("revised", "@v5", "v1", "v5", "major"),
    ),
    "the baseline is the version of that day": (
        watch(),
        paper(V3),
        ("revised", "@v3", "v2", "v3", "major"),
    ),
    "nothing after the baseline": (watch(), paper({"v1": "2025-01-13", "v2": "2025-01-20"}), None),
    "a pinned version counts, not the date": (
        watch(pin="v1"),
        paper({"v1": "2025-01-01", "v2": "2025-01-02"}),
        ("revised", "@v2", "v1", "v2", "major"),
    ),
    "the newest is pinned": (watch(pin="v2"), paper(V2), None),
    "a pin above the newest is no change": (watch(pin="v9"), paper(V2), None),
    "a file changed": (
        watch(FILE),
        blob({A: "2025-01-20", B: "2025-01-23"}),
        ("revised", "@" + "b" * 12, A, B, "major"),
    ),
    "a file deleted, proved by its history": (
        watch(FILE),
        gone("2024-12-26", "2025-03-16"),
        ("gone", "@gone", B, None, "major"),
    ),
    "a file deleted before the baseline is told too": (
        watch(FILE),
        gone("2024-12-20", "2024-12-26"),
        ("gone", "@gone", B, None, "major"),
    ),
    "new weights": (
        watch(MODEL),
        model(A, B, "2025-02-18", parts=("weights", "card")),
        ("revised", "@" + "b" * 12, A, B, "major"),
    ),
    "a card alone is minor": (
        watch(MODEL),
        model(A, B, "2025-02-18", parts=("card",)),
        ("revised", "@" + "b" * 12, A, B, "minor"),
    ),
    "weights that cannot be told from the card are major": (
        watch(MODEL),
        model(A, B, "2025-02-18"),
        ("revised", "@" + "b" * 12, A, B, "major"),
    ),
    "a space is minor": (
        watch("huggingface:spaces/o/m"),
        model(A, B, "2025-02-18"),
        ("revised", "@" + "b" * 12, A, B, "minor"),
    ),
    "a model with its newest date alone": (
        watch(MODEL),
        Found(model(A, B, "2025-02-18").snapshot),
        ("revised", "@" + "b" * 12, None, B, "major"),
    ),
    "items added since": (
        watch("huggingface:collections/" + "a" * 24),
        collection({"o/a": "2025-01-01", "o/b": "2025-02-01"}),
        ("items added", None, "1 items", "2 items", "major"),
    ),
    "items without a date count as seen": (
        watch("huggingface:collections/" + "a" * 24),
        collection({"o/a": None, "o/b": "2025-01-01"}),
        None,
    ),
    "a release after the baseline, none before": (
        watch("github:o/r"),
        Found(RELEASE),
        ("released", "@v1.1.0", None, "v1.1.0", "major"),
    ),
    "a commit of a repository with neither release nor tag": (
        watch("github:o/r"),
        Found(HEAD),
        ("revised", "@" + "a" * 12, None, A, "minor"),
    ),
    "withdrawn before the baseline is told": (
        watch(),
        paper({"v1": "2024-01-01", "v2": "2024-02-01"}, withdrawn=True),
        ("withdrawn", "@v2", "v1", "v2", "major"),
    ),
    "archived is told whatever the baseline": (
        watch("github:o/r"),
        Found(replace(RELEASE, released=at("2024-01-01"), archived=True)),
        ("archived", "@archived", None, None, "normal"),
    ),
    "moved is told whatever the baseline": (
        watch("github:o/r"),
        Found(replace(RELEASE, released=at("2024-01-01"), moved_to="github:n/r")),
        ("moved", "@moved:github:n/r", "o/r", "n/r", "normal"),
    ),
    "a model behind a redirect, never seen before: moved, its versions prove nothing": (
        watch(MODEL),
        Found(replace(model(A, B, "2025-02-18").snapshot, moved_to="huggingface:models/n/m")),
        ("moved", "@moved:huggingface:models/n/m", "models/o/m", "models/n/m", "normal"),
    ),
    "a journal reference at first sight is no event": (
        watch(),
        paper({"v1": "2025-01-01"}, journal="Nature 1"),
        None,
    ),
    "absent at first sight is not found, not gone": (watch(), Absent("no such paper"), None),
    "could not be checked": (watch(), Unchecked("503"), None),
}

LATER = {
    "a newer version": (
        watch(seen=paper({"v1": "2025-01-13"})),
        paper(V2),
        ("revised", "@v2", "v1", "v2", "major"),
    ),
    "the same": (watch(seen=paper(V2)), paper(V2), None),
    "published": (
        watch(seen=paper(V2)),
        paper(V2, journal="Nature 645", doi="10.1/x"),
        ("published", "@published", None, "10.1/x", "major"),
    ),
    "published without a DOI": (
        watch(seen=paper(V2)),
        paper(V2, journal="Nature 645"),
        ("published", "@published", None, "Nature 645", "major"),
    ),
    "a journal reference added to a DOI is no second event": (
        watch(seen=paper(V2, doi="10.1/x")),
        paper(V2, doi="10.1/x", journal="Nature"),
        None,
    ),
    "a comment alone": (watch(seen=paper(V2)), paper(V2, comment="accepted"), None),
    "withdrawn": (
        watch(seen=paper({"v1": "2025-01-13"})),
        paper(V2, withdrawn=True),
        ("withdrawn", "@v2", "v1", "v2", "major"),
    ),
    "withdrawn already": (
        watch(seen=paper(V2, withdrawn=True)),
        paper(V2, withdrawn=True),
        None,
    ),
    "items removed": (
        watch("huggingface:collections/" + "a" * 24, seen=collection({"o/a": None, "o/b": None})),
        collection({"o/a": None}),
        ("items removed", None, "2 items", "1 items", "minor"),
    ),
    "a file came back as it was": (
        watch(FILE, seen=replace(blob({A: "2025-01-20"}).snapshot, gone=True)),
        blob({A: "2025-01-20"}),
        ("back", "@back", A, A, "normal"),
    ),
    "gone already": (
        watch(FILE, seen=gone("2024-12-26", "2025-03-16")),
        gone("2024-12-26", "2025-03-16"),
        None,
    ),
    "a release taken back uncovers no new one": (
        watch("github:o/r", seen=RELEASE),
        Found(replace(RELEASE, version="v1.0.0", released=at("2024-01-01"))),
        None,
    ),
    "the first release of a repository watched by commits": (
        watch("github:o/r", seen=HEAD),
        Found(RELEASE),
        ("released", "@v1.1.0", None, "v1.1.0", "major"),
    ),
    "archived already": (
        watch("github:o/r", seen=replace(RELEASE, archived=True)),
        Found(replace(RELEASE, archived=True)),
        None,
    ),
}


@pytest.mark.parametrize(("seen", "answer", "expected"), FIRST_SIGHT.values(), ids=FIRST_SIGHT)
def test_first_sight(seen, answer, expected):
    """At first sight: at most one change of version, and what is proved whatever the baseline."""
    assert told(changes.find(seen, answer, NOW)) == ([expected] if expected else [])


@pytest.mark.parametrize(("seen", "answer", "expected"), LATER.values(), ids=LATER)
def test_later(seen, answer, expected):
    """Later, what was seen is what counts."""
    assert told(changes.find(seen, answer, NOW)) == ([expected] if expected else [])


def told(found):
    def what(change):
        return None if change.basis == "items" else change.id.removeprefix(change.upstream)

    return [(c.kind, what(c), c.old, c.new, c.significance) for c in found]


@pytest.mark.parametrize(
    ("seen", "answer"),
    [row[:2] for row in (*FIRST_SIGHT.values(), *LATER.values())],
    ids=[*FIRST_SIGHT, *LATER],
)
def test_what_was_told_is_remembered(seen, answer):
    """After an answer has been remembered, the same answer brings no change."""
    after = changes.remember(seen, answer, NOW, changes.find(seen, answer, NOW))
    assert changes.find(after, answer, NOW) == []


def test_a_rename_and_a_release_are_two_changes():
    """One run makes at most one change for each kind, but each kind its own."""
    answer = Found(replace(RELEASE, version="v2.0.0", moved_to="github:n/r"))
    found = changes.find(watch("github:o/r", seen=RELEASE), answer, NOW)
    assert [c.kind for c in found] == ["moved", "released"]


def test_items_added_and_removed_are_two_changes():
    """What came is major, what went is minor."""
    before = collection({"o/a": None, "o/b": None})
    found = changes.find(
        watch("huggingface:collections/x", seen=before), collection({"o/a": None, "o/c": None}), NOW
    )
    assert [(c.kind, c.significance, [i.name for i in c.items]) for c in found] == [
        ("items added", "major", ["o/c"]),
        ("items removed", "minor", ["o/b"]),
    ]


def test_citations_are_minor():
    """A link inside a note is watched, and only logged."""
    found = changes.find(watch(), paper(V2), NOW, own=False)
    assert [c.significance for c in found] == ["minor"]


def absent(seen, days, *, lively=True, authenticated=False):
    """Run through absences on the given days; the kinds of change found on each."""
    kinds = []
    for day in days:
        answer = Absent("404", authenticated=authenticated)
        found = changes.find(seen, answer, at(day), lively=lively)
        seen = changes.remember(seen, answer, at(day), found, lively=lively)
        kinds.append([c.kind for c in found])
    return kinds, seen


ABSENCES = {
    "on the third day and 72 hours later": (
        ["2025-03-01T06:00", "2025-03-02T06:00", "2025-03-03T06:00", "2025-03-04T06:00"],
        [[], [], [], ["gone"]],
    ),
    "not in 71 hours": (["2025-03-01T06:00", "2025-03-02T06:00", "2025-03-04T05:00"], [[], [], []]),
    "not on two days, however far apart": (["2025-03-01T06:00", "2025-04-01T06:00"], [[], []]),
    "three runs in a day are one day": (
        ["2025-03-01T06:00", "2025-03-08T06:00", "2025-03-08T07:00", "2025-03-09T06:00"],
        [[], [], [], ["gone"]],
    ),
    "once": (
        [f"2025-03-{d:02d}T06:00" for d in range(1, 9)],
        [[], [], [], ["gone"], [], [], [], []],
    ),
}


@pytest.mark.parametrize(("days", "expected"), ABSENCES.values(), ids=ABSENCES)
def test_absent_is_not_gone(days, expected):
    """Gone: on the third day (UTC) of absence, at least 72 hours after the first, told once."""
    assert absent(watch(seen=paper(V2)), days)[0] == expected


MARCH = [f"2025-03-{d:02d}T06:00" for d in range(1, 9)]


def test_absence_counts_only_where_the_host_answers_for_something_else():
    """A host that answers for nothing proves nothing."""
    assert absent(watch(seen=paper(V2)), MARCH, lively=False)[0] == [[]] * 8


def test_absence_without_the_token_that_once_had_an_answer_is_a_lack_of_rights():
    """What was seen with a token is not gone because there is none today."""
    seen = watch(seen=paper(V2), authenticated=True)
    assert absent(seen, MARCH)[0] == [[]] * 8
    assert ["gone"] in absent(seen, MARCH, authenticated=True)[0]


def test_back_before_it_was_gone_is_silence():
    """An absence that ends is forgotten."""
    _, seen = absent(watch(seen=paper(V2)), MARCH[:3])
    assert changes.find(seen, paper(V2), NOW) == []
    assert changes.remember(seen, paper(V2), NOW, []).absent == ()


def test_what_could_not_be_checked_keeps_what_was_seen():
    """The first time it failed stays, the reason is never empty, an answer clears both."""
    seen = watch(seen=paper(V2))
    once = changes.remember(seen, Unchecked("503"), NOW, [])
    twice = changes.remember(once, Unchecked(""), at("2025-12-01"), [])
    assert (twice.snapshot, twice.unchecked_since) == (seen.snapshot, NOW)
    assert twice.reason
    assert changes.remember(twice, paper(V2), NOW, []).unchecked_since is None


def test_a_baseline_that_was_not_answered_is_kept():
    """A link that fails at first sight is compared with its baseline when it answers."""
    failed = changes.remember(watch(), Unchecked("503"), NOW, [])
    assert told(changes.find(failed, paper(V2), NOW)) == [("revised", "@v2", "v1", "v2", "major")]


def test_withdrawn_names_the_last_version_that_can_be_read():
    """The version before a withdrawn one still has its PDF."""
    (change,) = changes.find(
        watch(seen=paper({"v1": "2025-01-13"})),
        paper(V2, withdrawn=True, comment="error in Table 2"),
        NOW,
    )
    assert change.last.url == "https://arxiv.org/pdf/2501.07301v1"
    assert change.quote == "error in Table 2"


def test_an_answer_from_before_takes_nothing_back():
    """Answers that were saved may be older than what was seen since: versions only grow."""
    seen = paper({"v1": "2025-01-13", "v2": "2025-02-01", "v3": "2025-06-05"})
    late = paper({"v1": "2025-01-13", "v2": "2025-02-01"})
    known = watch(seen=seen.snapshot)
    assert changes.find(known, late, NOW) == []
    assert changes.remember(known, late, NOW, ()).snapshot == seen.snapshot


def test_what_is_gone_and_back_and_gone_again_is_told_each_time():
    """Proved by a history, or by absence: an id that is known already gets a number."""
    text = "### R\n\n- [pdf](https://github.com/o/R/blob/main/a.pdf)\n"
    key, there = "github:o/r/blob/main/a.pdf", blob({"b" * 40: "2025-01-02"})
    answers = [there, gone("2025-01-02", "2025-02-01"), there, gone("2025-01-02", "2025-03-01")]
    ledger = None
    for day, answer in enumerate(answers, 1):
        _, ledger, _ = refresh(text, {key: answer}, ledger, now=at(f"2025-04-{day:02}"))
    assert [c.id.partition("@")[2] for c in ledger.changes] == ["gone", "back", "gone~2"]


def test_what_is_found_after_the_clock_went_back_comes_after_what_was_found_before():
    """Else its entry would stand below others, and in no archive."""
    text, key = "### R\n\n- [pdf](https://arxiv.org/abs/2501.07301)\n", "arxiv:2501.07301"
    ledger = None
    for day, versions in (
        ("2025-02-01", {"v1": "2025-01-13"}),
        ("2025-11-01", V2),
        ("2025-10-10", V3),
    ):
        _, ledger, _ = refresh(text, {key: paper(versions)}, ledger, now=at(day))
    assert [c.found for c in ledger.changes] == [at("2025-11-01"), at("2025-11-01T00:00:01")]
