"""GraphQL for GitHub: a query for many wants, and the facts in what comes back. It asks nothing.

Only fields of GitHub's public schema; every text from outside is a variable, never part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tracker.sources import github_facts as facts
from tracker.sources.github_facts import MANY, Place, Unreadable
from tracker.sources.github_links import HEAD

_READMES = ("README.md", "readme.md", "README.rst")
_COMMIT = "oid committedDate message tree { oid }"
_BASES: dict[str, Literal["blob", "tree"]] = {"Blob": "blob", "Tree": "tree"}
_FACTS = "databaseId nameWithOwner isArchived defaultBranchRef { name }"
_NEWEST = f"""
    latestRelease {{ tagName publishedAt name description }}
    tip: defaultBranchRef {{ target {{ ... on Commit {{ {_COMMIT} }} }} }}
    refs(
      refPrefix: "refs/tags/", first: {MANY}, orderBy: {{field: TAG_COMMIT_DATE, direction: DESC}}
    ) {{ nodes {{ name target {{
      oid
      ... on Commit {{ committedDate }}
      ... on Tag {{ target {{ oid ... on Commit {{ committedDate }} }} }}
    }} }} }}"""
_RELEASES = (
    "nodes { tagName publishedAt name isDraft isPrerelease } pageInfo { hasNextPage endCursor }"
)


@dataclass
class Query:
    """A query as it grows: one alias a repository, and below it one prefix a want."""

    wants: dict[facts.Want[Any], tuple[str, str]] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=dict)
    _types: dict[str, str] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)
    _heads: dict[str, str] = field(default_factory=dict)
    _fields: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, want: facts.Want[Any]) -> None:
        """Ask for one thing more."""
        if want in self.wants:
            return
        repository = want.repository.lower()
        alias = self._aliases.setdefault(repository, f"r{len(self._aliases)}")
        if alias not in self._heads:
            owner, _, name = want.repository.partition("/")
            arguments = f"owner: {self.variable(owner)}, name: {self.variable(name)}"
            self._heads[alias] = f"{alias}: repository({arguments})"
        prefix = f"w{len(self.wants)}"
        self.wants[want] = alias, prefix
        fields = self._fields.setdefault(alias, {})
        fields |= dict.fromkeys(self._wanted(want, prefix))

    def variable(self, value: object, kind: str = "String!") -> str:
        """A value's name in the query."""
        name = f"v{len(self.variables)}"
        self.variables[name], self._types[name] = value, kind
        return f"${name}"

    def text(self) -> str:
        """The query as GitHub reads it."""
        declared = ", ".join(f"${name}: {kind}" for name, kind in self._types.items())
        bodies = [f"{self._heads[alias]} {{ {' '.join(f)} }}" for alias, f in self._fields.items()]
        return f"query({declared}) {{\n  " + "\n  ".join(bodies) + "\n}"

    def _wanted(self, want: facts.Want[Any], prefix: str) -> list[str]:
        match want:
            case facts.Look(_, _, cuts, untagged):
                return [_FACTS, *self._places(prefix, cuts, untagged=untagged)]
            case facts.LookNewest():
                return [_FACTS, _NEWEST]
            case facts.History():
                return [self._history(prefix, want)]
            case facts.Sha(_, commit, path):
                return [self._object(prefix, commit, path, "oid")]
            case facts.Dated(_, commit):
                oid = self.variable(commit, "GitObjectID!")
                return [f"{prefix}: object(oid: {oid}) {{ ... on Commit {{ committedDate }} }}"]
            case facts.ReleaseList():
                order = "orderBy: {field: CREATED_AT, direction: DESC}"
                after = f", after: {self.variable(want.after)}" if want.after else ""
                return [f"{prefix}: releases(first: {MANY}, {order}{after}) {{ {_RELEASES} }}"]
        return [
            self._object(f"{prefix}_{n}", HEAD, path, "... on Blob { text }")
            for n, path in enumerate(_READMES)
        ]

    def _places(
        self, prefix: str, cuts: tuple[tuple[str, str], ...], *, untagged: bool
    ) -> list[str]:
        fields = []
        for n, (ref, path) in enumerate(cuts):
            fields.append(self._object(f"{prefix}_{n}", ref, path, "__typename oid"))
            if not (untagged or ref == HEAD):
                name = self.variable(f"refs/tags/{ref}")
                fields.append(f"{prefix}_{n}t: ref(qualifiedName: {name}) {{ name }}")
        return fields

    def _object(self, alias: str, ref: str, path: str, fields: str) -> str:
        return f"{alias}: object(expression: {self.variable(f'{ref}:{path}')}) {{ {fields} }}"

    def _history(self, prefix: str, want: facts.History) -> str:
        arguments = [f"first: {want.count}"]
        if want.path:
            arguments.append(f"path: {self.variable(want.path)}")
        if want.until:
            until = self.variable(f"{want.until:%Y-%m-%dT%H:%M:%SZ}", "GitTimestamp!")
            arguments.append(f"until: {until}")
        if want.after:
            arguments.append(f"after: {self.variable(want.after)}")
        log = (
            f"... on Commit {{ history({', '.join(arguments)}) {{"
            f" nodes {{ {_COMMIT} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        ref = self.variable(want.ref)
        return (
            f"{prefix}: object(expression: {ref}) {{ {log} ... on Tag {{ target {{ {log} }} }} }}"
        )


# --- payloads --------------------------------------------------------------------------------------


def parse(want: facts.Want[Any], answered: dict[str, Any], prefix: str) -> object:
    """The fact that answers a want, in what came back for its repository. Raises Unreadable."""
    try:
        return _parse(want, answered, prefix)
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable from error


def _parse(want: facts.Want[Any], answered: dict[str, Any], prefix: str) -> object:
    match want:
        case facts.Look():
            return facts.Looked(_repository(answered), _place(want, answered, prefix))
        case facts.LookNewest():
            return _newest(answered)
        case facts.History():
            return _log(answered[prefix])
        case facts.Sha():
            return facts.sha(answered[prefix]["oid"]) if answered[prefix] else None
        case facts.Dated():
            return facts.moment(answered[prefix]["committedDate"])
        case facts.ReleaseList():
            listed = answered[prefix]
            done = [n for n in listed["nodes"] if not (n["isDraft"] or n["isPrerelease"])]
            return facts.Releases(tuple(_release(n) for n in done), _more(listed))
    blobs = (answered[f"{prefix}_{n}"] or {} for n in range(len(_READMES)))
    texts = (blob.get("text") for blob in blobs)
    return next((text for text in texts if text and isinstance(text, str)), None)


def _repository(answered: dict[str, Any]) -> facts.Repository:
    branch = (answered["defaultBranchRef"] or {}).get("name")
    name, archived = answered["nameWithOwner"], answered["isArchived"]
    return facts.repository(answered["databaseId"], name, archived, branch)


def _place(want: facts.Look, answered: dict[str, Any], prefix: str) -> Place | None:
    branch = _repository(answered).branch
    for n, (ref, path) in enumerate(want.cuts):
        found = answered[f"{prefix}_{n}"]
        if found is not None:
            basis = _BASES[found["__typename"]]
            fixed = bool(answered.get(f"{prefix}_{n}t")) and ref != branch
            return Place(facts.sha(found["oid"]), basis, ref, path, fixed)
        if ref == branch:
            break  # git has no branch below another one
    return None


def _newest(answered: dict[str, Any]) -> facts.Newest:
    release = answered["latestRelease"]
    refs = answered["refs"] or {"nodes": []}
    tags = tuple(tag for node in refs["nodes"] if (tag := _tag(node)))
    head = (answered["tip"] or {}).get("target")
    return facts.Newest(
        _repository(answered),
        _release(release) if release else None,
        tags,
        _commit(head) if head else None,
    )


def _release(node: dict[str, Any]) -> facts.Release:
    text = node.get("description")  # asked of the newest release only
    return facts.release(node["tagName"], node["publishedAt"], node["name"], text)


def _tag(node: dict[str, Any]) -> facts.Tag | None:
    """A tag, or None for one of something else than a commit: REST does not list those either."""
    target = node["target"] or {}
    target = target.get("target") or target
    if "committedDate" not in target:
        return None
    date = facts.moment(target["committedDate"])
    return facts.Tag(facts.label(node["name"]), facts.sha(target["oid"]), date)


def _log(found: dict[str, Any] | None) -> facts.Log:
    commit = (found or {}).get("target") or found or {}
    if "history" not in commit:
        return facts.Log()
    history = commit["history"]
    return facts.Log(tuple(_commit(node) for node in history["nodes"]), _more(history))


def _commit(node: dict[str, Any]) -> facts.Commit:
    return facts.commit(node["oid"], node["committedDate"], node["message"], node["tree"]["oid"])


def _more(connection: dict[str, Any]) -> str | None:
    page = connection["pageInfo"]
    cursor = page["endCursor"]
    return cursor if page["hasNextPage"] and isinstance(cursor, str) and cursor else None
