"""Is every file drawn with exactly the chance that was meant, and by whoever has the seed?"""

from collections import Counter
from fractions import Fraction
from math import lcm

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.casefiles import sample_drawing
from assay.casefiles.inclusion_probabilities import (
    RANGE_SIZE,
    max_proportional_sample,
    probabilities_by_size,
    random_number,
    systematic_sample,
)
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import RESERVE, SAMPLED, replace_missing_files
from assay.casefiles.sampling_frames import SCHEMA
from assay.errors import UsageError
from assay.stats.samples.sample_sizes import power


def design(**more) -> Design:
    return Design(**{"key": "closed", "title": "Closed", "subject": "crime", "seed": "read out", "files": 4, **more})


def units(**forces: int) -> list[dict]:
    """So many crimes of each force."""
    return [
        {"force_code": code, "subject_ref": f"C{place}", "stratum": code, "size": 1}
        for code, number_of in forces.items()
        for place in range(number_of)
    ]


def draw(design: Design, units_in: list[dict]) -> list[sample_drawing.SampledFile]:
    return sample_drawing.draw(design, pa.Table.from_pylist(units_in, SCHEMA))


def test_the_number_of_a_record_is_its_hash_and_the_same_everywhere():
    assert random_number("read out", "crime", "INV01", "C1") == 8238280720198165992
    assert random_number("read out", "crime", "INV01", "C1") != random_number("another", "crime", "INV01", "C1")


def test_of_nine_records_each_is_drawn_in_a_third_of_all_seeds():
    """Three of nine; over 3,000 seeds each is drawn 1,000 times, give or take four standard errors (26)."""
    times = Counter(
        file.subject_ref
        for seed in range(3000)
        for file in draw(design(seed=str(seed), files=3), units(INV01=9))
        if file.status == SAMPLED
    )
    assert len(times) == 9
    assert all(abs(found - 1000) < 104 for found in times.values())


def test_every_file_says_its_chance_and_the_rest_stands_in_reserve_in_order():
    found = draw(design(files=4), units(INV01=8, INV02=4))
    assert Counter((file.stratum, file.status) for file in found) == {
        ("INV01", SAMPLED): 2, ("INV01", RESERVE): 6, ("INV02", SAMPLED): 2, ("INV02", RESERVE): 2,
    }  # fmt: skip
    assert {(file.stratum, file.chance) for file in found} == {("INV01", Fraction(1, 4)), ("INV02", Fraction(1, 2))}
    assert [file.place for file in found if file.stratum == "INV01"] == list(range(1, 9))


def test_of_a_long_stratum_the_reserve_holds_many_and_not_all(monkeypatch):
    monkeypatch.setattr(sample_drawing, "LONG_RESERVE", 5)
    monkeypatch.setattr(sample_drawing, "TIMES_THE_FILES", 2)
    whole = [file.subject_ref for file in draw(design(files=40), units(INV01=40))]
    small_sample, more = draw(design(files=2), units(INV01=40)), draw(design(files=4), units(INV01=40))
    assert [file.subject_ref for file in small_sample] == whole[: 2 + 5]
    assert [file.subject_ref for file in more] == whole[: 4 + 8]
    assert {(file.chance, file.of_stratum) for file in more} == {(Fraction(1, 10), 40)}


def test_a_record_that_comes_later_changes_nothing_in_another_stratum():
    before = [file for file in draw(design(files=6), units(INV01=8, INV02=8)) if file.stratum == "INV01"]
    after = [file for file in draw(design(files=6), units(INV01=8, INV02=9)) if file.stratum == "INV01"]
    assert [file.subject_ref for file in before] == [file.subject_ref for file in after]


def test_in_two_stages_forces_are_drawn_by_size_and_every_file_has_the_same_chance():
    """Three forces of 10, 20 and 30 crimes, one drawn, two files in it: each crime has 10/60 x 2/10 = 1/30, and so on."""
    times: Counter[str] = Counter()
    for seed in range(1200):
        found = draw(design(seed=str(seed), files=0, forces=1, files_each=2), units(A=10, B=20, C=30))
        sampled_files = [file for file in found if file.status == SAMPLED]
        assert {file.chance * file.chance_of_force for file in sampled_files} == {Fraction(1, 30)}
        times[sampled_files[0].force_code] += 1
    assert all(abs(times[code] - expected_count) < 70 for code, expected_count in (("A", 200), ("B", 400), ("C", 600)))


