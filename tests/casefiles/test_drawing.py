"""Is every file drawn with exactly the chance that was meant, and by whoever has the seed?"""

from collections import Counter
from fractions import Fraction
from math import lcm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.casefiles.allocation import allocate
from assay.casefiles.chances import WHOLE, chances_by_size, number, systematic
from assay.casefiles.designs import Design
from assay.casefiles.drawing import DRAWN, RESERVE, draw, opened
from assay.errors import UsageError
from assay.estimation.samples.sizes import power


def design(**more) -> Design:
    return Design(**{"key": "closed", "title": "Closed", "subject": "crime", "seed": "read out", "files": 4, **more})


def units(**forces: int) -> list[dict]:
    """So many crimes of each force."""
    return [
        {"force_code": code, "subject_ref": f"C{place}", "stratum": code, "size": 1}
        for code, number_of in forces.items()
        for place in range(number_of)
    ]


def test_the_number_of_a_record_is_its_hash_and_the_same_everywhere():
    assert number("read out", "crime", "INV01", "C1") == 8238280720198165992
    assert number("read out", "crime", "INV01", "C1") != number("another", "crime", "INV01", "C1")


def test_of_nine_records_each_is_drawn_in_a_third_of_all_seeds():
    """Three of nine; over 3,000 seeds each is drawn 1,000 times, give or take four standard errors (26)."""
    times = Counter(
        one.subject_ref
        for seed in range(3000)
        for one in draw(design(seed=str(seed), files=3), units(INV01=9))
        if one.status == DRAWN
    )
    assert len(times) == 9
    assert all(abs(found - 1000) < 104 for found in times.values())


def test_every_file_says_its_chance_and_the_rest_stands_in_reserve_in_order():
    found = draw(design(files=4), units(INV01=8, INV02=4))
    assert Counter((one.stratum, one.status) for one in found) == {
        ("INV01", DRAWN): 2, ("INV01", RESERVE): 6, ("INV02", DRAWN): 2, ("INV02", RESERVE): 2,
    }  # fmt: skip
    assert {(one.stratum, one.chance) for one in found} == {("INV01", Fraction(1, 4)), ("INV02", Fraction(1, 2))}
    assert [one.place for one in found if one.stratum == "INV01"] == list(range(1, 9))


def test_a_record_that_comes_later_changes_nothing_in_another_stratum():
    before = [one for one in draw(design(files=6), units(INV01=8, INV02=8)) if one.stratum == "INV01"]
    after = [one for one in draw(design(files=6), units(INV01=8, INV02=9)) if one.stratum == "INV01"]
    assert [one.subject_ref for one in before] == [one.subject_ref for one in after]


def test_in_two_stages_forces_are_drawn_by_size_and_every_file_has_the_same_chance():
    """Three forces of 10, 20 and 30 crimes, one drawn, two files in it: each crime has 10/60 x 2/10 = 1/30, and so on."""
    times: Counter[str] = Counter()
    for seed in range(1200):
        found = draw(design(seed=str(seed), files=0, forces=1, files_each=2), units(A=10, B=20, C=30))
        drawn = [one for one in found if one.status == DRAWN]
        assert {one.chance * one.chance_of_force for one in drawn} == {Fraction(1, 30)}
        times[drawn[0].force_code] += 1
    assert all(abs(times[code] - meant) < 70 for code, meant in (("A", 200), ("B", 400), ("C", 600)))


def test_a_force_so_large_that_it_must_be_drawn_is_drawn():
    assert chances_by_size([100, 5, 5], 2) == [1, Fraction(1, 2), Fraction(1, 2)]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(1, 8))
def test_chances_by_size_add_up_to_the_draws_and_are_proportional_below_certainty(sizes, draws):
    chances = chances_by_size(sizes, draws)
    there = [(size, chance) for size, chance in zip(sizes, chances, strict=True) if size]
    assert sum(chances) == min(draws, len(there))
    assert all(0 < chance <= 1 for _, chance in there)
    below = {Fraction(chance, size) for size, chance in there if chance < 1}
    assert len(below) <= 1


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 4))
def test_a_systematic_draw_takes_each_place_with_exactly_its_chance(sizes, draws):
    """Counted exactly: over every start at which anything changes."""
    chances = chances_by_size(sizes, draws)
    fine = lcm(*(chance.denominator for chance in chances))
    times = Counter(place for step in range(fine) for place in systematic(chances, Fraction(step, fine)))
    assert all(Fraction(times[place], fine) == chance for place, chance in enumerate(chances))


def test_by_size_a_crime_with_three_victims_is_three_times_as_likely_as_a_crime_with_one():
    sized = [{**one, "size": size} for one, size in zip(units(INV01=4), (3, 1, 1, 1), strict=True)]
    found = [draw(design(files=1, least=0, sized_by="victims", seed=str(seed)), sized)[0] for seed in range(1000)]
    assert abs(sum(one.subject_ref == "C0" for one in found) - 500) < 64
    assert {one.chance for one in found if one.subject_ref == "C0"} == {Fraction(1, 2)}


