"""GitHub: which links name what, and what follows from each of its answers, by either road."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest
from conftest import SHARED
from fake_github import API, GOLDEN, SCHEMA, FakeHttp, payload
from graphql import parse, validate

from tracker.baseline import Start, start_of
from tracker.config import Endpoints
from tracker.demo import github as demo_github
from tracker.demo import wire
from tracker.demo.standin import StandIn
from tracker.http import Http, NotChecked
from tracker.model import (
    Absent,
    Baseline,
    Found,
    Question,
    Snapshot,
    Target,
    Unchecked,
    Upstream,
    Version,
    Watch,
)
from tracker.sources import github, github_facts, github_read
from tracker.sources.github_answers import natural, papers
from tracker.sources.github_facts import Tag
from tracker.sources.github_links import named
from tracker.sources.github_queries import Query

SAMPLES = SHARED / "samples/github"
SHA = "e06298d956cd92b952afd9a18c824cd9e5f69f3b"
GH = "https://github.com/"
R1 = "github:deepseek-ai/deepseek-r1/blob/main/DeepSeek_R1.pdf"
V3 = "github:deepseek-ai/deepseek-v3/blob/main/DeepSeek_V3.pdf"
KIMI = "github:moonshotai/kimi-k1.5/blob/main/Kimi_k1.5.pdf"
THREE = (R1, V3, KIMI)
READ = datetime(2025, 1, 22, 23, 59, 59, tzinfo=UTC)
USED_UP = "GitHub's 60 requests an hour without a token are used up; set GITHUB_TOKEN"
NO_REPOSITORY = "no such repository, or no right to see it"


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def sha(number):
    return f"{number:040x}"


def blob(number):
    return sha(0xB0000 + number)


def identify(url):
    return github.identify(urlsplit(url))


def question(key, **more):
    return Question(Upstream(key, key.partition(":")[2]), **more)


def ask(*questions, token=None, http=None, **faults):
    http = http or FakeHttp(**faults)
    found = list(github.ask(questions, http, Endpoints(github_token=token)))
    assert sorted(key for key, _ in found) == sorted(q.upstream.key for q in questions)
    return dict(found), http


def both(key, **more):
    """The answer, the same by either road but for the token."""
    (rest,), http = ask(question(key, **more))[0].values(), None
    answers, http = ask(question(key, **more), token="t")
    assert not http.asked, "GraphQL alone answers"
    (graphql,) = answers.values()
    if not isinstance(rest, Unchecked):
        assert graphql == replace(rest, authenticated=True)
    return rest


# --- links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("github.com/deepseek-ai/DeepSeek-R1", "deepseek-ai/deepseek-r1"),
        ("www.github.com/O/R/", "o/r"),
        ("GitHub.com/O/R.git", "o/r"),
        ("github.com/O/R#readme", "o/r"),
        ("github.com/O/R?tab=readme-ov-file", "o/r"),
        ("github.com/O/R/releases", "o/r"),
        ("github.com/O/R/releases/latest", "o/r"),
        ("github.com/O/R/releases/latest/download/x.zip", "o/r"),
        ("github.com/O/R/tags", "o/r"),
        ("github.com/O/R/wiki/Home", "o/r"),
        ("github.com/O/R/stargazers", "o/r"),
        ("github.com/O/R/commits", "o/r"),
        ("github.com/O/R_.-1", "o/r_.-1"),
        ("github.com/O/R/blob/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("github.com/O/R/blob/main/a.pdf?raw=true", "o/r/blob/main/a.pdf"),
        ("github.com/O/R/blob/Main/A.pdf#page=2", "o/r/blob/Main/A.pdf"),
        ("github.com/O/R/raw/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("github.com/O/R/blame/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("github.com/O/R/edit/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("github.com/O/R/blob/refs/heads/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("raw.githubusercontent.com/O/R/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("raw.githubusercontent.com/O/R/refs/heads/main/a.pdf", "o/r/blob/main/a.pdf"),
        ("github.com/O/R/blob/main/a b.pdf", "o/r/blob/main/a%20b.pdf"),
        ("github.com/O/R/blob/main/a%20b.pdf", "o/r/blob/main/a%20b.pdf"),
        ("github.com/O/R/blob/main/a+b.pdf", "o/r/blob/main/a+b.pdf"),
        ("github.com/O/R/blob/main/a%2Bb.pdf", "o/r/blob/main/a+b.pdf"),
        ("github.com/O/R/blob/main/a%252fb.pdf", "o/r/blob/main/a%252fb.pdf"),
        ("github.com/O/R/blob/main/\u4e2d.pdf", "o/r/blob/main/%E4%B8%AD.pdf"),
        ("github.com/O/R/blob/main/%E4%B8%AD.pdf", "o/r/blob/main/%E4%B8%AD.pdf"),
        ("github.com/O/R/tree/main", "o/r/tree/main"),
        ("github.com/O/R/tree/main/", "o/r/tree/main"),
        ("github.com/O/R/tree/main/docs", "o/r/tree/main/docs"),
        ("github.com/O/R/tree/refs/heads/main/docs", "o/r/tree/main/docs"),
        ("github.com/O/R/blob/e06298d/a.pdf", "o/r/blob/e06298d/a.pdf"),
        ("github.com/O/R/blob/feature/x/a.pdf", "o/r/blob/feature/x/a.pdf"),
        ("github.com/O/R/commits/main", "o/r/tree/main"),
        ("github.com/O/R/commits/main/docs", "o/r/tree/main/docs"),
        ("github.com/O/R/commits/main/docs/a.pdf", "o/r/blob/main/docs/a.pdf"),
    ],
)
def test_every_spelling_names_its_upstream(url, key):
    target = identify(f"https://{url}")
    assert target.upstream.key == f"github:{key}"
    assert target.upstream.name.lower() == key.lower()
    assert (target.pinned, target.asked) == (None, True)
    assert named(target.upstream), "what a link names can be asked for"


@pytest.mark.parametrize(
    ("url", "key", "pinned"),
    [
        ("github.com/O/R/releases/tag/v1.0", "o/r", "v1.0"),
        ("github.com/O/R/releases/tag/pkg/v1.0", "o/r", "pkg/v1.0"),
        ("github.com/O/R/releases/download/v1.0/x.whl", "o/r", "v1.0"),
        ("github.com/O/R/archive/refs/tags/v1.0.tar.gz", "o/r", "v1.0"),
        (f"github.com/O/R/blob/{SHA}/a.pdf", f"o/r/blob/{SHA}/a.pdf", SHA),
        (f"github.com/O/R/tree/{SHA}", f"o/r/tree/{SHA}", SHA),
        (f"raw.githubusercontent.com/O/R/{SHA}/a.pdf", f"o/r/blob/{SHA}/a.pdf", SHA),
        ("raw.githubusercontent.com/O/R/refs/tags/v1/a.pdf", "o/r/blob/v1/a.pdf", "v1"),
        ("github.com/O/R/blob/refs/tags/v1/a.pdf", "o/r/blob/v1/a.pdf", "v1"),
        ("github.com/O/R/tree/refs/tags/v1", "o/r/tree/v1", "v1"),
        (f"github.com/O/R/raw/{SHA}/a.pdf", f"o/r/blob/{SHA}/a.pdf", SHA),
        (f"github.com/O/R/blame/{SHA}/a.pdf", f"o/r/blob/{SHA}/a.pdf", SHA),
        (f"github.com/O/R/commits/{SHA}/a.pdf", f"o/r/blob/{SHA}/a.pdf", SHA),
    ],
)
def test_what_is_pinned_is_never_asked(url, key, pinned):
    target = identify(f"https://{url}")
    assert target.upstream.key == f"github:{key}"
    assert (target.pinned, target.asked) == (pinned, False)


@pytest.mark.parametrize(
    "url",
    [
        "github.com",
        "github.com/",
        "github.com/OWNER",
        "github.com/orgs/x/repositories",
        "github.com/sponsors/x",
        "github.com/topics/llm",
        "github.com/user-attachments/assets/x",
        "github.com/Marketplace/models",
        "github.com/O/R/issues/1",
        "github.com/O/R/issues",
        "github.com/O/R/pull/1/files",
        f"github.com/O/R/commit/{SHA}",
        "github.com/O/R/compare/a...b",
        "github.com/O/R/discussions/2",
        "github.com/O/R/actions/workflows/ci.yml",
        "github.com/O/R/blob/main",
        "github.com/O/R/blob",
        "github.com/O/R/tree",
        "github.com/O/R/tree/refs/heads",
        "github.com/O/R/raw/refs/tags/v1",
        "github.com/settings/tokens",
        "gist.github.com/u/abcdef",
        "gist.github.com/abcdef",
        "gist.githubusercontent.com/u/abcdef/raw/x.md",
        "raw.githubusercontent.com/O/R/main",
        "raw.githubusercontent.com/wiki/O/R/x.md",
        "github.com//R",
        "github.com/O//R",
        "github.com/O/R//",
        "github.com/O/..",
        "github.com/O/R/../S",
        "github.com/O/R/blob/main/../x",
        "github.com/O/R/blob/main/%2e%2e/x",
        "github.com/O/R/blob/main//x",
        "github.com/O/R/blob/main/a%2fb",
        "github.com/O/R/blob/main/a%5cb",
        "github.com/O/R/blob/main/a%00b",
        "github.com/O/R/blob/main/a%ffb",
        "github.com/O%2fR",
        "github.com/%4f/R",
        "github.com/O/.git",
        "github.com/\uff2f/R",
        "github.com/{{owner}}/R",
        "github.com/O/R/blob/main~1/x",
        "github.com/O/R/blob/main@{1}/x",
        "github.com/O/R/blob/a..b/x",
        "github.com/O/R/blob/a:b/x",
        "github.com/O/R/blob/main%20x/a",
        "github.com/O/R/blob/main/%2e/x",
        f"github.com/{'o' * 40}/R",
        f"github.com/O/{'r' * 101}",
        "github.com/-O/R",
        "github.com/...",
        "github.com/<owner>/R",
        "github.com/O/R/releases/tag/%0a",
        "github.com/O/R/releases/tag/a..b",
    ],
)
def test_other_pages_and_hostile_spellings_name_nothing(url):
    assert identify(f"https://{url}") == Target("github")


@pytest.mark.parametrize(
    "host",
    ["O.github.io/R", "api.github.com/repos/O/R", "img.shields.io/github/stars/O/R",
     "github.com.evil.org/O/R", "github.com@evil.org/O/R", "github.com:443/O/R", "github.com%2fO/R"],
)  # fmt: skip
def test_other_hosts_are_not_ours(host):
    assert identify(f"https://{host}") is None


@pytest.mark.parametrize(
    "key", ["github:o", "github:o/..", "github:o/r/blob/", "github:o/r/blob/../x", "github:o/r/x/y"]
)
def test_a_key_that_names_nothing_is_not_asked(key):
    answers, http = ask(question(key))
    assert answers == {key: Unchecked("no address is known to ask at")}
    assert not http.asked


def test_a_name_that_is_not_the_keys_is_not_asked():
    http = FakeHttp()
    list(github.ask([Question(Upstream("github:org/plain", "org/\u212aelvin"))], http, Endpoints()))
    assert http.asked[0] == "/repos/org/plain"


# --- what really happened --------------------------------------------------------------------------


def at(commit, name, path):
    return f"{GH}{name}/blob/{commit}/{path}"


def test_r1_changed_the_day_after_the_post():
    answer = both(R1, since=READ)
    now, before = answer.history
    name = "deepseek-ai/DeepSeek-R1"
    assert now == Version(
        "b332c20226582011f08c8abefc2bc82a722e4a65",
        day("2025-01-23T08:19:18"),
        at(SHA, name, "DeepSeek_R1.pdf"),
        "Update README.md & DeepSeek_R1.pdf",
    )
    assert before.name == "66c6b1ae114b20bef64de87539aebdf64964cabb"
    assert before.released == day("2025-01-20T12:19:44")
    assert (answer.whole, answer.papers) == (True, ("2501.12948",))
    snapshot = answer.snapshot
    assert (snapshot.version, snapshot.released, snapshot.url) == (now.name, now.released, now.url)
    assert (snapshot.title, snapshot.basis, snapshot.ref) == ("DeepSeek_R1.pdf", "blob", "main")
    assert (snapshot.identity, snapshot.fixed, snapshot.moved_to) == ("918855937", False, None)


def test_kimi_changed_in_march_and_stood_at_its_sixth_commit_when_read():
    answer = both(KIMI, since=READ)
    assert [(v.name, v.note) for v in answer.history] == [
        ("a275f7d022ce9f3b6e2d4fa10269b20012fc494a", "Update contributions"),
        ("f518948994f324dedf4598d201f1280d228fdfe6", "Update README.md and Report"),
    ]
    assert not answer.whole
    assert answer.papers == ("2501.12599",)


def test_kimi_read_earlier_has_nameless_versions_between():
    answer = both(KIMI, since=day("2025-01-20T13:30:00"))
    assert [bool(v.name) for v in answer.history] == [True, False, False, False, False, True]
    assert answer.history[-1].name == "aeef4e6060008050b6b772a996fd555f8aaa1547"


def test_v3_is_gone_at_first_sight_with_its_last_copy_and_the_paper_that_replaced_it():
    answer = both(V3, since=READ)
    name, last = "deepseek-ai/DeepSeek-V3", "29dcd6ad91c9b413a85b01cf852460af0e5273df"
    url = f"{GH}{name}/commit/a878eada08ea6913f5a2ae80a43afeffdef082ef"
    deleted = day("2025-03-16T15:42:21")
    assert answer.history == (
        Version(None, deleted, url, "Delete DeepSeek_V3.pdf"),
        Version(
            last,
            day("2024-12-26T11:01:57"),
            at("4c2fdb8f55e049553b9f4f1a3241f86d739c8cf8", name, "DeepSeek_V3.pdf"),
            "Release DeepSeek-V3",
        ),
    )
    snapshot = answer.snapshot
    assert (snapshot.gone, snapshot.version, snapshot.url) == (True, last, url)
    assert (snapshot.released, snapshot.title) == (deleted, "DeepSeek_V3.pdf")
    assert (answer.papers, answer.whole) == (("2412.19437",), True)


@pytest.mark.parametrize("seen", [False, True], ids=["first sight", "later"])
def test_a_false_404_is_no_deletion(seen):
    """The newest commit must have taken the file away: a hiccup at the branch proves nothing."""
    before = both(R1, since=READ).snapshot if seen else None
    answers, _ = ask(question(R1, seen=before, since=READ), faults={r"ref=main": 404})
    assert isinstance(answers[R1], Unchecked)
    assert "gone, and that it is there" in answers[R1].reason


@pytest.mark.parametrize("path", ["DeepSeek_R1", "DeepSeek_V3", "Kimi_k1.5"])
def test_the_facts_of_these_tests_are_the_recorded_ones(path):
    recorded = SAMPLES / f"git-history_{path}.pdf.json"
    if not recorded.exists():
        pytest.skip("no samples beside this checkout")
    commits = json.loads(recorded.read_text("utf-8"))
    world = json.loads((GOLDEN / "world.json").read_text("utf-8"))
    ours = next(r["commits"] for r in world if f"{path}.pdf" in str(r["commits"]))
    assert [c["sha"] for c in commits] == [c["sha"] for c in ours]
    assert [(c["blob_after"].strip("0") or None) and c["blob_after"] for c in commits] == [
        c["files"][f"{path}.pdf"] for c in ours
    ]


def test_requests_for_the_three_files():
    """Without a token: 16 at first, then two a file. With one: two queries, then one."""
    first = [question(key, since=READ) for key in THREE]
    answers, http = ask(*first)
    assert len(http.asked) == 16
    again = [question(key, seen=answers[key].snapshot) for key in THREE]
    same, http = ask(*again)
    assert len(http.asked) == 6
    assert {k: a.snapshot for k, a in same.items()} == {k: a.snapshot for k, a in answers.items()}
    answers, http = ask(*first, token="t")
    assert (len(http.queries), len(http.asked)) == (2, 0)
    same, http = ask(*again, token="t")
    assert (len(http.queries), len(http.asked)) == (1, 0)
    assert {k: a.snapshot for k, a in same.items()} == {k: a.snapshot for k, a in answers.items()}


# --- files -----------------------------------------------------------------------------------------


def test_a_file_that_changed_since_it_was_seen_names_its_papers():
    seen = replace(both(R1, since=READ).snapshot, version=blob(1), released=day("2025-01-20"))
    answer = both(R1, seen=seen)
    assert answer.snapshot.version == "b332c20226582011f08c8abefc2bc82a722e4a65"
    assert answer.papers == ("2501.12948",)
    http = ask(question(R1, seen=seen), token="t")[1]
    assert len(http.queries) == 2, "the README comes with the history"


def test_a_file_that_is_as_the_post_read_it_costs_no_readme():
    answers, http = ask(question(R1, since=day("2025-02-01")))
    assert answers[R1].papers == ()
    assert [v.name for v in answers[R1].history] == ["b332c20226582011f08c8abefc2bc82a722e4a65"]
    assert len(http.asked) == 3


def test_an_unchanged_file_read_by_a_later_post_costs_no_history():
    seen = both(R1, since=READ).snapshot
    _, http = ask(question(R1, seen=seen, since=day("2025-02-01")))
    assert len(http.asked) == 2
    earlier = both(R1, seen=seen, since=READ)
    assert len(earlier.history) == 2, "an earlier baseline asks for what stood then"


def test_a_link_dated_before_its_file_starts_from_the_first_version():
    answer = both(R1, since=day("2024-06-01"))
    assert answer.history[-1].name == "66c6b1ae114b20bef64de87539aebdf64964cabb"
    assert answer.whole


def test_what_was_seen_gone_is_only_looked_at():
    seen = both(V3, since=READ).snapshot
    answers, http = ask(question(V3, seen=seen))
    assert len(http.asked) == 2
    assert answers[V3].snapshot == seen
    assert answers[V3].papers == ()


def test_what_came_back_is_there_again():
    seen = replace(both(R1, since=READ).snapshot, gone=True, url="https://github.com/x")
    answer = both(R1, seen=seen)
    assert not answer.snapshot.gone
    assert SHA in answer.snapshot.url


def test_a_deleted_file_keeps_the_version_that_was_seen():
    seen = replace(both(V3, since=READ).snapshot, version=blob(5), gone=False)
    answer = both(V3, seen=seen)
    assert answer.snapshot.version == blob(5)
    assert answer.history[1].name == "29dcd6ad91c9b413a85b01cf852460af0e5273df"


@pytest.mark.parametrize(
    "key",
    ["github:org/plain/blob/trunk/none.pdf", "github:org/plain/blob/none/a", "github:org/branchy/blob/none/dir/f.pdf",
     "github:org/empty/blob/main/a", "github:org/branchy/blob/x/y/z/none.md"],
)  # fmt: skip
def test_a_file_that_never_was_is_absent_and_not_gone(key):
    assert both(key, since=READ) == Absent("no such file")


@pytest.mark.parametrize("rest", ["none", "trunk/none", "trunk/a/none"])
def test_a_folder_or_a_branch_that_never_was_is_absent_and_not_gone(rest):
    assert both(f"github:org/plain/tree/{rest}", since=READ) == Absent("no such folder")


def test_a_branch_that_went_is_absent_for_nothing_tells_when():
    seen = both("github:org/branchy/tree/feature/x").snapshot
    world = json.loads((GOLDEN / "world.json").read_text("utf-8"))
    world[-1]["branches"] = {}
    for token in (None, "t"):
        http = FakeHttp(world=world)
        asked = question("github:org/branchy/tree/feature/x", seen=seen)
        (answer,) = ask(asked, token=token, http=http)[0].values()
        assert answer == Absent("no such folder", authenticated=bool(token))


def test_a_folder_is_its_tree():
    answer = both("github:old/name/tree/main/docs")
    assert answer.snapshot.basis == "tree"
    assert answer.snapshot.title == "Name/docs"
    assert answer.snapshot.url == f"{GH}New/Name/tree/{sha(0x51)}/docs"


def test_a_folder_below_a_folder_is_found_in_its_parents_listing():
    answers, http = ask(question("github:new/name/tree/main/docs/sub"))
    assert isinstance(answers["github:new/name/tree/main/docs/sub"], Found)
    assert http.asked[1] == "/repos/New/Name/contents/docs?ref=main"


def test_a_whole_branch_is_its_commits_tree():
    answer = both("github:org/branchy/tree/main", since=day("2025-02-10"))
    assert answer.snapshot.basis == "tree"
    assert answer.snapshot.url == f"{GH}org/branchy/tree/{sha(0x63)}"
    assert [v.released for v in answer.history] == [day("2025-03-01"), day("2025-02-01")]
    assert answer.history[1].name not in (None, answer.history[0].name)


def test_at_first_sight_a_file_and_its_history_come_together():
    """Two queries where something is newer than the post, one where nothing is."""
    for since, queries in ((READ, 2), (day("2025-06-01"), 1)):
        asked = [question(key, since=since) for key in (R1, KIMI, "github:old/name/tree/main/docs")]
        _, http = ask(*asked, token="t")
        assert (len(http.queries), http.asked) == (queries, [])


def test_a_ref_with_slashes_is_cut_where_it_exists_and_stays_so():
    key = "github:org/branchy/blob/feature/x/dir/f.pdf"
    answer = both(key)
    assert (answer.snapshot.ref, answer.snapshot.version) == ("feature/x", blob(2))
    assert answer.snapshot.title == "f.pdf"
    _, http = ask(question(key, seen=answer.snapshot))
    assert http.asked[1:] == ["/repos/org/branchy/contents/dir/f.pdf?ref=feature%2Fx"]


@pytest.mark.parametrize(
    ("key", "ref", "version"),
    [
        ("github:org/branchy/blob/v1/dir/f.pdf", "v1", blob(1)),
        ("github:org/branchy/blob/rel/1/dir/f.pdf", "rel/1", blob(2)),
    ],
)
def test_a_tag_is_fixed_and_never_asked_again(key, ref, version):
    answer = both(key, since=READ)
    assert (answer.snapshot.ref, answer.snapshot.fixed) == (ref, True)
    assert (answer.snapshot.version, answer.whole, answer.papers) == (version, True, ())
    for token in (None, "t"):
        answers, http = ask(question(key, seen=answer.snapshot, since=READ), token=token)
        assert answers[key].snapshot == answer.snapshot
        assert not http.asked
        assert not http.queries


def test_the_default_branch_is_not_asked_whether_it_is_a_tag():
    assert not any("/git/ref" in path for path in ask(question(R1))[1].asked)


def test_a_default_branch_that_was_renamed_is_followed_as_githubs_pages_do():
    key = "github:org/branchy/blob/master/dir/f.pdf"
    answer = both(key)
    assert (answer.snapshot.ref, answer.snapshot.version) == ("HEAD", blob(3))
    _, http = ask(question(key, seen=answer.snapshot))
    assert len(http.asked) == 2


def long(count):
    world = json.loads((GOLDEN / "world.json").read_text("utf-8"))[:1]
    commits = [
        {
            "sha": sha(0x700 + n),
            "date": f"20{10 + n // 12:02d}-{1 + n % 12:02d}-01T00:00:00Z",
            "message": f"edit {n}",
            "files": {"f.pdf": blob(n)},
        }
        for n in reversed(range(count))
    ]
    return [{**world[0], "id": 9, "name": "org/long", "commits": commits}]


@pytest.mark.parametrize("token", [None, "t"])
@pytest.mark.parametrize(
    ("since", "length", "name"),
    [("2014-06-15", 127, blob(53)), ("2010-06-15", 151, blob(5)), ("2009-01-01", 150, None)],
    ids=["fifth page", "beyond five pages", "before the first"],
)
def test_a_long_history_is_paged_to_the_baseline(token, since, length, name):
    key = "github:org/long/blob/main/f.pdf"
    http = FakeHttp(world=long(180))
    answer = ask(question(key, since=day(since)), token=token, http=http)[0][key]
    assert len(answer.history) == length
    assert answer.history[-1].name == name
    assert len({v.url for v in answer.history}) == len(answer.history)
    assert not answer.whole


def stood(number):
    """The file of `long` as its commit of this number left it."""
    released = day(f"20{10 + number // 12:02d}-{1 + number % 12:02d}-01")
    url = f"{GH}Org/Long/blob/{sha(0x700 + number)}/f.pdf"
    return Snapshot(blob(number), released, url, "f.pdf", "blob", identity="9", ref="main")


@pytest.mark.parametrize("token", [None, "t"])
@pytest.mark.parametrize(
    ("seen", "length", "told"),
    [
        (stood(178), 2, True),
        (stood(175), 5, True),
        (stood(150), 30, True),
        (stood(149), 30, False),
        (replace(stood(3), released=day("2030-01-01")), 2, True),
        (replace(stood(175), released=None), 1, False),
        (replace(stood(175), gone=True), 1, False),
    ],
    ids=["next", "between", "last of the page", "beyond", "rewritten", "undated", "came back"],
)
def test_the_commits_since_a_file_was_seen_come_with_the_answer(token, seen, length, told):
    """The newest first, without a further request, and at last the version that was seen."""
    key = "github:org/long/blob/main/f.pdf"
    answers, http = ask(question(key, seen=seen), token=token, http=FakeHttp(world=long(180)))
    history = answers[key].history
    then = Version(seen.version, seen.released, seen.url)
    assert [v.name for v in history] == [
        blob(179),
        *[None] * (length - 1 - told),
        *[seen.version] * told,
    ]
    assert not told or history[-1] == then
    assert [v.note for v in history[: length - told]] == [
        f"edit {179 - n}" for n in range(length - told)
    ]
    assert (len(http.asked), len(http.queries)) == ((0, 2) if token else (4, 0))
    watch = Watch(question(key).upstream, {"r": Baseline(READ, settled=True)}, seen)
    assert start_of(watch, answers[key]) == Start(seen.version, seen.released, ("r",))


def test_the_commits_since_a_folder_was_seen_come_with_the_answer():
    key = "github:org/long/tree/main"
    http = FakeHttp(world=long(180))
    seen = Snapshot(sha(5), day("2024-09-01"), f"{GH}x", "long", "tree", identity="9", ref="main")
    (answer,) = ask(question(key, seen=seen), http=http)[0].values()
    assert [v.name for v in answer.history] == [answer.snapshot.version, None, None, sha(5)]
    assert answer.history[1].url == f"{GH}org/long/tree/{sha(0x700 + 178)}"


def test_a_file_too_large_to_be_sent_is_found_in_its_folder():
    body = payload("too_large")
    huge = {r"/contents/DeepSeek_R1": (403, {}, body)}
    big = {r"/contents/DeepSeek_R1": (200, {}, b" " * (5 << 20))}
    for fault in (huge, big):
        answers, _ = ask(question(R1), faults=fault)
        assert answers[R1].snapshot.version == "b332c20226582011f08c8abefc2bc82a722e4a65"


def test_a_submodule_is_not_a_file_that_went():
    part = payload("content", type="submodule", sha=sha(5), name="a")
    answers, _ = ask(
        question("github:org/plain/blob/trunk/a"),
        faults={"/contents/a": (200, {}, part)},
    )
    assert answers["github:org/plain/blob/trunk/a"] == Absent("no such file")


def test_a_readme_that_cannot_be_had_is_no_failure():
    answers, _ = ask(question(R1, since=READ), faults={"/readme": NotChecked("no connection")})
    assert answers[R1].papers == ()
    assert answers[R1].history


@pytest.mark.parametrize(
    "body",
    [
        {"encoding": "base64", "content": "YXJYaXY6MjUwMS4x\nMjk0OA=="},
        b"{{ badge }} arXiv:2501.12948",
        {"encoding": "base64", "content": "x", "arXiv:2501.12948": 0},
        {"encoding": "none", "content": "", "arXiv:2501.12948": 0},
        b"\xff\xfe arXiv:2501.12948",
    ],
    ids=["json", "braces", "broken", "none", "no text"],
)
def test_a_readme_is_read_in_whatever_form_it_comes(body):
    answers, _ = ask(question(R1, since=READ), faults={"/readme": (200, {}, body)})
    assert answers[R1].papers == ("2501.12948",)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("arXiv:2501.12948, https://arxiv.org/abs/2412.19437v2", ("2501.12948", "2412.19437")),
        ("arxiv.org/pdf/2501.12948.pdf arXiv: 2501.12948", ("2501.12948",)),
        ("https://doi.org/10.48550/ARXIV.2501.12948", ("2501.12948",)),
        ("arxiv.org/abs/math.CA/0611800", ("math/0611800",)),
        ("arxiv.org/abs/2599.12948 arXiv:2501.129481 2501.12948", ()),
        (" ".join(f"arXiv:2501.0000{n}" for n in range(1, 9)),
         tuple(f"2501.0000{n}" for n in range(1, 6))),
        (None, ()),
    ],
)  # fmt: skip
def test_papers_of_a_readme_in_order_each_once_five_at_most(text, ids):
    assert papers(text) == ids


# --- repositories ----------------------------------------------------------------------------------


def test_a_repository_is_its_latest_release():
    answer = both("github:org/released")
    url = f"{GH}Org/Released/releases/tag/v2.0"
    assert answer.history == (Version("v2.0", day("2025-03-01"), url, "Two point oh"),)
    snapshot = answer.snapshot
    assert (snapshot.version, snapshot.basis, snapshot.url) == ("v2.0", "release", url)
    assert (snapshot.title, snapshot.identity) == ("Org/Released", "1")


@pytest.mark.parametrize(
    ("since", "names", "whole"),
    [
        ("2025-03-02", ["v2.0"], False),
        ("2025-03-01", ["v2.0"], False),
        ("2025-02-01", ["v2.0", "v1.1"], False),
        ("2025-02-10", ["v2.0", "v1.1"], False),
        ("2025-01-10", ["v2.0", "v1.1", "v1.0"], True),
        ("2024-01-10", ["v2.0", "v1.1", "v1.0"], True),
    ],
)
def test_releases_reach_back_to_the_one_that_stood(since, names, whole):
    answer = both("github:org/released", since=day(since))
    assert ([v.name for v in answer.history], answer.whole) == (names, whole)


def released(**fields):
    """A world whose latest release has these fields."""
    world = json.loads((GOLDEN / "world.json").read_text("utf-8"))
    (repository,) = (r for r in world if r["name"] == "Org/Released")
    next(r for r in repository["releases"] if r["tag"] == "v2.0").update(fields)
    next(r for r in repository["releases"] if r["tag"] == "v1.1").update(text="older")
    return world


@pytest.mark.parametrize("token", [None, "t"])
@pytest.mark.parametrize("since", [None, day("2025-02-10")], ids=["newest", "list"])
@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("## New\r\n\r\n* a\r* b\n", "## New\n\n* a\n* b"),
        ("a\x00\x1b[31mb\u202ec\x85d", "a[31mbc\nd"),
        ("* a\n\t* b", "* a\n    * b"),
        ("x" * 30_000, "x" * 20_000),
        ("\t" * 6_000 + "x", ""),
        ("", ""),
        (None, ""),
    ],
    ids=["line ends", "controls", "tab", "long", "tabs", "empty", "none"],
)
def test_what_the_authors_wrote_of_the_newest_release(written, text, since, token):
    """As lines that harm nothing, without a further request, and of no older release."""
    asked = question("github:org/released", since=since)
    answers, http = ask(asked, token=token, http=FakeHttp(world=released(text=written)))
    assert answers["github:org/released"].text == text
    requests = 1 if since is None else 2
    assert (len(http.asked), len(http.queries)) == ((0, requests) if token else (1 + requests, 0))
    assert sum(q["query"].count("description") for q in http.queries) == bool(token)


@pytest.mark.parametrize("body", [5, {}, "a\ud800b"], ids=str)
def test_release_notes_in_another_shape_stop_nothing(body):
    fault = {"/releases/latest": (200, {}, payload("release", tag_name="v1", body=body))}
    (answer,) = ask(question("github:org/released"), faults=fault)[0].values()
    assert answer.text == ("ab" if isinstance(body, str) else "")


@pytest.mark.parametrize("name", ["tagged", "plain", "branchy"])
def test_what_has_no_release_has_no_release_notes(name):
    assert both(f"github:org/{name}").text == ""


def test_drafts_and_prereleases_are_no_versions():
    world = json.loads((GOLDEN / "world.json").read_text("utf-8"))
    (released,) = (r for r in world if r["name"] == "Org/Released")
    between = {"tag": "v1.5b1", "date": "2025-02-15T00:00:00Z", "name": None, "prerelease": True}
    released["releases"].insert(2, between)
    for token in (None, "t"):
        asked = question("github:org/released", since=day("2025-02-10"))
        (answer,) = ask(asked, token=token, http=FakeHttp(world=world))[0].values()
        assert [v.name for v in answer.history] == ["v2.0", "v1.1"]
    draft = payload("release", tag_name="v3", published_at=None, draft=True)
    assert github_read.releases([draft, draft | {"prerelease": True}]) == ()


@pytest.mark.parametrize(
    ("since", "names"),
    [
        (None, ["v1.10"]),
        ("2025-03-01", ["v1.10"]),
        ("2025-02-10", ["v1.10", "v1.10-rc1", "v1.9"]),
        ("2025-02-01", ["v1.10", "v1.10-rc1", "v1.9"]),
    ],
)
def test_without_releases_it_is_the_highest_tag(since, names):
    answer = both("github:org/tagged", since=since and day(since))
    assert [v.name for v in answer.history] == names
    assert (answer.snapshot.basis, answer.snapshot.released) == ("tag", day("2025-03-01"))
    assert answer.snapshot.url == f"{GH}org/tagged/releases/tag/v1.10"
    assert answer.snapshot.standing == "archived"


def test_a_tag_that_was_seen_is_not_dated_again():
    seen = both("github:org/tagged").snapshot
    answers, http = ask(question("github:org/tagged", seen=seen))
    assert answers["github:org/tagged"].snapshot == seen
    assert len(http.asked) == 3


def test_tags_are_ordered_as_people_read_them():
    order = ["nightly", "v0.9", "v1.0-alpha", "v1.0-rc1", "1.0", "v1.0", "v1.0.1", "v1.9", "v1.10"]
    assert sorted(set(order), key=lambda n: natural(Tag(n, sha(1), None))) == order


@pytest.mark.parametrize(
    ("since", "shas"),
    [
        (None, [0x33]),
        ("2025-03-01", [0x33]),
        ("2025-02-10", [0x33, 0x32]),
        ("2025-02-01", [0x33, 0x32]),
        ("2024-01-01", [0x33]),
    ],
)
def test_without_tags_it_is_the_head_of_its_branch(since, shas):
    answer = both("github:org/plain", since=since and day(since))
    assert [v.name for v in answer.history] == [sha(n) for n in shas]
    assert answer.snapshot.url == f"{GH}org/plain/commit/{sha(0x33)}"
    assert (answer.snapshot.basis, answer.history[0].note) == ("commit", "three")


def test_an_empty_repository_has_no_version():
    answer = both("github:org/empty")
    assert (answer.snapshot.version, answer.snapshot.url) == (None, f"{GH}org/empty")
    assert answer.history == ()


# --- moved, archived, absent, refused --------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "/blob/main/docs/a%20b.pdf", "/tree/main/docs"])
def test_what_moved_says_where_to_and_is_archived_there(rest):
    snapshot = both(f"github:old/name{rest}").snapshot
    assert snapshot.moved_to == f"github:new/name{rest}"
    assert snapshot.archived
    assert "New/Name" in snapshot.url


def test_another_spelling_of_a_name_is_no_move():
    assert both("github:new/name").snapshot.moved_to is None


@pytest.mark.parametrize("key", ["github:org/plain", R1])
def test_another_repository_under_an_old_name_is_absent(key):
    seen = replace(both(key).snapshot, identity="77")
    assert both(key, seen=seen) == Absent("another repository has this name now")


@pytest.mark.parametrize("key", ["github:org/none", "github:org/none/blob/main/a"])
def test_a_repository_that_is_not_there_is_absent(key):
    assert both(key) == Absent(NO_REPOSITORY)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ((403, {}, payload("blocked")), "GitHub has blocked access to this repository"),
        ((451, {}, {"message": "Repository unavailable"}), "blocked for legal reasons"),
        ((403, {}, {"message": "Forbidden"}), "api.github.com answered 403"),
        ((401, {}, {"message": "Requires authentication"}), "api.github.com answered 401"),
        ((200, {}, b"<html>"), "api.github.com answered no JSON"),
        ((200, {}, {"id": "x"}), "unreadable answer"),
        ((200, {}, []), "unreadable answer"),
        ((500, {}, b""), "api.github.com answered 500"),
        (NotChecked("no connection"), "no connection"),
    ],
)
def test_a_refusal_or_a_broken_answer_is_not_checked(fault, reason):
    answers, _ = ask(question("github:org/plain"), faults={"/repos/org/plain$": fault})
    assert answers["github:org/plain"] == Unchecked(reason)


def test_one_refused_repository_stops_no_other():
    answers, _ = ask(
        question("github:org/plain"), question(R1), faults={"org/plain": (403, {}, {})}
    )
    assert isinstance(answers[R1], Found)


def test_a_repository_is_asked_once_however_many_files_of_it_are():
    names = ("", "/blob/main/docs/a%20b.pdf", "/blob/main/top.md", "/tree/main/docs")
    _, http = ask(*(question(f"github:new/name{n}") for n in names))
    assert http.asked.count("/repos/new/name") == 1


def test_the_readme_of_a_repository_is_asked_once_however_many_files_changed():
    asked = [question(f"github:org/branchy/{place}", since=READ)
             for place in ("blob/main/dir/f.pdf", "tree/main/dir", "tree/main")]  # fmt: skip
    for token in (None, "t"):
        answers, http = ask(*asked, token=token, faults={"/graphql": 404})
        assert all(answer.papers == ("2501.00656",) for answer in answers.values())
        assert sum("/readme" in path for path in http.asked) == 1


@pytest.mark.parametrize(
    "location",
    ["https://evil.org/repositories/5", f"{API}.evil.org/repositories/5", f"{API}/repositories/5x",
     f"{API}/repositories/../users/x", f"{API}/user", "//evil.org/repositories/5", "",
     "http://[", "https://[::1/repositories/5", "file:///repositories/5"],
)  # fmt: skip
def test_a_redirect_to_anywhere_but_an_id_is_not_followed(location):
    fault = {"/repos/org/plain": (301, {"Location": location}, b"")}
    answers, http = ask(question("github:org/plain"), faults=fault)
    assert answers["github:org/plain"] == Unchecked("a redirect to somewhere else")
    assert len(http.asked) == 1


def test_two_redirects_are_followed_and_no_third():
    fault = {"/repos/org/plain|/repositories": (301, {"Location": f"{API}/repositories/3"}, b"")}
    answers, http = ask(question("github:org/plain"), faults=fault)
    assert answers["github:org/plain"] == Unchecked("too many redirects")
    assert len(http.asked) == 3


# --- limits and the two roads ----------------------------------------------------------------------


def test_the_hours_last_requests_are_left_and_the_rest_is_not_checked():
    answers, http = ask(*(question(key, since=READ) for key in THREE), left=9)
    assert len(http.asked) == 7
    assert isinstance(answers[R1], Found), "one is finished before the next is begun"
    assert answers[KIMI] == Unchecked(USED_UP)


def test_the_order_given_is_kept_among_repositories():
    """What comes first is asked first, so that a run may begin with what the last one left."""
    order = [KIMI, "github:org/plain", R1, "github:moonshotai/kimi-k1.5", V3]
    _, http = ask(*map(question, order))
    looked = [path.split("/")[3].lower() for path in http.asked]
    assert list(dict.fromkeys(looked)) == ["kimi-k1.5", "plain", "deepseek-r1", "deepseek-v3"]
    assert http.asked.count("/repos/moonshotai/kimi-k1.5") == 1


def test_what_one_hour_leaves_out_the_next_one_begins_with():
    """Sixty links of which an hour allows fourteen: with the unasked ones first none starves."""
    keys = [f"github:org/many{n}" for n in range(60)]
    world = [{**long(1)[0], "id": 100 + n, "name": f"org/many{n}"} for n in range(60)]
    found, order = set(), keys
    for _hour in range(5):
        answers, http = ask(*map(question, order), http=FakeHttp(world=world, left=60))
        assert http.left == 2, "some of the hour's requests are left to others"
        unasked = [key for key in order if answers[key] == Unchecked(USED_UP)]
        answered = [key for key in order if isinstance(answers[key], Found)]
        assert sorted(unasked + answered) == sorted(keys)
        found |= set(answered)
        order = unasked + answered
    assert found == set(keys)


def test_a_refusal_counts_towards_the_hours_requests():
    refused = (403, {"X-RateLimit-Remaining": "2"}, payload("blocked"))
    answers, http = ask(question("github:org/plain"), question(R1), faults={"org/plain": refused})
    assert answers[R1] == Unchecked(USED_UP)
    assert len(http.asked) == 1


@pytest.mark.parametrize("key", ["github:org/none/blob/main/a", "github:org/plain/blob/trunk/a"])
def test_what_ends_a_question_is_the_last_thing_it_asks(key):
    """The history of a file that could not be looked at is not asked for."""
    _, http = ask(question(key, since=READ), faults={"/contents/a": (403, {}, {})})
    assert not any("/commits" in path for path in http.asked)


@pytest.mark.parametrize(
    "fault",
    [
        (200, {}, payload("graphql_rate_limited")),
        (200, {}, payload("graphql_rate_limited_plain")),
        (403, {}, {"message": "You have exceeded a secondary rate limit."}),
        NotChecked("api.github.com: rate limit reached", 429),
        NotChecked("api.github.com: rate limit reached", 403),
    ],
)
def test_an_exhausted_limit_is_not_checked_and_not_asked_by_rest(fault):
    answers, http = ask(question(R1), question(V3), token="t", faults={"/graphql": fault})
    assert all(
        isinstance(a, Unchecked) and "rate limit" in a.reason.lower() for a in answers.values()
    )
    assert not http.asked


@pytest.mark.parametrize(
    "fault",
    [
        404,
        (401, {}, {"message": "Bad credentials"}),
        (403, {}, {"message": "Resource not accessible by integration"}),
        (502, {}, b""),
        (200, {}, b"<html>"),
        (200, {}, []),
        (200, {}, {"data": None}),
        (200, {}, {"data": {}, "errors": 1}),
        (200, {}, {"data": {}, "errors": ["x"]}),
        (200, {}, {"data": {}, "errors": [{"type": "NOT_FOUND", "path": [0], "message": "x"}]}),
        (301, {"Location": "https://evil.org/graphql"}, b""),
        (200, {}, {"data": {}, "errors": [{"message": "Something went wrong"}]}),
        (200, {}, payload("graphql_schema_error")),
        NotChecked("timed out after 20 s"),
    ],
)
def test_where_graphql_is_of_no_use_rest_takes_over(fault):
    questions = [question(key, since=READ) for key in THREE]
    answers, http = ask(*questions, token="t", faults={"/graphql": fault})
    plain, _ = ask(*questions)
    assert answers == {k: replace(a, authenticated=True) for k, a in plain.items()}
    assert len(http.queries) == 1, "it is not tried again in this run"


def test_what_graphql_leaves_out_is_asked_by_rest():
    def broken(body):
        body["data"]["r0"] = None
        return {**body, "errors": [{"type": "SERVICE_UNAVAILABLE", "path": ["r0"], "message": "x"}]}

    answers, http = ask(
        question(R1), question(KIMI), token="t", faults={"/graphql": (200, {}, broken)}
    )  # fmt: skip
    assert all(isinstance(a, Found) for a in answers.values())
    assert http.asked
    assert not any("Kimi" in path for path in http.asked)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        ("graphql_not_found", Absent(NO_REPOSITORY, authenticated=True)),
        (
            "graphql_forbidden",
            Unchecked(
                "GitHub gives no right to see it: "
                "Resource protected by organization SAML enforcement."
            ),
        ),
    ],
)
def test_one_error_is_one_repositorys(error, answer):
    def partial(body):
        if "r1" not in body["data"]:
            return body
        body["data"]["r0"] = None
        return {**body, "errors": [payload(error, path=["r0"])]}

    answers, http = ask(
        question(R1), question(KIMI), token="t", faults={"/graphql": (200, {}, partial)}
    )  # fmt: skip
    assert answers[R1] == answer
    assert isinstance(answers[KIMI], Found)
    assert not http.asked


def test_an_object_that_failed_is_not_an_object_that_is_missing():
    """A null with an error below it says nothing: REST must say."""

    def failed(body):
        body["data"]["r0"]["w0_0"] = None
        return {**body, "errors": [{"path": ["r0", "w0_0"], "message": "timeout"}]}

    answers, _ = ask(question(R1), token="t", faults={"/graphql": (200, {}, failed)})
    assert not answers[R1].snapshot.gone


def test_a_bad_token_is_dropped_and_the_answers_say_so():
    def check(token):
        return (401, {}, {"message": "Bad credentials"}) if token else None

    answers, http = ask(question("github:org/none"), question(R1), token="bad", faults={"": check})
    assert answers["github:org/none"] == Absent(NO_REPOSITORY, authenticated=False)
    assert not answers[R1].authenticated
    assert http.tokens[:2] == ["bad", None]


def test_files_folders_and_releases_of_a_repository_go_in_one_query():
    """And its default branch, as one alias: one look at the repository, whatever is asked of it."""
    keys = [f"github:org/branchy{rest}" for rest in ("", "/blob/main/dir/f.pdf", "/tree/main/dir")]
    seen = {key: both(key).snapshot for key in keys}
    answers, http = ask(*(question(key, seen=seen[key]) for key in keys), token="t")
    assert {key: answer.snapshot for key, answer in answers.items()} == seen
    (document,) = http.queries
    assert document["query"].count("repository(") == 1
    assert document["query"].count("latestRelease") == 1
    assert not http.asked


@pytest.mark.parametrize(("count", "queries"), [(100, 1), (101, 2), (250, 3)])
def test_a_thousand_repositories_go_a_hundred_to_a_query(count, queries):
    questions = [question(f"github:o/r{n}") for n in range(count)]
    answers, http = ask(*questions, token="t")
    assert len(answers) == count
    assert len(http.queries) == queries


def test_the_files_of_a_repository_go_together_wherever_they_stand():
    """In one query or two, though the order given would split them over three."""
    keys = [f"github:o/r{n}{rest}" for rest in ("", "/blob/main/a") for n in range(150)]
    _, http = ask(*map(question, keys), token="t")
    assert len(http.queries) == 2


def test_queries_hold_to_the_schema_and_quote_nothing_from_outside():
    keys = [R1, V3, "github:org/released", "github:org/tagged", "github:org/branchy/tree/v1",
            'github:org/plain/blob/trunk/"%29%7b']  # fmt: skip
    _, http = ask(*(question(key, since=READ) for key in keys), token="t")
    assert len(http.queries) == 2
    for document in http.queries:
        assert not validate(SCHEMA, parse(document["query"]))
        assert "deepseek" not in document["query"].lower()


@pytest.mark.parametrize(
    "want",
    [
        github_facts.Look("o/r", "blob", (("main", "a"), ("main/a", "b"))),
        github_facts.Look("o/r", "tree", (("HEAD", ""),), untagged=True),
        github_facts.LookNewest("o/r"),
        github_facts.History("o/r", "main", ""),
        github_facts.History("o/r", "main", "a", READ, 1, 2, "cursor"),
        github_facts.Sha("o/r", SHA, "a", "blob"),
        github_facts.Dated("o/r", SHA),
        github_facts.ReleaseList("o/r"),
        github_facts.ReleaseList("o/r", 2, "cursor"),
        github_facts.Readme("o/r"),
    ],
    ids=lambda want: type(want).__name__,
)
def test_each_want_holds_to_the_schema(want):
    query = Query()
    query.add(want)
    query.add(want)
    assert len(query.wants) == 1
    assert not validate(SCHEMA, parse(query.text()))


def test_an_enterprise_server_is_asked_below_its_own_path():
    class Enterprise(FakeHttp):
        def get(self, url, **more):
            assert url.startswith("https://git.example.org/api/v3/")
            return super().get(url.replace("https://git.example.org/api/v3", API), **more)

    endpoints = Endpoints(github_api="https://git.example.org/api/v3")
    ((_, answer),) = github.ask([question(R1)], Enterprise(), endpoints)
    assert isinstance(answer, Found)


def test_a_bad_token_spends_the_hours_requests_on_one_question_after_the_other():
    """The 60 requests without a token: with a bad one as many are answered as with none."""
    world = [{**long(40)[0], "id": 100 + n, "name": f"org/many{n}"} for n in range(40)]
    keys = [f"github:org/many{n}/blob/main/f.pdf" for n in range(40)]
    questions = [question(key, since=day("2014-06-15")) for key in keys]

    def check(token):
        return (401, {}, {"message": "Bad credentials"}) if token else None

    without, _ = ask(*questions, http=FakeHttp(world=world, left=60))
    http = FakeHttp(world=world, left=60, faults={"": check})
    answers, _ = ask(*questions, http=http, token="bad")
    assert answers == without
    assert sum(isinstance(a, Found) for a in answers.values()) == 19
    assert len(http.queries) == 1


def test_a_limit_that_ends_between_two_rounds_leaves_both_roads_alone():
    rounds = iter([None, (200, {}, payload("graphql_rate_limited"))])
    answers, http = ask(
        question(R1, since=READ), token="t", faults={"/graphql": lambda _token: next(rounds)}
    )
    assert answers[R1] == Unchecked("GitHub's rate limit is reached")
    assert not http.asked


# --- answers out of shape --------------------------------------------------------------------------

PLAIN = "github:org/plain"
A = f"{PLAIN}/blob/trunk/a"
DIR = f"{PLAIN}/tree/trunk/docs"


def commit(**fields):
    return payload("commit", sha=sha(1)) | {"commit": fields}


@pytest.mark.parametrize(
    ("key", "path", "answer"),
    [
        (A, "/contents/a", {"type": "file", "sha": "x"}),
        (A, "/contents/a", {"type": "file", "sha": sha(1).upper() + "\n"}),
        (A, "/contents/a", {"type": "what", "sha": sha(1)}),
        (A, "/contents/a", {"type": ["file"], "sha": sha(1)}),
        (DIR, "/contents/", {}),
        (DIR, "/contents/", "docs"),
        (DIR, "/contents/", [None]),
        (DIR, "/contents/", [{"name": None}]),
        (DIR, "/contents/", [{"name": "docs"}]),
        (A, "/commits", {"commits": []}),
        (A, "/commits", [{}]),
        (A, "/commits", [[]]),
        (A, "/commits", [commit(committer={"date": "2025-01-01"}, tree={"sha": sha(2)})]),
        (A, "/commits", [commit(committer={"date": 1735689600}, tree={"sha": sha(2)})]),
        (
            A,
            "/commits",
            [commit(committer={"date": "0001-01-01T00:00:00+23:59"}, tree={"sha": sha(2)})],
        ),
        (A, "/commits", [commit(committer={"date": "2025-01-01T00:00:00Z"}, tree={"sha": None})]),
        (PLAIN, "/releases/latest", []),
        (PLAIN, "/releases/latest", {"tag_name": "a b", "published_at": None}),
        (PLAIN, "/releases/latest", {"tag_name": "v\ud800", "published_at": None}),
        (PLAIN, "/releases/latest", {"tag_name": "v1", "published_at": "yesterday"}),
        (PLAIN, "/tags", {"message": "x"}),
        (PLAIN, "/tags", [{"name": "v1"}]),
        (PLAIN, "/tags", [{"name": "v\ud800", "commit": {"sha": sha(0x31)}}]),
        (PLAIN, "$", {"id": 3, "full_name": "../x"}),
        (PLAIN, "$", {"id": 3, "full_name": "org/plain", "archived": "no"}),
    ],
)
def test_an_answer_in_another_shape_could_not_be_checked_and_stops_no_other(key, path, answer):
    fault = {f"/repos/org/plain{path}": (200, {}, answer)}
    answers, _ = ask(question(key), question(R1), faults=fault)
    assert answers[key] == Unchecked("unreadable answer")
    assert isinstance(answers[R1], Found)


@pytest.mark.parametrize(
    ("key", "place", "wrong"),
    [
        (A, ["databaseId"], None),
        (A, ["databaseId"], "3"),
        (A, ["nameWithOwner"], "../x"),
        (A, ["isArchived"], None),
        (A, ["w0_0"], []),
        (A, ["w0_0"], {"__typename": "Commit", "oid": sha(1)}),
        (A, ["w0_0", "oid"], "x"),
        (PLAIN, ["refs", "nodes"], None),
        (PLAIN, ["refs", "nodes"], [None]),
        (PLAIN, ["latestRelease"], {"tagName": "v1"}),
        (PLAIN, ["tip", "target"], {"oid": sha(1)}),
    ],
    ids=str,
)
def test_what_graphql_says_in_another_shape_rest_must_say(key, place, wrong):
    def broken(body):
        node = body["data"].get("r0")
        for name in place[:-1]:
            node = node and node.get(name)
        if node and place[-1] in node:
            node[place[-1]] = wrong
        return body

    answers, http = ask(question(key), token="t", faults={"/graphql": (200, {}, broken)})
    plain, _ = ask(question(key))
    assert answers[key] == replace(plain[key], authenticated=True)
    assert http.asked


def test_a_tag_of_something_else_than_a_commit_is_no_version():
    def tagged(body):
        if "refs" in body["data"]["r0"]:
            body["data"]["r0"]["refs"]["nodes"] = [{"name": "key", "target": {"oid": sha(9)}}]
        return body

    answers, _ = ask(question(PLAIN), token="t", faults={"/graphql": (200, {}, tagged)})
    assert answers[PLAIN].snapshot.basis == "commit"


def test_a_folder_too_large_to_be_listed_hides_nothing():
    entries = [payload("content", name=f"{n}", sha=sha(n)) for n in range(1000)]
    key = "github:org/branchy/tree/main/dir"
    answers, _ = ask(question(key), faults={r"/contents/\?ref": (200, {}, entries)})
    assert answers[key] == Unchecked("its folder is too large to be listed")


def test_a_file_without_commits_has_no_date():
    answers, _ = ask(question(A, since=READ), faults={"/commits": (200, {}, [])})
    (version,) = answers[A].history
    assert version == Version(blob(3), None, f"{GH}org/plain/blob/trunk/a")
    assert answers[A].snapshot.released is None


def test_a_deletion_whose_history_was_cut_off_counts_for_what_was_seen_only():
    cut_off = {r"/commits\?": (200, {}, [commit_of("a878eada08ea6913f5a2ae80a43afeffdef082ef")])}
    answers, _ = ask(question(V3), faults=cut_off)
    assert answers[V3] == Absent("no such file")
    seen = replace(both(V3, since=READ).snapshot, gone=False)
    answers, _ = ask(question(V3, seen=seen), faults=cut_off)
    assert answers[V3].snapshot.gone
    assert len(answers[V3].history) == 1
    assert answers[V3].papers == ("2412.19437",)


def commit_of(identity):
    fields = {"committer": {"date": "2025-03-16T15:42:21Z"}, "tree": {"sha": sha(1)}}
    return payload("commit", sha=identity) | {"commit": {**fields, "message": "Delete it"}}


def test_a_file_changed_since_it_was_seen_and_read_by_an_earlier_post_tells_both():
    seen = replace(both(R1, since=READ).snapshot, version=blob(1), released=day("2025-01-23"))
    answer = both(R1, seen=seen, since=READ)
    assert [v.name for v in answer.history] == [
        "b332c20226582011f08c8abefc2bc82a722e4a65",
        "66c6b1ae114b20bef64de87539aebdf64964cabb",
    ]
    assert answer.papers == ("2501.12948",)


@pytest.mark.parametrize(
    ("since", "length", "whole"),
    [("2014-06-15", 97, False), ("2009-01-01", 150, True)],
    ids=["on the first page", "before the first"],
)
def test_many_releases_are_paged_to_the_baseline(since, length, whole):
    found = [releases_of(150, since=since, token=token) for token in (None, "t")]
    assert found[1] == replace(found[0], authenticated=True)
    assert (len(found[0].history), found[0].whole) == (length, whole)


def test_more_releases_than_two_pages_are_not_all_told():
    for token in (None, "t"):
        answer = releases_of(250, since="2009-01-01", token=token)
        assert (len(answer.history), answer.whole) == (200, False)


def releases_of(count, *, since, token):
    dates = [f"20{10 + n // 12:02d}-{1 + n % 12:02d}-01T00:00:00Z" for n in reversed(range(count))]
    listed = [
        {"tag": f"v{count - n}", "date": date, "name": None, "prerelease": False}
        for n, date in enumerate(dates)
    ]
    world = [{**long(1)[0], "name": "org/busy", "releases": listed}]
    key = "github:org/busy"
    asked = question(key, since=day(since))
    return ask(asked, token=token, http=FakeHttp(world=world))[0][key]


# --- over a wire -----------------------------------------------------------------------------------

FACTS = {
    "papers": [],
    "repositories": [
        {
            "id": 7,
            "full_name": "new/name",
            "former": [{"full_name": "old/Name", "until": "2025-03-01"}],
            "archived": "2025-04-01",
            "commits": [
                {
                    "sha": sha(n),
                    "date": f"2025-0{n}-01",
                    "message": f"commit {n}",
                    "files": {"docs/a b.txt": {"text": f"{n}\n"}},
                }
                for n in (1, 2)
            ],
            "releases": [{"tag": "v1.0", "date": "2025-02-02"}],
        }
    ],
}


@pytest.fixture
def over():
    """Ask a stand-in as of a day, through the real session."""
    with (
        StandIn(day("2025-11-22T12:00:00")) as standin,
        closing(Http(sleep=lambda _s: None)) as http,
    ):

        def over(*questions, now="2025-11-22T12:00:00", token=None):
            standin.now = day(now)
            standin.requests.clear()
            endpoints = replace(standin.endpoints, github_token=token)
            return dict(github.ask(questions, http, endpoints))

        over.standin = standin
        yield over


def test_the_three_files_of_the_post_over_a_wire(over):
    asked = [question(key, since=READ) for key in THREE]
    answers = over(*asked)
    assert len(over.standin.requests) == 16
    assert {key: [(v.name or "-")[:4] for v in a.history] for key, a in answers.items()} == {
        R1: ["b332", "66c6"],
        KIMI: ["a275", "f518"],
        V3: ["-", "29dc"],
    }
    assert [v.url.split("/")[6][:7] for key in THREE for v in answers[key].history] == [
        *("e06298d", "23807ce"),
        *("a878ead", "4c2fdb8"),
        *("cf9a878", "35d2aca"),
    ]
    assert {key: a.papers for key, a in answers.items()} == {
        R1: ("2501.12948",),
        KIMI: ("2501.12599",),
        V3: ("2412.19437",),
    }
    again = over(*(question(key, seen=answers[key].snapshot) for key in THREE))
    assert len(over.standin.requests) == 6
    assert {k: a.snapshot for k, a in again.items()} == {k: a.snapshot for k, a in answers.items()}


def test_from_day_to_day_only_what_changed_is_told(over):
    seen = {
        k: a.snapshot for k, a in over(*map(question, THREE), now="2025-01-22T23:59:59").items()
    }
    told = {}
    for now in ("2025-01-24", "2025-02-01", "2025-03-08", "2025-03-17"):
        answers = over(*(question(key, seen=seen[key]) for key in THREE), now=now)
        told[now] = {k for k, a in answers.items() if a.snapshot != seen[k]}
        seen = {k: a.snapshot for k, a in answers.items()}
    assert told == {
        "2025-01-24": {R1},
        "2025-02-01": set(),
        "2025-03-08": {KIMI},
        "2025-03-17": {V3},
    }
    assert [seen[key].standing for key in THREE] == ["there", "gone", "there"]


def test_a_token_that_graphql_refuses_costs_one_request(over):
    plain = over(*(question(key, since=READ) for key in THREE))
    answers = over(*(question(key, since=READ) for key in THREE), token="t")
    assert answers == {k: replace(a, authenticated=True) for k, a in plain.items()}
    assert [method for method, _ in over.standin.requests] == ["POST"] + ["GET"] * 16


def test_a_rename_is_followed_over_a_wire_and_archiving_is_seen(over):
    over.standin.facts = FACTS
    keys = ["github:old/name", "github:old/name/blob/main/docs/a%20b.txt"]
    before = over(*map(question, keys), now="2025-02-10")
    assert {a.snapshot.standing for a in before.values()} == {"there"}
    after = over(*(question(k, seen=before[k].snapshot) for k in keys), now="2025-03-10")
    assert [after[k].snapshot.moved_to for k in keys] == [k.replace("old", "new") for k in keys]
    assert [after[k].snapshot.version for k in keys] == [before[k].snapshot.version for k in keys]
    assert sum("/repos/old" in path for _, path in over.standin.requests) == 1
    late = over(*map(question, keys), now="2025-04-10")
    assert all(a.snapshot.archived for a in late.values())


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ((404, {}, "{}"), Absent(NO_REPOSITORY)),
        ((403, {}, json.dumps(payload("blocked"))),
         Unchecked("GitHub has blocked access to this repository")),
        ((200, {"Content-Type": "text/html"}, "<html>"), Unchecked("HOST answered no JSON")),
        ((500, {}, "oops"), Unchecked("HOST answered 500")),
        ((422, {}, "{}"), Unchecked("HOST answered 422")),
        ((301, {"Location": "https://evil.org/repositories/1"}, ""),
         Unchecked("a redirect to somewhere else")),
        ((403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}, "{}"),
         Unchecked("HOST: rate limit reached until 2286-11-20 17:46 UTC")),
    ],
    ids=["missing", "blocked", "page", "broken", "refused", "away", "limit"],
)  # fmt: skip
def test_a_refusal_over_a_wire(over, fault, answer):
    over.standin.faults.append(("DeepSeek-R1|deepseek-r1", fault))
    answers = over(question(R1))
    host = urlsplit(over.standin.url).netloc
    if isinstance(answer, Unchecked):
        answer = Unchecked(answer.reason.replace("HOST", host))
    assert answers[R1] == answer


def test_sixty_requests_an_hour_over_a_wire_stop_before_the_last(over):
    """Counted down by GitHub's own header, two are left for others."""
    left = iter(range(6, -1, -1))

    def counting(_method, path):
        plain = github_answer(over.standin.facts, path, over.standin)
        return (
            plain.status,
            {**plain.headers, "x-ratelimit-remaining": str(next(left))},
            plain.body,
        )

    over.standin.faults.append(("^/github", counting))
    answers = over(*(question(key, since=READ) for key in THREE))
    assert isinstance(answers[R1], Found)
    assert (answers[V3], answers[KIMI]) == (Unchecked(USED_UP), Unchecked(USED_UP))
    assert len(over.standin.requests) == 5