def test_a_force_so_large_that_it_must_be_drawn_is_drawn():
    assert probabilities_by_size([100, 5, 5], 2) == [1, Fraction(1, 2), Fraction(1, 2)]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(1, 8))
def test_chances_by_size_add_up_to_the_draws_and_are_proportional_below_certainty(sizes, draws):
    probabilities = probabilities_by_size(sizes, draws)
    nonzero = [(size, probability) for size, probability in zip(sizes, probabilities, strict=True) if size]
    assert sum(probabilities) == min(draws, len(nonzero))
    assert all(0 < fraction <= 1 for _, fraction in nonzero)
    below = {Fraction(fraction, size) for size, fraction in nonzero if fraction < 1}
    assert len(below) <= 1


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 4))
def test_a_systematic_draw_takes_each_place_with_exactly_its_chance(sizes, draws):
    """Counted exactly: over every start at which anything changes."""
    probabilities = probabilities_by_size(sizes, draws)
    fine = lcm(*(probability.denominator for probability in probabilities))
    times = Counter(place for step in range(fine) for place in systematic_sample(probabilities, Fraction(step, fine)))
    assert all(Fraction(times[place], fine) == probability for place, probability in enumerate(probabilities))


def test_by_size_a_crime_with_three_victims_is_three_times_as_likely_as_a_crime_with_one():
    sized = [{**file, "size": size} for file, size in zip(units(INV01=4), (3, 1, 1, 1), strict=True)]
    found = [draw(design(files=1, least=1, sized_by="victims", seed=str(seed)), sized)[0] for seed in range(1000)]
    assert abs(sum(file.subject_ref == "C0" for file in found) - 500) < 64
    assert {file.chance for file in found if file.subject_ref == "C0"} == {Fraction(1, 2)}


def test_a_missing_file_is_replaced_by_the_next_of_its_stratum_and_chances_follow():
    """Two of eight were drawn and the first is missing: the third is read, and three of eight were opened."""
    sample = draw(design(files=2), units(INV01=8))
    first, second, third = sample[:3]
    found = replace_missing_files(sample, {("INV01", first.subject_ref)})
    assert [file.subject_ref for file in found.files] == [second.subject_ref, third.subject_ref]
    assert {file.chance for file in found.files} == {Fraction(3, 8)}
    assert [file.subject_ref for file in found.missing] == [first.subject_ref]
    assert found.short == {}


def test_where_the_reserve_runs_out_it_is_said_how_many_are_short():
    sample = draw(design(files=3, least=3), units(INV01=3))
    found = replace_missing_files(sample, {("INV01", "C0"), ("INV01", "C1")})
    assert [file.subject_ref for file in found.files] == ["C2"]
    assert found.short == {"INV01": 2}


def test_findable_files_keep_equal_chances_when_missing_ones_are_replaced():
    """Of six, two can never be found; two are wanted. Each of the four others is read in half of all seeds."""
    missing_records = {("INV01", "C0"), ("INV01", "C1")}
    times = Counter(
        file.subject_ref
        for seed in range(2000)
        for file in replace_missing_files(draw(design(seed=str(seed), files=2), units(INV01=6)), missing_records).files
    )
    assert all(abs(times[f"C{place}"] - 1000) < 90 for place in range(2, 6))


def test_a_file_that_was_never_drawn_cannot_be_missing():
    with pytest.raises(UsageError, match="INV09 C1 was neither drawn nor held in reserve"):
        replace_missing_files(draw(design(), units(INV01=8)), {("INV09", "C1")})


def test_ten_points_take_73_files_of_300_and_49_of_100():
    found = draw(design(files=0, points=10), units(INV01=300, INV02=100))
    assert Counter(file.force_code for file in found if file.status == SAMPLED) == {"INV01": 73, "INV02": 49}


def test_to_tell_75_from_a_standard_of_90_takes_as_many_files_as_its_power_says_in_each_force():
    found = draw(design(files=0, tell=(0.9, 0.75)), units(INV01=300, INV02=100))
    sampled_by_force = Counter(file.force_code for file in found if file.status == SAMPLED)
    for code, records in (("INV01", 300), ("INV02", 100)):
        assert power(0.75, 0.9, sampled_by_force[code], records) >= 0.8
        assert power(0.75, 0.9, sampled_by_force[code] - 1, records) < 0.8


