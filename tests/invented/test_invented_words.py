"""Are the words of an invented country procedural, and its names nobody's and nowhere's?"""

import csv
import re

import pytest

from assay.commission import bodies, forces
from assay.commission.table import read
from assay.invented.country import names
from assay.invented.texts import phrases
from reference_data import reference

FREE_TEXT = (("notes", "text"), ("summaries", "text"), ("assessments", "narrative"), ("marks", "reason"), ("claims", "document"))
CONTROL = "Passed to the\x07 day team."  # a planted fault


def of_a_phrase(text: str) -> bool:
    return any(re.fullmatch(re.escape(one).replace(r"\{clock\}", r"\d\d:\d\d"), text) for many in phrases().values() for one in many)


def test_every_text_stands_in_the_file_of_phrases(country):
    texts = {row[column] for table, column in FREE_TEXT for row in country.all(table) if row.get(column)}
    assert len(texts) > 500
    assert [text for text in texts if text != CONTROL and not of_a_phrase(text)] == []


def test_no_phrase_holds_a_word_about_what_happened():
    told = re.compile(r"\b(sex|abus|assault|rape|touch|naked|image|kiss|violen|hurt|injur|body|bed|drunk|drug|money|gift)", re.I)
    assert [one for many in phrases().values() for one in many if told.search(one)] == []


@pytest.mark.reference
def test_no_phrase_holds_a_term_that_an_inspection_of_language_looks_for():
    with reference("standards/language_terms.csv").open(encoding="utf-8") as file:
        patterns = [re.compile(row["pattern_hint_regex"], re.I) for row in csv.DictReader(file) if row["pattern_hint_regex"]]
    assert len(patterns) > 20
    assert [one for many in phrases().values() for one in many if any(pattern.search(one) for pattern in patterns)] == []


def test_no_invented_force_has_the_name_of_a_real_one_or_of_a_real_authority():
    authorities = {row["name"] for row in read("local_authorities", ("code", "name", "force_code", "first_year", "last_year", "note", "evidence", "source"))}
    real = {body.name for body in bodies()} | {name for force in forces() for name in (force.name, force.full_name, *force.aliases)}
    invented = {*names()["territories"], *names()["welsh_territories"], names()["transport"]}
    assert not {name.lower() for name in invented} & {name.lower() for name in real | authorities}


def test_people_are_called_by_plants_and_things_and_live_nowhere(country):
    for row in country.all("involvements"):
        assert row["forenames"] in {"", *names()["forenames"]}
        assert row["surname"] in {"", *names()["surnames"]}
        assert re.fullmatch(r"(ZZ99 \d[A-Z]{2})?", row["postcode"])
        assert re.fullmatch(r"(07700900\d{3}|0000000000)?", row["phone"])


def test_a_shared_thing_is_a_number_that_was_never_given_out(country):
    values = {row["link_value"] for row in country.all("links")}
    assert [value for value in values if not re.fullmatch(r"PL\d{3}|07700900\d{3}|ZZ\d\dZZZ", value)] == []
