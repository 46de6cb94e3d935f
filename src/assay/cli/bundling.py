"""The commands for what is sent coded and sealed: the keys of a request, and a force's bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.telling import Folder, Json, app, progress_shown, say, tell


@app.command()
def keys(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the keys; keep it apart from the data.")],
) -> None:
    """Make the keys of an inspection: one file to keep, and one to give to those who send bundles."""
    from assay.inspection.folder import open_inspection
    from assay.sealing import make_keys

    keep, give = make_keys(out, open_inspection(folder).request.key)
    say(
        f"{keep} opens what is sealed for this request. Keep it, and a copy: if it is lost, nobody can open anything.",
        f"{give} goes to those who send, over a safe way.",
    )


@app.command()
def bundle(
    folder: Annotated[Path, typer.Argument(help="The return: a folder with its return.toml.")],
    request: Annotated[Path, typer.Option("--request", help="The request that is answered, as it was sent to you.")],
    keys: Annotated[Path, typer.Option("--keys", help="The keys for senders, as they were given to you.")],
    out: Annotated[Path, typer.Option("--out", help="A new folder for the bundle.")],
    own_share: Annotated[
        Path | None, typer.Option("--own-share", help="Your own share of the key of the codes; made if not there.")
    ] = None,
    scan: Annotated[
        bool, typer.Option("--scan/--no-scan", help="Look for signs of exploitation in summaries, here at the force.")
    ] = True,
    as_json: Json = False,
) -> None:
    """For a force: what may be sent, with codes for references, identities sealed, and summaries scanned here."""
    from assay.inspection.bundle import bundle as made

    with progress_shown(as_json) as progress:
        done = made(folder, request, keys, out, share=own_share, scan=scan, progress=progress)
    tell(done, as_json)
