"""A whole refresh against the stand-in: found once, written once, whatever happens on the way."""

import hashlib
import re
import shutil
from dataclasses import replace

import pytest
from conftest import EXAMPLE, at
from facts import blob, paper

from tracker import derived, run, sources, state, templating
from tracker.asking import Network, Saved
from tracker.config import Endpoints, load
from tracker.demo.standin import StandIn
from tracker.difference import Difference, KeyChange
from tracker.http import Http
from tracker.model import TrackerError

FIRST, LATER = at("2025-01-22T12:00:00"), at("2025-11-22T12:00:00")
POST = "_posts/2025-01-21-llm-tech-report-notes.md"
SETTINGS = 'posts = ["_posts/*.md"]\nsite_url = "https://example.org/blog/"\n'
EXPECTED = {
    ("github:deepseek-ai/deepseek-r1/blob/main/DeepSeek_R1.pdf", "revised"),
    ("github:moonshotai/kimi-k1.5/blob/main/Kimi_k1.5.pdf", "revised"),
    ("github:deepseek-ai/deepseek-v3/blob/main/DeepSeek_V3.pdf", "gone"),
    ("arxiv:2411.15124", "revised"),
    ("arxiv:2501.07301", "revised"),
    ("arxiv:2501.00656", "revised"),
    ("huggingface:collections/673b8e0dc3512e30e7dc54f5", "items added"),
}

KEYS = (KeyChange("config.json", "a", "1", "2"),)
QUIET = {("github:moonshotai/kimi-k1.5/blob/main/Kimi_k1.5.pdf", "revised")}  # once it is compared


@pytest.fixture(scope="module")
def standin():
    with StandIn(LATER) as server:
        yield server


@pytest.fixture
def site(tmp_path):
    (tmp_path / "_posts").mkdir()
    shutil.copy(EXAMPLE, tmp_path / POST)
    (tmp_path / "tracker.toml").write_text(SETTINGS)
    return load(tmp_path, {})


def refresh(site, standin, now=LATER, **wishes):
    standin.now = now
    return run.refresh(
        site,
        run.Wishes(**wishes),
        now,
        lambda questions: sources.latest(
            questions, Http(pause=0, timeouts=(2, 1)), standin.endpoints
        ),
        compare,
    )


def compare(pairs):
    """What differs, without looking: each change then has a file of its own."""
    return {pair.upstream.key: Difference(keys=KEYS) for pair in pairs}


def at_url(project, url):
    """The project with its one site published elsewhere."""
    return replace(project, sites=(replace(project.sites[0], url=url),))


