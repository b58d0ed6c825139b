"""`tracker init`: what it finds, what it asks, what it writes, and what it leaves to the owner."""

import subprocess

import pytest
import yaml
from click.testing import CliRunner

from tracker import workflow
from tracker.cli import main
from tracker.model import TrackerError
from tracker.setup import Wishes, init

LIST = "# Tools\n\n- [one](https://github.com/o/one)\n"
POST = "---\ntitle: Notes\n---\n\n### A\n\n- [pdf](https://arxiv.org/abs/2501.00656)\n"
JEKYLL = {"_config.yml": "url: https://ada.example\n", "_posts/2025-01-21-x.md": POST}
HUGO = {"hugo.toml": 'baseURL = "https://ada.example/"\n', "content/posts/x.md": POST}
PLAIN = {"README.md": LIST}
DEPLOY = """\
name: deploy
on: {push: {branches: [main]}, workflow_dispatch: }
jobs: {build: {runs-on: x, steps: [{uses: actions/deploy-pages@v4}]}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder that is filled with files, and what is said and asked when it is set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workflow, "installed", lambda: workflow.Source("ada/tracker", "1" * 40))
    return Here(tmp_path)


class Here:
    def __init__(self, root):
        self.root, self.asked = root, []

    def fill(self, files):
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def init(self, answers=(), **wishes):
        """What is said, as one text; questions get `answers` in turn, then their default."""
        replies = iter(answers)

        def ask(question, default):
            self.asked.append(question)
            return next(replies, default)

        return "\n".join(init(self.root, Wishes(**wishes), ask))

    def flow(self):
        return yaml.safe_load((self.root / workflow.FILE).read_text())["jobs"]["tracker"]

    def files(self):
        return {p: p.read_bytes() for p in self.root.rglob("*") if p.is_file()}


FOUND = {
    "Jekyll": (JEKYLL, ".tracker/tracker.toml", "_posts/**/*.md", "feeds/"),
    "Hugo": (HUGO, ".tracker/tracker.toml", "content/**/*.md", "static/feeds/"),
    "MkDocs": (
        {"mkdocs.yml": "site_url: https://ada.example/\n", "docs/x.md": LIST, "README.md": LIST},
        ".tracker/tracker.toml",
        "docs/**/*.md",
        "docs/feeds/",
    ),
    "a list": (PLAIN | {"CNAME": "ada.example"}, "tracker.toml", "README.md", "feeds/"),
    "Jekyll with notes in its README alone": (
        {"_config.yml": "url: https://ada.example\n", "README.md": LIST},
        ".tracker/tracker.toml",
        "README.md",
        "feeds/",
    ),
}


@pytest.mark.parametrize(("files", "settings", "posts", "feeds"), FOUND.values(), ids=FOUND)
def test_what_is_found_is_not_asked(here, files, settings, posts, feeds):
    """Settings, posts, address and feeds of each kind of site; a blog's README is no post."""
    here.fill(files)
    said = here.init()
    assert here.asked == []
    assert f'posts = ["{posts}"]' in (here.root / settings).read_text()
    assert f"Feeds will be in {feeds} and at https://ada.example/feeds/" in said
    assert '<link rel="alternate" type="application/rss+xml"' in said
    assert f"git add {settings.partition('/')[0]} .github/workflows/tracker.yml && git" in said
    assert "Allow GitHub Actions to create and approve pull requests" in said
    assert "tracker refresh --dry-run" in said
    assert "Actions > tracker > Run workflow" in said


def test_globs_that_find_the_same_posts_are_one(here):
    """Astro's have one inside the other."""
    here.fill({".eleventy.js": "", "content/posts/x.md": POST, "src/y.md": "nothing"})
    here.init()
    text = (here.root / ".tracker/tracker.toml").read_text()
    assert 'posts = ["content/**/*.md"]' in text


def test_only_what_cannot_be_found_is_asked(here, monkeypatch):
    """Posts, address and tracker's own place; the answers are what is written."""
    monkeypatch.setattr(workflow, "installed", lambda: None)
    here.fill({"writing/x.md": POST})
    here.init(["writing/*.md", "https://ada.example/", "ada/tracker@v1"])
    assert len(here.asked) == 3
    text = (here.root / "tracker.toml").read_text()
    assert 'posts = ["writing/*.md"]' in text
    assert '\nsite_url = "https://ada.example/"' in text
    assert here.flow()["uses"] == "ada/tracker/.github/workflows/refresh.yml@v1"


