"""Commands that destroy content: withdraw a return, withdraw a sender, retire an inspection."""

from __future__ import annotations

from collections.abc import Callable
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_json, print_lines, print_result
from assay.errors import UsageError

if TYPE_CHECKING:
    from assay.engine.provenance.remaining_references import References, RemainingReferences
    from assay.workflows.retire.retirement import DestructionResult

Yes = Annotated[bool, typer.Option("--yes", help="Destroy without asking first. Destroyed data cannot be restored.")]


@command("inspect withdraw-return")
def withdraw(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="The force that withdraws its return, by its code.")],
    edition: Annotated[
        int | None, typer.Option("--edition", min=1, help="Only this edition; without it, every edition.")
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Destroy a return that its sender withdraws, and every table that was made from it."""
    from assay.workflows.retire.retirement import withdraw as withdraw_return

    _confirm(yes, f"Destroy the returns of {force} in {folder}")
    destroy_workbench = _workbench_destroyer(folder)
    result = withdraw_return(folder, force, edition=edition)
    _print_destroyed(result, destroy_workbench(False) if _destroyed_derived_stages(result) else 0, as_json)


@command("inspect withdraw-evidence")
def withdraw_evidence(
    folder: Folder,
    sender: Annotated[
        str, typer.Argument(help="The sender of the accounts, documents or lessons, as named in its sent.toml.")
    ],
    edition: Annotated[
        int | None, typer.Option("--edition", min=1, help="Only this edition; without it, every edition.")
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Destroy the victims' accounts, documents or lessons that a sender withdraws, and everything made from them."""
    from assay.workflows.receive.other_sender_intake import withdraw_sender

    _confirm(yes, f"Destroy what {sender} sent to {folder}")
    print_result(withdraw_sender(folder, sender, edition), as_json)


@command("inspect retire")
def retire(
    folder: Folder,
    due: Annotated[bool, typer.Option("--due", help="Destroy only data past their declared last day.")] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Destroy the content of an inspection; its provenance records, ledger and releases stay, and can still be
    verified. All remaining files are searched for the destroyed references: exit code 5 if one is left.
    """
    from assay.workflows.retire.retirement import destroy_due
    from assay.workflows.retire.retirement import retire as retire_inspection

    _confirm(yes, f"Destroy {'what is due' if due else 'every content'} in {folder}")
    destroy_workbench = _workbench_destroyer(folder)
    if due:
        result = destroy_due(folder)
        _print_destroyed(result, destroy_workbench(False) if _destroyed_derived_stages(result) else 0, as_json)
        return
    rows = 0

    def destroy_external(sought: References) -> list[RemainingReferences]:
        nonlocal rows
        rows = destroy_workbench(True)
        return _search_external(folder, sought)

    retirement = retire_inspection(folder, destroy_external=destroy_external)
    _print_destroyed(retirement, rows, as_json)
    raise typer.Exit(0 if retirement.complete else 5)


def _search_external(folder: Path, sought: References) -> list[RemainingReferences]:
    """Return the files of the workbench and of urgent lists with remaining references after both were emptied."""
    from assay.engine.provenance.remaining_references import RemainingReferences, search_files
    from assay.workbench.workbench_folder import workbench_path
    from assay.workflows.urgent.urgent_register import list_folder

    resolved, workbench = folder.resolve(), workbench_path(folder)
    # Copies left by an upgrade: the folder of the earlier format, and the tables of the earlier workbench.
    copies = [
        *resolved.parent.glob(f"{escape(resolved.name)}-format-*"),
        workbench.with_name(f"{workbench.name}-before.sqlite3"),
    ]
    return [
        RemainingReferences(f"{external_path.name}/{file.path}".removesuffix("/"), file.count)
        for external_path in (workbench, list_folder(folder, ""), *copies)
        for file in (search_files(external_path, sought) if external_path.exists() else ())
    ]


def _destroyed_derived_stages(result: DestructionResult) -> bool:
    """Return True if more than a return itself was destroyed, so that copies in the workbench go too."""
    return any(not stage.startswith(("returns/", "identities/", "texts/")) for stage in result.stages)


def _workbench_destroyer(folder: Path) -> Callable[[bool], int]:
    """Return the function that destroys the content of the workbench; without a workbench it does nothing.

    The function takes whether the inspection has ended, and returns the number of destroyed rows.

    Raises
    ------
    UsageError
        If the tables of the workbench cannot be reached; nothing is destroyed then.
    """
    from assay.workbench.workbench_folder import SETTINGS, read_workbench_folder, workbench_path

    workbench_folder = workbench_path(folder)
    if not (workbench_folder / SETTINGS).exists():
        return lambda _ended: 0
    from django.db import Error

    from assay.workbench.django_setup import start_django

    workbench = read_workbench_folder(workbench_folder)
    try:
        start_django(workbench)
    except Error:
        raise UsageError(
            f"The database of {workbench_folder.name} cannot be reached, so nothing was destroyed. Check "
            "`postgresql` in its settings, then run the command again."
        ) from None
    from assay.workbench.workbench_retirement import destroy_content

    return lambda ended: destroy_content(workbench, inspection_ended=ended)


def _print_destroyed(result: DestructionResult, rows: int, as_json: bool) -> None:
    if as_json:
        print_json({**result.as_dict(), "workbench_rows": rows})
        return
    print_lines(*result.summary_lines())
    if rows:
        from assay.wording import count_phrase

        row_text = count_phrase(rows, "row of the workbench was", "rows of the workbench were")
        print_lines(f"{row_text} destroyed. The audit log of the workbench stays; check it with assay inspect verify.")


def _confirm(yes: bool, question: str) -> None:
    if not yes and not typer.confirm(f"{question}? Destroyed data cannot be restored."):
        raise UsageError("You did not confirm, so nothing was destroyed. Run the command again, and answer y.")
