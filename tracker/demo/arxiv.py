"""arXiv as it answered on a day: the query API, OAI-PMH and files. Pure; it serves nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from html import escape

from tracker.demo import arxiv_files
from tracker.demo.wire import Fact, Reply, Request, derived, happened, so_far, stamp, told_of, when

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"
_ASKED = re.compile(rf"({_ID})(?:v([1-9]\d*))?")
_IN = re.compile(_ID)
_ATOM = {"Content-Type": "application/atom+xml; charset=utf-8"}
_XML = {"Content-Type": "text/xml; charset=utf-8"}
_MOST = 2000


def answer(facts: Fact, request: Request) -> Reply:
    """`/api/query`, `/oai` and files; whatever else is asked for is not there."""
    if "Accept" not in request.headers:
        return Reply(406, {"Content-Type": "text/plain"}, "Not Acceptable")
    papers = {paper["id"]: paper for paper in facts.get("papers", ())}
    service = _SERVICES.get(request.path)
    if service is None:
        return arxiv_files.answer(papers, request)
    return service(papers, request)


def _query(papers: dict[str, Fact], request: Request) -> Reply:
    """`id_list` only: entries in an order of arXiv's own, unknown ids left out."""
    asked = [i.strip() for i in request.word("id_list").split(",") if i.strip()]
    for name in asked:
        if not _IN.search(name):
            return Reply(400, _ATOM, _error(name, request.now))
    found = {
        entry
        for name in asked
        if (match := _ASKED.fullmatch(name)) and match[1] in papers
        for entry in _entries(papers[match[1]], int(match[2] or 0), request.now)
    }
    start, size = request.number("start", 0), min(request.number("max_results", 10), _MOST)
    entries = "".join(sorted(found)[start : start + size])
    told = f"search_query=&id_list={request.word('id_list')}&start={start}&max_results={size}"
    body = f"""  <id>https://arxiv.org/api/{derived(told)[:27]}</id>
  <title>arXiv Query: {escape(told)}</title>
  <updated>{stamp(request.now)}</updated>
  <link href="https://arxiv.org/api/query?{escape(told)}" type="application/atom+xml"/>
{_counts(size, len(found), start)}{entries}"""
    return Reply(200, _ATOM, _feed(body))


def _feed(body: str) -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
{body}</feed>
"""


def _counts(size: int, total: int, start: int) -> str:
    return f"""  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
"""


def _error(name: str, now: datetime) -> str:
    link = f"https://arxiv.org/api/errors#incorrect_id_format_for_{escape(name)}"
    return _feed(f"""  <id>https://arxiv.org/</id>
  <title>arXiv Search Results</title>
  <updated>{stamp(now)}</updated>
{_counts(1, 1, 0)}  <entry>
    <id>{link}</id>
    <title>Error</title>
    <updated>{stamp(now)}</updated>
    <link href="{link}" rel="alternate" type="text/html"/>
    <summary>incorrect id format for {escape(name)}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
""")


def _entries(paper: Fact, number: int, now: datetime) -> list[str]:
    """The entry of one version (0: the newest), if there was one by then."""
    versions = so_far(paper["versions"], now)
    if not versions or number > len(versions):
        return []
    number = number or len(versions)
    version = versions[number - 1]
    name, category = f"{paper['id']}v{number}", paper.get("category", "cs.CL")
    newest = number == len(versions)
    published = _published(paper, now, "arxiv:journal_ref", "arxiv:doi") if newest else ""
    return [
        f"""  <entry>
    <id>http://arxiv.org/abs/{name}</id>
    <title>{escape(told_of(paper, version, "title"))}</title>
    <updated>{stamp(when(version["date"]))}</updated>
    <link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf" title="pdf"/>
    <summary>{escape(told_of(paper, version, "abstract", "The stand-in keeps no abstracts."))}</summary>
    <category term="{category}" scheme="http://arxiv.org/schemas/atom"/>
    <published>{stamp(when(versions[0]["date"]))}</published>
{_element("arxiv:comment", version.get("comment"))}\
    <arxiv:primary_category term="{category}"/>
{published}{_authors(told_of(paper, version, "authors", ["The authors"]))}\
  </entry>
"""
    ]


def _authors(names: list[str]) -> str:
    return "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in names
    )


def _published(paper: Fact, now: datetime, journal: str, doi: str) -> str:
    """Where it appeared, as arXiv adds it to the newest version."""
    published = paper.get("published", {})
    if not happened(published, "from", now):
        return ""
    return _element(journal, published.get("journal")) + _element(doi, published.get("doi"))


def _element(name: str, text: str | None) -> str:
    return f"    <{name}>{escape(text)}</{name}>\n" if text else ""


# --- OAI-PMH -----------------------------------------------------------------------------------


def _oai(papers: dict[str, Fact], request: Request) -> Reply:
    """`GetRecord` in `arXivRaw`: every version with its date and size. Errors are 200 too."""
    verb, identifier = request.word("verb"), request.word("identifier")
    paper = papers.get(identifier.removeprefix("oai:arXiv.org:"))
    versions = so_far(paper["versions"], request.now) if paper else []
    if verb != "GetRecord":
        body = "<error code='badVerb'>Only GetRecord is known here.</error>"
    elif not identifier or not request.word("metadataPrefix"):
        body = "<error code='badArgument'>An argument is missing.</error>"
    elif request.word("metadataPrefix") != "arXivRaw":
        body = "<error code='cannotDisseminateFormat'>Only arXivRaw is known here.</error>"
    elif paper is None or not versions or not identifier.startswith("oai:arXiv.org:"):
        body = (
            "<error code='idDoesNotExist'>The value of the identifier argument is unknown or "
            "illegal in this repository.</error>"
        )
    else:
        body = _record(paper, versions, request.now)
    arguments = "".join(f' {k}="{escape(v[-1])}"' for k, v in request.query.items())
    asked = "" if "error" in body[:8] else arguments
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
  <responseDate>{stamp(request.now)}</responseDate>
  <request{asked}>http://oaipmh.arxiv.org/oai</request>
  {body}
</OAI-PMH>
"""
    return Reply(200, _XML, text)


def _record(paper: Fact, versions: list[Fact], now: datetime) -> str:
    told = "".join(
        f"""          <version version="v{number}">
            <date>{format_datetime(when(version["date"]), usegmt=True)}</date>
            <size>{version.get("size", 800)}kb</size>
            <source_type>{"D" if version.get("size", 1) else "I"}</source_type>
          </version>
"""
        for number, version in enumerate(versions, 1)
    )
    newest = versions[-1]
    return f"""<GetRecord>
    <record>
      <header>
        <identifier>oai:arXiv.org:{paper["id"]}</identifier>
        <datestamp>{when(newest["date"]).date()}</datestamp>
        <setSpec>cs:cs:CL</setSpec>
      </header>
      <metadata>
        <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
          <id>{paper["id"]}</id>
          <submitter>A submitter</submitter>
{told}          <title>{escape(newest.get("title", paper["title"]))}</title>
          <authors>The authors</authors>
          <categories>{paper.get("category", "cs.CL")}</categories>
{_element("comments", newest.get("comment"))}\
{_published(paper, now, "journal-ref", "doi")}\
          <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
          <abstract>The stand-in keeps no abstracts.</abstract>
        </arXivRaw>
      </metadata>
    </record>
  </GetRecord>"""


_SERVICES: dict[str, Callable[[dict[str, Fact], Request], Reply]] = {
    "/api/query": _query,
    "/oai": _oai,
}
