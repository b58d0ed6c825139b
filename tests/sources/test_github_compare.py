"""GitHub: what differs between two versions of a file, and why where nobody can tell."""

import threading
import time
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from io import BytesIO

import pytest
from conftest import at
from reportlab.pdfgen.canvas import Canvas
from requests.structures import CaseInsensitiveDict

from tracker import sources
from tracker.config import Endpoints
from tracker.demo.standin import StandIn
from tracker.difference import Difference, Pair
from tracker.http import Http, NotChecked, Refused, Reply
from tracker.model import Upstream, Version
from tracker.papers import apart
from tracker.sources import github

OLD, NEW = "a" * 40, "b" * 40
GH = "https://github.com/Org/Repo/blob"
OK = "We train on 14.8T tokens in all. The model has 671B parameters."
CHANGED = "We train on 15.2T tokens in all. The model has 671B parameters."


def pdf(*lines):
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, line in enumerate(("1 Training", *lines)):
        canvas.drawString(72, 760 - 20 * number, line)
    canvas.save()
    return out.getvalue()


FILES = {
    "paper.pdf": (pdf(OK), pdf(CHANGED)),
    "README.md": (
        f"# Training\n\n{OK}\n".encode(),
        f"# Training\n\n{CHANGED}\n\nSee https://arxiv.org/abs/2501.12948\n".encode(),
    ),
    "page.pdf": (pdf(OK), b"<!DOCTYPE html><html><body>Sign in</body></html>"),
    "none.pdf": (b"\x00\x01", pdf(OK)),
    "cut.pdf": (pdf(OK), pdf(OK)[:300]),
    "empty.pdf": (pdf(OK), b""),
    "was.pdf": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", pdf(OK)),
    "is.pdf": (pdf(OK), b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
    "came.pdf": (None, pdf(OK)),
    "went.pdf": (pdf(OK), None),
    "latin.md": (b"a", "Größe".encode("latin-1")),
    "long.md": (b"a", b"a" * ((1 << 20) + 1)),
}


def upstream(path):
    return Upstream(f"github:org/repo/blob/main/{path}", f"Org/Repo/blob/main/{path}")


def pair(path, **more):
    old, new = (Version(sha[:7], None, f"{GH}/{sha}/{path}") for sha in (OLD, NEW))
    return replace(Pair(upstream(path), path, "blob", old, new), **more)


def addressed(path, **urls):
    """A pair with another address of one version."""
    one = pair(path)
    return replace(one, **{which: replace(getattr(one, which), url=u) for which, u in urls.items()})


@pytest.fixture(scope="module")
def served():
    """The files of two commits on a stand-in of GitHub."""

    def commit(sha, day, which):
        files = {
            path: {"base64": b64encode(both[which]).decode()} if both[which] is not None else None
            for path, both in FILES.items()
        }
        return {"sha": sha, "date": day, "message": "edit", "files": files}

    commits = [commit(OLD, "2025-01-01", 0), commit(NEW, "2025-02-01", 1)]
    repository = {"id": 1, "full_name": "Org/Repo", "commits": commits}
    with StandIn(at("2025-03-01"), {"repositories": [repository]}) as standin:
        yield standin


@pytest.fixture
def told(served):
    """What differs in some pairs, by their keys, as the stand-in's files tell it."""
    served.requests.clear()
    served.faults.clear()

    def told(*pairs, through=github):
        with closing(Http(sleep=lambda _s: None)) as http:
            if through is sources:
                return sources.differences(pairs, http, served.endpoints)
            return dict(through.compare(pairs, http, served.endpoints))

    told.served = served
    return told


class Raw:
    """What `Http.get` would answer: `answer` gives a reply's fields or an exception."""

    def __init__(self, answer):
        self.answer, self.calls = answer, []

    def get(self, url, **more):
        self.calls.append((url, more))
        answer = self.answer(url, more)
        if isinstance(answer, Exception):
            raise answer
        return Reply(*answer, url)


def reply(status, body=b""):
    return status, CaseInsensitiveDict(), body


def compared(one, answer, **endpoints):
    raw = Raw(answer if callable(answer) else lambda *_: answer)
    (difference,) = dict(github.compare([one], raw, Endpoints(**endpoints))).values()
    return difference, raw.calls


# --- what differs ----------------------------------------------------------------------------------


def test_a_pdf_is_compared_by_the_bytes_of_both_commits(told):
    (difference,) = told(pair("paper.pdf")).values()
    assert difference.format == "pdf"
    assert [(n.old, n.new) for n in difference.document.numbers] == [("14.8T", "15.2T")]
    assert difference.reason is None
    assert told.served.requests == [
        ("GET", f"/raw/Org/Repo/{OLD}/paper.pdf"),
        ("GET", f"/raw/Org/Repo/{NEW}/paper.pdf"),
    ]


@pytest.mark.parametrize("suffix", ["md", "markdown", "mdx", "MD"])
def test_a_markdown_file_is_compared_and_tells_what_it_newly_names(suffix):
    def answer(url, _more):
        return reply(200, FILES["README.md"][NEW in url])

    difference, calls = compared(pair(f"docs/README.{suffix}"), answer)
    assert difference.format == "markdown"
    assert [(n.old, n.new) for n in difference.document.numbers] == [("14.8T", "15.2T")]
    assert difference.names == ("arxiv:2501.12948",)
    assert len(calls) == 2


@pytest.mark.parametrize(
    "one",
    [
        pair("data.json"),
        pair("LICENSE"),
        pair("a.pdf.txt"),
        pair("docs.md", basis="tree"),
        pair("paper.pdf", basis="commit"),
        pair("paper.pdf", upstream=Upstream("github:org/repo", "Org/Repo"), basis="release"),
        addressed("paper.pdf", old=""),
        addressed("paper.pdf", old=f"{GH}/{NEW}/paper.pdf"),
        addressed("paper.pdf", old=f"{GH.replace('Repo', 'Was')}/{NEW}/paper.pdf"),
    ],
    ids=[
        "json",
        "no suffix",
        "text",
        "folder",
        "commit",
        "repository",
        "no old address",
        "same commit",
        "same commit, other name",
    ],
)
def test_nothing_is_told_or_asked_of_what_is_not_compared(told, one):
    assert told(one) == {}
    assert told.served.requests == []


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("a%20b%23.pdf", "a%20b%23.pdf"),
        ("%E4%B8%AD/p+1.pdf", "%E4%B8%AD/p+1.pdf"),
        ("a%252fb.pdf", "a%252fb.pdf"),
        ("a?b.pdf", "a%3Fb.pdf"),
    ],
)
def test_a_path_is_asked_for_as_it_is_spelled(path, asked):
    _, calls = compared(pair(path), reply(200, pdf(OK)))
    host = "https://raw.githubusercontent.com/Org/Repo"
    assert [url for url, _ in calls] == [f"{host}/{OLD}/{asked}", f"{host}/{NEW}/{asked}"]


