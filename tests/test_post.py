"""Reading: every link with its line, every section, and not one byte of the author's harmed."""

import pytest
from conftest import EXAMPLE
from facts import read
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import TrackerError
from tracker.post import Edit, check, edit, parse
from tracker.sources import identify

ARXIV = "https://arxiv.org/abs/2501.08313"


def links(text):
    return [(k.url, k.line, k.own) for k in read(text).links]


SHAPES = {
    "inline": (f"[pdf]({ARXIV})", [(ARXIV, 1, True)]),
    "in a list": (f"- [pdf]({ARXIV})", [(ARXIV, 1, True)]),
    "in a quoted list": (f"> - [pdf]({ARXIV})", [(ARXIV, 1, True)]),
    "numbered, bold, checked": (f"1. [x] **[pdf]({ARXIV})**", [(ARXIV, 1, True)]),
    "in angle brackets": (f"<{ARXIV}>", [(ARXIV, 1, True)]),
    "destination in angle brackets, with a title": (f'[x](<{ARXIV}> "t")', [(ARXIV, 1, True)]),
    "bare": (f"see {ARXIV}.", [(ARXIV, 1, True)]),
    "bare, in brackets": (f"(see {ARXIV})", [(ARXIV, 1, True)]),
    "bare, glued to Chinese": (f"见{ARXIV}的论文", [(ARXIV, 1, True)]),
    "reference, its address elsewhere": (f"see [x]\n\n[x]: {ARXIV}", [(ARXIV, 1, True)]),
    "nested brackets": (f"- [[pdf]]({ARXIV})", [(ARXIV, 1, True)]),
    "an image inside a link": (
        f"[![a](https://github.com/o/r/raw/main/x.png)]({ARXIV})",
        [(ARXIV, 1, True), ("https://github.com/o/r/raw/main/x.png", 1, False)],
    ),
    "HTML": (f'<p>\n<a href="{ARXIV}">x</a>\n</p>', [(ARXIV, 2, True)]),
    "HTML inline, its words an address": (f'x <a href="{ARXIV}">{ARXIV}</a>', [(ARXIV, 1, True)]),
    "in a heading": (f"### [R]({ARXIV}) (01/15/2025)", [(ARXIV, 1, True)]),
    "in a table": (f"| a |\n|---|\n| [x]({ARXIV}) |", [(ARXIV, 3, True)]),
    "the second in a line that begins with a link": (
        f"- [a](https://example.org) and [b]({ARXIV})",
        [("https://example.org", 1, True), (ARXIV, 1, True)],
    ),
    "the second line of an item that begins with a link": (
        f"- [a](https://example.org)\n  and [b]({ARXIV})",
        [("https://example.org", 1, True), (ARXIV, 2, True)],
    ),
    "a note below such an item is a note": (
        f"- [a](https://example.org)\n  - as in [b]({ARXIV})",
        [("https://example.org", 1, True), (ARXIV, 2, False)],
    ),
    "in a note": (f"> - hybrid-[hgrn2]({ARXIV}).", [(ARXIV, 1, True)]),
    "without a scheme": (
        "see www.arxiv.org/abs/2501.08313.",
        [("http://www.arxiv.org/abs/2501.08313", 1, True)],
    ),
    "in an admonition": (
        f'!!! note "x"\n\n    [x]({ARXIV})\n\n[y]({ARXIV})',
        [(ARXIV, 3, True), (ARXIV, 5, True)],
    ),
    "in a tab in an admonition": (
        f'??? note\n\n    === "Tab"\n\n        [x]({ARXIV})\n\n    [y]({ARXIV})\n\n        code {ARXIV}\n',
        [(ARXIV, 5, True), (ARXIV, 7, True)],
    ),
    "in code in an admonition": (f"!!! note\n\n    ```\n    {ARXIV}\n    ```\n", []),
    "an admonition in code": (f"```\n!!! note\n\n    {ARXIV}\n```\n", []),
    "in a code fence": (f"```\n{ARXIV}\n```", []),
    "in a quoted fence": (f"> ```\n> {ARXIV}\n> ```", []),
    "in a code span": (f"`{ARXIV}`", []),
    "indented code": (f"a\n\n    {ARXIV}", []),
    "in a comment": (f"a <!-- {ARXIV} --> b", []),
    "in a comment of several lines": (f"<!--\n[x]({ARXIV})\n<a href='{ARXIV}'>\n-->", []),
    "in front matter": (f"---\nurl: {ARXIV}\n---\ntext", []),
    "in TOML front matter": (f'+++\nurl = "{ARXIV}"\n+++\ntext', []),
    "after a form feed and a line separator": (f"a\x0cb\u2028c\n[x]({ARXIV})", [(ARXIV, 2, True)]),
    "CRLF and CR": (f"a\r\nb\rc [x]({ARXIV})", [(ARXIV, 3, True)]),
    "after a byte order mark": (f"\ufeff---\ntitle: x\n---\n[x]({ARXIV})", [(ARXIV, 4, True)]),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES)
