"""The mode review: lines wait in one pull request, and what a person does there counts."""

import json
import os

import pytest
from workbench import NOW, POST, REPOSITORY, Blog, answers, hook

from tracker import run
from tracker.actions.pulls import Pulls
from tracker.actions.review import BRANCH, review
from tracker.config import load
from tracker.model import TrackerError


@pytest.fixture
def blog(tmp_path, monkeypatch):
    return Blog(tmp_path, monkeypatch)


def go(blog, **versions):
    """One run."""
    return review(blog.job(answers(**versions)), lambda base: Pulls(REPOSITORY, BRANCH, base))


def versions_in(text):
    """The papers and versions that lines of the tracker name."""
    lines = [line for line in text.splitlines() if line.startswith("> - **v")]
    return sorted(line.partition("/pdf/")[2].partition(")")[0] for line in lines)


def proposed(blog):
    return versions_in(blog.text(BRANCH))


def without(word):
    """An author who deletes the lines that hold a word."""
    return lambda text: "".join(x for x in text.splitlines(True) if word not in x)


def test_lines_wait_and_the_rest_is_published(blog):
    """Main gets state and feeds, the branch one commit more with the posts alone."""
    go(blog, Alpha="v2", Beta="v2")
    assert versions_in(blog.text()) == []
    assert proposed(blog) == ["2501.00001v2", "2501.00002v2"]
    assert '"written": true' in blog.text(path="state/ledger.json")
    assert "feeds/rss.xml" in blog.git("ls-tree", "-r", "--name-only", "main")
    assert blog.git("diff", "--name-only", "main", BRANCH).split() == [POST]
    assert blog.git("rev-parse", f"{BRANCH}^") == blog.git("rev-parse", "main")
    (pull,) = blog.pulls()
    assert (pull["title"], pull["state"]) == ("Notes: Alpha v2, Beta v2", "open")


def test_feeds_are_of_the_posts_as_published(blog):
    """What waits is not in them, so that they can be made anew from what is on main."""
    go(blog, Alpha="v2")
    blog.edit(BRANCH, lambda text: text.replace("a note on Beta", "my own words on Beta"))
    go(blog, Alpha="v2")
    assert "my own words" not in blog.text(path="feeds/notes.xml")
    assert run.build(load(blog.clone("main"), os.environ), NOW) == ()


def test_feeds_may_be_where_posts_are(blog):
    """The posts' lines wait all the same."""
    blog.edit("main", lambda text: text + 'feeds = "_posts"\n', "tracker.toml")
    go(blog, Alpha="v2")
    go(blog, Alpha="v2", Beta="v2")
    assert versions_in(blog.text()) == []
    assert proposed(blog) == ["2501.00001v2", "2501.00002v2"]
    assert "2501.00001v2" in blog.text(path="_posts/rss.xml")


def test_a_second_run_changes_nothing(blog, monkeypatch):
    """No commit, no word to GitHub but the question."""
    go(blog, Alpha="v2")
    monkeypatch.setenv(
        "GIT_COMMITTER_DATE", "2030-01-01T00:00:00Z"
    )  # no commit is the same by luck
    before = blog.tip(), blog.tip(BRANCH)
    (blog.home / "calls").unlink()
    go(blog, Alpha="v2")
    assert (blog.tip(), blog.tip(BRANCH)) == before
    assert "POST" not in (blog.home / "calls").read_text()
    assert "PATCH" not in (blog.home / "calls").read_text()


def test_what_comes_later_joins_the_pull_request(blog):
    """There is one at a time; a line that waits is renewed."""
    go(blog, Alpha="v2")
    go(blog, Alpha="v3", Beta="v2")
    assert proposed(blog) == ["2501.00001v3", "2501.00002v2"]
    (pull,) = blog.pulls()
    assert pull["title"] == "Notes: Alpha v3, Beta v2"


def test_a_deleted_line_does_not_come_back(blog):
    """A later version of the same paper is offered again."""
    go(blog, Alpha="v2", Beta="v2")
    blog.edit(BRANCH, without("2501.00001v2"))
    go(blog, Alpha="v2", Beta="v2", Gamma="v2")
    assert proposed(blog) == ["2501.00002v2", "2501.00003v2"]
    assert "Alpha" not in blog.pulls()[0]["title"]
    go(blog, Alpha="v3", Beta="v2", Gamma="v2")
    assert proposed(blog) == ["2501.00001v3", "2501.00002v2", "2501.00003v2"]


def test_what_the_author_writes_in_the_branch_stays(blog):
    """Also in files that the tracker does not write."""
    go(blog, Alpha="v2", Beta="v2")
    blog.edit(BRANCH, lambda text: text.replace("a note on Beta", "my own words on Beta"))
    blog.edit(BRANCH, lambda text: text + 'author = "A"\n', "tracker.toml")
    go(blog, Alpha="v2", Beta="v2", Gamma="v2")
    assert "my own words on Beta" in blog.text(BRANCH)
    assert 'author = "A"' in blog.text(BRANCH, "tracker.toml")
    assert "my own words" not in blog.text()


def test_when_no_line_is_left_it_is_closed_with_a_word(blog):
    """The moved date alone is nothing to merge."""
    go(blog, Alpha="v2")
    blog.edit(BRANCH, without("2501.00001v2"))
    done = go(blog, Alpha="v2")
    assert blog.pulls()[0]["state"] == "closed"
    assert "issues/1/comments" in (blog.home / "calls").read_text()
    assert not blog.has(BRANCH)
    assert "was closed" in done.said[0]
    go(blog, Alpha="v2")
    assert len(blog.pulls()) == 1


def test_the_author_edits_main_meanwhile(blog):
    """The branch is made anew on top of it; the author's words and the lines are in it."""
    go(blog, Alpha="v2")
    blog.edit("main", lambda text: text.replace("a note on Gamma", "more on Gamma"))
    assert go(blog, Alpha="v2").said[0].startswith("The lines wait")
    assert "more on Gamma" in blog.text(BRANCH)
    assert proposed(blog) == ["2501.00001v2"]
    assert blog.git("rev-parse", f"{BRANCH}^") == blog.git("rev-parse", "main")


def test_a_conflict_loses_no_line_and_brings_none_back(blog):
    """The author writes into the same place of main: lines that waited are put in anew."""
    go(blog, Alpha="v2", Beta="v2", Gamma="v2")
    blog.edit(BRANCH, without("2501.00002v2"))
    blog.edit(
        "main",
        lambda text: text.replace("a note on Alpha\n", "a note on Alpha\n> - one more\n").replace(
            "01/22/2025", "11/01/2025"
        ),
    )
    former = blog.tip(BRANCH)
    done = go(blog, Alpha="v2", Beta="v2", Gamma="v2")
    assert proposed(blog) == ["2501.00001v2", "2501.00003v2"]
    assert "> - one more\n" in blog.text(BRANCH)
    assert former in done.said[0]
    assert go(blog, Alpha="v2", Beta="v2", Gamma="v2").said[0].startswith("The lines wait")


def test_a_conflict_leaves_no_line_twice(blog):
    """A line that waits to take the place of a merged one takes it, also when it is put in anew."""
    go(blog, Alpha="v2")
    blog.merge(1)
    go(blog, Alpha="v3")
    blog.edit(
        "main",
        lambda text: text.replace("a note on Alpha\n", "more on Alpha\n").replace("11/22", "11/01"),
    )
    assert "anew" in go(blog, Alpha="v3").said[0]
    assert proposed(blog) == ["2501.00001v3"]
    assert versions_in(blog.text()) == ["2501.00001v2"]


@pytest.mark.parametrize("kept", [True, False], ids=["state kept", "state lost"])
def test_main_has_another_history(blog, kept):
    """The lines are put in anew, and nothing that was told is lost, whatever became of the state."""
    go(blog, Alpha="v2")
    blog.edit("main", lambda text: text + "\nmore\n")
    clone = blog.clone("main")
    if not kept:
        blog.git("rm", "-r", "--quiet", "state", at=clone)
    blog.git("checkout", "--quiet", "--orphan", "new", at=clone)
    blog.git("commit", "--all", "--quiet", "--message", "all of it", at=clone)
    blog.git("push", "--quiet", "--force", "origin", "HEAD:main", at=clone)
    assert "another history" in go(blog, Alpha="v2", Beta="v2").said[0]
    assert proposed(blog) == ["2501.00001v2", "2501.00002v2"]
    assert blog.text(path="state/ledger.json").count('"id": "arxiv:2501.00001@v2"') == 1
    assert blog.pulls()[0]["title"] == "Notes: Alpha v2, Beta v2"


