"""The query API, through the `arxiv` package: many papers in one request. It decides nothing."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from tracker.http import NotChecked, host_of
from tracker.sources.arxiv_links import NAME, paper
from tracker.sources.arxiv_paper import Paper, number_of, one_line, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http

# The package warns of odd entries in arXiv's own words; without a handler they reach stderr.
logging.getLogger("arxiv").addHandler(logging.NullHandler())

_LONGEST_URL = 4000  # 414 beyond some length nobody documents
_PAGE = 2000  # arXiv's own limit for a slice
_MOST_PAGES = 5
_MOST_REFUSED = 40  # requests of one list, however it must be split
_DOWN = 3  # refusals in a row: one bad record cannot do that, a broken server does
_MALFORMED, _TOO_LONG, _BROKEN = 400, 414, 500
_OK = 200
_LARGE = 8 << 20
_LIMIT = re.compile(rb"rate exceeded", re.IGNORECASE)  # whatever page, feed or status it is put in
_LOOKED_AT = 2048
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"


@dataclass(frozen=True)
class _Body:
    """What the package looks at in a response."""

    content: bytes
    status_code: int = _OK


@dataclass
class _Session:
    """Stands in for the `requests.Session` of the package's client, and lets only feeds through.

    The package would take `Rate exceeded.`, HTML or nothing at all for "no such paper".
    """

    http: Http
    total: int = 0
    pages: int = 0

    def get(self, url: str, headers: object) -> _Body:  # noqa: ARG002 - the package's own name
        """A feed without an error in it. Raises NotChecked for everything else."""
        self.pages += 1
        if self.pages > _MOST_PAGES:
            raise NotChecked(f"{host_of(url)} answered without end")
        reply = self.http.get(url, lane=NAME, accept="application/atom+xml", limit=_LARGE)
        if reply.status != _OK:
            raise NotChecked(f"{host_of(url)} answered {reply.status}", reply.status)
        feed = tree_of(reply.body)
        total = feed.findtext(_TOTAL, "").strip() if feed is not None else ""
        if feed is None or feed.tag != f"{_ATOM}feed" or not re.fullmatch("[0-9]{1,9}", total):
            if _LIMIT.search(reply.body[:_LOOKED_AT]):
                raise NotChecked(f"{host_of(url)}: rate limit reached")
            raise NotChecked(f"{host_of(url)} answered no feed")
        for error in feed.iter(f"{_ATOM}entry"):
            if "/api/errors" in error.findtext(f"{_ATOM}id", ""):
                if _LIMIT.search("".join(error.itertext()).encode()[:_LOOKED_AT]):
                    raise NotChecked(f"{host_of(url)}: rate limit reached")
                raise NotChecked(f"{host_of(url)} answered with an error", _MALFORMED)
        self.total = int(total)
        return _Body(reply.body)


@dataclass
class Asked:
    """What came of a list of ids (bare or with a version): entries by id and version, ids that a
    whole answer does not know, and why others were refused."""

    entries: dict[tuple[str, int], Paper] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)


def query_api(ids: Sequence[str], http: Http, endpoints: Endpoints) -> Asked:
    """Ask for all ids in one request, or as few as their length allows.

    One bad record refuses its whole batch: a refused one is halved until the culprit is alone.
    What no record can be blamed for closes this road for the run.
    """
    asked = Asked()
    batches = _batches(ids, _LONGEST_URL - len(endpoints.arxiv_api) - 100)
    refused = down = 0
    reason = ""
    while batches:
        batch = batches.pop(0)
        if down >= _DOWN or refused >= _MOST_REFUSED:
            asked.refused |= dict.fromkeys(batch, reason)
            continue
        try:
            entries, whole = _entries(batch, http, endpoints)
        except NotChecked as refusal:
            refused += 1
            reason, status = str(refusal), refusal.status or 0
            malformed, broken = status in (_MALFORMED, _TOO_LONG), status >= _BROKEN
            down = 0 if malformed else down + 1 if broken else _DOWN
            if down >= _DOWN:
                http.give_up(NAME, reason)
            half = len(batch) // 2
            if half and (malformed or broken):
                batches += [batch[:half], batch[half:]]
            else:
                asked.refused |= dict.fromkeys(batch, reason)
            continue
        down = 0
        asked.entries |= entries
        if whole:
            known = {name for key, number in entries for name in (key, f"{key}v{number}")}
            asked.absent |= set(batch) - known
    return asked


def _batches(ids: Iterable[str], room: int) -> list[list[str]]:
    batches: list[list[str]] = []
    left = 0
    for name in ids:
        size = len(quote_plus(f"{name},"))
        if size > left or not batches:
            batches.append([])
            left = room
        batches[-1].append(name)
        left -= size
    return batches


def _entries(
    ids: Sequence[str], http: Http, endpoints: Endpoints
) -> tuple[dict[tuple[str, int], Paper], bool]:
    """The entries of one answer, by id and version, and whether it was whole and ours."""
    import arxiv  # noqa: PLC0415 - it and lxml take longer to import than most runs need to start

    client = arxiv.Client(page_size=_PAGE, delay_seconds=0, num_retries=0)
    client.query_url_format = endpoints.arxiv_api + "?{}"
    client._session = session = _Session(http)  # noqa: SLF001 - pinned, and a test says so
    entries: dict[tuple[str, int], Paper] = {}
    try:
        for result in client.results(arxiv.Search(id_list=list(ids), max_results=_PAGE)):
            found = paper(result.entry_id.rpartition("/abs/")[2])
            if found and found[1]:
                entries[found[0], number_of(found[1])] = _entry(
                    found[0], number_of(found[1]), result
                )
    except NotChecked:
        if not entries:
            raise
        return entries, False
    except (arxiv.ArxivError, ValueError, OverflowError) as error:  # no next page, a bad date
        if not entries:
            raise NotChecked(f"{host_of(endpoints.arxiv_api)} answered no feed") from error
        return entries, False
    # With entries nobody asked for it is somebody else's answer: nothing is absent by it.
    ours = all(key in ids or f"{key}v{number}" in ids for key, number in entries)
    return entries, ours and len(entries) == session.total


def _entry(name: str, version: int, result: object) -> Paper:
    """What the package read, as our value; it is untyped, so field by field."""
    fields = vars(result)
    return Paper(
        id=name,
        newest=version,
        dates={
            1: fields["published"].replace(microsecond=0),
            version: fields["updated"].replace(microsecond=0),
        },
        title=one_line(fields["title"]) or name,
        comment=one_line(fields["comment"]),
        journal=one_line(fields["journal_ref"]),
        doi=one_line(fields["doi"]),
        abstract=one_line(fields["summary"]),
        authors=tuple(filter(None, (one_line(author.name) for author in fields["authors"]))),
    )
