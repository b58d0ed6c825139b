"""Stubs: the author's style, one line a change, in its place; the author's lines are theirs."""

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import EXAMPLE, at
from facts import blob, collection, gone, model, paper, read

from tracker import plan, register, writing
from tracker.model import Ledger, TrackerError
from tracker.sources import identify
from tracker.templating import renderer

NOW = at("2025-11-22T12:00:00")
RENDER = renderer(Path("/nowhere"), "stub.md")


def refresh(
    text, answers, ledger=None, now=NOW, render=RENDER, *,
    items=False, path="_posts/n.md", compared=None,
):  # fmt: skip
    """One refresh of a post in memory: its new text, the ledger, and what was decided."""
    ledger = ledger or Ledger()
    post = read(text, path, writing.lines_of(ledger.stubs))
    reading = register.read(ledger, [post], now)
    found = plan.find(reading, answers, now)
    learnt = plan.learn(reading, answers, found, compared or {}, now)
    decided = writing.write(
        learnt.reading, learnt.news, now, zone=lambda _path: now.tzinfo, render=render,
        items=lambda _path: items,
        reread=lambda path, source, ours: read(source.decode(), path, ours),
    )  # fmt: skip
    return decided.posts.get(post.path, text.encode()).decode(), decided.done, decided


def added(before, after):
    """The lines that are only in the new text."""
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old and "updated on" not in line]


HEAD = '---\ntitle: "Notes (updated on 01/22/2025)"\n---\n\n'
PAPER = "arxiv:2501.07301"
PDF = "github:o/r/blob/main/a.pdf"
MODEL = "huggingface:models/o/m"
SET = "huggingface:collections/" + "a" * 24
LINKS = {
    PAPER: "- [pdf](https://arxiv.org/pdf/2501.07301)\n",
    PDF: "- [pdf](https://github.com/o/R/blob/main/a.pdf)\n",
    MODEL: "- [huggingface m](https://huggingface.co/o/M)\n",
    SET: "- [hugetingface](https://huggingface.co/collections/o/things-" + "a" * 24 + ")\n",
    "github:o/r": "- [code](https://github.com/o/R)\n",
}
V2 = {"v1": "2025-01-13", "v2": "2025-06-05"}
A, B = "a" * 40, "b" * 40
TWIN = {"arxiv:2501.12948": paper({"v1": "2025-01-22"}, "arxiv:2501.12948")}


def section(*keys, heading="### R (01/13/2025)", body="\n> - a note\n"):
    return HEAD + heading + "\n\n" + "".join(LINKS[k] for k in keys) + body


STUBS = {
    "a paper's new version, with the authors' comment": (
        PAPER,
        {PAPER: paper(V2, comment='Accepted to {{ COLM }} "2025"')},
        "> - **v2 (06/05/2025)**: [pdf](https://arxiv.org/pdf/2501.07301v2), "
        "\"Accepted to &#123;&#123; COLM &#125;&#125; '2025'\"",
    ),
    "a file's new bytes, with the paper it became": (
        PDF,
        {PDF: blob({A: "2025-01-20", B: "2025-01-23"}, papers=("2501.12948",)), **TWIN},
        "> - **new pdf (01/23/2025)**: [pdf](https://github.com/o/R/blob/"
        f"{1:040d}/a.pdf), also [arXiv v1](https://arxiv.org/pdf/2501.12948v1)",
    ),
    "a file deleted, with its successor and last copy": (
        PDF,
        {PDF: replace(gone("2024-12-26", "2025-03-16"), papers=("2501.12948",)), **TWIN},
        "> - **pdf deleted (03/16/2025)**: now [arXiv v1](https://arxiv.org/pdf/2501.12948v1), "
        "last copy [pdf](https://github.com/o/R/blob/" + "c" * 40 + "/a.pdf)",
    ),
    "new weights": (
        MODEL,
        {MODEL: model(A, B, "2025-02-18", parts=("weights", "card"))},
        "> - **new weights (02/18/2025)**: [huggingface m](https://huggingface.co/o/M/commit/"
        + B
        + ")",
    ),
    "two more models": (
        SET,
        {SET: collection({"o/a": None, "o/b": "2025-02-01", "o/c": "2025-02-02"})},
        "> - **2 more models (since 01/22/2025)**: [b](https://huggingface.co/o/b), "
        "[c](https://huggingface.co/o/c)",
    ),
    "more items than are named": (
        SET,
        {SET: collection({f"o/m{n}": "2025-02-01" for n in range(5)})},
        "> - **5 more models (since 01/22/2025)**: [m0](https://huggingface.co/o/m0), "
        "[m1](https://huggingface.co/o/m1), [m2](https://huggingface.co/o/m2) and 2 more",
    ),
    "withdrawn": (
        PAPER,
        {PAPER: paper(V2, withdrawn=True, comment="This paper has been withdrawn")},
        "> - **withdrawn (06/05/2025)**: [v2](https://arxiv.org/abs/2501.07301v2), "
        '"This paper has been withdrawn", last pdf [v1](https://arxiv.org/pdf/2501.07301v1)',
    ),
}


