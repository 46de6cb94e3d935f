"""The command `assay layout learn`: make a record-system layout for other forces from one force's mapping."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Json, print_result
from assay.cli.output_paths import out_file


@command("layout learn")
def learn(
    mapping: Annotated[Path, typer.Argument(help="The mapping.toml of a check or a return, once you accept it.")],
    name: Annotated[str, typer.Option("--name", help="The name of your record system, as other forces know it.")],
    out: Annotated[Path, out_file("The file to write.")] = Path("layout.toml"),
    as_json: Json = False,
) -> None:
    """Write the headings and code words of your mapping as a layout that other forces can use."""
    from assay.ingest.extracts.layout_files import learn_layout_file

    print_result(learn_layout_file(mapping, out, name, date.today()), as_json)
