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
    assert {(one.marker, one.file.force_code) for one in found} == {("M1", "B"), ("M2", "A")}


def test_who_carries_half_a_load_reads_half_as_many():
    found = assign(files(A=30), [Rater("M1"), Rater("M2", part=0.5)], double=0, seed="s")
    assert Counter(one.marker for one in found) == {"M1": 20, "M2": 10}


def test_a_fifth_of_every_force_rounded_up_is_read_twice_by_two_people():
    found = assign(files(A=10, B=3), [Rater("M1"), Rater("M2"), Rater("M3")], double=0.2, seed="s")
    again = [one for one in found if one.round == SECOND]
    assert Counter(one.file.force_code for one in again) == {"A": 2, "B": 1}
    for one in again:
        assert len({other.marker for other in found if other.file == one.file}) == 2


def test_a_file_that_nobody_may_read_is_refused_and_says_of_which_force():
    with pytest.raises(UsageError, match=r"A file of A cannot be assigned: every marker must keep away from it"):
        assign(files(A=1), [Rater("M1", ("A",))], double=0, seed="s")
    with pytest.raises(UsageError, match="nobody else may read it again"):
        assign(files(A=1), [Rater("M1")], double=1, seed="s")


def test_nobody_reads_a_file_on_whose_sheet_steps_of_their_own_force_stand():
    found = assign([File("A", "C1", "A", ("B",))], [Rater("M1", ("B",)), Rater("M2")], double=0, seed="s")
    assert [one.marker for one in found] == ["M2"]


def test_a_missing_file_is_replaced_for_the_same_markers_unless_they_must_keep_away_from_what_comes():
    """C1 of A was read by M1 and again by M2. The next of the stratum is of B, from which M1 keeps away: M3 reads it."""
    gone, fresh = File("A", "C1", "s"), File("B", "C2", "s")
    held = [Assignment(gone, "M1", FIRST), Assignment(gone, "M2", SECOND)]
    markers = [Rater("M1", ("B",)), Rater("M2"), Rater("M3")]
    found = replace_missing_readings(held, [fresh], {gone.pair}, markers, "s")
    assert found == [Assignment(fresh, "M3", FIRST), Assignment(fresh, "M2", SECOND)]
    free = replace_missing_readings(held, [fresh], {gone.pair}, [Rater("M1"), *markers[1:]], "s")
    assert [one.marker for one in free] == ["M1", "M2"]


AUDITOR_OF_A = Rater("A1", auditor_of="A")


def test_an_auditor_reads_every_file_of_their_own_force_and_none_on_which_another_forces_steps_stand():
    mine = [*files(A=2, B=2), File("A", "C9", "A", ("B",))]
    held = assign(mine, [Rater("M1"), AUDITOR_OF_A], double=0, seed="s")
    assert {one.marker for one in held} == {"M1"}  # an auditor is no inspector
    found = assign_auditors(held, mine, [Rater("M1"), AUDITOR_OF_A], "s")
    assert {(one.file.pair, one.marker, one.kind) for one in found} == {
        (("A", ref), "A1", AUDITOR) for ref in ("C0", "C1")
    }
    assert assign_auditors([*held, *found], mine, [AUDITOR_OF_A], "s") == []


def test_an_adjudicator_reads_only_where_two_differ_and_never_what_they_read_themselves():
    one, other = files(A=2)
    held = [Assignment(one, "M1", FIRST), Assignment(one, "M2", SECOND), Assignment(other, "J1", FIRST)]
    judge = Rater("J1", adjudicator=True)
    assert assign_adjudicators(held, [one, other], [Rater("M1"), judge], "s") == [Assignment(one, "J1", ADJUDICATED)]


def test_where_no_file_is_left_a_missing_one_is_read_by_nobody():
    gone = File("A", "C1", "s")
    assert replace_missing_readings([Assignment(gone, "M1", FIRST)], [], {gone.pair}, [Rater("M1")], "s") == []


@given(st.integers(1, 40), st.integers(1, 30), st.integers(2, 6), st.text(max_size=4))
def test_everybody_reads_as_many_as_anybody_else_give_or_take_one(of_a, of_b, number, seed):
    markers = [Rater(f"M{place}") for place in range(number)]
    found = assign(files(A=of_a, B=of_b), markers, double=0.15, seed=seed)
    loads = Counter(one.marker for one in found)
    assert max(loads.values()) - min(loads[marker.code] for marker in markers) <= 2
    assert {one.file for one in found} == set(files(A=of_a, B=of_b))


def test_the_same_seed_gives_the_same_files_to_the_same_people():
    markers = [Rater("M1"), Rater("M2")]
    one, other = (assign(files(A=9), markers, double=0.3, seed="s") for _ in range(2))
    assert one == other
    assert assign(files(A=9), markers, double=0.3, seed="t") != one


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("marker_code,away_from,part\n", "names no marker"),
        ("marker_code,away_from,part\nM1,,\nM1,,\n", "line 3: M1 stands there twice"),
        ("marker_code,away_from,part\n,A,\n", "line 2: marker_code is empty"),
        ("marker_code,away_from,part\nM1,A,2\n", "line 2: part is above 0"),
        ("marker_code,auditor_of,adjudicator\nM1,A,yes\n", "line 2: adjudicator is yes or empty"),
    ],
)
def test_a_list_of_markers_that_cannot_be_used_is_told_by_its_line(tmp_path, lines, says):
    path = tmp_path / "markers.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_raters(path)


def test_a_list_of_markers_says_where_each_must_not_read(tmp_path):
    path = tmp_path / "markers.csv"
    path.write_text("marker_code,away_from,part\nM1,A B,0.5\nM2,,\n", encoding="utf-8")
    assert read_raters(path) == [Rater("M1", ("A", "B"), 0.5), Rater("M2")]
