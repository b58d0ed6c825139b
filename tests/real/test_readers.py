"""Readers that people use take the feeds from a server like GitHub Pages: every entry once, with the
right link, in order; a new one is unread, and a run that found nothing brings nothing."""

import json
import sqlite3
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import having
import pytest
import serving
from bs4 import BeautifulSoup
from conftest import at
from publishing import LATER, PATH, REVISED, ledger, post, site

from tracker import demo
from tracker.publish import build

pytestmark = pytest.mark.real

HERE = Path(__file__).parent
BEFORE, AFTER = at("2025-06-30T12:00:00"), at("2025-11-22T12:00:00")
FEEDS = ("rss.xml", "atom.xml", "feed.json")


class Newsboat:
    """Newsboat, with a cache of its own."""

    follows = True  # it keeps what it has, and asks only for what is newer

    def __init__(self, folder, address):
        self._folder, self._cache = folder, folder / "cache.db"
        (folder / "urls").write_text(f"{address}\n")
        (folder / "config").write_text("")

    def poll(self):
        """Every entry as it is kept, the newest first."""
        files = ("-u", "urls", "-C", "config", "-c", "cache.db")
        subprocess.run(
            [having.program("newsboat"), *files, "-x", "reload"],
            cwd=self._folder,
            check=True,
            capture_output=True,
            env={"HOME": str(self._folder), "LANG": "C.UTF-8"},
        )
        return self._ask("select guid, title, url from rss_item order by pubDate desc, id")

    def unread(self):
        """The ids of the entries that are unread; then all are read."""
        told = [row[0] for row in self._ask("select guid from rss_item where unread = 1")]
        self._ask("update rss_item set unread = 0")
        return told

    def _ask(self, question):
        with sqlite3.connect(self._cache) as store:
            return store.execute(question).fetchall()


class Reader:
    """lemon24's reader, with a database of its own."""

    follows = True

    def __init__(self, folder, address):
        import reader

        self._store = reader.make_reader(str(folder / "reader.sqlite"))
        self._store.add_feed(address)

    def poll(self):
        """Every entry as it is kept, the newest first."""
        self._store.update_feeds(scheduled=False)  # else an hour must pass between two
        assert self._store.get_feed(next(self._store.get_feeds())).last_exception is None
        return [(e.id, e.title, e.link) for e in self._store.get_entries()]

    def unread(self):
        """The ids of the entries that are unread; then all are read."""
        entries = list(self._store.get_entries(read=False))
        for entry in entries:
            self._store.mark_entry_as_read(entry)
        return [entry.id for entry in entries]


class Parser:
    """A parser, and who remembers the ids that it told."""

    follows = False

    def __init__(self, parse, address):
        self._parse, self._address = parse, address
        self._told, self._seen = [], set()

    def poll(self):
        """Every entry, as it stands in the document."""
        self._told = self._parse(self._address)
        return self._told

    def unread(self):
        """The ids that were not told before."""
        new = [entry[0] for entry in self._told if entry[0] not in self._seen]
        self._seen.update(new)
        return new


def by_feedparser(address):
    """feedparser's entries, of a document that it has no complaint about."""
    parsed = feedparser.parse(address)
    assert not parsed.bozo
    return [(e.id, e.title, e.link) for e in parsed.entries]


def by_node(name):
    """The entries of a parser from npm."""

    def parse(address):
        having.package(name)
        command = [having.program("node"), HERE / "parse.mjs", name, address]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return [tuple(entry) for entry in json.loads(done.stdout)]

    return parse


READERS = {
    "newsboat": (Newsboat, FEEDS[:2]),
    "reader": (Reader, FEEDS),
    "feedparser": (lambda _, address: Parser(by_feedparser, address), FEEDS[:2]),
    "feedsmith": (lambda _, address: Parser(by_node("feedsmith"), address), FEEDS),
    "rss-parser": (lambda _, address: Parser(by_node("rss-parser"), address), FEEDS[:2]),
}
ROWS = [(name, feed) for name, (_, feeds) in READERS.items() for feed in feeds]


def subscribe(name, folder, address):
    """A reader of that name that has subscribed to an address."""
    return READERS[name][0](folder, address)


@pytest.fixture(scope="module")
def pages():
    with serving.serve() as pages:
        yield pages


@pytest.fixture(scope="module")
def days(tmp_path_factory, pages):
    """What the demo publishes for that server on a day of June, and in November."""
    made = []
    for now in (BEFORE, AFTER):
        root = tmp_path_factory.mktemp("days")
        with pytest.MonkeyPatch.context() as patch:
            settings = demo.SETTINGS.replace("https://example.org/", pages.address)
            patch.setattr(demo, "SETTINGS", settings)
            demo.show(root, lambda _line: None, now)
        feeds = serving.read(root / "demo/feeds")
        made.append({f"feeds/{name}": content for name, content in feeds.items()})
    return made


