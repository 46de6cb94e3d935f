"""Are extracts of one row for each crime counted right, with victims in lists or the main victim alone?"""

from datetime import date

from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.extract_letter import first_corrections, summary

START = "Crime No,Recorded,Reported,Offence"
OFFENCES = ("Rape of a female child under 16", "Sexual grooming", "Kidnapping")


def checked(path, headings, rows):
    """An extract of forty crimes that repeats these cells."""
    lines = [
        f"CR/{number:05d}/25,{number % 28 + 1:02d}/05/2025 10:00,{number % 28 + 1:02d}/05/2025 09:00,"
        f"{OFFENCES[number % 3]},{rows[number % len(rows)]}"
        for number in range(40)
    ]
    path.write_text("\n".join([f"{START},{headings}", *lines, ""]), encoding="utf-8")
    sheets = read_sheets([path]).sheets
    plan = plan_split(sheets)
    tables = split_extract(sheets, plan)
    return examine_extract("extract", tuple(sheets), (), plan, tables, today=date(2026, 1, 1))


def test_victims_in_lists_with_slashes_are_as_many_as_the_crimes_state(tmp_path):
    """Of each four crimes one has two victims, one has three and one has none."""
    found = checked(
        tmp_path / "lists.csv",
        "No. Victims,Victim Age(s),Victim Gender(s),No. Suspects (named + unnamed)",
        ["1,15,F,1", "2,14 / n/k,F / M,2", "3,9 / 12 / 13,NK / F / F,Nil", "0,,,1"],
    )
    counts = found.counts.as_dict()
    assert (counts["victims"], counts["suspects"]) == (60, 40)
    assert counts["measures"]["victims_by_sex"] == {"F": 40, "M": 10, "not_known": 10}
    assert counts["measures"]["victims_by_age_band_at_offence"]["0-12"] == 20
    assert counts["measures"]["crimes_with_two_or_more_suspects"] == {"met": 10, "n": 40}
    assert not [kind for kind in found.implausible if "victims" in kind.description]


def test_the_main_victim_of_each_crime_is_one_victim_and_the_letter_says_how_many_are_missing(tmp_path):
    found = checked(
        tmp_path / "main.csv",
        "NO_OF_VICTIMS,MAIN_VIC_PERSON_NO,MAIN_VIC_AGE_AT_OFF_START_YRS,MAIN_VIC_SEX,MAIN_VIC_ETH_16+1",
        ["1,7704300,7,F,W1", "2,7703863,16 yrs,Fem,?", "1,7700509,13,M,A2", "1,7700510,12,F,W1"],
    )
    counts = found.counts.as_dict()
    assert counts["victims"] == 40
    assert counts["measures"]["victims_by_sex"] == {"F": 30, "M": 10}
    assert counts["measures"]["victim_ethnicity_missing"] == {"missing": 10, "n": 40}
    described = {kind.description: kind.count for kind in found.implausible}
    assert described["crimes state more victims than the extract describes"] == 10


def test_rows_of_markers_that_are_no_flags_are_counted_apart_and_not_called_unusable(tmp_path):
    crimes = [f"CR/{number:05d}/25,01/05/2025 10:00,01/05/2025 09:00,Kidnapping" for number in range(20)]
    (tmp_path / "crimes.csv").write_text("\n".join([START, *crimes, ""]), encoding="utf-8")
    flags = [f"CR/{number:05d}/25,{'Online Crime' if number % 2 else 'CSE'}" for number in range(20)]
    (tmp_path / "flags.csv").write_text("\n".join(["Crime No,Marker", *flags, ""]), encoding="utf-8")
    sheets = read_sheets([tmp_path]).sheets
    plan = plan_split(sheets)
    tables = split_extract(sheets, plan)
    found = examine_extract("extract", tuple(sheets), (), plan, tables, today=date(2026, 1, 1))
    assert found.counts.as_dict()["other_markers"] == {"online_crime": 10}
    assert "10 rows were set aside, because no question needs them." in summary(found)


def test_the_letter_says_that_the_number_of_suspects_is_not_known_where_crimes_do_not_state_it(tmp_path):
    """One crime in four leaves the number empty: ten of forty."""
    found = checked(tmp_path / "counts.csv", "No. Suspects,Suspect identified", ["1,Y", "2,Y", "0,N", ",N"])
    assert found.counts.as_dict()["suspects"] == "not known"
    assert any("because 10 crimes do not state it" in sentence for sentence in first_corrections(found))
