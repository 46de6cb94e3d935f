"""What follows when the series of one place stand side by side?"""

from itertools import product

import pyarrow as pa
import pytest

from assay.indicators.catalogue.scale import scale_parts, series_statements
from assay.indicators.catalogue.scale.hidden.narrowing_lists import TOO_WIDE
from assay.indicators.catalogue.scale.record_series import HIDDEN, MARKED, PARTNERS, RECORDED, UNFLAGGED

PROBABILITIES = (None, 0.02, 0.3, 0.6, 0.97)


def combined_statement(**fall_probabilities):
    return series_statements.combine_series(
        1, {RECORDED: None, MARKED: None, HIDDEN: None, PARTNERS: None, UNFLAGGED: None} | fall_probabilities
    )


def test_where_a_force_did_not_send_its_crimes_nothing_is_said_of_whom_it_knows_and_nobody_is_known_to_others_only():
    why = "This force did not send the table crimes, so whom the police know and marked cannot be said."
    parts = scale_parts.part_rows(
        ["INV01"], {}, {"INV01": {"local_authority": 9}}, {"INV01": (9, 0)}, {}, {}, not_sent={"INV01": why}
    )
    by_part = {row["part"]: row for row in parts}
    for part in (scale_parts.MARKED, scale_parts.OTHERS_ONLY, scale_parts.POLICE_ONLY):
        assert (by_part[part]["number"], by_part[part]["why_not"]) == (None, why)
    assert scale_parts.sentences(parts, lambda row, column: row[column])[0].startswith(
        "Known to the police and marked: this force did not send the table crimes, so whom the police know and marked "
        "cannot be said. Known and not marked:"
    )


def test_recorded_fell_and_hidden_did_not_is_consistent_with_less_recording():
    statement = combined_statement(recorded=0.95, hidden=0.3)
    assert "consistent with less recording" in statement
    assert "the probability that it fell is about 30%" in statement


def test_recorded_fell_and_hidden_fell_go_the_same_way():
    assert "went the same way: consistent with fewer children" in combined_statement(recorded=0.95, hidden=0.95)


def test_recorded_fell_alone_reveals_nothing_and_says_what_would_be_needed():
    assert "the estimate of children on no list would be needed" in combined_statement(recorded=0.95)


def test_recorded_rose_and_hidden_did_not_is_consistent_with_more_recording():
    assert "consistent with more recording" in combined_statement(recorded=0.04, hidden=0.6)


def test_marked_fell_while_recorded_did_not_is_consistent_with_less_marking():
    assert "consistent with less marking" in combined_statement(recorded=0.5, marked=0.95)


def test_where_no_series_can_be_followed_nothing_is_said_of_any_direction():
    statement = series_statements.combine_series(None, dict.fromkeys((RECORDED, MARKED, HIDDEN, PARTNERS, UNFLAGGED)))
    assert "So nothing can be said of any direction. Ask for the records of earlier years" in statement
    assert "Each set beside itself" not in statement


def test_the_subject_of_every_sentence_is_a_series_and_never_exploitation():
    all_statements = [
        combined_statement(recorded=a, marked=b, hidden=c, partners=d)
        for a, b, c, d in product(PROBABILITIES, repeat=4)
    ]
    assert series_statements.avoids_exploitation_as_subject([*all_statements, *series_statements.TITLES.values()])


@pytest.mark.parametrize("wrong", ["Exploitation fell by a fifth.", "It seems that abuse is falling."])
def test_a_sentence_with_exploitation_as_its_subject_is_found(wrong):
    assert not series_statements.avoids_exploitation_as_subject([wrong])


def say(row, column):
    return str(row[column])


def rows(unmarked=None, hidden=None, lists=("local_authority", "health")):
    list_counts = {"INV01": dict.fromkeys(lists, 10)}
    return scale_parts.part_rows(
        ["INV01"], {"INV01": (40, 38, 41)}, list_counts, {"INV01": (12, 30)}, unmarked or {}, hidden or {}
    )


def ranged(low, high, **more):
    return {"INV01": scale_parts.PartRange(low, high, **more)}


def test_the_parts_are_always_said_in_one_order():
    hidden = ranged(50, 300, methods="Methods disagree by a factor of 3.")
    part_sentences = scale_parts.sentences(rows(ranged(20, 60, unit="crimes"), hidden), say)
    assert part_sentences == [
        "Known to the police and marked: 40 children (38 to 41, by choice of record linkage); known and not marked: from "
        "20 to 60 crimes.",
        "Known to others only: 12 children on partners' lists, and in no crime or missing episode that the police hold.",
        "What the lists allow: from 50 to 300 children on no list.",
        "Methods disagree by a factor of 3.",
    ]


