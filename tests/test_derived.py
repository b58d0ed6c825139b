"""What is published stands or is made anew: archives for ever, pages while they are new."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import at

sys.path.insert(0, str(Path(__file__).parent / "publish"))

from publishing import LATER, PATH, REVISED, TEXT, ledger

from tracker import derived
from tracker.config import load
from tracker.model import Ledger
from tracker.post import parse
from tracker.sources import identify

ARCHIVE = "feeds/archive-1.xml"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "tracker.toml").write_text('site_url = "https://example.org/"\n')
    return load(tmp_path, {})


def many(count):
    changes = tuple(
        replace(REVISED, id=f"arxiv:2501.00656@v{n}", new=f"v{n}", found=LATER + timedelta(hours=n))
        for n in range(count)
    )
    return ledger(changes=changes, notes=())


def derive(project, before, now):
    posts = [parse(PATH, TEXT.encode(), identify, frozenset())]
    done, files = derived.derive(project, before, now, posts, {}, at("2025-10-09"))
    for name, content in files.items():
        path = project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return done, files


def test_an_archive_that_stands_is_kept_as_it_is(project):
    done, files = derive(project, Ledger(), many(120))
    assert ARCHIVE in files
    later, files = derive(project, done, replace(many(130), published=done.published))
    assert ARCHIVE not in files
    assert later.published[ARCHIVE] == done.published[ARCHIVE]


@pytest.mark.parametrize("harm", ["deleted", "edited"])
def test_an_archive_that_was_harmed_is_made_anew(project, harm):
    done, _ = derive(project, Ledger(), many(120))
    path = project.root / ARCHIVE
    before = path.read_bytes()
    path.unlink() if harm == "deleted" else path.write_bytes(b"x")
    posts = [parse(PATH, TEXT.encode(), identify, frozenset())]
    assert not derived.stand(project, done, posts)
    _, files = derive(project, done, replace(many(120), published=done.published))
    assert files[ARCHIVE] == before


def test_a_new_template_leaves_an_archive_alone(project):
    done, _ = derive(project, Ledger(), many(120))
    own = project.root / "templates"
    own.mkdir()
    (own / "entry.html").write_text("<p>new</p>\n")
    later, files = derive(project, done, replace(many(120), published=done.published))
    assert ARCHIVE not in files
    assert b"new" in files["feeds/atom.xml"]
    assert derived.stand(project, later, [parse(PATH, TEXT.encode(), identify, frozenset())])


def test_a_run_that_was_killed_before_its_pages_has_them_made_by_the_next(project):
    """The ledger with the changes is there, and none of the files."""
    posts = [parse(PATH, TEXT.encode(), identify, frozenset())]
    done, files = derived.derive(project, Ledger(), many(120), posts, {}, at("2025-10-09"))
    _, again = derived.derive(project, done, done, posts, {}, at("2025-10-09"))
    assert again == files


def test_the_pages_of_a_first_run_are_all_made_and_later_the_new_ones(project):
    done, files = derive(project, Ledger(), many(120))
    assert sum(name.startswith("feeds/changes/") for name in files) == 120
    _, files = derive(project, done, replace(many(121), published=done.published))
    assert sum(name.startswith("feeds/changes/") for name in files) == 100
