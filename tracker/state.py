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
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tracker import config
from tracker.model import Answer, Baseline, Item, Ledger, TrackerError

SCHEMA = 1
_LOCK_SECONDS = 60
_KEY = re.compile(r"[a-z][a-z0-9]{1,30}:[\x21-\x7e]{1,480}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@cache
def _converter(*, detailed: bool = False) -> Any:  # noqa: ANN401 - cattrs is slow to import
    """detailed: it says where something is wrong, and takes longer where nothing is."""
    import cattrs  # noqa: PLC0415
    from cattrs.strategies import configure_tagged_union  # noqa: PLC0415

    converter = cattrs.Converter(
        forbid_extra_keys=True, omit_if_default=True, detailed_validation=detailed
    )
    converter.register_unstructure_hook(datetime, _when)
    converter.register_structure_hook(datetime, lambda value, _: _instant(value))
    converter.register_unstructure_hook(Item, _item_text)
    converter.register_structure_hook(Item, lambda value, _: _item(value))
    converter.register_unstructure_hook(Baseline, _baseline_text)
    converter.register_structure_hook(Baseline, lambda value, _: _baseline(value))
    configure_tagged_union(Answer, converter, tag_name="answer")
    return converter


def _when(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError("an instant must be a string")
    if not _INSTANT.fullmatch(value):
        raise ValueError(f"{value[:40]!r} is no instant like 2025-01-22T23:59:59Z")
    return datetime.fromisoformat(value)


def _item_text(item: Item) -> str:
    return f"{item.type} {item.name} {_when(item.added) if item.added else '-'}"


def _item(value: object) -> Item:
    if not isinstance(value, str):
        raise TypeError("an item must be a string")
    type_, name, added = value.split(" ")
    return Item(type_, name, None if added == "-" else _instant(added))


def _baseline_text(baseline: Baseline) -> str:
    stands = "settled" if baseline.settled else "open"
    return f"{_when(baseline.since)} {baseline.pin or '-'} {stands}"


def _baseline(value: object) -> Baseline:
    if not isinstance(value, str):
        raise TypeError("a baseline must be a string")
    since, pin, stands = value.split(" ")
    if stands not in ("settled", "open"):
        raise ValueError("a baseline must be settled or open")
    return Baseline(_instant(since), None if pin == "-" else pin, stands == "settled")


def _text(value: Mapping[str, object]) -> bytes:
    """JSON with sorted keys and a line a record: what git shows of a change is that change, and
    the many lines of a long list cost little."""

    def plain(inner: object) -> str:
        return json.dumps(inner, ensure_ascii=False, sort_keys=True)

    def records(inner: object) -> str:
        if isinstance(inner, dict) and inner:
            lines = (f"    {plain(key)}: {plain(inner[key])}" for key in sorted(inner))
            return "{\n" + ",\n".join(lines) + "\n  }"
        if isinstance(inner, list | tuple) and inner:
            return "[\n" + ",\n".join(f"    {plain(record)}" for record in inner) + "\n  ]"
        return plain(inner)

    lines = (f"  {plain(key)}: {records(value[key])}" for key in sorted(value))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def dump(ledger: Ledger) -> bytes:
    """The ledger as a file's bytes: UTF-8, only what is not a default; of a watch's upstream the
    name alone, since its key is the record's."""
    value = _converter().unstructure(ledger)
    for watch in value.get("watches", {}).values():
        watch["upstream"] = watch["upstream"]["name"]
    return _text({"schema": SCHEMA, **value})


def plain(value: Any) -> Any:  # noqa: ANN401 - any noun, any JSON
    """A noun as JSON values, without what is a default."""
    return _converter().unstructure(value)


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
        ledger: Ledger = _structure(value, Ledger)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TrackerError(f"{name}: {error}: {remedy}") from error
    for bad in _strange(ledger):
        raise TrackerError(f"{name}: {bad}: {remedy}")
    return ledger


def _structure(value: object, shape: Any) -> Any:  # noqa: ANN401 - any noun
    from cattrs import transform_error  # noqa: PLC0415
    from cattrs.errors import BaseValidationError  # noqa: PLC0415

    with suppress(Exception):
        return _converter().structure(value, shape)
    try:
        return _converter(detailed=True).structure(value, shape)
    except BaseValidationError as error:
        raise ValueError(transform_error(error)[0]) from error
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from error


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


def dump_answers(answers: dict[str, Answer]) -> bytes:
    """A round's answers as a file's bytes, so that asking and writing can be two jobs."""
    shape = dict[str, Answer]
    return _text({"schema": SCHEMA, "answers": _converter().unstructure(answers, shape)})


def load_answers(path: Path) -> dict[str, Answer]:
    """The answers in a file that `dump_answers` made. Raises TrackerError for any other."""
    try:
        value = json.loads(path.read_bytes())
        if not isinstance(value, dict) or value.get("schema") != SCHEMA:
            raise ValueError("not a file of answers")  # noqa: TRY301 - one remedy for all
        answers: dict[str, Answer] = _structure(value["answers"], dict[str, Answer])
    except (OSError, ValueError, KeyError) as error:
        raise TrackerError(f"{path}: not readable as answers ({error}): ask again") from error
    return answers


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
