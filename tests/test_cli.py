"""The command: words in, words and exit codes out; JSON alone on stdout; errors in one line."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner
from conftest import EXAMPLE, at

from tracker import __version__, sources, state, tables
from tracker.cli import main
from tracker.demo.standin import StandIn
from tracker.model import Ledger, Snapshot, Upstream, Watch

NOW = at("2025-11-22T12:00:00")
POST = "_posts/2025-01-21-llm-tech-report-notes.md"


@pytest.fixture(scope="module")
def standin():
    with StandIn(NOW) as server:
        yield server


@pytest.fixture
def command(tmp_path, standin, monkeypatch, compared_once):  # noqa: ARG001 - it acts by itself
    """Run the command in a site with the example post, against the stand-in."""
    (tmp_path / "_posts").mkdir()
    shutil.copy(EXAMPLE, tmp_path / POST)
    (tmp_path / "tracker.toml").write_text(
        'posts = ["_posts/*.md"]\nsite_url = "https://example.org/"\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "PACES", {})
    ends = standin.endpoints
    for name, value in {
        "ARXIV_API_URL": ends.arxiv_api,
        "ARXIV_OAI_URL": ends.arxiv_oai,
        "ARXIV_URL": ends.arxiv,
        "GITHUB_API_URL": ends.github_api,
        "GITHUB_RAW_URL": ends.github_raw,
        "HF_ENDPOINT": ends.huggingface,
        "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
        "COLUMNS": "80",
    }.items():
        monkeypatch.setenv(name, value)
    standin.now, standin.faults = NOW, []

    def invoke(*words):
        return CliRunner().invoke(main, words)

    return invoke


def test_refresh_says_what_changed_in_80_columns(command):
    """The summary: the post, a line a report, what is quiet, what was added."""
    result = command("refresh")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    for words in (
        "11 reports, 22 links, since 01/22/2025",
        "! Deepseek-V3          03/16/2025  pdf deleted; successor arXiv 2412.19437v2",
        "  no change            ",
        "not watched          sustcsonglin.github.io/…/talk_250117.pdf (line 64)",
        "6 notes added; nothing else of the post differs.",
    ):
        assert words in result.stdout


def test_what_was_not_asked_is_not_said_to_be_unchanged(command):
    """A narrowed run speaks of what it was narrowed to."""
    told = command("refresh", "--only", "Phi-4").stdout
    assert "no change            Phi-4\n" in told


def test_without_a_token_it_says_how_to_have_one(command):
    """Once, on stderr, with the address."""
    assert "https://github.com/settings/tokens" in command("refresh").stderr


def test_refresh_json_is_one_document(command):
    """Changes as in the log, what is unchecked, and the files written; nothing else on stdout."""
    told = json.loads(command("refresh", "--json").stdout)
    assert set(told) == {"changes", "unchecked", "written"}
    assert told["changes"] == json.loads(command("log", "--json").stdout)
    assert POST in told["written"]
    assert json.loads(command("refresh", "--json").stdout) == {
        "changes": [],
        "unchecked": [],
        "written": [],
    }


def test_log_json_has_every_change(command):
    """Oldest first, with all its fields."""
    command("refresh")
    rows = json.loads(command("log", "--json").stdout)
    assert set(rows[0]) == {
        "id", "upstream", "kind", "reports", "old", "new", "url", "released", "found", "summary",
        "details", "significance", "touches",
    }  # fmt: skip
    (row,) = [r for r in rows if r["upstream"] == "arxiv:2501.07301"]
    assert (row["id"], row["old"], row["new"]) == ("arxiv:2501.07301@v2", "v1", "v2")
    assert (row["released"], row["reports"]) == ("2025-06-05T16:34:24Z", ["Qwen2.5-Math-PRM"])
    assert row["url"] == "https://arxiv.org/abs/2501.07301v2"


def test_status_json_has_every_upstream(command):
    """Also the papers that a line offered."""
    command("refresh")
    rows = {r["upstream"]: r for r in json.loads(command("status", "--json").stdout)}
    assert len(rows) == 23
    assert set(rows["arxiv:2501.07301"]) == {
        "upstream", "kind", "title", "version", "released", "url", "standing", "reports",
        "unchecked_since", "reason",
    }  # fmt: skip
    gone = rows["github:deepseek-ai/deepseek-v3/blob/main/DeepSeek_V3.pdf"]
    assert (gone["standing"], gone["reports"]) == ("gone", ["Deepseek-V3"])
    assert rows["arxiv:2412.19437"]["reports"] == ["Deepseek-V3"]


def test_links_json_asks_nobody(command, standin):
    """Every link with line, upstream, pin and report."""
    standin.requests.clear()
    rows = json.loads(command("links", POST, "--json").stdout)
    assert standin.requests == []
    assert len(rows) == 22
    assert rows[0] == {
        "url": "https://github.com/deepseek-ai/DeepSeek-R1/blob/main/DeepSeek_R1.pdf",
        "line": 22,
        "upstream": "github:deepseek-ai/deepseek-r1/blob/main/DeepSeek_R1.pdf",
        "kind": "github",
        "pinned": None,
        "report": "DeepSeek-R1",
    }


@pytest.mark.parametrize(
    "words", [["links"], ["status"], ["log"], ["log", "--all"], ["log", "OLMo 2"]]
)
def test_tables_fit_80_columns(command, words):
    """Nothing is cut off and nothing is wider."""
    command("refresh")
    result = command(*words)
    assert result.exit_code == 0
    assert 0 < max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("words", [["status"], ["log"]])
def test_before_the_first_run(command, words):
    """There is nothing to show, which is no error."""
    assert command(*words).exit_code == 0


def test_dry_run_prints_the_diff(command, tmp_path):
    """What would be written is shown, and nothing is."""
    result = command("refresh", "--dry-run")
    assert "+> - **v2 (06/05/2025)**" in result.stdout
    assert (tmp_path / POST).read_bytes() == EXAMPLE.read_bytes()
    assert not (tmp_path / "state").exists()


def test_saved_answers_make_no_request(command, standin, tmp_path):
    """One job asks, the other writes."""
    assert command("refresh", "--save-answers", "answers.json").exit_code == 0
    assert not (tmp_path / "state").exists()
    standin.requests.clear()
    assert command("refresh", "--answers", "answers.json").exit_code == 0
    assert standin.requests == []
    assert "**v2 (06/05/2025)**" in (tmp_path / POST).read_text()


EXITS = {
    "nothing could be checked": ([(".", (503, {}, ""))], [], 3),
    "some could not": ([("^/github", (503, {}, ""))], [], 0),
    "some could not, strict": ([("^/github", (503, {}, ""))], ["--strict"], 3),
}


@pytest.mark.parametrize(("faults", "words", "code"), EXITS.values(), ids=EXITS)
def test_exit_codes(command, standin, faults, words, code):
    """0 done, 3 nothing checked or, with --strict, not everything."""
    standin.faults = faults
    assert command("refresh", *words).exit_code == code


def test_wrong_usage(command):
    """Exit 2."""
    assert command("refresh", "--since", "yesterday").exit_code == 2
    assert command("refresh", "--nonsense").exit_code == 2


def spoil_ledger(content):
    def spoil(root):
        (root / "state").mkdir()
        (root / "state/ledger.json").write_text(content)

    return spoil


def write(name, content):
    def spoil(root):
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    return spoil


BAD = {
    "a missing post": (None, ["nowhere.md"], "nowhere.md: no such file"),
    "a folder for a post": (None, ["_posts"], "_posts: a folder"),
    "an empty post": (write("a.md", b""), ["a.md"], "a.md: the file is empty"),
    "a post that is not UTF-8": (write("a.md", b"a\n\xff"), ["a.md"], "a.md:2: not UTF-8"),
    "front matter never closed": (write("a.md", b"---\na: b\n"), ["a.md"], "a.md:1: the front"),
    "front matter that is not YAML": (write("a.md", b"---\na: [\n---\nx"), ["a.md"], "a.md:"),
    "no link in a named post": (write("a.md", b"hello"), ["a.md"], "a.md: no arXiv"),
    "an unknown setting": (write("tracker.toml", b"post = []"), [], "tracker.toml: unknown key 'post': did you mean posts?"),
    "a setting of the wrong type": (write("tracker.toml", b"posts = 3"), [], "tracker.toml: posts must be"),
    "settings that are not TOML": (write("tracker.toml", b"posts ="), [], "tracker.toml: not readable as TOML"),
    "globs that find nothing": (write("tracker.toml", b'posts = ["x/*.md"]'), [], "tracker.toml: no post"),
    "a glob that leaves the site": (write("tracker.toml", b'posts = ["../*.md"]'), [], "tracker.toml: posts:"),
    "an unknown time zone": (write("tracker.toml", b'timezone = "Mars"'), [], "tracker.toml: unknown timezone"),
    "a template that fails": (write("templates/stub.md", b"{{ x"), [], "templates/stub.md"),
    "a page template that fails": (write("templates/page.html", b"{{ nobody }}"), [], "templates/page.html"),
    "an entry template that fails": (write("templates/entry.html", b"{{ nobody }}"), [], "templates/entry.html"),
    "a truncated ledger": (spoil_ledger('{"schema": 1, "rep'), [], "state/ledger.json: not JSON"),
    "an empty ledger": (spoil_ledger(""), [], "state/ledger.json: not JSON"),
    "a newer ledger": (spoil_ledger('{"schema": 99}'), [], "state/ledger.json: written by a newer"),
    "a folder for a ledger": (lambda root: (root / "state/ledger.json").mkdir(parents=True), [], "state/ledger.json: not readable"),
    "an unknown report": (None, ["--only", "Nobody"], "no report named Nobody"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "words", "message"), BAD.values(), ids=BAD)
def test_bad_input(command, tmp_path, spoil, words, message):
    """Exit 1, one line with file, place and remedy, no traceback, and nothing on disk changes."""
    if spoil:
        spoil(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    result = command("refresh", *words)
    lines = [x for x in result.stderr.splitlines() if "GITHUB_TOKEN" not in x]
    assert result.exit_code == 1
    assert len(lines) == 1
    assert message in lines[0]
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_bad_clock_is_named(command, monkeypatch):
    """SOURCE_DATE_EPOCH must be a number."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    result = command("refresh")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "SOURCE_DATE_EPOCH" in result.stderr


def test_init_writes_settings_once(command, tmp_path):
    """It finds the posts, writes the settings, and harms nothing when run again."""
    (tmp_path / "tracker.toml").unlink()
    first = command("init", "--site-url", "https://example.org/blog/")
    settings = (tmp_path / "tracker.toml").read_text()
    assert first.exit_code == 0
    assert 'posts = ["_posts/**/*.md"]' in settings
    assert 'site_url = "https://example.org/blog/"' in settings
    assert "nothing was changed" in command("init").stdout
    assert (tmp_path / "tracker.toml").read_text() == settings
    assert command("refresh").exit_code == 0


def test_init_in_a_blog_keeps_to_a_dot_folder(command, tmp_path):
    """What no reader should see is where no generator publishes it."""
    (tmp_path / "tracker.toml").unlink()
    (tmp_path / "_config.yml").write_text("title: Blog\nurl: https://example.org\nbaseurl: /b\n")
    assert command("init").exit_code == 0
    assert command("refresh").exit_code == 0
    assert (tmp_path / ".tracker/state/ledger.json").is_file()
    assert "https://example.org/b/feeds/rss.xml" in (tmp_path / "feeds/rss.xml").read_text()


FOLDERS = {
    "Hugo": ("hugo.toml", "content/posts/x/index.md", "content/**/*.md"),
    "MkDocs": ("mkdocs.yml", "docs/a.md", "docs/**/*.md"),
    "Quarto": ("_quarto.yml", "posts/x/index.qmd", "**/*.qmd"),
    "Obsidian": (".obsidian/app.json", "Papers/Some note.md", "**/*.md"),
    "a list": ("LICENSE", "README.md", "README.md"),
}


