"""The facts of the demo are what was recorded, and say so where they are not."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from conftest import EXAMPLE, ROOT, at

from tracker.demo.standin import shipped
from tracker.demo.wire import when

FACTS = shipped()
PDFS = {
    "deepseek-ai/DeepSeek-R1": "DeepSeek_R1.pdf",
    "deepseek-ai/DeepSeek-V3": "DeepSeek_V3.pdf",
    "MoonshotAI/Kimi-k1.5": "Kimi_k1.5.pdf",
}
NOBODY = "0" * 40


def collection(digits):
    return next(c for c in FACTS["collections"] if c["slug"].endswith(digits))


def names(fact, day="2026-01-01"):
    return [i["id"].split("/")[1] for i in fact["items"] if when(i["added"]) <= at(day)]


def paper(name):
    return next(p for p in FACTS["papers"] if p["id"] == name)


def dated(value) -> Iterator[dict]:
    """Every fact that has a date."""
    if isinstance(value, dict):
        if value.keys() & {"date", "added"}:
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from dated(inner)


@pytest.mark.parametrize("name", PDFS)
def test_the_commits_of_a_pdf_are_those_of_its_git_history(name, shared):
    path = PDFS[name]
    text = (shared / "samples" / "github" / f"git-history_{path}.json").read_text("utf-8")
    recorded = [
        (
            commit["sha"],
            datetime.fromisoformat(commit["committer_date"]).astimezone(UTC),
            commit["message"],
            None if commit["blob_after"] == NOBODY else commit["blob_after"],
        )
        for commit in reversed(json.loads(text))
    ]
    fact = next(r for r in FACTS["repositories"] if r["full_name"] == name)
    known = [
        (c["sha"], when(c["date"]), c["message"], (c["files"][path] or {}).get("blob"))
        for c in fact["commits"]
        if path in c["files"]
    ]
    assert known == recorded


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("2501.07301", "abs_text_2501.07301_2026-04-10.fragment.txt"),
        ("2501.12948", "abs_markdown_2501.12948_2026-02-16.fragment.md"),
        ("2412.08905", "kaggle-style_2412.08905.fragment.json"),
    ],
)
def test_the_versions_of_a_paper_are_those_of_its_page(name, file, shared):
    text = (shared / "samples" / "arxiv" / file).read_text("utf-8")
    history = text.rpartition("Submission history")[2]
    stamps = re.findall(r"\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8}", history)
    recorded = [datetime.strptime(s, "%a, %d %b %Y %H:%M:%S").replace(tzinfo=UTC) for s in stamps]
    assert [when(v["date"]) for v in paper(name)["versions"]] == recorded
    assert paper(name)["title"] in text
    for word in ("journal", "doi"):
        assert paper(name).get("published", {}).get(word, "") in text


@pytest.mark.parametrize(
    ("digits", "day", "count"),
    [
        ("673b8e0dc3512e30e7dc54f5", "2025-03-31", 11),
        ("678e1e131c0169c0bc89728d", "2025-01-31", 8),
        ("66f448ffc8c32f949b04c8cf", "2024-12-07", 15),
        ("674117b93ab84e98afc72edc", "2025-01-31", 15),
    ],
    ids=["Tülu 3", "DeepSeek-R1", "Llama 3.2", "OLMo 2"],
)
def test_a_collection_holds_as_many_items_as_were_counted(digits, day, count):
    assert len(names(collection(digits), day)) == count


@pytest.mark.parametrize(
    ("digits", "slug"),
    [
        ("673b8e0dc3512e30e7dc54f5", "tulu-3-models-673b8e0dc3512e30e7dc54f5"),
        ("674117b93ab84e98afc72edc", "olmo-2-674117b93ab84e98afc72edc"),
        ("65aeaae8fe5b6b2122b46778", "olmo-v1-65aeaae8fe5b6b2122b46778"),
    ],
)
def test_the_items_of_a_collection_are_those_of_its_captured_page(digits, slug, shared):
    captures = shared / "samples" / "huggingface" / "collection_page_captures.md"
    text = captures.read_text("utf-8").partition(slug)[2].partition("\n##")[0]
    text = text.partition("\n")[2]
    for name in names(collection(digits)):
        assert name.removeprefix("Llama-3.1") in text


def test_every_link_of_the_example_post_has_its_facts():
    text = EXAMPLE.read_text("utf-8")
    papers = set(re.findall(r"arxiv\.org/\w+/(\d{4}\.\d{5})", text))
    assert papers <= {p["id"] for p in FACTS["papers"]}
    repositories = set(re.findall(r"github\.com/([^/]+/[^/]+)/blob", text))
    assert repositories == {r["full_name"] for r in FACTS["repositories"]}
    slugs = set(re.findall(r"huggingface\.co/collections/([^)]+)", text))
    assert slugs == {c["slug"] for c in FACTS["collections"]}
    models = set(re.findall(r"(?:huggingface|hf)\.co/((?!collections)[^/)]+/[^/)]+)\)", text))
    assert models == {m["id"] for m in FACTS["models"]}


def test_versions_stand_in_the_order_of_their_dates():
    for fact in FACTS["papers"]:
        dates = [when(version["date"]) for version in fact["versions"]]
        assert dates == sorted(set(dates)), fact["id"]


def test_what_is_unknown_does_not_change_after_the_posts_last_day():
    still = [c for c in FACTS["collections"] if "tulu-3" not in c["slug"]]
    assert all(when(i["added"]) < at("2025-01-22") for c in still for i in c["items"])
    assert all(when(c["date"]) < at("2025-01-22") for m in FACTS["models"] for c in m["commits"])


def test_no_date_is_after_the_last_record():
    assert max(when(f.get("date") or f["added"]) for f in dated(FACTS)) <= at("2026-09-30")


def test_nobody_outside_the_code_is_needed_to_read_them():
    """They come along in a wheel: a file of the package, small, with a word on its sources."""
    file = ROOT / "tracker" / "demo" / "facts.json"
    assert file.stat().st_size < 40_000
    assert "date_unknown" in " ".join(json.loads(file.read_text("utf-8"))["about"])
