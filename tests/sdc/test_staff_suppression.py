"""Are figures on what staff wrote released only for enough people and teams, counted as people and not as rows?"""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.sdc import apply_policy, changes, declared_tables, policy
from assay.sdc.disclosure_control import apply_policy_with_suppressions

POLICY = policy("record level")
WORD_COLUMNS = ("per_1000", "per_1000_low", "per_1000_high", "outlier_alert")


def words(place="INV01", authors=30, teams=4, *, part_of="all", part="", marked=500, per_1000=12.0):
    return {
        "measure": "blaming_language", "place_code": place, "part_of": part_of, "part": part, "marked": marked,
        "authors": authors, "teams": teams, "per_1000": per_1000, "per_1000_low": 8.0, "per_1000_high": 17.0,
        "unread_share": 0.01, "why": "", "outlier_alert": True, "direction": "higher", "not_comparable": "", "suppressed_cells": "",
    }  # fmt: skip


def table(*rows):
    return pa.Table.from_pylist(list(rows), schema=declared_tables()["blaming_language_rates"].schema)


def released(*rows):
    result = apply_policy({"blaming_language_rates": table(*rows)}, POLICY)["blaming_language_rates"].to_pylist()
    return {(row["place_code"], row["part"]): row for row in result}


def told_of(*rows):
    """Of whom something is said of what they wrote."""
    return {
        key[0] if key[0] != "ALL" else key[1] for key, row in released(*rows).items() if row["per_1000"] is not None
    }


def test_a_thousand_entries_of_nine_authors_reveal_nothing_and_of_ten_they_do():
    nine = released(words(authors=9, marked=1000))["INV01", ""]
    assert [nine[name] for name in WORD_COLUMNS] == [None] * 4
    assert (nine["direction"], nine["marked"], "few-staff" in nine["suppressed_cells"].split()) == ("", 1000, True)
    assert "too few known authors or teams" in nine["why"]
    ten = released(words(authors=10, marked=1000))["INV01", ""]
    assert (ten["per_1000"], ten["outlier_alert"], ten["direction"], ten["why"]) == (12.0, True, "higher", "")


def test_many_authors_of_one_team_reveal_nothing():
    assert told_of(words(teams=1)) == set()
    assert told_of(words(teams=2)) == {"INV01"}


@pytest.mark.parametrize("unknown", [{"authors": None}, {"teams": None}, {"authors": None, "teams": None}])
def test_where_it_is_not_known_who_wrote_nothing_is_told(unknown):
    assert told_of(words(**unknown)) == set()


def test_a_table_that_does_not_say_who_wrote_reveals_nothing():
    without_staff = table(words()).drop_columns(["authors", "teams"])
    (row,) = apply_policy({"blaming_language_rates": without_staff}, POLICY)["blaming_language_rates"].to_pylist()
    assert row["per_1000"] is None


def test_the_one_force_of_few_authors_cannot_be_had_from_all_together():
    # All together less INV02 and INV03 would be INV01, of four authors: the next fewest, with it 19, goes as well.
    forces = [words("INV01", 4), words("INV02", 15), words("INV03", 40)]
    assert told_of(words("ALL", 59, part="all together"), *forces) == {"all together", "INV03"}


def test_two_forces_of_few_authors_hide_one_another_once_they_are_ten():
    forces = [words("INV01", 6, 1), words("INV02", 5, 1), words("INV03", 40)]
    assert told_of(words("ALL", 51, part="all together"), *forces) == {"all together", "INV03"}


def test_roles_are_parts_of_all_entries_as_forces_are():
    roles = [
        words("ALL", n, 3, part_of="author_role", part=name)
        for name, n in (("analyst", 4), ("inspector", 8), ("supervisor", 30))
    ]
    assert told_of(words("ALL", 42, part="every role"), *roles) == {"every role", "supervisor"}


def test_a_rate_that_was_never_given_keeps_its_own_reason():
    none = words(authors=0, teams=0, per_1000=None) | dict.fromkeys(WORD_COLUMNS) | {"why": "Nobody has marked any."}
    assert released(none)["INV01", ""]["why"] == "Nobody has marked any."


def test_the_log_says_that_staff_were_few():
    result, suppressions = apply_policy_with_suppressions({"blaming_language_rates": table(words(authors=9))}, POLICY)
    reasons = {(row["column"], row["change"]): row["why"] for row in changes(result, suppressions, POLICY).to_pylist()}
    assert reasons["per_1000", "withheld"] == "fewer than 10 authors or 2 teams are known for it"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 4)), min_size=1, max_size=7))
def test_whoever_subtracts_is_left_with_nobody_or_with_ten_authors_of_two_teams(staff):
    rows = [words(f"INV{place:02}", authors, teams) for place, (authors, teams) in enumerate(staff)]
    released = told_of(words("ALL", 200, part="all together"), *rows)
    left = [row_left for row, row_left in zip(rows, staff, strict=True) if row["place_code"] not in released]
    authors, teams = (sum(item[place] for item in left) for place in (0, 1))
    # Where all are empty nothing can be subtracted.
    assert not left or len(left) == len(rows) or (authors >= 10 and teams >= 2)
    assert all(n >= 10 and t >= 2 for row, (n, t) in zip(rows, staff, strict=True) if row["place_code"] in released)


def test_applied_twice_the_policy_changes_nothing_more_of_staff():
    once = apply_policy(
        {"blaming_language_rates": table(words("INV01", 4), words("INV02", 9), words("INV03", 40))}, POLICY
    )
    assert apply_policy(once, POLICY)["blaming_language_rates"].equals(once["blaming_language_rates"])


def test_marked_entries_of_a_role_cannot_be_had_from_those_of_all_roles():
    # 10 in all: 8 of supervisors, one of analysts, one of inspectors. Shown as 10 and 10, they would leave 1 to 3 for
    # the analysts, so that one of the two is suppressed.
    roles = (("analyst", 1), ("inspector", 1), ("supervisor", 8))
    rows = [words("ALL", marked=10)]
    rows += [words("ALL", part_of="author_role", part=name, marked=marked) for name, marked in roles]
    result = released(*rows)
    assert [result["ALL", part]["marked"] for part in ("", "supervisor")].count(None) == 1
