"""arXiv: what differs between two versions of a paper, from which files, and why where not."""

import re
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from io import BytesIO

import pytest
from conftest import at
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tracker import sources
from tracker.demo.standin import StandIn
from tracker.difference import Difference, Pair
from tracker.http import Http
from tracker.model import Upstream, Version
from tracker.papers.revision import Differences
from tracker.sources import arxiv

SECTIONS = (
    {"Training": ["We train on 14.8T tokens in all. It takes long."]},
    {"Training": ["We train on 15.2T tokens in all. It takes long."]},
)
NUMBER = [("14.8T", "15.2T")]
ABSTRACTS = ("We show a model of 7B parameters.", "We show a model of 8B parameters.")


def pdf(text: str, **more) -> str:
    out = BytesIO()
    canvas = Canvas(out, invariant=1, **more)
    for y, font, size, line in (
        (760, "Times-Bold", 18, "A model"),
        (720, "Times-Bold", 12, "1 Training"),
        (700, "Times-Roman", 10, text),
        (688, "Times-Roman", 10, "It is a text that goes on for a while."),
    ):
        canvas.setFont(font, size)
        canvas.drawString(72, y, line)
    canvas.save()
    return b64encode(out.getvalue()).decode()


PDFS = tuple(pdf(one["Training"][0]) for one in SECTIONS)
NO_HTML = b"<html><body>No HTML for this paper</body></html>"


def paper(name, old, new, **more):
    """A paper in two versions, as the stand-in is told of it."""
    dates = "2025-01-01", "2025-02-01"
    versions = [{"date": day, **one} for day, one in zip(dates, (old, new), strict=True)]
    return {"id": name, "title": "A model", "authors": ["Ann Ash"], "versions": versions, **more}


def texts(**fields):
    """Two versions with HTML and PDF, and of each field two values."""
    return [
        {"sections": SECTIONS[i], "pdf": PDFS[i]} | {key: both[i] for key, both in fields.items()}
        for i in (0, 1)
    ]


WORDS = "Every word of this other text stands alone here, as number {} tells. "
FACTS = {
    "papers": [
        paper("2501.00001", *texts(comment=(None, "Nature"), abstract=ABSTRACTS)),
        paper("2501.00002", *texts()),
        paper("2501.00003", {}, {}),
        paper(
            "2501.00004",
            {"comment": "12 pages"},
            {"comment": "This paper has been withdrawn by the authors"},
        ),
        paper("2501.00005", {"pdf": pdf("x", encrypt=StandardEncryption("x"))}, {"pdf": PDFS[1]}),
        paper("2501.00006", {"pdf": PDFS[0]}, {"pdf": b64encode(NO_HTML).decode()}),
        paper(
            "2501.00007",
            {"abstract": ABSTRACTS[0]},
            {"abstract": ABSTRACTS[1], "title": "Another model", "authors": ["Ann Ash", "Bo"]},
        ),
        paper(
            "2501.00008",
            {"sections": {"One": [WORDS.format(n) for n in range(30)]}},
            {
                "sections": {"Two": [f"Nothing {n} is as it was before that." for n in range(30)]},
                "title": "On the flight of birds in winter",
                "authors": ["Zoe Zorn"],
            },
        ),
        paper(
            "2501.00009",
            {"sections": {"One": [WORDS.format(n) for n in range(30)]}},
            {"sections": {"One": ["Withdrawn."]}},
        ),
        paper("hep-th/9901001", *texts()),
    ]
}


def pair(name="2501.00001", old="v1", new="v2", **more):
    upstream = Upstream(f"arxiv:{name}", name)
    versions = (Version(v, None, f"https://arxiv.org/abs/{name}{v}") for v in (old, new))
    return replace(Pair(upstream, "A model", "version", *versions), **more)


@pytest.fixture(scope="module")
def served():
    with StandIn(at("2025-03-01"), FACTS) as standin:
        yield standin


@pytest.fixture
def arxiv_is(served):
    served.requests.clear()
    served.faults.clear()
    return served


@pytest.fixture
def told(arxiv_is):
    """What differs in some pairs, by their keys, while the stand-in has these faults."""

    def told(*pairs, **faults):
        arxiv_is.faults += faults.get("faults", ())
        with closing(Http(sleep=lambda _seconds: None)) as http:
            return dict(arxiv.compare(pairs, http, arxiv_is.endpoints))

    return told


def only(found: dict[str, Difference]) -> Difference:
    (difference,) = found.values()
    return difference


def asked(standin) -> list[str]:
    """What was asked: paths, and `query` for the metadata."""
    paths = (path.partition("?")[0] for _, path in standin.requests)
    return [path.removeprefix("/arxiv/").removeprefix("api/") for path in paths]


def numbers(difference: Difference) -> list[tuple[str, str]]:
    return [(one.old, one.new) for one in difference.document.numbers if one.section == "Training"]


# --- the texts -------------------------------------------------------------------------------------


