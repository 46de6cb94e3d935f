"""Are the words that police systems write into cells read as the values of the contract, and others left unread?"""

from datetime import datetime

import pyarrow as pa
import pytest

from assay.ingest.extracts.column_profiles import column_profile
from assay.ingest.extracts.value_kinds_coded import read_forces, read_roles, read_sexes, read_yes_no
from assay.ingest.extracts.value_kinds_dates import find_date_form, read_moments
from assay.ingest.extracts.value_kinds_ethnicity import read_officer_defined, read_self_defined
from assay.ingest.extracts.value_kinds_flags import flag_of_heading, read_flag_cell, read_flag_column
from assay.ingest.extracts.value_kinds_lists import read_nationalities, read_suspects_known_as
from assay.ingest.extracts.value_kinds_offences import possible_offences, read_offences
from assay.ingest.extracts.value_kinds_outcomes import read_outcomes
from assay.ingest.extracts.value_kinds_persons import read_age_bands, read_ages, read_full_names, read_references

pytestmark = pytest.mark.quick
NOT_UNDERSTOOD = None


@pytest.mark.parametrize("text", ["20A", "020A", "20a", "20A/05", "Class 20A", "20 A", "20-A"])
def test_a_code_with_its_letter_is_read_in_every_notation(text):
    assert read_offences([text]) == ["20A"]


@pytest.mark.parametrize("text", ["71/08", "071/08", "07108", "7108", "071", "71", "HO 71/08", "071/17 - anything"])
def test_a_class_that_is_not_divided_is_read_with_any_sub_code(text):
    assert read_offences([text]) == ["71"]


@pytest.mark.parametrize("text", ["20/05", "020/05", "2005", "02005", "019/08", "17/13", "20", "019", "20 - Sexual"])
def test_a_sub_code_of_a_divided_class_is_not_understood(text):
    assert read_offences([text]) == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("020/05 - Sexual assault on a female aged 13 and over", "20A"),
        ("022/17 Sexual activity involving child under 16", "22B"),
        ("Rape of female under 16 [19D]", "19D"),
        ("88A: SEXUAL GROOMING", "88A"),
        ("Kidnapping (036/01)", "36"),
    ],
)
def test_a_title_beside_a_code_settles_its_part(text, code):
    assert read_offences([text]) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "19E Rape of a female aged under 16",
        "017/15 - Sexual assault on a female aged 13 and over",
        "71 - Kidnapping",
        "20B (Sexual assault on a female aged 13 and over)",
        "19C Sexual assault on a female",
        "17A Sexual assault on a female",
        "19J Rape of a male",
        "71 Rape of a female",
    ],
)
def test_a_code_and_a_title_that_contradict_each_other_are_not_understood(text):
    assert read_offences([text]) == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SEXUAL ASSAULT ON A FEMALE AGED 13 AND OVER", "20A"),
        ("Sexual assault on a female aged 13 or over (S3, SOA 2003)", "20A"),
        ("Sexual Assault Female 13+", "20A"),
        ("Assault of a female child under 13 by penetration", "20B"),
        ("Rape of a male child under 13 by a male", "19H"),
        ("Rape of a Female aged under 16 (Sec 1 SOA 2003)", "19D"),
        ("Attempted rape of a female aged 16 or over", "19C"),
        ("Rape of a Female - multiple undefined offenders", "19J"),
        ("abuse of children through sexual exploitation.", "71"),
        ("Causing or inciting a female child under 13 to engage in sexual activity", "21"),
        ("Theft from the person", "39"),
        ("Causing a male person to engage in sexual activity without consent - penetration", "22A"),
        ("Meeting a female child following sexual grooming", "88A"),
        ("Abuse of position of trust: sexual activity with a child", "73"),
        ("Possession of an indecent photograph of a child", "86"),
        ("Obscene publications etc and protected sexual material", "86"),
        ("Publications - obscene, and other material", "86"),
    ],
)
def test_an_official_title_is_read_whatever_its_case_and_punctuation(text, code):
    assert read_offences([text]) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Rape",
        "Sexual assault",
        "Sexual offences",
        "Rape of a female",
        "Engage in sexual communication with a child",
        "Sexual assault on a female",
        "SEXUAL ASSAULT OF A MALE (S3, SOA 2003)",
        "Sexual assault on a girl",
        "Sexual assault on a female by penetration",
        "Sexual assault on a female aged 12",
        "20 - Sexual assault on a female",
        "020/05 Sexual assault on a female",
        "Fraud by abuse of position of trust",
        "NP/20",
        "12/345/24",
    ],
)
def test_a_title_that_does_not_state_what_divides_its_class_is_not_understood(text):
    assert read_offences([text]) == [NOT_UNDERSTOOD]


