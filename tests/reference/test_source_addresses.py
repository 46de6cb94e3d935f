"""Can a person open the source of every row that says that it was read there?"""

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.ingest.system_layouts import system_layouts
from assay.reference.reference_data import UNREAD_GRADES, register_text, replaced_registers
from assay.reference.register_updates import FACTS
from assay.reference.source_addresses import PAGE, source_addresses

pytestmark = pytest.mark.quick


def read_rows_of_registers():
    """Every row of every register that is graded seen, with the name of its register."""
    for name, rows in reference.code_lists().items():
        if name != "source_addresses":
            yield from ((name, row) for row in rows if row["evidence"] == "seen")


def rows_outside_the_registers():
    """Every row graded seen of other files that name a source: lexicon, column layouts, synthetic figures.

    None of them grades a force, but a reader may want to open their sources too.
    """
    yield from (("lexicon", {"source": term.source}) for term in lexicon().terms if term.evidence == "seen")
    yield from (("layouts", {"source": layout.source}) for layout in system_layouts() if layout.status == "seen")
    text = files("assay.synthetic").joinpath("calibration.toml").read_text(encoding="utf-8")
    entries = [entry for part in tomllib.loads(text).values() for entry in part.values()]
    yield from (("calibration", entry) for entry in entries if entry["evidence"] == "seen")


def has_address(row):
    return bool(
        row.get("address") or "https://" in row["source"] or reference.source_addresses().found_in(row["source"])
    )


def test_every_row_that_was_read_in_its_source_leads_to_an_address():
    rows = [*read_rows_of_registers()]
    assert len(rows) > 600
    further_rows = [*rows_outside_the_registers()]
    assert Counter(name for name, _ in further_rows) == {"lexicon": 16, "layouts": 4, "calibration": 18}
    rows += further_rows
    assert {(name, row["source"]) for name, row in rows if not has_address(row)} == set()


def test_a_time_limit_that_grades_a_force_leads_to_a_page_and_not_only_to_a_site():
    graded = [standard for standard in reference.standards() if standard.grades]
    assert len(graded) > 15
    for standard in graded:
        pages = [item for item in reference.source_addresses().found_in(standard.source) if item.opens == PAGE]
        assert pages or "https://" in standard.source, standard.key


def test_every_address_belongs_to_a_source_that_some_row_names():
    sources = {row.get("source", "") for rows in reference.code_lists().values() for row in rows}
    sources |= {row["source"] for _, row in rows_outside_the_registers()}
    assert [item.name for item in reference.source_addresses() if not any(item.name in text for text in sources)] == []


def test_every_row_of_facts_that_was_not_read_in_the_original_names_its_publisher():
    unread = [
        (file.file, row)
        for file in reference.register_files()
        if file.content == FACTS
        for row in reference.code_lists()[file.file]
        if row["evidence"] in UNREAD_GRADES
    ]
    assert len(unread) > 150
    assert {name for name, row in unread if not row.get("publisher")} == set()


def test_a_row_that_was_not_read_in_the_original_and_has_no_publisher_is_refused():
    text = register_text("outcomes").replace(",Home Office,recalled,", ",,recalled,", 1)
    assert text != register_text("outcomes")
    with replaced_registers({"outcomes": text}), pytest.raises(DefinitionError, match="names the publisher"):
        reference.outcomes.__wrapped__()


def test_an_address_that_is_none_is_refused():
    text = register_text("source_addresses").replace(",https://", ",", 1)
    with replaced_registers({"source_addresses": text}), pytest.raises(DefinitionError, match="begins with https"):
        source_addresses.__wrapped__()


def test_a_source_whose_page_has_no_known_address_is_told_from_one_that_has():
    found = reference.source_addresses()
    site = "https://geoportal.statistics.gov.uk/"
    assert found.site_alone({"address": site, "source": "The lookup of 2024"}) == site
    assert found.site_alone({"source": "UTR, Spot the signs (utruk.org.uk)"}) == "https://www.utruk.org.uk/"
    assert found.site_alone({"address": "https://data.police.uk/data/", "source": "The archive"}) == ""
    assert found.site_alone({"source": "Answer to Parliament, question 85359"}) == ""


def test_every_row_that_was_read_leads_to_a_page_and_not_only_to_a_site():
    rows = [
        (name, row["source"]) for name, row in read_rows_of_registers() if reference.source_addresses().site_alone(row)
    ]
    assert rows == []