def test_the_html_of_both_versions_is_compared(told, arxiv_is):
    """The new one is asked for first; metadata and two files are all that is asked."""
    found = told(pair("2501.00002"))
    assert list(found) == ["arxiv:2501.00002"]
    difference = only(found)
    assert (difference.format, numbers(difference)) == ("html", NUMBER)
    assert difference.reason is None
    assert asked(arxiv_is) == ["query", "html/2501.00002v2", "html/2501.00002v1"]


def test_an_old_id_has_its_files(told, arxiv_is):
    assert numbers(only(told(pair("hep-th/9901001")))) == NUMBER
    assert asked(arxiv_is)[1] == "html/hep-th/9901001v2"


BOTH = ["html/2501.00001v2", "html/2501.00001v1"]


@pytest.mark.parametrize(
    ("bad", "fault", "files"),
    [
        pytest.param("v2", (404, {}, ""), BOTH[:1], id="no new HTML"),
        pytest.param("v1", (404, {}, ""), BOTH, id="no old HTML"),
        pytest.param("v2", (302, {"Location": "/pdf"}, ""), BOTH[:1], id="new HTML elsewhere"),
        pytest.param("v1", (301, {"Location": "https://x.test"}, ""), BOTH, id="old elsewhere"),
        pytest.param("v2", (200, {}, NO_HTML), BOTH, id="a page that says there is none"),
        pytest.param(
            "v1",
            (200, {}, '<html><body><article class="ltx_document"><p>We train on 1'),
            BOTH,
            id="HTML that stops half way",
        ),
        pytest.param("v2", (200, {}, b" " * ((64 << 20) + 1)), BOTH[:1], id="too large"),
        pytest.param("v1", (200, {}, b"%PDF-1.5"), BOTH, id="a PDF in disguise"),
    ],
)
def test_without_html_of_both_the_pdfs_of_both_are_compared(told, arxiv_is, bad, fault, files):
    """Never the HTML of one with the PDF of the other."""
    difference = only(told(pair(), faults=[(f"html/2501.00001{bad}", fault)]))
    assert (difference.format, numbers(difference)) == ("pdf", NUMBER)
    assert difference.reason is None
    assert asked(arxiv_is) == ["query", *files, "pdf/2501.00001v2", "pdf/2501.00001v1"]


def test_another_work_is_told_as_such(told):
    difference = only(told(pair("2501.00008")))
    assert difference == Difference(Differences(another_work=True), "html")


def test_a_text_that_is_all_but_gone_is_told_as_such(told):
    difference = only(told(pair("2501.00009")))
    assert difference == Difference(Differences(shrank=True), "html")


# --- what the metadata say -------------------------------------------------------------------------


def test_the_metadata_of_all_versions_cost_one_request(told, arxiv_is):
    told(pair("2501.00003"), pair("2501.00004"), pair("2501.00003"))
    queries = [path for _, path in arxiv_is.requests if "query" in path]
    assert len(queries) == 1
    ids = ["2501.00003v1", "2501.00003v2", "2501.00004v1", "2501.00004v2"]
    assert re.search(r"id_list=([^&]*)", queries[0])[1].replace("%2C", ",") == ",".join(ids)


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("2501.00001", ("", "Nature")),
        ("2501.00002", None),
        ("2501.00004", ("12 pages", "This paper has been withdrawn by the authors")),
    ],
    ids=["came", "none", "other"],
)
def test_the_comments_are_told_where_they_differ(told, name, comment):
    assert only(told(pair(name))).comment == comment


def test_the_abstracts_are_those_of_the_metadata(told):
    found = only(told(pair())).document.numbers
    assert [(n.old, n.new) for n in found if n.section == "Abstract"] == [("7B", "8B")]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(("query", (503, {}, "")), id="refused"),
        pytest.param(("query", (200, {}, "Rate exceeded.")), id="no feed"),
        pytest.param(("query", (406, {}, "")), id="406"),
    ],
)
def test_without_metadata_the_texts_are_compared(told, fault):
    difference = only(told(pair(), faults=[fault]))
    assert (difference.format, numbers(difference)) == ("html", NUMBER)
    assert difference.comment is None


def test_metadata_of_one_version_alone_count_for_nothing(told):
    """The other version's own words would differ from them."""
    one = paper("2501.00001", {"title": "Not the title"}, {})

    def without_v2(_method, _path):
        with StandIn(at("2025-01-15"), {"papers": [one]}) as before:
            return before.answer("GET", _path, {"Accept": "*/*"})

    difference = only(told(pair(), faults=[("query", without_v2)]))
    assert (difference.document.title, difference.comment) == (None, None)
    assert difference.document.authors == ((), ())


def test_where_no_text_is_had_the_metadata_tell_what_differs(told):
    difference = only(told(pair("2501.00007")))
    assert difference.reason == "arXiv has no PDF of v2"
    assert difference.format is None
    document = difference.document
    assert document.title == ("A model", "Another model")
    assert document.authors == (("Bo",), ())
    assert [(n.old, n.new, n.section) for n in document.numbers] == [("7B", "8B", "Abstract")]


