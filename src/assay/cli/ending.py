"""The commands that destroy: a return that is taken back, and an inspection that has come to its end."""

from __future__ import annotations

from typing import Annotated

import typer

from assay.cli.telling import Folder, Json, app, tell
from assay.errors import UsageError

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking: what is destroyed cannot be had again.")]


@app.command()
def withdraw(
    folder: Folder,
    body: Annotated[str, typer.Argument(help="The body whose return is taken back, by its code.")],
    edition: Annotated[
        int | None, typer.Option("--edition", min=1, help="Only this edition; without it, every edition.")
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Destroy a return that its sender takes back, and every table that was made from it."""
    from assay.inspection.ending import withdraw as done

    _sure(yes, f"Destroy the returns of {body} in {folder}")
    tell(done(folder, body, edition=edition), as_json)


@app.command(name="take-back")
def take_back(
    folder: Folder,
    sender: Annotated[str, typer.Argument(help="Who sent voices, documents or lessons, as its sent.toml says.")],
    edition: Annotated[
        int | None, typer.Option("--edition", min=1, help="Only this edition; without it, every edition.")
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Destroy the voices, documents or lessons that a sender takes back, and what was made of them."""
    from assay.inspection.hearing import take_back as done

    _sure(yes, f"Destroy what {sender} sent to {folder}")
    tell(done(folder, sender, edition), as_json)


@app.command()
def retire(
    folder: Folder,
    due: Annotated[
        bool, typer.Option("--due", help="Only what is past the last day that was declared for it.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Destroy the content of an inspection; receipts, ledger and what was released stay, and still verify."""
    from assay.inspection.ending import destroy_due
    from assay.inspection.ending import retire as done

    _sure(yes, f"Destroy {'what is due' if due else 'every content'} in {folder}")
    tell(destroy_due(folder) if due else done(folder), as_json)


def _sure(yes: bool, question: str) -> None:
    if not yes and not typer.confirm(f"{question}? It cannot be had again."):
        raise UsageError("Nothing was destroyed.")