def files(site):
    """Every file below the site's root, by name."""
    return {
        p.relative_to(site.root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in site.root.rglob("*")
        if p.is_file()
    }


def told(outcome):
    return {(c.upstream, c.kind) for c in outcome.changes if c.significance == "major"}


def test_on_the_day_of_the_post_nothing_has_changed(site, standin):
    """A first run on that day invents nothing and leaves the post as it is."""
    outcome = refresh(site, standin, FIRST)
    assert (outcome.changes, outcome.unchecked) == ((), ())
    assert (site.root / POST).read_bytes() == EXAMPLE.read_bytes()


def test_ten_months_later_every_change_is_found(site, standin):
    """Each once, none invented, with a line for each."""
    refresh(site, standin, FIRST)
    outcome = refresh(site, standin)
    assert told(outcome) == EXPECTED
    assert len(outcome.changes) == len({c.id for c in outcome.changes})
    assert outcome.added == {POST: 7}


def test_from_nothing_the_same_is_found(site, standin):
    """The post's own day is the baseline: a first run ten months later brings the same lines."""
    two = site.root / "two"
    shutil.copytree(site.root / "_posts", two / "_posts")
    shutil.copy(site.root / "tracker.toml", two)
    stepwise = load(two, {})
    refresh(stepwise, standin, FIRST)
    refresh(stepwise, standin)
    assert told(refresh(site, standin)) == EXPECTED
    assert (site.root / POST).read_bytes() == (two / POST).read_bytes()


def test_a_second_run_changes_no_byte(site, standin):
    """The same posts, ledger, answers and clock give the same files."""
    refresh(site, standin)
    before = files(site)
    outcome = refresh(site, standin)
    assert (files(site), outcome.written, outcome.changes) == (before, (), ())


def test_the_authors_lines_are_all_there(site, standin):
    """Only our own lines and the date in the title differ."""
    outcome = refresh(site, standin)
    ours = {stub.text for stub in outcome.ledger.stubs}
    after = (site.root / POST).read_text()
    kept = "".join(x for x in after.splitlines(keepends=True) if x.rstrip("\n") not in ours)
    assert kept.replace("11/22/2025", "01/22/2025", 1) == EXAMPLE.read_text()


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("days", [[LATER], [FIRST, LATER]], ids=["first run", "later run"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_write_the_outcome_is_the_same(site, standin, monkeypatch, days, after):
    """Killed before or after any of its writes and run again: nothing lost, nothing twice."""
    pristine = site.root.parent / "pristine"
    for day in days[:-1]:
        refresh(site, standin, day)
    shutil.copytree(site.root, pristine)
    refresh(site, standin)
    expected = files(site)
    write, point = state.write, 0
    while True:
        point += 1
        shutil.rmtree(site.root)
        shutil.copytree(pristine, site.root)
        count = 0

        def dying(root, name, content, point=point):
            nonlocal count
            count += 1
            if count == point and not after:
                raise Killed
            done = write(root, name, content)
            if count == point:
                raise Killed
            return done

        monkeypatch.setattr(state, "write", dying)
        try:
            refresh(site, standin)
        except Killed:
            monkeypatch.setattr(state, "write", write)
            refresh(site, standin)
        else:
            break
        assert files(site) == expected, f"killed at write {point}"
    assert point > 6
    shutil.rmtree(pristine)


def test_a_line_that_was_taken_out_stays_out(site, standin):
    """The author's deletion is kept by every later run."""
    outcome = refresh(site, standin)
    line = outcome.ledger.stubs[0].text + "\n"
    theirs = (site.root / POST).read_text().replace(line, "")
    (site.root / POST).write_text(theirs)
    refresh(site, standin)
    assert (site.root / POST).read_text() == theirs


def test_dry_run_writes_nothing_and_shows_the_post(site, standin):
    """It asks, tells the changes, and gives the post's diff."""
    before = files(site)
    outcome = refresh(site, standin, dry_run=True)
    assert files(site) == before
    assert told(outcome) == EXPECTED
    assert outcome.diffs[0].count("\n+> - **") == 7


def test_only_asks_about_one_report_and_fixes_every_baseline(site, standin):
    """What was not asked is found later, from the same day on."""
    standin.requests.clear()
    outcome = refresh(site, standin, only=("olmo 2",))
    assert told(outcome) == {("arxiv:2501.00656", "revised")}
    assert not any("github" in path for _, path in standin.requests)
    assert told(refresh(site, standin)) == EXPECTED - {("arxiv:2501.00656", "revised")}


def test_since_now_starts_afresh(site, standin):
    """With --since now a first run reports what is gone, and no older version."""
    assert {kind for _, kind in told(refresh(site, standin, since=LATER))} == {"gone"}


FAULTS = {
    "404": (404, {}, "{}"),
    "401": (401, {}, "{}"),
    "403": (403, {}, "{}"),
    "429": (429, {"Retry-After": "7200"}, "Rate exceeded."),
    "500": (500, {}, "oops"),
    "503": (503, {}, ""),
    "HTML": (200, {"Content-Type": "text/html"}, "<html>hello</html>"),
    "garbage": (200, {"Content-Type": "application/json"}, "\x00\xff{[" * 9),
    "nothing": (200, {}, ""),
    "half a body": (200, {"Content-Length": "5000"}, '{"id": 1'),
    "Rate exceeded. with 200": (200, {"Content-Type": "text/plain"}, "Rate exceeded."),
    "another shape": (200, {"Content-Type": "application/json"}, "[1, {}]"),
}


@pytest.mark.parametrize("service", ["arxiv", "github", "huggingface"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_an_upstream_that_fails_stops_nothing(site, standin, service, fault):
    """A warning, the rest goes on, what was seen stays, and nothing is gone or told twice."""
    refresh(site, standin, FIRST)
    seen = {k: w.snapshot for k, w in state.load(site.root / site.state, "x").watches.items()}
    standin.faults = [(rf"^/{service}/", fault)]
    try:
        outcome = refresh(site, standin)
    finally:
        standin.faults = []
    failed = {k for k in seen if k.startswith(f"{service}:")}
    after = outcome.ledger.watches
    assert {k: after[k].snapshot for k in failed} == {k: seen[k] for k in failed}
    assert told(outcome) == {c for c in EXPECTED if c[0] not in failed}
    for key in set(outcome.unchecked):
        assert after[key].reason
    for text in (site.root / "feeds").glob("*.*ml"):
        assert "answered" not in text.read_text().partition("could not be checked")[0]
    assert told(refresh(site, standin)) == {c for c in EXPECTED if c[0] in failed}


def test_all_upstreams_silent_leave_the_post_alone(site, standin):
    """Nothing could be checked: said so, and the baselines are kept for the next run."""
    standin.faults = [(".", (503, {}, ""))]
    try:
        outcome = refresh(site, standin)
    finally:
        standin.faults = []
    assert len(outcome.unchecked) == outcome.asked == 21
    assert (site.root / POST).read_bytes() == EXAMPLE.read_bytes()
    assert told(refresh(site, standin)) == EXPECTED


def test_asking_and_writing_can_be_two_jobs(site, standin, tmp_path_factory, monkeypatch):
    """Answers and differences that were saved and read back bring the same files, and nobody is
    asked again."""
    file = tmp_path_factory.mktemp("answers") / "answers.json"
    monkeypatch.setattr(Endpoints, "read", lambda: standin.endpoints)
    monkeypatch.setattr(sources, "PACES", {})
    standin.now = LATER
    network = Network(None, save=file)
    at_once = run.refresh(
        site, run.Wishes(dry_run=True), LATER, network.latest, network.differences
    )
    standin.requests.clear()
    saved = Saved(file)
    from_file = run.refresh(site, run.Wishes(), LATER, saved.latest, saved.differences)
    assert told(from_file) == EXPECTED - QUIET
    assert from_file.ledger == at_once.ledger
    assert not standin.requests


def test_a_bad_post_stops_only_itself(site, standin):
    """It is named with its remedy, its bytes stay, and the others are refreshed."""
    bad = site.root / "_posts" / "bad.md"
    bad.write_bytes(b"---\ntitle: [\n---\nhttps://arxiv.org/abs/2501.08313\n")
    outcome = refresh(site, standin, posts=(str(bad), str(site.root / POST)))
    assert len(outcome.mend) == 1
    assert outcome.mend[0].startswith("_posts/bad.md:")
    assert told(outcome) == EXPECTED


def test_globs_pass_over_what_has_no_links(site, standin):
    """A file without tracked links is passed over; one that is not UTF-8 with a warning."""
    (site.root / "_posts/plain.md").write_text("# Hello\n")
    (site.root / "_posts/latin.md").write_bytes("# Café\n".encode("latin-1"))
    outcome = refresh(site, standin)
    assert [p.path for p in outcome.posts] == [POST]
    assert [w.split(": ")[0] for w in outcome.warnings] == ["_posts/latin.md:1"]


def test_a_failing_template_writes_nothing(site, standin):
    """All bytes are made before the first is written."""
    (site.root / "templates").mkdir()
    (site.root / "templates/stub.md").write_text("{{ nobody }}")
    before = files(site)
    with pytest.raises(TrackerError, match=r"templates/stub\.md.*nobody"):
        refresh(site, standin)
    assert files(site) == before


def test_without_an_address_there_are_no_feeds(site, standin):
    """A warning names the line to add; the post and the ledger are written all the same."""
    homeless = at_url(site, None)
    outcome = refresh(homeless, standin)
    assert not (site.root / "feeds").exists()
    assert "site_url" in outcome.warnings[-1]
    assert outcome.added


def test_a_new_address_changes_no_id(site, standin):
    """The prefix of ids is fixed with the first feeds, for ever."""
    first = refresh(site, standin).ledger.feed_prefix
    moved = at_url(site, "https://other.example/")
    assert refresh(moved, standin).ledger.feed_prefix == first == "tag:example.org,2025:"


def test_build_makes_the_feeds_anew(site, standin):
    """Feeds are projections: removed, they come back byte for byte."""
    refresh(site, standin)
    before = files(site)
    shutil.rmtree(site.root / "feeds")
    assert run.build(site, LATER)
    assert files(site) == before
    assert run.build(site, LATER) == ()


def test_requests_of_the_example_post(site, standin):
    """One id_list for all papers, three requests for files at most, one a model or collection."""
    refresh(site, standin)
    standin.requests.clear()
    refresh(site, standin)
    asked = [path.split("/")[1] for _, path in standin.requests]
    assert asked.count("arxiv") == 1
    assert asked.count("huggingface") == 9
    assert asked.count("github") <= 9


SITES = """\
[[site]]
posts = ["_posts/*.md"]
site_url = "https://example.org/blog/"

[[site]]
posts = ["docs/**/*.md"]
site_url = "https://docs.example/"
feeds = "docs/feeds"
title = "The docs"
"""
DOC = """\
# Models

| model | paper |
|---|---|
| OLMo 2 | [paper](https://arxiv.org/abs/2501.00656v2) |
| Other | [paper](https://arxiv.org/abs/2412.08905) |
"""


def test_several_sites_ask_once_and_publish_each_its_own(site, standin):
    """One ledger, one question for each upstream, and in each site's feeds what its posts link."""
    (site.root / "docs/models").mkdir(parents=True)
    (site.root / "docs/models/list.md").write_text(DOC)
    (site.root / "tracker.toml").write_text(SITES)
    project = load(site.root, {})
    standin.requests.clear()
    refresh(project, standin, now=at("2025-01-22T12:00:00"))
    ids = re.findall(r"id_list=([^&]+)", " ".join(path for _, path in standin.requests))
    assert sum("2501.00656" in i for i in ids) == 1
    refresh(project, standin)
    blog, docs = (site.root / f for f in ("feeds/atom.xml", "docs/feeds/atom.xml"))
    assert "OLMo 2: arXiv v2" in blog.read_text()
    assert "DeepSeek-R1: new PDF" in blog.read_text()
    assert "arXiv v2 → v3" in docs.read_text()
    assert "DeepSeek" not in docs.read_text()
    assert "<title>The docs</title>" in docs.read_text()
    assert "https://docs.example/docs/feeds/atom.xml" in docs.read_text()
    own = [re.search(r"<id>(.*?)</id>", feed.read_text())[1] for feed in (blog, docs)]
    assert own[0] != own[1]
    assert refresh(project, standin).written == ()


def test_lines_that_were_too_many_are_had_by_name(site):
    """A report's by its name, however many they are."""
    (site.root / "_posts/list.md").write_text(
        "# N\n\n"
        + "".join(
            f"### R{n}\n\n- [pdf](https://arxiv.org/abs/2501.{n:05d})\n\n" for n in range(1, 41)
        )
    )
    (site.root / POST).unlink()

    def ask(version):
        versions = {"v1": "2025-01-01", "v2": "2025-06-05"}
        shown = dict(list(versions.items())[:version])
        return lambda qs: {q.upstream.key: paper(shown, q.upstream.key) for q in qs}

    run.refresh(site, run.Wishes(), FIRST, ask(1))
    loud = run.refresh(site, run.Wishes(), LATER, ask(2))
    assert loud.held == {"_posts/list.md": 40}
    assert loud.added == {}
    one = run.refresh(site, run.Wishes(only=("R7",)), LATER, ask(2))
    assert one.added == {"_posts/list.md": 1}
    assert (site.root / "_posts/list.md").read_text().count("**v2") == 1
    rest = run.refresh(site, run.Wishes(only=tuple(f"R{n}" for n in range(8, 41))), LATER, ask(2))
    assert rest.added == {"_posts/list.md": 33}


def test_a_symbolic_link_is_watched_and_never_written(site, standin, tmp_path):
    """And the posts beside it are not held up."""
    real = tmp_path.parent / f"{tmp_path.name}-real.md"
    real.write_text("# R\n\n- [pdf](https://arxiv.org/abs/2501.07301)\n")
    (site.root / "_posts/a.md").symlink_to(real)
    refresh(site, standin, FIRST)
    done = refresh(site, standin)
    assert POST in done.written
    assert "feeds/atom.xml" in done.written
    assert "**v2" not in real.read_text()
    assert any("a symbolic link" in w for w in refresh(site, standin, FIRST).warnings) is False


@pytest.mark.parametrize("name", ["../x.md", "_posts/../../x.md"])
def test_a_post_outside_is_refused_however_it_is_spelled(site, standin, monkeypatch, name):
    """Two dots lead nowhere."""
    monkeypatch.chdir(site.root)
    (site.root.parent / "x.md").write_text("[x](https://arxiv.org/abs/2501.07301)\n")
    with pytest.raises(TrackerError, match="outside of"):
        refresh(site, standin, posts=(name,))


def test_a_post_is_one_however_it_is_spelled(site, standin, monkeypatch):
    """The detour is the same file."""
    monkeypatch.chdir(site.root)
    outcome = refresh(site, standin, posts=(f"_posts/../{POST}",))
    assert {record.post for record in outcome.ledger.reports.values()} == {POST}


def test_a_section_that_is_gone_is_told_of_no_more(site):
    """What it linked is told of the section that links it now."""
    post = site.root / "_posts/s.md"
    (site.root / POST).unlink()
    link = "- [pdf](https://arxiv.org/abs/2501.07301)\n"
    post.write_text(f"# N\n\n## Alpha\n\n- [code](https://huggingface.co/o/m)\n\n## Beta\n\n{link}")

    def ask(*days):
        versions = {f"v{n}": day for n, day in enumerate(days, 1)}
        return lambda qs: {
            q.upstream.key: paper(versions, q.upstream.key)
            for q in qs
            if q.upstream.kind == "arxiv"
        }

    run.refresh(site, run.Wishes(), FIRST, ask("2025-01-01"))
    post.write_text(post.read_text().replace("\n## Beta\n", ""))
    run.refresh(site, run.Wishes(), FIRST, ask("2025-01-01"))
    (change,) = run.refresh(site, run.Wishes(), LATER, ask("2025-01-01", "2025-06-05")).changes
    assert change.reports == ("alpha",)


def test_a_folder_among_the_templates_is_no_template(site, standin):
    """Whatever lies there, a run goes on."""
    (site.root / "templates/old").mkdir(parents=True)
    assert refresh(site, standin).written
    assert refresh(site, standin).written == ()


def test_a_template_that_was_edited_makes_the_page_anew(site, standin):
    """Though nothing changed upstream."""
    own = site.root / "templates/page.html"
    own.parent.mkdir()
    shutil.copy(templating.shipped() / "page.html", own)
    refresh(site, standin)
    own.write_text("<p>{{ title }}</p>\n")
    assert "feeds/index.html" in refresh(site, standin).written
    assert (site.root / "feeds/index.html").read_text().startswith("<p>")


@pytest.mark.parametrize("harm", ["deleted", "edited"])
def test_a_published_file_that_was_harmed_is_made_anew(site, standin, harm):
    """What stands is looked at, not believed."""
    refresh(site, standin)
    feed = site.root / "feeds/rss.xml"
    before = feed.read_bytes()
    feed.unlink() if harm == "deleted" else feed.write_bytes(b"x")
    assert refresh(site, standin).written == ("feeds/rss.xml",)
    assert feed.read_bytes() == before


def test_no_name_in_the_ledger_is_opened_outside_the_feeds(site, standin):
    """It is no path: the feeds are made anew instead."""
    refresh(site, standin)
    ledger = state.load(site.root / site.state, "x")
    strange = replace(ledger, published={"../../etc/passwd": "0" * 16, POST: "0" * 16})
    assert not derived.stand(site, strange, ())


def test_a_post_whose_sections_were_all_renamed_loses_no_news(site):
    """A link keeps since when it is watched, whatever is around it."""
    post = site.root / "_posts/s.md"
    (site.root / POST).unlink()
    link = "- [pdf](https://arxiv.org/abs/2501.07301)\n"
    post.write_text(f"## Alpha\n\n{link}\n## Beta\n\n- [code](https://huggingface.co/o/m)\n")

    def ask(*days):
        versions = {f"v{n}": day for n, day in enumerate(days, 1)}
        return lambda qs: {
            q.upstream.key: paper(versions, q.upstream.key)
            for q in qs
            if q.upstream.kind == "arxiv"
        }

    run.refresh(site, run.Wishes(), FIRST, ask("2025-01-01"))
    post.write_text(
        f"Words.\n\n## Gamma\n\n- [a](https://huggingface.co/o/x)\n\n## Delta\n\n{link}{link}"
    )
    (change,) = run.refresh(site, run.Wishes(), LATER, ask("2025-01-01", "2025-06-05")).changes
    assert (change.old, change.new) == ("v1", "v2")


def test_a_report_that_is_to_have_a_feed_and_is_not_there_is_said(site, standin):
    one = replace(site.sites[0], report_feeds=("OLMo 2", "Nothing"))
    project = replace(site, sites=(one,))
    outcome = refresh(project, standin)
    (told,) = (w for w in outcome.warnings if "report_feeds" in w)
    assert told == ("tracker.toml: report_feeds: no report named Nothing: tracker links names them")
    assert "feeds/reports/olmo-2.xml" in outcome.written


def test_answers_from_before_what_is_told_tell_nothing_backwards(site):
    """Saved ones may come to be written after another run's: what that found stands."""
    post = site.root / "_posts/s.md"
    (site.root / POST).unlink()
    post.write_text("### S\n\n- [pdf](https://github.com/o/R/blob/main/a.pdf)\n")
    key, old, new = "github:o/r/blob/main/a.pdf", {"a" * 40: "2025-01-02"}, {"b" * 40: "2025-06-02"}
    run.refresh(site, run.Wishes(), FIRST, lambda _: {key: blob(old)})
    told = run.refresh(site, run.Wishes(), LATER, lambda _: {key: blob(old | new)})
    assert told.added
    text = post.read_text()
    late = run.Wishes(asked=at("2025-11-21T12:00:00"))
    outcome = run.refresh(site, late, at("2025-11-23T12:00:00"), lambda _: {key: blob(old)})
    assert (outcome.changes, post.read_text()) == ((), text)


def test_what_a_killed_run_left_is_gone_after_the_next(site, standin):
    """A temporary file beside anything that is written; a dry run leaves it, since it writes nothing."""
    refresh(site, standin, FIRST)
    refresh(site, standin)
    expected = files(site)
    left = [
        f"{folder}/.tracker-abcdefgh.new"
        for folder in ("_posts", "state", "state/details", "feeds", "feeds/changes")
    ]
    for name in left:
        (site.root / name).write_bytes(b"half")
    refresh(site, standin, dry_run=True)
    assert files(site).keys() == {*expected, *left}
    refresh(site, standin)
    assert files(site) == expected


def test_what_the_disk_refuses_is_said_in_one_line(site, standin, monkeypatch):
    """Whichever file it is: the line names it, and nothing was written."""

    def broken(*_words):
        raise OSError(5, "Input/output error", "templates/page.html")

    monkeypatch.setattr(derived, "_base", broken)
    with pytest.raises(TrackerError, match=r"^templates/page\.html: Input/output error: mend"):
        refresh(site, standin)
    assert not (site.root / "state").exists()
