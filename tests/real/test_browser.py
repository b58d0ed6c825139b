"""The pages in the real Chromium, of the demo and of upstreams that mean harm: readable by anybody in
any light on any screen and on paper, from one file that asks for nothing and says nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import having
import pytest
import serving
from bs4 import BeautifulSoup
from chromium import Chromium
from conftest import at
from publishing import CHANGES, LATER, PATH, REVISED, ledger, post, site

from tracker import demo
from tracker.difference import Difference, KeyChange
from tracker.model import FileChange, Version
from tracker.papers.document import Table
from tracker.papers.revision import (
    Differences,
    NumberChange,
    ParagraphChange,
    RowChange,
    Run,
    SectionChange,
)
from tracker.publish import build

pytestmark = pytest.mark.real

WIDTHS, LIGHTS = (390, 1280), ("light", "dark")
EVIL = (
    '"><img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script></script></style>'
    "--></title></svg><svg onload=alert(3)> {{ 7 * 7 }} javascript:alert(4) \u202egnp.\u2066 &lt;b&gt; "
)
LONG = "w" * 300


def hostile():
    """A site whose every free text is written to break out of its page, or out of its line."""
    told = EVIL + LONG
    records = ledger().reports
    reports = {key: replace(record, name=f"{key} {told}") for key, record in records.items()}
    watches = {
        key: replace(watch, unchecked_since=LATER, reason=told)
        for key, watch in ledger().watches.items()
    }
    older = (
        replace(REVISED, id=f"arxiv:2501.00656@v{n}", new=f"v{n}", found=LATER - timedelta(days=n))
        for n in range(4, 120)
    )
    changes = tuple(
        replace(change, title=told, quote=told, summary=told, details=(told,))
        for change in (*older, *CHANGES)
    )
    whole = Difference(
        Differences(
            sections=(SectionChange("renamed", told, 1, old=told),),
            numbers=(NumberChange("1" * 99, "2" * 99, told, told),),
            paragraphs=(ParagraphChange(told, "a", "b", tuple(Run(sign, told) for sign in "=-+")),),
            rows=(RowChange("row", "added", told, told),),
            tables_added=(Table(told, told),),
        ),
        "html",
        keys=(KeyChange(told, told, told, told),),
        files=(FileChange("+", told),),
        commits=(Version("a", None, "javascript:alert(5)", told),),
        notes=told,
    )
    return build(
        site(title=told, author=told),
        ledger(reports=reports, watches=watches, changes=changes),
        {PATH: post()},
        lambda change: whole if change.id == REVISED.id else None,
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server of the demo's files and of the hostile ones."""
    root = tmp_path_factory.mktemp("demo")
    demo.show(root, lambda _line: None, at("2025-11-22T12:00:00"))
    files = {f"demo/{n}": content for n, content in serving.read(root / "demo/feeds").items()}
    files |= {f"hostile/{name}": content for name, content in hostile().items()}
    with serving.serve() as pages:
        pages.deploy(files)
        yield pages


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    having.program("chromium")
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.stop()


def url(served, name):
    """The address of `demo/index`, or of the page of the change that both sites tell."""
    folder, _, which = name.partition("/")
    if which == "index":
        return f"{served.address}{folder}/index.html"
    (path,) = (n for n in served.files if n.startswith(f"/{folder}/changes/{which}-"))
    return served.address + path[1:]


CHANGE = "arxiv-2501.00656-v3"
PAGES = ("demo/index", f"demo/{CHANGE}", "hostile/index", f"hostile/{CHANGE}")
IDS = [name.replace(CHANGE, "change") for name in PAGES]
every_page = pytest.mark.parametrize("name", PAGES, ids=IDS)
every_width = pytest.mark.parametrize("width", WIDTHS)
every_light = pytest.mark.parametrize("light", LIGHTS)


