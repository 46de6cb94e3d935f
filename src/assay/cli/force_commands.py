"""Commands for a force's own staff: prepare a return from an export, and run a self-audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Json, print_result, show_progress
from assay.cli.output_paths import out_folder


@command("prepare")
def prepare(
    folder: Annotated[Path, typer.Argument(help="The folder with the export; drafts go into it.")],
    request: Annotated[Path, typer.Option("--request", help="The data request, as TOML.")],
    force: Annotated[str, typer.Option("--force", help="The code of your force, as in the request.")],
    last_year: Annotated[
        Path | None,
        typer.Option("--last-year", help="An earlier mapping.toml; the parts of it that still fit are used."),
    ] = None,
    system: Annotated[str, typer.Option("--system", help="The name of your record system, for the manifest.")] = "",
    like: Annotated[
        Path | None,
        typer.Option(
            "--like",
            help="A folder with a few records written twice: ours/crimes.csv (table and columns named as in the "
            "contract), and theirs/, the same records as your system exports them. A dozen rows are enough.",
        ),
    ] = None,
    layout: Annotated[
        list[Path] | None,
        typer.Option(
            "--layout",
            help="The layout of a record system that another force gave, for files that hold several tables.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Draft mapping and manifest for an export, with remarks on what is sure, guessed, or known only to the force."""
    from assay.ingest.extracts.layout_files import read_layout_files
    from assay.ingest.preparation import prepare_return
    from assay.reference.data_requests import read_request
    from assay.reference.processing_declarations import read_declarations

    inspection_request, declared = read_request(request), read_declarations(request)
    print_result(
        prepare_return(
            folder,
            inspection_request,
            force,
            declared=declared,
            last_year=last_year,
            system=system,
            example_folder=like,
            learned=read_layout_files(layout or []),
        ),
        as_json,
    )


@command("self-audit")
def self_audit(
    folder: Annotated[Path, typer.Argument(help="One return: return.toml and its tables.")],
    out: Annotated[Path | None, out_folder("Folder for the self-audit; without it, a folder beside FOLDER.")] = None,
    request: Annotated[
        Path | None,
        typer.Option("--request", help="The data request; without it, the request that the return's manifest names."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a self-audit for one force: data-quality letter, indicators, records to correct, and published figures."""
    from assay.workflows.selfaudit import audit_return

    with show_progress(as_json) as progress:
        done = audit_return(folder, out, request, progress=progress)
    print_result(done, as_json)
    raise typer.Exit(0 if done.usable else 3)
