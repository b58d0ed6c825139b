"""The workflows: least rights, pinned actions, and each command as its shell runs it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from workbench import POST, Blog, answers, fake

from tracker.model import Unchecked

FOLDER = ROOT / ".github/workflows"
FILES = sorted(FOLDER.glob("*.yml"))
ACTION = ROOT / "action.yml"
TABLE = {  # what was looked at, and is pinned by its commit
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97",
    "actions/upload-artifact": "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
    "actions/download-artifact": "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    "actions/upload-pages-artifact": "fc324d3547104276b827a68afc52ff2a11cc49c9",
    "actions/deploy-pages": "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128",
}
RIGHTS = {
    "ask": {"contents": "read"},
    "write": {"contents": "write", "pull-requests": "write"},
    "start": {"contents": "read", "actions": "write", "pages": "write"},
    "deploy": {"pages": "write", "id-token": "write"},
    "test": {"contents": "read"},
}


def load(path):
    return yaml.safe_load(path.read_text())


def jobs():
    return load(FOLDER / "refresh.yml")["jobs"]


def steps():
    """Every step of the workflows and the action."""
    for path in FILES:
        for job in load(path)["jobs"].values():
            yield from job.get("steps", ())
    yield from load(ACTION)["runs"]["steps"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_rights(path):
    """None on top, the least for each job; a caller grants what the called jobs take, no more."""
    flow = load(path)
    assert flow["permissions"] == {}
    most = {right: level for job in jobs().values() for right, level in job["permissions"].items()}
    for name, job in flow["jobs"].items():
        wanted = {**most, "contents": "write"} if "uses" in job else RIGHTS[name]
        assert job["permissions"] == wanted


@pytest.mark.parametrize("path", [*FILES, ACTION], ids=lambda p: p.name)
def test_actions_are_pinned(path):
    """By commit, with the version beside it, but for our own files."""
    for use in re.findall(r"uses: (.*)", path.read_text()):
        if not use.startswith("$/"):
            name, commit, _ = re.fullmatch(r"([\w/-]+)@(\w+) # (v\d+\.\d+\.\d+)", use).groups()
            assert TABLE[name] == commit


def test_no_checkout_keeps_credentials():
    """What runs later in a job does not find a token in .git/config."""
    checkouts = [s for s in steps() if s.get("uses", "").startswith("actions/checkout")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_nothing_from_outside_is_part_of_a_command():
    """Inputs reach a command through its environment only."""
    assert not [step for step in steps() if "${{" in step.get("run", "")]


def test_when_it_runs():
    """Twice a day off the full hour, and by hand; a run that is under way is not cancelled."""
    on = load(FOLDER / "track.yml")[True]  # YAML 1.1 reads `on` as a truth
    assert [c["cron"] for c in on["schedule"]] == ["37 6 * * *", "13 15 * * *"]
    assert set(on["workflow_dispatch"]["inputs"]) == {"only", "dry_run"}
    assert load(FOLDER / "refresh.yml")["concurrency"]["cancel-in-progress"] is False


def test_what_a_caller_may_say():
    """The inputs with their defaults: nobody's site is replaced unless they ask for it."""
    call = load(FOLDER / "refresh.yml")[True]["workflow_call"]
    assert {name: value["default"] for name, value in call["inputs"].items()} == {
        "mode": "review",
        "publish": "commit",
        "build": "",
        "tracker-repository": "",
        "tracker-ref": "",
        "only": "",
        "dry_run": False,
    }
    assert call["secrets"]["HF_TOKEN"]["required"] is False
    assert "inputs.publish == 'pages'" in jobs()["deploy"]["if"]


# --- each command, as its shell runs it ----------------------------------------------------------

TRACKER = f"""#!/bin/sh
exec {sys.executable} -m tracker "$@"
"""
CALLS = '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/calls"\n'


@pytest.fixture
def blog(tmp_path, monkeypatch):
    blog = Blog(tmp_path, monkeypatch)
    fake(tmp_path / "venv/bin/tracker", TRACKER)
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return blog


def command(job, words):
    """The one command of a job that holds some words."""
    (step,) = [s for s in jobs()[job]["steps"] if words in s.get("run", "")]
    return step["run"]


