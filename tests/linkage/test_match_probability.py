"""Which entries are one person by match probability, and which are not?"""

import datetime as dt
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linked import ALIASES, BORN, HOME, PHONE, SCHEMA, entry, linked, one_person, persons, reasons

from assay.engine.provenance.content_hashes import content_hash
from assay.linkage.contradictions import CHILD_AND_ADULT, CONFLICTING_BIRTH_DATES, CONFLICTING_FORENAMES
from assay.linkage.exact_match_clusters import STORED_CLUSTER
from assay.linkage.probabilistic_linkage import link_entries

HERE = {"postcode": HOME, "phone": PHONE}


def test_a_slip_of_the_hand_in_a_name_makes_no_second_person():
    assert one_person(entry("a", surname="Lantern", **HERE), entry("b", surname="Lanten", force="INV02", **HERE))


def test_one_force_alone_joins_two_records_that_are_two_persons_among_the_records_of_many():
    """The name of both is held by nobody else in their force, and by 100 of 1,000 persons of another."""
    two = [entry(ref, born=None, postcode=HOME, number=ref) for ref in ("a", "b")]
    names = [("Hazel", "Lantern") if n < 100 else (f"Forename{n}", f"Surname{n}") for n in range(1000)]
    other_persons = [
        entry(f"c{n}", *name, BORN + dt.timedelta(400 * n % 9000), force="INV02") for n, name in enumerate(names)
    ]
    persons_of_force, persons_of_all = persons(linked(*two)), persons(linked(*two, *other_persons))
    assert persons_of_force["a"] == persons_of_force["b"]
    assert persons_of_all["a"] != persons_of_all["b"]


def test_forename_and_surname_in_each_others_place_are_one_person():
    assert one_person(entry("a"), entry("b", "Lantern", "Hazel", force="INV02"))


def test_day_and_month_in_each_others_place_are_one_person():
    second_entry = entry("b", born=dt.date(2010, 6, 5), force="INV02", **HERE)
    assert one_person(entry("a", **HERE), second_entry)


@pytest.mark.parametrize(
    ("short", "long"), [("Becky", "Rebecca"), ("Bill", "William"), ("Lar", "Larkspur"), ("Larky", "Larkspur")]
)
def test_a_short_form_stands_for_the_name(short, long):
    assert one_person(entry("a", short, **HERE), entry("b", long, force="INV02", **HERE))


def test_an_initial_stands_for_the_name_that_it_begins_and_makes_no_one_of_twins():
    assert one_person(entry("a", "H", **HERE), entry("b", "Hazel", force="INV02", **HERE))
    twin_rows = [
        entry("a", "Hazel", **HERE),
        entry("b", "Heather", force="INV02", **HERE),
        entry("c", "H", force="INV03", **HERE),
    ]
    found = persons(linked(*twin_rows), "low")
    assert found["a"] != found["b"]


def test_another_name_that_is_told_joins_what_two_names_would_keep_apart():
    two = (entry("a", "Hazel", **HERE), entry("b", "Sorrel", force="INV02", **HERE))
    assert not one_person(*two)
    assert one_person(*two, aliases=[("a", "Sorrel", "Lantern")])


def test_a_child_on_a_partners_list_is_the_child_on_the_record():
    listed = entry("q", surname="Lantren", postcode=HOME) | {"entry": "list INV01 q", "on_list": True, "part": "child"}
    found = persons(linked(entry("a", postcode=HOME), listed))
    assert found["q"] == found["a"] == "INV01 a"


@pytest.mark.parametrize(
    ("first_name", "other"),
    [
        (("Zoë", "Müller"), ("ZOE", "Muller")),
        (("Łukasz", "Þórsson"), ("lukasz", "thorsson")),
        (("Дмитрий", "Соколов"), ("Dmitrii", "Sokolov")),
        (("Νίκος", "Παπάς"), ("Nikos", "Papas")),
        (("Ｈａｚｅｌ", "O’Lantern"), ("hazel", "OLANTERN")),
        (("محمد", "فانوس"), ("محمد", "فانوس")),
    ],
)
def test_a_name_is_the_same_in_any_script_that_has_latin_letters_and_in_its_own(first_name, other):
    assert one_person(entry("a", *first_name), entry("b", *other, force="INV02"))


