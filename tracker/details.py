"""The whole of what differs in a change: a file of its own, never changed once the ledger names it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

from tracker.difference import Difference
from tracker.model import TrackerError
from tracker.records import plain, read, structured, text

SCHEMA = 1
_NAME = 80


def path_of(state: str, change: str) -> str:
    """The file for a change's id, beside the ledger at `state`: a readable name, and one of its own
    on any file system."""
    readable = re.sub(r"[^a-z0-9.]+", "-", change.lower())[:_NAME].strip("-.")
    name = f"{readable}-{hashlib.sha256(change.encode()).hexdigest()[:8]}.json"
    return str(PurePosixPath(state).parent / "details" / name)


def dump(change: str, difference: Difference) -> bytes:
    """The file's bytes for a change's id and what differs."""
    return text({"schema": SCHEMA, "change": change, "difference": plain(difference)})


def load(path: Path, name: str) -> Difference | None:
    """What the file says, or None where there is none. `name` is for messages.

    Raises TrackerError for a file that no run wrote.
    """
    try:
        value = read(path.read_bytes())
        if not isinstance(value, dict) or value.get("schema") != SCHEMA:
            raise ValueError("not a file of details")  # noqa: TRY301 - one remedy for all
        difference: Difference = structured(value["difference"], Difference)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as error:
        raise TrackerError(
            f"{name}: not readable ({error}): restore it from git, or remove it"
        ) from error
    return difference
