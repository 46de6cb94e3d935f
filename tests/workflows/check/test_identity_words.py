"""Does a check tell named suspects from unnamed ones, in the words and columns that analysts use?"""

from datetime import date

import pytest

from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.column_uses import column_uses

N_CRIMES = 20


def checked(folder, **files):
    """The counts of an extract of these files, each a list of lines."""
    return examined(folder, **files).counts.as_dict()


def examined(folder, **files):
    """An extract of these files, each a list of lines."""
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    sheets = read_sheets([folder]).sheets
    plan = plan_split(sheets)
    tables = split_extract(sheets, plan)
    return examine_extract("extract", tuple(sheets), (), plan, tables, today=date(2026, 1, 1))


def crime_cells(number):
    """The cells of a crime that was recorded one hour after the report."""
    day = f"{number % 27 + 1:02d}/05/2025"
    return f"CR/{10000 + 7 * number}/25,20B,{day} 09:00,{day} 10:00"


HEADINGS = "Crime Number,Offence Code,Date Reported,Date Recorded"
CRIMES = [HEADINGS, *map(crime_cells, range(N_CRIMES))]


@pytest.mark.parametrize(
    ("surname", "forename"),
    [("UNKNOWN", "UNKNOWN"), ("Unk", "Unk"), ("N/K", ""), ("UNKNOWN", "SUSPECT"), ("Unknown", "Person"), ("", "")],
)
def test_a_suspect_under_a_placeholder_is_a_suspect_and_is_not_named(tmp_path, surname, forename):
    known = [f"{crime_cells(n)},SUSPECT,{600 + n},ANVIL,Yarrow,M" for n in range(15)]
    victims = [f"{crime_cells(n)},VICTIM,{700 + n},LARCH,Teal,F" for n in range(N_CRIMES)]
    unnamed = [f"{crime_cells(n)},SUSPECT,,{surname},{forename},M" for n in range(15, N_CRIMES)]
    lines = [f"{HEADINGS},Involvement,Nominal No,Surname,Forename,Sex", *known, *victims, *unnamed]
    found = checked(tmp_path, links=lines)
    assert found["suspects"] == 20
    assert found["measures"]["suspect_identified"] == {"met": 15, "n": 20}


@pytest.mark.parametrize(
    ("word", "other_word"),
    [("Named", "Not named"), ("NAMED", "Unnamed "), ("Named Suspect", "Unidentified Suspect")],
)
@pytest.mark.parametrize("heading", ["ID Status", "Ident", "Identity Status"])
def test_a_list_of_subjects_with_the_status_of_identity_is_a_list_of_suspects(tmp_path, heading, word, other_word):
    words = [word if n % 4 else other_word for n in range(N_CRIMES)]
    subjects = [f"CR/{10000 + 7 * n}/25,{cell},M,{n % 30 + 12}" for n, cell in enumerate(words)]
    found = checked(tmp_path, crimes=CRIMES, subjects=[f"Crime Ref,{heading},Sex,Age", *subjects])
    assert found["suspects"] == 20
    assert found["measures"]["suspect_identified"] == {"met": 15, "n": 20}


def test_the_identity_of_each_suspect_of_a_row_is_read_from_its_block(tmp_path):
    pairs = [
        ("Named Suspect", "Unidentified Suspect") if n % 2 else ("Unidentified Suspect", "") for n in range(N_CRIMES)
    ]
    rows = [f"{crime_cells(n)},{first},M,{second},{'M' if second else ''}" for n, (first, second) in enumerate(pairs)]
    found = checked(tmp_path, wide=[f"{HEADINGS},S1_IDENT,S1_GENDER,S2_IDENT,S2_GENDER", *rows])
    assert found["suspects"] == 30
    assert found["measures"]["suspect_identified"] == {"met": 10, "n": 20}


