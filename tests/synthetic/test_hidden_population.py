"""Does every exploited child stand in exactly one pattern of lists, and do the lists hang together as supposed?"""

import math
from collections import Counter

import pytest
from hidden_book import FLAT, book_of, hidden_in

from assay.synthetic.hidden_population import hidden_children

LISTS = ("police_crimes", "missing", "local_authority", "health", "nrm", "voluntary", "education")


def pairs(rows, first: str, other: str) -> Counter:
    return Counter((row[f"on_{first}"], row[f"on_{other}"]) for row in rows)


def log_odds_ratio(rows, first: str, other: str) -> tuple[float, float]:
    """The logarithm of the odds ratio of two lists, and its standard error."""
    cells = [pairs(rows, first, other)[a, b] for a in (True, False) for b in (True, False)]
    return math.log(cells[0] * cells[3] / (cells[1] * cells[2])), math.sqrt(sum(1 / cell for cell in cells))


def share(rows, name: str) -> float:
    return sum(row[f"on_{name}"] for row in rows) / len(rows)


def totals(hidden_years, column: str = "children") -> list[int]:
    return [row[column] for row in hidden_years.truth["hidden_totals"]]


@pytest.fixture(scope="module")
def large():
    """Three years of one large force."""
    return hidden_in(9000, years=3)


@pytest.fixture(scope="module")
def flat():
    """A large force in which every child is alike and no list tells another."""
    return hidden_in(12_000, FLAT)


def test_every_exploited_child_is_counted_once_in_its_year(large):
    rows = large.truth["hidden"]
    assert len({(row["year"], row["person"]) for row in rows}) == len(rows)
    by_year = Counter(row["year"] for row in rows)
    assert [by_year[year] for year in (1, 2, 3)] == totals(large)
    patterns = Counter((row["year"], *(row[f"on_{name}"] for name in LISTS)) for row in rows)
    seen = [
        sum(number for pattern, number in patterns.items() if pattern[0] == year and any(pattern[1:]))
        for year in (1, 2, 3)
    ]
    assert seen == totals(large, "seen_by_any")
    assert all(
        patterns[year, *[False] * len(LISTS)] == all_ - selected
        for year, all_, selected in zip((1, 2, 3), totals(large), seen, strict=True)
    )


def test_the_list_of_crimes_is_the_victims_of_exploited_crimes_year_by_year():
    records, crimes_made = book_of(600, years=2)
    hidden_children(records, crimes_made, records.stream.substream("hidden"))
    turn = records.span.period_from.replace(year=records.span.period_from.year + 1)
    victims = {(1 + (crime.recorded.date() >= turn), crime.victims[0].key) for crime in crimes_made if crime.exploited}
    assert {(row["year"], row["person"]) for row in records.truth["hidden"] if row["on_police_crimes"]} == victims
    assert sum(totals(records, "on_police_crimes")) == len(victims) == 120


def test_some_of_the_children_who_were_missing_are_exploited_and_every_one_of_them_was_missing():
    hidden_population = hidden_in(3000)
    missing = {row["person_ref"] for row in hidden_population.rows("missing")}
    ref = {person.key: person.ref for person in hidden_population.people.known}
    rows = hidden_population.truth["hidden"]
    on_missing = {row["person"] for row in rows if row["on_missing"]}
    assert {ref[key] for key in on_missing} <= missing
    known = {row["person"] for row in rows if row["on_police_crimes"]}
    only = [number for number in missing if number not in {ref[key] for key in known}]
    assert 0.20 < len(on_missing - known) / len(only) < 0.30  # exploited_of_missing is 0.25
    assert {ref[key] for key in known} & missing == {ref[key] for key in known & on_missing}


def test_crimes_report_a_tenth_to_a_third_of_the_children(country):
    rows = country.known("hidden_totals")
    assert 0.10 < sum(int(row["on_police_crimes"]) for row in rows) / sum(int(row["children"]) for row in rows) < 1 / 3


def test_the_local_authority_lists_the_share_of_known_children_that_the_rate_says():
    known = [row for row in hidden_in(12_000, rate=0.55).truth["hidden"] if row["on_police_crimes"]]
    assert abs(share(known, "local_authority") - 0.55) < 3 * math.sqrt(0.55 * 0.45 / len(known))


def test_where_partners_work_apart_known_children_are_missed_and_others_are_not():
    joint_lists, separate_lists = hidden_in(12_000, rate=0.4), hidden_in(12_000, rate=0.1, failings=("partners_apart",))
    known, unknown_rows = (
        [
            [row for row in population.truth["hidden"] if row["on_police_crimes"] == is_listed]
            for population in (joint_lists, separate_lists)
        ]
        for is_listed in (True, False)
    )
    assert abs(share(known[1], "local_authority") - 0.1) < 3 * math.sqrt(0.1 * 0.9 / len(known[1]))
    assert share(known[0], "local_authority") - share(known[1], "local_authority") > 0.25
    assert abs(share(unknown_rows[0], "local_authority") - share(unknown_rows[1], "local_authority")) < 0.02


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("police_crimes", "local_authority"),
        ("missing", "local_authority"),
        ("local_authority", "nrm"),
        ("police_crimes", "nrm"),
    ],
)
def test_lists_of_which_one_tells_the_other_share_more_children_than_by_chance(large, first, other):
    found, error = log_odds_ratio(large.truth["hidden"], first, other)
    assert found > 4 * error


