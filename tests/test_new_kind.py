"""Adding a kind of upstream is one module and one word in SOURCES."""

from types import SimpleNamespace

import pytest
from conftest import at

from tracker import run, sources, state
from tracker.config import Endpoints, load
from tracker.difference import Difference, KeyChange
from tracker.http import Http
from tracker.model import Found, Snapshot, Target, Upstream, Version

LATER = at("2025-11-22T12:00:00")
POST = """---
title: "Notes (updated on 01/22/2025)"
---

### R (01/13/2025)

- [software](https://zenodo.org/records/123)
"""


def zenodo(basis, version):
    """A source for another kind of link, as CONTRIBUTING tells to write one."""

    def identify(url):
        if url.netloc != "zenodo.org":
            return None
        number = url.path.rpartition("/")[2]
        return Target("zenodo", Upstream(f"zenodo:{number}", number))

    def ask(questions, _http, _endpoints):
        for question in questions:
            url = f"https://zenodo.org/records/{question.upstream.name}/{version}"
            yield (
                question.upstream.key,
                Found(
                    Snapshot(version, at("2025-03-01"), url, "Software", basis=basis),
                    (Version(version, at("2025-03-01"), url), Version("v1", at("2025-01-01"), url)),
                    papers=("2501.00001",),
                ),
            )

    def compare(pairs, _http, _endpoints):
        for pair in pairs:
            keys = (KeyChange("metadata.json", "license", '"mit"', '"gpl"'),)
            yield pair.upstream.key, Difference(keys=keys)

    return SimpleNamespace(NAME="zenodo", identify=identify, ask=ask, compare=compare)


@pytest.mark.parametrize("basis", ["version", "release", "tag", "revision", "commit", "blob"])
def test_a_new_kind_works_from_the_post_to_the_feeds(tmp_path, monkeypatch, basis):
    """Found, told with the source's own address, remembered, and nothing twice."""
    monkeypatch.setattr(sources, "SOURCES", (zenodo(basis, "v2"),))
    (tmp_path / "README.md").write_text(POST)
    (tmp_path / "tracker.toml").write_text('site_url = "https://example.org/"\n')
    site = load(tmp_path, {})

    def refresh():
        return run.refresh(
            site,
            run.Wishes(),
            LATER,
            lambda questions: sources.latest(questions, Http(), Endpoints()),
            lambda pairs: sources.differences(pairs, Http(), Endpoints()),
        )

    (change,) = refresh().changes
    assert (change.upstream, change.old, change.new) == ("zenodo:123", "v1", "v2")
    text = (tmp_path / "README.md").read_text()
    assert text.count("https://zenodo.org/records/123/v2") == (basis != "commit")  # a minor one
    assert "arxiv.org" not in text
    compared = basis in ("version", "blob", "revision")
    assert ('metadata.json: license "mit" → "gpl".' in change.details) == compared
    assert state.load(tmp_path / site.state, "x").watches["zenodo:123"].snapshot.version == "v2"
    assert refresh().written == ()
