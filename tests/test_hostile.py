"""Whatever upstreams answer, it is shown as text or dropped: in the post, the feeds, the pages, the
terminal, on GitHub's pages; and it comes back from the files as it went in."""

from __future__ import annotations

import io
import json
import os
import re
import unicodedata
from contextlib import redirect_stdout
from urllib.parse import urlsplit

import pyromark
import pytest
from click.testing import CliRunner
from conftest import at
from hostile import FAMILIES, MARK, corpus
from lxml import etree, html

from tracker import post, run, screen, sources, state, tables, text, writing
from tracker.actions import markup, proposal, summary
from tracker.changes import digest_of
from tracker.cli import main
from tracker.config import load
from tracker.difference import Difference, KeyChange
from tracker.model import FileChange, Found, Item, Snapshot, Unchecked, Version
from tracker.papers.document import Figure, Table
from tracker.papers.revision import (
    Differences,
    NumberChange,
    ParagraphChange,
    RowChange,
    Run,
    SectionChange,
)
from tracker.words.upstream_text import plain, quoted

STRINGS = list(corpus())
BEFORE, NOW = at("2025-01-22T12:00:00"), at("2025-11-22T12:00:00")
SETTINGS = 'posts = ["_posts/*.md"]\nsite_url = "https://example.org/"\n'
HEAD = '---\ntitle: "Notes (updated on 01/22/2025)"\n---\n\n'
HOSTS = {"arxiv.org", "github.com", "huggingface.co", "doi.org", "example.org", ""}
PER_POST = 20
SHA = "a" * 39
LINE = {"html", "body", "blockquote", "ul", "li", "p", "strong", "a"}
PAGE = {"h3", "code", "pre"} | LINE
OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_TASKLISTS
)


def link(kind, n):
    return {
        "paper": f"https://arxiv.org/abs/2501.{n:05d}",
        "published": f"https://arxiv.org/abs/2501.{n:05d}",
        "file": f"https://github.com/o/r{n}/blob/main/a.pdf",
        "release": f"https://github.com/o/r{n}",
        "model": f"https://huggingface.co/o/m{n}",
        "items": f"https://huggingface.co/collections/o/c-{n:024x}",
        "gone": f"https://github.com/o/r{n}/blob/main/a.pdf",
        "unchecked": f"https://huggingface.co/o/m{n}",
    }[kind]


KINDS = ("paper", "published", "file", "release", "model", "items", "gone", "unchecked")


def answer(kind, url, said, *, later):
    """What an upstream answers that says this in all its fields."""
    day = at("2025-06-05" if later else "2025-01-13")
    version = {"paper": "v2", "published": "v1"}.get(kind, f"{SHA}b") if later else f"{SHA}a"
    if kind in ("paper", "published"):
        version = "v2" if later and kind == "paper" else "v1"
        told = {"journal": said, "doi": said} if later and kind == "published" else {}
        snapshot = Snapshot(version, day, f"{url}{version}", said, comment=said, **told)
        return Found(snapshot, (Version(version, day, snapshot.url, said),), whole=True)
    if kind == "release":
        tag = said if later else "v1"
        snapshot = Snapshot(tag, day, f"{url}/releases", said, "release", identity="1")
        return Found(snapshot, (Version(tag, day, snapshot.url, said),), text=said)
    if kind == "items":
        items = [Item("model", "o/a", day)]
        if later:
            name = said if re.fullmatch(r"[!-~]{1,300}", said) else "new"  # as a source lets it by
            items += [Item("model", f"o/{name}", day, said), Item("strange", name, None, said)]
        snapshot = Snapshot(digest_of(items), None, url, said, "items", items=tuple(items))
        return Found(snapshot)
    if kind == "gone" and later:
        history = (Version(None, day, url.replace("/blob/main/a.pdf", f"/commit/{SHA}b"), said),
                   Version(said, day, url, said))  # fmt: skip
        return Found(Snapshot(f"{SHA}a", day, history[0].url, said, "blob", gone=True), history)
    if kind == "unchecked" and later:
        return Unchecked(said)
    basis = "revision" if kind in ("model", "unchecked") else "blob"
    where = f"{url}/commit/{version}" if basis == "revision" else url.replace("main", version)
    snapshot = Snapshot(version, day, where, said, basis)
    history = (Version(version, day, where, said), Version("0" * 40, day, where, said))
    return Found(snapshot, history, parts=("weights",), compared=f"{SHA}a")