def test_a_list_that_keeps_children_from_another_shares_fewer_of_them_than_by_chance():
    shares = {
        **FLAT,
        "feeds": {**FLAT["feeds"], "health": {**FLAT["feeds"]["health"], "voluntary": -1.5}},
        "capture_probabilities": {"health": 0.3, "voluntary": 0.3},
    }
    found, error = log_odds_ratio(hidden_in(6000, shares).truth["hidden"], "health", "voluntary")
    assert abs(found + 1.5) < 3 * error


def test_lists_that_know_nothing_of_one_another_share_as_many_children_as_by_chance(flat):
    """All pairs but crimes with missing, whose children in common the book holds already."""
    rows = flat.truth["hidden"]
    free = [
        (item, other)
        for place, item in enumerate(LISTS)
        for other in LISTS[place + 1 :]
        if {item, other} != {"police_crimes", "missing"}
    ]
    standardised = [abs(found) / error for found, error in (log_odds_ratio(rows, *pair) for pair in free)]
    assert len(standardised) == 20
    assert max(standardised) < 3.5


def test_lists_hang_together_when_some_children_are_noticed_more_easily_though_no_list_tells_another():
    uneven = {
        "seldom": dict.fromkeys(("local_authority", "health"), -1.5),
        "often": dict.fromkeys(("local_authority", "health"), 1.5),
    }
    shares = {
        **FLAT,
        "visibility": {"unseen": 0, "seldom": 0.5, "sometimes": 0, "often": 0.5},
        "effects": {**FLAT["effects"], **uneven},
    }
    found, error = log_odds_ratio(hidden_in(6000, shares).truth["hidden"], "health", "local_authority")
    assert found > 4 * error


def test_a_child_whom_nobody_notices_stands_on_no_list(large):
    unseen = [row for row in large.truth["hidden"] if row["visibility"] == "unseen"]
    assert len(unseen) / len(large.truth["hidden"]) == pytest.approx(0.15, abs=0.02)
    assert not any(row[f"on_{name}"] for row in unseen for name in LISTS)


@pytest.mark.parametrize(("yearly", "trend"), [(1.2, "rising"), (0.8, "falling"), (1.0, "unchanged")])
def test_the_number_of_children_rises_falls_or_stays_and_that_of_crimes_does_not_follow(yearly, trend):
    hidden = hidden_in(3000, {"yearly": yearly, "yearly_spread": 0}, years=3)
    first, second, third = totals(hidden)
    assert second == pytest.approx(first * yearly, abs=1)
    assert third == pytest.approx(first * yearly**2, abs=1)
    assert {row["trend"] for row in hidden.truth["hidden_totals"]} == {trend}
    as_it_stays = totals(hidden_in(3000, {"yearly": 1, "yearly_spread": 0}, years=3), "on_police_crimes")
    assert totals(hidden, "on_police_crimes") == as_it_stays


def test_crimes_never_report_more_than_the_share_that_was_set():
    hidden = hidden_in(2000, {"children_per_crime": 0.05, "most_seen": 0.4})
    assert totals(hidden) == [math.ceil(400 / 0.4)]


def test_the_same_seed_gives_the_same_children_and_another_seed_others():
    first_run, same_seed, other = hidden_in(300), hidden_in(300), hidden_in(300, seed=2)
    assert (first_run.tables, first_run.truth) == (same_seed.tables, same_seed.truth)
    assert first_run.rows("agencies") != other.rows("agencies")


def test_another_force_beside_it_changes_nothing_in_a_force():
    single_force = hidden_in(300, code="INV01")
    hidden_in(500, code="INV02")
    after = hidden_in(300, code="INV01")
    assert (single_force.tables, single_force.truth) == (after.tables, after.truth)
    assert hidden_in(300, code="INV02").truth["hidden_totals"] != single_force.truth["hidden_totals"]


def test_a_force_without_one_exploited_crime_has_exploited_children_all_the_same():
    records, _ = book_of(40)
    records.tables["missing"] = []
    hidden_children(records, [], records.stream.substream("none"))
    assert totals(records) == [0]
    records, crimes_made = book_of(41)
    hidden_children(records, [item for item in crimes_made if not item.exploited], records.stream.substream("some"))
    assert totals(records, "on_police_crimes") == [0]
    assert totals(records)[0] > 15
