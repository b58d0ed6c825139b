"""GitHub's GraphQL API over the stand-in's facts, by the part of its public schema that is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    build_schema,
    execute_sync,
    parse,
)

from tracker.demo.github_files import no
from tracker.demo.repository import Repository, blob
from tracker.demo.wire import Fact, Missing, Reply, as_json, happened, stamp, when

_SCHEMA = build_schema(
    (Path(__file__).parents[1] / "tests" / "golden" / "github" / "schema.graphql").read_text(
        "utf-8"
    )
)
_SCHEMA.type_map["GitObject"].resolve_type = lambda value, *_: value["kind"]  # type: ignore[attr-defined]

Find = Callable[[str], Repository]


def answer(document: dict[str, Any], find: Find, *, token: bool) -> Reply:
    """The answer to a query. `find` gives a repository by OWNER/NAME, or raises Missing."""
    if not token:
        return no(401, "Requires authentication")

    def repository(_info: object, owner: str, name: str, **_more: object) -> _Graph:
        try:
            return _Graph(find(f"{owner}/{name}"))
        except Missing as missing:
            told = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphQLError(told, extensions={"type": "NOT_FOUND"}) from missing

    query, variables = _parsed(document["query"]), document["variables"]
    result = execute_sync(_SCHEMA, query, {"repository": repository}, variable_values=variables)
    errors = [
        {**(error.extensions or {}), "message": error.message, "path": error.path}
        for error in result.errors or ()
    ]
    return as_json({"data": result.data, **({"errors": errors} if errors else {})})


@lru_cache(maxsize=512)
def _parsed(query: str) -> DocumentNode:
    """A query as a tree. That the schema allows it is for the tests to say: to look here would
    take longer than an answer may."""
    return parse(query)


@dataclass(frozen=True)
class _Graph:
    """A repository as the resolvers see it: the names are GitHub's."""

    of: Repository

    @property
    def databaseId(self) -> int:  # noqa: N802 - GitHub's name
        return int(self.of.fact["id"])

    @property
    def nameWithOwner(self) -> str:  # noqa: N802
        return self.of.name

    @property
    def isArchived(self) -> bool:  # noqa: N802
        return happened(self.of.fact, "archived", self.of.now)

    @property
    def defaultBranchRef(self) -> dict[str, Any] | None:  # noqa: N802
        if not self.of.commits:
            return None
        return {"name": self.of.branch, "target": self._commit(self.of.commits[-1]["sha"])}

    @property
    def latestRelease(self) -> dict[str, Any] | None:  # noqa: N802
        full = [r for r in self.of.releases if not r.get("prerelease")]
        newest = max(full, key=lambda r: when(r.get("created", r["date"])), default=None)
        return _release(newest) if newest else None

    def releases(
        self, _info: object, first: int, after: str = "0", **_order: object
    ) -> dict[str, Any]:
        return _connection([_release(r) for r in self.of.releases], first, after)

    def refs(self, _info: object, first: int, **_order: object) -> dict[str, Any]:
        tags = [(name, self._commit(sha)) for name, sha in self.of.tags.items()]
        tags.sort(key=lambda tag: str(tag[1]["committedDate"]), reverse=True)
        return _connection([{"name": name, "target": commit} for name, commit in tags], first)

    def ref(self, _info: object, qualifiedName: str) -> dict[str, Any] | None:  # noqa: N803
        name = qualifiedName.removeprefix("refs/tags/")
        return {"name": name} if name in self.of.tags else None

    def object(
        self, _info: object, expression: str | None = None, oid: str | None = None
    ) -> dict[str, Any] | None:
        ref, colon, path = (expression or oid or "").partition(":")
        try:
            if colon:
                return self._entry(ref, path)
            return self._commit(self.of.history(ref)[-1]["sha"])
        except Missing:
            return None

    def _entry(self, ref: str, path: str) -> dict[str, Any] | None:
        """A file or folder at a reference. Raises Missing."""
        files = self.of.files(ref)
        if path in files:
            sha, size = blob(files[path])
            return {"kind": "Blob", "oid": sha, "byteSize": size, "text": files[path].get("text")}
        if not path:
            return {"kind": "Tree", "oid": self.of.tree(ref)}
        entry = (self.of.folder(files, path.rpartition("/")[0]) or {}).get(path)
        return {"kind": "Tree", "oid": entry["sha"]} if entry else None

    def _commit(self, sha: str) -> dict[str, Any]:
        commit = self.of.history(sha)[-1]
        return {
            "kind": "Commit",
            "oid": sha,
            "committedDate": stamp(when(commit["date"])),
            "message": commit["message"],
            "tree": lambda _info: {"kind": "Tree", "oid": self.of.tree(sha)},
            "history": self._history(sha),
        }

    def _history(self, sha: str) -> Callable[..., dict[str, Any]]:
        def history(
            _info: object, first: int, path: str = "", until: str | None = None, after: str = "0"
        ) -> dict[str, Any]:
            found = [
                commit["sha"]
                for commit in reversed(self.of.history(sha))
                if _touches(commit, path) and (not until or when(commit["date"]) <= when(until))
            ]
            page = _connection(found, first, after)
            return {**page, "nodes": [self._commit(one) for one in page["nodes"]]}

        return history


def _touches(commit: Fact, path: str) -> bool:
    return not path or any(f == path or f.startswith(f"{path}/") for f in commit["files"])


def _release(release: Fact) -> dict[str, Any]:
    return {
        "tagName": release["tag"],
        "publishedAt": stamp(when(release["date"])),
        "name": release.get("name", release["tag"]),
        "description": release.get("body", ""),
        "isDraft": False,
        "isPrerelease": bool(release.get("prerelease")),
    }


def _connection(rows: Sequence[Any], first: int, after: str = "0") -> dict[str, Any]:
    start = int(after)
    end = start + first
    info = {"hasNextPage": end < len(rows), "endCursor": str(end)}
    return {"nodes": list(rows[start:end]), "pageInfo": info}
