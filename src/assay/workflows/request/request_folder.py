"""What does a folder hold with which a request can be sent?

request.toml, the field list, the draft impact assessment, the sharing schedule, the cost to a force, the schema and the
empty workbook: written together from one specification, so that none of them can say what another does not.
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
from assay.reference import Declarations, Request
from assay.reference.processing_declarations import declarations_text
from assay.wording import counted
from assay.workflows.request.field_list import PEOPLE
from assay.workflows.request.request_papers import burden, field_list, impact_assessment, sharing_schedule


@dataclass(frozen=True)
class Written:
    """What was written, and of which tables that are asked not everything was declared."""

    folder: Path
    names: tuple[str, ...]
    undeclared: tuple[str, ...]

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [f"{counted(len(self.names), 'file')} in {self.folder}:", *(f"  {name}" for name in self.names)]
        if self.undeclared:
            said.append(
                f"Not ready to send: not everything is declared of {counted(len(self.undeclared), 'table')} "
                f"({', '.join(self.undeclared)}). Say of each which rows, which days, what for, on which legal basis, "
                "who holds it, until when it is used and by when it is destroyed."
            )
        return [*said, "The papers are drafts and no legal advice: settle what stands in [square brackets]."]


def tables_of(declarations: Declarations) -> Mapping[str, Table]:
    """The tables of a request: those that are declared, and where nothing is declared yet, all that something reads.

    A table that is declared although nothing counts it is read by people, and asked for with every column. Of the
    others, what refers to a table of another request is left out.
    """
    if not declarations:
        return contract.asked_tables()
    chosen = {name: table for name, table in contract.tables().items() if name in declarations}
    return {
        name: _without_strangers(table, chosen) if table.asked else _read_by_people(table)
        for name, table in chosen.items()
    }


def _without_strangers(table: Table, chosen: Mapping[str, Table]) -> Table:
    """A table without references to tables that forces are asked for, and are not asked for now.

    One to a table that no force is asked for is read for itself: it tells one thing from another.
    """
    strangers = contract.asked_tables().keys() - chosen.keys()
    gone = {one.name for one in table.columns if one.refers in strangers and one.name not in table.key}
    return replace(table, columns=tuple(replace(one, readers=()) if one.name in gone else one for one in table.columns))


def _read_by_people(table: Table) -> Table:
    return replace(table, columns=tuple(replace(column, readers=(PEOPLE,)) for column in table.columns))


def write_request(request: Request, out: Path, declarations: Declarations) -> Written:
    """Write the folder `out`; UsageError if it is a file."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder; it is made if it is not there.")
    out.mkdir(parents=True, exist_ok=True)
    tables = tables_of(declarations)
    papers = {
        "request.toml": f"{request.to_toml()}\n{declarations_text(declarations)}",
        "field-list.md": field_list(request, declarations, tables),
        "impact-assessment-draft.md": impact_assessment(request, declarations, tables),
        "sharing-schedule.md": sharing_schedule(request, declarations, tables),
        "burden.md": burden(request, tables),
    }
    for name, text in papers.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    written = [*write_schemas(out, tables), write_workbook(out / "data-return.xlsx", tables)]
    names = (*papers, *(path.relative_to(out).as_posix() for path in written))
    open_yet = tuple(name for name in tables if name not in declarations or declarations[name].faults())
    return Written(out, names, open_yet)
