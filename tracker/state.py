"""The ledger: values <-> one file. Atomic, locked; the same values give the same bytes.

Missing, empty and corrupt are three cases: missing is a first run, the others stop it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tracker import config
from tracker.difference import Difference
from tracker.model import Answer, Ledger, TrackerError
from tracker.records import plain, read, structured, text

SCHEMA = 1
_LOCK_SECONDS = 60
_KEY = re.compile(r"[a-z][a-z0-9]{1,30}:[\x21-\x7e]{1,480}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_TEMPORARY = re.compile(r"\.tracker-[a-z0-9_]{8}\.new")


def dump(ledger: Ledger) -> bytes:
    """The ledger as a file's bytes: UTF-8, only what is not a default; of a watch's upstream the
    name alone, since its key is the record's."""
    value = plain(ledger)
    for watch in value.get("watches", {}).values():
        watch["upstream"] = watch["upstream"]["name"]
    return text({"schema": SCHEMA, **value})


def load(path: Path, name: str) -> Ledger:
    """The ledger in the file, or an empty one where there is none. `name` is for messages.

    Raises TrackerError for a folder, an empty, truncated or edited file, and a newer schema: one
    broken file must not announce the world anew.
    """
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise TrackerError(f"{name}: not readable ({error.strerror}): it must be a file") from error
    remedy = "restore it from git, or remove it to start anew"
    try:
        value = read(source)
    except ValueError as error:
        raise TrackerError(f"{name}: not JSON, perhaps cut short: {remedy}") from error
    if not isinstance(value, dict) or not isinstance(value.get("schema"), int):
        raise TrackerError(f"{name}: not a ledger: {remedy}")
    if value.pop("schema") > SCHEMA:
        raise TrackerError(f"{name}: written by a newer tracker: update tracker")
    try:
        for key, watch in value.get("watches", {}).items():
            watch["upstream"] = {"key": key, "name": watch["upstream"]}
        ledger: Ledger = structured(value, Ledger)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TrackerError(f"{name}: {error}: {remedy}") from error
    for bad in _strange(ledger):
        raise TrackerError(f"{name}: {bad}: {remedy}")
    return ledger


def _strange(ledger: Ledger) -> Iterator[str]:
    """What no run could have written: it is refused, since paths and addresses are made of it."""
    for key in ledger.watches:
        if not _KEY.fullmatch(key):
            yield f"strange upstream {key[:80]!r}"
    for report, record in ledger.reports.items():
        if not _ID.fullmatch(report):
            yield f"strange report {report[:80]!r}"
        if record.post.startswith("/") or "\\" in record.post or "\0" in record.post:
            yield f"strange post {record.post[:80]!r}"


@dataclass(frozen=True)
class Answers:
    """What a run was answered, and what differs, by key; `asked` is when that was, where known."""

    answers: dict[str, Answer]
    differences: dict[str, Difference] = field(default_factory=dict)
    asked: datetime | None = None


def dump_answers(
    answers: Mapping[str, Answer],
    differences: Mapping[str, Difference] | None = None,
    asked: datetime | None = None,
) -> bytes:
    """What a run was answered as a file's bytes: so that asking and writing can be two jobs."""
    told = Answers(dict(answers), dict(differences or {}), asked)
    return text({"schema": SCHEMA, "answers": {}, **plain(told)})


def load_answers(path: Path) -> Answers:
    """What is in a file that `dump_answers` made. Raises TrackerError for any other."""
    try:
        value = read(path.read_bytes())
        if not isinstance(value, dict) or value.pop("schema", None) != SCHEMA:
            raise ValueError("not a file of answers")  # noqa: TRY301 - one remedy for all
        told: Answers = structured(value, Answers)
    except (OSError, ValueError) as error:
        raise TrackerError(f"{path}: not readable as answers ({error}): ask again") from error
    return told


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the one lock of a site while a run lasts; `path` is the ledger's.

    Raises TrackerError where another run holds it for a minute, and where there can be none.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415

    # Outside the site, so that no run leaves a file that somebody commits.
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    holder = FileLock(
        Path(tempfile.gettempdir()) / f"tracker-{os.getuid()}-{name}.lock", timeout=_LOCK_SECONDS
    )
    try:
        holder.acquire()
    except Timeout as error:
        raise TrackerError(
            f"{path}: another run holds the lock: wait until it has ended"
        ) from error
    except OSError as error:
        raise TrackerError(
            f"{holder.lock_file}: no lock ({error.strerror}): mend the folder, or set TMPDIR"
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # it is gone with the process at the latest
            holder.release()


@contextmanager
def disk() -> Iterator[None]:
    """Within, what the disk refuses is a TrackerError, whichever file it is."""
    try:
        yield
    except BrokenPipeError:  # nobody listens to the command any more
        raise
    except OSError as error:
        told = f"{error.filename or 'a file'}: {error.strerror or error}"
        raise TrackerError(f"{told}: mend the folder, and run again") from error


def write(root: Path, name: str, content: bytes) -> bool:
    """Put a file's whole content in place, or leave it alone if it is that already.

    Returns whether it was written. Never a torn file: a temporary file in the same folder,
    fsync, rename, fsync of the folder. Raises TrackerError where the path leaves `root` or the
    file is a symbolic link, and where the disk refuses.
    """
    path = root / name
    if path.is_symlink() or (
        config.inside(name) and not path.parent.resolve().is_relative_to(root.resolve())
    ):
        raise TrackerError(f"{name}: a symbolic link: nothing is written through it")
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(".new", ".tracker-", path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise TrackerError(f"{name}: not written ({error.strerror}): mend the folder") from error
    return True


def tidy(root: Path, folders: Iterable[str]) -> None:
    """Remove the temporary files that a killed run left in folders of a site. The lock must be held:
    nobody else is writing one."""
    base = root.resolve()
    for folder in dict.fromkeys(root / name for name in folders):
        with suppress(OSError):  # no such folder; and what cannot be removed harms nothing
            for path in folder.iterdir() if folder.resolve().is_relative_to(base) else ():
                if _TEMPORARY.fullmatch(path.name):
                    path.unlink()
