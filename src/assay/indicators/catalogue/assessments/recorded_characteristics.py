"""Are the characteristics of victims and suspects recorded: sex, ethnicity, disability, care, nationality?

With the table of completeness by month.

Missing values are never imputed, and no figure about people is based only on those whose characteristic is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import union_all
from assay.indicators import EVERYWHERE, NOT_KNOWN, Indicator
from assay.indicators.exclusion_reasons import CANCELLED, NOT_IDENTIFIED, NOTHING_KNOWN, TRANSFERRED

if TYPE_CHECKING:
    import ibis

WORDS: Mapping[str, tuple[str, str]] = {
    "sex": ("Sex", "sex"),
    "ethnicity_self": ("Ethnicity", "ethnicity, as they define it,"),
    "disability": ("Disability", "disability, or that there is none,"),
    "care_status": ("Care status", "care status"),
    "nationality": ("Nationality", "nationality"),
}
VICTIM_FIELDS = tuple(WORDS)
SUSPECT_FIELDS = ("sex", "disability", "nationality")
"""The ethnicity of suspects has a module of its own; care is asked of children, who are few among suspects."""
_ROW: Mapping[str, object] = {
    "in_base": True,
    "role": "victim",
    "child_at_offence": True,
    "known_as": "named",
    "cancelled": False,
    "transferred": False,
    "when_reported": "child when reported",
}
_BOTH_RECORDED: Mapping[str, object] = {**_ROW, "care_status_recorded": True, "disability_recorded": True}
_NOT_RECORDED: Mapping[str, object] = {**_ROW, "care_status_recorded": False, "disability_recorded": False}
_EXCLUSIONS = {CANCELLED: "cancelled", TRANSFERRED: "transferred"}
_NEEDS = ("crimes.cancelled_at", "crimes.transferred_to_force", "involvements.role")
_LEANS = (
    "Every answer counts as recorded, also 'asked and not stated'. A reason for a missing value does not, and is "
    "shown on the page of recorded characteristics."
)


def _victim_indicator(field: str) -> Indicator:
    name, words = WORDS[field]
    met = f"{field}_recorded"
    row = {**_ROW, met: True}
    return Indicator(
        key=f"victim_{met}",
        title=f"{name} of the victim recorded",
        question=f"For how many child victims is their {words} on record?",
        why="Without this record nobody can see whether some groups get a worse service, or none.",
        line="assessments",
        asks="Q27",
        record="described",
        population="in_base and role = 'victim' and child_at_offence",
        excluding=_EXCLUSIONS,
        met=met,
        better="higher",
        limits="Whether it is right, and whether the child was asked.",
        assumptions=_LEANS,
        graded=False,
        needs=(f"involvements.{field}", *_NEEDS),
        split="when_reported",
        examples=(
            (row, "met"),
            ({**row, met: False}, "not met"),
            ({**row, met: False, "when_reported": "adult when reported"}, "not met"),
            ({**row, met: None}, "not known"),
            ({**row, "cancelled": True}, f"left out: {CANCELLED}"),
            ({**row, "transferred": True}, f"left out: {TRANSFERRED}"),
            ({**row, "child_at_offence": None}, "not known if counted"),
            ({**row, "child_at_offence": False}, "outside"),
            ({**row, "role": "suspect"}, "outside"),
            ({**row, "in_base": False}, "outside"),
        ),
    )


victim_care_or_disability_recorded = Indicator(
    key="victim_care_or_disability_recorded",
    title="Care status or disability of the victim recorded",
    question="For how many child victims is their care status or their disability, or that there is none, on record?",
    why="Children in care and disabled children are exploited more often: the police must ask for both and record "
    "them.",
    line="assessments",
    asks="Q27",
    record="described",
    population="in_base and role = 'victim' and child_at_offence",
    excluding=_EXCLUSIONS,
    met="care_status_recorded or disability_recorded",
    better="higher",
    limits="Which of the two it is: each has its own measure.",
    assumptions=_LEANS,
    graded=False,
    needs=("involvements.care_status", "involvements.disability", *_NEEDS),
    split="when_reported",
    examples=(
        (_BOTH_RECORDED, "met"),
        ({**_BOTH_RECORDED, "care_status_recorded": False}, "met"),
        ({**_BOTH_RECORDED, "disability_recorded": None}, "met"),
        ({**_NOT_RECORDED, "disability_recorded": None}, "not known"),
        (_NOT_RECORDED, "not met"),
        ({**_NOT_RECORDED, "when_reported": "adult when reported"}, "not met"),
        ({**_BOTH_RECORDED, "cancelled": True}, f"left out: {CANCELLED}"),
        ({**_BOTH_RECORDED, "transferred": True}, f"left out: {TRANSFERRED}"),
        ({**_BOTH_RECORDED, "child_at_offence": None}, "not known if counted"),
        ({**_BOTH_RECORDED, "role": "suspect"}, "outside"),
    ),
)


def _suspect_indicator(field: str) -> Indicator:
    name, words = WORDS[field]
    met = f"{field}_recorded"
    row = {**_ROW, "role": "suspect", met: True}
    return Indicator(
        key=f"suspect_{met}",
        title=f"{name} of the suspect recorded",
        question=f"For how many identified suspects is their {words} on record?",
        why="Without this record nobody can say who is suspected, and claims take the place of facts.",
        line="assessments",
        asks="Q27",
        record="described",
        population="in_base and role = 'suspect'",
        excluding={
            **_EXCLUSIONS,
            NOTHING_KNOWN: "known_as = 'nothing_known'",
            NOT_IDENTIFIED: "known_as = 'described'",
        },
        met=met,
        better="higher",
        limits="Whether it is right, and anything about suspects who were not identified.",
        assumptions=_LEANS,
        graded=False,
        needs=(f"involvements.{field}", "involvements.suspect_known_as", *_NEEDS),
        split="when_reported",
        examples=(
            (row, "met"),
            ({**row, met: False}, "not met"),
            ({**row, met: False, "when_reported": "adult when reported"}, "not met"),
            ({**row, met: None}, "not known"),
            ({**row, "cancelled": True}, f"left out: {CANCELLED}"),
            ({**row, "transferred": True}, f"left out: {TRANSFERRED}"),
            ({**row, "known_as": "nothing_known"}, f"left out: {NOTHING_KNOWN}"),
            ({**row, "known_as": "described"}, f"left out: {NOT_IDENTIFIED}"),
            ({**row, "known_as": None}, "not known if counted"),
            ({**row, "role": "victim"}, "outside"),
            ({**row, "in_base": False}, "outside"),
        ),
    )


FORMS = (
    *map(_victim_indicator, VICTIM_FIELDS),
    victim_care_or_disability_recorded,
    *map(_suspect_indicator, SUSPECT_FIELDS),
)


# Is the ethnicity of suspects recorded: self-defined, and as perceived by an officer?
#
# The two are separate measures, because one is an answer and the other an impression. Neither replaces the other.

_ETHNICITY_NEEDS = ("involvements.suspect_known_as", "crimes.cancelled_at", "crimes.transferred_to_force")
_SUSPECT: Mapping[str, object] = {
    "in_base": True,
    "cancelled": False,
    "transferred": False,
    "known_as": "named",
    "when_reported": "child when reported",
    "ethnicity_self_recorded": True,
    "ethnicity_officer_recorded": True,
}
_WHY = (
    "Without this record nobody can say who offends. Claims take the place of facts, and the children at risk are "
    "not protected. Past inspections found it missing for most suspects."
)


def _examples(column: str, described: str) -> tuple[tuple[Mapping[str, object], str], ...]:
    return (
        (_SUSPECT, "met"),
        ({**_SUSPECT, column: False}, "not met"),
        ({**_SUSPECT, column: None}, "not known"),
        ({**_SUSPECT, column: False, "when_reported": "adult when reported"}, "not met"),
        ({**_SUSPECT, column: False, "known_as": "nothing_known"}, f"left out: {NOTHING_KNOWN}"),
        ({**_SUSPECT, column: False, "known_as": "described"}, described),
        ({**_SUSPECT, "known_as": None}, "not known if counted"),
        ({**_SUSPECT, "cancelled": True}, "left out: crime_cancelled"),
        ({**_SUSPECT, "transferred": True}, "left out: crime_transferred_to_another_force"),
        ({**_SUSPECT, "in_base": False}, "outside"),
    )


def _combined_examples() -> tuple[tuple[Mapping[str, object], str], ...]:
    """Return the examples for self-defined ethnicity, without an officer's code."""
    self_examples = _examples("ethnicity_self_recorded", f"left out: {NOT_IDENTIFIED}")[1:]
    no_officer_ethnicity = {"ethnicity_officer_recorded": False}
    return tuple(({**row, **no_officer_ethnicity}, answer) for row, answer in self_examples)