def test_a_force_too_small_to_tell_two_shares_apart_is_read_whole():
    """Of three records no whole number is 80 in 100 and none 90, so both are three of three."""
    found = draw(design(files=0, tell=(0.9, 0.85)), units(INV01=3))
    assert Counter(file.status for file in found) == {SAMPLED: 3}


@pytest.mark.parametrize("tell", [(0.9,), (0.9, 0.9), (0.9, 1.5)])
def test_what_cannot_be_told_apart_is_refused(tell):
    with pytest.raises(UsageError, match="two different shares"):
        design(files=0, tell=tell)


def test_with_points_strata_must_lie_within_forces():
    with pytest.raises(UsageError, match="strata must include force_code"):
        design(files=0, points=10, strata=("cse_flagged",))


def test_an_empty_frame_is_refused():
    with pytest.raises(UsageError, match="nothing to draw"):
        draw(design(), [])


def test_too_few_files_for_the_least_of_every_stratum_are_refused_with_what_to_do():
    with pytest.raises(UsageError, match="smaller least"):
        draw(design(files=3, least=2), units(INV01=8, INV02=4))


def banded(**bands: int) -> list[dict]:
    """So many records of each band of a column."""
    return [
        {"force_code": "INV01", "subject_ref": f"{band}{place}", "stratum": f"days {band}", "size": 1}
        for band, records in bands.items()
        for place in range(records)
    ]


def drawn_of(found, stratum: str) -> int:
    return sum(file.stratum == stratum and file.status == SAMPLED for file in found)


def test_a_band_is_read_as_many_times_as_often_as_the_design_says():
    """90 and 9 records, the latter ten times as often: 10 of 20 files each, but there are only 9."""
    often = design(files=20, least=1, strata=("days",), oversample={"days": {"b": 10.0}})
    found = draw(often, banded(a=90, b=9))
    assert (drawn_of(found, "days a"), drawn_of(found, "days b")) == (11, 9)


def test_files_go_where_records_are_expected_to_differ():
    """100 records each; standard deviations 0.5 where nothing is said and 0.3 at one in ten: 37.5 and 22.5 of 60."""
    found = draw(design(files=60, strata=("days",), expected={"days": {"b": 0.1}}), banded(a=100, b=100))
    assert (drawn_of(found, "days a"), drawn_of(found, "days b")) == (38, 22)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ({"days": {"b": 1.5}}, "between 0 and 1"),
        ({"days": {"b": 0.5}, "force_code": {"A": 0.1}}, "only one column"),
        ({"sex": {"M": 0.5}}, "expected must be in strata"),
    ],
)
def test_what_nobody_can_expect_is_refused(expected, message):
    with pytest.raises(UsageError, match=message):
        design(strata=("days", "force_code"), expected=expected)


def sized(*sizes: int) -> list[dict]:
    """One force; a crime of each size."""
    return [{**file, "size": size} for file, size in zip(units(INV01=len(sizes)), sizes, strict=True)]


def by_size(files: int, **more) -> Design:
    return design(files=files, least=1, sized_by="victims", **more)


def test_a_draw_by_size_has_a_reserve_as_long_as_chances_can_stay_in_proportion():
    """Sizes add up to 12 and the largest is 3: of four drawn together each still has a chance below or at 1."""
    assert max_proportional_sample([3, 2, 2, 2, 1, 1, 1]) == 4
    assert max_proportional_sample([1, 1, 1]) == 3
    assert max_proportional_sample([]) == max_proportional_sample([0]) == 0
    found = draw(by_size(2), sized(3, 2, 2, 2, 1, 1, 1))
    assert [file.status for file in found] == [SAMPLED, SAMPLED, RESERVE, RESERVE]
    size_by_reference = {f"C{place}": size for place, size in enumerate((3, 2, 2, 2, 1, 1, 1))}
    assert all(file.chance == Fraction(2 * size_by_reference[file.subject_ref], 12) for file in found)


