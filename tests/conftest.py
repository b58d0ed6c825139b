"""What every test gets: no way to the network, a fixed clock, and the posts that tests read."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "posts" / "2025-01-21-llm-tech-report-notes.md"
SHARED = ROOT.parent / "shared"

NAMES_OF_OURS = (
    "GITHUB_",
    "GH_",
    "HF_",
    "ARXIV_",
    "SOURCE_DATE_EPOCH",
    "http_proxy",
    "https_proxy",
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """A test may speak to this machine and to nobody else."""
    connect = socket.socket.connect

    def only_here(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            pytest.fail(f"a test asked for {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """Tokens, proxies and addresses of the machine that runs the tests do not count."""
    import os

    for name in list(os.environ):
        if name.startswith(NAMES_OF_OURS) or name.upper() in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name)


_COMPARED: dict = {}


@pytest.fixture
def compared_once(monkeypatch):
    """The same two files are compared once in all tests: a process each takes its time."""
    from tracker.papers import apart

    compare = apart.compare

    def once(*words):
        if words not in _COMPARED:
            _COMPARED[words] = compare(*words)
        return _COMPARED[words]

    monkeypatch.setattr(apart, "compare", once)


def at(text: str) -> datetime:
    """An instant in UTC: a day, or a day and a time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def shared():
    """The folder of real documents that stands beside some checkouts."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED
