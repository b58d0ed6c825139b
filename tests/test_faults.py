"""Every way in which an answer may fail, of every upstream, in a first run and a later one: bounded in
time, said, and never taken for news."""

import json
import re
import shutil
import time
from functools import partial

import pytest
from click.testing import CliRunner
from conftest import at
from wires import OK, Faulty, Server, bomb, drip, endless, half, page, reset, says, status

from tracker import asking, run, sources, state
from tracker.cli import main
from tracker.config import load
from tracker.demo.standin import shipped
from tracker.http import Http
from tracker.sources import files

pytestmark = pytest.mark.faults

FIRST, LATER = at("2025-01-22T12:00:00"), at("2025-11-22T12:00:00")
A_DAY = 24 * 3600
BRIEF = 0.8  # seconds that an answer may take
MANY = 40  # requests of a run
SOON = 15  # seconds that a run may take, on a machine that does other things too
RUNS = ("first run", "later run")
POST = """\
---
title: "Notes (updated on 01/22/2025)"
---

### OLMo 2

- [pdf](https://arxiv.org/pdf/2501.00656)

### DeepSeek

- [R1](https://github.com/deepseek-ai/DeepSeek-R1/blob/main/DeepSeek_R1.pdf)
- [V3](https://github.com/deepseek-ai/DeepSeek-V3/blob/main/DeepSeek_V3.pdf)

### M

- [weights](https://huggingface.co/o/M)
"""
MODEL = "huggingface:models/o/m"
NEWS = {
    "arxiv": {("arxiv:2501.00656", "revised")},
    "github": {
        ("github:deepseek-ai/deepseek-r1/blob/main/DeepSeek_R1.pdf", "revised"),
        ("github:deepseek-ai/deepseek-v3/blob/main/DeepSeek_V3.pdf", "gone"),
    },
    "huggingface": {(MODEL, "revised")},
}
ALL = set().union(*NEWS.values())
KEYS = {key for key, _ in ALL}


def facts():
    """What is known of the upstreams, and a model with new weights and settings."""
    known = shipped()
    commits = [
        {"sha": sha * 40, "date": day, "title": "a commit", "files": {
            "config.json": {"text": json.dumps({"layers": layers})},
            "w.safetensors": {"size": layers, "lfs": True},
        }}
        for sha, day, layers in (("b", "2025-02-01", 9), ("a", "2025-01-01", 8))
    ]  # fmt: skip
    known["models"].append({"id": "o/M", "created": "2025-01-01", "commits": commits})
    return known


@pytest.fixture(scope="module")
def upstreams():
    with Faulty(LATER, facts()) as server:
        yield server


@pytest.fixture(scope="module")
def elsewhere():
    server = Server()
    server.play(OK)
    yield server
    server.close()


@pytest.fixture(scope="module")
def known(tmp_path_factory, upstreams):
    """A site before its first run, and the same after one."""
    sites = {run: tmp_path_factory.mktemp("known") / run for run in RUNS}
    for root in sites.values():
        (root / "_posts").mkdir(parents=True)
        (root / "_posts/notes.md").write_text(POST)
        (root / "tracker.toml").write_text('site_url = "https://example.org/"\n')
    upstreams.now = FIRST
    http = Http(pause=0)
    run.refresh(
        load(sites["later run"], {}),
        run.Wishes(),
        FIRST,
        lambda questions: sources.latest(questions, http, upstreams.endpoints),
    )
    http.close()
    return sites


@pytest.fixture
def site(tmp_path, known, when, monkeypatch):
    """The folder of a site, before a run of this kind."""
    monkeypatch.chdir(shutil.copytree(known[when], tmp_path / "site"))
    return tmp_path / "site"


@pytest.fixture
def refresh(upstreams, elsewhere, monkeypatch):
    """Run `tracker refresh` there ten months later: the exit code, and what it told. With `brief`, no
    answer is waited for."""
    monkeypatch.setattr(sources, "PACES", {})
    upstreams.now = LATER
    upstreams.requests.clear()
    elsewhere.seen.clear()

    def refresh(*, brief=False, secure=None):
        waits = {"timeouts": (1, BRIEF / 2), "deadline": BRIEF} if brief else {}
        http = partial(Http, **waits, pause=0, sleep=lambda _seconds: None, now=lambda: LATER)
        monkeypatch.setattr(asking, "Http", http)
        monkeypatch.setattr(files, "_SECONDS", BRIEF if brief else SOON)
        ends = upstreams.endpoints
        for name, service, value in (
            ("ARXIV_API_URL", "arxiv", ends.arxiv_api),
            ("ARXIV_OAI_URL", "arxiv", ends.arxiv_oai),
            ("ARXIV_URL", "arxiv", ends.arxiv),
            ("GITHUB_API_URL", "github", ends.github_api),
            ("GITHUB_RAW_URL", "github", ends.github_raw),
            ("HF_ENDPOINT", "huggingface", ends.huggingface),
        ):
            wanted = value.replace("http:", "https:") if service == secure else value
            monkeypatch.setenv(name, wanted)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(LATER.timestamp())))
        start = time.monotonic()
        result = CliRunner().invoke(main, ["refresh", "--json"])
        assert time.monotonic() - start < SOON
        return result.exit_code, json.loads(result.stdout)

    yield refresh
    upstreams.bad = []


def to(location):
    """A redirect."""

    def redirect(other, service):
        return status(302, f"Location: {location}".replace("OTHER", other).replace("IT", service))

    return redirect


def always(answer):
    return lambda _other, _service: answer


