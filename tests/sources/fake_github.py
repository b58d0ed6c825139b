"""A GitHub in memory: the same facts by REST and by GraphQL, in GitHub's shapes."""

import base64
import copy
import hashlib
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from graphql import GraphQLError, build_schema, graphql_sync
from requests.structures import CaseInsensitiveDict

from tracker.http import NotChecked, Refused, Reply

GOLDEN = Path(__file__).parents[1] / "golden" / "github"
PAYLOADS = json.loads((GOLDEN / "payloads.json").read_text("utf-8"))
SCHEMA = build_schema((GOLDEN / "schema.graphql").read_text("utf-8"))
SCHEMA.type_map["GitObject"].resolve_type = lambda value, *_: value["kind"]
API = "https://api.github.com"


def payload(name, /, **fields):
    return {**copy.deepcopy(PAYLOADS[name]), **fields}


class Repository:
    """A repository with one line of commits, newest first."""

    def __init__(self, facts):
        self.id, self.name, self.branch = facts["id"], facts["name"], facts["branch"]
        self.archived, self.readme = facts["archived"], facts.get("readme")
        self.commits, self.was = facts["commits"], facts.get("was", [])
        self.releases, self.tags = facts.get("releases", []), facts.get("tags", {})
        self.heads = dict(facts.get("branches", {}))
        if self.commits:
            self.heads[self.branch] = self.commits[0]["sha"]

    def log(self, ref, path="", until=None):
        """Commits from a ref back that touched a path; None for no such ref."""
        sha = self.heads.get(ref) or self.tags.get(ref) or ref
        sha = self.heads.get(self.branch) if ref == "HEAD" else sha
        start = next((i for i, c in enumerate(self.commits) if c["sha"] == sha), None)
        if start is None:
            return None
        return [
            commit
            for commit in self.commits[start:]
            if any(not path or f == path or f.startswith(f"{path}/") for f in commit["files"])
            and (until is None or commit["date"] <= until)
        ]

    def files(self, ref):
        """Path to blob at a ref; None for no such ref."""
        log = self.log(ref)
        if log is None:
            return None
        found = {}
        for commit in reversed(log):
            found |= commit["files"]
        return {path: blob for path, blob in found.items() if blob}

    def entry(self, ref, path):
        """(blob or tree, sha) of a path at a ref, or None."""
        files = self.files(ref) or {}
        if path in files:
            return "Blob", files[path]
        below = {f: b for f, b in files.items() if not path or f.startswith(f"{path}/")}
        if not below and (path or self.log(ref) is None):
            return None
        return "Tree", hashlib.sha256(repr(sorted(below.items())).encode()).hexdigest()[:40]

    def latest(self):
        return next((r for r in self.releases if not r["prerelease"]), None)