suspect_ethnicity_self_recorded = Indicator(
    key="suspect_ethnicity_self_recorded",
    title="Suspect's ethnicity recorded, as they define it",
    question="For how many identified suspects is the ethnicity that they themselves state on record?",
    why=_WHY,
    line="assessments",
    asks="Q27",
    record="suspect",
    population="in_base",
    # Nobody can ask a person who was not identified. A named suspect who was never met stays in: that they were not
    # met is itself worth knowing, and the reason for missing is shown beside.
    excluding={
        **_EXCLUSIONS,
        NOTHING_KNOWN: "known_as = 'nothing_known'",
        NOT_IDENTIFIED: "known_as = 'described'",
    },
    met="ethnicity_self_recorded",
    better="higher",
    limits="Whether it was asked or copied, and anything about groups that were not identified.",
    assumptions="'Asked and not stated' is an answer and counts as recorded; a reason for missing does not.",
    graded=False,
    needs=("involvements.ethnicity_self", *_ETHNICITY_NEEDS),
    split="when_reported",
    examples=_examples("ethnicity_self_recorded", f"left out: {NOT_IDENTIFIED}"),
)
suspect_ethnicity_officer_recorded = Indicator(
    key="suspect_ethnicity_officer_recorded",
    title="Suspect's ethnicity recorded, as an officer saw it",
    question="For how many suspects, identified or described, is the ethnicity that an officer saw on record?",
    why=_WHY,
    line="assessments",
    asks="Q27",
    record="suspect",
    population="in_base",
    # A description is enough for an officer's code, so those who were only described stay in.
    excluding={**_EXCLUSIONS, NOTHING_KNOWN: "known_as = 'nothing_known'"},
    met="ethnicity_officer_recorded",
    better="higher",
    limits="Whether the officer saw rightly: it is a perception, and differs from what people say of themselves.",
    assumptions="The officer's codes for 'not known' count as not recorded.",
    graded=False,
    needs=("involvements.ethnicity_officer", *_ETHNICITY_NEEDS),
    split="when_reported",
    examples=_examples("ethnicity_officer_recorded", "not met"),
)

