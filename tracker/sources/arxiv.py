"""arXiv: what its links name, and what it says of papers. It compares nothing and writes nothing.

One request to the query API for all papers, one more for the dates of the versions between; where
that API refuses, OAI-PMH, a paper a request. UPSTREAMS.md, section 1, has the reasons.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode
from xml.etree import ElementTree as ET

from tracker.http import NotChecked, host_of
from tracker.model import Absent, Answer, Found, Question, Snapshot, Target, Unchecked, Upstream
from tracker.model import Version as Dated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

    from tracker.config import Endpoints
    from tracker.http import Http

NAME = "arxiv"

# The package warns of odd entries in arXiv's own words; without a handler they reach stderr.
logging.getLogger("arxiv").addHandler(logging.NullHandler())

# --- what a link names ---------------------------------------------------------------------------

_ARCHIVES = frozenset(
    """acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas
    cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex
    nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con""".split()  # noqa: SIM905 - a list of words reads best as words
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW = re.compile(rf"(?P<id>(?P<month>[0-9]{{2}}{_MONTH})\.[0-9]{{4,5}})(?P<v>v[1-9][0-9]{{0,3}})?")
_OLD = re.compile(
    rf"(?P<archive>[a-z-]{{2,8}})(?:\.[a-z-]{{2,8}})?/"
    rf"(?P<number>(?:(?:9[1-9]|0[0-6]){_MONTH}|070[1-3])[0-9]{{3}})(?P<v>v[1-9][0-9]{{0,3}})?"
)
_FIRST, _FIVE_DIGITS = "0704", "1501"  # the months of the first new id, and of the first long one

_HOSTS: dict[str, re.Pattern[str]] = {
    host: re.compile(pattern)
    for hosts, pattern in (
        (
            "arxiv.org www.arxiv.org export.arxiv.org browse.arxiv.org",
            (
                r"/(?:abs|html|format|src|e-print|ps)/(?P<id>.+?)/?"
                r"|/pdf/(?P<pdf>.+?)(?:\.pdf)?/?"
                r"|/ftp/(?P<archive>[a-z-]+)/papers/(?P<month>[0-9]{4})"
                r"/(?P<file>(?P=month)[^/]+?)\.pdf"
            ),
        ),
        (
            "ar5iv.org www.ar5iv.org ar5iv.arxiv.org ar5iv.labs.arxiv.org",
            r"/(?:abs|html|pdf)/(?P<id>.+?)/?",
        ),
        ("alphaxiv.org www.alphaxiv.org", r"/(?:abs|overview|pdf)/(?P<id>.+?)/?"),
        ("arxiv-vanity.com www.arxiv-vanity.com", r"/papers/(?P<id>.+?)/?"),
        ("doi.org dx.doi.org www.doi.org", r"/10\.48550(?:/|%2f)arxiv\.(?P<id>.+?)/?"),
    )
    for host in hosts.split()
}


def paper(text: str) -> tuple[str, str | None] | None:
    """The canonical id of a paper and the version named with it; None for what is no arXiv id.

    `math.CA/0611800v2` is (`math/0611800`, `v2`): the subject class is no part of an old id.
    """
    if not text.isascii():
        return None  # some characters become ASCII in lower case
    text = text.lower().removeprefix("arxiv:")
    if new := _NEW.fullmatch(text):
        length = 5 if new["month"] >= _FIVE_DIGITS else 4
        known = new["month"] >= _FIRST and len(new["id"]) == len("YYMM.") + length
        return (new["id"], new["v"]) if known else None
    old = _OLD.fullmatch(text)
    if old and old["archive"] in _ARCHIVES:
        return f"{old['archive']}/{old['number']}", old["v"]
    return None


def identify(url: SplitResult) -> Target | None:
    """What a split http(s) URL names; None where its host is not arXiv's nor a reader's of it.

    doi.org is everybody's: None for any DOI but arXiv's own.
    """
    host = url.netloc.lower()
    if host not in _HOSTS:
        return None
    path = url.path.lower() if "doi.org" in host else re.sub(r"\.PDF$", ".pdf", url.path)
    match = _HOSTS[host].fullmatch(path)
    if match is None:
        return None if "doi.org" in host else Target(NAME)
    parts = match.groupdict()
    name = parts["id"] or parts["pdf"] or parts["file"]
    if parts.get("archive") not in (None, "arxiv"):
        name = f"{parts['archive']}/{name}"
    found = paper(name)
    return Target(NAME, _upstream(found[0]), found[1]) if found else Target(NAME)


def _upstream(name: str) -> Upstream:
    return Upstream(f"{NAME}:{name}", name)


# --- what arXiv says, as a value -----------------------------------------------------------------

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
class _Paper:
    """A paper as the query API or OAI shows it. `dates` by version; `withdrawn` None: not told."""

    id: str
    newest: int
    dates: Mapping[int, datetime]
    title: str
    comment: str | None
    journal: str | None
    doi: str | None
    abstract: str | None
    withdrawn: bool | None = None

    @property
    def released(self) -> datetime:
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


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _number(version: str | None) -> int:
    return int(version[1:]) if version else 0


# --- the query API, through the `arxiv` package --------------------------------------------------

_LONGEST_URL = 4000  # 414 beyond some length nobody documents
_PAGE = 2000  # arXiv's own limit for a slice
_MOST_PAGES = 5
_MOST_REQUESTS = 40  # for one list, however it must be split
_DOWN = 3  # refusals in a row: one bad record cannot do that, a broken server does
_MALFORMED, _BROKEN = 400, 500
_OK = 200
_LARGE = 8 << 20
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
        if reply.body.lstrip()[:13] == b"Rate exceeded":
            raise NotChecked(f"{host_of(url)}: rate limit reached")
        feed = _tree(reply.body)
        total = feed.findtext(_TOTAL, "").strip() if feed is not None else ""
        if feed is None or feed.tag != f"{_ATOM}feed" or not re.fullmatch("[0-9]{1,9}", total):
            raise NotChecked(f"{host_of(url)} answered no feed")
        if any("/api/errors" in e.findtext(f"{_ATOM}id", "") for e in feed.iter(f"{_ATOM}entry")):
            raise NotChecked(f"{host_of(url)} answered with an error", _MALFORMED)
        self.total = int(total)
        return _Body(reply.body)


@dataclass
class _Asked:
    """What came of a list of ids (bare or with a version): entries by id and version, ids that a
    whole answer does not know, and the reasons for the others."""

    entries: dict[tuple[str, int], _Paper] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def _query(ids: Sequence[str], http: Http, endpoints: Endpoints) -> _Asked:
    """Ask for all ids in one request, or as few as their length allows.

    One bad record refuses its whole batch: a refused one is halved until the culprit is alone.
    """
    asked = _Asked()
    batches = _batches(ids, _LONGEST_URL - len(endpoints.arxiv_api) - 100)
    requests = down = 0
    reason = ""
    while batches:
        batch = batches.pop(0)
        if down >= _DOWN or requests >= _MOST_REQUESTS:
            asked.refused |= dict.fromkeys(batch, reason)
            continue
        requests += 1
        try:
            entries, whole = _entries(batch, http, endpoints)
        except NotChecked as refusal:
            reason, status = str(refusal), refusal.status or 0
            malformed, broken = status == _MALFORMED, status >= _BROKEN
            down = 0 if malformed else down + 1 if broken else _DOWN
            half = len(batch) // 2
            if half and (malformed or broken):
                batches += [batch[:half], batch[half:]]
            else:
                asked.refused |= dict.fromkeys(batch, reason)
            continue
        down = 0
        asked.entries |= entries
        known = {name for key, number in entries for name in (key, f"{key}v{number}")}
        (asked.absent if whole else asked.missing).update(set(batch) - known)
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
) -> tuple[dict[tuple[str, int], _Paper], bool]:
    """The entries of one answer, by id and version, and whether it was whole and ours."""
    import arxiv  # noqa: PLC0415 - it and lxml take longer to import than most runs need to start

    client = arxiv.Client(page_size=_PAGE, delay_seconds=0, num_retries=0)
    client.query_url_format = endpoints.arxiv_api + "?{}"
    client._session = session = _Session(http)  # noqa: SLF001 - pinned, and a test says so
    entries: dict[tuple[str, int], _Paper] = {}
    try:
        for result in client.results(arxiv.Search(id_list=list(ids), max_results=_PAGE)):
            found = paper(result.entry_id.rpartition("/abs/")[2])
            if found and found[1]:
                entries[found[0], _number(found[1])] = _entry(found[0], _number(found[1]), result)
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


def _entry(name: str, version: int, result: object) -> _Paper:
    """What the package read, as our value; it is untyped, so field by field."""
    fields = vars(result)
    return _Paper(
        id=name,
        newest=version,
        dates={
            1: fields["published"].replace(microsecond=0),
            version: fields["updated"].replace(microsecond=0),
        },
        title=_line(fields["title"]) or name,
        comment=_line(fields["comment"]),
        journal=_line(fields["journal_ref"]),
        doi=_line(fields["doi"]),
        abstract=_line(fields["summary"]),
    )


# --- OAI-PMH, the second road --------------------------------------------------------------------

_MOST_RECORDS = 200  # a run; three seconds each
_GIVEN_UP = 2
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"


@dataclass
class _Oai:
    """Records one by one, as long as that road is open. `last` is why it did not answer."""

    http: Http
    url: str
    left: int = _MOST_RECORDS
    failed: int = 0
    records: dict[str, _Paper | None] = field(default_factory=dict)

    def record(self, name: str) -> _Paper | None:
        """A paper with all its versions, or None where there is none. Raises NotChecked."""
        if name in self.records:
            return self.records[name]
        if self.left <= 0 or self.failed >= _GIVEN_UP:
            raise NotChecked(f"{host_of(self.url)} is not asked any more in this run")
        self.left -= 1
        try:
            self.records[name] = self._fetch(name)
        except NotChecked:
            self.failed += 1
            raise
        self.failed = 0
        return self.records[name]

    def _fetch(self, name: str) -> _Paper | None:
        query = {
            "verb": "GetRecord",
            "identifier": f"oai:arXiv.org:{name}",
            "metadataPrefix": "arXivRaw",
        }
        url = f"{self.url}?{urlencode(query, safe=':/')}"
        # A lane of its own, at the pace of both: the query API's refusal must not close it.
        reply = self.http.get(url, lane=f"{NAME}:oai", accept="text/xml")
        if reply.status != _OK:
            raise NotChecked(f"{host_of(url)} answered {reply.status}", reply.status)
        return _record(name, reply.body, host_of(url))


def _record(name: str, body: bytes, host: str) -> _Paper | None:
    """A GetRecord answer. Its order of versions means nothing, nor does its datestamp."""
    tree = _tree(body)
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
    return _Paper(
        id=name,
        newest=newest,
        dates=dates,
        title=_line(raw.findtext(f"{_RAW}title")) or name,
        comment=_line(raw.findtext(f"{_RAW}comments")),
        journal=_line(raw.findtext(f"{_RAW}journal-ref")),
        doi=_line(raw.findtext(f"{_RAW}doi")),
        abstract=_line(raw.findtext(f"{_RAW}abstract")),
        withdrawn=empty[newest],
    )


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text.strip())
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _tree(body: bytes) -> ET.Element | None:
    """Well-formed UTF-8 XML without a DTD (so without entities of its own), else None."""
    try:
        text = body.decode()
        return None if "<!DOCTYPE" in text else ET.fromstring(text)  # noqa: S314 - no DTD, no bomb
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        return None


# --- asking --------------------------------------------------------------------------------------


def ask(
    questions: Sequence[Question], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Answer]]:
    """Ask about papers: (key, answer) as they come, one for each question. Nothing is raised."""
    named = {}
    for question in questions:
        key = question.upstream.key
        found = paper(key.partition(":")[2])
        if found is None or key != f"{NAME}:{found[0]}":  # one bad id would refuse all the others
            yield key, Unchecked("no arXiv id")
        else:
            named[found[0]] = question
    if not named:
        return
    asked = _query(list(named), http, endpoints)
    oai = _Oai(http, endpoints.arxiv_oai)
    papers: dict[str, _Paper] = {}
    for (name, version), entry in asked.entries.items():
        if name not in papers or version > papers[name].newest:
            papers[name] = entry
    between = _between(
        [p for name, p in papers.items() if _dated(named.get(name), p)], http, endpoints
    )
    for name, question in named.items():
        answer: Answer
        if name in papers:
            answer = _answer(question, papers[name], between, oai)
        elif name in asked.absent:
            answer = Absent("arXiv has no such paper")
        elif name in asked.refused:
            answer = _by_oai(question, asked.refused[name], oai)
        else:
            answer = Unchecked("arXiv's answer was incomplete")
        yield question.upstream.key, answer


def _dated(question: Question | None, found: _Paper) -> bool:
    """Whether a question needs the dates of all versions: its baseline is a date before the newest.

    A pinned version is told by its name.
    """
    if question is None or question.pin or question.since is None:
        return False
    return found.released > question.since and bool(found.between())


def _between(papers: Sequence[_Paper], http: Http, endpoints: Endpoints) -> _Asked:
    """The versions between the first and the newest, of all papers in one more request."""
    ids = [f"{found.id}v{number}" for found in papers for number in found.between()]
    return _query(ids, http, endpoints) if ids else _Asked()


def _answer(question: Question, found: _Paper, between: _Asked, oai: _Oai) -> Answer:
    if _dated(question, found):
        more = {n: e.released for (name, n), e in between.entries.items() if name == found.id}
        found = replace(found, dates={**more, **found.dates})
        if found.between():
            try:
                record = oai.record(found.id)
            except NotChecked as refusal:
                # To answer without the history would tell, once and for ever, half the story.
                refused = (between.refused.get(f"{found.id}v{n}") for n in found.between())
                return Unchecked(next(filter(None, refused), str(refusal)))
            found = replace(found, dates={**(record.dates if record else {}), **found.dates})
    return _sane(question, found) or found.found(withdrawn=_is_withdrawn(question, found, oai))


def _by_oai(question: Question, reason: str, oai: _Oai) -> Answer:
    """The second road; where that is closed too, the first one's reason."""
    try:
        found = oai.record(question.upstream.key.partition(":")[2])
    except NotChecked:
        return Unchecked(reason)
    if found is None:
        return Absent("arXiv has no such paper")
    return _sane(question, found) or found.found(withdrawn=_is_withdrawn(question, found, oai))


def _sane(question: Question, found: _Paper) -> Unchecked | None:
    """Versions only grow: an answer with an older one is a broken one."""
    seen = question.seen.version if question.seen else None
    if seen and re.fullmatch("v[0-9]{1,4}", seen) and _number(seen) > found.newest:
        return Unchecked(f"arXiv answered v{found.newest} after {seen}")
    return None


def _is_withdrawn(question: Question, found: _Paper, oai: _Oai) -> bool:
    """Whether the newest version is a withdrawal: a version without files.

    Only OAI tells of files; it is asked where the authors' words say so and it is news.
    """
    seen = question.seen
    if seen and seen.withdrawn and seen.version == f"v{found.newest}":
        return True
    if found.withdrawn is not None:
        return found.withdrawn
    if not found.says_withdrawn:
        return False
    try:
        record = oai.record(found.id)
    except NotChecked:
        return True  # the pattern is strict enough to be believed
    if record is None or record.newest != found.newest or record.withdrawn is None:
        return True
    return record.withdrawn
