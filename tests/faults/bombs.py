"""What a refresh takes of memory while every answer, or every file, is a bomb."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.situations import LATER, ROOT, environ, made
from tests.wires import Faulty, bomb, endless, says

# Where bombs stand in for what is asked, and the most MiB of a run: an answer has 8 MiB at most, a
# file that is fetched to be compared 64, and three of those are under way at a time.
_PLACES = {
    "answers": (".", 150),
    "files": ("^/arxiv/(html|pdf)/|^/raw/|^/huggingface/.*/raw/", 300),
}
_BAD = {
    "a bomb": says(bomb()),
    "a bomb in a redirect": says(bomb(302, "Location: /elsewhere")),
    "a bomb in a refusal": says(bomb(403)),
    "a body without end": endless,
}
# In a process of its own, whose highest memory is its own too.
_MEASURED = """
import sys
from tracker import sources
from tracker.cli import main
sources.PACES.clear()
try:
    main(["refresh"], "tracker")
finally:
    sys.stderr.write(open("/proc/self/status").read())
"""


@dataclass(frozen=True)
class Peak:
    """The most MiB that a run took and may take, and its exit code."""

    what: str
    code: int
    mib: float
    most: int

    @property
    def wrong(self) -> bool:
        """Whether it took too much, or did not end as it should."""
        return self.mib > self.most or self.code not in (0, 3)


def peaks() -> Iterator[Peak]:
    """Of each kind of bomb, in all answers and in the files alone that are fetched to be compared."""
    with Faulty(LATER) as server, tempfile.TemporaryDirectory(prefix="tracker-faults-") as folder:
        environ(LATER, {LATER: server.url})
        for where, (pattern, most) in _PLACES.items():
            for what, script in _BAD.items():
                server.bad = [(pattern, script)]
                site = made(Path(folder) / f"{where} {what}")
                yield _measured(f"{what} for {where}", site, most)


def _measured(what: str, site: Path, most: int) -> Peak:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED],
        cwd=site,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    kib = re.search(r"^VmHWM:\s+(\d+) kB$", done.stderr, re.M)
    return Peak(what, done.returncode, int(kib[1]) / 1024 if kib else float("inf"), most)
