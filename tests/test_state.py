"""The ledger: the same values give the same bytes, and a broken file announces nothing anew."""

import json
import os
from dataclasses import replace

import pytest
from conftest import at
from facts import blob, collection, model, paper
from hypothesis import given
from hypothesis import strategies as st

from tracker import state
from tracker.model import (
    Absent,
    Baseline,
    Change,
    Item,
    Ledger,
    Notes,
    ReportRecord,
    Stub,
    TrackerError,
    Unchecked,
    Upstream,
    Watch,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
WHEN = st.datetimes(
    min_value=at("1000-01-01").replace(tzinfo=None), timezones=st.just(at("2025-01-01").tzinfo)
).map(lambda d: d.replace(microsecond=0))
VERSIONS = st.sampled_from([None, "v1", "a" * 40])
SNAPSHOTS = st.sampled_from(
    [
        paper({"v1": "2025-01-01"}, comment="é {{ x }}", withdrawn=True).snapshot,
        blob({"a" * 40: "2025-01-01"}).snapshot,
        collection({"o/a": "2025-01-01", "o/b": None}).snapshot,
    ]
)
BASELINES = st.builds(Baseline, since=WHEN, pin=VERSIONS, settled=st.booleans())
KEYS = st.sampled_from(
    ["arxiv:2501.07301", "github:o/r/blob/main/a%20b.pdf", "huggingface:models/o/m"]
)
IDS = st.sampled_from(["olmo-2", "tulu-3", "report"])


@st.composite
def watches(draw):
    key = draw(KEYS)
    return Watch(
        Upstream(key, draw(TEXT)),
        draw(st.dictionaries(IDS, BASELINES)),
        draw(st.none() | SNAPSHOTS),
        draw(st.none() | WHEN),
        draw(st.none() | TEXT),
        tuple(draw(st.lists(WHEN, max_size=3))),
        draw(st.booleans()),
    )


CHANGES = st.builds(
    Change,
    id=TEXT, upstream=KEYS, kind=st.sampled_from(["revised", "gone", "items added"]),
    significance=st.sampled_from(["major", "minor"]), reports=st.tuples(IDS), old=VERSIONS,
    new=VERSIONS, url=TEXT, title=TEXT, found=WHEN, quote=st.none() | TEXT,
    items=st.just((Item("model", "o/a", at("2025-01-01")), Item("dataset", "o/b"))), details=st.tuples(TEXT),
)  # fmt: skip
LEDGERS = st.builds(
    Ledger,
    started=st.none() | WHEN,
    feed_prefix=st.none() | st.just("tag:example.org,2025:"),
    reports=st.dictionaries(
        IDS, st.builds(ReportRecord, name=TEXT, post=st.just("a.md"), notes=st.tuples(TEXT))
    ),
    watches=st.lists(watches(), max_size=3).map(lambda ws: {w.upstream.key: w for w in ws}),
    changes=st.lists(CHANGES, max_size=3).map(tuple),
    stubs=st.lists(
        st.builds(
            Stub,
            report=IDS,
            upstream=KEYS,
            changes=st.tuples(TEXT),
            text=TEXT,
            written=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    notes=st.lists(
        st.builds(
            Notes, id=TEXT, report=IDS, found=WHEN, new_section=st.booleans(), texts=st.tuples(TEXT)
        ),
        max_size=2,
    ).map(tuple),
)


@given(LEDGERS)
def test_a_ledger_comes_back_as_it_was(tmp_path_factory, ledger):
    """Values to bytes to values to bytes: both halves are equal."""
    path = tmp_path_factory.mktemp("state") / "ledger.json"
    path.write_bytes(state.dump(ledger))
    again = state.load(path, "ledger.json")
    assert again == ledger
    assert [i.added for c in again.changes for i in c.items] == [
        i.added for c in ledger.changes for i in c.items
    ]
    assert state.dump(again) == state.dump(ledger)


def test_the_file_is_for_git_and_for_eyes():
    """Sorted keys, a line a record, UTF-8 as it is, a schema, a final newline, no defaults."""
    text = state.dump(Ledger(reports={"r": ReportRecord("TÜLU 3", "a.md")})).decode()
    assert (
        text
        == '{\n  "reports": {\n    "r": {"name": "TÜLU 3", "post": "a.md"}\n  },\n  "schema": 1\n}\n'
    )


def test_answers_come_back_as_they_were(tmp_path):
    """Asking and writing can be two jobs."""
    answers = {
        "arxiv:1": paper({"v1": "2025-01-01", "v2": "2025-02-01"}),
        "b": collection({"o/a": "2025-01-01", "o/b": None}),
        "c": model("a", "b", "2025-01-01", parts=("weights",)),
        "d": Absent("404", authenticated=True),
        "e": Unchecked("503"),
    }
    (tmp_path / "answers.json").write_bytes(state.dump_answers(answers))
    assert state.load_answers(tmp_path / "answers.json") == (answers, {})


GOOD = json.loads(state.dump(Ledger(watches={"arxiv:1": Watch(Upstream("arxiv:1", "1"))})))
BROKEN = {
    "empty": b"",
    "cut short": state.dump(Ledger(started=at("2025-01-01")))[:-9],
    "not an object": b"[]",
    "without a schema": b"{}",
    "of a newer schema": json.dumps({**GOOD, "schema": 2}).encode(),
    "with an unknown field": json.dumps({**GOOD, "extra": 1}).encode(),
    "with a wrong type": json.dumps({**GOOD, "changes": 1}).encode(),
    "with a local time": json.dumps({**GOOD, "started": "2025-01-01T00:00:00"}).encode(),
    "with a key that no run could write": json.dumps(
        {**GOOD, "watches": {"x": GOOD["watches"]["arxiv:1"]}}
    ).encode(),
    "with an absolute path": json.dumps(
        {**GOOD, "reports": {"r": {"name": "R", "post": "/etc/passwd"}}}
    ).encode(),
    "with an id that is a path": json.dumps(
        {**GOOD, "reports": {"../r": {"name": "R", "post": "a.md"}}}
    ).encode(),
    "not UTF-8": b'{"schema": 1, "feed_prefix": "\xff"}',
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_broken_ledger_stops_the_run(tmp_path, source):
    """One line names the file and the remedy, and the file stays as it is."""
    path = tmp_path / "ledger.json"
    path.write_bytes(source)
    with pytest.raises(TrackerError) as caught:
        state.load(path, "state/ledger.json")
    assert str(caught.value).startswith("state/ledger.json: ")
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == source


def test_a_folder_in_the_ledgers_place_stops_the_run(tmp_path):
    """It is neither missing nor a ledger."""
    with pytest.raises(TrackerError, match="it must be a file"):
        state.load(tmp_path, "state/ledger.json")


def test_a_missing_ledger_is_a_first_run(tmp_path):
    """Missing, empty and corrupt are three cases."""
    assert state.load(tmp_path / "none.json", "x") == Ledger()


def test_a_file_is_written_only_if_it_differs(tmp_path):
    """An unchanged file keeps even its time stamp, and nothing else is left in the folder."""
    assert state.write(tmp_path, "a/b.txt", b"x")
    before = (tmp_path / "a/b.txt").stat()
    assert not state.write(tmp_path, "a/b.txt", b"x")
    assert (tmp_path / "a/b.txt").stat() == before
    assert os.listdir(tmp_path / "a") == ["b.txt"]


def test_nothing_is_written_through_a_symbolic_link(tmp_path):
    """Neither a file nor a folder of the site may lead out of it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    site = tmp_path / "site"
    site.mkdir()
    (site / "feeds").symlink_to(outside)
    (site / "a.md").symlink_to(outside / "a.md")
    for name in ("feeds/rss.xml", "a.md"):
        with pytest.raises(TrackerError, match="symbolic link"):
            state.write(site, name, b"x")
    assert os.listdir(outside) == []


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    """A write that fails says so and tears nothing."""
    state.write(tmp_path, "a.txt", b"old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TrackerError, match=r"a\.txt: not written \(No space left on device\)"):
        state.write(tmp_path, "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_second_run_waits_and_then_says_so(tmp_path, monkeypatch):
    """One lock for a run; it is held, waited for, and named."""
    monkeypatch.setattr(state, "_LOCK_SECONDS", 0.05)
    with state.lock(tmp_path / "ledger.json"):
        with pytest.raises(TrackerError, match="another run"), state.lock(tmp_path / "ledger.json"):
            pass
    with state.lock(tmp_path / "ledger.json"):
        pass


def test_a_snapshots_items_compare_without_their_dates():
    """When an item was added is told once; it makes no change."""
    assert Item("model", "o/a", at("2025-01-01")) == Item("model", "o/a")
    assert replace(Item("model", "o/a"), type="dataset") != Item("model", "o/a")
