"""A paper as arXiv tells of it, by either road, and whether its authors withdrew it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tracker.model import Found, Snapshot
from tracker.model import Version as Dated

if TYPE_CHECKING:
    from collections.abc import Mapping


_TOO_MANY_VERSIONS = 200
_LOOKED_AT = 512
_PAPER = (
    r"(?:(?:this|these|the|our) )?(?:arxiv )?"
    r"(?:e-?print|paper|article|manuscript|submission|preprint|work|version|draft|report)s?"
)
_IS_WITHDRAWN = (
    r"(?:(?:is|was|were|has been|have been|had been) )?(?:being |now |hereby |temporarily )?"
    r"withdrawn\b(?! from (?!(?:the )?arxiv))"  # from ICLR is another matter
)
# The paper itself is the sentence's subject ("Section 5 was withdrawn" says nothing) ...
_WITHDRAWN = re.compile(
    rf"(?:^|[.;:,!(] ?){_PAPER} {_IS_WITHDRAWN}|^{_IS_WITHDRAWN}"
    rf"|\b(?:we|authors?|submitters?) (?:has|have) withdrawn {_PAPER}\b",
    re.ASCII | re.IGNORECASE,
)
# ... or, in a comment, needs no naming: "12 pages, withdrawn by the authors".
_WITHDRAWN_TOO = re.compile(
    rf"[.;:,!(] ?{_IS_WITHDRAWN}(?= by | due | because |[.!)]|$)", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True)
class Paper:
    """A paper as the query API or OAI shows it. `dates` by version; `withdrawn` None: not told;
    `authors` by the query API only."""

    id: str
    newest: int
    dates: Mapping[int, datetime]
    title: str
    comment: str | None
    journal: str | None
    doi: str | None
    abstract: str | None
    withdrawn: bool | None = None
    authors: tuple[str, ...] = ()

    @property
    def released(self) -> datetime:
        """When the newest version was submitted."""
        return self.dates[self.newest]

    @property
    def says_withdrawn(self) -> bool:
        """Whether the authors' words say so. The query API has nothing better."""
        comment, abstract = (self.comment or "")[:_LOOKED_AT], (self.abstract or "")[:_LOOKED_AT]
        said = _WITHDRAWN.search(comment) or _WITHDRAWN.search(abstract)
        return bool(said or _WITHDRAWN_TOO.search(comment))

    def between(self) -> list[int]:
        """The versions whose dates are not known yet; none where there are absurdly many."""
        missing = [n for n in range(1, min(self.newest, _TOO_MANY_VERSIONS)) if n not in self.dates]
        return missing if self.newest <= _TOO_MANY_VERSIONS else []

    def history(self) -> tuple[Dated, ...]:
        """The versions from the newest back to the first whose date is not known."""
        found = []
        for number in range(self.newest, 0, -1):
            if number not in self.dates:
                break
            url = f"https://arxiv.org/abs/{self.id}v{number}"
            found.append(Dated(f"v{number}", self.dates[number], url))
        return tuple(found)

    def found(self, *, withdrawn: bool) -> Found:
        """The answer: the newest version, and all whose dates are known."""
        history = self.history()
        snapshot = Snapshot(
            version=f"v{self.newest}",
            released=self.released,
            url=history[0].url,
            title=self.title,
            withdrawn=withdrawn,
            comment=self.comment,
            journal=self.journal,
            doi=self.doi,
        )
        return Found(snapshot, history, whole=len(history) == self.newest)


def one_line(text: str | None) -> str | None:
    """A text without its line breaks; None for an empty one."""
    return " ".join((text or "").split()) or None


def number_of(version: str | None) -> int:
    """The number in `v3`; 0 for none."""
    return int(version[1:]) if version else 0


def tree_of(body: bytes) -> ET.Element | None:
    """Well-formed UTF-8 XML without a DTD (so without entities of its own), else None."""
    try:
        text = body.decode()
        return None if "<!DOCTYPE" in text else ET.fromstring(text)  # noqa: S314 - no DTD, no bomb
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        return None