@pytest.mark.parametrize("text", ["9A Public order", "9A - Public order", "Public order (9A)"])
def test_a_code_beside_two_words_of_a_longer_title_of_another_class_counts(text):
    assert read_offences([text]) == ["9A"]


@pytest.mark.parametrize("text", ["20A Rape of a female", "9A Sexual assault on a female", "Rape of a male (20B)"])
def test_a_code_beside_a_title_of_another_class_without_its_parts_is_not_understood(text):
    assert read_offences([text]) == [None]


@pytest.mark.parametrize("text", ["20A Sexual assault on a female", "Sexual assault on a female (20A)"])
def test_a_code_beside_a_title_of_several_codes_counts(text):
    assert read_offences([text]) == ["20A"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Sexual assault on a female", ("20A", "20B")),
        ("Sexual Assault: male", ("17A", "17B")),
        ("Assault of a female child by penetration", ("20A", "20B")),
        ("Rape of a male child", ("19F", "19G", "19H", "19K")),
        ("020/05", ("20A", "20B")),
        ("20 - Sexual assault on a female", ("20A", "20B")),
        ("17/13 Sexual assault", ("17A", "17B")),
    ],
)
def test_a_cell_that_fits_several_codes_could_be_each_of_them(text, codes):
    assert possible_offences(text) == codes


