"""Does the register of breaks name what changed, and leave out of the models what was only recalled?"""

import duckdb
import pytest

from assay import reference as commission
from assay.errors import DefinitionError
from assay.reference.series_breaks import ALL_CODES, quarter_number
from reference_data import reference

pytestmark = pytest.mark.quick

CSA11 = commission.offence_codes("csa11")


def keys(codes, first, last, **more):
    return [item.key for item in commission.breaks().in_interval(codes, first, last, **more)]


def test_every_code_and_force_of_a_break_is_in_its_register():
    for break_ in commission.breaks():
        if break_.offence_codes != ALL_CODES:
            assert all(commission.offences().knows(code) for code in break_.offence_codes)
        assert all(commission.forces().knows(code) for code in break_.force_codes)


def test_a_recalled_break_is_shown_and_never_used_as_a_step():
    late_break = commission.breaks().get("recording-within-24-hours")
    assert (late_break.evidence, late_break.is_usable) == ("recalled", False)
    assert late_break.key in keys(CSA11, "2012/13 Q1", "2025/26 Q3")
    assert all(
        item.is_usable == (item.evidence in ("seen", "seen-secondary", "derived")) for item in commission.breaks()
    )


def test_the_new_offence_of_april_2017_breaks_grooming_and_not_rape():
    assert "communication-offence-2017" in keys(("88A",), "2016/17 Q4", "2017/18 Q1")
    assert "communication-offence-2017" not in keys(("19D",), "2016/17 Q4", "2017/18 Q1")


def test_a_break_lies_between_two_quarters_when_it_starts_after_the_first_and_not_after_the_last():
    assert keys(("88A",), "2017/18 Q1", "2017/18 Q4") == []
    assert keys(("88A",), "2016/17 Q4", "2017/18 Q1") == ["communication-offence-2017"]
    assert keys(("88A",), "2016/17 Q2", "2016/17 Q4") == []


def test_leaving_out_grooming_does_not_escape_the_break_in_code_71():
    assert "communication-offence-2017" in keys(
        commission.offence_codes("csa11-no-grooming"), "2016/17 Q1", "2017/18 Q4"
    )


def test_a_rename_and_the_commission_are_marks_that_may_be_compared_across():
    assert commission.breaks().get("abuse-of-children-renamed").compare_across == "yes"
    commissioned = commission.breaks().get("commission-2022")
    assert (commissioned.effect, commissioned.starts, commissioned.compare_across) == (
        "mark",
        "2021/22 Q4",
        "yes",
    )


def test_the_steps_of_the_default_set_are_two():
    found = commission.breaks().in_interval(CSA11, "2012/13 Q1", "2025/26 Q3")
    steps = [item.key for item in found if item.is_usable and item.effect in ("step", "new code", "reused code")]
    assert steps == ["recording-inspected-2014", "communication-offence-2017"]


def test_the_counting_rules_of_2023_touch_every_code_are_marked_and_are_no_step():
    rules_break = commission.breaks().get("counting-rules-2023")
    assert (rules_break.starts, rules_break.compare_across, rules_break.effect, rules_break.evidence) == (
        "2023/24 Q1", "with care", "rule change", "seen",
    )  # fmt: skip
    assert "question 181272" in rules_break.source
    assert all(rules_break.key in keys((code,), "2022/23 Q4", "2023/24 Q1") for code in CSA11)


def test_breaks_of_outcomes_do_not_touch_counts():
    assert "outcome-22-begins" not in keys(CSA11, "2018/19 Q4", "2019/20 Q1")
    assert "outcome-22-begins" in keys(CSA11, "2018/19 Q4", "2019/20 Q1", concerns="outcomes")


def test_the_register_is_in_order_of_time():
    starts = [quarter_number(item.starts) for item in commission.breaks()]
    assert starts == sorted(starts)


def test_a_break_knows_its_year_and_quarter():
    offence_break = commission.breaks().get("communication-offence-2017")
    assert (offence_break.financial_year, offence_break.quarter) == ("2017/18", 1)


@pytest.mark.parametrize("label", ["2017/18", "2017/19 Q1", "2017/18 Q5", "Q1 2017/18"])
def test_what_is_no_quarter_is_refused(label):
    with pytest.raises(DefinitionError, match="not a quarter"):
        keys(CSA11, label, "2025/26 Q3")


@pytest.mark.reference
def test_the_figures_that_the_register_quotes_are_those_of_the_table():
    table = reference("data/homeoffice-recorded-crime-2013-2025/prc_pfa_long.parquet")
    label = """"Offence Code" || ' ' || FY || ' Q' || "Financial Quarter"::int"""
    query = f"select {label}, sum(n)::int from '{table}' group by 1"
    counts = dict(duckdb.sql(query).fetchall())
    assert (counts["88A 2016/17 Q4"], counts["88A 2017/18 Q1"]) == (323, 972)
    assert (counts["88C 2023/24 Q3"], counts["88C 2023/24 Q4"], counts["88C 2024/25 Q1"]) == (204, 1042, 2922)
    assert (counts["19D 2019/20 Q4"], counts["19D 2020/21 Q1"], counts["19D 2020/21 Q2"]) == (
        1934,
        1213,
        1719,
    )
    assert [counts[f"88C 2021/22 Q{q}"] for q in (1, 2, 3, 4)] == [78, 140, 431, 237]
    assert sum(counts[f"88E 2023/24 Q{q}"] for q in (1, 2, 3, 4)) == 13_124
    assert sum(counts[f"88E 2024/25 Q{q}"] for q in (1, 2, 3, 4)) == 16_813
    assert sum(counts[f"72 2014/15 Q{q}"] for q in (1, 2, 3, 4)) == 184
    assert sum(counts[f"72 2015/16 Q{q}"] for q in (1, 2, 3, 4)) == 3
    assert counts["106 2015/16 Q1"] == 157
    assert min(label for label in counts if label.startswith("19J")) == "19J 2019/20 Q1"