suspect_ethnicity_recorded = Indicator(
    key="suspect_ethnicity_recorded",
    title="Suspect's ethnicity recorded in some way",
    question="For how many identified suspects is any ethnicity on record, as they state it or as an officer saw it?",
    why=_WHY,
    line="assessments",
    asks="Q27",
    record="suspect",
    population="in_base",
    excluding={
        **_EXCLUSIONS,
        NOTHING_KNOWN: "known_as = 'nothing_known'",
        NOT_IDENTIFIED: "known_as = 'described'",
    },
    met="ethnicity_self_recorded or ethnicity_officer_recorded",
    better="higher",
    limits="Which of the two it is: they are different things, and each has its own measure.",
    assumptions="As for each of the two.",
    graded=False,
    needs=("involvements.ethnicity_self", "involvements.ethnicity_officer", *_ETHNICITY_NEEDS),
    split="when_reported",
    examples=(
        (_SUSPECT, "met"),
        ({**_SUSPECT, "ethnicity_self_recorded": False}, "met"),
        ({**_SUSPECT, "ethnicity_self_recorded": None}, "met"),
        ({**_SUSPECT, "ethnicity_self_recorded": None, "ethnicity_officer_recorded": False}, "not known"),
        *_combined_examples(),
    ),
)

SUSPECT_ETHNICITY_FORMS = (
    suspect_ethnicity_self_recorded,
    suspect_ethnicity_officer_recorded,
    suspect_ethnicity_recorded,
)


