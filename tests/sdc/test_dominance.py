"""Is a total of amounts suppressed if one or two contributors make nearly all of it, and no count?"""

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.sdc import apply_policy, declared_tables, policy, release
from assay.sdc.cell_status import DOMINATED_PREFIX
from assay.sdc.dominance import is_dominated, suppress_dominated
from assay.sdc.release_tables import Column, Table

POLICY = policy("record level")
ONLY_NK = replace(POLICY, p_percent=0)
ONLY_P = replace(POLICY, dominance_contributors=0)


@pytest.mark.parametrize(
    ("total", "largest", "dominated"),
    [
        (100, [50, 35], False),  # 85 in 100 is not more than 85
        (100, [51, 35], True),
        (100, [86, 0], True),
        (0, [0, 0], False),
    ],
)
def test_two_who_give_more_than_85_in_100_dominate_a_total(total, largest, dominated):
    assert is_dominated(total, largest, ONLY_NK) is dominated


@pytest.mark.parametrize(
    ("total", "largest", "dominated"),
    [
        (100, [50, 45], False),  # the second takes away their 45 and has 55: 5 over 50, which is 10 in 100
        (100, [51, 44], True),  # 5 over 51
        (100, [98, 1], True),
    ],
)
def test_the_second_may_not_tell_the_largest_to_within_a_tenth(total, largest, dominated):
    assert is_dominated(total, largest, ONLY_P) is dominated


@pytest.mark.parametrize("largest", [[None, None], [10.0, None], []])
def test_a_total_whose_contributors_are_not_known_is_not_safe(largest):
    assert is_dominated(100, largest, POLICY)


def test_a_policy_that_names_no_limit_looks_at_none():
    assert not is_dominated(100, [100, 0], policy("already published"))


def read(place="INV01", words=50.0, largest=5.0, second=4.0, texts=400):
    return {"place_code": place, "table_name": "notes", "texts": texts, "read": texts, "authors": 40,
            "words_thousands": words, "largest": largest, "second": second,
            **dict.fromkeys(("not_sent", "empty", "welsh", "other_language", "image", "audio_or_video", "withheld",
                             "too_long", "not_declared"), 0)}  # fmt: skip


def table(*rows):
    declared = [field for field in declared_tables()["text_coverage"].schema if field.name != "suppressed_cells"]
    return pa.Table.from_pylist(
        list(rows), schema=pa.schema([*declared, ("largest", pa.float64()), ("second", pa.float64())])
    )


def words_of(*rows):
    result = apply_policy({"text_coverage": table(*rows)}, POLICY)["text_coverage"]
    return dict(zip(result["place_code"].to_pylist(), result["words_thousands"].to_pylist(), strict=True))


def test_the_words_of_a_force_in_which_one_author_wrote_nearly_all_are_not_told():
    assert words_of(read()) == {"INV01": 50.0}
    assert words_of(read(largest=44.0)) == {"INV01": None}
    assert words_of(read(largest=None)) == {"INV01": None}


def test_they_cannot_be_had_from_the_words_of_all_either():
    # 130 less 30 would be the 100 of INV01. Both together are 130, of which two wrote 100: nobody dominates these.
    rows = (read("ALL", 130.0, 95.0, 5.0), read("INV01", 100.0, 95.0, 2.0), read("INV02", 30.0, 5.0, 4.0))
    assert words_of(*rows) == {"ALL": 130.0, "INV01": None, "INV02": None}
    # Of 10 of which one author wrote 9, with 30 of many: 40, of which the two largest wrote 14.
    rows = (read("ALL", 240.0, 9.0, 5.0), read("INV01", 10.0, 9.0, 0.5), read("INV02", 30.0, 5.0, 4.0),
            read("INV03", 200.0, 5.0, 5.0))  # fmt: skip
    assert words_of(*rows) == {"ALL": 240.0, "INV01": None, "INV02": None, "INV03": 200.0}


def test_the_largest_contributions_never_leave():
    tables = {"text_coverage": table(read(), read("INV02"))}
    let_out = release(tables, policy=POLICY, ledger_head="ab", edition="TRIAL").tables["text_coverage"]
    assert {"largest", "second"} & set(let_out.column_names) == set()
    assert let_out["words_thousands"].to_pylist() == [50.0, 50.0]


def test_applied_twice_the_policy_changes_no_total_more():
    once = apply_policy({"text_coverage": table(read(), read("INV02", largest=49.0))}, POLICY)
    assert apply_policy(once, POLICY)["text_coverage"].equals(once["text_coverage"])


def test_every_total_of_amounts_that_leaves_says_who_gave_most():
    """An amount is a protected number in a unit that adds up; no count has a largest contribution."""
    for form in declared_tables().values():
        by_name = {column.name: column for column in form.columns}
        assert all(by_name[name].kind == "number" and by_name[name].protect for name in form.largest_contributions), (
            form.name
        )
        amounts = {
            column.name
            for column in form.columns
            if column.protect and column.unit in ("thousand words", "hours", "pounds")
        }
        assert amounts == set(form.largest_contributions), form.name


FORM = Table("amounts", "x", "x", ("place",), (Column("total", "number", "x", protect=True), Column("suppressed_cells", "code", "x")),
             {}, {"place": "ALL"}, {}, {}, largest_contributions={"total": ("first", "second")})  # fmt: skip
GAVE = st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=6), min_size=2, max_size=5)


@settings(max_examples=80, deadline=None)
@given(GAVE)
def test_what_is_left_when_all_that_is_shown_is_taken_away_is_never_dominated(gave):
    def row(place, parts):
        first, second, *_ = [*sorted(parts, reverse=True), 0, 0]
        return {"place": place, "total": float(sum(parts)), "first": first, "second": second}

    rows = [row(f"P{number}", parts) for number, parts in enumerate(gave)]
    rows.append(row("ALL", [part for parts in gave for part in parts]))
    suppress_dominated({"amounts": rows}, {"amounts": FORM}, POLICY)
    suppressed_parts = [
        part for parts, entry in zip(gave, rows, strict=False) if entry["total"] is None for part in parts
    ]
    if rows[-1]["total"] is not None and suppressed_parts:
        first, second, *_ = [*sorted(suppressed_parts, reverse=True), 0, 0]
        assert not is_dominated(sum(suppressed_parts), [first, second], POLICY)
    assert all(DOMINATED_PREFIX + "total" in entry["suppressed_cells"] for entry in rows if entry["total"] is None)
