"""Hugging Face: which links name what, and what follows from each of its answers."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import SHARED
from requests.structures import CaseInsensitiveDict

from tracker.config import Endpoints
from tracker.http import NotChecked, Refused, Reply
from tracker.model import Absent, Found, Question, Snapshot, Target, Unchecked, Upstream
from tracker.sources import huggingface
from tracker.sources.huggingface_parts import File, parts

GOLDEN = Path(__file__).parents[1] / "golden" / "huggingface"
SAMPLES = SHARED / "samples/huggingface"
FIRST, OLD, MID, NEW = "0" * 40, "1" * 40, "2" * 40, "3" * 40
BASE = "https://huggingface.co"
MODEL_FIELDS = "?" + "&".join(
    f"expand[]={field}" for field in ("sha", "lastModified", "gated", "disabled", "tags")
)
SPACE_FIELDS = MODEL_FIELDS.replace("&expand[]=gated", "")
MINIMAX = "models/MiniMaxAI/MiniMax-Text-01"
INFO = f"/api/{MINIMAX}{MODEL_FIELDS}"
COMMITS = f"/api/{MINIMAX}/commits/main?limit=100"
TULU = "collections/allenai/tulu-3-models-673b8e0dc3512e30e7dc54f5"
HEX = "673b8e0dc3512e30e7dc54f5"
TULU_KEY = f"huggingface:collections/{HEX}"
WITH_TOKEN = Endpoints(huggingface_token="hf_x")


def golden(name, **changed):
    payload = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return {**payload, **changed} if changed else payload


def tree(revision):
    return f"/api/{MINIMAX}/tree/{revision}?recursive=1"


class FakeHttp:
    """A table: path below the endpoint -> payload, (status, headers, payload), or NotChecked."""

    def __init__(self, answers, base=BASE):
        self.answers, self.base, self.asked, self.tokens = answers, base, [], set()

    def get(self, url, *, lane, accept="application/json", token=None, limit=2 << 20):
        assert lane == "huggingface"
        assert accept == "application/json"
        assert limit <= 8 << 20
        self.tokens.add(token)
        path = url.removeprefix(self.base)
        self.asked.append(path)
        answer = self.answers[path]  # an address nobody expects is a failure of the test
        if isinstance(answer, Exception):
            raise answer
        status, headers, payload = answer if isinstance(answer, tuple) else (200, {}, answer)
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        reply = Reply(status, CaseInsensitiveDict(headers), body, url)
        if status in (401, 403):
            raise Refused(f"answered {status}", reply)
        return reply


def question(name=MINIMAX, key=None, **more):
    return Question(Upstream(key or f"huggingface:{name.lower()}", name), **more)


def seen(version=OLD, identity="67852a1fa25be4b2b5bbd5a8", title="MiniMaxAI/MiniMax-Text-01"):
    url = f"{BASE}/{title}/commit/{version}"
    return Snapshot(version, None, url, title, basis="revision", identity=identity)


def answers(table, *questions, endpoints=None):
    http = FakeHttp(table)
    return dict(huggingface.ask(questions, http, endpoints or Endpoints())), http.asked


def answer(table, asked, endpoints=None):
    found, requests = answers(table, asked, endpoints=endpoints)
    assert list(found) == [asked.upstream.key]
    return found[asked.upstream.key], requests


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- links -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "key", "name"),
    [
        ("https://huggingface.co/O-o/N.n_1", "models/o-o/n.n_1", "models/O-o/N.n_1"),
        ("https://hf.co/Qwen/Qwen2.5", "models/qwen/qwen2.5", "models/Qwen/Qwen2.5"),
        ("http://WWW.HuggingFace.co/a/b/", "models/a/b", "models/a/b"),
        ("https://huggingface.co/a/b.git", "models/a/b", "models/a/b"),
        ("https://huggingface.co/a/b/discussions/3?x=1#y", "models/a/b", "models/a/b"),
        ("https://huggingface.co/a/b/tree/refs%2Fpr%2F1", "models/a/b", "models/a/b"),
        ("https://huggingface.co/datasets/A/B/viewer", "datasets/a/b", "datasets/A/B"),
        ("https://huggingface.co/spaces/A/B", "spaces/a/b", "spaces/A/B"),
        (f"https://huggingface.co/{TULU}", f"collections/{HEX}", TULU),
        (
            f"https://huggingface.co/Collections/A/x-{HEX}?y",
            f"collections/{HEX}",
            f"collections/A/x-{HEX}",
        ),
        (
            f"https://huggingface.co/collections/A/%E2%AD%90-x-{HEX}",
            f"collections/{HEX}",
            f"collections/A/⭐-x-{HEX}",
        ),
        (f"https://huggingface.co/collections/A/{HEX}", f"collections/{HEX}", None),
        (f"https://huggingface.co/collections/A/-{HEX}", f"collections/{HEX}", None),
        (
            "https://huggingface.co/collections/allenai/Olmo-Suite",
            "collections/allenai/olmo-suite",
            "collections/allenai/Olmo-Suite",
        ),
    ],
)
def test_a_link_names_its_upstream(url, key, name):
    target = huggingface.identify(urlsplit(url))
    assert target is not None
    assert target == Target("huggingface", Upstream(f"huggingface:{key}", ""))
    assert name is None or target.upstream.name == name


@pytest.mark.parametrize("word", ["blob", "tree", "resolve", "commit", "raw"])
@pytest.mark.parametrize("prefix", ["", "datasets/"])
def test_a_revision_of_40_hex_digits_pins_and_is_still_asked(word, prefix):
    target = huggingface.identify(urlsplit(f"{BASE}/{prefix}A/B/{word}/{'ABCDEF0123' * 4}/x.md"))
    assert (target.pinned, target.asked) == ("abcdef0123" * 4, True)
    assert huggingface.identify(urlsplit(f"{BASE}/{prefix}A/B/{word}/main/x.md")).pinned is None


@pytest.mark.parametrize(
    ("path", "version"), [("2501.12948", None), ("2501.12948v2", "v2"), ("2501.12948/", None)]
)
def test_a_paper_page_is_the_arxiv_paper(path, version):
    target = huggingface.identify(urlsplit(f"{BASE}/papers/{path}"))
    assert target == Target("arxiv", Upstream("arxiv:2501.12948", ""), version)
    assert target.upstream.name == "2501.12948"


TOO_LONG = [f"/{'a' * 97}/b", f"/a/{'b' * 97}"]


@pytest.mark.parametrize(
    "path",
    """/ /gpt2 /gpt2/blob/main/config.json /gpt2/resolve/main/x /Qwen/models /Qwen/collections
    /datasets /datasets/squad /datasets/squad/viewer /spaces /spaces/x /models /models/a/b
    /blog/x/y /docs/transformers/index /learn/a /tasks/a /join/x /settings/a /chat/a
    /pricing/a /organizations/a /new/a /login/a /posts/a/1 /enterprise/a /inference/a /search/full
    /api/models/a/b /collections /collections/a /collections/673b8e0dc3512e30e7dc54f5 /collections/a/.. /papers /papers/trending
    /papers/date/2025-01-01 /{{owner}}/{{name}} /a/{{name}} /<owner>/<name> /a/... /.../b /a/b..c
    /a/.b /-a/b /a/b- /a/.. /../a/b /a/../b /a/b/../../c/d /a/b/%2e%2e/c /a/b/%2f.. /a%2fb
    /a%2fb/c /a/b%00 /a/b%0a /ä/b /a/\uff42 /a/b\\c /a//b //a/b /a/b:c /a/b@c
    """.split()  # noqa: SIM905 - a list of words reads best as words
    + TOO_LONG,
)
def test_pages_placeholders_and_names_the_hub_cannot_have_name_nothing(path):
    assert huggingface.identify(urlsplit(BASE + path)) == Target("huggingface")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a/b",
        "https://huggingface.co.evil.org/a/b",
        "https://huggingface.co@evil.org/a/b",
        "https://evil@huggingface.co/a/b",
        "https://huggingface.co:8080/a/b",
        "https://cdn-lfs.huggingface.co/a/b",
        "https://xn--huggingface-x.co/a/b",
        "https://arxiv.org/abs/2501.12948",
    ],
)
def test_another_host_is_another_source_s(url):
    assert huggingface.identify(urlsplit(url)) is None


# --- a repository ----------------------------------------------------------------------------


def test_an_unchanged_model_costs_one_request():
    found, requests = answer({INFO: golden("model.json")}, question(seen=seen(NEW)))
    assert found == Found(
        Snapshot(
            version=NEW,
            released=day("2025-02-14T08:30:00"),
            url=f"{BASE}/MiniMaxAI/MiniMax-Text-01/commit/{NEW}",
            title="MiniMaxAI/MiniMax-Text-01",
            basis="revision",
            identity="67852a1fa25be4b2b5bbd5a8",
        )
    )
    assert requests == [INFO]


@pytest.mark.parametrize(
    ("after", "differing"),
    [
        ("tree_card.json", ("card",)),
        ("tree_weights.json", ("weights", "tokenizer", "configuration", "card")),
        ("tree.json", ()),
    ],
)
def test_a_changed_model_says_which_parts_differ(after, differing):
    table = {INFO: golden("model.json"), tree(OLD): golden("tree.json"), tree(NEW): golden(after)}
    found, requests = answer(table, question(seen=seen()))
    assert (found.parts, found.compared, found.history) == (differing, OLD, ())
    assert found.papers == ("2501.08313",), "what is no arXiv id is not offered"
    assert len(requests) == 3


@pytest.mark.parametrize(
    ("trees", "requests"),
    [
        ({OLD: (401, {"X-Error-Code": "GatedRepo"}, {})}, 2),
        ({OLD: (404, {"X-Error-Code": "RevisionNotFound"}, {})}, 2),
        ({OLD: [], NEW: (403, {}, {})}, 3),
        ({OLD: {"error": "x"}}, 2),
        ({OLD: [{"type": "file", "path": 1}]}, 2),
        ({OLD: (200, {"Link": "<https://evil.org/>; rel=next"}, [])}, 2),
    ],
    ids=["gated", "squashed", "refused", "no list", "wrong types", "no next cursor"],
)
def test_trees_that_are_refused_or_incomplete_leave_the_parts_unknown(trees, requests):
    table = {INFO: golden("model.json")} | {tree(rev): reply for rev, reply in trees.items()}
    found, asked = answer(table, question(seen=seen()))
    assert (found.parts, found.compared, len(asked)) == (None, OLD, requests)


def test_a_tree_is_read_to_its_end_by_a_typed_cursor():
    more = '<https://evil.org/api?recursive=1&cursor=ZXh%2BPQ%3D%3D>; rel="next"'
    table = {
        INFO: golden("model.json"),
        tree(OLD): (200, {"link": more.replace("%2B", "A")}, golden("tree.json")),
        f"{tree(OLD)}&cursor=ZXhAPQ%3D%3D": [{"type": "file", "path": "x.py", "oid": "1"}],
        tree(NEW): golden("tree.json"),
    }
    found, _ = answer(table, question(seen=seen()))
    assert found.parts == ("code",)


def test_a_tree_of_more_than_ten_pages_leaves_the_parts_unknown():
    more = {"Link": f'<{BASE}/x?cursor=again>; rel="next"'}
    table = {INFO: golden("model.json"), tree(OLD): (200, more, [])}
    table[f"{tree(OLD)}&cursor=again"] = (200, more, [])
    found, requests = answer(table, question(seen=seen()))
    assert (found.parts, len(requests)) == (None, 11)


def test_trees_that_do_not_answer_are_asked_again_another_day():
    table = {INFO: golden("model.json"), tree(OLD): NotChecked("answered 503")}
    assert answer(table, question(seen=seen()))[0] == Unchecked("answered 503")


@pytest.mark.parametrize(
    ("since", "revisions", "whole", "compared"),
    [
        ("2025-01-22T23:59:59", (NEW, MID, OLD), False, OLD),
        ("2025-01-25T11:00:00", (NEW, MID), False, MID),
        ("2025-01-13T15:00:00", (NEW, MID, OLD, FIRST), True, FIRST),
        ("2024-01-01T00:00:00", (NEW, MID, OLD, FIRST), True, FIRST),
    ],
    ids=["between commits", "on a commit", "on the first", "before there was any"],
)
def test_at_first_sight_the_history_reaches_the_baseline(since, revisions, whole, compared):
    table = {INFO: golden("model.json"), COMMITS: golden("commits.json")}
    table |= {tree(compared): golden("tree.json"), tree(NEW): golden("tree_card.json")}
    found, requests = answer(table, question(since=day(since)))
    assert tuple(version.name for version in found.history) == revisions
    assert (found.whole, found.compared, found.parts) == (whole, compared, ("card",))
    assert found.history[0].url == f"{BASE}/MiniMaxAI/MiniMax-Text-01/commit/{NEW}"
    assert found.history[0].note == "Update README.md"
    assert len(requests) == 4


def test_a_model_untouched_since_the_baseline_is_no_news_and_costs_one_request():
    found, requests = answer(
        {INFO: golden("model.json")}, question(since=day("2025-03-01T00:00:00"))
    )
    assert [version.name for version in found.history] == [NEW]
    assert (found.compared, found.papers, requests) == (None, (), [INFO])


def test_first_sight_without_a_baseline_asks_for_no_history():
    found, requests = answer({INFO: golden("model.json")}, question())
    assert (found.history, found.compared, requests) == ((), None, [INFO])


def test_a_pin_is_what_is_compared():
    table = {INFO: golden("model.json"), COMMITS: golden("commits.json")}
    table |= {tree(MID): golden("tree.json"), tree(NEW): golden("tree_weights.json")}
    found, _ = answer(table, question(pin=MID))
    assert (found.compared, found.parts[0]) == (MID, "weights")
    assert [version.name for version in found.history] == [NEW, MID]


def test_commits_are_read_page_by_page_and_at_most_five():
    commits = golden("commits.json")
    pages = {
        f"{COMMITS}{f'&p={page}' if page else ''}": (
            200,
            {"Link": f'<{BASE}/x?p={page + 1}&limit=100>; rel="next"'},
            [dict(commits[0], date="2025-02-14T08:30:00Z")],
        )
        for page in range(5)
    }
    found, requests = answer(
        {INFO: golden("model.json"), **pages}, question(since=day("2025-01-22T00:00:00"))
    )
    assert (len(found.history), found.whole, found.compared) == (5, False, None)
    assert found.papers == ("2501.08313",)
    assert len(requests) == 6


def test_a_commit_pushed_since_the_first_answer_is_the_next_run_s():
    pushed = {"id": "4" * 40, "date": "2025-02-15T00:00:00Z", "title": None}
    table = {INFO: golden("model.json"), COMMITS: [pushed, *golden("commits.json")]}
    table |= {tree(OLD): golden("tree.json"), tree(NEW): golden("tree.json")}
    found, _ = answer(table, question(since=day("2025-01-22T00:00:00")))
    assert found.history[0].name == NEW


@pytest.mark.parametrize(
    "refusal",
    [(401, {"X-Error-Code": "GatedRepo"}, {}), (403, {}, {}), (404, {}, {})],
    ids=["401 GatedRepo", "403", "404"],
)
def test_commits_that_are_refused_leave_the_newest_date_alone(refusal):
    table = {INFO: golden("model.json"), COMMITS: refusal}
    found, _ = answer(table, question(since=day("2025-01-22T00:00:00")))
    assert (found.history, found.parts, found.compared) == ((), None, None)
    assert found.snapshot.released == day("2025-02-14T08:30:00")


def test_of_a_gated_model_files_and_commits_are_asked_with_a_token_only():
    gated = {INFO: golden("model.json", gated="manual")}
    found, requests = answer(gated, question(seen=seen()))
    assert (found.parts, found.compared, requests) == (None, OLD, [INFO])
    gated |= {tree(OLD): golden("tree.json"), tree(NEW): golden("tree_card.json")}
    found, _ = answer(gated, question(seen=seen()), WITH_TOKEN)
    assert (found.parts, found.authenticated) == (("card",), True)


def test_a_space_is_asked_without_gated_and_has_no_parts():
    name = "spaces/MiniMaxAI/MiniMax-Text-01-demo"
    table = {f"/api/{name}{SPACE_FIELDS}": golden("space.json")}
    found, requests = answer(table, question(name, seen=seen(identity=None)))
    assert found.snapshot.url == f"{BASE}/{name}/commit/{NEW}"
    assert (found.parts, found.compared, len(requests)) == (None, OLD, 1)


def test_a_dataset_is_read_like_a_model():
    name = "datasets/MiniMaxAI/MiniMax-Text-01"
    path = f"/api/{name}/tree"
    table = {
        f"/api/{name}{MODEL_FIELDS}": golden("model.json"),
        f"{path}/{OLD}?recursive=1": golden("tree.json"),
        f"{path}/{NEW}?recursive=1": golden("tree_weights.json"),
    }
    found, _ = answer(table, question(name, seen=seen()))
    assert found.parts == ("data", "card")
    assert found.snapshot.url == f"{BASE}/{name}/commit/{NEW}"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ((401, {}, {}), Absent("missing or private: Hugging Face does not say")),
        ((401, {"X-Error-Code": "RepoNotFound"}, {}), Absent("no such repository")),
        ((404, {"X-Error-Code": "RepoNotFound"}, {}), Absent("no such repository")),
        ((410, {}, {}), Absent("no such repository")),
        ((401, {"X-Error-Code": "GatedRepo"}, {}), Unchecked("gated: the token has no access")),
        ((403, {"X-Error-Code": "GatedRepo"}, {}), Unchecked("gated: the token has no access")),
        ((403, {}, {}), Unchecked("answered 403")),
        (
            (401, {"X-Error-Message": "Invalid credentials in Authorization header"}, {}),
            Unchecked("answered 401"),
        ),
        (NotChecked("answered 429"), Unchecked("answered 429")),
        (NotChecked(""), Unchecked("no reason given")),
        ((409, {}, {}), Unchecked("answered 409")),
        ({"disabled": True, "sha": None}, Unchecked("disabled by Hugging Face")),
    ],
    ids=str,
)
def test_what_a_repository_that_is_not_shown_means(reply, expected):
    assert answer({INFO: reply}, question(seen=seen()))[0] == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha": None},
        {"sha": "main"},
        {"sha": 3},
        {"lastModified": None},
        {"lastModified": "yesterday"},
        {"lastModified": "2025-02-14T08:30:00"},
        {"lastModified": "0001-01-01T00:00:00+14:00"},
        {"id": ["a/b"]},
        {"id": "../b"},
        {"tags": "arxiv:2501.08313"},
    ],
    ids=str,
)
def test_an_answer_with_wrong_types_could_not_be_checked(wrong):
    table = {INFO: golden("model.json", **wrong)}
    assert answer(table, question(seen=seen(NEW)))[0] == Unchecked("unreadable answer")


@pytest.mark.parametrize("payload", [[], None, "x", 3, {}], ids=repr)
def test_an_answer_that_is_no_repository_could_not_be_checked(payload):
    assert answer({INFO: payload}, question())[0] == Unchecked("unreadable answer")


def test_the_endpoint_may_carry_a_prefix_and_the_token_goes_with_every_request():
    http = FakeHttp({INFO: golden("model.json")}, "http://mirror.test/hf")
    endpoints = replace(WITH_TOKEN, huggingface="http://mirror.test/hf")
    [(_, found)] = huggingface.ask([question(seen=seen(NEW))], http, endpoints)
    assert found.snapshot.url.startswith("https://huggingface.co/")
    assert http.tokens == {"hf_x"}


def test_a_title_is_one_line_of_plain_text():
    assert collection(title="T\ud800\n\u202eu").snapshot.title == "T u"


def test_a_redirect_may_carry_the_endpoint_s_prefix():
    table = {INFO: (307, {"Location": "/hf/api/models/minimax/Text-01"}, None)}
    table[RENAMED] = golden("model.json", id="minimax/Text-01")
    http = FakeHttp(table, "http://mirror.test/hf")
    endpoints = Endpoints(huggingface="http://mirror.test/hf")
    [(_, found)] = huggingface.ask([question(seen=seen(NEW))], http, endpoints)
    assert found.snapshot.moved_to == "huggingface:models/minimax/text-01"


def test_independent_questions_run_in_parallel_and_at_most_four_at_once():
    together = threading.Barrier(4, timeout=5)
    busy, most = [], []

    class Slow(FakeHttp):
        def get(self, url, **more):
            busy.append(url)
            most.append(len(busy))
            together.wait()
            busy.remove(url)
            return super().get(url, **more)

    names = [f"models/owner{n}/x" for n in range(8)]
    table = {f"/api/{name}{MODEL_FIELDS}": (404, {}, {}) for name in names}
    found = dict(huggingface.ask([question(n) for n in names], Slow(table), Endpoints()))
    assert len(found) == 8
    assert max(most) == 4


def test_a_question_about_nothing_of_hugging_face_makes_no_request():
    asked = question("models/a/..", "huggingface:models/a/..")
    assert answer({}, asked) == (Unchecked("no address is known to ask at"), [])


# --- moved -----------------------------------------------------------------------------------

RENAMED = f"/api/models/minimax/Text-01{MODEL_FIELDS}"


def moved(location="/api/models/minimax/Text-01", **changed):
    there = golden("model.json", id="minimax/Text-01", **changed)
    return {INFO: (307, {"location": location}, None), RENAMED: there}


@pytest.mark.parametrize(
    "location",
    [
        "/api/models/minimax/Text-01",
        "/api/models/minimax/Text-01?expand[]=sha",
        f"{BASE}/api/models/minimax/Text-01",
    ],
)
def test_the_same_id_under_another_name_is_moved(location):
    found, _ = answer(moved(location), question(seen=seen(NEW)))
    assert found.snapshot.moved_to == "huggingface:models/minimax/text-01"
    assert found.snapshot.standing == "moved"
    assert found.snapshot.url == f"{BASE}/minimax/Text-01/commit/{NEW}"


def test_a_changed_model_that_moved_is_compared_under_its_new_name():
    table = moved()
    table[f"/api/models/minimax/Text-01/tree/{OLD}?recursive=1"] = golden("tree.json")
    table[f"/api/models/minimax/Text-01/tree/{NEW}?recursive=1"] = golden("tree_card.json")
    assert answer(table, question(seen=seen()))[0].parts == ("card",)


@pytest.mark.parametrize("table", [moved(_id="f" * 24), moved(_id="66944f1fe0c5c2e493a804f5")])
def test_another_id_under_a_redirect_is_absent(table):
    expected = Absent("another repository has this name now")
    assert answer(table, question(seen=seen(NEW)))[0] == expected


def test_another_id_under_the_same_name_is_absent():
    table = {INFO: golden("model.json", _id="66944f1fe0c5c2e493a804f5")}
    expected = Absent("another repository has this name now")
    assert answer(table, question(seen=seen(NEW)))[0] == expected


@pytest.mark.parametrize(
    ("since", "is_moved"), [("2025-03-01", True), ("2025-01-01", False), (None, True)]
)
def test_at_first_sight_what_is_younger_than_the_baseline_is_another_repository(since, is_moved):
    since = since and day(since)  # the Hub made it on 2025-01-13
    found, _ = answer(moved(lastModified="2024-12-01T00:00:00Z"), question(since=since))
    assert isinstance(found, Found if is_moved else Absent)


def test_a_redirect_without_a_readable_id_proves_nothing():
    table = moved(_id=None)
    assert answer(table, question(seen=seen(NEW)))[0] == Unchecked("unreadable answer")


def test_a_redirect_to_the_same_name_in_other_case_is_no_move():
    lower = "models/minimaxai/minimax-text-01"
    table = {
        f"/api/{lower}{MODEL_FIELDS}": (307, {"Location": f"/api/{MINIMAX}"}, None),
        INFO: golden("model.json"),
    }
    found, _ = answer(table, question(lower))
    assert (found.snapshot.moved_to, found.snapshot.title) == (None, "MiniMaxAI/MiniMax-Text-01")


def test_the_spelling_seen_before_saves_that_redirect():
    lower = "models/minimaxai/minimax-text-01"
    _, requests = answer({INFO: golden("model.json")}, question(lower, seen=seen(NEW)))
    assert requests == [INFO]


@pytest.mark.parametrize(
    "location",
    [
        "",
        "/login",
        "https://evil.org/api/models/a/b",
        "//evil.org/api/models/a/b",
        "https://huggingface.co@evil.org/api/models/a/b",
        "https://huggingface.co.evil.org/api/models/a/b",
        "/api/models/../../a/b",
        "/api/models/a/..",
        "/api/models/a/b/c",
        "/api/models/a%2fb/c",
        "/api/models/a/b\r\nx: y",
        "/api/models/a/b#c",
        "/api/datasets/a/b",
        "/api/models/a",
    ],
)
def test_a_redirect_to_anything_else_is_not_followed(location):
    found, requests = answer(moved(location), question(seen=seen(NEW)))
    assert found == Unchecked("a redirect to somewhere else")
    assert requests == [INFO]


def test_two_redirects_are_followed_and_no_third():
    table = {
        f"/api/models/a/{n}{MODEL_FIELDS}": (308, {"Location": f"/api/models/a/{n + 1}"}, None)
        for n in range(4)
    }
    found, requests = answer(table, question("models/a/0"))
    assert found == Unchecked("too many redirects")
    assert len(requests) == 3


# --- many models of one owner ----------------------------------------------------------------

LISTING = f"/api/models?author=Owner&{MODEL_FIELDS[1:]}&limit=1000"


def model(name):
    return golden("model.json", id=f"Owner/{name}")


def info(name):
    return f"/api/models/Owner/{name}{MODEL_FIELDS}"


def of_owner(*names):
    return [question(f"models/Owner/{name}") for name in names]


def test_three_models_of_an_owner_cost_one_listing():
    found, requests = answers({LISTING: [model("A"), model("B"), model("C")]}, *of_owner(*"ABC"))
    assert len(found) == 3
    assert all(isinstance(one, Found) for one in found.values())
    assert requests == [LISTING]


def test_two_models_of_an_owner_are_asked_one_by_one():
    _, requests = answers({info(n): model(n) for n in "AB"}, *of_owner(*"AB"))
    assert sorted(requests) == [info("A"), info("B")]


def test_a_listing_goes_on_with_a_typed_cursor_until_all_are_found():
    more = {"Link": '<https://evil.org/api/models?limit=1&cursor=eyJfaWQi%3D>; rel="next"'}
    table = {
        LISTING: (200, more, [model("A"), model("X")]),
        f"{LISTING}&cursor=eyJfaWQi%3D": (200, more, [model("b"), model("C")]),
    }
    found, requests = answers(table, *of_owner(*"ABC"))
    assert len(found) == 3
    assert len(requests) == 2


@pytest.mark.parametrize(("wanted", "pages"), [("ABC", 3), ("ABCDEFGHIJKL", 10)])
def test_a_listing_has_at_most_ten_pages_and_no_more_than_what_is_wanted(wanted, pages):
    """Owners with thousands of models must not cost more than asking for each of the few."""
    more = {"Link": f'<{BASE}/api/models?cursor=again>; rel="next"'}
    table = {LISTING: (200, more, []), f"{LISTING}&cursor=again": (200, more, [])}
    table |= {info(n): model(n) for n in wanted}
    _, requests = answers(table, *of_owner(*wanted))
    assert len(requests) == pages + len(wanted)


@pytest.mark.parametrize(("kind", "fields"), [("datasets", MODEL_FIELDS), ("spaces", SPACE_FIELDS)])
def test_three_datasets_or_spaces_of_an_owner_cost_one_listing_of_their_kind(kind, fields):
    listing = f"/api/{kind}?author=Owner&{fields[1:]}&limit=1000"
    alone = f"/api/models/Owner/A{MODEL_FIELDS}"
    asked = [question(f"{kind}/Owner/{name}") for name in "ABC"]
    table = {listing: [model("A"), model("B"), model("C")], alone: model("A")}
    found, requests = answers(table, *asked, *of_owner("A"))
    assert sorted(requests) == sorted([listing, alone])
    assert (
        found[f"huggingface:{kind}/owner/a"].snapshot.url == f"{BASE}/{kind}/Owner/A/commit/{NEW}"
    )
    assert found["huggingface:models/owner/a"].snapshot.url == f"{BASE}/Owner/A/commit/{NEW}"


def test_two_models_and_a_dataset_are_no_three_of_a_kind():
    name = "datasets/Owner/C"
    table = {info(n): model(n) for n in "AB"} | {f"/api/{name}{MODEL_FIELDS}": model("C")}
    _, requests = answers(table, *of_owner(*"AB"), question(name))
    assert sorted(requests) == sorted(table)


def test_models_that_need_nothing_more_cost_their_listing_alone_at_first_sight_too():
    since = day("2025-03-01T00:00:00")
    asked = [replace(one, since=since) for one in of_owner(*"ABC")]
    _, requests = answers({LISTING: [model(n) for n in "ABC"]}, *asked)
    assert requests == [LISTING]


@pytest.mark.parametrize(
    "listing",
    [
        [model("A"), model("B")],
        [model("A"), model("B"), {"id": "Owner/C", "sha": 1}],
        (200, {"Link": "<x?cursor=%00>; rel=next"}, [model("A"), model("B")]),
    ],
    ids=["missing", "unreadable", "cut"],
)
def test_a_model_missing_from_its_owner_s_listing_is_asked_by_itself(listing):
    table = {LISTING: listing, info("C"): (404, {}, {})}
    found, requests = answers(table, *of_owner(*"ABC"))
    assert found["huggingface:models/owner/c"] == Absent("no such repository")
    assert isinstance(found["huggingface:models/owner/a"], Found)
    assert requests == [LISTING, info("C")]


@pytest.mark.parametrize("listing", [NotChecked("broken"), {"error": "x"}, (404, {}, {})])
def test_without_a_listing_each_model_is_asked_by_itself(listing):
    table = {LISTING: listing} | {info(n): model(n) for n in "ABC"}
    found, _ = answers(table, *of_owner(*"ABC"))
    assert all(isinstance(one, Found) for one in found.values())


# --- collections -----------------------------------------------------------------------------


def collection(**changed):
    return answer({f"/api/{TULU}": golden("collection.json", **changed)}, question(TULU, TULU_KEY))[
        0
    ]


def test_a_collection_is_the_set_of_its_items():
    found = collection()
    assert found.snapshot.url == f"{BASE}/{TULU}"
    assert (found.snapshot.title, found.snapshot.basis) == ("Tulu 3 Models", "items")
    assert (found.snapshot.identity, len(found.snapshot.items)) == (HEX, 11)
    assert found.snapshot.version == "5010d4c7a18a"
    names = [item.name for item in found.snapshot.items]
    assert names == sorted(names)
    assert found.snapshot.released == day("2025-02-10T23:26:20"), "the newest item's"


def test_the_same_items_in_another_order_with_another_date_are_the_same_collection():
    items = golden("collection.json")["items"]
    assert collection(lastUpdated="2025-11-25T00:00:00.000Z", items=items[::-1]) == collection()


@pytest.mark.parametrize("change", ["added", "removed", "retyped"])
def test_other_items_are_another_version(change):
    items = golden("collection.json")["items"]
    other = {
        "added": [*items, {"_id": "f" * 24, "type": "paper", "id": "2411.15124"}],
        "removed": items[1:],
        "retyped": [{**items[0], "type": "dataset"}, *items[1:]],
    }[change]
    assert collection(items=other).snapshot.version != collection().snapshot.version


@pytest.mark.parametrize(
    ("identity", "added"),
    [
        ("67992f00aabbccddeeff0011", day("2025-01-28T19:24:48")),
        (None, None),
        (7, None),
        ("67992f00", None),
        ("zz992f00aabbccddeeff0011", None),
        ("00000000aabbccddeeff0011", None),
        ("ffffffffaabbccddeeff0011", None),
    ],
    ids=str,
)
def test_an_item_tells_when_it_was_added_only_by_a_credible_id(identity, added):
    item = {"_id": identity, "type": "model", "id": "a/b"}
    found = collection(items=[item])
    assert found.snapshot.items[0].added == added
    assert found.snapshot.released == added


def test_another_slug_with_the_same_24_digits_is_the_same_collection():
    slug = f"allenai/tulu3-{HEX}"
    table = {
        f"/api/{TULU}": (307, {"Location": f"/api/collections/{slug}"}, None),
        f"/api/collections/{slug}": golden("collection.json", slug=slug),
    }
    found, _ = answer(table, question(TULU, TULU_KEY))
    assert found.snapshot.url == f"{BASE}/collections/{slug}"
    assert (found.snapshot.identity, found.snapshot.moved_to) == (HEX, None)


def test_a_collection_that_got_another_slug_costs_no_redirect_again():
    slug = f"allenai/tulu3-{HEX}"
    known = Snapshot("0" * 12, None, f"{BASE}/collections/{slug}", "x", basis="items", identity=HEX)
    table = {f"/api/collections/{slug}": golden("collection.json", slug=slug)}
    found, requests = answer(table, question(TULU, TULU_KEY, seen=known))
    assert (found.snapshot.identity, len(requests)) == (HEX, 1)


def test_a_slug_may_hold_letters_of_any_script():
    """Asked for percent-encoded, and so its address is told."""
    slug = f"allenai/⭐-tülu-{HEX}"
    encoded = f"/api/collections/allenai/%E2%AD%90-t%C3%BClu-{HEX}"
    found, requests = answer(
        {encoded: golden("collection.json", slug=slug)}, question(f"collections/{slug}", TULU_KEY)
    )
    assert found.snapshot.url == f"{BASE}{encoded.removeprefix('/api')}"
    known = replace(found.snapshot, title="x")
    again = answer(
        {encoded: golden("collection.json", slug=slug)},
        question(f"collections/allenai/old-{HEX}", TULU_KEY, seen=known),
    )
    assert (len(requests), len(again[1])) == (1, 1)


def test_other_24_digits_are_another_collection():
    found = collection(slug="allenai/tulu-3-models-" + "a" * 24)
    assert found == Absent("another collection has this address now")


def test_a_collection_under_a_short_slug_keeps_the_identity_once_seen():
    name = "collections/allenai/Tulu-3-models"
    table = {f"/api/{name}": golden("collection.json")}
    found, _ = answer(table, question(name))
    assert found.snapshot.identity == HEX
    other = Snapshot("0" * 12, None, f"{BASE}/{TULU}", "x", basis="items", identity="a" * 24)
    assert isinstance(answer(table, question(name, seen=other))[0], Absent)


def test_an_answer_under_a_slug_without_digits_keeps_the_digits_asked_for():
    assert collection(slug="allenai/tulu-3-models").snapshot.identity == HEX


def test_a_collection_known_by_its_digits_alone_is_asked_at_the_address_seen():
    known = Snapshot("0" * 12, None, f"{BASE}/{TULU}", "Tulu 3 Models", basis="items")
    table = {f"/api/{TULU}": golden("collection.json")}
    found, _ = answer(table, question(HEX, TULU_KEY, seen=known))
    assert len(found.snapshot.items) == 11
    unknown, requests = answer({}, question(HEX, TULU_KEY))
    assert (unknown, requests) == (Unchecked("no address is known to ask at"), [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": None},
        {"items": {}},
        {"items": [None]},
        {"items": [{"type": "model"}]},
        {"items": [{"type": 1, "id": "a"}]},
        {"items": [{"type": "model", "id": ["a"]}]},
        {"items": [{"type": "model", "id": "a/\ud800"}]},
        {"items": [{"type": "model", "id": "a/b\nmodel c"}]},
        {"slug": None},
        {"slug": "../../x"},
        {"title": 3},
    ],
    ids=str,
)
def test_a_collection_in_another_shape_could_not_be_checked(wrong):
    assert collection(**wrong) == Unchecked("unreadable answer")


def test_a_collection_that_is_missing_is_absent():
    table = {f"/api/{TULU}": (404, {}, {})}
    assert answer(table, question(TULU, TULU_KEY))[0] == Absent("no such collection")


# --- the user's post -------------------------------------------------------------------------

POST = """MiniMaxAI/MiniMax-Text-01 Qwen/Qwen2.5-Math-PRM-7B
    collections/deepseek-ai/deepseek-r1-678e1e131c0169c0bc89728d
    collections/allenai/olmo-2-674117b93ab84e98afc72edc
    collections/deepseek-ai/deepseek-v3-676bc4546fb4876383c4208b
    collections/Qwen/qwen25-66e81a666513e518adb90d9e
    collections/allenai/tulu-3-models-673b8e0dc3512e30e7dc54f5
    collections/meta-llama/llama-32-66f448ffc8c32f949b04c8cf
    collections/allenai/olmo-suite-65aeaae8fe5b6b2122b46778""".split()  # noqa: SIM905


def test_the_nine_links_of_the_post_cost_fifteen_requests_at_first_and_nine_after():
    upstreams = [huggingface.identify(urlsplit(f"{BASE}/{path}")).upstream for path in POST]
    table = {}
    for upstream in upstreams:
        name = upstream.name.partition("/")[2]
        if upstream.name.startswith("collections/"):
            table[f"/api/{upstream.name}"] = golden("collection.json", slug=name)
            continue
        path = f"/api/{upstream.name}"
        table[f"{path}{MODEL_FIELDS}"] = golden("model.json", id=name)
        table[f"{path}/commits/main?limit=100"] = golden("commits.json")
        table[f"{path}/tree/{OLD}?recursive=1"] = golden("tree.json")
        table[f"{path}/tree/{NEW}?recursive=1"] = golden("tree_card.json")
    since = day("2025-01-22T23:59:59")
    first, requests = answers(table, *(Question(u, since=since) for u in upstreams))
    assert len(requests) == 9 + 2 * 3
    _, requests = answers(table, *(Question(u, first[u.key].snapshot) for u in upstreams))
    assert len(requests) == 9


# --- parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("README.md", "card"),
        (".gitattributes", "card"),
        ("LICENSE.txt", "card"),
        ("docs/guide.md", "card"),
        ("figures/a.PNG", "card"),
        ("model.safetensors", "weights"),
        ("original/consolidated.00.pth", "weights"),
        ("onnx/model.onnx_data", "weights"),
        ("model.safetensors.index.json", "weights"),
        ("pytorch_model.bin.index.json", "weights"),
        ("training_args.bin", "configuration"),
        ("tokenizer.model", "tokenizer"),
        ("tokenizer_config.json", "tokenizer"),
        ("vocab.json", "tokenizer"),
        ("merges.txt", "tokenizer"),
        ("chat_template.jinja", "tokenizer"),
        ("special_tokens_map.json", "tokenizer"),
        ("config.json", "configuration"),
        ("generation_config.json", "configuration"),
        ("unet/config.json", "configuration"),
        ("modules.json", "configuration"),
        ("evals/results.json", "card"),
        ("modeling_x.py", "code"),
        ("requirements.txt", "code"),
    ],
)
def test_a_file_of_a_model_belongs_to_a_part(path, part):
    assert parts("models", {}, {path: File("1", large=False)}) == (part,)


@pytest.mark.parametrize(("large", "part"), [(True, "weights"), (False, "card")])
def test_an_unknown_file_may_be_weights_only_if_it_is_large(large, part):
    assert parts("models", {"x.nemo": File("1", large=large)}, {}) == (part,)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("README.md", "card"),
        ("load.py", "code"),
        ("a/b.json", "data"),
        ("x.png", "data"),
        ("config.json", "data"),
    ],
)
def test_of_a_dataset_everything_but_card_and_code_is_data(path, part):
    assert parts("datasets", {}, {path: File("1", large=False)}) == (part,)


# --- what was recorded -----------------------------------------------------------------------


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the recorded answers are not here")
@pytest.mark.parametrize(
    ("sample", "name", "expected"),
    [
        ("model-llama-3.1-8b.TRIMMED", "models/meta-llama/Llama-3.1-8B", Found),
        ("model-gpt-4chan", "models/ykilcher/gpt-4chan", Unchecked),
        ("model-not-found", "models/openai-community/no-such-model-repoing-x9", Absent),
    ],
)
def test_recorded_answers_are_read(sample, name, expected):
    recorded = json.loads((SAMPLES / f"repoing_{sample}.json").read_text(encoding="utf-8"))
    reply = (recorded["status"], recorded["headers"], recorded["body"])
    found, _ = answer({f"/api/{name}{MODEL_FIELDS}": reply}, question(name))
    assert isinstance(found, expected)


def test_every_golden_file_is_read():
    here = Path(__file__).read_text(encoding="utf-8")
    assert [path.name for path in GOLDEN.iterdir() if f'"{path.name}"' not in here] == []
