"""Settings: what each says, what is refused with its place and remedy, and which post is whose."""

import re

import pytest
from conftest import ROOT

from tracker import config
from tracker.config import load
from tracker.model import TrackerError
from tracker.project import Site
from tracker.publish.masthead import feed_url


def project(tmp_path, text):
    (tmp_path / "tracker.toml").write_text(text)
    return load(tmp_path, {})


GLOBS = {
    "_posts/*.md": (["_posts/a.md"], ["_posts/x/a.md", "a.md", "_posts/a.mdx"]),
    "docs/**/*.md": (["docs/a.md", "docs/x/y/a.md"], ["a.md", "docs.md", "x/docs/a.md"]),
    "**/*.qmd": (["a.qmd", "x/y/a.qmd"], ["a.md"]),
    "README.md": (["README.md"], ["x/README.md", "READMEmd"]),
    "notes-?.[mt]*": (["notes-1.md", "notes-2.txt"], ["notes-12.md", "notes-1/x.md"]),
}


@pytest.mark.parametrize(("glob", "paths"), GLOBS.items(), ids=GLOBS)
def test_a_glob_holds_the_paths_that_it_finds(tmp_path, glob, paths):
    """As a folder's own globbing has it, also for a post that is no longer there."""
    inside, outside = paths
    for path in (*inside, *outside):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.glob(glob) if p.is_file()}
    assert found & {*inside, *outside} == set(inside)
    assert [path for path in (*inside, *outside) if Site((glob,)).holds(path)] == inside


def test_what_stands_above_the_sites_is_the_default_of_each(tmp_path):
    """And each may say otherwise."""
    read = project(
        tmp_path,
        """
author = "Ada"
site_url = "https://example.org/"
stubs = "items"
[[site]]
posts = ["a/*.md"]
[[site]]
posts = ["b/*.md"]
feeds = "b/feeds"
site_url = "https://b.example"
stubs = "sections"
timezone = "Asia/Tokyo"
""",
    )
    one, two = read.sites
    assert (one.url, one.author, one.stubs, one.feeds) == (
        "https://example.org/", "Ada", "items", "feeds",
    )  # fmt: skip
    assert (two.url, two.author, two.stubs, two.feeds) == (
        "https://b.example/", "Ada", "sections", "b/feeds",
    )  # fmt: skip
    assert str(read.zone("b/x.md")) == "Asia/Tokyo"
    assert read.sites_of("b/x.md") == (two,)
    assert read.sites_of("elsewhere.md") == (one,)


