"""Is an indicator counted anew for the crimes of one definition alone, from the answers that are there?"""

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.indicators import Tally
from assay.indicators.definition_sensitivity import TESTED_DEFINITIONS, sensitivity_to_definitions
from assay.indicators.indicator_answers import LADDERS, as_table
from assay.indicators.indicator_catalogue import find_form

CRIME_FORM, EPISODE_FORM = find_form("suspect_identified"), find_form("missing_graded_low")
CRIMES = [
    # reference, flagged, code names a child, answer
    ("C1", True, True, "met"), ("C2", True, False, "not met"), ("C3", False, True, "met"), ("C4", False, None, "met"),
    ("C5", None, True, "not known"),
]  # fmt: skip


def ladder(indicator, split="all", **answers):
    tally = Tally(**answers)
    return {"indicator": indicator, "place_code": "INV01", "when_reported": split, **tally.as_row()}


def sensitivity_rows(ladders):
    columns = ["force_code", "record_ref", "crime_ref", "cse_flagged", "group_flagged", "csa_flagged", "cse_titled",
               "scope_reason", "child_at_offence", "contact_offence", "suspect_count"]  # fmt: skip
    rows = [dict(zip(columns, ("INV01", ref, ref, flag, False, False, False, None if code is None else
                               "core_offence" if code else "other", True, True, 1), strict=True))
            for ref, flag, code, _ in CRIMES]  # fmt: skip
    answers = pa.Table.from_pylist([{"indicator": CRIME_FORM.key, "force_code": "INV01", "record_ref": ref,
                                     "answer": answer, "reason": ""} for ref, _, _, answer in CRIMES])  # fmt: skip
    with ExpressionEngine() as engine:
        facts = {"crime": engine.table("crime", pa.Table.from_pylist(rows)),
                 "missing_episode": engine.table("missing_episode", pa.table({"force_code": ["INV01"]}))}  # fmt: skip
        definitions = sensitivity_to_definitions(
            [CRIME_FORM, EPISODE_FORM], facts, engine, answers, as_table(ladders, LADDERS)
        )
    return {(row["choice"], row["indicator"]): row for row in definitions.to_pylist()}


def test_only_the_crimes_that_a_definition_takes_in_for_certain_are_counted():
    results = sensitivity_rows([ladder(CRIME_FORM.key, met=3, not_met=1, not_known=1)])
    flagged, by_code = (
        results[f"definition {key}", CRIME_FORM.key] for key in ("flagged_or_titled_cse", "child_by_code")
    )
    assert (flagged["met"], flagged["not_met"], flagged["not_known"], flagged["share"]) == (1, 1, 0, 1 / 2)
    assert (by_code["met"], by_code["not_met"], by_code["not_known"], by_code["records"]) == (2, 0, 1, 3)


def test_what_belongs_to_no_crime_and_what_could_not_be_asked_stay_as_they_were():
    barred = {"indicator": CRIME_FORM.key, "place_code": "INV01", "when_reported": "all", "not_askable": "Not sent."}
    results = sensitivity_rows([ladder(EPISODE_FORM.key, met=8, not_met=2), barred])
    for key in TESTED_DEFINITIONS:
        assert results[f"definition {key}", EPISODE_FORM.key]["met"] == 8
        assert results[f"definition {key}", CRIME_FORM.key]["not_askable"] == "Not sent."


def test_what_was_reported_in_childhood_takes_the_place_of_everything_where_it_is_counted_apart():
    rows = [ladder(CRIME_FORM.key, met=8, not_met=2), ladder(CRIME_FORM.key, "child when reported", met=3, not_met=2),
            ladder(EPISODE_FORM.key, met=8, not_met=2)]  # fmt: skip
    results = sensitivity_rows(rows)
    assert [results["reported as a child", key]["met"] for key in (CRIME_FORM.key, EPISODE_FORM.key)] == [3, 8]
    assert {row["when_reported"] for row in results.values()} == {"all"}