def differs(said):
    """What differs in a change, told in these words wherever there are any."""
    table = Table(said, said, ((said, said), (said, said)))
    part = (Run("=", said), Run("-", said), Run("+", said))
    document = Differences(
        title=(said, said),
        authors=((said,), (said,)),
        sections=tuple(
            SectionChange(kind, said, 1, said) for kind in ("added", "removed", "renamed", "moved")
        ),
        numbers=(
            NumberChange("89.5", "90.5", f"{said} 90.5 {said}", said),
            NumberChange(said, said, f"{said}, {said}", said, cell=True),
        ),
        paragraphs=(ParagraphChange(said, said, said, part),),
        rows=(RowChange("row", "added", said, said), RowChange("column", "removed", said, said)),
        tables_added=(table,),
        tables_removed=(table,),
        figures_added=(Figure(said, said),),
        figures_removed=(Figure(said, said),),
        references=(1, 2),
    )
    keys = (KeyChange("config.json", said, said, said), KeyChange(said, said, None, said),
            KeyChange("config.json", "a", said, said))  # fmt: skip
    commits = (Version(None, NOW, f"https://github.com/o/r/commit/{SHA}a", said),) * 2
    return Difference(
        document, "html", (said, said), keys, (FileChange("+", said),), (), commits, said, said
    )


def saved(folder, answers, differences=None):
    """What was answered, as it is when one job asks and another writes."""
    file = folder.parent / f"{folder.name}.json"
    file.write_bytes(state.dump_answers(answers, differences))
    return state.load_answers(file)


def site(folder, kind, strings):
    """A site that read of a kind of upstream twice, before and after it said these strings."""
    (folder / "_posts").mkdir(parents=True)
    (folder / "tracker.toml").write_text(SETTINGS)
    said = {}
    for start in range(0, len(strings), PER_POST):
        text_ = HEAD
        for n, string in enumerate(strings[start : start + PER_POST], start):
            url = link(kind, n)
            said[sources.identify(url).upstream.key] = (url, string)
            text_ += f"### R{n} (01/13/2025)\n\n- [link]({url})\n\n> - a note that says 89.5\n\n"
        (folder / f"_posts/2025-01-21-{start:05d}.md").write_text(text_)
    project = load(folder, {})

    def ask(questions, *, later):
        return {q.upstream.key: answer(kind, *said[q.upstream.key], later=later) for q in questions}

    def compare(pairs):
        found = {p.upstream.key: differs(said[p.upstream.key][1]) for p in pairs}
        return saved(folder, {}, found).differences

    run.refresh(
        project, run.Wishes(), BEFORE, lambda q: saved(folder, ask(q, later=False)).answers, compare
    )
    base = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.glob("_posts/*")}
    outcome = run.refresh(
        project, run.Wishes(), NOW, lambda q: saved(folder, ask(q, later=True)).answers, compare
    )
    return project, base, outcome


