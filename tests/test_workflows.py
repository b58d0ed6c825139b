"""The workflows: least rights, pinned actions, and a push that computes again when it is refused."""

import os
import re
import subprocess

import pytest
import yaml
from conftest import ROOT

FOLDER = ROOT / ".github/workflows"
SCRIPT = ROOT / ".github/refresh-and-push"
FILES = sorted(FOLDER.glob("*.yml"))
RIGHTS = {
    "ask": {"contents": "read"},
    "write": {"contents": "write"},
    "deploy": {"pages": "write", "id-token": "write"},
    "test": {"contents": "read"},
}
TRACKER = """#!/bin/sh
# A tracker that adds a line to the ledger for each call, unless told that nothing changed.
echo "$@" >> "$CALLS"
[ -n "${STILL:-}" ] || { mkdir -p state posts feeds; echo "$NAME" >> state/ledger.json; }
"""


def load(path):
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_rights(path):
    """None on top, the least for each job."""
    flow = load(path)
    assert flow["permissions"] == {}
    assert {n: job["permissions"] for n, job in flow["jobs"].items()} == {
        n: RIGHTS[n] for n in flow["jobs"]
    }


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_actions_are_pinned(path):
    """By commit, with the version beside it, and without credentials left in the checkout."""
    uses = re.findall(r"uses: (.*)", path.read_text())
    assert uses
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in uses)
    for job in load(path)["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_nothing_from_outside_is_part_of_a_command(path):
    """Inputs reach a command through its environment only."""
    for job in load(path)["jobs"].values():
        assert not [s for s in job["steps"] if "${{" in s.get("run", "")]


def test_when_it_runs():
    """Twice a day off the full hour, and by hand."""
    on = load(FOLDER / "track.yml")[True]  # YAML 1.1 reads `on` as a truth
    assert [c["cron"] for c in on["schedule"]] == ["37 6 * * *", "13 15 * * *"]
    assert set(on["workflow_dispatch"]["inputs"]) == {"only", "dry_run"}
    assert load(FOLDER / "track.yml")["concurrency"]["cancel-in-progress"] is False


@pytest.fixture
def git(tmp_path):
    """Run git, without the machine's own settings."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "x@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }

    def run(*words, cwd=tmp_path, **more):
        return subprocess.run(
            words, cwd=cwd, env={**env, **more}, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def clone(tmp_path, git):
    """A bare repository on disk, and a clone of it as a job has one."""
    git("git", "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git("git", "clone", "--quiet", "origin.git", "job")
    job = tmp_path / "job"
    for name in ("posts", "state", "feeds"):
        (job / name).mkdir()
        (job / name / "README.md").write_text("x\n")
    git("git", "switch", "--quiet", "--create", "main", cwd=job)
    git("git", "add", "--all", cwd=job)
    git("git", "commit", "--quiet", "--message", "start", cwd=job)
    assert git("git", "push", "--quiet", "origin", "main", cwd=job).returncode == 0
    fake = tmp_path / "tracker"
    fake.write_text(TRACKER)
    fake.chmod(0o755)
    return job


def push(git, clone, **more):
    """Run the script as the workflow's shell runs it."""
    calls = clone.parent / "calls"
    return git(
        "bash", "-euo", "pipefail", str(SCRIPT), "answers.json", str(clone.parent / "tracker"),
        cwd=clone, CALLS=str(calls), GITHUB_TOKEN="secret-token", **{"NAME": "line", **more},
    )  # fmt: skip


def pushed(git, clone):
    return git("git", "show", "main:state/ledger.json", cwd=clone.parent / "origin.git").stdout


def test_what_changed_is_pushed(git, clone):
    """One commit, and no token is left behind or shown."""
    done = push(git, clone)
    assert (done.returncode, pushed(git, clone)) == (0, "line\n")
    assert "secret-token" not in done.stdout + done.stderr + (clone / ".git/config").read_text()


def test_nothing_changed_is_no_commit(git, clone):
    """The branch stays where it is."""
    before = git("git", "rev-parse", "main", cwd=clone.parent / "origin.git").stdout
    assert push(git, clone, STILL="1").returncode == 0
    assert git("git", "rev-parse", "main", cwd=clone.parent / "origin.git").stdout == before


def test_a_dry_run_pushes_nothing(git, clone):
    """It only shows."""
    assert push(git, clone, DRY_RUN="true").returncode == 0
    assert (clone.parent / "calls").read_text() == "refresh --answers answers.json --dry-run\n"
    assert pushed(git, clone) == ""


def test_a_refused_push_is_computed_again(git, clone, tmp_path):
    """Somebody was faster: theirs stays, and ours is made anew on top of it."""
    hook = tmp_path / "origin.git/hooks/pre-receive"
    hook.write_text(
        '#!/bin/sh\n[ -f "$GIT_DIR/refused" ] || { touch "$GIT_DIR/refused"; exit 1; }\n'
    )
    hook.chmod(0o755)
    done = push(git, clone)
    assert (done.returncode, pushed(git, clone)) == (0, "line\n")
    assert (tmp_path / "calls").read_text().count("refresh --answers") == 2


def test_two_jobs_at_once_lose_nothing(git, clone, tmp_path):
    """A job whose checkout is old starts from what is there now."""
    git("git", "clone", "--quiet", "origin.git", "other")
    assert push(git, clone, NAME="one").returncode == 0
    assert push(git, tmp_path / "other", NAME="two").returncode == 0
    assert pushed(git, clone) == "one\ntwo\n"
