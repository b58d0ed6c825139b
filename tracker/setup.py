"""`tracker init`: what a first run needs, found in the folder rather than asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker import config, generators, state, steps, workflow
from tracker.generators import Generator
from tracker.model import Ledger, TrackerError
from tracker.project import Project, Site
from tracker.shelf import read_posts
from tracker.surroundings import git, repository

# Where posts are if no generator says: the first of these that has any.
_POSTS = ("_posts/**/*.md", "content/**/*.md", "docs/**/*.md", "posts/**/*.md", "README.md")

Ask = Callable[[str, str], str]
"""A question and its default to an answer."""


@dataclass(frozen=True)
class Wishes:
    """What the owner says of their own accord. `tracker` is OWNER/NAME@REF, for the workflow."""

    site_url: str | None = None
    mode: str = "review"
    publish: str = "commit"
    tracker: str | None = None
    workflow: bool = True


def init(root: Path, wishes: Wishes, ask: Ask) -> Iterator[str]:
    """Write settings and workflow for the posts with tracked links below `root`; gives what there
    is to say, with what is the owner's to do at the end.

    A file that is there is left as it is, so running it again changes nothing. Raises TrackerError
    where no post has a tracked link, and for a wish that cannot be meant.
    """
    generator = generators.find(root)
    _checked(root, wishes, generator)
    project = config.load(root)
    if project.settings:
        yield f"{project.settings} is there already: nothing was changed."
    else:
        yield from _write_settings(root, generator, wishes, ask)
        project = config.load(root)
    yield from _write_workflow(root, project.sites[0], generator, wishes, ask)
    yield from steps.closing(root, project, generator, wishes.mode, wishes.publish)


def _checked(root: Path, wishes: Wishes, generator: Generator) -> None:
    """Raises TrackerError for a wish that cannot be meant."""
    if wishes.site_url and not config.ADDRESS.fullmatch(wishes.site_url):
        raise TrackerError("--site-url: must look like https://example.org/blog/")
    if wishes.tracker and not workflow.source(wishes.tracker):
        raise TrackerError("--tracker: must look like OWNER/NAME@REF")
    other = generator.file or next((build.file for build in workflow.builds(root)), "")
    if wishes.publish == "pages" and other:
        raise TrackerError(
            f"--publish pages: would replace the site of {other}: leave it out, and that site "
            "publishes the feeds"
        )


def _write_settings(root: Path, generator: Generator, wishes: Wishes, ask: Ask) -> Iterator[str]:
    """Write the settings, and say so; only what cannot be found is asked."""
    looked = generator.posts or _POSTS
    patterns = _patterns(root, looked) or _patterns(root, _POSTS)
    if not patterns and (answer := ask("Which files hold your notes? (a pattern)", "")):
        patterns = _patterns(root, (answer,)) if config.inside(answer) else []
        looked = (answer,)
    if not patterns:
        raise TrackerError(
            f"no post with an arXiv, GitHub or Hugging Face link in {', '.join(looked)}: "
            "run tracker init in the folder of your blog"
        )
    found = config.load(root).sites[0]
    url = wishes.site_url or found.url
    if not url:
        url = ask("Where is the site published? (an address; empty: no feeds yet)", "")
        if url and not config.ADDRESS.fullmatch(url):
            raise TrackerError(f"{url}: must look like https://example.org/blog/")
    name = config.SETTINGS[1] if generator.name else config.SETTINGS[0]
    own = bool(url) and url != found.url
    state.write(root, name, _settings(patterns, url or None, found.feeds, own=own).encode())
    what = f"{generator.name} site" if generator.name else "repository"
    yield f"{name} written for this {what}: it tracks {', '.join(patterns)}."
    if not url:
        yield f"No address found: set site_url in {name}, or there will be no feeds."


def _patterns(root: Path, looked: tuple[str, ...]) -> list[str]:
    """Those of the globs that find posts with tracked links which none before them found."""
    found: set[str] = set()
    patterns = []
    for pattern in looked:
        probe = Project(root, settings="probe", sites=(Site((pattern,)),))
        posts = {post.path for post in read_posts(probe, Ledger(), ()).posts}
        if not posts <= found:
            patterns.append(pattern)
        found |= posts
    return patterns


def _write_workflow(
    root: Path, site: Site, generator: Generator, wishes: Wishes, ask: Ask
) -> Iterator[str]:
    """Write the workflow, and say so, or why not."""
    standing = workflow.standing(root)
    if standing:
        yield f"{standing} is there already: nothing was changed."
        return
    if (root / workflow.FILE).exists():
        yield (
            f"{workflow.FILE} is there already, and does not call tracker's: rename it, and run "
            "tracker init again."
        )
        return
    if refused := _no_workflow(root, wishes):
        yield refused
        return
    calls = workflow.source(wishes.tracker) or workflow.installed()
    calls = calls or workflow.source(
        ask("Which tracker shall run on GitHub? (OWNER/NAME@REF; empty: completed later)", "")
    )
    build, said = workflow.build_of(root, site, generator, wishes.publish)
    source = workflow.text(calls, wishes.mode, wishes.publish, build)
    state.write(root, workflow.FILE, source.encode())
    yield f"{workflow.FILE} written: it runs twice a day on GitHub."
    if not calls:
        yield (
            "It was not told from where tracker was installed: complete OWNER/NAME and REF in "
            f"{workflow.FILE} (tracker's repository on GitHub and a commit of it), or delete the "
            "file and run tracker init --tracker OWNER/NAME@REF"
        )
    yield from said


def _no_workflow(root: Path, wishes: Wishes) -> str:
    """Why no workflow is written, if none is."""
    top, remote = (
        git(root, "rev-parse", "--show-toplevel"),
        git(root, "remote", "get-url", "origin"),
    )
    if not wishes.workflow:
        return "No workflow was written."
    if top and Path(top).resolve() != root.resolve():
        return f"No workflow was written: GitHub reads them at the top of a repository, {top}."
    if remote and not repository(root, {}) and not wishes.tracker:
        return "No workflow was written: origin is not on GitHub. Run tracker refresh by cron."
    return ""


def _settings(patterns: list[str], url: str | None, feeds: str, *, own: bool) -> str:
    posts = ", ".join(f'"{p}"' for p in patterns)
    mark = "" if own else "# "
    return f"""\
# Which posts are tracked; patterns are relative to the site's root.
posts = [{posts}]

# Where the site is published. Left out, it is told from the generator's configuration or from git.
{mark}site_url = "{url or "https://OWNER.github.io/REPOSITORY/"}"

# The folder of the feeds.
# feeds = "{feeds}"

# Where lines are written: at the end of sections alone, or in the items of lists too.
# stubs = "items"

# Links to leave alone for ever, by the names that tracker links shows.
# ignore = ["github:owner/name"]
"""
