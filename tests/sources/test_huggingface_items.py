"""What the items of a collection are: from its own payload, in one short plain line."""

import json

import pytest
from conftest import SHARED, at

from tracker.sources.huggingface_items import about
from tracker.sources.huggingface_read import collection

SAMPLE = SHARED / "samples/huggingface/collection_list-entry_TheBloke_2023-11-25.json"

ITEMS = {
    "a model": (
        "model",
        {"pipeline_tag": "text-generation", "numParameters": 405_012_345_678},
        "text-generation, 405B",
    ),
    "a model of no size": ("model", {"pipeline_tag": "any-to-any"}, "any-to-any"),
    "a model of no task": ("model", {"numParameters": 8_030_261_248}, "8B"),
    "a dataset": (
        "dataset",
        {"datasetsServerInfo": {"numRows": 939_343, "modalities": ["text", 1, "a b", "image"]}},
        "text, image, 939K rows",
    ),
    "a dataset of no rows": ("dataset", {"datasetsServerInfo": {"modalities": ["text"]}}, "text"),
    "a space": (
        "space",
        {"title": "Arena", "shortDescription": "Vote", "ai_short_description": "x"},
        "Arena: Vote",
    ),
    "a space that was described": ("space", {"ai_short_description": "Vote"}, "Vote"),
    "a paper": ("paper", {"title": "2 OLMo 2\n Furious"}, "2 OLMo 2 Furious"),
    "another collection": ("collection", {"title": "Tulu"}, "Tulu"),
    "with a note": (
        "model",
        {"pipeline_tag": "x", "note": {"text": "the  base", "html": "<p>"}},
        "x; the base",
    ),
    "a note alone": ("model", {"note": {"text": "the base"}}, "the base"),
    "nothing": ("model", {}, ""),
    "strange types": (
        "model",
        {"pipeline_tag": ["x"], "numParameters": "8B", "note": {"text": 1}},
        "",
    ),
    "a strange task": ("model", {"pipeline_tag": "a <b>"}, ""),
    "a strange dataset": ("dataset", {"datasetsServerInfo": [1], "note": []}, ""),
    "harmful": ("paper", {"title": "a\u202eb\x00\ud800c\u200b"}, "ab c"),
    "long": ("paper", {"title": "word " * 100}, "word " * 22 + "word…"),
}


@pytest.mark.parametrize(("kind", "entry", "expected"), ITEMS.values(), ids=ITEMS)
def test_an_item_says_what_it_is(kind, entry, expected):
    assert about(kind, entry) == expected
    assert len(expected) <= 120


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (494_032_768, "494M"),
        (999_600_000, "1B"),
        (1_235_814_400, "1.2B"),
        (7_615_616_512, "7.6B"),
        (9_960_000_000, "10B"),
        (684_531_386_000.0, "685B"),
        (1_000_000_000_000, "1T"),
        (950, "950"),
        (1_500, "1.5K"),
        (0, ""),
        (-5, ""),
        (True, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        (10**30, ""),
    ],
)
def test_a_number_of_parameters_is_said_as_people_say_it(number, expected):
    assert about("model", {"numParameters": number}) == expected


def test_an_item_of_a_collection_carries_it_and_is_the_same_without():
    """What the curator writes, or the Hub counts, makes it no other item."""
    entry = {"type": "model", "id": "o/M"}
    payload = {"slug": "o/s-" + "a" * 24, "title": "S", "items": [entry]}
    told = {**payload, "items": [{**entry, "pipeline_tag": "text-generation"}]}
    (bare,) = collection(payload, at("2025-03-01")).items
    (item,) = collection(told, at("2025-03-01")).items
    assert (bare.about, item.about) == ("", "text-generation")
    assert bare == item


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the recorded answers are not here")
def test_recorded_items_say_their_task():
    items = collection(json.loads(SAMPLE.read_text("utf-8")), at("2023-12-01")).items
    assert {i.name.rpartition("-")[2]: i.about for i in items} == {
        "AWQ": "text-generation",
        "GPTQ": "text-generation",
        "GGUF": "",
    }
