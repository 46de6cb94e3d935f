"""Of which crimes, children and episodes may an absent row, or cell, no longer be read as "it did not happen"?

Rules R58 and R59 of the return contract. A row that was set aside might have been the one that is looked for, so for
what it names the promise of completeness is taken back; and for the whole table, where half of it was lost. A value
that was set aside is read as empty and is not missing (section 10): which cells those are is listed too.
"""

from __future__ import annotations

from assay import contract
from assay.contract.validation_rules import rules
from assay.ingest.completeness_declarations import complete, kind_complete, lost
from assay.ingest.sql_literals import among, quoted
from assay.ingest.staging_store import Desk

NAMED = ("crime_ref", "person_ref", "missing_ref")
ACCEPTED_IN = {"crime_ref": "crimes", "missing_ref": "missing"}
"""Where a crime or episode lies that was accepted; nothing is asked of any other, so nothing is taken back for it."""


def take_back(desk: Desk) -> None:
    """Apply R58, then R59; R58 and the values set aside fill the desk's table `incomplete`.

    A value there has its `column_name` and the `record_ref`, the key, of its row, and names nothing else. Of R58 these
    two are empty; `kind` is the kind of event, or '' for a table other than events and for an event whose kind cannot
    be read, which may have been of any kind. A row that names nothing is counted only.
    """
    _values_set_aside(desk)
    gone = _lost_rows(desk)
    for table in gone:
        if table == "events" or complete(desk, table):
            _for_what_rows_name(desk, table)
    for table, rows in gone.items():
        if rows >= desk.number(f"select count(*) from {table}"):
            desk.note("R59", table)
            desk.read_as_not_complete(table)


def _values_set_aside(desk: Desk) -> None:
    """Every value that was set aside, of rows that were accepted and have a key of one column."""
    effects = among([rule.key for rule in rules().values() if rule.effect == "value"])
    for name, table in contract.tables().items():
        if desk.supplied(name) and len(table.key) == 1:
            desk.insert(
                "incomplete",
                f"select distinct {quoted(name)} as table_name, '' as kind, f.column_name, "
                f"t.{table.key[0]} as record_ref from faults as f join {name} as t using (line) "
                f"where f.table_name = {quoted(name)} and f.rule in {effects}",
            )


def _for_what_rows_name(desk: Desk, table: str) -> None:
    kind = "''" if table != "events" else _kind(desk)
    columns = NAMED if table != "events" else (*NAMED, "kind")
    named = (
        f"select line, {kind} as kind, {', '.join(_accepted(desk, table, name) for name in NAMED)} "
        f"from ({lost(desk, table, *columns)}) as r"
    )
    promised = f"select * from ({named}) where kind is not null and coalesce({', '.join(NAMED)}) is not null"
    desk.insert(
        "incomplete",
        f"select distinct {quoted(table)} as table_name, kind, {', '.join(NAMED)} from ({promised})",
    )
    desk.fault("R58", table, "", f"select line from ({promised})")


def _accepted(desk: Desk, table: str, name: str) -> str:
    home = ACCEPTED_IN.get(name, table)
    if home == table or not desk.supplied(home):
        return f"r.{name}"
    return f"case when r.{name} in (select {name} from {home}) then r.{name} end as {name}"


def _kind(desk: Desk) -> str:
    """The kind if it is promised, NULL if it is not, '' if it cannot be read."""
    kinds = contract.event_kinds()
    promised = [kind for kind in kinds if kind_complete(desk, kind)]
    if not promised:
        return "null"
    return f"case when r.kind in {among(promised)} then r.kind when r.kind in {among(kinds)} then null else '' end"


def _lost_rows(desk: Desk) -> dict[str, int]:
    """How many rows were set aside, of each supplied table that lost any, in the order of the contract."""
    counted = desk.run("select table_name, count(distinct line) as n from aside group by table_name").to_pylist()
    lost_rows = {one["table_name"]: one["n"] for one in counted}
    return {table: lost_rows[table] for table in contract.tables() if table in lost_rows and desk.supplied(table)}