def test_a_group_that_names_another_act_does_not_hide_the_date_of_the_report(tmp_path):
    groups = "Crime,,Recording,Recording,Recording"
    names = "Crime Ref No.,HO Class,Recorded On,Rep'd Date,Rep'd Time"
    rows = []
    for n in range(N_CRIMES):
        day = f"{n % 27 + 1:02d}/05/2025"
        rows.append(f"CR/{10000 + 7 * n}/25,20B,{day} 10:00,{day},{'09:30' if n % 5 else ''}")
    found = checked(tmp_path, crimes=[groups, names, *rows])
    # A report of which only the day is known, on the day of the record, was recorded in time.
    assert found["measures"]["recorded_within_24h"] == {"met": 20, "not_met": 0, "not_known": 0}


def test_markers_that_are_no_flag_of_the_contract_are_counted_by_kind_beside_the_flags(tmp_path):
    cells = [("Y", "N", "N"), ("Y", "Y", "N"), ("N", "Y", "Y"), ("N", "N", "N")]
    rows = [f"{crime_cells(n)},{','.join(cells[n % 4])}" for n in range(N_CRIMES)]
    extract = examined(tmp_path, crimes=[f"{HEADINGS},CSE Mkr,Online Mkr,DA Mkr,Shift", *(f"{row},7" for row in rows)])
    found = extract.counts.as_dict()
    assert found["flags"] == 10
    assert found["other_markers"] == {"domestic_abuse": 5, "online_crime": 10}
    # The letter calls the columns of these markers used.
    uses = {use.heading: (use.use, use.meanings) for use in column_uses(extract, extract.sheets[0])}
    assert uses["Online Mkr"] == uses["DA Mkr"] == ("used", ("counted as a marker, not a flag",))
    assert uses["Shift"] == ("not used", ())


def test_markers_beside_a_flag_in_one_cell_are_counted_by_kind(tmp_path):
    cells = ["CSE/ONLINE", "CSE; DA", "CSA, ONLINE", ""]
    rows = [f'{crime_cells(n)},"{cells[n % 4]}"' for n in range(N_CRIMES)]
    found = checked(tmp_path, crimes=[f"{HEADINGS},Mkrs", *rows])
    assert (found["flags"], found["other_markers"]) == (15, {"domestic_abuse": 5, "online_crime": 10})


@pytest.mark.parametrize(
    "heading", ["Identified or unidentified?", "NAMED_OR_UNIDENTIFIED", "Suspect known / not known", "Named + unnamed"]
)
def test_a_column_of_which_of_the_two_says_whether_a_suspect_is_named(tmp_path, heading):
    """20 crimes with one suspect each, of whom 15 are named."""
    suspects = [f"{crime_cells(n).split(',')[0]},{'Named' if n < 15 else 'Unidentified'},M" for n in range(N_CRIMES)]
    found = checked(tmp_path, crimes=CRIMES, suspects=[f"Crime Number,{heading},Sex of suspect", *suspects])
    assert found["suspects"] == 20
    assert found["measures"]["suspect_identified"] == {"met": 15, "n": 20}


def test_a_nominal_number_that_is_blank_where_nobody_is_identified_is_one_of_a_person(tmp_path):
    heading = "Suspect's nominal number (blank if not identified)"
    suspects = [f"{crime_cells(n).split(',')[0]},{f'N{41000 + 13 * n}' if n < 15 else ''},M" for n in range(N_CRIMES)]
    found = checked(tmp_path, crimes=CRIMES, suspects=[f"Crime Number,{heading},Sex of suspect", *suspects])
    assert found["measures"]["suspect_identified"] == {"met": 15, "n": 20}


@pytest.mark.parametrize("heading", ["suspects_linked_incl_unidentified", "Suspects linked (named + unnamed)"])
def test_linked_suspects_are_counted_and_are_no_link_to_a_record(tmp_path, heading):
    """Every fourth of 20 crimes has 0, 1, 2 and 3 suspects: 30 in all, and two or more in 10 crimes."""
    crimes = [f"{HEADINGS},{heading}", *(f"{crime_cells(n)},{n % 4}" for n in range(N_CRIMES))]
    found = checked(tmp_path, crimes=crimes)
    assert found["suspects"] == 30
    assert found["measures"]["crimes_with_two_or_more_suspects"] == {"met": 10, "n": 20}
