"""What differs between two revisions of a model: its files, its settings, its card."""

import json
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from conftest import at
from requests.structures import CaseInsensitiveDict

from tracker import sources
from tracker.config import Endpoints
from tracker.demo.standin import StandIn
from tracker.difference import Difference, KeyChange, Pair
from tracker.http import Http, Reply
from tracker.model import FileChange, Question, Upstream, Version
from tracker.papers.document import Unreadable
from tracker.sources import huggingface, huggingface_files
from tracker.sources.huggingface_parts import File, file_changes

OLD, NEW = "a" * 40, "b" * 40
KEY = "huggingface:models/o/m"
SINCE = at("2025-01-10")
CARD = """---
license: mit
tags: [a, b]
---
# M

It reaches 89.5 on MMLU, which nobody expected of a model of this size.

See [the code](https://github.com/o/r).
"""
NEW_CARD = CARD.replace("89.5", "90.5").replace("mit", "apache-2.0") + (
    "\n## Limitations\n\nIt was not tested on anything else, by [us](https://arxiv.org/abs/2501.00656)"
    " or [itself](https://huggingface.co/O/m/discussions/1).\n"
)
CONFIG = {"hidden_size": 4096, "rope_scaling": {"factor": 1, "type": "yarn"}, "gone": True}
NEW_CONFIG = {"hidden_size": 4096, "rope_scaling": {"factor": 8, "type": "yarn"}, "new": [1, 2]}
KEYS = (
    KeyChange("config.json", "gone", "true", None),
    KeyChange("config.json", "new", None, "[1,2]"),
    KeyChange("config.json", "rope_scaling.factor", "1", "8"),
)
LICENSE = KeyChange("README.md", "license", '"mit"', '"apache-2.0"')
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"


def facts(old, new, kind="models", **more):
    """A repository of two commits, each with these texts by path."""
    commits = [
        {
            "sha": sha,
            "date": day,
            "title": "a commit",
            "files": {path: {"text": text} for path, text in texts.items()},
        }
        for sha, day, texts in ((OLD, "2025-01-01", old), (NEW, "2025-02-01", new))
    ]
    return {kind: [{"id": "o/M", "created": "2025-01-01", "commits": commits, **more}]}


BOTH = facts(
    {"config.json": json.dumps(CONFIG), "README.md": CARD, "w.safetensors": "x"},
    {"config.json": json.dumps(NEW_CONFIG), "README.md": NEW_CARD, "w.safetensors": "y"},
)
GATED = facts({"config.json": "{}"}, {"config.json": '{"a": 1}'}, gated_from="2025-01-15")
RENAMED = {**BOTH["models"][0], "former": [{"id": "o/Before", "until": "2025-02-15"}]}


def pair(*files, old=OLD, new=NEW, key=KEY, **more):
    changed = tuple(FileChange("~", f) if isinstance(f, str) else f for f in files)
    upstream = Upstream(key, key.partition(":")[2])
    versions = (Version(name, None, "") for name in (old, new))
    return replace(Pair(upstream, "o/M", "revision", *versions, changed), **more)


@pytest.fixture
def compared():
    """Compare pairs while a server holds these facts: what differs by key, and what was asked."""

    def compared(held, *pairs, faults=(), token=None):
        with (
            StandIn(at("2025-03-01"), held) as standin,
            closing(Http(pause=0, sleep=lambda _: None)) as http,
        ):
            standin.faults += faults
            endpoints = replace(standin.endpoints, huggingface_token=token)
            told = dict(huggingface.compare(pairs, http, endpoints))
            return told, [path.removeprefix("/huggingface") for _, path in standin.requests]

    return compared


# --- what is told ----------------------------------------------------------------------------------


def test_the_keys_of_the_configuration_with_both_values(compared):
    told, _ = compared(BOTH, pair("config.json"))
    assert told == {KEY: Difference(keys=KEYS, files=(FileChange("~", "config.json"),))}


def test_the_card_as_a_document_with_its_front_matter_and_new_names(compared):
    """Of the names, not its own."""
    told, _ = compared(BOTH, pair("README.md"))
    difference = told[KEY]
    assert difference.format == "markdown"
    assert [s.title for s in difference.document.sections] == ["Limitations"]
    assert [(n.old, n.new) for n in difference.document.numbers] == [("89.5", "90.5")]
    assert difference.keys == (LICENSE,)
    assert difference.names == ("arxiv:2501.00656",)
    assert difference.reason is None