@pytest.mark.parametrize(
    "text", ["20A", "71/08", "Sexual assault on a female aged 13 and over", "Kidnapping", "Unknown", "Zzexample", "",
             "19C Sexual assault on a female", "20B (Sexual assault on a female aged 13 and over)"]
)  # fmt: skip
def test_a_cell_of_one_code_or_of_none_leaves_no_choice(text):
    assert possible_offences(text) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ASSAULT ON A FEMALE AGED 13 OR OVER BY PENET", "20A"), ("Sexual activity with a child under 16 - offe", "22B"),
        ("ASSAULT OF A MALE CHILD UNDER 13 BY PENETRAT", "17B"),
        ("Causing a person to engage in sexual assau", NOT_UNDERSTOOD),
        ("Rape of a female child under 13 unfounded", NOT_UNDERSTOOD),
        ("Rape of a female child under 13 nfa", NOT_UNDERSTOOD), ("Rape of a female child under 13 nc", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_a_title_that_a_system_cut_is_read_if_every_ending_names_one_offence(text, code):
    assert read_offences([text]) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("15", "15"), ("015", "15"), ("15.0", "15"), ("1a", "1A"), ("01A", "1A"), ("0", "NOA"), ("OC 16", "16"),
        ("Type 15 - Evidential difficulties", "15"), ("Outcome 18: Investigation complete", "18"),
        ("HO Outcome Type 8", "8"), ("Charged/Summonsed (1)", "1"), ("Charged/Summonsed", "1"),
        ("Charge / Postal Requisition", "1"), ("Under investigation", "NOA"), ("Not yet assigned", "NOA"),
        ("UNDET - under investigation", "NOA"), ("Community Resolution", "8"), ("Caution - Youth", "2"),
        ("Evidential difficulties: suspect identified; victim supports action", "15"),
        ("Investigation complete - no suspect identified", "18"), ("22. Diversionary activity", "22"),
        ("Suspect Identified; Victim supports police action; evidential difficulties", "15"),
        ("Prosecution prevented - named suspect identified but is too ill to prosecute", "12"),
        ("Evidential difficulties victim based - named suspect not identified", "14"),
        ("No outcome assigned (under investigation)", "NOA"), ("U/I", "NOA"), ("None yet", "NOA"),
        ("Open \u2013 not yet cleared", "NOA"), ("Under Enquiry", "NOA"), ("EVID DIFF - SUSP ID - VICTIM SUPPORTS", "15"),
        ("NOT PUB INT - FURTHER INVESTIGATION (POLICE)", "21"), ("INV COMP - SUSP NOT ID", "18"),
        ("FURTHER ACTION BY OTHER AGENCY", "20"), ("YTH CAUTION", "2"),
        ("22 - Deferred prosecution", "22"), ("23: deferred prosecution", "23"), ("Diversionary activity", "22"),
        ("Unknown", ""), ("-", ""),
    ],
)  # fmt: skip
def test_an_outcome_is_read_by_number_by_label_or_by_both(text, code):
    assert read_outcomes([text]) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "18 - Charged",
        "15 - Deferred prosecution",
        "Deferred prosecution",
        "Deferred prosecution - diversionary activity",
        "24",
        "Not in the public interest",
        "NFA",
        "Filed",
        "Out-of-court (formal)",
        "EVID DIFF",
        "SUSP ID",
        "Not chgd",
        "21-APR-2025",
        "1/4/2024",
    ],
)
def test_an_outcome_that_contradicts_itself_or_covers_several_codes_is_not_understood(text):
    assert read_outcomes([text]) == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("W1", "W1"), ("w1 - White British", "W1"), ("White British (W1)", "W1"), ("White - British", "W1"),
        ("Asian or Asian British - Pakistani", "A2"), ("Asian/Asian British: Pakistani", "A2"), ("Mixed - White & Asian", "M3"), ("Chinese", "A4"), ("O1", "A4"),
        ("Not stated", "NS"), ("NS", "NS"), ("Unknown", ""), ("N/K", ""), ("U", ""), ("White", "WX"), ("ASIAN / ASIAN BRITISH", "AX"),
        ("Black, Black British, Caribbean or African", "BX"), ("Mixed", "MX"), ("Other", "OX"),
    ],
)  # fmt: skip
def test_a_self_defined_ethnicity_is_read_by_code_or_label(text, code):
    assert read_self_defined([text]) == [code]


@pytest.mark.parametrize("text", ["B1 - African", "W5", "White or Asian"])
def test_a_contradiction_is_no_self_defined_ethnicity(text):
    assert read_self_defined([text]) == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IC1", "IC1"),
        ("ic 4", "IC4"),
        ("3", "IC3"),
        ("IC 3 - Black", "IC3"),
        ("White North European", "IC1"),
        ("9", "IC9"),
        ("0 Unknown", "IC0"),
        ("U", ""),
        ("White", "ICW"),
        ("Mixed", "ICM"),
    ],
)
def test_an_officer_defined_ethnicity_is_read_by_code_or_label(text, code):
    assert read_officer_defined([text]) == [code]


@pytest.mark.parametrize("text", ["7", "IC7", "4 - Black"])
def test_a_number_that_systems_use_differently_is_not_understood(text):
    assert read_officer_defined([text]) == [NOT_UNDERSTOOD]


def test_a_role_in_one_word_with_whether_the_person_is_known_is_read():
    texts = ["UVIC", "UNKSUSP", "SUSPUNK", "VICID", "UNDEF", "UID", "UNIT"]
    assert read_roles(texts) == ["victim", "suspect", "suspect", "victim", None, None, None]


def test_roles_are_read_in_words_and_abbreviations():
    texts = [
        "VIC",
        "Aggrieved",
        "IP",
        "Suspect 2",
        "Offender(1)",
        "DEF - Defendant",
        "Witness",
        "Informant",
        "Suspect (eliminated)",
        "blue",
    ]
    roles = ["victim", "victim", "victim", "suspect", "suspect", "suspect", "witness", "", "", NOT_UNDERSTOOD]
    assert read_roles(texts) == roles


