"""The mode `review`: state and feeds are published at once, lines are proposed in one pull request.

The pull request's branch is the default branch and one commit, made anew by each run. A run starts
from what stands in it, so that a line which somebody deleted there stays deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tracker import post, run, shelf, state
from tracker.actions.checkout import Checkout
from tracker.actions.delivery import Delivered, Job, folders, until_taken
from tracker.actions.markup import code, link
from tracker.actions.proposal import Proposal, proposal
from tracker.actions.published import published
from tracker.actions.pulls import Pull, Pulls, RefusedError
from tracker.model import Ledger, TrackerError
from tracker.project import Project
from tracker.run import Outcome
from tracker.sources import identify

BRANCH = "tracker/notes"
_NONE_LEFT = "No line is left to propose. What changes later gets a new pull request."
_ALLOW = "Settings > Actions > General > Allow GitHub Actions to create and approve pull requests"


@dataclass(frozen=True)
class _Drawn:
    """What a run drew: the default branch's commit, the proposal's on top of it, None where nothing
    is left to propose, and its words, None where no line of the tracker's is among it."""

    main: str
    notes: str | None
    words: Proposal | None


def review(job: Job, pulls_into: Callable[[str], Pulls]) -> Delivered:
    """Push state and feeds, and propose the posts' lines. pulls_into: those into a branch.

    Raises TrackerError where GitHub cannot be asked, or six pushes in a row were refused.
    """

    def attempt(branch: str, base: str) -> Delivered | None:
        pulls = pulls_into(branch)
        tip, known = job.checkout.fetch(BRANCH), pulls.all()
        pull = next((one for one in known if one.open), None)
        # A branch that never had a pull request is a proposal too: none may be made here.
        dealt_with = pull is None and any(one.head == tip for one in known)
        standing = None if dealt_with else tip
        project = job.load()
        said = _resumed(job, project, base, standing) if standing else []
        before = state.load(project.root / project.state, project.state)
        outcome = job.refresh(project)
        drawn = _draw(job, project, before, outcome, base)
        refs = {branch: drawn.main} if drawn.main != base else {}
        if drawn.notes and not (standing and _same(job.checkout, standing, drawn.notes)):
            refs[BRANCH] = drawn.notes
        elif not drawn.notes and standing:
            refs[BRANCH] = ""
        leases = {BRANCH: tip} if BRANCH in refs else {}
        if refs and not job.checkout.push(refs, leases):
            return None
        job.checkout.start(drawn.main)
        return Delivered(outcome, (*said, *_proposed(job, pulls, pull, drawn)))

    return until_taken(job, attempt)


def _same(checkout: Checkout, one: str, other: str) -> bool:
    """Whether two commits hold the same on top of the same."""
    return all(
        checkout.sha(f"{one}{of}") == checkout.sha(f"{other}{of}") for of in ("^{tree}", "^")
    )


# --- what stands in the proposal ---------------------------------------------------------------


def _resumed(job: Job, project: Project, base: str, tip: str) -> list[str]:
    """Put into the checkout what the proposal holds, as it was left there; in a conflict, have its
    lines put in anew. Returns what is to be said."""
    ledger = state.load(project.root / project.state, project.state)
    paths = {record.post for record in ledger.reports.values()}
    fork = job.checkout.fork(base, tip)
    # The proposal never changes the ledger: one that differs was taken out of the default branch.
    same = fork and job.checkout.show(fork, project.state) == job.checkout.show(tip, project.state)
    tree = job.checkout.merged(base, tip) if same else None
    if tree:
        job.checkout.take(tree, job.checkout.differing(base, tree, folders(project), paths))
        return []
    standing = {path: _lines(job.checkout, tip, path) for path in paths}
    fresh = {path: lines - _lines(job.checkout, base, path) for path, lines in standing.items()}
    state.write(project.root, project.state, state.dump(_unwritten(ledger, fresh)))
    former = link("its former state", f"{job.page}/commit/{tip}")
    told = (
        "The pull request could not be brought onto the default branch: both changed the same "
        "place, or the branch has another history now. Its lines were put in anew; what else was "
        f"written in it is in {former}."
    )
    return [told]


