"""Which keys of settings differ, and that no file, however made, is more than a file."""

import json

import pytest
import yaml

from tracker.sources import huggingface_keys
from tracker.sources.huggingface_keys import NoKeys, front_keys, json_keys


def told(found):
    return [(one.key, one.old, one.new) for one in found]


# --- JSON ------------------------------------------------------------------------------------------

CHANGES = {
    "nested": ('{"a": {"b": 1}}', '{"a": {"b": 2}}', [("a.b", "1", "2")]),
    "came": ("{}", '{"a": null}', [("a", None, "null")]),
    "went": ('{"a": ""}', "{}", [("a", '""', None)]),
    "a list is one value": ('{"a": [1, 2]}', '{"a": [1, {"b": 3}]}', [("a", "[1,2]", '[1,{"b":3}]')]),
    "nothing in it": ('{"a": {}}', '{"a": {"b": 1}}', [("a", "{}", None), ("a.b", None, "1")]),
    "another type": ('{"a": {"b": 1}}', '{"a": 3}', [("a", None, "3"), ("a.b", "1", None)]),
    "sorted": ('{"b": 1, "a": 1}', '{"b": 2, "a": 2}', [("a", "1", "2"), ("b", "1", "2")]),
    "order is nothing": ('{"a": 1, "b": [{"x": 1, "y": 2}]}', '{"b": [{"y": 2, "x": 1}], "a": 1}', []),
    "the last of a repeated key": ('{"a": 1, "a": 2}', '{"a": 3, "a": 2}', []),
    "no number is like itself": ('{"a": NaN, "b": NaN}', '{"a": NaN, "b": 1}', [("b", "NaN", "1")]),
    "beyond all numbers": ('{"a": 1e999}', '{"a": 1}', [("a", "Infinity", "1")]),
    "any script": ('{"ä": "ü"}', '{"ä": "v"}', [("ä", '"ü"', '"v"')]),
    "half a character": ("{}", r'{"a\ud800": "\ud800"}', [("a?", None, '"?"')]),
    "a key of two lines": ("{}", r'{"a\nb": 1}', [("a b", None, "1")]),
    "a mark before it": ("\ufeff{}", '\ufeff{"a": 1}', [("a", None, "1")]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES.values(), ids=CHANGES)
def test_the_keys_of_json_that_differ(old, new, expected):
    found = json_keys("config.json", old.encode(), new.encode())
    assert told(found) == expected
    assert {one.file for one in found} <= {"config.json"}


NO_JSON = {
    "a page": b"<html>",
    "nothing": b"",
    "cut": b'{"a": ',
    "no text": b'{"a": "\xff"}',
    "a list": b"[]",
    "a word": b'"config"',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep and closed": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of a million digits": b'{"a": ' + b"9" * 1_000_000 + b"}",
}


@pytest.mark.parametrize("source", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_object_is_refused(source):
    with pytest.raises(NoKeys):
        json_keys("config.json", source, b"{}")
    with pytest.raises(NoKeys):
        json_keys("config.json", b"{}", source)


def test_no_more_than_fifty_keys_of_two_hundred_characters():
    many = {f"{n:03}{'k' * 300}": "x" * 1000 for n in range(200)}
    found = json_keys("config.json", b"{}", json.dumps(many).encode())
    assert [one.key[:3] for one in found] == [f"{n:03}" for n in range(50)]
    assert {len(one.key) for one in found} == {len(one.new) for one in found} == {200}


def test_what_lies_eight_levels_deep_is_one_value():
    deep = '{"a":' * 10 + "1" + "}" * 10
    found = json_keys("config.json", b"{}", deep.encode())
    assert told(found) == [("a.a.a.a.a.a.a.a", None, '{"a":{"a":1}}')]


def test_a_long_key_is_not_repeated_for_all_that_is_in_it():
    """A megabyte of it times a thousand values would fill the memory."""
    inner = {str(n): n for n in range(1000)}
    found = json_keys("config.json", b"{}", json.dumps({"k" * 201: inner}).encode())
    assert len(found) == 1


def test_long_values_are_told_from_where_they_differ():
    """A chat template is thousands of characters long, and differs in a few."""
    old, new = (json.dumps({"t": "a" * 900 + word + "z" * 900}).encode() for word in ("OLD", "NEW"))
    (found,) = json_keys("tokenizer_config.json", old, new)
    assert found.old.startswith(f"…{'a' * 40}OLDz")
    assert found.new.startswith(f"…{'a' * 40}NEWz")
    assert len(found.old) == len(found.new) == 200


def test_short_values_are_told_whole():
    old, new = (json.dumps({"t": "a" * 150 + word}).encode() for word in ("OLD", "NEW"))
    (found,) = json_keys("config.json", old, new)
    assert (found.old, found.new) == (f'"{"a" * 150}OLD"', f'"{"a" * 150}NEW"')


# --- front matter ----------------------------------------------------------------------------------


@pytest.fixture(params=["libyaml", "python"])
def _loader(request, monkeypatch):
    """PyYAML with and without its C library."""
    if request.param == "python":
        monkeypatch.setattr(huggingface_keys, "_AS_WRITTEN", yaml.BaseLoader)


def front(text, body="# M\n"):
    return f"---\n{text}\n---\n{body}".encode()


FRONT = {
    "a value": (front("license: mit"), front("license: gemma"), [("license", '"mit"', '"gemma"')]),
    "a list": (front("tags: [a, b]"), front("tags:\n- a"), [("tags", '["a","b"]', '["a"]')]),
    "nested": (front("a: {b: c}"), front("a: {b: d}"), [("a.b", '"c"', '"d"')]),
    "came": (b"# M\n", front("license: mit"), [("license", None, '"mit"')]),
    "nothing in it": (front("a: b"), b"---\n---\n# M", [("a", '"b"', None)]),
    "with a mark": (b"\xef\xbb\xbf" + front("a: b"), front("a: b"), []),
    "of Windows": (front("a: b").replace(b"\n", b"\r\n"), front("a: b"), []),
    "as it is written": (b"", front("language: no\nd: 2024-99-99"),
                         [("d", None, '"2024-99-99"'), ("language", None, '"no"')]),
    "the text alone": (front("a: b"), front("a: b", body="# N\na: c\n"), []),
    "two rules around a paragraph": (front("- a"), front("Some words."), []),
    "never closed": (b"---\na: b\n", b"---\na: c\n", []),
}  # fmt: skip


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(("old", "new", "expected"), FRONT.values(), ids=FRONT)
def test_the_keys_of_front_matter_that_differ(old, new, expected):
    assert told(front_keys("README.md", old, new)) == expected


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
NO_FRONT = {
    "no YAML": front("a: ["),
    "an alias": front(BOMB),
    "an anchor alone": front("a: &a b"),
    "a key that is a list": front("[a]: b"),
    "deep lists": front("a: " + "[" * 60_000),
    "deep and closed": front("a: " + "[" * 60 + "]" * 60),
    "deep blocks": front("- " * 30_000),
    "keys of keys": front("? " * 30_000),
    "over 64 KiB": front("a: " + "x" * (64 << 10)),
    "no UTF-8": b"---\na: \xff\n---\n",
    "two documents": front("a: b\n...\nc: d"),
}


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize("source", NO_FRONT.values(), ids=NO_FRONT)
def test_front_matter_that_cannot_be_read_is_none_that_went(source):
    """Nor is it a reason to wait: a card of 60 KiB can keep a parser busy for minutes."""
    assert front_keys("README.md", front("license: mit"), source) == ()
    assert front_keys("README.md", source, front("license: mit")) == ()


def test_objects_of_python_are_words():
    found = front_keys("README.md", b"", front("a: !!python/object/apply:os.abort []\nb: !!int ''"))
    assert told(found) == [("a", None, "[]"), ("b", None, '""')]
