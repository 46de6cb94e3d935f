"""Which papers must a body have before it asks, and what do they say?

A draft data protection impact assessment, a data-sharing schedule, a field list and the cost to a force, as Markdown,
all from the one specification: what is asked, who reads it, and what was declared of it. They are drafts and no legal
advice; what only the body that asks can know is left as a marked blank.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from assay import contract
from assay.contract import Table, separated_columns
from assay.contract.request_burden import burden as hours_of
from assay.contract.request_burden import burden_markdown
from assay.reference import PURPOSES, WINDOWS, Declarations, Request
from assay.wording import counted, listed
from assay.workflows.request.fact_columns import LINKAGE
from assay.workflows.request.field_list import Field, fields, marks_explained, marks_in

UNDECLARED = "[to be declared by the body that asks]"
MOST_BODIES = 3
Tables = Mapping[str, Table]


def impact_assessment(request: Request, declarations: Declarations, tables: Tables) -> str:
    """A draft data protection impact assessment in the seven steps of the ICO's template, as Markdown.

    `tables`: those that are asked.
    """
    told = _told(request, declarations, tables)
    chosen = {key for one in declarations.values() for key in one.purposes}
    meant = [(key, meaning) for key, meaning in PURPOSES.items() if key in chosen]
    return _render("impact-assessment.md", told | {"purposes": meant, "risks": risks()})


def sharing_schedule(request: Request, declarations: Declarations, tables: Tables) -> str:
    """A data-sharing schedule, as Markdown: of each table what, whose, why, legal basis, held by whom, until when."""
    return _render("sharing-schedule.md", _told(request, declarations, tables))


def field_list(request: Request, declarations: Declarations, tables: Tables) -> str:
    """Every column that is asked with its reason and its reader, and what is not asked, and why; as Markdown."""
    return _render("field-list.md", _told(request, declarations, tables))


def burden(request: Request, tables: Tables) -> str:
    """What the request costs a force, as Markdown: hours of work by tier and table."""
    told = _told(request, {}, tables) | {"hours": burden_markdown(hours_of(tables=tables))}
    return _render("burden.md", told)


@lru_cache
def risks() -> Sequence[Mapping[str, str]]:
    """The risks of the processing: `risk`, `measures` that the program takes, and what is left `open`."""
    told = tomllib.loads(files("assay.workflows.request").joinpath("risks.toml").read_text(encoding="utf-8"))
    return tuple(told["risk"])


def _told(request: Request, declarations: Declarations, tables: Tables) -> dict[str, Any]:
    """What the papers have in common."""
    every = fields({**contract.tables(), **tables})
    asked = [one for one in every if one.asked and one.table in tables]
    named = {name: [one.column for one in asked if one.identity and one.table == name] for name in tables}
    left = [one for one in every if one not in asked]
    unread = [one for one in left if not contract.table(one.table).column(one.column).asked]
    return {
        "request": request,
        "version": contract.SPEC_VERSION,
        "bodies": _bodies(request),
        "tables": list(tables.values()),
        "all_tables": len(contract.tables()),
        "asked": asked,
        "known": len(every),
        "identity": {name: len(columns) for name, columns in named.items()},
        "identity_names": {name: ", ".join(columns) for name, columns in named.items()},
        "identities": listed([f"{name}.{column}" for name, columns in named.items() for column in columns]) or "none",
        "linked": _linked(tables),
        "marks": marks_explained(marks_in(one.reason for one in asked)),
        "unread": _by_table(unread),
        "how_many_unread": len(unread),
        "unasked": _by_table([one for one in left if one not in unread]),
        "how_many_unasked": len(left) - len(unread),
        "not_asked": [name for name in contract.tables() if name not in tables],
        "parts": [name for name in (separated_columns.IDENTITIES, separated_columns.TEXTS) if name in declarations],
        "never": contract.not_asked(),
        "declared": _declared(declarations),
    }


def _by_table(columns: Sequence[Field]) -> list[tuple[str, list[str]]]:
    names = dict.fromkeys(one.table for one in columns)
    return [(name, [one.column for one in columns if one.table == name]) for name in names]


def _linked(tables: Tables) -> str:
    """The columns that are compared to find out who is the same person."""
    columns = [f"{name}.{one.name}" for name, table in tables.items() for one in table.asked if LINKAGE in one.readers]
    return listed(columns) or "nothing that is asked"


def _declared(declarations: Declarations) -> Callable[[str, str], str]:
    """What was declared of a table under one heading, or that it is still to be declared."""

    def of(table: str, heading: str) -> str:
        if table not in declarations:
            return UNDECLARED
        one = declarations[table]
        said = {
            "in_scope": one.in_scope,
            "window": WINDOWS.get(one.window, one.window),
            "purposes": ", ".join(one.purposes),
            "legal_basis": one.legal_basis,
            "holder": one.holder,
            "used_until": f"{one.used_until}",
            "destroy_by": f"{one.destroy_by}",
        }
        return _cell(said[heading]) or UNDECLARED

    return of


def _bodies(request: Request) -> str:
    names = [body.name for body in request.bodies.values()]
    return listed(names) if len(names) <= MOST_BODIES else counted(len(names), "body", "bodies")


def _cell(words: str) -> str:
    """Words that may stand in a cell of a Markdown table."""
    return " ".join(words.split()).replace("|", "\\|")


def _render(template: str, told: Mapping[str, Any]) -> str:
    return str(_templates().get_template(template).render(told)).rstrip() + "\n"


@lru_cache
def _templates() -> Environment:
    """StrictUndefined: a name that is not given stops the paper rather than leaving a gap in it."""
    environment = Environment(
        loader=PackageLoader("assay.workflows.request"),
        autoescape=False,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    return environment
