"""Does a check name the columns that it read for a need which their heading does not name?"""

from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.columns_to_verify import columns_to_verify
from assay.workflows.check.extract_check import check_extract
from assay.workflows.check.extract_letter import write_letter
from assay.workflows.check.extract_page import write_page
from workflows.check.test_analyst_layouts import crimes
from workflows.check.test_identity_words import examined

OUTCOMES = ["Charged", "Under investigation", "Community resolution", "Evidential difficulties suspect identified"]


def sentences(tmp_path, headings, cells):
    return [column.sentence for column in columns_to_verify(examined(tmp_path, d=crimes(headings, cells)))]


def test_an_outcome_that_is_read_from_a_status_is_to_be_verified_everywhere(tmp_path):
    found = examined(tmp_path, d=crimes("Status", OUTCOMES))
    sentence = "\u2018Status\u2019 was read as the outcome of the crime: its heading may mean it."
    assert [column.sentence for column in columns_to_verify(found)] == [sentence]
    assert f"  {sentence}" in check_summary(found)
    write_page(tmp_path / "page.html", found)
    write_letter(tmp_path / "letter.html", found)
    assert sentence in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert (
        "The outcome of the crime"
        in (tmp_path / "letter.html").read_text(encoding="utf-8").partition("verify-table")[2]
    )


def test_a_column_whose_heading_names_the_need_is_not_to_be_verified(tmp_path):
    assert sentences(tmp_path, "Outcome", OUTCOMES) == []


def test_ethnicity_is_to_be_verified_where_only_an_officer_defined_it(tmp_path):
    officer, complete = ["F,IC1", "M,IC3", "F,IC4"], ["F,IC1,W1", "M,IC3,B1", "F,IC4,A2"]
    headings = "Victim Sex,Victim Officer Defined Ethnicity"
    assert sentences(tmp_path, headings, officer) == [
        "\u2018Victim Officer Defined Ethnicity\u2019 was read as the ethnicity of the victim as an officer saw it: no "
        "column has the self-defined ethnicity."
    ]
    (tmp_path / "second").mkdir()
    assert sentences(tmp_path / "second", f"{headings},Victim Self Defined Ethnicity", complete) == []


def test_a_column_that_a_person_wrote_into_the_mapping_is_verified_already(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("\n".join(crimes("Status", OUTCOMES)), encoding="utf-8")
    first = check_extract([path], tmp_path / "first")
    second = check_extract([path], tmp_path / "second", mapping=first.mapping)
    assert [len(columns_to_verify(found.extract)) for found in (first, second)] == [1, 0]
