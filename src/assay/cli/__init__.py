"""The command line `assay`.

Exit codes: 0 done (for `verify`: nothing differs; for `claim`: supported), 1 an unexpected error, 2 the command cannot
do what was requested, 3 a received file or return cannot be used (other returns are accepted all the same), 4 a
definition of ours is wrong, 5 the evidence does not hold, 6 disclosure refused, 7 the claim is not supported, 8 the
claim cannot be decided, 9 a table would have been read outside its declaration, 10 a folder cannot be written, 11 the
machine prevents it (memory, threads, a library that cannot be loaded), 128 + N the signal N stopped it (130 Ctrl+C, 143
SIGTERM)
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
    check_commands,
    force_commands,
    inspection_commands,
    label_commands,
    layout_commands,
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
from assay.cli.command_groups import app_for, order_commands
from assay.cli.command_output import app, print_lines
from assay.cli.first_commands import INTRODUCTION, ask_user, first_command_lines, is_terminal
from assay.cli.next_command import add_next_command
from assay.cli.watched_process import fork_watched_process, is_limited
from assay.errors import AssayError, machine_error
from assay.temporary_folders import exit_on_signals, signal_exit_code, use_for_temporary_files

__all__ = [
    "app",
    "brief_commands",
    "bundle_commands",
    "casefile_commands",
    "check_commands",
    "force_commands",
    "inspection_commands",
    "label_commands",
    "layout_commands",
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
"""Thresholds of the garbage collector. Building each statement creates hundreds of thousands of small objects that
stay, and scanning them with the default thresholds takes five of seventy seconds of a small run."""


STOPPED = "assay: stopped before the end, and temporary files are deleted. Run the same command again."

order_commands()


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        from assay import __version__

        print_lines(f"assay {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        _show_first_commands()


def _show_first_commands() -> None:
    """Ask who the user is and show five commands for that user; without a terminal show those of every user."""
    if is_terminal():
        print_lines("", *first_command_lines(ask_user()))
    else:
        print_lines(INTRODUCTION, "", *first_command_lines())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the `assay` command with these arguments, by default those of the process.

    An error of assay is printed as a message on standard error and gives an exit code, never a traceback. If the memory
    of the process is limited, the command runs in a child process: a library that gets no memory may abort a process,
    and the waiting parent then reports it.
    """
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        if arguments is None:
            if is_limited():
                fork_watched_process()
            exit_on_signals()
            use_for_temporary_files()
        app_for(sys.argv[1:] if arguments is None else arguments)(arguments, prog_name="assay")
    except BaseException as error:  # a panic of Polars is no Exception
        if (exit_code := signal_exit_code()) is not None:
            typer.echo(STOPPED, err=True)
            sys.exit(exit_code)
        if isinstance(error, AssayError):
            _end(error, arguments)
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            raise
        known_error = machine_error(error)
        if known_error is None:
            raise
        _end(known_error, arguments)


def _end(error: AssayError, arguments: Sequence[str] | None) -> NoReturn:
    words = sys.argv[1:] if arguments is None else arguments
    typer.echo(f"assay: {add_next_command(error, list(words))}", err=True)
    sys.exit(error.exit_code)
