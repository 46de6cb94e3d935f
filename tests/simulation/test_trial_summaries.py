"""Are trials summed as a pencil would, and told with what they leave open?"""

import xml.etree.ElementTree as ET

import pytest

from assay.synthetic.simulation import trial_tables
from assay.synthetic.simulation.estimate_errors import TruthComparison
from assay.synthetic.simulation.simulation_page import Settings, page_charts, result_tables
from assay.synthetic.simulation.trial_runs import ASSAY, FILES, FUNNEL, METHODS, InjectionResult, Trial
from assay.synthetic.simulation.trial_summaries import (
    Share,
    at_strength,
    false_alert_share,
    false_share,
    injection_counts,
    power,
    power_among,
    small_p_shares,
)
from assay.synthetic.simulation.trial_worlds import TrialWorld

MEASURE = "recorded_in_24_hours"


def trial(name="injected", injected=(), own_alerts=(0, 0), tests=(40, 0), number=2) -> Trial:
    alarms = {**dict.fromkeys(METHODS, (1, 3)), ASSAY: own_alerts}
    sound = TruthComparison(MEASURE, "INV01", 0.9, 0.85, 0.95, 0.92, has_injected_failing=False)
    failing = TruthComparison(MEASURE, "INV02", 0.8, 0.75, 0.85, 0.7, has_injected_failing=True)
    alerts = {"late_recording": number} if injected else {}
    world = TrialWorld(name, 1, 6, 50, alerts, 1.0 if injected else 0.0)
    return Trial(world, tuple(injected), alarms, {MEASURE: tests}, (sound, failing), ())


def injection(strength: float, *found: str, records: int = 150) -> InjectionResult:
    return InjectionResult("late_recording", strength, records, found)


TRIALS = [
    trial(injected=[injection(1.0, ASSAY, FUNNEL), injection(1.0, FUNNEL)], own_alerts=(1, 0)),
    trial("nothing wrong", tests=(60, 1)),
    trial("nothing wrong", own_alerts=(0, 1)),
]
SETTINGS = Settings(False, "none", "2 December 2026 with version 9")


def test_an_interval_that_ends_short_of_all_by_a_rounding_holds_all():
    nearly = TruthComparison(MEASURE, "INV01", 0.9999, 0.9993, 1 - 2e-15, 1.0, has_injected_failing=False)
    assert nearly.covers_truth
    assert not nearly._replace(high=0.9999).covers_truth


def test_power_is_the_share_of_injected_forces_in_which_it_was_found():
    assert power(TRIALS, "late_recording", ASSAY) == Share(1, 2)
    assert power(TRIALS, "late_recording", FILES) == Share(0, 2)
    assert power(TRIALS, "late_recording", ASSAY, at_strength(0.5)) == Share(0, 0)


def test_power_is_told_by_how_many_forces_fail_alike():
    assert injection_counts(TRIALS) == [2]
    assert power_among(TRIALS, 2, FUNNEL, lambda _: True) == Share(2, 2)


def test_a_country_with_nothing_wrong_counts_once_however_many_alarms_it_raises():
    quiet = trial_tables.undisturbed_trials(TRIALS)
    assert false_alert_share(quiet, ASSAY) == Share(1, 2)
    assert false_alert_share(quiet, FILES) == Share(2, 2)


def test_false_alarms_are_a_share_of_all_alarms():
    assert false_share(trial_tables.trials_with_failings(TRIALS), FILES) == Share(3, 4)


def test_small_p_values_are_counted_by_measure_and_over_all():
    assert small_p_shares(trial_tables.undisturbed_trials(TRIALS)) == {MEASURE: Share(1, 100), "all": Share(1, 100)}


def test_a_promise_is_said_to_be_kept_or_not_by_what_was_counted():
    alarms, tests = trial_tables.target_lines(TRIALS)
    assert "is not kept" in alarms
    assert "is kept" in tests


def test_a_share_is_told_with_what_the_number_of_trials_leaves_open():
    assert Share(1, 2).text() == "50% (9 to 91; 2)"
    assert Share(0, 0).text() == "none tried"


def test_a_failing_that_only_marks_of_texts_show_has_its_row_and_says_where_it_is_told():
    [row] = [line for line in trial_tables.failing_table(TRIALS) if "F10" in line]
    assert "by marks of texts: see below" in row


def test_a_failing_with_fewer_than_a_hundred_records_is_told_as_that():
    few_records = [trial(injected=[injection(1.0, ASSAY, records=30)])]
    [row] = [line for line in trial_tables.failing_table(few_records) if "late" in line and "Crimes" in line]
    assert "| 30 (under 100) | 100% (21 to 100; 1) |" in row


def test_with_enough_records_somewhere_the_others_do_not_count():
    mixed = [trial(injected=[injection(1.0, ASSAY, records=30), injection(1.0, records=100)])]
    [row] = [line for line in trial_tables.failing_table(mixed) if "Crimes recorded late" in line]
    assert "| 100 | 0% (0 to 79; 1) |" in row


def test_error_and_coverage_are_told_apart_where_a_failing_shows():
    [row] = trial_tables.estimate_table(TRIALS)[2:]
    assert row.startswith(f"| {MEASURE} | -2.0 | 100% (44 to 100; 3) | +10.0 | 0% (0 to 56; 3) |")


@pytest.mark.parametrize("name", ["power.svg", "coverage.svg"])
def test_each_picture_is_a_drawing_with_a_title(name):
    root = ET.fromstring(page_charts(TRIALS)[name])
    assert root.tag.endswith("svg")
    assert root[0].tag.endswith("title")
    assert root[0].text


def test_a_failing_in_most_forces_is_told_by_country_for_us_and_by_force_for_a_peer():
    """Four of six forces fail: we say so of the country; a funnel calls one of the four."""
    most_found = trial(injected=[injection(1.0, ASSAY, FUNNEL), *[injection(1.0, ASSAY)] * 3], number=4)
    assert trial_tables.trials_with_failings([most_found]) == []
    [row] = trial_tables.majority_table([most_found, *TRIALS])[2:]
    assert "| 4 of 6 | found in 1 of 1 country |" in row
    assert row.endswith("| 25% of the forces called |")


def test_a_failing_in_most_forces_and_in_nearly_all_is_told_in_two_rows():
    none_found = trial(injected=[injection(1.0)] * 4, number=4)
    nearly_all = trial(injected=[injection(1.0, ASSAY)] * 5, number=5)
    majority_rows = trial_tables.majority_table([nearly_all, none_found])[2:]
    assert [row.split(" | ")[1:3] for row in majority_rows] == [
        ["4 of 6", "found in 0 of 1 country"],
        ["5 of 6", "found in 1 of 1 country"],
    ]


def test_the_page_of_all_tables_holds_every_failing_and_what_was_run():
    text = result_tables(TRIALS, [], SETTINGS)
    assert "F19 Better only while watched" in text
    assert "2 countries of 6 forces with 50 crimes each on average" in text
    assert "Measured on 2 December 2026 with version 9." in text
    assert "$" not in text
