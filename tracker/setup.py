"""`tracker init`: what a first run needs, found in the folder rather than asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracker import config, state
from tracker.model import Ledger, TrackerError
from tracker.project import Project, Site
from tracker.shelf import read_posts

# A generator publishes no folder that begins with a dot: settings, state and templates go there.
_GENERATORS = ("_config.yml", "hugo.toml", "hugo.yaml", "config.toml", "mkdocs.yml", "_quarto.yml")
_POSTS = ("_posts/**/*.md", "content/**/*.md", "docs/**/*.md", "posts/**/*.md", "README.md")
_POSTS_OF = {"_quarto.yml": ("**/*.qmd", *_POSTS), ".obsidian": ("**/*.md",)}


def init(root: Path, site_url: str | None) -> Iterator[str]:
    """Write the settings for the posts with tracked links below `root`, and say what comes next.

    Running it again changes nothing. Raises TrackerError where no post has a tracked link.
    """
    project = config.load(root)
    if project.settings:
        yield f"{project.settings} is there already: nothing was changed."
        return
    usual = next((globs for mark, globs in _POSTS_OF.items() if (root / mark).exists()), _POSTS)
    patterns = [p for p in usual if _has_links(root, p)]
    if not patterns:
        raise TrackerError(
            f"no post with an arXiv, GitHub or Hugging Face link in {', '.join(usual)}: "
            "run tracker init in the folder of your blog"
        )
    blog = any((root / name).is_file() for name in _GENERATORS)
    name = config.SETTINGS[1] if blog else config.SETTINGS[0]
    if site_url and not config.ADDRESS.fullmatch(site_url):
        raise TrackerError("--site-url: must look like https://example.org/blog/")
    url = site_url or project.sites[0].url
    state.write(root, name, _settings(patterns, url, written=bool(site_url)).encode())
    yield f"{name} written: it tracks {', '.join(patterns)}."
    if not url:
        yield f"No address found: set site_url in {name}, or there will be no feeds."
    yield "Next: tracker refresh --dry-run  (asks, shows what it would write)"
    yield "      tracker refresh            (writes it)"


def _has_links(root: Path, pattern: str) -> bool:
    probe = Project(root, settings="probe", sites=(Site((pattern,)),))
    return bool(read_posts(probe, Ledger(), ()).posts)


def _settings(patterns: list[str], url: str | None, *, written: bool) -> str:
    posts = ", ".join(f'"{p}"' for p in patterns)
    address = f'site_url = "{url or "https://OWNER.github.io/REPOSITORY/"}"'
    mark = "" if written else "# "
    return (
        "# Which posts are tracked; patterns are relative to the site's root.\n"
        f"posts = [{posts}]\n"
        "\n"
        "# Where the site is published. Left out, it is told from _config.yml or from git.\n"
        f"{mark}{address}\n"
        "\n"
        "# Where lines are written: at the end of sections alone, or in the items of lists too.\n"
        '# stubs = "items"\n'
        "\n"
        "# Links to leave alone for ever, by the names that tracker links shows.\n"
        '# ignore = ["github:owner/name"]\n'
    )
