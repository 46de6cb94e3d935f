"""The commands that destroy: a return that is taken back, and an inspection that has come to its end."""

from __future__ import annotations

from collections.abc import Callable
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.command_output import Folder, Json, app, print_json, say, tell
from assay.errors import UsageError

if TYPE_CHECKING:
    from assay.engine.provenance.remaining_references import References, RemainingReferences
    from assay.workflows.retire.retirement import Ended

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
    from assay.workflows.retire.retirement import withdraw as done

    _sure(yes, f"Destroy the returns of {body} in {folder}")
    desks = _desks_of(folder)
    ended = done(folder, body, edition=edition)
    _tell(ended, desks(False) if _made_of_records(ended) else 0, as_json)


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
    from assay.workflows.receive.other_sender_intake import take_back as done

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
    """Destroy the content of an inspection; receipts, ledger and what was released stay, and still verify. What stays
    is searched for every reference that was destroyed: exit code 5 where one is left."""
    from assay.workflows.retire.retirement import destroy_due
    from assay.workflows.retire.retirement import retire as done

    _sure(yes, f"Destroy {'what is due' if due else 'every content'} in {folder}")
    desks = _desks_of(folder)
    if due:
        ended = destroy_due(folder)
        _tell(ended, desks(False) if _made_of_records(ended) else 0, as_json)
        return
    rows = 0

    def beside(sought: References) -> list[RemainingReferences]:
        nonlocal rows
        rows = desks(True)
        return _left_beside(folder, sought)

    retired = done(folder, beside=beside)
    _tell(retired, rows, as_json)
    raise typer.Exit(0 if retired.complete else 5)


def _left_beside(folder: Path, sought: References) -> list[RemainingReferences]:
    """Files of the workbench, and of urgent lists, in which references still stand after both were emptied."""
    from assay.engine.provenance.remaining_references import RemainingReferences, search_files
    from assay.workbench.workbench_folder import folder_beside
    from assay.workflows.urgent.urgent_register import folder_of

    resolved, workbench = folder.resolve(), folder_beside(folder)
    # What an upgrade left as it was: the folder of an earlier format, and the tables of an earlier workbench.
    copies = [
        *resolved.parent.glob(f"{escape(resolved.name)}-format-*"),
        workbench.with_name(f"{workbench.name}-before.sqlite3"),
    ]
    return [
        RemainingReferences(f"{beside.name}/{file.path}".removesuffix("/"), file.count)
        for beside in (workbench, folder_of(folder, ""), *copies)
        for file in (search_files(beside, sought) if beside.exists() else ())
    ]


def _made_of_records(ended: Ended) -> bool:
    """Whether more than a return itself went, so that what the workbench copied from the inspection goes too."""
    return any(not stage.startswith(("returns/", "identities/", "texts/")) for stage in ended.stages)


def _desks_of(folder: Path) -> Callable[[bool], int]:
    """What destroys the content of the workbench of an inspection, told whether the inspection has ended, and says how
    many rows that were; nothing where there is no workbench. UsageError where its tables cannot be reached: then
    nothing was destroyed yet."""
    from assay.workbench.workbench_folder import SETTINGS, folder_beside, read_place

    beside = folder_beside(folder)
    if not (beside / SETTINGS).exists():
        return lambda _ended: 0
    from django.db import Error

    from assay.workbench.django_setup import start

    place = read_place(beside)
    try:
        start(place)
    except Error:
        raise UsageError(f"The tables of {beside.name} cannot be reached, so nothing was destroyed.") from None
    from assay.workbench.workbench_retirement import destroy

    return lambda ended: destroy(place, ended=ended)


def _tell(ended: Ended, rows: int, as_json: bool) -> None:
    if as_json:
        print_json({**ended.as_dict(), "workbench_rows": rows})
        return
    say(*ended.in_words())
    if rows:
        from assay.wording import counted

        gone = counted(rows, "row of the workbench was", "rows of the workbench were")
        say(f"{gone} destroyed; its trail stays, and is checked by assay verify.")


def _sure(yes: bool, question: str) -> None:
    if not yes and not typer.confirm(f"{question}? It cannot be had again."):
        raise UsageError("Nothing was destroyed.")
