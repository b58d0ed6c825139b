"""`python -m benchmarks`: measures everything, or the parts that are named, and prints Markdown."""

from __future__ import annotations

import sys

from benchmarks.parts import PARTS
from benchmarks.report import Row, Target, markdown

_NOTES = """\
Requests are all questions, in brackets those to arXiv, GitHub and Hugging Face, and then the files of
what changed, two a change, which are fetched to be compared. Each is answered after
50 ms, by a server in a process of its own. There is a GitHub token. Unchanged runs are made five
times, and the medians are shown, but once for the example post and without pace.

What pacing and round trips dictate is the most of these: for n requests to arXiv
0.05 n + 3 (n - 1) s, to GitHub 0.05 n s, to Hugging Face, four at a time, 0.05 n / 4 s. The start
of Python is no part of it, but it is one of the measured time.

*Unpaced* leaves arXiv no three seconds between its requests. nvchecker asks by its source `regex`,
for its own for GitHub cannot be pointed at another address without TLS; urlwatch and webchanges
watch the same addresses of the APIs, a request a link.
"""


def main(names: list[str]) -> None:
    """Measure the parts of these names; all without one."""
    if unknown := set(names) - PARTS.keys():
        raise SystemExit(f"no part {', '.join(unknown)}: there are {', '.join(PARTS)}")
    found: list[Row | Target] = []
    for name in names or PARTS:
        sys.stderr.write(f"{name} …\n")
        found += PARTS[name]()
    sys.stdout.write(markdown(found, _NOTES))


if __name__ == "__main__":
    main(sys.argv[1:])
