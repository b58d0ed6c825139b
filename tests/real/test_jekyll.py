"""The real Jekyll builds a refreshed post: new lines are items of their own, the rest is as it was."""

import re
import subprocess

import feedparser
import having
import pytest
from bs4 import BeautifulSoup
from conftest import EXAMPLE, at

from tracker import run, sources, text
from tracker.config import load
from tracker.demo import show
from tracker.demo.standin import StandIn, shipped
from tracker.http import Http

pytestmark = pytest.mark.real

NAME = "2025-01-21-llm-tech-report-notes.md"
HOSTILE = [
    "{{ site.title }} {% raw %} {% endraw %} {% nonsense %}",
    "{: .class #id} {:toc} {::options /}",
    "<script>alert(1)</script> <b>bold</b> &lt; &#60;",
    "$$x^2$$ $y$ \\(z\\) [link](javascript:alert) ![i](x) [^1] | a | b |",
    "*stars* _under_ `code` ~~gone~~ :smile: https://evil.example www.evil.example",
]


def build(folder, source):
    """The article that Jekyll makes of a post."""
    (folder / "_posts").mkdir(parents=True)
    (folder / "_layouts").mkdir()
    (folder / "_layouts/post.html").write_text("<article>{{ content }}</article>")
    (folder / "_config.yml").write_text(
        "url: https://example.org\nplugins: [jekyll-feed]\nmarkdown: kramdown\nkramdown:\n  input: GFM\n"
    )
    (folder / "_posts" / NAME).write_bytes(source)
    subprocess.run(
        [having.program("jekyll"), "build", "--quiet"], cwd=folder, check=True, capture_output=True
    )
    (page,) = (folder / "_site").rglob("llm-tech-report-notes.html")
    feed = feedparser.parse((folder / "_site/feed.xml").read_bytes())
    assert not feed.bozo
    assert len(feed.entries) == 1
    return BeautifulSoup(page.read_text(), "html.parser").article


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """The example post after the demo's three days."""
    folder = tmp_path_factory.mktemp("demo")
    show(folder, lambda _line: None, at("2025-11-22T12:00:00"))
    return (folder / "demo/_posts" / NAME).read_bytes()


def test_new_lines_are_items_of_their_own(tmp_path, refreshed):
    """Taking the new items out of the page leaves the page of the author's post."""
    before, after = build(tmp_path / "a", EXAMPLE.read_bytes()), build(tmp_path / "b", refreshed)
    lines = set(refreshed.decode().splitlines()) - set(EXAMPLE.read_text().splitlines())
    new = [line for line in lines if line.startswith("> - **")]
    old = [str(item) for item in before.find_all("li")]
    added = [item for item in after.find_all("li") if str(item) not in old]
    assert len(added) == len(new) == 6
    assert [h.get("id") for h in after.find_all("h3")] == [
        h.get("id") for h in before.find_all("h3")
    ]
    for item in added:
        assert item.find_next_sibling("li") is None or item.find_next_sibling("li") in added
        item.decompose()
    assert re.sub(r"\s+", "", str(after)) == re.sub(r"\s+", "", str(before))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_upstream_text_is_shown_as_text(tmp_path, hostile):
    """Liquid, attribute lists, HTML, math and Markdown from upstream inject nothing."""
    line = f'> - **v9 (01/01/2025)**: [pdf](https://arxiv.org/abs/1), "{text.markdown(hostile)}"\n'
    source = EXAMPLE.read_bytes()
    place = source.index(b"\n### Kimi K1.5")
    while source[place - 1 : place] == b"\n":
        place -= 1
    article = build(
        tmp_path / "site", source[:place] + b"\n" + line.encode().rstrip() + source[place:]
    )
    (item,) = (li for li in article.find_all("li") if li.get_text().startswith("v9 "))
    shown = item.get_text().replace("“", '"').replace("”", '"')
    assert text.clean(hostile) in shown
    assert {tag.name for tag in item.find_all(True)} == {"strong", "a"}
    assert [a["href"] for a in item.find_all("a")] == ["https://arxiv.org/abs/1"]


HOSTILE_PAPER = {
    "title": "{{ site.title }} <script>alert(1)</script>",
    "comment": " ".join(HOSTILE),
    "sections": {
        "{% raw %} {: .x} *New*": ["It reaches 92.3 on <b>GSM8K</b> `x` $y$, more than before."],
        "Results": ["The larger model reaches 90.1 {{ x }} points on all of the other benchmarks."],
    },
}


@pytest.fixture(params=["example", "the user's"])
def attacked(request, tmp_path):
    """A post, and the same after a refresh in which one paper says hostile things everywhere."""
    if request.param == "example":
        source = EXAMPLE.read_bytes()
    else:
        shared = request.getfixturevalue("shared")
        source = (shared / "seed-post.md").read_bytes()
    facts = shipped()
    paper = next(p for p in facts["papers"] if p["id"] == "2501.00656")
    old = {
        **HOSTILE_PAPER,
        "sections": {
            "Results": [
                "The larger model reaches 89.9 {{ x }} points on all of the other benchmarks."
            ]
        },
    }
    paper["versions"] = [paper["versions"][0] | old, paper["versions"][2] | HOSTILE_PAPER]
    root = tmp_path / "blog"
    (root / "_posts").mkdir(parents=True)
    (root / "_posts" / NAME).write_bytes(source)
    (root / "tracker.toml").write_text('site_url = "https://example.org/"\n')
    now = at("2025-11-22T12:00:00")
    with StandIn(now, facts) as standin:
        http = Http(pause=0)
        run.refresh(
            load(root, {}),
            run.Wishes(),
            now,
            lambda questions: sources.latest(questions, http, standin.endpoints),
            lambda pairs: sources.differences(pairs, http, standin.endpoints),
        )
    return source, (root / "_posts" / NAME).read_bytes()


def test_a_hostile_paper_leaves_the_page_as_it_was(tmp_path, attacked):
    """Ids and other sections unchanged, its words shown as text in our own items."""
    before, after = (
        build(tmp_path / name, post) for name, post in zip("ab", attacked, strict=True)
    )
    assert [h.get("id") for h in after.find_all("h3")] == [
        h.get("id") for h in before.find_all("h3")
    ]
    old = [str(item) for item in before.find_all("li")]
    added = [item for item in after.find_all("li") if str(item) not in old]
    (hostile,) = (item for item in added if "alert(1)" in item.get_text())
    assert {tag.name for tag in hostile.find_all(True)} == {"strong", "a"}
    assert "new section" in hostile.get_text()
    for item in added:
        item.decompose()
    assert re.sub(r"\s+", "", str(after)) == re.sub(r"\s+", "", str(before))
