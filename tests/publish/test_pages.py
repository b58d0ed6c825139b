"""Where generators other than Jekyll publish a post. The rows of Hugo, MkDocs, Eleventy and Pelican
are what the programs themselves made (0.111.3, 1.6.1, 3.1.8, 4.12.0); the others are their documentation's."""

from __future__ import annotations

import pytest
from publishing import post, site

from tracker.project import Rules
from tracker.publish import address

ROOT = "https://example.org/blog/"
HUGO = {"generator": "Hugo", "content": ("content",)}
PATTERNS = {
    "posts": "/p/:year/:month/:day/:slug/",
    "deep": "/:sections/:title/:filename",
    "été": "/:section/:yearday/:weekday/:monthname/:slugorfilename/",
    "/": "/:slug/",
}

ROWS = [
    # the path alone: https://gohugo.io/content-management/urls/
    (HUGO, "content/posts/My Post_One.md", (), "posts/my-post_one/"),
    (HUGO, "content/posts/2025-01-21-dated.md", (), "posts/2025-01-21-dated/"),
    (HUGO, "content/posts/a--b  c.md", (), "posts/a--b-c/"),
    (HUGO, "content/posts/v1.2.md", (), "posts/v1.2/"),
    (HUGO, "content/posts/fr.fr.md", (), "posts/fr.fr/"),
    (HUGO, "content/posts/README.md", (), "posts/readme/"),
    (HUGO, "content/été/é.md", (), "%C3%A9t%C3%A9/%C3%A9/"),
    (HUGO, "content/posts/Ünï (x) & y's, a+b~c@d:e!.md", (), "posts/%C3%BCn%C3%AF-x-ys-a+b~c@de/"),
    (HUGO, "content/deep/er/x/y.md", (), "deep/er/x/y/"),
    (HUGO, "content/posts/bundle/index.md", (), "posts/bundle/"),
    (HUGO, "content/posts/_index.md", (), "posts/"),
    (HUGO, "content/_index.md", (), ""),
    # its front matter
    (HUGO, "content/posts/s.md", ("slug: My Other",), "posts/my-other/"),
    (HUGO, "content/posts/bundle/index.md", ("slug: b-two",), "posts/b-two/"),
    (HUGO, "content/posts/u.md", ("url: /x/y.html",), "x/y.html"),
    (HUGO, "content/posts/u.md", ("url: z/W", "slug: s"), "z/W/"),
    # https://gohugo.io/configuration/ugly-urls/
    (HUGO | {"pretty": False}, "content/posts/x.md", (), "posts/x.html"),
    (HUGO | {"pretty": False}, "content/posts/bundle/index.md", (), "posts/bundle.html"),
    (HUGO | {"pretty": False}, "content/posts/_index.md", (), "posts.html"),
    (HUGO | {"pretty": False}, "content/_index.md", (), ""),
    (HUGO | {"ugly": ("books",)}, "content/books/x.md", (), "books/x.html"),
    (HUGO | {"ugly": ("books",)}, "content/films/x.md", (), "films/x/"),
    (HUGO | {"lower": False}, "content/posts/X y.md", (), "posts/X-y/"),
    # https://gohugo.io/configuration/permalinks/
    (HUGO | {"permalinks": PATTERNS}, "content/posts/x.md", ("title: T One", "date: 2025-01-21T23:30:00-05:00"), "p/2025/01/21/t-one/"),
    (HUGO | {"permalinks": PATTERNS}, "content/posts/x.md", ("title: Dt6", "publishDate: 2025-01-22T02:30:00Z"), "p/2025/01/22/dt6/"),
    (HUGO | {"permalinks": PATTERNS}, "content/posts/x.md", ("title: Dt7", "lastmod: 2024-01-22"), "p/2024/01/22/dt7/"),
    (HUGO | {"permalinks": PATTERNS}, "content/posts/x.md", ('title: "Ti: tle & Öne\'s (2)"', "date: 2025-01-21"), "p/2025/01/21/ti-tle-%C3%B6nes-2/"),
    (HUGO | {"permalinks": PATTERNS}, "content/deep/y.md", ("title: Y",), "deep/y/y/"),
    (HUGO | {"permalinks": PATTERNS}, "content/été/é.md", ("date: 2025-01-21",), "%C3%A9t%C3%A9/21/2/january/%C3%A9/"),
    (HUGO | {"permalinks": PATTERNS}, "content/about.md", ("title: Y",), "y/"),
    (HUGO | {"permalinks": PATTERNS}, "content/other/x.md", (), "other/x/"),
    # https://gohugo.io/configuration/languages/
    (HUGO | {"languages": ("en", "fr")}, "content/posts/x.fr.md", (), "fr/posts/x/"),
    (HUGO | {"languages": ("en", "fr")}, "content/posts/x.en.md", (), "posts/x/"),
    (HUGO | {"languages": ("en", "fr"), "below": True}, "content/posts/x.md", (), "en/posts/x/"),
    # https://www.mkdocs.org/user-guide/writing-your-docs/#file-layout
    ({"generator": "MkDocs", "content": ("docs",)}, "docs/My Page.md", (), "My%20Page/"),
    ({"generator": "MkDocs", "content": ("docs",)}, "docs/sub/a.b.md", (), "sub/a.b/"),
    ({"generator": "MkDocs", "content": ("docs",)}, "docs/sub/README.md", (), "sub/"),
    ({"generator": "MkDocs", "content": ("docs",)}, "docs/index.md", (), ""),
    ({"generator": "MkDocs", "content": ("docs",), "pretty": False}, "docs/x.md", (), "x.html"),
    # https://quarto.org/docs/websites/
    ({"generator": "Quarto", "pretty": False}, "posts/x/index.qmd", (), "posts/x/"),
    ({"generator": "Quarto", "pretty": False}, "notes/x.qmd", (), "notes/x.html"),
    # https://www.getzola.org/documentation/content/page/
    ({"generator": "Zola", "content": ("content",)}, "content/blog/2025-01-21-Hello you.md", (), "blog/hello-you/"),
    ({"generator": "Zola", "content": ("content",)}, "content/blog/x/index.md", (), "blog/x/"),
    ({"generator": "Zola", "content": ("content",)}, "content/blog/x.md", ("slug: s",), "blog/s/"),
    ({"generator": "Zola", "content": ("content",)}, "content/blog/x.md", ("path: a/b",), "a/b/"),
    # https://docusaurus.io/docs/blog and https://docusaurus.io/docs/create-doc
    ({"generator": "Docusaurus"}, "blog/2025-01-21-x.md", (), "blog/2025/01/21/x"),
    ({"generator": "Docusaurus"}, "blog/2025-01-21-x/index.md", (), "blog/2025/01/21/x"),
    ({"generator": "Docusaurus"}, "blog/2025-01-21-x.md", ("slug: s",), "blog/s"),
    ({"generator": "Docusaurus"}, "docs/guide/01-x.md", (), "docs/guide/x"),
    ({"generator": "Docusaurus"}, "docs/guide/x.md", ("slug: /s",), "docs/s"),
    ({"generator": "Docusaurus", "content": ("src/pages",)}, "src/pages/x.md", (), "x"),
    # https://docs.getpelican.com/en/latest/settings.html#url-settings
    ({"generator": "Pelican"}, "content/b.md", ('title: "My Cool: Pöst (1)"',), "my-cool-post-1.html"),
    ({"generator": "Pelican"}, "content/c.md", ("title: S", "slug: the-slug"), "the-slug.html"),
    # https://docs.astro.build/en/guides/content-collections/
    ({"generator": "Astro", "content": ("src/content",)}, "src/content/blog/My Post.md", (), "blog/my-post/"),
    ({"generator": "Astro", "content": ("src/content",)}, "src/content/blog/x.md", ("slug: s",), "blog/s/"),
    # https://www.11ty.dev/docs/permalinks/
    ({"generator": "Eleventy"}, "posts/2025-01-21-b.md", (), "posts/2025-01-21-b/"),
    ({"generator": "Eleventy"}, "posts/index.md", (), "posts/"),
    ({"generator": "Eleventy"}, "README.md", (), "README/"),
    ({"generator": "Eleventy"}, "posts/c.md", ("permalink: /q/w/",), "q/w/"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "path", "lines", "expected"), ROWS)
