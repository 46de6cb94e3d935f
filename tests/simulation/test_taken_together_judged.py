"""Is a force that is called on a failure mode, its measures taken together, found or falsely called as a pencil says?"""

import pyarrow.parquet as pq
import pytest
from worlds_by_pencil import estimate_row, inspection, outlier_row

from assay.compare.comparison_tables import as_table
from assay.compare.failure_mode_tests import FAILURE_MODE_TESTS, TOWARDS_FAILURE
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.synthetic.simulation.alert_comparison import Alert, AlertCandidate, assay_alerts, comparison_alerts
from assay.synthetic.simulation.detection_scores import false_alerts, score_failings
from assay.synthetic.simulation.injected_failings import COMBINED_TEST, failings
from assay.synthetic.simulation.inspection_scores import score_inspection
from assay.synthetic.simulation.trial_runs import ASSAY, METHODS, score_trial
from assay.synthetic.simulation.trial_worlds import TrialWorld
from assay.synthetic.simulation.truth_folder import Truth

FORCES = [f"INV{number:02d}" for number in range(1, 9)]
SOUND = [estimate_row(place, 90, 10, p_value=0.5, q_value=0.9, expected=0.9) for place in FORCES]
ON_F8 = Alert("INV01", "F8", COMBINED_TEST)


def where(**injected: str) -> Truth:
    """One failing each in one force."""
    rates = {place: {} for place in FORCES}
    return Truth(
        1, "by pencil", {key: (place,) for key, place in injected.items()}, dict.fromkeys(injected, 1.0), rates
    )


def combined_row(
    place: str, mode: str = "F8", *, is_outlier: bool | None = True, p: float | None = 0.001, q: float | None = 0.01
) -> dict:
    row = {
        "failure_mode": mode,
        "place_code": place,
        "measures": 3,
        "p_value": p,
        "q_value": q,
        "outlier_alert": is_outlier,
    }
    return row | {
        "direction": TOWARDS_FAILURE if is_outlier else "",
        "alert_status": "",
        "alerted_since": "",
        "not_comparable": "",
    }


def trial(truth: Truth, modes: list[dict], rows: list[dict] = SOUND):
    return score_trial(TrialWorld("by pencil", 1, len(FORCES), 100), truth, rows, modes, [])


def fate(truth: Truth, call: Alert, key: str) -> tuple[bool, bool]:
    """Whether the call finds the failing, and whether it is false."""
    [result_of_failing] = [
        failing_result for failing_result in score_failings([call], truth, []) if failing_result.failing.key == key
    ]
    return call.place in result_of_failing.found, call in false_alerts([call], truth)


def test_a_force_called_on_harm_in_which_harm_is_called_risk_is_found():
    assert fate(where(harm_called_risk="INV01"), ON_F8, "harm_called_risk") == (True, False)


def test_where_nothing_is_injected_in_the_force_the_call_is_false_and_the_other_force_is_not_found():
    assert fate(where(harm_called_risk="INV02"), ON_F8, "harm_called_risk") == (False, True)


def test_a_force_called_on_another_failure_mode_is_not_found_and_falsely_called():
    assert fate(where(harm_called_risk="INV01"), Alert("INV01", "F16", COMBINED_TEST), "harm_called_risk") == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("key", "mode", "why"),
    [
        ("flags_wrong", "F17", "of more children than are exploited no partner knows: two of the measures are moved"),
        ("closed_wrongly", "F15", "what was closed was not charged, nor other children looked for: both are moved"),
        ("no_orders", "F14", "its own"),
    ],
)
def test_an_injected_failing_that_moves_one_of_the_measures_explains_the_call_and_finds_only_its_own(key, mode, why):
    is_own_mode = failings()[key].mode == mode
    assert fate(where(**{key: "INV01"}), Alert("INV01", mode, COMBINED_TEST), key) == (is_own_mode, False), why


def test_an_injected_failing_that_pushes_a_measure_to_the_other_side_explains_nothing():
    """More flags on other offences are the opposite of missing ones."""
    assert fate(where(flags_wrong="INV01"), Alert("INV01", "F2", COMBINED_TEST), "flags_wrong") == (False, True)


def test_a_call_on_a_failure_mode_is_an_alarm_and_one_that_was_not_compared_is_no_call():
    rows = [
        combined_row("INV01"),
        combined_row("INV02", is_outlier=False),
        combined_row("INV03", is_outlier=None, p=None, q=None),
    ]
    assert assay_alerts(SOUND, rows) == comparison_alerts(assay_alerts(SOUND, rows)) == {ON_F8}


def test_what_several_measures_show_is_ours_and_no_peer_is_given_it():
    done = trial(where(harm_called_risk="INV01"), [combined_row("INV01"), combined_row("INV02")])
    [injected] = done.injected
    assert (injected.found, injected.place, injected.only_combined) == ((ASSAY,), "INV01", True)
    assert done.alerts == {**dict.fromkeys(METHODS, (0, 0)), ASSAY: (1, 1)}
    assert done.false_alerts == (("F8", COMBINED_TEST, ""),)


def test_a_force_that_a_measure_names_by_itself_is_not_found_only_together():
    rows = [*SOUND, outlier_row("INV01", "lower", measure="harm_called_harm", p_value=1e-6, q_value=1e-4, expected=0.9)]
    [injected] = trial(where(harm_called_risk="INV01"), [combined_row("INV01")], rows).injected
    assert (ASSAY in injected.found, injected.only_combined) == (True, False)


def test_a_falsely_called_force_is_told_with_what_else_is_injected_there():
    assert trial(where(late_recording="INV01"), [combined_row("INV01")]).false_alerts == (
        ("F8", COMBINED_TEST, "late_recording"),
    )


def test_questions_on_failure_modes_are_counted_beside_those_on_measures():
    done = trial(
        where(),
        [
            combined_row("INV01"),
            combined_row("INV02", is_outlier=False, p=0.4, q=0.9),
            combined_row("INV03", p=None, q=None, is_outlier=None),
        ],
    )
    assert done.tests == {"recorded_in_24_hours": (8, 0), "F8": (2, 1)}


def test_who_would_be_called_at_another_level_is_kept_with_the_side_on_which_it_lies():
    near_miss = estimate_row("INV02", 70, 30, p_value=0.01, q_value=0.2, expected=0.9)
    done = trial(
        where(), [combined_row("INV01", q=0.03), combined_row("INV04", is_outlier=False, q=0.21)], [*SOUND, near_miss]
    )
    assert done.candidates == (
        AlertCandidate("recorded_in_24_hours", "INV02", "lower", 0.2),
        AlertCandidate("F8", "INV01", COMBINED_TEST, 0.03),
    )


def test_an_inspection_is_scored_by_its_failure_modes_too(tmp_path):
    folder = inspection(tmp_path, SOUND[:3])
    assert score_inspection(folder).false_alerts == ()
    pq.write_table(
        as_table([combined_row("INV02")], FAILURE_MODE_TESTS), folder / "comparison" / "combined_tests.parquet"
    )
    assert [(false_alert.place, false_alert.measure) for false_alert in score_inspection(folder).false_alerts] == [
        ("INV02", "F8")
    ]
    assert "  INV02: F8 taken together" in score_inspection(folder).summary_lines()


def test_every_failure_mode_that_measures_show_has_a_failing_that_can_be_found_by_it():
    assert set(MEASURES_OF_MODE) <= {failing.mode for failing in failings().values() if failing.shown_by}
