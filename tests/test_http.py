"""The session against real sockets on loopback: what it sends, how long and how much it takes."""

import itertools
import re
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from wires import OK, Server, bomb, drip, half, status

from tracker.http import Http, NotChecked, Refused, Reply

NOW = datetime(2026, 1, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def http(slept: list[float]) -> Iterator[Http]:
    http = Http(sleep=slept.append, now=lambda: NOW)
    yield http
    http.close()


@pytest.fixture
def brief(slept: list[float]) -> Iterator[Http]:
    http = Http(sleep=slept.append, deadline=0.5)
    yield http
    http.close()


def refusal(http: Http, url: str, **more: object) -> NotChecked:
    with pytest.raises(NotChecked) as caught:
        http.get(url, lane="x", **more)
    return caught.value


# --- what it sends -------------------------------------------------------------------------------


def test_it_says_who_it_is_and_what_it_accepts(server: Server, http: Http) -> None:
    reply = http.get(f"{server.play(OK)}/a?b=c", lane="x", accept="application/atom+xml")
    assert reply == Reply(200, reply.headers, b"{}", f"{server.url}/a?b=c")
    assert reply.json() == {}
    assert server.seen[0].startswith("GET /a?b=c HTTP/1.1\r\n")
    assert "User-Agent: tech-report-tracker/" in server.seen[0]
    assert "Accept: application/atom+xml\r\n" in server.seen[0]
    assert "Authorization" not in server.seen[0]


def test_it_says_whom_to_complain_to(server: Server) -> None:
    http = Http(contact="https://example.org/blog/")
    http.get(server.play(OK), lane="x")
    http.close()
    assert re.search(
        r"User-Agent: tech-report-tracker/[\d.]+ \(\+https://example.org/blog/\)", server.seen[0]
    )


def test_a_token_goes_with_its_own_request_only(server: Server, http: Http) -> None:
    server.play(OK)
    http.get(server.url, lane="x", token=" secret\n")
    http.get(server.url, lane="x")
    http.post_json(server.url, {"query": "q"}, lane="x", token="other")
    assert "Authorization: Bearer secret\r\n" in server.seen[0]
    assert "Authorization" not in server.seen[1]
    assert "Authorization: Bearer other\r\n" in server.seen[2]
    assert server.seen[2].startswith("POST ")
    assert "Content-Type: application/json" in server.seen[2]
    assert http.requests == 3


@pytest.mark.parametrize("token", ["a b", "a\r\nX-Evil: 1", "ключ", "a\x00"])
def test_what_cannot_be_a_token_is_not_sent_nor_repeated(
    server: Server, http: Http, token: str
) -> None:
    reason = str(refusal(http, server.play(OK), token=token))
    assert reason == "the token holds characters that no token has"
    assert server.seen == []


def test_netrc_is_not_read_and_cookies_are_not_kept(
    server: Server, http: Http, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.play(status(200, "Set-Cookie: a=b"))
    http.get(server.url, lane="x")
    http.get(server.url, lane="x")
    assert "Authorization" not in server.seen[0]
    assert "Cookie" not in server.seen[1]


def test_a_proxy_of_the_environment_is_used_unless_no_proxy_says_no(
    server: Server, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", server.play(OK))
    http.get("http://nowhere.invalid/a", lane="x")
    assert server.seen[0].startswith("GET http://nowhere.invalid/a HTTP/1.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    http.get(f"{server.url}/b", lane="x")
    assert server.seen[1].startswith("GET /b HTTP/1.1")


# --- what comes back -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [200, 404, 409, 410])
def test_an_answer_is_returned_with_its_body(server: Server, http: Http, code: int) -> None:
    reply = http.get(server.play(status(code, "X-A: b")), lane="x")
    assert (reply.status, reply.body, reply.headers["x-a"]) == (code, b"no", "b")


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_returned_unfollowed_and_its_body_unread(
    server: Server, brief: Http, code: int
) -> None:
    """A body without end shows whether somebody reads it (requests does, before following)."""
    head = f"HTTP/1.1 {code} Moved\r\nLocation: /elsewhere\r\nContent-Length: 99999\r\n\r\n"
    reply = brief.get(server.play(drip(head.encode())), lane="x")
    assert (reply.status, reply.body, reply.headers["Location"]) == (code, b"", "/elsewhere")
    assert len(server.seen) == 1


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_takes_nothing_there(
    server: Server, http: Http, code: int
) -> None:
    """requests would follow it with all headers but one."""
    other = Server()
    other.play(OK)
    server.play(status(code, f"Location: {other.url}/elsewhere", "Set-Cookie: a=b"))
    with suppress(NotChecked):
        http.get(server.url, lane="x", token="secret")
    other.close()
    assert (len(server.seen), other.seen) == (1, [])


@pytest.mark.parametrize("code", [401, 403, 451])
def test_refused_carries_the_reply(server: Server, http: Http, code: int) -> None:
    refused = refusal(http, server.play(status(code, "X-Error-Code: GatedRepo")))
    assert isinstance(refused, Refused)
    assert refused.reply.headers["X-Error-Code"] == "GatedRepo"
    assert (refused.reply.body, refused.status) == (b"no", code)
    assert str(refused) == f"{server.url.removeprefix('http://')} answered {code}"


@pytest.mark.parametrize("code", [204, 206, 303, 304, 400, 406, 414, 418, 501])
def test_any_other_status_is_not_checked_and_not_tried_again(
    server: Server, http: Http, code: int
) -> None:
    refused = refusal(http, f"{server.play(status(code))}/?token=secret")
    assert str(refused) == f"{server.url.removeprefix('http://')} answered {code}"
    assert (refused.status, len(server.seen)) == (code, 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_not_checked(body: bytes) -> None:
    with pytest.raises(NotChecked, match=r"^example\.org answered no JSON$"):
        Reply(200, {}, body, "https://u:p@example.org/?t=secret").json()


# --- limits of size and time ---------------------------------------------------------------------


def test_a_body_is_read_up_to_its_limit(server: Server, http: Http) -> None:
    server.play(OK)
    assert http.get(server.url, lane="x", limit=2).body == b"{}"
    assert str(refusal(http, server.url, limit=1)) == "answer too large"


@pytest.mark.parametrize("code", [200, 404, 403, 302])
def test_a_bomb_is_decoded_up_to_the_limit_and_in_a_redirect_not_at_all(
    server: Server, http: Http, code: int
) -> None:
    """256 MiB of zeros in 256 KiB: requests decodes them all, and a redirect's even unasked."""
    server.play(bomb(code, "Location: /elsewhere"))
    tracemalloc.start()
    if code in (200, 404, 403):
        assert str(refusal(http, server.url)) == "answer too large"
    else:
        assert http.get(server.url, lane="x").body == b""
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 32 << 20


def test_a_body_that_does_not_decode_is_not_checked(server: Server, http: Http) -> None:
    server.play(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\njunk")
    assert str(refusal(http, server.url)) == "unreadable answer"


def test_a_body_shorter_than_its_content_length_is_not_checked(server: Server, http: Http) -> None:
    assert str(refusal(http, server.play(half))) == "answer cut short"
    assert len(server.seen) == 2
    server.play(half, half, half, OK)
    assert http.get(server.url, lane="x").body == b"{}"


DRIPS = {
    "body with a length": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    "body until the end": b"HTTP/1.0 200 OK\r\n\r\n",
    "body, connection to be closed": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    "chunked body": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
    "body of a refusal": b"HTTP/1.1 403 No\r\nContent-Length: 100000\r\n\r\n",
    "headers": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "status line": b"H",
}


@pytest.mark.parametrize("head", DRIPS.values(), ids=DRIPS)
def test_the_deadline_holds_against_a_drip(server: Server, brief: Http, head: bytes) -> None:
    start = time.monotonic()
    assert str(refusal(brief, server.play(drip(head)))) == "timed out after 0.5 s"
    assert time.monotonic() - start < 3
    assert len(server.seen) == 1


def test_the_deadline_holds_on_a_connection_kept_alive(server: Server, brief: Http) -> None:
    server.play(OK, drip(b"HTTP/1.1 200 OK\r\nX-Slow: "))
    assert brief.get(server.url, lane="x").body == b"{}"
    start = time.monotonic()
    assert str(refusal(brief, server.url)) == "timed out after 0.5 s"
    assert time.monotonic() - start < 3
    assert len(server.lines) == 1


def test_the_deadline_holds_in_a_tls_handshake(server: Server, brief: Http) -> None:
    """A record announced as 16 KiB and never finished; TLS has its own handle of the socket."""

    def shake(line: socket.socket) -> None:
        with line, suppress(OSError):
            drip(b"\x16\x03\x03\x40\x00")(line)

    server.talk = shake
    start = time.monotonic()
    url = server.url.replace("http:", "https:")
    assert str(refusal(brief, url)) == "timed out after 0.5 s"
    assert time.monotonic() - start < 3


def test_a_server_without_a_trusted_certificate_is_not_asked(server: Server, http: Http) -> None:
    server.play(OK)
    server.talk = lambda line: (line.recv(1000), line.sendall(status(200)), line.close())
    reason = str(refusal(http, server.url.replace("http:", "https:")))
    assert reason == "no secure connection"


def test_silence_is_timed_out_by_the_read_timeout(server: Server) -> None:
    http = Http(timeouts=(1, 0.2))
    reason = str(refusal(http, server.play(lambda _line: time.sleep(1))))
    assert reason == "timed out after 0.2 s"
    http.close()


def test_a_request_in_time_leaves_no_timer_behind(server: Server, brief: Http) -> None:
    before = set(threading.enumerate())
    brief.get(server.play(OK), lane="x")
    time.sleep(0.7)
    assert brief.get(server.url, lane="x").body == b"{}"
    assert len(server.lines) == 1
    time.sleep(0.1)  # a cancelled timer's thread needs a moment to end
    assert not [t for t in set(threading.enumerate()) - before if isinstance(t, threading.Timer)]


# --- trying again --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_a_busy_host_is_tried_once_more_after_a_pause(
    server: Server, http: Http, slept: list[float], code: int
) -> None:
    server.play(status(code), OK)
    assert http.get(server.url, lane="x").status == 200
    assert slept == [1]
    server.seen.clear()
    server.play(status(code))
    refused = refusal(http, server.url)
    assert (str(refused), refused.status) == (
        f"{server.url.removeprefix('http://')} answered {code}",
        code,
    )
    assert len(server.seen) == 2


def test_a_host_that_is_not_there_is_tried_once_more_and_given_up_after_three_calls(
    http: Http, slept: list[float]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/?token=secret"
    assert [str(refusal(http, url)) for _ in range(3)] == ["no connection"] * 3
    assert (http.requests, slept) == (6, [1, 1, 1])
    assert str(refusal(http, url)) == "no connection"
    assert http.requests == 6


def test_a_bad_address_is_no_crash(http: Http) -> None:
    for url in ("", "http://", "ftp://example.org", "http://exa mple:x", "http://a..b"):
        assert str(refusal(http, url)) in ("no address to ask", "no connection")


# code, headers, seconds waited
WAITS = {
    "429 Retry-After in seconds": (429, ["Retry-After: 7"], 7),
    "429 Retry-After as a date": (429, ["Retry-After: Fri, 02 Jan 2026 14:00:30 GMT"], 30),
    "429 Retry-After in the past": (429, ["Retry-After: Fri, 02 Jan 2026 13:00:00 GMT"], 1),
    "429 with nothing": (429, [], 1),
    "429 with nonsense": (429, ["Retry-After: soon"], 1),
    "503 Retry-After": (503, ["Retry-After: 60"], 60),
    "403 of a limit used up": (
        403,
        ["x-ratelimit-remaining: 0", f"x-ratelimit-reset: {int(NOW.timestamp()) + 42}"],
        42,
    ),
    "403 of a secondary limit": (403, ["Retry-After: 20"], 20),
    "429 of Hugging Face": (429, ['RateLimit: "api";r=0;t=59'], 59),
}


@pytest.mark.parametrize(("code", "headers", "wait"), WAITS.values(), ids=WAITS)
def test_a_short_wait_is_obeyed_once(
    server: Server, http: Http, slept: list[float], code: int, headers: list[str], wait: float
) -> None:
    server.play(status(code, *headers), OK)
    assert http.get(server.url, lane="x").status == 200
    assert slept == [wait]


LONG = {
    "seconds": (429, ["Retry-After: 300"], "rate limit reached until 14:05 UTC"),
    "six hours": (503, ["Retry-After: 21600"], "answered 503 until 20:00 UTC"),
    "days": (429, ["Retry-After: 172800"], "rate limit reached until 2026-01-04 14:00 UTC"),
    "a reset": (
        403,
        ["x-ratelimit-remaining: 0", f"x-ratelimit-reset: {int(NOW.timestamp()) + 600}"],
        "rate limit reached until 14:10 UTC",
    ),
    "hugging face": (429, ['RateLimit: "api";r=0;t=129'], "rate limit reached until 14:02 UTC"),
}


@pytest.mark.parametrize(("code", "headers", "reason"), LONG.values(), ids=LONG)
def test_a_long_wait_ends_the_lane_for_this_run_and_no_other(
    server: Server, http: Http, slept: list[float], code: int, headers: list[str], reason: str
) -> None:
    server.play(status(code, *headers), OK)
    host = server.url.removeprefix("http://")
    between = " " if code == 503 else ": "
    for _ in range(3):
        assert str(refusal(http, server.url)) == f"{host}{between}{reason}"
    assert (len(server.seen), slept) == (1, [])
    assert http.get(server.url, lane="x:second road").status == 200


def test_a_lane_that_was_given_up_is_not_asked_and_no_other_is_touched(
    server: Server, http: Http
) -> None:
    server.play(OK)
    http.give_up("x", "it answers nonsense")
    assert str(refusal(http, server.url)) == "it answers nonsense"
    assert server.seen == []
    assert http.get(server.url, lane="x:second road").status == 200


def test_a_second_429_ends_the_lane(server: Server, http: Http) -> None:
    host = server.url.removeprefix("http://")
    server.play(status(429))
    assert str(refusal(http, server.url)) == f"{host}: rate limit reached"
    assert str(refusal(http, server.url)) == f"{host}: rate limit reached"
    assert len(server.seen) == 2


def test_a_lane_keeps_a_run_waiting_for_a_minute_at_most_altogether(
    server: Server, http: Http, slept: list[float]
) -> None:
    busy = status(429, "Retry-After: 25")
    server.play(busy, OK, busy, OK, busy, OK)
    assert http.get(server.url, lane="x").status == 200
    assert http.get(server.url, lane="x").status == 200
    assert "rate limit reached until 14:00 UTC" in str(refusal(http, server.url))
    assert slept == [25, 25]


# --- pace ----------------------------------------------------------------------------------------


def test_a_pace_is_kept_from_the_end_of_one_request_to_the_start_of_the_next(
    server: Server,
) -> None:
    def slow(line: socket.socket) -> None:
        time.sleep(0.1)
        line.sendall(OK)

    url = server.play(slow)
    http = Http({"arxiv": 0.2})
    lanes = ["arxiv", "arxiv:oai", "arxiv"]
    threads = [
        threading.Thread(target=http.get, args=(url,), kwargs={"lane": lane}) for lane in lanes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    http.close()
    while len(server.spans) < len(lanes):  # the server notes an answer after it was received
        time.sleep(0.01)
    gaps = [b[0] - a[1] for a, b in itertools.pairwise(sorted(server.spans))]
    assert len(gaps) == 2
    assert all(gap >= 0.19 for gap in gaps)


def test_a_pace_holds_for_a_second_try_too(server: Server, slept: list[float]) -> None:
    http = Http({"arxiv": 3}, sleep=slept.append, clock=lambda: 100)
    server.play(status(503), OK)
    http.get(server.url, lane="arxiv")
    http.get(server.url, lane="other")
    assert slept == [1, 3]
    http.close()
