"""The command `assay check`, with which a force checks an extract of its own records."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Json, print_json, print_lines, show_progress
from assay.cli.output_paths import out_folder
from assay.errors import UsageError

if TYPE_CHECKING:
    from assay.workflows.check.extract_check import CheckResult


Extracts = Annotated[
    list[Path] | None, typer.Argument(metavar="EXTRACT", help="Files, or folders of files, as exported.")
]
Out = Annotated[Path | None, out_folder("Folder for letter and page; without it, check-of-NAME here.")]
DAY_FORMS, A_DAY = ["%Y-%m-%d"], "YYYY-MM-DD"
First = Annotated[
    datetime | None,
    typer.Option("--from", help="First day of the period, by the day of recording.", formats=DAY_FORMS, metavar=A_DAY),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", help="Last day of the period, by the day of recording.", formats=DAY_FORMS, metavar=A_DAY),
]
Mapping = Annotated[
    Path | None, typer.Option("--mapping", help="The mapping.toml of an earlier check, corrected by hand.")
]
Layouts = Annotated[
    list[Path] | None,
    typer.Option("--layout", help="The layout of a record system that another force gave; several may be named."),
]
Force = Annotated[str, typer.Option("--force", help="Your force, by code or name, if the extract does not say.")]
More = Annotated[
    bool, typer.Option("--more", help="Show what to send next: tables, hours of work, and questions answered.")
]


@command("check")
def check(
    extracts: Extracts = None,
    out: Out = None,
    first: First = None,
    last: Last = None,
    mapping: Mapping = None,
    layout: Layouts = None,
    force: Force = "",
    more: More = False,
    as_json: Json = False,
) -> None:
    """Check any flat extract of a record system: what it is, what it says, and what is missing from it."""
    if more and as_json:
        raise UsageError("--more is for people and --json for programs. Give only one of them.")
    if more and not extracts:
        _print_next_tier(None)
        print_lines(*_next_lines_without_extract())
        return
    from assay.workflows.check.extract_check import check_extract

    with show_progress(as_json) as progress:
        result = check_extract(
            extracts or [],
            out,
            mapping=mapping,
            layouts=layout or [],
            force=force,
            first=_day(first),
            last=_day(last),
            progress=progress,
        )
    _print_result_and_next(result, more=more, as_json=as_json)
    raise typer.Exit(0 if result.usable else 3)


def _print_result_and_next(result: CheckResult, *, more: bool, as_json: bool) -> None:
    """Print the result of a check, the next tier if it is asked for, and commands to type next."""
    _print_check(result, as_json)
    if more:
        _print_next_tier(result.extract.supplied)
    for line in result.next_lines(shows_next_tier=more):
        typer.echo(line, err=as_json)


def _print_check(result: CheckResult, as_json: bool) -> None:
    """Print the result of a check; with `as_json`, the paths of the written files go to standard error."""
    if as_json:
        print_json(result.as_dict())
        for line in result.written_lines():
            typer.echo(line, err=True)
    else:
        print_lines(*result.summary_lines())


def _print_next_tier(supplied: frozenset[str] | None) -> None:
    """Print the next tier: of an extract, or of one that has crimes, persons and flags."""
    from assay.workflows.check.next_tier import flat_extract_needs, next_tier_lines, next_tiers

    print_lines(*next_tier_lines(next_tiers(flat_extract_needs() if supplied is None else supplied)))


def _next_lines_without_extract() -> list[str]:
    from assay.workflows.check.extract_check import COLUMNS_OF_TABLES, next_command_lines

    return next_command_lines(
        ("assay check my-extract.csv --more", "your figures, and what your extract lacks"),
        ("assay contract", COLUMNS_OF_TABLES),
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
