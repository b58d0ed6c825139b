"""Upstreams that change and author who edits, in any order: nothing lost, invented or harmed.

The seeds are fixed in the normal run, so that a change fails for what it does and not for what it
drew; `make machine` draws anew, and longer.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from conftest import at
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from lxml import etree
from upstreams import LINKS, RENAMED, State, Upstream, baseline_kinds, kinds

from tracker import details, post, run, sources, state, writing
from tracker.config import load
from tracker.difference import Difference, KeyChange
from tracker.model import Absent, Baseline, Found, Unchecked
from tracker.publish import archives, entries

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
ATOM = "{http://www.w3.org/2005/Atom}"
START = at("2025-01-22T23:59:59")
HEAD = '---\ntitle: "Notes (updated on 01/22/2025)"\n---\n\n'
UPDATED = re.compile(r"\(updated on [\d/]+\)")
SHOWN = 6  # entries in a feed, and half as many in an archive
KEYS = sorted(LINKS)
OLD = {new: old for old, (new, _) in RENAMED.items()}
HOURS = st.sampled_from([1, 5, 24, 24, 25, 49, 73])


class Killed(BaseException):
    """The process ends here."""


def section(name, keys):
    links = "".join(f"- {LINKS[key]}\n" for key in keys)
    return f"### {name} (01/13/2025)\n\n{links}\n> - a note\n> - another one of 5B\n\n"


def compare(pairs):
    """What differs, without looking: each change then has a file of its own."""
    key = (KeyChange("config.json", "a", "1", "2"),)
    return {p.upstream.key: Difference(keys=key) for p in pairs if p.new.name != "quiet"}


class Machine(RuleBasedStateMachine):
    """A site in a folder, and what it links to in memory."""

    def __init__(self):
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="machine"))
        self.patches = [
            patch.object(entries, "LIMIT", SHOWN),
            patch.object(archives, "SIZE", SHOWN // 2),
            patch.object(os, "fsync", lambda _handle: None),
        ]
        for one in self.patches:
            one.start()
        self.clock, self.skew, self.count = at("2025-02-01T12:00:00"), timedelta(0), 0
        self.ignored, self.stubs, self.site = set(), "sections", "https://example.org/"
        self.seen: dict[str, State] = {}
        self.absences: dict[str, list] = {}
        self.vague: set[str] = set()  # whose absences others may have counted
        self.firm: set[str] = set()  # looked at since its links were first read
        self.first: dict[str, Baseline] = {}  # of what no run has looked at yet
        self.authors: dict[str, str] = {}
        self.ids: set[str] = set()
        self.archived: dict[str, bytes] = {}
        self.saved = None
        self.upstreams = {}
        for key in KEYS:
            one = Upstream(key, at("2025-01-13"))
            if one.type == "items":
                one.items = {"a": at("2025-01-13"), "b": at("2025-01-14")}
            one.versions = [(self._name(one), at("2025-01-13"), ())]
            self.upstreams[key] = one

    def teardown(self):
        for one in self.patches:
            one.stop()
        shutil.rmtree(self.root)

    @initialize(shared=st.booleans(), cited=st.booleans())
    def write_posts(self, shared, cited):
        (self.root / "_posts").mkdir()
        first = section("Alpha", KEYS[:2]) + section("Beta", KEYS[3:6])
        second = section("Gamma", KEYS[6:] + KEYS[:1] * shared)
        first += f"> - as [they]({self._url(KEYS[2])}) do\n" * cited
        self._write("_posts/2025-01-21-a.md", HEAD + first)
        self._write("_posts/2025-01-21-b.md", HEAD + second)
        linked = {key for key in KEYS if key != KEYS[2] or cited}
        self.first = {key: Baseline(START) for key in linked}
        self.first |= {key: Baseline(START, "v1") for key in linked & {KEYS[2]}}
        self._settings()

    # --- upstreams ---------------------------------------------------------------------------

    @rule(key=st.sampled_from(KEYS), parts=st.sampled_from(["weights", "card", "tokenizer"]))
    def change(self, key, parts):
        """A new version, blob, commit, revision."""
        one = self.upstreams[key]
        one.withdrawn, one.deleted = False, None
        one.versions.append((self._name(one), self._later(), (parts,)))

    @rule(key=st.sampled_from([k for k in KEYS if not k.startswith("arxiv")]))
    def revert(self, key):
        """A, B, A again."""
        one = self.upstreams[key]
        if len(one.versions) > 1 and not one.deleted:
            name, _, parts = one.versions[-2]
            one.versions.append((name, self._later(), parts or ("weights",)))

    @rule()
    def release(self):
        one = self.upstreams["github:o/r"]
        one.tags.append((f"v1.{len(one.tags)}", self._later(), ()))

    @rule(add=st.integers(0, 2), remove=st.integers(0, 1))
    def items(self, add, remove):
        one = self.upstreams[KEYS[6]]
        for name in list(one.items)[: min(remove, len(one.items) - 1)]:
            del one.items[name]
        for _ in range(add):
            self.count += 1
            one.items[f"i{self.count}"] = self._later()

    @rule(key=st.sampled_from(KEYS[:3]), what=st.sampled_from(["withdrawn", "published"]))
    def paper(self, key, what):
        one = self.upstreams[key]
        if what == "published":
            one.published = f"Journal {key[-1]}"
        elif not one.withdrawn:
            one.versions.append((self._name(one), self._later(), ()))
            one.withdrawn = True

    @rule(key=st.sampled_from(sorted(RENAMED)), follow=st.booleans())
    def rename(self, key, follow):
        """It has a new name, and the author may follow."""
        one = self.upstreams[key]
        new, link = RENAMED[key]
        if one.moved is None:
            one.moved = new
        elif follow and key not in self.ignored:
            self._follow(key, new, link)

    @rule()
    def archive(self):
        self.upstreams["github:o/r"].archived = True

    @rule()
    def delete(self):
        """A file, proved by its repository."""
        one = self.upstreams["github:p/q/blob/main/b.pdf"]
        one.deleted = one.deleted or self._later()

    @rule(
        key=st.sampled_from(KEYS),
        mode=st.sampled_from(["there", "there", "silent", "absent", "absent", "nonsense"]),
    )
    def falls(self, key, mode):
        self.upstreams[key].mode = mode

    @rule(kind=st.sampled_from(["arxiv", "github", "huggingface"]))
    def outage(self, kind):
        for one in self.upstreams.values():
            if one.kind == kind:
                one.mode = "silent"

    @rule()
    def recover(self):
        for one in self.upstreams.values():
            one.mode = "there"

    # --- the author --------------------------------------------------------------------------

    @rule(data=st.data(), text=st.sampled_from(["> - a new note of 7B", "> - TBD", "Words."]))
    def note(self, data, text):
        path, parts = self._parts(data)
        n = data.draw(st.integers(1, len(parts) - 1))
        parts[n] = f"{parts[n].rstrip()}\n{text}\n\n"
        self._write(path, "".join(parts))

    @rule(data=st.data(), how=st.sampled_from(["edit", "delete", "move"]))
    def line_of_ours(self, data, how):
        path, text = self._post(data)
        standing = [s for s in sorted(self._ours()) if s in text.split("\n")]
        if standing:
            line = data.draw(st.sampled_from(standing))
            for url in re.findall(r"\((https[^)]*)\)", line if how == "edit" else ""):
                target = sources.identify(url)  # an edited line is the author's, with its links
                if target and target.upstream:
                    self._loosen(target.upstream.key)
            text = text.replace(f"{line}\n", {"edit": f"{line}, they say\n"}.get(how, ""), 1)
            text = f"{text.rstrip()}\n{line}\n" if how == "move" else text
            self._write(path, text)

    @rule(data=st.data(), how=st.sampled_from(["rename", "redate", "end", "delete"]))
    def heading(self, data, how):
        path, parts = self._parts(data)
        n = data.draw(st.integers(1, len(parts) - 1))
        self.count += 1
        if how == "rename":
            parts[n] = re.sub(r"^### .*? \(", f"### Name {self.count} (", parts[n])
        elif how == "redate":
            parts[n] = re.sub(r"\(\d\d/", f"({1 + self.count % 12:02}/", parts[n], count=1)
        elif how == "end":
            parts.append(f"{parts.pop(n).rstrip()}\n\n")
        elif len(parts) > 2:
            del parts[n]
        self._write(path, "".join(parts))

    @rule(data=st.data())
    def to_another_post(self, data):
        path, parts = self._parts(data)
        others = [p for p in self._paths() if p != path]
        if others and len(parts) > 2:
            moved = parts.pop(data.draw(st.integers(1, len(parts) - 1)))
            other = self._read(others[0]).rstrip() + f"\n\n{moved}"
            self._write(path, "".join(parts))
            self._write(others[0], other)

    @rule(data=st.data(), key=st.sampled_from(KEYS))
    def link(self, data, key):
        path, parts = self._parts(data)
        n = data.draw(st.integers(1, len(parts) - 1))
        parts[n] = parts[n].replace("\n\n", f"\n\n- {LINKS[key]}\n", 1)
        self._loosen(key)
        self._write(path, "".join(parts))

    @rule(keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True))
    def new_post(self, keys):
        self.count += 1
        for key in keys:
            self._loosen(key)
        self._write(f"_posts/2025-02-01-n{self.count}.md", HEAD + section(f"R{self.count}", keys))

    @precondition(lambda self: len(self._paths()) > 1)
    @rule(data=st.data())
    def no_post(self, data):
        path = data.draw(st.sampled_from(self._paths()))
        (self.root / path).unlink()
        del self.authors[path]

    # --- settings and the clock ----------------------------------------------------------------

    @rule(key=st.sampled_from(KEYS))
    def ignore(self, key):
        self.ignored ^= {key}
        for name in KEYS:
            if name == key or name.startswith(f"{key}/"):
                self._loosen(name)
        self._settings()

    @rule(stubs=st.sampled_from(["sections", "items"]), url=st.sampled_from("ab"))
    def other_settings(self, stubs, url):
        self.stubs, self.site = stubs, f"https://{url}.example/"
        self._settings()

    @rule(hours=st.sampled_from([-200, -24, -1, 0, 0, 0, 24, 200]))
    def jump(self, hours):
        """The clock of the machine that runs it goes wrong, or right again."""
        self.skew = timedelta(hours=hours)

    # --- runs ----------------------------------------------------------------------------------

    @rule(hours=HOURS)
    def refresh(self, hours):
        self.clock += timedelta(hours=hours)
        self._refresh()

    @rule(hours=HOURS, keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4))
    def changes_and_refresh(self, hours, keys):
        for key in keys:
            self.change(key, "weights")
        self.refresh(hours)

    @rule(key=st.sampled_from(KEYS), times=st.integers(1, 4), hours=st.sampled_from([23, 24, 36]))
    def stays_away(self, key, times, hours):
        self.upstreams[key].mode = "absent"
        for _ in range(times):
            self.refresh(hours)

    @rule(point=st.integers(1, 14), after=st.booleans(), again=st.booleans())
    def killed(self, point, after, again):
        """Killed before or after one of its writes, and perhaps not run again at once."""
        before, write, count = self._ledger(), state.write, 0

        def dying(root, name, content):
            nonlocal count
            count += 1
            if count == point and not after:
                raise Killed
            done = write(root, name, content)
            if count == point:
                raise Killed
            return done

        answers = {}
        try:
            with patch.object(state, "write", dying):
                self._run(lambda questions: answers.setdefault(0, self._answers(questions)))
        except Killed:
            told = self._ledger()
            if told != before:
                self._account(before, told, answers[0], self._now())
        else:
            self._account(before, self._ledger(), answers[0], self._now())
        self._look()
        if again:
            self._refresh()

    @rule()
    def save(self):
        """Ask, and write nothing yet."""
        self._tick()
        asked = {}
        self._run(lambda qs: asked.setdefault(0, self._answers(qs)), dry_run=True)
        self.saved = (asked[0], self._now())

    @precondition(lambda self: self.saved is not None)
    @rule()
    def write_the_saved(self):
        """Perhaps after other runs, which knew more."""
        answers, asked = self.saved
        self.saved = None
        self._tick()
        before, now = self._ledger(), self._now()
        self._run(lambda _questions: answers, asked=asked)
        late = {c.upstream for c in before.changes if c.found > asked}
        current = {k: a for k, a in answers.items() if k not in late}
        after = self._ledger()
        new = after.changes[len(before.changes) :]
        assert not {c.upstream for c in new} & late
        for change in new:
            told = self._is_told(change)
            assert told, change
        for key, answer in current.items():  # others may have looked since: from now on anew
            self._loosen(key)
            self.vague.add(key)
            if isinstance(answer, Found):
                self.absences.pop(key, None)
            elif isinstance(answer, Absent):
                self.absences.setdefault(key, []).append(now)
        self._look()

    # --- what must hold --------------------------------------------------------------------------

    def _refresh(self):
        self._tick()
        before = self._ledger()
        texts = {path: self._read(path) for path in self._paths()}
        answers = {}
        outcome = self._run(lambda questions: answers.setdefault(0, self._answers(questions)))
        after = self._ledger()
        assert outcome.ledger == after
        assert not outcome.mend
        assert self._asked(texts, before) <= answers[0].keys()
        self._account(before, after, answers[0], self._now())
        self._lines(before, after, texts, outcome)
        self._look()
        self._published(after)
        files = self._files()
        again = self._run(lambda _questions: answers[0])
        assert (again.written, self._files()) == ((), files)

    def _account(self, before, after, answers, now):
        """The changes are those that the upstreams made."""
        assert after.changes[: len(before.changes)] == before.changes
        new = after.changes[len(before.changes) :]
        lively = Counter(k.partition(":")[0] for k, a in answers.items() if isinstance(a, Found))
        for key, answer in answers.items():
            mine = [c for c in new if c.upstream == key]
            found = {c.kind for c in mine}
            assert len(found) == len(mine), mine
            if isinstance(answer, Unchecked):
                assert not mine
            elif isinstance(answer, Absent):
                self._absent(key, mine, now, lively=lively[key.partition(":")[0]] > 0)
            else:
                self._found(key, mine)
        assert {c.upstream for c in new} <= answers.keys()
        assert all((self.root / details.path_of("state/l", c.id)).is_file() for c in new if c.whole)

    def _absent(self, key, mine, now, *, lively):
        """Gone after three days and 72 hours of absence, while others of its host answer."""
        seen = self.seen.get(key)
        if seen is None or seen.gone or not lively:
            assert not mine
            return
        times = self.absences.setdefault(key, [])
        times.append(now)
        days = {when.date() for when in times}
        if mine:
            assert [c.kind for c in mine] == ["gone"]
            assert len(days) >= 3
            assert max(times) - min(times) >= timedelta(hours=72)
            self.absences.pop(key)
            self.seen[key] = replace(seen, gone=True)
        elif times == sorted(times) and key not in self.vague:
            assert len(days) < 3 or now - times[0] < timedelta(hours=72)

    def _found(self, key, mine):
        self.absences.pop(key, None)
        self.vague.discard(key)
        one, seen = self._upstream(key), self.seen.get(key)
        now = replace(one.state(), moved=None if key in OLD else one.moved)
        found = {c.kind for c in mine}
        if key in self.firm and seen:
            assert found == kinds(seen, now), (key, seen, now)
            for change in mine:
                if change.kind in ("revised", "released", "withdrawn"):
                    same = {seen.basis, now.basis} != {"commit", "release"}
                    assert (change.old, change.new) == (seen.version if same else None, now.version)
        elif key in self.first and seen is None:
            assert found == baseline_kinds(one, self.first[key]), (key, now)
        for change in mine:
            assert self._is_told(change), change
            self._weight(change, one)
        self.firm.add(key)
        self.first.pop(key, None)
        self.seen[key] = now

    def _is_told(self, change):
        """Whether the upstream did that at some time."""
        one = self._upstream(change.upstream)
        names = [name for name, _, _ in (*one.versions, *one.tags)]
        if change.kind in ("revised", "released", "withdrawn"):
            return change.new in names and change.old in (*names, None) and change.old != change.new
        return True

    def _weight(self, change, one):
        cited = all(
            change.upstream not in (*r.own, *r.offered) for r in self._ledger().reports.values()
        )
        if cited:
            assert change.significance == "minor"
        elif change.kind == "revised" and change.basis == "revision":
            light = one.parts(change.old) == ("card",)
            assert change.significance == ("minor" if light else "major"), change
        elif change.kind == "revised":
            assert change.significance == ("minor" if change.basis == "commit" else "major")
        elif change.kind in ("gone", "items added", "released", "withdrawn", "published"):
            assert change.significance == "major"

    def _lines(self, before, after, texts, outcome):
        """Each major change has its line where its link is, and the date moves with the lines."""
        new = after.changes[len(before.changes) :]
        covered = {(i, after.reports[s.report].post) for s in after.stubs for i in s.changes}
        for path, text in texts.items():
            read = self._parse(path, text, before)
            own = {
                k.upstream.key
                for r in read.reports
                for k in r.links
                if r.holds == "one" and k.own and k.watched
            }
            wanted = [c for c in new if c.significance == "major" and c.upstream in own]
            for change in wanted:
                if path not in {after.reports[r].post for r in change.reports}:
                    continue  # a link there came later than the change
                assert (change.id, path) in covered or change.new in {
                    k.pinned for k in read.links
                }, change
            now = self._read(path)
            count, there = Counter(now.split("\n")), Counter(text.split("\n"))
            for line in self._ours():  # whoever moves two sections together has a line twice
                assert count[line] <= max(1, there[line])
            if outcome.added.get(path):
                today = self._now().strftime("%m/%d/%Y")
                assert UPDATED.search(now)[0] == f"(updated on {today})"
                assert now != text
            else:
                assert now == text
        for stub in after.stubs:
            path = after.reports[stub.report].post
            if path in texts and stub not in before.stubs and stub.written:
                assert stub.text in self._read(path).split("\n")

    def _look(self):
        """Ids stay, the author's text stands, no line is there twice."""
        ledger = self._ledger()
        ids = [c.id for c in ledger.changes] + [n.id for n in ledger.notes]
        ids += list(ledger.reports) + list(ledger.watches)
        assert len(ids) == len(set(ids))
        assert set(ids) >= self.ids
        self.ids = set(ids)
        for path, text in self.authors.items():
            assert self._bare(self._read(path)) == text, path

    def _published(self, ledger):
        """The feeds are sound, and every change that counts is in the feed or an archive."""
        feeds = {p.name: p.read_bytes() for p in (self.root / "feeds").glob("*.*")}
        told = {}
        for name, content in feeds.items():
            if name.startswith(("atom", "archive")):
                ids, dates = self._atom(content)
                assert len(set(ids)) == len(ids)
                assert dates == sorted(dates, reverse=True), name
                told[name] = ids
        every = {i for ids in told.values() for i in ids}
        prefix = ledger.feed_prefix
        for change in ledger.changes:
            if change.significance != "minor":
                assert f"{prefix}{change.id}" in every, change
        assert len(every) == sum(c.significance != "minor" for c in ledger.changes) + len(
            ledger.notes
        )
        for name, content in self.archived.items():
            assert feeds.get(name) == content, name
        self.archived = {n: c for n, c in feeds.items() if n.startswith("archive")}
        rss = etree.fromstring(feeds["rss.xml"])
        shown = [item["id"] for item in json.loads(feeds["feed.json"])["items"]]
        assert [guid.text for guid in rss.iter("guid")] == shown == told["atom.xml"]

    def _atom(self, content):
        feed = etree.fromstring(content)
        found = [
            (e.find(f"{ATOM}id").text, e.find(f"{ATOM}updated").text)
            for e in feed.iter(f"{ATOM}entry")
        ]
        return [i for i, _ in found], [
            w if "." in w else w.replace("+", ".000000+") for _, w in found
        ]

    @invariant()
    def nothing_is_left_behind(self):
        assert not [p for p in self.root.rglob(".*.*") if p.is_file()]

    # --- the means -------------------------------------------------------------------------------

    def _run(self, ask, asked=None, **wishes):
        project = load(self.root, {})
        return run.refresh(project, run.Wishes(asked=asked, **wishes), self._now(), ask, compare)

    def _answers(self, questions):
        return {q.upstream.key: self._answer(q) for q in questions}

    def _answer(self, question):
        key = question.upstream.key
        answer = self._upstream(key).answer(question)
        if isinstance(answer, Found) and key in OLD:  # it is asked for by its new name
            return replace(answer, snapshot=replace(answer.snapshot, moved_to=None))
        return answer

    def _upstream(self, key):
        if OLD.get(key, key) not in self.upstreams:  # one that a line of ours named
            one = Upstream(key, at("2025-01-13"))
            one.versions = [(self._name(one), at("2025-01-13"), ())]
            self.upstreams[key] = one
        return self.upstreams[OLD.get(key, key)]

    def _asked(self, texts, ledger):
        muted = tuple(self.ignored)
        return {
            k.upstream.key
            for path, text in texts.items()
            for k in self._parse(path, text, ledger).links
            if k.watched
            and not any(k.upstream.key == m or k.upstream.key.startswith(f"{m}/") for m in muted)
        }

    def _parse(self, path, text, ledger):
        return post.parse(path, text.encode(), sources.identify, writing.lines_of(ledger.stubs))

    def _follow(self, key, new, link):
        for path in self._paths():
            self._write(path, self._read(path).replace(LINKS[key], link))
        known = key in self.firm and self.seen[key].moved == new  # the ledger saw it move
        if new not in self.seen and known:
            self.seen[new] = replace(self.seen[key], moved=None)
            self.firm.add(new)
        else:
            self._loosen(new)

    def _loosen(self, key):
        self.firm.discard(key)
        self.first.pop(key, None)

    def _name(self, one):
        self.count += 1
        if one.kind == "arxiv":
            return f"v{len(one.versions) + 1}"
        return hashlib.sha1(str(self.count).encode(), usedforsecurity=False).hexdigest()

    def _later(self):
        self.clock += timedelta(minutes=1)
        return self.clock

    def _now(self):
        return self.clock + self.skew

    def _tick(self):
        self.clock += timedelta(seconds=1)

    def _settings(self):
        ignored = json.dumps(sorted(self.ignored))
        (self.root / "tracker.toml").write_text(
            f'posts = ["_posts/*.md"]\nsite_url = "{self.site}"\n'
            f'stubs = "{self.stubs}"\nignore = {ignored}\n'
        )

    def _ledger(self):
        return state.load(self.root / "state/ledger.json", "ledger")

    def _ours(self):
        return writing.lines_of(self._ledger().stubs)

    def _bare(self, text):
        """A text without our lines and the date."""
        ours = self._ours()
        kept = "\n".join(line for line in text.split("\n") if line not in ours)
        return UPDATED.sub("", kept, count=1)

    def _paths(self):
        return sorted(self.authors)

    def _read(self, path):
        return (self.root / path).read_text()

    def _write(self, path, text):
        (self.root / path).write_text(text)
        self.authors[path] = self._bare(text)

    def _post(self, data):
        path = data.draw(st.sampled_from(self._paths()))
        return path, self._read(path)

    def _parts(self, data):
        """A post as its front matter and its sections."""
        path, text = self._post(data)
        return path, re.split(r"(?m)^(?=### )", text)

    def _files(self):
        return {p: p.read_bytes() for p in self.root.rglob("*") if p.is_file()}

    def _url(self, key):
        return re.search(r"\((.*)\)", LINKS[key])[1]


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=800 if LONG else 50,
    stateful_step_count=60 if LONG else 25,
    deadline=None,
    derandomize=not LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
)
