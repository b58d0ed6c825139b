"""The feeds are valid, the same for the same values, and safe whatever upstream wrote."""

from __future__ import annotations

import hashlib
import json
import locale
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import feedparser
import pytest
from conftest import ROOT, SHARED
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from publishing import (
    CHANGES,
    DELETED,
    GREW,
    LATER,
    NEWS,
    PATH,
    REVISED,
    STARTED,
    change,
    ledger,
    post,
    site,
)

from tracker.model import Item, Ledger, Version
from tracker.publish import build
from tracker.publish.channels import SIZE_LIMIT

SCHEMA = SHARED / "atom.rng"
ATOM = "{http://www.w3.org/2005/Atom}"
XML = ("atom.xml", "rss.xml", "notes.xml")
TITLES = {"h1", "h2", "h3", "p", "ul", "li", "a", "br", "title"}
EMPTY = Ledger(feed_prefix="tag:example.org,2025:")


def published(told: Ledger | None = None) -> dict[str, bytes]:
    return build(site(), told or ledger(), {PATH: post()})


@cache
def example() -> dict[str, bytes]:
    return published()


def parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def many(count: int, size: int = 0) -> Ledger:
    changes = tuple(
        change(
            "arxiv:2501.00656",
            f"v{n}",
            new=f"v{n}",
            found=LATER + timedelta(minutes=n),
            items=(),
            parts=(),
            quote="& " * size or None,
        )
        for n in range(count)
    )
    return ledger(changes=changes, notes=())


def test_five_files_are_published_each_with_a_final_newline() -> None:
    once = {name for name in example() if not name.startswith("changes/")}
    assert once == {"rss.xml", "atom.xml", "feed.json", "notes.xml", "index.html"}
    assert all(data.endswith(b"\n") and not data.endswith(b"\n\n") for data in example().values())


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the Atom schema is not on this machine")
@pytest.mark.parametrize("name", ["atom.xml", "notes.xml"])
@pytest.mark.parametrize("told", [pytest.param(None, id="full"), pytest.param(EMPTY, id="empty")])
def test_atom_is_valid(name: str, told: Ledger | None) -> None:
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    assert schema.validate(parsed(published(told)[name])), schema.error_log


@pytest.mark.parametrize("name", XML)
def test_feedparser_reads_every_entry(name: str) -> None:
    read = feedparser.parse(example()[name])
    assert not read.bozo
    assert len(read.entries) == (4 if name == "notes.xml" else 8)
    assert all(entry.id and entry.title and entry.link for entry in read.entries)


def test_one_feed_in_three_forms_tells_the_same() -> None:
    atom = parsed(example()["atom.xml"]).findall(f"{ATOM}entry")
    rss = parsed(example()["rss.xml"]).findall("channel/item")
    items = json.loads(example()["feed.json"])["items"]
    assert (
        [entry.findtext(f"{ATOM}id") for entry in atom]
        == [item.findtext("guid") for item in rss]
        == [item["id"] for item in items]
    )
    assert [entry.findtext(f"{ATOM}published") for entry in atom] == [
        item["date_published"] for item in items
    ]


def test_an_atom_entry_has_one_alternate_and_via_and_related() -> None:
    for entry in parsed(example()["atom.xml"]).findall(f"{ATOM}entry"):
        links = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
        assert links in (["alternate", "via", "related"], ["alternate", "related"])


def test_the_atom_document_says_what_it_is() -> None:
    root = parsed(example()["atom.xml"])
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert root.findtext(f"{ATOM}id") == "tag:example.org,2025:feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Ada"
    assert links == {
        "self": "https://example.org/blog/feeds/atom.xml",
        "alternate": "https://example.org/blog/feeds/index.html",
    }
    newest = root.find(f"{ATOM}entry")
    assert newest is not None
    assert root.findtext(f"{ATOM}updated") == newest.findtext(f"{ATOM}updated")


def test_rss_is_in_the_order_that_readers_rely_on() -> None:
    channel = parsed(example()["rss.xml"])[0]
    names = [etree.QName(child).localname for child in channel if child.tag != "item"]
    assert names[:3] == ["title", "link", "description"]
    assert channel.findtext("link") == "https://example.org/blog/feeds/index.html"
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert (own.get("rel"), own.get("href")) == ("self", "https://example.org/blog/feeds/rss.xml")
    assert channel.findtext("ttl") == "180"
    assert channel.findtext("lastBuildDate") == "Thu, 09 Oct 2025 06:37:00 +0000"
    for item in channel.findall("item"):
        inside = [etree.QName(child).localname for child in item]
        assert inside.index("description") + 1 == inside.index("encoded")
        assert {"title", "link", "guid", "creator", "pubDate", "category"} <= set(inside)
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"
        assert "<" not in (item.findtext("description") or "<")


