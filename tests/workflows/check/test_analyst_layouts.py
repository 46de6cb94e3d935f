"""Are forms that analysts write read right: counts by sex, ages on another day, keys of persons, cut and mixed words?"""

import pytest

from assay.ingest.extracts.counted_sexes import counted_sexes
from assay.workflows.check.column_uses import column_uses
from assay.workflows.check.extract_letter import write_letter
from workflows.check.test_identity_words import HEADINGS, crime_cells, examined

N = 40


def crimes(heading, cells):
    """Forty crimes with further columns that repeat these cells."""
    return [f"{HEADINGS},{heading}", *(f"{crime_cells(n)},{cells[n % len(cells)]}" for n in range(N))]


def persons(heading, cells):
    """A list with one person for each crime."""
    return [
        f"Crime Number,{heading}",
        *(f"{crime_cells(n).partition(',')[0]},{cells[n % len(cells)]}" for n in range(N)),
    ]


def measures(extract):
    """The measures as `--json` prints them."""
    return extract.counts.as_dict()["measures"]


def waiting(extract):
    """The headings that wait for a person."""
    return [meaning.heading for _, _, meaning in extract.plan.waiting]


def test_victims_counted_by_sex_in_one_cell_are_as_many_persons(tmp_path):
    """Of each four crimes: one girl; two girls and a boy; nobody; one of unknown sex. So 5 victims in 4 crimes."""
    found = examined(
        tmp_path, d=crimes("Vics,Vic age grp(s)", ["1F,13-15", '2F 1M,"13-15, 13-15, n/k"', "nil,", "1U,n/k"])
    )
    assert found.counts.as_dict()["victims"] == 50
    assert measures(found)["victims_by_sex"] == {"F": 30, "M": 10, "not_known": 10}
    assert measures(found)["victims_by_age_band_at_offence"]["13-15"] == 30
    write_letter(tmp_path / "letter.html", found)
    letter = (tmp_path / "letter.html").read_text(encoding="utf-8")
    assert "Vics: read as the number of victims of each sex." in letter


def test_a_cell_that_is_no_count_by_sex_is_an_unread_victim_and_no_missing_one(tmp_path):
    """Thirty-nine crimes with one girl each, and one cell that nobody can read."""
    cells = ["1F"] * (N - 1) + ["several"]
    found = examined(tmp_path, d=crimes("Vics", cells))
    assert measures(found)["victims_by_sex"] == {"F": 39, "not_known": 1}
    assert sum(found.tables["involvements"].not_understood.values()) == 1


def test_columns_of_girls_and_boys_are_not_added_up_where_a_number_is_not_known(tmp_path):
    found = examined(tmp_path, d=crimes("F victims,M victims", ["1,", "n/k,1", "2,", ",1"]))
    assert found.counts.as_dict()["victims"] == "cannot be asked"


def test_columns_of_girls_and_boys_make_victims_and_a_list_of_ages_belongs_to_them(tmp_path):
    """Of each four crimes: a girl of 8 and a boy of 10; one girl of 15; one boy of 17; one of unknown sex and age."""
    cells = ["1,1,,8 & 10", "1,,,15", ",1,,17", ",,1,?"]
    found = examined(tmp_path, d=crimes('F victims,M victims,Sex n/k victims,"Age(s) at offence, yrs"', cells))
    assert found.counts.as_dict()["victims"] == 50
    assert measures(found)["victims_by_sex"] == {"F": 20, "M": 20, "not_known": 10}
    ages = measures(found)["victims_by_age_band_at_offence"]
    assert ages == {"0-12": 20, "13-15": 10, "16-17": 10, "18+": 0, "not_known": 10}


@pytest.mark.parametrize("headings", ["Adult F victims,Child F victims,M victims", "Girls,Child victims (F),Victims m"])
def test_a_column_that_counts_some_of_the_victims_is_no_number_of_victims(tmp_path, headings):
    found = examined(tmp_path, d=crimes(headings, ["1,,1", "1,1,2", "2,,2", ",1,1"]))
    assert found.counts.as_dict()["victims"] == "cannot be asked"


@pytest.mark.parametrize("further", ["Victim sex,Victim DOB", "Role,Sex"])
def test_counts_by_sex_make_no_second_persons_where_the_persons_have_columns_of_their_own(tmp_path, further):
    """Forty victims in forty rows: the counts of girls and boys beside them count the same victims."""
    cells = ["F,01/01/2010" if "DOB" in further else "Victim,F", "M,02/02/2011" if "DOB" in further else "Suspect,M"]
    lines = [f"{cell},{counts}" for cell, counts in zip(cells, ["1,", ",1"], strict=True)]
    found = examined(tmp_path, d=crimes(f"{further},F victims,M victims", lines))
    assert found.counts.as_dict()["victims"] == (40 if "DOB" in further else 20)


@pytest.mark.parametrize(
    ("cell", "sexes"),
    [("2F 1M", ["F", "F", "M"]), ("1 x female, 1 x male", ["F", "M"]), ("1U", ["not known"]), ("nil", []), ("0", [])],
)
def test_a_count_by_sex_gives_each_person_a_sex(cell, sexes):
    assert counted_sexes(cell) == sexes


