"""Find a command by its name, by the name that it had earlier, or as the default command of a group.

An earlier name works as before, and one line on standard error says the name of today. It is not in the help and is not
completed.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup

from assay.cli.command_table import (
    DEFAULT_COMMANDS,
    EARLIER_GROUPS,
    GROUP_HELP,
    command_paths,
    commands_in_order,
    renamed_commands,
    shortest_name,
)
from assay.errors import UsageError

HELP = "--help"


class RootGroup(TyperGroup):
    """The root command group of `assay`, whose commands can also be called by their earlier names."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, in the order of the table of commands."""
        order = list(commands_in_order(""))
        return sorted(super().list_commands(ctx), key=lambda name: order.index(name) if name in order else len(order))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the arguments call, by its current or an earlier name.

        Raises
        ------
        UsageError
            If the first argument names no command; the message names similar commands, with their groups.
        """
        if ctx.resilient_parsing or self._is_current(args):
            return super().resolve_command(ctx, args)
        renamed = find_renamed(args)
        if renamed:
            earlier_name, name = renamed
            typer.echo(f"assay: the command 'assay {earlier_name}' is now 'assay {shortest_name(name)}'.", err=True)
            args = [*name.split(), *args[len(earlier_name.split()) :]]
        elif args[0] not in self.commands and not args[0].startswith("-"):
            raise UsageError(f"There is no command 'assay {args[0]}'. {suggest_commands(args[0])}")
        return super().resolve_command(ctx, args)

    def _is_current(self, args: list[str]) -> bool:
        """Return True if the arguments name a command of today, or ask for the help of a group."""
        command = self.commands.get(args[0])
        if not isinstance(command, TyperGroup):
            return command is not None
        return len(args) == 1 or args[1] == HELP or args[1] in command.commands


class DefaultCommandGroup(TyperGroup):
    """A command group that runs its default command if the arguments name none of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, and insert the default command if no command is named."""
        names_command = bool(args) and (args[0] == HELP or args[0] in self.commands)
        if not names_command and not ctx.resilient_parsing:
            args = [DEFAULT_COMMANDS[str(self.name)], *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the group, then that of its default command, whose options the group accepts."""
        super().format_help(ctx, formatter)
        name = DEFAULT_COMMANDS[str(self.name)]
        command = self.commands[name]
        command.format_help(command.context_class(command, info_name=name, parent=ctx), formatter)


def find_renamed(args: list[str]) -> tuple[str, str] | None:
    """Return the earlier command name with which the arguments begin, and its current name; None if there is none."""
    renamed = renamed_commands() | EARLIER_GROUPS
    names = (" ".join(args[:length]) for length in (2, 1) if len(args) >= length)
    return next(((name, renamed[name]) for name in names if name in renamed), None)


def suggest_commands(word: str) -> str:
    """Return a sentence that suggests commands with a similar current or earlier name, or else the help."""
    names = {path.rpartition(" ")[2]: path for path in command_paths()} | renamed_commands()
    names |= {group: group for group in GROUP_HELP}
    candidates = [path for path in command_paths() if path.endswith(f" {word}")]
    candidates = candidates or [names[name] for name in get_close_matches(word, names, cutoff=0.7)]
    if not candidates:
        return "See all commands: assay --help"
    return f"Did you mean: {' or '.join(f'assay {shortest_name(path)}' for path in dict.fromkeys(candidates))}?"