def test_without_answers_what_is_missing_is_said(here, monkeypatch):
    """No address: no feeds; no place of tracker's: lines to complete."""
    monkeypatch.setattr(workflow, "installed", lambda: None)
    here.fill(PLAIN)
    said = here.init()
    assert "set site_url in tracker.toml" in said
    assert "complete OWNER/NAME and REF in .github/workflows/tracker.yml" in said
    assert "<link" not in said


@pytest.mark.parametrize("words", [[], ["--yes"]])
def test_nothing_is_asked_in_a_pipe(here, words, monkeypatch):
    """Nor with --yes."""
    monkeypatch.setattr("click.prompt", lambda *_a, **_k: pytest.fail("it asked"))
    here.fill(PLAIN)
    assert CliRunner().invoke(main, ["init", *words], input="").exit_code == 0


def test_a_second_time_harms_nothing(here):
    """Files that are there stay byte for byte, the edited ones too, and that is said."""
    here.fill(JEKYLL)
    here.init()
    for name in (".tracker/tracker.toml", workflow.FILE):
        (here.root / name).write_text((here.root / name).read_text() + "# mine\n")
    before = here.files()
    said = here.init(site_url="https://other.example/", mode="push")
    assert here.files() == before
    assert said.count("is there already: nothing was changed.") == 2


def test_a_workflow_of_another_name_is_found(here):
    """One that calls tracker's is not joined by a second."""
    here.fill(JEKYLL)
    here.init()
    (here.root / workflow.FILE).rename(here.root / ".github/workflows/notes.yaml")
    assert ".github/workflows/notes.yaml is there already" in here.init()
    assert not (here.root / workflow.FILE).exists()


def git(root, *words):
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def test_a_workflow_is_for_the_top_of_a_repository_on_github(here, tmp_path):
    """Else none is written, and why is said."""
    here.fill(PLAIN | {"blog/README.md": LIST})
    git(tmp_path, "init", "--quiet")
    below = Here(tmp_path / "blog")
    assert f"at the top of a repository, {tmp_path}" in below.init()
    git(tmp_path, "remote", "add", "origin", "https://secret@gitlab.com/ada/notes")
    said = here.init()
    assert "origin is not on GitHub" in said
    assert "secret" not in said
    assert "Run workflow" not in said
    assert not list(tmp_path.rglob("tracker.yml"))


def test_no_workflow_if_none_is_wanted(here):
    """Then nothing of GitHub's is asked of the owner."""
    here.fill(PLAIN)
    said = here.init(workflow=False)
    assert "GitHub, Settings" not in said
    assert not (here.root / ".github").exists()


WISHES = {
    "an address that is none": (PLAIN, {"site_url": 'x"y'}, "--site-url: must look like"),
    "a tracker that is none": (PLAIN, {"tracker": "ada"}, "--tracker: must look like"),
    "pages beside a generator": (HUGO, {"publish": "pages"}, "would replace the site of hugo.toml"),
    "pages beside another workflow": (
        PLAIN | {".github/workflows/deploy.yml": DEPLOY},
        {"publish": "pages"},
        "would replace the site of deploy.yml",
    ),
}


@pytest.mark.parametrize(("files", "wishes", "message"), WISHES.values(), ids=WISHES)
def test_a_wish_that_cannot_be_meant_is_refused(here, files, wishes, message):
    """In one line, and nothing is written."""
    here.fill(files)
    before = here.files()
    with pytest.raises(TrackerError, match=message):
        here.init(**wishes)
    assert here.files() == before


def test_push_needs_no_pull_requests_and_pages_their_source(here):
    """What is asked of the owner follows from what was chosen."""
    here.fill(PLAIN)
    said = here.init(mode="push", publish="pages")
    assert "pull requests" not in said
    assert 'set the source to "GitHub Actions"' in said
    assert here.flow()["with"]["publish"] == "pages"
    assert here.flow()["with"]["mode"] == "push"


def test_a_workflow_of_the_same_name_that_is_the_owners(here):
    """It is left alone, and not taken for one that runs tracker."""
    here.fill({**JEKYLL, workflow.FILE: "name: mine\n"})
    said = here.init()
    assert f"{workflow.FILE} is there already, and does not call tracker's: rename it" in said
    assert "Run workflow" not in said
    assert (here.root / workflow.FILE).read_text() == "name: mine\n"


def test_what_stands_in_the_way_of_the_commit_is_a_step(here):
    """No repository; a .gitignore that leaves out what is to be committed."""
    here.fill({**JEKYLL, ".gitignore": ".*\nfeeds/\n"})
    assert "1. Make this folder a git repository" in here.init(workflow=False)
    subprocess.run(["git", "init", "-q"], cwd=here.root, check=True)
    assert "1. .gitignore leaves out .tracker, feeds/: take that out of it." in here.init(
        workflow=False
    )
