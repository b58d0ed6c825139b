"""The command `tracker`: its commands in the order of a first day, and errors as one line."""

from __future__ import annotations

import gc
from typing import Any

import click

from tracker import __version__
from tracker.commands import actions, blog, show
from tracker.commands.common import fail
from tracker.commands.refresh import refresh
from tracker.model import TrackerError


class _Commands(click.Group):
    """Commands in the order of a first day, and errors as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return ["init", "refresh", "status", "log", "links", "fix", "build", "demo"]

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        # A command is short and makes many values and few cycles: less often to look for those.
        gc.set_threshold(100_000, 20, 20)
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            fail(str(error))
        except BrokenPipeError:
            raise  # nobody listens any more: click ends quietly
        except OSError as error:
            fail(
                f"{error.filename or 'the output'}: {error.strerror or error}: mend it, and run again"
            )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
def main() -> None:
    r"""Keep a post of notes true to the papers, files and models it links to.

    tracker reads your post, asks arXiv, GitHub and Hugging Face what each link looks like now,
    and writes down what changed: a line in the post, in your own style, and an entry in the feeds.

    \b
    First steps:
      tracker demo       see the whole job, without a network or a token
      tracker init       set tracker up in your blog
      tracker refresh    ask, and write down what changed
    """


for command in (
    *(blog.init, refresh, show.status, show.log, show.links, blog.fix, blog.build, blog.demo),
    *(actions.push, actions.proposal),
):
    main.add_command(command)
