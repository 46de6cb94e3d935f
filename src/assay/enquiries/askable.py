"""Can this be asked of this force at all, with what it sent?

Not sent is neither "no" nor "not known": the figure is not given, and the sentence says what would have been needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from assay.enquiries.wording import listed
from assay.measure import Form

EITHER = "|"
"""Between needs of which one is enough: "crimes.reported_at|report_crimes"."""


@dataclass(frozen=True)
class Sent:
    """What each force sent: tables and event kinds, and the columns that it left out, as (force_code, name)."""

    tables: frozenset[tuple[str, str]]
    kinds: frozenset[tuple[str, str]]
    left_out: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, returned: Mapping[str, pa.Table]) -> Sent:
        """From the tables `covers`, `kinds` and `columns` of all returns that were received."""
        used = [row for row in returned["covers"].to_pylist() if row["used"] and row["supplied"] != "none"]
        kinds = returned["kinds"].to_pylist()
        absent = [row for row in returned["columns"].to_pylist() if not row["in_file"]]
        return cls(
            tables=frozenset((row["force_code"], row["table_name"]) for row in used),
            kinds=frozenset((row["force_code"], row["kind"]) for row in kinds if row["supplied"]),
            left_out=frozenset((row["force_code"], f"{row['table_name']}.{row['column_name']}") for row in absent),
        )

    def has(self, force_code: str, need: str) -> bool:
        """Whether the force sent a table ('flags'), an event kind ('events.NAME') or a column ('table.column').

        Of needs with '|' between them, one is enough.
        """
        if EITHER in need:
            return any(self.has(force_code, one) for one in need.split(EITHER))
        table, _, name = need.partition(".")
        if not name:
            return (force_code, table) in self.tables
        if table == "events":
            return (force_code, name) in self.kinds
        return (force_code, table) in self.tables and (force_code, need) not in self.left_out

    def missing(self, form: Form, force_code: str) -> tuple[str, ...]:
        """What the form needs and the force did not send."""
        return tuple(need for need in form.needs if not self.has(force_code, need))


def not_askable(form: Form, sent: Sent, places: Iterable[str]) -> dict[str, str]:
    """By force: why the form cannot be asked there, in a sentence; forces of which it can are not in it."""
    gaps = {place: sent.missing(form, place) for place in places}
    return {place: sentence(gap) for place, gap in gaps.items() if gap}


def sentence(missing: Iterable[str]) -> str:
    """'This force did not send the table flags, so this cannot be asked here.'"""
    return f"This force did not send {listed(list(named(missing)))}, so this cannot be asked here."


def named(needs: Iterable[str]) -> tuple[str, ...]:
    """Needs in words: 'the events suspect arrested', 'the column ethnicity_self of involvements', 'the table flags'."""
    groups: Mapping[str, list[str]] = {"events": [], "columns": [], "tables": []}
    either = []
    for need in needs:
        if EITHER in need:
            either.append(" or ".join(word for one in need.split(EITHER) for word in named([one])))
            continue
        table, _, name = need.partition(".")
        if table == "events" and name:
            groups["events"].append(f"\u2018{name.replace('_', ' ')}\u2019")
        elif name:
            groups["columns"].append(f"the column {name} of {table}")
        else:
            groups["tables"].append(f"the table {table}")
    events = (f"the events {listed(groups['events'])}",) if groups["events"] else ()
    return (*groups["tables"], *groups["columns"], *either, *events)