def test_settings_and_card_are_told_together(compared):
    told, _ = compared(BOTH, pair("README.md", "config.json", "w.safetensors"))
    assert told[KEY].keys == (*KEYS, LICENSE)
    assert told[KEY].document
    assert [f.path for f in told[KEY].files] == ["README.md", "config.json", "w.safetensors"]


def test_a_dataset_s_files_are_below_its_own_address(compared):
    key = "huggingface:datasets/o/m"
    told, asked = compared({"datasets": BOTH["models"]}, pair("README.md", key=key))
    assert asked == [f"/datasets/o/M/raw/{sha}/README.md" for sha in (OLD, NEW)]
    assert told[key].document


# --- what is asked ---------------------------------------------------------------------------------


def test_only_what_differs_and_tells_something_is_fetched(compared):
    """Two requests a file: no weights, no file that came or went, no settings of a folder, and no
    name that would need spelling."""
    asked_for = pair(
        "w.safetensors",
        "config.json",
        "sub/config.json",
        "tokenizer.json",
        "a config.json",
        "config.json\n.json",
        f"{'x' * 100}config.json",
        FileChange("+", "README.md"),
        FileChange("-", "generation_config.json"),
    )
    told, asked = compared(BOTH, asked_for)
    assert asked == [f"/o/M/raw/{sha}/config.json" for sha in (OLD, NEW)]
    assert told[KEY].files == asked_for.files
    assert told[KEY].reason is None


def test_where_nothing_is_worth_reading_the_files_are_told_without_a_request(compared):
    told, asked = compared(BOTH, pair("w.safetensors"))
    assert (told, asked) == ({KEY: Difference(files=(FileChange("~", "w.safetensors"),))}, [])


RANKED = """config.json generation_config.json tokenizer_config.json special_tokens_map.json
preprocessor_config.json chat_template.json a_config.json b_config.json""".split()  # noqa: SIM905 - a list of words


@pytest.mark.parametrize("start", range(5))
def test_four_files_of_settings_at_most_the_most_telling_first(compared, start):
    _, asked = compared(BOTH, pair(*reversed(RANKED[start:])))
    files = list(dict.fromkeys(path.rsplit("/", 1)[1] for path in asked))
    assert files == RANKED[start : start + 4]


NOTHING = {
    "a space": pair("README.md", key="huggingface:spaces/o/m"),
    "no file that is known to differ": pair(),
    "a collection": pair("README.md", key="huggingface:collections/" + "a" * 24),
    "items": pair("README.md", basis="items"),
}


@pytest.mark.parametrize("asked_for", NOTHING.values(), ids=NOTHING)
def test_nothing_is_asked_of(compared, asked_for):
    assert compared(BOTH, asked_for) == ({}, [])


EDITED = {
    "a strange name": pair("config.json", title="../../x"),
    "a name of three parts": pair("config.json", title="o/M/x"),
    "a branch": pair("config.json", old="main"),
    "no new revision": pair("config.json", new=None),
    "a line more": pair("config.json", old=OLD + "\n"),
}


@pytest.mark.parametrize("asked_for", EDITED.values(), ids=EDITED)
def test_nothing_that_was_edited_gets_into_an_address(compared, asked_for):
    told, asked = compared(BOTH, asked_for)
    assert [path for path in asked if not path.startswith(f"/o/M/raw/{OLD}/")] == []
    assert told[KEY].reason == "config.json: no address is known to ask at"


def test_a_token_opens_what_is_gated(compared):
    told, _ = compared(GATED, pair("config.json"))
    assert told[KEY].reason.endswith(" answered 401")
    told, _ = compared(GATED, pair("config.json"), token="hf_x")
    assert [one.key for one in told[KEY].keys] == ["a"]


def test_at_most_four_requests_run_at_once_over_all_pairs():
    together = threading.Barrier(4, timeout=5)
    busy, most = [], []

    class Slow:
        def get(self, url, *, lane, accept, token, limit, seconds):
            assert (lane, accept, token, limit, seconds) == (
                "huggingface", "*/*", "hf_x", 1 << 20, 60,
            )  # fmt: skip
            busy.append(url)
            most.append(len(busy))
            together.wait()
            busy.remove(url)
            return Reply(200, CaseInsensitiveDict(), b"{}", url)

    keys = [f"huggingface:models/o/m{n}" for n in range(8)]
    pairs = [pair("config.json", key=key, title=key[19:]) for key in keys]
    told = dict(huggingface.compare(pairs, Slow(), Endpoints(huggingface_token="hf_x")))
    assert list(told) == keys
    assert max(most) == 4


