"""Is a score what a pencil makes of it: found, missed, false, and how far from the truth?"""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds_by_pencil import estimate_row, inspection, outlier_row

from assay import reference
from assay.errors import UsageError
from assay.indicators.indicator_catalogue import indicators
from assay.synthetic.simulation.alert_comparison import comparison_alerts, force_counts
from assay.synthetic.simulation.detection_scores import score_failings
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.inspection_scores import score_inspection
from assay.synthetic.simulation.lesson_scores import claim_alerts, practice_alerts
from assay.synthetic.simulation.truth_folder import read_truth

SOUND = [estimate_row("INV01", 90, 10), estimate_row("INV02", 90, 10)]


def failing_score(scored, failing: str):
    return next(failing_score for failing_score in scored.failings if failing_score.failing.key == failing)


def test_an_injected_failing_that_is_called_in_its_direction_is_found_once_and_nothing_is_false(tmp_path):
    done = score_inspection(inspection(tmp_path, [*SOUND, outlier_row("INV03", "lower")]))
    assert (failing_score(done, "late_recording").found, failing_score(done, "late_recording").missed) == (
        ("INV03",),
        (),
    )
    assert done.false_alerts == ()
    assert "Injected 1 time, found 1; 0 false calls." in done.summary_lines()


def test_a_finding_in_the_wrong_direction_is_not_found_and_is_false(tmp_path):
    done = score_inspection(inspection(tmp_path, [*SOUND, outlier_row("INV03", "higher")]))
    assert failing_score(done, "late_recording").missed == ("INV03",)
    assert [(call.place, call.direction) for call in done.false_alerts] == [("INV03", "higher")]


def test_a_call_in_a_force_where_nothing_is_injected_is_false(tmp_path):
    done = score_inspection(
        inspection(tmp_path, [SOUND[0], outlier_row("INV02", "lower"), estimate_row("INV03", 60, 40)])
    )
    assert failing_score(done, "late_recording").found == ()
    assert [call.place for call in failing_score(done, "late_recording").false_alerts] == ["INV02"]


def test_a_call_on_a_measure_that_the_injected_failing_does_not_touch_is_false(tmp_path):
    done = score_inspection(inspection(tmp_path, [*SOUND, outlier_row("INV03", "lower", measure="still_pending")]))
    assert [call.measure for call in done.false_alerts] == ["still_pending"]


def test_a_call_on_what_an_injected_failing_brings_with_it_is_neither_found_nor_false(tmp_path):
    """Word of an outcome comes as late as every other notice, and is the duty of witness care."""
    folder = inspection(
        tmp_path, [outlier_row("INV01", "lower", measure="told_of_outcome"), *SOUND[1:], estimate_row("INV03", 60, 40)]
    )
    truth = folder / "truth" / "truth.toml"
    truth.write_text(truth.read_text().replace("late_notices = []", 'late_notices = ["INV01"]'))
    done = score_inspection(folder)
    assert (failing_score(done, "late_notices").missed, done.false_alerts) == (("INV01",), ())


def test_all_forces_together_are_never_called(tmp_path):
    done = score_inspection(inspection(tmp_path, [*SOUND, outlier_row("ALL", "lower")]))
    assert done.false_alerts == ()


def test_a_failing_that_no_measure_shows_counts_as_not_found(tmp_path):
    folder = inspection(tmp_path, SOUND)
    text = (folder / "truth" / "truth.toml").read_text().replace("late_notices = []", 'audits_bare = ["INV01"]')
    (folder / "truth" / "truth.toml").write_text(text)
    done = score_inspection(folder)
    assert failing_score(done, "audits_bare").is_not_detectable
    assert failing_score(done, "audits_bare").missed == ("INV01",)
    title = "F18 Audits that never end in change"
    assert f"{title}: injected in INV01; not found: no measure shows it yet." in done.summary_lines()


def test_a_force_whose_profile_is_old_though_nobody_injected_it_is_no_false_call(tmp_path):
    profile = estimate_row("INV02", 0, 1, measure="problem_profile_current", outlier_alert=None)
    done = score_inspection(inspection(tmp_path, [*SOUND, profile]))
    assert failing_score(done, "profile_stale").false_alerts == ()


@pytest.mark.parametrize(("met", "below"), [(60, True), (74, False)])
def test_a_failing_in_most_forces_is_judged_against_the_standard_and_not_against_peers(tmp_path, met, below):
    """The standard is 75 in 100; five forces differ by two points, so 74 is too near to tell."""
    rows = [
        estimate_row(f"INV{n:02d}", met + step, 100 - met - step)
        for n, step in zip(range(1, 6), (-2, -1, 0, 1, 2), strict=True)
    ]
    done = score_inspection(inspection(tmp_path, rows, late='"INV01", "INV02", "INV03"'))
    assert failing_score(done, "late_recording").is_below_standard is below
    assert failing_score(done, "late_recording").found == (("INV01", "INV02", "INV03") if below else ())


