"""What staff and partners answer: who counts, what it says of all, and where there is no share."""

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.casefiles.surveys.questionnaire_forms import built_in, read_questionnaire
from assay.casefiles.surveys.survey_exports import read_answers
from assay.casefiles.surveys.survey_forms import SURVEY, choices, survey, write_form
from assay.casefiles.surveys.survey_frames import read_frame
from assay.casefiles.surveys.survey_intake import accept_answers, stored_results
from assay.casefiles.surveys.survey_results import ALL, NO_FRAME, responses, results
from assay.engine.provenance import verify
from assay.errors import SourceError, UsageError
from assay.ingest.inspection_folder import create_inspection
from ingest.other_sent import ESSEX, KENT, REQUEST
from surveys.exported import FORCES, QUESTIONNAIRE, row, write


def read(path):
    return read_answers(path, QUESTIONNAIRE, tuple(FORCES))


def found(rows, frame, question="trained", option="yes", place=ALL):
    results_found = results(QUESTIONNAIRE, rows, frame)
    return next(
        result
        for result in results_found
        if (result.place, result.question, result.option) == (place, question, option)
    )


def cells(**answers):
    """Rows of one force: team -> answers to `trained`."""
    return [
        row(f"{team}{n}", team, answer)
        for team, team_answers in answers.items()
        for n, answer in enumerate(team_answers)
    ]


# The form


@pytest.mark.parametrize("name", built_in())
def test_a_questionnaire_that_comes_with_the_program_is_whole_and_goes_into_a_form(name, tmp_path):
    questionnaire = read_questionnaire(name)
    write_form(tmp_path / "form.xlsx", questionnaire, FORCES)
    workbook = fastexcel.read_excel(tmp_path / "form.xlsx")
    assert workbook.sheet_names == ["survey", "choices", "settings"]
    lists = {line[0] for line in choices(questionnaire, FORCES)}
    rows = [dict(zip(SURVEY, line, strict=True)) for line in survey(questionnaire)]
    assert {row["type"].split()[1] for row in rows if row["type"].startswith("select_one")} == lists
    assert rows[0]["calculation"] == f"'{questionnaire.checksum}'"
    after = rows[2:]
    assert all(item["relevant"] == "${consent} = 'yes'" for item in after)  # who does not agree is asked nothing more


def test_one_changed_word_is_another_questionnaire(tmp_path):
    text = (
        'key = "own"\nversion = "1"\ntitle = "T"\nasked_of = "staff"\ncells = []\n[scales.s]\nyes = "Yes"\nno = "No"\n'
    )
    text += '[[questions]]\nkey = "trained"\ntext = "Are you trained?"\nline = "lessons"\nscale = "s"\n'
    own_path = tmp_path / "own.toml"
    own_path.write_text(text)
    first = read_questionnaire(str(own_path)).checksum
    own_path.write_text(text.replace("Are you", "Were you"))
    assert read_questionnaire(str(own_path)).checksum != first
    own_path.write_text(text.replace('"lessons"', '"gossip"'))
    with pytest.raises(SourceError, match="not the key of an inspection theme"):
        read_questionnaire(str(own_path))
    own_path.write_text(text.replace('"trained"', '"force_code"'))
    with pytest.raises(SourceError, match="force_code"):
        read_questionnaire(str(own_path))
    with pytest.raises(UsageError, match="partners, staff"):
        read_questionnaire("nobody")


# The answers


@pytest.mark.parametrize(
    ("names", "delimiter"),
    [
        (lambda name: name, ","),
        (lambda name: name if name == "KEY" else f"about-{name}", ","),
        (lambda name: "_uuid" if name == "KEY" else f"about/{name}", ";"),
    ],
    ids=["plain", "ODK, in a group", "Kobo, in a group"],
)
def test_answers_are_read_as_odk_and_kobo_export_them(tmp_path, names, delimiter):
    path = write(tmp_path / "a.csv", [row(1), row(2, trained="No", team="Night")], names=names, delimiter=delimiter)
    export_read = read(path)
    assert export_read.errors == ()
    assert [row["trained"] for row in export_read.rows] == ["yes", "no"]
    assert export_read.rows[1]["team"] == "night"  # an export with labels says the words of the option


@pytest.mark.parametrize(
    ("wrong", "rule", "counts"),
    [
        ({"checksum": "0"}, "S01", 0),
        ({"consent": "no"}, "S03", 0),
        ({"consent": ""}, "S03", 0),
        ({"team": "evening"}, "S04", 0),
        ({"force_code": "INV09"}, "S04", 0),
        ({"trained": "perhaps"}, "S05", 1),
    ],
)
def test_a_row_that_cannot_count_is_told_by_line_and_rule_and_never_by_what_stands_in_it(tmp_path, wrong, rule, counts):
    export_read = read(write(tmp_path / "a.csv", [row(1, **wrong)]))
    assert [(error.line, error.rule) for error in export_read.errors] == [(2, rule)]
    assert len(export_read.rows) == counts
    assert "perhaps" not in str(export_read)
    assert "evening" not in str(export_read)
    assert export_read.received == counts + sum(export_read.set_aside.values())


def test_the_same_answer_sent_twice_counts_once_and_two_that_differ_do_not_count(tmp_path):
    export_read = read(write(tmp_path / "a.csv", [row(1), row(1), row(2), row(2, trained="no"), row(3)]))
    assert len(export_read.rows) == 2
    assert [(error.line, error.rule) for error in export_read.errors] == [(4, "S02"), (5, "S02")]
    assert export_read.received == len(export_read.rows) + sum(export_read.set_aside.values())


