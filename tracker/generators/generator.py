"""What a site's own configuration says of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.project import Rules


@dataclass(frozen=True)
class Generator:
    """A site as its generator has it; None or empty for what is left out.

    `name` is the generator's, `file` its configuration. `posts` are globs where it has posts;
    `static` is the folder whose files it publishes as the root of the site ("" where that is the
    folder itself), `rules` how it makes addresses. `head` says where a line for the head of all
    pages goes. `mend` says what the owner must change for the feeds to be published, and nothing
    else with them.
    """

    name: str = ""
    file: str = ""
    url: str | None = None
    title: str | None = None
    author: str | None = None
    timezone: str | None = None
    permalink: str | None = None
    posts: tuple[str, ...] = ()
    static: str = ""
    rules: Rules = field(default_factory=Rules)
    head: str = ""
    mend: tuple[str, ...] = ()

    @property
    def jekyll(self) -> bool:
        """Whether posts are where Jekyll puts them."""
        return self.name == "Jekyll"

    @property
    def feeds(self) -> str:
        """The folder of the feeds, where nobody says otherwise."""
        return f"{self.static}/feeds" if self.static else "feeds"
