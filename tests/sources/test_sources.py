"""The kinds together: each link has one, each question an answer, and no failure leaves."""

import json
import re
import shutil
import threading
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import EXAMPLE, at
from fake_github import FakeHttp

from tracker import run, sources
from tracker.config import Endpoints, load
from tracker.demo.standin import StandIn, shipped
from tracker.difference import Difference, Pair
from tracker.http import Http, Reply
from tracker.model import Found, Question, Snapshot, Unchecked, Upstream, Version

NOW = at("2025-11-22T12:00:00")
PAPER = Question(Upstream("arxiv:2501.08313", "2501.08313"))
MODEL = Question(Upstream("huggingface:models/o/m", "models/o/m"))

HOSTILE = [
    "http://a\\@arxiv.org/abs/2501.08313",
    "https://arxiv.org@evil.example/abs/2501.08313",
    "https://evil.example/https://arxiv.org/abs/2501.08313",
    "https://arxiv.org.evil.example/abs/2501.08313",
    "https://xn--rxiv-5na.org/abs/2501.08313",
    "https://arxiv.org:8080/abs/2501.08313",
    "https://user:pw@arxiv.org/abs/2501.08313",
    "https://arxiv.org/abs/２５０１.08313",
    "https://arxiv.org/abs/2501.08313\n",
    "https://arxiv.org/abs/../2501.08313",
    "https://huggingface.co%2f..%2fo/m",
    "https://huggingface.co/../o",
    "https://huggingface.co/o/..",
    "https://github.com/o/..",
    "https://github.com/../r",
    "https://github.com/o/r/blob/main/../../x",
    "https://github.com/o/r/blob/main/%2e%2e/x",
    "https://github.com/o%2fr/r/blob/main/x%00",
    "file:///etc/passwd",
    "javascript:alert(1)//https://arxiv.org/abs/2501.08313",
    "ftp://arxiv.org/abs/2501.08313",
    "//arxiv.org/abs/2501.08313",
    "https://arxiv.org/abs/" + "9" * 600,
    "https://[::1]/abs/2501.08313",
    "https://127.0.0.1/abs/2501.08313",
    "https://arxiv。org/abs/2501.08313",
    "https://arxiv.org\t/abs/2501.08313",
    "https:/\\arxiv.org/abs/2501.08313",
    "https://arxiv.org:443@evil.example/abs/2501.08313",
    "https://arxiv.org%40evil.example/abs/2501.08313",
    "https://evil.example#@arxiv.org/abs/2501.08313",
    "https://evil.example?arxiv.org/abs/2501.08313",
    "https://evil.example\\arxiv.org/abs/2501.08313",
    "https://arxiv.org\\.evil.example/abs/2501.08313",
    "https://notarxiv.org/abs/2501.08313",
    "https://arxiv.org-evil.example/abs/2501.08313",
    "https://arxiv.orgevil.example/abs/2501.08313",
    "https://\u0430rxiv.org/abs/2501.08313",
    "https://arx\u0456v.org/abs/2501.08313",
    "https://arxiv\u2024org/abs/2501.08313",
    "https://\uff41rxiv.org/abs/2501.08313",
    "https://arxiv.org\u200b/abs/2501.08313",
    "https://arxiv.org/abs/2501.08313\u202e",
    "https://arxiv.org/abs/2501.08313\u200b",
    "https://arxiv.org/abs/\u0662\u0665\u0660\u0661.08313",
    "https://arxiv.org/abs/2501.08313%00",
    "https://arxiv.org/abs/2501.08313%0d%0aHost:evil",
    "https://arxiv.org/abs/2501.08313\r\nHost: evil",
    "https://arxiv.org/abs/%2e%2e/2501.08313",
    "https://arxiv.org/abs/2501.08313&id_list=1",
    "https://arxiv.org/abs/2501.08313,2501.08314",
    "https://arxiv.org/abs/{{ site.url }}",
    "https://arxiv.org/abs/2501.08313' OR 1=1",
    "https://2130706433/abs/2501.08313",
    "https://0x7f.1/abs/2501.08313",
    "https://[::ffff:127.0.0.1]/abs/2501.08313",
    "https://localhost/abs/2501.08313",
    "https://169.254.169.254/latest/meta-data",
    "https://github.com:22/o/r",
    "https://github.com@evil.example/o/r",
    "https://evil.github.com.example/o/r",
    "https://github.com/o\\r/blob/main/x",
    "https://github.com/%2e%2e/r/blob/main/x",
    "https://github.com/o/r/blob/main/%2e%2e%2fx",
    "https://github.com/o/r/blob/main/x%0a",
    "https://github.com/o/r/blob/ma in/x",
    "https://github.com/-o/r",
    "https://github.com/o/r\\",
    "https://github.com/o%00/r",
    'https://github.com/o/r"){repository{id}}',
    "https://huggingface.co@evil.example/o/m",
    "https://huggingface.co/o%2f..%2fx/m",
    "https://huggingface.co/o/m%00",
    "https://huggingface.co/o/m%2f..%2f..%2fapi",
    "https://huggingface.co/datasets/../o",
    "https://huggingface.co/o/m..",
    "https://huggingface.co/%6f/%2e%2e",
    "https://huggingface.co/collections/../../x",
    "data:text/html,https://arxiv.org/abs/2501.08313",
    "blob:https://arxiv.org/abs/2501.08313",
    "http:arxiv.org/abs/2501.08313",
    "https:///arxiv.org/abs/2501.08313",
    "https://.arxiv.org/abs/2501.08313",
    "https://arxiv.org./abs/2501.08313",
    " https://arxiv.org/abs/2501.08313",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_spelling_names_nothing(url):
    """Only a plain address of a known host becomes an upstream."""
    target = sources.identify(url)
    assert target is None or target.upstream is None


def test_an_answer_that_nobody_foresaw_sinks_no_run(monkeypatch):
    """A bug in one source leaves its upstreams unchecked, with a reason, and the others answered."""
    snapshot = Snapshot("v1", at("2025-01-14"), "https://arxiv.org/abs/2501.08313v1", "A paper")

    def fails(_questions, _http, _endpoints):
        raise RecursionError
        yield

    monkeypatch.setattr(sources.huggingface, "ask", fails)
    monkeypatch.setattr(
        sources.arxiv, "ask", lambda qs, _h, _e: ((q.upstream.key, Found(snapshot)) for q in qs)
    )
    answers = sources.latest([PAPER, MODEL], Http(), Endpoints())
    assert answers["arxiv:2501.08313"] == Found(snapshot)
    assert isinstance(answers["huggingface:models/o/m"], Unchecked)
    assert "RecursionError" in answers["huggingface:models/o/m"].reason


def test_papers_that_a_changed_upstream_names_are_asked_in_a_second_round(monkeypatch):
    """Each once, and not those that are asked for anyway."""
    rounds = []

    def ask(questions, _http, _endpoints):
        rounds.append(sorted(q.upstream.key for q in questions))
        return iter(())

    snapshot = Snapshot("a", at("2025-01-14"), "https://x", "o/m", basis="revision")
    found = Found(snapshot, papers=("2501.08313", "2501.12948"))
    monkeypatch.setattr(sources.arxiv, "ask", ask)
    monkeypatch.setattr(
        sources.huggingface, "ask", lambda qs, _h, _e: ((q.upstream.key, found) for q in qs)
    )
    sources.latest([PAPER, MODEL], Http(), Endpoints())
    assert rounds == [["arxiv:2501.08313"], ["arxiv:2501.12948"]]


def test_a_question_in_place_of_an_answer_is_asked_again_with_the_named_papers(monkeypatch):
    """Each key is answered once and told once, and a source that never answers ends all the same."""
    rounds, told = [], []
    snapshot = Snapshot("a", at("2025-01-14"), "https://x", "o/m", basis="revision")

    def ask(questions, _http, _endpoints):
        rounds.append([q.upstream.key for q in questions])
        return (
            (q.upstream.key, q if q.upstream == PAPER.upstream else Found(snapshot))
            for q in questions
        )

    monkeypatch.setattr(sources.arxiv, "ask", ask)
    found = Found(snapshot, papers=("2501.12948",))
    monkeypatch.setattr(
        sources.huggingface, "ask", lambda qs, _h, _e: ((q.upstream.key, found) for q in qs)
    )
    answers = sources.latest([PAPER, MODEL], Http(), Endpoints(), told.append)
    assert rounds == [["arxiv:2501.08313"], ["arxiv:2501.08313", "arxiv:2501.12948"]]
    assert answers["arxiv:2501.08313"] == Unchecked("no answer")
    assert answers["arxiv:2501.12948"] == Found(snapshot)
    assert told == ["huggingface:models/o/m"]


PINNED = f"""
- [tag](https://github.com/o/r/releases/tag/v1)
- [file](https://github.com/o/r/releases/download/v1/x.whl)
- [commit](https://github.com/o/r/commit/{"a" * 40})
- [difference](https://github.com/o/r/compare/v1...v2)
- [at a commit](https://github.com/o/r/blob/{"a" * 40}/x.pdf)
- [at a tag](https://github.com/o/r/tree/refs/tags/v1)
- [raw](https://raw.githubusercontent.com/o/r/{"a" * 40}/x.pdf)
"""


def test_a_post_s_pinned_links_are_not_asked_for_at_all(tmp_path):
    """Of GitHub, that is: what a pinned paper or model points to may have a newer version."""
    text = f"### R\n{PINNED}- [pdf](https://arxiv.org/abs/2501.08313v1)\n"
    (tmp_path / "README.md").write_text(text)
    asked = []

    def ask(questions):
        asked.extend(question.upstream.key for question in questions)
        return {}

    run.refresh(load(tmp_path, {}), run.Wishes(dry_run=True), NOW, ask)
    assert asked == ["arxiv:2501.08313"]


# --- three hosts -----------------------------------------------------------------------------------


class Host(ThreadingHTTPServer):
    """Answers every request with 404, once `meet` is passed; remembers the headers."""

    def __init__(self, meet=lambda: None):
        self.headers = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                host.headers.append(dict(self.headers))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                meet()
                self.send_error(404)

            do_POST = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_words):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()


