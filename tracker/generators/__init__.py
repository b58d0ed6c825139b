"""The generator of a site, told by the files that it is configured with. It asks and runs nothing."""

from __future__ import annotations

from pathlib import Path

from tracker.generators import data, hugo, jekyll, script
from tracker.generators.generator import Generator

__all__ = ["Generator", "find"]

# The surest marks first: many sites have a `docs/` with a configuration of its own.
_READERS = (
    jekyll.read,
    hugo.read,
    data.zola,
    data.mkdocs,
    data.quarto,
    script.eleventy,
    script.astro,
    script.docusaurus,
    script.pelican,
    data.obsidian,
    jekyll.read_docs,
)


def find(root: Path) -> Generator:
    """What the site's generator says of it; a nameless one where there is none."""
    return next((found for read in _READERS if (found := read(root))), Generator())