# --- what cannot be had ----------------------------------------------------------------------------

FAULTS = {
    "not there": ((404, {}, ""), "there is no such file"),
    "no longer there": ((410, {}, ""), "there is no such file"),
    "refused": ((403, {}, ""), "HOST answered 403"),
    "gated": ((401, {"X-Error-Code": "GatedRepo"}, ""), "HOST answered 401"),
    "busy": ((503, {}, ""), "HOST answered 503"),
    "too many": ((429, {"Retry-After": "9999999"}, ""), "HOST: rate limit reached until"),
    "no json": ((200, {}, "<html>"), "no JSON"),
    "a list": ((200, {}, "[]"), "no JSON object"),
    "deep": ((200, {}, "[" * 100_000), "no JSON"),
    "a pointer": ((200, {}, POINTER), "kept in Git LFS, which is not fetched"),
    "too large": ((200, {}, " " * ((1 << 20) + 1)), "answer too large"),
}


@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_had_is_said_in_one_line_and_the_files_are_told(compared, fault, reason):
    told, _ = compared(BOTH, pair("config.json"), faults=[("raw/", fault)])
    said = told[KEY].reason
    host = "127.0.0.1:" + said.partition("127.0.0.1:")[2][:5]
    assert said.startswith(f"config.json: {reason}".replace("HOST", host))
    assert "\n" not in said
    assert told[KEY] == Difference(files=told[KEY].files, reason=said)
    assert told[KEY].files


def test_one_file_that_fails_leaves_the_others(compared):
    """Each reason once, with the files it is of."""
    files = ("config.json", "a_config.json", "tokenizer_config.json", "README.md")
    told, _ = compared(BOTH, pair(*files), faults=[(r"/config\.json", (200, {}, "[]"))])
    assert told[KEY].document
    assert told[KEY].keys == (LICENSE,)
    assert told[KEY].reason == (
        "config.json: no JSON object; "
        "tokenizer_config.json, a_config.json: there is no such file"
    )  # fmt: skip


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_asked_for_once(compared, status):
    files = ("config.json", "tokenizer_config.json", "README.md")
    told, asked = compared(BOTH, pair(*files), faults=[("raw/", (status, {}, ""))])
    assert len(asked) == 1
    assert told[KEY].reason.startswith("config.json, tokenizer_config.json, README.md: ")


def test_a_card_that_cannot_be_compared_leaves_its_keys_and_names(compared, monkeypatch):
    def compare(*_args):
        raise Unreadable("reading it takes over 60 s")

    monkeypatch.setattr(huggingface_files.apart, "compare", compare)
    told, _ = compared(BOTH, pair("README.md"))
    assert (told[KEY].keys, told[KEY].names) == ((LICENSE,), ("arxiv:2501.00656",))
    assert (told[KEY].document, told[KEY].format) == (None, None)
    assert told[KEY].reason == "README.md: reading it takes over 60 s"


def test_a_card_in_git_lfs_is_no_document(compared):
    told, _ = compared(BOTH, pair("README.md"), faults=[(f"raw/{NEW}", (200, {}, POINTER))])
    assert (told[KEY].document, told[KEY].keys, told[KEY].names) == (None, (), ())
    assert told[KEY].reason == "README.md: kept in Git LFS, which is not fetched"


# --- another name ----------------------------------------------------------------------------------


def test_files_of_a_renamed_model_are_found_under_its_new_name(compared):
    asked_for = pair("config.json", title="o/Before")
    told, asked = compared({"models": [RENAMED]}, asked_for)
    assert told[KEY].keys == KEYS
    assert asked == [f"/{name}/raw/{sha}/config.json" for sha in (OLD, NEW) for name in ("o/Before", "o/M")]  # fmt: skip


TAIL = f"/raw/{OLD}/config.json"


@pytest.mark.parametrize("start", ["", "/huggingface", "HERE/huggingface"])
def test_a_redirect_may_be_relative_or_whole(start):
    def moved(_method, _path):
        return 307, {"Location": start.replace("HERE", here[0]) + f"/o/M{TAIL}?x=1"}, ""

    here = []
    with StandIn(at("2025-03-01"), BOTH) as standin, closing(Http(pause=0)) as http:
        here.append(standin.url)
        standin.faults.append((f"o/Before{TAIL}", moved))
        standin.faults.append((f"o/Before/raw/{NEW}", (200, {}, json.dumps(NEW_CONFIG))))
        asked_for = pair("config.json", title="o/Before")
        told = dict(huggingface.compare([asked_for], http, standin.endpoints))
    assert told[KEY].keys == KEYS