def test_a_repository_that_was_renamed_is_asked_by_the_name_it_has():
    """A redirect would be no file; the old commit is there under the new name too."""
    one = addressed("p.pdf", old=f"https://github.com/Was/This/blob/{OLD}/p.pdf")
    _, calls = compared(one, reply(200, pdf(OK)))
    assert [url.split("/")[3:6] for url, _ in calls] == [["Org", "Repo", OLD], ["Org", "Repo", NEW]]


# --- what cannot be compared -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"http://github.com/Org/Repo/blob/{OLD}/paper.pdf",
        f"https://github.com.evil.example/Org/Repo/blob/{OLD}/paper.pdf",
        f"https://raw.githubusercontent.com/Org/Repo/{OLD}/paper.pdf",
        f"{GH}/main/paper.pdf",
        f"{GH}/{OLD[:39]}/paper.pdf",
        f"{GH}/{OLD}/",
        f"{GH}/{OLD}/../../../other/repo/x.pdf",
        f"{GH}/{OLD}/a/%2e%2e/x.pdf",
        f"{GH}/{OLD}/a%2fb.pdf",
        f"{GH}/{OLD}/a b.pdf",
        f"{GH}/{OLD}/paper.pdf\n",
        f"https://github.com/../Repo/blob/{OLD}/paper.pdf",
        f"https://github.com/Org/../blob/{OLD}/paper.pdf",
        f"https://github.com/Org/Repo/commit/{OLD}",
        f"https://github.com/Org/Repo/tree/{OLD}/paper.pdf",
    ],
)
@pytest.mark.parametrize("which", ["old", "new"])
def test_an_address_that_somebody_edited_is_not_asked(told, which, url):
    (difference,) = told(addressed("paper.pdf", **{which: url})).values()
    assert difference == Difference(
        reason=f"the {which} version: its address names no file at a commit"
    )
    assert told.served.requests == []