def test_links(text, expected):
    """Each link that a renderer shows, with its line, and whether it is the report's own."""
    assert links(text) == expected


NAMES = {
    "### MiniMax-01 (01/15/2025)": "MiniMax-01",
    "### TÜLU 3 (12/06/2024)": "TÜLU 3",
    "# 2025-01-15: Notes": "Notes",
    "## Kimi K1.5 - January 20, 2025": "Kimi K1.5",
    "### R {#custom .cls}": "R",
    "### [OLMo 2](https://allenai.org) (12/31/2024)": "OLMo 2",
    "### Llama `3` *herd*": "Llama 3 herd",
    "### 01/15/2025": "01/15/2025",
    "Setext\n---": "Setext",
    "### Qwen2.5 (v2)": "Qwen2.5 (v2)",
}


@pytest.mark.parametrize(("heading", "name"), NAMES.items())
def test_a_reports_name_is_its_heading_without_the_date(heading, name):
    """The name survives a new date; nothing else of the heading is lost."""
    assert [r.name for r in read(f"{heading}\n\n- [x]({ARXIV})\n").reports] == [name]


def test_a_subsection_belongs_to_the_report_above_it():
    """Where a section has links of its own, its subsections are a part of it."""
    post = read(
        f"# Notes\n\n## R\n\n- [x]({ARXIV})\n\n### Method\n\nas in [y](https://arxiv.org/abs/2404.07904)\n"
    )
    assert [(r.name, len(r.links)) for r in post.reports] == [("Notes", 0), ("R", 2)]


def test_a_chapter_without_links_is_no_report():
    """Sections below a plain chapter heading are reports of their own."""
    post = read(f"# Notes\n\nwords\n\n## R\n\n- [x]({ARXIV})\n\n## S\n\n- [y]({ARXIV})\n")
    assert [r.name for r in post.reports if r.links] == ["R", "S"]


def test_the_example_post():
    """Eleven reports, 23 links, 21 of them to watch; a collection and a talk are there twice."""
    post = parse("x.md", EXAMPLE.read_bytes(), identify)
    assert len(post.reports) == 11
    assert len(post.links) == 23
    assert len({k.upstream for k in post.links if k.watched}) == 21
    assert [k.url for k in post.links if not k.own] == [
        "https://sustcsonglin.github.io/assets/pdf/talk_250117.pdf",
        "https://arxiv.org/pdf/2404.07904",
    ]


def test_the_example_post_has_the_links_of_the_real_one(shared):
    """Same reports, same links, same labels, in the same order."""
    real = parse("x.md", (shared / "seed-post.md").read_bytes(), identify)
    example = parse("x.md", EXAMPLE.read_bytes(), identify)
    assert [h.text for h in example.headings] == [h.text for h in real.headings]
    assert [(k.url, k.label) for k in example.links] == [(k.url, k.label) for k in real.links]


def test_front_matter_with_repeated_keys():
    """Both keys survive, the last one counts, and the title's date has its own span."""
    source = EXAMPLE.read_bytes()
    front = parse("x.md", source, identify).front
    (mark,) = front.updated
    assert source[mark.start : mark.end] == b"01/22/2025"
    assert front.values["layout"] == "post"


