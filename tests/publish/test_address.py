"""Where posts and sections are published, by the rules of the site's generator."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from publishing import PATH, ledger, post, site

from tracker.model import Ledger, ReportRecord
from tracker.publish import address

ROOT = "https://example.org/blog/"
NAMED = "_posts/2025-01-21-Big-notes.md"


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "", "### A", ""])


@pytest.mark.parametrize(
    ("path", "lines", "rule", "expected"),
    [
        (NAMED, (), None, "2025/01/21/Big-notes.html"),
        (NAMED, ("category: blog",), None, "blog/2025/01/21/Big-notes.html"),
        (NAMED, ("categories: a B",), None, "a/b/2025/01/21/Big-notes.html"),
        (NAMED, ("category: a", "categories: c d"), None, "c/d/a/2025/01/21/Big-notes.html"),
        (NAMED, ("categories: [a, b c]",), None, "a/b%20c/2025/01/21/Big-notes.html"),
        (f"talks/{NAMED}", (), None, "talks/2025/01/21/Big-notes.html"),
        (NAMED, ("date: 2024-12-31",), None, "2024/12/31/Big-notes.html"),
        (NAMED, ("slug: other",), None, "2025/01/21/other.html"),
        (NAMED, ("permalink: /llm/",), None, "llm/"),
        (NAMED, ("permalink: /llm/:year/:title",), "pretty", "llm/2025/Big-notes"),
        (NAMED, ("permalink: //evil.example/../x",), None, "evil.example/x"),
        (NAMED, (), "pretty", "2025/01/21/Big-notes/"),
        (NAMED, (), "ordinal", "2025/021/Big-notes.html"),
        (NAMED, (), "none", "Big-notes.html"),
        (NAMED, (), "weekdate", "2025/W04/Tue/Big-notes.html"),
        (NAMED, ("category: blog",), "/:categories/:slug/", "blog/big-notes/"),
        (NAMED, (), "/p/:short_year-:i_month-:i_day/:title", "p/25-1-21/Big-notes"),
        ("posts/notes.md", (), None, "posts/notes.html"),
        ("posts/notes.md", (), "pretty", "posts/notes/"),
        ("notes/README.md", (), None, "notes/"),
        ("README.md", (), None, ""),
        ("posts/möre notes.md", (), None, "posts/m%C3%B6re%20notes.html"),
    ],
)
def test_a_post_is_where_the_site_puts_it(
    path: str, lines: tuple[str, ...], rule: str | None, expected: str
) -> None:
    read = post(front(*lines) if lines else "### A\n", path)
    assert address.post_url(site(permalink=rule), read) == ROOT + expected


@pytest.mark.parametrize(
    ("date", "zone", "expected"),
    [
        ("2025-01-21 23:30:00 -0500", "America/New_York", "2025/01/21"),
        ("2025-01-21 23:30:00 -0500", "UTC", "2025/01/22"),
        ("2025-01-22 02:00", "America/New_York", "2025/01/22"),
        ("2025-01-22 02:00:00", "America/New_York", "2025/01/21"),
        ("2025-01-21T23:30:00Z", "Asia/Tokyo", "2025/01/22"),
        ("2025-99-99", "UTC", "2025/01/21"),
    ],
)
def test_a_front_matter_date_counts_in_the_sites_zone(date: str, zone: str, expected: str) -> None:
    read = post(front(f'date: "{date}"'), NAMED)
    assert address.post_url(site(timezone=ZoneInfo(zone)), read).startswith(ROOT + expected)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("MiniMax-01 (01/15/2025)", "minimax-01-01152025"),
        ("TÜLU 3 (12/06/2024)", "tülu-3-12062024"),
        ("**Bold** [x](http://a.b/c) `code` a_b", "bold-x-code-a_b"),
        ("Naïve – dash — e.g. #1", "naïve--dash--eg-1"),
        ("A &amp; B", "a--b"),
        ("Foo {#bar}", "bar"),
    ],
)
def test_headings_have_kramdowns_ids(heading: str, expected: str) -> None:
    """The expected ids are what kramdown-parser-gfm 1.1.0 made of these headings."""
    assert list(address.heading_ids(post(f"### {heading}\n", NAMED)).values()) == [expected]


def test_a_repeated_heading_gets_a_number() -> None:
    read = post("### A\n\n### A\n\n### A\n", NAMED)
    assert list(address.heading_ids(read).values()) == ["a", "a-1", "a-2"]


def test_a_section_has_a_fragment_where_the_generator_is_known() -> None:
    read = post("### TÜLU 3\n", NAMED)
    assert address.section_url(site(), read, read.reports[0]).endswith("#t%C3%BClu-3")
    other = post("### A\n", "posts/x.md")
    page = f"{ROOT}posts/x.html"
    assert address.section_url(site(jekyll=False), other, other.reports[0]) == page


def test_reports_are_found_by_post_name_and_order_of_repeats() -> None:
    read = post("### A\n\na\n\n### A\n\nb\n\n### B\n", NAMED)
    kept = Ledger(
        reports={
            "a-10": ReportRecord("A", NAMED),
            "a-2": ReportRecord("A", NAMED),
            "a": ReportRecord("A", NAMED),
            "b": ReportRecord("B", "_posts/2025-01-01-other.md"),
        }
    )
    found = address.locate(kept, {NAMED: read})
    assert {key: report for key, (_, report) in found.items()} == {
        "a": read.reports[0],
        "a-2": read.reports[1],
    }


def test_every_report_of_the_example_is_found() -> None:
    assert set(address.locate(ledger(), {PATH: post()})) == set(ledger().reports)