class FakeHttp:
    """What `Http` would answer. `faults`: path pattern to a status, (status, headers, payload) or
    an exception. `left`: requests that are left without a token."""

    def __init__(self, *, faults=None, left=None, world=None):
        world = world or json.loads((GOLDEN / "world.json").read_text("utf-8"))
        self.repositories = [Repository(facts) for facts in world]
        self.faults, self.left = faults or {}, left
        self.asked, self.queries, self.tokens = [], [], []

    def find(self, name):
        return next((r for r in self.repositories if r.name.lower() == name.lower()), None)

    def renamed(self, name):
        return next((r for r in self.repositories if name.lower() in r.was), None)

    # --- REST ------------------------------------------------------------------------------------

    def get(self, url, *, lane, accept="application/json", token=None, limit=2 << 20):
        assert lane == "github"
        assert url.isascii()
        assert url.startswith(f"{API}/")
        path = url.removeprefix(API)
        self.asked.append(path)
        self.tokens.append(token)
        status, headers, body = self._fault(path, token) or self._rest(path, accept)
        if self.left is not None and not token:
            self.left -= 1
            headers = {**headers, "X-RateLimit-Remaining": str(self.left)}
        return self._reply(status, headers, body, url, limit)

    def _fault(self, path, token):
        for pattern, planned in self.faults.items():
            if re.search(pattern, path):
                fault = planned(token) if callable(planned) else planned
                if isinstance(fault, Exception):
                    raise fault
                return (fault, {}, payload("not_found")) if isinstance(fault, int) else fault
        return None

    @staticmethod
    def _reply(status, headers, body, url, limit):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        reply = Reply(status, CaseInsensitiveDict(headers), raw, url)
        if status in (401, 403, 451):
            raise Refused(f"api.github.com answered {status}", reply)
        if status not in (200, 301, 302, 307, 308, 404, 409, 410):
            raise NotChecked(f"api.github.com answered {status}", status)
        if len(raw) > limit:
            raise NotChecked("answer too large", status)
        return reply

    def _rest(self, path, accept):
        split = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        if match := re.fullmatch(r"/repositories/(\d+)(/.*)?", split.path):
            repository = next(r for r in self.repositories if r.id == int(match[1]))
            rest = match[2] or ""
        else:
            match = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", split.path)
            repository, rest = self.find(match[1]), match[2] or ""
            if repository is None and (other := self.renamed(match[1])):
                more = f"?{split.query}" if split.query else ""
                return 301, {"Location": f"{API}/repositories/{other.id}{rest}{more}"}, b""
        found = repository and self._page(repository, unquote(rest), query, accept)
        return found or (404, {}, payload("not_found"))

    def _page(self, repository, rest, query, accept):
        match rest.strip("/").split("/"):
            case [""]:
                body = payload("repository", id=repository.id, full_name=repository.name)
                body |= {"archived": repository.archived, "default_branch": repository.branch}
                return 200, {}, body
            case ["readme"] if repository.readme:
                assert accept == "application/vnd.github.raw+json"
                return 200, {}, repository.readme.encode()
            case ["commits"]:
                return self._commits(repository, query)
            case ["commits", sha]:
                log = repository.log(sha)
                return (200, {}, self._commit(repository, log[0])) if log else None
            case ["contents", *path]:
                return self._contents(repository, query["ref"], "/".join(path))
            case ["releases", "latest"] if repository.latest():
                return 200, {}, self._release(repository.latest())
            case ["releases"]:
                begin = 100 * (int(query.get("page", 1)) - 1)
                return 200, {}, [self._release(r) for r in repository.releases[begin:][:100]]
            case ["tags"]:
                return (
                    200,
                    {},
                    [payload("tag", name=n, commit={"sha": s}) for n, s in repository.tags.items()],
                )
            case ["git", "ref", "tags", *name] if "/".join(name) in repository.tags:
                return 200, {}, {"ref": f"refs/tags/{'/'.join(name)}", "object": {"type": "commit"}}
        return None

    def _commits(self, repository, query):
        if not repository.commits:
            return 409, {}, {"message": "Git Repository is empty."}
        ref = query.get("sha", repository.branch)
        log = repository.log(ref, query.get("path", ""), query.get("until"))
        if log is None:
            return None
        size, page = int(query["per_page"]), int(query.get("page", 1))
        return 200, {}, [self._commit(repository, c) for c in log[size * (page - 1) : size * page]]

    @staticmethod
    def _commit(repository, commit):
        body = payload("commit", sha=commit["sha"])
        body["commit"] |= {
            "message": commit["message"],
            "tree": {"sha": repository.entry(commit["sha"], "")[1]},
        }
        body["commit"]["committer"]["date"] = commit["date"]
        return body

    @staticmethod
    def _release(release):
        body = payload("release", tag_name=release["tag"], name=release["name"])
        body |= {"published_at": release["date"], "prerelease": release["prerelease"]}
        return body | {"body": release.get("text")}

    def _contents(self, repository, ref, path):
        entry = repository.entry(ref, path)
        if entry is None:
            return None
        if entry[0] == "Blob":
            content = base64.b64encode(b"x" * 60).decode()
            return 200, {}, self._content(path, *entry) | {"encoding": "base64", "content": content}
        names = {
            f.removeprefix(f"{path}/" if path else "").split("/")[0]
            for f in repository.files(ref)
            if not path or f.startswith(f"{path}/")
        }
        below = (f"{path}/{name}".strip("/") for name in sorted(names))
        return 200, {}, [self._content(p, *repository.entry(ref, p)) for p in below]

    @staticmethod
    def _content(path, kind, sha):
        kind = "dir" if kind == "Tree" else "file"
        return payload("content", name=path.rpartition("/")[2], path=path, sha=sha, type=kind)

    # --- GraphQL ---------------------------------------------------------------------------------

    def post_json(self, url, document, *, lane, token=None, limit=8 << 20):
        assert lane.startswith("github")
        assert token
        self.queries.append(document)
        fault = self._fault("/graphql", token)
        status, headers, body = fault or (200, {}, self._execute(document))
        if callable(body):
            body = body(self._execute(document))
        return self._reply(status, headers, body, url, limit)

    def _execute(self, document):
        def repository(_info, owner, name, **_arguments):
            return self._graph(f"{owner}/{name}")

        root = {"repository": repository}
        result = graphql_sync(
            SCHEMA, document["query"], root, variable_values=document["variables"]
        )
        errors = [
            {**(error.extensions or {}), "message": error.message, "path": error.path}
            for error in result.errors or []
        ]
        return {"data": result.data, **({"errors": errors} if errors else {})}

    def _graph(self, name):
        repository = self.find(name) or self.renamed(name)
        if repository is None:
            raise GraphQLError(
                "Could not resolve to a Repository", extensions={"type": "NOT_FOUND"}
            )
        return Graph(repository)


