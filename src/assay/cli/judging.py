"""The command that judges an inspection of invented forces by what is true of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.telling import Folder, Json, app, tell


@app.command()
def truths(
    folder: Folder,
    truth: Annotated[
        Path | None, typer.Option("--truth", help="The folder of the truth; without it, the one in the inspection.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How well the inspection found what was planted in invented forces: found, missed, false, and how far off."""
    from assay.truths.scoring import score

    tell(score(folder, truth), as_json)
