"""The words of the pull request: what merging does, the loudest first, and nothing that is live."""

import re
from dataclasses import replace

import pyromark
import pytest
from conftest import at
from facts import read

from tracker.actions.proposal import proposal
from tracker.model import Change, Ledger, ReportRecord, Stub, Touched, Upstream, Version, Watch

POST = "_posts/2025-01-21-notes.md"
FOUND = at("2025-11-22")
HOSTILE = (
    "x @everyone fixes #1 `` ``` </details> ![x](http://evil.example) <b>www.evil.example GH-2"
)


def change(number, **fields):
    """A paper's second version."""
    key = f"arxiv:2501.0000{number}"
    base = Change(
        f"{key}@v2", key, "revised", "major", (f"r{number}",), "v1", "v2",
        f"https://arxiv.org/abs/2501.0000{number}v2", "A paper", FOUND,
        summary=f"The paper {number} was revised.",
    )  # fmt: skip
    return replace(base, **fields)


def line(number):
    return f"> - **v2 (06/01/2025)**: [pdf](https://arxiv.org/pdf/2501.0000{number}v2)"


def made(changes, names=None, lines=None, base="", more=(), stub_of=None):
    """The proposal for a line for each change, in a post of a section each; stub_of: the lines that
    are another report's."""
    owner = {n: f"r{n}" for n in changes} | (stub_of or {})
    lines = lines or {n: line(n) for n in changes}
    reports = {f"r{n}": ReportRecord((names or {}).get(n, f"Report {n}"), POST) for n in changes}
    stubs = [
        Stub(owner[n], c.upstream, (c.id,), lines[n], written=True) for n, c in changes.items()
    ]
    watches = {c.upstream: Watch(Upstream(c.upstream, ""), {"r": None}) for c in changes.values()}
    waiting = replace(watches[min(watches)], unchecked_since=FOUND, reason="no connection")
    ledger = Ledger(
        reports=reports,
        changes=(*changes.values(), *more),
        stubs=tuple(stubs),
        watches={**watches, "github:o/r": waiting},
    )
    text = "# A\n\n" + "".join(f"### S{n}\n\n> - a note\n{lines[n]}\n\n" for n in changes)
    post = read(text, POST, frozenset(lines.values()))
    return proposal(ledger, [post], {POST: base.encode()}, ".tracker/tracker.toml")


def test_the_title_names_three():
    """Under 100 characters."""
    told = made({n: change(n) for n in range(1, 6)})
    assert told.title == "Notes: Report 1 v2, Report 2 v2, Report 3 v2 and 2 more"


def test_the_title_counts_what_it_does_not_name():
    """Lines, also those of a report that it names."""
    changes = {1: change(1), 2: change(2), 3: change(3), 4: change(4)}
    changes[2] = replace(changes[2], reports=("r1",))
    told = made(changes, stub_of={2: "r1"})
    assert told.title == "Notes: Report 1 v2, Report 3 v2, Report 4 v2 and 1 more"


@pytest.mark.parametrize("count", range(1, 6))
def test_a_title_is_short_whatever_the_names(count):
    """And has no upstream text that is live."""
    names = dict.fromkeys(range(1, count + 1), f"{HOSTILE} {'long ' * 30}")
    told = made({n: change(n) for n in names}, names)
    assert len(told.title) < 100
    assert not re.search(r"[@#`<>\n]|://|GH-\d", told.title)


def test_a_deleted_file_comes_first():
    """Then what is withdrawn, then the others in the order of the text."""
    gone = change(3, kind="gone", upstream="github:o/r/blob/main/a.pdf", new=None,
                  url="https://github.com/o/r/commit/" + "d" * 40, title="a.pdf", basis="blob",
                  last=Version("b", FOUND, "https://github.com/o/r/blob/c/a.pdf"),
                  also="2501.00009v1")  # fmt: skip
    told = made({1: change(1), 2: change(2, kind="withdrawn"), 3: gone})
    assert told.title == "Notes: Report 3 pdf deleted, Report 2 withdrawn v2, Report 1 v2"
    assert re.findall(r"\*\*(Report \d)\*\*", told.body) == ["Report 3", "Report 2", "Report 1"]
    assert "[its successor on arXiv](https://arxiv.org/abs/2501.00009v1)" in told.body
    assert "[the last copy](https://github.com/o/r/blob/c/a.pdf)" in told.body


def test_the_body_has_all_that_a_reader_needs():
    """The exact line, what to read, the note it may touch, the rest in short, and the way out."""
    touched = (Touched("r1", "MMLU is 89.5", "reaches 91.2 on MMLU"), Touched("r9", "no", "no"))
    small = change(8, id="small", significance="minor", summary="A card changed.")
    body = made({1: change(1, touched=touched)}, more=[small]).body
    for words in (
        "1 link changed, found since 2025-11-22. Merging adds 1 line in 1 post.",
        f"**Report 1**: The paper 1 was revised.\n\n```diff\n+{line(1)}\n```\n",
        "Read [the new version](https://arxiv.org/abs/2501.00001v2).",
        "```text\nyour note: MMLU is 89.5\nnow: reaches 91.2 on MMLU\n```",
        "1 change was told in the feeds or the log alone.\n\n- A card changed.",
        "delete it in this branch",
        "close this pull",
        '`.tracker/tracker.toml`, as one of these:\n\n```toml\nignore = [\n  "arxiv:2501.00001",  # Report 1\n]',
        "1 of 2 links could be checked.\n\n- `github:o/r`: not since 2025-11-22, no connection",
    ):
        assert words in body
    assert "your note: no" not in body


def test_a_line_that_takes_anothers_place_shows_both():
    """As git will."""
    old = line(1).replace("v2", "v1")
    told = made({1: change(1)}, base=f"# A\n\n### S1\n\n> - a note\n{old}\n\n")
    assert f"```diff\n-{old}\n+{line(1)}\n```" in told.body
    assert "Merging renews 1 line" in told.body


def test_lines_that_the_base_has_are_not_proposed():
    """Without any there is no proposal."""
    assert made({1: change(1)}, base=f"# A\n\n### S1\n\n> - a note\n{line(1)}\n\n") is None


def test_nothing_that_upstream_wrote_is_live():
    """Rendered, all of it is in code; the rest are our words and links to where we link."""
    hostile = change(
        1, summary=HOSTILE, title=HOSTILE, url="https://arxiv.org/abs/2501.00001v2",
        touched=(Touched("r1", HOSTILE, HOSTILE),),
    )  # fmt: skip
    small = change(8, id="small", significance="minor", summary=HOSTILE)
    ticks = f'{line(1)}, "{HOSTILE} ~~~ `````"'
    body = made({1: hostile}, {1: HOSTILE}, {1: ticks}, more=[small]).body
    html = pyromark.html(body)
    outside = re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)
    assert html.count("@everyone") >= 6
    assert not re.search(r"@|#\d|GH-|www\.|evil|<img|details", outside)
    assert set(re.findall(r'href="(.*?)"', html)) == {"https://arxiv.org/abs/2501.00001v2"}


def test_a_body_is_no_longer_than_github_takes():
    """What does not fit is counted."""
    touched = tuple(Touched(f"r{n}", "a" * 300, "b" * 300) for n in range(1, 200) for _ in range(3))
    told = made({n: change(n, touched=touched) for n in range(1, 200)})
    assert len(told.body) < 65_536
    assert re.search(r"And \d+ more reports", told.body)
