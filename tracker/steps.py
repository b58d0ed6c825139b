"""What is left for the owner after `tracker init`, in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracker import config, workflow
from tracker.generators import Generator
from tracker.project import Project
from tracker.publish.masthead import feed_url, head_lines
from tracker.surroundings import git


def closing(
    root: Path, project: Project, generator: Generator, mode: str, publish: str
) -> Iterator[str]:
    """The owner's steps, and the lines by which readers find the feeds."""
    flow = workflow.standing(root)
    asked = _asked_of_github(mode, publish) if flow else ()
    steps = [*generator.mend, *asked, *_local(project, flow)]
    yield "\nThe rest is yours to do:"
    for number, step in enumerate(steps, 1):
        yield f"{number}. {step}"
    site = project.sites[0]
    if site.url:
        yield f"\nFeeds will be in {site.feeds}/ and at {feed_url(site, '')}"
        place = generator.head or "the head of the site's pages, if there are any"
        yield f"For readers to find them, put these lines into {place}:"
        yield from head_lines(site)


def _asked_of_github(mode: str, publish: str) -> Iterator[str]:
    if mode == "review":
        yield (
            "On GitHub, Settings > Actions > General: tick "
            '"Allow GitHub Actions to create and approve pull requests".'
        )
    if publish == "pages":
        yield 'On GitHub, Settings > Pages: set the source to "GitHub Actions".'


def _local(project: Project, flow: str) -> Iterator[str]:
    """The commit of what was written, and the first run. flow: the workflow, if there is one."""
    settings = project.settings or config.SETTINGS[0]
    written = [str(Path(settings).parent) if "/" in settings else settings]
    written += [flow] if flow else []
    kept = [*written, *(f"{site.feeds}/" for site in project.sites if site.url)]
    if ignored := git(project.root, "check-ignore", "--no-index", *kept):
        yield f".gitignore leaves out {', '.join(ignored.split())}: take that out of it."
    if not git(project.root, "rev-parse", "--show-toplevel"):
        yield "Make this folder a git repository, with a remote (git init, git remote add)."
    yield f'git add {" ".join(written)} && git commit -m "Set tracker up" && git push'
    hand = "tracker refresh --dry-run shows what it would write, tracker refresh writes it for you to commit"
    run = "; or on GitHub: Actions > tracker > Run workflow" if flow else ""
    yield f"The first run: {hand}{run}."
