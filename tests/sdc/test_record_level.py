"""Can anybody derive small counts from tables that were counted from records?"""

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assay.errors import DisclosureError
from assay.sdc import apply_policy, declared_tables, policy, release
from assay.sdc.cell_status import SECONDARY_SUPPRESSED_PREFIX
from assay.sdc.disclosure_control import round_count, whole_percent
from assay.sdc.released_estimates import recompute_force_estimates
from assay.sdc.sum_ranges import Sum
from sdc.adding_up import narrowed

RECORD_LEVEL = policy("record level")
PARTS = ("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")
LADDER_COUNTS = ("met", "not_met", "not_known", "not_known_if_counted")
INDICATOR = "told_of_arrest"


def ladder_row(place="INV01", when="all", indicator=INDICATOR, **counts):
    """One row of ladders with its shares, from counts; a part that is not named is none."""
    parts = dict.fromkeys(PARTS, 0) | counts
    base = parts["met"] + parts["not_met"]
    eligible = sum(parts[name] for name in LADDER_COUNTS)
    unknown = parts["not_known"] + parts["not_known_if_counted"]
    return {
        "indicator": indicator, "place_code": place, "when_reported": when, "records": sum(parts.values()), **parts,
        "share": parts["met"] / base if base else None,
        "share_lowest": parts["met"] / eligible if eligible else None,
        "share_highest": (parts["met"] + unknown) / eligible if eligible else None,
        "not_askable": "", "suppressed_cells": "",
    }  # fmt: skip


def table(name, rows):
    form = declared_tables()[name]
    schema = pa.schema([*form.schema, *((column, pa.bool_()) for column in form.analyst_columns if column in rows[0])])
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **row} for row in rows], schema=schema)


def protected(rows, name="ladders", **further_tables):
    return apply_policy({name: table(name, rows), **further_tables}, RECORD_LEVEL)[name].to_pylist()


def released_ladder(**counts):
    (row,) = protected([ladder_row(**counts)])
    return row


def let_out(rows, name="ladders", chosen_policy=RECORD_LEVEL):
    return release({name: table(name, rows)}, policy=chosen_policy, ledger_head="ab", edition="TRIAL")


def test_one_to_seven_are_hidden_and_named():
    row = released_ladder(met=30, not_met=30, not_known=3, outside=100)
    assert row["not_known"] is None
    assert row["suppressed_cells"] == "not_known"


@pytest.mark.parametrize(("exact", "expected"), [(0, 0), (8, 10), (12, 10), (13, 15), (101, 100)])
def test_other_counts_are_rounded_to_five_and_nobody_stays_nobody(exact, expected):
    assert released_ladder(met=exact, not_met=200)["met"] == expected


def test_a_share_is_made_again_from_the_rounded_counts():
    # 13 and 28 become 15 and 30: 15 of 45 is 33 in 100, where 13 of 41 would have been 32.
    assert released_ladder(met=13, not_met=28)["share"] == 0.33


def test_a_share_on_fewer_than_twenty_is_not_shown():
    row = released_ladder(met=5, not_met=10)
    assert row["share"] is None
    assert {"share", "share_lowest", "share_highest"} <= set(row["suppressed_cells"].split())
    assert released_ladder(met=10, not_met=10)["share"] == 0.5


def test_where_few_failed_the_share_is_hidden_and_its_bounds_are_what_anybody_could_work_out():
    # Not met is hidden: it is 1 to 7. Of 100 met, the share lies from 100/107 to 100/101.
    row = released_ladder(met=100, not_met=2)
    assert row["share"] is None
    assert (row["share_lowest"], row["share_highest"]) == (0.93, 0.99)


def test_where_little_is_not_known_the_bounds_take_it_at_its_widest():
    # 50 met, 50 not met, 1 to 7 not known: from 50/107 to 57/107.
    row = released_ladder(met=50, not_met=50, not_known=1)
    assert (row["share"], row["share_lowest"], row["share_highest"]) == (0.5, 0.47, 0.53)


def test_a_body_that_is_given_no_share_gets_none_from_its_rounded_counts():
    given_none = ladder_row(met=50, not_met=50) | {"share": None, "share_lowest": None, "share_highest": None}
    (row,) = protected([given_none])
    assert (row["met"], row["share"], row["suppressed_cells"]) == (50, None, "")


def test_what_could_not_be_asked_stays_a_sentence_and_hides_nothing():
    (row,) = protected([{"indicator": INDICATOR, "place_code": "INV01", "when_reported": "all", "not_askable": "No."}])
    assert (row["met"], row["suppressed_cells"] or "", row["not_askable"]) == (None, "", "No.")


