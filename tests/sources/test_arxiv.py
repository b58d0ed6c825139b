"""arXiv: what links name, and what its answers, whole, broken or refused, are taken for."""

import importlib.metadata
import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config import Endpoints
from tracker.http import Http
from tracker.model import Absent, Found, Question, Snapshot, Target, Unchecked, Upstream, Version
from tracker.sources import arxiv, arxiv_links, arxiv_paper

GOLDEN = Path(__file__).parent.parent / "golden" / "arxiv"
SHARED = Path(__file__).parents[3] / "shared"
API, OAI = "https://export.arxiv.org/api/query", "https://oaipmh.arxiv.org/oai"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- what a link names ---------------------------------------------------------------------------

LINKS = {
    "arxiv.org/abs/2501.08313": "2501.08313",
    "arxiv.org/abs/2501.08313v1": "2501.08313 v1",
    "arxiv.org/abs/2501.08313v12?context=cs.CL#S1": "2501.08313 v12",
    "arxiv.org/abs/2501.08313/": "2501.08313",
    "arxiv.org/abs/arXiv:2501.08313": "2501.08313",
    "ARXIV.org/abs/2501.08313": "2501.08313",
    "arxiv.org/pdf/2501.08313": "2501.08313",
    "arxiv.org/pdf/2501.08313.pdf": "2501.08313",
    "arxiv.org/pdf/2501.08313.PDF": "2501.08313",
    "arxiv.org/pdf/2501.08313v2.pdf": "2501.08313 v2",
    "arxiv.org/pdf/2411.15124v5": "2411.15124 v5",
    "arxiv.org/html/2501.08313v2#S3.SS1": "2501.08313 v2",
    "arxiv.org/format/2501.08313": "2501.08313",
    "arxiv.org/src/2501.08313": "2501.08313",
    "arxiv.org/e-print/2501.08313": "2501.08313",
    "arxiv.org/ps/hep-th/9901001": "hep-th/9901001",
    "www.arxiv.org/pdf/2510.26692": "2510.26692",
    "export.arxiv.org/abs/2501.08313": "2501.08313",
    "browse.arxiv.org/pdf/2306.00978.pdf": "2306.00978",
    "arxiv.org/ftp/arxiv/papers/2403/2403.20041.pdf": "2403.20041",
    "arxiv.org/ftp/hep-th/papers/9901/9901001.pdf": "hep-th/9901001",
    "arxiv.org/abs/0704.0001": "0704.0001",
    "arxiv.org/abs/1412.9999": "1412.9999",
    "arxiv.org/abs/1501.00001": "1501.00001",
    "arxiv.org/abs/math.CA/0611800": "math/0611800",
    "arxiv.org/abs/cond-mat.mtrl-sci/0611800v3": "cond-mat/0611800 v3",
    "arxiv.org/abs/hep-th/0201115v17": "hep-th/0201115 v17",
    "arxiv.org/pdf/quant-ph/0201144.pdf": "quant-ph/0201144",
    "doi.org/10.48550/arXiv.2501.08313": "2501.08313",
    "doi.org/10.48550/ARXIV.2501.08313": "2501.08313",
    "dx.doi.org/10.48550/arxiv.2501.08313": "2501.08313",
    "doi.org/10.48550%2FarXiv.2501.08313": "2501.08313",
    "doi.org/10.48550/arXiv.math/0611800": "math/0611800",
    "ar5iv.org/abs/2501.08313": "2501.08313",
    "ar5iv.org/html/2501.08313": "2501.08313",
    "ar5iv.labs.arxiv.org/html/2501.08313v2": "2501.08313 v2",
    "ar5iv.labs.arxiv.org/html/hep-th/9901001": "hep-th/9901001",
    "www.alphaxiv.org/abs/2501.08313v2": "2501.08313 v2",
    "alphaxiv.org/overview/2501.08313": "2501.08313",
    "www.arxiv-vanity.com/papers/2501.08313/": "2501.08313",
    # An arXiv host, but no paper.
    "arxiv.org": "",
    "arxiv.org/": "",
    "arxiv.org/abs/": "",
    "arxiv.org/pdf/": "",
    "arxiv.org/pdf/.pdf": "",
    "arxiv.org/help/arxiv_identifier": "",
    "arxiv.org/list/cs.CL/recent": "",
    "arxiv.org/abs/hep-th": "",
    "arxiv.org/abs/hep-th/1": "",
    "arxiv.org/abs/hep-th/01001": "",
    "arxiv.org/abs/hep-th/9913001": "",
    "arxiv.org/abs/hep-th/0804001": "",
    "arxiv.org/abs/hep-xx/9901001": "",
    "arxiv.org/abs/abc": "",
    "arxiv.org/abs/2513.08313": "",
    "arxiv.org/abs/2500.08313": "",
    "arxiv.org/abs/2501.0831": "",
    "arxiv.org/abs/2501.083133": "",
    "arxiv.org/abs/1412.12345": "",
    "arxiv.org/abs/0703.0001": "",
    "arxiv.org/abs/2501.08313v": "",
    "arxiv.org/abs/2501.08313v0": "",
    "arxiv.org/abs/2501.08313v12345": "",
    "arxiv.org/abs/2501.08313,2501.08314": "",
    "arxiv.org/abs/2501.08313%0a": "",
    "arxiv.org/abs/hep-th%2F9901001": "",
    "arxiv.org/abs/２５０１.08313": "",
    "arxiv.org/abs/2501.0831३": "",
    "arxiv.org/abs/quant-pH/0201144\u212a": "",
    "arxiv.org/abs/../pdf/2501.08313": "",
    "arxiv.org//abs/2501.08313": "",
    "arxiv.org/html/2501.08313/../2501.08314": "",
    "arxiv.org/ftp/arxiv/papers/2402/2403.20041.pdf": "",
    "doi.org/10.48550/arXiv.abc": "",
    "alphaxiv.org/": "",
    # Nobody of ours.
    "doi.org/10.1038/s41586-025-09422-z": None,
    "doi.org/": None,
    "arxiv.org.evil.example/abs/2501.08313": None,
    "evil.example/arxiv.org/abs/2501.08313": None,
    "arxiv.org@evil.example/abs/2501.08313": None,
    "u@arxiv.org/abs/2501.08313": None,
    "arxiv.org:8443/abs/2501.08313": None,
    "static.arxiv.org/abs/2501.08313": None,
    "huggingface.co/papers/2501.08313": None,
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(("link", "names"), LINKS.items(), ids=LINKS)
def test_a_link_names_a_paper_and_perhaps_a_version(
    link: str, names: str | None, scheme: str
) -> None:
    target = arxiv.identify(urlsplit(f"{scheme}://{link}"))
    if names is None:
        assert target is None
    elif not names:
        assert target == Target("arxiv")
    else:
        name, _, version = names.partition(" ")
        upstream = Upstream(f"arxiv:{name}", name)
        assert target == Target("arxiv", upstream, version or None)
        assert target.upstream.name == name


def test_the_links_of_real_documents_name_what_a_reader_says() -> None:
    """2,000 links of the corpus, where it is at hand."""
    truths = sorted((SHARED / "corpus" / "truth").glob("[0-9][0-9].json"))
    if not truths:
        pytest.skip("the corpus is not here")
    wrong = []
    for truth in truths:
        for link in json.loads(truth.read_text()):
            split = urlsplit(link["url"])
            if link["kind"] != "arxiv" or "huggingface" in split.netloc:
                continue
            target = arxiv.identify(split)
            expected = (f"arxiv:{link['id']}", link["version"]) if link["trackable"] else None
            found = target and target.upstream and (target.upstream.key, target.pinned)
            if found != expected:
                wrong.append((link["url"], found, expected))
    assert wrong == []


@settings(deadline=None)  # a busy machine is no fault of ours
@given(st.text(max_size=40))
def test_whatever_stands_for_an_id_is_canonical_or_nothing(text: str) -> None:
    found = arxiv_links.paper(text)
    assert found is None or arxiv_links.paper(found[0]) == (found[0], None)
    arxiv.identify(urlsplit("https://arxiv.org/abs/x")._replace(path=f"/abs/{text}"))


@pytest.mark.parametrize("unit", ["0", "a", "-", ".", "/", "v1", "the paper ", "withdrawn ", ", "])
def test_the_patterns_take_linear_time(unit: str) -> None:
    start = time.monotonic()
    arxiv_links.paper(unit * 100_000)
    arxiv_paper._WITHDRAWN.search(unit * 10_000)  # noqa: SLF001 - its cost shows nowhere else
    arxiv_paper._WITHDRAWN_TOO.search(unit * 10_000)  # noqa: SLF001 - the same
    assert time.monotonic() - start < 1


# --- asking --------------------------------------------------------------------------------------


def entry(name: str, updated: str, published: str = "2024-01-01", **more: str) -> str:
    fields = {"title": "T", "summary": "An abstract.", "arxiv:comment": "", **more}
    inner = "".join(f"<{k}>{v}</{k}>" for k, v in fields.items() if v)
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id><updated>{updated}T00:00:00Z</updated>"
        f"<published>{published}T00:00:00Z</published>{inner}</entry>"
    )


