"""The files of Hugging Face's repositories, by their commits. Pure; it serves nothing.

A commit's `files` are what it changes, by path: None for one that it takes away, else its `size`,
`lfs` where it is kept as a large file, and its `text` where that is known.
"""

from __future__ import annotations

from typing import Any

from tracker.demo.wire import Fact, derived


def files(commits: list[Fact]) -> dict[str, Any]:
    """The files after these commits, which are the newest first, by their paths."""
    held: dict[str, Any] = {}
    for commit in reversed(commits):
        for path, file in commit["files"].items():
            held.pop(path, None)
            if file:
                held[path] = {"oid": derived("file", commit["sha"], path), **file}
    return held


def tree(commits: list[Fact]) -> list[dict[str, Any]]:
    """The same as the Hub lists them."""
    return [_entry(path, file) for path, file in sorted(files(commits).items())]


def _entry(path: str, file: Fact) -> dict[str, Any]:
    size = file["size"] if "size" in file else len(file["text"].encode())
    large = {"oid": derived("large", file["oid"]) + derived(path)[:24], "size": size}
    lfs = {"lfs": {**large, "pointerSize": 135}} if file.get("lfs") else {}
    return {"type": "file", "oid": file["oid"], "size": size, **lfs, "path": path}