def test_a_reader_who_subtracts_cannot_find_the_one():
    # 10 in all: 8 met, one not met, one not known. Shown as 10 and 10 with two hidden, the sum would reveal both,
    # since 8 to 12 in all less at least 8 met leaves 1 to 3. So one of the two is suppressed as well.
    row = released_ladder(met=8, not_met=1, not_known=1)
    assert (row["records"], row["met"]).count(None) == 1
    assert sum(word.startswith(SECONDARY_SUPPRESSED_PREFIX) for word in row["suppressed_cells"].split()) == 1


def test_four_hidden_ones_do_not_make_a_hidden_four():
    # Four parts of one each make 4, itself hidden: 1 to 7 in all and four parts of at least 1 leave 4 to 7.
    row = released_ladder(met=1, not_met=1, not_known=1, outside=1)
    assert "records" not in row["suppressed_cells"].split()
    assert SECONDARY_SUPPRESSED_PREFIX + "records" in row["suppressed_cells"].split()


def test_a_force_cannot_be_found_from_the_total_of_all():
    # All together 10, shown as 10: one force shows 10 (it has 8), and two hide one each. 8 to 12 in all, less at least
    # 8 and 1, would leave 1 to 3. The force that shows its count gives it up, and the total of all stays.
    met = {"INV01": 1, "INV02": 1, "INV03": 8, "ALL": 10}
    result = [ladder_row(place, met=n, outside=270 if place == "ALL" else 90) for place, n in met.items()]
    rows = {row["place_code"]: row for row in protected(result)}
    assert rows["ALL"]["met"] == 10
    assert SECONDARY_SUPPRESSED_PREFIX + "met" in rows["INV03"]["suppressed_cells"].split()
    assert [rows[place]["met"] for place in ("INV01", "INV02")] == [None, None]


def test_a_reason_cannot_be_found_from_the_ladder():
    ladders = table("ladders", [ladder_row(excluded=10, outside=200)])
    reasons = [
        {"indicator": INDICATOR, "place_code": "INV01", "reason": reason, "records": records}
        for reason, records in (("not yet due", 8), ("crime cancelled", 1), ("no contact wished", 1))
    ]
    result = apply_policy({"ladders": ladders, "excluded_records": table("excluded_records", reasons)}, RECORD_LEVEL)
    statuses = [
        row["suppressed_cells"] for row in result["excluded_records"].to_pylist() + result["ladders"].to_pylist()
    ]
    assert sum(SECONDARY_SUPPRESSED_PREFIX in words for words in statuses) == 1


ESTIMATED = ("share", "share_low", "share_high", "rank", "rank_low", "rank_high", "expected", "expected_low",
             "expected_high")  # fmt: skip


def standing_row(**counts):
    return {
        "indicator": INDICATOR, "place_code": "INV01", **counts, "base": counts["met"] + counts["not_met"],
        "share": 0.3456, "share_low": 0.2, "share_high": 0.5, "rank": 7.4, "rank_low": 2.0, "rank_high": 20.0,
        "q_value": 0.034, "not_known_share": 0.5, "outlier_alert": True, "direction": "lower", "decided_by_counts": True,
    }  # fmt: skip


def test_estimates_are_computed_from_the_counts_as_released_in_whole_per_cent_and_ranks_whole():
    """What came with them does not leave. 38 to 42 met leave the same, since all are shown as 40."""
    other_rows = [standing_row(met=50, not_met=50) | {"place_code": f"INV{n:02}"} for n in range(2, 9)]
    left = [protected([standing_row(met=met, not_met=60), *other_rows], "force_estimates")[0] for met in (38, 40, 42)]
    estimates = [{name: row[name] for name in (*ESTIMATED, "q_value")} for row in left]
    assert estimates[0] == estimates[1] == estimates[2]
    assert (estimates[0]["rank"], estimates[0]["q_value"]) == (6.0, 0.05)
    assert all(round(value, 2) == value for value in estimates[0].values())


def test_where_too_few_forces_are_left_to_compare_each_has_its_own_share_and_interval():
    (row,) = protected([standing_row(met=40, not_met=60)], "force_estimates")
    assert [row[n] for n in ("share", "share_low", "share_high", "rank")] == [0.4, 0.31, 0.5, None]


def do_not_tell(**unknown):
    """The share of 60 met, 30 not met and some unknown that does not tell, as it stands beside the comparison."""
    ladders = table("ladders", [ladder_row(met=60, not_met=30, **unknown)])
    (row,) = protected([standing_row(met=60, not_met=30)], "force_estimates", ladders=ladders)
    return row["not_known_share"], "not_known_share" in (row["suppressed_cells"] or "").split()


