"""Is a figure of a role for which the extract has no column kept apart from one that is missing or was not read?"""

import pytest

from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.columns_to_confirm import results_for_programs
from assay.workflows.check.extract_page import write_page
from assay.workflows.check.key_figures import key_figures
from workflows.check.test_identity_words import HEADINGS, crime_cells, examined

N = 20


def links(heading, victim, suspect):
    """A row for the victim and one for the suspect of each crime, with further cells under these headings."""
    rows = [f"{HEADINGS},Offence Date,Role,Nominal No,{heading}"]
    for n in range(N):
        crime = f"{crime_cells(n)},01/04/2025"
        rows += [f"{crime},Victim,{700 + n},{victim(n)}", f"{crime},Suspect,{600 + n},{suspect(n)}"]
    return rows


def figures(extract):
    return {figure.key: figure for figure in key_figures(extract.counts, extract.records)}


def test_suspects_are_not_all_without_an_age_where_only_victims_have_a_column(tmp_path):
    lines = links("Victim Age at Offence,Victim Self Defined Ethnicity", lambda n: f"{11 + n % 5},W1", lambda n: ",")
    found = examined(tmp_path, d=lines)
    json = results_for_programs(found)
    assert json["measures"]["suspect_ethnicity_missing"] == "cannot be asked"
    assert json["measures"]["victim_ethnicity_missing"] == {"missing": 0, "n": 20}
    assert json["reasons"]["suspect_ethnicity_missing"] == (
        "Cannot be answered from this extract: no column gives the ethnicity of the suspect. Next: add the ethnicity of "
        "the suspect."
    )
    assert "Cannot be answered" in json["reasons"]["suspect_age_missing"]
    write_page(tmp_path / "index.html", found)
    for text in ((tmp_path / "index.html").read_text(encoding="utf-8"), "\n".join(check_summary(found))):
        assert "Ethnicity of named suspects missing" in text
        assert "of named suspects have no known" not in text


@pytest.mark.parametrize("heading", ["Victim Sex", "VictimSex"])
def test_a_column_of_victims_that_is_filled_for_suspects_too_has_a_place_for_both(tmp_path, heading):
    found = examined(tmp_path, d=links(heading, lambda n: "F", lambda n: "M"))
    assert found.counts.as_dict()["measures"]["victims_by_sex"] == {"F": 20}
    assert "sex" in found.contents.person_columns["suspect"]


def test_a_column_that_is_there_and_says_nothing_of_any_suspect_is_missing_and_says_so(tmp_path):
    lines = links("Self Defined Ethnicity", lambda n: ["W1", "A1"][n % 2], lambda n: "")
    figure = figures(examined(tmp_path, d=lines))["suspect_ethnicity_missing"]
    assert figure.sentence == (
        "100% of named suspects have no known ethnicity (20 of 20). Its column is empty, or says not known, for each of "
        "them. Check that your system exports it."
    )


def test_a_birth_that_could_not_be_read_is_told_from_one_that_is_missing(tmp_path):
    """Nineteen victims have a date of birth, and the cell of one cannot be read."""
    lines = links("DOB", lambda n: "in spring" if n == 3 else f"0{1 + n % 9}/03/2011", lambda n: "04/05/1990")
    sentence = figures(examined(tmp_path, d=lines))["victim_age_missing"].sentence
    assert sentence.startswith("5% of victims have no known age at the offence (1 of 20).")
    assert sentence.endswith("1 cell of \u2018DOB\u2019 could not be read, and counts as not known.")


def test_days_without_hours_are_not_known_and_no_absent_records(tmp_path):
    """Every crime was recorded on the day after its report, and the extract has no hours: 24 hours may have passed."""
    lines = ["Crime Number,Date Reported,Date Recorded,Offence Code"]
    lines += [f"CR/{10000 + 7 * n}/25,{n % 27 + 1:02d}/05/2025,{n % 27 + 2:02d}/05/2025,22B" for n in range(N)]
    figure = figures(examined(tmp_path, d=lines))["recorded_within_24h"]
    assert figure.value == "Not known"
    assert figure.sentence == "Recorded within 24 hours of the report: not known for any of 20 crimes."
    assert figure.limit == "Without the hour, a crime recorded on the day after the report is not known."
