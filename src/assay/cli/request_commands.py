"""The commands of those who ask forces for a return: what is asked with which papers, of whom, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_output import Folder, Json, app, print_json, say, tell


@app.command()
def request(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the papers; made if it is not there.")],
) -> None:
    """The papers of a request: field list, draft impact assessment, sharing schedule, schema and workbook."""
    from assay.ingest.inspection_folder import open_inspection
    from assay.workflows.request.request_folder import write_request

    inspection = open_inspection(folder)
    say(*write_request(inspection.request, out, inspection.declared).in_words())


@app.command()
def answerable(
    folder: Folder,
    force: Annotated[str, typer.Option("--force", help="A force, by code or name: its fifty questions, and why.")] = "",
    as_json: Json = False,
) -> None:
    """Which questions can be asked of which force, whole, in part or not at all, with what it sent; before any run."""
    from assay.workflows.run.body_answerability import shown_answerability

    tell(shown_answerability(folder, force=force), as_json)


@app.command()
def burden(as_json: Json = False) -> None:
    """What a return may cost a force in hours, table by table, before any force has reported."""
    from assay.contract.request_burden import burden as of_request
    from assay.contract.request_burden import burden_markdown

    if as_json:
        print_json({"burden": of_request().to_pylist()})
    else:
        say(burden_markdown(of_request()))