@pytest.mark.parametrize(("link", "answers", "line"), STUBS.values(), ids=STUBS)
def test_the_words_of_a_stub(link, answers, line):
    """A finished fact in one line, with the author's own label and form of address."""
    before = section(link)
    assert added(before, refresh(before, answers)[0]) == [line]


def test_published_joins_the_line_of_its_version():
    """One upstream has one line: a journal reference that comes later joins it."""
    text, ledger, _ = refresh(section(PAPER), {PAPER: paper(V2)})
    later = {
        PAPER: paper(V2, journal="Nature 645, 633-638 (2025)", doi="10.1038/s41586-025-09422-z")
    }
    after, _, _ = refresh(text, later, ledger)
    assert added(section(PAPER), after) == [
        "> - **v2 (06/05/2025)**: [pdf](https://arxiv.org/pdf/2501.07301v2); **published**: "
        "Nature 645, 633-638 (2025), [doi](https://doi.org/10.1038/s41586-025-09422-z)"
    ]


def test_published_alone():
    """Where no line stands, the journal reference is a line of its own."""
    _, ledger, _ = refresh(section(PAPER), {PAPER: paper({"v1": "2025-01-13"})})
    after, _, _ = refresh(
        section(PAPER), {PAPER: paper({"v1": "2025-01-13"}, journal="Nature 645")}, ledger
    )
    assert added(section(PAPER), after) == ["> - **published**: Nature 645"]


def test_the_next_state_replaces_an_untouched_line():
    """v3 takes the place of v2, byte for byte elsewhere the same."""
    text, ledger, _ = refresh(section(PAPER), {PAPER: paper(V2)})
    after, _, _ = refresh(text, {PAPER: paper({**V2, "v3": "2025-11-01"})}, ledger)
    assert after == text.replace("v2 (06/05/2025)", "v3 (11/01/2025)").replace("07301v2", "07301v3")


def test_items_add_up_in_an_untouched_line():
    """Three more, then one more, is four more since the first day."""
    start = {"o/a": None} | {f"o/b{n}": "2025-02-01" for n in range(3)}
    text, ledger, _ = refresh(section(SET), {SET: collection(start)})
    after, _, _ = refresh(text, {SET: collection({**start, "o/c": "2025-11-01"})}, ledger)
    (line,) = added(section(SET), after)
    assert line.startswith("> - **4 more models (since 01/22/2025)**")


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (lambda line: f"{line} (read it)", 2),
        (lambda _line: "", 1),
    ],
    ids=["edited", "deleted"],
)
def test_an_edited_or_deleted_line_is_the_authors(edit, lines):
    """It never comes back, and the next change gets a line of its own."""
    text, ledger, _ = refresh(section(PAPER), {PAPER: paper(V2)})
    (line,) = added(section(PAPER), text)
    theirs = text.replace(line, edit(line))
    again, ledger, _ = refresh(theirs, {PAPER: paper(V2)}, ledger)
    assert again == theirs
    after, _, _ = refresh(again, {PAPER: paper({**V2, "v3": "2025-11-01"})}, ledger)
    assert len([x for x in added(section(PAPER), after) if x]) == lines


