"""What does a return say of itself, beside its tables?

Its edition and days, what its cover says of each table as it is read, which kinds of event it holds, which columns, and
which lines its forms print.
Facts and answers read it, to tell what did not happen from what was not sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay import contract
from assay.ingest.return_manifest import NOT_ASKED, Cover, TableCover

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Came:
    """What came of a return: by table the columns of its file (no file: not there), the tables that were read
    (`supplied`), those whose complete is read as no (rule R59), and the kinds of event among the rows read."""

    cover: Cover
    columns: Mapping[str, Collection[str]]
    supplied: Collection[str]
    not_complete: Collection[str] = ()
    kinds: Collection[str] = field(default=())


def returns(cover: Cover) -> Rows:
    """The return itself, in one row."""
    names = ("request", "edition", "period_from", "period_to", "history_from", "extracted_at", "spec_version")
    return [{name: getattr(cover, name) for name in names}]


def forms(cover: Cover) -> Rows:
    """Every line that a form of the sender's own prints."""
    return [
        {"title": one.title, "place": place, "printed": line}
        for one in cover.forms
        for place, line in enumerate(one.lines, start=1)
    ]


def covers(came: Came, asked: Collection[str]) -> Rows:
    """One row a table of the contract: what the cover says, as it is read."""
    return [_cover(came, name, asked=name in asked) for name in contract.tables()]


def _cover(came: Came, table: str, *, asked: bool) -> dict[str, Any]:
    """What the cover says of a table, as it is read: a file that is not there was not supplied (R06).

    What was not asked for is not there for that reason alone, whatever its sender says of it.
    """
    said = came.cover.table(table)
    if not asked:
        said = TableCover(table, reason=NOT_ASKED, extracted_at=said.extracted_at)
    elif said.supplied != "none" and table not in came.columns:
        said = TableCover(table, extracted_at=said.extracted_at)
    names = ("supplied", "reason", "covers_from", "covers_to", "extracted_at", "midnight", "searchable", "system")
    return {
        "table_name": table,
        **{name: getattr(said, name) for name in names},
        "complete": None if said.complete is None else said.complete and table not in came.not_complete,
        "hours_spent": said.hours_spent,
        "rows_stated": said.rows,
        "used": table in came.supplied,
    }


def kinds(came: Came) -> Rows:
    """Every kind of event that a return may hold: whether it was supplied, and whether its absence says anything."""
    rows = []
    for kind in contract.event_kinds().values():
        if not kind.table:
            continue
        supplied = kind.table in came.supplied and kind.column in came.columns.get(kind.table, ())
        complete = bool(came.cover.table(kind.table).complete)
        if kind.sent_in_events:
            supplied = supplied and (kind.key in came.cover.kinds or kind.key in came.kinds)
            complete = came.cover.kinds.get(kind.key, False)
        complete = complete and kind.table not in came.not_complete
        rows.append({"kind": kind.key, "supplied": supplied, "complete": supplied and complete})
    return rows


def columns(came: Came) -> Rows:
    """Every column of the contract: whether it is in the file, and why not, as the cover says."""
    return [
        {
            "table_name": name,
            "column_name": column,
            "in_file": name in came.supplied and column in came.columns[name],
            "reason": came.cover.table(name).columns_not_sent.get(column, ""),
        }
        for name, table in contract.tables().items()
        for column in table.names
    ]
