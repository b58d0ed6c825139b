"""What a shell offers for a half-written report. It asks nobody, and where it cannot tell it is
silent: a shell has no place for an error."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.config import SETTINGS, inside


def reports(root: Path, begun: str) -> list[tuple[str, str]]:
    """The ids and names of the ledger's reports of which one begins so, whatever the case. An id
    has no spaces and no marks that a shell would read."""
    wanted = begun.strip("\"'").casefold()
    try:
        return [
            (identity, name)
            for identity, name in _named(json.loads((root / _ledger(root)).read_bytes()))
            if identity.startswith(wanted) or name.casefold().startswith(wanted)
        ]
    except (OSError, ValueError, RecursionError):
        return []


def _named(ledger: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever the file holds
    records = ledger.get("reports") if isinstance(ledger, dict) else None
    for identity, record in records.items() if isinstance(records, dict) else ():
        name = record.get("name") if isinstance(record, dict) else None
        yield identity, name if isinstance(name, str) else ""


def _ledger(root: Path) -> str:
    """The ledger's path, by the settings alone: the site's generator need not be asked for it.

    Raises ValueError for settings that cannot be read.
    """
    name = next((name for name in SETTINGS if (root / name).is_file()), SETTINGS[0])
    settings = tomllib.loads((root / name).read_text("utf-8")) if (root / name).is_file() else {}
    folder = settings.get("state", (Path(name).parent / "state").as_posix())
    if not isinstance(folder, str) or not inside(folder):
        raise ValueError("no folder below the root")
    return f"{folder.rstrip('/')}/ledger.json"