PLACES = {
    "quoted list": ("> - a note\n", "> - a note\n> - STUB\n"),
    "no notes yet": ("", "STUB2"),
    "nested lines without a quote mark": (
        "> - a\n    - b\n",
        "> - a\n    - b\n> - STUB\n",
    ),
    "a lazy line at the end": ("> - a\n    - b\n> c d\n", "> - a\n    - b\n> c d\n> - STUB\n"),
    "quoted nested lines": ("> - a\n>     - b\n", "> - a\n>     - b\n> - STUB\n"),
    "stars": ("* a\n  * b\n* c\n", "* a\n  * b\n* c\n* STUB\n"),
    "a rule after it": ("> - a\n\n---\n", "> - a\n> - STUB\n\n---\n"),
    "a rule right under it": ("> - a\n---\n", "> - a\n> - STUB\n\n---\n"),
    "a paragraph": ("Some words.\n", "Some words.\n\n- STUB\n"),
    "a quoted paragraph": ("> words\n", "> words\n>\n> - STUB\n"),
    "a table": ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| a | b |\n|---|---|\n| 1 | 2 |\n\n- STUB\n"),
    "code": ("```\n- x\n```\n", "```\n- x\n```\n\n- STUB\n"),
    "code that holds a deeper list": (
        "```\nx:\n    - y\n```\n",
        "```\nx:\n    - y\n```\n\n- STUB\n",
    ),
    "an admonition": ("!!! note\n\n    - x\n", "!!! note\n\n    - x\n\n- STUB\n"),
    "attributes of a list": ("- a\n- b\n{: .cls}\n", "- a\n- b\n- STUB\n{: .cls}\n"),
    "a list that ends in a second paragraph": (
        "- a\n\n    b\n",
        "- a\n\n    b\n\n- STUB\n",
    ),
    "numbered": ("1. a\n2. b\n", "1. a\n2. b\n\n- STUB\n"),
    "no newline at the end": ("> - a", "> - a\n> - STUB"),
    "blank lines after it": ("> - a\n\n\n\n", "> - a\n> - STUB\n\n\n\n"),
    "spaces after it": ("> - a  \n   \n", "> - a  \n> - STUB\n   \n"),
}


