"""The whole of what differs: a file of its own for each change."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import details
from tracker.difference import Difference, KeyChange
from tracker.model import FileChange, TrackerError, Version
from tracker.papers.document import Table
from tracker.papers.revision import Differences, NumberChange, ParagraphChange, Run

WHOLE = Difference(
    Differences(
        numbers=(NumberChange("1", "2", "GSM8K, Ours", "Table 1", cell=True),),
        paragraphs=(ParagraphChange("Data", "a", "b", (Run("-", "a"), Run("+", "b"))),),
        tables_added=(Table("Table 2", "New", (("a", "b"), ("1", "2"))),),
    ),
    "html",
    comment=("", "Accepted"),
    keys=(KeyChange("config.json", "a.b", None, "1"),),
    files=(FileChange("~", "config.json"),),
    names=("arxiv:2501.00656",),
    commits=(Version("a", None, "https://x.example", "note"),),
    notes="Line one\nline two",
    reason="half of it",
)


def test_what_was_written_comes_back(tmp_path):
    (tmp_path / "d.json").write_bytes(details.dump("arxiv:1@v2", WHOLE))
    assert details.load(tmp_path / "d.json", "d.json") == WHOLE


def test_the_same_values_give_the_same_bytes():
    assert details.dump("arxiv:1@v2", WHOLE) == details.dump("arxiv:1@v2", WHOLE)
    assert details.dump("arxiv:1@v2", WHOLE).endswith(b"\n")


def test_the_file_stands_beside_the_ledger_under_a_name_to_read():
    assert details.path_of("state/ledger.json", "arxiv:2501.00656@v3") == (
        "state/details/arxiv-2501.00656-v3-f619f77b.json"
    )
    assert details.path_of(".tracker/state/ledger.json", "a").startswith(".tracker/state/details/")


@given(st.lists(st.text(min_size=1, max_size=600), unique=True, max_size=10))
def test_each_change_has_a_name_of_its_own_that_any_file_system_takes(ids):
    names = {details.path_of("state/ledger.json", one) for one in ids}
    assert len({name.casefold() for name in names}) == len(ids)
    for name in names:
        last = name.removeprefix("state/details/")
        assert len(last) < 120
        assert set(last) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")


def test_what_is_not_there_is_not_known(tmp_path):
    assert details.load(tmp_path / "d.json", "d.json") is None


BROKEN = {
    "empty": b"",
    "cut short": details.dump("x", WHOLE)[:200],
    "another schema": b'{"schema": 2, "difference": {}}',
    "a list": b"[]",
    "no difference": b'{"schema": 1}',
    "an unknown field": b'{"schema": 1, "difference": {"evil": 1}}',
    "another type": b'{"schema": 1, "difference": {"keys": 1}}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_no_run_wrote_stops_with_a_word(tmp_path, content):
    (tmp_path / "d.json").write_bytes(content)
    with pytest.raises(TrackerError, match=r"state/d\.json: not readable .*: restore it"):
        details.load(tmp_path / "d.json", "state/d.json")


def test_the_file_is_json_that_names_its_change():
    assert json.loads(details.dump("arxiv:1@v2", WHOLE))["change"] == "arxiv:1@v2"
