"""Do headings that name a person, a number of persons or a flag in unusual words mean what an analyst means by them?"""

import pyarrow as pa
import pytest

from assay.ingest.extracts.column_recognition import recognise_columns
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract

OFFENCES = ["Rape of a female child under 16", "Sexual grooming", "Kidnapping"]


def extract(**columns):
    """A sheet of thirty crimes with these columns, each given by the few cells that it repeats."""
    crimes = {
        "Crime No": [f"CR/{number:05d}/25" for number in range(30)],
        "Date Recorded": [f"{number % 28 + 1:02d}/05/2025 10:00" for number in range(30)],
        "Offence": OFFENCES,
    }
    cells = {
        name: [values[number % len(values)] or None for number in range(30)]
        for name, values in (crimes | columns).items()
    }
    return Sheet("crimes.csv", "", pa.table(cells), pa.array(range(2, 32), pa.int64()))


def best(**column):
    """The most probable meaning of a column with its probability."""
    (heading,) = column
    found = [candidate for candidate in recognise_columns(extract(**column)) if candidate.heading == heading]
    return (f"{found[0].table}.{found[0].column}", found[0].probability) if found else ("", 0.0)


def tables(**columns):
    """The tables that are made from the crimes with these columns."""
    sheets = [extract(**columns)]
    return split_extract(sheets, plan_split(sheets))


@pytest.mark.parametrize("heading", ["MAIN_VIC_ETH_16+1", "Main victim ethnicity (16 + 1)", "Vic Eth 16_plus_1"])
def test_sixteen_plus_one_is_no_number_of_a_person(heading):
    found = heading_words(heading)
    assert "sixteen_plus_one" in found.words
    assert (found.role, found.block) == ("victim", 0)


def test_the_start_of_the_offence_beside_a_victim_is_no_offender():
    assert heading_words("MAIN_VIC_AGE_AT_OFF_START_YRS").role == "victim"
    meaning, probability = best(MAIN_VIC_AGE_AT_OFF_START_YRS=[str(age) for age in range(8, 18)])
    assert meaning == "involvements.age_at_offence"
    assert probability >= 0.9


@pytest.mark.parametrize("heading", ["SUSP_CNT_INCL_UNNAMED", "No. Suspects (named + unnamed)", "No. suspects"])
def test_a_number_of_suspects_with_the_unnamed_is_that_of_all(heading):
    meaning, probability = best(**{heading: ["1", "2", "Nil", "1", "3"]})
    assert meaning == "crimes.suspect_count"
    assert probability >= 0.9


@pytest.mark.parametrize("heading", ["Unnamed suspects", "Female victims", "Victims aged 13-15", "Victims under 13"])
def test_a_number_of_some_persons_is_not_that_of_all_and_no_age(heading):
    assert best(**{heading: ["0", "1", "0", "2", "0", "1", "3"]})[1] < 0.9


def test_a_number_of_named_suspects_says_whether_one_is_known():
    crimes = tables(NO_NAMED_SUSPECTS=["0", "1", "2"])["crimes"].rows
    assert crimes["suspect_identified"].to_pylist()[:3] == ["no", "yes", "yes"]


def test_no_suspects_in_words_is_a_number():
    assert tables(**{"No. suspects": ["Nil", "1", "two"]})["crimes"].rows["suspect_count"].to_pylist()[:3] == [0, 1, 2]


def test_columns_of_one_victim_with_a_stray_number_make_one_victim():
    """'Victim 1 ethnicity' beside 'Victim sex' speaks of the same victim, of whom there is no second."""
    persons = tables(**{"Victim sex": ["F", "M"], "Victim 1 ethnicity": ["W1", "A2", "B1"]})["involvements"].rows
    assert persons.num_rows == 30
    assert persons["sex"].null_count == persons["ethnicity_self"].null_count == 0


def test_a_column_without_a_number_beside_two_victims_speaks_of_the_first():
    columns = {"Victim ethnicity": ["W1", "A2"], "Victim 1 sex": ["F", "M"], "Victim 2 sex": ["F", ""]}
    persons = tables(**columns)["involvements"].rows
    assert persons.num_rows == 30 + 15
    assert persons["ethnicity_self"].null_count == 15


def test_a_second_victim_beside_columns_without_a_number_is_another_victim():
    """Of thirty crimes each second has a second victim, whose columns hold other facts than those of the first."""
    columns = {"Victim age": ["9", "15"], "Victim sex": ["M", "F"], "Victim 2 ethnicity": ["B1", ""]}
    persons = tables(**columns)["involvements"].rows
    assert persons.num_rows == 30 + 15
    assert persons["sex"].null_count == 15


@pytest.mark.parametrize("heading", ["Child Criminal Exploit.", "Child Crim. Expl. Y/N", "CCE marker"])
def test_a_flag_with_a_short_name_in_its_heading_is_read(heading):
    flags = tables(**{heading: ["X", "", ""]})["flags"].rows
    assert flags["flag"].to_pylist() == ["cce"] * 10