REPOSITORY = Question(Upstream("github:o/r", "o/r"))


def endpoints(arxiv, github, huggingface, **tokens):
    return Endpoints(
        arxiv_api=arxiv.url,
        arxiv_oai=arxiv.url,
        github_api=github.url,
        github_graphql=f"{github.url}/graphql",
        huggingface=huggingface.url,
        **tokens,
    )


def test_hosts_are_asked_in_parallel():
    """Each host answers its first request once all three were asked."""
    together = threading.Barrier(3, timeout=10)
    first = [threading.Event() for _ in range(3)]

    def meet(mine):
        if not mine.is_set():
            mine.set()
            together.wait()

    hosts = [Host(lambda mine=mine: meet(mine)) for mine in first]
    with hosts[0], hosts[1], hosts[2], closing(Http(pause=0)) as http:
        sources.latest([PAPER, MODEL, REPOSITORY], http, endpoints(*hosts))
        assert not together.broken
        assert all(mine.is_set() for mine in first)


def test_credentials_go_to_their_own_host_alone():
    """By whatever road, with every retry."""
    with Host() as arxiv, Host() as github, Host() as hub, closing(Http(pause=0)) as http:
        asked = endpoints(arxiv, github, hub, github_token="gh", huggingface_token="hf")
        sources.latest([PAPER, MODEL, REPOSITORY], http, asked)
        for host, allowed in ((arxiv, {None}), (github, {"Bearer gh"}), (hub, {"Bearer hf"})):
            assert {headers.get("Authorization") for headers in host.headers} == allowed
            assert not any("Cookie" in headers for headers in host.headers)