REFUSED = {
    "two sites with one folder of feeds": (
        '[[site]]\nposts = ["a.md"]\n[[site]]\nposts = ["b.md"]\n',
        "tracker.toml: [[site]] 2: feeds is 'feeds' as in [[site]] 1: give each a folder of its own",
    ),
    "a site without posts": (
        '[[site]]\nfeeds = "x"\n',
        "tracker.toml: [[site]] 1: no posts: add a line like posts = ",
    ),
    "an unknown key of a site": (
        '[[site]]\nposts = ["a.md"]\nurl = "x"\n',
        "tracker.toml: [[site]] 1: unknown key 'url'",
    ),
    "what belongs to all": (
        '[[site]]\nposts = ["a.md"]\nstate = "x"\n',
        "tracker.toml: [[site]] 1: unknown key 'state'",
    ),
    "a site that is no table": ("site = [1]\n", "tracker.toml: site must be written as tables"),
    "sites that are no list": ("site = 1\n", "tracker.toml: site must be written as tables"),
    "a folder that is none": (
        'posts = ["docs/**.md"]\n',
        "tracker.toml: posts: 'docs/**.md': ** must be a whole folder, as in docs/**/*.md",
    ),
    "a link where a name should be": (
        'ignore = ["https://github.com/o/r"]\n',
        "tracker.toml: ignore: 'https://github.com/o/r': write it as tracker links shows it",
    ),
    "feeds in one folder, spelled otherwise": (
        '[[site]]\nposts = ["a.md"]\n[[site]]\nposts = ["b.md"]\nfeeds = "./feeds/"\n',
        "tracker.toml: [[site]] 2: feeds is 'feeds' as in [[site]] 1",
    ),
    "stubs of no kind": (
        'stubs = "rows"\n',
        "tracker.toml: stubs must be one of sections, items",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(tmp_path, text, message):
    """In one line with file, place and remedy."""
    with pytest.raises(TrackerError) as refused:
        project(tmp_path, text)
    assert str(refused.value).startswith(message)


def test_a_path_is_the_same_however_it_is_spelled(tmp_path):
    """`./` and doubled slashes change nothing; no site is one."""
    read = project(tmp_path, 'site = []\nposts = ["./fr//x.md"]\nfeeds = "./out/"\n')
    assert (read.sites[0].posts, read.sites[0].feeds) == (("fr/x.md",), "out")


def test_the_ids_of_feeds_do_not_depend_on_the_order_of_sites(tmp_path):
    """But on the folder of each."""
    a = '[[site]]\nposts = ["a.md"]\nfeeds = "a"\n'
    b = '[[site]]\nposts = ["b.md"]\n'
    assert {(s.feeds, s.mark) for s in project(tmp_path, a + b).sites} == {
        ("a", "a"),
        ("feeds", ""),
    }
    assert {(s.feeds, s.mark) for s in project(tmp_path, b + a).sites} == {
        ("a", "a"),
        ("feeds", ""),
    }
    assert project(tmp_path, a).sites[0].mark == ""


STATIC = {
    "none": ("", "feeds", "feeds/x"),
    "a folder that is published as the root": ('static = "public"', "public/feeds", "feeds/x"),
    "feeds of another name in it": (
        'static = "./public/"\nfeeds = "public/n/f"',
        "public/n/f",
        "n/f/x",
    ),
    "feeds that are the root": ('static = "docs"\nfeeds = "docs"', "docs", "x"),
    "feeds beside it": ('static = "docs"\nfeeds = "doc"', "doc", "doc/x"),
    "the root, whatever the generator": ('static = "."', "feeds", "feeds/x"),
}


@pytest.mark.parametrize(("text", "folder", "published"), STATIC.values(), ids=STATIC)
def test_feeds_are_published_without_the_folder_of_static_files(tmp_path, text, folder, published):
    """A file of that folder is published at the site's address and its path in there."""
    if "." in text.split('"')[1:2]:
        (tmp_path / "hugo.toml").write_text("")
    site = project(tmp_path, f'site_url = "https://example.org/b/"\n{text}\n').sites[0]
    assert site.feeds == folder
    assert feed_url(site, "x") == f"https://example.org/b/{published}"


def test_a_static_folder_outside_is_refused(tmp_path):
    """As for the other folders."""
    with pytest.raises(TrackerError, match="static must be a folder below the site's root"):
        project(tmp_path, 'static = "../public"\n')


def test_one_site_of_several_in_the_generators_own_folder_has_no_mark(tmp_path):
    """As one in `feeds/` has none."""
    (tmp_path / "hugo.toml").write_text("")
    read = project(
        tmp_path, '[[site]]\nposts = ["a.md"]\n[[site]]\nposts = ["b.md"]\nfeeds = "b"\n'
    )
    assert [(site.feeds, site.mark) for site in read.sites] == [("static/feeds", ""), ("b", "b")]


def test_the_readme_has_every_key_of_the_settings_and_no_other():
    """Its table is the reference; `[[site]]` has a paragraph of its own."""
    text = (ROOT / "README.md").read_text()
    table = text[text.index("| key | default | meaning |") :].partition("\n\n")[0]
    told = set(re.findall(r"`([a-z_]+)`", "\n".join(r.split("|")[1] for r in table.splitlines())))
    assert told == config._OF_A_PROJECT.keys() - {"site"}  # noqa: SLF001 - the one list of keys
