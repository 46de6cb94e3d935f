"""Can an expert read on one card what is counted, and sign it?"""

import pytest
from measured_forms import children_found, seen_in_time, wait_to_charge

from assay.indicators import card, card_dict

pytestmark = pytest.mark.quick


def test_the_card_says_who_is_counted_who_is_left_out_and_what_it_cannot_tell():
    text = card(seen_in_time())
    for words in (
        "Seen in time (seen_in_time)",
        "How many children were seen within the limit?",
        "in_base and age < 18",
        "cancelled: cancelled",
        "by_telephone: kind in ('telephone', 'video')",
        "hours <= limit_hours",
        "Whether the child was listened to.",
        "The hours that the force entered.",
        "question Q8",
    ):
        assert words in text


def test_the_examples_stand_on_the_card_as_a_table_with_a_dash_for_what_is_missing():
    lines = card(seen_in_time()).splitlines()
    table = lines[lines.index("Examples (a dash: the record does not say)") + 1 :]
    assert table[0].split() == ["in_base", "age", "cancelled", "kind", "hours", "limit_hours", "answer"]
    assert table[1].split() == ["yes", "12", "no", "home", "5.0", "24", "met"]
    assert table[3].split() == ["yes", "12", "no", "home", "-", "24", "not", "known"]


def test_examples_too_wide_for_a_table_are_told_one_by_one():
    wide = {f"column_number_{n}": None if n == 2 else n for n in range(20)}
    text = card(wait_to_charge(population="column_number_1 = 1", examples=((wide, "outside"),)))
    assert "1. outside: column_number_1 1, column_number_0 0, column_number_2 -, column_number_3 3," in text
    assert max(map(len, text.splitlines())) <= 100


def test_whose_duty_it_is_and_whether_it_grades_stand_on_the_card():
    assert card_dict(seen_in_time())["grades a force"] == "yes"
    system_form = seen_in_time(holder="the system around the child")
    assert card_dict(system_form)["duty of"] == "the system around the child"
    assert card_dict(system_form)["grades a force"] == "no: shown only"
    assert card_dict(seen_in_time(graded=False))["grades a force"] == "no: shown only"


def test_a_standard_is_told_in_its_own_words_where_they_are_at_hand():
    form = seen_in_time(standard=("seen_24",))
    assert card_dict(form)["standard"] == ["seen_24"]
    assert card_dict(form, {"seen_24": "Seen within 24 hours."})["standard"] == ["Seen within 24 hours."]
    assert card_dict(seen_in_time())["standard"] == "none is set"


def test_a_wait_and_a_count_have_cards_of_their_own():
    wait, count = card(wait_to_charge()), card(children_found())
    assert "the report" in wait
    assert "closed" in wait
    assert "under_16: age < 16" in count
    assert "Met when" not in wait + count


def test_no_line_of_a_card_runs_off_the_page():
    assert max(map(len, card(seen_in_time(limits="word " * 80)).splitlines())) <= 100
