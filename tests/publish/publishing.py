"""A site, a post and a ledger as they look after some months: what the tests here publish."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tracker import post as posts
from tracker import words
from tracker.model import (
    Baseline,
    Change,
    Item,
    Ledger,
    Notes,
    ReportRecord,
    Snapshot,
    Target,
    Upstream,
    Version,
    Watch,
)
from tracker.post import Post
from tracker.project import Site

ROOT = Path(__file__).parent.parent.parent
PATH = "_posts/2025-01-21-llm-tech-report-notes.md"
OURS = "> - **v3 (10/08/2025)**: [pdf](https://arxiv.org/pdf/2501.00656v3)"
TEXT = f"""---
layout: post
category: blog
title: "Notes (updated on 01/22/2025)"
category: blog
---

- TOC
{{:toc .toc}}

### OLMo 2 (12/31/2024)

- [pdf](https://arxiv.org/pdf/2501.00656)
- [models](https://huggingface.co/collections/allenai/olmo-2-674117b93ab84e98afc72edc)

> - three stages of training: $$h_{{out}} := h * x * \\text{{Norm}}$$
> - data:
    - **filtered** with a classifier
    - [mixed](/notes/mix.html)
> - TBD
{OURS}

### DeepSeek-R1 (01/20/2025)

- [pdf](https://github.com/deepseek-ai/DeepSeek-R1/blob/main/DeepSeek_R1.pdf)

> - rule-based rewards

---

### Deepseek-V3 (12/16/2024)

- [pdf](https://github.com/deepseek-ai/DeepSeek-V3/blob/main/DeepSeek_V3.pdf)

### MiniMax-01 (01/15/2025)

- [pdf](https://arxiv.org/abs/2501.08313)
- [model](https://huggingface.co/MiniMaxAI/MiniMax-Text-01)
"""

NAMES = {
    "olmo-2": "OLMo 2",
    "deepseek-r1": "DeepSeek-R1",
    "deepseek-v3": "Deepseek-V3",
    "minimax-01": "MiniMax-01",
}
STARTED = datetime(2025, 1, 22, 6, 37, tzinfo=UTC)
LATER = datetime(2025, 10, 9, 6, 37, tzinfo=UTC)
SHA = "e06298d956cd92b952afd9a18c824cd9e5f69f3b"


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def identify(url: str) -> Target | None:
    if found := re.search(r"arxiv\.org/\w+/([\d.]+)", url):
        return Target("arxiv", Upstream(f"arxiv:{found[1]}", found[1]))
    if found := re.search(r"github\.com/(.+)", url):
        return Target("github", Upstream(f"github:{found[1]}", found[1]))
    return None


def post(text: str = TEXT, path: str = PATH) -> Post:
    return posts.parse(path, text.encode(), identify, frozenset({OURS}))


def site(**values: object) -> Site:
    return replace(
        Site(
            templates=ROOT / "templates",
            url="https://example.org/blog/",
            jekyll=True,
            title="LLM notes",
            author="Ada",
        ),
        **values,
    )


def change(key: str, what: str, **values: object) -> Change:
    """A change with what every one has, its summary and details written as a run writes them."""
    base = Change(
        id=f"{key}@{what}",
        upstream=key,
        kind="revised",
        significance="major",
        reports=("olmo-2",),
        old=None,
        new=None,
        url="https://arxiv.org/abs/2501.00656v3",
        title="2 OLMo 2 Furious",
        found=LATER,
    )
    made = replace(base, **values)
    return replace(
        made, summary=words.summary(made, NAMES[made.reports[0]]), details=words.details(made)
    )


REVISED = change(
    "arxiv:2501.00656",
    "v3",
    old="v2",
    new="v3",
    released=day("2025-10-08"),
    old_released=day("2025-01-15"),
    quote='Shorter version accepted to COLM 2025 <script>alert("x")</script>',
)
REPLACED = change(
    "github:deepseek-ai/deepseek-r1/blob/main/DeepSeek_R1.pdf",
    "a1b2c3d4e5f6",
    basis="blob",
    reports=("deepseek-r1",),
    old="0" * 40,
    new="1" * 40,
    url=f"https://github.com/deepseek-ai/DeepSeek-R1/blob/{SHA}/DeepSeek_R1.pdf",
    title="deepseek-ai/DeepSeek-R1",
    released=day("2025-01-23"),
    found=day("2025-01-24"),
    quote="Update README.md & DeepSeek_R1.pdf",
    also="2501.12948v1",
)
DELETED = change(
    "github:deepseek-ai/deepseek-v3/blob/main/DeepSeek_V3.pdf",
    "gone",
    kind="gone",
    basis="blob",
    reports=("deepseek-v3",),
    old="0" * 40,
    url=f"https://github.com/deepseek-ai/DeepSeek-V3/commit/{SHA}",
    title="deepseek-ai/DeepSeek-V3",
    released=day("2025-03-16"),
    also="2412.19437v2",
    also_title="DeepSeek-V3 Technical Report",
    last=Version(
        "0" * 40,
        day("2024-12-26"),
        f"https://github.com/deepseek-ai/DeepSeek-V3/blob/{SHA}/DeepSeek_V3.pdf",
    ),
)
GREW = change(
    "huggingface:collections/674117b93ab84e98afc72edc",
    "+0123456789ab",
    kind="items added",
    basis="items",
    old="11 items",
    new="13 items",
    url="https://huggingface.co/collections/allenai/olmo-2-674117b93ab84e98afc72edc",
    title="OLMo 2",
    since=day("2025-01-22"),
    items=(
        Item("model", "allenai/OLMo-2-0325-32B", day("2025-03-13")),
        Item("model", "allenai/OLMo-2-0325-32B-Instruct"),
    ),
)
WEIGHTS = change(
    "huggingface:models/minimaxai/minimax-text-01",
    "abcdefabcdef",
    basis="revision",
    reports=("minimax-01",),
    old="0" * 40,
    new="1" * 40,
    url=f"https://huggingface.co/MiniMaxAI/MiniMax-Text-01/commit/{SHA}",
    title="MiniMaxAI/MiniMax-Text-01",
    parts=("weights", "card"),
    found=day("2025-02-19"),
    released=day("2025-02-18"),
)
FIRST = change(
    "arxiv:2501.08313",
    "v2",
    reports=("minimax-01",),
    old="v1",
    new="v2",
    url="https://arxiv.org/abs/2501.08313v2",
    released=day("2025-01-20"),
    found=STARTED,
)
CITED = change("arxiv:2404.07904", "v2", significance="minor", old="v1", new="v2")
CHANGES = (FIRST, REPLACED, WEIGHTS, REVISED, DELETED, GREW, CITED)
NEWS = (
    Notes(
        "notes:olmo-2@0123456789ab",
        "olmo-2",
        day("2025-05-01"),
        new_section=False,
        texts=("**three** stages", "see [this](/x.html) <img src=x onerror=alert(1)>"),
    ),
    Notes("notes:minimax-01@section", "minimax-01", day("2025-04-30"), new_section=True, texts=()),
)


def _watch(change: Change, report: str, **values: object) -> Watch:
    snapshot = Snapshot(change.new, change.released, change.url, change.title, change.basis)
    seen = Watch(
        Upstream(change.upstream, change.upstream.partition(":")[2]),
        {report: Baseline(STARTED)},
        snapshot,
    )
    return replace(seen, **values)


def ledger(**values: object) -> Ledger:
    records = {
        "olmo-2": ((REVISED.upstream, GREW.upstream), (CITED.upstream,)),
        "deepseek-r1": ((REPLACED.upstream,), ()),
        "deepseek-v3": ((DELETED.upstream,), ()),
        "minimax-01": ((FIRST.upstream, WEIGHTS.upstream), ()),
    }
    watches = [
        _watch(REVISED, "olmo-2"),
        _watch(GREW, "olmo-2", unchecked_since=LATER, reason="429 <b>Rate exceeded.</b>"),
        _watch(CITED, "olmo-2", snapshot=None),
        _watch(REPLACED, "deepseek-r1"),
        _watch(DELETED, "deepseek-v3"),
        _watch(FIRST, "minimax-01"),
        _watch(WEIGHTS, "minimax-01"),
    ]
    watches[4] = replace(
        watches[4], snapshot=Snapshot(None, None, DELETED.url, "x", "blob", gone=True)
    )
    base = Ledger(
        started=STARTED,
        feed_prefix="tag:example.org,2025:",
        reports={
            key: ReportRecord(NAMES[key], PATH, own=own, cited=cited, changed=STARTED)
            for key, (own, cited) in records.items()
        },
        watches={watch.upstream.key: watch for watch in watches},
        changes=CHANGES,
        notes=NEWS,
    )
    return replace(base, **values)


if __name__ == "__main__":  # what a test runs under another time zone, locale and hash seed
    from tracker.publish import build

    made = build(site(), ledger(), {PATH: post()})
    json.dump({name: hashlib.sha256(data).hexdigest() for name, data in made.items()}, sys.stdout)