@pytest.mark.parametrize(("body", "expected"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_where_a_stub_goes(body, expected, newline):
    """Right after the section's last line that is neither blank nor a rule, as an item of its
    own."""
    if expected == "STUB2":
        expected = "- STUB\n"
        links = LINKS[PAPER]
    else:
        links = LINKS[PAPER] + "\n"
    before = (HEAD + "### R (01/13/2025)\n\n" + links + body).replace("\n", newline)
    after = refresh(before, {PAPER: paper(V2)}, render=lambda _: "STUB")[0]
    front = HEAD.replace("01/22/2025", "11/22/2025")
    assert after == (front + "### R (01/13/2025)\n\n" + links + expected).replace("\n", newline)


FORMS = {
    "month first": ("### R (01/13/2025)", "06/05/2025"),
    "ISO": ("### R (2025-01-13)", "2025-06-05"),
    "day first, as another heading proves": (
        "### Q (31/12/2024)\n\n### R (13/01/2025)",
        "05/06/2025",
    ),
    "in words": ("### R (January 13, 2025)", "June 5, 2025"),
    "short words": ("### R - Jan 13, 2025", "Jun 5, 2025"),
    "dots": ("### R (13.01.2025)", "05.06.2025"),
    "no date in any heading: the post's": ("### R", "06/05/2025"),
}


@pytest.mark.parametrize(("heading", "written"), FORMS.values(), ids=FORMS)
def test_the_authors_date_form(heading, written):
    """The date is written as the section's heading writes it."""
    before = section(PAPER, heading=heading)
    (line,) = added(before, refresh(before, {PAPER: paper(V2)})[0])
    assert f"**v2 ({written})**" in line


ADDRESSES = {
    "abs": ("https://arxiv.org/abs/2501.07301", "https://arxiv.org/abs/2501.07301v2"),
    "pdf with its ending": (
        "https://arxiv.org/pdf/2501.07301.pdf",
        "https://arxiv.org/pdf/2501.07301v2.pdf",
    ),
    "an old version": (
        "http://arxiv.org/abs/2501.07301v1#S1",
        "https://arxiv.org/abs/2501.07301v2",
    ),
}


@pytest.mark.parametrize(("url", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_the_sections_own_form_of_address(url, expected):
    """The new version is linked as the author links the old one."""
    before = section(PAPER).replace("https://arxiv.org/pdf/2501.07301", url)
    (line,) = added(before, refresh(before, {PAPER: paper(V2)})[0])
    assert f"]({expected})" in line


def test_one_stub_a_post_where_the_highest_version_is_pinned():
    """Of two sections that link a paper, the one that pins the later version has the line."""
    before = (
        HEAD
        + "### New (03/01/2025)\n\n- [pdf](https://arxiv.org/pdf/2501.07301v2)\n\n> - new\n\n"
        + "### Old (01/13/2025)\n\n- [pdf](https://arxiv.org/pdf/2501.07301)\n\n> - old\n"
    )
    after = refresh(before, {PAPER: paper({**V2, "v3": "2025-11-01"})})[0]
    assert after.count("**v3") == 1
    assert "> - new\n> - **v3" in after


def test_no_stub_where_the_post_already_links_that_version():
    """The author was faster: the change is told in the feeds alone."""
    _, ledger, _ = refresh(section(PAPER), {PAPER: paper({"v1": "2025-01-13"})})
    theirs = section(PAPER) + "\n### R again\n\n- [pdf](https://arxiv.org/pdf/2501.07301v2)\n"
    after, ledger, _ = refresh(theirs, {PAPER: paper(V2)}, ledger)
    assert after == theirs
    assert [c.id for c in ledger.changes] == ["arxiv:2501.07301@v2"]


def test_a_citation_takes_no_line():
    """A link inside a note is no report of its own."""
    own = "- [code](https://github.com/o/r)\n\n"
    before = HEAD + f"### R\n\n{own}> - see [this](https://arxiv.org/abs/2501.07301)\n"
    after, ledger, _ = refresh(before, {PAPER: paper(V2)})
    assert after == before
    assert [c.significance for c in ledger.changes] == ["minor"]


def test_our_own_lines_add_no_link():
    """The pinned link in a stub is not the author's, so it is neither watched nor a pin."""
    text, ledger, _ = refresh(section(PAPER), {PAPER: paper(V2)})
    again = read(text, ours=writing.lines_of(ledger.stubs))
    assert [link.pinned for link in again.links] == [None]


def test_an_offered_paper_is_watched_from_then_on():
    """A successor that a line offers gets its own line when it is revised."""
    answers = {PDF: replace(gone("2024-12-26", "2025-03-16"), papers=("2501.12948",)), **TWIN}
    text, ledger, _ = refresh(section(PDF), answers)
    later = {
        "arxiv:2501.12948": paper({"v1": "2025-01-22", "v2": "2025-11-20"}, "arxiv:2501.12948")
    }
    after, _, _ = refresh(text, later, ledger)
    assert added(text, after) == [
        "> - **v2 (11/20/2025)**: [arXiv](https://arxiv.org/pdf/2501.12948v2)"
    ]


OFFERS = {
    "the only one": (("2501.12948",), {"2501.12948": "Another name"}, "2501.12948v1"),
    "the one that names the report": (
        ("2401.00001", "2501.12948"),
        {"2401.00001": "Other", "2501.12948": "My-R: a report"},
        "2501.12948v1",
    ),
    "none of several strangers": (
        ("2401.00001", "2401.00002"),
        {"2401.00001": "Other", "2401.00002": "Others"},
        None,
    ),
    "none that arXiv does not know": (("2401.00001",), {}, None),
}


@pytest.mark.parametrize(("papers", "titles", "offered"), OFFERS.values(), ids=OFFERS)
def test_which_paper_is_offered(papers, titles, offered):
    """An unambiguous one, or the one whose title names the report; else none."""
    answers = {PDF: blob({A: "2025-01-20", B: "2025-01-23"}, papers=papers)}
    for number, title in titles.items():
        found = paper({"v1": "2025-01-22"}, f"arxiv:{number}")
        answers[f"arxiv:{number}"] = replace(found, snapshot=replace(found.snapshot, title=title))
    _, ledger, _ = refresh(section(PDF, heading="### My R (01/13/2025)"), answers)
    assert ledger.changes[0].also == offered


def test_a_paper_that_the_section_links_is_not_offered():
    """What the author links already needs no offer."""
    answers = {
        PDF: blob({A: "2025-01-20", B: "2025-01-23"}, papers=("2501.07301",)),
        PAPER: paper({"v1": "2025-01-13"}),
    }
    assert refresh(section(PAPER, PDF), answers)[1].changes[0].also is None


def test_too_many_lines_are_none():
    """More than 25 lines for one post: none is written, and the changes are recorded."""
    sections = "".join(
        f"### R{n} (01/13/2025)\n\n- [pdf](https://arxiv.org/pdf/2501.{n:05d})\n\n"
        for n in range(26)
    )
    answers = {f"arxiv:2501.{n:05d}": paper(V2, f"arxiv:2501.{n:05d}") for n in range(26)}
    after, ledger, decided = refresh(HEAD + sections, answers)
    assert after == HEAD + sections
    assert len(ledger.changes) == 26
    assert list(decided.held.values()) == [26]
    assert refresh(after, answers, ledger)[0] == after


def test_twenty_five_lines_are_written():
    """The limit itself is not too many."""
    sections = "".join(
        f"### R{n} (01/13/2025)\n\n- [pdf](https://arxiv.org/pdf/2501.{n:05d})\n\n"
        for n in range(25)
    )
    answers = {f"arxiv:2501.{n:05d}": paper(V2, f"arxiv:2501.{n:05d}") for n in range(25)}
    assert refresh(HEAD + sections, answers)[0].count("**v2") == 25


def test_a_long_list_takes_no_lines():
    """A section of many links is a list, not a report: its changes are told elsewhere."""
    links = "".join(f"- [paper {n}](https://arxiv.org/abs/2501.{n:05d})\n" for n in range(9))
    answers = {"arxiv:2501.00003": paper(V2, "arxiv:2501.00003")}
    after, ledger, _ = refresh(HEAD + "## Papers\n\n" + links, answers)
    assert after == HEAD + "## Papers\n\n" + links
    assert len(ledger.changes) == 1


def test_a_post_without_headings_takes_lines():
    """One file may be one report."""
    before = HEAD + LINKS[PAPER]
    assert added(before, refresh(before, {PAPER: paper(V2)})[0]) == [
        "- **v2 (06/05/2025)**: [pdf](https://arxiv.org/pdf/2501.07301v2)"
    ]


def test_a_template_of_two_lines_is_refused():
    """A stub is one line: a template that gives more says so and nothing is written."""
    with pytest.raises(TrackerError, match="one line"):
        refresh(section(PAPER), {PAPER: paper(V2)}, render=lambda _: "a\nb")


def test_the_example_post_keeps_its_other_bytes():
    """Taking the new lines and the date out again leaves the example post as it was."""
    source = EXAMPLE.read_bytes().decode()
    post = read(source)
    answers = {
        link.upstream.key: paper({"v1": "2024-01-01", "v9": "2025-06-05"}, link.upstream.key)
        for link in post.links
        if link.upstream and link.upstream.kind == "arxiv"
    }
    after, ledger, _ = refresh(source, answers)
    lines = [stub.text for stub in ledger.stubs]
    assert len(lines) == 8
    kept = "".join(x for x in after.splitlines(keepends=True) if x.rstrip("\n") not in lines)
    assert kept.replace("11/22/2025", "01/22/2025", 1) == source
    assert identify("https://arxiv.org/abs/2404.07904").upstream.key in [
        c.upstream for c in ledger.changes
    ]


# --- lists -------------------------------------------------------------------------------------

OTHERS = "".join(f"- [Paper {n}](https://arxiv.org/abs/2001.0000{n})\n" for n in (1, 2, 3))
PDF_V2 = "**v2 (2025-06-05)**: [Math PRM](https://arxiv.org/abs/2501.07301v2)"
LISTED = "[Math PRM](https://arxiv.org/abs/2501.07301)"
ITEMS = {
    "an item": (f"- {LISTED}\n", f"- {LISTED}\n    - {PDF_V2}\n"),
    "an item of several lines": (
        f"* {LISTED}\n  by X\n  and Y\n",
        f"* {LISTED}\n  by X\n  and Y\n    * {PDF_V2}\n",
    ),
    "an item with notes": (
        f"- {LISTED}\n  - a note\n    - and another\n",
        f"- {LISTED}\n  - a note\n    - and another\n  - {PDF_V2}\n",
    ),
    "a numbered item": (f"1. {LISTED}\n", f"1. {LISTED}\n    - {PDF_V2}\n"),
    "a nested item": (
        f"- Reasoning\n  - {LISTED}\n",
        f"- Reasoning\n  - {LISTED}\n      - {PDF_V2}\n",
    ),
    "an item below a tab": (
        f"- Reasoning\n\t- {LISTED}\n",
        f"- Reasoning\n\t- {LISTED}\n\t    - {PDF_V2}\n",
    ),
    "a quoted item": (f"> - {LISTED}\n", f"> - {LISTED}\n>     - {PDF_V2}\n"),
    "an item that does not begin with its link": (
        f"- **PRM** (2025), {LISTED}\n",
        f"- **PRM** (2025), {LISTED}\n    - {PDF_V2}\n",
    ),
    "the last item, without a line end": (f"- {LISTED}", f"- {LISTED}\n    - {PDF_V2}"),
    "Windows line ends": (f"- {LISTED}\r\n", f"- {LISTED}\r\n    - {PDF_V2}\r\n"),
    "a row": (f"| a |\n|---|\n| {LISTED} |\n", None),
    "a paragraph": (f"See {LISTED} for a long sentence on what is told there.\n", None),
}


@pytest.mark.parametrize(("before", "after"), ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize("between", ["<!-- -->", "## Alone"], ids=["in a list", "alone"])
def test_a_list_item_takes_one_nested_line_if_wished(before, after, between):
    """At its own indentation, below all that it holds; rows and paragraphs take none."""
    above = f"# L\n\n## A\n\n{OTHERS}\n## B\n\n{OTHERS}\n{between}\n\n"
    answers = {PAPER: paper({"v1": "2025-01-13", "v2": "2025-06-05"})}
    _, ledger, _ = refresh(
        above + before, {PAPER: paper({"v1": "2025-01-13"})}, now=at("2025-02-01"), items=True
    )
    text, ledger, _ = refresh(above + before, answers, ledger, items=True)
    assert text == above + (after or before)
    assert [c.significance for c in ledger.changes] == ["major"]
    if after:
        post = read(text, ours=writing.lines_of(ledger.stubs))
        (ours,) = post.ours
        inner = read(text).links_to(PAPER)[-1].unit
        assert ours[0] <= inner.start < ours[1]
        assert inner.outer
        assert PAPER in {k.upstream.key for k in post.links if k.start >= inner.outer.start}
        again = paper({"v1": "2025-01-13", "v2": "2025-06-05", "v3": "2025-12-01"})
        text, ledger, _ = refresh(text, {PAPER: again}, ledger, at("2025-12-02"), items=True)
        assert text == above + after.replace("v2", "v3").replace("06-05", "12-01")


def test_lists_take_no_lines_unless_wished():
    """Their changes are entries."""
    text = "# L\n\n" + OTHERS + f"- {LISTED}\n"
    _, ledger, _ = refresh(text, {PAPER: paper({"v1": "2025-01-13"})}, now=at("2025-02-01"))
    after, ledger, _ = refresh(text, {PAPER: paper(V2)}, ledger)
    assert after == text
    assert [c.significance for c in ledger.changes] == ["major"]


NO_ITEM = {
    "an unclosed fence": "~~~\ncode\n",
    "an unclosed comment": "<!-- open\n",
    "a script": "<script>\nx\n",
}


@pytest.mark.parametrize("end", NO_ITEM.values(), ids=NO_ITEM)
def test_a_line_that_would_be_read_as_something_else_is_not_written(end):
    """It is held, the others are put in, and the change is told all the same."""
    other = "### S\n\n- [pdf](https://arxiv.org/pdf/2501.07302)\n\n"
    text = HEAD + other + "### R\n\n- [pdf](https://arxiv.org/pdf/2501.07301)\n\n" + end
    two = {PAPER: paper(V2), "arxiv:2501.07302": paper(V2, "arxiv:2501.07302")}
    after, ledger, decided = refresh(text, two)
    assert added(text, after) == [
        "- **v2 (06/05/2025)**: [pdf](https://arxiv.org/pdf/2501.07302v2)"
    ]
    assert decided.refused == {"_posts/n.md": 1}
    assert len(ledger.changes) == 2
    assert refresh(after, two, ledger)[0] == after


REFUSING = {
    "a table": f"- {LISTED}\n\n  | a |\n  |---|\n  | b |\n",
    "a second paragraph": f"- {LISTED}\n\n  more\n",
    "code": f"- {LISTED}\n\n  ```\n  x\n  ```\n",
    "a quote": f"- {LISTED}\n  > x\n",
}


@pytest.mark.parametrize("item", REFUSING.values(), ids=REFUSING)
def test_an_item_that_holds_more_than_text_and_lists_takes_no_line(item):
    """Older Markdown would not see a list there."""
    text = f"# L\n\n{OTHERS}{item}"
    _, ledger, _ = refresh(
        text, {PAPER: paper({"v1": "2025-01-13"})}, now=at("2025-02-01"), items=True
    )
    after, ledger, _ = refresh(text, {PAPER: paper(V2)}, ledger, items=True)
    assert after == text
    assert len(ledger.changes) == 1


def test_a_line_goes_where_its_report_went():
    """A report that became a list, and a list that became reports: one upstream, one line."""
    links = [f"- [M{n}](https://arxiv.org/abs/2501.0730{n}) - the model" for n in range(1, 5)]
    keys = [f"arxiv:2501.0730{n}" for n in range(1, 5)]

    def answers(version):
        days = {"v1": "2025-01-13", "v2": "2025-06-05", "v3": "2025-12-01"}
        shown = {v: d for v, d in days.items() if v <= version}
        return {key: paper(shown, key) for key in keys}

    def told(text):
        return [line for line in text.splitlines() if "**v" in line]

    listed = "# L\n\n" + "\n".join(links) + "\n"
    _, ledger, _ = refresh(listed, answers("v1"), now=at("2025-02-01"), items=True)
    two, ledger, _ = refresh(listed, answers("v2"), ledger, items=True)
    assert [line[:10] for line in told(two)] == ["    - **v2"] * 4
    lines = two.splitlines()[2:]
    split = "# L\n\n" + "".join(
        f"## R{n}\n\n{link}\n{line}\n\n"
        for n, (link, line) in enumerate(zip(lines[::2], lines[1::2], strict=True), 1)
    )
    three, ledger, _ = refresh(split, answers("v3"), ledger, at("2025-12-02"), items=True)
    assert [line[:6] for line in told(three)] == ["- **v3"] * 4
    for section in three.split("## R")[1:]:
        number = section[0]
        assert f"2501.0730{number}v3" in section


def test_where_a_paper_was_published_is_told_though_its_version_is_linked():
    """The address of what is new is then one that the author has."""
    text = f"{HEAD}### R\n\n- [pdf](https://arxiv.org/abs/2501.07301v1)\n\n> - a note\n"
    first = {PAPER: paper({"v1": "2025-01-13"})}
    text, ledger, _ = refresh(text, first, now=at("2025-01-23"))
    after, _, _ = refresh(text, {PAPER: paper({"v1": "2025-01-13"}, journal="A Journal")}, ledger)
    assert added(text, after) == ["> - **published**: A Journal"]
