"""Are the words of a synthetic country procedural, and its names nobody's and nowhere's?"""

import re

from assay.reference import forces, real_organisations
from assay.reference.reference_data import read_rows
from assay.synthetic.disruption_records import DRAMA_NUMBERS
from assay.synthetic.notes import vocabulary
from assay.synthetic.notes.note_grammar import word_list
from assay.synthetic.synthetic_country import name_lists

FREE_TEXT = (
    ("notes", "text"),
    ("summaries", "text"),
    ("assessments", "narrative"),
    ("marks", "reason"),
    ("claims", "document"),
)
PLACES = {"transport"}  # the word in the name of a synthetic body, which is nobody's name


def test_every_word_of_every_text_stands_in_the_grammar(country):
    texts = {row[column] for table, column in FREE_TEXT for row in country.all(table) if row.get(column)}
    assert len(texts) > 5000
    assert {word for text in texts for word in word_list(text)} - vocabulary() == set()


def test_no_word_of_the_grammar_is_the_name_of_a_synthetic_person_or_place():
    texts = {
        part.lower()
        for found in name_lists().values()
        for name in ([found] if isinstance(found, str) else found)
        for part in name.split()
    }
    assert len(texts) > 200
    assert vocabulary() & texts == PLACES


def test_no_text_holds_digits_that_could_be_a_telephone_number(country):
    texts = [row[column] for table, column in FREE_TEXT for row in country.all(table) if row.get(column)]
    assert [text for text in texts if re.search(r"\d[\d ]{5,}", re.sub(r"\d\d:\d\d", "", text))] == []


def test_no_synthetic_force_has_the_name_of_a_real_one_or_of_a_real_authority():
    authorities = {
        row["name"]
        for row in read_rows(
            "local_authorities", ("code", "name", "force_code", "first_year", "last_year", "note", "evidence", "source")
        )
    }
    real = {organisation.name for organisation in real_organisations()} | {
        name for force in forces() for name in (force.name, force.full_name, *force.aliases)
    }
    synthetic = {*name_lists()["territories"], *name_lists()["welsh_territories"], name_lists()["transport"]}
    assert not {name.lower() for name in synthetic} & {name.lower() for name in real | authorities}


def test_people_are_called_by_plants_and_things_and_live_nowhere(country):
    for row in country.all("involvements"):
        assert row["forenames"] in {"", *name_lists()["forenames"]}
        assert row["surname"] in {"", *name_lists()["surnames"]}
        assert re.fullmatch(r"(ZZ99 \d[A-Z]{2})?", row["postcode"])
        assert re.fullmatch(r"(07700900\d{3}|0000000000)?", row["phone"])


def test_a_shared_thing_is_a_number_that_was_never_given_out(country):
    values = {row["link_value"] for row in country.all("links")}
    form = rf"PL\d{{5,6}}|({'|'.join(DRAMA_NUMBERS)})\d{{3}}|Z[A-Z]\d\d[A-Z]{{3}}"
    assert [value for value in values if not re.fullmatch(form, value)] == []