def test_a_post_is_where_its_generator_puts_it(
    rules: dict[str, object], path: str, lines: tuple[str, ...], expected: str
) -> None:
    text = "\n".join(["---", *lines, "---", "", "### A", ""]) if lines else "### A\n"
    placed = site(jekyll=False, rules=Rules(**rules))
    assert address.post_url(placed, post(text, path)) == ROOT + expected


@pytest.mark.parametrize("generator", ["", "Hugo", "Astro"])
def test_the_pattern_of_the_settings_is_for_every_post(generator: str) -> None:
    """Whatever the generator, with Jekyll's names for the parts."""
    placed = site(jekyll=False, permalink="/notes/:slug/", rules=Rules(generator))
    read = post("---\nslug: Big Notes\n---\n### A\n", "anywhere/x.md")
    assert address.post_url(placed, read) == f"{ROOT}notes/big-notes/"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/_posts/2025-01-21-x.md", "2025/01/21/x.html"),
        ("src/talks/_posts/2025-01-21-x.md", "talks/2025/01/21/x.html"),
        ("src/_notes/n.md", "notes/n.html"),
        ("src/about.md", "about.html"),
    ],
)
def test_jekyll_counts_from_its_source(path: str, expected: str) -> None:
    """https://jekyllrb.com/docs/configuration/options/ (source), and collections without a mark."""
    placed = site(rules=Rules(content=("src",)))
    assert address.post_url(placed, post("### A\n", path)) == ROOT + expected


def test_a_heading_has_hugos_id_too() -> None:
    placed = site(jekyll=False, rules=Rules(generator="Hugo", content=("content",)))
    read = post("### TÜLU 3 (12/06/2024)\n", "content/x.md")
    assert address.section_url(placed, read, read.reports[0]) == f"{ROOT}x/#t%C3%BClu-3-12062024"
