"""Can this be asked of this force at all, with what it sent?

Not sent is neither "no" nor "not known": the figure is not given, and the sentence says what would have been needed.
What nobody asked for is said to be that: no force is answerable for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay import contract
from assay.contract.contract_words import named
from assay.contract.question_needs import EITHER
from assay.contract.separated_columns import not_asked as not_kept
from assay.indicators import EVERYWHERE, Form
from assay.ingest.return_manifest import NOT_ASKED
from assay.wording import listed


@dataclass(frozen=True)
class Sent:
    """What each force sent: tables and event kinds, and the columns that it left out, as (force_code, name).

    `not_asked`: the tables that the inspection did not ask of it.
    """

    tables: frozenset[tuple[str, str]]
    kinds: frozenset[tuple[str, str]]
    left_out: frozenset[tuple[str, str]]
    not_asked: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, returned: Mapping[str, pa.Table]) -> Sent:
        """From the tables `covers`, `kinds` and `columns` of all returns that were received."""
        covers = returned["covers"].to_pylist()
        used = [row for row in covers if row["used"] and row["supplied"] != "none"]
        not_asked = [row for row in covers if row["reason"] == NOT_ASKED]
        kinds = returned["kinds"].to_pylist()
        absent = [row for row in returned["columns"].to_pylist() if not row["in_file"]]
        return cls(
            tables=frozenset((row["force_code"], row["table_name"]) for row in used),
            kinds=frozenset((row["force_code"], row["kind"]) for row in kinds if row["supplied"]),
            left_out=frozenset((row["force_code"], f"{row['table_name']}.{row['column_name']}") for row in absent),
            not_asked=frozenset((row["force_code"], row["table_name"]) for row in not_asked),
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

    def asked(self, force_code: str, need: str) -> str:
        """The need, or of needs with '|' between them those, that the inspection asked of the force; '' if none."""
        return EITHER.join(one for one in need.split(EITHER) if self._is_asked(force_code, one))

    def _is_asked(self, force_code: str, need: str) -> bool:
        table, column = _home(need)
        return (force_code, table) not in self.not_asked and column not in not_kept(table)

    def missing(self, form: Form, force_code: str) -> tuple[str, ...]:
        """What the form needs and the inspection does not have of the force, asked or not."""
        return tuple(need for need in form.needs if not self.has(force_code, need))


def not_askable(form: Form, sent: Sent, places: Sequence[str]) -> dict[str, str]:
    """By force: why the form cannot be asked there, in a sentence; forces of which it can are not in it.

    Where it can be asked of none, so it is of all together: 'ALL' is in it, and a sum of nothing is no zero.
    """
    gaps = {place: sent.missing(form, place) for place in places}
    barred = {place: _why(gap, sent, place) for place, gap in gaps.items() if gap}
    if barred and len(barred) == len(gaps):
        barred[EVERYWHERE] = _why_nowhere(gaps, sent)
    return barred


def sentence(not_sent: Sequence[str], not_asked: Sequence[str] = ()) -> str:
    """'This force did not send the table flags, so this cannot be asked here.'

    With what the inspection did not ask for before it, if there is any.
    """
    unasked = [f"this inspection did not ask for {listed(list(named(not_asked)))}"] if not_asked else []
    unsent = [f"this force did not send {listed(list(named(not_sent)))}"] if not_sent else []
    said = f"{', and '.join([*unasked, *unsent])}, so this cannot be asked here."
    return said[0].upper() + said[1:]


def _why(gap: Iterable[str], sent: Sent, place: str) -> str:
    asked = {need: sent.asked(place, need) for need in gap}
    return sentence([one for one in asked.values() if one], [need for need, one in asked.items() if not one])


def _why_nowhere(gaps: Mapping[str, Sequence[str]], sent: Sent) -> str:
    """What no force sent, of what the inspection asked for; else that each force lacks something."""
    first, *others = gaps
    everywhere = [need for need in gaps[first] if all(need in gaps[place] for place in others)]
    asked = {need: next((one for one in (sent.asked(place, need) for place in gaps) if one), "") for need in everywhere}
    unsent = list(dict.fromkeys(_whole(one, gaps, sent) for one in asked.values() if one))
    unasked = [need for need, one in asked.items() if not one]
    if not everywhere:
        return "No force sent all that this needs, so this cannot be asked."
    parts = [f"this inspection did not ask for {listed(list(named(unasked)))}"] if unasked else []
    parts += [f"no force sent {listed(list(named(unsent)))}"] if unsent else []
    said = f"{', and '.join(parts)}, so this cannot be asked."
    return said[0].upper() + said[1:]


def _whole(need: str, places: Iterable[str], sent: Sent) -> str:
    """The table, where nobody sent anything of it; else the need as it is, which may be one column of it."""
    table = need.partition(".")[0]
    return need if EITHER in need or any(sent.has(place, table) for place in places) else table


def _home(need: str) -> tuple[str, str]:
    """The table and the column that hold a need; '' for the column of a whole table."""
    table, _, name = need.partition(".")
    if table == "events" and name in contract.event_kinds():
        kind = contract.event_kinds()[name]
        return kind.table, kind.column
    return table, name
