"""Compares two files in a process of its own: within limits of time and memory, and where a file
that makes a parser hang or crash harms nothing.

`python -m tracker.papers.apart` is that process. It reads a line of JSON and two files from its
standard input, and writes what differs as JSON; it knows no token and asks nobody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from tracker.papers.document import Paper, Unreadable
from tracker.papers.revision import Differences

Format = Literal["html", "pdf", "markdown"]

_SECONDS = 60
_MEMORY = 2 << 30  # bytes of addresses, of which a paper of 100 pages takes a tenth


@dataclass(frozen=True)
class About:
    """What an upstream's metadata say of one version, better than its text does."""

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""


def compare(
    form: Format, old: bytes, new: bytes, about: tuple[About, About] | None = None
) -> Differences:
    """What differs between two files of a format. Raises Unreadable, saying why in one line, where
    one of them is none, and where it takes over a minute or two gigabytes."""
    from tracker.records import plain, structured  # noqa: PLC0415 - slow

    head = {"form": form, "length": len(old), "about": plain(about, tuple[About, About] | None)}
    # Only the way to the modules: a parser that was taken over finds no token.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=b"%s\n%s%s" % (json.dumps(head).encode(), old, new),
            env=environment,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"reading it takes over {_SECONDS} s") from error
    try:
        value = json.loads(done.stdout)
        if reason := value.get("unreadable"):
            raise Unreadable(str(reason))
        found: Differences = structured(value["differences"], Differences)
    except (ValueError, KeyError, AttributeError) as error:
        raise Unreadable("reading it ended early") from error
    return found


def main() -> None:
    """The process of its own."""
    from tracker.records import plain, structured  # noqa: PLC0415 - slow

    _limit()
    head = json.loads(sys.stdin.buffer.readline())
    files = sys.stdin.buffer.read()
    old, new = files[: head["length"]], files[head["length"] :]
    about = structured(head["about"], tuple[About, About] | None) or (About(), About())
    try:
        told = {"differences": plain(_compared(head["form"], (old, new), about))}
    except Unreadable as error:
        told = {"unreadable": str(error)}
    except MemoryError:
        told = {"unreadable": "reading it takes too much memory"}
    json.dump(told, sys.stdout)


def _compared(form: Format, files: tuple[bytes, bytes], about: tuple[About, About]) -> Differences:
    from tracker.papers.differences import compare as differences  # noqa: PLC0415 - slow

    read = _reader(form)
    old, new = (_with(read(file), told) for file, told in zip(files, about, strict=True))
    return differences(old, new)


def _reader(form: Format) -> Callable[[bytes], Paper]:
    from tracker.papers import latexml, pdf, readme  # noqa: PLC0415 - slow

    return {"html": latexml.read, "pdf": pdf.read, "markdown": readme.read}[form]


def _with(paper: Paper, about: About) -> Paper:
    return replace(
        paper,
        title=about.title or paper.title,
        authors=about.authors or paper.authors,
        abstract=about.abstract or paper.abstract,
    )


def _limit() -> None:
    import resource  # noqa: PLC0415 - only here

    for what, limit in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
        with suppress(OSError, ValueError):  # some systems have no such limit
            resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main()
