"""OAI-PMH, the second road: every version of one paper a request. It decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tracker.http import NotChecked, host_of
from tracker.sources.arxiv_links import NAME, paper
from tracker.sources.arxiv_paper import Paper, one_line, tree_of

if TYPE_CHECKING:
    from tracker.http import Http

_MOST_RECORDS = 200  # a run; three seconds each
_GIVEN_UP = 2
_LANE = f"{NAME}:oai"  # at the pace of both roads: the query API's refusal must not close this one
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"


@dataclass
class Oai:
    """Records one by one, as long as that road is open."""

    http: Http
    url: str
    left: int = _MOST_RECORDS
    failed: int = 0
    records: dict[str, Paper | None] = field(default_factory=dict)

    def record(self, name: str) -> Paper | None:
        """A paper with all its versions, or None where there is none. Raises NotChecked."""
        if name in self.records:
            return self.records[name]
        if self.left <= 0:
            raise NotChecked(f"{host_of(self.url)} is not asked any more in this run")
        self.left -= 1
        try:
            self.records[name] = self._fetch(name)
        except NotChecked as refusal:
            self.failed += 1
            if self.failed >= _GIVEN_UP:
                self.http.give_up(_LANE, str(refusal))
            raise
        self.failed = 0
        return self.records[name]

    def _fetch(self, name: str) -> Paper | None:
        query = {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{name}",
            "metadataPrefix": "arXivRaw",
        }
        url = f"{self.url}?{urlencode(query, safe=':/')}"
        reply = self.http.get(url, lane=_LANE, accept="text/xml")
        if reply.status != 200:  # noqa: PLR2004 - OK
            raise NotChecked(f"{host_of(url)} answered {reply.status}", reply.status)
        return _record(name, reply.body, host_of(url))


def _record(name: str, body: bytes, host: str) -> Paper | None:
    """A GetRecord answer. Its order of versions means nothing, nor does its datestamp."""
    tree = tree_of(body)
    if tree is None or tree.tag != f"{_OAI}OAI-PMH":
        raise NotChecked(f"{host} answered no record")
    error = tree.find(f"{_OAI}error")
    if error is not None and error.get("code") == "idDoesNotExist":
        return None
    raw = tree.find(f".//{_RAW}arXivRaw")
    if raw is None or paper((raw.findtext(f"{_RAW}id") or "").strip()) != (name, None):
        raise NotChecked(f"{host} answered no record")
    dates: dict[int, datetime] = {}
    empty: dict[int, bool | None] = {}
    for version in raw.iterfind(f"{_RAW}version"):
        number = re.fullmatch(r"v([1-9][0-9]{0,3})", version.get("version", ""))
        date = _date(version.findtext(f"{_RAW}date", ""))
        if not (number and date):
            raise NotChecked(f"{host} answered no record")
        dates[int(number[1])] = date
        size = re.match(r"([0-9]{1,9}) ?[kKmMgG]?[bB]", version.findtext(f"{_RAW}size", "").strip())
        no_files = "I" in version.findtext(f"{_RAW}source_type", "")
        empty[int(number[1])] = no_files or (int(size[1]) == 0 if size else None)
    if not dates:
        raise NotChecked(f"{host} answered no record")
    newest = max(dates)
    return Paper(
        id=name,
        newest=newest,
        dates=dates,
        title=one_line(raw.findtext(f"{_RAW}title")) or name,
        comment=one_line(raw.findtext(f"{_RAW}comments")),
        journal=one_line(raw.findtext(f"{_RAW}journal-ref")),
        doi=one_line(raw.findtext(f"{_RAW}doi")),
        abstract=one_line(raw.findtext(f"{_RAW}abstract")),
        withdrawn=empty[newest],
    )


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text.strip())
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
