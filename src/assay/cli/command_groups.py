"""The groups of commands, such as `assay inspect`, and the order and panels in which the help shows the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, TypeVar

import typer
from typer.models import CommandInfo, TyperInfo

from assay.cli.command_output import app
from assay.cli.command_table import DEFAULT_COMMANDS, GROUP_HELP, command_paths, commands_in_order
from assay.cli.named_commands import DefaultCommandGroup

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., Any])


def _add_group(name: str) -> typer.Typer:
    """Return a new group of commands, added to the app."""
    has_default = name in DEFAULT_COMMANDS
    group = (
        typer.Typer(cls=DefaultCommandGroup, help=GROUP_HELP[name])
        if has_default
        else typer.Typer(no_args_is_help=True, help=GROUP_HELP[name])
    )
    app.add_typer(group, name=name)
    return group


GROUPS = {name: _add_group(name) for name in GROUP_HELP}
"""The groups of commands by name."""


def command(path: str) -> Callable[[CommandFunction], CommandFunction]:
    """Return a decorator that registers a function as the command with this full name, such as `inspect new`."""
    group, _, name = path.rpartition(" ")
    return (GROUPS[group] if group else app).command(name)


def order_commands() -> None:
    """Sort the commands of each group, and assign each command its help panel, as the table of commands says."""
    for name, group in {"": app, **GROUPS}.items():
        panels = commands_in_order(name)
        order = list(panels)
        commands: list[CommandInfo | TyperInfo] = [*group.registered_commands, *group.registered_groups]
        for registered in commands:
            registered.rich_help_panel = panels[command_name(registered)] or None
        group.registered_commands.sort(key=lambda registered: order.index(command_name(registered)))


def command_name(registered: CommandInfo | TyperInfo) -> str:
    """Return the name of a registered command, as a user types it."""
    name = registered.name or registered.callback.__name__.replace("_", "-")  # type: ignore[union-attr]
    return str(name).removesuffix("-")


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the app with only the command that the arguments name in full, or else the app with all commands.

    Typer inspects the parameters of every command of an app before it runs one, which takes a third of the processor
    time of a short command.
    """
    paths = set(command_paths())
    path = next((name for name in (" ".join(arguments[:2]), *arguments[:1]) if name in paths), None)
    if path is None:  # an earlier name, a group, help, completion, or a word that is no command
        return app
    group, _, name = path.rpartition(" ")
    if not group:
        return _select(app, name)
    selected = _select(app)
    (info,) = (copy(info) for info in app.registered_groups if info.name == group)
    info.typer_instance = _select(GROUPS[group], name)
    selected.registered_groups = [info]
    return selected


def _select(group: typer.Typer, *names: str) -> typer.Typer:
    """Return a copy of the app, or of a group, that has only these commands and no groups."""
    selected = copy(group)
    selected.registered_groups = []
    selected.registered_commands = [info for info in group.registered_commands if command_name(info) in names]
    return selected
