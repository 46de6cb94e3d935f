"""Is a persisting alert not new, and is the false discovery rate controlled over repeated inspections?"""

import numpy as np
import pyarrow as pa
import pytest
from test_compare_indicators import ARREST, ORGANISATIONS, country

from assay.compare.comparison_tables import RATES
from assay.compare.indicator_comparison import compare_indicators
from assay.compare.previous_alerts import ENDED, NEW, PERSISTS, Alert, PreviousAlerts, with_yearly_alert_status
from assay.stats.false_discovery import q_values

LOW = {"INV03": {"met": 40, "not_met": 60}}
ALERTED = PreviousAlerts(1, {(ARREST.key, "INV03"): Alert("lower", 0.001, "1 April 2024 to 31 March 2025")})


def estimates_by_place(rows, before):
    estimates = compare_indicators([ARREST], rows, ORGANISATIONS, before)["force_estimates"]
    return {row["place_code"]: row for row in estimates.to_pylist()}


def status_of(row):
    return row["outlier_alert"], row["direction"], row["alert_status"], row["alerted_since"]


def test_a_first_call_is_new_and_the_same_call_a_year_later_stands():
    assert status_of(estimates_by_place(country(**LOW), PreviousAlerts())["INV03"]) == (True, "lower", NEW, "")
    later = estimates_by_place(country(**LOW), ALERTED)["INV03"]
    assert status_of(later) == (True, "lower", PERSISTS, "1 April 2024 to 31 March 2025")
    assert later["q_value"] == 0.001


def test_a_call_that_the_records_no_longer_show_is_said_and_not_made():
    row = estimates_by_place(country(), ALERTED)["INV03"]
    assert status_of(row) == (False, "", ENDED, "1 April 2024 to 31 March 2025")


def test_a_call_that_is_gone_is_gone_on_whichever_side_the_force_now_lies():
    for met in (78, 82):
        row = estimates_by_place(country(INV03={"met": met, "not_met": 100 - met}), ALERTED)["INV03"]
        assert status_of(row) == (False, "", ENDED, "1 April 2024 to 31 March 2025")


def test_a_call_of_whom_too_few_records_tell_now_neither_stands_nor_is_gone():
    row = estimates_by_place(country(INV03={"met": 3, "not_met": 1}), ALERTED)["INV03"]
    assert (row["outlier_alert"], row["alert_status"], row["alerted_since"]) == (None, "", "")


def test_a_force_that_is_called_for_the_other_side_is_called_anew():
    other = PreviousAlerts(1, {(ARREST.key, "INV03"): Alert("higher", 0.001, "1 April 2024 to 31 March 2025")})
    assert status_of(estimates_by_place(country(**LOW), other)["INV03"]) == (True, "lower", NEW, "")


def test_a_call_that_stands_is_not_tested_again():
    rows = estimates_by_place(country(**LOW, INV05={"met": 58, "not_met": 42}), ALERTED)
    # Twelve forces are compared, and the eleven are tested of which no call stands: the least p among them times 11,
    # weighted by 1.8 since the lower side is the worse one.
    assert rows["INV05"]["q_value"] == pytest.approx(rows["INV05"]["p_value"] * 11 / 1.8)
    assert (rows["INV05"]["alert_status"], rows["INV03"]["alert_status"]) == (NEW, PERSISTS)


def test_all_later_inspections_together_may_spend_what_the_first_did():
    # 1/(1 x 2) + 1/(2 x 3) + 1/(3 x 4) + ... = 1
    assert PreviousAlerts(0).q_threshold(0.02) == 0.02
    assert PreviousAlerts(1).q_threshold(0.02) == pytest.approx(0.01)
    assert sum(PreviousAlerts(number).q_threshold(0.02) for number in range(1, 400)) == pytest.approx(0.02, rel=0.01)


def test_in_worlds_where_nothing_is_wrong_ten_inspections_name_somebody_in_at_most_one_of_ten():
    """Forty indicators of twenty forces, 600 worlds inspected ten times; without the rule four worlds in ten have an alarm."""
    random = np.random.default_rng(8)
    alert_count, same_each_time = 0, 0
    for _ in range(600):
        smallest_q_values = [q_values(random.random(800)).min() for _ in range(10)]
        alert_count += any(q <= PreviousAlerts(number).q_threshold() for number, q in enumerate(smallest_q_values))
        same_each_time += any(q <= 0.05 for q in smallest_q_values)
    assert alert_count / 600 <= 0.10
    assert same_each_time / 600 > 0.30


def test_in_published_years_a_call_is_made_in_the_first_and_stands_in_those_that_follow():
    rows = [{"place_code": "A", "financial_year": year, "outlier_alert": is_alerted, "direction": "lower" if is_alerted else ""}
            for year, is_alerted in (("2021/22", True), ("2022/23", True), ("2023/24", False), ("2024/25", True))]  # fmt: skip
    schema = pa.schema([field for field in RATES if field.name in (*rows[0], "alert_status", "alerted_since")])
    statuses = with_yearly_alert_status(pa.Table.from_pylist(rows, schema)).to_pylist()
    assert [(row["alert_status"], row["alerted_since"]) for row in statuses] == [
        (NEW, ""), (PERSISTS, "2021/22"), ("", ""), (NEW, "")]  # fmt: skip
