"""A checkout as a job has one: git, and nothing but git. The push is the commit point.

Commits are made of trees without moving a branch, so that a refused push leaves nothing behind.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tracker.model import TrackerError
from tracker.text import clean, cut

_BOT = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "github-actions[bot]"),
        ("EMAIL", "41898282+github-actions[bot]@users.noreply.github.com"),
    )
}
_REFUSAL = 300  # so many characters of what a host says
# The token goes to GitHub through a helper, for each call anew, and is never written to a file.
_HELPER = '!f() { echo username=x-access-token; echo "password=${GITHUB_TOKEN:-}"; }; f'


class Checkout:
    """The checkout at `root`, with a remote `origin`."""

    def __init__(self, root: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._root = root
        self._environ = {**environ, **_BOT, "GIT_TERMINAL_PROMPT": "0"}
        server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
        self._login = (
            "-c",
            f"credential.{server}.helper=",
            "-c",
            f"credential.{server}.helper={_HELPER}",
        )
        self.refusal = ""

    def branch(self) -> str:
        """The branch that is checked out.

        Raises TrackerError where there is none, or where work would be lost by starting anew.
        """
        name = self._try("symbolic-ref", "--short", "HEAD").stdout.strip()
        if not name:
            raise TrackerError("no branch is checked out: run it on one")
        if self._git("status", "--porcelain", "--untracked-files=no"):
            raise TrackerError("the checkout has changes: commit them first")
        tip = self.fetch(name)
        if tip is None or self._try("merge-base", "--is-ancestor", "HEAD", tip).returncode:
            raise TrackerError(f"{name} has commits that are not at origin: push them first")
        return name

    def fetch(self, branch: str) -> str | None:
        """The commit that a branch is at now, fetched; None where there is no such branch."""
        ref = f"refs/heads/{branch}"
        if not self._git(*self._login, "ls-remote", "origin", ref):
            return None
        self._git(*self._login, "fetch", "--quiet", "origin", ref)
        return self.sha("FETCH_HEAD")

    def start(self, commit: str) -> None:
        """Make files and index those of a commit."""
        self._git("reset", "--quiet", "--hard", commit)

    def sha(self, name: str) -> str:
        """The id of what a name stands for."""
        return self._git("rev-parse", "--verify", "--quiet", name)

    def when(self, commit: str) -> datetime:
        """When a commit was made."""
        return datetime.fromtimestamp(int(self._git("log", "-1", "--format=%ct", commit)), UTC)

    def show(self, commit: str, path: str) -> bytes:
        """A file as it is in a commit or tree; empty where it is not there."""
        # The path is relative to the root, which need not be the repository's.
        words = ("git", "-C", str(self._root), "show", f"{commit}:./{path}")
        done = subprocess.run(words, capture_output=True, check=False, env=self._environ)
        return b"" if done.returncode else done.stdout

    def fork(self, one: str, other: str) -> str | None:
        """The commit that two commits have in common last; None where there is none."""
        if self._git("rev-parse", "--is-shallow-repository") == "true":
            self._git(*self._login, "fetch", "--quiet", "--unshallow", "origin")
        done = self._try("merge-base", one, other)
        return None if done.returncode else done.stdout.strip()

    def merged(self, base: str, other: str) -> str | None:
        """The tree of two commits merged, or None where they are in conflict."""
        done = self._try("merge-tree", "--write-tree", "--no-messages", base, other)
        if done.returncode > 1:
            raise _failed(done)
        return None if done.returncode else done.stdout.strip()

    def differing(
        self, one: str, other: str, without: Iterable[str] = (), but: Collection[str] = ()
    ) -> list[str]:
        """The files that differ between two trees: all that are not in some folders, and those that
        are named (`but`) wherever they are."""
        told = self._git("diff", "--name-only", "--relative", "--no-renames", "-z", one, other)
        folders = tuple(f"{folder}/" for folder in without)
        return [p for p in told.split("\0") if p and (p in but or not p.startswith(folders))]

    def take(self, tree: str, paths: Collection[str]) -> None:
        """Make some files, and the index, those of a tree."""
        if paths:
            words = ("restore", f"--source={tree}", "--staged", "--worktree")
            self._git(*words, "--", *(f":(literal){path}" for path in paths))

    def add(self, paths: Iterable[str]) -> str:
        """The tree of the index with some files and folders as they are now, whatever the author's
        .gitignore says of their names."""
        there = [path for path in paths if (self._root / path).exists()]
        if there:
            self._git("add", "--all", "--force", "--", *(f":(literal){path}" for path in there))
        return self._git("write-tree")

    def commit(self, tree: str, parent: str, message: str) -> str:
        """A commit of a tree; the parent where it holds that tree already."""
        if self.sha(f"{parent}^{{tree}}") == tree:
            return parent
        return self._git("commit-tree", tree, "-p", parent, "-m", message)

    def push(self, refs: Mapping[str, str], leases: Mapping[str, str | None] | None = None) -> bool:
        """Set branches to commits, all or none; an empty commit deletes. leases: branches that may
        be rewritten, and the commit at which each is expected.

        Returns whether it was taken; `refusal` says why not.
        """
        leases = leases or {}
        words = [f"--force-with-lease=refs/heads/{b}:{sha or ''}" for b, sha in leases.items()]
        specs = [f"{sha}:refs/heads/{branch}" for branch, sha in refs.items()]
        done = self._try(*self._login, "push", "--quiet", "--atomic", *words, "origin", *specs)
        self.refusal = _refusal(done.stderr)
        return done.returncode == 0

    def _try(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ("git", "-C", str(self._root), *words)
        try:
            return subprocess.run(
                command, capture_output=True, text=True, check=False, env=self._environ
            )
        except OSError as error:
            raise TrackerError("git is not installed: install it") from error

    def _git(self, *words: str) -> str:
        done = self._try(*words)
        if done.returncode:
            raise _failed(done)
        return done.stdout.strip()


def _failed(done: subprocess.CompletedProcess[str]) -> TrackerError:
    words: Sequence[str] = [w for w in done.args[3:] if not w.startswith(("-c", "credential."))]
    return TrackerError(f"git {words[0]} failed ({_last_line(done.stderr)}): mend the checkout")


def _refusal(text: str) -> str:
    """Why a push was refused: what the host says of it, else what git says of the branch."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    host = [line for line in lines if re.match(r"remote: (error|fatal|- )", line)]
    branch = [line for line in lines if line.startswith("! [")]
    # With --atomic, git says of the other branches only that they were not pushed either.
    own = [line for line in branch if "atomic" not in line]
    return cut(clean("; ".join(host)), _REFUSAL) or next(iter(own or branch), _last_line(text))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("hint:")]
    return lines[-1].strip() if lines else "it gave no reason"