def test_a_range_that_is_too_wide_says_so_before_its_numbers():
    hidden = ranged(0, 4840, methods=f"{TOO_WIDE} These lists were missing.")
    *_, first, second = scale_parts.sentences(rows(ranged(20, 60, unit="crimes"), hidden), say)
    assert first == f"What the lists allow: t{TOO_WIDE[1:]} These lists were missing."
    assert second == "It goes from 0 to 4840 children on no list."


def test_a_part_that_is_not_there_is_said_to_be_missing_and_no_number_stands_for_it():
    by_part = {row["part"]: row for row in rows(lists=())}
    for part in (scale_parts.UNMARKED, scale_parts.OTHERS_ONLY, scale_parts.HIDDEN):
        assert by_part[part]["number"] is by_part[part]["low"] is by_part[part]["high"] is None
        assert by_part[part]["why_not"], part


def test_without_partners_lists_the_page_names_the_lists_to_ask_for():
    by_part = {row["part"]: row for row in rows(lists=())}
    assert "the local authority's list" in by_part[scale_parts.OTHERS_ONLY]["why_not"]
    by_part_one_list = {row["part"]: row for row in rows(lists=("local_authority",))}
    assert by_part_one_list[scale_parts.HIDDEN]["why_not"].startswith("One partner's list came")
    assert "the local authority's list" not in by_part_one_list[scale_parts.HIDDEN]["why_not"]


def test_a_refusal_of_the_estimate_is_said_in_its_own_words():
    refused = ranged(None, None, why_not="The lists lean on one another in a way that cannot be told.")
    assert "lean on one another" in " ".join(scale_parts.sentences(rows(hidden=refused), say))


LATE, EARLY = "2025-04-01", "2024-04-01"
HIDDEN_ROW = {
    "place_code": "INV01", "window_from": LATE, "on_any": 100, "low": 160.4, "high": 390.7, "population": 242.0,
    "refusal": None, "ask_for": None, "fold": 2.4, "leaning": None,
}  # fmt: skip


def hidden_of(*hidden_rows):
    return scale_parts.read_hidden(pa.Table.from_pylist([HIDDEN_ROW | changes for changes in hidden_rows]))["INV01"]


def test_those_on_no_list_are_all_that_the_lists_allow_but_those_on_any_of_the_latest_year():
    """160 to 391 children in all, of whom 100 are on some list."""
    found = hidden_of({}, {"window_from": EARLY, "low": 1.0, "high": 2.0})
    assert (found.low, found.high) == (60, 291)
    assert found.methods == "Of the methods the largest answer is 2.4 times the smallest."


def test_a_middle_in_a_table_made_elsewhere_is_never_read():
    assert not {242, 142} & set(vars(hidden_of({})).values())


def test_a_refusal_made_elsewhere_is_said_with_what_to_ask_for():
    found = hidden_of({"low": None, "high": None, "refusal": "Two lists.", "ask_for": "Ask first for health."})
    assert found.why_not == "Two lists. Ask first for health."


def test_the_unmarked_are_crimes_and_of_the_whole_period_where_the_parts_are_of_a_year():
    unflagged_rows = [
        {"place_code": "INV01", "unflagged": 30.0, "unflagged_low": 20.0, "unflagged_high": 60.0, "why": ""}
    ]
    unmarked = scale_parts.read_unmarked(pa.Table.from_pylist(unflagged_rows))
    by_part = scale_parts.part_rows(["INV01"], {}, {}, {}, unmarked, {}, span="2025/26")
    row = next(item for item in by_part if item["part"] == scale_parts.UNMARKED)
    assert (row["low"], row["high"], row["unit"], row["span"]) == (20, 60, "crimes", "2025/26")
    assert row["methods"] == "The number of unmarked crimes is of the whole period."


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({PARTNERS: 0.97}, "The recorded and the marked count decide, and the direction of neither can be said."),
        ({RECORDED: 0.5}, "The recorded count shows no clear direction, and that of the marked count cannot be said."),
        (
            {RECORDED: 0.5, MARKED: 0.5},
            "The recorded and the marked count decide, and neither shows a clear direction.",
        ),
    ],
)
def test_a_count_that_is_not_known_is_never_said_to_show_no_direction(known, sentence):
    series = dict.fromkeys((RECORDED, MARKED, HIDDEN, PARTNERS, UNFLAGGED)) | known
    assert sentence in series_statements.combine_series(1, series)