def shell(source, cwd):
    """Run it as the workflow does, strictly."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", source], cwd=cwd, capture_output=True, text=True, check=False
    )  # fmt: skip


def write(blog, monkeypatch, mode, only="", dry_run=""):
    """The commands of the job `write`, in a fresh checkout."""
    monkeypatch.setenv("MODE", mode)
    monkeypatch.setenv("ONLY", only)
    monkeypatch.setenv("DRY_RUN", dry_run)
    blog.save(answers(Alpha="v2"))
    clone = blog.clone("main")
    for words in ('tracker" push', "rev-parse", "cp -R feeds"):
        done = shell(command("write", words), clone)
        assert done.returncode == 0, done.stderr
    return (blog.home / "GITHUB_STEP_SUMMARY").read_text()


@pytest.mark.parametrize("mode", ["push", "review"])
def test_write(blog, monkeypatch, mode):
    """The lines are where the mode says, the feeds are ready to be deployed, the summary tells."""
    told = write(blog, monkeypatch, mode)
    assert ("2501.00001v2" in blog.text()) is (mode == "push")
    assert blog.has("tracker/notes") is (mode == "review")
    assert (blog.home / "site/feeds/rss.xml").read_text() == blog.text(path="feeds/rss.xml")
    assert (blog.home / "GITHUB_OUTPUT").read_text() == f"commit={blog.tip()}\n"
    assert "- **Alpha**: arXiv v2, [read it](https://arxiv.org/abs/2501.00001v2)" in told
    assert ("https://github.com/o/blog/pull/1" in told) is (mode == "review")


def test_write_narrowed_and_dry(blog, monkeypatch):
    """Inputs reach the command as one word each."""
    monkeypatch.setenv("MODE", "push")
    monkeypatch.setenv("ONLY", "Alpha $(touch x)")
    monkeypatch.setenv("DRY_RUN", "true")
    blog.save(answers())
    before, clone = blog.tip(), blog.clone("main")
    done = shell(command("write", 'tracker" push'), clone)
    assert "no report named Alpha $(touch x)" in done.stderr
    assert (done.returncode, blog.tip(), (clone / "x").exists()) == (1, before, False)


def test_ask(blog, monkeypatch):
    """Only asks, and saves the answers where the next step takes them."""
    fake(blog.home / "venv/bin/tracker", CALLS)
    for only, more in (("", ""), ("OLMo 2", "--only OLMo 2 ")):
        monkeypatch.setenv("ONLY", only)
        assert shell(command("ask", "refresh"), blog.home).returncode == 0
        told = (blog.home / "calls").read_text().splitlines()[-1]
        assert told == f"refresh {more}--save-answers {blog.home}/answers.json"


@pytest.mark.parametrize("job", ["ask", "write"])
def test_install(job, tmp_path, monkeypatch):
    """Out of the second checkout, into a folder that is not the blog's, locked by hashes."""
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    fake(tmp_path / "bin/python3", CALLS)
    fake(tmp_path / "venv/bin/python", CALLS)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin", prepend=":")
    (tmp_path / "tracker").symlink_to(ROOT)
    assert shell(command(job, "install"), tmp_path).returncode == 0
    venv, locked, own = (tmp_path / "calls").read_text().splitlines()
    assert venv == f"-m venv {tmp_path}/venv"
    assert re.search(r"--require-hashes -r \S+/requirements-run.lock$", locked)
    assert re.search(r"--no-deps --no-build-isolation \S+$", own)


def test_the_lock_of_a_run_holds_what_a_run_needs():
    """As the developer's does, at the same versions, and no more."""
    pins = {
        name: set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-run.lock")
    }
    assert pins["requirements-run.lock"] < pins["requirements.lock"]
    names = {pin.partition("==")[0] for pin in pins["requirements-run.lock"]}
    assert {"requests", "jinja2", "hatchling"} <= names
    assert not {"pytest", "mypy", "ruff"} & names


