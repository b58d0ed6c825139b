"""A command in a fresh process and what it cost, and the server that it asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
LOG = "log.txt"  # what a measured command says, in its folder
_LAST_WORDS = 2000
_MIB = 1024  # ru_maxrss counts KiB on Linux


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of CPU (user and system), the highest memory in MiB, and the
    requests by service."""

    wall: float
    cpu: float
    peak: float
    requests: Mapping[str, int]

    @property
    def asked(self) -> int:
        """All questions: the files of what changed are none."""
        return sum(self.requests.values()) - self.requests.get("files", 0)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each."""
    return Cost(
        wall=median(cost.wall for cost in costs),
        cpu=median(cost.cpu for cost in costs),
        peak=median(cost.peak for cost in costs),
        requests=costs[-1].requests,
    )


class Server:
    """The stand-in's address, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url

    def counts(self) -> dict[str, int]:
        """The requests since the last count, by service."""
        address = urlsplit(self.url)
        connection = HTTPConnection(address.hostname or "", address.port)
        connection.request("GET", "/counts")
        counts: dict[str, int] = json.loads(connection.getresponse().read())
        connection.close()
        return counts


@contextmanager
def serving(kind: str) -> Iterator[Server]:
    """A server of facts of a kind, "shipped", "revised" or "made", while the block runs."""
    command = [sys.executable, "-m", "benchmarks.server", kind]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout  # noqa: S101 - it is a pipe
        yield Server(process.stdout.readline().strip())


def measure(
    command: Sequence[str | Path], folder: Path, environ: Mapping[str, str], server: Server
) -> Cost:
    """What a command costs in a folder. Ends the benchmark where the command fails.

    This process must stay small: a child's highest memory begins with that of its parent.
    """
    server.counts()
    log = folder / LOG
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**base, **environ}, stdout=out, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        words = log.read_text("utf-8", "replace")[-_LAST_WORDS:]
        raise SystemExit(f"{command} ended with {process.returncode}:\n{words}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, usage.ru_maxrss / _MIB, server.counts())