def feed(*entries: str, total: int | None = None) -> str:
    total = len(entries) if total is None else total
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
        f"<o:totalResults>{total}</o:totalResults>{''.join(entries)}</feed>"
    )


def record(name: str, *versions: tuple[int, str, str], more: str = "") -> str:
    inner = "".join(
        f'<version version="v{n}"><date>{date}</date><size>{size}</size></version>'
        for n, date, size in versions
    )
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>'
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{name}</id>{inner}{more}'
        "<title>T</title></arXivRaw></metadata></record></GetRecord></OAI-PMH>"
    )


JAN, FEB = "Mon, 1 Jan 2024 00:00:00 GMT", "Thu, 1 Feb 2024 00:00:00 GMT"


def golden(name: str) -> str:
    return (GOLDEN / name).read_text()


def test_every_golden_file_is_used() -> None:
    used = set(re.findall(r'golden\("([^"]+)"\)', Path(__file__).read_text()))
    assert used == {path.name for path in GOLDEN.iterdir()}


@pytest.fixture(autouse=True)
def net():
    """No test reaches the network: what is not registered here is no connection."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        yield net


def asked(name: str, **more: object) -> Question:
    return Question(Upstream(f"arxiv:{name}", name), **more)


def snapshot(version: str, **more: object) -> Snapshot:
    return Snapshot(version, None, f"https://arxiv.org/abs/x{version}", "T", **more)


def ask(*questions: Question, http: Http | None = None, **endpoints: str) -> dict[str, object]:
    """The answers, by id: exactly one for each question, a round after the other."""
    http = http or Http(sleep=lambda _seconds: None)
    answers = {}
    while questions:
        told = list(arxiv.ask(questions, http, Endpoints(**endpoints)))
        assert sorted(key for key, _ in told) == sorted(q.upstream.key for q in questions)
        answers |= {key.removeprefix("arxiv:"): answer for key, answer in told}
        questions = [answer for _, answer in told if isinstance(answer, Question)]
    return answers


def sent(net: responses.RequestsMock) -> list[str]:
    """The ids of each request to the query API, and of each OAI request."""
    queries = [parse_qs(urlsplit(call.request.url).query) for call in net.calls]
    return [q["id_list"][0] if "id_list" in q else q["identifier"][0] for q in queries]


def test_the_package_still_has_what_is_replaced() -> None:
    """Its `_session` is private: the version is pinned, and this fails with a new one."""
    import arxiv as package

    assert importlib.metadata.version("arxiv") == "4.0.2"
    assert hasattr(package.Client(), "_session")
    assert package.Client.query_url_format.endswith("?{}")


def test_without_questions_there_is_no_request(net: responses.RequestsMock) -> None:
    assert ask() == {}
    assert len(net.calls) == 0


def test_all_papers_are_asked_in_one_request_and_read_by_id(net: responses.RequestsMock) -> None:
    net.get(API, golden("newest.xml"))
    answers = ask(
        *map(asked, ["2501.12948", "2501.07301", "2407.21783", "2412.08905", "2501.99999"])
    )
    assert answers["2501.12948"] == Found(
        Snapshot(
            version="v2",
            released=utc("2026-01-04 03:57:36"),
            url="https://arxiv.org/abs/2501.12948v2",
            title="DeepSeek-R1: Incentivizing Reasoning Capability in LLMs via Reinforcement Learning",
            comment="Published in Nature",
            journal="Nature volume 645, pages 633-638 (2025)",
            doi="10.1038/s41586-025-09422-z",
        ),
        (
            Version("v2", utc("2026-01-04 03:57:36"), "https://arxiv.org/abs/2501.12948v2"),
            Version("v1", utc("2025-01-22 15:19:35"), "https://arxiv.org/abs/2501.12948v1"),
        ),
        whole=True,
    )
    assert answers["2407.21783"].snapshot.title == "The Llama 3 Herd of Models"
    assert answers["2407.21783"].snapshot.comment is None
    assert answers["2412.08905"].snapshot.version == "v1"
    assert answers["2501.07301"].snapshot.released == utc("2025-06-05 16:34:24")
    assert answers["2501.99999"] == Absent("arXiv has no such paper")
    (call,) = net.calls
    query = parse_qs(urlsplit(call.request.url).query)
    assert query["id_list"] == ["2501.12948,2501.07301,2407.21783,2412.08905,2501.99999"]
    assert int(query["max_results"][0]) >= 5
    assert call.request.headers["Accept"] == "application/atom+xml"
    assert call.request.headers["User-Agent"].startswith("tech-report-tracker/")


def test_endpoints_may_be_a_mirror_below_a_path(net: responses.RequestsMock) -> None:
    net.get("http://127.0.0.1:1/mirror/query", feed(entry("2401.00001v1", "2024-01-01")))
    answers = ask(asked("2401.00001"), arxiv_api="http://127.0.0.1:1/mirror/query")
    assert answers["2401.00001"].snapshot.url == "https://arxiv.org/abs/2401.00001v1"


def test_an_old_id_with_a_subject_class_in_the_answer_is_the_same_paper(
    net: responses.RequestsMock,
) -> None:
    net.get(API, feed(entry("math.CA/0611800v2", "2024-02-01")))
    assert ask(asked("math/0611800"))["math/0611800"].snapshot.version == "v2"


def test_a_key_that_is_no_id_is_not_sent(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00001v1", "2024-01-01")))
    assert ask(asked("abc,2401.00002"), asked("2401.00001"))["abc,2401.00002"] == Unchecked(
        "no arXiv id"
    )
    assert sent(net) == ["2401.00001"]


def test_a_list_too_long_for_a_url_is_sent_in_batches(net: responses.RequestsMock) -> None:
    def answer(request: object) -> tuple[int, dict[str, str], str]:
        ids = parse_qs(urlsplit(request.url).query)["id_list"][0].split(",")
        return 200, {}, feed(*(entry(f"{name}v1", "2024-01-01") for name in ids))

    net.add_callback(responses.GET, API, answer)
    answers = ask(*(asked(f"2401.{n:05}") for n in range(700)))
    assert all(isinstance(answer, Found) for answer in answers.values())
    assert len(net.calls) == 3
    assert max(len(call.request.url) for call in net.calls) <= 4000
    assert {call.request.method for call in net.calls} == {"GET"}, "a POST is not cached"


# --- the history back to a baseline --------------------------------------------------------------


def test_the_dates_of_the_versions_between_cost_one_more_request_for_all(
    net: responses.RequestsMock,
) -> None:
    net.get(API, golden("newest.xml"))
    net.get(API, golden("between.xml"))
    since = utc("2024-08-20")
    answers = ask(
        asked("2407.21783", since=since),
        asked("2501.07301", since=since),
        asked("2412.08905", since=since),
        asked("2501.12948", since=utc("2026-02-01")),
    )
    assert sent(net)[1:] == ["2407.21783v2"]
    llama = answers["2407.21783"]
    assert [(v.name, v.released) for v in llama.history] == [
        ("v3", utc("2024-11-23 23:27:33")),
        ("v2", utc("2024-08-15 13:57:20")),
        ("v1", utc("2024-07-31 17:54:27")),
    ]
    assert llama.whole
    assert [v.name for v in answers["2501.07301"].history] == ["v2", "v1"]


FIVE = feed(entry("2401.00001v5", "2024-05-01"), entry("2401.00002v4", "2024-05-01"))
NO_HISTORY = {
    "at first sight, with nothing to compare with": {},
    "a pin": {"since": utc("2024-01-15"), "pin": "v2"},
    "nothing newer than the baseline": {"since": utc("2024-05-01")},
    "only what was seen": {"seen": snapshot("v3")},
}


@pytest.mark.parametrize("more", NO_HISTORY.values(), ids=NO_HISTORY)
def test_where_no_date_asks_for_it_there_is_no_second_request(
    net: responses.RequestsMock, more: dict[str, object]
) -> None:
    net.get(API, FIVE)
    found = ask(asked("2401.00001", **more))["2401.00001"]
    assert [v.name for v in found.history] == ["v5"]
    assert not found.whole
    assert len(net.calls) == 1


def test_the_versions_between_of_all_papers_go_together(net: responses.RequestsMock) -> None:
    net.get(API, FIVE)
    net.get(API, feed(*(entry(f"2401.00001v{n}", f"2024-0{n}-01") for n in (3, 2, 4)),
                      *(entry(f"2401.00002v{n}", f"2024-0{n}-01") for n in (2, 3))))  # fmt: skip
    since = utc("2024-03-15")
    answers = ask(asked("2401.00001", since=since), asked("2401.00002", since=since))
    assert sent(net)[1:] == ["2401.00001v2,2401.00001v3,2401.00001v4,2401.00002v2,2401.00002v3"]
    assert [v.name for v in answers["2401.00001"].history] == ["v5", "v4", "v3", "v2", "v1"]
    assert all(answer.whole for answer in answers.values())


@pytest.mark.parametrize(
    "second", [(429, ""), (200, "Rate exceeded."), (200, feed())], ids=["429", "text", "missing"]
)
def test_where_the_second_request_fails_the_history_comes_from_oai(
    net: responses.RequestsMock, second: tuple[int, str]
) -> None:
    net.get(API, golden("newest.xml"))
    net.get(API, second[1], status=second[0])
    net.get(OAI, golden("oai_three_versions.xml"))
    found = ask(asked("2407.21783", since=utc("2024-08-20")))["2407.21783"]
    assert [v.name for v in found.history] == ["v3", "v2", "v1"]
    assert found.whole
    assert sent(net)[-1] == "oai:arXiv.org:2407.21783"


def test_where_nobody_tells_the_history_the_paper_waits_for_the_next_run(
    net: responses.RequestsMock,
) -> None:
    net.get(API, golden("newest.xml"))
    net.get(API, "Rate exceeded.")
    net.get(OAI, "", status=403)
    answers = ask(asked("2407.21783", since=utc("2024-08-20")), asked("2412.08905"))
    assert answers["2407.21783"] == Unchecked("export.arxiv.org: rate limit reached")
    assert answers["2412.08905"].snapshot.version == "v1"


def test_the_next_round_asks_for_the_versions_between_and_for_other_papers_together(
    net: responses.RequestsMock,
) -> None:
    net.get(API, feed(entry("2401.00001v3", "2024-03-01")))
    net.get(API, feed(entry("2401.00001v2", "2024-02-01"), entry("2401.00007v4", "2024-04-01")))
    http = Http(sleep=lambda _seconds: None)
    first = asked("2401.00001", since=utc("2024-02-15"))
    ((key, again),) = arxiv.ask([first], http, Endpoints())
    assert isinstance(again, Question)
    answers = ask(again, asked("2401.00007"), http=http)
    assert key == again.upstream.key
    assert sent(net) == ["2401.00001", "2401.00001v2,2401.00007"]
    assert [v.name for v in answers["2401.00001"].history] == ["v3", "v2", "v1"]
    assert answers["2401.00007"].snapshot.version == "v4"


def test_absurdly_many_versions_are_not_asked_for(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00001v9999", "2024-05-01")))
    found = ask(asked("2401.00001", since=utc("2024-01-15")))["2401.00001"]
    assert (found.snapshot.version, len(found.history), len(net.calls)) == ("v9999", 1, 1)


# --- how it fails --------------------------------------------------------------------------------

HTML = "<html><body>Sorry</body></html>"
BROKEN = {
    "429": (429, "Rate exceeded.", "export.arxiv.org: rate limit reached"),
    "429 for an hour": (429, "", "export.arxiv.org: rate limit reached until "),
    "200 with that text": (200, "Rate exceeded.\n", "export.arxiv.org: rate limit reached"),
    "200 with that text on a page": (
        200,
        "<html><body><h1>rate exceeded</h1></body></html>",
        "export.arxiv.org: rate limit reached",
    ),
    "200 with that text after a mark": (
        200,
        "\ufeff Rate exceeded.",
        "export.arxiv.org: rate limit reached",
    ),
    "200 with that text in a feed": (
        200,
        golden("malformed.xml").replace("<title>Error</title>", "<title>Rate exceeded.</title>"),
        "export.arxiv.org: rate limit reached",
    ),
    "406": (406, "", "export.arxiv.org answered 406"),
    "403": (403, "", "export.arxiv.org answered 403"),
    "404": (404, "", "export.arxiv.org answered 404"),
    "301": (301, "", "export.arxiv.org answered 301"),
    "503": (503, "", "export.arxiv.org answered 503"),
    "html": (200, HTML, "export.arxiv.org answered no feed"),
    "empty": (200, "", "export.arxiv.org answered no feed"),
    "json": (200, "{}", "export.arxiv.org answered no feed"),
    "cut in the middle": (200, golden("newest.xml")[:1500], "export.arxiv.org answered no feed"),
    "no total": (200, feed().replace("o:total", "o:x"), "export.arxiv.org answered no feed"),
    "entities": (
        200,
        f'<!DOCTYPE f [<!ENTITY a "b">]>{feed()}',
        "export.arxiv.org answered no feed",
    ),
    "bad date": (
        200,
        feed(entry("2401.00001v1", "2024-99-01")),
        "export.arxiv.org answered no feed",
    ),
    "too large": (200, " " * (8 << 20) + feed(), "answer too large"),
    "error with 200": (200, golden("malformed.xml"), "export.arxiv.org answered with an error"),
    "error with 400": (400, golden("malformed.xml"), "export.arxiv.org answered 400"),
}


@pytest.mark.parametrize(("status", "body", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_not_checked_and_never_absent(
    net: responses.RequestsMock, status: int, body: str, reason: str
) -> None:
    """With OAI closed too, the query API's reason stands for all."""
    headers = {"Retry-After": "3600"} if reason.endswith("until ") else {}
    net.get(API, body, status=status, headers=headers)
    net.get(OAI, "", status=503)
    answers = ask(*(asked(f"2401.0000{n}", seen=snapshot("v1")) for n in range(1, 5)))
    assert all(isinstance(answer, Unchecked) for answer in answers.values())
    assert all(answer.reason.startswith(reason) for answer in answers.values())
    assert all(re.fullmatch(r"[a-z0-9.: -]+( UTC)?", a.reason) for a in answers.values())