def test_a_shallow_clone_is_completed(blog):
    """What the author wrote in the branch is merged all the same."""
    go(blog, Alpha="v2")
    blog.edit(BRANCH, lambda text: text.replace("a note on Beta", "my own words on Beta"))
    blog.edit("main", lambda text: text + "\nmore\n")
    blog.git("clone", "--quiet", "--depth=1", f"file://{blog.home}/origin.git", "shallow", at=blog.home)  # fmt: skip
    job = blog.job(answers(Alpha="v2"), blog.home / "shallow")
    review(job, lambda base: Pulls(REPOSITORY, BRANCH, base))
    assert "my own words on Beta" in blog.text(BRANCH)
    assert proposed(blog) == ["2501.00001v2"]


def test_what_the_author_writes_in_the_branch_is_no_news_yet(blog):
    """Nor is it a link to watch; both it is once it is merged. Closed, it never was."""
    words = "> - one new note\n> - and another\n> - [pdf](https://arxiv.org/abs/2501.00009)\n"
    section = "### Eta\n\n> - [pdf](https://arxiv.org/abs/2501.00008)\n> - words on Eta\n"
    site = 'site_url = "https://example.org/"\n'
    blog.edit("main", lambda text: text + site, "tracker.toml")
    go(blog, Alpha="v2")
    before = blog.text(path="feeds/atom.xml")
    blog.edit(
        BRANCH,
        lambda t: t.replace("> - a note on Beta\n", f"> - a note on Beta\n{words}") + section,
    )
    go(blog, Alpha="v2")
    told = blog.git("ls-tree", "-r", "--name-only", "main")
    ledger = blog.text(path="state/ledger.json")
    assert blog.text(path="feeds/atom.xml") == before
    assert "report-beta" not in told
    assert not any(word in ledger for word in ("2501.00009", "2501.00008", "new note", "Eta"))
    assert words in blog.text(BRANCH)
    blog.merge(1)
    go(blog, Alpha="v2")
    assert "and another" in blog.text(path="feeds/atom.xml")
    assert "2501.00009" in blog.text(path="state/ledger.json")


def test_lines_of_the_tracker_are_never_told_as_the_authors(blog):
    """Nor those on main whose renewal was declined."""
    site = 'site_url = "https://example.org/"\n'
    blog.edit("main", lambda text: text + site, "tracker.toml")
    second = "> - [two](https://arxiv.org/abs/2501.00006v1)\n"
    blog.edit(
        "main",
        lambda text: text.partition("### Zeta")[0].replace(
            "> - a note on Alpha\n", f"{second}> - a note\n"
        ),
    )
    go(blog, Alpha="v2", Zeta="v2")
    blog.merge(1)
    go(blog, Alpha="v3", Zeta="v3")
    blog.set_pull(2, state="closed")
    go(blog, Alpha="v3", Zeta="v3")
    assert '"notes": [\n    {' not in blog.text(path="state/ledger.json")
    assert "report-alpha" not in blog.git("ls-tree", "-r", "--name-only", "main")


def test_after_a_merge_a_new_one_is_opened(blog):
    """The merged lines are renewed in it."""
    go(blog, Alpha="v2")
    blog.merge(1)
    assert go(blog, Alpha="v2").said == ()
    assert versions_in(blog.text()) == ["2501.00001v2"]
    go(blog, Alpha="v3", Beta="v2")
    assert [pull["state"] for pull in blog.pulls()] == ["closed", "open"]
    assert proposed(blog) == ["2501.00001v3", "2501.00002v2"]
    assert "-> - **v2" in blog.pulls()[1]["body"]