def test_a_missing_file_is_replaced_by_the_next_of_the_reserve_and_chances_stay_in_proportion_to_size():
    """Two were drawn and the first is missing, so three were opened: each had three times its size of 12."""
    sample = draw(by_size(2), sized(3, 2, 2, 2, 1, 1, 1))
    first, second, third, _ = sample
    found = replace_missing_files(sample, {("INV01", first.subject_ref)})
    assert [file.subject_ref for file in found.files] == [second.subject_ref, third.subject_ref]
    assert [file.chance for file in found.files] == [file.chance * Fraction(3, 2) for file in (second, third)]
    assert [(file.subject_ref, file.chance) for file in found.missing] == [
        (first.subject_ref, first.chance * Fraction(3, 2))
    ]
    assert found.short == {}


def test_over_many_seeds_each_file_is_among_the_first_opened_with_the_chance_that_is_told():
    """However many are opened, 1 to 4: the crime of size 3 is among them three times as often as one of size 1."""
    times = [Counter() for _ in range(4)]
    for seed in range(3000):
        found = draw(by_size(2, seed=str(seed)), sized(3, 2, 2, 2, 1, 1, 1))
        for opened_so_far in range(4):
            times[opened_so_far].update(file.subject_ref for file in found[: opened_so_far + 1])
    for opened_so_far, seen in enumerate(times, start=1):
        for place, size in enumerate((3, 2, 2, 2, 1, 1, 1)):
            expected_count = 3000 * opened_so_far * size / 12
            spread = (expected_count * (1 - expected_count / 3000)) ** 0.5
            assert abs(seen[f"C{place}"] - expected_count) <= 4.5 * spread + 1e-9


def test_findable_files_keep_chances_in_proportion_to_size_when_missing_ones_are_replaced():
    """One crime of size 2 can never be found; of the others one of size 2 is read twice as often as one of size 1."""
    missing_record, times = ("INV01", "C0"), Counter()
    for seed in range(4000):
        sample = draw(by_size(2, seed=str(seed)), sized(2, 2, 2, 1, 1, 1, 1, 1, 1))
        missing = {missing_record} & {(file.force_code, file.subject_ref) for file in sample}
        times.update(file.subject_ref for file in replace_missing_files(sample, missing).files)
    large, small = (times["C1"] + times["C2"]) / 2, sum(times[f"C{place}"] for place in range(3, 9)) / 6
    assert large / small == pytest.approx(2, abs=0.15)


def test_a_file_that_was_certain_has_no_stand_in_and_the_others_keep_their_chances():
    """A crime of 10 victims among six of 1: it is certain, and of the six one is drawn and the rest is the reserve."""
    sample = draw(by_size(2), sized(10, 1, 1, 1, 1, 1, 1))
    assert [(file.chance, file.status) for file in sample[:3]] == [
        (1, SAMPLED),
        (Fraction(1, 6), SAMPLED),
        (Fraction(1, 6), RESERVE),
    ]
    found = replace_missing_files(sample, {("INV01", "C0")})
    assert [file.subject_ref for file in found.files] == [sample[1].subject_ref]
    assert found.files[0].chance == Fraction(1, 6)
    assert found.short == {"INV01": 1}


@given(st.lists(st.integers(1, 9), min_size=2, max_size=9), st.integers(1, 6), st.integers(0, 9), st.data())
def test_chances_of_what_was_opened_by_size_never_pass_one_and_follow_size(sizes, files, missing_count, data):
    sample = draw(by_size(files), sized(*sizes))
    refs = [file.subject_ref for file in sample]
    missing = data.draw(st.sets(st.sampled_from(refs), max_size=min(missing_count, len(refs))))
    found = replace_missing_files(sample, {("INV01", ref) for ref in missing})
    all_files = [*found.files, *found.missing]
    assert all(0 < file.chance <= 1 for file in all_files)
    certain = {file.subject_ref for file in sample if file.chance == 1}
    ratios = {file.chance / sizes[int(file.subject_ref[1:])] for file in all_files if file.subject_ref not in certain}
    assert len(ratios) <= 1
    assert len(found.files) + sum(found.short.values()) == sum(file.status == SAMPLED for file in sample)


def test_numbers_are_spread_evenly():
    sampled_files = [random_number("even", str(place)) / RANGE_SIZE for place in range(4000)]
    counts = Counter(int(10 * file) for file in sampled_files)
    assert all(abs(found - 400) < 80 for found in counts.values())
