"""Generators whose configuration is data: Zola, MkDocs, Quarto; and Obsidian, a folder of notes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracker.generators.files import address, folder, mapping, named, text
from tracker.generators.generator import Generator
from tracker.project import Rules


def zola(root: Path) -> Generator | None:
    """Zola, by `base_url` in `config.toml` or `zola.toml`
    (https://www.getzola.org/documentation/getting-started/configuration/). `static/` is copied to
    the root (https://www.getzola.org/documentation/getting-started/directory-structure/)."""
    for name in ("zola.toml", "config.toml"):
        config = mapping(root / name)
        if "base_url" in config:
            return Generator(
                name="Zola",
                file=name,
                url=address(config.get("base_url")),
                title=text(config.get("title")),
                author=text(config.get("author")),
                posts=("content/**/*.md",),
                static="static",
                rules=Rules("Zola", content=("content",)),
                head="templates/base.html",
            )
    return None


def mkdocs(root: Path) -> Generator | None:
    """MkDocs (https://www.mkdocs.org/user-guide/configuration/). All of `docs_dir` that is no
    Markdown is copied, but for names that begin with a dot
    (https://www.mkdocs.org/user-guide/writing-your-docs/)."""
    name = next((n for n in ("mkdocs.yml", "mkdocs.yaml") if (root / n).is_file()), None)
    if not name:
        return None
    config = mapping(root / name)
    docs = folder(config.get("docs_dir"), "docs")
    return Generator(
        name="MkDocs",
        file=name,
        url=address(config.get("site_url")),
        title=text(config.get("site_name")),
        author=text(config.get("site_author")),
        posts=(f"{docs}/**/*.md",),
        static=docs,
        rules=Rules(
            "MkDocs", content=(docs,), pretty=config.get("use_directory_urls") is not False
        ),
        head="overrides/main.html, in {% block extrahead %}, with custom_dir: overrides in theme",
    )


def quarto(root: Path) -> Generator | None:
    """Quarto, by `_quarto.yml` (https://quarto.org/docs/reference/projects/websites.html). Files
    are copied that `resources` names (https://quarto.org/docs/websites/website-tools.html)."""
    name = next((n for n in ("_quarto.yml", "_quarto.yaml") if (root / n).is_file()), None)
    if not name:
        return None
    config = mapping(root / name)
    website, project = _table(config.get("website")), _table(config.get("project"))
    resources = project.get("resources")
    listed = resources if isinstance(resources, list) else [resources]
    copied = any(isinstance(item, str) and item.startswith("feeds") for item in listed)
    return Generator(
        name="Quarto",
        file=name,
        url=address(website.get("site-url"), website.get("site-path")),
        title=text(website.get("title")),
        author=named(config.get("author")),
        posts=("**/*.qmd",),
        rules=Rules("Quarto", pretty=False),
        head=f"{name}, as text of include-in-header: below format: html:",
        mend=() if copied else (f'{name}: add resources: ["feeds/**"] below project:',),
    )


def obsidian(root: Path) -> Generator | None:
    """A vault of Obsidian: notes in any folder, published by other means."""
    if not (root / ".obsidian").is_dir():
        return None
    return Generator(name="Obsidian", file=".obsidian", posts=("**/*.md",))


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