UPDATED = {
    "in the title": ('title: "N (updated on 01/22/2025)"', ["01/22/2025"]),
    "last_modified_at": ("last_modified_at: 2025-01-22", ["2025-01-22"]),
    "with a time": ("lastmod: 2025-01-22T10:00:00+08:00", ["2025-01-22"]),
    "quoted": ("updated: '2025-01-22'", ["2025-01-22"]),
    "a repeated key: the last first": (
        "updated: 2025-01-21\nupdated: 2025-01-22",
        ["2025-01-22", "2025-01-21"],
    ),
    "the surest first": (
        'title: "N (updated on 01/22/2025)"\nlastmod: 2025-01-23',
        ["2025-01-23", "01/22/2025"],
    ),
    "a date that counts for nothing": ("date: 2025-01-22", []),
    "a title's other dates": ('title: "Notes of 01/22/2025"', []),
    "Quarto's": ("date-modified: 01/22/2025", ["01/22/2025"]),
    "Quarto's word for git's own date": ("date-modified: last-modified", []),
    "Material for MkDocs's": (
        "date:\n  created: 2024-12-01\n  updated: 2025-01-22",
        ["2025-01-22"],
    ),
    "Docusaurus's": ("last_update:\n  date: 1/22/2025\n  author: x", ["1/22/2025"]),
    "Obsidian's": ('date created: 2024-12-01\n"date modified": 2025-01-22', ["2025-01-22"]),
    "after text that is longer in bytes": ("a: 日本語\nlastmod: 2025-01-22", ["2025-01-22"]),
}


@pytest.mark.parametrize(("front", "spans"), UPDATED.values(), ids=UPDATED)
def test_when_a_post_was_updated(front, spans):
    """The dates that say so, the surest first, each at its own place."""
    source = f"---\n{front}\n---\n\ntext\n".encode()
    marks = parse("x.md", source, identify).front.updated
    assert [source[m.start : m.end].decode() for m in marks] == spans


HUGO = {
    "TOML, a local date": ('+++\ntitle = "N"\nlastmod = 2025-01-22\n+++\n', ["2025-01-22"]),
    "TOML, a time": ("+++\r\nlastmod = 2025-01-22T10:00:00Z # x\r\n+++\r\n", ["2025-01-22"]),
    "TOML, a string": ('+++\nlastmod="2025-01-22"\n+++\n', ["2025-01-22"]),
    "TOML, a quoted key": ('+++\n"lastmod" = 2025-01-22\n+++\n', ["2025-01-22"]),
    "TOML, a title": ('+++\ntitle = "N (updated on 01/22/2025)"\n+++\n', ["01/22/2025"]),
    "TOML, text that looks like the key": (
        '+++\nx = """\nlastmod = 2020-01-01\n"""\nlastmod = 2025-01-22\n+++\n',
        ["2025-01-22"],
    ),
    "TOML, the key in a table counts for nothing": ("+++\n[x]\nlastmod = 2025-01-22\n+++\n", []),
    "JSON": ('{\n  "title": "N",\n  "lastmod": "2025-01-22T10:00:00Z"\n}\n', ["2025-01-22"]),
    "JSON, in one line": ('{"title": "日本 (updated on 01/22/2025)"}\n', ["01/22/2025"]),
    "TOML, with a comment": ("+++\nlastmod = 2025-01-22 # was 2024-01-01\n+++\n", ["2025-01-22"]),
    "TOML, a comment like the key": (
        "+++\nlastmod = 2025-01-22 # lastmod = 2025-01-22\n+++\n",
        ["2025-01-22"],
    ),
    "TOML, the same date in a table": (
        "+++\nlastmod = 2025-01-22\n[params]\nlastmod = 2025-01-22\n+++\n",
        ["2025-01-22"],
    ),
    "TOML, a date in a table that counts": (
        "+++\n[date]\nupdated = 2025-01-22\n+++\n",
        ["2025-01-22"],
    ),
    "TOML, a dotted key": ("+++\ndate.updated = 2025-01-22\n+++\n", ["2025-01-22"]),
    "JSON, the same date further in": (
        '{"lastmod": "2025-01-22", "params": {"lastmod": "2025-01-22"}}\n',
        ["2025-01-22"],
    ),
    "JSON, a title with quotes": (
        '{"title": "say \\"hi\\" (updated on 01/22/2025)"}\n',
        ["01/22/2025"],
    ),
    "YAML, a date that others repeat": ("---\nlastmod: &d 2025-01-22\ndate: *d\n---\n", []),
    "YAML, an anchor that nobody repeats": ("---\nlastmod: &d 2025-01-22\n---\n", ["2025-01-22"]),
    "braces that are no JSON": ("{{ x }}\n", []),
    "JSON that goes on": ('{"lastmod": "2025-01-22"} text\n', []),
}