def test_a_column_of_one_flag_may_hold_its_name_or_nothing():
    assert tables(**{"CSE marker": ["CSE", ""]})["flags"].rows["flag"].to_pylist() == ["cse"] * 15


def test_two_flags_with_a_comma_are_two_although_their_words_name_another_marker():
    columns = {"Crime flags": ["Online, CSA", "Online", "CSA", "Online, CSE", "CSE, CSA"]}
    flags = tables(**columns)["flags"].rows["flag"].to_pylist()
    assert (flags.count("csa"), flags.count("cse")) == (18, 12)


def test_a_code_of_sex_is_read_where_other_cells_of_the_column_explain_it():
    persons = tables(**{"Victim sex": ["2 Female", "2", "1 Male", "1", "0 Unknown", "Unk."]})["involvements"]
    found = persons.rows["sex"].to_pylist()
    assert (found.count("F"), found.count("M"), found.count(None)) == (10, 10, 10)
    assert sum(persons.not_understood.values()) == 0


def test_two_ethnicities_in_one_cell_are_not_the_first_of_them():
    found = tables(**{"Victim ethnicity": ["W1 (White British) & A2 (Pakistani)", "W1", "A2", "B1", "W2", "W1"]})
    persons = found["involvements"]
    assert persons.rows["ethnicity_self"].null_count == 5
    assert sum(persons.not_understood.values()) == 5


def test_a_time_that_a_spreadsheet_stores_as_a_fraction_completes_its_date():
    times = ["0.5902777778", "0.25", "0.7083333333", "0.4375", "0.0416666667"]
    crimes = tables(**{"Reported Date": ["01/05/2025"], "Reported Time": times})["crimes"].rows
    assert [moment.strftime("%H:%M") for moment in crimes["reported_at"].to_pylist()[:5]] == [
        "14:10", "06:00", "17:00", "10:30", "01:00",
    ]  # fmt: skip


def test_outcomes_are_read_beside_words_that_may_mean_several():
    outcomes = tables(Disposal=["Charged", "NFA", "15", "Still open", "16"])["crimes"]
    assert outcomes.rows["outcome_code"].to_pylist()[:5] == ["1", None, "15", "NOA", "16"]
    assert sum(outcomes.not_understood.values()) == 6


@pytest.mark.parametrize(
    "heading", ["Vic age at offence (yrs) if DoB not held", "VIC_AGE_AT_OFFENCE_IF_DOB_UNKNOWN", "Vic age at offence"]
)
def test_an_age_at_the_offence_where_no_birth_is_held_is_one_at_the_offence(heading):
    meaning, probability = best(**{heading: [str(age) for age in range(8, 18)]})
    assert meaning == "involvements.age_at_offence"
    assert probability >= 0.9


def test_a_heading_of_one_thing_or_another_keeps_its_condition():
    assert {"if", "not", "known"} <= set(heading_words("Age at offence, or now if DoB not known").words)


@pytest.mark.parametrize(
    ("heading", "word"), [("Outcome where suspect not known", "suspect"), ("Victims if age not recorded", "age")]
)
def test_a_condition_of_anything_but_the_date_of_birth_is_kept(heading, word):
    assert word in heading_words(heading).words


@pytest.mark.parametrize(("days_after", "is_used"), [(0, True), (3, False)])
def test_an_initial_contact_is_the_report_only_where_it_never_follows_the_record(days_after, is_used):
    """The crimes are recorded on day 1 to 28 of May, at ten; the contact is on the same day at eight, or 3 days later."""
    days = [f"{(number % 28 + 1) + days_after:02d}/05/2025 08:00" for number in range(30)]
    found = [c for c in recognise_columns(extract(INITIAL_CONTACT_DATE_TIME=days)) if c.column == "reported_at"]
    assert [c.probability >= 0.9 for c in found] == [is_used]


@pytest.mark.parametrize(
    ("heading", "word", "role"),
    [
        ("PRSN_SELF_DEF_ETHN", "self", ""), ("Prsn_Off_Def_Ethn", "officer", ""), ("IP_SDF_DEF_ETHN", "self", "victim"),
        ("OFF_DEF_ETHN_SUSP", "officer", "suspect"), ("DEF_ETHN", "ethnicity", "suspect"),
    ],
)  # fmt: skip
def test_def_behind_self_or_officer_is_no_defendant_also_between_underscores(heading, word, role):
    found = heading_words(heading)
    assert (word in found.rest, found.role) == (True, role)


@pytest.mark.parametrize("heading", ["Mrkd CSE", "Mrkr CSE", "CSE Flgs"])
def test_a_flag_beside_an_abbreviated_word_for_marker_is_read(heading):
    assert best(**{heading: ["Y", ""]})[0] == "flags.flag"
