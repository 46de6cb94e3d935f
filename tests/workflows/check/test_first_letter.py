"""Does the first letter say what was not read, and count placeholders as missing, without a request to explain them?"""

import json
from datetime import date
from pathlib import Path

from checked_extracts import extract_table, plan_of

from assay.ingest.extracts.value_kinds_ethnicity import read_officer_defined, read_self_defined
from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.columns_to_confirm import results_for_programs
from assay.workflows.check.extract_check import check_extract, extract_title
from assay.workflows.check.extract_letter import first_corrections
from assay.workflows.check.extract_page import largest_gap, period_sentence, write_page
from assay.workflows.check.key_figures import key_figures
from workflows.check.test_analyst_layouts import crimes, measures
from workflows.check.test_identity_words import examined


def test_conventional_numbers_and_abbreviations_for_missing_are_missing_beside_codes(tmp_path):
    """Of each eight victims: five with a code, one 99, one N/R, and one 47, which no list knows."""
    cells = ["F,W1", "F,99", "M,N/R", "M,47", "F,A2", "F,B1", "M,W1", "F,M3"]
    found = examined(tmp_path, d=crimes("Victim sex,Victim self-defined ethnicity", cells))
    assert measures(found)["victim_ethnicity_missing"] == {"missing": 10, "n": 40, "not_known": 5}


def test_99_in_a_list_of_other_numbers_is_a_code_that_nobody_knows():
    assert read_self_defined(["W1", "A2", "99", "98"]) == ["W1", "A2", "", None]
    assert read_self_defined(["W1", "11", "12", "13", "99"]) == ["W1", None, None, None, None]
    assert read_self_defined(["99", "11"]) == [None, None]
    assert read_officer_defined(["IC1", "99"]) == ["IC1", ""]


def test_a_birth_on_1_january_1900_is_not_known_and_needs_no_explanation(tmp_path):
    found = examined(tmp_path, d=crimes("Victim sex,Victim DOB", ["F,03/04/2011", "F,01/01/1900"]))
    assert found.tables["involvements"].not_understood == {}
    assert found.tables["involvements"].rows["date_of_birth"].null_count == 20


def test_a_short_form_of_knife_is_a_marker_of_knife_crime(tmp_path):
    found = examined(tmp_path, d=crimes("Tags", ["CSE", "CSE+KNF", "KNF", "CSE"]))
    assert found.counts.as_dict()["other_markers"] == {"knife_crime": 20}
    assert measures(found)["cse_flagged"] == {"met": 30, "n": 40}


def test_an_offence_that_most_crimes_lack_is_what_is_missing_most(tmp_path):
    path = tmp_path / "crimes.csv"
    kinds = ("Sexual assault on a female", "Abuse of children through sexual exploitation")
    rows = [f"REF{n:04d}/25,{n % 28 + 1:02d}/05/2025,{kinds[n % 2]},15" for n in range(40)]
    path.write_text("\n".join(["Crime Number,Date Recorded,Offence Description,Outcome Code", *rows, ""]), "utf-8")
    found = check_extract([path], tmp_path / "out").extract
    gap = largest_gap(key_figures(found.counts, found.records))
    assert gap == "50% of crimes have no offence that could be identified (20 of 40 crimes)."
    (confirm,) = results_for_programs(found)["to_confirm"]
    assert (confirm["could_be"], confirm["cells"]) == (["20A", "20B"], 20)
    assert "20A or 20B" in (tmp_path / "out" / "index.html").read_text("utf-8")


def without_a_day(folder: Path) -> Path:
    """Forty crimes whose only day stands under a heading that nobody knows."""
    path = folder / "crimes.csv"
    rows = [f"REF{n:04d}/25,{n % 28 + 1:02d}/05/2025,71,15,R{n},S{n}" for n in range(40)]
    heading = "Crime Number,Zq day,Offence Code,Outcome Code,Zq rota,Zq shift"
    path.write_text("\n".join([heading, *rows, ""]), "utf-8")
    return path


def test_a_period_without_a_recognised_day_still_gives_all_files_and_names_the_unread_columns(tmp_path):
    result = check_extract([without_a_day(tmp_path)], tmp_path / "out", first=date(2025, 4, 1), last=date(2026, 3, 31))
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["index.html", "letter.html", "mapping.toml", "measures.json"]
    assert not result.usable
    sentence = first_corrections(result.extract)[0]
    assert sentence.startswith("No column was recognised as the day of recording or report")
    assert "it is not known which of 40 crimes are of the period, and none is counted. Not read: Zq day," in sentence
    assert period_sentence(result.extract) == sentence
    assert json.loads((tmp_path / "out" / "measures.json").read_text("utf-8"))["reasons"]["period"] == sentence


def test_where_no_date_can_be_read_and_no_crime_is_counted_no_measure_is_0_of_0(tmp_path):
    rows = [{"crime_ref": f"C{n}", "recorded_at": None, "offence_code": "71", "outcome_code": "15"} for n in range(40)]
    unread = {("recorded_at", "Date Recorded"): 40}
    tables = {"crimes": extract_table("crimes", rows, not_understood=unread)}
    period = {"first": date(2025, 4, 1), "last": date(2026, 3, 31), "today": date(2026, 4, 7)}
    found = examine_extract("an extract", (), (), plan_of(tables), tables, **period)
    results = results_for_programs(found)
    assert (results["crimes"], set(results["measures"].values())) == (0, {"cannot be asked"})
    assert "no crime was counted" in results["reasons"]["charged_share"]
    assert "no column gives" in results["reasons"]["victims_by_sex"]
    write_page(tmp_path / "index.html", found)
    assert "No crime was counted" in (tmp_path / "index.html").read_text("utf-8")
    (unanswered,) = [line for line in check_summary(found) if line.startswith("Cannot be answered from")]
    assert "Charged or summonsed; No outcome yet" in unanswered
    assert not any("0 of 0" in line for line in check_summary(found))


def test_an_extract_in_a_folder_is_called_one(tmp_path):
    (tmp_path / "in").mkdir()
    assert extract_title([tmp_path / "in"]) == "in the folder \u2018in\u2019"
    assert extract_title([tmp_path / "in" / "crimes.csv"]) == "crimes"
