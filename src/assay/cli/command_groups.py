"""The groups in which `assay --help` shows the commands, by user and by step of an inspection."""

from __future__ import annotations

from itertools import chain

import typer
from typer.models import CommandInfo, TyperInfo

COMMAND_GROUPS = {
    "Look: published statistics": ("published", "claim"),
    "Check: for a force, on its own extract": ("prepare", "self", "bundle", "contract"),
    "Try it: synthetic forces": ("demo", "invent", "truths"),
    "Inspect: plan and request": ("request", "burden", "new", "seal-plan", "answerable", "keys", "add"),
    "Inspect: receive and run": ("receive", "hear", "run", "show", "card", "link", "strands", "earlier"),
    "Inspect: urgent lists and texts": ("urgent", "to-read-again", "read", "label", "unlock", "unlocked", "confirmed"),
    "Inspect: case files and fieldwork": (
        "sample", "questions", "sheets", "marks", "marked", "invent-marks", "workbench", "desk", "notes", "survey",
        "plan", "documents", "brief",
    ),
    "Inspect: grades and recommendations": (
        "grades", "decide", "points", "answered", "recommend", "replied", "revisit", "trace",
    ),
    "Inspect: release and verify": (
        "clear-page", "wording-reviewed", "pack", "verify", "reproduce", "signing-keys", "sign", "check-signature",
        "accept-ledger",
    ),
    "Inspect: upgrade and destroy": ("upgrade", "withdraw", "take-back", "retire"),
}  # fmt: skip
"""Commands by group, in the order of the help."""
FIRST_COMMANDS = """\
assay inspects how police forces respond to child sexual exploitation. Five commands to begin with:

  Anybody    assay published --out published              a report from published statistics
             assay claim "recorded offences fell by 9%"   is the sentence supported?
  A force    assay prepare EXPORT --request request.toml  from an export to a data return
  Inspectors assay demo --out demo                        a whole inspection of synthetic forces
             assay workbench play                         read and rate case files in a browser

All commands: assay --help"""
"""What `assay` alone prints."""


def group_commands(app: typer.Typer) -> None:
    """Put each command of the app into its group, and the commands into the order of the groups."""
    order = {name: position for position, name in enumerate(chain.from_iterable(COMMAND_GROUPS.values()))}
    group_of = {name: group for group, names in COMMAND_GROUPS.items() for name in names}
    commands: list[CommandInfo | TyperInfo] = [*app.registered_commands, *app.registered_groups]
    for command in commands:
        command.rich_help_panel = group_of.get(command_name(command))
    app.registered_commands.sort(key=lambda command: order.get(command_name(command), len(order)))
    app.registered_groups.sort(key=lambda command: order.get(command_name(command), len(order)))


def command_name(command: CommandInfo | TyperInfo) -> str:
    """Return the name under which a command is called."""
    name = command.name or command.callback.__name__.replace("_", "-")  # type: ignore[union-attr]
    return str(name).removesuffix("-")