@pytest.mark.parametrize("kind", KINDS)
def test_what_upstreams_say_is_text_wherever_it_is_shown(kind, tmp_path, monkeypatch):
    """A kind of upstream that says an eighth of all strings, and all that is made of it."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)  # no power fails here
    mine = STRINGS[KINDS.index(kind) :: len(KINDS)]
    project, base, outcome = site(tmp_path / "site", kind, mine)
    usual = site(tmp_path / "usual", kind, ["harmless"] * 3)[0].root / "feeds"
    the_post_holds_them_as_text(kind, project, base, outcome)
    feeds_are_sound_and_their_html_is_ours(project, usual)
    pages_have_no_element_that_a_harmless_word_has_not(project, usual)
    files_come_back_as_they_were_and_stay_in_their_folders(project, outcome)
    monkeypatch.chdir(project.root)
    a_terminal_and_a_log_show_lines_and_nothing_else(project, outcome)
    json_on_stdout_is_whole_and_no_command(outcome)
    github_shows_them_as_text(project, base, outcome)


def elements(document):
    """The elements of a document, each with the names of its attributes."""
    return {(e.tag, *sorted(e.attrib)) for e in document.iter() if isinstance(e.tag, str)}


def addresses(document):
    return [
        e.get(name) for e in document.iter() for name in ("href", "src", "action") if e.get(name)
    ]


def rendered(markdown):
    return html.document_fromstring(pyromark.html(markdown, options=OPTIONS) or "<p></p>")


def test_there_are_a_thousand():
    assert len(STRINGS) == len(set(STRINGS)) > 1000
    assert all(len(family) > 2 for family in FAMILIES.values())


def the_post_holds_them_as_text(kind, project, base, outcome):
    """In a line of ours are its own links and its own emphasis, and nothing that Liquid, kramdown or
    a browser would act upon."""
    ours = writing.lines_of(outcome.ledger.stubs)
    lines = 0
    for path, before in base.items():
        after = (project.root / path).read_bytes()
        old, new = (post.parse(path, s, sources.identify) for s in (before, after))
        assert [h.text for h in new.headings] == [h.text for h in old.headings]
        kept = [x for x in after.decode().split("\n") if x not in ours]
        assert "\n".join(kept).replace("11/22/2025", "01/22/2025", 1) == before.decode()
        for line in after.decode().split("\n"):
            if line in ours:
                lines += 1
                shown = rendered(line)
                assert {e.tag for e in shown.iter()} <= LINE, line
                assert {urlsplit(a).hostname for a in addresses(shown)} <= HOSTS, line
                assert not re.search(r"\{[{%:#]|\$\$|<|`|\[\^|\|", line), line
                assert is_plain(line), line
    assert bool(lines) is (kind != "unchecked")


def is_plain(line):
    """Whether a line has no character that is not seen, or that moves another."""
    return not any(
        unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in line
    )


def feeds_are_sound_and_their_html_is_ours(project, usual_feeds):
    usual = body_elements(etree.parse(usual_feeds / "atom.xml").getroot())
    for path in (project.root / "feeds").glob("*.xml"):
        feed = etree.fromstring(path.read_bytes())
        if path.name.startswith(("atom", "archive")):
            assert body_elements(feed) <= usual, path
        for element in feed.iter():
            told_url = element.get("href") or (element.text if element.tag == "link" else None)
            assert urlsplit(told_url or "").hostname in {*HOSTS, None}, told_url
    feed = json.loads((project.root / "feeds/feed.json").read_bytes())
    for item in feed["items"]:
        for name in ("url", "external_url"):
            assert urlsplit(item.get(name, "")).hostname in {*HOSTS, None}


def body_elements(feed):
    found = set()
    for content in feed.iter("{http://www.w3.org/2005/Atom}content"):
        document = html.document_fromstring(content.text)
        found |= elements(document)
        hosts = {urlsplit(a).hostname for a in addresses(document)}
        assert hosts <= HOSTS, hosts
    return found


def pages_have_no_element_that_a_harmless_word_has_not(project, usual_feeds):
    feeds = project.root / "feeds"
    usual = set()
    for path in usual_feeds.rglob("*.html"):
        usual |= elements(html.parse(path).getroot())
    for path in (feeds / "index.html", *(feeds / "changes").glob("*.html")):
        document = html.parse(path).getroot()
        # Of a list of many there may be what there is not of three.
        extra = {
            e for e in elements(document) - usual if e[0] not in ("details", "summary", "time")
        }
        assert not extra - {("ul", "class"), ("li", "id")}, (path, extra)
        for address in addresses(document):
            assert urlsplit(address).scheme in ("https", ""), address
            assert urlsplit(address).hostname in {*HOSTS, None}, address


def files_come_back_as_they_were_and_stay_in_their_folders(project, outcome):
    assert state.load(project.root / project.state, "x") == outcome.ledger
    for path in project.root.rglob("*"):
        name = path.relative_to(project.root).as_posix()
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", name), name
        assert path.resolve().is_relative_to(project.root.resolve())
    assert run.build(project, NOW) == ()


COMMANDS = (["log", "--all"], ["log", "R0"], ["status"], ["status", "--problems"], ["links"])


def a_terminal_and_a_log_show_lines_and_nothing_else(project, outcome):
    """No control character, and no workflow command: after spaces too, and the old ones anywhere."""
    shown = ["\n".join(screen.summary(outcome, project, dry_run=False))]
    with redirect_stdout(io.StringIO()) as page:
        tables.log_of_report(outcome.ledger.changes, project.state)
    shown.append(page.getvalue())
    for command in COMMANDS:
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
        shown.append(result.output)
    for line in "\n".join(shown).split("\n"):
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line, line
        assert is_plain(line), line


def json_on_stdout_is_whole_and_no_command(outcome):
    for command in (["log", "--json"], ["status", "--json"], ["links", "--json"]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
        assert isinstance(json.loads(result.stdout), list)
        assert "##[" not in result.stdout
    rows = json.loads(CliRunner().invoke(main, ["log", "--json"]).stdout)
    assert [row["id"] for row in rows] == [c.id for c in outcome.ledger.changes] or not rows
    assert json.dumps(screen.as_json(outcome))


def github_shows_them_as_text(project, base, outcome):
    """The pull request and the summary notify nobody, close nothing and link nowhere else."""
    posts = [
        post.parse(p, (project.root / p).read_bytes(), sources.identify,
                   writing.lines_of(outcome.ledger.stubs))
        for p in base
    ]  # fmt: skip
    words = proposal.proposal(outcome.ledger, posts, base, "tracker.toml")
    shown = ["\n".join(summary.markdown(outcome))] + ([words.body] if words else [])
    for page in shown:
        document = rendered(page)
        assert {e.tag for e in document.iter()} <= PAGE
        assert {urlsplit(a).hostname for a in addresses(document)} <= HOSTS
        for code in document.xpath("//code | //pre"):
            code.drop_tree() if code.tag == "code" and code.getparent().tag != "pre" else None
        for code in document.xpath("//pre"):
            code.drop_tree()
        assert not re.search(r"@\w|#\d|www\.|://|\bGH-\d", document.text_content())
    if words:
        assert is_plain(words.title)
        assert not re.search(r"[@#<`]|://", words.title)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_way_of_writing_takes_each_string(family):
    """Markdown, quotes, feeds, terminals and GitHub: every string by each of them."""
    patterns = {p.replace("%s", MARK, 1).replace("%%", "%") for p in FAMILIES[family]}
    for string in (s for s in STRINGS if any(p in s for p in patterns)):
        line = f"> - **v2**: x, {text.markdown(string)}"
        shown = rendered(line)
        assert {e.tag for e in shown.iter()} <= LINE - {"a"}, line
        assert shown.text_content().strip() == f"v2: x, {text.clean(string)}".strip()
        assert "{{" not in line
        assert "{%" not in line
        for one in (text.clean(string), text.terminal(string), plain(string), quoted(string),
                    markup.said(string), markup.heading(string)):  # fmt: skip
            assert is_plain(one)
        assert text.address(string) == "" or is_plain(text.address(string))
        once = text.markdown(string)
        assert "](" not in once
