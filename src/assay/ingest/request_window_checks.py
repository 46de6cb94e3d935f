"""Check that tables and dates are within what the request declares (rules R61 and R62).

The day of a row is that of the table's date column. An unknown day is never outside. Crimes sent as group history are
older than any window, if the request asks for them.
"""

from __future__ import annotations

from datetime import date

from assay import contract
from assay.ingest import london_time
from assay.ingest.staging_store import StagingStore
from assay.reference import DataRequest, Declarations

ANY_TIME, PERIOD = "whenever", "period"


def table_refusal(declarations: Declarations | None, table: str, today: date | None = None) -> str:
    """Return why a table may not be accepted, as a sentence; '' if it may.

    Without `today`, no day counts as passed.
    """
    if declarations is None:
        return ""
    if table not in declarations:
        return f"This inspection does not declare the table {table}: it was not requested."
    errors = declarations[table].errors()
    if errors:
        return f"The declaration of {table} in this inspection is incomplete: {' '.join(errors)}"
    return declarations[table].expiry_sentence(today) if today else ""


def check(store: StagingStore, request: DataRequest, declarations: Declarations | None) -> None:
    """Set rows aside whose date is outside the window that the request declares for their table (rule R62)."""
    for name, declaration in (declarations or {}).items():
        if (
            name in contract.tables()
            and store.is_supplied(name)
            and contract.table(name).date
            and declaration.window != ANY_TIME
        ):
            store.set_rows_aside(
                "R62",
                name,
                contract.table(name).date,
                _rows_outside_window_sql(store, request, name, declaration.window),
            )


def _rows_outside_window_sql(store: StagingStore, request: DataRequest, name: str, window: str) -> str:
    first_day, last_day = _window(store, request, window)
    column = contract.table(name).column(contract.table(name).date)
    day = f"{column.name}_day" if column.kind == "when" else column.name
    exception = " and scope_reason <> 'group_history'" if name == "crimes" and request.group_history else ""
    return f"select line from {name} where ({day} < date '{first_day}' or {day} > date '{last_day}'){exception}"


def _window(store: StagingStore, request: DataRequest, window: str) -> tuple[date, date]:
    """Return the first and the last day of a window."""
    if window == PERIOD:
        return request.period_from, date.fromordinal(request.period_to.toordinal() - 1)
    return request.history_from, london_time.local_time(store.manifest.extracted_at).date()
