"""Generators whose configuration is a program: Eleventy, Astro, Docusaurus, Pelican.

Nothing is run. Of the program only lines are read that give a key a plain string.
"""

from __future__ import annotations

import re
from pathlib import Path

from tracker.generators.files import address
from tracker.generators.generator import Generator
from tracker.project import Rules

_ENDINGS = ("js", "mjs", "cjs", "ts", "mts", "cts")


def eleventy(root: Path) -> Generator | None:
    """Eleventy (https://www.11ty.dev/docs/config/). It copies what `addPassthroughCopy` names
    (https://www.11ty.dev/docs/copy/), and builds pages of dot folders too, unless `.eleventyignore`
    names them (https://www.11ty.dev/docs/ignores/)."""
    names = (".eleventy.js", *(f"eleventy.config.{end}" for end in _ENDINGS))
    found = _program(root, names)
    if not found:
        return None
    name, program = found
    ignored = _program(root, (".eleventyignore",)) or ("", "")
    mend = []
    if not re.search(r"addPassthroughCopy\([^)]*[\"']\.?/?feeds\b", program):
        mend.append(f'{name}: add eleventyConfig.addPassthroughCopy("feeds")')
    if not re.search(r"^/?\.tracker(/|$)", ignored[1], re.MULTILINE):
        mend.append(
            ".eleventyignore: add a line .tracker/, or your own templates are built as pages"
        )
    return Generator(
        name="Eleventy",
        file=name,
        posts=("posts/**/*.md", "blog/**/*.md", "content/**/*.md", "src/**/*.md"),
        rules=Rules("Eleventy", content=("src", "content")),
        head="the layout with <head>, often _includes/base.njk",
        mend=tuple(mend),
    )  # fmt: skip


def astro(root: Path) -> Generator | None:
    """Astro (https://docs.astro.build/en/reference/configuration-reference/). `public/` is copied
    as it is (https://docs.astro.build/en/basics/project-structure/#public)."""
    found = _program(root, tuple(f"astro.config.{end}" for end in _ENDINGS))
    if not found:
        return None
    name, program = found
    return Generator(
        name="Astro",
        file=name,
        url=address(_said(program, "site"), _said(program, "base")),
        posts=("src/content/**/*.md", "src/pages/**/*.md", "src/data/**/*.md"),
        static="public",
        rules=Rules("Astro", content=("src/content", "src/pages", "src/data")),
        head="the layout with <head>, often src/components/BaseHead.astro",
    )


def docusaurus(root: Path) -> Generator | None:
    """Docusaurus (https://docusaurus.io/docs/api/docusaurus-config). `static/` is copied as it is
    (https://docusaurus.io/docs/static-assets)."""
    found = _program(root, tuple(f"docusaurus.config.{end}" for end in _ENDINGS))
    if not found:
        return None
    name, program = found
    return Generator(
        name="Docusaurus",
        file=name,
        url=address(_said(program, "url"), _said(program, "baseUrl")),
        title=_said(program, "title"),
        posts=("blog/**/*.md", "docs/**/*.md", "src/pages/**/*.md"),
        static="static",
        rules=Rules("Docusaurus", content=("src/pages",)),
        head=f"{name}, as headTags: (https://docusaurus.io/docs/api/docusaurus-config#headTags)",
    )


def pelican(root: Path) -> Generator | None:
    """Pelican (https://docs.getpelican.com/en/latest/settings.html). It copies the folders of
    `STATIC_PATHS` and reads HTML as articles, but for `ARTICLE_EXCLUDES`."""
    found = _program(root, ("pelicanconf.py",))
    if not found:
        return None
    name, program = found
    content = (_said(program, "PATH") or "content").strip("/")
    mend = [
        f'{name}: add "feeds" to {key}'
        for key in ("STATIC_PATHS", "ARTICLE_EXCLUDES")
        if not re.search(rf"^{key}\s*=[^\]]*[\"']feeds", program, re.MULTILINE)
    ]
    return Generator(
        name="Pelican",
        file=name,
        url=address(_said(program, "SITEURL")),
        title=_said(program, "SITENAME"),
        author=_said(program, "AUTHOR"),
        timezone=_said(program, "TIMEZONE"),
        posts=(f"{content}/**/*.md",),
        static=content,
        rules=Rules("Pelican", content=(content,)),
        head="the theme's templates/base.html",
        mend=tuple(mend),
    )


def _program(root: Path, names: tuple[str, ...]) -> tuple[str, str] | None:
    """The first of the files that is there, and its text."""
    for name in names:
        if (root / name).is_file():
            try:
                return name, (root / name).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                return name, ""
    return None


def _said(program: str, key: str) -> str | None:
    """What a line gives a key as a plain string."""
    found = re.search(rf"^[ \t]*{key}\s*[:=]\s*([\"'])([^\"'\n]+)\1", program, re.MULTILINE)
    return found[2] if found else None
