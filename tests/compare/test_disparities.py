"""Is each group compared with others of its own force only, with the unrecorded counted?"""

from itertools import count

import pyarrow as pa
import pytest

from assay.compare import disparities as disparity_module
from assay.compare.disparities import (
    DIFFERENCE_SHOWN,
    NO_COMPARISON_GROUP,
    NO_DIFFERENCE_SHOWN,
    NO_GROUP,
    TOO_FEW_RECORDS,
    TOO_UNDESCRIBED,
    TOO_UNRECORDED,
    measure_disparities,
)
from assay.engine.worker_processes import map_batches

NUMBER = count()


def row(people, met, not_met, force="INV01", family="rape", indicator="told", characteristic="sex", unknown=0):
    return {"indicator": indicator, "side": "victim", "characteristic": characteristic, "people": people,
            "force_code": force, "offence_family": family, "met": met, "not_met": not_met, "not_known": unknown,
            "excluded": 0}  # fmt: skip


def found(*rows):
    return {
        disparity["people"]: disparity for disparity in measure_disparities(rows, [], {})["disparities"].to_pylist()
    }


def test_a_group_that_is_worse_served_in_its_own_force_is_shown():
    # Girls 180 of 200 and boys 20 of 40: 0.9 and 0.5, forty points.
    results = found(row("female", 180, 20), row("male", 20, 20))
    assert results["male"]["verdict"] == results["female"]["verdict"] == DIFFERENCE_SHOWN
    assert results["male"]["points"] == pytest.approx(-40)
    assert results["female"]["points"] == pytest.approx(40)
    assert results["male"]["points_high"] < 0


def test_a_group_that_lives_where_everybody_is_served_badly_differs_in_nothing():
    results = found(
        row("female", 90, 10), row("male", 9, 1), row("female", 10, 90, "INV02"), row("male", 9, 81, "INV02")
    )
    assert results["male"]["points"] == pytest.approx(0, abs=1e-9)
    assert results["male"]["verdict"] == NO_DIFFERENCE_SHOWN
    assert results["male"]["share"] == pytest.approx(18 / 100)


def test_another_kind_of_offence_is_another_stratum():
    results = found(row("female", 90, 10, family="images"), row("male", 10, 90, family="rape"))
    assert results["male"]["verdict"] == NO_COMPARISON_GROUP


def test_fewer_than_twenty_is_too_few_to_see():
    results = found(row("female", 90, 10), row("male", 2, 17))
    assert (results["male"]["verdict"], results["male"]["points"]) == (TOO_FEW_RECORDS, None)
    assert results["male"]["base"] == 19


def test_where_more_than_a_quarter_is_not_recorded_nobody_is_seen():
    # 60 of 160 have no group. If the 30 of them who did not meet it are boys and the others girls: 20/70 - 80/90.
    results = found(row("female", 50, 10), row("male", 20, 20), row("not known", 30, 30))
    assert results["male"]["verdict"] == results["female"]["verdict"] == TOO_UNRECORDED
    assert results["male"]["points_least"] == pytest.approx(100 * (20 / 70 - 80 / 90), abs=0.001)
    assert results["male"]["points_most"] == pytest.approx(100 * (50 / 70 - 50 / 90), abs=0.001)
    assert results["not known"]["verdict"] == NO_GROUP


def test_that_nobody_is_described_is_not_that_something_was_not_written_down():
    # 45 of 145 name nobody, and 5 of the others have no group: so many may belong to either that none is held up.
    undescribed = row("nobody is described", 45, 0)
    results = found(row("female", 50, 10), row("male", 20, 15), undescribed, row("not known", 5, 0))
    assert results["male"]["verdict"] == results["female"]["verdict"] == TOO_UNDESCRIBED
    assert results["nobody is described"]["verdict"] == NO_GROUP
    # All 50 boys, and they met it: (20 + 50) / 85 - 50/60; all 50 girls: 20/35 - (50 + 50) / 110.
    assert results["male"]["points_most"] == pytest.approx(100 * (70 / 85 - 50 / 60), abs=0.001)
    assert results["male"]["points_least"] == pytest.approx(100 * (20 / 35 - 100 / 110), abs=0.001)
    few_groups = found(row("female", 50, 10), row("male", 20, 15), row("nobody is described", 10, 0))
    assert few_groups["male"]["verdict"] in (DIFFERENCE_SHOWN, NO_DIFFERENCE_SHOWN)