@pytest.mark.parametrize(("status", "body", "reason"), BROKEN.values(), ids=BROKEN)
def test_where_the_query_api_refuses_oai_answers_with_the_whole_history(
    net: responses.RequestsMock, status: int, body: str, reason: str
) -> None:
    headers = {"Retry-After": "3600"} if reason.endswith("until ") else {}
    net.get(API, body, status=status, headers=headers)
    net.get(f"{OAI}?verb=GetRecord&identifier=oai:arXiv.org:2407.21783&metadataPrefix=arXivRaw",
            golden("oai_three_versions.xml"))  # fmt: skip
    net.get(OAI, golden("oai_unknown.xml"))
    answers = ask(asked("2407.21783"), asked("2501.99999"))
    assert answers["2501.99999"] == Absent("arXiv has no such paper")
    assert answers["2407.21783"] == Found(
        Snapshot(
            version="v3",
            released=utc("2024-11-23 23:27:33"),
            url="https://arxiv.org/abs/2407.21783v3",
            title="The Llama 3 Herd of Models",
            comment="92 pages",
        ),
        (
            Version("v3", utc("2024-11-23 23:27:33"), "https://arxiv.org/abs/2407.21783v3"),
            Version("v2", utc("2024-08-15 13:57:20"), "https://arxiv.org/abs/2407.21783v2"),
            Version("v1", utc("2024-07-31 17:54:27"), "https://arxiv.org/abs/2407.21783v1"),
        ),
        whole=True,
    )


