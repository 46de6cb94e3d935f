"""Write the folder of a request and its papers: impact assessment, sharing schedule, field list, cost and workbook.

All files (request.toml, the papers, the schema and the empty workbook) are written together from one specification, so
that they cannot contradict each other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from assay import contract
from assay.contract import Table, separated_columns
from assay.contract.empty_workbook import write_workbook
from assay.contract.frictionless_schema import write_schemas
from assay.contract.request_burden import burden_markdown
from assay.contract.request_burden import request_burden_table as hours_of
from assay.reference import PURPOSES, WINDOWS, DataRequest, Declarations
from assay.reference.processing_declarations import declarations_text
from assay.wording import count_phrase, join_words
from assay.workflows.request.fact_columns import LINKAGE
from assay.workflows.request.field_list import PEOPLE, Field, codes_in, explain_codes, list_fields

# Write the papers of a request as Markdown drafts: impact assessment, sharing schedule, field list and cost.
#
# All come from one specification: the requested columns, their readers, and the declarations. They are drafts and no
# legal advice; what only the requesting organisation can know is a marked blank.

UNDECLARED = "[to be declared by the inspecting organisation]"
MAX_FORCE_NAMES = 3
Tables = Mapping[str, Table]


def impact_assessment(request: DataRequest, declarations: Declarations, tables: Tables) -> str:
    """Return a draft data protection impact assessment in the seven steps of the ICO's template, as Markdown.

    `tables`: the requested tables.
    """
    context = _shared_context(request, declarations, tables)
    purpose_keys = {key for declaration in declarations.values() for key in declaration.purposes}
    purposes = [(key, meaning) for key, meaning in PURPOSES.items() if key in purpose_keys]
    return _render("impact-assessment.md", context | {"purposes": purposes, "risks": risks()})


def sharing_schedule(request: DataRequest, declarations: Declarations, tables: Tables) -> str:
    """Return a data-sharing schedule as Markdown: data, people, purpose, legal basis, holder and last permitted day
    by table."""
    return _render("sharing-schedule.md", _shared_context(request, declarations, tables))


def field_list_paper(request: DataRequest, declarations: Declarations, tables: Tables) -> str:
    """Return a paper in Markdown: each requested column, why and by what it is read, and what is out of scope."""
    return _render("field-list.md", _shared_context(request, declarations, tables))


def burden_paper(request: DataRequest, tables: Tables) -> str:
    """Return what the request costs a force, as Markdown: hours of work by tier and table."""
    context = _shared_context(request, {}, tables) | {"hours": burden_markdown(hours_of(tables=tables))}
    return _render("burden.md", context)


@lru_cache
def risks() -> Sequence[Mapping[str, str]]:
    """Return the risks of the processing, each with the program's `measures` and what remains `open`."""
    content = tomllib.loads(files("assay.workflows.request").joinpath("risks.toml").read_text(encoding="utf-8"))
    return tuple(content["risk"])


def _shared_context(request: DataRequest, declarations: Declarations, tables: Tables) -> dict[str, Any]:
    """Return the template variables that the papers share."""
    all_fields = list_fields({**contract.tables(), **tables})
    requested_fields = [field_row for field_row in all_fields if field_row.requested and field_row.table in tables]
    identity_columns = {
        name: [field_row.column for field_row in requested_fields if field_row.identity and field_row.table == name]
        for name in tables
    }
    other_fields = [field_row for field_row in all_fields if field_row not in requested_fields]
    unread = [
        field_row
        for field_row in other_fields
        if not contract.table(field_row.table).column(field_row.column).is_requested
    ]
    return {
        "request": request,
        "version": contract.SPEC_VERSION,
        "forces": _force_text(request),
        "tables": list(tables.values()),
        "all_tables": len(contract.tables()),
        "asked": requested_fields,
        "known": len(all_fields),
        "identity": {name: len(columns) for name, columns in identity_columns.items()},
        "identity_names": {name: ", ".join(columns) for name, columns in identity_columns.items()},
        "identities": join_words(
            [f"{name}.{column}" for name, columns in identity_columns.items() for column in columns]
        )
        or "none",
        "linked": _linked(tables),
        "marks": explain_codes(codes_in(field_row.reason for field_row in requested_fields)),
        "unread": _by_table(unread),
        "how_many_unread": len(unread),
        "unasked": _by_table([field_row for field_row in other_fields if field_row not in unread]),
        "how_many_unasked": len(other_fields) - len(unread),
        "not_asked": [name for name in contract.tables() if name not in tables],
        "parts": [name for name in (separated_columns.IDENTITIES, separated_columns.TEXTS) if name in declarations],
        "never": contract.out_of_scope_topics(),
        "declared": _declaration_lookup(declarations),
    }


def _by_table(columns: Sequence[Field]) -> list[tuple[str, list[str]]]:
    names = dict.fromkeys(field_row.table for field_row in columns)
    return [(name, [field_row.column for field_row in columns if field_row.table == name]) for name in names]


