"""What came of a request: a reply, or the outcome that stands for none. It sends nothing."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotChecked(Exception):  # noqa: N818 - it is an outcome, not an error
    """Nothing that can be relied on came back. `str()` is the reason, fit for a status line.

    `status` is the answer's, where there was one.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Refused(NotChecked):
    """401, 403, 451: no right to see it. Carries the reply."""

    def __init__(self, reason: str, reply: Reply) -> None:
        super().__init__(reason, reply.status)
        self.reply = reply


class Silent(NotChecked):
    """The host did not answer, or not to the end. `again`: another try may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


@dataclass(frozen=True)
class Reply:
    """A whole answer, read and decoded within the limits. `headers` compare without case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> object:
        """The body as JSON. Raises `NotChecked` where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise NotChecked(f"{host_of(self.url)} answered no JSON", self.status) from error


def host_of(url: str) -> str:
    """A host as a status line names it: no user, no password, no query."""
    split = urlsplit(url)
    return (split.hostname or "") + (f":{split.port}" if split.port else "")


def asked_to_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that an answer asks us to wait, in any of three dialects; None if it is mute."""
    after = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", after):
        return float(after)
    with suppress(ValueError, TypeError, OverflowError):
        return max(0.0, (parsedate_to_datetime(after) - now).total_seconds())
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if headers.get("X-RateLimit-Remaining", "").strip() == "0" and re.fullmatch(
        r"[0-9]{1,10}", reset
    ):
        return max(0.0, float(reset) - now.timestamp())
    limit = re.match(r'"[^"]{0,64}";r=0;t=([0-9]{1,9})(?![0-9])', headers.get("RateLimit", ""))
    return float(limit[1]) if limit else None
