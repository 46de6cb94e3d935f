"""Write the folder of a request: the request, field list, impact assessment, sharing schedule, cost and workbook.

All files (request.toml, the papers, the schema and the empty workbook) are written together from one specification, so
that they cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assay import contract
from assay.contract import Table
from assay.contract.empty_workbook import write_workbook
from assay.contract.frictionless_schema import write_schemas
from assay.errors import UsageError
from assay.reference import DataRequest, Declarations
from assay.reference.processing_declarations import declarations_text
from assay.wording import count_phrase
from assay.workflows.request.field_list import PEOPLE
from assay.workflows.request.request_papers import burden_paper, field_list_paper, impact_assessment, sharing_schedule


@dataclass(frozen=True)
class RequestFolder:
    """The files that were written, and the requested tables whose declaration is incomplete."""

    folder: Path
    names: tuple[str, ...]
    undeclared: tuple[str, ...]

    def summary_lines(self) -> list[str]:
        """Return the lines for a person at a terminal."""
        text_lines = [
            f"{count_phrase(len(self.names), 'file')} in {self.folder}:",
            *(f"  {name}" for name in self.names),
        ]
        if self.undeclared:
            text_lines.append(
                f"Not ready to send: not everything is declared of {count_phrase(len(self.undeclared), 'table')} "
                f"({', '.join(self.undeclared)}). Say of each which rows, which days, what for, on which legal basis, "
                "who holds it, until when it is used and by when it is destroyed."
            )
        return [*text_lines, "The papers are drafts and no legal advice: settle what stands in [square brackets]."]


def requested_tables(declarations: Declarations) -> Mapping[str, Table]:
    """Return the tables of a request: the declared ones, or all tables that have a reader.

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
    """Write the folder `out`; UsageError if it is a file."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder; it is made if it is not there.")
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
