"""Does every part of an official table give pages or one clear sentence, never a traceback?"""

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.errors import AssayError, SourceError
from assay.workflows.run.published_pipeline import inspect_published
from ingest.official_forms import Sheet, cover_sheet, write_ods, write_xlsx
from made_once import without_spreadsheets

HEAD = (
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Code",
    "Offence Description",
    "Number of Offences",
)
OFFENCES = {
    "71": "Abuse of children through sexual exploitation",
    "88A": "Sexual grooming",
    "19C": "Rape of a female aged 16 and over",
    "105A": "Assault without injury",
}
FORCES = ("Kent", "Essex", "Gwent", "London, City of", "British Transport Police")
YEARS = ("2023/24", "2024/25")
QUARTERS = (1, 2, 3, 4)


def rows(forces, years, quarters, codes):
    return [
        [year, quarter, force, code, OFFENCES[code], 20 + quarter]
        for force in forces
        for year in years
        for quarter in quarters
        for code in codes
    ]


def as_csv(path, found):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *found])


def as_workbook(write):
    return lambda path, found: write(path, [cover_sheet(), Sheet("Table", ["Police recorded crime", ""], HEAD, found)])


WRITERS = {"csv": as_csv, "xlsx": as_workbook(write_xlsx), "ods": as_workbook(write_ods)}


def inspected(folder, forces=FORCES[:2], years=YEARS[1:], quarters=QUARTERS, codes=("71", "88A"), form="csv"):
    path = folder / f"table.{form}"
    WRITERS[form](path, rows(forces, years, quarters, codes))
    with without_spreadsheets():
        return inspect_published([path], folder / "out")


@pytest.mark.parametrize("quarters", [(1,), (4,), (1, 3, 4)], ids=str)
def test_any_quarters_of_one_year_end_in_pages(quarters, tmp_path):
    done = inspected(tmp_path, quarters=quarters)
    assert done.index.exists()


@pytest.mark.parametrize(("form", "force"), list(zip(("xlsx", "csv", "csv", "csv", "ods"), FORCES, strict=True)))
def test_one_force_alone_and_each_form_of_its_file_end_in_pages(form, force, tmp_path):
    assert inspected(tmp_path, forces=(force,), form=form).index.exists()


@pytest.mark.parametrize("years", [("2002/03",), ("2012/13", "2024/25"), ("2040/41",)])
def test_single_years_and_years_with_a_gap_end_in_pages(years, tmp_path):
    assert inspected(tmp_path, years=years).index.exists()


@pytest.mark.parametrize(
    "part", [{"codes": ("105A",)}, {"forces": ("Action Fraud",)}], ids=["no sexual offence", "no police force"]
)
def test_without_a_sexual_offence_of_a_force_one_sentence_says_so(part, tmp_path):
    with pytest.raises(SourceError, match=r"no sexual offence recorded by a police force, .+ Send the table"):
        inspected(tmp_path, **part)


def subsets(values):
    return st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    subsets(FORCES),
    subsets((*YEARS, "2018/19")),
    subsets(QUARTERS),
    subsets(tuple(OFFENCES)),
    st.sampled_from(sorted(WRITERS)),
)
def test_any_part_ends_in_pages_or_in_a_sentence(tmp_path_factory, forces, years, quarters, codes, form):
    folder = tmp_path_factory.mktemp("part")
    if codes == ("105A",):
        with pytest.raises(AssayError):
            inspected(folder, forces, years, quarters, codes, form)
    else:
        assert inspected(folder, forces, years, quarters, codes, form).index.exists()
