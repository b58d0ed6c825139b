"""`python -m benchmarks.parsing LINKS`: the bytes of a post, its links, and the seconds it takes to
read it, and once it is read to edit and check it."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

from benchmarks.blog import text
from tracker.post import Edit, Post, check, edit, parse
from tracker.sources import identify

_TIMES = 3


def _best(work: Callable[[], object]) -> float:
    """The shortest of a few tries, in seconds: what else ran on the machine is in the others."""
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _edit(post: Post) -> None:
    end = len(post.source)
    after = edit(post, [Edit(end, end, b"- a line\n")])
    check(post, parse(post.path, after, identify, frozenset({"- a line"})), ["- a line"])


def main(reports: int) -> None:
    """Print what a post of so many reports, of two links each, costs."""
    gc.set_threshold(100_000, 20, 20)  # as the command does
    source = text(range(reports)).encode()
    post = parse("long.md", source, identify)
    reading = _best(lambda: parse("long.md", source, identify))
    editing = _best(lambda: _edit(post))
    sys.stdout.write(f"{len(source)} {len(post.links)} {reading} {editing}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
