"""Does each figure say what limits it, where rows contradict one another or leave persons unread?"""

from datetime import date

from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.column_uses import column_uses
from assay.workflows.check.columns_to_confirm import results_for_programs
from assay.workflows.check.extract_letter import first_corrections
from assay.workflows.check.extract_page import write_page

START = "Crime Number,Date Recorded,Offence"
OFFENCES = ("Rape of a female child under 16", "Sexual grooming", "Kidnapping")


def checked(path, headings, lines_of):
    """An extract of thirty crimes; `lines_of(number)` are the further cells of each row of a crime."""
    lines = [
        f"EX/{number:05d}/25,{number % 28 + 1:02d}/05/2025 10:00,{OFFENCES[number % 3]},{cells}"
        for number in range(30)
        for cells in lines_of(number)
    ]
    path.write_text("\n".join([f"{START},{headings}", *lines, ""]), encoding="utf-8")
    sheets = read_sheets([path]).sheets
    plan = plan_split(sheets)
    return examine_extract("extract", tuple(sheets), (), plan, split_extract(sheets, plan), today=date(2026, 1, 1))


CONTRADICTED = (
    "The rows of 5 crimes contradict one another in the outcome of the crime, and no column says which is right: it is not known "
    "there."
)


def contradicted(tmp_path):
    """Of thirty crimes 25 were charged, and five have a row that says so and one that says something else."""
    return checked(
        tmp_path / "x.csv", "Outcome", lambda number: ["Charged", "Caution - youth"] if number < 5 else ["Charged"]
    )


def test_outcomes_that_contradict_are_not_known_and_each_figure_on_them_says_so(tmp_path):
    found = contradicted(tmp_path)
    assert found.counts.measures["outcome_mix"] == {"1": 25, "not_known": 5}
    assert found.counts.measures["charged_share"] == {"met": 25, "n": 30, "not_known": 5}
    reasons = results_for_programs(found)["reasons"]
    assert reasons["outcome_mix"] == reasons["charged_share"] == CONTRADICTED


def test_the_page_and_the_terminal_say_beside_the_figure_that_outcomes_contradict(tmp_path):
    found = contradicted(tmp_path)
    write_page(tmp_path / "page.html", found)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    # Charged, no outcome yet, the table of outcomes; and no outcome yet again, which is missing most.
    assert page.count(CONTRADICTED.removesuffix(".")) == 4
    (line,) = [line for line in check_summary(found) if "charge or summons" in line]
    assert line.endswith(CONTRADICTED)


def test_the_letter_asks_for_the_time_of_each_change(tmp_path):
    (sentence,) = [text for text in first_corrections(contradicted(tmp_path)) if "contradict" in text]
    assert sentence.startswith("Rows of one crime contradict one another in 5 cases (the outcome of the crime)")
    assert "Add the date and time of each change to the extract" in sentence


def test_crimes_that_state_more_suspects_than_are_described_are_the_first_correction(tmp_path):
    """Every third crime states three suspects and describes one: twenty more than are described."""
    found = checked(
        tmp_path / "x.csv", "Suspect Count,Suspect Ref,Suspect Ethnicity",
        lambda number: [f"{3 if number % 3 == 0 else 1},P{number},{'W1' if number % 2 else 'A2'}"],
    )  # fmt: skip
    assert found.counts.suspects == 30
    sentence = "10 crimes state 20 more suspects than the extract describes"
    assert any(text.startswith(sentence) for text in first_corrections(found))
    reasons = results_for_programs(found)["reasons"]
    assert reasons["suspect_ethnicity_missing"] == f"{sentence}: the figure is of those described."
    write_page(tmp_path / "page.html", found)
    assert "at least 30" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_persons_without_a_role_leave_figures_on_persons_as_bounds(tmp_path):
    """Each crime has a victim and a suspect; in ten crimes a third person has no role, as the rows are not sorted."""
    found = checked(
        tmp_path / "x.csv", "Role,Person Ref,Sex",
        lambda number: [
            f"Victim,V{number},F", f"Suspect,S{number},M", *([f",X{number},M"] if number < 10 else []),
        ],
    )  # fmt: skip
    measures = found.counts.measures
    assert measures["crimes_with_two_or_more_suspects"] == {"met": 0, "n": 30, "not_known": 10}
    reasons = results_for_programs(found)["reasons"]
    assert reasons["suspects"] == (
        "10 rows name persons whose role is not known: there are 30 to 40 suspects, and the figure counts those read. "
        "Add the role, or say in mapping.toml what its words mean."
    )
    assert "30 to 40 victims" in reasons["victims_by_sex"]


def test_a_word_for_a_role_that_is_not_read_may_mean_a_suspect_without_details(tmp_path):
    """Ten crimes have a third row, with a word of the force's own system and no detail of a person."""
    found = checked(
        tmp_path / "x.csv", "Role,Person Ref,Sex",
        lambda number: [f"Victim,V{number},F", f"Suspect,S{number},M", *(["PTQX,,"] if number < 10 else [])],
    )  # fmt: skip
    assert found.counts.measures["crimes_with_two_or_more_suspects"] == {"met": 0, "n": 30, "not_known": 10}
    assert "there are 30 to 40 suspects" in results_for_programs(found)["reasons"]["suspects"]


def test_an_extract_without_contradictions_has_no_reservation(tmp_path):
    found = checked(tmp_path / "x.csv", "Outcome", lambda number: ["Charged"])
    assert found.records.reservations == {}


def test_the_letter_says_that_the_two_columns_of_a_log_are_read_together(tmp_path):
    found = checked(
        tmp_path / "log.csv", "Event time,Event type,Event detail",
        lambda number: [
            "01/06/2025 09:00,Record opened,", "02/06/2025 09:00,Marker applied,CSE",
            f"03/06/2025 09:00,Disposal entered,{16 if number % 2 else 18}",
        ],
    )  # fmt: skip
    uses = {use.heading: (use.use, use.meanings) for use in column_uses(found, found.sheets[0])}
    assert uses["Event type"] == ("used", ("what each event is about",))
    assert uses["Event detail"] == ("used", ("the value of each event, read as columns of outcomes and of flags",))
    assert found.counts.measures["outcome_mix"] == {"16": 15, "18": 15}