NOT_ABOUT_AN_ID = {name: row for name, row in BROKEN.items() if not name.startswith("error with")}


@pytest.mark.parametrize(
    ("status", "body", "reason"), NOT_ABOUT_AN_ID.values(), ids=NOT_ABOUT_AN_ID
)
def test_a_query_api_that_refused_is_not_asked_again_in_the_run(
    net: responses.RequestsMock, status: int, body: str, reason: str
) -> None:
    """OAI takes over, for the next round too; another run begins anew."""
    headers = {"Retry-After": "3600"} if reason.endswith("until ") else {}
    net.get(API, body, status=status, headers=headers)
    net.get(OAI, golden("oai_unknown.xml"))
    http = Http(sleep=lambda _seconds: None)
    ask(*(asked(f"2401.0000{n}") for n in range(1, 5)), http=http)
    net.calls.reset()
    again = ask(asked("2501.99999"), http=http)
    assert again == {"2501.99999": Absent("arXiv has no such paper")}
    assert sent(net) == ["oai:arXiv.org:2501.99999"]
    ask(asked("2501.99999"))
    assert sent(net)[1] == "2501.99999"


def test_a_title_about_exceeded_rates_is_no_refusal(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00001v1", "2024-01-01", title="Rate exceeded: a survey")))
    assert isinstance(ask(asked("2401.00001"))["2401.00001"], Found)


def test_no_connection_at_all_is_an_answer_for_every_paper() -> None:
    answers = ask(asked("2401.00001"), asked("2401.00002"))
    assert set(answers.values()) == {Unchecked("no connection")}


def test_both_roads_keep_the_pace_of_one(net: responses.RequestsMock) -> None:
    net.get(API, "Rate exceeded.")
    net.get(OAI, golden("oai_unknown.xml"))
    slept = []
    http = Http({"arxiv": 3}, sleep=slept.append, clock=lambda: 0)
    ask(asked("2401.00001"), asked("2401.00002"), http=http)
    assert slept == [3, 3]


@pytest.mark.parametrize("total", [0, 1, 3, 99])
def test_what_is_missing_from_an_incomplete_answer_is_not_absent(
    net: responses.RequestsMock, total: int
) -> None:
    entries = [entry("2401.00001v1", "2024-01-01"), entry("2401.00002v1", "2024-01-01")]
    net.get(API, feed(*entries, total=total))
    answers = ask(*(asked(f"2401.0000{n}") for n in range(1, 4)))
    assert isinstance(answers["2401.00001"], Found)
    assert answers["2401.00003"] == Unchecked("arXiv's answer was incomplete")


def test_an_entry_that_cannot_be_read_makes_nothing_absent(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00001v1", "2024-01-01"), entry("nonsense", "2024-01-01")))
    answers = ask(asked("2401.00001"), asked("2401.00002"))
    assert answers["2401.00002"] == Unchecked("arXiv's answer was incomplete")


def test_an_answer_to_somebody_else_makes_nothing_absent(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00009v1", "2024-01-01")))
    assert ask(asked("2401.00001"))["2401.00001"] == Unchecked("arXiv's answer was incomplete")


@pytest.mark.parametrize("status", [400, 414, 500])
def test_a_culprit_is_found_by_halves_and_the_others_are_answered(
    net: responses.RequestsMock, status: int
) -> None:
    def answer(request: object) -> tuple[int, dict[str, str], str]:
        ids = parse_qs(urlsplit(request.url).query)["id_list"][0].split(",")
        if "2401.00037" in ids:
            return status, {}, ""
        return 200, {}, feed(*(entry(f"{name}v1", "2024-01-01") for name in ids))

    net.add_callback(responses.GET, API, answer)
    net.get(OAI, "", status=500)
    answers = ask(*(asked(f"2401.{n:05}") for n in range(100)))
    culprit = answers.pop("2401.00037")
    assert culprit == Unchecked(f"export.arxiv.org answered {status}")
    assert all(isinstance(answer, Found) for answer in answers.values())


def test_a_server_that_is_down_is_not_asked_by_halves_for_long(net: responses.RequestsMock) -> None:
    net.get(API, "", status=503)
    net.get(OAI, "", status=503)
    http = Http(sleep=lambda _seconds: None)
    answers = ask(*(asked(f"2401.{n:05}") for n in range(100)), http=http)
    assert set(answers.values()) == {Unchecked("export.arxiv.org answered 503")}
    assert http.requests == 2 * (3 + 2)


def test_oai_is_not_asked_any_more_after_two_failures(net: responses.RequestsMock) -> None:
    net.get(API, "", status=406)
    net.get(OAI, HTML)
    http = Http(sleep=lambda _seconds: None)
    ask(*(asked(f"2401.{n:05}") for n in range(9)), http=http)
    answers = ask(asked("2401.00009"), http=http)
    assert len(net.calls) == 1 + 2
    assert answers["2401.00009"] == Unchecked("export.arxiv.org answered 406")


def test_at_most_two_hundred_records_are_asked_for(net: responses.RequestsMock) -> None:
    net.get(API, "", status=406)
    net.get(OAI, golden("oai_unknown.xml"))
    answers = list(ask(*(asked(f"2401.{n:05}") for n in range(250))).values())
    assert answers.count(Absent("arXiv has no such paper")) == 200
    assert answers.count(Unchecked("export.arxiv.org answered 406")) == 50


OAI_BROKEN = {
    "html": HTML,
    "empty": "",
    "another error": golden("oai_unknown.xml").replace("idDoesNotExist", "badArgument"),
    "another paper": record("2401.00002", (1, JAN, "9kb")),
    "no version": record("2401.00001"),
    "no date": record("2401.00001", (1, "yesterday", "9kb")),
    "version zero": record("2401.00001", (0, JAN, "9kb")),
}


@pytest.mark.parametrize("body", OAI_BROKEN.values(), ids=OAI_BROKEN)
def test_a_broken_record_is_not_checked(net: responses.RequestsMock, body: str) -> None:
    net.get(API, "", status=406)
    net.get(OAI, body)
    assert ask(asked("2401.00001"))["2401.00001"] == Unchecked("export.arxiv.org answered 406")


def test_versions_are_numbers_whatever_their_order(net: responses.RequestsMock) -> None:
    net.get(API, "", status=406)
    net.get(OAI, record("2401.00001", (2, JAN, "9kb"), (10, FEB, "9kb"), (9, JAN, "9kb")))
    found = ask(asked("2401.00001"))["2401.00001"]
    assert found.snapshot.version == "v10"
    assert [v.name for v in found.history] == ["v10", "v9"]
    assert not found.whole


@pytest.mark.parametrize("road", ["query", "oai"])
def test_a_smaller_version_than_was_seen_is_a_broken_answer(
    net: responses.RequestsMock, road: str
) -> None:
    if road == "query":
        net.get(API, feed(entry("2401.00001v9", "2024-02-01")))
    else:
        net.get(API, "", status=406)
        net.get(OAI, record("2401.00001", (9, JAN, "9kb")))
    answers = ask(asked("2401.00001", seen=snapshot("v10")))
    assert answers["2401.00001"] == Unchecked("arXiv answered v9 after v10")


# --- withdrawal ----------------------------------------------------------------------------------

SAYS_SO = [
    "This paper has been withdrawn by the authors. It has been accepted.",
    "This papers has been withdrawn",
    "This paper has been withdrawn due to a problem in one of the figures.",
    "Withdrawn",
    "withdrawn by the authors",
    "Paper withdrawn, see v1",
    "12 pages. This article was withdrawn by arXiv administrators",
    "12 pages, 3 figures; withdrawn by the author due to an error",
    "The authors have withdrawn this paper",
    "We have withdrawn this manuscript pending revision",
    "This submission is being withdrawn",
    "This paper has been withdrawn from arXiv",
    "12 pages (withdrawn)",
]
SAYS_NOT = [
    "",
    "12 pages, 3 figures",
    "We withdrew the claim of Section 5",
    "Section 5 has been withdrawn",
    "The claim was withdrawn by the authors",
    "Withdrawn from ICLR 2025",
    "This paper was withdrawn from NeurIPS and submitted elsewhere",
    "On withdrawn liquidity",
    "A survey of withdrawn papers",
    "x" * 600 + ". This paper has been withdrawn",
]


def withdrawn_feed(comment: str) -> str:
    return feed(entry("2401.00001v2", "2024-02-01", **{"arxiv:comment": comment}))


@pytest.mark.parametrize("comment", SAYS_SO)
def test_words_of_withdrawal_are_believed_where_oai_is_closed(
    net: responses.RequestsMock, comment: str
) -> None:
    net.get(API, withdrawn_feed(comment))
    net.get(OAI, "", status=403)
    assert ask(asked("2401.00001"))["2401.00001"].snapshot.standing == "withdrawn"


@pytest.mark.parametrize("comment", SAYS_NOT)
def test_other_words_are_no_withdrawal_and_cost_no_request(
    net: responses.RequestsMock, comment: str
) -> None:
    net.get(API, withdrawn_feed(comment))
    assert ask(asked("2401.00001"))["2401.00001"].snapshot.standing == "there"
    assert len(net.calls) == 1


def test_the_abstract_may_say_it_too_but_not_in_passing(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00001v2", "2024-02-01", summary=" This paper\nhas been withdrawn."),
                      entry("2401.00002v2", "2024-02-01", summary="Offers made, withdrawn.")))  # fmt: skip
    net.get(OAI, "", status=403)
    answers = ask(asked("2401.00001"), asked("2401.00002"))
    assert [a.snapshot.withdrawn for a in answers.values()] == [True, False]


CONFIRMED = {
    "no files": (record("2401.00001", (1, JAN, "9kb"), (2, FEB, "0kb")), True),
    "files": (record("2401.00001", (1, JAN, "0kb"), (2, FEB, "9kb")), False),
    "a source type of nothing": (
        record("2401.00001", (1, JAN, "9kb"), (2, FEB, "1kb")).replace(
            "<size>1kb</size>", "<size>1kb</size><source_type>I</source_type>"
        ),
        True,
    ),
    "another source type": (
        record("2401.00001", (1, JAN, "9kb"), (2, FEB, "1kb")).replace(
            "<size>1kb</size>", "<size>1kb</size><source_type>D</source_type>"
        ),
        False,
    ),
    "size unknown": (record("2401.00001", (1, JAN, "9kb"), (2, FEB, "")), True),
    "a record behind": (record("2401.00001", (1, JAN, "9kb")), True),
    "no such record": (golden("oai_unknown.xml"), True),
    "broken": (HTML, True),
}


@pytest.mark.parametrize(("body", "withdrawn"), CONFIRMED.values(), ids=CONFIRMED)
@pytest.mark.parametrize(
    "seen", [None, snapshot("v1"), snapshot("v2"), snapshot("v1", withdrawn=True)]
)
def test_a_withdrawal_that_is_news_is_confirmed_by_its_lack_of_files(
    net: responses.RequestsMock, body: str, *, withdrawn: bool, seen: Snapshot | None
) -> None:
    net.get(API, withdrawn_feed("Withdrawn"))
    net.get(OAI, body)
    found = ask(asked("2401.00001", seen=seen))["2401.00001"]
    assert found.snapshot.withdrawn is withdrawn
    assert sent(net) == ["2401.00001", "oai:arXiv.org:2401.00001"]


@pytest.mark.parametrize("comment", ["Withdrawn", ""])
def test_a_withdrawal_known_already_stays_and_costs_no_request(
    net: responses.RequestsMock, comment: str
) -> None:
    net.get(API, withdrawn_feed(comment))
    seen = snapshot("v2", withdrawn=True)
    assert ask(asked("2401.00001", seen=seen))["2401.00001"].snapshot.withdrawn
    assert len(net.calls) == 1


def test_a_complete_version_after_a_withdrawal_is_there_again(net: responses.RequestsMock) -> None:
    net.get(API, feed(entry("2401.00001v3", "2024-03-01")))
    seen = snapshot("v2", withdrawn=True)
    assert ask(asked("2401.00001", seen=seen))["2401.00001"].snapshot.standing == "there"


def test_oai_tells_a_withdrawal_without_words(net: responses.RequestsMock) -> None:
    net.get(API, "", status=406)
    net.get(OAI, golden("oai_withdrawn.xml"))
    found = ask(asked("0704.0156"))["0704.0156"]
    assert found.snapshot.withdrawn
    assert found.snapshot.comment == "This paper has been withdrawn by the authors."
    assert len(net.calls) == 2


# --- recorded answers ----------------------------------------------------------------------------


def sample(name: str) -> str:
    path = SHARED / "samples" / "arxiv" / name
    if not path.exists():
        pytest.skip("the samples are not here")
    return path.read_text()


def test_a_recorded_answer_with_an_unknown_id(net: responses.RequestsMock) -> None:
    net.get(API, sample("arxivpy_id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.HTTP200.xml"))
    answers = ask(asked("1707.08567"), asked("0808.0539"))
    assert answers["1707.08567"].snapshot.comment.startswith("44 pages, editors")
    assert answers["0808.0539"] == Absent("arXiv has no such paper")


def test_a_recorded_answer_for_an_old_id(net: responses.RequestsMock) -> None:
    net.get(API, sample("arxivpy_id_astro-ph_0601001_s0_m100_3150dca9dc76.HTTP200.xml"))
    found = ask(asked("astro-ph/0601001"))["astro-ph/0601001"]
    assert (found.snapshot.version, found.snapshot.journal) == ("v1", "ActaAstron.56:1-50,2006")


def test_a_recorded_refusal_of_a_malformed_id(net: responses.RequestsMock) -> None:
    net.get(API, sample("arxivpy_id_abc_s0_m100_b79c8dcf6bc3.HTTP400.xml"), status=400)
    net.get(OAI, sample("oai_idDoesNotExist.SHAPE.xml"))
    assert ask(asked("2401.00001"))["2401.00001"] == Absent("arXiv has no such paper")


@pytest.mark.parametrize(
    ("file", "name", "newest", "count"),
    [
        ("oai_arXivRaw_1706.03762_7versions.record.xml", "1706.03762", "v7", 7),
        ("oai_arXivRaw_2303.15533_metadata-only-update.record.xml", "2303.15533", "v1", 1),
        ("oai_arXivRaw_2508.11450_2versions.record.xml", "2508.11450", "v2", 2),
        ("oai_arXivRaw_versions-out-of-order.SHAPE.xml", "1202.0001", "v10", 1),
    ],
)
def test_a_recorded_record(
    net: responses.RequestsMock, file: str, name: str, newest: str, count: int
) -> None:
    text = sample(file)
    if not text.startswith("<?xml"):
        space = 'xmlns="http://www.openarchives.org/OAI/2.0/"'
        text = f"<OAI-PMH {space}><GetRecord>{text}</GetRecord></OAI-PMH>"
    net.get(API, "", status=406)
    net.get(OAI, text)
    found = ask(asked(name))[name]
    assert (found.snapshot.version, len(found.history)) == (newest, count)
    assert not found.snapshot.withdrawn
