"""What wants mending: said with its line and remedy; what moved is rewritten, and nothing else."""

from dataclasses import replace

import pytest
from conftest import at
from facts import read

from tracker import register
from tracker.mending import moved_url, moves
from tracker.model import Baseline, Change, Ledger, Snapshot, Upstream, Version, Watch
from tracker.post import check, edit
from tracker.problems import problems
from tracker.sources import identify

NOW = at("2025-11-22T12:00:00")
REPO = "https://github.com/Old/Name"
LISTED = "# L\n\n" + "".join(f"- [t{n}](https://github.com/o/t{n})\n" for n in range(3))


def snapshot(**fields):
    return Snapshot(
        fields.pop("version", "v1"),
        at("2025-01-01"),
        "https://github.com/Fresh/name/x",
        "Fresh/name",
        **fields,
    )


def watch(url, seen=None, **fields):
    upstream = identify(url).upstream
    return Watch(upstream, {"l": Baseline(NOW, settled=True)}, seen, **fields)


def ledger(*watches, changes=()):
    return Ledger(watches={w.upstream.key: w for w in watches}, changes=changes)


def gone(url, **fields):
    key = identify(url).upstream.key
    return Change(f"{key}@gone", key, "gone", "major", ("l",), "v1", None, url, "x", NOW, **fields)


PAPER = "https://arxiv.org/abs/2502.99999"
PDF = "https://github.com/o/r/blob/main/a.pdf"
SAID = {
    "moved": (watch(REPO, snapshot(moved_to="github:fresh/name")), (), "moved", "https://github.com/Fresh/name"),
    "a model that moved": (
        watch("https://huggingface.co/Old/m", replace(snapshot(moved_to="huggingface:models/new/m"), title="New/m", url="https://huggingface.co/New/m/commit/x")),
        (), "moved", "https://huggingface.co/New/m",
    ),
    "withdrawn": (watch(PAPER, snapshot(version="v2", withdrawn=True)), (), "withdrawn v2", "https://arxiv.org/pdf/2502.99999v1"),
    "deleted, with a successor": (
        watch(PDF, snapshot(gone=True)),
        (gone(PDF, released=at("2025-03-16"), also="2412.19437v2"),),
        "gone since 2025-03-16", "https://arxiv.org/abs/2412.19437",
    ),
    "deleted, with a last copy": (
        watch(PDF, snapshot(gone=True)),
        (gone(PDF, released=at("2025-03-16"), last=Version("b", None, "https://github.com/o/r/blob/c/a.pdf")),),
        "gone since 2025-03-16", "https://github.com/o/r/blob/c/a.pdf",
    ),
    "gone by absence": (
        watch(REPO, snapshot(gone=True)), (gone(REPO, since=at("2025-02-10")),),
        "gone since 2025-02-10", "",
    ),
    "absent, not yet gone": (watch(REPO, snapshot(), absent=(at("2025-11-20"),)), (), "missing since 2025-11-20", ""),
    "never seen": (watch(REPO, None, reason="no such repository"), (), "not found", ""),
    "there": (watch(REPO, snapshot()), (), None, None),
    "archived": (watch(REPO, snapshot(archived=True)), (), None, None),
    "could not be checked": (watch(REPO, None, reason="timed out", unchecked_since=NOW), (), None, None),
}  # fmt: skip


@pytest.mark.parametrize(("seen", "changes", "what", "instead"), SAID.values(), ids=SAID)
def test_what_is_wrong_with_a_link(seen, changes, what, instead):
    """What is proved, since when, and what to put instead; what nobody knows is no problem."""
    url = next(
        u
        for u in (REPO, PAPER, PDF, "https://huggingface.co/Old/m")
        if identify(u).upstream == seen.upstream
    )
    post = read(f"{LISTED}- [x]({url})\n")
    found = problems(ledger(seen, changes=changes), [post])
    assert [(p.line, p.link, p.what, p.instead) for p in found] == (
        [(6, url, what, instead)] if what else []
    )


