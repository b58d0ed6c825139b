"""What differs between two revisions of a model: its files, its settings, its card."""

import json

import pytest
from conftest import at

from tracker import sources
from tracker.config import Endpoints
from tracker.demo.standin import StandIn
from tracker.difference import KeyChange, Pair
from tracker.http import Http
from tracker.model import FileChange, Question, Upstream, Version
from tracker.sources import huggingface, huggingface_read
from tracker.sources.huggingface_keys import NoKeys, front_keys, json_keys
from tracker.sources.huggingface_parts import File, file_changes
from tracker.sources.named import new_names

OLD, NEW = "a" * 40, "b" * 40
KEY = "huggingface:models/o/m"
CARD = """---
license: mit
tags: [a, b]
---
# M

It reaches 89.5 on MMLU, which nobody expected of a model of this size.

See [the code](https://github.com/o/r).
"""
NEW_CARD = CARD.replace("89.5", "90.5").replace("mit", "apache-2.0") + (
    "\n## Limitations\n\nIt was not tested on anything else, by [us](https://arxiv.org/abs/2501.00656).\n"
)
CONFIG = {"hidden_size": 4096, "rope_scaling": {"factor": 1, "type": "yarn"}, "gone": True}
NEW_CONFIG = {"hidden_size": 4096, "rope_scaling": {"factor": 8, "type": "yarn"}, "new": [1, 2]}


def facts(*files, gated=None):
    """A model of two commits, each with these texts by path."""
    commits = [
        {
            "sha": sha, "date": date, "title": "a commit",
            "files": {
                path: {"size": len(text), "text": text} if text is not None else None
                for path, text in held.items()
            },
        }
        for sha, date, held in zip((OLD, NEW), ("2025-01-01", "2025-02-01"), files, strict=True)
    ]  # fmt: skip
    fact = {"id": "o/M", "created": "2025-01-01", "commits": commits}
    return {"models": [fact | ({"gated_from": "2025-01-15"} if gated else {})]}


def pair(*files, title="o/M", old=OLD, new=NEW, key=KEY):
    changed = tuple(FileChange("~", f) if isinstance(f, str) else f for f in files)
    name = key.partition(":")[2]
    return Pair(
        Upstream(key, name), title, "revision",
        Version(old, None, ""), Version(new, None, ""), changed,
    )  # fmt: skip


@pytest.fixture
def compare():
    """Compare pairs against a server that holds these facts; the server."""
    running = []

    def run(held, *pairs, fault=None):
        standin = StandIn(at("2025-03-01"), held)
        running.append(standin)
        standin.__enter__()
        if fault:
            standin.faults.append(fault)
        http = Http(pause=0, timeouts=(2, 2))
        return dict(huggingface.compare(pairs, http, standin.endpoints)), standin

    yield run
    for standin in running:
        standin.__exit__()


BOTH = facts(
    {"config.json": json.dumps(CONFIG), "README.md": CARD, "w.safetensors": "x"},
    {"config.json": json.dumps(NEW_CONFIG), "README.md": NEW_CARD, "w.safetensors": "y"},
)


def test_the_keys_of_the_configuration_with_both_values(compare):
    told, _ = compare(BOTH, pair("config.json"))
    assert told[KEY].keys == (
        KeyChange("config.json", "gone", "true", None),
        KeyChange("config.json", "new", None, "[1,2]"),
        KeyChange("config.json", "rope_scaling.factor", "1", "8"),
    )


def test_the_card_as_a_document_with_its_front_matter_and_new_names(compare):
    told, _ = compare(BOTH, pair("README.md"))
    difference = told[KEY]
    assert difference.format == "markdown"
    assert [s.title for s in difference.document.sections] == ["Limitations"]
    assert [(n.old, n.new) for n in difference.document.numbers] == [("89.5", "90.5")]
    assert difference.keys == (KeyChange("README.md", "license", '"mit"', '"apache-2.0"'),)
    assert difference.names == ("arxiv:2501.00656",)


def test_only_what_differs_and_tells_something_is_fetched(compare):
    """Two requests a file: no weights, no file that came or went, no settings of a folder."""
    asked = pair(
        "w.safetensors", "config.json", "sub/config.json", "tokenizer.json",
        FileChange("+", "README.md"), FileChange("-", "generation_config.json"),
    )  # fmt: skip
    told, standin = compare(BOTH, asked)
    assert [path for _, path in standin.requests] == [
        f"/huggingface/o/M/raw/{revision}/config.json" for revision in (OLD, NEW)
    ]
    assert told[KEY].files == asked.files


