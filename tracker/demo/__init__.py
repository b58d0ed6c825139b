"""`tracker demo`: the whole job on three days of real history, against a server on this machine.

It makes a folder `demo/` and shows what a refresh says on each day. It asks nobody outside.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import config
from tracker.commands.common import now as current
from tracker.model import TrackerError

if TYPE_CHECKING:
    from tracker.demo.standin import StandIn

FOLDER = "demo"
MARK = ".made-by-tracker-demo"
BEFORE = "before.md"
POST = "2025-01-21-llm-tech-report-notes.md"
SETTINGS = """\
posts = ["_posts/*.md"]
site_url = "https://example.org/"
"""
DAYS = (
    (datetime(2025, 1, 22, 12, tzinfo=UTC), "the day of the post's last edit"),
    (datetime(2025, 6, 30, 12, tzinfo=UTC), "five months later"),
)
NEXT = f"""\
What is in {FOLDER}/, to open and read:
  _posts/{POST}   the post with its new lines
  feeds/index.html     the page of what changed and of all links
  feeds/rss.xml        the feed that people subscribe to
  state/ledger.json    what tracker remembers between runs

Only the new lines:
  diff {FOLDER}/{BEFORE} {FOLDER}/_posts/{POST}
Next, in the folder of your own blog:
  tracker init"""


def show(folder: Path, echo: Callable[[str], None], now: datetime | None = None) -> None:
    """Make `folder`/demo and refresh in it as of three days, the last one `now`.

    Raises TrackerError where a `demo` stands that the demo did not make.
    """
    from tracker.demo.standin import StandIn  # noqa: PLC0415 - slow, and only for this

    now = now or current()
    original = _original()
    root = _fresh(folder / FOLDER)
    (root / "_posts").mkdir()
    for copy in (root / "_posts" / POST, root / BEFORE):
        shutil.copyfile(original, copy)
    (root / config.SETTINGS[0]).write_text(SETTINGS, encoding="utf-8")
    echo("A post of notes with links to arXiv, GitHub and Hugging Face, on three days.")
    echo("The answers are made from what really happened; the papers' texts are made up.")
    echo("Nobody outside is asked.")
    with _straight(), StandIn(now) as standin:
        for day, what in (*DAYS, (now, "today")):
            if day > now:
                continue
            echo(f"\n=== {day:%Y-%m-%d}: {what} ===\n\n$ tracker refresh")
            standin.now = day
            for line in _refresh(root, standin):
                echo(line)
    echo(f"\n{NEXT}")


def _original() -> Path:
    """The example post: beside this module in a wheel, in `posts/` in a checkout."""
    here = Path(__file__).parent
    return next(p for p in (here / POST, here.parents[1] / "posts" / POST) if p.is_file())


def _fresh(root: Path) -> Path:
    """An empty folder with our mark in it, in the place of an older one of ours."""
    if root.is_symlink() or (root.exists() and not (root / MARK).is_file()):
        raise TrackerError(
            f"{root.name}/: not made by tracker demo: rename it, or run in another folder"
        )
    if root.exists():
        shutil.rmtree(root)
    root.mkdir()
    (root / MARK).write_text("tracker demo replaces this folder.\n", encoding="utf-8")
    return root


def _refresh(root: Path, standin: StandIn) -> Iterator[str]:
    """One refresh as the command does it, but of the stand-in; the lines it shows."""
    from tracker import run, screen, sources  # noqa: PLC0415 - slow, and only for this
    from tracker.http import Http  # noqa: PLC0415 - the same

    project = config.load(root, {})

    with closing(Http({})) as http:  # nobody's server to be polite to
        outcome = run.refresh(
            project,
            run.Wishes(),
            standin.now,
            lambda questions: sources.latest(questions, http, standin.endpoints),
            lambda pairs: sources.differences(pairs, http, standin.endpoints),
        )
    yield from screen.summary(outcome, project, dry_run=False)
    yield from (f"tracker: {line}" for line in (*outcome.warnings, *outcome.mend))


@contextmanager
def _straight() -> Iterator[None]:
    """Within, no proxy of the environment stands between us and this machine."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    known = [value for value in before.values() if value]
    os.environ |= dict.fromkeys(before, ",".join([*known, "127.0.0.1"]))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
