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
from tempfile import TemporaryFile
from typing import IO, Any, Literal

from tracker.papers.document import Paper, Unreadable
from tracker.papers.revision import Differences

Format = Literal["html", "pdf", "markdown"]
Which = Literal["old", "new"]

_SECONDS = 60
_MEMORY = 2 << 30  # bytes of addresses, of which a paper of 100 pages takes a tenth
_ANSWER = 16 << 20  # bytes, of which a paper that is all but another one takes a tenth
_REASON = 200  # characters


class OneUnreadable(Unreadable):
    """One of the two files is no paper; `which` says which."""

    def __init__(self, reason: str, which: Which) -> None:
        super().__init__(reason)
        self.which = which


@dataclass(frozen=True)
class About:
    """What an upstream's metadata say of one version, better than its text does."""

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""


def compare(
    form: Format, old: bytes, new: bytes, about: tuple[About, About] | None = None
) -> Differences:
    """What differs between two files of a format. What `about` tells of both versions stands for
    what their texts say.

    Raises OneUnreadable, saying why in one line, where one of them is none; Unreadable where
    reading them takes over a minute or two gigabytes, or ends early.
    """
    from tracker.records import plain  # noqa: PLC0415 - slow

    head = {"form": form, "length": len(old), "about": plain(about, tuple[About, About] | None)}
    try:
        # Files without a name rather than pipes: the two are not copied once more to be sent, and
        # what the process may write has an end.
        with TemporaryFile() as sent, TemporaryFile() as answer:
            sent.writelines((json.dumps(head).encode(), b"\n", old, new))
            sent.seek(0)
            subprocess.run(
                [sys.executable, "-P", "-m", __name__],
                stdin=sent,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=_SECONDS,
                check=False,
            )
            answer.seek(0)
            said = answer.read(_ANSWER + 1)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"reading it takes over {_SECONDS} s") from error
    except OSError as error:  # the system starts no process now, or has no room
        raise Unreadable("the process that reads it could not be started") from error
    return _heard(said)


def _environment() -> dict[str, str]:
    """Only the way to the modules: a parser that was taken over finds no token. Modules that lie
    where the user happens to be are none of ours."""
    return {"PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))}


def _heard(said: bytes) -> Differences:
    """What the process answered; it may have been taken over. Raises Unreadable."""
    from tracker.records import structured  # noqa: PLC0415 - slow

    if len(said) >= _ANSWER:
        raise Unreadable("more differs than can be told")
    try:
        value = json.loads(said)
        json.dumps(value, ensure_ascii=False).encode()  # no lone surrogate, which no file can hold
        if reason := " ".join(str(value.get("unreadable", "")).split())[:_REASON]:
            which = value.get("which")
            raise OneUnreadable(reason, which) if which in ("old", "new") else Unreadable(reason)
        found: Differences = structured(value["differences"], Differences)
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable("reading it ended early") from error
    return found


# --- in the process of its own -----------------------------------------------------------------


def main() -> None:
    """Read from standard input, answer on standard output."""
    answer = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    _limit()
    said = json.dumps(_told(sys.stdin.buffer), ensure_ascii=False).encode("utf-8", "replace")
    with os.fdopen(answer, "wb") as file:
        file.write(said)


def _told(sent: IO[bytes]) -> dict[str, Any]:
    """The answer as JSON values."""
    try:
        return _compared(sent)
    except OneUnreadable as error:
        return {"unreadable": str(error), "which": error.which}
    except MemoryError:
        return {"unreadable": "reading it takes too much memory"}
    except RecursionError:
        return {"unreadable": "it is nested too deeply"}
    except Exception as error:  # noqa: BLE001 - a crash would not say what to report
        return {"unreadable": f"tracker cannot read it ({type(error).__name__}): report this"}


def _compared(sent: IO[bytes]) -> dict[str, Any]:
    from tracker.papers.differences import compare as differences  # noqa: PLC0415 - slow
    from tracker.records import plain, structured  # noqa: PLC0415 - slow

    head = json.loads(sent.readline())
    read = _reader(head["form"])
    old = _paper(read, sent.read(head["length"]), "old")
    new = _paper(read, sent.read(), "new")
    if about := structured(head["about"], tuple[About, About] | None):
        old, new = _with(old, new, about)
    return {"differences": plain(differences(old, new))}


def _paper(read: Callable[[bytes], Paper], file: bytes, which: Which) -> Paper:
    try:
        return read(file)
    except Unreadable as error:
        raise OneUnreadable(str(error), which) from error


def _reader(form: Format) -> Callable[[bytes], Paper]:
    """The one reader that is needed: each takes longer to import than most files to read."""
    if form == "html":
        from tracker.papers import latexml  # noqa: PLC0415 - slow

        return latexml.read
    if form == "pdf":
        from tracker.papers import pdf  # noqa: PLC0415 - slow

        return pdf.read
    from tracker.papers import readme  # noqa: PLC0415 - slow

    return readme.read


def _with(old: Paper, new: Paper, about: tuple[About, About]) -> tuple[Paper, Paper]:
    """The papers with what metadata tell of both; what they tell of one would differ from any
    text."""
    before, after = about
    if before.title and after.title:
        old, new = replace(old, title=before.title), replace(new, title=after.title)
    if before.authors and after.authors:
        old, new = replace(old, authors=before.authors), replace(new, authors=after.authors)
    if before.abstract and after.abstract:
        old, new = replace(old, abstract=before.abstract), replace(new, abstract=after.abstract)
    return old, new


def _limit() -> None:
    import resource  # noqa: PLC0415 - not on every system

    for what, limit in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS + 5),  # for when nobody waits for it any more
        (resource.RLIMIT_FSIZE, _ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):  # some systems have no such limit
            resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main()
