"""Is every record of every file either accepted or set aside?

The records of a file are counted by other means than those that read it (`files`); here the sum is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assay.errors import EvidenceError
from assay.ingest.staging_store import Desk
from assay.ingest.table_reader import Came


def counted(desk: Desk, came: Iterable[Came]) -> list[dict[str, Any]]:
    """One row a table: records counted, stated, accepted and set aside; refuses a sum that does not come out.

    Of a table that was refused nothing is accepted and nothing set aside: its rule stands in `refused_rule`.
    """
    rows = []
    for one in came:
        refused = desk.refused.get(one.table, "")
        accepted = desk.number(f"select count(*) from {one.table}")
        aside = 0 if refused else desk.number(f"select count(*) from aside where table_name = '{one.table}'")
        if desk.supplied(one.table) and accepted + aside != one.records:
            raise EvidenceError(
                f"{one.file}: {one.records} records were counted in the file, and {accepted} accepted and {aside} set "
                "aside make another sum. Nothing of the return was used; tell the makers of this program."
            )
        rows.append(
            {
                "table_name": one.table,
                "file": one.file,
                "records": one.records,
                "rows_stated": desk.cover.table(one.table).rows,
                "accepted": accepted,
                "set_aside": aside,
                "refused_rule": refused,
            }
        )
    return rows
