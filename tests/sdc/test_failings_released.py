"""What is released on failure modes, and does an alert reveal a count?"""

import pyarrow as pa
import pytest

from assay.compare.comparability import too_few_records
from assay.compare.comparison_tables import FLAG, NUMBER, WHOLE, as_table
from assay.compare.failure_mode_tests import FAILURE_MODE_TESTS, NONE_COMPARED
from assay.compare.indicator_comparison import FORCE_ESTIMATES
from assay.errors import DisclosureError
from assay.indicators.indicator_catalogue import forms
from assay.reference import failure_modes
from assay.sdc import apply_policy, declared_tables, policy, release
from assay.sdc.alert_suppression import ALERT_SUPPRESSED_TEXT
from assay.sdc.cell_status import suppress_cell
from assay.workflows.release.prepared_tables import RELEASED_TABLES
from assay.workflows.run.register_tables import failure_mode_table as register

RECORD_LEVEL = policy("record level")
FORM = declared_tables()["combined_tests"]
EMPTY = [field.name for field in FORCE_ESTIMATES if field.type in (NUMBER, WHOLE, FLAG)]
ROWS = [
    {"place_code": "INV01", "measures": 3, "outlier_alert": True, "alert_status": "new"},
    {"place_code": "INV02", "measures": 0, "outlier_alert": None, "alert_status": "", "not_comparable": NONE_COMPARED},
]


def table(*more):
    rows = [{"failure_mode": "F12", "alerted_since": "", "not_comparable": "", **row} for row in ROWS]
    schema = pa.schema([*FORM.schema, *((name, pa.float64()) for name in more)])
    return pa.Table.from_pylist([dict.fromkeys(more, 0.01) | row for row in rows], schema)


def let_out(test_row):
    suppressed = apply_policy({"combined_tests": test_row}, RECORD_LEVEL)
    return release(suppressed, policy=RECORD_LEVEL, ledger_head="ab", edition="TRIAL").rows("combined_tests")


def test_who_lies_out_leaves_and_of_one_that_was_not_looked_at_that_it_was_not():
    alerted, not_looked = let_out(table())
    assert (alerted["outlier_alert"], alerted["alert_status"], alerted["measures"]) == (True, "new", 3)
    assert (not_looked["outlier_alert"], not_looked["not_comparable"]) == (None, NONE_COMPARED)


@pytest.mark.parametrize("exact", ["p_value", "q_value"])
def test_what_was_worked_out_from_exact_counts_stays_inside(exact):
    with pytest.raises(DisclosureError, match=f"a column '{exact}' that is not declared"):
        release({"combined_tests": table(exact)}, policy=RECORD_LEVEL, ledger_head="ab", edition="TRIAL")


def test_all_else_that_the_comparison_holds_of_it_is_released():
    assert "combined_tests" in RELEASED_TABLES["comparison"]
    assert set(FAILURE_MODE_TESTS.names) - {column.name for column in FORM.columns} == {
        "p_value",
        "q_value",
        *FORM.internal_columns,
    }


def estimate_rows(met, not_met, place="INV01"):
    """One force that is compared on return interviews, all that would show F13."""
    rows = [{"indicator": "return_interview_in_72_hours", "place_code": place, "met": met, "not_met": not_met,
             "base": met + not_met, "outlier_alert": False, "not_comparable": "", "decided_by_counts": True}]  # fmt: skip
    return as_table(
        [dict.fromkeys(FORCE_ESTIMATES.names, "") | dict.fromkeys(EMPTY) | row for row in rows], FORCE_ESTIMATES
    )


@pytest.mark.parametrize(("met", "expected"), [(3, False), (60, True), (0, True)])
def test_by_one_measure_a_force_is_named_only_where_its_count_is_shown(met, expected):
    """Where it is not known whether a call would part the counts that are not shown, or is known that it would."""
    for is_disclosive in (None, True):
        left = named_by(1, is_disclosive, estimate_rows(met, 100))
        assert (left["outlier_alert"], left["not_comparable"]) == (
            (True, "") if expected else (None, ALERT_SUPPRESSED_TEXT)
        )
    assert named_by(1, False, estimate_rows(met, 100))["outlier_alert"]