def test_a_file_without_a_question_is_refused_by_the_name_of_its_column(tmp_path):
    lacking = [{key: value for key, value in row(1).items() if key != "heard"}]
    with pytest.raises(SourceError, match="no column heard"):
        read(write(tmp_path / "a.csv", lacking))


# What they say


def test_each_cell_weighs_as_many_as_it_has_members():
    # 100 by day, half of the ten who answered trained; 300 by night, all of the ten: (50 + 300) / 400.
    rows = cells(day=["yes"] * 5 + ["no"] * 5, night=["yes"] * 10)
    result = found(rows, {("INV01", "day"): 100, ("INV01", "night"): 300})
    assert result.share == pytest.approx(0.875)
    assert result.low < 0.875 < result.high
    assert (result.lowest, result.highest) == (pytest.approx(15 / 400), pytest.approx(395 / 400))
    weights = {
        cell.cell[1]: cell.weight
        for cell in responses(QUESTIONNAIRE, rows, {("INV01", "day"): 100, ("INV01", "night"): 300})
    }
    assert weights == {"day": 10.0, "night": 30.0}


def test_a_cell_with_members_and_no_answer_refuses_the_share_and_says_why():
    result = found(cells(day=["yes"] * 10), {("INV01", "day"): 100, ("INV01", "night"): 1})
    assert result.share is None
    assert result.why == "1 of 2 cells have members but no answer: nothing is known of them."
    assert (result.people, result.answered) == (10, 10)


def test_an_answer_to_one_question_and_not_to_another_leaves_the_other_cell_empty():
    rows = cells(day=["yes"], night=[""])
    frame = {("INV01", "day"): 2, ("INV01", "night"): 2}
    assert found(rows, frame).share is None
    assert found(rows, frame, question="heard").share == 1.0


def test_without_a_frame_there_are_counts_and_no_share_no_interval_and_no_rate():
    rows = cells(day=["yes"] * 30 + ["no"] * 10)
    results_found = results(QUESTIONNAIRE, rows, None)
    assert all(item.share is item.low is item.high is item.lowest is item.highest is None for item in results_found)
    assert {item.why for item in results_found} == {NO_FRAME}
    assert found(rows, None).people == 30
    assert all(
        result.rate is result.weight is result.members is None for result in responses(QUESTIONNAIRE, rows, None)
    )


def test_a_frame_that_has_fewer_than_answered_is_not_their_frame():
    result = found(cells(day=["yes"] * 5), {("INV01", "day"): 4})
    assert result.share is None
    assert result.why.startswith("In 1 cell more people answered than the frame has")


def test_one_force_whose_cells_all_answered_has_a_share_where_all_together_has_none():
    frame = {("INV01", "day"): 20, ("INV02", "day"): 20}
    rows = cells(day=["yes"] * 5)
    assert found(rows, frame).share is None
    assert found(rows, frame, place="INV01").share == 1.0
    assert found(rows, frame, place="INV02").share is None


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 8)), min_size=1, max_size=2))
def test_where_everybody_answered_the_share_is_what_they_said_and_nothing_is_left_open(sentence):
    teams = dict(
        zip(
            ("day", "night"),
            [["yes"] * min(yes, size) + ["no"] * (size - min(yes, size)) for size, yes in sentence],
            strict=False,
        )
    )
    frame = {("INV01", team): len(answers) for team, answers in teams.items()}
    result = found(cells(**teams), frame)
    truth = sum(answers.count("yes") for answers in teams.values()) / sum(map(len, teams.values()))
    assert result.share == pytest.approx(truth)
    assert result.lowest == pytest.approx(result.highest) == pytest.approx(truth)


# In the inspection


def test_answers_are_kept_by_cell_and_never_person_by_person(tmp_path):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    questionnaire = read_questionnaire("staff")
    rows = [
        {"KEY": f"uuid:{n}", "checksum": questionnaire.checksum, "consent": "yes", "force_code": force, "team_kind": "response",
         **{question.key: next(iter(question.options)) for question in questionnaire.questions}}
        for n, force in enumerate((KENT, KENT, ESSEX, "NCA"))
    ]  # fmt: skip
    frame = tmp_path / "frame.csv"
    frame.write_text(f"force_code,team_kind,members\n{KENT},response,4\n{ESSEX},response,1\n")
    done = accept_answers(folder, "staff", write(tmp_path / "a.csv", rows), frame)
    assert (done.answers, done.received) == (3, 4)
    assert done.errors == ((5, "force_code", "S04"),)  # of a national body nobody answers: it has no rates
    stored = stored_results(folder, "staff")
    assert len(stored) == len(done.results) == 3 * sum(len(question.options) for question in questionnaire.questions)
    assert not any(b"uuid:" in path.read_bytes() for path in folder.rglob("*.parquet"))
    assert verify(folder) == []
    assert "Response: 3 of 5, 60.0%." in "\n".join(done.summary_lines())


@pytest.mark.parametrize("line", ["INV01,day,x", "INV09,day,3", "INV01,evening,3"])
def test_a_frame_that_cannot_be_read_says_in_which_line(tmp_path, line):
    path = tmp_path / "frame.csv"
    path.write_text(f"force_code,team,members\n{line}\n")
    with pytest.raises(SourceError, match="line 2"):
        read_frame(path, QUESTIONNAIRE, FORCES)
