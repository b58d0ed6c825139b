"""The stand-in serves the files of a paper's versions, and what metadata say of each."""

import base64
from xml.etree import ElementTree as ET

import pytest
from conftest import at

from tracker.demo import arxiv
from tracker.demo.wire import Reply, Request, queried
from tracker.papers import latexml

FACTS = {
    "papers": [
        {
            "id": "2501.00001",
            "title": "Less < more",
            "authors": ["Ann Ash"],
            "versions": [
                {"date": "2025-01-01", "sections": {"A & B": ["It is < 5.", "More."]}},
                {
                    "date": "2025-02-01",
                    "html": "<p>as it is</p>",
                    "pdf": base64.b64encode(b"%PDF-\xff").decode(),
                    "title": "Another one",
                    "abstract": "We & you.",
                    "authors": ["Ann Ash", "Bo <i>"],
                },
                {"date": "2025-03-01", "size": 0},
            ],
        },
        {
            "id": "hep-th/9901001",
            "title": "Old",
            "versions": [{"date": "2025-01-01", "html": "old"}],
        },
    ]
}


def ask(path: str, day: str = "2025-04-01") -> Reply:
    path, _, query = path.partition("?")
    request = Request("GET", path, queried(query), {"Accept": "*/*"}, "http://x", at(day))
    return arxiv.answer(FACTS, request)


@pytest.mark.parametrize(
    ("path", "day", "body"),
    [
        ("/html/2501.00001v2", "2025-04-01", "<p>as it is</p>"),
        ("/html/2501.00001", "2025-02-02", "<p>as it is</p>"),
        ("/pdf/2501.00001v2", "2025-04-01", b"%PDF-\xff"),
        ("/html/hep-th/9901001v1", "2025-04-01", "old"),
        ("/html/2501.00001v2", "2025-01-31", None),
        ("/pdf/2501.00001v1", "2025-04-01", None),
        ("/html/2501.00001v3", "2025-04-01", None),
        ("/html/2501.00001", "2025-04-01", None),
        ("/html/2501.00001v4", "2025-04-01", None),
        ("/html/2501.00001", "2024-01-01", None),
        ("/html/2501.00002v1", "2025-04-01", None),
        ("/html/", "2025-04-01", None),
    ],
    ids=str,
)
def test_a_file_is_there_where_a_text_is_known(path, day, body):
    reply = ask(path, day)
    assert (reply.status, reply.body if body is not None else None) == (
        200 if body is not None else 404,
        body,
    )


def test_sections_make_a_page_of_latexml():
    paper = latexml.read(ask("/html/2501.00001v1").body.encode())
    assert (paper.title, paper.authors) == ("Less < more", ("Ann Ash",))
    assert [(one.title, one.paragraphs) for one in paper.sections] == [
        ("A & B", ("It is < 5.", "More."))
    ]


@pytest.mark.parametrize(
    ("version", "title", "abstract", "authors"),
    [
        ("v1", "Less < more", "The stand-in keeps no abstracts.", ["Ann Ash"]),
        ("v2", "Another one", "We & you.", ["Ann Ash", "Bo <i>"]),
        ("v3", "Less < more", "The stand-in keeps no abstracts.", ["Ann Ash"]),
    ],
)
def test_each_version_has_its_own_metadata(version, title, abstract, authors):
    feed = ET.fromstring(ask(f"/api/query?id_list=2501.00001{version}").body)  # noqa: S314 - our own
    told = [" ".join(each.itertext()).strip() for each in feed.iterfind(".//{*}name")]
    entry = feed.find("{*}entry")
    found = entry.findtext("{*}title"), entry.findtext("{*}summary"), told
    assert found == (title, abstract, authors)
