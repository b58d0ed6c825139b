"""The workflow that `tracker init` writes: who calls what, and which build of the site follows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tracker.generators import Generator
from tracker.generators.files import mapping
from tracker.project import Site
from tracker.surroundings import domain_url, git, on_github, repository

FOLDER = ".github/workflows"
FILE = f"{FOLDER}/tracker.yml"
MODES = ("review", "push")
PUBLISH = ("commit", "pages")
# GitHub starts no workflow that calls one with a job that wants more, also if that job is skipped.
RIGHTS = ("contents", "pull-requests", "actions", "pages", "id-token")
_DISTRIBUTION = "tech-report-tracker"
_SOURCE = re.compile(r"([\w-]+/[\w.-]+)@([\w./-]+)")
_CALLS = re.compile(r"^[^/]+/[^/]+/\.github/workflows/refresh\.yml@")
_DEPLOYS = re.compile(
    r"actions/(deploy-pages|jekyll-build-pages)|peaceiris/actions-gh-pages"
    r"|JamesIves/github-pages-deploy-action|quarto-dev/quarto-actions/publish|withastro/action"
    r"|mkdocs gh-deploy|quarto publish"
)
_BUILDS = re.compile(r"peaceiris/actions-hugo|jekyll build|(^|\s)hugo(\s|$)|zola build", re.MULTILINE)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where tracker itself is: a repository, OWNER/NAME, and a commit, branch or tag of it."""

    repository: str
    ref: str


@dataclass(frozen=True)
class Build:
    """A workflow that builds or publishes the site, and whether it can be started from outside."""

    file: str
    startable: bool


def source(named: str | None) -> Source | None:
    """The source that OWNER/NAME@REF names, if it is one."""
    found = _SOURCE.fullmatch(named or "")
    return Source(found[1], found[2]) if found else None


def installed(package: Distribution | None = None) -> Source | None:
    """Where this tracker (or another package) was installed from, if that is a commit on GitHub
    (https://packaging.python.org/en/latest/specifications/direct-url/)."""
    if package is None:
        try:
            package = distribution(_DISTRIBUTION)
        except PackageNotFoundError:
            return None
    try:
        origin = json.loads(package.read_text("direct_url.json") or "{}")
    except ValueError:
        return None
    url, vcs = str(origin.get("url", "")), origin.get("vcs_info", {})
    if commit := vcs.get("commit_id"):
        name = on_github(url)
        return Source(name, commit) if name else None
    checkout = Path(unquote(urlsplit(url).path)) if url.startswith("file:") else None
    if checkout is None or not checkout.is_dir():
        return None
    name, commit = repository(checkout, {}), git(checkout, "rev-parse", "HEAD")
    return Source(name, commit) if name and commit else None


def builds(root: Path) -> list[Build]:
    """The workflows that build or publish the site, those that publish first."""
    found = []
    for path in sorted((root / FOLDER).glob("*.y*ml")):
        flow = mapping(path)
        said = "\n".join(_said(flow))
        if _DEPLOYS.search(said) or _BUILDS.search(said):
            # YAML 1.1 reads the key `on` as a truth.
            on = flow.get("on", flow.get(True))  # type: ignore[call-overload] # a key of YAML
            names = on if isinstance(on, Mapping | list) else [on]
            build = Build(path.name, "workflow_dispatch" in names)
            found.append((not _DEPLOYS.search(said), build))
    return [build for _, build in sorted(found, key=lambda pair: pair[0])]


def _said(flow: Mapping[str, Any]) -> Iterator[str]:
    """What the steps and jobs of a workflow use and run."""
    jobs = flow.get("jobs")
    for job in jobs.values() if isinstance(jobs, Mapping) else ():
        steps = job.get("steps") if isinstance(job, Mapping) else None
        for part in (job, *(steps if isinstance(steps, list) else ())):
            if isinstance(part, Mapping):
                yield from (part[key] for key in ("uses", "run") if isinstance(part.get(key), str))


def standing(root: Path) -> str:
    """The workflow that calls tracker's own already, whatever its name; none is empty."""
    for path in sorted((root / FOLDER).glob("*.y*ml")):
        if any(_CALLS.search(said) for said in _said(mapping(path))):
            return f"{FOLDER}/{path.name}"
    return ""


def build_of(root: Path, site: Site, generator: Generator, publish: str) -> tuple[str, list[str]]:
    """What to start after a push, since one with a workflow's own token starts nothing
    (https://docs.github.com/en/actions/concepts/security/github_token), and what to say of it."""
    if publish == "pages":
        return "", []
    found = builds(root)
    if ready := [build.file for build in found if build.startable]:
        return ready[0], [f"After each push it starts {ready[0]}, which builds the site."]
    if found:
        name = found[0].file
        said = f"{FOLDER}/{name} builds the site, and cannot be started: add a line "
        said += f'workflow_dispatch: below on: there, and write build: "{name}" in {FILE}'
        return "", [said]
    host = urlsplit(site.url or "").hostname or ""
    branch = host.endswith(".github.io") or site.url == domain_url(root, site.static)
    return ("pages", []) if generator.jekyll and branch else ("", [])


def text(calls: Source | None, mode: str, publish: str, build: str) -> str:
    """The workflow: it calls tracker's own at one commit, twice a day and by hand.

    build: what to start after a push: a workflow's file name, `pages`, or nothing.
    """
    rights = "\n".join(f"      {name}: write" for name in RIGHTS)
    where = calls or Source("OWNER/NAME", "REF")
    unknown = "" if calls else "  # complete OWNER/NAME and REF: where tracker is, and its commit"
    return f"""\
# Asks arXiv, GitHub and Hugging Face twice a day what the posts link to, and writes down what changed.
# Written by tracker init, which leaves it alone from now on: it is yours to edit.
name: tracker

on:
  schedule:
    - cron: "37 6 * * *"
    - cron: "13 15 * * *"
  workflow_dispatch:
    inputs:
      only:
        description: Ask about this report alone (a heading without its date)
        type: string
      dry_run:
        description: Show what would be written, and write nothing
        type: boolean

permissions: {{}}

jobs:
  tracker:
    permissions:  # the most that a job of it may have; each takes only its own
{rights}
    uses: {where.repository}/.github/workflows/refresh.yml@{where.ref}{unknown}
    with:
      mode: {mode}  # review: lines wait in a pull request; push: they go to the branch
      publish: {publish}
      build: "{build}"
      tracker-repository: {where.repository}
      tracker-ref: "{where.ref}"
      only: ${{{{ inputs.only }}}}
      dry_run: ${{{{ inputs.dry_run || false }}}}
    secrets:
      HF_TOKEN: ${{{{ secrets.HF_TOKEN }}}}
"""
