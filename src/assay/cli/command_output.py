"""Shared parts of the commands: the application, common options, and the output of results."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from assay.cli.named_commands import RootGroup

if TYPE_CHECKING:
    from assay.progress import Progress

app = typer.Typer(
    name="assay",
    cls=RootGroup,
    pretty_exceptions_enable=False,
    help="How do police forces respond to child sexual exploitation? Inspect every force from the records that it "
    "returns, or from the published statistics, and let anyone check the working.",
    epilog="Start with: assay look (real figures), assay check (an extract of your own), or assay demo (a whole "
    "inspection, of synthetic forces). Help of a group or command: assay inspect --help, assay inspect run --help.",
)

MAX_LINES = 40

Folder = Annotated[Path, typer.Argument(help="The folder of an inspection.")]
Forces = Annotated[int, typer.Option("--forces", min=1, max=99, help="Number of synthetic forces; the country has 44.")]
Crimes = Annotated[int, typer.Option("--crimes", min=1, help="Crimes a year in a force of medium size.")]
Years = Annotated[int, typer.Option("--years", min=1, max=5, help="Years of the period.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed generates the same forces.")]
Pdf = Annotated[
    bool, typer.Option("--pdf", help="Also write PDFs: a summary of the report, and the page of each force.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for other programs.")]


class Result(Protocol):
    """A result that can be printed for a person, or as JSON for another program."""

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""


def show_progress(as_json: bool) -> AbstractContextManager[Progress]:
    """Show progress on standard error, unless the output is JSON."""
    from assay.progress import progress_display

    return progress_display(quiet=as_json)


def print_result(result: Result, as_json: bool) -> None:
    """Print a result, as JSON or as lines."""
    if as_json:
        print_json(result.as_dict())
    else:
        print_lines(*result.summary_lines())


def print_lines(*lines: str) -> None:
    """Print lines on standard output."""
    for line in lines:
        typer.echo(line)


def print_json(answer: dict[str, Any]) -> None:
    """Print a result for another program."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
