"""Files of an upstream, fetched whole to be compared, within limits, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.http import NotChecked, host_of

if TYPE_CHECKING:
    from tracker.http import Http

_LIMIT = 64 << 20  # bytes
_SECONDS = 60.0
_OK = 200


class NoFile(NotChecked):
    """There is no such file there."""


class Elsewhere(NotChecked):
    """It is at another address: `location`, as the answer spells it. Nobody has checked that."""

    def __init__(self, reason: str, status: int, location: str) -> None:
        super().__init__(reason, status)
        self.location = location


def fetch(
    http: Http, url: str, *, lane: str, token: str | None = None, limit: int = _LIMIT
) -> bytes:
    """A file's bytes. Raises NoFile for 404 and 410, Elsewhere for a redirect, which is followed
    nowhere, NotChecked for whatever else is no file: one over the limit, an answer that takes over
    a minute."""
    reply = http.get(url, lane=lane, accept="*/*", token=token, limit=limit, seconds=_SECONDS)
    if reply.status in (404, 410):
        raise NoFile("there is no such file", reply.status)
    answered = f"{host_of(url)} answered {reply.status}"
    if reply.status in (301, 302, 307, 308):
        raise Elsewhere(answered, reply.status, reply.headers.get("Location", ""))
    if reply.status != _OK:
        raise NotChecked(answered, reply.status)
    return reply.body
