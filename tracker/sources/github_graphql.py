"""GitHub's GraphQL road: the wants of many repositories in one query. It decides nothing.

Failures come with HTTP 200: a missing repository is null beside an error with its path, while the
others stand. Fields are those of https://docs.github.com/public/fpt/schema.docs.graphql.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.http import Http, NotChecked
from tracker.sources import github_facts as facts
from tracker.sources.github_facts import MANY, Missing, Place, Unreadable, Want

_WANTS = 100  # a query; some hundred aliases cost one point of the hourly limit
_LANE = "github:graphql"
_READMES = ("README.md", "readme.md", "Readme.md", "README.rst", "README")
_COMMIT = "oid committedDate messageHeadline tree { oid }"
_REPOSITORY = "databaseId nameWithOwner isArchived defaultBranchRef { name }"


class Unusable(Exception):  # noqa: N818 - it means: take the other road
    """This server answers no GraphQL, or not this query."""


class Graph:
    """GitHub's GraphQL API as one endpoint and one token see it."""

    def __init__(self, http: Http, url: str, token: str) -> None:
        self._http, self._url, self._token = http, url, token

    def fetch(self, wants: Iterable[Want[Any]]) -> dict[Want[Any], object]:
        """The fact for each want, or the exception that says why there is none.

        Raises Unusable where the road as a whole is closed.
        """
        found: dict[Want[Any], object] = {}
        every = list(wants)
        for start in range(0, len(every), _WANTS):
            found |= self._some(every[start : start + _WANTS])
        return found

    def _some(self, wants: list[Want[Any]]) -> dict[Want[Any], object]:
        names = list(dict.fromkeys(want.repository for want in wants))
        blocks = []
        for n, name in enumerate(names):
            owner, _, repository = name.partition("/")
            fields = " ".join(
                _fields(f"w{m}", want) for m, want in enumerate(wants) if want.repository == name
            )
            arguments = f"owner: {_text(owner)}, name: {_text(repository)}"
            blocks.append(f"r{n}: repository({arguments}) {{ {_REPOSITORY} {fields} }}")
        data, errors = self._post("query { " + " ".join(blocks) + " }")
        found: dict[Want[Any], object] = {}
        for m, want in enumerate(wants):
            alias = f"r{names.index(want.repository)}"
            try:
                found[want] = _fact(f"w{m}", want, data.get(alias), errors.get(alias))
            except (Missing, NotChecked) as error:
                found[want] = error
        return found

    def _post(self, query: str) -> tuple[Mapping[str, Any], dict[str, str]]:
        """The data of an answer, and the type of the first error of each alias."""
        try:
            reply = self._http.post_json(self._url, {"query": query}, lane=_LANE, token=self._token)
            payload = reply.json()
        except NotChecked as error:
            if "limit" in str(error):
                raise
            raise Unusable from error
        if not isinstance(payload, dict):
            raise Unusable
        errors = [e for e in payload.get("errors") or () if isinstance(e, dict)]
        if any(_limited(error) for error in errors):
            raise NotChecked("GitHub's rate limit is used up")
        data = payload.get("data")
        if not isinstance(data, dict) or "r0" not in data:
            raise Unusable
        types: dict[str, str] = {}
        for error in errors:
            path = error.get("path")
            if isinstance(path, list) and path:
                types.setdefault(str(path[0]), str(error.get("type")))
        return data, types


def _limited(error: Mapping[str, Any]) -> bool:
    return error.get("type") == "RATE_LIMITED" or "rate limit" in str(error.get("message")).lower()


def _text(value: str) -> str:
    return json.dumps(value)  # GraphQL's strings are JSON's


# --- questions -----------------------------------------------------------------------------------


def _fields(alias: str, want: Want[Any]) -> str:
    match want:
        case facts.Look(cuts=cuts, untagged=untagged):
            return " ".join(_look(alias, cuts, untagged=untagged))
        case facts.LookNewest():
            target = "target { __typename oid ... on Commit { committedDate } ... on Tag { target { __typename oid ... on Commit { committedDate } } } }"
            order = "orderBy: { field: TAG_COMMIT_DATE, direction: DESC }"
            return (
                f"{alias}l: latestRelease {{ tagName publishedAt name }} "
                f'{alias}t: refs(refPrefix: "refs/tags/", first: {MANY}, {order}) '
                f"{{ nodes {{ name {target} }} }} "
                f"{alias}h: defaultBranchRef {{ target {{ ... on Commit {{ {_COMMIT} }} }} }}"
            )
        case facts.History():
            return f"{alias}: object(expression: {_text(want.ref)}) {{ ... on Commit {{ {_history(want)} }} }}"
        case facts.Sha(commit=commit, path=path):
            return f"{alias}: object(expression: {_text(f'{commit}:{path}')}) {{ __typename oid }}"
        case facts.Dated(commit=commit):
            return f"{alias}: object(expression: {_text(commit)}) {{ ... on Commit {{ committedDate }} }}"
        case facts.ReleaseList(after=after):
            page = f", after: {_text(after)}" if after else ""
            order = "orderBy: { field: CREATED_AT, direction: DESC }"
            return (
                f"{alias}: releases(first: {MANY}{page}, {order}) {{ nodes "
                "{ tagName publishedAt name isDraft isPrerelease } "
                "pageInfo { hasNextPage endCursor } }"
            )
        case _:
            return " ".join(
                f"{alias}f{n}: object(expression: {_text(f'HEAD:{name}')}) {{ ... on Blob {{ text }} }}"
                for n, name in enumerate(_READMES)
            )


