"""`tracker demo`: three days of real history in a folder of its own."""

import os
import re
import time

import pytest
from click.testing import CliRunner
from conftest import EXAMPLE, at

from tracker import cli, demo
from tracker.model import TrackerError

TODAY = at("2026-11-25T04:00:00")
POST = f"_posts/{EXAMPLE.name}"

pytestmark = pytest.mark.usefixtures("compared_once")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """One demo: its folder and its lines."""
    folder = tmp_path_factory.mktemp("somewhere")
    lines = []
    demo.show(folder, lines.append, TODAY)
    return folder / "demo", "\n".join(lines)


def days(text):
    """What was said on each day."""
    return re.split(r"\n=== .* ===\n", text)[1:]


def test_each_day_has_its_heading_and_the_summary_of_a_refresh(shown):
    _, text = shown
    assert re.findall(r"=== ([\d-]+): ", text) == ["2025-01-22", "2025-06-30", "2026-11-25"]
    assert all("11 reports, 22 links" in day for day in days(text))


def test_on_the_posts_own_day_nothing_is_added(shown):
    first, _, _ = days(shown[1])
    assert "Nothing to add to the post." in first
    assert "not watched" in first


@pytest.mark.parametrize(
    ("day", "report", "said"),
    [
        (1, "DeepSeek-R1", "new pdf"),
        (1, "Deepseek-V3", "pdf deleted"),
        (1, "Qwen2.5-Math-PRM", "v2"),
        (1, "TÜLU 3", "v5, new section Scaling to 405B; 4 more"),
        (1, "quiet", "1 minor change"),
        (2, "OLMo 2", "v3"),
    ],
)
def test_what_happened_is_told_on_the_day_it_can_be_known(shown, day, report, said):
    of_day = [[row for row in part.splitlines() if f" {report} " in row] for part in days(shown[1])]
    told = [any(said in " ".join(row.split()) for row in rows) for rows in of_day]
    assert told == [n == day for n in range(3)]


def test_what_differs_is_told_in_the_lines_and_a_change_of_contributions_is_none(shown):
    """A paper as HTML, a PDF of a repository; Kimi's PDF has other contributions alone."""
    root, _ = shown
    post = (root / "_posts" / demo.POST).read_text()
    assert "**v3 (10/08/2025)**: [pdf](https://arxiv.org/pdf/2501.00656v3), new section" in post
    assert "**new pdf (01/23/2025)**" in post
    assert "72.6 -> 72.8" in post
    assert "**new pdf (03/07/2025)**" not in post


def test_the_whole_difference_is_kept_and_published(shown):
    root, _ = shown
    (details,) = (root / "state" / "details").glob("arxiv-2501.00656-v3-*.json")
    (page,) = (root / "feeds" / "changes").glob("arxiv-2501.00656-v3-*.html")
    assert '"Limitations"' in details.read_text()
    assert "<ins>69.1</ins>" in page.read_text()
    assert "5T" in (root / "feeds" / "index.html").read_text()  # a note that it touches


def test_nothing_is_left_unchecked(shown):
    _, text = shown
    assert "not checked" not in text
    assert "warning" not in text


def test_the_post_keeps_the_authors_lines_and_gets_new_ones(shown):
    root, _ = shown
    before = EXAMPLE.read_text("utf-8").splitlines()
    after = (root / POST).read_text("utf-8").splitlines()
    added = [line for line in after if line not in before]
    gone = [line for line in before if line not in after]
    assert [re.sub(r"[\d/]{10}", "DAY", line) for line in gone] == [
        'title: "LLM Tech Report Notes (updated on DAY)" '
    ]
    assert len(added) >= 7
    assert any("https://arxiv.org/pdf/2501.07301v2" in line for line in added)
    assert any("Llama-3.1-Tulu-3-405B" in line for line in added)
    assert (root / demo.BEFORE).read_bytes() == EXAMPLE.read_bytes()


def test_what_the_closing_words_name_is_there(shown):
    root, text = shown
    closing = text.partition("What is in demo/")[2]
    for path in (POST, "feeds/index.html", "feeds/rss.xml", "state/ledger.json"):
        assert path in closing
        assert (root / path).is_file()
    assert "tracker init" in closing


def test_its_lines_fit_in_80_columns(shown):
    lines = shown[1].splitlines()
    assert max(map(len, lines)) <= 80


def test_no_address_of_the_stand_in_is_left_in_what_it_wrote(shown):
    root, _ = shown
    files = [path for path in root.rglob("*") if path.is_file()]
    assert not [path for path in files if b"127.0.0.1" in path.read_bytes()]


def test_it_takes_the_place_of_an_older_demo(tmp_path):
    root = tmp_path / "demo"
    root.mkdir()
    (root / demo.MARK).touch()
    (root / "old").touch()
    demo.show(tmp_path, lambda _line: None, TODAY)
    assert not (root / "old").exists()
    assert (root / demo.MARK).is_file()


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_a_demo_that_somebody_else_made_stays(tmp_path, kind):
    root = tmp_path / "demo"
    if kind == "folder":
        root.mkdir()
        (root / "mine").touch()
    elif kind == "file":
        root.touch()
    else:
        other = tmp_path / "other"
        other.mkdir()
        (other / demo.MARK).touch()
        root.symlink_to(other)
    with pytest.raises(TrackerError, match=r"demo/: .* rename it"):
        demo.show(tmp_path, lambda _line: None, TODAY)
    assert {p.name for p in tmp_path.rglob("*")} <= {"demo", "mine", "other", demo.MARK}


def test_the_same_clock_gives_the_same_bytes(shown, tmp_path):
    root, text = shown
    lines = []
    demo.show(tmp_path, lines.append, TODAY)
    assert "\n".join(lines) == text
    for path in root.rglob("*"):
        if path.is_file():
            assert (tmp_path / "demo" / path.relative_to(root)).read_bytes() == path.read_bytes()


def test_an_earlier_clock_shows_the_days_until_then(tmp_path):
    lines = []
    demo.show(tmp_path, lines.append, at("2025-03-01"))
    headings = re.findall(r"=== ([\d-]+): ", "\n".join(lines))
    assert headings == ["2025-01-22", "2025-03-01"]


def test_a_proxy_of_the_environment_is_not_in_the_way(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "example.org")
    lines = []
    demo.show(tmp_path, lines.append, at("2025-01-22T12:00:00"))
    assert "not checked" not in "\n".join(lines)
    assert (os.environ.get("no_proxy"), os.environ["NO_PROXY"]) == (None, "example.org")


def test_the_command_shows_it_quickly(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(TODAY.timestamp())))
    start = time.monotonic()
    result = CliRunner().invoke(cli.main, ["demo"])
    assert result.exit_code == 0, result.output
    assert "=== 2026-11-25: today ===" in result.output
    assert time.monotonic() - start < 10


def test_the_command_says_in_one_line_what_is_in_the_way(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").mkdir()
    result = CliRunner().invoke(cli.main, ["demo"])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