def expected(files):
    """Id, title and link of each entry, newest first, from the JSON feed."""
    items = json.loads(files["feeds/feed.json"])["items"]
    return [(item["id"], item["title"], item["url"]) for item in items]


def in_order(told, wanted, files):
    """Whether entries are the wanted ones in their order, those of one second in any."""
    items = json.loads(files["feeds/feed.json"])["items"]
    when = {item["id"]: item["date_published"][:19] for item in items}
    return sorted(told) == sorted(wanted) and [when[e[0]] for e in told] == [
        when[e[0]] for e in wanted
    ]


@pytest.mark.parametrize(("name", "feed"), ROWS, ids=[" ".join(row) for row in ROWS])
def test_a_subscriber_gets_every_entry_once(tmp_path, pages, days, name, feed):
    before, after = days
    pages.deploy(before)
    subscriber = subscribe(name, tmp_path, f"{pages.address}feeds/{feed}")
    first, second = expected(before), expected(after)
    new = {entry[0] for entry in second} - {entry[0] for entry in first}
    assert len(new) == 1

    assert in_order(subscriber.poll(), first, before)
    assert sorted(subscriber.unread()) == sorted(entry[0] for entry in first)
    pages.deploy(after)
    assert in_order(subscriber.poll(), second, after)
    assert set(subscriber.unread()) == new
    pages.deploy(after)  # a run that found nothing, deployed all the same
    assert in_order(subscriber.poll(), second, after)
    assert subscriber.unread() == []


@pytest.mark.parametrize(
    ("name", "feed"),
    [row for row in ROWS if getattr(READERS[row[0]][0], "follows", False)],
    ids=lambda value: value,
)
def test_who_has_a_feed_is_not_sent_it_again(tmp_path, pages, days, name, feed):
    """The readers that keep something send the tag or the time, and take 304 for an answer."""
    pages.deploy(days[1])
    subscriber = subscribe(name, tmp_path, f"{pages.address}feeds/{feed}")
    pages.asked.clear()
    first, *later = [subscriber.poll() for _ in range(3)]
    assert later == [first, first]
    told = pages.statuses(f"/feeds/{feed}")
    assert (told[0], told[-1]) == (200, 304)  # newsboat keeps the tag of the second answer


def test_every_link_of_an_entry_leads_to_its_page(pages, days):
    """At the address that the feed names, under the entry's own title."""
    for identity, title, link in expected(days[1]):
        assert link.startswith(f"{pages.address}feeds/changes/"), identity
        shown = days[1][link.removeprefix(pages.address)]
        assert BeautifulSoup(shown, "html.parser").h1.get_text() == title


def archived(pages, count):
    """What is published for that server after so many changes."""
    changes = tuple(
        replace(REVISED, id=f"arxiv:2501.00656@v{n}", new=f"v{n}", found=LATER + timedelta(hours=n))
        for n in range(1, count + 1)
    )
    made = build(site(url=pages.address), ledger(changes=changes, notes=()), {PATH: post()})
    return {f"feeds/{name}": content for name, content in made.items()}


def walk(address):
    """The entries of a feed and of all its archives, by feedparser, and their addresses."""
    told, walked = [], []
    while address:
        walked.append(address)
        parsed = feedparser.parse(address)
        assert parsed.status == 200
        assert not parsed.bozo
        told.append([entry.id for entry in parsed.entries])
        links = [link.href for link in parsed.feed.links if link.rel == "prev-archive"]
        address = links[0] if links else ""
    return told, walked


@pytest.mark.parametrize("count", [120, 230])
def test_who_follows_the_archives_gets_every_entry(pages, count):
    """In order, the newest first, and but for those that the feed still shows each of them once."""
    pages.deploy(archived(pages, count))
    (shown, *older), walked = walk(f"{pages.address}feeds/atom.xml")
    every = [f"tag:example.org,2025:arxiv:2501.00656@v{n}" for n in range(count, 0, -1)]
    held = [identity for document in older for identity in document]
    assert shown == every[:100]
    assert held == every[-len(held) :]
    assert set(shown) | set(held) == set(every)
    assert len(walked) == len(set(walked)) > 1


def test_an_archive_that_was_read_needs_no_second_reading(pages):
    """Whoever read it when there were fewer entries has what it holds now."""
    early = archived(pages, 160)
    pages.deploy(early)
    older = walk(f"{pages.address}feeds/atom.xml")[1][1:]
    late = archived(pages, 230)
    pages.deploy(late)
    later = walk(f"{pages.address}feeds/atom.xml")[1][1:]
    assert set(older) < set(later)
    for address in older:
        name = address.removeprefix(pages.address)
        assert early[name] == late[name]
