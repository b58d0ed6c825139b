"""The mode push: one commit, computed again from the same answers when it is refused."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from workbench import NOW, PAPERS, POST, Blog, answers, hook

from tracker import run
from tracker.actions.delivery import preview, push
from tracker.asking import Saved
from tracker.model import TrackerError


@pytest.fixture
def blog(tmp_path, monkeypatch):
    return Blog(tmp_path, monkeypatch)


def test_what_changed_is_pushed(blog):
    """Post, state and feeds in one commit of the bot, whose message has no upstream text."""
    job = blog.job(answers(Alpha="v2"))
    push(job)
    assert "2501.00001v2" in blog.text()
    names = blog.git("show", "--name-only", "--format=%an|%s", "main").split("\n")
    assert names[0] == "github-actions[bot]|Refresh notes, state and feeds"
    assert {POST, "state/ledger.json", "feeds/rss.xml"} <= set(names)


def test_no_token_is_left_behind(blog):
    """It is handed to each call of git, and never written down."""
    clone = blog.clone("main")
    push(blog.job(answers(Alpha="v2"), clone))
    assert not [f for f in clone.rglob("*") if f.is_file() and b"secret-token" in f.read_bytes()]


def test_nothing_changed_is_no_commit(blog):
    """The branch stays where it is."""
    push(blog.job(answers(Alpha="v2")))
    before = blog.tip()
    push(blog.job(answers(Alpha="v2")))
    assert blog.tip() == before


def test_a_dry_run_pushes_nothing(blog):
    """It shows the difference."""
    before, job = blog.tip(), blog.job(answers(Alpha="v2"))
    saved = Saved(blog.home / "answers.json")
    wishes = run.Wishes(dry_run=True)
    dry = replace(job, refresh=lambda p: run.refresh(p, wishes, NOW, saved.latest))
    assert "2501.00001v2" in preview(dry).outcome.diffs[0]
    assert blog.tip() == before


def test_a_refused_push_is_computed_again(blog):
    """Somebody was faster: theirs stays, and ours is made anew on top of it."""
    job, raced = blog.job(answers(Alpha="v2")), []

    def racing(project):
        outcome = job.refresh(project)
        if not raced:
            raced.append(blog.edit("main", lambda text: text + "\nmore\n"))
        return outcome

    push(replace(job, refresh=racing))
    assert blog.text().endswith("\nmore\n")
    assert "2501.00001v2" in blog.text()


def test_six_refusals_are_the_end(blog):
    """With what the host said, and nothing pushed; there is nothing to wait for after the last."""
    hook(blog, "pre-receive", 'echo "error: GH006: Protected branch update failed" >&2; exit 1')
    before, tries = blog.tip(), []
    with pytest.raises(TrackerError, match="6 pushes were refused, the last with: remote: error: GH006: Protected branch update failed"):  # fmt: skip
        push(replace(blog.job(answers(Alpha="v2")), wait=tries.append))
    assert (blog.tip(), tries) == (before, [1, 2, 3, 4, 5])


def test_what_the_author_ignores_is_committed_all_the_same(blog):
    """The folders of state and feeds are the tracker's; a rule for names is not meant for them."""
    blog.edit("main", lambda text: text + 'site_url = "https://example.org/"\n', "tracker.toml")
    clone = blog.clone("main")
    (clone / ".gitignore").write_text("feeds/\n*.html\n")
    blog.publish(clone, "main")
    push(blog.job(answers(Alpha="v2")))
    names = blog.git("ls-tree", "-r", "--name-only", "main").split()
    assert {"feeds/rss.xml", "feeds/index.html"} <= set(names)


@pytest.mark.parametrize("work", ["changes", "commits"])
def test_nobodys_work_is_thrown_away(blog, work):
    """What is not at origin is no checkout of a job."""
    clone = blog.clone("main")
    (clone / POST).write_text("mine\n")
    if work == "commits":
        blog.git("commit", "--all", "--quiet", "--message", "mine", at=clone)
    with pytest.raises(TrackerError, match=work):
        push(blog.job(answers(), clone))
    assert (clone / POST).read_text() == "mine\n"


RACER = """
import sys
from workbench import *
from tracker.actions.delivery import push
from dataclasses import replace
root, saved, wishes = Path(sys.argv[1]), Saved(Path(sys.argv[2])), run.Wishes()
job = Job(Checkout(root), lambda: load(root, os.environ),
    lambda p: run.refresh(p, wishes, NOW, saved.latest), NOW, "", lambda _n: None)
push(job)
"""


def test_six_at_once_lose_nothing_and_tell_nothing_twice(blog):
    """Each has news of its own; all of it is in the ledger once, and in the post once."""
    push(blog.job(answers()))
    racers = []
    for paper, number in PAPERS.items():
        told = {k: a for k, a in answers(**{paper: "v2"}).items() if k.endswith(number)}
        saved = blog.save(told, f"{number}.json")
        words = [sys.executable, "-c", RACER, str(blog.clone("main")), str(saved)]
        path = os.pathsep.join(sys.path)
        racers.append(
            subprocess.Popen(words, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE)
        )
    said = [racer.communicate()[1].decode() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 6, said
    ledger = blog.text(path="state/ledger.json")
    for number in PAPERS.values():
        assert ledger.count(f'"id": "arxiv:{number}@v2"') == 1
        assert blog.text().count(f"{number}v2") == 1
