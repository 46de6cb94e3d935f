"""Is the work even, does nobody read their own force, and is a share read twice by two people?"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.casefiles.file_assignment import (
    ADJUDICATED,
    AUDITOR,
    FIRST,
    SECOND,
    Assignment,
    File,
    Rater,
    assign,
    assign_adjudicators,
    assign_auditors,
    read_raters,
    replace_missing_readings,
)
from assay.errors import UsageError


def files(**forces: int) -> list[File]:
    return [File(code, f"C{place}", code) for code, number in forces.items() for place in range(number)]


def test_nobody_reads_a_file_of_a_force_they_must_keep_away_from():
    found = assign(files(A=4, B=4), [Rater("M1", ("A",)), Rater("M2", ("B",))], double=0, seed="s")
    assert {(assignment.marker, assignment.file.force_code) for assignment in found} == {("M1", "B"), ("M2", "A")}


def test_who_carries_half_a_load_reads_half_as_many():
    found = assign(files(A=30), [Rater("M1"), Rater("M2", part=0.5)], double=0, seed="s")
    assert Counter(assignment.marker for assignment in found) == {"M1": 20, "M2": 10}


def test_a_fifth_of_every_force_rounded_up_is_read_twice_by_two_people():
    found = assign(files(A=10, B=3), [Rater("M1"), Rater("M2"), Rater("M3")], double=0.2, seed="s")
    second_readings = [assignment for assignment in found if assignment.round == SECOND]
    assert Counter(second_reading.file.force_code for second_reading in second_readings) == {"A": 2, "B": 1}
    for second_reading in second_readings:
        assert len({other.marker for other in found if other.file == second_reading.file}) == 2


def test_a_file_that_nobody_may_read_is_refused_and_says_of_which_force():
    with pytest.raises(UsageError, match=r"A file of A cannot be assigned: every rater is excluded from it"):
        assign(files(A=1), [Rater("M1", ("A",))], double=0, seed="s")
    with pytest.raises(UsageError, match="nobody else may read it again"):
        assign(files(A=1), [Rater("M1")], double=1, seed="s")


def test_nobody_reads_a_file_on_whose_sheet_steps_of_their_own_force_stand():
    found = assign([File("A", "C1", "A", ("B",))], [Rater("M1", ("B",)), Rater("M2")], double=0, seed="s")
    assert [assignment.marker for assignment in found] == ["M2"]


def test_a_missing_file_is_replaced_for_the_same_markers_unless_they_must_keep_away_from_what_comes():
    """C1 of A was read by M1 and again by M2. The next of the stratum is of B, from which M1 keeps away: M3 reads it."""
    missing_file, fresh = File("A", "C1", "s"), File("B", "C2", "s")
    assignments = [Assignment(missing_file, "M1", FIRST), Assignment(missing_file, "M2", SECOND)]
    markers = [Rater("M1", ("B",)), Rater("M2"), Rater("M3")]
    found = replace_missing_readings(assignments, [fresh], {missing_file.pair}, markers, "s")
    assert found == [Assignment(fresh, "M3", FIRST), Assignment(fresh, "M2", SECOND)]
    free = replace_missing_readings(assignments, [fresh], {missing_file.pair}, [Rater("M1"), *markers[1:]], "s")
    assert [assignment.marker for assignment in free] == ["M1", "M2"]


AUDITOR_OF_A = Rater("A1", auditor_of="A")


def test_an_auditor_reads_every_file_of_their_own_force_and_none_on_which_another_forces_steps_stand():
    assigned_files = [*files(A=2, B=2), File("A", "C9", "A", ("B",))]
    assignments = assign(assigned_files, [Rater("M1"), AUDITOR_OF_A], double=0, seed="s")
    assert {assignment.marker for assignment in assignments} == {"M1"}  # an auditor is no inspector
    found = assign_auditors(assignments, assigned_files, [Rater("M1"), AUDITOR_OF_A], "s")
    assert {(assignment.file.pair, assignment.marker, assignment.kind) for assignment in found} == {
        (("A", ref), "A1", AUDITOR) for ref in ("C0", "C1")
    }
    assert assign_auditors([*assignments, *found], assigned_files, [AUDITOR_OF_A], "s") == []


def test_an_adjudicator_reads_only_where_two_differ_and_never_what_they_read_themselves():
    file, other = files(A=2)
    assignments = [Assignment(file, "M1", FIRST), Assignment(file, "M2", SECOND), Assignment(other, "J1", FIRST)]
    judge = Rater("J1", adjudicator=True)
    assert assign_adjudicators(assignments, [file, other], [Rater("M1"), judge], "s") == [
        Assignment(file, "J1", ADJUDICATED)
    ]


def test_where_no_file_is_left_a_missing_one_is_read_by_nobody():
    missing_file = File("A", "C1", "s")
    assert (
        replace_missing_readings([Assignment(missing_file, "M1", FIRST)], [], {missing_file.pair}, [Rater("M1")], "s")
        == []
    )


@given(st.integers(1, 40), st.integers(1, 30), st.integers(2, 6), st.text(max_size=4))
def test_everybody_reads_as_many_as_anybody_else_give_or_take_one(files_a, files_b, number, seed):
    markers = [Rater(f"M{place}") for place in range(number)]
    found = assign(files(A=files_a, B=files_b), markers, double=0.15, seed=seed)
    loads = Counter(assignment.marker for assignment in found)
    assert max(loads.values()) - min(loads[marker.code] for marker in markers) <= 2
    assert {assignment.file for assignment in found} == set(files(A=files_a, B=files_b))


def test_the_same_seed_gives_the_same_files_to_the_same_people():
    markers = [Rater("M1"), Rater("M2")]
    first_run, other = (assign(files(A=9), markers, double=0.3, seed="s") for _ in range(2))
    assert first_run == other
    assert assign(files(A=9), markers, double=0.3, seed="t") != first_run


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("marker_code,away_from,part\n", "names no rater"),
        ("marker_code,away_from,part\nM1,,\nM1,,\n", "line 3: M1 occurs twice"),
        ("marker_code,away_from,part\n,A,\n", "line 2: marker_code is empty"),
        ("marker_code,away_from,part\nM1,A,2\n", "line 2: part must be above 0"),
        ("marker_code,auditor_of,adjudicator\nM1,A,yes\n", "line 2: adjudicator must be yes or empty"),
    ],
)
def test_a_list_of_markers_that_cannot_be_used_is_told_by_its_line(tmp_path, lines, message):
    path = tmp_path / "markers.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_raters(path)


def test_a_list_of_markers_says_where_each_must_not_read(tmp_path):
    path = tmp_path / "markers.csv"
    path.write_text("marker_code,away_from,part\nM1,A B,0.5\nM2,,\n", encoding="utf-8")
    assert read_raters(path) == [Rater("M1", ("A", "B"), 0.5), Rater("M2")]
