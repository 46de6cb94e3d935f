"""The command line `assay`.

Exit codes: 0 done (for `verify`: nothing differs; for `claim`: supported), 1 an error we did not foresee, 2 the command
cannot do what was asked, 3 a file or a return that was sent cannot be used (other returns are taken in all the same),
4 a definition of ours is wrong, 5 the evidence does not hold, 6 disclosure refused, 7 the claim is not supported, 8 it
cannot be said, 9 a table would have been read outside what was declared for it, 10 a folder cannot be written, 11 the
machine does not let it be done (memory, threads, a library that cannot be loaded).
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from assay.cli import (
    brief_commands,
    bundle_commands,
    casefile_commands,
    force_commands,
    inspection_commands,
    label_commands,
    linkage_commands,
    other_sender_commands,
    panel_commands,
    plugin_commands,
    published_commands,
    request_commands,
    retirement_commands,
    text_commands,
    urgent_commands,
    workbench_commands,
)  # fmt: skip
from assay.cli.command_output import app, print_lines
from assay.cli.watched_process import fork_watched_process, is_limited
from assay.errors import AssayError, machine_error

__all__ = [
    "app",
    "brief_commands",
    "bundle_commands",
    "casefile_commands",
    "force_commands",
    "inspection_commands",
    "label_commands",
    "linkage_commands",
    "main",
    "other_sender_commands",
    "panel_commands",
    "plugin_commands",
    "published_commands",
    "request_commands",
    "retirement_commands",
    "text_commands",
    "urgent_commands",
    "workbench_commands",
]  # fmt: skip

GC_THRESHOLDS = (50_000, 20, 100)
"""How seldom Python looks for circles that nobody holds: every statement is written from hundreds of thousands of small
objects that stay, and to look through them as often as usual takes five of seventy seconds of a small run."""


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        from assay import __version__

        print_lines(f"assay {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command (its arguments, else those of the process); an error of ours is a letter on standard error and an
    exit code, never a traceback.

    Where the memory of the process is limited it works in a process of its own: libraries that get no memory may end
    a process outright, and then the one that waits for it says so.
    """
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        if arguments is None and is_limited():
            fork_watched_process()
        app(arguments)
    except AssayError as error:
        _end(error)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # a panic of Polars is no Exception
        known_error = machine_error(error)
        if known_error is None:
            raise
        _end(known_error)


def _end(error: AssayError) -> NoReturn:
    typer.echo(f"assay: {error}", err=True)
    sys.exit(error.exit_code)