def exploding(*words):
    return always(
        lambda line: line.sendall(bomb(*words))
    )  # made where it is needed: it takes a second


# What every request gets, and what is said of it; HOST stands for the host that answered.
LATE = "timed out after "
NO = "HOST answered no |unreadable answer"
SOMEWHERE = "a redirect to somewhere else|HOST answered 302"
FAULTS = {
    "a bomb": (exploding(), "answer too large"),
    "a bomb in a refusal": (exploding(403), "answer too large"),
    "a bomb in a redirect": (exploding(302, "Location: /"), SOMEWHERE),
    "a dripping body": (
        always(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")),
        LATE,
    ),
    "slow headers": (always(drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")), LATE),
    "no answer": (always(lambda _line: time.sleep(1)), LATE),
    "a body without end": (always(endless), "answer too large"),
    "a body cut short": (always(half), "answer cut short"),
    "a connection that is reset": (always(reset), "no connection|answer cut short"),
    "a connection that is closed": (always(b""), "no connection"),
    "no HTTP": (always(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "no connection"),
    "HTML": (always(page("text/html", "<html><body>Log in</body></html>")), NO),
    "JSON null": (always(page("application/json", "null")), NO),
    "JSON of other types": (always(page("application/json", '{"id": [], "sha": 7}')), NO),
    "JSON nested deeply": (always(page("application/json", "[" * 50_000)), NO),
    "a wait of a day": (
        always(status(429, f"Retry-After: {A_DAY}")),
        "HOST: rate limit reached until 2025-11-23 12:00 UTC",
    ),
    "busy for a day": (
        always(status(503, f"Retry-After: {A_DAY}")),
        "HOST answered 503 until 2025-11-23 12:00 UTC",
    ),
    "a redirect to another host": (to("http://localhost:OTHER/x"), SOMEWHERE),
    "a redirect to another port": (to("http://127.0.0.1:OTHER/x"), SOMEWHERE),
    "a redirect to a file": (to("file:///etc/passwd"), SOMEWHERE),
    "a redirect to nothing": (to(""), SOMEWHERE),
    "no TLS": (None, "no secure connection"),
    "a redirect in a loop": (to("/IT/again"), SOMEWHERE),
}


def scripted(answer):
    return says(answer) if isinstance(answer, bytes) else answer


def snapshots(root):
    """What was seen of each upstream."""
    file = root / "state/ledger.json"
    return {key: watch.snapshot for key, watch in state.load(file, "x").watches.items()}


def told(out):
    return {(change["upstream"], change["kind"]) for change in out["changes"]}


@pytest.fixture
def fails(upstreams, elsewhere, monkeypatch):
    """Let what fits a pattern fail from now on."""

    def fails(pattern, fault, service):
        place = elsewhere.url.rpartition(":")[2]
        monkeypatch.setattr(upstreams, "bad", [(pattern, scripted(fault(place, service)))])

    return fails


@pytest.mark.parametrize("when", RUNS)
@pytest.mark.parametrize("service", NEWS)
@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_an_upstream_that_fails_is_said_and_is_no_news(
    site, upstreams, elsewhere, refresh, fails, monkeypatch, fault, reason, service
):
    """What was seen stays, nothing of it is told and above all not as gone, nobody else is asked, the
    others go on; and once it answers again, what happened is told."""
    monkeypatch.setattr(asking.Network, "differences", lambda *_: {})
    seen = snapshots(site)
    of_it = {key for key in KEYS if key.startswith(f"{service}:")}
    host = re.escape(upstreams.url.removeprefix("http://"))
    if fault:
        fails(f"^/{service}/", fault, service)
    code, out = refresh(brief=reason == LATE, secure=None if fault else service)
    assert (code, told(out)) == (0, ALL - NEWS[service])
    assert {one["upstream"] for one in out["unchecked"]} == of_it
    for one in out["unchecked"]:
        assert re.match(reason.replace("HOST", host), one["reason"])
    after = snapshots(site)
    assert {key: after[key] for key in of_it} == {key: seen.get(key) for key in of_it}
    assert elsewhere.seen == []
    assert len(upstreams.requests) < MANY
    monkeypatch.setattr(upstreams, "bad", [])
    code, out = refresh()
    assert (code, told(out), out["unchecked"]) == (0, NEWS[service], [])


FILES = "^/arxiv/(html|pdf)/|^/raw/|^/huggingface/.*/raw/"
OF_FILES = {name: fault for name, fault in FAULTS.items() if fault[0]}


@pytest.mark.parametrize("when", RUNS)
@pytest.mark.parametrize(("fault", "reason"), OF_FILES.values(), ids=OF_FILES)
@pytest.mark.usefixtures("site")
def test_files_that_fail_keep_no_change_back(
    upstreams, elsewhere, refresh, fails, monkeypatch, fault, reason
):
    """Each change is told, and that it was not compared; nobody else is asked."""
    fails(FILES, fault, "raw")
    code, out = refresh(brief=reason == LATE)
    assert (code, told(out), out["unchecked"]) == (0, ALL, [])
    for change in out["changes"]:
        settings = reason == NO and change["upstream"] == MODEL  # which may be any JSON
        if change["kind"] == "revised" and not settings:
            assert any(detail.startswith("Not compared: ") for detail in change["details"])
    assert elsewhere.seen == []
    assert len(upstreams.requests) < MANY
    monkeypatch.setattr(upstreams, "bad", [])
    code, out = refresh()
    assert (code, out["changes"], out["written"]) == (0, [], [])
