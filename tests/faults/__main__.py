"""`python -m tests.faults`: kills and fails a refresh at each of its system calls, and says where the
run after it does not bring what an undisturbed one brings.

Without options it also weighs a run all of whose answers are bombs. `--sample` takes about every
k-th point alone, for less than a minute. Needs Linux and strace.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tests.faults import bombs, command, harms
from tests.faults.situations import Situation, situations
from tracker import sources

_KILLED = ("openat", "write", "fsync", "rename", "unlink", "mkdir", "close")
_ASKING = ("connect", "sendto")
_KILL = "killed"
# How a disk fails: a call, the error, and whether it goes on failing.
_FAILING = (
    ("openat", "EIO", ""),
    ("write", "ENOSPC", ""),
    ("write", "ENOSPC", "+"),
    ("fsync", "EIO", ""),
    ("fsync", "ENOSPC", "+"),
    ("rename", "EIO", ""),
    ("rename", "ENOSPC", "+"),
    ("mkdir", "ENOSPC", "+"),
    ("close", "EIO", ""),
)
_WORKERS = 2
_SAMPLE = 36  # points, which take half a minute
_NETWORK = 20  # of the calls of a run that asks the network, every so many are disturbed: it writes
# as one does that has its answers, and takes ten times as long
_SHOWN = 20
_CRASHED = re.compile("it crashed: ")


@dataclass(frozen=True)
class Point:
    """The number-th call of a name, and what happens there, in a situation. harm: a way to spoil
    tracker itself, by which the harness shows that it can fail."""

    situation: int
    call: str
    number: int
    error: str = ""
    on: str = ""
    harm: str = ""

    @property
    def mode(self) -> str:
        """What happens, in words."""
        if not self.error:
            return _KILL
        return f"{self.error} from then on" if self.on else f"{self.error} once"

    @property
    def inject(self) -> str:
        """The same as strace says it."""
        what = f"error={self.error}" if self.error else "signal=SIGKILL"
        return f"{what}:when={self.number}{self.on}"


@dataclass(frozen=True)
class Tried:
    """A point, what was wrong, and whether the run itself made that call."""

    point: Point
    wrong: tuple[str, ...]
    reached: bool


_CASES: list[Situation] = []  # for the workers, which are forked


def main(words: Sequence[str]) -> int:
    """The exit code: 1 where anything was wrong."""
    if unknown := set(words) - {"--sample"}:
        raise SystemExit(f"no option {', '.join(sorted(unknown))}: there is --sample")
    if not shutil.which("strace"):
        sys.stdout.write("Skipped: make faults needs strace, which is not here.\n")
        return 0
    sources.PACES.clear()  # the stand-in is nobody's server to be polite to
    started = time.monotonic()
    with situations() as cases:
        _CASES.extend(cases)
        points = _points(cases)
        if words:
            points = points[:: max(1, len(points) // _SAMPLE)]
        with get_context("fork").Pool(_WORKERS, _start) as pool:
            blind = _blind(pool.imap_unordered(_try, _harmed(cases)))
            tried = _followed(pool.imap_unordered(_try, points), len(points))
    seconds = time.monotonic() - started
    wrong = _report(tried, cases, blind, seconds)
    return wrong if words else max(wrong, _weigh())


def _points(cases: Sequence[Situation]) -> list[Point]:
    points = []
    with tempfile.TemporaryDirectory(prefix="tracker-faults-") as scratch:
        for number, case in enumerate(cases):
            step = _NETWORK if case.network else 1

            def count(
                names: tuple[str, ...], *, threads: bool, case: Situation = case
            ) -> Counter[str]:
                site = case.copy(Path(scratch))
                return command.calls(site, case.words, names, threads=threads)

            made = count(_KILLED, threads=False)
            points += [
                Point(number, call, n) for call in _KILLED for n in range(1, made[call] + 1, step)
            ]
            if case.network:
                asked = count(_ASKING, threads=True)
                points += [
                    Point(number, call, n) for call in _ASKING for n in range(1, asked[call] + 1)
                ]
                continue
            points += [
                Point(number, call, n, error, on)
                for call, error, on in _FAILING
                for n in range(1, made[call] + 1)
            ]
    return points


def _harmed(cases: Sequence[Situation]) -> list[Point]:
    """Points at which a spoilt tracker must be found out."""
    later = next(n for n, case in enumerate(cases) if "later" in case.name and not case.network)
    return [
        Point(later, call, n, error, harm=harm)
        for harm, (call, error) in harms.HARMS.items()
        for n in range(2, 14)
    ]


def _blind(tried: Iterable[Tried]) -> list[str]:
    """The harms that nobody noticed: that the spoilt tracker crashes is nothing."""
    seen = {one.point.harm for one in tried if not all(map(_CRASHED.match, one.wrong))}
    return [harm for harm in harms.HARMS if harm not in seen]


def _followed(tried: Iterable[Tried], number: int) -> list[Tried]:
    """The same, with a word about how far it is."""
    done: list[Tried] = []
    for one in tried:
        done.append(one)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{len(done)} of {number} points ")
    return done


# --- in a worker -----------------------------------------------------------------------------------


def _start() -> None:
    """A folder of its own for temporary files: a lock of each site lies there."""
    os.environ["TMPDIR"] = str(_CASES[0].before.parent)
    tempfile.tempdir = None


def _try(point: Point) -> Tried:
    case = _CASES[point.situation]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        site = case.copy(scratch)
        threads = point.call in _ASKING
        with harms.harmed(point.harm):
            ended = command.disturbed(site, case.words, point.call, point.inject, threads=threads)
        if threads and ended.code is not None:
            # Either nobody made that call, or a process did that compares two files: its end is not
            # the run's, which tells the change without what differs.
            return Tried(point, (), reached=False)
        wrong = list(case.torn(site, left=ended.code is None))
        if "Traceback" in ended.said and not ended.speaking:
            wrong.append(f"it crashed: {ended.said.strip().splitlines()[-1]}")
        again = command.plain(site, case.words)
        if again.code:
            wrong.append(f"the next run ended with {again.code}: {again.said.strip()[-200:]}")
        wrong += case.differs(site)
    return Tried(point, tuple(wrong), ended.reached)


# --- what is said ----------------------------------------------------------------------------------


def _report(
    tried: Sequence[Tried], cases: Sequence[Situation], blind: Sequence[str], seconds: float
) -> int:
    rows: dict[tuple[str, str, str], list[Tried]] = {}
    for one in sorted(tried, key=lambda t: (t.point.situation, t.point.error, t.point.call)):
        name = cases[one.point.situation].name
        rows.setdefault((name, one.point.call, one.point.mode), []).append(one)
    lines = [f"{'run':26}{'call':10}{'what':22}{'points':>8}{'failures':>10}"]
    for (name, call, mode), row in rows.items():
        failed = sum(bool(one.wrong) for one in row)
        lines.append(f"{name:26}{call:10}{mode:22}{len(row):8}{failed:10}")
    failures = [one for one in tried if one.wrong]
    passed = sum(not one.reached for one in tried)
    lines.append(
        f"\n{len(tried)} points in {seconds:.0f} s, {len(failures)} failures"
        + (f"; {passed} were not reached" if passed else "")
    )
    why: dict[str, list[Tried]] = {}
    for one in failures:
        why.setdefault("; ".join(one.wrong), []).append(one)
    for reason, some in sorted(why.items(), key=lambda item: -len(item[1]))[:_SHOWN]:
        point = some[0].point
        where = f"{cases[point.situation].name}, {point.call} {point.number}, {point.mode}"
        lines.append(f"  {len(some)} times, as at {where}: {reason}")
    lines += [f"Nobody notices that {harm}: this harness proves nothing." for harm in blind]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if failures or blind or not tried else 0


def _weigh() -> int:
    """The exit code: 1 where a bomb takes too much memory."""
    wrong = 0
    sys.stdout.write("\n")
    for peak in bombs.peaks():
        wrong = max(wrong, int(peak.wrong))
        mark = f", more than {peak.most} or a wrong exit code {peak.code}" if peak.wrong else ""
        sys.stdout.write(f"{peak.what:36}{peak.mib:6.0f} MiB{mark}\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