def test_two_words_for_one_sex_are_that_sex_and_words_for_both_are_not_read():
    assert read_sexes(["Girl/Woman", "boy/man", "not rec'd", "Boy/Girl"]) == ["F", "M", "", NOT_UNDERSTOOD]


def test_numbers_are_a_sex_only_where_the_column_holds_no_other_words():
    assert read_sexes(["1", "2", "9"]) == ["M", "F", ""]
    assert read_sexes(["1", "2", "7"]) == [NOT_UNDERSTOOD] * 3
    assert read_sexes(["F - Female", "Male (M)", "MALE", "U"]) == ["F", "M", "M", ""]


def test_yes_and_no_are_read_in_the_ways_in_which_they_are_ticked():
    assert read_yes_no(["Y", "No", "TRUE", "0", "Y - Yes", "Unknown", "maybe"]) == [
        "yes", "no", "yes", "no", "yes", "", NOT_UNDERSTOOD,
    ]  # fmt: skip


def test_a_force_is_read_by_name_and_abbreviation():
    assert read_forces(["Met", "GMP", "Kent Police", "Devon & Cornwall", "Ruritania"]) == [
        "E23000001", "E23000005", "E23000032", "E23000035", NOT_UNDERSTOOD,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("CSE; CSA; CCE", ("cse", "csa", "cce")), ("CSE/CSA", ("cse", "csa")), ("CSE CSA", ("cse", "csa")),
        ("DA, CSE", ("cse",)), ("[CSE][CSA]", ("cse", "csa")), ("Domestic Abuse | Child Sexual Abuse", ("csa",)), ("CSE (confirmed)", ("cse",)),
        ("CSE - Child Sexual Exploitation", ("cse",)), ("Not CSE", ()), ("Knife", ()), ("None", ()),
        ("Something odd", NOT_UNDERSTOOD), ("CSE?", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_flags_are_read_from_a_cell_with_any_separator_and_other_keywords_are_passed_over(text, flags):
    assert read_flag_cell(text) == flags


def test_a_heading_names_the_flag_of_its_yes_and_no():
    assert [flag_of_heading(text) for text in ("CSE Flag Y/N", "cseRelated", "Flagged as CSE?")] == ["cse"] * 3
    assert [flag_of_heading(text) for text in ("chkCSE", "blnCSE", "CSE_CHECKBOX")] == ["cse"] * 3
    assert flag_of_heading("Child Criminal Exploitation") == "cce"
    assert [flag_of_heading(f"QLF_CHILD_{text}") for text in ("SEX_EXPLTN", "SEX_ABUSE", "CRIM_EXPLTN")] == [
        "cse",
        "csa",
        "cce",
    ]
    assert flag_of_heading("Hate Flag") == ""
    assert read_flag_column(["Y", "N", "", "maybe"], "cse") == ["cse", "", "", NOT_UNDERSTOOD]


def test_ages_and_bands_are_whole_years():
    assert read_ages(["14", "14 yrs", "9 months", "N/K", "13-15", "140"]) == [
        "14",
        "14",
        "0",
        "",
        NOT_UNDERSTOOD,
        NOT_UNDERSTOOD,
    ]
    assert read_age_bands(["13 to 15", "under 13", "18 and over", "16/17", "Adult", "N/K", "x"]) == [
        "13-15", "0-12", "18+", "16-17", "18+", "", NOT_UNDERSTOOD,
    ]  # fmt: skip


def test_how_much_is_known_of_a_suspect_is_read_in_words():
    assert read_suspects_known_as(["Named", "Description only", "Not identified"]) == [
        "named",
        "described",
        "nothing_known",
    ]


def test_other_kinds_leave_what_they_are_not():
    assert read_nationalities(["British", "POL", "Elvish"]) == ["GBR", "POL", NOT_UNDERSTOOD]
    assert read_full_names(["SMITH, Anna", "Smith", "12 High Road"]) == ["SMITH, Anna", NOT_UNDERSTOOD, NOT_UNDERSTOOD]
    assert read_references(["42/00123/24", "a sentence about the 3 of them", "unknown"]) == [
        "42/00123/24",
        NOT_UNDERSTOOD,
        "",
    ]


def moments(texts: list[str], form: str) -> list[datetime | None]:
    return read_moments(texts, form)[0].to_pylist()


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["03/04/2024 09:15", "25/12/2023 23:59"], "DD/MM/YYYY HH:MM"),
        (["04/25/2024", "01/02/2024"], "MM/DD/YYYY"),
        (["2024-03-01T10:00:00Z"], "YYYY-MM-DDTHH:MM:SSZ"),
        (["12-Mar-2024", "1-Apr-2024"], "DD-MMM-YYYY"),
        (["03.04.24"], "DD.MM.YY"),
        (["09:30", "9.30pm"], "HH:MM"),
        (["20240301"], "YYYYMMDD"),
        (["N0001", "N0002"], ""),
        (["20/03", "19/08"], ""),
        (["42/00123/24"], ""),
    ],
)
def test_the_form_of_dates_is_found_for_the_column(texts, form):
    assert find_date_form(texts).form == form