def test_an_abstract_that_is_all_but_gone_says_nothing_of_the_text(told, arxiv_is):
    facts = paper("2501.00003", {"abstract": WORDS * 30}, {"abstract": "Withdrawn."})
    with StandIn(at("2025-03-01"), {"papers": [facts]}) as other:
        arxiv_is.faults.append(("query", lambda m, path: other.answer(m, path, {"Accept": "*/*"})))
        assert only(told(pair("2501.00003"))).document is None


# --- why nothing is told ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("2501.00003", "arXiv has no PDF of v2"),
        ("2501.00004", "v2 was withdrawn and has no files"),
        ("2501.00005", "v1: the PDF is encrypted"),
        ("2501.00006", "v2: it is HTML, no PDF"),
    ],
    ids=["no files", "withdrawn", "encrypted", "no PDF"],
)
def test_a_paper_that_cannot_be_compared_has_a_reason(told, name, reason):
    difference = only(told(pair(name)))
    assert (difference.reason, difference.document, difference.format) == (reason, None, None)


@pytest.mark.parametrize(
    ("pattern", "fault", "reason"),
    [
        pytest.param("html/", (503, {}, ""), "HOST answered 503", id="503"),
        pytest.param("html/.*v1", (403, {}, ""), "HOST answered 403", id="403"),
        pytest.param("html/", (429, {}, ""), "HOST: rate limit reached", id="429"),
        pytest.param("(html|pdf)/", (404, {}, ""), "arXiv has no PDF of v2", id="404"),
        pytest.param("pdf/.*v1|html/", (404, {}, ""), "arXiv has no PDF of v1", id="no old PDF"),
        pytest.param(
            "(html|pdf)/",
            (302, {"Location": "/"}, ""),
            "the PDF of v2: HOST answered 302",
            id="redirect",
        ),
    ],
)
def test_a_refusal_is_a_reason(told, arxiv_is, pattern, fault, reason):
    difference = only(told(pair("2501.00002"), faults=[(re.compile(pattern), fault)]))
    host = arxiv_is.url.removeprefix("http://")
    assert difference == Difference(reason=reason.replace("HOST", host))


def test_a_lane_that_is_closed_is_asked_nothing_more(told, arxiv_is):
    """The later papers have the reason of the first, and what their metadata say."""
    wait = (429, {"Retry-After": "3600"}, "")
    found = told(pair("2501.00002"), pair("2501.00001"), faults=[("html/", wait)])
    reasons = {difference.reason for difference in found.values()}
    assert len(reasons) == 1
    assert re.search(r"rate limit reached until \d\d:\d\d UTC$", reasons.pop())
    assert asked(arxiv_is) == ["query", "html/2501.00002v2"]
    assert found["arxiv:2501.00001"].comment == ("", "Nature")


def test_a_paper_that_fails_stops_no_other(told):
    found = told(*map(pair, ("2501.00003", "2501.00002", "2501.00004")))
    assert [one.reason is None for one in found.values()] == [False, True, False]


# --- what is asked ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(pair(basis="blob"), id="no paper"),
        pytest.param(pair(old="v1 "), id="no old version"),
        pytest.param(pair(new="v0"), id="no new version"),
        pytest.param(pair(old="v１"), id="digits of another script"),
        pytest.param(pair(old="v2"), id="the same version"),
        pytest.param(pair(new=None), id="none"),
        pytest.param(pair("2501.00001/../../x"), id="a path"),
        pytest.param(pair("2513.00001"), id="no id"),
        pytest.param(pair("math.CA/0611800"), id="not the canonical id"),
    ],
)
def test_what_is_no_pair_of_versions_is_not_asked_for(told, arxiv_is, other):
    assert told(other) == {}
    assert arxiv_is.requests == []


def test_without_pairs_nothing_is_asked(told, arxiv_is):
    assert told() == {}
    assert arxiv_is.requests == []


def test_an_answer_is_there_before_the_next_paper_is_asked_for(arxiv_is):
    pairs = list(map(pair, ("2501.00003", "2501.00004")))
    with closing(Http(sleep=lambda _seconds: None)) as http:
        answers = arxiv.compare(pairs, http, arxiv_is.endpoints)
        assert next(answers)[0] == "arxiv:2501.00003"
        assert not any("2501.00004" in path for path in asked(arxiv_is))
        assert next(answers)[0] == "arxiv:2501.00004"


def test_files_keep_the_pace_of_arxiv(arxiv_is):
    """Three seconds after each request, whatever road it took."""
    slept = []
    with closing(Http(sources.PACES, sleep=slept.append, clock=lambda: 0.0)) as http:
        assert len(dict(arxiv.compare([pair()], http, arxiv_is.endpoints))) == 1
    assert slept == [3.0, 3.0]