@pytest.mark.parametrize(("mark", "path", "glob"), FOLDERS.values(), ids=FOLDERS)
def test_init_finds_posts_where_each_generator_has_them(command, tmp_path, mark, path, glob):
    """And settings that find them."""
    shutil.rmtree(tmp_path / "_posts")
    (tmp_path / "tracker.toml").unlink()
    for name, text in ((mark, "x = 1\n"), (path, LIST)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert f"it tracks {glob}." in command("init").stdout
    assert [row["line"] for row in json.loads(command("links", "--json").stdout)] == [3, 4, 5, 6]


def test_init_without_posts(command, tmp_path):
    """One line says where it looked."""
    shutil.rmtree(tmp_path / "_posts")
    (tmp_path / "tracker.toml").unlink()
    result = command("init")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_init_writes_the_address_it_was_given(command, tmp_path):
    """Also where the site's own configuration names another; one that is none is refused."""
    (tmp_path / "tracker.toml").unlink()
    (tmp_path / "_config.yml").write_text("url: https://example.org\n")
    assert command("init", "--site-url", 'x"y').exit_code == 1
    assert command("init", "--site-url", "https://other.example/").exit_code == 0
    assert (
        '\nsite_url = "https://other.example/"\n'
        in (tmp_path / ".tracker/tracker.toml").read_text()
    )


def test_log_of_an_unknown_report_says_so(command):
    """One line names those that there are."""
    command("refresh")
    result = command("log", "Nobody")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "OLMo 2" in result.stderr
    assert "OLMo 2" in command("log", "olmo 2").stdout


def test_help_names_every_command():
    """A newcomer sees what there is, and each command has a help of its own."""
    text = CliRunner().invoke(main, ["--help"]).stdout
    for name in ("init", "refresh", "status", "log", "links", "build", "demo"):
        assert f"  {name}" in text
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_start_up_imports_late():
    """`tracker --version` loads none of the slow libraries."""
    code = (
        "import sys; from tracker.cli import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "slow = {'arxiv', 'bs4', 'cattrs', 'feedgen', 'jinja2', 'lxml', 'nh3', 'pyromark', "
        "'requests', 'rich', 'yaml'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines() == [f"tracker, version {__version__}", "[]"]


def test_the_core_speaks_no_http():
    """What decides imports no HTTP client."""
    code = (
        "import sys, tracker.model, tracker.post, tracker.changes, tracker.notes, tracker.state, "
        "tracker.register, tracker.plan, tracker.publish\n"
        "print(sorted({'requests', 'urllib3', 'arxiv', 'http.client'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


# --- lists: what wants mending ------------------------------------------------------------------

LIST = """\
# Tools

- [one](https://github.com/o/one)
- [two](https://github.com/Old/Name/tree/main/x)
- [three](https://github.com/o/three)
- [four](https://arxiv.org/abs/2501.00656)
"""


@pytest.fixture
def listed(command, tmp_path):
    """The command in a folder with a list of which one repository has moved, and one is missing."""
    (tmp_path / "README.md").write_text(LIST)
    (tmp_path / "tracker.toml").write_text('posts = ["README.md"]\n')
    seen = Snapshot("t", NOW, "https://github.com/Fresh/name/tree/x/x", "x", "tree")
    moved = "github:old/name/tree/main/x"
    missing = "github:o/three"
    watches = {
        moved: Watch(
            Upstream(moved, "Old/Name/tree/main/x"),
            snapshot=replace(seen, moved_to="github:fresh/name/tree/main/x"),
        ),
        missing: Watch(Upstream(missing, "o/three"), reason="no such repository"),
    }
    ledger = Ledger(NOW, watches=watches)
    state.write(tmp_path, "state/ledger.json", state.dump(ledger))
    return command


def test_problems_are_said_with_line_and_remedy_as_markdown_in_a_pipe(listed):
    """Ready to be pasted into an issue."""
    assert (
        listed("status", "--problems").stdout
        == """\
2 of 4 links want mending

### README.md

| line | link | what | instead |
|---:|---|---|---|
| 4 | https://github.com/Old/Name/tree/main/x | moved | https://github.com/Fresh/name/tree/main/x |
| 5 | https://github.com/o/three | not found |  |
"""
    )


def test_problems_as_json(listed):
    """The same, as one document."""
    told = json.loads(listed("status", "--problems", "--json").stdout)
    assert told[0] == {
        "post": "README.md",
        "line": 4,
        "link": "https://github.com/Old/Name/tree/main/x",
        "upstream": "github:old/name/tree/main/x",
        "what": "moved",
        "instead": "https://github.com/Fresh/name/tree/main/x",
    }
    assert [row["what"] for row in told] == ["moved", "not found"]


def test_no_problem_is_said_too(command):
    """Of a post that was never refreshed, nothing is known to be wrong."""
    assert command("status", "--problems").stdout == "None of 23 links wants mending.\n"


def test_fix_shows_what_it_would_do_and_asks(listed, tmp_path):
    """Without a terminal to ask at, nothing is written."""
    told = listed("fix", "--moved")
    assert "-- [two](https://github.com/Old/Name/tree/main/x)" in told.stdout
    assert "+- [two](https://github.com/Fresh/name/tree/main/x)" in told.stdout
    assert told.stdout.endswith("Nothing was written. To write it: tracker fix --moved --yes\n")
    assert (tmp_path / "README.md").read_text() == LIST


def test_fix_rewrites_what_moved_and_nothing_else(listed, tmp_path):
    """And there is nothing left to do after."""
    told = listed("fix", "--moved", "--yes")
    assert told.stdout.endswith("README.md: 1 link rewritten, nothing else.\n")
    assert (tmp_path / "README.md").read_text() == LIST.replace("Old/Name", "Fresh/name")
    assert "No link has moved" in listed("fix", "--moved", "--yes").stdout


def test_fix_must_be_told_what(listed):
    """There may be other things to mend one day."""
    told = listed("fix")
    assert told.exit_code == 2
    assert "tracker fix --moved" in told.stderr


def test_a_source_that_is_not_edited_is_said_once(command, tmp_path):
    """At the first refresh; later ones are quiet about it."""
    (tmp_path / "notes.typ").write_text('= Notes\n#link("https://arxiv.org/abs/2501.00656")[pdf]\n')
    (tmp_path / "tracker.toml").write_text('posts = ["*.typ"]\nsite_url = "https://x.example/"\n')
    assert "notes.typ: not Markdown" in command("refresh").stderr
    assert "not Markdown" not in command("refresh").stderr


def test_an_output_that_cannot_be_written_is_one_line(command, monkeypatch):
    """A full disk behind a redirection, say."""

    def full(*_words, **_more):
        raise OSError(28, "No space left on device")

    command("refresh")
    monkeypatch.setattr(tables, "status_table", full)
    result = command("status")
    assert result.exit_code == 1
    assert result.stderr == (
        "tracker: the output: No space left on device: mend it, and run again\n"
    )
