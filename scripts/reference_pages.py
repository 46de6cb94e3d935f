"""Write the pages of `docs/reference/` that are generated from the data files of the program."""

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
from assay.indicators.standard_indicators import forms_of_standard, grading_indicators, reason_without_form
from assay.ingest import other_senders
from assay.ingest.other_senders.other_table_spec import lists as other_lists
from assay.sdc import declared_tables
from assay.synthetic import World, failings, read_world, worlds
from assay.synthetic.calibration import CalibrationFigure, calibration_figures
from assay.workflows.registers import register_page
from assay.workflows.request.fact_columns import FactColumn, fact_columns
from assay.workflows.request.field_list import NOT_ASKED, codes_in, explain_codes, list_fields
from assay.workflows.run.register_tables import measure_table

HERE = Path(__file__).parent.parent / "docs" / "reference"
NOTICE = "*`make docs` generates this page from data files. To change it, change those files.*"
OPENED = {"page": "the source", "site": "the site that holds it; its page was not found"}
BREAK_COLUMNS = ("starts", "offence_codes", "compare_across", "evidence", "reason")
HELP_SENTENCE = "`--help` after `assay`, a group or a command prints the text that this page has on it."


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0])]
    lines += [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data(package: str, name: str) -> dict[str, Any]:
    """Return a data file of the program, read as TOML."""
    return tomllib.loads((files(package) / name).read_text(encoding="utf-8"))


def tables_page() -> str:
    """Return the page of the tables that may be released, with their columns."""
    parts = [
        "# Released tables",
        "The tables that an inspection may release, with the key, the columns and the unit of each. A missing value is "
        "empty (CSV) or `null` (JSON), never 0.",
        NOTICE,
    ]
    for name, form in data("assay.sdc", "tables.toml").items():
        rows = [
            (f"`{column.name}`", column.unit, "yes" if column.empty else "", column.meaning)
            for column in declared_tables()[name].columns
        ]
        head = f"One row: {form['row']}. Key: {', '.join(f'`{key}`' for key in form['key'])}."
        parts += [
            f"## {name}",
            f"**{form['title']}.** {head}",
            table(("column", "unit", "may be empty", "meaning"), rows),
        ]
    return "\n\n".join(parts) + "\n"


def measures_page() -> str:
    """Return the page of the measures of published statistics: definition, better direction and limitations of each."""
    lead = "The measures of published statistics: what each divides by what, which side is better, and its limits."
    parts = ["# Measures", lead, NOTICE]
    for row in measure_table().to_pylist():
        facts = {
            "Answers": f"{row['question']} ({row['line']})",
            "Unit": row["unit"],
            "Population": row["population"],
            "Denominator": row["denominator"],
            "Better": row["better"],
            "Why": row["why"],
            "Limits": row["cannot_tell"],
            "Assumptions": row["assumptions"],
        }
        listed = "\n".join(f"- **{name}**: {words}" for name, words in facts.items() if words)
        parts += [f"## {row['measure']}", f"{row['title']}.", listed]
    return "\n\n".join(parts) + "\n"


def code_lists_page() -> str:
    """Return the page of the registers and code lists; short lists are printed in full."""
    lists = reference.code_lists()
    meanings = {(row["file"], row["column"]): row["meaning"] for row in reference.data_dictionary()}
    list_rows = [(f"`{name}`", len(rows), ", ".join(f"`{c}`" for c in rows[0])) for name, rows in lists.items()]
    sets = [(f"`{s.key}`", " ".join(s.codes), s.name, s.cannot_tell) for s in reference.offence_sets()]
    outcomes = [(f"`{o['code']}`", o["label"], o["family"], o["suspect_identified"]) for o in lists["outcomes"]]
    breaks = [[b[name] for name in BREAK_COLUMNS] for b in lists["breaks"]]
    addresses = [(item.name, f"<{item.address}>", OPENED[item.opens]) for item in reference.source_addresses()]
    columns = [(f"`{file}`", f"`{column}`", words) for (file, column), words in meanings.items()]
    kinds = [(kind.key, kind.meaning, ", ".join(kind.required_details)) for kind in EventKind]
    sections: tuple[tuple[str, tuple[str, ...], Iterable[Iterable[object]]], ...] = (
        ("The lists", ("list", "rows", "columns"), list_rows),
        ("Offence sets", ("key", "codes", "name", "limits"), sets),
        ("Outcomes", ("code", "label", "family", "suspect identified"), outcomes),
        ("Breaks in series", ("starts", "codes", "compare across", "evidence", "reason"), breaks),
        ("Where sources can be opened", ("words in a source", "address", "opens"), addresses),
        ("Kinds of event in the ledger", ("kind", "meaning", "details"), kinds),
        ("Dictionary", ("list", "column", "meaning"), columns),
    )
    opening = (
        "The registers and code lists of the program. Each row names its source and says how we know it: `seen` "
        "(read in the source itself), `seen-secondary` (read in another text that quotes the source), `recalled` "
        "(from memory: shown, and never used in a calculation) or `derived` (concluded by us from other rows or texts)."
    )
    parts = [part for title, head, rows in sections for part in (f"## {title}", table(head, rows))]
    return "\n\n".join(["# Code lists", opening, NOTICE, *parts, ""])


STANDARD_COLUMNS = (
    "key", "duty", "starts", "ends", "limit", "country", "in force", "valid", "if late", "duty of",
    "status", "shown by", "grades", "recalled part", "source",
)  # fmt: skip


def standards_page() -> str:
    """Return the page of the time standards: the duty, who has it, and whether a police force may be graded by it."""
    kinds = [
        (f"`{kind.key}`", kind.meaning, kind.subject, kind.home, kind.detail_list, " ".join(kind.read_by))
        for kind in reference.event_kinds()
    ]
    predicates = [
        (f"`{row.key}`", row.record_kind, row.title, f"`{row.condition}`", f"`{row.definition}`", row.note)
        for row in reference.predicates()
    ]
    return "\n\n".join(
        [
            "# Time standards",
            *_standards_summary(),
            NOTICE,
            "## The standards",
            table(STANDARD_COLUMNS, [_standard_row(standard) for standard in reference.standards()]),
            "## Kinds of event",
            "Home: `events` is a row of that table; a table and column are where it is read; *worked out* means that "
            "it is inferred from other kinds; *not asked* means that no sender of a return has it.",
            table(("kind", "meaning", "subject", "home", "detail", "read by"), kinds),
            "## Definitions as conditions",
            "A definition is a parameter: the program counts under every definition and compares the results.",
            table(("key", "record", "title", "condition", "definition", "what it leaves out"), predicates),
            "",
        ]
    )


def _standards_summary() -> tuple[str, ...]:
    """Return sentences on how many standards are verified and grade, and on how limits are counted."""
    standards = reference.standards()
    verified = sum(standard.status == "verified" for standard in standards)
    able = sum(standard.grades for standard in standards)
    with_form, grading = (
        sum(bool(find(standard.key)) for standard in standards) for find in (forms_of_standard, grading_indicators)
    )
    return (
        f"A time standard is a duty with a time limit. This page lists {len(standards)}; {verified} are verified "
        "(read in a source). A standard may grade a force only if it is verified, is in force, is a duty of the "
        f"police, and can be met or missed. {able} standards qualify. {grading} of these grade, because an indicator "
        f"uses them. {with_form} are shown by an indicator or a wait; the table says why the others are not. "
        "Standards of other organisations belong to the theme on the system around the child, and grade no force.",
        "After its limit a duty is late. If the law sets a maximum, lateness is a *breach* in the table `duty` and "
        "in the lists for a force. It is a *breach unless extended* if the maximum may be extended and returns do "
        "not record extensions.",
        "The limit runs from the start event to the end event. The day of the start event decides which standard is "
        "valid; for bail before charge it is the day of the arrest. A recalled part was not read in the source.",
    )


def _standard_row(standard: reference.TimeStandard) -> tuple[str, ...]:
    """Return a time standard as a row of the table `STANDARD_COLUMNS`."""
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
    """Return the page of the return contract: manifest, tables, closed lists and rules."""
    parts = [
        "# The data return",
        f"A force sends one folder (specification {contract.SPEC_VERSION}) with `return.toml` and at most one file for "
        "each table, named after the table (`crimes.csv`, `.parquet` or `.xlsx`). A `mapping.toml` in the folder "
        "translates the names, formats and values of the force. The numbers of sections are those that rules and code "
        "refer to. `assay contract` writes the same contract as Frictionless Table Schemas and as an empty workbook.",
        NOTICE,
        "The first column of every table is `force_code`. *Required*: yes, the row cannot be used without it; if "
        "known, an empty cell means not known, and is counted; no, an empty cell has no meaning. *Origin*: system, "
        "exported from a record system; derived, made by assay if it is not sent; person, asked of a person. A "
        "`when` is a time, or a day, which is read as an interval and never as midnight. *Identity* columns identify "
        "a person. *Asked*: no, as long as no code reads the column; it is then not in the schema or the workbook, "
        "forces are not reminded of it, and the letter to a force that sends it says so. The [field "
        "list](field-list.md) names its readers.",
        words("sections_before_tables.md"),
        "## 5 to 7 Tables",
    ]
    for name, form in contract.tables().items():
        rows = [
            (
                f"`{column.name}`", column.kind, column.required, column.origin,
                f"`{column.values}`" if column.values else "",
                ("identity. " if column.identity else "") + column.rule, column.used_for,
                "yes" if column.is_requested else "no",
            )
            for column in form.columns
        ]  # fmt: skip
        dated = f" Dated by `{form.date}`." if form.date else ""
        key, natural = (", ".join(f"`{column}`" for column in columns) for columns in (form.key, form.natural_key))
        natural = f" If it is empty, it is made from {natural} (3.6)." if natural else ""
        parts += [
            f"### {name}",
            f"{form.purpose} {form.row} Tier {form.tier}. Key: {key}.{natural}{dated}",
            *([] if form.requested_columns else ["Not asked: no code reads this table yet."]),
            f"In scope: {form.in_scope}",
            table(("column", "type", "required", "origin", "list", "content", "used for", "asked"), rows),
        ]
    return "\n\n".join([*parts, *_lists_and_rules(), words("sections_after_tables.md"), *never_asked()]) + "\n"


def never_asked() -> tuple[str, str]:
    """Return the section on what the contract does not ask for, with the reasons."""
    return "## 14. What is not asked, and why", table(("not asked", "why"), contract.out_of_scope_topics())


def words(name: str) -> str:
    """Return one hand-written section of the page of the return contract."""
    return (files("assay.contract") / name).read_text(encoding="utf-8").strip()


def _lists_and_rules() -> list[str]:
    used = {column.values for form in contract.tables().values() for column in form.columns if column.values}
    used |= {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
    short = {name: contract.list_values(name) for name in sorted(used)}
    lists = [(f"`{name}`", ", ".join(f"`{value}`" for value in values)) for name, values in short.items()]
    rule_rows = [(rule.key, rule.when, rule.what_happens, rule.correction) for rule in rules().values()]
    return [
        "## 9 Closed lists",
        "Case does not matter. The sheet `lists` of the workbook has the meaning of each value.",
        table(("list", "values"), lists),
        "## 10 Rules",
        "The first rule that applies to a row is its reason. Accepted rows and rows set aside add up to the records of "
        "the file, which are counted independently.",
        table(("rule", "when", "what happens", "what the sender is asked to do"), rule_rows),
    ]


def field_list_page() -> str:
    """Return the page of every column of the contract: its purpose, what reads it, and whether it is requested."""
    fields = list_fields(contract.tables())
    requested = [field for field in fields if field.requested]
    unread = [name for name, form in contract.tables().items() if not form.requested_columns]
    parts = [
        "# Field list",
        "Every column of the data return, with the reason for it and the code that uses it. In addition to "
        f"`force_code`, the contract has {len(fields)} columns. **{len(requested)} are requested** from forces, "
        f"because the program uses them. **{len(fields) - len(requested)} are not requested**, because no part of "
        "the program uses them yet. "
        f"Tables of which no column is requested: {', '.join(f'`{name}`' for name in unread) or 'none'}.",
        NOTICE,
        "*Read by* is computed from the code. *Forms* are indicators, waits and counts; *facts* are the columns that "
        "forms are computed from; a *check* is named if it uses the column to test another one, or reports on it. "
        "Facts of one table share steps, so a reader may need the column only in some rows. At most three readers of "
        "a kind are named. To print this list for an inspection, see [lawful requests](../how-to/ask-lawfully.md).",
    ]
    for name, form in contract.tables().items():
        rows = [
            (
                f"`{field.column}`", field.kind, field.required, field.origin, "yes" if field.identity else "no",
                field.reason, field.read_by, "yes" if field.requested else NOT_ASKED,
            )
            for field in fields if field.table == name
        ]  # fmt: skip
        head = ("column", "type", "required", "origin", "identity", "reason", "read by", "asked")
        parts += [f"## {name}", f"{form.purpose} Tier {form.tier}.", table(head, rows)]
    codes = explain_codes(codes_in(field.reason for field in fields))
    parts += ["## Codes in the reasons", table(("code", "question or failure mode"), codes)]
    return "\n\n".join([*parts, *never_asked()]) + "\n"


def layouts_page() -> str:
    """Return the page of the column headers by which official files are recognised."""
    parts = [
        "# Layouts of official files",
        "The program finds the sheet, the row of headers and the columns of an official file by the headers on this "
        "page. Case, spaces and punctuation of headers do not matter. *Seen* headers are from a file that was read; "
        "*recalled* ones are from the publisher's guidance, and a guess until such a file is read.",
        NOTICE,
    ]
    for name, layout in data("assay.ingest.official_statistics", "layouts.toml").items():
        if not isinstance(layout, dict) or "column" not in layout:
            continue
        columns = layout["column"]
        rows = [(f"`{c['field']}`", ", ".join(c["seen"]), ", ".join(c["recalled"])) for c in columns]
        parts += [f"## {name}", f"{layout['title']} ({layout['publisher']})."]
        parts += [table(("field", "headers seen", "headers recalled"), rows)]
    return "\n\n".join(parts) + "\n"


def worlds_page() -> str:
    """Return the page of the synthetic countries, and of the failings that can be injected."""
    rows = [
        (f"`{world.key}`", world.title, world.why, f"{world.forces} x {world.crimes_per_force:,} x {world.years}",
         _injected_failings(world))
        for world in map(read_world, worlds())
    ]  # fmt: skip
    shapes = {key: [shape for shape in calibration_figures().values() if shape.injected == key] for key in failings()}
    effects = {key: "; ".join(map(_effect, moved)) or "see the world" for key, moved in shapes.items()}
    failing_rows = [(f"`{item.key}`", item.mode or "-", item.description, effects[item.key])
                    for item in failings().values()]  # fmt: skip
    parts = [
        "# Synthetic countries",
        "`assay synthetic generate FOLDER --world KEY` makes one of these synthetic countries (*worlds*). Instead of "
        "the key you can give a settings file of your own. Size: forces x mean crimes per force and year x years; "
        "`--scale 1` makes any of them as large as England and Wales.",
        NOTICE,
        table(("world", "content", "purpose", "size", "injected failings"), rows),
        "## Failings that can be injected",
        "Mode: the failure mode that the inquiry found (F1 to F19). Strength 1 is serious: a rate is worse by the "
        "larger of 20 percentage points and four standard deviations between forces, times the weight of the rate.",
        table(("failing", "mode", "content", "rates that it changes at strength 1"), failing_rows),
    ]
    return "\n\n".join(parts) + "\n"


def _injected_failings(world: World) -> str:
    if len(world.injected) > 4:
        return f"{len(world.injected)} failings"
    return "; ".join(f"{injection.failing} ({injection.strength:g})" for injection in world.injected) or "none"


def _effect(shape: CalibrationFigure) -> str:
    return f"{shape.key} {shape.value:g} to {shape.value_with_failing(1):.2f}"


def _other_rows(form: other_senders.Table) -> list[tuple[str, ...]]:
    list_text = {"place": "an organisation of the request, or `ALL`", "body": "an organisation of the request"}
    return [
        (
            f"`{column.name}`", column.kind, column.required,
            list_text.get(column.values, f"`{column.values}`" if column.values else ""),
            column.rule + (f"; at most {column.maximum} characters" if column.maximum else ""),
        )
        for column in form.columns
    ]  # fmt: skip


def other_returns_page() -> str:
    """Return the page of the returns of other senders: manifest, tables, closed lists and rules."""
    parts = [
        "# Returns of other senders",
        "In addition to forces' returns, an inspection can receive: accounts of victims and staff; documents; past "
        "recommendations and reviews (*lessons*); intelligence on groups that are active in several forces; and notes "
        "of fieldwork. Each sender supplies a folder with the file `sent.toml` and one CSV file (UTF-8) for each "
        "table, named after the table. How to use them: "
        "[Hear from victims, staff and partners](../how-to/hear-from-victims-staff-and-partners.md), "
        "[Plan and record fieldwork](../how-to/do-fieldwork.md).",
        NOTICE,
        "`sent.toml` has one section, `[sent]`: `spec_version` (`1.0`), `request`, `sender` (the code of an "
        "organisation of the request, or 2 to 31 letters, digits and hyphens that name no person), `sender_kind`, "
        "`edition` (1, 2 ...) and `contact_post`. A later edition replaces the whole of an earlier one.",
        "*Required*: yes, the row cannot be used without it; if known, the column must exist and a cell may be empty. "
        "Accepted rows are in `others/SENDER/edition_N` of the inspection folder, one table each, with `sender` before "
        "these columns and `file_line` after them.",
        "## Tables",
    ]
    for name, form in other_senders.tables().items():
        senders = ", ".join(f"`{kind}`" for kind in form.senders)
        key = ", ".join(f"`{column}`" for column in form.key)
        parts += [f"### {name}", f"{form.purpose} {form.row} Key: {key}. Sent by: {senders}."]
        parts.append(table(("column", "type", "required", "list", "content"), _other_rows(form)))
    parts.append("## Closed lists")
    for name, values in other_lists().items():
        meanings = [(f"`{value}`", words) for value, words in values.items()]
        parts += [f"### {name}", table(("value", "meaning"), meanings)]
    rule_rows = [(rule.key, rule.when, rule.what_happens, rule.correction) for rule in other_senders.rules().values()]
    parts += ["## Rules", table(("rule", "when", "what happens", "what the sender is asked to do"), rule_rows)]
    return "\n\n".join(parts) + "\n"


EMPTY = {
    "yes or no": "not known (*no* means that it is known not to be so)",
    "number": "not known (0 means that a force that sends the table sent none); "
    "number of days (`days_...`): it has not happened, or is not known",
    "day": "it has not happened, or is not known",
    "time": "it has not happened, or is not known",
    "text": "there is none, or it is not known",
}


def facts_page() -> str:
    """Return the page of the columns of facts, which plug-ins, sample designs and indicator cards may use."""
    parts = [
        "# Columns of facts",
        "Fact tables are in `records/` of an inspection folder, one file for each table and one row for each record. "
        "The conditions of a [plug-in](../how-to/add-your-own.md) and of a [sample](../how-to/read-case-files.md) "
        "can use these columns. *Sent as* is the column of the [return](data-return.md) that is repeated unchanged; "
        "the other columns are derived from the tables named.",
        NOTICE,
        "## Known to have none, and not known",
        "An empty cell never means no or zero. A yes/no column is *no* only if the force sends everything that would "
        "show a yes; otherwise it is empty. So test absence with a yes/no column, such as `not charged` or `not "
        "suspect_identified`. Do not test it with a day, a text or a number of days, which may be empty for either "
        "reason. For its own table, a plug-in states with "
        "[`none`](../how-to/add-your-own.md#known-to-have-none-and-not-known) how a force distinguishes the two.",
        table(("type", "meaning of an empty cell"), EMPTY.items()),
    ]
    columns = fact_columns()
    for name in dict.fromkeys(column.table for column in columns):
        rows = [_fact_row(column) for column in columns if column.table == name]
        parts += [f"## {name}", table(("column", "type", "sent as", "derived from"), rows)]
    return "\n\n".join(parts) + "\n"


def _fact_row(column: FactColumn) -> tuple[str, ...]:
    source = f"`{column.sent_as}`" if column.sent_as else ""
    return f"`{column.name}`", column.kind, source, "" if source else ", ".join(column.tables)


COMMAND_LINE_NOTES = Path(__file__).parent / "command_line_notes.md"
"""The last part of the page of the command line: completion, many texts, exit codes, environment."""
GUIDES = {
    "check": "../how-to/check-an-extract.md",
    "prepare": "../tutorials/a-forces-first-return.md",
    "self-audit": "../how-to/audit-your-own-force.md",
    "bundle": "../how-to/send-a-bundle.md",
    "look report": "../tutorials/published-statistics.md",
    "look long-form": "../how-to/add-a-published-table.md",
    "look status": "../how-to/bring-registers-up-to-date.md",
    "inspect new": "../how-to/ask-lawfully.md",
    "inspect receive": "../how-to/receive-returns.md",
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
    "workbench start": "../how-to/rate-in-the-workbench.md",
    "signature sign": "../how-to/sign-and-check-a-file.md",
}
"""The page of the manual on how to use a command."""


def command_line_page() -> str:
    """Return the page of all commands by group, with arguments and options, and the earlier names of commands."""
    root = typer.main.get_command(app)
    names = [(f"`assay {old}`", f"`assay {shortest_name(new)}`") for old, new in renamed_commands().items()]
    lead = f"All commands of `assay` by group. `assay` alone shows five commands for each kind of user. {HELP_SENTENCE}"
    parts = ["# Command line", lead, NOTICE]
    parts += [table(("group or command", "does"), rows) if rows else f"**{panel}**" for panel, rows in _overview(root)]
    parts += ["## `assay`", _parameters(root)]
    for group in COMMANDS:
        parts += _group_parts(root, group)
    parts += ["## Earlier names", "These names still work, and print the new name.", table(("earlier", "now"), names)]
    return "\n\n".join([*parts, COMMAND_LINE_NOTES.read_text(encoding="utf-8")])


def _overview(root: Any) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Yield each panel of the help of `assay`, without and with its groups and commands."""
    for panel, names in COMMANDS[""].items():
        yield panel, []
        yield panel, [(f"[`assay {name}`](#assay-{name})", _help_line(root.commands[name])) for name in names
                      if name in root.commands]  # fmt: skip


def _group_parts(root: Any, group: str) -> list[str]:
    """Return the commands of a group with their parameters; for `assay` itself, its commands that are not groups."""
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
    """Return the help of a command on one line."""
    return " ".join((command.help or "").split())


def _usage(path: str, command: Any) -> str:
    """Return the command with its arguments and required options."""
    words = []
    for param in command.params:
        name = _placeholder(param)
        if param.param_type_name == "argument":
            words += [name if param.required else f"[{name}]"]
        elif param.required:
            words += [f"{param.opts[0]} {name}"]
    return " ".join(["assay", path, *words])


def _placeholder(param: Any) -> str:
    """Return the placeholder for the value of an argument or option."""
    return param.metavar or str(param.name).upper().replace("_", "-") + ("..." if param.nargs == -1 else "")


def _parameters(command: Any) -> str:
    """Return the arguments and options of a command as a table."""
    rows = []
    for param in command.params:
        if param.param_type_name == "argument":
            names = _placeholder(param)
        else:
            names = ", ".join(f"`{name}`" for name in (*param.opts, *param.secondary_opts))
        default = param.default if isinstance(param.default, (int, float, str, Path)) else None
        sentence = "" if default in (None, "", False, True) or param.required else f" Default: `{default}`."
        rows.append((names, f"{' '.join((param.help or '').split())}{sentence}"))
    return table(("argument or option", "meaning"), rows) if rows else "No arguments or options."


PAGES = {
    "published-tables.md": lambda: register_page.markdown_page(NOTICE, table),
    "command-line.md": command_line_page,
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
    """Write every generated reference page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
