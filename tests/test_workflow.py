"""The workflow that `tracker init` writes: whom it calls, with which rights, and which build."""

import json
import shutil
import subprocess
from importlib.metadata import PathDistribution

import pytest
import yaml
from conftest import ROOT

from tracker import config, generators, workflow
from tracker.workflow import Build, Source

HERE = Source("ada/tracker", "1" * 40)
REUSABLE = ROOT / ".github/workflows/refresh.yml"


def flow(**words):
    named = {"calls": HERE, "mode": "review", "publish": "commit", "build": ""} | words
    return yaml.safe_load(workflow.text(**named))


def test_it_runs_twice_a_day_and_by_hand():
    """Off the full hour; nothing has a right but the job."""
    made = flow()
    assert [row["cron"] for row in made[True]["schedule"]] == ["37 6 * * *", "13 15 * * *"]
    inputs = made[True]["workflow_dispatch"]["inputs"]
    assert {name: row["type"] for name, row in inputs.items()} == {
        "only": "string", "dry_run": "boolean",
    }  # fmt: skip
    assert made["permissions"] == {}


def test_it_calls_one_commit_and_checks_out_the_same():
    """What is called and what is installed are one version."""
    job = flow(mode="push", build="deploy.yml")["jobs"]["tracker"]
    assert job["uses"] == f"ada/tracker/.github/workflows/refresh.yml@{'1' * 40}"
    assert job["with"] == {
        "mode": "push",
        "publish": "commit",
        "build": "deploy.yml",
        "tracker-repository": "ada/tracker",
        "tracker-ref": "1" * 40,
        "only": "${{ inputs.only }}",
        "dry_run": "${{ inputs.dry_run || false }}",
    }
    assert job["secrets"] == {"HF_TOKEN": "${{ secrets.HF_TOKEN }}"}


def test_it_gives_what_the_called_workflow_takes():
    """Inputs and secrets of the same names; every right that a job of it wants. GitHub refuses to
    start the whole where one is missing, also for a job that would be skipped."""
    if not REUSABLE.is_file():
        pytest.skip("no .github/workflows/refresh.yml in this checkout")
    called = yaml.safe_load(REUSABLE.read_text())
    wanted = called[True]["workflow_call"]
    job = flow()["jobs"]["tracker"]
    assert set(job["with"]) <= set(wanted["inputs"])
    assert set(job["secrets"]) <= set(wanted["secrets"])
    rights = {
        name
        for part in called["jobs"].values()
        for name, right in part["permissions"].items()
        if right == "write"
    }
    assert {name for name, right in job["permissions"].items() if right == "write"} == rights


@pytest.mark.parametrize("calls", [HERE, None], ids=["known", "to be completed"])
def test_linters_have_no_complaint(tmp_path, calls):
    """actionlint and the schema, where they are installed (make workflows)."""
    tools = {name: found for name in ("actionlint", "check-jsonschema") if (found := _tool(name))}
    if not tools:
        pytest.skip("neither actionlint nor check-jsonschema here: make workflows installs them")
    path = tmp_path / "tracker.yml"
    path.write_text(workflow.text(calls, "review", "commit", "deploy.yml"))
    options = {"check-jsonschema": ["--builtin-schema", "vendor.github-workflows"]}
    for name, tool in tools.items():
        told = subprocess.run(
            [tool, *options.get(name, []), path], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout + told.stderr


def _tool(name):
    return shutil.which(name) or shutil.which(name, path=ROOT / ".venv/workflows/bin")


# --- whence tracker was installed ---------------------------------------------------------------

SHA = "2" * 40
ORIGINS = {
    "a commit on GitHub": (
        {"url": "https://github.com/Ada/tracker.git", "vcs_info": {"vcs": "git", "commit_id": SHA}},
        Source("Ada/tracker", SHA),
    ),
    "a commit elsewhere": (
        {"url": "https://gitlab.com/a/t.git", "vcs_info": {"vcs": "git", "commit_id": SHA}},
        None,
    ),
    "an archive": ({"url": "https://github.com/a/t/x.zip", "archive_info": {}}, None),
    "a folder that is gone": ({"url": "file:///nowhere/at/all", "dir_info": {}}, None),
    "an index": (None, None),
}


def installed(folder, origin):
    """A distribution as pip leaves it (https://packaging.python.org/en/latest/specifications/direct-url/)."""
    if origin is not None:
        (folder / "direct_url.json").write_text(json.dumps(origin))
    return workflow.installed(PathDistribution(folder))


@pytest.mark.parametrize(("origin", "expected"), ORIGINS.values(), ids=ORIGINS)
def test_where_tracker_was_installed_from(tmp_path, origin, expected):
    """A repository on GitHub and a commit, or nothing."""
    assert installed(tmp_path, origin) == expected


def test_a_checkout_is_its_commit(tmp_path):
    """Of the repository that its origin is."""
    checkout = tmp_path / "a checkout"
    checkout.mkdir()
    words = [
        ["init", "--quiet"],
        ["remote", "add", "origin", "git@github.com:ada/tracker.git"],
        ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet",
         "--allow-empty", "--message", "x"],
    ]  # fmt: skip
    for line in words:
        subprocess.run(["git", *line], cwd=checkout, check=True, capture_output=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.strip()
    origin = {"url": checkout.as_uri(), "dir_info": {"editable": True}}
    assert installed(tmp_path, origin) == Source("ada/tracker", head)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("ada/tracker@v1.2", Source("ada/tracker", "v1.2")),
        ("ada/tracker@release/1", Source("ada/tracker", "release/1")),
        ("ada/tracker", None),
        ("https://github.com/ada/tracker@v1", None),
        ("ada/tracker@v1 # x", None),
        (None, None),
    ],
)
def test_a_named_source(named, expected):
    """OWNER/NAME@REF, and nothing that could say more in a workflow."""
    assert workflow.source(named) == expected


