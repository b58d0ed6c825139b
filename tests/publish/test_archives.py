"""Archives: what a feed no longer shows, in documents that never change again (RFC 5005)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from lxml import etree
from publishing import LATER, PATH, REVISED, ledger, post, site
from test_feeds import ATOM, parsed

from tracker.model import Ledger
from tracker.publish import build

FH = "{http://purl.org/syndication/history/1.0}"


def many(count: int) -> Ledger:
    changes = tuple(
        replace(REVISED, id=f"arxiv:2501.00656@v{n}", new=f"v{n}", found=LATER + timedelta(hours=n))
        for n in range(count)
    )
    return ledger(changes=changes, notes=())


def published(count: int, kept: tuple[str, ...] = ()) -> dict[str, bytes]:
    return build(site(), many(count), {PATH: post()}, kept=kept)


def archives(made: dict[str, bytes]) -> list[str]:
    return sorted(name for name in made if name.startswith("archive-"))


def ids(document: bytes) -> set[str]:
    return {entry.findtext(f"{ATOM}id") for entry in parsed(document).findall(f"{ATOM}entry")}


def link(document: bytes, rel: str) -> str | None:
    found = parsed(document).find(f"{ATOM}link[@rel='{rel}']")
    return None if found is None else found.get("href")


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (100, 0), (101, 1), (150, 1), (151, 2)])
def test_there_are_as_many_as_it_takes(count: int, expected: int) -> None:
    assert len(archives(published(count))) == expected


@pytest.mark.parametrize("count", [101, 149, 150, 151, 230])
def test_no_entry_is_lost_between_the_feed_and_its_archives(count: int) -> None:
    made = published(count)
    told = ids(made["atom.xml"]).union(*(ids(made[name]) for name in archives(made)))
    assert len(told) == count


def test_an_archive_never_changes_again() -> None:
    """What was made of 160 entries is the same, byte for byte, of 230."""
    early, late = published(160), published(230)
    assert archives(early) == ["archive-1.xml", "archive-2.xml"]
    assert len(archives(late)) == 3
    assert all(early[name] == late[name] for name in archives(early))


def test_one_that_stands_is_not_made_again() -> None:
    assert archives(published(160, kept=("archive-1.xml",))) == ["archive-2.xml"]


def test_a_reader_finds_its_way_back_from_the_feed_to_the_first_entry() -> None:
    made = published(230)
    base, name, seen = "https://example.org/blog/feeds/", "atom.xml", []
    while name:
        seen.append(name)
        address = link(made[name], "prev-archive")
        name = address.removeprefix(base) if address else ""
    assert seen == ["atom.xml", "archive-3.xml", "archive-2.xml", "archive-1.xml"]


def test_an_archive_says_that_it_is_one_and_which_feed_is_current() -> None:
    made = published(120)
    document = parsed(made["archive-1.xml"])
    assert document.find(f"{FH}archive") is not None
    assert link(made["archive-1.xml"], "current") == "https://example.org/blog/feeds/atom.xml"
    assert link(made["archive-1.xml"], "self") == "https://example.org/blog/feeds/archive-1.xml"
    assert document.findtext(f"{ATOM}id") == parsed(made["atom.xml"]).findtext(f"{ATOM}id")
    assert parsed(made["atom.xml"]).find(f"{FH}archive") is None
    assert link(made["atom.xml"], "current") is None


def test_readers_take_it() -> None:
    for name in ("archive-1.xml", "atom.xml"):
        read = feedparser.parse(published(120)[name])
        assert not read.bozo
        assert read.entries


def test_the_namespace_is_declared_where_it_is_used_alone() -> None:
    made = published(120)
    assert "history/1.0" in etree.tostring(parsed(made["archive-1.xml"])).decode()
    assert b"history/1.0" not in made["atom.xml"]
