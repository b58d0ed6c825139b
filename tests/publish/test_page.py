"""index.html: what changed, how everything stands, what could not be checked, where to subscribe."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from lxml import etree
from publishing import GREW, LATER, PATH, REVISED, STARTED, ledger, post, site

from tracker.model import Ledger, Snapshot, Watch
from tracker.publish import build


def page(told: Ledger | None = None) -> etree._Element:
    return etree.HTML(build(site(), told or ledger(), {PATH: post()})["index.html"])


@cache
def example() -> etree._Element:
    return page()


def words(path: str, told: etree._Element | None = None) -> str:
    found = (example() if told is None else told).xpath(path)
    return " ".join(" ".join(element.itertext()) for element in found)


def standing(**values: object) -> str:
    kept = ledger()
    watch = replace(kept.watches[REVISED.upstream], **values)
    told = replace(kept, watches={**kept.watches, REVISED.upstream: watch})
    return " ".join(words("//div[@class='report'][1]//li[1]", page(told)).split())


def test_every_feed_is_found_from_the_head() -> None:
    found = example().xpath("//head/link[@rel='alternate']")
    assert [(link.get("type"), link.get("href").rsplit("/", 1)[1]) for link in found] == [
        ("application/atom+xml", "atom.xml"),
        ("application/rss+xml", "rss.xml"),
        ("application/feed+json", "feed.json"),
        ("application/atom+xml", "notes.xml"),
    ]
    assert "subscribe to one of them" in words("//header")


def test_every_id_is_there_once() -> None:
    ids = example().xpath("//@id")
    assert len(ids) == len(set(ids))


def test_it_is_self_contained() -> None:
    assert not example().xpath(
        "//script[@src]|//link[@rel='stylesheet']|//iframe|//style[contains(., '@import')]"
    )
    assert not example().xpath("//*[@src or @srcset or @background]")
    assert example().xpath("//meta[@name='viewport']")
    assert "prefers-color-scheme: dark" in words("//style")


def test_a_report_lists_its_upstreams_with_version_date_and_link() -> None:
    assert standing() == "arXiv 2501.00656 v3 2025-10-08"
    (link,) = example().xpath("//div[@class='report'][1]//li[1]/a/@href")
    assert link == "https://arxiv.org/abs/2501.00656v3"
    assert "cited in a note" in words("//div[@class='report'][1]//li[3]")


def snapshot(**values: object) -> Snapshot:
    return replace(Snapshot("v3", None, "https://arxiv.org/abs/2501.00656v3", "x"), **values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"snapshot": None}, "unknown"),
        ({"snapshot": None, "absent": (STARTED,)}, "not found"),
        ({"absent": (STARTED,)}, "not found since 2025-01-22"),
        ({"snapshot": snapshot(gone=True)}, "gone"),
        ({"snapshot": snapshot(withdrawn=True)}, "withdrawn"),
        ({"snapshot": snapshot(archived=True)}, "archived"),
        ({"unchecked_since": LATER}, "not checked since 2025-10-09"),
    ],
)
def test_it_says_how_an_upstream_stands(values: dict[str, object], expected: str) -> None:
    assert standing(**values).endswith(expected)


def test_what_could_not_be_checked_is_told_with_its_reason() -> None:
    told = " ".join(words("//section[@aria-labelledby='unchecked']//li").split())
    assert told == "collection “OLMo 2” : since 2025-10-09 , 429 ‹b›Rate exceeded.‹/b›"


def test_nothing_is_said_where_everything_was_checked() -> None:
    kept = ledger()
    watch: Watch = replace(kept.watches[GREW.upstream], unchecked_since=None, reason=None)
    told = page(replace(kept, watches={**kept.watches, GREW.upstream: watch}))
    assert not told.xpath("//*[@id='unchecked']")


def test_an_empty_ledger_makes_a_page() -> None:
    told = page(Ledger(feed_prefix="tag:example.org,2025:"))
    assert "Nothing yet." in words("//main", told)


def test_arxiv_is_thanked() -> None:
    assert "Thank you to arXiv for use of its open access interoperability." in words("//footer")


def test_a_picture_shows_what_came_out_when_for_each_report() -> None:
    """Marks from left to right in the order of time, each with its words; a title for all."""
    (picture,) = example().xpath("//svg[@role='img']")
    names = [name.text for name in picture.xpath("./text[@class='name']")]
    assert "OLMo 2" in names
    told = [title.text for title in picture.xpath("./*[@class='mark']/title")]
    assert "OLMo 2, 2025-10-08: arXiv v3" in told
    circles = [m for m in picture.xpath("./circle") if m[0].text.startswith("OLMo 2,")]
    places = [int(mark.get("cx")) for mark in circles]
    dates = [mark[0].text for mark in circles]
    assert places == sorted(places)
    assert dates == sorted(dates)
    assert all(170 <= place <= 760 for place in places)
    assert words("//svg/title[@id='timeline-title']")


def test_a_ledger_without_dates_has_no_picture() -> None:
    assert not page(Ledger(feed_prefix="tag:x,2025:")).xpath("//svg")


EVIL = "<img src=x onerror=alert(1)>"


def test_a_report_may_be_called_anything_in_the_picture() -> None:
    told = ledger()
    record = replace(told.reports["olmo-2"], name=EVIL)
    shown = page(replace(told, reports={**told.reports, "olmo-2": record}))
    assert not shown.xpath("//img|//*[@onerror]")


def test_it_says_how_many_links_are_watched() -> None:
    count = len([w for w in ledger().watches.values() if w.reports])
    assert f"{count} links are watched" in words("//footer")


def test_the_filter_is_there_for_those_who_have_scripts_only() -> None:
    """Without, the page is whole, and nothing on it does nothing."""
    (box,) = example().xpath("//*[@id='filter']")
    assert box.get("hidden") is not None
    assert box.xpath(".//label//input[@type='search']")
