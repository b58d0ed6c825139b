"""Reading into the ledger: ids for ever, baselines fixed at first sight, the author's own news."""

import pytest
from conftest import at
from facts import paper, read

from tracker import changes, register
from tracker.authored import notes_of
from tracker.model import Ledger

NOW = at("2025-06-30T12:00:00")
HEAD = '---\ntitle: "Notes (updated on 01/22/2025)"\n---\n\n'
KEY = "arxiv:2501.07301"
LINK = "- [pdf](https://arxiv.org/abs/2501.07301)\n"
OTHER = "- [pdf](https://arxiv.org/abs/2412.15115)\n"


def enter(text, ledger=None, now=NOW, path="a.md", **more):
    return register.read(ledger or Ledger(), [read(text, path)], now, **more).ledger


def ids(ledger):
    return {i: r.name for i, r in ledger.reports.items()}


BASELINES = {
    "the end of the post's day": (HEAD, LINK, {}, "2025-01-22T23:59:59"),
    "the given day": (HEAD, LINK, {"since": at("2025-03-01")}, "2025-03-01"),
    "now, where the post has no day": ("", LINK, {}, "2025-06-30T12:00:00"),
    "never later than now": (HEAD.replace("2025", "2026"), LINK, {}, "2025-06-30T12:00:00"),
}


@pytest.mark.parametrize(("head", "link", "more", "since"), BASELINES.values(), ids=BASELINES)
def test_the_baseline_of_a_first_reading(head, link, more, since):
    """--since, else the post's own day, else now."""
    (baseline,) = enter(head + "# R\n\n" + link, **more).watches[KEY].reports.values()
    assert (baseline.since, baseline.pin, baseline.settled) == (at(since), None, False)


def test_the_end_of_a_day_is_the_sites():
    """A day ends when it ends where the author lives."""
    from zoneinfo import ZoneInfo

    ledger = enter(HEAD + LINK, zone=lambda _path: ZoneInfo("Asia/Shanghai"))
    (baseline,) = ledger.watches[KEY].reports.values()
    assert baseline.since == at("2025-01-22T15:59:59")


def test_a_pin_is_the_baseline_and_the_highest_counts():
    """A link with a version says what the author has read."""
    text = (
        HEAD
        + "# R\n\n- [a](https://arxiv.org/abs/2501.07301v1)\n- [b](https://arxiv.org/abs/2501.07301v10)\n- [c](https://arxiv.org/abs/2501.07301v9)\n"
    )
    (baseline,) = enter(text).watches[KEY].reports.values()
    assert baseline.pin == "v10"


def test_a_link_that_is_added_later_starts_now():
    """Only the first run on a post looks back to its day."""
    ledger = enter(HEAD + "# R\n\n" + LINK, now=at("2025-02-01"))
    ledger = enter(HEAD + "# R\n\n" + LINK + OTHER, ledger)
    (baseline,) = ledger.watches["arxiv:2412.15115"].reports.values()
    assert baseline.since == NOW


def test_a_baseline_is_fixed_for_ever():
    """A new date in the title moves no baseline, and --since only counts for new links."""
    ledger = enter(HEAD + LINK)
    again = enter(
        HEAD.replace("01/22", "05/05") + LINK, ledger, now=at("2025-07-01"), since=at("2025-07-01")
    )
    assert again.watches[KEY].reports == ledger.watches[KEY].reports


def test_what_a_report_no_longer_links_is_asked_no_more_and_not_forgotten():
    """When the link comes back, what was seen still counts."""
    ledger = enter(HEAD + "# R\n\n" + LINK)
    seen = changes.remember(ledger.watches[KEY], paper({"v1": "2025-01-13"}), NOW, [])
    ledger = Ledger(ledger.started, None, ledger.reports, {KEY: seen})
    without = register.read(ledger, [read(HEAD + "# R\n\n" + OTHER, "a.md")], NOW)
    assert register.asked(without) == ["arxiv:2412.15115"]
    back = enter(HEAD + "# R\n\n" + LINK, without.ledger)
    assert back.watches[KEY].snapshot == seen.snapshot


SLUGS = {
    "TÜLU 3 (12/06/2024)": "tulu-3",
    "Qwen2.5-Math-PRM": "qwen2-5-math-prm",
    "日本語": "report",
    "../../etc/passwd": "etc-passwd",
}