@pytest.mark.parametrize("other_measures", [0, 1, 2])
def test_beside_a_suppressed_comparison_neither_the_alert_nor_the_number_of_measures_is_given(other_measures):
    rows = estimate_rows(60, 100).to_pylist()
    suppress_cell(rows[0], "met")
    keys = next(row["shown_by"].split() for row in register().to_pylist() if row["failure_mode"] == "F13")
    rows += [
        estimate_rows(60, 100).to_pylist()[0] | {"indicator": key} for key in [*keys, "A", "B"][1 : other_measures + 1]
    ]
    left = named_by(
        other_measures + 1, False, pa.Table.from_pylist(rows, FORCE_ESTIMATES), [*keys, "A", "B"][: other_measures + 1]
    )
    assert (left["outlier_alert"], left["measures"], left["not_comparable"]) == (None, None, ALERT_SUPPRESSED_TEXT)


def test_beside_another_force_with_a_suppressed_comparison_a_small_base_is_not_said_to_be_part_of_a_test():
    """Fewer than five forces are known to be compared, so the small base counts only if the suppressed force does."""
    rows = estimate_rows(6, 8).to_pylist() + estimate_rows(60, 100, "INV02").to_pylist()
    rows[0] |= {"not_comparable": too_few_records()}
    suppress_cell(rows[1], "met")
    left = named_by(1, False, pa.Table.from_pylist(rows, FORCE_ESTIMATES))
    assert (left["outlier_alert"], left["measures"], left["not_comparable"]) == (None, None, ALERT_SUPPRESSED_TEXT)


def test_a_force_compared_on_no_measure_looks_the_same_beside_a_suppressed_comparison():
    """A measures 1 or 0: "compared on none" would say that a suppressed count is small."""
    rows = estimate_rows(60, 100).to_pylist()
    suppress_cell(rows[0], "met")
    table = pa.Table.from_pylist(rows, FORCE_ESTIMATES)
    none = {"outlier_alert": None, "alert_status": "", "measures": 0, "not_comparable": NONE_COMPARED}
    assert named_by(1, False, table) == named_by(1, False, table, changed=none)


def named_by(measures, is_disclosive, estimate_table, mode_measures=None, changed=()):
    row = {"failure_mode": "F13", "place_code": "INV01", "measures": measures, "outlier_alert": True, "alert_status": "new",
           "alert_discloses": is_disclosive, "alerted_since": "", "not_comparable": ""} | dict(changed)  # fmt: skip
    test_table = pa.Table.from_pylist([row], schema=FORM.schema.append(pa.field("alert_discloses", FLAG)))
    modes = [row | ({"shown_by": " ".join(mode_measures)} if mode_measures else {}) for row in register().to_pylist()]
    tables = {"combined_tests": test_table, "force_estimates": estimate_table,
              "failure_modes": pa.Table.from_pylist(modes, register().schema)}  # fmt: skip
    [left] = apply_policy(tables, RECORD_LEVEL)["combined_tests"].to_pylist()
    assert "alert_discloses" not in left
    return left


def test_every_failure_mode_leaves_with_measures_that_are_asked_and_their_sides_or_with_where_to_look():
    rows = register().to_pylist()
    indicator_keys = {form.key for form in forms()}
    assert [row["failure_mode"] for row in rows] == [failure_mode.code for failure_mode in failure_modes()]
    assert [row["failure_mode"] for row in rows if bool(row["shown_by"]) == bool(row["elsewhere"])] == []
    assert {key for row in rows for key in row["shown_by"].split()} <= indicator_keys
    assert {len(row["shown_by"].split()) - len(row["sides"].split()) for row in rows} == {0}


def test_the_register_of_failure_modes_may_leave_as_it_is():
    tables = release({"failure_modes": register()}, policy=RECORD_LEVEL, ledger_head="ab", edition="TRIAL")
    assert tables.rows("failure_modes")[0]["failure_mode"] == "F1"