@pytest.mark.parametrize(
    ("build", "refused", "asked", "told"),
    [
        ("site.yml", {}, "actions/workflows/site.yml/dispatches -f ref=main", "was started"),
        ("pages", {}, "pages/builds", "was started"),
        ("site.yml", {"dispatches": "HTTP 422 ```x"}, "dispatches", "Run workflow](https://github.com/o/blog/actions/workflows/site.yml)"),
        ("pages", {"builds": "HTTP 403"}, "builds", "Settings > Pages](https://github.com/o/blog/settings/pages)"),
    ],
    ids=["workflow", "branch", "workflow refused", "branch refused"],
)  # fmt: skip
def test_start(blog, monkeypatch, build, refused, asked, told):
    """What GitHub refuses is said with the button to press, and is no failure."""
    monkeypatch.setenv("BUILD", build)
    monkeypatch.setenv("BRANCH", "main")
    monkeypatch.setenv("GH_REFUSES", json.dumps(refused))
    (blog.home / "tracker").symlink_to(ROOT)
    done = shell(command("start", "start-build"), blog.home)
    assert done.returncode == 0, done.stderr
    assert asked in (blog.home / "calls").read_text()
    assert told in (blog.home / "GITHUB_STEP_SUMMARY").read_text()


@pytest.mark.parametrize("build", ["../x.yml", "a b.yml", "site", "--x.yml", "a.yml;id"])
def test_start_takes_a_file_name_only(blog, monkeypatch, build):
    """It is part of an address."""
    monkeypatch.setenv("BUILD", build)
    monkeypatch.setenv("BRANCH", "main")
    done = shell(str(ROOT / ".github/start-build"), blog.home)
    assert (done.returncode, (blog.home / "calls").exists()) == (1, False)


def test_the_action_refreshes_and_no_more(blog, monkeypatch):
    """Into the checkout; what comes of it is the caller's."""
    install, refresh = [s["run"] for s in load(ACTION)["runs"]["steps"] if "run" in s]
    assert '"$GITHUB_ACTION_PATH/.github/install" "$RUNNER_TEMP/tracker-venv"' in install
    fake(blog.home / "tracker-venv/bin/tracker", CALLS + "echo said\n")
    monkeypatch.setenv("ONLY", "OLMo 2")
    assert shell(refresh, blog.home).returncode == 0
    assert (blog.home / "calls").read_text() == "refresh --markdown --only OLMo 2\n"
    assert (blog.home / "GITHUB_STEP_SUMMARY").read_text() == "said\n"


def test_a_failure_is_one(blog, monkeypatch):
    """Though its words go through a pipe."""
    assert load(FOLDER / "refresh.yml")["defaults"]["run"]["shell"] == "bash"  # with pipefail
    monkeypatch.setenv("MODE", "push")
    monkeypatch.setenv("ONLY", "")
    monkeypatch.setenv("DRY_RUN", "")
    (blog.home / "answers.json").write_text("{}")
    assert shell(command("write", 'tracker" push'), blog.clone("main")).returncode == 1


def test_the_proposals_words(blog, monkeypatch):
    """`tracker proposal BASE` prints title and body."""
    write(blog, monkeypatch, "review")
    clone = blog.clone("tracker/notes")
    told = shell(f"{sys.executable} -m tracker proposal origin/main", clone).stdout
    assert told.startswith("Notes: Alpha v2\n\n1 link changed")
    assert Path(clone / POST).read_text() == blog.text("tracker/notes")
    assert shell(f"{sys.executable} -m tracker proposal HEAD", clone).stdout == ""
    assert shell(f"{sys.executable} -m tracker proposal nowhere", clone).returncode == 1


def test_what_could_not_be_checked_is_annotated_in_actions_only(blog, monkeypatch):
    """On stderr, so that stdout is the summary alone."""
    told = {**answers(Alpha="v2"), "arxiv:2501.00002": Unchecked("no connection")}
    saved = blog.save(told)
    refresh = f"{sys.executable} -m tracker refresh --dry-run --answers {saved}"
    clone = blog.clone("main")
    warning = "::warning title=Not checked%3A arxiv%3A2501.00002::no connection, since 2025-11-22\n"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = shell(f"{refresh} --markdown", clone)
    assert warning in done.stderr
    assert done.stdout.startswith("### 1 change, 6 links asked about\n")
    assert "::" not in done.stdout
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert "::warning" not in shell(refresh, clone).stderr
    assert shell(f"{refresh} --markdown --json", clone).returncode == 2
