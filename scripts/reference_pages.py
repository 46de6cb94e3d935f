"""Writes the pages of docs/reference/ that follow from data files, so that page and program cannot differ."""

import runpy
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import typer.main

from assay import contract, reference
from assay.cli import app
from assay.cli.command_table import COMMANDS, GROUP_HELP, renamed_commands, shortest_name
from assay.contract.validation_rules import rules
from assay.engine.provenance import EventKind
from assay.indicators.question_answers import NO_ANSWER, answer_sources
from assay.indicators.standard_indicators import forms_of_standard, grading_indicators, reason_without_form
from assay.ingest import other_senders
from assay.ingest.other_senders.other_table_spec import lists as other_lists
from assay.sdc import declared_tables
from assay.synthetic import World, failings, read_world, worlds
from assay.synthetic.calibration import CalibrationFigure, calibration_figures
from assay.workflows.registers import register_page
from assay.workflows.registers.later_question_parts import later_question_parts
from assay.workflows.request.fact_columns import FactColumn, fact_columns
from assay.workflows.request.field_list import NOT_ASKED, codes_in, explain_codes, list_fields
from assay.workflows.run.register_tables import measure_table

HERE = Path(__file__).parent.parent / "docs" / "reference"
MADE = "*This page is made by `make docs` from the program's own data files; change those, not the page.*"
HELP_SENTENCE = "`--help` after `assay`, a group or a command prints what this page says of it."


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0])]
    lines += [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data(package: str, name: str) -> dict[str, Any]:
    """A data file of the program, read as TOML."""
    return tomllib.loads((files(package) / name).read_text(encoding="utf-8"))


def tables_page() -> str:
    """The tables that may be released, column by column."""
    parts = [
        "# The tables of an inspection",
        MADE,
        "Missing is written as nothing (CSV) or `null` (JSON), never as 0.",
    ]
    for name, told in data("assay.sdc", "tables.toml").items():
        rows = [
            (f"`{column.name}`", column.unit, "yes" if column.empty else "", column.meaning)
            for column in declared_tables()[name].columns
        ]
        head = f"One row: {told['row']}. Key: {', '.join(f'`{key}`' for key in told['key'])}."
        parts += [
            f"## {name}",
            f"**{told['title']}.** {head}",
            table(("column", "unit", "may be empty", "meaning"), rows),
        ]
    return "\n\n".join(parts) + "\n"


def measures_page() -> str:
    """Every measure: what is divided by what, which way is better, and what it cannot tell."""
    parts = ["# Measures", MADE]
    for row in measure_table().to_pylist():
        facts = {
            "Answers": f"{row['question']} ({row['line']})",
            "Unit": row["unit"],
            "Population": row["population"],
            "Denominator": row["denominator"],
            "Better": row["better"],
            "Why": row["why"],
            "Cannot tell": row["cannot_tell"],
            "Leans on": row["leans_on"],
        }
        listed = "\n".join(f"- **{name}**: {words}" for name, words in facts.items() if words)
        parts += [f"## {row['measure']}", f"{row['title']}.", listed]
    return "\n\n".join(parts) + "\n"


def code_lists_page() -> str:
    """The registers of the commission, and the shorter ones in full."""
    lists = reference.code_lists()
    meant = {(row["file"], row["column"]): row["meaning"] for row in reference.data_dictionary()}
    rows = [(f"`{name}`", len(held), ", ".join(f"`{c}`" for c in held[0])) for name, held in lists.items()]
    sets = [(f"`{s.key}`", " ".join(s.codes), s.name, s.cannot_tell) for s in reference.offence_sets()]
    outcomes = [(f"`{o['code']}`", o["label"], o["family"], o["suspect_identified"]) for o in lists["outcomes"]]
    breaks = [
        (b["starts"], b["offence_codes"], b["compare_across"], b["evidence"], b["reason"]) for b in lists["breaks"]
    ]
    columns = [(f"`{file}`", f"`{column}`", words) for (file, column), words in meant.items()]
    kinds = [(kind.key, kind.meaning, ", ".join(kind.required_details)) for kind in EventKind]
    return "\n\n".join(
        [
            "# Code lists",
            MADE,
            "Every row carries its source and a grade of evidence: `seen` in the source itself, `seen-secondary`, "
            "`recalled` (shown, never used in a calculation) or `derived` by us.",
            "## The lists",
            table(("list", "rows", "columns"), rows),
            "## Offence sets",
            table(("key", "codes", "name", "cannot tell"), sets),
            "## Outcomes",
            table(("code", "label", "family", "suspect identified"), outcomes),
            "## Breaks in series",
            table(("starts", "codes", "compare across", "evidence", "reason"), breaks),
            "## Kinds of event in the ledger",
            table(("kind", "meaning", "tells"), kinds),
            "## Dictionary",
            table(("list", "column", "meaning"), columns),
            "",
        ]
    )


STANDARD_COLUMNS = (
    "key", "what is to be done", "starts", "ends", "limit", "where", "in force", "holds", "past it", "duty of",
    "status", "shown by", "grades", "recalled part", "source",
)  # fmt: skip


def standards_page() -> str:
    """Every time standard, who holds the duty, and whether a police force may be graded by it."""
    kinds = [
        (f"`{kind.key}`", kind.meaning, kind.about, kind.home, kind.detail_list, " ".join(kind.read_by))
        for kind in reference.event_kinds()
    ]
    predicates = [
        (f"`{row.key}`", row.of, row.title, f"`{row.condition}`", f"`{row.definition}`", row.note)
        for row in reference.predicates()
    ]
    return "\n\n".join(
        [
            "# Time standards",
            MADE,
            *_standards_summary(),
            "## The standards",
            table(STANDARD_COLUMNS, [_standard_row(standard) for standard in reference.standards()]),
            "## Kinds of event",
            "Home: `events` is a row of that table; a table and column are read there; *worked out* follows from "
            "other kinds; *not asked* is held by nobody who sends a return.",
            table(("kind", "meaning", "about", "home", "detail", "read by"), kinds),
            "## Definitions as conditions",
            "A definition is a parameter: all are counted side by side.",
            table(("key", "of", "title", "condition", "definition", "leaves out"), predicates),
            "",
        ]
    )


def _standards_summary() -> tuple[str, ...]:
    """Number of standards that are verified, may grade and do, and how their limits count."""
    standards = reference.standards()
    verified = sum(standard.status == "verified" for standard in standards)
    able = sum(standard.grades for standard in standards)
    shown, graded = (
        sum(bool(find(standard.key)) for standard in standards) for find in (forms_of_standard, grading_indicators)
    )
    return (
        f"{len(standards)} standards; {verified} were read in a source and are verified. A standard may grade a force "
        "only if it is verified and in force, if the police hold the duty, and if it can be met or missed: so could "
        f"{able}, and {graded} do, because an indicator grades by them. {shown} are shown by an indicator or a "
        "wait; of each of the others it is said why by none. Those of other bodies stand under the system around "
        "the child and grade no force.",
        "Past its limit a thing is late. Where the law sets a maximum it is a *breach*, and is called so in "
        "the table `duty` and in a force's own lists; *breach unless extended* where somebody may extend the "
        "maximum and no return says so.",
        "A limit counts from the event that starts it to the event that ends it. The day of the starting event "
        "picks which standard holds; for bail before charge it is the day of the arrest. A part that is recalled "
        "was not read in the source named.",
    )


def _standard_row(standard: reference.TimeStandard) -> tuple[str, ...]:
    """One time standard as a row of the table `STANDARD_COLUMNS`."""
    days = f"{standard.valid_from or ''} to {standard.valid_to or ''}" if standard.valid_from else ""
    shown_by = ", ".join(f"`{form.key}`" for form in forms_of_standard(standard.key))
    return (
        f"`{standard.key}`",
        standard.name,
        f"`{standard.start_event}`" if standard.start_event else "",
        f"`{standard.end_event}`" if standard.end_event else "",
        standard.allowed_time,
        standard.jurisdiction,
        standard.commencement,
        days.removesuffix(" to "),
        standard.over_run,
        standard.holder,
        standard.status,
        shown_by or f"None. {reason_without_form(standard.key)}",
        "yes" if grading_indicators(standard.key) else "",
        standard.recalled_part,
        standard.source,
    )


def data_return_page() -> str:
    """The return contract: the cover, every table and column, the closed lists, the rules and what they ask for."""
    parts = [
        "# The data return",
        MADE,
        f"What a force sends, specification {contract.SPEC_VERSION}: one folder with `return.toml` and at most one "
        "file for each table, called by the table's name (`crimes.csv`, `.parquet` or `.xlsx`). A `mapping.toml` "
        "beside them translates a force's own names, forms and values. Sections bear the numbers by which rules and "
        "code name them. `assay contract` writes the same contract as "
        "Frictionless Table Schemas and as an empty workbook.",
        "Every table begins with `force_code`. *Required*: yes, without it the row cannot be used; if known, an empty "
        "cell is not known and is counted; no, an empty cell says nothing. *Origin*: system, exported from a record "
        "system; derived, made by assay where it is not sent; person, asked of a person. A `when` is a time, or a day "
        "alone, which is read as an interval and never as midnight. Columns marked *identity* tell who a person is. "
        "*Asked*: no, while nothing reads the column; it is not in the schema or the workbook, nobody is chased for "
        "it, and a return that holds it is told so. The [field list](field-list.md) names the reader of each.",
        words("before.md"),
        "## 5 to 7 Tables",
    ]
    for name, told in contract.tables().items():
        rows = [
            (
                f"`{column.name}`", column.kind, column.required, column.origin,
                f"`{column.values}`" if column.values else "",
                ("identity. " if column.identity else "") + column.rule, column.used_for,
                "yes" if column.is_requested else "no",
            )
            for column in told.columns
        ]  # fmt: skip
        dated = f" Dated by `{told.date}`." if told.date else ""
        key, natural = ", ".join(f"`{one}`" for one in told.key), ", ".join(f"`{one}`" for one in told.natural_key)
        natural = f" Made from {natural} where it is empty (3.6)." if natural else ""
        parts += [
            f"### {name}",
            f"{told.purpose} {told.row} Tier {told.tier}. Key: {key}.{natural}{dated}",
            *([] if told.requested_columns else ["Not asked: nothing reads this table yet."]),
            f"In scope: {told.in_scope}",
            table(("column", "type", "required", "origin", "list", "what it holds", "used for", "asked"), rows),
        ]
    return "\n\n".join([*parts, *_lists_and_rules(), words("after.md"), *never_asked()]) + "\n"


def never_asked() -> tuple[str, str]:
    """What the contract asks nobody for, and why."""
    return "## 14. What is not asked, and why", table(("not asked", "why"), contract.out_of_scope_topics())


def words(name: str) -> str:
    """A part of the return contract that no table holds."""
    return (files("assay.contract") / name).read_text(encoding="utf-8").strip()


def _lists_and_rules() -> list[str]:
    used = {column.values for told in contract.tables().values() for column in told.columns if column.values}
    used |= {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
    short = {name: contract.list_values(name) for name in sorted(used)}
    lists = [(f"`{name}`", ", ".join(f"`{value}`" for value in values)) for name, values in short.items()]
    told = [(rule.key, rule.when, rule.what_happens, rule.mend) for rule in rules().values()]
    return [
        "## 9 Closed lists",
        "Compared without regard to case. What each value means stands in the workbook's sheet `lists`.",
        table(("list", "values"), lists),
        "## 10 Rules",
        "The first rule that fits a row gives its reason. Rows accepted and rows set aside add up to the records of "
        "the file, which are counted by other means than they are read.",
        table(("rule", "when", "what happens", "what the sender is asked to do"), told),
    ]


def field_list_page() -> str:
    """Every column of the contract: what it is for, who reads it today, and whether it is asked."""
    every = list_fields(contract.tables())
    asked = [one for one in every if one.requested]
    unread = [name for name, told in contract.tables().items() if not told.requested_columns]
    parts = [
        "# Field list",
        MADE,
        f"The contract knows {len(every)} columns, `force_code` apart. **{len(asked)} are asked**, because something "
        f"reads them; **{len(every) - len(asked)} have no reader today and are not asked**, {len(unread)} whole tables "
        f"among them: {', '.join(unread)}.",
        "*Read by* is worked out from the program: *forms* are indicators, waits and counts; *facts* are what forms "
        "are worked out from; a *check* is named where it tests, by this column, another that is read, or is a finding "
        "of its own. Facts of one table share steps, so a reader may be named for a column that it needs only in some "
        "rows. At most three of a kind are named. How an inspection of its own prints this list: "
        "[Ask lawfully](../how-to/ask-lawfully.md).",
    ]
    for name, told in contract.tables().items():
        rows = [
            (
                f"`{one.column}`", one.kind, one.required, one.origin, "yes" if one.identity else "no", one.reason,
                one.read_by,
                "yes" if one.requested else NOT_ASKED,
            )
            for one in every if one.table == name
        ]  # fmt: skip
        head = ("column", "type", "required", "origin", "identity", "reason", "read by", "asked")
        parts += [f"## {name}", f"{told.purpose} Tier {told.tier}.", table(head, rows)]
    marks = explain_codes(codes_in(one.reason for one in every))
    parts += ["## What the reasons name", table(("mark", "question or failure mode"), marks)]
    return "\n\n".join([*parts, *never_asked()]) + "\n"


def layouts_page() -> str:
    """Which headers the readers know, and which of them were seen in a file."""
    parts = [
        "# Layouts of official files",
        MADE,
        "Headers are compared without case, spaces or punctuation. *Seen* stands in a file that was read; *recalled* "
        "is from the publisher's guidance and is a guess until such a file is read. The sheet and the row of headers "
        "are found by these words, wherever they stand.",
    ]
    for name, told in data("assay.ingest.official_statistics", "layouts.toml").items():
        if not isinstance(told, dict) or "column" not in told:
            continue
        columns = told["column"]
        rows = [(f"`{c['field']}`", ", ".join(c["seen"]), ", ".join(c["recalled"])) for c in columns]
        parts += [f"## {name}", f"{told['title']} ({told['publisher']})."]
        parts += [table(("field", "headers seen", "headers recalled"), rows)]
    return "\n\n".join(parts) + "\n"


def worlds_page() -> str:
    """The worlds that can be invented, what can be planted, and how strong a strength is."""
    made = [read_world(key) for key in worlds()]
    rows = [
        (f"`{one.key}`", one.title, one.why, f"{one.forces} x {one.crimes_per_force:,} x {one.years}", _planted(one))
        for one in made
    ]
    moved = {key: [shape for shape in calibration_figures().values() if shape.planted == key] for key in failings()}
    told = {key: "; ".join(_moves(shape) for shape in shapes_of) or "see the world" for key, shapes_of in moved.items()}
    moves = [(f"`{one.key}`", one.mode or "-", one.what, told[one.key]) for one in failings().values()]
    parts = [
        "# Invented worlds",
        MADE,
        "`assay synthetic generate FOLDER --world KEY` makes one of these; a settings file of your own "
        "may stand in the place of "
        "the key. Size: forces x mean crimes a force and year x years; `--scale 1` makes a nation of any of them.",
        table(("world", "what", "why", "size", "planted"), rows),
        "## What can be planted",
        "Mode: the failure mode that the inquiry found (F1 to F19). Strength 1 is serious: a rate is worse by the "
        "larger of 20 points and four standard deviations between forces, times the weight of the rate.",
        table(("failing", "mode", "what", "what it moves at strength 1"), moves),
    ]
    return "\n\n".join(parts) + "\n"


def _planted(world: World) -> str:
    if len(world.plants) > 4:
        return f"{len(world.plants)} failings"
    return "; ".join(f"{one.failing} ({one.strength:g})" for one in world.plants) or "nothing"


def _moves(shape: CalibrationFigure) -> str:
    return f"{shape.key} {shape.value:g} to {shape.value_with_failing(1):.2f}"


def _other_rows(one: other_senders.Table) -> list[tuple[str, ...]]:
    of_list = {"place": "a body of the request, or `ALL`", "body": "a body of the request"}
    return [
        (
            f"`{column.name}`", column.kind, column.required,
            of_list.get(column.values, f"`{column.values}`" if column.values else ""),
            column.rule + (f"; at most {column.most} characters" if column.most else ""),
        )
        for column in one.columns
    ]  # fmt: skip


def other_returns_page() -> str:
    """What is sent beside the returns of forces: the cover, every table, the closed lists and the rules."""
    parts = [
        "# What else is sent",
        MADE,
        "Voices, documents, lessons, what is known of groups across forces, and notes of fieldwork come in folders of "
        "their own, each with "
        "`sent.toml` and one CSV file (UTF-8) for each table, called by its name. How to use them: "
        "[Hear from victims, staff and partners](../how-to/hear-from-victims-staff-and-partners.md), "
        "[Interview, listen and watch](../how-to/do-fieldwork.md).",
        "`sent.toml` has one section, `[sent]`: `spec_version` (`1.0`), `request`, `sender` (the code of a body of the "
        "request, or 2 to 31 letters, digits and hyphens that name no person), `sender_kind`, `edition` (1, 2 ...) and "
        "`contact_post`. A later edition takes the place of the whole of an earlier one.",
        "*Required*: yes, without it the row cannot be used; if known, the cell may be empty, and the column must be "
        "there. Accepted rows stand in `others/SENDER/edition_N` of the inspection folder, one table each, with "
        "`sender` before these columns and `file_line` after them.",
        "## Tables",
    ]
    for name, one in other_senders.tables().items():
        senders = ", ".join(f"`{kind}`" for kind in one.senders)
        key = ", ".join(f"`{column}`" for column in one.key)
        parts += [f"### {name}", f"{one.purpose} {one.row} Key: {key}. Sent by: {senders}."]
        parts.append(table(("column", "type", "required", "list", "what it holds"), _other_rows(one)))
    parts.append("## Closed lists")
    for name, values in other_lists().items():
        meanings = [(f"`{value}`", words) for value, words in values.items()]
        parts += [f"### {name}", table(("value", "meaning"), meanings)]
    told = [(one.key, one.when, one.what_happens, one.mend) for one in other_senders.rules().values()]
    parts += ["## Rules", table(("rule", "when", "what happens", "what the sender is asked to do"), told)]
    return "\n\n".join(parts) + "\n"


EMPTY = {
    "yes or no": "not known; no: known that it is not so, or that there is none",
    "number": "not known; 0: none was sent by a force that sends the table. "
    "Of days (`days_...`): it has not happened, or is not known",
    "day": "it has not happened, or is not known",
    "time": "it has not happened, or is not known",
    "text": "there is none, or it is not known",
}


def facts_page() -> str:
    """Every column of facts: what a plug-in, a design of a sample and a card may compare."""
    parts = [
        "# Columns of facts",
        MADE,
        "Facts are one row a record, and lie in `records/` of an inspection, one file a table. Conditions of a "
        "[plug-in](../how-to/add-your-own.md) and of a [sample](../how-to/read-case-files.md) compare these columns. "
        "*Sent as* names the column of the [return](data-return.md) that is repeated unchanged; the others are worked "
        "out, from the tables named.",
        "## Known to have none, and not known",
        "An empty cell is never no and never zero. A yes/no column says *no* only where the force sends everything "
        "that would show it; else it is empty. So ask whether something is absent by a yes/no column, such as "
        "`not charged` or `not suspect_identified`, and never by a day, a text or a number of days, which may be empty "
        "for either reason. Of a table of its own a plug-in says by "
        "[`none`](../how-to/add-your-own.md#known-to-have-none-and-not-known) how a force tells the two apart.",
        table(("type", "an empty cell says"), EMPTY.items()),
    ]
    columns = fact_columns()
    for name in dict.fromkeys(one.table for one in columns):
        rows = [_fact_row(one) for one in columns if one.table == name]
        parts += [f"## {name}", table(("column", "type", "sent as", "worked out from"), rows)]
    return "\n\n".join(parts) + "\n"


def _fact_row(one: FactColumn) -> tuple[str, ...]:
    sent = f"`{one.sent_as}`" if one.sent_as else ""
    return f"`{one.name}`", one.kind, sent, "" if sent else ", ".join(one.tables)


KINDS = {
    "indicator": "an indicator: a share of records, with what is not known (`assay inspect indicator-card NAME`)",
    "wait": "a wait: how long, with those who wait still (`assay inspect indicator-card NAME`)",
    "count": "a count under several definitions (`assay inspect indicator-card NAME`)",
    "published": "a measure of published statistics, see [measures](measures.md)",
    "case file": "a question to whoever reads a case file; so with the child's chronology, documents and fieldwork",
    "table": "a table of the report, see [tables](tables.md)",
    "command": "a command, see [the command line](command-line.md)",
    "page": "a page of this documentation",
}


def questions_page() -> str:
    """The fifty questions, and what answers each of them."""
    held = answer_sources()
    bare = [number for number, found in held.items() if not found]
    parts = [
        "# What answers each question",
        MADE,
        "The inspection asks fifty questions. Beside each stands everything that answers it, wholly or in part: what "
        "is counted in records, what people mark who read case files, documents or hear staff, and what the report "
        "and the commands hold. A case-file question is named by its set and its key (`assay casefile questions SET`).",
        table(("kind", "what it is"), KINDS.items()),
        f"{len(held) - len(bare)} of {len(held)} questions have an answer here. "
        + (f"Nothing answers these yet: {', '.join(bare)}." if bare else "None is without."),
    ]
    for question in reference.questions():
        rows = [(one.kind, f"`{one.name}`", one.what) for one in held[question.number]]
        said = table(("kind", "name", "what it asks or says"), rows) if rows else NO_ANSWER
        parts += [f"## {question.number}", question.text, said]
    return "\n\n".join([*parts, *later_question_parts()]) + "\n"


COMMAND_LINE_NOTES = Path(__file__).parent / "command_line_notes.md"
"""What the page of the command line says beside the commands: completion, many texts, exit codes, environment."""
GUIDES = {
    "check": "../how-to/check-an-extract.md",
    "prepare": "../tutorials/a-forces-first-return.md",
    "self-audit": "../how-to/audit-your-own-force.md",
    "bundle": "../how-to/send-a-bundle.md",
    "look report": "../tutorials/published-statistics.md",
    "look long-form": "../how-to/add-a-published-table.md",
    "look status": "../how-to/bring-registers-up-to-date.md",
    "inspect new": "../how-to/ask-lawfully.md",
    "inspect receive": "../how-to/take-in-returns.md",
    "inspect receive-evidence": "../how-to/hear-from-victims-staff-and-partners.md",
    "inspect release": "../how-to/release-a-report.md",
    "inspect clear-page": "../how-to/release-a-report.md",
    "inspect seal-plan": "../how-to/judge-and-decide.md",
    "inspect retire": "../how-to/end-an-inspection.md",
    "grade show": "../how-to/judge-and-decide.md",
    "casefile sheets": "../how-to/read-case-files.md",
    "fieldwork plan": "../how-to/do-fieldwork.md",
    "text sample": "../how-to/label-texts.md",
    "urgent find": "../how-to/send-an-urgent-list.md",
    "workbench start": "../how-to/mark-in-the-workbench.md",
    "signature sign": "../how-to/sign-and-check-a-file.md",
}
"""The page of the manual that shows a command at work."""


def command_line_page() -> str:
    """Every command by group, with its arguments and options, and the earlier names of commands."""
    root = typer.main.get_command(app)
    names = [(f"`assay {old}`", f"`assay {shortest_name(new)}`") for old, new in renamed_commands().items()]
    parts = ["# Command line", MADE]
    parts += [f"`assay` alone shows five commands for each kind of user. {HELP_SENTENCE}"]
    parts += [table(("group or command", "does"), rows) if rows else f"**{panel}**" for panel, rows in _overview(root)]
    parts += ["## `assay`", _parameters(root)]
    for group in COMMANDS:
        parts += _group_parts(root, group)
    parts += ["## Earlier names", "These names still work, and say the new name.", table(("earlier", "now"), names)]
    return "\n\n".join([*parts, COMMAND_LINE_NOTES.read_text(encoding="utf-8")])


def _overview(root: Any) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Each panel of the help of `assay`, without and with its groups and commands."""
    for panel, names in COMMANDS[""].items():
        yield panel, []
        yield panel, [(f"[`assay {name}`](#assay-{name})", _help_line(root.commands[name])) for name in names
                      if name in root.commands]  # fmt: skip


def _group_parts(root: Any, group: str) -> list[str]:
    """The headings, commands, arguments and options of a group; of `assay` itself its commands that are no groups."""
    commands = root.commands[group].commands if group else root.commands
    names = [name for panel in COMMANDS[group].values() for name in panel if name in commands and name not in COMMANDS]
    parts = [f"## `assay {group}`", GROUP_HELP[group]] if group else []
    for name in names:
        path = f"{group} {name}".strip()
        guide = f" ([how]({GUIDES[path]}))" if path in GUIDES else ""
        parts += [f"{'###' if group else '##'} `assay {path}`", f"`{_usage(path, commands[name])}`"]
        parts += [f"{_help_line(commands[name])}{guide}", _parameters(commands[name])]
    return parts


def _help_line(command: Any) -> str:
    """The help of a command in one line."""
    return " ".join((command.help or "").split())


def _usage(path: str, command: Any) -> str:
    """The command with its arguments and the options that it needs."""
    words = []
    for param in command.params:
        name = _placeholder(param)
        if param.param_type_name == "argument":
            words += [name if param.required else f"[{name}]"]
        elif param.required:
            words += [f"{param.opts[0]} {name}"]
    return " ".join(["assay", path, *words])


def _placeholder(param: Any) -> str:
    """The word that stands for the value of an argument or option."""
    return param.metavar or str(param.name).upper().replace("_", "-") + ("..." if param.nargs == -1 else "")


def _parameters(command: Any) -> str:
    """The arguments and options of a command as a table."""
    rows = []
    for param in command.params:
        if param.param_type_name == "argument":
            names = _placeholder(param)
        else:
            names = ", ".join(f"`{name}`" for name in (*param.opts, *param.secondary_opts))
        default = param.default if isinstance(param.default, (int, float, str, Path)) else None
        sentence = "" if default in (None, "", False, True) or param.required else f" Default: `{default}`."
        rows.append((names, f"{' '.join((param.help or '').split())}{sentence}"))
    return table(("argument or option", "meaning"), rows) if rows else "It takes no argument and no option."


PAGES = {
    "published-tables.md": lambda: register_page.markdown_page(MADE, table),
    "command-line.md": command_line_page,
    "questions.md": questions_page,
    "tables.md": tables_page,
    "measures.md": measures_page,
    "facts.md": facts_page,
    "code-lists.md": code_lists_page,
    "time-standards.md": standards_page,
    "data-return.md": data_return_page,
    "field-list.md": field_list_page,
    "file-layouts.md": layouts_page,
    "worlds.md": worlds_page,
    "other-returns.md": other_returns_page,
    **runpy.run_path(str(Path(__file__).with_name("register_documents.py")))["PAGES"],
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