@pytest.mark.parametrize("cell", ["15F", "F", "F 14", "2F of 3", "two", "1F 1X", "2"])
def test_an_age_beside_a_sex_or_another_word_is_no_count_by_sex(cell):
    assert counted_sexes(cell) is None


def test_ages_beside_a_letter_for_the_sex_are_no_counts(tmp_path):
    """'9F' is one girl of nine: as counts the cells would be nine girls, eight boys and seven girls."""
    found = examined(tmp_path, d=crimes("Victim(s)", ["9F", "8M", "7F", "6F"]))
    assert found.counts.as_dict()["victims"] in (40, "cannot be asked")


@pytest.mark.parametrize("heading", ["Age as at 1 April 2026", "Age (31/03/26)", "Age at year end"])
def test_an_age_on_a_day_of_the_calendar_is_no_age_at_the_offence(tmp_path, heading):
    found = examined(
        tmp_path,
        crimes=[HEADINGS, *map(crime_cells, range(N))],
        victims=persons(f"{heading},Victim sex", ["15,F", "16,M"]),
    )
    assert measures(found)["victims_by_age_band_at_offence"] == "cannot be asked"
    assert measures(found)["victims_by_sex"] == {"F": 20, "M": 20}


def test_stated_ages_that_contradict_dates_of_birth_are_not_used_without_a_date_of_birth(tmp_path):
    """30 victims born in 2010 are 15 in May 2025 and stated as 18; the ages of the 10 without a birth are not known."""
    cells = [("01/01/2010,18" if n % 4 else ",18") for n in range(N)]
    lines = [
        f"{HEADINGS},Offence From,Victim DOB,Victim Age",
        *(f"{crime_cells(n)},01/05/2025,{cells[n]}" for n in range(N)),
    ]
    found = examined(tmp_path, d=lines)
    assert measures(found)["victims_by_age_band_at_offence"] == {
        "0-12": 0,
        "13-15": 30,
        "16-17": 0,
        "18+": 0,
        "not_known": 10,
    }
    advice = [kind.advice for kind in found.implausible if "date of birth" in kind.description]
    assert len(advice) == 1
    assert advice[0].endswith("an age without a date of birth counts as not known.")


def test_a_time_right_behind_the_day_of_the_same_event_completes_it(tmp_path):
    """Reported at 09:00 on the day of the record at 10:00, however the two columns are headed."""
    lines = [
        "Crime Number,Offence Code,Day first reported to Marlow Fen Police,Clock time first reported (24h),Date Recorded"
    ]
    for n in range(N):
        reference, offence, _, recorded = crime_cells(n).split(",")
        day = recorded[:10]
        lines.append(f"{reference},{offence},{day},09:00,{recorded}")
    found = examined(tmp_path, d=lines)
    assert "Clock time first reported (24h)" not in waiting(found)
    assert measures(found)["recorded_within_24h"] == {"met": 40, "not_met": 0, "not_known": 0}


def test_the_number_of_groups_in_a_heading_is_no_number_of_a_person(tmp_path):
    """Forty suspects, half of them without an ethnicity: the five groups are no fifth suspect of each crime."""
    cells = ["1,Named,male,Asian or Asian British", "1,Named,female,(unknown)"]
    found = examined(
        tmp_path, crimes=[HEADINGS, *map(crime_cells, range(N))],
        suspects=persons("susp_seq,susp_status,susp_sex,susp_ethnic_group_5", cells),
    )  # fmt: skip
    assert found.counts.as_dict()["suspects"] == 40
    assert measures(found)["suspect_ethnicity_missing"] == {"missing": 20, "n": 40}
    assert measures(found)["crimes_with_two_or_more_suspects"] == {"met": 0, "n": 40}


def test_a_sheet_with_one_suspect_for_each_crime_is_no_list_that_explains_crime_numbers(tmp_path):
    """Forty crimes, each with one suspect, and a column whose heading speaks of a name."""
    found = examined(
        tmp_path, crimes=[HEADINGS, *map(crime_cells, range(N))],
        suspects=persons("susp_name_known,susp_sex", ["Named,male", "Not named,female"]),
    )  # fmt: skip
    assert found.counts.as_dict()["crimes"] == 40
    assert measures(found)["recorded_within_24h"] == {"met": 40, "not_met": 0, "not_known": 0}


def test_numbers_behind_a_fact_are_persons_where_another_heading_has_the_same_words(tmp_path):
    found = examined(tmp_path, d=crimes("Suspect sex,Suspect sex 2", ["M,F", "M,M", "F,M", "M,"]))
    assert found.counts.as_dict()["suspects"] == 70


def keyed_victims(tmp_path, key_of):
    """Forty victims, every second one a girl, each with a key of the system."""
    references = [crime_cells(n).partition(",")[0] for n in range(N)]
    found = [f"{references[n]},{key_of(n)},{'F' if n % 2 else 'M'}" for n in range(N)]
    lines = ["Crime Number,vict_uid,vict_sex", *found]
    return examined(tmp_path, crimes=[HEADINGS, *map(crime_cells, range(N))], victims=lines)


