"""What is measured, part by part. Each gives rows of costs, and targets beside what was reached."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.blog import Blog
from benchmarks.papers import papers
from benchmarks.process import ROOT, Cost, middle, serving
from benchmarks.report import Row, Target
from benchmarks.server import DELAY
from benchmarks.tools import TOOLS
from tracker.sources import PACES

_REPORTS = 500  # of two links each
_AGAIN = 5  # unchanged runs, of which the median counts
_AT_ONCE = 4  # requests to Hugging Face
_SIZES = (1_000, 10_000, 100_000)
_POST = 11_000  # links of one long post
_TOLERANCE = 1.3

Found = Iterator[Row | Target]


def example() -> Found:
    """The requests for the example post, also where both its models were revised since."""
    for kind, what in (("shipped", "the example post"), ("revised", "the same, models revised")):
        with TemporaryDirectory() as folder, serving(kind) as server:
            blog = Blog.example(Path(folder) / "blog", server)
            first, again = blog.refresh(), blog.refresh()
            yield from _rows(what, blog, first, again)
        yield Target(f"{what}: requests of the first run", 20, first.asked)
        yield Target(f"{what}: requests, unchanged", 11, again.asked)


def thousand() -> Found:
    """A thousand links, at arXiv's pace."""
    with TemporaryDirectory() as folder, serving("made") as server:
        blog = Blog.made(Path(folder) / "blog", server, _REPORTS)
        first = blog.refresh()
        again = middle([blog.refresh() for _ in range(_AGAIN)])
        yield from _rows("1,000 links", blog, first, again)
    limit = dictated(again.requests)
    yield Target("1,000 links: requests, unchanged", 30, again.asked)
    told = f"1,000 links: wall, unchanged ({_TOLERANCE} times {limit:.2f} s)"
    yield Target(told, _TOLERANCE * limit, again.wall, "s")
    yield Target("1,000 links: peak", 120, max(first.peak, again.peak), "MiB")


def dictated(requests: Mapping[str, int]) -> float:
    """The seconds that pacing and round trips dictate: those of the slowest host, for the hosts
    are asked side by side. The start of Python is no part of it."""
    papers, github = requests.get("arxiv", 0), requests.get("github", 0)
    in_turns = ceil(requests.get("huggingface", 0) / _AT_ONCE)
    return max(papers * DELAY + (papers - 1) * PACES["arxiv"], github * DELAY, in_turns * DELAY)


def others() -> Found:
    """The same GitHub and Hugging Face links for tracker and for other watchers."""
    for tool in TOOLS:
        tool.install()
    with TemporaryDirectory() as folder, serving("made") as server:
        blog = Blog.made(Path(folder) / "blog", server, _REPORTS, papers=False)
        first = blog.refresh()
        again = middle([blog.refresh() for _ in range(_AGAIN)])
        yield from _rows("500 links without arXiv", blog, first, again)
        costs = {}
        for tool in TOOLS:
            runs = tool.runs(Path(folder) / tool.name, server, _REPORTS, 1 + _AGAIN)
            costs[tool.name] = middle(runs[1:])
            what = f"the same by {tool.name} {tool.version}"
            yield Row(what, "first", runs[0])
            yield Row(what, "unchanged", costs[tool.name])
    yield Target("500 links: CPU, beside nvchecker's", costs["nvchecker"].cpu, again.cpu, "s")


def growth() -> Found:
    """Ten and a hundred times the links, without arXiv's pace: what is wanted is the work."""
    before: tuple[Cost, Cost, int] | None = None
    for size in _SIZES:
        with TemporaryDirectory() as folder, serving("made") as server:
            blog = Blog.made(Path(folder) / "blog", server, size // 2)
            first = blog.refresh(paced=False)
            again = blog.refresh(paced=False)
            while not blog.still:  # some were too many for the first run, and have news
                again = blog.refresh(paced=False)
            what = f"{size:,} links, unpaced"
            yield from _rows(what, blog, first, again)
            ledger = blog.size("state")
        if before:
            step = f"{size // 10:,} to {size:,} links"
            yield Target(f"{step}: CPU of the first run", 10, first.cpu / before[0].cpu, "times")
            yield Target(f"{step}: CPU, unchanged", 10, again.cpu / before[1].cpu, "times")
            yield Target(f"{step}: ledger", 10, ledger / before[2], "times")
        before = first, again, ledger


def parsing() -> Found:
    """One long post, and one ten times as long: reading, and editing and checking once it is read."""
    costs: list[tuple[float, float]] = []
    for links in (_POST, 10 * _POST):
        command = [sys.executable, "-m", "benchmarks.parsing", str(links // 2)]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        size, read, reading, editing = told.stdout.split()
        assert int(read) == links  # noqa: S101 - else it was another post
        costs.append((float(reading), float(editing)))
        if links == _POST:
            what = f"a post of {links:,} links, {int(size) / 1e6:.1f} MB"
            yield Target(f"{what}: reading", 2, costs[0][0], "s")
            yield Target(f"{what}: editing and checking", 2, costs[0][1], "s")
    yield Target("one ten times as long: reading", 12, costs[1][0] / costs[0][0], "times")
    yield Target("one ten times as long: editing", 12, costs[1][1] / costs[0][1], "times")


def _rows(what: str, blog: Blog, first: Cost, again: Cost) -> Found:
    unchecked = f", {blog.unchecked:,} not checked" if blog.unchecked else ""
    ledger, feeds = blog.size("state"), blog.size("feeds")
    yield Row(what + unchecked, "first", first, ledger, feeds)
    yield Row(what + unchecked, "unchanged", again, ledger, feeds)


PARTS: dict[str, Callable[[], Found]] = {
    part.__name__: part for part in (example, thousand, others, growth, parsing, papers)
}