def _linked(tables: Tables) -> str:
    """Return the columns that record linkage compares."""
    columns = [
        f"{name}.{column.name}"
        for name, table in tables.items()
        for column in table.requested_columns
        if LINKAGE in column.readers
    ]
    return join_words(columns) or "nothing that is requested"


def _declaration_lookup(declarations: Declarations) -> Callable[[str, str], str]:
    """Return what was declared of a table under one heading, or that it is still to be declared."""

    def declared_cell(table: str, heading: str) -> str:
        if table not in declarations:
            return UNDECLARED
        declaration = declarations[table]
        values = {
            "in_scope": declaration.in_scope,
            "window": WINDOWS.get(declaration.window, declaration.window),
            "purposes": ", ".join(declaration.purposes),
            "legal_basis": declaration.legal_basis,
            "holder": declaration.holder,
            "used_until": f"{declaration.used_until}",
            "destroy_by": f"{declaration.destroy_by}",
        }
        return _table_cell(values[heading]) or UNDECLARED

    return declared_cell


def _force_text(request: DataRequest) -> str:
    names = [force_code.name for force_code in request.organisations.values()]
    return join_words(names) if len(names) <= MAX_FORCE_NAMES else count_phrase(len(names), "force")


def _table_cell(words: str) -> str:
    """Return words that may be in a cell of a Markdown table."""
    return " ".join(words.split()).replace("|", "\\|")


def _render(template: str, context: Mapping[str, Any]) -> str:
    return str(_templates().get_template(template).render(context)).rstrip() + "\n"


@lru_cache
def _templates() -> Environment:
    """Return the templates; with StrictUndefined a missing variable raises an error and leaves no gap."""
    environment = Environment(
        loader=PackageLoader("assay.workflows.request"),
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _table_cell
    return environment


@dataclass(frozen=True)
class RequestFolder:
    """The files that were written, and the requested tables whose declaration is incomplete."""

    folder: Path
    names: tuple[str, ...]
    undeclared: tuple[str, ...]

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        text_lines = [
            f"{count_phrase(len(self.names), 'file')} in {self.folder}:",
            *(f"  {name}" for name in self.names),
        ]
        if self.undeclared:
            text_lines.append(
                f"Not ready to send: the declaration is incomplete for "
                f"{count_phrase(len(self.undeclared), 'table')} ({', '.join(self.undeclared)}). Say of each "
                "which rows, which days, what for, on which legal basis, who holds it, until when it is used and "
                "by when it is destroyed."
            )
        return [*text_lines, "The papers are drafts, not legal advice. Replace the text in [square brackets]."]


def requested_tables(declarations: Declarations) -> Mapping[str, Table]:
    """Return the tables of a request: the declared ones, or without declarations all tables that the program reads.

    A table that is declared although nothing counts it is read by people, so every column is requested. Other tables
    lose columns that refer to a table of another request.
    """
    if not declarations:
        return contract.requested_tables()
    declared_tables = {name: table for name, table in contract.tables().items() if name in declarations}
    return {
        name: _without_foreign_references(table, declared_tables)
        if table.requested_columns
        else _with_people_as_readers(table)
        for name, table in declared_tables.items()
    }


def _without_foreign_references(table: Table, declared_tables: Mapping[str, Table]) -> Table:
    """Return a table without references to requestable tables that are not in this request.

    A reference to a table that is never requested stays: it identifies records by itself.
    """
    undeclared_tables = contract.requested_tables().keys() - declared_tables.keys()
    dropped_columns = {
        column.name for column in table.columns if column.refers in undeclared_tables and column.name not in table.key
    }
    return replace(
        table,
        columns=tuple(
            replace(column, readers=()) if column.name in dropped_columns else column for column in table.columns
        ),
    )


def _with_people_as_readers(table: Table) -> Table:
    return replace(table, columns=tuple(replace(column, readers=(PEOPLE,)) for column in table.columns))


def write_request(request: DataRequest, out: Path, declarations: Declarations) -> RequestFolder:
    """Write the papers and files of a request into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tables = requested_tables(declarations)
    papers = {
        "request.toml": f"{request.to_toml()}\n{declarations_text(declarations)}",
        "field-list.md": field_list_paper(request, declarations, tables),
        "impact-assessment-draft.md": impact_assessment(request, declarations, tables),
        "sharing-schedule.md": sharing_schedule(request, declarations, tables),
        "burden.md": burden_paper(request, tables),
    }
    for name, text in papers.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    contract_paths = [*write_schemas(out, tables), write_workbook(out / "data-return.xlsx", tables)]
    names = (*papers, *(path.relative_to(out).as_posix() for path in contract_paths))
    undeclared_tables = tuple(name for name in tables if name not in declarations or declarations[name].errors())
    return RequestFolder(out, names, undeclared_tables)
