"""Units: what holds one report, what holds many, and which links are whose own."""

import pytest
from facts import read

from tracker.sections import called

PAPERS = [f"https://arxiv.org/abs/2501.0000{n}" for n in range(1, 10)]
A, B, C, D = PAPERS[:4]

REPORT = (
    f"- [pdf]({A})\n- [model](https://huggingface.co/o/m)\n\n> - as in [that]({B}), 3.5 points\n"
)
ITEMS = f"- [One]({A})\n- [Two]({B}) by X\n- [Three]({C})\n"
ROWS = f"| name | paper |\n|---|---|\n| One | [pdf]({A}) |\n| Two | [pdf]({B}) |\n"
PROSE = (
    f"It was shown by [X et al.]({A}) that words in a long paragraph are prose, whatever they link.\n"
    f"\nSee [that]({B}).\n"
)

HOLDS = {
    "a section that is one report": (f"### R (01/20/2025)\n\n{REPORT}", {"R": ("one", {None})}),
    "no heading at all, one report": (REPORT, {"_posts/2025-01-21-notes.md": ("one", {None})}),
    "a setext heading": (f"R\n---\n\n{REPORT}", {"R": ("one", {None})}),
    "a list of papers": (f"## Papers\n\n{ITEMS}", {"Papers": ("many", {"item"})}),
    "no heading at all, a list": (ITEMS, {"_posts/2025-01-21-notes.md": ("many", {"item"})}),
    "a table": (f"## Papers\n\n{ROWS}", {"Papers": ("many", {"row"})}),
    "prose with citations": (f"## Theory\n\n{PROSE}", {"Theory": ("many", {"paragraph"})}),
    "words before the first heading": (
        f"{PROSE}\n## Papers\n\n{ITEMS}",
        {"_posts/2025-01-21-notes.md": ("many", {"paragraph"}), "Papers": ("many", {"item"})},
    ),
    "three repositories": (
        "## Tools\n\n" + "".join(f"- [t{n}](https://github.com/o/t{n})\n" for n in range(3)),
        {"Tools": ("many", {"item"})},
    ),
    "a paper and three repositories are one report": (
        f"## R\n\n- [pdf]({A})\n"
        + "".join(f"- [t{n}](https://github.com/o/t{n})\n" for n in range(3)),
        {"R": ("one", {None})},
    ),
    "two items called by their own names": (
        f"## Tools\n\n- [vLLM](https://github.com/o/v): fast\n- [TÜLU 3]({A}): open\n",
        {"Tools": ("many", {"item"})},
    ),
    "two items whose names hold such a word": (
        f"## Tools\n\n- [PyGithub](https://github.com/o/v): fast\n- [CodeLlama]({A}): open\n",
        {"Tools": ("many", {"item"})},
    ),
    "two items called by what they are to a report": (
        f"## R\n\n- [R: the paper]({A})\n- [code](https://github.com/o/v)\n",
        {"R": ("one", {None})},
    ),
    "a list beside reports": (
        f"## R\n\n{REPORT}\n## S\n\n{REPORT}\n## To read\n\n{ITEMS}",
        {"R": ("one", {None}), "S": ("one", {None}), "To read": ("many", {"item"})},
    ),
    "a short section of a long list": (
        f"# L\n\n## A\n\n{ITEMS}\n## B\n\n- [One]({D})\n\n## C\n\n{ITEMS}",
        {"A": ("many", {"item"}), "B": ("many", {"item"}), "C": ("many", {"item"})},
    ),
    "prose beside reports cites": (
        f"## R\n\n{REPORT}\n## Why\n\n{PROSE}",
        {"R": ("one", {None}), "Why": ("prose", {None})},
    ),
    "a badge in the title does not make a list one report": (
        f"# Awesome [![x](https://github.com/o/r/raw/main/x.png)](https://github.com/o/r)\n\n"
        f"## A\n\n{ITEMS}\n## B\n\n{ITEMS}",
        {"Awesome x": ("many", {None}), "A": ("many", {"item"}), "B": ("many", {"item"})},
    ),
}


@pytest.mark.parametrize(("text", "expected"), HOLDS.values(), ids=HOLDS)
def test_what_a_section_holds(text, expected):
    """One report, or many, told by the item, the row or the paragraph around each link."""
    found = {
        r.name: (r.holds, {k.unit.type if k.unit else None for k in r.links})
        for r in read(text).reports
        if r.links
    }
    assert found == expected


OWN = {
    "a note in a report cites": (f"## R\n\n{REPORT}", {A: True, B: False}),
    "a row's links are its own": (f"## L\n\n{ROWS}", {A: True, B: True}),
    "an item's link need not begin it": (
        f"## L\n\n- **One**, [pdf]({A})\n- Two: [pdf]({B})\n",
        {A: True, B: True},
    ),
    "a note below an item cites": (
        f"## L\n\n{ITEMS}- [Four]({D})\n  - follows [Five]({PAPERS[4]})\n",
        {A: True, B: True, C: True, D: True, PAPERS[4]: False},
    ),
    "an item below a plain item is its own": (
        f"## L\n\n{ITEMS}- Attention\n  - Four, [pdf]({D})\n",
        {A: True, B: True, C: True, D: True},
    ),
    "a paragraph's links are its own": (f"## T\n\n{PROSE}", {A: True, B: True}),
    "prose beside a report cites": (
        f"## R\n\n- [x]({C})\n\n## Why\n\n{PROSE}",
        {C: True, A: False, B: False},
    ),
}


@pytest.mark.parametrize(("text", "expected"), OWN.values(), ids=OWN)
def test_whose_own_a_link_is(text, expected):
    """What a reader would miss if it changed is own; what is only mentioned is cited."""
    assert {k.url: k.own for k in read(text).links if k.url in expected} == expected


def test_a_trail_of_headings_names_what_holds_many():
    """Without the one title of the whole; a report keeps its own name."""
    post = read(f"# Awesome\n\n## Vision\n\n### Papers\n\n{ITEMS}\n## Text\n\n### Papers\n\n{ROWS}")
    assert [r.name for r in post.reports if r.links] == ["Vision › Papers", "Text › Papers"]
    assert [r.name for r in read(f"# N\n\n## 2025\n\n### R\n\n{REPORT}").reports if r.links] == [
        "R"
    ]


def test_a_trail_is_called_by_its_last_heading_too():
    """Nobody types the whole."""
    assert {"vision › papers", "papers", "vision-papers"} == called(
        "vision-papers", "Vision › Papers"
    )
