"""The command in a process of its own, forked from one that has all modules: it starts at once, so
that the calls that are counted are those of a run and none of Python's own start."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tracker.cli import main

_LONGEST = 120  # seconds that a run may take

# The names that a system may give to one call.
NAMES = {"rename": "/^rename(at2?)?$", "unlink": "/^unlink(at)?$", "mkdir": "/^mkdir(at)?$"}
_CALL = re.compile(r"^(?:(\d+) +)?([a-z0-9]+)\(")
_ONE_NAME = {"renameat": "rename", "renameat2": "rename", "unlinkat": "unlink", "mkdirat": "mkdir"}


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, None where it was killed; what it said; whether the call that
    was to fail was reached, and whether it was one by which the run speaks."""

    code: int | None
    said: str
    reached: bool = True
    speaking: bool = False


def warm(site: Path, words: tuple[str, ...]) -> None:
    """Import all modules that a run imports, some of them only where it needs them."""
    names = site.parent / "modules.txt"
    child = os.fork()
    if child == 0:
        with suppress(SystemExit):
            os.chdir(site)
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            main(words, "tracker")
        names.write_text("\n".join(sys.modules))
        os._exit(0)
    _code(child)
    for name in names.read_text().splitlines():
        with suppress(ImportError):
            importlib.import_module(name)


def plain(site: Path, words: tuple[str, ...]) -> Ended:
    """A run that nobody disturbs."""
    said = _said(site)
    child = _fork(site, words, said, None)
    return Ended(_code(child), said.read_text(errors="replace"))


def disturbed(site: Path, words: tuple[str, ...], call: str, what: str, *, threads: bool) -> Ended:
    """A run one of whose calls is tampered with, as strace's `inject` says it. threads: whether
    those of all threads and child processes are counted, each on its own."""
    said, log = _said(site), site.parent / "calls.txt"
    name = NAMES.get(call, call)
    inject = ("-e", f"trace={name}", "-e", f"inject={name}:{what}")
    code = _traced(site, words, said, log, (*inject, *(("-f",) if threads else ())))
    made = log.read_text(errors="replace")
    reached = code is None or "(INJECTED)" in made
    speaking = bool(re.search(r"^write\([12],.*\(INJECTED\)$", made, re.M))
    return Ended(code, said.read_text(errors="replace"), reached, speaking)


def calls(
    site: Path, words: tuple[str, ...], names: tuple[str, ...], *, threads: bool
) -> Counter[str]:
    """How often a run makes each of these calls; with `threads`, the most that one thread does."""
    log = site.parent / "calls.txt"
    traced = ",".join(name for n in names for name in _spelt(n))
    watch = ("-e", f"trace={traced}", *(("-f",) if threads else ()))
    _traced(site, words, _said(site), log, watch)
    found = Counter(
        match.groups("")
        for line in log.read_text(errors="replace").splitlines()
        if (match := _CALL.match(line))
    )
    most: Counter[str] = Counter()
    for (_, name), count in found.items():
        one = _ONE_NAME.get(name, name)
        most[one] = max(most[one], count)
    return most


def _spelt(name: str) -> tuple[str, ...]:
    return {
        "rename": ("?rename", "?renameat", "?renameat2"),
        "unlink": ("?unlink", "?unlinkat"),
        "mkdir": ("?mkdir", "?mkdirat"),
    }.get(name, (name,))


def _said(site: Path) -> Path:
    said = site.parent / "said.txt"
    said.unlink(missing_ok=True)
    return said


def _traced(
    site: Path, words: tuple[str, ...], said: Path, log: Path, watch: tuple[str, ...]
) -> int | None:
    """The exit code of a run under strace, which starts when strace has hold of it."""
    gate, opened = os.pipe()
    child = _fork(site, words, said, gate)
    os.close(gate)
    command = ["strace", "-o", str(log), "-e", "signal=none", *watch, "-p", str(child)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        told = strace.stderr.readline() if strace.stderr else ""
        if "attached" not in told:
            os.close(opened)
            _code(child)
            raise SystemExit(f"strace cannot follow a process here: {told.strip()}")
        os.write(opened, b"x")
        os.close(opened)
        code = _code(child)
        try:
            strace.wait(_LONGEST)
        except subprocess.TimeoutExpired:
            strace.kill()
    return code


def _fork(site: Path, words: tuple[str, ...], said: Path, gate: int | None) -> int:
    """A child that runs the command in the site, once there is a byte at the gate."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _become(site, words, said, gate)
    return child


def _become(site: Path, words: tuple[str, ...], said: Path, gate: int | None) -> NoReturn:
    code = 1
    try:
        os.chdir(site)
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if gate is None or os.read(gate, 1):
            code = _as_python_does(words)
    finally:
        os._exit(code)


def _as_python_does(words: tuple[str, ...]) -> int:
    """The exit code of the command, with what the interpreter says and does at its end."""
    code = 0
    try:
        main(words, "tracker")
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - said, as the interpreter would
        with suppress(OSError):
            traceback.print_exc()
        code = 1
    try:
        sys.stdout.flush()
    except OSError:
        code = 120
    return code


def _code(child: int) -> int | None:
    """The exit code of a child, None where it was killed."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else None
        time.sleep(0.002)
    os.kill(child, 9)
    os.waitpid(child, 0)
    raise SystemExit(f"a run did not end within {_LONGEST} s")
