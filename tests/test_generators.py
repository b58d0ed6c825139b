"""What each generator's own configuration says of its site. Each table's facts are those of the
generator's documentation, named in the module that reads it."""

import pytest

from tracker import config, generators
from tracker.publish.masthead import feed_url, head_lines


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


HUGO = 'baseURL = "https://ada.example/b"\ntitle = "T"\ntimeZone = "Asia/Tokyo"\n'

# files -> generator, address, title, author, folder of the feeds, address of a feed
SITES = {
    "Jekyll": (
        {"_config.yml": "url: https://ada.example\nbaseurl: /b\ntitle: T\nauthor: {name: Ada}\n"},
        ("Jekyll", "https://ada.example/b/", "T", "Ada", "feeds", "feeds/x"),
    ),
    "Jekyll with a source": (
        {"_config.yml": "url: https://ada.example\nsource: ./src/\n"},
        ("Jekyll", "https://ada.example/", None, None, "src/feeds", "feeds/x"),
    ),
    "Jekyll in docs/": (
        {"docs/_config.yml": "title: T\n", "docs/CNAME": "Notes.Ada.example\n"},
        ("Jekyll", "https://notes.ada.example/", "T", None, "docs/feeds", "feeds/x"),
    ),
    "Hugo": (
        {"hugo.toml": HUGO + '[params]\nauthor = "Ada"\n'},
        ("Hugo", "https://ada.example/b/", "T", "Ada", "static/feeds", "feeds/x"),
    ),
    "Hugo, YAML, any case, author in a table": (
        {"hugo.yaml": "BaseURL: https://ada.example/\nTitle: T\nParams: {author: {name: Ada}}\n"},
        ("Hugo", "https://ada.example/", "T", "Ada", "static/feeds", "feeds/x"),
    ),
    "Hugo, JSON, a static folder of its own": (
        {"hugo.json": '{"baseURL": "https://ada.example/", "staticDir": "assets/raw"}'},
        ("Hugo", "https://ada.example/", None, None, "assets/raw/feeds", "feeds/x"),
    ),
    "Hugo before 0.110": (
        {"config.toml": HUGO},
        ("Hugo", "https://ada.example/b/", "T", None, "static/feeds", "feeds/x"),
    ),
    "Hugo, a folder of configuration": (
        {"config/_default/hugo.toml": HUGO, "config/_default/params.toml": 'author = "Ada"\n'},
        ("Hugo", "https://ada.example/b/", "T", "Ada", "static/feeds", "feeds/x"),
    ),
    "Hugo, without an address": (
        {"hugo.toml": 'baseURL = "/"\n', "static/CNAME": "ada.example"},
        ("Hugo", "https://ada.example/", None, None, "static/feeds", "feeds/x"),
    ),
    "Zola": (
        {"config.toml": 'base_url = "https://ada.example"\ntitle = "T"\nauthor = "Ada"\n'},
        ("Zola", "https://ada.example/", "T", "Ada", "static/feeds", "feeds/x"),
    ),
    "MkDocs": (
        {
            "mkdocs.yml": "site_name: T\nsite_url: https://ada.example/d/\nsite_author: Ada\n"
            "markdown_extensions:\n  - x: {y: !!python/name:material.emoji }\n"
            "extra: !ENV [NAME, x]\n"
        },
        ("MkDocs", "https://ada.example/d/", "T", "Ada", "docs/feeds", "feeds/x"),
    ),
    "Quarto": (
        {"_quarto.yml": "website: {title: T, site-url: 'https://ada.example'}\nauthor: [Ada]\n"},
        ("Quarto", "https://ada.example/", "T", "Ada", "feeds", "feeds/x"),
    ),
    "Eleventy": (
        {"eleventy.config.js": "export default c => c;\n", "CNAME": "ada.example"},
        ("Eleventy", "https://ada.example/", None, None, "feeds", "feeds/x"),
    ),
    "Astro": (
        {"astro.config.mjs": "export default {\n  site: 'https://ada.example',\n  base: '/b',\n}\n"},
        ("Astro", "https://ada.example/b/", None, None, "public/feeds", "feeds/x"),
    ),
    "Docusaurus": (
        {
            "docusaurus.config.ts": "const c = {\n  title: 'T',\n  url: 'https://ada.example',\n"
            "  baseUrl: '/b/',\n};\n"
        },
        ("Docusaurus", "https://ada.example/b/", "T", None, "static/feeds", "feeds/x"),
    ),
    "Pelican": (
        {"pelicanconf.py": "AUTHOR = 'Ada'\nSITENAME = 'T'\nSITEURL = 'https://ada.example'\n"},
        ("Pelican", "https://ada.example/", "T", "Ada", "content/feeds", "feeds/x"),
    ),
    "none, with a domain": (
        {"README.md": "x", "CNAME": "ada.example\n"},
        ("", "https://ada.example/", None, None, "feeds", "feeds/x"),
    ),
    "none": ({"README.md": "x", "CNAME": "no domain\n"}, ("", None, None, None, "feeds", "feeds/x")),
    "a file that is not readable": (
        {"_config.yml": "a: [\n"},
        ("Jekyll", None, None, None, "feeds", "feeds/x"),
    ),
    "a config.toml of something else": (
        {"config.toml": "[tool]\nx = 1\n"},
        ("", None, None, None, "feeds", "feeds/x"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), SITES.values(), ids=SITES)
def test_what_a_site_says_of_itself(tmp_path, files, expected):
    """Without a setting: address, title, author, and feeds where its generator publishes files."""
    write(tmp_path, files)
    site = config.load(tmp_path, {}).sites[0]
    name, url, title, author, feeds, published = expected
    assert generators.find(tmp_path).name == name
    assert (site.url, site.title, site.author, site.feeds) == (url, title, author, feeds)
    assert feed_url(site, "x") == f"{url or '/'}{published}"


def test_the_time_zone_of_the_generator_counts(tmp_path):
    """And one that is none is said with the generator's file."""
    write(tmp_path, {"hugo.toml": HUGO})
    assert str(config.load(tmp_path, {}).sites[0].timezone) == "Asia/Tokyo"
    write(tmp_path, {"hugo.toml": 'timeZone = "Mars"\n'})
    with pytest.raises(config.TrackerError, match=r"hugo\.toml: unknown timezone 'Mars'"):
        config.load(tmp_path, {})


MEND = {
    "Jekyll, feeds left out": ({"_config.yml": "exclude: [feeds/]\n"}, ["exclude"]),
    "Jekyll, settings published": ({"_config.yml": "include: ['.tr*']\n"}, ["include"]),
    "Jekyll, other names": ({"_config.yml": "exclude: [feed]\ninclude: [.well-known]\n"}, []),
    "Quarto": ({"_quarto.yml": "project: {type: website}\n"}, ["resources"]),
    "Quarto, done": ({"_quarto.yml": "project: {resources: ['feeds/**']}\n"}, []),
    "Eleventy": ({".eleventy.js": ""}, ["addPassthroughCopy", ".eleventyignore"]),
    "Eleventy, done": (
        {
            ".eleventy.js": 'c.addPassthroughCopy("feeds");',
            ".eleventyignore": "drafts/\n.tracker/\n",
        },
        [],
    ),
    "Pelican": ({"pelicanconf.py": "STATIC_PATHS = ['images']\n"}, ["STATIC", "ARTICLE"]),
    "Pelican, done": (
        {"pelicanconf.py": "STATIC_PATHS = ['images', 'feeds']\nARTICLE_EXCLUDES = ['feeds']\n"},
        [],
    ),
    "Hugo": ({"hugo.toml": HUGO}, []),
}


@pytest.mark.parametrize(("files", "words"), MEND.values(), ids=MEND)
def test_what_keeps_feeds_from_readers_is_said(tmp_path, files, words):
    """One line each, with the file and what to write."""
    write(tmp_path, files)
    said = generators.find(tmp_path).mend
    assert len(said) == len(words)
    assert all(word in line for word, line in zip(words, said, strict=True))


def test_the_head_lines_are_absolute_and_escaped(tmp_path):
    """One for each form."""
    write(tmp_path, {"hugo.toml": HUGO.replace('"T"', "'A \"B\" & C'")})
    lines = head_lines(config.load(tmp_path, {}).sites[0])
    assert lines[0] == (
        '<link rel="alternate" type="application/atom+xml" title="A &quot;B&quot; &amp; C" '
        'href="https://ada.example/b/feeds/atom.xml">'
    )
    assert len(lines) == 3
