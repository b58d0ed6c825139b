"""What all feeds and the page say of their site: title, author, and where they are published."""

from __future__ import annotations

from html import escape

from tracker.project import Site
from tracker.publish.html import legal
from tracker.publish.links import uri
from tracker.words.upstream_text import plain

FEEDS = (
    ("atom.xml", "Atom", "application/atom+xml"),
    ("rss.xml", "RSS", "application/rss+xml"),
    ("feed.json", "JSON Feed", "application/feed+json"),
)


def page_url(site: Site) -> str:
    """Where index.html is published."""
    return feed_url(site, "index.html")


def feed_url(site: Site, name: str) -> str:
    """Where a published file is."""
    below = f"{site.published}/{name}" if site.published else name
    return f"{site.url or '/'}{uri(below)}"


def head_lines(site: Site) -> list[str]:
    """The lines for the head of a site's pages, by which readers find the feeds
    (https://www.rssboard.org/rss-autodiscovery)."""
    return [
        f'<link rel="alternate" type="{kind}" title="{escape(title(site))}" '
        f'href="{escape(feed_url(site, name))}">'
        for name, _, kind in FEEDS
    ]


def title(site: Site) -> str:
    """The feeds' title."""
    return legal(plain(site.title or "")) or "Tech report notes"


def author(site: Site) -> str:
    """The feeds' author: the site's, else its title."""
    return legal(plain(site.author or "")) or title(site)
