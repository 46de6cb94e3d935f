"""What do lists of children allow, and when do they allow nothing?"""

import datetime as dt
from types import SimpleNamespace

import pytest

from assay.indicators.catalogue.scale.hidden import hidden_range
from assay.indicators.catalogue.scale.hidden.hidden_changes import compare_years
from assay.indicators.catalogue.scale.hidden.hidden_range import MAX_BIAS, bias_factors, estimate_hidden_range
from assay.indicators.catalogue.scale.hidden.hidden_sentences import count_text, hidden_findings, sentences
from assay.indicators.catalogue.scale.hidden.hidden_tables import (
    build_hidden_tables,
    known_counts,
    national_total,
    request_sentence,
)
from assay.indicators.catalogue.scale.hidden.list_overlap import (
    COUNTS,
    NAMES,
    ListSet,
    best_list_sets,
    from_contract,
    from_names,
    from_partnerships,
    period_years,
)
from assay.indicators.catalogue.scale.hidden.list_readiness import TOO_FEW, screened_tables
from assay.ingest.other_senders import read_submission
from assay.reference import child_lists, list_dependences
from assay.stats.multiple_systems.ensemble import METHODS, VerdictKind
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.list_screening import DependenceSign
from ingest.other_sent import PARTNERSHIP, WHOLE
from ingest.other_sent import REQUEST as SENT_TO

FIRST, SECOND = (dt.date(2024, 4, 1), dt.date(2025, 4, 1)), (dt.date(2025, 4, 1), dt.date(2026, 4, 1))
REQUEST = SimpleNamespace(period_from=dt.date(2024, 4, 1), period_to=dt.date(2026, 4, 1))
QUICK = {name: METHODS[name] for name in ("stepwise", "decomposable graphs")}
P, L, H, M = "police_crimes", "local_authority", "health", "police_missing"


def list_set(histories, window=FIRST, place="INV01", year=1, made_of=NAMES):
    counts = {frozenset(history.split("*")): count for history, count in histories.items()}
    kinds = {key: key for history in counts for key in history}
    return ListSet(place, window, year, made_of, "linked", "CSE_2017", kinds, counts)


def independent(children, *capture_probabilities):
    """Counts as three independent lists make them: P, L and H."""
    found = {}
    for cell in range(1, 8):
        share = 1.0
        for place, probability in enumerate(capture_probabilities):
            share *= probability if cell >> place & 1 else 1 - probability
        found["*".join(key for place, key in enumerate((P, L, H)) if cell >> place & 1)] = round(children * share)
    return found


def test_children_are_persons_and_not_entries_and_each_choice_of_linkage_counts_anew():
    """Two entries of crimes are one child by the main choice, and two by another."""
    rows = [{"force_code": "INV01", "year": 1, "list_key": key, "entry": entry, "person_id": entry}
            for key, entry in ((P, "a"), (P, "b"), (L, "c"))]  # fmt: skip
    (only_set,) = from_names(rows, {"main": {"b": "a", "c": "a"}, "high": {"b": "a"}}, REQUEST, {})
    assert only_set.patterns == {frozenset({P, L}): 1}
    assert only_set.by_choice["high"] == {frozenset({P}): 1, frozenset({L}): 1}
    assert (only_set.window, only_set.year) == (FIRST, 1)


def test_a_period_of_two_and_a_half_years_has_three_years():
    longer = SimpleNamespace(period_from=dt.date(2024, 2, 29), period_to=dt.date(2026, 9, 1))
    assert [first for first, _ in period_years(longer)] == [
        dt.date(2024, 2, 29),
        dt.date(2025, 3, 1),
        dt.date(2026, 3, 1),
    ]


