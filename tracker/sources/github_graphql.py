"""GitHub's GraphQL road: what many repositories are asked in one query. It decides nothing.

What it cannot answer for sure it leaves out, for the other road.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tracker.http import Http, NotChecked, Refused
from tracker.sources import github_facts as facts
from tracker.sources.github_facts import Missing
from tracker.sources.github_queries import Query, parse
from tracker.text import clean, cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OK, _LIMITS = 200, (403, 429)
_LANE = "github:graphql"  # its end is not the end of REST
_EXHAUSTED = "GitHub's rate limit is reached"


class _UnusableError(Exception):
    """No answer of GraphQL's that anything could be read from."""


@dataclass
class GraphQL:
    """GitHub's GraphQL API as one endpoint and one token see it; closed once it is of no use."""

    http: Http
    endpoint: str
    token: str = field(repr=False)
    closed: bool = False
    exhausted: str | None = None

    def fetch(self, wants: Iterable[facts.Want[Any]]) -> dict[facts.Want[Any], object]:
        """The fact for each want, or the exception that says why there is none; some or all are
        left out where REST must say."""
        query = Query()
        for want in wants:
            query.add(want)
        if self.closed or not query.wants:
            return {}
        try:
            if not self.exhausted:
                payload = self._post(query)
                failed = self._failures(payload["errors"])
                return dict(_facts(query, payload["data"], failed))
        except _UnusableError:
            self.closed = True
            return {}
        except NotChecked as error:
            self.exhausted = str(error)
        return dict.fromkeys(query.wants, NotChecked(self.exhausted or _EXHAUSTED))

    def _post(self, query: Query) -> dict[str, Any]:
        """The data and errors of a query. Raises _UnusableError, and NotChecked where a limit is reached."""
        document = {"query": query.text(), "variables": query.variables}
        try:
            reply = self.http.post_json(self.endpoint, document, lane=_LANE, token=self.token)
            payload = reply.json() if reply.status == _OK else None
        except Refused as refused:
            if b"rate limit" in refused.reply.body.lower():
                raise NotChecked(_EXHAUSTED) from refused
            raise _UnusableError from refused
        except NotChecked as error:
            if error.status in _LIMITS:
                raise
            raise _UnusableError from error
        if not isinstance(payload, dict):
            raise _UnusableError
        data, errors = payload.get("data"), payload.get("errors") or []
        if not isinstance(errors, list):
            raise _UnusableError
        if any(_is_limit(error) for error in errors):
            raise NotChecked(_EXHAUSTED)
        if not isinstance(data, dict):
            raise _UnusableError
        return {"data": data, "errors": errors}

    @staticmethod
    def _failures(errors: Iterable[Any]) -> dict[str, Exception | None]:
        """What each alias's errors mean; None where REST must say."""
        failed: dict[str, Exception | None] = {}
        for error in errors:
            match error:
                case {"type": "NOT_FOUND", "path": [str(alias)]}:
                    failed[alias] = Missing("no such repository, or no right to see it")
                case {"type": "FORBIDDEN", "path": [str(alias), *_], "message": str(message)}:
                    said = cut(clean(message), 160)
                    failed[alias] = NotChecked(f"GitHub gives no right to see it: {said}")
                case {"path": [str(alias), *_]}:
                    failed[alias] = None
                case _:
                    raise _UnusableError
        return failed


def _is_limit(error: object) -> bool:
    match error:
        case {"type": "RATE_LIMITED" | "RATE_LIMIT"}:
            return True
        case {"message": str(message)}:
            return "rate limit" in message.lower()
    return False


def _facts(
    query: Query, data: Mapping[str, Any], failed: Mapping[str, Exception | None]
) -> Iterable[tuple[facts.Want[Any], object]]:
    for want, (alias, prefix) in query.wants.items():
        failure = failed.get(alias)
        answered = data.get(alias)
        if failure is not None:
            yield want, failure
        elif alias not in failed and isinstance(answered, dict):
            with suppress(facts.Unreadable):
                yield want, parse(want, answered, prefix)
