"""The job's summary and annotations: all that happened, and nothing in it that is live."""

from dataclasses import replace

import pytest
from conftest import at

from tracker.actions.summary import markdown, schedule, warnings
from tracker.model import Change, Ledger, ReportRecord, Upstream, Watch
from tracker.run import Outcome

NOW = at("2025-11-22")
CHANGE = Change(
    "arxiv:2501.00656@v3", "arxiv:2501.00656", "revised", "major", ("olmo-2",), "v2", "v3",
    "https://arxiv.org/abs/2501.00656v3", "A paper", NOW, facts=("new section @everyone",),
)  # fmt: skip


def outcome(waiting=0, reason="no connection", **fields):
    watches = {
        f"github:o/r{n:02}": Watch(
            Upstream(f"github:o/r{n:02}", ""), {"olmo-2": None}, unchecked_since=NOW, reason=reason
        )
        for n in range(waiting)
    }
    ledger = Ledger(reports={"olmo-2": ReportRecord("OLMo 2", "a.md")}, watches=watches)
    return Outcome(
        ledger, (), (CHANGE, replace(CHANGE, significance="minor")), 3, (), ("a.md",), **fields
    )


def test_a_summary_says_what_happened():
    """What changed, with a link; what could not be checked, since when; what was written."""
    told = "\n".join(markdown(outcome(1, held={"a.md": 30}, mend=("b.md: empty",))))
    for words in (
        "### 1 change, 3 links asked about",
        "- **OLMo 2**: `arXiv v3, new section @everyone`, [read it](https://arxiv.org/abs/2501.00656v3)",
        "- 1 minor change",
        "- `github:o/r00`: no connection, since 2025-11-22",
        "**Written**: `a.md`.",
        "`a.md`: 30 lines are too many",
        "**To mend**: `b.md: empty`",
    ):
        assert words in told


def test_a_dry_run_shows_the_differences():
    """In a fence."""
    told = list(markdown(outcome(diffs=("--- a\n+++ b\n+```\n",)), dry_run=True))
    assert told[-5:] == ["````diff", "--- a", "+++ b", "+```", "````"]
    assert "Nothing was written." in told


@pytest.mark.parametrize(
    ("key", "reason", "line"),
    [
        ("github:o/r", "no connection", "Not checked%3A github%3Ao/r::no connection"),
        ("github:o/a%2Cb,c", "no", "Not checked%3A github%3Ao/a%252Cb%2Cc::no"),
        ("github:o/r", "50%\r\n::error::x", "Not checked%3A github%3Ao/r::50%25 ::error::x"),
    ],
    ids=["plain", "strange key", "hostile reason"],
)
def test_an_annotation_is_one_escaped_line(key, reason, line):
    """A line end would start another command, a comma another property."""
    watch = Watch(Upstream(key, ""), {"olmo-2": None}, unchecked_since=NOW, reason=reason)
    found = replace(outcome(), ledger=Ledger(watches={key: watch}))
    assert warnings(found) == [f"::warning title={line}, since 2025-11-22"]


@pytest.mark.parametrize(("waiting", "lines"), [(0, 0), (10, 10), (11, 10), (40, 10)])
def test_ten_annotations_at_most(waiting, lines):
    """GitHub shows no more; the last one counts the rest."""
    told = warnings(outcome(waiting))
    assert len(told) == lines
    assert (waiting <= 10) or told[-1].endswith(f"::{waiting - 9} more: tracker status")


@pytest.mark.parametrize(
    ("last", "said"),
    [("2025-11-01", False), ("2025-10-07", True), ("2025-01-01", True)],
    ids=["three weeks", "46 days", "a year"],
)
def test_a_schedule_about_to_stop_is_said(last, said):
    """In time, with the day and the button."""
    told = schedule(at(last), NOW, "https://github.com/o/r/actions")
    assert bool(told) is said
    assert not said or "Enable workflow in the Actions tab](https://github.com/o/r/actions)" in told