def test_a_table_of_overlaps_in_a_return_is_the_same_lists():
    no_children = dict.fromkeys(
        ("on_police_missing", "on_police_register", "on_health", "on_referral_mechanism", "on_voluntary", "on_other")
    )
    overlap_fields = {"force_code": "INV01", "overlap_ref": "T", "definition": "CSE_2017", "data_from": SECOND[0], "data_to": SECOND[1],
             "linkage_method": "shared_number", **no_children}  # fmt: skip
    rows = [
        overlap_fields | {"on_police_crimes": True, "on_local_authority": on_local_authority, "children": n}
        for on_local_authority, n in ((True, 4), (False, 9))
    ]
    (first_partnership,) = from_contract(rows, REQUEST)
    assert first_partnership.patterns == {frozenset({P, L}): 4, frozenset({P}): 9}
    assert (first_partnership.year, first_partnership.source) == (2, COUNTS)


def test_a_table_of_overlaps_with_a_count_that_is_not_known_is_no_set_of_lists():
    """A pattern that is not sent counts 0; one that is sent without its count does not."""
    overlap = {"force_code": "INV01", "overlap_ref": "O1", "definition": "CSE_2017", "data_from": SECOND[0],
             "data_to": SECOND[1], "linkage_method": "by_hand", **dict.fromkeys(
                 ("on_police_missing", "on_police_register", "on_health", "on_referral_mechanism", "on_voluntary",
                  "on_other"))}  # fmt: skip
    rows = [
        overlap | {"on_police_crimes": True, "on_local_authority": is_shared, "children": n}
        for is_shared, n in ((True, 4), (False, None))
    ]
    assert from_contract(rows, REQUEST) == []
    assert len(from_contract([*rows, rows[0] | {"overlap_ref": "O2"}], REQUEST)) == 1


def test_lists_that_partnerships_lay_side_by_side_are_counted_by_the_patterns_of_their_own_sender(tmp_path):
    (tmp_path / "sent.toml").write_text(PARTNERSHIP)
    for name, text in WHOLE.items():
        (tmp_path / f"{name}.csv").write_text(text)
    rows = read_submission(tmp_path, SENT_TO, {}).rows
    overlap_rows = {
        name: [row | {"sender": sender} for sender in ("one", "another") for row in rows[name]] for name in WHOLE
    }
    overlap_rows["overlap_on"] = [
        row for row in overlap_rows["overlap_on"] if (row["sender"], row["list_ref"]) != ("another", "L")
    ]
    first_partnership, second_partnership = from_partnerships(overlap_rows, SENT_TO)
    assert first_partnership.patterns == {frozenset("P"): 40, frozenset("L"): 30, frozenset("PL"): 12}
    assert second_partnership.patterns[frozenset("P")] == 40 + 12


def test_of_names_and_a_table_of_overlaps_the_one_with_more_lists_is_used_and_of_as_many_the_names():
    names, table, wide = (
        list_set({P: 1, L: 1}),
        list_set({P: 1, L: 1}, made_of=COUNTS),
        list_set({P: 1, L: 1, H: 1}, made_of=COUNTS),
    )
    assert best_list_sets([table, names]) == [names]
    assert best_list_sets([names, wide]) == [wide]


def test_who_is_known_to_police_to_partners_and_to_both():
    """10 on crimes alone, 4 on crimes and the local authority's list, 7 with health alone: 14, 11, and 21 in all."""
    assert known_counts(list_set({P: 10, f"{P}*{L}": 4, H: 7})) == {
        "known_to_police": 14, "police_only": 10, "both_lists": 4, "known_to_partners": 11, "partners_only": 7, "on_any": 21,
    }  # fmt: skip


def test_without_a_police_list_nobody_is_known_to_police_or_to_others_only_and_none_of_it_is_zero():
    """A force sent no crimes: 7 children on health's list may each be known to the police."""
    counts = known_counts(list_set({H: 7}))
    assert (counts["known_to_police"], counts["police_only"], counts["both_lists"], counts["on_any"]) == (
        None,
        None,
        None,
        7,
    )
    row = dict.fromkeys(("low", "high", "refusal", "ask_for", "fold"), None) | counts | {"lists": 1}
    police, partner_sentence, *_ = sentences(row)
    assert police == "Known to police: not known, since no police list came."
    assert (
        partner_sentence
        == "Known to others only: not known, since no police list came; 7 children are on a partner's list."
    )


