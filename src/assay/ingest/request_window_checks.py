"""Was this table asked for, and does this row lie in the window that was declared for it (rules R61 and R62)?

The day of a row is that of the table's Date column. A day that is not known is outside of nothing. Crimes sent as
group history are older than any window, where the request asks for them.
"""

from __future__ import annotations

from datetime import date

from assay import contract
from assay.ingest import london_time
from assay.ingest.staging_store import Desk
from assay.reference import Declarations, Request

WHENEVER, PERIOD = "whenever", "period"


def not_asked(declared: Declarations | None, table: str, today: date | None = None) -> str:
    """Why a table may not be taken in, in a sentence; '' if it may. Without `today` no day is held to have passed."""
    if declared is None:
        return ""
    if table not in declared:
        return f"This inspection does not declare the table {table}: it was not asked for."
    faults = declared[table].faults()
    if faults:
        return f"What this inspection declares of {table} is not whole: {' '.join(faults)}"
    return declared[table].passed(today) if today else ""


def check(desk: Desk, request: Request, declared: Declarations | None) -> None:
    """Apply R62."""
    for name, one in (declared or {}).items():
        if name in contract.tables() and desk.supplied(name) and contract.table(name).date and one.window != WHENEVER:
            desk.set_aside("R62", name, contract.table(name).date, _outside(desk, request, name, one.window))


def _outside(desk: Desk, request: Request, name: str, window: str) -> str:
    first, after = _window(desk, request, window)
    column = contract.table(name).column(contract.table(name).date)
    day = f"{column.name}_day" if column.kind == "when" else column.name
    asked_for = " and scope_reason <> 'group_history'" if name == "crimes" and request.group_history else ""
    return f"select line from {name} where ({day} < date '{first}' or {day} > date '{after}'){asked_for}"


def _window(desk: Desk, request: Request, window: str) -> tuple[date, date]:
    """The first and the last day of a window."""
    if window == PERIOD:
        return request.period_from, date.fromordinal(request.period_to.toordinal() - 1)
    return request.history_from, london_time.wall(desk.cover.extracted_at).date()
