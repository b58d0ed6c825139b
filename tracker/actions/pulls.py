"""The pull request of a branch, by GitHub's own command `gh`
(https://docs.github.com/rest/pulls/pulls)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.model import TrackerError
from tracker.text import clean, cut


class RefusedError(Exception):
    """What GitHub answered in place of doing it."""


@dataclass(frozen=True)
class Pull:
    """A pull request: its number, whether it is open, its branch's commit, its page and words."""

    number: int
    open: bool
    head: str
    url: str
    title: str
    body: str


@dataclass(frozen=True)
class Pulls:
    """The pull requests from one branch of a repository (`owner/name`) into its branch `base`."""

    repository: str
    branch: str
    base: str

    def all(self) -> list[Pull]:
        """Those there ever were, the newest first; none from a fork, whose branch may be called so
        too.

        Raises TrackerError where GitHub does not say: without it nothing can be decided.
        """
        owner = self.repository.partition("/")[0]
        try:
            told = self._ask("GET", f"pulls?state=all&head={owner}:{self.branch}&per_page=50")
        except RefusedError as error:
            raise TrackerError(
                f"GitHub did not tell the pull requests ({error}): nothing was pushed, run it again"
            ) from error
        own = [
            row for row in told if (row["head"]["repo"] or {}).get("full_name") == self.repository
        ]
        return [_pull(row) for row in own if row["head"]["ref"] == self.branch]

    def create(self, title: str, body: str) -> Pull:
        """A new one. Raises RefusedError, as where Actions may not create pull requests."""
        words = {"title": title, "body": body, "head": self.branch, "base": self.base}
        return _pull(self._ask("POST", "pulls", words))

    def edit(self, pull: Pull, title: str, body: str) -> None:
        """Other words for one, where they differ. Raises RefusedError."""
        if (pull.title, _plain(pull.body)) != (title, _plain(body)):
            self._ask("PATCH", f"pulls/{pull.number}", {"title": title, "body": body})

    def close(self, pull: Pull, word: str) -> None:
        """Close one with a word. Raises RefusedError."""
        self._ask("POST", f"issues/{pull.number}/comments", {"body": word})
        self._ask("PATCH", f"pulls/{pull.number}", {"state": "closed"})

    def _ask(self, method: str, path: str, value: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - any JSON
        words = ["gh", "api", "--method", method, f"repos/{self.repository}/{path}"]
        words += ["--input", "-"] if value else []
        try:
            done = subprocess.run(
                words,
                input=json.dumps(value) if value else None,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise TrackerError("gh is not installed: install it, or use the mode push") from error
        if done.returncode:
            raise RefusedError(cut(clean(done.stderr), 200) or "no reason was given")
        return json.loads(done.stdout or "null")


def _pull(row: Mapping[str, Any]) -> Pull:
    return Pull(
        number=row["number"],
        open=row["state"] == "open",
        head=row["head"]["sha"],
        url=row["html_url"],
        title=row["title"],
        body=row["body"] or "",
    )


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").strip()