def test_the_lower_end_is_never_below_the_children_who_are_on_a_list():
    """The release shows 90 children on any list, and rounds the lower end down to 85, clear of the exact count."""
    row = dict.fromkeys(("refusal", "ask_for", "fold"), None) | known_counts(list_set({P: 50, H: 40}))
    text = sentences(row | {"lists": 2, "low": 85.0, "high": 830.0, "methods": 3, "fold": 2.0, "leaning": ""})[2]
    assert text.startswith("What the lists allow: the range of all children, on a list or on none, is too wide")
    assert text.endswith("It goes from 90 to 830 children in all.")


def test_without_a_partners_list_nobody_is_known_to_others_only_and_none_of_it_is_zero():
    counts = known_counts(list_set({P: 10}))
    assert (counts["known_to_partners"], counts["partners_only"], counts["both_lists"], counts["on_any"]) == (
        None,
        None,
        None,
        10,
    )
    row = dict.fromkeys(("low", "high", "refusal", "ask_for", "fold"), None) | counts | {"lists": 1}
    police, partner_sentence, *_ = sentences(row)
    assert police == (
        "Known to police: 10 children on a police list; how many of them are on no partner's list is not known, since no "
        "partner's list came."
    )
    assert partner_sentence == "Known to others only: not known, since no partner's list came."


ENTRY = {"force_code": "INV01", "year": 1, "list_key": H, "entry": "a", "person_id": "a"}


@pytest.mark.parametrize(
    ("tables", "police"),
    [
        ({"crimes", "involvements", "flags", "agencies"}, 0),  # sent, and none of its children is marked
        ({"missing", "involvements", "flags", "agencies"}, 0),
        ({"registers", "involvements", "agencies"}, 0),
        ({"agencies"}, None),
        ({"crimes", "agencies"}, None),  # nobody's part in the crimes came
        ({"crimes", "involvements", "agencies"}, None),  # no mark came
        ({"involvements", "flags", "agencies"}, None),
    ],
)
def test_nobody_is_on_a_police_list_only_where_one_came(tables, police):
    (first_partnership,) = from_names(
        [ENTRY], {}, REQUEST, {"INV01": tables, "INV02": {"crimes", "involvements", "flags"}}
    )
    assert known_counts(first_partnership)["known_to_police"] == police


def test_a_list_that_took_no_part_in_a_table_of_overlaps_holds_nobody_for_certain():
    overlap_fields = {"force_code": "INV01", "overlap_ref": "T", "definition": "CSE_2017", "data_from": SECOND[0],
             "data_to": SECOND[1], "linkage_method": "by_hand", "children": 9}  # fmt: skip
    columns = ("on_police_crimes", "on_police_missing", "on_police_register", "on_local_authority", "on_health",
               "on_referral_mechanism", "on_voluntary", "on_other")  # fmt: skip
    row = overlap_fields | dict.fromkeys(columns) | {"on_health": True}
    (first_partnership,) = from_contract([row], REQUEST)
    assert known_counts(first_partnership)["known_to_police"] is None
    (first_partnership,) = from_contract([row | {"on_police_missing": False}], REQUEST)
    assert known_counts(first_partnership)["known_to_police"] == 0


def test_all_places_together_say_from_how_many_no_police_list_came_and_take_none_for_zero():
    """INV01: 40 on crimes, 20 on health's list; INV02 sent no crimes: 30 on health's list, of whom it is not known."""
    places = [list_set({P: 40, H: 20}), list_set({H: 30}, place="INV02")]
    hidden_tables = build_hidden_tables(places, ["INV01", "INV02"], [FIRST])["hidden_victims"].to_pylist()
    (whole,) = [row for row in hidden_tables if row["place_code"] == "ALL"]
    assert (whole["known_to_police"], whole["on_any"]) == (40, 90)
    (found,) = [finding for finding in hidden_findings(hidden_tables, {}, "TRIAL") if finding.place_code == "ALL"]
    assert "40 children on a police list" in found.sentence
    assert "From 1 place no police list came, so children there are not in this count." in found.sentence
    assert "From 1 place no police list came, so children there may be known to police too." in found.sentence


