"""Would a call, or that there is none, tell of a count that is not shown?

Who compared the places knows which counts a call would part: it stands in columns of its own, that never leave. Where
a count is 1 to 7 and a limit lies among these, nothing is said of a call; where that is not known, neither. A count
that is kept back may be any, so no call is said there. What is said rests on what a reader knows already, never on the
count: so that nothing is said tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from assay.disclosure.declared import Table
from assay.disclosure.marks import Row, is_hidden, is_kept_back, note

STANDING, SPREAD = "standing", "indicator_spread"


def keep_calls_back(rows: Iterable[Row], form: Table) -> None:
    """Empty what is said of a call, and note it in `hidden`, wherever it would tell of a count that is not shown."""
    for row in rows:
        if form.calls and row[form.calls["named"]] is not None and _would_tell(row, form):
            row |= dict.fromkeys(form.calls["words"], "") | {form.calls["named"]: None}
            note(row, form.calls["named"])


def _would_tell(row: Row, form: Table) -> bool:
    tells: Mapping[str, str] = form.calls["tells"]
    return any(
        is_kept_back(row, count) or (is_hidden(row, count) and row.get(column) is not False)
        for count, column in tells.items()
    )


def counted_as_said(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """`indicator_spread` with as many unusual places as the released `standing` names: one more would be a call."""
    if not all(name in tables for name in (STANDING, SPREAD)):
        return {}
    named = [row["indicator"] for row in tables[STANDING].to_pylist() if row["unusual"]]
    rows = [row | {"unusual": named.count(row["indicator"])} for row in tables[SPREAD].to_pylist()]
    return {SPREAD: pa.Table.from_pylist(rows, schema=tables[SPREAD].schema)}