def test_four_files_of_settings_at_most_the_most_telling_first(compare):
    names = ("a_config.json", "b_config.json", "c_config.json", "tokenizer_config.json",
             "generation_config.json", "config.json")  # fmt: skip
    _, standin = compare(BOTH, pair(*names))
    asked = list(dict.fromkeys(path.rsplit("/", 1)[1] for _, path in standin.requests))
    assert asked == [
        "config.json", "generation_config.json", "tokenizer_config.json", "a_config.json",
    ]  # fmt: skip


def test_a_dataset_s_files_are_below_its_own_address(compare):
    key = "huggingface:datasets/o/m"
    held = {"datasets": BOTH["models"]}
    told, standin = compare(held, pair("README.md", key=key))
    assert standin.requests[0] == ("GET", f"/huggingface/datasets/o/M/raw/{OLD}/README.md")
    assert told[key].document


NOTHING = {
    "a space": pair("README.md", key="huggingface:spaces/o/m"),
    "no file that is known to differ": pair(),
    "a collection": pair("README.md", key="huggingface:collections/" + "a" * 24),
}


@pytest.mark.parametrize("asked", NOTHING.values(), ids=NOTHING)
def test_nothing_is_asked_of(compare, asked):
    told, standin = compare(BOTH, asked)
    assert told == {}
    assert standin.requests == []


FAULTS = {
    "not there": ((r"raw/", (404, {}, "")), "config.json: there is no such file"),
    "refused": ((r"raw/", (403, {}, "")), "answered 403"),
    "busy": ((r"raw/", (503, {}, "")), "answered 503"),
    "moved": ((r"raw/", (307, {"Location": "/elsewhere"}, "")), "answered 307"),
    "no json": ((r"raw/", (200, {}, "<html>")), "config.json: no JSON"),
    "a list": ((r"raw/", (200, {}, "[]")), "config.json: no JSON object"),
    "deep": ((r"raw/", (200, {}, "[" * 100_000)), "config.json: no JSON"),
    "a pointer": ((r"raw/", (200, {}, "version https://git-lfs.github.com/spec/v1")), "no JSON"),
    "too large": ((r"raw/", (200, {}, " " * (2 << 20))), "too large"),
}


@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_had_is_said_in_one_line_and_the_files_are_told(compare, fault, reason):
    told, _ = compare(BOTH, pair("config.json"), fault=fault)
    assert reason in told[KEY].reason
    assert "\n" not in told[KEY].reason
    assert told[KEY].files
    assert told[KEY].keys == ()


def test_one_file_that_fails_leaves_the_others(compare):
    told, _ = compare(
        BOTH, pair("config.json", "README.md"), fault=(r"config\.json", (500, {}, ""))
    )
    assert told[KEY].document
    assert told[KEY].reason.startswith("config.json: ")


@pytest.mark.parametrize(
    "asked",
    [
        pair("config.json", title="../../x"),
        pair("config.json", old="main"),
        pair("config.json", new=""),
    ],
    ids=["a strange name", "a branch", "no revision"],
)
def test_nothing_that_was_edited_gets_into_an_address(compare, asked):
    told, standin = compare(BOTH, asked)
    assert all(path.startswith("/huggingface/o/M/raw/") for _, path in standin.requests)
    assert told[KEY].reason == "config.json: no address is known to ask at"


def test_a_gated_model_s_files_are_refused_without_a_token(compare):
    held = facts({"config.json": "{}"}, {"config.json": '{"a": 1}'}, gated=True)
    told, _ = compare(held, pair("config.json"))
    assert "401" in told[KEY].reason


def test_a_changed_model_says_which_files_differ():
    """From the trees that tell the parts: no further request."""
    with StandIn(at("2025-03-01"), BOTH) as standin:
        question = Question(Upstream(KEY, "models/o/M"), since=at("2025-01-10"))
        answers = sources.latest([question], Http(pause=0), standin.endpoints)
    assert answers[KEY].files == tuple(
        FileChange("~", path) for path in ("README.md", "config.json", "w.safetensors")
    )


def test_files_that_came_and_went():
    old = {"a": File("1", False), "b": File("1", False), "same": File("1", False)}
    new = {"b": File("2", False), "c": File("1", True), "same": File("1", False)}
    assert [(f.sign, f.path) for f in file_changes(old, new)] == [
        ("-", "a"),
        ("~", "b"),
        ("+", "c"),
    ]
    assert len(file_changes({}, {str(n): File("1", False) for n in range(999)})) == 200


