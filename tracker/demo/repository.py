"""A GitHub repository as of an instant: names, commits, files, trees. It knows no address."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from tracker.demo.wire import Fact, Missing, as_json, derived, happened, so_far, when

_LARGE = 1_500_000  # bytes of a file whose text is not kept: the contents API leaves those out
_FOLDER = -1


def content(file: Fact) -> bytes | None:
    """A file's bytes, given as `text` or as `base64`; None where only its blob was recorded."""
    if "base64" in file:
        return base64.b64decode(file["base64"])
    return str(file["text"]).encode() if "text" in file else None


def blob(file: Fact) -> tuple[str, int]:
    """A file's blob sha and size: recorded, or made of its bytes as git does."""
    body = content(file)
    if body is None or "blob" in file:
        return str(file["blob"]), int(file.get("size", _LARGE))
    made = hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False)
    return made.hexdigest(), len(body)


@dataclass(frozen=True)
class Repository:
    """One repository's facts, seen from `now`. Its commits form one line, oldest first."""

    fact: Fact
    now: datetime

    @property
    def created(self) -> datetime:
        """When it came to be: recorded, else its first commit."""
        first = self.fact.get("created") or min(c["date"] for c in self.fact["commits"])
        return when(first)

    @property
    def there(self) -> bool:
        """Whether it can be seen at all: deleted and private look the same."""
        return self.created <= self.now and not happened(self.fact, "deleted", self.now)

    @property
    def name(self) -> str:
        """What it is called by now: `former` names hold until an instant."""
        former = self.fact.get("former", ())
        names = [f["full_name"] for f in former if self.now < when(f["until"])]
        return str(names[0] if names else self.fact["full_name"])

    @property
    def branch(self) -> str:
        """The default branch, the only one."""
        return str(self.fact.get("default_branch", "main"))

    @cached_property
    def commits(self) -> list[Fact]:
        """All commits by now, oldest first."""
        return sorted(so_far(self.fact["commits"], self.now), key=lambda c: when(c["date"]))

    @property
    def heads(self) -> dict[str, str]:
        """Branches and the commits they point at."""
        return {self.branch: self.commits[-1]["sha"]} if self.commits else {}

    @property
    def releases(self) -> list[Fact]:
        """Releases by now, newest first."""
        found = so_far(self.fact.get("releases", ()), self.now)
        return sorted(found, key=lambda r: when(r["date"]), reverse=True)

    @property
    def tags(self) -> dict[str, str]:
        """Tags, those of releases too, and the commits they point at."""
        marked = [*so_far(self.fact.get("tags", ()), self.now), *reversed(self.releases)]
        return {m.get("tag") or m["name"]: m.get("sha") or self._at(m["date"]) for m in marked}

    def _at(self, date: str) -> str:
        stood = [c["sha"] for c in self.commits if when(c["date"]) <= when(date)]
        return str(stood[-1] if stood else derived("tagged", self.fact["id"], date))

    def history(self, reference: str) -> list[Fact]:
        """The commits up to a branch, tag or commit ("" and HEAD: the default branch). Raises Missing."""
        short = reference.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
        sha = self.heads.get(short) or self.tags.get(short) or short
        if reference in ("", "HEAD") and self.commits:
            return self.commits
        for number, commit in enumerate(self.commits, 1):
            if commit["sha"] == sha:
                return self.commits[:number]
        raise Missing(
            as_json(
                {
                    "message": f"No commit found for the ref {reference}",
                    "documentation_url": "https://docs.github.com/v3/repos/contents/",
                    "status": "404",
                },
                404,
            )
        )

    def files(self, reference: str) -> dict[str, Fact]:
        """The files at a reference by path, in the order of their names. Raises Missing."""
        files: dict[str, Fact | None] = {}
        for commit in self.history(reference):
            files |= commit["files"]
        return {path: file for path, file in sorted(files.items()) if file is not None}

    def parents(self, sha: str) -> list[str]:
        """The commit before, if any."""
        line = [c["sha"] for c in self.commits]
        place = line.index(sha)
        return line[max(place - 1, 0) : place]

    def status(self, commit: Fact, path: str) -> str:
        """What a commit did with a file, in GitHub's word."""
        if commit["files"][path] is None:
            return "removed"
        before = self.parents(commit["sha"])
        return "modified" if before and path in self.files(before[0]) else "added"

    def tree(self, reference: str) -> str:
        """The sha of the whole tree at a reference. Raises Missing."""
        return _tree(self.files(reference), "")

    def folder(self, files: dict[str, Fact], path: str) -> dict[str, dict[str, Any]] | None:
        """The entries of one folder by their whole path, or None where there is none."""
        prefix = f"{path}/" if path else ""
        entries: dict[str, dict[str, Any]] = {}
        for name, file in files.items():
            if not name.startswith(prefix):
                continue
            head, slash, _ = name.removeprefix(prefix).partition("/")
            sha, size = (_tree(files, f"{prefix}{head}/"), _FOLDER) if slash else blob(file)
            entries[f"{prefix}{head}"] = {"sha": sha, "size": size}
        return entries or (None if path else {})

    def entries(self, reference: str, *, deep: bool) -> tuple[str, dict[str, dict[str, Any]]]:
        """A tree's sha and entries by their path within it. Raises Missing."""
        for files, prefix in self._trees(reference):
            inside = {k.removeprefix(prefix): f for k, f in files.items() if k.startswith(prefix)}
            found = dict(self.folder(inside, "") or {})
            waiting = [p for p, entry in found.items() if deep and entry["size"] == _FOLDER]
            for path in waiting:
                below = self.folder(inside, path) or {}
                found |= below
                waiting += [p for p, entry in below.items() if entry["size"] == _FOLDER]
            return _tree(files, prefix), dict(sorted(found.items()))
        raise Missing(as_json({"message": "Not Found", "status": "404"}, 404))

    def _trees(self, reference: str) -> list[tuple[dict[str, Fact], str]]:
        """The files and folder that a reference or a tree's own sha means."""
        for commit in self.commits:
            files = self.files(commit["sha"])
            above = {str(parent) for path in files for parent in PurePosixPath(path).parents}
            for prefix in sorted(f"{parent}/" if parent != "." else "" for parent in above):
                if _tree(files, prefix) == reference:
                    return [(files, prefix)]
        return [(self.files(reference), "")]


def _tree(files: dict[str, Fact], prefix: str) -> str:
    """A tree's sha: the same for the same bytes below the same names."""
    below = [(p.removeprefix(prefix), blob(f)[0]) for p, f in files.items() if p.startswith(prefix)]
    return derived("tree", *(word for pair in sorted(below) for word in pair))
