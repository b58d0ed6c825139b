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


def fetch(
    http: Http, url: str, *, lane: str, token: str | None = None, limit: int = _LIMIT
) -> bytes:
    """A file's bytes. Raises NoFile for 404 and 410, NotChecked for whatever else is no file:
    a redirect, a file over the limit, an answer that takes over a minute."""
    reply = http.get(url, lane=lane, accept="*/*", token=token, limit=limit, seconds=_SECONDS)
    if reply.status in (404, 410):
        raise NoFile(f"{host_of(url)} answered {reply.status}", reply.status)
    if reply.status != _OK:
        raise NotChecked(f"{host_of(url)} answered {reply.status}", reply.status)
    return reply.body