def test_what_does_not_tell_is_a_share_of_the_counts_that_are_shown():
    # 12 and 11 not known are shown as 10 and 10: 20 of 110 are 18 in 100, where 23 of 113 would have been 20.
    assert do_not_tell(not_known=12, not_known_if_counted=11) == (0.18, False)
    assert do_not_tell() == (0.0, False)


def test_what_does_not_tell_gives_no_hidden_count_away():
    # 10 and 3 of 103 do not tell: 13 in 100, which with 10 shown would leave 3 alone.
    assert do_not_tell(not_known=10, not_known_if_counted=3) == (None, True)
    assert protected([standing_row(met=60, not_met=30)], "force_estimates")[0]["not_known_share"] is None


@pytest.mark.parametrize("counts", [{"met": 100, "not_met": 2}, {"met": 8, "not_met": 7}])
def test_an_estimate_goes_with_the_counts_it_rests_on(counts):
    (row,) = protected([standing_row(**counts)], "force_estimates")
    assert [row[name] for name in ("share", "share_low", "rank", "expected", "q_value")] == [None] * 5
    assert "share" in row["suppressed_cells"].split()


@pytest.mark.parametrize("suppressed", ["not_met", f"{SECONDARY_SUPPRESSED_PREFIX}not_met"])
def test_a_direct_estimate_beside_a_suppressed_count_has_no_interval(suppressed):
    """Of 40 records 4 do not meet it: an interval of 0.77 to 0.96 would give the 4 away."""
    row = standing_row(met=36, not_met=4) | {
        "not_met": None,
        "suppressed_cells": suppressed,
        "share_low": 0.77,
        "share_high": 0.96,
    }
    recompute_force_estimates([row], RECORD_LEVEL)
    assert [row[name] for name in ("share_low", "share_high")] == [None, None]
    assert {"share_low", "share_high"} <= set(row["suppressed_cells"].split())


def test_the_own_share_of_a_place_that_is_not_ranked_is_that_of_its_rounded_counts():
    # 13 and 28 become 15 and 30, as in the ladder beside it: 33 in 100 on both pages.
    own_row = standing_row(met=13, not_met=28) | {"rank": None, "share": 13 / 41}
    assert protected([own_row], "force_estimates")[0]["share"] == released_ladder(met=13, not_met=28)["share"] == 0.33


def test_indicators_of_police_organisations_are_neither_hidden_nor_rounded():
    (row,) = protected([ladder_row(indicator="problem_profile_current", met=1, place="INV01")])
    assert (row["met"], row["records"], row["share"], row["suppressed_cells"]) == (1, 1, 1.0, "")
    assert (
        let_out([ladder_row(indicator="problem_profile_current", met=31, not_met=12)]).rows("ladders")[0]["met"] == 31
    )


def curve(days, ending="charged", share=0.123):
    return [
        {"wait": "report_to_charge", "place_code": "INV01", "ending": ending, "days": day, "share": share,
         "share_low": 0.1, "share_high": 0.2}
        for day in days
    ]  # fmt: skip


def released_waits(rows, ended=50, ended_otherwise=0, still_waiting=0, wait_key="charged"):
    """The curves that leave, beside how many had ended in which way."""
    counts = {"ended": ended, "ended_otherwise": ended_otherwise, "still_waiting": still_waiting}
    medians = {"wait": "report_to_charge", "place_code": "INV01", "records": sum(counts.values()), **counts}
    waits = table("waits", [{"wait": "report_to_charge", "ends": wait_key}])
    return protected(rows, "wait_curves", wait_medians=table("wait_medians", [medians]), waits=waits)


@pytest.mark.parametrize(("ended", "expected"), [(50, [0, 28, 56]), (12, [])])
def test_a_curve_is_shown_on_few_days_and_only_where_many_waited(ended, expected):
    rows = released_waits(curve([0, 7, 28, 35, 56]), ended)
    assert [row["days"] for row in rows] == expected
    assert all(row["share"] == 0.1 for row in rows)  # of 48 to 52 records one is two in a hundred: the step is five


@pytest.mark.parametrize(
    "counts",
    [
        {"ended": 3, "still_waiting": 47},  # 3 of 50 had ended: a curve that ends at 6 in 100 says so
        {"ended": 50, "ended_otherwise": 2},  # 50 of 52 are 96 in 100: what is left over are the two
        {"ended": 50, "still_waiting": 2},
        {"ended": 50, "ended_otherwise": 12},
    ],
)
def test_a_curve_that_would_give_few_away_does_not_leave(counts):
    assert released_waits(curve([0, 28]) + curve([0, 28], "closed"), **counts) == []


