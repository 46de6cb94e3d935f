"""Is an indicator counted anew for the crimes of one definition alone, from the answers that are there?"""

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.indicators import Tally
from assay.indicators.definition_sensitivity import TESTED_DEFINITIONS, sensitivity_to_definitions
from assay.indicators.indicator_answers import LADDERS, as_table
from assay.indicators.indicator_catalogue import find_form

OF_CRIME, OF_EPISODE = find_form("suspect_identified"), find_form("missing_graded_low")
CRIMES = [
    # reference, flagged, code names a child, answer
    ("C1", True, True, "met"), ("C2", True, False, "not met"), ("C3", False, True, "met"), ("C4", False, None, "met"),
    ("C5", None, True, "not known"),
]  # fmt: skip


def ladder(indicator, split="all", **answers):
    told = Tally.from_counts({name.replace("_", " "): count for name, count in answers.items()})
    return {"indicator": indicator, "place_code": "INV01", "when_reported": split, **told.as_row()}


def counted(ladders):
    columns = ["force_code", "record_ref", "crime_ref", "cse_flagged", "group_flagged", "csa_flagged", "cse_titled",
               "scope_reason", "child_at_offence", "contact_offence", "suspect_count"]  # fmt: skip
    rows = [dict(zip(columns, ("INV01", ref, ref, flag, False, False, False, None if code is None else
                               "core_offence" if code else "other", True, True, 1), strict=True))
            for ref, flag, code, _ in CRIMES]  # fmt: skip
    answers = pa.Table.from_pylist([{"indicator": OF_CRIME.key, "force_code": "INV01", "record_ref": ref,
                                     "answer": answer, "reason": ""} for ref, _, _, answer in CRIMES])  # fmt: skip
    with ExpressionEngine() as engine:
        facts = {"crime": engine.table("crime", pa.Table.from_pylist(rows)),
                 "missing_episode": engine.table("missing_episode", pa.table({"force_code": ["INV01"]}))}  # fmt: skip
        made = sensitivity_to_definitions([OF_CRIME, OF_EPISODE], facts, engine, answers, as_table(ladders, LADDERS))
    return {(row["choice"], row["indicator"]): row for row in made.to_pylist()}


def test_only_the_crimes_that_a_definition_takes_in_for_certain_are_counted():
    made = counted([ladder(OF_CRIME.key, met=3, not_met=1, not_known=1)])
    flagged, by_code = (made[f"definition {key}", OF_CRIME.key] for key in ("flagged_or_titled_cse", "child_by_code"))
    assert (flagged["met"], flagged["not_met"], flagged["not_known"], flagged["share"]) == (1, 1, 0, 1 / 2)
    assert (by_code["met"], by_code["not_met"], by_code["not_known"], by_code["records"]) == (2, 0, 1, 3)


def test_what_belongs_to_no_crime_and_what_could_not_be_asked_stay_as_they_were():
    barred = {"indicator": OF_CRIME.key, "place_code": "INV01", "when_reported": "all", "not_askable": "Not sent."}
    made = counted([ladder(OF_EPISODE.key, met=8, not_met=2), barred])
    for key in TESTED_DEFINITIONS:
        assert made[f"definition {key}", OF_EPISODE.key]["met"] == 8
        assert made[f"definition {key}", OF_CRIME.key]["not_askable"] == "Not sent."


def test_what_was_reported_in_childhood_takes_the_place_of_everything_where_it_is_counted_apart():
    rows = [ladder(OF_CRIME.key, met=8, not_met=2), ladder(OF_CRIME.key, "child when reported", met=3, not_met=2),
            ladder(OF_EPISODE.key, met=8, not_met=2)]  # fmt: skip
    made = counted(rows)
    assert [made["reported as a child", key]["met"] for key in (OF_CRIME.key, OF_EPISODE.key)] == [3, 8]
    assert {row["when_reported"] for row in made.values()} == {"all"}
