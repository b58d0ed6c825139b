"""Newsboat, feedparser and reader take the feeds: every entry once, with its link, in order."""

import functools
import http.server
import json
import sqlite3
import subprocess
import threading

import feedparser
import pytest
from conftest import at

from tracker.demo import show

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def feeds(tmp_path_factory):
    """The feeds of the demo, and the address of a server that serves them."""
    folder = tmp_path_factory.mktemp("demo")
    show(folder, lambda _line: None, at("2025-11-22T12:00:00"))
    feeds = folder / "demo/feeds"

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_words):
            pass

    handler = functools.partial(Quiet, directory=feeds)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield feeds, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def expected(feeds):
    """Id, title and link of each entry, newest first, from the JSON feed."""
    items = json.loads((feeds / "feed.json").read_text())["items"]
    return [(item["id"], item["title"], item["url"]) for item in items]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_newsboat_has_every_entry_once(tmp_path, feeds, name):
    """Also after a second reload."""
    folder, address = feeds
    (tmp_path / "urls").write_text(f"{address}/{name}\n")
    (tmp_path / "config").write_text("")
    cache = tmp_path / "cache.db"
    command = [
        "newsboat",
        "-u",
        tmp_path / "urls",
        "-C",
        tmp_path / "config",
        "-c",
        cache,
        "-x",
        "reload",
    ]
    for _ in range(2):
        subprocess.run(
            command, check=True, capture_output=True, env={"HOME": str(tmp_path), "LANG": "C.UTF-8"}
        )
        with sqlite3.connect(cache) as store:
            rows = store.execute(
                "select guid, title, url from rss_item order by pubDate desc"
            ).fetchall()
        assert sorted(rows) == sorted(expected(folder))


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_feedparser_has_no_complaint(feeds, name):
    """Well-formed, every entry, the right link first."""
    folder, _ = feeds
    parsed = feedparser.parse((folder / name).read_bytes())
    assert not parsed.bozo
    assert [(e.id, e.title, e.link) for e in parsed.entries] == expected(folder)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_reader_has_every_entry_once(tmp_path, feeds, name):
    """Nothing is new after a second update."""
    import reader

    folder, address = feeds
    with reader.make_reader(str(tmp_path / "reader.sqlite")) as store:
        store.add_feed(f"{address}/{name}")
        store.update_feeds()
        first = sorted((e.id, e.title, e.link) for e in store.get_entries())
        store.update_feeds()
        assert sorted((e.id, e.title, e.link) for e in store.get_entries()) == first
    assert first == sorted(expected(folder))