class Graph:
    """A repository as GraphQL's resolvers see it."""

    def __init__(self, repository):
        self.of = repository
        self.databaseId, self.nameWithOwner = repository.id, repository.name
        self.isArchived, self.isEmpty = repository.archived, not repository.commits

    def _commit(self, commit):
        node = {"kind": "Commit", "oid": commit["sha"], "committedDate": commit["date"]}
        tree = {"kind": "Tree", "oid": self.of.entry(commit["sha"], "")[1]}
        return {
            **node,
            "message": commit["message"],
            "tree": tree,
            "history": self._history(commit),
        }

    def _history(self, start):
        def history(_info, first, path="", until=None, after=None):
            log = self.of.log(start["sha"], path, until)
            begin = int(after.rpartition(" ")[2]) + 1 if after else 0
            nodes = log[begin : begin + first]
            end = begin + len(nodes) - 1
            info = {"hasNextPage": end + 1 < len(log), "endCursor": f"{start['sha']} {end}"}
            return {"nodes": [self._commit(c) for c in nodes], "pageInfo": info}

        return history

    def object(self, _info, expression=None, oid=None):
        ref, colon, path = (expression or oid).partition(":")
        if path == "README.md" and ref == "HEAD" and self.of.readme:
            return {"kind": "Blob", "oid": "0" * 40, "text": self.of.readme}
        if colon:
            entry = self.of.entry(ref, path)
            return {"kind": entry[0], "oid": entry[1]} if entry else None
        log = self.of.log(ref)
        if log and ref in self.of.tags:  # an annotated tag is an object of its own
            return {"kind": "Tag", "oid": "f" * 40, "target": self._commit(log[0])}
        return self._commit(log[0]) if log else None

    def ref(self, _info, qualifiedName):  # noqa: N803 - GitHub's name
        name = qualifiedName.removeprefix("refs/tags/")
        return {"name": name} if name in self.of.tags else None

    def refs(self, _info, **_arguments):
        nodes = [{"name": n, "target": self.object(None, n)} for n in self.of.tags]
        return {"nodes": nodes}

    def defaultBranchRef(self, _info):  # noqa: N802 - GitHub's name
        log = self.of.log("HEAD")
        return {"name": self.of.branch, "target": self._commit(log[0])} if log else None

    @staticmethod
    def _release(release):
        node = {"tagName": release["tag"], "publishedAt": release["date"], "name": release["name"]}
        node |= {"isDraft": False, "isPrerelease": release["prerelease"]}
        return node | {"description": release.get("text")}

    def latestRelease(self, _info):  # noqa: N802 - GitHub's name
        return self._release(self.of.latest()) if self.of.latest() else None

    def releases(self, _info, first, after="0", **_order):
        end = int(after) + first
        nodes = [self._release(r) for r in self.of.releases[int(after) : end]]
        info = {"hasNextPage": end < len(self.of.releases), "endCursor": str(end)}
        return {"nodes": nodes, "pageInfo": info}