@pytest.mark.parametrize("deleted", [False, True], ids=["branch stays", "branch deleted"])
def test_closed_without_merging_nothing_comes_back(blog, deleted):
    """Only what is later is offered again."""
    go(blog, Alpha="v2", Beta="v2")
    blog.set_pull(1, state="closed")
    if deleted:
        blog.git("branch", "--delete", "--force", BRANCH)
    go(blog, Alpha="v2", Beta="v2")
    assert len(blog.pulls()) == 1
    go(blog, Alpha="v3", Beta="v2")
    assert proposed(blog) == ["2501.00001v3"]
    assert [pull["state"] for pull in blog.pulls()] == ["closed", "open"]


def test_a_link_that_is_ignored_is_not_asked(blog):
    """As the pull request says."""
    blog.edit("main", lambda t: t + 'ignore = ["arxiv:2501.00001"]\n', "tracker.toml")
    go(blog, Alpha="v2", Beta="v2")
    assert proposed(blog) == ["2501.00002v2"]


def test_where_actions_may_not_open_one_it_says_what_to_press(blog, monkeypatch):
    """The lines are in the branch, the run is no failure, and the next one loses nothing."""
    refusal = "gh: GitHub Actions is not permitted to create or approve pull requests. (HTTP 403)"
    monkeypatch.setenv("GH_REFUSES", json.dumps({"POST": refusal}))
    (said,) = go(blog, Alpha="v2").said
    assert "Allow GitHub Actions to create and approve pull requests" in said
    assert "https://github.com/o/blog/settings/actions" in said
    assert "https://github.com/o/blog/compare/main...tracker/notes?expand=1" in said
    go(blog, Alpha="v2", Beta="v2")
    assert proposed(blog) == ["2501.00001v2", "2501.00002v2"]
    monkeypatch.delenv("GH_REFUSES")
    go(blog, Alpha="v2", Beta="v2")
    assert blog.pulls()[0]["title"] == "Notes: Alpha v2, Beta v2"


def test_where_github_does_not_answer_nothing_is_done(blog, monkeypatch):
    """Without knowing the pull requests nobody knows what was left out."""
    before = blog.tip()
    monkeypatch.setenv("GH_REFUSES", json.dumps({"GET": "HTTP 502"}))
    with pytest.raises(TrackerError, match="HTTP 502"):
        go(blog, Alpha="v2")
    assert blog.tip() == before


def test_a_forks_pull_request_does_not_count(blog):
    """Whatever a fork calls its branch, its pull request is not ours."""
    go(blog, Alpha="v2")
    pulls = blog.pulls()
    theirs = pulls[0] | {"number": 2, "state": "closed"}
    theirs["head"] = theirs["head"] | {"repo": {"full_name": "evil/blog"}, "sha": blog.tip(BRANCH)}
    (blog.home / "pulls.json").write_text(json.dumps([{**pulls[0], "state": "closed", "head": {**pulls[0]["head"], "sha": "0" * 40}}, theirs]))  # fmt: skip
    go(blog, Alpha="v2")
    assert [pull["state"] for pull in blog.pulls()] == ["closed", "closed", "open"]


def test_main_and_branch_are_pushed_together_or_not_at_all(blog):
    """Else a run killed in between would lose lines: the ledger says that they were written."""
    hook(blog, "update", 'case "$1" in *tracker/notes) exit 1;; esac')
    before = blog.tip()
    with pytest.raises(TrackerError, match="6 pushes were refused"):
        go(blog, Alpha="v2")
    assert blog.tip() == before


def test_somebody_pushes_into_the_branch_meanwhile(blog):
    """Their commit is not overwritten: the run computes again from it."""
    go(blog, Alpha="v2", Beta="v2")
    job = blog.job(answers(Alpha="v2", Beta="v2", Gamma="v2"))
    refresh, raced = job.refresh, []

    def racing(project):
        outcome = refresh(project)
        if not raced:
            raced.append(blog.edit(BRANCH, without("2501.00001v2")))
        return outcome

    object.__setattr__(job, "refresh", racing)
    review(job, lambda base: Pulls(REPOSITORY, BRANCH, base))
    assert proposed(blog) == ["2501.00002v2", "2501.00003v2"]
