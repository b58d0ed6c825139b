"""Real Jekyll and Hugo build a site that tracker was set up in: the feeds are there byte for byte,
nothing of tracker's own is, and every other page is as it was."""

import os
import shutil
import subprocess
from pathlib import Path

import having
import pytest
from conftest import EXAMPLE, at

from tracker import config, run, setup, sources
from tracker import post as posts
from tracker.demo.standin import StandIn
from tracker.http import Http
from tracker.publish.address import post_url

pytestmark = pytest.mark.real

NOW = at("2025-11-22T12:00:00")
NAME = "2025-01-21-llm-tech-report-notes.md"
OTHER = "---\ntitle: Another\n---\n\nNothing that is tracked.\n"
PAGE = "<!doctype html><article>%s</article>"
SITES = {
    "jekyll": {
        "_config.yml": "url: https://example.org\nbaseurl: /blog\n",
        "_layouts/post.html": PAGE % "{{ content }}",
        f"_posts/{NAME}": EXAMPLE,
        "_posts/2025-01-01-another.md": OTHER,
        "assets/x.txt": "x\n",
    },
    "jekyll, with a source": {
        "_config.yml": "url: https://example.org\nsource: src\n",
        "src/_layouts/post.html": PAGE % "{{ content }}",
        f"src/_posts/{NAME}": EXAMPLE,
        "src/_posts/2025-01-01-another.md": OTHER,
    },
    "hugo": {
        "config.toml": 'baseURL = "https://example.org/blog/"\n'
        'disableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n'
        '[permalinks]\nnotes = "/n/:year/:slugorfilename/"\n',
        "layouts/_default/single.html": PAGE % "{{ .Content }}",
        "layouts/_default/list.html": PAGE % "{{ .Title }}",
        "layouts/index.html": PAGE % "{{ .Title }}",
        f"content/notes/{NAME}": EXAMPLE,
        "content/notes/another.md": OTHER,
        "static/x.txt": "x\n",
    },
}
BUILD = {
    "jekyll": (["jekyll", "build", "--quiet"], "_site"),
    "hugo": (["hugo", "--quiet"], "public"),
}


@pytest.fixture(params=SITES)
def blog(tmp_path, request):
    """A blog before tracker, and how it is built: the built files by name."""
    command, output = BUILD[request.param.partition(",")[0]]
    having.program(command[0])
    for name, text in SITES[request.param].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        # Hugo refuses front matter with a key twice, which the example has.
        source = (
            text.read_text().replace("category: blog\n", "") if isinstance(text, Path) else text
        )
        (tmp_path / name).write_text(source)

    def build():
        shutil.rmtree(tmp_path / output, ignore_errors=True)
        clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
        subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, env=os.environ | clock
        )
        files = (p for p in (tmp_path / output).rglob("*") if p.is_file())
        return {p.relative_to(tmp_path / output).as_posix(): p.read_bytes() for p in files}

    return tmp_path, build


def refresh(root):
    """What a run does, asked of the stand-in."""
    with StandIn(NOW) as standin:
        http = Http({})
        run.refresh(
            config.load(root, {}),
            run.Wishes(),
            NOW,
            lambda questions: sources.latest(questions, http, standin.endpoints),
            lambda pairs: sources.differences(pairs, http, standin.endpoints),
        )
        http.close()


def test_a_site_gets_its_feeds_and_nothing_else(blog):
    """Only the tracked post's page differs, and its address is the one that the feeds give."""
    root, build = blog
    before = build()
    for _ in setup.init(root, setup.Wishes(), lambda _question, default: default):
        pass
    (root / ".tracker/templates").mkdir()
    (root / ".tracker/templates/stub.md").write_text("**{{ kind }}**: [pdf]({{ url | address }})")
    refresh(root)
    after = build()

    site = config.load(root, {}).sites[0]
    assert (root / ".tracker/state/ledger.json").is_file()
    made = {
        f"feeds/{p.relative_to(root / site.feeds).as_posix()}": p.read_bytes()
        for p in (root / site.feeds).rglob("*")
        if p.is_file()
    }
    assert {"feeds/rss.xml", "feeds/atom.xml", "feeds/feed.json", "feeds/index.html"} <= set(made)
    assert {name: after.get(name) for name in made} == made
    assert set(after) - set(before) == set(made)
    assert not [name for name in after if "tracker" in name or "ledger" in name or "stub" in name]

    (post,) = (p for p in root.rglob(NAME) if p.is_file())
    read = posts.parse(post.relative_to(root).as_posix(), post.read_bytes(), sources.identify)
    page = post_url(site, read).removeprefix(site.url)
    page += "index.html" if page.endswith("/") else ""
    assert {name for name in before if before[name] != after[name]} == {page}
