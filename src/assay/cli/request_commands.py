"""Commands for a request to forces: its papers, answerability and cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_json, print_lines, print_result
from assay.cli.output_paths import out_folder


@command("inspect request")
def request(
    folder: Folder,
    out: Annotated[Path, out_folder("Folder for the papers; it is created if it does not exist.")],
) -> None:
    """Write the papers of a request: field list, draft impact assessment, sharing schedule, schema and workbook."""
    from assay.ingest.inspection_folder import open_inspection
    from assay.workflows.request.request_folder import write_request

    inspection = open_inspection(folder)
    print_lines(*write_request(inspection.request, out, inspection.declarations).summary_lines())


@command("inspect answerable")
def answerable(
    folder: Folder,
    force: Annotated[
        str,
        typer.Option(
            "--force", help="A force, by code or name: shows each question, and why it can or cannot be answered."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Show which questions are answerable for which force, in full, in part or not at all; before any run."""
    from assay.workflows.run.force_answerability import show_answerability

    print_result(show_answerability(folder, force=force), as_json)


@command("inspect burden")
def burden(as_json: Json = False) -> None:
    """Estimate the hours that a return costs a force, table by table, before any force has reported."""
    from assay.contract.request_burden import burden_markdown
    from assay.contract.request_burden import request_burden_table as request_hours

    if as_json:
        print_json({"burden": request_hours().to_pylist()})
    else:
        print_lines(burden_markdown(request_hours()))