ELSEWHERE = {
    "nowhere": "",
    "a page to sign in": "/login",
    "another host": f"https://evil.test/o/M{TAIL}",
    "another host, short": f"//evil.test/o/M{TAIL}",
    "another host that begins alike": f"http://127.0.0.1.evil.test/huggingface/o/M{TAIL}",
    "another file": f"/o/M/raw/{OLD}/a_config.json",
    "another revision": f"/o/M/raw/{NEW}/config.json",
    "another way": f"/o/M/resolve/{OLD}/config.json",
    "the model itself": "/o/M",
    "a dataset": f"/datasets/o/M{TAIL}",
    "upwards": f"/o/..{TAIL}",
    "upwards in disguise": f"/o/%2e%2e{TAIL}",
    "a folder more": f"/o/M/x{TAIL}",
    "a very long one": f"/o/{'M' * 2000}{TAIL}",
}


@pytest.mark.parametrize("location", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_redirect_to_anything_else_is_not_followed(compared, location):
    faults = [("raw/", (302, {"Location": location}, ""))]
    told, asked = compared(BOTH, pair("config.json"), faults=faults)
    assert asked == [f"/o/M{TAIL}"]
    assert told[KEY].reason.endswith("answered 302")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_one_redirect_is_followed_and_no_second(compared, status):
    faults = [
        ("o/M/raw", (status, {"Location": f"/o/N{TAIL}"}, "")),
        ("o/N/raw", (308, {"Location": f"/o/P{TAIL}"}, "")),
    ]
    told, asked = compared(BOTH, pair("config.json"), faults=faults)
    assert asked == [f"/o/M{TAIL}", f"/o/N{TAIL}"]
    assert told[KEY].reason.endswith("answered 308")


# --- the files that differ -------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "files"), [("models", 3), ("datasets", 3), ("spaces", 0)])
def test_a_changed_repository_says_which_files_differ(kind, files):
    """From the trees that tell the parts: no further request."""
    paths = ("README.md", "config.json", "w.safetensors")
    with StandIn(at("2025-03-01"), {kind: BOTH["models"]}) as standin:
        question = Question(Upstream(f"huggingface:{kind}/o/m", f"{kind}/o/M"), since=SINCE)
        with closing(Http(pause=0)) as http:
            (found,) = sources.latest([question], http, standin.endpoints).values()
        assert found.files == tuple(FileChange("~", path) for path in paths[:files])
        assert [path for _, path in standin.requests if "/raw/" in path] == []
        assert len([path for _, path in standin.requests if "/tree/" in path]) == (
            2 if files else 0
        )


def test_where_the_trees_are_not_shown_no_files_are_known():
    with StandIn(at("2025-03-01"), BOTH) as standin, closing(Http(pause=0)) as http:
        standin.faults.append((f"tree/{NEW}", (403, {}, "")))
        question = Question(Upstream(KEY, "models/o/M"), since=SINCE)
        (found,) = sources.latest([question], http, standin.endpoints).values()
    assert (found.parts, found.files, found.compared) == (None, (), OLD)


def small(oid="1"):
    return File(oid, large=False)


def test_files_came_went_or_differ_by_their_paths():
    old = {"c": small(), "a": small(), "same": small()}
    new = {"b": File("1", large=True), "c": small("2"), "same": small()}
    assert [(f.sign, f.path) for f in file_changes(old, new)] == [
        ("-", "a"),
        ("+", "b"),
        ("~", "c"),
    ]


def test_of_more_than_two_hundred_files_those_that_can_be_compared_stay():
    """First the small ones at the top, then those in folders, then large ones."""
    shards = {f"data/{n:03}.txt": small() for n in range(150)}
    large = {f"Model-{n:03}": File("1", large=True) for n in range(150)}
    settings = {"README.md": small(), "tokenizer_config.json": small()}
    found = [f.path for f in file_changes({}, {**shards, **large, **settings})]
    assert found == sorted([*settings, *shards, *list(large)[:48]])
    deep = {f"a/{n:03}": small() for n in range(300)}
    found = [f.path for f in file_changes({}, {**deep, **settings})]
    assert found == sorted([*settings, *list(deep)[:198]])
