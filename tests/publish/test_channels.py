"""A feed for a single report, where the settings name it."""

from __future__ import annotations

from lxml import etree
from publishing import PATH, REVISED, WEIGHTS, ledger, post, site
from test_feeds import ATOM, parsed

from tracker.publish import build


def published(*names: str) -> dict[str, bytes]:
    return build(site(report_feeds=names), ledger(), {PATH: post()})


def own(made: dict[str, bytes]) -> list[str]:
    return [name for name in made if name.startswith("reports/")]


def ids(document: bytes) -> list[str]:
    return [entry.findtext(f"{ATOM}id") for entry in parsed(document).findall(f"{ATOM}entry")]


def test_there_is_none_that_nobody_named() -> None:
    assert own(published()) == []


def test_it_holds_the_news_of_its_report_alone() -> None:
    made = published("OLMo 2")
    assert own(made) == ["reports/olmo-2.xml"]
    told = ids(made["reports/olmo-2.xml"])
    assert any(identity.endswith(REVISED.id) for identity in told)
    assert not any(identity.endswith(WEIGHTS.id) for identity in told)


def test_a_report_may_be_named_by_its_id_or_in_any_case() -> None:
    assert own(published("olmo-2")) == own(published("OLMO 2")) == ["reports/olmo-2.xml"]


def test_a_name_that_no_report_has_makes_none() -> None:
    assert own(published("Nothing")) == []


def test_its_entries_are_no_entries_of_the_main_feed() -> None:
    """Readers move an entry to the feed that they load last, by its id."""
    made = published("OLMo 2")
    assert not set(ids(made["reports/olmo-2.xml"])) & set(ids(made["atom.xml"]))
    assert parsed(made["reports/olmo-2.xml"]).findtext(f"{ATOM}id") != parsed(
        made["atom.xml"]
    ).findtext(f"{ATOM}id")


def test_it_says_where_it_is_and_the_page_leads_to_it() -> None:
    made = published("OLMo 2")
    link = parsed(made["reports/olmo-2.xml"]).find(f"{ATOM}link[@rel='self']")
    assert link.get("href") == "https://example.org/blog/feeds/reports/olmo-2.xml"
    assert etree.HTML(made["index.html"]).xpath("//a[@href='reports/olmo-2.xml']")