def _look(alias: str, cuts: Iterable[tuple[str, str]], *, untagged: bool) -> Iterator[str]:
    for n, (ref, path) in enumerate(cuts):
        yield f"{alias}c{n}: object(expression: {_text(f'{ref}:{path}')}) {{ __typename oid }}"
        if not untagged:
            yield f"{alias}g{n}: ref(qualifiedName: {_text(f'refs/tags/{ref}')}) {{ name }}"


def _history(want: facts.History) -> str:
    arguments = [f"first: {want.count}"]
    if want.path:
        arguments.append(f"path: {_text(want.path)}")
    if want.until:
        arguments.append(f"until: {_text(f'{want.until:%Y-%m-%dT%H:%M:%SZ}')}")
    if want.after:
        arguments.append(f"after: {_text(want.after)}")
    page = "pageInfo { hasNextPage endCursor }"
    return f"history({', '.join(arguments)}) {{ nodes {{ {_COMMIT} }} {page} }}"


# --- payloads ------------------------------------------------------------------------------------


def _fact(alias: str, want: Want[Any], payload: object, error: str | None) -> object:
    if payload is None:
        if error in (None, "NOT_FOUND"):
            raise Missing("no such repository, or no right to see it")
        raise NotChecked(f"GitHub refused it ({str(error).lower()[:40]})")
    read = _object(payload)
    branch = _object(read.get("defaultBranchRef") or {}).get("name")
    repository = facts.repository(
        read.get("databaseId"), read.get("nameWithOwner"), read.get("isArchived"), branch
    )
    match want:
        case facts.Look(cuts=cuts):
            return facts.Looked(repository, _place(alias, read, cuts, branch))
        case facts.LookNewest():
            return _newest(alias, read, repository)
        case facts.History():
            history = _object(_object(read.get(alias) or {}).get("history") or {})
            return facts.Log(tuple(_commit(node) for node in _nodes(history)), _more(history))
        case facts.Sha():
            entry = _entry(read.get(alias))
            return entry[0] if entry else None
        case facts.Dated():
            return facts.moment(_object(read.get(alias)).get("committedDate"))
        case facts.ReleaseList():
            releases = _object(read.get(alias) or {})
            done = [n for n in _nodes(releases) if not (n.get("isDraft") or n.get("isPrerelease"))]
            return facts.Releases(tuple(_release(node) for node in done), _more(releases))
        case _:
            texts = (
                _object(read.get(f"{alias}f{n}") or {}).get("text") for n in range(len(_READMES))
            )
            return next((text for text in texts if isinstance(text, str)), None)


def _place(
    alias: str, read: Mapping[str, Any], cuts: tuple[tuple[str, str], ...], branch: object
) -> Place | None:
    for n, (ref, path) in enumerate(cuts):
        entry = _entry(read.get(f"{alias}c{n}"))
        if entry:
            fixed = ref != branch and bool(read.get(f"{alias}g{n}"))
            return Place(*entry, ref, path, fixed)
    return None


def _newest(alias: str, read: Mapping[str, Any], repository: facts.Repository) -> facts.Newest:
    latest = read.get(f"{alias}l")
    if latest:
        return facts.Newest(repository, _release(_object(latest)))
    tags = tuple(_tag(node) for node in _nodes(_object(read.get(f"{alias}t") or {})))
    head = _object(read.get(f"{alias}h") or {}).get("target")
    return facts.Newest(repository, None, tags, _commit(_object(head)) if head else None)


def _tag(node: Mapping[str, Any]) -> facts.Tag:
    target = _object(node.get("target"))
    if target.get("__typename") == "Tag":  # an annotated one: its commit is one step on
        target = _object(target.get("target"))
    date = target.get("committedDate")
    return facts.Tag(
        facts.label(node.get("name")),
        facts.sha(target.get("oid")),
        facts.moment(date) if date else None,
    )


def _release(node: Mapping[str, Any]) -> facts.Release:
    return facts.release(node.get("tagName"), node.get("publishedAt"), node.get("name"))


def _commit(node: Mapping[str, Any]) -> facts.Commit:
    tree = _object(node.get("tree")).get("oid")
    return facts.commit(
        node.get("oid"), node.get("committedDate"), node.get("messageHeadline"), tree
    )


def _entry(value: object) -> tuple[str, Any] | None:
    read = _object(value or {})
    basis = {"Blob": "blob", "Tree": "tree"}.get(str(read.get("__typename")))
    return (facts.sha(read.get("oid")), basis) if basis else None


def _nodes(connection: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_object(node) for node in connection.get("nodes") or ()]


def _more(connection: Mapping[str, Any]) -> str | None:
    page = _object(connection.get("pageInfo") or {})
    cursor = page.get("endCursor")
    return cursor if page.get("hasNextPage") and isinstance(cursor, str) else None


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise Unreadable
