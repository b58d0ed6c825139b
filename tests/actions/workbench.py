"""A blog on disk with its bare repository, a GitHub that is played by a file, and papers' answers."""

import json
import os
import stat
import subprocess
from pathlib import Path

from conftest import at
from facts import paper

from tracker import run, state
from tracker.actions.checkout import Checkout
from tracker.actions.delivery import Job
from tracker.asking import Saved
from tracker.config import load

NOW = at("2025-11-22T12:00:00")
POST = "_posts/2025-01-21-notes.md"
REPOSITORY = "o/blog"
NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")
PAPERS = {name: f"2501.0000{number}" for number, name in enumerate(NAMES, 1)}
TEXT = """---
title: "Notes (updated on 01/22/2025)"
---

""" + "".join(
    f"### {name}\n\n> - [pdf](https://arxiv.org/pdf/{number}v1)\n> - a note on {name}\n\n"
    for name, number in PAPERS.items()
)
DAYS = {"v1": "2025-01-01", "v2": "2025-06-01", "v3": "2025-08-01", "v4": "2025-09-01"}
# A GitHub that knows pull requests: it answers as its REST API does, and keeps them in a file.
GH = """#!/usr/bin/env python3
import json, os, pathlib, subprocess, sys
home = pathlib.Path(os.environ["GH_HOME"])
with (home / "calls").open("a") as calls:
    print(*sys.argv[1:], file=calls)
for word in json.loads(os.environ.get("GH_REFUSES", "{}")):
    if word in " ".join(sys.argv):
        sys.exit(json.loads(os.environ["GH_REFUSES"])[word])
file = home / "pulls.json"
pulls = json.loads(file.read_text()) if file.exists() else []
method, path = sys.argv[3], sys.argv[4].partition("?")[0].split("/")[3:]
value = json.load(sys.stdin) if "--input" in sys.argv else {}
def tip(branch):
    words = ["git", "-C", str(home / "origin.git"), "rev-parse", "--verify", "-q", branch]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()
for pull in pulls:
    if pull["state"] == "open" and tip(pull["head"]["ref"]):
        pull["head"]["sha"] = tip(pull["head"]["ref"])
answer = None
if method == "GET":
    answer = pulls[::-1]
elif path == ["pulls"]:
    number = len(pulls) + 1
    answer = {"number": number, "state": "open", "html_url": f"https://github.com/o/blog/pull/{number}",
              "title": value["title"], "body": value["body"],
              "head": {"ref": value["head"], "sha": tip(value["head"]), "repo": {"full_name": "o/blog"}}}
    pulls.append(answer)
elif path[:1] == ["pulls"]:
    pulls[int(path[1]) - 1].update(value)
file.write_text(json.dumps(pulls))
print(json.dumps(answer))
"""


def answers(**versions):
    """What arXiv would say: the newest version of each paper, v1 where none is named."""
    told = {}
    for name, number in PAPERS.items():
        newest = int(versions.get(name, "v1")[1:])
        days = {v: day for v, day in DAYS.items() if int(v[1:]) <= newest}
        told[f"arxiv:{number}"] = paper(days, f"arxiv:{number}")
    return told


class Blog:
    """A bare repository below `home`, clones of it, and what people do there."""

    def __init__(self, home: Path, monkeypatch) -> None:
        self.home, self._clones = home, 0
        for name, value in {
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GITHUB_TOKEN": "secret-token",
            "GITHUB_REPOSITORY": REPOSITORY,
            "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
            "GH_HOME": str(home),
            "PATH": f"{home}/bin:{os.environ['PATH']}",
        }.items():
            monkeypatch.setenv(name, value)
        for who in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{who}_NAME", "author")
            monkeypatch.setenv(f"GIT_{who}_EMAIL", "author@example.org")
        fake(home / "bin/gh", GH)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "origin.git", at=home)
        author = self.clone()
        self.git("switch", "--quiet", "--create", "main", at=author)
        for name, text in {POST: TEXT, "tracker.toml": 'posts = ["_posts/*.md"]\n'}.items():
            (author / name).parent.mkdir(exist_ok=True)
            (author / name).write_text(text)
        self.publish(author, "main")

    def git(self, *words, at=None):
        """Run git there, or in the bare repository. Returns what it prints."""
        done = subprocess.run(
            ["git", *words], cwd=at or self.home / "origin.git", capture_output=True, text=True, check=True
        )  # fmt: skip
        return done.stdout

    def clone(self, branch=None):
        """A new clone, of a branch."""
        self._clones += 1
        name = f"clone{self._clones}"
        more = ("--branch", branch) if branch else ()
        self.git("clone", "--quiet", *more, "origin.git", name, at=self.home)
        return self.home / name

    def publish(self, clone, branch):
        """Commit everything in a clone, and push it."""
        self.git("add", "--all", at=clone)
        self.git("commit", "--quiet", "--message", "by the author", at=clone)
        self.git("push", "--quiet", "origin", f"HEAD:{branch}", at=clone)

    def edit(self, branch, change, path=POST):
        """What the author does to a file in a branch: `change` turns its text into another."""
        clone = self.clone(branch)
        (clone / path).write_text(change((clone / path).read_text()))
        self.publish(clone, branch)

    def text(self, branch="main", path=POST):
        """A file in a branch."""
        return self.git("show", f"{branch}:{path}")

    def has(self, branch):
        """Whether there is such a branch."""
        return bool(self.git("branch", "--list", branch))

    def tip(self, branch="main"):
        """The commit of a branch."""
        return self.git("rev-parse", branch).strip()

    def save(self, told, name="answers.json"):
        """A file of answers."""
        (self.home / name).write_bytes(state.dump_answers(told))
        return self.home / name

    def job(self, told, clone=None, now=NOW):
        """A job in a fresh checkout of the default branch."""
        root, saved = clone or self.clone("main"), Saved(self.save(told))
        wishes = run.Wishes()
        return Job(
            checkout=Checkout(root),
            load=lambda: load(root, os.environ),
            refresh=lambda p: run.refresh(p, wishes, now, saved.latest, saved.differences),
            now=now,
            page=f"https://github.com/{REPOSITORY}",
            wait=lambda _attempt: None,
        )

    def pulls(self):
        """The pull requests, the oldest first."""
        file = self.home / "pulls.json"
        return json.loads(file.read_text()) if file.exists() else []

    def set_pull(self, number, **values):
        """What a person does to a pull request."""
        pulls = self.pulls()
        pulls[number - 1]["head"]["sha"] = self.tip("tracker/notes")
        pulls[number - 1].update(values)
        (self.home / "pulls.json").write_text(json.dumps(pulls))

    def merge(self, number):
        """Merge a pull request, squashed."""
        clone = self.clone("main")
        self.git("merge", "--quiet", "--squash", "origin/tracker/notes", at=clone)
        self.publish(clone, "main")
        self.set_pull(number, state="closed")


def fake(path, source):
    """A program that plays another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def hook(blog, name, source):
    """A hook of the bare repository."""
    fake(blog.home / "origin.git/hooks" / name, f"#!/bin/sh\n{source}\n")
