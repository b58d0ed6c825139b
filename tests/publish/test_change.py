"""A page for each change: the whole of what differs, in one file that needs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import etree
from publishing import NEWS, PATH, REVISED, ledger, post, site

from tracker.difference import Difference, KeyChange
from tracker.model import Change, FileChange, Ledger, Version
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

EVIL = "<img src=x onerror=alert(1)> & \"'"
WHOLE = Difference(
    Differences(
        sections=(
            SectionChange("added", "Limitations", 1),
            SectionChange("renamed", "Data", 1, old="Corpus"),
            SectionChange("removed", "Ethics", 1),
        ),
        numbers=tuple(NumberChange("91.6", f"92.{n}", "GSM8K, Ours", "Table 3") for n in range(40)),
        paragraphs=tuple(
            ParagraphChange(
                "Data", "a", "b", (Run("=", "We use"), Run("-", "a"), Run("+", f"b{n}"))
            )
            for n in range(30)
        ),
        rows=(RowChange("row", "added", "Table 3", "Ours-72B"),),
        tables_added=(Table("Table 4", "All the results"),),
    ),
    "html",
    keys=(KeyChange("config.json", "rope.factor", None, "8"),),
    files=(FileChange("-", "old.bin"), FileChange("+", "new.safetensors")),
    commits=(Version("a", None, "https://github.com/o/r/commit/a", "Fix the table"),),
    notes="# 1.1\n\n- faster",
)


def pages(told: Ledger | None = None, whole: Difference | None = WHOLE) -> dict[str, bytes]:
    def differing(change: Change) -> Difference | None:
        return whole if change.id == REVISED.id else None

    made = build(site(), told or ledger(), {PATH: post()}, differing)
    return {name: content for name, content in made.items() if name.startswith("changes/")}


def page(whole: Difference | None = WHOLE) -> etree._Element:
    made = pages(whole=whole)
    (name,) = (name for name in made if name.startswith("changes/arxiv-2501.00656-v3-"))
    return etree.HTML(made[name])


def said(element: etree._Element, path: str) -> list[str]:
    return [" ".join(" ".join(one.itertext()).split()) for one in element.xpath(path)]


def test_every_entry_has_one() -> None:
    told = ledger()
    counted = [c for c in told.changes if c.significance != "minor"]
    assert len(pages(told)) == len(counted) + len(NEWS)


def test_it_holds_the_whole_difference() -> None:
    """Not only the first few that an entry tells."""
    told = page()
    assert len(said(told, "//section[@aria-labelledby='numbers']//tbody/tr")) == 40
    assert len(said(told, "//section[@aria-labelledby='text']//div")) == 30


SHOWN = {
    "a section that came": ("sections", "added: Limitations"),
    "a section renamed": ("sections", "renamed: Corpus Data"),
    "a section that went": ("sections", "removed: Ethics"),
    "a number": ("numbers", "91.6 92.0 GSM8K, Ours Table 3"),
    "words": ("text", "Data We use a b0"),
    "a table": ("tables", "added: Table 4 All the results"),
    "a row": ("tables", "row added in Table 3: Ours-72B"),
    "a key": ("keys", "rope.factor config.json 8"),
    "a file": ("files", "removed: old.bin"),
    "a commit": ("commits", "Fix the table"),
    "release notes": ("notes", "# 1.1 - faster"),
}


@pytest.mark.parametrize(("part", "text"), SHOWN.values(), ids=SHOWN)
def test_it_shows(part: str, text: str) -> None:
    path = (
        f"//section[@aria-labelledby='{part}']//*[self::li or self::tr or self::div or self::pre]"
    )
    assert text in said(page(), path)


def test_what_went_and_what_came_are_marked_as_such() -> None:
    told = page()
    assert "Ethics" in said(told, "//section[@aria-labelledby='sections']//del")
    assert "Limitations" in said(told, "//section[@aria-labelledby='sections']//ins")
    assert "91.6" in said(told, "//section[@aria-labelledby='numbers']//del")


def test_nothing_is_shown_of_what_nobody_compared() -> None:
    assert not page(whole=None).xpath("//section")


def test_it_is_self_contained_and_leads_back() -> None:
    told = page()
    assert not told.xpath("//script|//link[@rel='stylesheet']|//iframe|//img")
    assert told.xpath("//a[@href='../index.html']")
    assert len(told.xpath("//link[@rel='alternate']")) == 3
    assert "prefers-color-scheme: dark" in said(told, "//style")[0]
    assert "@media print" in said(told, "//style")[0]


def test_a_papers_words_are_text() -> None:
    def evil(text: object) -> object:
        if isinstance(text, str) and text not in (
            "added",
            "removed",
            "renamed",
            "row",
            "+",
            "-",
            "=",
            "body",
            "html",
            "~",
        ):
            return EVIL
        if isinstance(text, tuple):
            return tuple(evil(one) for one in text)
        if hasattr(text, "__dataclass_fields__"):
            return replace(
                text, **{name: evil(getattr(text, name)) for name in text.__dataclass_fields__}
            )
        return text

    whole = evil(replace(WHOLE, names=(), format=None))
    assert isinstance(whole, Difference)
    told = page(whole)
    assert not told.xpath("//img|//*[@onerror]")
    assert EVIL in said(told, "//ins")


def test_no_word_of_a_paper_makes_the_page_read_as_another_one() -> None:
    """Controls that turn text around, and what nobody sees, are dropped; lines of notes stay."""
    number = NumberChange("1", "2", "a\u202eb\u200bc\x1bd", "T\u2066")
    whole = Difference(Differences(numbers=(number,)), "html", notes="one\n\u202etwo")
    made = "".join(content.decode() for content in pages(whole=whole).values())
    assert "abc d" in made
    assert "one\ntwo" in made
    assert not set(made) & set("\u202e\u200b\u2066\x1b")


def test_its_address_is_its_own_for_ever() -> None:
    """It stands on the change's id, whatever else is told later."""
    later = replace(ledger(), changes=(*ledger().changes, replace(REVISED, id="arxiv:1@v9")))
    assert pages().keys() <= pages(later).keys()
    assert all(re.fullmatch(r"changes/[A-Za-z0-9._-]+\.html", name) for name in pages())


def test_older_pages_are_made_when_they_are_new_only() -> None:
    many = tuple(replace(REVISED, id=f"arxiv:2501.00656@v{n}", new=f"v{n}") for n in range(130))
    told = ledger(changes=many, notes=())
    assert len(pages(told)) == 100
    first = build(site(), told, {PATH: post()}, fresh={change.id for change in many})
    assert len([name for name in first if name.startswith("changes/")]) == 130
