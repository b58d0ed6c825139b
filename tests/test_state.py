"""The ledger: the same values give the same bytes, and a broken file announces nothing anew."""

import json
import os
import re
from dataclasses import replace

import pytest
from conftest import at
from facts import blob, collection, model, paper
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import details, state, text
from tracker.config import inside, load
from tracker.difference import Difference, KeyChange
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
    told = state.load_answers(tmp_path / "answers.json")
    assert (told.answers, told.differences, told.asked) == (answers, {}, None)


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


LEFT = ".tracker-a1_b2c3d.new"


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path):
    """A temporary file has a name that nobody else gives, and no folder outside is looked into."""
    outside, site = tmp_path / "outside", tmp_path / "site"
    for folder in (outside, site, site / "feeds"):
        folder.mkdir(exist_ok=True)
        (folder / LEFT).write_bytes(b"half")
    theirs = (".tracker-mine.new", "tracker-a1_b2c3d.new", f"{LEFT}.md")
    for name in theirs:
        (site / name).write_bytes(b"x")
    (site / "link").symlink_to(outside)
    state.tidy(site, (".", "feeds", "link", "../outside", "nowhere"))
    assert sorted(os.listdir(site)) == sorted((*theirs, "feeds", "link"))
    assert os.listdir(site / "feeds") == []
    assert os.listdir(outside) == [LEFT]


def test_a_killed_write_leaves_a_name_that_is_tidied(tmp_path, monkeypatch):
    """What is written first and what is removed later are the same."""
    seen = []
    monkeypatch.setattr(os, "fsync", lambda _handle: seen.extend(os.listdir(tmp_path)))
    state.write(tmp_path, "a.txt", b"x")
    (tmp_path / seen[0]).write_bytes(b"x")
    state.tidy(tmp_path, (".",))
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_that_takes_no_lock_is_named(tmp_path, monkeypatch):
    """One line, and not where in the code."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(state.tempfile, "gettempdir", lambda: str(tmp_path / "file"))
    with pytest.raises(TrackerError, match=r"\.lock: no lock .*TMPDIR"):
        with state.lock(tmp_path / "ledger.json"):
            pass


def test_half_a_character_stops_no_run(tmp_path):
    """It is written as one that says that it is none."""
    ledger = Ledger(reports={"r": ReportRecord("a\ud800b", "a.md")})
    (tmp_path / "ledger.json").write_bytes(state.dump(ledger))
    assert state.load(tmp_path / "ledger.json", "x").reports["r"].name == "a\ufffdb"


WHOLE = Ledger(
    started=at("2025-01-22"),
    reports={"r": ReportRecord("R", "a.md", own=("arxiv:2501.07301",))},
    watches={
        "arxiv:2501.07301": Watch(
            Upstream("arxiv:2501.07301", "2501.07301"), {"r": Baseline(at("2025-01-22"), "v1")}
        )
    },
    stubs=(Stub("r", "arxiv:2501.07301", ("a",), "> - x"),),
)
FILES = {
    "a ledger": (state.dump(WHOLE), lambda path: state.load(path, path.name)),
    "answers": (
        state.dump_answers(
            {"arxiv:1": paper({"v1": "2025-01-01"}), "b": Absent("404")}, asked=at("2025-01-22")
        ),
        state.load_answers,
    ),
    "details": (
        details.dump("arxiv:1@v2", Difference(keys=(KeyChange("a", "b", "1", None),), notes="x")),
        lambda path: details.load(path, path.name),
    ),
    "settings": (
        b'posts = ["a/*.md"]\nsite_url = "https://example.org/"\nstate = "s"\nfeeds = "f"\n'
        b'ignore = ["arxiv:1"]\nstubs = "items"\ntimezone = "Europe/Paris"\n',
        lambda path: load(path.parent, {}),
    ),
}


def read_or_error(read, path):
    try:
        return read(path)
    except TrackerError as error:
        return error


PIECES = st.sampled_from(
    [b"", b"[" * 5000, b'{"a":' * 5000, b'"\\ud800"', b"null", b"true", b"1e999", b"-1", b"\xff",
     b'"../../etc/passwd"', b'"/etc/passwd"', b'"9999-99-99T99:99:99Z"', b"{}", b"[]", b'"', b"\n",
     b"\0", b"\x1b[31m", b"9" * 5000, b'"a b c"', b"[[site]]\n", b"''", b"[1]", b'["**x"]', b'".."']
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_file_that_was_harmed_is_read_or_named_in_one_line(tmp_path_factory, which, data):
    """A piece of it is cut out, doubled, or another one: no other error, and no path leads out."""
    source, read = FILES[which]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 40)))
    piece = data.draw(PIECES | st.binary(max_size=8) | st.just(source[start:end] * 2))
    words = re.split(rb'("[^"]*"|\d+|[\[\]{}])', source)
    if data.draw(st.booleans()):  # a value in the place of another
        n = data.draw(st.integers(0, len(words) - 1))
        harmed = b"".join([*words[:n], piece, *words[n + 1 :]])
    else:
        harmed = source[:start] + piece + source[end:]
    path = tmp_path_factory.mktemp("harmed") / ("tracker.toml" if which == "settings" else "x.json")
    path.write_bytes(harmed)
    found = read_or_error(read, path)
    if isinstance(found, TrackerError):
        assert str(found).isprintable(), str(found)
        assert path.read_bytes() == harmed
    elif isinstance(found, Ledger):
        path.write_bytes(state.dump(found))
        assert read(path) == found
        text.terminal(str(found))
    elif which == "settings":
        names = [found.state, *(site.feeds for site in found.sites)]
        names += [glob for site in found.sites for glob in site.posts]
        assert all(inside(name) for name in names)


def test_no_file_of_the_state_is_read_through_a_link_that_leads_out(tmp_path):
    """Neither written nor made: a folder of details that is a link is refused."""
    site, outside = tmp_path / "site", tmp_path / "outside"
    (site / "state").mkdir(parents=True)
    outside.mkdir()
    (site / "state/details").symlink_to(outside)
    with pytest.raises(TrackerError, match="symbolic link"):
        state.write(site, details.path_of("state/ledger.json", "arxiv:1@v2"), b"x")
    assert os.listdir(outside) == []


@given(st.text(max_size=200))
def test_the_file_of_a_change_is_in_its_folder_whatever_its_id(name):
    path = details.path_of("state/ledger.json", name.encode("utf-8", "replace").decode())
    assert re.fullmatch(r"state/details/[a-z0-9.-]+\.json", path)
    assert ".." not in path.rsplit("/", 1)[1][:2]
