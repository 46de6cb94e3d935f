"""Do the three others call what a pencil says they call?"""

from hypothesis import given
from hypothesis import strategies as st

from assay.synthetic.simulation.alert_comparison import Alert, ForceCounts
from assay.synthetic.simulation.peer_methods import file_reading_alerts, league_table_alerts, naive_funnel_alerts

MEASURE = "recorded_in_24_hours"


def forces(*met: int, base: int = 100) -> list[ForceCounts]:
    return [ForceCounts(f"INV{number:02d}", MEASURE, met_count, base) for number, met_count in enumerate(met, start=1)]


def test_a_league_table_calls_a_force_more_than_two_standard_deviations_from_the_mean():
    """Nine at 90 and one at 60: the mean is 87, the standard deviation 9.5, so the one lies 2.8 of them below."""
    assert league_table_alerts(forces(*[90] * 9, 60)) == {Alert("INV10", MEASURE, "lower")}


def test_a_league_table_of_equal_forces_calls_nobody():
    assert league_table_alerts(forces(90, 90, 90)) == frozenset()


def test_a_naive_funnel_calls_a_large_force_for_a_difference_that_a_small_one_may_have():
    """At a pooled share near 90 in 100 three standard errors are 9 points of 100 records and 3 of 1,000."""
    assert naive_funnel_alerts(forces(85, 90, 90, 95)) == frozenset()
    assert {call.place for call in naive_funnel_alerts(forces(850, 900, 900, 950, base=1000))} == {"INV01", "INV04"}


def test_of_files_a_force_is_called_only_if_it_was_among_the_six_that_were_read():
    """One force meets nothing; all files of the others are met. Whether it is called depends on the draw alone."""
    counts = forces(0, *[100] * 11)
    crimes = {force_count.place: force_count.base for force_count in counts}
    seeds = range(60)
    has_alerts = [bool(file_reading_alerts(counts, crimes, seed)) for seed in seeds]
    assert 15 <= sum(has_alerts) <= 45
    assert {call.place for seed in seeds for call in file_reading_alerts(counts, crimes, seed)} == {"INV01"}


def test_files_that_do_not_bear_on_a_question_call_nobody():
    counts = [ForceCounts(f"INV{number:02d}", MEASURE, 0, 0) for number in range(1, 7)]
    assert file_reading_alerts(counts, {force_counts.place: 100 for force_counts in counts}, 1) == frozenset()


def test_inspectors_read_the_one_record_of_the_forces_they_visit_and_of_no_other():
    """Twelve forces of like shares, each with a profile that is not current: six are visited, and six are called."""
    counts = forces(*[90] * 12)
    own_alerts = [Alert(force_counts.place, "problem_profile_current", "lower") for force_counts in counts]
    alerts = file_reading_alerts(counts, {force_counts.place: 100 for force_counts in counts}, 3, own_alerts)
    assert len(alerts & set(own_alerts)) == 6


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(0, 10**6))
def test_the_same_seed_reads_the_same_files_and_calls_are_to_the_bad_side(met, seed):
    counts = forces(*met, base=50)
    crimes = {force_counts.place: 50 for force_counts in counts}
    first = file_reading_alerts(counts, crimes, seed)
    assert first == file_reading_alerts(list(reversed(counts)), crimes, seed)
    assert {call.direction for call in first} <= {"lower"}