def _lines(checkout: Checkout, commit: str, path: str) -> frozenset[str]:
    return frozenset(checkout.show(commit, path).decode("utf-8", "replace").splitlines())


def _unwritten(ledger: Ledger, standing: dict[str, frozenset[str]]) -> Ledger:
    """The ledger with the lines that stand in posts, by path, as not yet put in."""
    stubs = (
        replace(stub, written=False)
        if stub.report in ledger.reports
        and stub.text in standing.get(ledger.reports[stub.report].post, ())
        else stub
        for stub in ledger.stubs
    )
    return replace(ledger, stubs=tuple(stubs))


# --- what a run draws --------------------------------------------------------------------------


def _draw(job: Job, project: Project, before: Ledger, outcome: Outcome, base: str) -> _Drawn:
    """Make the commits of what a refresh wrote into the checkout. before: its ledger until then."""
    checkout, kept = job.checkout, folders(project)
    posts = [read.path for read in outcome.posts]
    feeds = [f"{site.feeds}/" for site in project.sites]
    whole = checkout.add([*posts, *feeds])
    changed = checkout.differing(base, whole, kept, posts)  # feeds may be where posts are
    proposed = [path for path in changed if not _only_dated(checkout, base, whole, path)]
    made = [path for path in checkout.differing(base, whole) if path.startswith(tuple(feeds))]
    checkout.take(base, {*changed, *made})
    # Feeds and page are of the posts as they are published.
    ledger = published(project, before, outcome.ledger, job.now)
    state.write(project.root, project.state, state.dump(ledger))
    if any(site.url for site in project.sites):
        run.build(project, job.now)
    main = checkout.commit(checkout.add(kept), base, "Refresh state and feeds")
    if not proposed:
        return _Drawn(main, None, None)
    checkout.take(whole, proposed)
    notes = checkout.commit(checkout.add(()), main, "Propose notes")
    return _Drawn(main, notes, _words(checkout, project, outcome.ledger, main))


def _only_dated(checkout: Checkout, base: str, tree: str, path: str) -> bool:
    """Whether a post differs in the day of its update alone: no line is left in it then."""
    try:
        before, after = (
            post.parse(path, checkout.show(commit, path), identify) for commit in (base, tree)
        )
    except TrackerError:
        return False
    undated = [
        post.edit(read, [post.Edit(mark.start, mark.end, b"") for mark in read.front.updated])
        for read in (before, after)
    ]
    return undated[0] == undated[1]


def _words(checkout: Checkout, project: Project, ledger: Ledger, base: str) -> Proposal | None:
    posts = shelf.read_posts(project, ledger, ()).posts
    before = {read.path: checkout.show(base, read.path) for read in posts}
    return proposal(ledger, posts, before, project.settings or "tracker.toml")


# --- the pull request --------------------------------------------------------------------------


def _proposed(job: Job, pulls: Pulls, pull: Pull | None, drawn: _Drawn) -> Iterator[str]:
    """Open, edit or close the pull request. Gives what is to be said; what GitHub refuses is said
    with what to press, and is no failure: the branch is there."""
    try:
        if not drawn.notes:
            if pull:
                pulls.close(pull, _NONE_LEFT)
                yield f"{link('The pull request', pull.url)} was closed: no line is left in it."
            return
        if pull and drawn.words:
            pulls.edit(pull, drawn.words.title, drawn.words.body)
        elif drawn.words:
            pull = pulls.create(drawn.words.title, drawn.words.body)
        if pull:
            yield f"The lines wait in {link('the pull request', pull.url)}."
    except RefusedError as error:
        compare = f"{job.page}/compare/{pulls.base}...{BRANCH}?expand=1"
        yield (
            f"GitHub did not take the pull request: {code(str(error))}. The lines wait in "
            f"{link(f'the branch {BRANCH}', compare)}, from which you can open it yourself. To let "
            f"Actions do it: {link(_ALLOW, f'{job.page}/settings/actions')}."
        )
