"""Table of every command of `assay`: its group, its panel in the help, and its earlier name if it was renamed.

The help, the earlier names that still work, the reference page of the command line and the tests are made from this
table.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

COMMANDS: dict[str, dict[str, dict[str, str]]] = {
    "": {
        "Look: for anybody, at published statistics": {"look": ""},
        "Check: for a police force, on its own records": {
            "check": "", "layout": "", "prepare": "", "self-audit": "self", "bundle": "", "contract": "",
        },
        "Inspect: for an inspectorate, from the records of every force": {
            "inspect": "", "linkage": "", "text": "", "urgent": "", "casefile": "", "fieldwork": "", "grade": "",
            "workbench": "", "signature": "",
        },
        "Try it: on synthetic forces": {"demo": "", "synthetic": ""},
    },
    "look": {
        "": {
            "report": "published", "claim": "claim", "database": "", "long-form": "", "status": "", "update": "",
        },
    },
    "layout": {"": {"learn": ""}},
    "inspect": {
        "Plan and request": {
            "new": "new", "request": "request", "burden": "burden", "seal-plan": "seal-plan", "keys": "keys",
            "plugin": "add",
        },
        "Receive and run": {
            "receive": "receive", "receive-evidence": "hear", "answerable": "answerable", "run": "run",
            "import-alerts": "earlier",
        },
        "Show": {"show": "show", "indicator-card": "card", "triangulate": "strands", "watch-list": ""},
        "Release and verify": {
            "clear-page": "clear-page", "wording-review": "wording-reviewed", "release": "pack", "verify": "verify",
            "reproduce": "reproduce",
        },
        "Upgrade and destroy": {
            "upgrade": "upgrade", "withdraw-return": "withdraw", "withdraw-evidence": "take-back", "retire": "retire",
        },
    },
    "linkage": {
        "": {
            "sensitivity": "link spread", "grade-sensitivity": "link grades", "sample-pairs": "link review",
            "evaluate": "link reviewed",
        },
    },
    "text": {
        "Read": {
            "read": "read", "confirmed-ratings": "confirmed", "unlock": "unlock", "unlock-log": "unlocked",
        },
        "Label texts, and train a model": {
            "sample": "label next", "receive-labels": "label take", "undo-labels": "label undo", "train": "label teach",
        },
    },
    "urgent": {
        "": {
            "find": "", "confirm": "", "set-aside": "", "send": "", "answer": "", "escalate": "",
            "status": "urgent standing", "close": "",
        },
    },
    "casefile": {
        "": {
            "sample": "sample", "questions": "questions", "sheets": "sheets", "ratings": "marks", "estimate": "marked",
            "closed-cases": "to-read-again",
        },
    },
    "fieldwork": {
        "Prepare": {"plan": "plan", "brief": "brief", "documents": "documents"},
        "Notes": {
            "export-notes": "notes export", "import-notes": "notes import", "note-codes": "notes codes",
        },
        "Surveys of staff and partners": {"survey-form": "survey form", "survey-answers": "survey answers"},
    },
    "grade": {
        "Grades": {"show": "grades", "decide": "decide", "trace": "trace"},
        "Check of factual accuracy by the force": {"accuracy-points": "points", "accuracy-answers": "answered"},
        "Recommendations": {"recommend": "recommend", "reply": "replied", "revisit": "revisit"},
    },
    "workbench": {
        "Start": {"start": "workbench", "practice": "", "practice-code": "desk code"},
        "People": {
            "account": "desk account", "close-account": "desk close", "readers": "desk readers",
            "reassign": "desk reassign",
        },
        "Work to do": {
            "open-sample": "desk open", "open-texts": "desk texts", "open-pairs": "desk pairs",
        },
    },
    "signature": {
        "": {
            "make-keys": "signing-keys", "sign": "sign", "check": "check-signature", "accept-ledger": "accept-ledger",
        },
    },
    "synthetic": {"": {"generate": "invent", "rate-files": "invent-marks", "score": "truths"}},
}  # fmt: skip
"""Group, panel of the help, command: the earlier name of the command, empty if there is none. The group without a name
is `assay` itself. The order is the order of the help."""

GROUP_HELP = {
    "look": "Inspect every force from published statistics, and check claims. Without a command it makes the report, "
    "with the options of assay look report.",
    "layout": "Layouts of record systems, which forces make from their mappings and share with each other.",
    "inspect": "Plan an inspection, receive and run the returns of every force, release, verify and retire.",
    "linkage": "Record linkage: how certain it is, how results vary with it, and clerical review of pairs of records.",
    "text": "Read texts for words that blame a child and signs of exploitation; label texts, and train a model.",
    "urgent": "What a force should check now: found by rules, confirmed by people, answered in time.",
    "casefile": "Draw samples of case files, write rating sheets, receive ratings, and estimate results.",
    "fieldwork": "Interviews, groups and observations: plan, force briefs, documents, notes and surveys.",
    "grade": "Grades and recommendations: proposals, decisions of the panel, accuracy checks and follow-up.",
    "workbench": "The workbench in a browser: start it, manage accounts, and open samples, texts and pairs for work.",
    "signature": "Sign files and ledgers, and check signatures.",
    "synthetic": "Generate synthetic forces whose failings are known, and score how well an inspection finds them.",
}
"""What the help says of each group."""

DEFAULT_COMMANDS = {"look": "report"}
"""The command that a group runs where none of its commands is named."""

EARLIER_GROUPS = {
    "link": "linkage", "label": "text", "notes": "fieldwork", "survey": "fieldwork", "desk": "workbench",
}  # fmt: skip
"""The earlier names of groups, and the groups that hold their commands now."""


def commands_in_order(group: str) -> dict[str, str]:
    """Return the commands of a group with the panel of each, in the order of the help."""
    return {command: panel for panel, commands in COMMANDS[group].items() for command in commands}


def command_paths() -> Iterator[str]:
    """Yield the full name of every command that is not a group, in the order of the help."""
    for command in commands_in_order(""):
        if command in COMMANDS:
            yield from (f"{command} {name}" for name in commands_in_order(command))
        else:
            yield command


def renamed_commands() -> dict[str, str]:
    """Return the earlier name of each renamed command, mapped to its current name."""
    rows = chain.from_iterable(
        ((earlier_name, f"{group} {command}".strip()) for command, earlier_name in commands.items() if earlier_name)
        for group, panels in COMMANDS.items()
        for commands in panels.values()
    )
    return dict(rows)


def shortest_name(path: str) -> str:
    """Return a command as a user types it, without the name of the default command of its group."""
    group, _, command = path.partition(" ")
    return group if command and DEFAULT_COMMANDS.get(group) == command else path