def test_two_lists_are_refused_and_the_missing_list_is_asked_for():
    dependent = list_set({P: 100, L: 80, f"{P}*{L}": 30})
    found = estimate_hidden_range(dependent)
    assert (found.kind, found.low, found.refusal) == (VerdictKind.NO_ESTIMATE, None, TOO_FEW)
    assert request_sentence(dependent).startswith("Ask first for children on health services' list. Then ask for")


def test_a_list_that_lies_within_another_is_taken_as_one_with_it():
    """Every child on the police register has a crime: it reveals nothing of its own, and two lists are left."""
    assert screened_tables(list_set({f"{P}*police_register": 50, P: 60, L: 70, f"{P}*{L}": 20}))[1] == TOO_FEW


def test_a_list_that_may_hold_others_is_also_left_out():
    """Missing children may not be exploited: there is a table with that list, and one without."""
    counts = independent(2000, 0.3, 0.3, 0.2) | {M: 40, f"{M}*{P}": 30}
    tables, _ = screened_tables(list_set(counts))
    assert [len(first_partnership.table.lists) for first_partnership in tables] == [4, 3]


def test_hardly_overlapping_lists_are_refused_without_a_count():
    _, why = screened_tables(list_set({P: 100, L: 90, H: 80, f"{P}*{L}": 4}))
    assert "Too few children stand on two lists" in why
    assert "4" not in why


def method(low, middle, high):
    return lambda table: HiddenEstimate("made up", table.persons, middle, low, high)


def test_a_range_reaches_from_the_lowest_limit_to_the_highest_bent_by_what_is_declared():
    """880 are seen; methods say from 1,200 to 1,800. Police and local authority feed one another, so the hidden may be up
    to four times as many: 1,800 becomes 880 + 4 * 920 = 4,560, said as 4,600. Or a quarter: 880 + 320 / 4 = 960."""
    independent_lists = list_set(independent(2000, 0.2, 0.2, 0.125))
    assert sum(independent_lists.patterns.values()) == 880
    found = estimate_hidden_range(
        independent_lists,
        methods={"stepwise": method(1200, 1500, 1700), "decomposable graphs": method(1250, 1600, 1800)},
    )
    assert (found.low, found.high, found.fold) == (960, 4600, 1.1)
    assert found.unadjusted == (1200, 1800)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({DependenceSign.POSITIVE}, (MAX_BIAS, MAX_BIAS)),
        ({DependenceSign.NEGATIVE}, (MAX_BIAS, 1.0)),
        ({DependenceSign.POSITIVE, DependenceSign.NEGATIVE}, (MAX_BIAS, MAX_BIAS)),
        ({DependenceSign.NOT_KNOWN}, (MAX_BIAS, MAX_BIAS)),
    ],
)
def test_which_way_a_range_is_bent_follows_from_what_was_declared(signs, expected):
    assert bias_factors(frozenset(signs)) == expected


def test_the_methods_of_the_library_hold_two_thousand_children_of_independent_lists():
    found = estimate_hidden_range(list_set(independent(2000, 0.25, 0.2, 0.15)), methods=QUICK)
    assert found.low < 2000 < found.high
    assert {method.method for method in found.methods} >= {"stepwise", "decomposable graphs"}


def test_over_linkage_draws_the_doubt_grows_by_what_they_differ():
    """Draws that split one child in ten in two find fewer on two lists, and so more hidden."""
    counts, split = independent(2000, 0.25, 0.2, 0.15), independent(2300, 0.25, 0.2, 0.15)
    fixed = list_set(counts)
    drawn_lists = {f"draw {n}": list_set(split if n % 2 else counts).patterns for n in (1, 2, 3, 4)}
    with_draws = estimate_hidden_range(ListSet(**{**vars(fixed), "by_choice": drawn_lists}), methods=QUICK)
    assert with_draws.high > estimate_hidden_range(fixed, methods=QUICK).high
    assert "variance comes from how the lists were joined" in with_draws.linkage_share


