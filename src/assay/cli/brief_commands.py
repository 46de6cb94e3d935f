"""Commands for the evidence page, the watch list and the force brief."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_result

Page = Annotated[
    Path | None, typer.Option("--page", help="The file to write; without it, a page beside the inspection.")
]


@command("inspect triangulate")
def triangulate(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name; without it, all forces together.")] = "",
    page: Page = None,
    as_json: Json = False,
) -> None:
    """Show all evidence on each characteristic of a good response: where sources agree, disagree, or are missing."""
    from assay.workflows.briefing.triangulation_page import write_evidence_page

    print_result(write_evidence_page(folder, force, page), as_json)


@command("inspect watch-list")
def watch_list(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name; without it, every failing.")] = "",
    failing: Annotated[
        str, typer.Option("--failing", help="One failing: a failure mode such as F12, or the key of a standard.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List, for each failing, the forces to look at first: the most likely to be worse than others. For inspectors."""
    from assay.workflows.briefing.inspector_watch_list import show_watch_list

    print_result(show_watch_list(folder, force, failing), as_json)


@command("fieldwork brief")
def brief(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="A force, by code or name.")],
    page: Page = None,
    as_json: Json = False,
) -> None:
    """Write a brief of at most eight pages on one force, for inspectors: findings, certainty, questions and reading."""
    from assay.workflows.briefing.force_brief import write_brief

    print_result(write_brief(folder, force, page), as_json)