def test_that_nobody_was_charged_is_shown():
    rows = released_waits(curve([0, 28], share=0.0), ended=0, still_waiting=60)
    assert [row["share"] for row in rows] == [0.0, 0.0]


def test_what_ends_a_wait_otherwise_is_one_curve_as_it_is_one_count():
    # 30 ended otherwise are shown as one count, of which 29 may be closed and 1 cancelled.
    rows = released_waits(curve([28]) + curve([28], "closed", 0.304) + curve([28], "cancelled", 0.013), 50, 30, 20)
    found = {row["ending"]: (row["share"], row["share_low"]) for row in rows}
    assert found == {"charged": (0.12, 0.1), "ended otherwise": (0.32, None)}


def test_a_curve_without_its_counts_does_not_leave():
    assert protected(curve([0, 28]), "wait_curves") == []


def test_a_median_is_in_whole_days_and_goes_with_its_base():
    row = {"wait": "report_to_charge", "place_code": "INV01", "records": 40, "ended": 40, "median_days": 120.5}
    assert protected([row], "wait_medians")[0]["median_days"] == 121
    assert protected([row | {"records": 9, "ended": 9}], "wait_medians")[0]["median_days"] is None


def test_release_applies_the_policy_itself():
    row = let_out([ladder_row(met=13, not_met=28, not_known=2)]).rows("ladders")[0]
    assert (row["met"], row["not_met"], row["not_known"], row["suppressed_cells"]) == (15, 30, None, "not_known")


def test_counts_from_records_do_not_leave_as_already_published():
    with pytest.raises(DisclosureError, match="Release it under 'record level'"):
        let_out([ladder_row(met=13)], chosen_policy=policy())


def test_published_tables_do_not_leave_under_the_policy_of_records():
    with pytest.raises(DisclosureError, match="not among the tables that may leave"):
        let_out([], "recorded")


def finding(base, measure=INDICATOR):
    texts = {c.name: "x" for c in declared_tables()["findings"].columns if c.is_text}
    return texts | {"key": measure, "measure": measure, "base": base, "value": 0.5}


def test_a_finding_made_from_exact_counts_is_refused():
    with pytest.raises(DisclosureError, match="Make it from tables that have been through"):
        let_out([finding(43.0)], "findings")
    assert let_out([finding(45.0)], "findings").rows("findings")[0]["base"] == 45
    assert let_out([finding(43.0, "problem_profile_current")], "findings").rows("findings")[0]["base"] == 43


def test_a_count_that_is_still_small_is_refused_whoever_made_it(monkeypatch):
    monkeypatch.setattr("assay.sdc.released.apply_policy", lambda tables, _, prior_releases: dict(tables))
    with pytest.raises(DisclosureError, match="small or not rounded to 5"):
        let_out([ladder_row(met=3)])


def test_sums_narrow_a_range_and_a_sum_that_cannot_hold_reveals_nothing():
    total, first_part, other = ("t", (), "total"), ("t", (), "one"), ("t", (), "other")
    found = narrowed({total: (5, 7), first_part: (1, 4), other: (5, 7)}, [Sum(total, (first_part, other))])
    assert (found[first_part], found[other], found[total]) == ((1, 2), (5, 6), (6, 7))
    known = {total: (0, 0), first_part: (1, 4), other: (5, 7)}
    assert narrowed(known, [Sum(total, (first_part, other))]) == known


COUNT = st.one_of(st.integers(0, 9), st.integers(0, 300))
LADDERS = st.lists(st.fixed_dictionaries(dict.fromkeys(PARTS, COUNT)), min_size=1, max_size=5)


