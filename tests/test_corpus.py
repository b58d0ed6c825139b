"""Every link of real documents: found where a renderer shows it, and mapped to what it names."""

import json
import re
from collections import Counter
from urllib.parse import unquote, urlsplit

import pytest

from tracker.post import parse
from tracker.sources import identify

ENOUGH = 0.999  # of the links, both ways
HOSTS = (
    "arxiv.org", "github.com", "githubusercontent.com", "huggingface.co", "hf.co", "doi.org",
    "alphaxiv.org", "ar5iv.org",
)  # fmt: skip


@pytest.fixture(scope="module")
def documents():
    """(name, post, links that a renderer shows, addresses that are none) of each."""
    from conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    read = []
    for truth in sorted((SHARED / "corpus/truth").glob("*[0-9].json")):
        source = next((SHARED / "corpus").glob(f"{truth.stem}.md*")).read_bytes()
        try:
            source.decode()
        except UnicodeDecodeError:
            continue  # refused, as `test_post` says
        nothing = truth.with_suffix(".neg.json")
        read.append(
            (
                truth.stem,
                parse(truth.stem, source, identify),
                json.loads(truth.read_bytes()),
                json.loads(nothing.read_bytes()) if nothing.exists() else [],
            )
        )
    return read


def share(right, of):
    """What part of these is right."""
    return right.total() / of.total()


def test_every_link_is_found_at_its_line_and_nothing_else_is(documents):
    """At least 99.9 % both ways."""
    shown, found = Counter(), Counter()
    for name, post, links, _ in documents:
        shown.update((name, link["url"], link["line"]) for link in links)
        found.update(
            (name, k.url, k.line)
            for k in post.links
            if (urlsplit(k.url).hostname or "").endswith(HOSTS)
            and ("doi.org" not in k.url or "arxiv" in k.url.lower())
        )
    assert shown.total() > 3000
    assert share(shown & found, shown) >= ENOUGH, shown - found
    assert share(shown & found, found) >= ENOUGH, found - shown


def test_every_link_names_what_it_names(documents):
    """Kind, id and pinned version, or nothing to watch."""
    wrong = []
    total = 0
    for name, post, links, _ in documents:
        targets = {k.url: k.target for k in post.links}
        for link in links:
            if link["url"] not in targets:
                continue
            total += 1
            target = targets[link["url"]]
            said = target.upstream.key if target and target.upstream else None
            pinned = target.pinned if target else None
            if not agrees(said, link) or (link["version"] and pinned != link["version"]):
                wrong.append((name, link, said, pinned))
    assert total > 3000
    assert len(wrong) / total <= 1 - ENOUGH, wrong[:20]


UNVERSIONED = re.compile(r"github\.com/[^/]+/[^/]+/(issues|pull|assets|compare|discussions)\b")


def agrees(key, link):
    """Whether a key says the same as the truth of a link."""
    if not link["trackable"] or UNVERSIONED.search(link["url"]):
        return key is None
    kind, _, rest = (key or "").partition(":")
    want = link["id"].lower()
    if kind == "arxiv":
        return link["kind"] in ("arxiv", "huggingface") and want.removeprefix("papers/") == rest
    if want.startswith("collections/"):
        return rest == f"collections/{want[-24:]}"
    return kind == link["kind"] and want in unquote(rest).lower()


def test_what_is_no_link_is_none(documents):
    """Code, comments, front matter, words of a link: never found at their lines as links."""
    for name, post, links, nothing in documents:
        shown = Counter((link["url"], link["line"]) for link in links)
        found = Counter((k.url, k.line) for k in post.links)
        for no in nothing:
            place = (no["url"], no["line"])
            assert found[place] <= shown[place], (name, no)
