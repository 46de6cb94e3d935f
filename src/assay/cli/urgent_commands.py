"""Commands for urgent entries (possible immediate risk): find, confirm, send, answer, escalate and close."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.command_groups import command
from assay.cli.command_output import Folder, Json, print_result, show_progress
from assay.errors import UsageError

Force = Annotated[str, typer.Argument(help="The force, by code; it must have sent a return.")]
Keys = Annotated[list[str], typer.Argument(help="The keys of the entries.")]
Reader = Annotated[str, typer.Option("--by", help="The post of the person who read the entries, never a name.")]
Post = Annotated[str, typer.Option("--to", help="The post in the force to which the letter is sent.")]
Hours = Annotated[int, typer.Option("--within-hours", min=1, help="Hours that the force has to answer.")]


@command("urgent find")
def find(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="The force, by code; it must have sent a return.")] = "",
    all_returns: Annotated[
        bool, typer.Option("--all", help="Every accepted return that was not searched yet; for a scheduled job.")
    ] = False,
    propose_closed: Annotated[
        bool, typer.Option("--again", help="Also propose entries that a closed list dealt with.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Search an accepted return for urgent entries, without waiting for other returns: nothing is sent yet."""
    from assay.workflows.urgent import urgent_search

    if all_returns and propose_closed:
        raise UsageError("--again is for one force. Name the force, and leave out --all.")
    if bool(force) == all_returns:
        raise UsageError(
            "No return is chosen. Name a force, or give --all for every accepted return that was not searched yet."
        )
    with show_progress(as_json) as progress:
        if all_returns:
            found = urgent_search.search_all(folder, now=datetime.now(), progress=progress)
        else:
            found = urgent_search.search_return(
                folder, force, now=datetime.now(), include_handled=propose_closed, progress=progress
            )
    print_result(found, as_json)
    raise typer.Exit(3 if found.failed else 0)


@command("urgent confirm")
def confirm(folder: Folder, force: Force, entries: Keys, reader: Reader = "", as_json: Json = False) -> None:
    """Confirm that a person has reviewed these urgent entries and decided to send them."""
    from assay.workflows.urgent.list_actions import decide_entries

    print_result(decide_entries(folder, force, entries, reader=reader), as_json)


@command("urgent set-aside")
def set_aside(
    folder: Folder,
    force: Force,
    entries: Keys,
    reader: Reader = "",
    why: Annotated[str, typer.Option("--why", help="Why they are not sent.")] = "",
    as_json: Json = False,
) -> None:
    """Record that a person has reviewed these urgent entries and decided not to send them."""
    from assay.workflows.urgent.list_actions import decide_entries

    print_result(decide_entries(folder, force, entries, reader=reader, why=why, set_aside=True), as_json)


@command("urgent send")
def send(folder: Folder, force: Force, post: Post = "", within_hours: Hours = 48, as_json: Json = False) -> None:
    """Write the letter with every confirmed entry, to one named post; the deadline starts now."""
    from assay.workflows.urgent.list_actions import send_letter

    print_result(send_letter(folder, force, post=post, now=datetime.now(), hours=within_hours), as_json)


@command("urgent answer")
def answer(
    folder: Folder,
    force: Force,
    answers: Annotated[Path, typer.Argument(help="The force's answers: a CSV file with entry and answer.")],
    instead: Annotated[
        bool, typer.Option("--instead", help="Replace answers to the same entries that were accepted before.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Receive the force's answer to each urgent entry: known, acted on, wrong or untraced."""
    from assay.workflows.urgent.list_actions import receive_answers

    print_result(receive_answers(folder, force, answers, now=datetime.now(), replace_answers=instead), as_json)


@command("urgent escalate")
def escalate(folder: Folder, force: Force, post: Post = "", within_hours: Hours = 48, as_json: Json = False) -> None:
    """Write a second letter, to a higher post, with every entry that was not answered in time."""
    from assay.workflows.urgent.list_actions import escalate_entries

    print_result(escalate_entries(folder, force, post=post, now=datetime.now(), hours=within_hours), as_json)


@command("urgent status")
def status(
    folder: Folder,
    force: Annotated[str, typer.Argument(help="The force, by code; without it, every list.")] = "",
    as_json: Json = False,
) -> None:
    """Show how many entries are proposed, sent, answered, overdue or not searched, and the precision of each rule."""
    from assay.workflows.urgent.list_actions import show_list_status

    print_result(show_list_status(folder, force, now=datetime.now()), as_json)


@command("urgent close")
def close(
    folder: Folder,
    force: Force,
    reader: Reader = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Close it although entries are open.")] = False,
    as_json: Json = False,
) -> None:
    """Record the counts of urgent entries in the ledger, and destroy the list of entries with its letters."""
    from assay.workflows.urgent.list_actions import close_urgent_list

    print_result(
        close_urgent_list(folder, force, reader=reader or "the inspection", now=datetime.now(), although_open=anyway),
        as_json,
    )
