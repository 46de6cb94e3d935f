"""Answerability: can an indicator be evaluated for a force with the tables and columns that it sent?

Not sent is neither "no" nor "not known": there is no figure, and a sentence says what would have been needed. Data that
the inspection did not request are reported as such, not as a gap of the force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay import contract
from assay.contract.need_descriptions import need_phrases
from assay.contract.question_needs import ALTERNATIVE_SEPARATOR
from assay.contract.separated_columns import unread_fields as not_kept
from assay.indicators import EVERYWHERE, Form
from assay.ingest.return_manifest import NOT_ASKED
from assay.wording import join_words


@dataclass(frozen=True)
class SubmittedData:
    """The data that each force sent: tables, event kinds and missing columns, as (force_code, name).

    `out_of_scope`: the tables that the inspection did not request. `incomplete`: tables and event kinds that were sent
    and not declared complete.
    """

    tables: frozenset[tuple[str, str]]
    kinds: frozenset[tuple[str, str]]
    missing_columns: frozenset[tuple[str, str]]
    out_of_scope: frozenset[tuple[str, str]]
    incomplete: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def from_returns(cls, returned: Mapping[str, pa.Table]) -> SubmittedData:
        """Return the submitted data from the tables `manifest_rows`, `kinds` and `columns` of all accepted returns."""
        manifest_rows = returned["covers"].to_pylist()
        used = [row for row in manifest_rows if row["used"] and row["supplied"] != "none"]
        not_asked = [row for row in manifest_rows if row["reason"] == NOT_ASKED]
        kinds = returned["kinds"].to_pylist()
        absent = [row for row in returned["columns"].to_pylist() if not row["in_file"]]
        return cls(
            tables=frozenset((row["force_code"], row["table_name"]) for row in used),
            kinds=frozenset((row["force_code"], row["kind"]) for row in kinds if row["supplied"]),
            missing_columns=frozenset(
                (row["force_code"], f"{row['table_name']}.{row['column_name']}") for row in absent
            ),
            out_of_scope=frozenset((row["force_code"], row["table_name"]) for row in not_asked),
            incomplete=frozenset(
                {(row["force_code"], row["table_name"]) for row in used if not row["complete"]}
                | {(row["force_code"], row["kind"]) for row in kinds if row["supplied"] and not row["complete"]}
            ),
        )

    def has(self, force_code: str, need: str) -> bool:
        """Return True if the force sent a table ('flags'), event kind ('events.NAME') or column ('table.column').

        Of alternatives joined by '|', one is enough.
        """
        if ALTERNATIVE_SEPARATOR in need:
            return any(self.has(force_code, alternative) for alternative in need.split(ALTERNATIVE_SEPARATOR))
        table, _, name = need.partition(".")
        if not name:
            return (force_code, table) in self.tables
        if table == "events":
            return (force_code, name) in self.kinds
        return (force_code, table) in self.tables and (force_code, need) not in self.missing_columns

    def requested_part(self, force_code: str, need: str) -> str:
        """Return those alternatives of a data need that the inspection requested from the force; '' if none."""
        return ALTERNATIVE_SEPARATOR.join(
            alternative for alternative in need.split(ALTERNATIVE_SEPARATOR) if self._is_asked(force_code, alternative)
        )

    def _is_asked(self, force_code: str, need: str) -> bool:
        table, column = _home(need)
        return (force_code, table) not in self.out_of_scope and column not in not_kept(table)

    def has_incomplete_need(self, form: Form, force_code: str) -> bool:
        """Return True if the force sent a table or event kind that is needed, but did not declare it complete.

        What is absent from it may exist: absence is then not known to mean no.
        """
        return any(self._is_incomplete(force_code, need) for need in form.needs)

    def _is_incomplete(self, force_code: str, need: str) -> bool:
        supplied = [part for part in need.split(ALTERNATIVE_SEPARATOR) if self.has(force_code, part)]
        return bool(supplied) and all((force_code, _table_or_kind(part)) in self.incomplete for part in supplied)

    def missing(self, form: Form, force_code: str) -> tuple[str, ...]:
        """Return the tables, event kinds and columns that the indicator needs and the force did not send."""
        return tuple(need for need in form.needs if not self.has(force_code, need))


def unanswerable_places(form: Form, submitted_data: SubmittedData, places: Sequence[str]) -> dict[str, str]:
    """Return, for each force whose data cannot answer the indicator, the reason.

    If it is answerable for no force, 'ALL' is included, because an empty sum is not zero.
    """
    gaps = {place: submitted_data.missing(form, place) for place in places}
    unanswerable = {place: _why(gap, submitted_data, place) for place, gap in gaps.items() if gap}
    if unanswerable and len(unanswerable) == len(gaps):
        unanswerable[EVERYWHERE] = _why_nowhere(gaps, submitted_data)
    return unanswerable


def unanswerable_sentence(not_sent: Sequence[str], not_asked: Sequence[str] = ()) -> str:
    """Return the reason as a sentence: 'This force did not send the table flags, so this cannot be asked here.'

    Data that the inspection did not request are named first.
    """
    unasked = [f"this inspection did not ask for {join_words(list(need_phrases(not_asked)))}"] if not_asked else []
    unsent = [f"this force did not send {join_words(list(need_phrases(not_sent)))}"] if not_sent else []
    text = f"{', and '.join([*unasked, *unsent])}, so this cannot be asked here."
    return text[0].upper() + text[1:]


def _why(gap: Iterable[str], submitted_data: SubmittedData, place: str) -> str:
    requests = {need: submitted_data.requested_part(place, need) for need in gap}
    return unanswerable_sentence(
        [request for request in requests.values() if request],
        [need for need, request in requests.items() if not request],
    )


def _why_nowhere(gaps: Mapping[str, Sequence[str]], submitted_data: SubmittedData) -> str:
    """Return the requested needs that no force sent; otherwise say that each force lacks something."""
    first, *other_places = gaps
    everywhere = [need for need in gaps[first] if all(need in gaps[place] for place in other_places)]
    requests = {
        need: next(
            (request for request in (submitted_data.requested_part(place, need) for place in gaps) if request), ""
        )
        for need in everywhere
    }
    unsent = list(
        dict.fromkeys(_table_or_need(request, gaps, submitted_data) for request in requests.values() if request)
    )
    unasked = [need for need, request in requests.items() if not request]
    if not everywhere:
        return "No force sent all that this needs, so this cannot be asked."
    parts = [f"this inspection did not ask for {join_words(list(need_phrases(unasked)))}"] if unasked else []
    parts += [f"no force sent {join_words(list(need_phrases(unsent)))}"] if unsent else []
    text = f"{', and '.join(parts)}, so this cannot be asked."
    return text[0].upper() + text[1:]


def _table_or_need(need: str, places: Iterable[str], submitted_data: SubmittedData) -> str:
    """Return the table if nobody sent it; otherwise the need itself, which may be one of its columns."""
    table = need.partition(".")[0]
    return need if ALTERNATIVE_SEPARATOR in need or any(submitted_data.has(place, table) for place in places) else table


def _table_or_kind(need: str) -> str:
    """Return the event kind of a need, otherwise its table."""
    table, _, name = need.partition(".")
    return name if table == "events" and name else table


def _home(need: str) -> tuple[str, str]:
    """Return the table and column of a need; '' for the column of a whole table."""
    table, _, name = need.partition(".")
    if table == "events" and name in contract.event_kinds():
        kind = contract.event_kinds()[name]
        return kind.table, kind.column
    return table, name
