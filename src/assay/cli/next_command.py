"""The command to type next after an error, added to error messages that do not name one."""

from __future__ import annotations

import re

from assay.cli.command_table import COMMANDS, command_paths, commands_in_order, shortest_name
from assay.cli.named_commands import find_renamed
from assay.errors import AssayError, EvidenceError

_NAMES_COMMAND = re.compile(r"\bassay (?:--help|" + "|".join(commands_in_order("")) + r")\b|same command again")


def add_next_command(error: AssayError, arguments: list[str]) -> str:
    """Return the message of an error; if it names no command, add the command that helps the user to continue.

    Parameters
    ----------
    error
        The error that ended the command.
    arguments
        The arguments of `assay`.
    """
    message = str(error)
    if _NAMES_COMMAND.search(message):
        return message
    message = message if message.endswith((".", "?", "!")) else f"{message}."
    if isinstance(error, EvidenceError):
        return f"{message} See everything that differs: assay inspect verify FOLDER"
    return f"{message} See: assay {_help_of(arguments)}"


def _help_of(arguments: list[str]) -> str:
    """Return the words that show the help of the command that the arguments name."""
    renamed = find_renamed(arguments)
    words = renamed[1].split() if renamed and " ".join(arguments[:2]) not in command_paths() else arguments
    names = (" ".join(words[:length]) for length in (2, 1))
    path = next((name for name in names if name in (*command_paths(), *COMMANDS)), "")
    return f"{shortest_name(path)} --help".strip()