def test_a_missing_file_is_replaced_by_the_next_of_its_stratum_and_chances_follow():
    """Two of eight were drawn and the first is missing: the third is read, and three of eight were opened."""
    chosen = draw(design(files=2), units(INV01=8))
    first, second, third = chosen[:3]
    found = opened(chosen, {("INV01", first.subject_ref)})
    assert [one.subject_ref for one in found.files] == [second.subject_ref, third.subject_ref]
    assert {one.chance for one in found.files} == {Fraction(3, 8)}
    assert [one.subject_ref for one in found.missing] == [first.subject_ref]
    assert found.short == {}


def test_where_the_reserve_runs_out_it_is_said_how_many_are_short():
    chosen = draw(design(files=3, least=3), units(INV01=3))
    found = opened(chosen, {("INV01", "C0"), ("INV01", "C1")})
    assert [one.subject_ref for one in found.files] == ["C2"]
    assert found.short == {"INV01": 2}


def test_findable_files_keep_equal_chances_when_missing_ones_are_replaced():
    """Of six, two can never be found; two are wanted. Each of the four others is read in half of all seeds."""
    gone = {("INV01", "C0"), ("INV01", "C1")}
    times = Counter(
        one.subject_ref
        for seed in range(2000)
        for one in opened(draw(design(seed=str(seed), files=2), units(INV01=6)), gone).files
    )
    assert all(abs(times[f"C{place}"] - 1000) < 90 for place in range(2, 6))


def test_a_file_that_was_never_drawn_cannot_be_missing():
    with pytest.raises(UsageError, match="INV09 C1 was not drawn"):
        opened(draw(design(), units(INV01=8)), {("INV09", "C1")})


def test_ten_points_take_73_files_of_300_and_49_of_100():
    found = draw(design(files=0, points=10), units(INV01=300, INV02=100))
    assert Counter(one.force_code for one in found if one.status == DRAWN) == {"INV01": 73, "INV02": 49}


def test_to_tell_75_from_a_standard_of_90_takes_as_many_files_as_its_power_says_in_each_force():
    found = draw(design(files=0, tell=(0.9, 0.75)), units(INV01=300, INV02=100))
    of = Counter(one.force_code for one in found if one.status == DRAWN)
    for code, records in (("INV01", 300), ("INV02", 100)):
        assert power(0.75, 0.9, of[code], records) >= 0.8
        assert power(0.75, 0.9, of[code] - 1, records) < 0.8


def test_a_force_too_small_to_tell_two_shares_apart_is_read_whole():
    """Of three records no whole number is 80 in 100 and none 90, so both are three of three."""
    found = draw(design(files=0, tell=(0.9, 0.85)), units(INV01=3))
    assert Counter(one.status for one in found) == {DRAWN: 3}


@pytest.mark.parametrize("tell", [(0.9,), (0.9, 0.9), (0.9, 1.5)])
def test_what_cannot_be_told_apart_is_refused(tell):
    with pytest.raises(UsageError, match="two shares that differ"):
        design(files=0, tell=tell)


def test_with_points_strata_must_lie_within_forces():
    with pytest.raises(UsageError, match="force_code is among its strata"):
        design(files=0, points=10, strata=("cse_flagged",))


def test_an_empty_frame_is_refused():
    with pytest.raises(UsageError, match="nothing to draw"):
        draw(design(), [])


def test_a_rare_stratum_gets_its_least_and_what_it_is_oversampled_by():
    assert allocate({"a": 90, "b": 9, "c": 1}, 20, least=2, times={}) == {"a": 17, "b": 2, "c": 1}
    assert allocate({"a": 90, "b": 9, "c": 1}, 20, least=1, times={"b": 10}) == {"a": 10, "b": 9, "c": 1}


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 40), min_size=1),
    st.integers(0, 3),
    st.integers(1, 120),
)
def test_files_add_up_and_no_stratum_gets_more_than_it_has_or_less_than_its_least(records, least, files):
    if sum(min(least, held) for held in records.values()) > files:
        with pytest.raises(UsageError, match="too few"):
            allocate(records, files, least=least, times={})
        return
    found = allocate(records, files, least=least, times={})
    assert sum(found.values()) == min(files, sum(records.values()))
    assert all(min(least, records[key]) <= number_of <= records[key] for key, number_of in found.items())


def test_numbers_are_spread_evenly():
    drawn = [number("even", str(place)) / WHOLE for place in range(4000)]
    counts = Counter(int(10 * one) for one in drawn)
    assert all(abs(found - 400) < 80 for found in counts.values())
