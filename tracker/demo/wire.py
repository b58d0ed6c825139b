"""What the stand-ins speak in: a request, a reply, and facts as of an instant. It serves nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlencode

Fact = Mapping[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Request:
    """One request: its path below the service, decoded, its query, and the service's address.

    `base` is the whole address of the service without a slash at its end, for links in answers.
    """

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    base: str
    now: datetime

    def word(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def number(self, name: str, default: int) -> int:
        """A query parameter as a number from 0 on; what is none counts as not given."""
        value = self.word(name)
        return int(value) if value.isascii() and value.isdigit() else default

    def with_query(self, **changed: object) -> str:
        """The address with some parameters changed, as a next page is named."""
        query = {k: v for k, v in self.query.items() if k not in changed}
        pairs = urlencode({**query, **{k: str(v) for k, v in changed.items()}}, doseq=True)
        return f"{self.base}{self.path}?{pairs}"


class Reply(NamedTuple):
    """One answer. A text body is sent as UTF-8."""

    status: int
    headers: Mapping[str, str] = {}
    body: str | bytes = b""


class Missing(Exception):  # noqa: N818 - it is an answer, not an error
    """No such thing; carries the reply that says so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def queried(text: str) -> dict[str, list[str]]:
    """A query string as lists of values; empty values stay."""
    return parse_qs(text, keep_blank_values=True)


def as_json(payload: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON answer."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Reply(status, {**kind, **(headers or {})}, body)


def next_page(address: str) -> dict[str, str]:
    """The header that names it."""
    return {"Link": f'<{address}>; rel="next"'}


def when(text: str) -> datetime:
    """An instant of the facts; a day alone is its noon in UTC."""
    moment = datetime.fromisoformat(text)
    if "T" not in text:
        moment = datetime.combine(moment, time(12), UTC)
    return moment.astimezone(UTC)


def stamp(moment: datetime, *, milliseconds: bool = False) -> str:
    """An instant as the services write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S" + (".000Z" if milliseconds else "Z"))


def so_far(facts: Iterable[Fact], now: datetime, key: str = "date") -> list[Fact]:
    """The facts that had happened by `now`, in their own order."""
    return [fact for fact in facts if when(fact[key]) <= now]


def told_of(whole: Fact, version: Fact, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON
    """What a version tells of itself, else what is told of all of them."""
    return version.get(key, whole.get(key, default))


def happened(fact: Fact, key: str, now: datetime) -> bool:
    """Whether the fact names an instant under `key` that is not after `now`."""
    return key in fact and when(fact[key]) <= now


def derived(*words: object) -> str:
    """40 hex digits that nobody recorded: the same words give the same ones."""
    return hashlib.sha1("\0".join(map(str, words)).encode(), usedforsecurity=False).hexdigest()


def page(found: Sequence[_T], start: int, size: int) -> tuple[list[_T], bool]:
    """The entries from `start` on, `size` at most, and whether there are more."""
    return list(found[start : start + size]), len(found) > start + size