# Completeness of each characteristic of victims and suspects by month, with the reason where it is missing.
#
# Missing values are counted, never imputed. "Not known" is a field that a force did not send, or a value that was set
# aside on receipt.

FIELDS: Mapping[str, str] = {
    "sex": "sex",
    "ethnicity_self": "ethnicity, as they define it",
    "ethnicity_officer": "ethnicity, as an officer saw it",
    "disability": "disability",
    "care_status": "care",
    "nationality": "nationality",
}
RECORDED, NO_REASON = "recorded", "empty, no reason given"
REASONS: Mapping[str, str] = {
    "NOT_ASKED": "empty: not asked, or the record does not say",
    "REFUSED": "empty: declined",
    "NOT_UNDERSTOOD": "empty: unable to answer",
    "SYSTEM": "empty: no such field in the system",
    "NOT_MET": "empty: a suspect never identified or met",
}
STATES = (RECORDED, *REASONS.values(), NO_REASON, NOT_KNOWN)
ALL_MONTHS = "all"
TEXT, WHOLE = pa.string(), pa.int64()
PEOPLE = pa.schema(
    [("role", TEXT), ("place_code", TEXT), ("month", TEXT), ("people", WHOLE), ("suppressed_cells", TEXT)]
)
FORM = pa.schema([("role", TEXT), ("field", TEXT), ("place_code", TEXT), ("month", TEXT), ("state", TEXT),
                  ("people", WHOLE), ("suppressed_cells", TEXT)])  # fmt: skip
SCHEMAS = {"person_records": PEOPLE, "field_completeness": FORM}
Row = dict[str, Any]


def field_completeness(facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> dict[str, pa.Table]:
    """Return how often each characteristic of victims and suspects is recorded (`SCHEMAS`).

    By month for all forces combined, and for the whole period by force.
    """
    rows = engine.run(_count_fields(facts["described"])).to_pylist()
    first = next(iter(FIELDS.values()))
    first_field_rows = [row for row in rows if row["field"] == first]
    people = [key | {"people": n, "suppressed_cells": ""} for key, n in _sum_by_place(first_field_rows, "role")]
    state_rows = [
        key | {"people": n, "suppressed_cells": ""} for key, n in _sum_by_place(rows, "role", "field", "state")
    ]
    return {
        "person_records": pa.Table.from_pylist(people, schema=PEOPLE),
        "field_completeness": pa.Table.from_pylist(state_rows, schema=FORM),
    }


def _count_fields(described: ibis.Table) -> ibis.Table:
    counted_crimes = described.in_base & ~described.cancelled.fill_null(False) & ~described.transferred.fill_null(False)
    identified = (described.role == "victim") | ~described.known_as.isin(("nothing_known", "described")).fill_null(
        False
    )
    rows = described.filter((counted_crimes & identified).fill_null(False))
    return union_all([_field_states(rows, field, name) for field, name in FIELDS.items()])


def _field_states(rows: ibis.Table, field: str, name: str) -> ibis.Table:
    import ibis

    recorded, reason = rows[f"{field}_recorded"], rows[f"{field}_reason"]
    state = ibis.cases(
        (recorded.isnull(), NOT_KNOWN),
        (recorded, RECORDED),
        *((reason == code, words) for code, words in REASONS.items()),
        else_=NO_REASON,
    )
    states = rows.select("role", "force_code", field=ibis.literal(name), state=state, month=rows.recorded_month)
    return states.group_by("role", "field", "state", "force_code", "month").aggregate(people=states.count())


def _sum_by_place(rows: list[Row], *names: str) -> Iterator[tuple[Row, int]]:
    """Sum counts: all forces combined by month and in total; each force in total."""
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        values = tuple(row[name] for name in names)
        for place_and_month in ((EVERYWHERE, row["month"]), (EVERYWHERE, ALL_MONTHS), (row["force_code"], ALL_MONTHS)):
            key = (*values, *place_and_month)
            found[key] = found.get(key, 0) + row["people"]
    for key, people in sorted(found.items()):
        yield dict(zip((*names, "place_code", "month"), key, strict=True)), people