def test_without_an_address_of_the_new_version_the_reason_says_so(told):
    (difference,) = told(addressed("paper.pdf", new="")).values()
    assert difference.reason == "the new version: its address names no file at a commit"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("page.pdf", "it is HTML, no PDF"),
        ("none.pdf", "it is no PDF"),
        ("cut.pdf", "the PDF is broken"),
        ("empty.pdf", "it is no PDF"),
        ("was.pdf", "the old version: kept in Git LFS, which is not fetched"),
        ("is.pdf", "the new version: kept in Git LFS, which is not fetched"),
        ("came.pdf", "the old version: there is no such file"),
        ("went.pdf", "the new version: there is no such file"),
        ("latin.md", "no UTF-8 text"),
        ("long.md", "the new version: answer too large"),
    ],
)
def test_a_file_that_cannot_be_compared_has_a_reason(told, path, reason):
    (difference,) = told(pair(path)).values()
    host = told.served.url.removeprefix("http://")
    assert difference == Difference(reason=reason.replace("HOST", host))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ((403, {}, ""), "HOST answered 403"),
        ((451, {}, ""), "HOST answered 451"),
        ((500, {}, ""), "HOST answered 500"),
        ((302, {"Location": "https://example.org/x"}, ""), "HOST answered 302"),
        ((410, {}, ""), "there is no such file"),
        ((429, {}, ""), "HOST: rate limit reached"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("which", ["old", "new"])
def test_a_refusal_is_a_reason_that_says_of_which_version(told, which, fault, reason):
    told.served.faults.append((OLD if which == "old" else NEW, fault))
    (difference,) = told(pair("paper.pdf")).values()
    host = told.served.url.removeprefix("http://")
    assert difference == Difference(reason=f"the {which} version: {reason.replace('HOST', host)}")


@pytest.mark.parametrize(
    ("path", "limit"), [("paper.pdf", 64 << 20), ("README.md", 1 << 20)], ids=["pdf", "markdown"]
)
def test_a_file_is_fetched_within_its_limit_and_on_a_lane_of_its_own(path, limit):
    difference, ((_, more),) = compared(pair(path), NotChecked("answer too large", 200))
    assert difference == Difference(reason="the old version: answer too large")
    assert (more["lane"], more["limit"]) == ("github:raw", limit)


def test_where_no_process_can_be_started_there_is_a_reason(monkeypatch):
    def failing(*_):
        raise BlockingIOError

    monkeypatch.setattr(apart, "compare", failing)
    difference, _ = compared(pair("paper.pdf"), reply(200, b"%PDF-"))
    assert difference == Difference(reason="the process that reads it could not be started")


def test_one_file_that_fails_stops_no_other(told):
    found = told(*map(pair, ("came.pdf", "paper.pdf", "page.pdf", "README.md")), through=sources)
    assert {key.rpartition("/")[2]: d.reason is None for key, d in found.items()} == {
        "came.pdf": False,
        "paper.pdf": True,
        "page.pdf": False,
        "README.md": True,
    }


# --- manners ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "token"),
    [
        ({}, "t"),
        ({"github_api": "https://git.example.org/api/v3"}, None),
        ({"github_api": "http://127.0.0.1/github", "github_raw": "http://127.0.0.1/raw"}, "t"),
    ],
    ids=["public", "enterprise", "both elsewhere"],
)
def test_the_token_goes_to_the_server_that_it_is_for(ends, token):
    _, calls = compared(pair("paper.pdf"), reply(200, b""), github_token="t", **ends)
    assert [more["token"] for _, more in calls] == [token, token]


@pytest.mark.parametrize(
    "refusal",
    [reply(404), Refused("401", Reply(401, CaseInsensitiveDict(), b"", ""))],
    ids=["404", "401"],
)
def test_a_token_that_is_no_good_is_no_reason_not_to_look(refusal):
    def answer(_url, more):
        return refusal if more["token"] else reply(200, pdf(OK))

    difference, calls = compared(pair("paper.pdf"), answer, github_token="bad")
    assert difference.reason is None
    assert [more["token"] for _, more in calls] == ["bad", None, "bad", None]


def test_without_a_token_what_is_not_there_is_asked_for_once():
    _, calls = compared(pair("paper.pdf"), reply(404))
    assert len(calls) == 1


def test_two_pairs_at_once_are_in_memory_and_no_third():
    lock, now, most = threading.Lock(), set(), []

    def answer(url, _more):
        path = url.rpartition("/")[2]
        with lock:
            now.add(path)
            most.append(len(now))
        time.sleep(0.02)
        with lock:
            now.discard(path)
        return reply(404)

    raw = Raw(answer)
    pairs = [pair(f"{n}.pdf") for n in range(8)]
    assert len(dict(github.compare(pairs, raw, Endpoints()))) == 8
    assert max(most) == 2