# --- the fewest questions --------------------------------------------------------------------------


class WithGraphQL(Http):
    """The real session, and GitHub's GraphQL in memory: the stand-in has none."""

    def post_json(self, _url, payload, **more):
        self.requests += 1
        more.pop("limit", None)
        return FakeHttp().post_json("", payload, **more)


def changed_models():
    """What is known of the upstreams, and new weights of each model in March."""
    facts = shipped()
    for model in facts["models"]:
        files = {**model["commits"][0]["files"], "model.safetensors": {"size": 5, "lfs": True}}
        newer = {"sha": "c" * 40, "date": "2025-03-01", "title": "New weights", "files": files}
        model["commits"].append(newer)
    return facts


@pytest.mark.parametrize(
    ("facts", "first", "changes"),
    [(shipped, 2 + 2 + 9, 7), (changed_models, 2 + 2 + 15, 9)],
    ids=["models as they were read", "both models changed"],
)
def test_requests_of_the_post_with_a_token(tmp_path, facts, first, changes):
    """At first: the papers, then the versions between and the papers that files and models name;
    the files, then their READMEs and last copies; each model and collection, and of a changed model
    its commits and two trees. Unchanged: one, one, and nine."""
    (tmp_path / "_posts").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "_posts")
    (tmp_path / "tracker.toml").write_text('posts = ["_posts/*.md"]\n')
    counts = []
    with StandIn(NOW, facts()) as standin:
        asked = replace(standin.endpoints, github_token="t")

        def ask(questions):
            with closing(WithGraphQL(pause=0)) as http:
                answers = sources.latest(questions, http, asked)
                counts.append(http.requests)
            return answers

        site = load(tmp_path, {})
        outcomes = [run.refresh(site, run.Wishes(), NOW, ask) for _ in range(2)]
    assert counts == [first, 1 + 1 + 9]
    assert [outcome.unchecked for outcome in outcomes] == [(), ()]
    assert [len(outcome.changes) for outcome in outcomes] == [changes, 0]