def test_linkage_choices_that_link_the_same_children_are_fitted_once(monkeypatch):
    """Six choices have two distinct sets of counts."""
    counts, split = independent(2000, 0.25, 0.2, 0.15), independent(2300, 0.25, 0.2, 0.15)
    fixed, fitted = list_set(counts), []
    choices = {name: list_set(counts).patterns for name in ("low", "draw 1", "draw 2", "draw 3")}
    choices |= {name: list_set(split).patterns for name in ("high", "draw 4")}
    estimate = hidden_range.estimate_stepwise
    monkeypatch.setattr(
        hidden_range, "estimate_stepwise", lambda table, **more: fitted.append(table) or estimate(table, **more)
    )
    found = estimate_hidden_range(ListSet(**{**vars(fixed), "by_choice": choices}), methods=QUICK)
    assert len(fitted) == 2
    assert {"stepwise, linkage at low", "stepwise, linkage at high"} <= {method.method for method in found.methods}


def test_half_as_many_children_is_fewer_and_lists_that_find_fewer_are_not():
    before, fewer = (
        list_set(independent(6000, 0.3, 0.25, 0.2)),
        list_set(independent(3000, 0.3, 0.25, 0.2), SECOND, year=2),
    )
    assert compare_years(before, fewer).direction == "fewer"
    less_found = list_set(independent(6000, 0.2, 0.17, 0.13), SECOND, year=2)
    assert compare_years(before, less_found).direction == "cannot be said"


def test_of_years_without_three_lists_in_common_nothing_is_told():
    found = compare_years(list_set(independent(2000, 0.3, 0.2, 0.2)), list_set({P: 10, L: 10, f"{P}*{L}": 20}, SECOND))
    assert (found.probability_fewer, found.direction) == (None, "cannot be said")


def outcome(place, seen, low=None, high=None):
    return SimpleNamespace(lists=list_set({P: seen}, place=place), low=low, high=high)


def test_all_together_is_said_only_where_four_in_five_children_are_where_it_can_be():
    """800 of 1,000 seen are in the place with a range of 1,000 to 2,000; the other 200 may be 200 to 500."""
    found = national_total([outcome("A", 800, 1000.0, 2000.0), outcome("B", 200)], [H])
    assert (found.share, found.low, found.high) == (0.8, 1200, 2500)
    refused = national_total([outcome("A", 790, 1000.0, 2000.0), outcome("B", 210)], [H, H, L])
    assert (refused.low, refused.missing_lists) == (None, ((H, 2), (L, 1)))


def test_a_place_from_which_nothing_came_has_a_row_that_says_so():
    (row,) = build_hidden_tables([], ["INV01"], [FIRST])["hidden_victims"].to_pylist()
    assert (row["known_to_police"], row["verdict"], row["lists"]) == (None, "no estimate", 0)
    assert "Ask first for" in sentences(row)[2]


def test_a_hidden_count_is_said_to_be_few_and_one_suppressed_to_be_so():
    row = {"a": None, "b": None, "c": None, "suppressed_cells": "a secondary:b"}
    assert [count_text(row, name) for name in "abc"] == ["fewer than 8", "a suppressed number", "not known"]


def test_every_pair_of_lists_that_feed_one_another_has_a_sign_and_a_reason():
    pairs = list_dependences().within_lists({P, L, "referral_mechanism"})
    assert {(pair.first, pair.second): pair.sign for pair in pairs} == {
        (P, L): "positive", (P, "referral_mechanism"): "positive", (L, "referral_mechanism"): "positive",
    }  # fmt: skip
    assert all(dependence.reason for dependence in list_dependences())
    assert set(child_lists().keys_by_owner("police")) == {P, M, "police_register"}