KEYS = {
    "nested": ('{"a": {"b": 1}}', '{"a": {"b": 2}}', [("a.b", "1", "2")]),
    "another type": ('{"a": {"b": 1}}', '{"a": 3}', [("a", None, "3"), ("a.b", "1", None)]),
    "order is nothing": ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', []),
    "not a number": ('{"a": NaN}', '{"a": 1}', [("a", "NaN", "1")]),
    "text": ('{"a": "ü"}', '{"a": "v"}', [("a", '"ü"', '"v"')]),
}


@pytest.mark.parametrize(("old", "new", "expected"), KEYS.values(), ids=KEYS)
def test_keys_of_json(old, new, expected):
    found = json_keys("config.json", old.encode(), new.encode())
    assert [(k.key, k.old, k.new) for k in found] == expected


def test_keys_are_bounded():
    many = json.dumps({f"k{n}": "x" * 1000 for n in range(200)}).encode()
    found = json_keys("config.json", b"{}", many)
    assert len(found) == 50
    assert max(len(k.new) for k in found) == 200
    deep = b'{"a":' * 300 + b"1" + b"}" * 300
    assert json_keys("config.json", b"{}", deep)
    with pytest.raises(NoKeys):
        json_keys("config.json", b"{}", b'{"a":' * 100_000)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
FRONT = {
    "none": ("# x", "# y"),
    "no yaml": ("---\na: [\n---\n", "---\na: 1\n---\n"),
    "aliases": ("---\na: 1\n---\n", f"---\n{BOMB}\n---\n"),
    "a list": ("---\n- a\n---\n", "---\n- b\n---\n"),
    "an object of python": ("---\na: !!python/object:os.system x\n---\n", "# x"),
}


@pytest.mark.parametrize(("old", "new"), FRONT.values(), ids=FRONT)
def test_strange_front_matter_has_no_keys_and_harms_nothing(old, new):
    found = front_keys("README.md", old.encode(), new.encode())
    assert [k for k in found if k.key != "a"] == []


ITEMS = {
    "a model": ({"pipeline_tag": "text-generation", "numParameters": 405853388800},
                "text-generation, 406B"),
    "a small one": ({"numParameters": 7_248_023_552}, "7.25B"),
    "a paper": ({"title": "2 OLMo 2\n Furious"}, "2 OLMo 2 Furious"),
    "with a note": ({"pipeline_tag": "x", "note": {"text": "the base"}}, "x, the base"),
    "nothing": ({}, ""),
    "strange types": ({"title": 1, "pipeline_tag": [], "numParameters": "a", "note": {}}, ""),
    "long": ({"title": "word " * 100}, "word " * 22 + "word…"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "about"), ITEMS.values(), ids=ITEMS)
def test_an_item_says_what_it_is(fields, about):
    payload = {
        "slug": "o/s-" + "a" * 24, "title": "S",
        "items": [{"type": "model", "id": "o/M", **fields}],
    }  # fmt: skip
    (item,) = huggingface_read.collection(payload, at("2025-03-01")).items
    assert item.about == about


NAMES = {
    "new": ("", "see https://arxiv.org/abs/2501.00656v2.", ("arxiv:2501.00656",)),
    "known before": ("https://arxiv.org/pdf/2501.00656", "https://arxiv.org/abs/2501.00656v3", ()),
    "in markup": ("", '[m](https://huggingface.co/O/M) <a href="https://github.com/o/R">',
                  ("github:o/r", "huggingface:models/o/m")),
    "of no upstream": ("", "https://example.org/abs/2501.00656 https://[bad", ()),
    "no text": ("", "\udcff", ()),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), NAMES.values(), ids=NAMES)
def test_what_the_new_text_names(old, new, expected):
    assert new_names(old.encode(), new.encode(errors="surrogateescape")) == expected


def test_a_token_opens_what_is_gated():
    held = facts({"config.json": "{}"}, {"config.json": '{"a": 1}'}, gated=True)
    with StandIn(at("2025-03-01"), held) as standin:
        endpoints = Endpoints(huggingface=standin.endpoints.huggingface, huggingface_token="hf_x")
        told = dict(huggingface.compare([pair("config.json")], Http(pause=0), endpoints))
    assert [k.key for k in told[KEY].keys] == ["a"]