@pytest.mark.parametrize(("heading", "slug"), SLUGS.items())
def test_a_reports_id_is_the_slug_of_its_name(heading, slug):
    """ASCII, safe in an address and a file name."""
    assert list(ids(enter(f"# {heading}\n\n{LINK}"))) == [slug]


def test_a_repeated_name_gets_a_number():
    """Ids are unique, in the order of the text."""
    assert list(ids(enter(f"# R\n\n{LINK}\n# R\n\n{OTHER}"))) == ["r", "r-2"]


RENAMES = {
    "a new date": "# R (2025-06-01)\n\n" + LINK,
    "a new name, the same links": "# Another name\n\n" + LINK,
    "a new section above it": "# Q\n\n" + OTHER + "\n# R\n\n" + LINK,
    "a new level": "### R\n\n" + LINK,
}


@pytest.mark.parametrize("text", RENAMES.values(), ids=RENAMES)
def test_a_report_keeps_its_id(text):
    """Renamed, renumbered or redated, it keeps id and history."""
    ledger = enter("# R (2025-01-13)\n\n" + LINK, now=at("2025-02-01"))
    after = enter(text, ledger)
    assert list(after.watches[KEY].reports) == ["r"]
    assert after.watches[KEY].reports == ledger.watches[KEY].reports


def test_a_post_that_was_renamed_keeps_its_reports():
    """The same heading in another file is the same report."""
    ledger = enter("# R\n\n" + LINK, now=at("2025-02-01"))
    after = enter("# R\n\n" + LINK, ledger, path="b.md")
    assert (list(after.reports), after.reports["r"].post) == (["r"], "b.md")
    assert after.watches[KEY].reports == ledger.watches[KEY].reports


def test_a_post_that_cannot_be_read_keeps_its_watches():
    """One bad post does not make the ledger forget it."""
    ledger = enter("# R\n\n" + LINK, now=at("2025-02-01"))
    after = enter("# Q\n\n" + OTHER, ledger, path="b.md")
    assert after.watches[KEY].reports == ledger.watches[KEY].reports
    assert after.reports["r"] == ledger.reports["r"]


@pytest.mark.parametrize("muted", ["github:o/r", "github:o/r/blob/main/a.pdf"])
def test_an_ignored_key_is_not_watched(muted):
    """A repository that is ignored mutes its files as well."""
    text = "# R\n\n- [x](https://github.com/o/r/blob/main/a.pdf)\n" + LINK
    assert list(enter(text, ignore=[muted]).watches) == [KEY]


NEWS = {
    "two new notes": ("- a\n- b\n", "- a\n- b\n- c\n- d\n", ["c", "d"]),
    "one new note": ("- a\n", "- a\n- b\n", None),
    "typos": ("- a\n- b\n- c\n", "- A\n- B\n- C\n", None),
    "a TBD replaced": ("- a\n- TBD\n", "- a\n- what they found\n", ["what they found"]),
    "a TBD removed": ("- a\n- TBD\n", "- a\n", None),
    "links are no notes": ("- a\n", "- a\n" + OTHER + LINK, None),
}


@pytest.mark.parametrize(("before", "after", "texts"), NEWS.values(), ids=NEWS)
def test_the_authors_new_notes(before, after, texts):
    """Two new notes or a TBD replaced are news; a typo is none."""
    head = "# R\n\n" + LINK + "\n"
    ledger = enter(head + before, now=at("2025-02-01"))
    assert ledger.notes == ()
    found = enter(head + after, ledger).notes
    assert [list(n.texts) for n in found] == ([texts] if texts else [])


def test_a_new_section_is_news_but_a_first_reading_is_not():
    """Readers of the feed hear of a new report; nobody hears of a whole post at once."""
    ledger = enter("# R\n\n" + LINK, now=at("2025-02-01"))
    after = enter("# Q\n\n" + OTHER + "> - n\n\n# R\n\n" + LINK, ledger)
    assert [(n.report, n.new_section) for n in after.notes] == [("q", True)]
    assert enter("# Q\n\n" + OTHER + "> - n\n\n# R\n\n" + LINK, after).notes == after.notes


def test_our_own_lines_are_no_notes():
    """A stub that we wrote is not the author's news."""
    post = read("# R\n\n- a\n- **v2**: ours\n", ours=frozenset({"- **v2**: ours"}))
    assert notes_of(post, post.reports[0]) == ["a"]
