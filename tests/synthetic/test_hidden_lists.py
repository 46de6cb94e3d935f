"""Do partners' entries and the counts of overlaps say what is true, but for slips, and are bad settings refused?"""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from hidden_book import hidden_in
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.synthetic.capture_probabilities import expit, kinds, solve_level
from assay.synthetic.hidden_settings import PARTNERS, hidden_settings
from assay.synthetic.local_time import birthday
from assay.synthetic.partner_lists import count_patterns, entry_errors, overlaps
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import name_lists
from assay.synthetic.synthetic_people import People

COLUMN = {"referral_mechanism": "on_nrm"}
ALL = {"supply_probabilities": dict.fromkeys(PARTNERS, 1)}


@pytest.fixture(scope="module")
def partner_lists():
    """Two years of a large force all of whose partners send their lists."""
    return hidden_in(6000, ALL, years=2)


def test_overlaps_count_the_children_of_each_pattern_as_they_truly_are():
    lists_sent = hidden_in(2500, years=3)
    count_patterns(lists_sent)
    overlaps(lists_sent)
    true = Counter(
        (row["year"], row["on_police_crimes"], row["on_missing"], row["on_local_authority"])
        for row in lists_sent.truth["hidden"]
    )
    starts = {
        lists_sent.span.period_from.replace(year=lists_sent.span.period_from.year + add): add + 1 for add in range(3)
    }
    entry_counts = {
        (starts[row["data_from"]], row["on_police_crimes"], row["on_police_missing"], row["on_local_authority"]): row[
            "children"
        ]
        for row in lists_sent.rows("overlap_counts")
    }
    assert entry_counts == {pattern: number for pattern, number in true.items() if any(pattern[1:])}
    assert len({row["overlap_ref"] for row in lists_sent.rows("overlap_counts")}) == 3
    assert {(row["data_to"] - row["data_from"]).days for row in lists_sent.rows("overlap_counts")} <= {365, 366}


def test_a_country_sends_overlaps_that_agree_with_its_truth(country):
    sending = [code for code in country.generated.returns if country.tables(code).get("overlap_counts")]
    assert sending
    for code in sending:
        true = Counter(
            (row["on_police_crimes"], row["on_missing"], row["on_local_authority"])
            for row in country.known("hidden")
            if row["force_code"] == code
        )
        entry_shares = {
            (row["on_police_crimes"], row["on_police_missing"], row["on_local_authority"]): int(row["children"])
            for row in country.tables(code)["overlap_counts"]
        }
        assert entry_shares == {pattern: number for pattern, number in true.items() if "yes" in pattern}


def test_every_child_on_a_list_that_is_sent_has_an_entry_and_nobody_else_has(partner_lists):
    entries_by_list = {
        (row["year"], row["person"], name)
        for row in partner_lists.truth["hidden"]
        for name in PARTNERS
        if row[COLUMN.get(name, f"on_{name}")]
    }
    kind = {row["entry_ref"]: row["list_kind"] for row in partner_lists.rows("agencies")}
    entered = {(row["year"], row["person"], kind[row["entry_ref"]]) for row in partner_lists.truth["agencies"]}
    assert entered == entries_by_list
    assert len(kind) == len(partner_lists.truth["agencies"])


def test_a_list_that_is_not_sent_has_no_entry():
    lists_sent = hidden_in(1500, {"supply_probabilities": {**dict.fromkeys(PARTNERS, 0), "health": 1}})
    assert {row["list_kind"] for row in lists_sent.rows("agencies")} == {"health"}
    assert any(row["on_local_authority"] for row in lists_sent.truth["hidden"])


