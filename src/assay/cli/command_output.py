"""What the commands have in common: the program itself, words that several options share, and how an answer is told."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

if TYPE_CHECKING:
    from assay.progress import Progress

app = typer.Typer(
    name="assay",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="How do police forces respond to child sexual exploitation? Inspect every force from the records that it "
    "returns, or from the published statistics, and let anyone check the working.",
    epilog="Start with: assay demo (the whole inspection, on invented forces), or assay published (real figures).",
)

MOST_LINES = 40

Folder = Annotated[Path, typer.Argument(help="The folder of an inspection.")]
Forces = Annotated[int, typer.Option("--forces", min=1, max=99, help="How many forces to invent.")]
Crimes = Annotated[int, typer.Option("--crimes", min=1, help="Crimes in a force of middling size.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed invents the same forces.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output, for other programs.")]


class Told(Protocol):
    """Anything that can be told to a person or to another program."""

    def as_dict(self) -> dict[str, Any]:
        """For other programs."""

    def in_words(self) -> list[str]:
        """For a person at a terminal."""


def progress_shown(as_json: bool) -> AbstractContextManager[Progress]:
    """How far the work is, on standard error; nothing where the answer is for another program."""
    from assay.progress import shown

    return shown(quiet=as_json)


def tell(done: Told, as_json: bool) -> None:
    """The answer, as JSON or in words."""
    if as_json:
        print_json(done.as_dict())
    else:
        say(*done.in_words())


def say(*lines: str) -> None:
    """Lines on standard output."""
    for line in lines:
        typer.echo(line)


def print_json(answer: dict[str, Any]) -> None:
    """An answer for another program."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
