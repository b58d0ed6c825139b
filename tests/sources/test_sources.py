"""The kinds together: each link has one, each question an answer, and no failure leaves."""

import pytest
from conftest import at

from tracker import sources
from tracker.config import Endpoints
from tracker.http import Http
from tracker.model import Found, Question, Snapshot, Unchecked, Upstream

PAPER = Question(Upstream("arxiv:2501.08313", "2501.08313"))
MODEL = Question(Upstream("huggingface:models/o/m", "models/o/m"))

HOSTILE = [
    "http://a\\@arxiv.org/abs/2501.08313",
    "https://arxiv.org@evil.example/abs/2501.08313",
    "https://evil.example/https://arxiv.org/abs/2501.08313",
    "https://arxiv.org.evil.example/abs/2501.08313",
    "https://xn--rxiv-5na.org/abs/2501.08313",
    "https://arxiv.org:8080/abs/2501.08313",
    "https://user:pw@arxiv.org/abs/2501.08313",
    "https://arxiv.org/abs/２５０１.08313",
    "https://arxiv.org/abs/2501.08313\n",
    "https://arxiv.org/abs/../2501.08313",
    "https://huggingface.co%2f..%2fo/m",
    "https://huggingface.co/../o",
    "https://huggingface.co/o/..",
    "https://github.com/o/..",
    "https://github.com/../r",
    "https://github.com/o/r/blob/main/../../x",
    "https://github.com/o/r/blob/main/%2e%2e/x",
    "https://github.com/o%2fr/r/blob/main/x%00",
    "file:///etc/passwd",
    "javascript:alert(1)//https://arxiv.org/abs/2501.08313",
    "ftp://arxiv.org/abs/2501.08313",
    "//arxiv.org/abs/2501.08313",
    "https://arxiv.org/abs/" + "9" * 600,
    "https://[::1]/abs/2501.08313",
    "https://127.0.0.1/abs/2501.08313",
    "https://arxiv。org/abs/2501.08313",
    "https://arxiv.org\t/abs/2501.08313",
    "https:/\\arxiv.org/abs/2501.08313",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_spelling_names_nothing(url):
    """Only a plain address of a known host becomes an upstream."""
    target = sources.identify(url)
    assert target is None or target.upstream is None


def test_an_answer_that_nobody_foresaw_sinks_no_run(monkeypatch):
    """A bug in one source leaves its upstreams unchecked, with a reason, and the others answered."""
    snapshot = Snapshot("v1", at("2025-01-14"), "https://arxiv.org/abs/2501.08313v1", "A paper")

    def fails(_questions, _http, _endpoints):
        raise RecursionError
        yield

    monkeypatch.setattr(sources.huggingface, "ask", fails)
    monkeypatch.setattr(
        sources.arxiv, "ask", lambda qs, _h, _e: ((q.upstream.key, Found(snapshot)) for q in qs)
    )
    answers = sources.latest([PAPER, MODEL], Http(), Endpoints())
    assert answers["arxiv:2501.08313"] == Found(snapshot)
    assert isinstance(answers["huggingface:models/o/m"], Unchecked)
    assert "RecursionError" in answers["huggingface:models/o/m"].reason


def test_papers_that_a_changed_upstream_names_are_asked_in_a_second_round(monkeypatch):
    """Each once, and not those that are asked for anyway."""
    rounds = []

    def ask(questions, _http, _endpoints):
        rounds.append(sorted(q.upstream.key for q in questions))
        return iter(())

    snapshot = Snapshot("a", at("2025-01-14"), "https://x", "o/m", basis="revision")
    found = Found(snapshot, papers=("2501.08313", "2501.12948"))
    monkeypatch.setattr(sources.arxiv, "ask", ask)
    monkeypatch.setattr(
        sources.huggingface, "ask", lambda qs, _h, _e: ((q.upstream.key, found) for q in qs)
    )
    sources.latest([PAPER, MODEL], Http(), Endpoints())
    assert rounds == [["arxiv:2501.08313"], ["arxiv:2501.12948"]]