def test_spells_begin_in_their_year_before_the_child_is_18_and_end_later(partner_lists):
    known = {person.key: person for person in partner_lists.people.known}
    year = {row["entry_ref"]: row for row in partner_lists.truth["agencies"]}
    for row in partner_lists.rows("agencies"):
        truth_row = year[row["entry_ref"]]
        first = partner_lists.span.period_from.replace(year=partner_lists.span.period_from.year + truth_row["year"] - 1)
        assert first <= row["started_on"] < first.replace(year=first.year + 1)
        assert row["ended_on"] is None or row["started_on"] < row["ended_on"] <= partner_lists.span.extracted_at.date()
        if truth_row["person"] in known:
            assert row["started_on"] < birthday(known[truth_row["person"]].born, 18)


def test_no_child_is_on_one_list_twice_at_a_time():
    lists_sent = hidden_in(
        8000, {**ALL, "exploited_of_missing": 1}, years=3
    )  # whoever is missing in two years is exploited in both
    entries = {row["entry_ref"]: row for row in lists_sent.rows("agencies")}
    spells = defaultdict(list)
    for row in lists_sent.truth["agencies"]:
        entry = entries[row["entry_ref"]]
        spells[row["person"], entry["list_kind"]].append((entry["started_on"], entry["ended_on"] or dt.date.max))
    repeated_lists = [sorted(found) for found in spells.values() if len(found) > 1]
    assert len(repeated_lists) > 10
    assert all(before[1] < after[0] for found in repeated_lists for before, after in itertools.pairwise(found))


def test_the_share_of_entries_with_a_slip_is_near_the_one_that_was_set():
    truth_by_share = {share: hidden_in(6000, {**ALL, "slips": share}).truth["agencies"] for share in (0, 0.06, 0.5)}
    for share, rows in truth_by_share.items():
        assert sum(bool(row["slip"]) for row in rows) / len(rows) == pytest.approx(share, abs=0.02)
    assert {row["slip"] for row in truth_by_share[0.5]} == {
        "",
        "typing",
        "day_and_month",
        "no_date_of_birth",
        "old_postcode",
        "short_name",
    }


def test_an_entry_without_a_slip_names_the_child_as_the_police_do_and_one_with_a_slip_does_not(partner_lists):
    known = {person.key: person for person in partner_lists.people.known}
    truth_by_entry = {row["entry_ref"]: row for row in partner_lists.truth["agencies"] if row["person"] in known}
    checked = Counter()
    for row in partner_lists.rows("agencies"):
        if row["entry_ref"] in truth_by_entry:
            truth_row = truth_by_entry[row["entry_ref"]]
            person = known[truth_row["person"]]
            is_same = (row["forenames"], row["surname"], row["date_of_birth"]) == (
                person.forenames,
                person.surname,
                person.born,
            )
            is_same = is_same and row["postcode"] in (None, person.postcode)
            assert is_same == (truth_row["slip"] == "")
            checked[is_same] += 1
    assert min(checked[True], checked[False]) > 30


def test_one_child_on_two_lists_is_spelt_alike_on_both_but_for_slips(partner_lists):
    entries = {row["entry_ref"]: row for row in partner_lists.rows("agencies")}
    spelt = defaultdict(set)
    for row in partner_lists.truth["agencies"]:
        if not row["slip"]:
            entry = entries[row["entry_ref"]]
            spelt[row["year"], row["person"]].add((entry["forenames"], entry["surname"], entry["date_of_birth"]))
    assert all(len(ways) == 1 for ways in spelt.values())


@given(
    st.integers(),
    st.dates(dt.date(2008, 1, 1), dt.date(2015, 12, 31)),
    st.sampled_from(name_lists()["surnames"]),
    st.sampled_from(name_lists()["forenames"]),
)
def test_a_slip_changes_one_thing(seed, born, surname, forenames):
    person = replace(People(RandomStream(seed), "X").new_person(born, female=0.5), surname=surname, forenames=forenames)
    entry_problems = entry_errors(person, RandomStream(seed, "slips"))
    assert entry_problems["typing"]["surname"] != surname
    assert sorted(entry_problems["typing"]["surname"].lower()) == sorted(surname.lower())
    assert entry_problems["short_name"]["forenames"] != forenames
    swapped = entry_problems["day_and_month"]["date_of_birth"]
    assert swapped.year == born.year
    assert swapped == born or (swapped.day, swapped.month) == (born.month, born.day)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 5)), min_size=1, max_size=8), st.floats(0.01, 0.99))
