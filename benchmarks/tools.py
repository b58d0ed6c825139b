"""Other watchers on the same links, each in a venv of its own with pinned versions.

They ask GitHub's REST API and Hugging Face's, a question a link. nvchecker's own source for GitHub
speaks https to `api.HOST` alone, so it is given its source `regex`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import world
from benchmarks.process import Cost, Server, measure

_HERE = Path(__file__).parent
_VENVS = _HERE / ".venv"
_Question = tuple[str, str]  # an address, and the pattern of the version in what it answers


@dataclass(frozen=True)
class Tool:
    """A watcher: the files it wants, how it is called, and what makes the news known to it."""

    name: str
    files: Callable[[Sequence[_Question]], dict[str, str]]
    arguments: tuple[str, ...]
    afterwards: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The version that is pinned."""
        pins = dict(line.split("==") for line in self._pins.read_text("utf-8").splitlines())
        return pins[self.name]

    @property
    def _pins(self) -> Path:
        return _HERE / "tools" / f"{self.name}.txt"

    def install(self) -> None:
        """Make its venv, unless the pinned versions are there already."""
        venv = _VENVS / self.name
        done = venv / "installed.txt"
        if done.is_file() and done.read_bytes() == self._pins.read_bytes():
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        quietly = ("--quiet", "--disable-pip-version-check")
        subprocess.run([venv / "bin" / "pip", "install", *quietly, "-r", self._pins], check=True)
        done.write_bytes(self._pins.read_bytes())

    def runs(self, folder: Path, server: Server, reports: int, count: int) -> list[Cost]:
        """What the first run costs on these reports' links, and those after it."""
        asked = (world.api_question(world.other_link(number)) for number in range(reports))
        questions = [(f"{server.url}{path}", pattern) for path, pattern in asked]
        folder.mkdir()
        for name, content in self.files(questions).items():
            (folder / name).write_text(content, "utf-8")
        programs = _VENVS / self.name / "bin"
        environ = {"HOME": str(folder)}
        costs = []
        for _ in range(count):
            costs.append(measure([programs / self.name, *self.arguments], folder, environ, server))
            if self.afterwards:
                program, *arguments = self.afterwards
                subprocess.run(
                    [programs / program, *arguments],
                    cwd=folder,
                    env={"PATH": os.environ["PATH"], **environ},
                    check=True,
                )
        return costs


def _nvchecker(questions: Sequence[_Question]) -> dict[str, str]:
    entries = [
        f'[link-{n}]\nsource = "regex"\nurl = "{url}"\nregex = \'{pattern}\'\n'
        for n, (url, pattern) in enumerate(questions)
    ]
    head = '[__config__]\noldver = "old.json"\nnewver = "new.json"\n'
    return {"links.toml": "\n".join([head, *entries])}


def _pages(questions: Sequence[_Question]) -> dict[str, str]:
    jobs = "---\n".join(f"url: {url}\n" for url, _ in questions)
    return {"links.yaml": jobs, "settings.yaml": "display: {}\n", "hooks.py": ""}


_PAGES = ("--config", "settings.yaml", "--hooks", "hooks.py")
TOOLS = (
    Tool("nvchecker", _nvchecker, ("-c", "links.toml"), ("nvtake", "-c", "links.toml", "--all")),
    Tool("urlwatch", _pages, ("--urls", "links.yaml", *_PAGES, "--cache", "seen.db")),
    Tool("webchanges", _pages, ("--jobs", "links.yaml", *_PAGES, "--database", "seen.db")),
)