def test_a_system_key_that_recurs_with_the_same_sex_identifies_persons(tmp_path):
    """Keys of victims 0 to 19 recur in crimes 20 to 39: twenty persons are the victim of two crimes."""
    found = keyed_victims(tmp_path, lambda n: f"N88{n % 20:04d}")
    assert measures(found)["persons_victim_in_two_or_more_crimes"] == {"met": 20, "n": 20}


@pytest.mark.parametrize("key_of", [lambda n: f"N88{n:04d}", lambda n: f"H77{n // 2:04d}"])
def test_a_system_key_of_a_link_or_a_household_identifies_no_person(tmp_path, key_of):
    """The first never recurs; the second stands for a boy and for a girl."""
    found = keyed_victims(tmp_path, key_of)
    assert measures(found)["persons_victim_in_two_or_more_crimes"] == "cannot be asked"


MIXED = ["W1 - White British", "IC4 - Asian", "A2 - Pakistani", "NS - Not stated", "IC1 - White North European"]


def test_one_column_of_codes_of_the_person_or_else_of_the_officer_holds_both(tmp_path):
    """Of each five victims one did not state the ethnicity, and no officer saw one."""
    found = examined(
        tmp_path, d=crimes('Victim sex,"Victim ethnicity (self, else officer IC)"', [f"F,{word}" for word in MIXED])
    )
    assert measures(found)["victim_ethnicity_missing"] == {"missing": 8, "n": 40}
    assert not any("ethnicity" in heading for heading in waiting(found))


def test_a_label_of_ethnicity_that_is_not_understood_is_not_known_and_not_missing(tmp_path):
    """Of each eight victims six have a known ethnicity, one has none, and of one the label is of no list."""
    words = ["W1", "A2", "B1", "W1", "M1", "W9", "", "Lilac"]
    found = examined(tmp_path, d=crimes("Victim sex,Victim self-defined ethnicity", [f"F,{word}" for word in words]))
    assert measures(found)["victim_ethnicity_missing"] == {"missing": 5, "n": 40, "not_known": 5}
    assert found.tables["involvements"].not_understood == {("ethnicity_self", "Victim self-defined ethnicity"): 5}


def test_outcomes_whose_words_are_cut_short_are_read(tmp_path):
    words = ["CHARGED/SUMMONSED", "EVID DIFF - SUSP ID - VICTIM SUPPORTS", "INV COMPLETE - NO SUSP ID", "OPEN"]
    found = examined(tmp_path, d=crimes("Disposal", words))
    assert measures(found)["outcome_mix"] == {"1": 10, "15": 10, "18": 10, "NOA": 10}


def test_one_unknown_word_in_a_column_of_bare_outcome_numbers_is_not_known_and_costs_nothing_else(tmp_path):
    numbers = ["1", "14", "15", "16", "18", "18", "21", "Zzq"]
    found = examined(tmp_path, d=crimes("Disposal", numbers))
    assert measures(found)["outcome_mix"] == {"1": 5, "14": 5, "15": 5, "16": 5, "18": 10, "21": 5, "not_known": 5}


def test_a_matrix_of_flags_lists_flagged_crimes_alone_under_cut_headings(tmp_path):
    """Crimes 0 to 19 stand in the matrix, every second of them with the flag for child sexual exploitation."""
    references = [crime_cells(n).partition(",")[0] for n in range(20)]
    rows = [f"{reference},{'1' if n % 2 else '0'},{'0' if n % 2 else '1'}" for n, reference in enumerate(references)]
    lines = ["Crime Number,QLF_CHILD_SEX_EXPLTN,QLF_DOMESTIC_ABUSE", *rows]
    found = examined(tmp_path, crimes=[HEADINGS, *map(crime_cells, range(N))], matrix=lines)
    assert found.counts.as_dict()["flags"] == 10
    assert measures(found)["cse_flagged"]["met"] == 10
    assert found.counts.as_dict()["other_markers"] == {"domestic_abuse": 10}


@pytest.mark.parametrize("birth", ["IP_DoB", "IP D of B", "IP D.o.B"])
def test_victims_whose_sheet_calls_them_injured_parties_have_sex_and_birth(tmp_path, birth):
    cells = ["Girl/Woman,05/05/2010", "Boy/Man,05/05/2010", "not rec'd,05/05/2010", "girl/woman,"]
    lines = [f"{HEADINGS},Offence From", *(f"{crime_cells(n)},01/05/2025" for n in range(N))]
    found = examined(tmp_path, crimes=lines, IPs=persons(f"IP_Sex,{birth}", cells))
    assert measures(found)["victims_by_sex"] == {"F": 20, "M": 10, "not_known": 10}
    assert measures(found)["victims_by_age_band_at_offence"]["13-15"] == 30
    uses = {use.heading: use.use for sheet in found.sheets for use in column_uses(found, sheet)}
    assert (uses["IP_Sex"], uses[birth]) == ("used", "used")