def country(parts):
    """Forces and all of them together; in each, children and adults when reported and both."""
    rows = []
    for number, counts in enumerate(parts):
        half = {name: count // 2 for name, count in counts.items()}
        rest = {name: count - half[name] for name, count in counts.items()}
        for when, group_counts in (("all", counts), ("child when reported", half), ("adult when reported", rest)):
            rows.append(ladder_row(f"INV{number:02}", when, **group_counts))
    for when in ("all", "child when reported", "adult when reported"):
        group_rows = [row for row in rows if row["when_reported"] == when]
        rows.append(ladder_row("ALL", when, **{name: sum(row[name] for row in group_rows) for name in PARTS}))
    return rows


@settings(max_examples=60, deadline=None)
@given(LADDERS)
@example([dict.fromkeys(PARTS, 0) | {"met": 9, "not_met": 1, "not_known": 1, "not_known_if_counted": 1}])
def test_whatever_the_counts_nothing_small_leaves_and_everything_can_be_worked_out_again(parts):
    exact = country(parts)
    released = protected(exact)
    for before, after in zip(exact, released, strict=True):
        empty = after["suppressed_cells"].split()
        for name in ("records", *PARTS):
            small = 1 <= before[name] <= 7
            assert after[name] is None if small else after[name] in (None, round_count(before[name], RECORD_LEVEL))
            assert (after[name] is None) == (name in empty or SECONDARY_SUPPRESSED_PREFIX + name in empty)
            assert after[name] is None or (after[name] % 5 == 0 and not 1 <= after[name] <= 7)
            assert (before[name] == 0) == (after[name] == 0)
        if after["share"] is not None:
            assert after["share"] == whole_percent(after["met"] / (after["met"] + after["not_met"]))
        if after["share_lowest"] is not None:
            assert after["share_lowest"] <= (after["share"] or after["share_highest"]) <= after["share_highest"]


@settings(max_examples=40, deadline=None)
@given(LADDERS)
def test_whoever_knows_every_sum_is_left_with_counts_that_lie_five_apart(parts):
    released = protected(country(parts))
    bounds, sums = {}, []
    for place, row in enumerate(released):
        for name in ("records", *PARTS):
            hidden = name in row["suppressed_cells"].split()
            bounds[place, name] = (
                (1, 7) if hidden else (1, 10**9) if row[name] is None else (row[name] - 2, row[name] + 2)
            )
            if row[name] == 0:
                bounds[place, name] = (0, 0)
        sums.append(((place, "records"), [(place, name) for name in PARTS]))
    for name in ("records", *PARTS):
        for when in {row["when_reported"] for row in released}:
            row_numbers = [i for i, row in enumerate(released) if row["when_reported"] == when]
            whole = [i for i in row_numbers if released[i]["place_code"] == "ALL"]
            sums.append(((whole[0], name), [(i, name) for i in row_numbers if i not in whole]))
        for code in {row["place_code"] for row in released}:
            row_numbers = [i for i, row in enumerate(released) if row["place_code"] == code]
            whole = [i for i in row_numbers if released[i]["when_reported"] == "all"]
            sums.append(((whole[0], name), [(i, name) for i in row_numbers if i not in whole]))
    # A reader's own sums, done slowly: the program's are not trusted with their own proof.
    for _ in range(60):
        before = dict(bounds)
        for total, cells in sums:
            low, high = (sum(bounds[cell][end] for cell in cells) for end in (0, 1))
            bounds[total] = max(bounds[total][0], low), min(bounds[total][1], high)
            for cell in cells:
                row_numbers = bounds[cell]
                bounds[cell] = (
                    max(row_numbers[0], bounds[total][0] - (high - row_numbers[1])),
                    min(row_numbers[1], bounds[total][1] - (low - row_numbers[0])),
                )
        if bounds == before:
            break
    for place, row in enumerate(released):
        for name in row["suppressed_cells"].split():
            if name in PARTS or name == "records":
                low, high = bounds[place, name]
                assert high - low >= 5, (place, name, low, high)


@settings(max_examples=30, deadline=None)
@given(LADDERS)
def test_the_policy_applied_twice_changes_nothing_more(parts):
    once = apply_policy({"ladders": table("ladders", country(parts))}, RECORD_LEVEL)
    assert apply_policy(once, RECORD_LEVEL)["ladders"].equals(once["ladders"])


def test_every_protected_share_says_what_it_rests_on():
    for form in declared_tables().values():
        for column in form.columns:
            source_form = declared_tables()[column.counts_table] if column.counts_table else form
            assert set(column.numerator_counts) | set(column.base_counts) <= set(source_form.protected_counts), (
                form.name,
                column.name,
            )
            if column.protect and column.kind != "count":
                assert column.base_counts or form.curve_source, (form.name, column.name)
        if form.protected_counts:
            assert "suppressed_cells" in form.schema.names
        for target in form.adds_up_to.values():
            for source in target.split(" + "):
                other, _, column = source.partition(".")
                assert column in declared_tables()[other].protected_counts
        if follows := form.curve_source:
            columns_used = {follows["records"], *follows["endings"], *follows["open_waits"]}
            assert columns_used <= set(declared_tables()[follows["table"]].protected_counts)
