"""Links by number, and the facts behind them: made of the number alone, so that none are kept.
Names are of one length, so that the size of what is written grows with their number only.

Two links a report, as in a real post: a paper, and a repository, a file or a model. So half of the
links are arXiv's, three in ten GitHub's, two in ten Hugging Face's, ten models an owner. The posts
were updated on a day; one upstream in fifty has something newer.
"""

from __future__ import annotations

import re
from typing import Any

from tracker.demo.wire import Fact, Request, derived

UPDATED = "2025-01-22"
_BEFORE, _AFTER, _LATER = "2024-11-05T10:00:00Z", "2025-06-05T10:00:00Z", "2025-08-10T10:00:00Z"
_MONTH = 20_000  # papers with ids of one month
_OWNS = 10
_NEWS = 50
_FILE = "report.pdf"
_RELEASED, _KEPT, _TAGGED = range(3)  # what a repository is linked for: releases, a file, tags


def paper_link(report: int) -> str:
    """The paper of a report."""
    month, number = divmod(report, _MONTH)
    return f"https://arxiv.org/abs/23{month + 1:02d}.{number + 1:05d}"


def other_link(report: int) -> str:
    """The repository, file or model of a report."""
    five, place = divmod(report, 5)
    if place % 2:
        return f"https://huggingface.co/{_model_name(2 * five + place // 2)}"
    number = 3 * five + place // 2
    place_of_file = f"/blob/main/{_FILE}" if number % 3 == _KEPT else ""
    return f"https://github.com/{_repository_name(number)}{place_of_file}"


def api_question(link: str) -> tuple[str, str]:
    """Where a watcher of pages asks about a link that is not a paper's, below the server's
    address, and the pattern of the version in the answer."""
    host, _, place = link.removeprefix("https://").partition("/")
    if host == "huggingface.co":
        return f"/huggingface/api/models/{place}", r'"sha":"([0-9a-f]{40})"'
    name, _, file = place.partition("/blob/main/")
    repository = f"/github/repos/{name}"
    if file:
        commits = f"{repository}/commits?sha=main&path={file}&per_page=1"
        return commits, r'^\[\{"sha":"([0-9a-f]{40})"'
    if _number(name) % 3 == _RELEASED:
        return f"{repository}/releases/latest", r'"tag_name":"([^"]+)"'
    return f"{repository}/tags", r'"name":"([^"]+)"'


def facts(service: str, request: Request) -> Fact:
    """The facts that one request is about."""
    match service:
        case "arxiv":
            asked = request.word("id_list") + request.word("identifier")
            ids = re.findall(r"23\d\d\.\d{5}", asked)
            return {"papers": [_paper(name) for name in dict.fromkeys(ids)]}
        case "github":
            names = re.findall(r"[\w-]+/report-\d+", request.path)
            return {"repositories": [_repository(name) for name in names[:1]]}
        case "huggingface":
            return {"models": [_model(number) for number in _asked(request)]}
    return {}


def _news(number: int) -> list[str]:
    """The days on which something came: one, and for one in fifty a second."""
    return [_BEFORE, _AFTER] if number % _NEWS == _NEWS // 2 else [_BEFORE]


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


def _paper(name: str) -> Fact:
    month, number = int(name[2:4]), int(name[5:])
    days = _news((month - 1) * _MONTH + number - 1)
    days += [_LATER] if len(days) > 1 else []  # a version between, whose date is asked for
    return {"id": name, "title": f"Paper {name}", "versions": [{"date": day} for day in days]}


def _repository_name(number: int) -> str:
    return f"lab-{number // _OWNS:05d}/report-{number:05d}"


def _repository(name: str) -> Fact:
    number = _number(name)
    days = _news(number)
    commits = [
        {
            "sha": derived("commit", number, day),
            "date": day,
            "message": f"The report of {day[:10]}",
            "files": {_FILE: {"blob": derived("blob", number, day)}, "README.md": {"text": name}},
        }
        for day in days
    ]
    marks = [{"tag": f"v1.{n}", "name": f"v1.{n}", "date": day} for n, day in enumerate(days)]
    found: dict[str, Any] = {"id": 1000 + number, "full_name": name, "commits": commits}
    if number % 3 == _RELEASED:
        return {**found, "releases": marks}
    return {**found, "tags": marks} if number % 3 == _TAGGED else found


def _model_name(number: int) -> str:
    return f"group-{number // _OWNS:05d}/model-{number:05d}"


def _asked(request: Request) -> list[int]:
    if author := request.word("author"):
        first = _OWNS * _number(author)
        return list(range(first, first + _OWNS))
    return [int(number) for number in re.findall(r"/model-(\d+)", request.path)]


def _model(number: int) -> Fact:
    commits = [
        {
            "sha": derived("revision", number, day),
            "date": day,
            "title": f"Weights of {day[:10]}",
            "files": {"model.safetensors": {"size": 4_000_000_000, "lfs": True}},
        }
        for day in _news(number)
    ]
    return {"id": _model_name(number), "created": _BEFORE, "commits": commits}
