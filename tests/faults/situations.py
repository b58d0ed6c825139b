"""What a run that was disturbed is measured by: a site before, and as an undisturbed run leaves it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from tests.faults import command
from tracker import state
from tracker.demo.standin import StandIn
from tracker.model import TrackerError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "posts" / "2025-01-21-llm-tech-report-notes.md"
SETTINGS = 'posts = ["_posts/*.md"]\nsite_url = "https://example.org/"\n'
FIRST, LATER = (datetime(2025, month, 22, 12, tzinfo=UTC) for month in (1, 11))
LEDGER = "state/ledger.json"

Tree = dict[str, tuple[int, bytes]]


@dataclass(frozen=True)
class Situation:
    """A site before a run, the words of the run, and what there is after it. network: whether the
    run asks the stand-in; else it has saved answers."""

    name: str
    words: tuple[str, ...]
    network: bool
    before: Path
    old: Tree
    new: Tree

    def copy(self, scratch: Path) -> Path:
        """The site as it was before, in a folder of its own."""
        site = scratch / "site"
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(self.before, site)
        return site

    def torn(self, site: Path, *, left: bool) -> Iterator[str]:
        """What must not be in a site, however a run ended. left: whether the run was killed, so that
        a temporary file may be left."""
        for name, (_, content) in tree(site).items():
            known = {side[name][1] for side in (self.old, self.new) if name in side}
            if content in known:
                continue
            if name == LEDGER:
                try:
                    state.load(site / LEDGER, LEDGER)
                except TrackerError as error:
                    yield str(error)
            elif known:
                yield f"{name} is torn"
            elif not (left and Path(name).name.startswith(".tracker-")):
                yield f"{name} was left"

    def differs(self, site: Path) -> Iterator[str]:
        """What is not as an undisturbed run leaves it."""
        found = tree(site)
        for name in sorted(found.keys() | self.new.keys()):
            if name not in found:
                yield f"{name} is missing"
            elif name not in self.new:
                yield f"{name} is left"
            elif found[name][1] != self.new[name][1]:
                yield f"{name} differs"
            elif found[name][0] != self.new[name][0]:
                yield f"{name} has other rights"


def tree(site: Path) -> Tree:
    """Every file below a folder: its rights and its bytes."""
    return {
        path.relative_to(site).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in site.rglob("*")
        if path.is_file()
    }


@contextmanager
def situations() -> Iterator[list[Situation]]:
    """A first run and a later one, of the network and of saved answers; the stand-in is another
    process, which lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="tracker-faults-") as name, _serving() as urls:
        folder = Path(name)
        yield [
            _situation(folder, when, urls, network=network)
            for network in (False, True)
            for when in ("first", "later")
        ]


def made(site: Path) -> Path:
    """A new site with the example post."""
    (site / "_posts").mkdir(parents=True)
    shutil.copy(EXAMPLE, site / "_posts")
    (site / "tracker.toml").write_text(SETTINGS, "utf-8")
    return site


def _situation(folder: Path, when: str, urls: dict[datetime, str], *, network: bool) -> Situation:
    name = f"{when} run, {'network' if network else 'saved answers'}"
    home = folder / name.replace(" ", "-").replace(",", "")
    before = made(home / "site")
    if when == "later":
        _go(before, ("refresh",), FIRST, urls)
    words: tuple[str, ...] = ("refresh",)
    if not network:
        answers = str(home / "answers.json")
        _go(before, ("refresh", "--save-answers", answers), LATER, urls)
        words = ("refresh", "--answers", answers)
    after = home / "after" / "site"
    warm = home / "warm" / "site"
    for site in (after, warm):
        shutil.copytree(before, site)
    environ(LATER, urls)
    command.warm(warm, words)
    _go(after, words, LATER, urls)
    return Situation(name, words, network, before, tree(before), tree(after))


def _go(site: Path, words: tuple[str, ...], day: datetime, urls: dict[datetime, str]) -> None:
    environ(day, urls)
    ended = command.plain(site, words)
    if ended.code or "not checked" in ended.said:
        raise SystemExit(f"an undisturbed run ended with {ended.code}:\n{ended.said}")


def environ(day: datetime, urls: dict[datetime, str]) -> None:
    """Make this process's environment that of a run on a day."""
    url = urls[day]
    os.environ |= {
        "SOURCE_DATE_EPOCH": str(int(day.timestamp())),
        "ARXIV_API_URL": f"{url}/arxiv/api/query",
        "ARXIV_OAI_URL": f"{url}/arxiv/oai",
        "ARXIV_URL": f"{url}/arxiv",
        "GITHUB_API_URL": f"{url}/github",
        "GITHUB_GRAPHQL_URL": f"{url}/github/graphql",
        "GITHUB_RAW_URL": f"{url}/raw",
        "HF_ENDPOINT": f"{url}/huggingface",
        "no_proxy": "127.0.0.1",
    }
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "HF_TOKEN", "GITHUB_ACTIONS"):
        os.environ.pop(name, None)


@contextmanager
def _serving() -> Iterator[dict[datetime, str]]:
    """The stand-in's addresses by day."""
    fork = get_context("fork")
    ours, theirs = fork.Pipe()
    server = fork.Process(target=_serve, args=(theirs, ours), daemon=True)
    server.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.close()
        server.join(5)


def _serve(pipe: Connection, other: Connection) -> None:
    other.close()
    with StandIn(FIRST) as first, StandIn(LATER) as later:
        pipe.send({FIRST: first.url, LATER: later.url})
        pipe.poll(None)  # until nobody is there any more