def test_twins_stay_two():
    """The same surname, birthday, sex, home and telephone; two forenames."""
    found = linked(entry("a", "Hazel", sex="F", **HERE), entry("b", "Sorrel", sex="F", **HERE))
    assert len(set(persons(found, "low").values())) == 2
    assert reasons(found) == {CONFLICTING_FORENAMES}


def test_a_record_without_a_forename_does_not_make_one_of_twins():
    twin_rows = [entry("a", "Hazel", **HERE), entry("b", "Sorrel", **HERE), entry("c", None, **HERE)]
    found = persons(linked(*twin_rows), "low")
    assert found["a"] != found["b"]


@pytest.mark.parametrize("known", ["forenames", "surname", "date_of_birth", "sex", "postcode", "phone"])
def test_nobody_is_one_person_on_what_is_missing_or_on_one_thing_alone(known):
    whole = entry("x", sex="F", **HERE)
    without_details = [
        {**dict.fromkeys(whole), "entry": f"INV01 {ref}", "force_code": "INV01", "ref": ref, "on_list": False,
         known: whole[known]}
        for ref in "abc"
    ]  # fmt: skip
    assert len(set(persons(linked(*without_details), "low").values())) == 3


@pytest.mark.parametrize("name", ["", "   ", "-", "Unknown", "N/K", "not known"])
def test_an_empty_name_and_one_that_fills_a_gap_are_missing(name):
    assert not one_person(entry("a", name, name), entry("b", name, name, force="INV02"))


def test_placeholder_dates_are_no_birthday_in_common():
    filled = [entry(ref, "Hazel", surname, dt.date(1900, 1, 1)) for ref, surname in (("a", "Kettle"), ("b", "Anvil"))]
    equal_entries = [entry(ref, born=dt.date(1901, 1, 1), force=f"INV0{place}") for place, ref in enumerate("cd")]
    found = linked(*filled, *equal_entries)
    assert found.summary["taken_for_missing"]["a date of birth that only fills a gap"] == 4
    assert len(set(persons(found).values())) == 4


def test_a_date_that_stands_with_too_many_surnames_is_missing():
    surnames = [f"Lantern{letter}" for letter in "abcdefghijklmnopqrstuvwxy"]
    rows = [entry(f"e{n}", "Hazel", name, dt.date(1990, 1, 1)) for n, name in enumerate(surnames)]
    result = linked(*rows).summary["taken_for_missing"]
    assert result["a date of birth that stands with too many surnames"] == len(surnames)


@pytest.mark.parametrize("phone", ["00000000000", "0", "07777777777", "01234567890"])
def test_placeholder_phones_are_no_number_in_common(phone):
    two = [entry(ref, "Hazel", surname, None, phone=phone) for ref, surname in (("a", "Kettle"), ("b", "Anvil"))]
    found = linked(*two)
    assert found.summary["taken_for_missing"]["a telephone number that only fills a gap"] == 2
    assert found.pairs.num_rows == 0


def test_a_number_that_very_many_names_share_is_missing():
    rows = [entry(f"e{n}", f"Hazel{chr(97 + n)}", f"Kettle{chr(97 + n)}", None, phone=PHONE) for n in range(22)]
    assert linked(*rows).summary["taken_for_missing"]["a telephone number that very many names share"] == 22


def test_a_number_that_was_given_to_two_people_ties_nobody():
    found = linked(
        entry("a", "Hazel", "Lantern", dt.date(2010, 5, 6), number="7"),
        entry("b", "Alder", "Kettle", dt.date(1971, 12, 31), number="7"),
    )
    assert len(set(persons(found, "low").values())) == 2
    assert found.summary["untied"] == {CONFLICTING_BIRTH_DATES: 1}


def test_two_sexes_alone_part_nobody():
    assert one_person(entry("a", sex="F", number="7"), entry("b", sex="M", number="7"))


