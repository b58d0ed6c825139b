"""The ledger: values <-> one file. Atomic, locked; the same values give the same bytes.

Missing, empty and corrupt are three cases: missing is a first run, the others stop it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tracker import config
from tracker.difference import Difference
from tracker.model import Answer, Ledger, TrackerError
from tracker.records import plain, structured, text

SCHEMA = 1
_LOCK_SECONDS = 60
_KEY = re.compile(r"[a-z][a-z0-9]{1,30}:[\x21-\x7e]{1,480}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


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
        value = json.loads(source)
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


def dump_answers(
    answers: Mapping[str, Answer], differences: Mapping[str, Difference] | None = None
) -> bytes:
    """What a run was answered, and what differs, by key, as a file's bytes: so that asking and
    writing can be two jobs."""
    value = {
        "schema": SCHEMA,
        "answers": plain(dict(answers), dict[str, Answer]),
        "differences": plain(dict(differences or {}), dict[str, Difference]),
    }
    return text(value)


def load_answers(path: Path) -> tuple[dict[str, Answer], dict[str, Difference]]:
    """What is in a file that `dump_answers` made. Raises TrackerError for any other."""
    try:
        value = json.loads(path.read_bytes())
        if not isinstance(value, dict) or value.get("schema") != SCHEMA:
            raise ValueError("not a file of answers")  # noqa: TRY301 - one remedy for all
        answers: dict[str, Answer] = structured(value["answers"], dict[str, Answer])
        differences: dict[str, Difference] = structured(value["differences"], dict[str, Difference])
    except (OSError, ValueError, KeyError) as error:
        raise TrackerError(f"{path}: not readable as answers ({error}): ask again") from error
    return answers, differences


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the one lock of a site while a run lasts; `path` is the ledger's.

    Raises TrackerError where another run holds it for a minute.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415

    # Outside the site, so that no run leaves a file that somebody commits.
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    holder = FileLock(
        Path(tempfile.gettempdir()) / f"tracker-{os.getuid()}-{name}.lock", timeout=_LOCK_SECONDS
    )
    try:
        with holder:
            yield
    except Timeout as error:
        raise TrackerError(
            f"{path}: another run holds the lock: wait until it has ended"
        ) from error


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
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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
