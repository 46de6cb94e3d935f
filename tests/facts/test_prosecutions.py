"""Is what a court decided told of the suspect it was decided about, and is a charge alone never more than a charge?

Every case below is a force of its own; all are worked out at once. The data were read on 3 August 2026.
"""

import pytest
from tiny import Return, facts_of

from assay.engine import ExpressionEngine

CRIME = {
    "crime_ref": "1", "scope_reason": "core_offence", "offence_code": "71", "reported_at": "2026-04-08T08:30",
    "recorded_at": "2026-04-08T11:10", "occurred_from": "2026-04-07",
}  # fmt: skip
SUSPECT = {
    "involvement_ref": "S1", "crime_ref": "1", "person_ref": "P1", "role": "suspect", "suspect_known_as": "named",
    "date_of_birth": "1990-05-06",
}  # fmt: skip
SECOND = {**SUSPECT, "involvement_ref": "S2", "person_ref": "P2", "suspect_outcome_code": "1"}
CHARGE = {
    "event_ref": "E1", "kind": "suspect_charged", "happened_at": "2026-04-20T10:00", "crime_ref": "1", "person_ref": "P1",
}  # fmt: skip
DECISION = {**CHARGE, "kind": "charge_decision", "detail": "charge"}


def hearing(stage, result, day="2026-06-19", person="P1"):
    return {
        "court_ref": f"C{stage}{day}{person}", "crime_ref": "1", "person_ref": person, "stage": stage,
        "court_result": result, "happened_at": f"{day}T12:00",
    }  # fmt: skip


FIRST = hearing("first_hearing", "adjourned", "2026-05-04")
CASES = {
    "nothing yet": {},
    "adjourned": {"court": [FIRST]},
    "pleaded guilty": {"court": [FIRST, hearing("plea", "guilty_plea")]},
    "found not guilty": {"court": [FIRST, hearing("verdict", "not_guilty")]},
    "guilty of one charge": {"court": [hearing("verdict", "not_guilty"), hearing("verdict", "guilty_found", "2026-06-22")]},
    "discontinued": {"court": [hearing("discontinued", None)]},
    "verdict without a result": {"court": [hearing("verdict", None)]},
    "sentenced to custody": {"court": [hearing("plea", "guilty_plea"), hearing("sentence", "custody_immediate", "2026-07-01")]},
    "sentence without a kind": {"court": [hearing("sentence", None)]},
    "appeal allowed": {"court": [hearing("verdict", "guilty_found"), hearing("appeal", "appeal_allowed", "2026-07-20")]},
    "appeal refused": {"court": [hearing("verdict", "guilty_found"), hearing("appeal", "appeal_refused", "2026-07-20")]},
    "of somebody else": {"court": [hearing("plea", "guilty_plea", person="P9")]},
    "of the other one": {
        "involvements": [SUSPECT, SECOND], "court": [hearing("plea", "guilty_plea", person="P2")],
    },
    "decided to charge": {"events": [DECISION], "court": [hearing("plea", "guilty_plea")]},
    "charge without a day": {"involvements": [{**SUSPECT, "suspect_outcome_code": "1"}], "events": []},
    "not charged": {"events": []},
    "plea before the charge": {"court": [hearing("plea", "guilty_plea", "2026-04-18")]},
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    """found(case): its rows of charged suspects, the first suspect's first; found(case, "partly"): court not whole."""
    rows = {name: [] for name in ("crimes", "involvements", "events", "court")}
    codes = {case: f"INV{number:02d}" for number, case in enumerate(CASES, start=1)}
    for case, tables in CASES.items():
        for name, records in {"crimes": [CRIME], "involvements": [SUSPECT], "events": [CHARGE], **tables}.items():
            rows[name] += [{"force_code": codes[case], **row} for row in records]
    sure = {"suspect_charged": True, "charge_decision": True}
    with ExpressionEngine() as engine:
        facts_by_version = {
            version: facts_of(
                engine, Return(forces=list(codes.values()), kinds=sure, not_complete=left, **rows), "prosecution"
            )["prosecution"]
            for version, left in (("whole", ()), ("partly", ("court",)))
        }

    def facts_of_case(case, version="whole"):
        case_rows = [row for row in facts_by_version[version] if row["force_code"] == codes[case]]
        return sorted(case_rows, key=lambda row: row["record_ref"])

    return facts_of_case


@pytest.mark.parametrize(
    ("case", "decided", "convicted"),
    [
        ("nothing yet", False, None),
        ("adjourned", False, None),
        ("pleaded guilty", True, True),
        ("found not guilty", True, False),
        ("guilty of one charge", True, True),
        ("discontinued", True, False),
        ("verdict without a result", True, None),
        ("sentenced to custody", True, True),
        ("sentence without a kind", True, True),
        ("appeal allowed", True, None),
        ("appeal refused", True, True),
        ("of somebody else", None, None),
    ],
)
def test_a_suspect_is_convicted_only_by_what_a_court_decided(found, case, decided, convicted):
    [row] = found(case)
    assert (row["decided"], row["convicted"]) == (decided, convicted)


def test_the_days_run_from_the_charge_to_the_first_result(found):
    [row] = found("guilty of one charge")  # charged on 20 April, acquitted of one charge on 19 June
    assert (row["days_to_result"], row["days_seen"]) == (60, 105)
    [row] = found("pleaded guilty")
    assert (row["days_to_hearing"], row["days_to_result"]) == (14, 60)


def test_of_two_suspects_only_the_one_who_pleaded_is_decided(found):
    first, second = found("of the other one")
    assert (first["decided"], second["decided"], second["convicted"]) == (False, True, True)


def test_a_decision_to_charge_is_a_charge_and_starts_the_clock(found):
    [row] = found("decided to charge")
    assert row["days_to_result"] == 60


def test_a_charge_without_a_day_starts_no_clock(found):
    [row] = found("charge without a day")
    assert (row["days_seen"], row["decided"]) == (None, False)


def test_who_is_not_charged_has_no_row(found):
    assert found("not charged") == []


def test_a_result_before_the_charge_keeps_its_days_below_zero_for_the_wait_to_set_aside(found):
    assert found("plea before the charge")[0]["days_to_result"] == -2


def test_custody_is_known_only_where_every_sentence_says_what_it_was(found):
    assert [found(case)[0]["custody"] for case in ("sentenced to custody", "pleaded guilty", "sentence without a kind")] == [
        True, False, None,
    ]  # fmt: skip


def test_where_not_every_result_is_sent_silence_says_nothing(found):
    [row] = found("nothing yet", "partly")
    assert (row["decided"], row["results_known"]) == (None, False)
    [row] = found("pleaded guilty", "partly")
    assert (row["decided"], row["convicted"]) == (True, True)