class Thousand:
    """A session in memory that answers for any paper, for 300 repositories, and for any model."""

    def __init__(self):
        self.requests = 0
        world = [
            {"id": n, "name": f"o{n}/r", "archived": False, "branch": "main", "commits": []}
            for n in range(300)
        ]
        self.github = FakeHttp(world=world)

    def post_json(self, url, payload, *, lane, token=None):
        self.requests += 1
        return self.github.post_json(url, payload, lane=lane, token=token)

    def get(self, url, *, lane, **_more):
        self.requests += 1
        assert len(url) <= 4000
        split = urlsplit(url)
        query = parse_qs(split.query)
        body = self._feed(query["id_list"][0].split(",")) if lane == "arxiv" else self._list(query)
        return Reply(200, {}, body.encode(), url)

    @staticmethod
    def _feed(ids):
        date = "T00:00:00Z</updated><published>2024-01-01T00:00:00Z</published>"
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/{name}v1</id><updated>2024-01-01{date}"
            f"<title>T</title><summary>S</summary></entry>"
            for name in ids
        )
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom">'
            '<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
            f"{len(ids)}</o:totalResults>{entries}</feed>"
        )

    @staticmethod
    def _list(query):
        (owner,) = query["author"]
        repository = {"sha": "a" * 40, "lastModified": "2024-01-01T00:00:00Z", "tags": []}
        return json.dumps([{**repository, "id": f"{owner}/m{n}"} for n in range(10)])


def test_requests_of_a_thousand_links_with_a_token():
    """500 papers, 300 repositories, 200 models of 20 owners."""
    keys = [
        *(f"arxiv:2401.{n:05}" for n in range(500)),
        *(f"github:o{n}/r" for n in range(300)),
        *(f"huggingface:models/owner{n % 20}/m{n // 20}" for n in range(200)),
    ]
    asked = [Question(Upstream(key, re.sub(r"^\w+:", "", key))) for key in keys]
    counts = []
    for _run in range(2):
        http = Thousand()
        answers = sources.latest(asked, http, Endpoints(github_token="t"))
        assert all(isinstance(answer, Found) for answer in answers.values())
        asked = [replace(q, seen=answers[q.upstream.key].snapshot) for q in asked]
        counts.append(http.requests)
    assert counts == [2 + 3 + 20] * 2


# --- what differs ----------------------------------------------------------------------------------


