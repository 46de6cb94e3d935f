"""Is it counted which steps closed cases lack, and which step followed which and how soon?"""

import pyarrow as pa
import pytest

from assay.engine import ExpressionEngine
from assay.facts.case_courses import EARLIER_STEP, EXPECTED_STEP, NO_NEXT_STEP, STEPS_WITH_EVENTS, UNCERTAIN_STEP
from assay.indicators.catalogue.responses.course_tables import ANY, missing_step_table, next_step_table
from assay.reference import Organisation
from assay.stats.cumulative_incidence import cumulative_incidence

YES = {f"{prefix}_{step.key}": True for step in STEPS_WITH_EVENTS for prefix in ("owes", "took")}
CASE = {
    "force_code": "INV01", "in_base": True, "cancelled": False, "transferred": False, "closed": True, **YES,
}  # fmt: skip
ORGANISATIONS = {
    "INV01": Organisation("INV01", "Fernshire", "fernshire", "territorial", "England"),
    "INV02": Organisation("INV02", "Glanford", "glanford", "territorial", "Wales"),
}


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as at_work:
        yield at_work


def missing(engine, *cases):
    facts = {"course": engine.table("cases", pa.Table.from_pylist([{**CASE, **case} for case in cases]))}
    rows = missing_step_table(facts, engine, ORGANISATIONS).to_pylist()
    return {(row["step"], row["place_code"]): row for row in rows}


def test_of_the_cases_that_owed_a_file_those_without_one_lack_it(engine):
    owed, free = {"took_file": False}, {"took_file": False, "owes_file": False}
    found = missing(engine, owed, {}, {}, {}, free, free)[("file", "INV01")]
    assert [found[name] for name in ("cases", "lacking", "recorded", "not_owed", "not_known")] == [6, 1, 3, 2, 0]
    assert found["share"] == 0.25
    assert 0 < found["share_low"] < 0.25 < found["share_high"] < 1


@pytest.mark.parametrize("case", [{"owes_file": None}, {"took_file": None}, {"owes_file": None, "took_file": False}])
def test_where_it_is_not_known_whether_a_step_was_owed_or_taken_nobody_lacks_it(engine, case):
    found = missing(engine, case, {})[("file", "INV01")]
    assert (found["lacking"], found["not_known"], found["recorded"], found["share"]) == (0, 1, 1, 0)


def test_a_case_that_took_every_step_lacks_none_though_it_is_not_known_whether_it_owed_one(engine):
    found = missing(engine, {"owes_file": None}, {"took_account": False, "took_file": None}, {"took_file": None})
    combined = found[(ANY, "INV01")]
    assert [combined[name] for name in ("lacking", "recorded", "not_known")] == [1, 1, 1]


def test_open_cancelled_and_transferred_cases_lack_nothing_yet(engine):
    out = [{"closed": False}, {"closed": None}, {"cancelled": True}, {"transferred": True}, {"in_base": False}]
    found = missing(engine, {}, *({**changes, "took_account": False} for changes in out))[("account", "INV01")]
    assert (found["cases"], found["lacking"]) == (1, 0)


def test_all_organisations_together_are_the_sum_and_every_row_adds_up_to_its_cases(engine):
    found = missing(engine, {}, {"took_account": False}, {"force_code": "INV02", "took_account": None})
    assert found[("account", "ALL")]["lacking"] == 1
    assert found[("account", "ALL")]["not_known"] == 1
    for row in found.values():
        assert row["cases"] == sum(row[name] for name in ("lacking", "recorded", "not_owed", "not_known"))


def test_a_body_that_is_not_rated_has_counts_and_no_share(engine):
    facts = {"course": engine.table("cases", pa.Table.from_pylist([CASE | {"force_code": "NCA"}]))}
    national = {"NCA": Organisation("NCA", "National body", "national", "national", "")}
    rows = {
        row["place_code"]: row for row in missing_step_table(facts, engine, national).to_pylist() if row["step"] == ANY
    }
    assert (rows["NCA"]["cases"], rows["NCA"]["share"], rows["ALL"]["share"]) == (1, None, 0)


STEP = {
    "force_code": "INV01", "in_base": True, "cancelled": False, "place": 4, "step": "account", "next_step": "decided",
    "next_is": EXPECTED_STEP, "days_to_next": 10, "days_seen": 100,
}  # fmt: skip
WITHOUT_NEXT_STEP = {"next_step": None, "next_is": NO_NEXT_STEP, "days_to_next": None}


def following(engine, *steps, barred=()):
    rows = [{**STEP, **step} for number, step in steps for _ in range(number)]
    facts = {"course_step": engine.table("steps", pa.Table.from_pylist(rows))}
    found = next_step_table(facts, engine, barred).to_pylist()
    return {(row["definition"].rpartition("_")[2], row["next_step"]): row for row in found}


def test_the_days_are_those_by_which_half_had_gone_on_so(engine):
    found = following(engine, (6, {}), (8, {"days_to_next": 30}), (10, {"next_is": UNCERTAIN_STEP, "days_to_next": 3}))
    row = found[("expected", "decided")]
    assert (row["cases"], row["median_days"]) == (14, 30)
    assert (row["step_title"], row["next_title"]) == ("Account taken", "Decided")
    assert found[("unsure", "decided")]["median_days"] == 3


def test_cases_that_stand_at_a_step_count_as_far_as_they_are_seen(engine):
    """10 went on after 10 days and 8 after 50. Of those gone the middle is day 10; but 20 were last seen on day 20: of
    the 28 still waiting then, 8 of 8 who were followed went on later, so more go late than early: the middle is 50."""
    steps = ((10, {}), (8, {"days_to_next": 50}))
    assert following(engine, *steps)[("expected", "decided")]["median_days"] == 10
    found = following(engine, *steps, (20, {**WITHOUT_NEXT_STEP, "days_seen": 20}))
    assert found[("expected", "decided")]["median_days"] == 50
    assert (found[("nothing", "")]["cases"], found[("nothing", "")]["median_days"]) == (20, None)


def test_next_steps_of_few_cases_stand_together_without_days(engine):
    found = following(
        engine, (12, {}), (6, {"next_step": "file"}), (5, {"next_step": "suspect_met"}), (3, {"next_is": EARLIER_STEP})
    )
    assert (found[("expected", "other")]["cases"], found[("expected", "other")]["median_days"]) == (11, None)
    assert found[("back", "other")]["cases"] == 3


def test_the_cases_of_a_force_that_could_not_be_asked_are_not_counted(engine):
    found = following(engine, (12, {}), (4, {"force_code": "INV02"}), (5, {"cancelled": True}), barred={"INV02"})
    assert found[("expected", "decided")]["cases"] == 12


def test_nobody_who_ended_so_has_no_middle_day():
    curve = cumulative_incidence(
        [5, 9], ["gone", "waiting"], [3, 2], waiting="waiting", required_endings=("gone", "other")
    )
    assert (curve["gone"].median_among_ended, curve["other"].median_among_ended) == (5, None)
