"""Is it known through whose hands a crime passed, how long an offer waited, and whether anybody has it?

Every case is a force of its own; the data were read on 3 August 2026.
"""

import pytest
from tiny import Return, tables_held, typed

from assay.engine.expressions import ExpressionEngine
from assay.facts.fact_tables import derive_fact_tables
from assay.ingest.transferred_crimes import unmatched_transfers

CRIME = {
    "crime_ref": "1", "scope_reason": "core_offence", "offence_code": "71", "reported_at": "2026-04-08T08:30",
    "recorded_at": "2026-04-08T11:10", "occurred_from": "2026-04-07",
}  # fmt: skip
SILENT = "INV90"
"""A force that sent no crimes."""
KINDS = dict.fromkeys(("handover", "transfer_offered", "transfer_accepted", "transfer_refused"), True)


def step(kind, day, ref):
    return {"event_ref": ref, "kind": kind, "happened_at": f"{day}T10:00", "crime_ref": "1"}


OFFERED = step("transfer_offered", "2026-05-01", "E1")
CASES = {
    "stayed": ({}, []),
    "handed over": ({}, [step("handover", "2026-04-20", "E1")]),
    "refused": ({}, [OFFERED, step("transfer_refused", "2026-05-11", "E2")]),
    "refused, then accepted elsewhere": (
        {"transferred_to_force": SILENT},
        [OFFERED, step("transfer_refused", "2026-05-03", "E2"), step("transfer_accepted", "2026-05-20", "E3")],
    ),
    "answered before it was offered": ({}, [OFFERED, step("transfer_refused", "2026-04-20", "E2")]),
    "answered before and after": (
        {},
        [step("transfer_refused", "2026-04-20", "E0"), OFFERED, step("transfer_refused", "2026-05-06", "E2")],
    ),
    "waits": ({}, [OFFERED]),
    "closed first": ({"outcome_code": "18", "outcome_at": "2026-05-08", "closed_at": "2026-05-08"}, [OFFERED]),
    "went, on a day that nobody wrote down": ({"transferred_to_force": SILENT}, [OFFERED]),
    "went to one that knows it": ({"transferred_to_force": "INV11", "other_force_crime_ref": "1"}, []),
    "came from one that knows it": ({"received_from_force": "INV10", "other_force_crime_ref": "1"}, []),
    "went to one that knows nothing": ({"transferred_to_force": "INV01", "other_force_crime_ref": "7"}, []),
}
FORCES = {case: f"INV{number:02d}" for number, case in enumerate(CASES, start=1)}


@pytest.fixture(scope="module")
def found():
    crimes = [{**CRIME, **crime, "force_code": FORCES[case]} for case, (crime, _) in CASES.items()]
    events = [{**event, "force_code": FORCES[case]} for case, (_, events) in CASES.items() for event in events]
    return_tables = Return(forces=[*FORCES.values(), SILENT], crimes=crimes, events=events, involvements=[], flags=[],
                  kinds=KINDS).tables()  # fmt: skip
    typed_tables = {"crimes": typed("crimes", crimes), "covers": told_by(return_tables["covers"])}
    return_tables["covers"] = typed_tables["covers"]
    with ExpressionEngine() as engine:
        tables = tables_held(engine, return_tables)
        without_transfers = {row["force_code"]: row["no_owner"] for row in course_facts(engine, tables)}
        tables["orphans"] = engine.table("orphans", unmatched_transfers(typed_tables))
        yield {row["force_code"]: row for row in course_facts(engine, tables)}, without_transfers


def told_by(cover_rows):
    """As the forces declared; one of them sent no crimes."""
    rows = cover_rows.to_pylist()
    for row in rows:
        if row["force_code"] == SILENT:
            row |= {"supplied": "none", "used": False, "complete": None}
    return cover_rows.from_pylist(rows, schema=cover_rows.schema)


def course_facts(engine, tables):
    return engine.run(derive_fact_tables(tables)["course"]).to_pylist()


def values_of(found, case, *names):
    return tuple(found[0][FORCES[case]][name] for name in names)


@pytest.mark.parametrize(
    ("case", "hands"),
    [
        ("stayed", (False, False, False, False)),
        ("handed over", (True, False, False, False)),
        ("refused", (False, True, False, True)),
        ("refused, then accepted elsewhere", (False, True, True, True)),
        ("went to one that knows it", (False, False, True, False)),
    ],
)
def test_a_crime_is_handed_over_offered_accepted_or_refused_as_the_events_and_its_record_say(found, case, hands):
    assert values_of(found, case, "handed_over", "offered", "accepted", "refused") == hands


@pytest.mark.parametrize(
    ("case", "days"),
    [
        ("refused", (10, None, 94, True)),  # 1 to 11 May; to 3 August are 94 days
        ("refused, then accepted elsewhere", (2, None, 94, True)),
        ("answered before it was offered", (None, None, 94, True)),
        ("answered before and after", (5, None, 94, True)),
        ("waits", (None, None, 94, True)),
        ("closed first", (None, 7, 94, True)),
        ("went, on a day that nobody wrote down", (None, None, 94, False)),
        ("stayed", (None, None, None, True)),
    ],
)
def test_an_offer_waits_until_the_first_answer_since(found, case, days):
    assert (
        values_of(found, case, "days_to_answer", "days_offered_to_closed", "days_since_offer", "answer_known") == days
    )


@pytest.mark.parametrize(
    ("case", "lost"),
    [
        ("stayed", False),
        ("went to one that knows it", False),
        ("came from one that knows it", False),
        ("went to one that knows nothing", True),
        ("refused, then accepted elsewhere", None),  # that force sent no crimes
    ],
)
def test_a_crime_is_nobodys_if_the_other_force_says_so_by_its_own_return(found, case, lost):
    assert values_of(found, case, "no_owner") == (lost,)


def test_a_force_that_looks_at_its_own_return_alone_cannot_know_of_moved_crimes(found):
    assert found[1][FORCES["went to one that knows nothing"]] is None
    assert found[1][FORCES["stayed"]] is False