def test_two_dates_of_birth_far_apart_are_two_persons_whatever_else_is_alike():
    two = [entry("a", born=dt.date(1971, 11, 23), **HERE), entry("b", born=dt.date(2010, 5, 6), force="INV02", **HERE)]
    found = linked(*two)
    assert len(set(persons(found, "low").values())) == 2


def test_a_child_of_nine_and_a_suspect_of_nineteen_are_two_though_one_digit_is_all_that_differs():
    child = entry("a", born=dt.date(2016, 5, 6), part="child", **HERE)
    grown = entry("b", born=dt.date(2006, 5, 6), part="adult suspect", force="INV02", **HERE)
    found = linked(child, grown)
    assert len(set(persons(found, "low").values())) == 2
    assert reasons(found) == {CHILD_AND_ADULT}
    assert one_person(child | {"part": None}, grown | {"part": None})


def test_a_chain_of_weak_links_makes_no_person():
    """Each is like the next one only: of the six pairs among four too few are likely."""
    rows = [
        entry("a", "Hazel", "Lantern", BORN),
        entry("b", "Hazel", "Lantern", None, phone=PHONE),
        entry("c", "Hazel", "Lantern", dt.date(1988, 2, 14), phone=PHONE),
    ]
    found = persons(linked(*rows), "low")
    assert found["a"] != found["c"]


def test_the_name_of_a_person_is_the_first_of_its_entries_whatever_the_order():
    rows = [entry("c", **HERE), entry("a", surname="Lanten", force="INV02", **HERE), entry("b", "Alder", "Kettle")]
    first = linked(*rows)
    assert persons(first) == {"a": "INV01 c", "b": "INV01 b", "c": "INV01 c"}
    reversed_order = linked(*rows[::-1])
    assert {name: content_hash(table) for name, table in reversed_order.tables.items()} == {
        name: content_hash(table) for name, table in first.tables.items()
    }


def test_more_entries_of_others_do_not_rename_a_person():
    pair = [entry("a", **HERE), entry("b", surname="Lanten", force="INV02", **HERE)]
    alone_persons, among_persons = (
        persons(linked(*pair)),
        persons(linked(*pair, entry("z", "Alder", "Kettle", dt.date(1999, 9, 9)))),
    )
    assert {ref: among_persons[ref] for ref in "ab"} == alone_persons


NAME = st.sampled_from([None, "", "Hazel", "hazel", "Hazle", "Sorrel", "Zoë"])
ROW = st.fixed_dictionaries({
    "forenames": NAME, "surname": st.sampled_from([None, "Lantern", "Lanten", "Kettle"]),
    "born": st.sampled_from([None, BORN, dt.date(2010, 6, 5), dt.date(1971, 11, 23), dt.date(1900, 1, 1)]),
    "number": st.sampled_from([None, "1", "2"]), "phone": st.sampled_from([None, PHONE, "0"]),
    "postcode": st.sampled_from([None, HOME]), "part": st.sampled_from([None, "child", "adult suspect"]),
})  # fmt: skip


@settings(max_examples=3, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=7), seed=st.integers(0, 99))
def test_whatever_the_entries_order_changes_nothing_and_persons_nest_and_nobody_is_born_twice(rows, seed):
    entries = [entry(f"e{n}", **row) for n, row in enumerate(rows)]
    found, reordered = linked(*entries), linked(*random.Random(seed).sample(entries, len(entries)))
    assert persons(found) == persons(reordered)
    for finer, wider in ((STORED_CLUSTER, "high"), ("high", "main"), ("main", "low")):
        main_by_finer = {}
        for finer_person, whole in zip(
            found.linked_entries[finer].to_pylist(), found.linked_entries[wider].to_pylist(), strict=True
        ):
            assert main_by_finer.setdefault(finer_person, whole) == whole
    far = {BORN, dt.date(1971, 11, 23)}
    for person in set(persons(found, "low").values()):
        born = {row["date_of_birth"] for row in entries if persons(found, "low")[row["ref"]] == person}
        assert not far <= born


def test_no_entry_at_all_is_no_person():
    found = link_entries(SCHEMA.empty_table(), pa.Table.from_pylist([], ALIASES))
    assert found.linked_entries.num_rows == found.pairs.num_rows == 0