def test_a_level_gives_the_mean_chance_that_was_wanted(list_count, wanted_mean):
    shift = solve_level(list_count, wanted_mean)
    assert sum(weight * expit(odds + shift) for odds, weight in list_count) / sum(
        weight for _, weight in list_count
    ) == pytest.approx(wanted_mean, abs=1e-6)


def test_every_kind_of_child_has_its_share_and_the_shares_add_up_to_one():
    list_settings = hidden_settings()
    shares = kinds(list_settings)
    assert len(shares) == 3 * 2 * 2 * 4
    assert sum(share for _, share in shares) == pytest.approx(1)
    assert sum(share for kind, share in shares if kind.in_care) == pytest.approx(list_settings.in_care)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"female": 1.2}, "`female` is a share and lies between 0 and 1"),
        ({"slips": -0.1}, "`slips` is a share"),
        ({"yearly": 0}, "`yearly` must be above 0"),
        ({"children_per_crime": -1}, "`children_per_crime` must be above 0"),
        ({"spread": -0.2}, "`spread` is a spread and lies between 0 and 2"),
        ({"spread": "wide"}, "`spread` must be a number"),
        ({"yearly": float("nan")}, "`yearly` must be a number"),
        ({"most_seen": 0.9}, "`most_seen` must be above 0 and below the share"),
        ({"visibility": {"unseen": 0.5}}, "`visibility` holds shares, which must add up to 1"),
        ({"ages": {"9": 1}}, "`ages` needs a weight of 0 or more for each of 10, 11"),
        ({"ages": dict.fromkeys(map(str, range(10, 18)), 0)}, "and one above 0"),
        ({"capture_probabilities": {"health": 1}}, "`capture_probabilities` must each be above 0 and below 1"),
        ({"supply_probabilities": {"police": 1}}, "`supply_probabilities` needs a share between 0 and 1 for each of health"),
        ({"effects": {"tall": {"health": 1}}}, "`effects.tall` must name a trait"),
        ({"effects": {"female": {"health": 30}}}, "`effects.female.health` is a log-odds and lies between -10 and 10"),
        ({"effects": {"female": 1}}, "`effects.female` is a table of numbers"),
        ({"feeds": {"referral_mechanism": {"health": 1}}}, "`feeds.referral_mechanism` may feed only partners' lists after it"),
        ({"feeds": {"police_crimes": {"missing": 1}}}, "`feeds.police_crimes` may feed only partners' lists after it"),
        ({"feeds": {"neighbours": {"health": 1}}}, "`feeds.neighbours` may feed only"),
        ({"children": 5}, "`children` is no setting; the settings are children_per_crime"),
        ({"yearly": {"2025": 1}}, "`yearly` is one number"),
        ({"supply_probabilities": 1}, "`supply_probabilities` is a table of numbers"),
    ],
)  # fmt: skip
def test_settings_that_make_no_world_are_refused_with_a_sentence(changes, sentence):
    with pytest.raises(UsageError) as refused:
        hidden_settings(changes)
    assert sentence in str(refused.value)


def test_the_order_of_the_entries_reveals_nothing_of_whom_the_police_know(partner_lists):
    known = {row["person"] for row in partner_lists.truth["hidden"] if row["on_police_crimes"]}
    is_known = {row["entry_ref"]: row["person"] in known for row in partner_lists.truth["agencies"]}
    listed = [
        is_known[row["entry_ref"]] for row in partner_lists.rows("agencies") if row["list_kind"] == "local_authority"
    ]
    half = len(listed) // 2
    assert abs(sum(listed[:half]) / half - sum(listed[half:]) / (len(listed) - half)) < 0.15
