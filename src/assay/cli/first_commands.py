"""The five commands for each kind of user that `assay` shows when it is run without a command."""

from __future__ import annotations

import sys
from typing import NamedTuple

import typer


class User(NamedTuple):
    """A kind of user, the question by which users recognise themselves, and five commands to begin with."""

    word: str
    description: str
    commands: tuple[tuple[str, str], ...]


USERS = (
    User(
        "look",
        "anybody who wants to look at published statistics",
        (
            ("assay look", "a report on every force, from published statistics"),
            ("assay look recorded-crime.csv", "the same from an official file that you downloaded"),
            (
                'assay look claim "recorded offences fell by 9%" --series csa11 --from 2021/22 --to 2024/25',
                "do the published figures support the sentence?",
            ),
            ("assay inspect verify report-pack.zip", "check every figure of a released report"),
            ("assay demo", "a whole inspection, of synthetic forces"),
        ),
    ),
    User(
        "check",
        "a police force, with records of its own",
        (
            ("assay check my-extract.csv", "what your extract shows, and what is missing from it"),
            (
                "assay prepare EXPORT --request request.toml --force CODE",
                "draft mapping and manifest of a data return",
            ),
            ("assay self-audit RETURN", "the letter and the figures of your return, before you send it"),
            (
                "assay bundle RETURN --request request.toml --keys keys.toml --out bundle",
                "the return with codes for references",
            ),
            ("assay contract", "the schema of the data return, and an empty workbook"),
        ),
    ),
    User(
        "inspect",
        "an inspectorate, with the records of every force",
        (
            ("assay demo", "a whole inspection, of synthetic forces"),
            ("assay workbench practice", "read and rate case files in a browser"),
            ("assay inspect new INSPECTION --request request.toml", "the folder of an inspection"),
            ("assay inspect receive INSPECTION RETURNS", "check every cell, and write a letter to each force"),
            ("assay inspect run INSPECTION", "the report, with every figure traced to its records"),
        ),
    ),
)
INTRODUCTION = "assay inspects how police forces respond to child sexual exploitation."
END = "All commands: assay --help"


def first_command_lines(answer: str = "") -> list[str]:
    """Return the five first commands for the kind of user with this number or word; without it, for every kind."""
    chosen_user = find_user(answer)
    return [line for user in ((chosen_user,) if chosen_user else USERS) for line in (*_user_lines(user), "")] + [END]


def find_user(answer: str) -> User | None:
    """Return the kind of user that an answer names, by number or word; None if it names none."""
    numbers = {str(number): user for number, user in enumerate(USERS, start=1)}
    return (numbers | {user.word: user for user in USERS}).get(answer.strip().lower())


def ask_user() -> str:
    """Ask the user at the terminal which kind of user they are, and return the answer."""
    lines = [f"  {number} {user.word:<8} {user.description}" for number, user in enumerate(USERS, start=1)]
    typer.echo("\n".join([INTRODUCTION, "Who are you?", *lines]))
    return str(typer.prompt("1, 2 or 3 (anything else shows all)", default="", show_default=False))


def is_terminal() -> bool:
    """Return True if the program runs at a terminal, so that it can ask the user."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _user_lines(user: User) -> list[str]:
    """Return a line for the user, and two for each command: what it does, and what to type."""
    commands = [line for typed, result in user.commands for line in (f"  {typed}", f"      {result}")]
    return [f"{user.word.capitalize()}: for {user.description}", *commands]
