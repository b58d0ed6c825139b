"""Jekyll, by `_config.yml` (https://jekyllrb.com/docs/configuration/options/).

Files without front matter are copied as they are. Left out are names that begin with `.`, `_`, `#`
or `~`, and what `exclude` names, unless `include` names it
(https://jekyllrb.com/docs/configuration/options/#global-configuration).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tracker.generators.files import address, folder, mapping, named, text
from tracker.generators.generator import Generator
from tracker.project import Rules

_FILE = "_config.yml"
_HEAD = "_includes/head.html (with the theme minima: _includes/custom-head.html)"


def read(root: Path) -> Generator | None:
    """What `_config.yml` says, if there is one."""
    return _read(root, _FILE, "") if (root / _FILE).is_file() else None


def read_docs(root: Path) -> Generator | None:
    """A site in `docs/`, as GitHub Pages can build it from a branch
    (https://docs.github.com/en/pages/getting-started-with-github-pages/configuring-a-publishing-source-for-your-github-pages-site)."""
    name = f"docs/{_FILE}"
    return _read(root, name, "docs") if (root / name).is_file() else None


def _read(root: Path, name: str, home: str) -> Generator:
    config = mapping(root / name)
    source = folder(config.get("source"), "")
    base = "/".join(part for part in (home, source) if part)
    below = f"{base}/" if base else ""
    above = "" if source else text(config.get("collections_dir")) or ""
    posts = "/".join(part for part in (base, above.strip("/")) if part)
    return Generator(
        name="Jekyll",
        file=name,
        url=address(config.get("url"), config.get("baseurl")),
        title=text(config.get("title")),
        author=named(config.get("author")),
        timezone=text(config.get("timezone")),
        permalink=text(config.get("permalink")),
        posts=tuple(
            f"{posts}/{folder}/**/*.md" if posts else f"{folder}/**/*.md"
            for folder in ("_posts", *_collections(config))
        ),
        static=base,
        rules=Rules(content=(base,) if base else ()),
        head=below + _HEAD,
        mend=tuple(_mend(config, name)),
    )


def _collections(config: Mapping[str, Any]) -> Iterator[str]:
    """The folders of collections (https://jekyllrb.com/docs/collections/)."""
    names = config.get("collections")
    if isinstance(names, Mapping | list):
        yield from (f"_{name}" for name in names if isinstance(name, str) and name != "posts")


def _mend(config: Mapping[str, Any], name: str) -> Iterator[str]:
    if _named(config.get("exclude"), "feeds"):
        yield f"{name}: exclude leaves feeds/ out of the site: take feeds from that list"
    if _named(config.get("include"), ".tracker"):
        yield f"{name}: include publishes .tracker/: take .tracker from that list"


def _named(patterns: object, path: str) -> bool:
    """Whether a list of names and patterns holds a folder at the root."""
    listed = patterns if isinstance(patterns, list) else [patterns]
    plain = [p.strip("/").removesuffix("/**") for p in listed if isinstance(p, str)]
    return any(fnmatchcase(path, pattern) for pattern in plain if pattern)