def test_the_json_feed_links_upstream_apart() -> None:
    feed = json.loads(example()["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://example.org/blog/feeds/feed.json"
    assert feed["items"][0]["external_url"] == "https://arxiv.org/abs/2501.00656v3"
    assert feed["items"][0]["url"].startswith("https://example.org/blog/feeds/changes/")


@pytest.mark.parametrize(
    ("started", "expected"),
    [(STARTED, "2025-01-22T06:37:00+00:00"), (None, "1970-01-01T00:00:00+00:00")],
)
def test_an_empty_feed_is_as_of_the_first_run(started: datetime | None, expected: str) -> None:
    made = build(site(), replace(EMPTY, started=started), {})
    assert parsed(made["atom.xml"]).findtext(f"{ATOM}updated") == expected
    assert json.loads(made["feed.json"])["items"] == []
    assert b"lastBuildDate" in made["rss.xml"]


def test_the_same_values_make_the_same_bytes() -> None:
    assert published() == example()


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1"},
        {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"TZ": "UTC", "PYTHONHASHSEED": "3", "LANG": "de_DE.UTF-8"},
    ],
    ids=lambda environment: environment["TZ"],
)
def test_time_zone_locale_and_hash_seed_change_no_byte(environment: dict[str, str]) -> None:
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here.parent.parent), str(here)])
    run = subprocess.run(
        [sys.executable, str(here / "publishing.py")],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": paths, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    told = json.loads(run.stdout)
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in example().items()}


def test_the_processs_locale_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("not thread-safe")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert published() == example()


def test_a_feed_holds_a_hundred_entries_at_most_the_newest() -> None:
    made = published(many(130))
    entries = parsed(made["atom.xml"]).findall(f"{ATOM}entry")
    assert len(entries) == len(json.loads(made["feed.json"])["items"]) == 100
    assert entries[0].findtext(f"{ATOM}id") == "tag:example.org,2025:arxiv:2501.00656@v129"
    assert all(name in made for name in _pages(made))


def test_a_feed_is_never_larger_than_readers_take() -> None:
    texts = tuple("& " * 2000 for _ in range(30))
    news = tuple(replace(NEWS[0], id=f"notes:{n}", texts=texts) for n in range(40))
    long = "### OLMo 2 (12/31/2024)\n\n" + "a & b " * 30_000
    made = build(site(), ledger(changes=(), notes=news), {PATH: post(long)})
    assert all(len(made[name]) <= SIZE_LIMIT for name in (*XML, "feed.json"))
    assert 0 < len(json.loads(made["feed.json"])["items"]) < 40
    assert parsed(made["notes.xml"]).find(f"{ATOM}entry") is not None


def _pages(made: dict[str, bytes]) -> list[str]:
    return [item["url"].partition("/feeds/")[2] for item in json.loads(made["feed.json"])["items"]]


FILTER = re.findall("<script>(.*?)</script>", (ROOT / "templates/page.html").read_text(), re.S)[0]
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&\"'\x00\x0b\x1b\x85\u200b\u202e\u2028\ud800\ufffe\uffff]"),
    ),
    max_size=40,
) | st.sampled_from(
    ["]]>", "<script>alert(1)</script>", "&lt;b&gt;", "<!--", "{{ 7*7 }}", "{% raw %}", "'\"><img>"]
)


@settings(max_examples=60, deadline=None)
@given(*([HOSTILE] * 7))
def test_hostile_text_stays_text(
    title: str, quote: str, name: str, item: str, reason: str, note: str, url: str
) -> None:
    """Whatever stands in any field: well-formed, valid, and no element is injected."""
    changes = (
        replace(REVISED, quote=quote, title=title, summary=title, details=(quote, item)),
        replace(DELETED, also_title=title, url=url, new=quote, summary="", details=()),
        replace(GREW, items=(Item(item, name),), title=title, summary="", details=()),
        replace(DELETED, id="x@y", last=Version(name, LATER, url, quote), details=(), summary=""),
    )
    told = ledger()
    record = replace(told.reports["olmo-2"], name=name)
    watch = replace(told.watches[GREW.upstream], reason=reason)
    told = replace(
        told,
        changes=changes,
        notes=(replace(NEWS[0], texts=(note,)),),
        reports={**told.reports, "olmo-2": record},
        watches={**told.watches, GREW.upstream: watch},
    )
    made = build(site(title=title, author=name), told, {PATH: post()})
    for name_ in XML:
        assert not feedparser.parse(made[name_]).bozo
        tags = {element.tag for element in parsed(made[name_]).iter()}
        assert tags <= {element.tag for element in parsed(example()[name_]).iter()}
    if SCHEMA.is_file():
        assert etree.RelaxNG(etree.parse(SCHEMA)).validate(parsed(made["atom.xml"]))
    feed = json.loads(made["feed.json"])
    assert all(not set(entry["title"]) & set("<>") for entry in feed["items"])
    for entry in feed["items"][:4]:
        inside = etree.HTML(f"<div>{entry['content_html']}</div>").iter(etree.Element)
        assert {tag.tag for tag in inside} <= TITLES | {"html", "body", "div"}
    page = etree.HTML(made["index.html"])
    assert [script.text for script in page.xpath("//script")] == [FILTER]
    assert not page.xpath("//img|//@*[starts-with(name(), 'on')]")


def test_the_examples_changes_are_of_every_weight() -> None:
    assert {told.significance for told in CHANGES} >= {"major", "minor"}
