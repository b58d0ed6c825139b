"""What no longer fits the feed, in documents that never change again: RFC 5005, section 4. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.publish.outlines import Outline

SIZE = 50  # entries


@dataclass(frozen=True)
class Archive:
    """A document of the oldest entries but those of `previous`: its name, and their heads, the
    newest first."""

    name: str
    previous: str | None
    heads: tuple[Outline, ...]


def archives(heads: Sequence[Outline], shown: int) -> list[Archive]:
    """As many full ones as it takes to hold what a feed that shows so many of the newest does not,
    the oldest first. What one holds follows from the entries before it alone."""
    oldest = list(reversed(heads))
    wanted = -(-max(0, len(heads) - shown) // SIZE)
    return [
        Archive(
            name_of(number),
            name_of(number - 1) if number > 1 else None,
            tuple(reversed(oldest[(number - 1) * SIZE : number * SIZE])),
        )
        for number in range(1, 1 + min(wanted, len(heads) // SIZE))
    ]


def name_of(number: int) -> str:
    """The name of the archive of that number, counted from 1."""
    return f"archive-{number}.xml"