def test_several_people_who_differ_are_no_group_and_stand_against_nobody():
    results = found(row("female", 90, 10), row("male", 20, 20), row("more than one", 0, 500))
    assert results["more than one"]["verdict"] == NO_GROUP
    assert results["male"]["points"] == pytest.approx(-40)


def test_one_look_in_many_that_stands_out_by_chance_is_not_named():
    # Alone, 62 in 100 against 50 of 200 has a p-value near 0.05; among forty looks where nothing is wrong it is chance.
    two_groups = [row("a", 62, 38), row("b", 100, 100)]
    many_groups = [
        row(group, met, 100 - met, indicator=f"quiet{n}") for n in range(40) for group, met in (("a", 50), ("b", 50))
    ]
    verdicts = {
        r["indicator"]: r["verdict"]
        for r in measure_disparities([*two_groups, *many_groups], [], {})["disparities"].to_pylist()
    }
    assert verdicts["told"] == NO_DIFFERENCE_SHOWN


def wait(people, days, ending, records=1, force="INV01"):
    return {"wait": "w", "side": "victim", "characteristic": "sex", "people": people, "force_code": force,
            "offence_family": "rape", "days": days, "ending": ending, "records": records}  # fmt: skip


def test_a_group_that_waits_longer_is_shown_with_its_own_median():
    rows = [wait("female", day, "seen", 5) for day in range(1, 11)] + [
        wait("male", day, "seen", 5) for day in range(11, 21)
    ]
    results = {r["people"]: r for r in measure_disparities([], rows, {"w": "seen"})["wait_disparities"].to_pylist()}
    assert (results["female"]["median_days"], results["male"]["median_days"]) == (5, 15)
    assert (results["female"]["sooner"], results["male"]["sooner"]) == (True, False)
    assert results["male"]["verdict"] == DIFFERENCE_SHOWN


def test_those_who_wait_still_are_counted_and_not_taken_for_ended():
    rows = [wait("female", 5, "seen", 30), wait("male", 90, "still waiting", 30)]
    results = {r["people"]: r for r in measure_disparities([], rows, {"w": "seen"})["wait_disparities"].to_pylist()}
    assert (results["male"]["still_waiting"], results["male"]["ended"], results["male"]["median_days"]) == (30, 0, None)
    assert results["male"]["sooner"] is False


def test_that_no_difference_is_shown_is_never_said_to_be_no_difference():
    assert NO_DIFFERENCE_SHOWN.endswith("is shown")


def test_a_large_table_is_told_by_several_processes_as_by_one(monkeypatch):
    shares = [row("female", 180, 20), row("male", 20, 20), row("female", 9, 1, indicator="asked", characteristic="age")]
    waits = [
        wait(people, day, "seen", 5)
        for people, first in (("female", 1), ("male", 6))
        for day in range(first, first + 9)
    ]
    tables = pa.Table.from_pylist(shares), pa.Table.from_pylist(waits)
    by_one = measure_disparities(*tables, {"w": "seen"})
    started = []

    def results(batches, begin, processes):
        started.append(processes)
        return map_batches(batches, begin, processes)

    for name, value in (("MIN_PARALLEL_ROWS", 1), ("available_processors", lambda: 2), ("map_batches", results)):
        monkeypatch.setattr(disparity_module, name, value)
    assert measure_disparities(*tables, {"w": "seen"}) == by_one == measure_disparities(shares, waits, {"w": "seen"})
    assert started == [2, 2]