def test_one_cell_above_twelve_decides_the_order_of_all():
    assert moments(["03/04/2024", "25/12/2023"], find_date_form(["03/04/2024", "25/12/2023"]).form)[0] == datetime(
        2024, 4, 3
    )
    assert moments(["03/04/2024", "12/25/2023"], find_date_form(["03/04/2024", "12/25/2023"]).form)[0] == datetime(
        2024, 3, 4
    )


def test_without_such_a_cell_the_day_is_first_unless_other_columns_show_the_month_first():
    mixed = ["2024-05-01", "2024-05-02", "2024-05-03", "25.04.24"]
    assert moments(mixed, find_date_form(mixed).form)[-1] == datetime(2024, 4, 25)
    open_order = find_date_form(["03/04/2024"])
    assert (open_order.form, open_order.is_order_shown) == ("DD/MM/YYYY", False)
    assert find_date_form(["03/04/2024"], default_order="MM").form == "MM/DD/YYYY"


def test_a_serial_number_is_a_date_only_where_the_heading_says_so():
    assert find_date_form(["45321", "45321.5"]).form == ""
    assert find_date_form(["45321", "45321.5"], expect_serials=True).form == "EXCEL"
    assert moments(["45321", "45321.5"], "EXCEL") == [datetime(2024, 1, 30), datetime(2024, 1, 30, 12)]


def test_clocks_of_twelve_hours_zones_and_names_of_months_are_read():
    texts = [
        "14/03/2024 9:05 pm",
        "Tue 12th March 2024 14.05 hrs",
        "2024-07-01T10:00:00Z",
        "31/02/2024",
        "12MAR2024:10:00:00",
    ]
    assert moments(texts, "DD/MM/YYYY HH:MM") == [
        datetime(2024, 3, 14, 21, 5), datetime(2024, 3, 12, 14, 5), datetime(2024, 7, 1, 11), None, datetime(2024, 3, 12, 10),
    ]  # fmt: skip


def test_a_year_of_two_digits_is_never_in_the_future():
    assert [moment.year for moment in moments(["01/02/09", "01/02/75"], "DD/MM/YY") if moment] == [2009, 1975]


def test_a_column_of_midnights_alone_holds_days():
    assert read_moments(["03/04/2024 00:00", "04/04/2024 00:00"], "DD/MM/YYYY HH:MM")[1].to_pylist() == [True, True]
    assert read_moments(["03/04/2024 00:00", "04/04/2024 09:00"], "DD/MM/YYYY HH:MM")[1].to_pylist() == [False, False]


def test_a_column_with_a_note_of_millions_of_letters_is_judged_by_its_beginning():
    cells = pa.chunked_array([["officer visited, and noted " * 400_000, "Female", "Male"]])
    profile = column_profile("Notes", cells)
    assert max(map(len, profile.texts)) == 1001
    assert profile.fit("sex").values == {"Female": "F", "Male": "M"}