# --- the site's own build -----------------------------------------------------------------------

STEPS = """\
on: {on}
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - {step}
"""
JEKYLL = {"_config.yml": "url: https://ada.github.io\n"}


def steps(step, on="{push: , workflow_dispatch: }"):
    return STEPS.format(on=on, step=step)


BUILDS = {
    "deploy-pages": ({"a.yml": steps("uses: actions/deploy-pages@v4")}, [Build("a.yml", True)]),
    "gh-pages": (
        {"a.yaml": steps("uses: peaceiris/actions-gh-pages@v4", on="[push]")},
        [Build("a.yaml", False)],
    ),
    "by hand alone": (
        {"a.yml": steps("run: mkdocs gh-deploy --force", on="workflow_dispatch")},
        [Build("a.yml", True)],
    ),
    "what publishes stands first": (
        {
            "a.yml": steps("run: bundle exec jekyll build"),
            "b.yml": steps("uses: actions/deploy-pages@v4"),
        },
        [Build("b.yml", True), Build("a.yml", True)],
    ),
    "hugo": ({"a.yml": steps("run: hugo --minify")}, [Build("a.yml", True)]),
    "a called workflow": (
        {"a.yml": "on: push\njobs: {x: {uses: withastro/action/x.yml@v1}}\n"},
        [Build("a.yml", False)],
    ),
    "tests alone": ({"a.yml": steps("run: pytest tests/hugo_test.py")}, []),
    "not YAML": ({"a.yml": "jobs: ["}, []),
    "no jobs": ({"a.yml": "jobs: 3\non: push\n"}, []),
}


def fill(root, flows, files=()):
    for name, text in {
        **{f".github/workflows/{n}": t for n, t in flows.items()},
        **dict(files),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize(("flows", "expected"), BUILDS.values(), ids=BUILDS)
def test_workflows_that_build_the_site(tmp_path, flows, expected):
    """By what their steps use and run."""
    fill(tmp_path, flows)
    assert workflow.builds(tmp_path) == expected


AFTER = {
    "a build that can be started": (
        {"a.yml": steps("uses: actions/deploy-pages@v4")},
        JEKYLL,
        ("a.yml", "starts a.yml"),
    ),
    "one that cannot": (
        {"a.yml": steps("uses: actions/deploy-pages@v4", on="push")},
        JEKYLL,
        ("", "add a line workflow_dispatch: below on: there"),
    ),
    "Jekyll built from a branch": ({}, JEKYLL, ("pages", "")),
    "Jekyll built from a branch, with a domain": (
        {},
        {"_config.yml": "title: x\n", "CNAME": "ada.example"},
        ("pages", ""),
    ),
    "Jekyll built elsewhere": ({}, {"_config.yml": "url: https://ada.example\n"}, ("", "")),
    "another generator": ({}, {"hugo.toml": 'baseURL = "https://ada.github.io"\n'}, ("", "")),
    "no site": ({}, {"README.md": "x"}, ("", "")),
}


@pytest.mark.parametrize(("flows", "files", "expected"), AFTER.values(), ids=AFTER)
def test_what_is_started_after_a_push(tmp_path, flows, files, expected):
    """A push with a workflow's own token starts nothing by itself."""
    fill(tmp_path, flows, files.items())
    site, generator = config.load(tmp_path, {}).sites[0], generators.find(tmp_path)
    build, said = workflow.build_of(tmp_path, site, generator, "commit")
    assert build == expected[0]
    assert expected[1] in " ".join(said)
    assert workflow.build_of(tmp_path, site, generator, "pages") == ("", [])