def github_answer(facts, path, standin):
    split = urlsplit(path.removeprefix("/github"))
    return demo_github.answer(
        facts,
        wire.Request(
            "GET", unquote(split.path), wire.queried(split.query), {}, standin.url, standin.now
        ),
    )


# --- recorded answers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path", "read"),
    [
        ("octokit_get-repository", "/repos/octokit-fixture-org/hello-world", "repository"),
        ("octokit_rename-repository", "/repositories/515436299", "repository"),
    ],
)
def test_recorded_repositories_are_read(name, path, read):
    recorded = SAMPLES / f"{name}.raw-fixture.json"
    if not recorded.exists():
        pytest.skip("no samples beside this checkout")
    exchanges = json.loads(recorded.read_text("utf-8"))
    found = [
        getattr(github_read, read)(e["response"])
        for e in exchanges
        if e["path"] == path and e["status"] == 200
    ]
    assert found
    assert all(isinstance(f, github_facts.Repository) for f in found)


def test_recorded_commits_are_read():
    recorded = SAMPLES / "pygithub_Repository.testGetCommitsWithArguments.txt"
    if not recorded.exists():
        pytest.skip("no samples beside this checkout")
    lines = recorded.read_text("utf-8").splitlines()
    lists = [json.loads(line) for line in lines if line.startswith('[{"')]
    first = github_read.commit(lists[-1][0])
    assert (first.note, first.date) == ("Rename", day("2012-05-28T17:21:42"))