NEW = "https://github.com/Fresh/name"
MOVED = {
    "inline": (f"[x]({REPO})", f"[x]({NEW})"),
    "with what follows": (f"[x]({REPO}/tree/main/a#b)", f"[x]({NEW}/tree/main/a#b)"),
    "other case, another scheme": ("[x](http://www.github.com/old/NAME)", "[x](http://www.github.com/Fresh/name)"),
    "with .git": (f"[x]({REPO}.git)", f"[x]({NEW}.git)"),
    "its words are its address": (f"[{REPO}]({REPO})", f"[{REPO}]({NEW})"),
    "a badge of it": (
        f"[![s](https://img.shields.io/github/stars/Old/Name)]({REPO})",
        f"[![s](https://img.shields.io/github/stars/Old/Name)]({NEW})",
    ),
    "its title says it too": (f'[x]({REPO} "see {REPO}")', f'[x]({NEW} "see {REPO}")'),
    "its path says the name again": (
        f"[x]({REPO}/tree/main/Old/Name)",
        f"[x]({NEW}/tree/main/Old/Name)",
    ),
    "a definition, and what looks like one in code": (
        f"```\n[r]: {REPO}\n```\n\n[r]\n\n    [r]: {REPO}\n\n[r]: <{REPO}>\n",
        f"```\n[r]: {REPO}\n```\n\n[r]\n\n    [r]: {REPO}\n\n[r]: <{NEW}>\n",
    ),
    "a tag with another attribute that holds >": (
        f'<a data-x="a > b" title="{REPO}" href="{REPO}">x</a>',
        f'<a data-x="a > b" title="{REPO}" href="{NEW}">x</a>',
    ),
    "its words are a name": (f"[Old/Name]({REPO})", f"[Old/Name]({NEW})"),
    "bare": (f"see {REPO}.", f"see {NEW}."),
    "in angle brackets": (f"<{REPO}>", f"<{NEW}>"),
    "with a title": (f'[x](<{REPO}> "t")', f'[x](<{NEW}> "t")'),
    "by reference": (f"[x][r]\n\n[r]: {REPO}\n", f"[x][r]\n\n[r]: {NEW}\n"),
    "HTML": (f'<a href="{REPO}">x</a>', f'<a href="{NEW}">x</a>'),
    "an HTML block": (f'<p>\n<a href="{REPO}">\nx</a></p>', f'<p>\n<a href="{NEW}">\nx</a></p>'),
    "twice in a line": (f"[a]({REPO}) [b]({REPO})", f"[a]({NEW}) [b]({NEW})"),
    "in a row": (f"| a |\n|---|\n| [x]({REPO}) |\n", f"| a |\n|---|\n| [x]({NEW}) |\n"),
    "after bytes": (f"日本 [x]({REPO}) 日本", f"日本 [x]({NEW}) 日本"),
    "a longer name is another": (f"[x]({REPO}2) [y]({REPO}.x) [z]({REPO})", f"[x]({REPO}2) [y]({REPO}.x) [z]({NEW})"),
    "in code": (f"`{REPO}` [x]({REPO})", f"`{REPO}` [x]({NEW})"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), MOVED.values(), ids=MOVED)
def test_a_link_that_moved_is_rewritten_and_nothing_else(before, after):
    """Owner and name in the address, however it is written."""
    moved = snapshot(moved_to="github:fresh/name")
    known = {
        w.upstream.key: w
        for w in (
            watch(REPO, moved),
            *(
                watch(
                    f"{REPO}/tree/main/{p}",
                    replace(moved, moved_to=f"github:fresh/name/tree/main/{p}"),
                )
                for p in ("a", "Old/Name")
            ),
        )
    }
    post = read(before)
    edits, left = moves(post, known)
    text = edit(post, edits)
    assert left == []
    assert text.decode() == after

    def now(link):
        seen = known.get(link.upstream.key) if link.upstream else None
        return (moved_url(link, seen) if seen else None) or link.url

    check(post, read(after), moved=now)


@pytest.mark.parametrize("state", ["gone", "absent", "there"])
def test_what_is_not_there_under_its_new_name_is_left_alone(state):
    """Only a move that stands is followed."""
    seen = {
        "gone": watch(REPO, snapshot(moved_to="github:fresh/name", gone=True)),
        "absent": watch(REPO, snapshot(moved_to="github:fresh/name"), absent=(NOW,)),
        "there": watch(REPO, snapshot()),
    }[state]
    assert moves(read(f"[x]({REPO})"), {seen.upstream.key: seen}) == ([], [])


def test_an_address_that_cannot_be_rewritten_is_left_to_the_author():
    """And said; a source that is not edited is left whole."""
    moved = watch(REPO, snapshot(moved_to="github:fresh/name"))
    known = {moved.upstream.key: moved}
    for post in (
        read("[x](https://github.com/Old&#x2F;Name)"),
        read(f'#link("{REPO}")[x]', "notes.typ"),
        read(f"### {REPO}\n"),
    ):
        edits, left = moves(post, known)
        assert edits == []
        assert [link.line for link in left] == [1]


def test_what_was_seen_goes_over_to_the_new_name():
    """A link that was rewritten is no stranger: what it misses is told from where it was."""
    before = read(f"# R\n\n- [x]({REPO})\n")
    first = register.read(Ledger(), [before], NOW).ledger
    key = identify(REPO).upstream.key
    seen = replace(
        first.watches[key],
        snapshot=snapshot(moved_to="github:fresh/name"),
        reports={r: replace(b, settled=True) for r, b in first.watches[key].reports.items()},
    )
    after = read(f"# R\n\n- [x]({NEW})\n")
    later = register.read(replace(first, watches={key: seen}), [after], at("2025-12-01")).ledger
    new = later.watches["github:fresh/name"]
    assert new.upstream == Upstream("github:fresh/name", "Fresh/name")
    assert new.snapshot == snapshot()
    assert new.reports == seen.reports
