"""Is what is said of a draw judged by the other draws of the same forces, and are they the same forces?"""

import math
import tomllib
from pathlib import Path

import pytest

from assay.synthetic.simulation.repeated_draws import Draw, ShareEstimate, compare_draws, run_draw
from assay.synthetic.simulation.trial_worlds import TrialWorld, generate_world

pytestmark = pytest.mark.xdist_group("statements")
SHARE = ("recorded_in_24_hours", "INV01")
BY_WEEK, MEDIAN = ("report_to_charge by day 7", "INV01"), ("report_to_charge: median, days", "INV01")
WAIT = ("report_to_charge", "INV01")


def read_now(draw_number: int, met: int, *, week=(0.5, 0.4, 0.6), median=(7, 5, 9), seed: int = 1) -> Draw:
    world = TrialWorld("drawn again", seed, 1, 10, repeat=draw_number)
    return Draw(world, {SHARE: ShareEstimate(met, 10, met / 10, 0.5, 0.9)}, {BY_WEEK: week, MEDIAN: median}, {})


def read_late(draw_number: int, *ended_by_day: int, base: int) -> Draw:
    world = TrialWorld("drawn again", 1, 1, 10, repeat=draw_number, read_years_later=8)
    return Draw(world, {}, {}, {WAIT: [*ended_by_day, *[ended_by_day[-1]] * (1001 - len(ended_by_day)), base]})


def test_the_truth_of_a_share_is_what_the_other_draws_show_together():
    """8, 6 and 7 of 10 met: the first is judged by 13 of 20, the second by 15 of 20, the third by 14 of 20."""
    found = compare_draws([read_now(0, 8), read_now(1, 6), read_now(2, 7)])
    assert [round(comparison.truth, 3) for comparison in found if comparison.measure == SHARE[0]] == [0.65, 0.75, 0.7]


def test_another_country_judges_nobody():
    assert compare_draws([read_now(0, 8), read_now(1, 6, seed=2)]) == []


def test_the_truth_of_a_wait_is_what_the_other_draws_show_when_read_years_later():
    """Of ten, two ended on day 0 and eight by day 5: four fifths by day 7, and half of them by day 5."""
    found = compare_draws([read_now(0, 8), read_late(0, 10, base=10), read_late(1, 2, 2, 2, 2, 2, 8, base=10)])
    assert {
        truth_comparison.measure: (truth_comparison.truth, truth_comparison.covers_truth) for truth_comparison in found
    } == {
        BY_WEEK[0]: (0.8, False),
        MEDIAN[0]: (5.0, True),
    }


def test_a_median_that_is_never_reached_lies_beyond_every_day():
    found = compare_draws([read_now(0, 8, median=(300, 200, math.inf)), read_late(1, 1, base=10)])
    assert {
        truth_comparison.measure: truth_comparison.covers_truth
        for truth_comparison in found
        if truth_comparison.measure == MEDIAN[0]
    } == {MEDIAN[0]: True}


@pytest.fixture(scope="module")
def countries(tmp_path_factory):
    rates_drawn = {}
    for name, world in {
        "first": TrialWorld("again", 7, 5, 12),
        "second": TrialWorld("again", 7, 5, 12, repeat=1),
        "late": TrialWorld("again", 7, 5, 12, read_years_later=8),
    }.items():
        rates_drawn[name] = tmp_path_factory.mktemp(name)
        generate_world(rates_drawn[name], world)
    return rates_drawn


def truth(folder: Path) -> dict:
    return tomllib.loads((folder / "truth" / "truth.toml").read_text())


def crimes(folder: Path) -> list[str]:
    return [(place / "crimes.csv").read_text() for place in sorted((folder / "returns").iterdir())]


def test_drawn_again_the_forces_are_as_large_and_as_good_and_their_records_are_others(countries):
    first, second = truth(countries["first"]), truth(countries["second"])
    assert [force["rates"] for force in first["forces"].values()] == [
        force["rates"] for force in second["forces"].values()
    ]
    pairs = zip(crimes(countries["first"]), crimes(countries["second"]), strict=True)
    assert all(own_rate != other_rate for own_rate, other_rate in pairs)


def test_read_later_the_same_crimes_were_recorded(countries):
    def recorded(folder: Path) -> list[list[str]]:
        return [sorted(line.split(",")[1] for line in file_text.splitlines()) for file_text in crimes(folder)]

    pairs = zip(recorded(countries["first"]), recorded(countries["late"]), strict=True)
    assert all(set(now) <= set(later) for now, later in pairs)


def test_read_years_later_hardly_anybody_waits(statements):
    late = run_draw(statements, TrialWorld("again", 7, 5, 12, read_years_later=8))
    soon = run_draw(statements, TrialWorld("again", 7, 5, 12))
    assert late.shares == {}
    assert soon.ended == {}
    assert {key[0] for key in late.ended} >= {"report_to_charge", "report_to_first_contact"}
    *by_day, records = late.ended["report_to_charge", "ALL"]
    assert 0 < by_day[182] < by_day[-1] < records