@every_page
@every_width
@every_light
def test_axe_finds_nothing_that_keeps_anybody_out(served, browser, name, width, light):
    axe = having.package("axe-core") / "axe.min.js"
    with browser.page(url(served, name), width=width, dark=light == "dark") as page:
        back = page.run("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", back)[:3])) < 384) == (light == "dark")
        page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.run(axe.read_text(encoding="utf-8"))
        found = page.run("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 10
    told = {v["id"]: [node["html"][:200] for node in v["nodes"]] for v in found["violations"]}
    assert told == {}


@every_page
@every_width
def test_a_page_is_no_wider_than_its_window(served, browser, name, width):
    with browser.page(url(served, name), width=width) as page:
        page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.run("document.scrollingElement.scrollWidth") == width


@every_page
def test_a_page_is_one_file_that_asks_for_nothing_and_says_nothing(served, browser, name):
    """Not of this machine, and not of others: no dialog, no error, no word in the console."""
    with browser.page(url(served, name)) as page:
        page.run("new Promise(resolve => setTimeout(resolve, 200))")
        assert page.requests() == [url(served, name)]
        assert page.complaints() == []


@every_page
def test_a_harmful_text_is_text(served, browser, name):
    """It makes no element that can do anything, and no address that is code."""
    with browser.page(url(served, name)) as page:
        page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.run("document.querySelectorAll('img, iframe, object, embed').length") == 0
        scripts = page.run("document.scripts.length")
        assert scripts == (1 if name.endswith("index") else 0)
        assert page.run("Array.from(document.links).every(link => /^https?:$/.test(link.protocol))")
        assert page.run(
            "Array.from(document.querySelectorAll('*')).every("
            "one => one.getAttributeNames().every(said => !said.startsWith('on')))"
        )
        if name.startswith("hostile"):
            assert "{{ 7 * 7 }} javascript:alert(4)" in page.run("document.body.innerText")


PARTS = "article, .report, .plain li"
SHOWN = f"""Array.from(document.querySelectorAll('{PARTS}'))
    .filter(part => part.checkVisibility()).map(part => part.textContent.trim().replace(/\\s+/g, ' '))"""


def parts(served, name):
    """The texts of what may be filtered, as they stand in the file."""
    path = url(served, name).removeprefix(served.address)
    page = BeautifulSoup(served.files[f"/{path}"], "html.parser")
    return [" ".join(part.get_text().split()) for part in page.select(PARTS)]


def fitting(texts, words):
    """Those of the texts that say all of the words."""
    return [text for text in texts if all(word in text.lower() for word in words.lower().split())]


WORDS = {
    "a report": ("demo/index", "olmo 2"),
    "in any case and order": ("demo/index", "V3 OLMO"),
    "a model": ("demo/index", "Tulu-3-405B"),
    "nothing that is there": ("demo/index", "zebra"),
    "what is no pattern": ("hostile/index", "{{ 7 * 7"),
    "what is told in one line": ("hostile/index", "v119"),
}


@pytest.mark.parametrize(("name", "words"), WORDS.values(), ids=WORDS)
def test_the_filter_hides_what_does_not_fit_and_counts_what_does(served, browser, name, words):
    every = parts(served, name)
    fit = fitting(every, words)
    assert len(fit) < len(every)
    with browser.page(url(served, name)) as page:
        before = page.run(SHOWN)
        page.run("document.querySelector('#filter input').focus()")
        page.call("Input.insertText", text=words)
        assert page.run(SHOWN) == fit
        said = page.run("document.querySelector('#filter output').innerText")
        assert said == f"{len(fit)} of {len(every)} fit"
        page.run("document.querySelector('#filter input').select()")
        page.call("Input.insertText", text="")
        assert page.run(SHOWN) == before
        assert page.run("document.querySelector('#filter output').innerText") == ""


@every_page
def test_who_has_no_scripts_reads_everything(served, browser, name):
    """And sees no field that does nothing."""
    with browser.page(url(served, name), script=False) as page:
        assert not page.run(
            "Array.from(document.querySelectorAll('input, button, select, output'))"
            ".some(one => one.checkVisibility())"
        )
        unseen = page.run(
            "Array.from(document.querySelectorAll('main h2, main h3, main p, main li, main td'))"
            ".filter(one => !one.checkVisibility() && !one.closest('details, #filter')).length"
        )
        assert unseen == 0
        assert not page.run("!!document.querySelector('details > :first-child:not(summary)')")


@every_page
def test_paper_shows_what_is_to_be_read_and_no_control(served, browser, name):
    with browser.page(url(served, name)) as page:
        page.medium("print", dark=True)
        controls = "input, button, select, textarea, output, summary"
        assert not page.run(
            f"Array.from(document.querySelectorAll('{controls}'))"
            ".some(one => one.checkVisibility())"
        )
        assert page.run(
            f"Array.from(document.querySelectorAll('{PARTS}, table, .passage'))"
            ".every(one => one.checkVisibility())"
        )
        assert page.run(
            "Array.from(document.querySelectorAll('ins, del')).every("
            "one => getComputedStyle(one).textDecorationLine !== 'none')"
        ), "what came and what went must be told apart without colours"
        ink = page.run("getComputedStyle(document.body).color")
        assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 384


def test_the_index_of_the_example_post_is_light(served):
    assert len(served.files["/demo/index.html"]) < 200_000