@pytest.mark.parametrize(("front", "spans"), HUGO.values(), ids=HUGO)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_front_matter_as_hugo_knows_it(front, spans, mark):
    """TOML and JSON are located as YAML is; the body begins right after."""
    source = f"{mark}{front}\n[x]({ARXIV})\n".encode()
    post = parse("x.md", source, identify)
    for found in post.front.updated[:1]:  # of two that look alike, the one that counts
        assert source.index(spans[0].encode()) == found.start
    assert [source[m.start : m.end].decode() for m in post.front.updated] == spans
    assert [k.url for k in post.links] == [ARXIV]


BAD = {
    "not TOML": (b"+++\na = 1\nb = = 2\n+++\n", "x.md:3: the front matter is not TOML"),
    "empty": (b"", "x.md: the file is empty"),
    "only blanks": (b" \n\n", "x.md: the file is empty"),
    "not UTF-8": (b"a\nb\xff", "x.md:2: not UTF-8"),
    "never closed": (b"---\ntitle: x\n", "x.md:1: the front matter is never closed"),
    "not YAML": (b"---\na: b\nc: [d\n---\ntext", "x.md:4: the front matter is not YAML"),
}


@pytest.mark.parametrize(("source", "message"), BAD.values(), ids=BAD)
def test_a_post_that_cannot_be_read(source, message):
    """One line names file, place and remedy."""
    with pytest.raises(TrackerError) as caught:
        parse("x.md", source, identify)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", [b"text\n", b"---\n\ntext\n\n---\n\nmore\n", b"---\n---\ntext"])
def test_no_front_matter_is_no_error(source):
    """Nor is an empty one, nor a paragraph between two rules."""
    assert parse("x.md", source, identify).front.updated == ()


def test_an_edit_that_harms_is_refused():
    """A new line that makes a heading, or adds a link of its own, is not written."""
    before = read(f"# A\n\n- [x]({ARXIV})\n")
    for new in ("# B\n", "[y](https://arxiv.org/abs/2404.07904)\n"):
        end = len(before.source)
        after = edit(before, [Edit(end, end, new.encode())])
        with pytest.raises(TrackerError, match="nothing was written"):
            check(before, parse(before.path, after, identify))


def test_two_edits_of_one_place_are_refused():
    """Slices never overlap."""
    with pytest.raises(TrackerError, match="two edits"):
        edit(read("abc"), [Edit(0, 2, b"x"), Edit(1, 3, b"y")])


PIECES = st.sampled_from(
    [
        "# Head\n", "### R (01/15/2025)\n", f"- [pdf]({ARXIV})\n", "> - note\n", "    - nested\n",
        "> lazy\n", "\n", "\r\n", "\r", "---\n", "```\n", "<!-- x -->\n", "| a |\n|---|\n| b |\n",
        "$$x$$\n", "text", " ", "\t", "\x0c", "\u2028", "é日本", "{:toc}\n", "<div>\n", "Set\n===\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join), st.booleans())
def test_reading_changes_nothing(text, bom):
    """Whatever a post is made of, its bytes come back, and its lines are all there."""
    if not text.strip():
        return
    post = read(("\ufeff" if bom else "") + "x" + text)
    assert edit(post, []) == post.source
    spans = post.lines(0, len(post.source))
    ends = [*(start for start, _ in spans[1:]), len(post.source)]
    assert b"".join(post.source[s:n] for (s, _), n in zip(spans, ends, strict=True)) == post.source
    for link in post.links:
        assert link.line == 1 + len([s for s, _ in spans if 0 < s <= link.start])


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), st.data())
def test_taking_edits_out_again_restores_the_post(text, data):
    """Edits are slices: their reversal is the very file."""
    post = read("x" + text)
    size = len(post.source)
    places = sorted(data.draw(st.lists(st.integers(0, size), max_size=5, unique=True)))
    edits = [Edit(p, p, b"+new+") for p in places]
    after = edit(post, edits)
    for place in reversed(places):
        shift = 5 * places.index(place)
        after = after[: place + shift] + after[place + shift + 5 :]
    assert after == post.source
