"""What differs, in feeds and on the page: changed paragraphs for all, touched notes on the page."""

from __future__ import annotations

import json
from dataclasses import replace

from lxml import etree
from publishing import PATH, REVISED, ledger, post, site

from tracker.difference import Difference
from tracker.model import Change, Ledger, Touched
from tracker.papers.revision import Differences, ParagraphChange, Run
from tracker.publish import build

STAYED = " ".join(f"word{n}" for n in range(100))
EVIL = '<script>alert(1)</script> & "<b>"'


def passage(*runs: Run, section: str = "Data", part: str = "body") -> ParagraphChange:
    return ParagraphChange(section, "old", "new", runs, part)


def published(told: Ledger, *passages: ParagraphChange) -> dict[str, bytes]:
    whole = Difference(Differences(paragraphs=passages), "html")

    def differing(change: Change) -> Difference | None:
        return whole if change.id == REVISED.id else None

    return build(site(), told, {PATH: post()}, differing)


def entry(*passages: ParagraphChange) -> str:
    items = json.loads(published(ledger(), *passages)["feed.json"])["items"]
    return next(i["content_html"] for i in items if i["id"].endswith("2501.00656@v3"))


REWORDED = (Run("=", STAYED), Run("-", "old"), Run("+", "new"), Run("=", "data."))


def test_an_entry_tells_the_changed_paragraphs_with_what_went_and_came() -> None:
    html = entry(passage(*REWORDED))
    assert "<p>Data: word0 " in html
    assert "<del>old</del> <ins>new</ins> data." in html


def test_what_stayed_is_shown_as_its_two_ends() -> None:
    html = entry(passage(*REWORDED))
    assert "word11 … word88" in html
    assert "word50" not in html


def test_five_paragraphs_of_the_text_itself_at_most() -> None:
    many = [passage(Run("+", f"n{n}"), part="references") for n in range(3)]
    many += [passage(Run("+", f"p{n}.")) for n in range(9)]
    html = entry(*many)
    assert [n for n in range(9) if f"p{n}." in html] == [0, 1, 2, 3, 4]
    assert "n0" not in html


def test_a_papers_words_are_text() -> None:
    files = published(ledger(), passage(Run("-", EVIL), Run("+", EVIL), section=EVIL))
    for name in ("index.html", "feed.json", "atom.xml", "rss.xml"):
        assert b"<script>alert" not in files[name], name
    html = entry(passage(Run("+", EVIL)))
    assert "&lt;script&gt;" in html


def test_no_word_of_a_paper_makes_an_entry_read_as_another_one() -> None:
    """Controls that turn text around, and what nobody sees, are dropped."""
    files = published(ledger(), passage(Run("+", "a\u202eb\u200bc"), section="D\u2066"))
    for name in ("index.html", "feed.json", "atom.xml", "rss.xml"):
        text = files[name].decode()
        assert "abc" in text, name
        assert not set(text) & set("\u202e\u200b\u2066"), name


def touching() -> Ledger:
    told = ledger()
    touched = Touched("olmo-2", f"reaches 89.5 {EVIL}", "It reaches 90.5.")
    changes = tuple(
        replace(c, touched=(touched,)) if c.id == REVISED.id else c for c in told.changes
    )
    return replace(told, changes=changes)


def test_the_page_quotes_the_notes_that_it_may_touch_beside_what_stands_there_now() -> None:
    page = etree.HTML(published(touching())["index.html"])
    (item,) = page.xpath("//article[contains(., 'may touch')]//li[q]")
    said = " ".join("".join(item.itertext()).split())
    assert said.startswith("reaches 89.5 ")
    assert said.endswith("Now: It reaches 90.5.")
    assert len(page.xpath("//script")) == 1  # the filter, which is the template's own


def test_no_feed_quotes_the_notes() -> None:
    files = published(touching())
    for name in ("feed.json", "atom.xml", "rss.xml"):
        assert b"reaches 89.5" not in files[name], name