def test_a_peer_has_no_standard_and_must_call_the_forces_themselves(tmp_path):
    """Three of three forces fail alike, so nobody stands out: a peer that calls nobody found nothing."""
    rows = [estimate_row(f"INV{number:02d}", 600, 400) for number in range(1, 8)]
    truth = read_truth(inspection(tmp_path, rows, '"INV01", "INV02", "INV03"') / "truth" / "truth.toml")
    counts = force_counts(rows)
    for by_standard, found in ((True, ("INV01", "INV02", "INV03")), (False, ())):
        [late] = [
            failing_score
            for failing_score in score_failings((), truth, counts, by_standard=by_standard)
            if failing_score.failing.key == "late_recording"
        ]
        assert late.found == found


def test_error_and_coverage_are_those_of_a_pencil(tmp_path):
    """Truths 90, 90 and 60 in 100; said 90, 80 and 60, each give or take five: one of three misses, by ten points."""
    rows = [estimate_row("INV01", 90, 10), estimate_row("INV02", 80, 20), estimate_row("INV03", 60, 40)]
    [force_coverage] = score_inspection(inspection(tmp_path, rows)).force_coverage
    assert (force_coverage.number, force_coverage.covering, force_coverage.intervals) == (3, 2, 3)
    assert force_coverage.bias == pytest.approx(-0.1 / 3)


def test_all_forces_together_are_judged_by_the_truth_of_each_weighed_by_its_records(tmp_path):
    whole = estimate_row("ALL", 195, 105, share_low=None, share_high=None)
    rows = [estimate_row("INV01", 90, 10), estimate_row("INV03", 120, 80), whole]
    [overall_coverage] = score_inspection(inspection(tmp_path, rows)).overall_coverage
    assert overall_coverage.intervals == 0
    assert overall_coverage.bias == pytest.approx(0.65 - (100 * 0.9 + 200 * 0.6) / 300)


def test_what_is_reported_to_other_programs_has_a_row_for_every_failing(tmp_path):
    scores_dict = score_inspection(inspection(tmp_path, [*SOUND, outlier_row("INV03", "lower")])).as_dict()
    assert [row["failing"] for row in scores_dict["failings"]] == list(failings())
    assert scores_dict["world"] == "by pencil"


def test_without_a_truth_or_a_comparison_it_is_said_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="--truth"):
        score_inspection(tmp_path)
    folder = inspection(tmp_path / "there", SOUND)
    (folder / "comparison" / "force_estimates.parquet").unlink()
    with pytest.raises(UsageError, match="assay inspect run"):
        score_inspection(folder)
    (folder / "truth" / "truth.toml").write_text("seed = ")
    with pytest.raises(UsageError, match="cannot be read"):
        score_inspection(folder)


def claimed(place, verdict, about_kind="indicator"):
    return {"place_code": place, "subject": about_kind, "verdict": verdict}


def changed(place, when="after the notice of the inspection", way="better"):
    return {"place_code": place, "changed": when, "way": way}


def test_a_figure_that_the_records_contradict_finds_an_untrue_claim_and_other_statements_do_not():
    rows = [
        claimed("INV01", "contradicted"),
        claimed("INV02", "cannot be tested"),
        claimed("INV03", "contradicted", "scale"),
    ]
    assert {call.place for call in claim_alerts(rows)} == {"INV01"}
    [call] = claim_alerts(rows)
    assert failings()["claims_untrue"].shows(call.measure, call.direction)
    assert (
        comparison_alerts([call]) == frozenset()
    )  # it speaks for itself: where nobody injected it, it is true all the same


def test_practice_that_became_better_after_notice_is_called_from_two_indicators_on():
    rows = [
        *[changed("INV01")] * 2,
        changed("INV02"),
        *[changed("INV03", way="worse")] * 2,
        *[changed("INV04", "another day")] * 2,
    ]
    [call] = practice_alerts(rows)
    assert call.place == "INV01"
    assert failings()["only_when_watched"].shows(call.measure, call.direction)
    assert comparison_alerts([call]) == {call}


def test_a_force_that_claims_what_is_not_so_is_found_from_the_folder(tmp_path):
    folder = inspection(tmp_path, SOUND)
    path = folder / "truth" / "truth.toml"
    path.write_text(path.read_text().replace("[strength]", 'claims_untrue = ["INV01", "INV02"]\n[strength]', 1))
    (folder / "lessons").mkdir()
    pq.write_table(pa.Table.from_pylist([claimed("INV01", "contradicted")]), folder / "lessons" / "claim_tests.parquet")
    pq.write_table(
        pa.Table.from_pylist([changed("INV03", "none")]), folder / "lessons" / "practice_change_points.parquet"
    )
    found = failing_score(score_inspection(folder), "claims_untrue")
    assert (found.found, found.missed, found.is_not_detectable) == (("INV01",), ("INV02",), False)


def test_every_failure_mode_has_one_row_and_every_measure_of_today_is_judged_or_says_why_not():
    modes = [failing.mode for failing in failings().values() if failing.mode]
    assert modes == [mode.code for mode in reference.failure_modes()]
    assert {form.key for form in indicators()} == set(measures())
    assert all(measure.why for measure in measures().values())
