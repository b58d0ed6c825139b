"""What a shell offers: commands, and reports by their id or name; nothing where it cannot tell."""

import subprocess
import sys

import pytest
from conftest import at

from tracker import state
from tracker.completion import reports
from tracker.model import Ledger, ReportRecord

LEDGER = Ledger(
    at("2025-01-22"),
    reports={
        "olmo-2": ReportRecord("OLMo 2", "a.md"),
        "olmo": ReportRecord("OLMo", "a.md"),
        "report-3": ReportRecord("Über $HOME", "a.md"),
    },
)


@pytest.fixture
def site(tmp_path):
    state.write(tmp_path, "state/ledger.json", state.dump(LEDGER))
    return tmp_path


BEGUN = {
    "": ["olmo", "olmo-2", "report-3"],
    "OLM": ["olmo", "olmo-2"],
    '"OLMo 2': ["olmo-2"],
    "rep": ["report-3"],
    "über": ["report-3"],
    "x": [],
}


@pytest.mark.parametrize(("begun", "expected"), BEGUN.items(), ids=BEGUN)
def test_reports_are_offered_by_their_id(site, begun, expected):
    """Whether the id or the name begins so; both are what --only and log take."""
    assert [identity for identity, _ in reports(site, begun)] == expected


def test_the_ledger_is_where_the_settings_have_it(tmp_path):
    """As for every other command."""
    (tmp_path / ".tracker").mkdir()
    (tmp_path / ".tracker/tracker.toml").write_text("")
    state.write(tmp_path, ".tracker/state/ledger.json", state.dump(LEDGER))
    assert len(reports(tmp_path, "")) == 3
    (tmp_path / ".tracker/tracker.toml").write_text('state = "kept"\n')
    assert reports(tmp_path, "") == []


SILENT = {
    "no ledger": {},
    "not JSON": {"state/ledger.json": "{"},
    "no ledger's JSON": {"state/ledger.json": '{"reports": [1]}'},
    "no names": {"state/ledger.json": '{"reports": {"x": 3}}'},
    "settings that are not TOML": {"tracker.toml": "= ="},
    "settings that lead outside": {"tracker.toml": 'state = "../x"'},
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_what_cannot_be_read_offers_nothing(tmp_path, files):
    """And says nothing."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert reports(tmp_path, "o") == []


WORDS = {
    "commands": ("tracker re", "1", {"plain,refresh"}),
    "reports of --only": ("tracker refresh --only OL", "3", {"plain,olmo-2", "plain,olmo"}),
    "reports of log": ("tracker log olmo-", "2", {"plain,olmo-2"}),
    "nothing": ("tracker log zzz", "2", set()),
}


@pytest.mark.parametrize(("words", "place", "expected"), WORDS.values(), ids=WORDS)
def test_bash_is_offered(site, words, place, expected):
    """By the protocol that the line of the documentation sets up; no message of any kind."""
    env = {"_TRACKER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": place}
    told = subprocess.run(
        [sys.executable, "-c", "from tracker.cli import main; main(prog_name='tracker')"],
        cwd=site,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert set(told.stdout.split()) == expected
    assert told.stderr == ""


def test_offering_loads_nothing_slow(site):
    """A shell waits for it."""
    code = (
        "import sys; from pathlib import Path; from tracker import cli, completion\n"
        "completion.reports(Path.cwd(), '')\n"
        "print(sorted({'cattrs', 'requests', 'rich', 'jinja2', 'pyromark'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=site, capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"
