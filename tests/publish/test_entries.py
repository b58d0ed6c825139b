"""What the feeds tell: which changes, in which order, under which ids, titles and times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from publishing import (
    CHANGES,
    CITED,
    DELETED,
    FIRST,
    GREW,
    LATER,
    NEWS,
    PATH,
    REPLACED,
    REVISED,
    STARTED,
    WEIGHTS,
    change,
    ledger,
    post,
    site,
)

from tracker.model import Change, Ledger, Notes
from tracker.publish import entries
from tracker.publish.entries import Entry
from tracker.publish.links import anchor as anchor_of
from tracker.publish.links import safe_url
from tracker.publish.outlines import Outline, outlines


def made(told: Ledger) -> list[Entry]:
    return entries.entries(site(), told, {"olmo-2": "https://example.org/p#o"}, heads(told))


def heads(told: Ledger) -> list[Outline]:
    return outlines(told)


def revised(number: int, **values: object) -> Change:
    return change("arxiv:2501.00656", f"v{number}", new=f"v{number}", **values)


def test_major_and_normal_changes_and_notes_are_entries_newest_first_ties_by_id() -> None:
    told = [entry.id.removeprefix("tag:example.org,2025:") for entry in made(ledger())]
    late = sorted(change.id for change in (REVISED, DELETED, GREW))
    early = [NEWS[0].id, NEWS[1].id, WEIGHTS.id, REPLACED.id, FIRST.id]
    assert told == late + early


def test_a_minor_change_is_none() -> None:
    assert CITED in CHANGES
    assert not any("2404.07904" in entry.id for entry in made(ledger()))


def test_an_entry_is_published_when_it_was_found() -> None:
    assert made(ledger(changes=(REVISED,), notes=()))[0].published == LATER


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        pytest.param(STARTED - timedelta(9), STARTED - timedelta(9), id="earlier"),
        pytest.param(STARTED + timedelta(9), STARTED, id="later than the run"),
        pytest.param(None, STARTED, id="unknown"),
    ],
)
def test_what_the_first_run_finds_is_published_when_upstream_released_it(
    released: object, expected: object
) -> None:
    told = ledger(changes=(replace(FIRST, released=released),), notes=())
    assert made(told)[0].published == expected


def test_no_two_entries_have_the_same_update_time() -> None:
    told = ledger(changes=tuple(revised(n) for n in range(2, 60)), notes=())
    times = [entry.updated for entry in made(told)]
    assert times == sorted(set(times), reverse=True)
    assert {entry.published for entry in made(told)} == {LATER}


def test_a_later_change_alters_no_earlier_entry() -> None:
    before = made(ledger())
    after = made(ledger(changes=(*CHANGES, revised(4, found=LATER + timedelta(1)))))
    assert after[1:] == before


def test_titles_are_unique_even_for_the_same_change_of_two_papers() -> None:
    other = change("arxiv:2402.00838", "v3", old="v2", new="v3")
    again = [replace(REVISED, id=f"{REVISED.id}~{n}") for n in (2,)]
    titles = [entry.title for entry in made(ledger(changes=(REVISED, other, *again), notes=()))]
    assert len(set(titles)) == 3
    assert "OLMo 2: arXiv v2 → v3, arXiv 2402.00838" in titles
    assert all(len(title) < 90 for title in titles)


def test_a_change_in_several_reports_is_told_once_under_the_first_ones_name() -> None:
    told = ledger(changes=(replace(REVISED, reports=("olmo-2", "minimax-01")),), notes=())
    (entry,) = made(told)
    assert entry.title.startswith("OLMo 2: ")
    assert entry.categories == ("arXiv", "OLMo 2", "MiniMax-01")


@pytest.mark.parametrize(
    ("news", "title", "summary"),
    [
        (NEWS[0], "OLMo 2: 2 new notes", "2 new notes on OLMo 2."),
        (replace(NEWS[0], texts=("x",)), "OLMo 2: 1 new note", "1 new note on OLMo 2."),
        (NEWS[1], "MiniMax-01: new section", "A new section, MiniMax-01."),
    ],
)
def test_the_authors_own_news_are_entries(news: Notes, title: str, summary: str) -> None:
    (entry,) = made(ledger(changes=(), notes=(news,)))
    assert (entry.title, entry.summary, entry.via) == (title, summary, "")


def test_an_entry_links_page_upstream_and_section() -> None:
    (entry,) = made(ledger(changes=(REVISED,), notes=()))
    name = anchor_of(REVISED.id).removeprefix("change-")
    assert entry.url == f"https://example.org/blog/feeds/changes/{name}.html"
    assert entry.via == "https://arxiv.org/abs/2501.00656v3"
    assert entry.related == "https://example.org/p#o"
    assert 'href="https://arxiv.org/abs/2501.00656v2"' in entry.html


def test_the_words_of_the_ledger_are_published_as_they_were_written() -> None:
    told = replace(REVISED, summary="As written.", details=("One.", "Two."))
    (entry,) = made(ledger(changes=(told,), notes=()))
    assert entry.summary == "As written."
    assert "<li>One.</li>\n<li>Two.</li>" in entry.html


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://arxiv.org/abs/1v2", "https://arxiv.org/abs/1v2"),
        ("https://x.org/a b(c)%zz%20?d=e#f", "https://x.org/a%20b(c)%25zz%20?d=e#f"),
        ("https://x.org/\ud800<>", "https://x.org/%EF%BF%BD%3C%3E"),
        ("http://x.org/", ""),
        ("javascript:alert(1)", ""),
        ("https://u@x.org/", ""),
        ("https://x.org:80@y.org/", ""),
        ("", ""),
    ],
)
def test_only_https_addresses_are_linked(url: str, expected: str) -> None:
    assert safe_url(url) == expected


def test_an_id_is_the_changes_own_with_what_no_uri_may_hold_encoded() -> None:
    (head,) = heads(ledger(changes=(replace(REVISED, id="github:o/r@v1 é<%2F>"),), notes=()))
    assert head.id == "tag:example.org,2025:github:o/r@v1%20%C3%A9%3C%2F%3E"


def test_anchors_differ_where_ids_do_and_are_safe() -> None:
    anchors = {anchor_of(text) for text in ("a:b", "a/b", "a@b", "é", "ü", "")}
    assert len(anchors) == 6
    assert all(anchor.isascii() and not set(anchor) & set(' <>"&#') for anchor in anchors)


def test_the_notes_are_told_in_full_the_last_changed_first() -> None:
    told = ledger()
    records = dict(told.reports)
    records["deepseek-v3"] = replace(records["deepseek-v3"], changed=LATER)
    texts = entries.in_full(site(), replace(told, reports=records), {PATH: post()})
    assert texts[0].id == "tag:example.org,2025:report/deepseek-v3"
    assert texts[0].title == "Deepseek-V3 (12/16/2024)"
    assert texts[0].published == LATER
    assert texts[0].url.endswith("#deepseek-v3-12162024")
    assert len(texts) == 4
    others = entries.in_full(site(), told, {PATH: post()})
    assert texts[1:] == [text for text in others if text.id != texts[0].id]


def test_what_does_not_fit_is_left_out_from_the_end() -> None:
    def make(count: int) -> dict[str, bytes]:
        return {"x": b"1234567890" * count, "y": b""}

    assert len(entries.fitting(100, make, 512)[1]["x"]) <= 512
    assert len(entries.fitting(100, make, 512)[1]["x"]) > 400
    assert len(entries.fitting(10, make, 512)[1]["x"]) == 100
    assert entries.fitting(3, make, 5)[1]["x"] == b""
