"""A blog of made posts in a folder, and the real command run in it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import server as standin
from benchmarks import world
from benchmarks.process import LOG, ROOT, Cost, Server, measure

_A_POST = 500  # reports, of two links each
_HALF_A_DAY = 12 * 3600
_EXAMPLE = ROOT / "posts" / "2025-01-21-llm-tech-report-notes.md"
_SETTINGS = 'posts = ["posts/*.md"]\nsite_url = "https://example.org/"\n'
_HEAD = f"""---
title: "Notes on technical reports"
last_modified_at: {world.UPDATED}
---

Notes on reports as they come out, the newest at the end.
"""
_NOTES = """
> - trained on fewer tokens than the last one, and better for it
> - the recipe in stages, with the losses shown
> - **(surprising)** small models gain most from the better data
"""


def text(reports: range, *, papers: bool = True) -> str:
    """A post of these reports. papers: whether their arXiv links are in it."""
    return _HEAD + "".join(_report(number, papers=papers) for number in reports)


def _report(number: int, *, papers: bool) -> str:
    links = [f"- [pdf]({world.paper_link(number)})"] if papers else []
    links.append(f"- [weights and code]({world.other_link(number)})")
    return "\n".join([f"\n### Report {number:05d} (01/20/2025)\n", *links, _NOTES])


class Blog:
    """A folder with posts and settings, and a server to ask."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self._runs = 0

    @classmethod
    def made(cls, folder: Path, server: Server, reports: int, *, papers: bool = True) -> Blog:
        """A blog with this many reports, five hundred a post."""
        blog = cls._new(folder, server)
        for start in range(0, reports, _A_POST):
            post = text(range(start, min(start + _A_POST, reports)), papers=papers)
            (folder / "posts" / f"notes-{start:06d}.md").write_text(post, "utf-8")
        return blog

    @classmethod
    def example(cls, folder: Path, server: Server) -> Blog:
        """The blog of the example post."""
        shutil.copy(_EXAMPLE, cls._new(folder, server).folder / "posts")
        return cls(folder, server)

    @classmethod
    def _new(cls, folder: Path, server: Server) -> Blog:
        (folder / "posts").mkdir(parents=True)
        (folder / "tracker.toml").write_text(_SETTINGS, "utf-8")
        return cls(folder, server)

    def refresh(self, *, paced: bool = True) -> Cost:
        """A run of `tracker refresh`, half a day after the one before. paced: whether it leaves
        arXiv its three seconds."""
        program = ["-m", "tracker"] if paced else [ROOT / "benchmarks" / "unpaced.py"]
        url = self.server.url
        environ = {
            "ARXIV_API_URL": f"{url}/arxiv/api/query",
            "ARXIV_OAI_URL": f"{url}/arxiv/oai",
            "ARXIV_URL": f"{url}/arxiv",
            "GITHUB_API_URL": f"{url}/github",
            "GITHUB_GRAPHQL_URL": f"{url}/github/graphql",
            "GITHUB_RAW_URL": f"{url}/raw",
            "HF_ENDPOINT": f"{url}/huggingface",
            "GITHUB_TOKEN": "a-token-of-the-stand-in",
            "SOURCE_DATE_EPOCH": str(int(standin.NOW.timestamp()) + self._runs * _HALF_A_DAY),
        }
        self._runs += 1
        return measure([sys.executable, *program, "refresh"], self.folder, environ, self.server)

    @property
    def unchecked(self) -> int:
        """How many links the last run says it could not check: a few lines, and the number of
        the others."""
        told = re.findall(r"^! not checked +(?:and (\d+) more)?", self.log, re.M)
        return sum(int(more or 1) for more in told)

    @property
    def still(self) -> bool:
        """Whether the last run found nothing to write."""
        return "\nNothing to add to the post.\n" in self.log

    @property
    def log(self) -> str:
        """What the last run said."""
        return (self.folder / LOG).read_text("utf-8")

    def size(self, name: str) -> int:
        """The bytes of a file or of all files of a folder."""
        path = self.folder / name
        files: Iterator[Path] = path.rglob("*") if path.is_dir() else iter((path,))
        return sum(file.stat().st_size for file in files if file.is_file())
