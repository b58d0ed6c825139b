"""The one polite session: pacing, one retry, limits of time and size. It knows no upstream."""

from __future__ import annotations

import re
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, ReadTimeoutError

from tracker.reply import NotChecked, Refused, Reply, Silent, asked_to_wait, host_of
from tracker.session import Flight, open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Http", "NotChecked", "Refused", "Reply", "host_of"]

_REDIRECTS = frozenset({301, 302, 307, 308})
_ANSWERS = frozenset({200, 404, 409, 410})
_REFUSED = frozenset({401, 403, 451})
_BUSY = frozenset({500, 502, 503, 504})
_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503
_LONGEST_WAIT = 60.0  # seconds in which a lane may keep a run waiting, all its waits together
_SILENT = 3  # calls in a row without an answer, and a lane is given up: an unplugged cable
_CHUNK = 1 << 16


@dataclass
class _Lane:
    """What a run knows of a lane: why it is done, how long it may still keep us waiting."""

    patience: float = _LONGEST_WAIT
    silent: int = 0
    closed: str | None = None


class Http:
    """One session for a run, safe to use from several threads.

    paces: seconds between the end of one request and the start of the next, by name of an
    upstream ("arxiv"); an upstream with a pace is also asked on one connection at a time.
    `requests` counts what was sent. contact: the address of whoever runs it, for the User-Agent, so
    that an upstream can complain (arXiv asks for one). The rest are seconds, and the clock, for tests.
    """

    def __init__(
        self,
        paces: Mapping[str, float] | None = None,
        *,
        contact: str | None = None,
        timeouts: tuple[float, float] = (10, 20),
        deadline: float = 30,
        pause: float = 1,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.requests = 0
        self._paces = dict(paces or {})
        self._gates = {name: threading.Lock() for name in self._paces}
        self._free: dict[str, float] = {}
        self._lanes: dict[str, _Lane] = {}
        self._timeouts, self._deadline, self._pause = timeouts, deadline, pause
        self._sleep, self._now, self._clock = sleep, now, clock
        self._counting = threading.Lock()
        self._via: dict[str, dict[str, str]] = {}
        self._session = open_session(contact)

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def give_up(self, lane: str, reason: str) -> None:
        """Ask a lane nothing more in this run: for refusals that only its source can tell."""
        self._lanes.setdefault(lane, _Lane()).closed = reason

    def get(
        self,
        url: str,
        *,
        lane: str,
        accept: str = "application/json",
        token: str | None = None,
        limit: int = 2 << 20,
        seconds: float | None = None,
    ) -> Reply:
        """GET an address that was built from constants and typed ids, never one found in a text.
        limit: bytes; seconds: for this exchange, if not the session's deadline.

        lane: the upstream's name, or `UPSTREAM:ROAD` ("arxiv:oai"). Pacing and one connection at
        a time belong to the upstream, "done for this run" to the lane: an upstream's second road
        stays open when the first is closed. Returns replies with status 200, 301, 302, 307, 308
        (their body unread), 404, 409, 410, and raises for others. Redirects are not followed.
        """
        return self._ask("GET", url, lane, limit, token, accept, seconds=seconds)

    def post_json(
        self,
        url: str,
        payload: object,
        *,
        lane: str,
        token: str | None = None,
        limit: int = 8 << 20,
    ) -> Reply:
        """POST a JSON document (GraphQL: it must be safe to send twice). Otherwise as `get`."""
        return self._ask("POST", url, lane, limit, token, "application/json", json=payload)

    def _ask(
        self,
        method: str,
        url: str,
        lane: str,
        limit: int,
        token: str | None,
        accept: str,
        *,
        seconds: float | None = None,
        **body: Any,  # noqa: ANN401 - `json`, any document
    ) -> Reply:
        headers = {"Accept": accept}
        if token := (token or "").strip():
            if not re.fullmatch(r"[\x21-\x7e]+", token):
                raise NotChecked("the token holds characters that no token has")
            headers["Authorization"] = f"Bearer {token}"
        try:
            request = self._session.prepare_request(
                requests.Request(method, url, headers=headers, **body)
            )
        except (requests.RequestException, ValueError) as error:
            raise NotChecked("no address to ask") from error
        upstream = lane.partition(":")[0]
        with self._gates.get(upstream, nullcontext()):
            return self._try_twice(
                request,
                upstream,
                self._lanes.setdefault(lane, _Lane()),
                limit,
                seconds or self._deadline,
            )

    def _try_twice(
        self,
        request: requests.PreparedRequest,
        upstream: str,
        lane: _Lane,
        limit: int,
        seconds: float,
    ) -> Reply:
        if lane.closed:
            raise NotChecked(lane.closed)
        last = False
        while True:
            pause = self._pause
            try:
                reply = self._once(request, upstream, limit, seconds)
            except Silent as silent:
                if last or not silent.again:
                    lane.silent += 1
                    lane.closed = str(silent) if lane.silent >= _SILENT else None
                    raise
            else:
                lane.silent = 0
                if reply.status in _ANSWERS | _REDIRECTS:
                    return reply
                pause = max(pause, self._wait(reply, lane, last=last))
            self._sleep(pause)
            last = True

    def _wait(self, reply: Reply, lane: _Lane, *, last: bool) -> float:
        """The seconds after which to try once more. Raises where that is no use."""
        host, status, now = host_of(reply.url), reply.status, self._now()
        wait = asked_to_wait(reply.headers, now)
        limited = status == _TOO_MANY or (status == _FORBIDDEN and wait is not None)
        too_long = wait is not None and wait > lane.patience
        if (limited and (last or too_long)) or (status == _UNAVAILABLE and too_long):
            until = now + timedelta(seconds=wait or 0)
            day = "" if until - now < timedelta(days=1) else f"{until:%Y-%m-%d} "
            lane.closed = f"{host}: rate limit reached" if limited else f"{host} answered {status}"
            lane.closed += f" until {day}{until:%H:%M} UTC" if wait else ""
            raise NotChecked(lane.closed, status)
        if status in _REFUSED and not limited:
            raise Refused(f"{host} answered {status}", reply)
        if last or not (limited or status in _BUSY):
            raise NotChecked(f"{host} answered {status}", status)
        lane.patience -= wait or 0
        return wait or 0

    def _once(
        self, request: requests.PreparedRequest, upstream: str, limit: int, seconds: float
    ) -> Reply:
        """One exchange, in its turn and within its time. Raises NotChecked."""
        url = request.url or ""
        if (early := self._free.get(upstream, 0) - self._clock()) > 0:
            self._sleep(early)
        with self._counting:
            self.requests += 1
        flight = Flight(seconds)
        try:
            with (
                flight,
                # By hand, for a session that trusts the environment reads .netrc too.
                self._session.send(
                    request,
                    stream=True,
                    timeout=self._timeouts,
                    allow_redirects=False,
                    proxies=self._proxies(url),
                ) as response,
            ):
                status = response.status_code
                body = _read(response, limit) if status in _ANSWERS | _REFUSED else b""
        except (requests.RequestException, HTTPError, HTTPException, OSError) as error:
            if not flight.over:
                raise self._trouble(error) from error
        finally:
            if upstream in self._paces:
                self._free[upstream] = self._clock() + self._paces[upstream]
        if flight.over:  # a shut socket may also look like the end of an answer
            raise Silent(f"timed out after {seconds:g} s", again=False)
        return Reply(status, response.headers, body, url)

    def _proxies(self, url: str) -> dict[str, str]:
        """The environment's proxies for an address, looked up once a host."""
        host = url.partition("://")[2].partition("/")[0]
        if host not in self._via:
            self._via[host] = get_environ_proxies(url)
        return self._via[host]

    def _trouble(self, error: Exception) -> NotChecked:
        """What an exception means, in words without its own: they may hold anything."""
        if isinstance(error, requests.ConnectTimeout):
            return Silent("no connection", again=True)
        if any(
            isinstance(e, requests.ReadTimeout | ReadTimeoutError) for e in (error, *error.args)
        ):
            return Silent(f"timed out after {self._timeouts[1]:g} s", again=False)
        if isinstance(error, requests.exceptions.ContentDecodingError):
            return NotChecked("unreadable answer")
        if isinstance(error, requests.exceptions.SSLError):
            return Silent("no secure connection", again=False)
        if isinstance(error, requests.exceptions.ChunkedEncodingError):
            return Silent("answer cut short", again=True)
        return Silent("no connection", again=True)


def _read(response: requests.Response, limit: int) -> bytes:
    """The decoded body; urllib3 decodes a chunk at a time, so that a bomb stops at the limit."""
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > limit:
            raise NotChecked("answer too large", response.status_code)
    return bytes(body)