def pairs_of(kind: str, count: int) -> list[Pair]:
    versions = Version("v1", None, ""), Version("v2", None, "")
    return [Pair(Upstream(f"{kind}:{n}", str(n)), "T", "version", *versions) for n in range(count)]


def compared(pairs, monkeypatch, told, **failing):
    """What the sources tell of pairs: `told` and the key; those of `failing` fail after so many."""

    def of(kind):
        def compare(pairs, _http, _endpoints):
            for number, pair in enumerate(pairs):
                if number == failing.get(kind):
                    raise RecursionError
                told.append(pair.upstream.key)
                yield pair.upstream.key, Difference(notes=pair.upstream.key)

        return compare

    for source in sources.SOURCES:
        monkeypatch.setattr(source, "compare", of(source.NAME))
    return sources.differences(pairs, Http(), Endpoints())


def test_each_kind_compares_its_own_pairs(monkeypatch):
    pairs = [pair for kind in ("arxiv", "github", "huggingface") for pair in pairs_of(kind, 2)]
    found = compared(pairs[::-1], monkeypatch, [])
    assert found == {p.upstream.key: Difference(notes=p.upstream.key) for p in pairs}


def test_of_a_kind_only_so_many_pairs_are_compared(monkeypatch):
    """The first ones; of the others it is said why not, and those of other kinds do not count."""
    told = []
    pairs = [*pairs_of("arxiv", sources.MOST + 2), *pairs_of("github", 1)]
    found = compared(pairs, monkeypatch, told)
    assert sorted(told) == sorted(
        [*(f"arxiv:{n}" for n in range(sources.MOST)), "github:0"], key=str
    )
    left = Difference(reason="more than 25 changed at once")
    assert [found[f"arxiv:{sources.MOST + n}"] for n in (0, 1)] == [left, left]
    assert found["github:0"].reason is None


def test_a_comparison_that_nobody_foresaw_sinks_no_run(monkeypatch):
    """What was told before stays, the rest has a reason, and the other kinds go on."""
    pairs = [*pairs_of("arxiv", 3), *pairs_of("github", 1)]
    found = compared(pairs, monkeypatch, [], arxiv=1)
    reason = "tracker cannot compare it (RecursionError): report this"
    assert found == {
        "arxiv:0": Difference(notes="arxiv:0"),
        "arxiv:1": Difference(reason=reason),
        "arxiv:2": Difference(reason=reason),
        "github:0": Difference(notes="github:0"),
    }


def test_what_a_source_cannot_compare_it_says_nothing_of(monkeypatch):
    for source in sources.SOURCES:
        monkeypatch.setattr(source, "compare", lambda *_: iter(()))
    assert sources.differences(pairs_of("github", 2), Http(), Endpoints()) == {}


def test_a_source_without_pairs_is_not_asked(monkeypatch):
    for source in sources.SOURCES:
        monkeypatch.setattr(source, "compare", None)
    for pairs in ([], pairs_of("other", 1)):
        assert sources.differences(pairs, Http(), Endpoints()) == {}


def test_the_kinds_are_compared_at_the_same_time(monkeypatch):
    """A slow one keeps none waiting: each starts before the first one is done."""
    together = threading.Barrier(2, timeout=10)

    def compare(pairs, _http, _endpoints):
        together.wait()
        yield pairs[0].upstream.key, Difference()

    for source in (sources.arxiv, sources.github):
        monkeypatch.setattr(source, "compare", compare)
    pairs = [*pairs_of("arxiv", 1), *pairs_of("github", 1)]
    found = sources.differences(pairs, Http(), Endpoints())
    assert found == {"arxiv:0": Difference(), "github:0": Difference()}


def test_progress_is_told_with_each_pair(monkeypatch):
    """As it is compared, before the next one."""
    steps = []

    def compare(pairs, _http, _endpoints):
        for pair in pairs:
            yield pair.upstream.key, Difference()
            steps.append("asked on")

    monkeypatch.setattr(sources.arxiv, "compare", compare)
    sources.differences(pairs_of("arxiv", 2), Http(), Endpoints(), steps.append)
    assert steps == ["arxiv:0", "asked on", "arxiv:1", "asked on"]
