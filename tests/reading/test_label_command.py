"""Are the right texts drawn for labels, are labels received once, and is a model trained on them?"""

import csv
import json

import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.errors import SourceError, UsageError
from assay.workflows.reading.holdout_test import Comparison, Performance, _log_odds, plain_sentences
from assay.workflows.reading.label_lessons import train_model
from assay.workflows.reading.label_sampling import (
    LABEL_COLUMNS,
    LABELS,
    ROUNDS,
    UNDONE,
    Text,
    draw_round,
    read_pool,
    read_rows,
    take_labels,
    undo_labels,
)
from assay.workflows.reading.starting_models import load_models, load_starting_models, rejection_reasons

RUN = CliRunner()
UNFLAGGED_TEXT = ("An older man gave the girl a phone and drove her to a flat, number {n}.", True)
ORDINARY = ("Window of house number {n} broken; the glazier came at noon.", False)
TEXTS = [
    {"id": f"T{n:02d}", "force_code": f"INV0{1 + n % 2}", "text": kind[0].format(n=n), "truth": kind[1]}
    for n in range(60)
    for kind in [UNFLAGGED_TEXT if n % 4 < 2 else ORDINARY]
]
TRUTH = {text["id"]: text["truth"] for text in TEXTS}


@pytest.fixture
def pool(tmp_path):
    path = tmp_path / "pool.jsonl"
    path.write_text("".join(json.dumps(text) + "\n" for text in TEXTS), encoding="utf-8")
    return path


def texts_on(sheet):
    with sheet.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answered(sheet, wrong=()):
    """The sheet with the truth written in, but the opposite for the texts in `wrong`."""
    rows = texts_on(sheet)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "says"])
        writer.writeheader()
        writer.writerows({**row, "says": "yes" if TRUTH[row["id"]] != (row["id"] in wrong) else "no"} for row in rows)
    return rows


def test_a_fifth_is_on_both_sheets_and_every_text_is_on_one(tmp_path, pool):
    label_round = draw_round(tmp_path / "labels", "unflagged", read_pool(pool), 20, seed=1)
    first, second = ({row["id"] for row in texts_on(path)} for path in label_round.sheets)
    assert (len(first | second), len(first & second), label_round.double_labelled) == (20, 4, 4)


def test_labels_come_in_once_teach_a_model_and_the_next_round_is_drawn_by_it(tmp_path, pool):
    folder, texts = tmp_path / "labels", read_pool(pool)
    label_round = draw_round(folder, "unflagged", texts, 48, seed=1)
    with pytest.raises(UsageError, match="no labels yet"):
        draw_round(folder, "unflagged", texts, 8, seed=1)
    answered_sheets = [answered(sheet) for sheet in label_round.sheets]
    assert [take_labels(folder, sheet, code) for sheet, code in zip(label_round.sheets, "AB", strict=True)] == [
        len(rows) for rows in answered_sheets
    ]
    with pytest.raises(UsageError, match="already"):
        take_labels(folder, label_round.sheets[0], "A")
    lesson = train_model(folder, "unflagged", texts)
    assert (lesson.texts, lesson.disagreed) == (48, 0)
    assert lesson.true_positives + lesson.false_negatives == sum(
        TRUTH[row["id"]] for row in {r["id"]: r for rows in answered_sheets for r in rows}.values()
    )
    assert "| INV01 |" in lesson.card.read_text()
    scores = load_models(folder).unflagged([TEXTS[0]["text"], TEXTS[2]["text"]])
    assert scores[0] > scores[1]
    second_round = draw_round(folder, "unflagged", texts, 8, seed=1)
    assert second_round.reasons == {"at random": 2, "most different": 2, "least sure": 4}


def test_a_text_on_which_two_readers_disagree_teaches_nothing(tmp_path, pool):
    folder, texts = tmp_path / "labels", read_pool(pool)
    label_round = draw_round(folder, "unflagged", texts, 55, seed=1)
    first, second = ({row["id"] for row in texts_on(path)} for path in label_round.sheets)
    lowest = min(first & second)
    for sheet, code, wrong in zip(label_round.sheets, "AB", ((lowest,), ()), strict=True):
        answered(sheet, wrong)
        take_labels(folder, sheet, code)
    lesson = train_model(folder, "unflagged", texts)
    assert (lesson.texts, lesson.disagreed) == (54, 1)
    assert lesson.agreement.value is not None
    assert lesson.agreement.value < 1


def test_an_answer_that_is_none_and_a_text_that_was_not_given_out_are_told_without_their_content(tmp_path, pool):
    folder = tmp_path / "labels"
    draw_round(folder, "unflagged", read_pool(pool), 8, seed=1)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("id,text,says\nT99,secret words,yes\n")
    with pytest.raises(SourceError, match=r"line 2") as caught:
        take_labels(folder, sheet, "A")
    assert "secret" not in str(caught.value)


def test_a_line_of_the_pool_that_is_no_text_is_told_by_its_number(tmp_path):
    path = tmp_path / "pool.jsonl"
    path.write_text('{"id": "1", "text": "a", "force_code": "INV01"}\nnothing\n')
    with pytest.raises(SourceError, match="line 2"):
        read_pool(path)


def test_the_commands_say_what_was_done(tmp_path, pool):
    folder = str(tmp_path / "labels")
    command_result = RUN.invoke(app, ["text", "sample", folder, str(pool), "--question", "unflagged", "--size", "8"])
    assert command_result.exit_code == 0, command_result.output
    assert "8 texts (8 first round); 2 of them on both sheets" in command_result.stdout
    sheet = tmp_path / "labels" / "round-001-A.csv"
    answered(sheet)
    command_result = RUN.invoke(app, ["text", "receive-labels", folder, str(sheet), "--marker", "A"])
    assert "5 labels accepted." in command_result.stdout


def write_answers(sheet, answers):
    """The sheet with these answers in its first rows, and nothing in the others."""
    rows = texts_on(sheet)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "says"])
        writer.writeheader()
        writer.writerows(
            {**row, "says": answer} for row, answer in zip(rows, [*answers, *[""] * len(rows)], strict=False)
        )
    return [row["id"] for row in rows]


def test_a_sheet_on_which_nothing_is_labelled_brings_no_label_and_its_round_still_waits(tmp_path, pool):
    folder, texts = tmp_path / "labels", read_pool(pool)
    label_round = draw_round(folder, "unflagged", texts, 8, seed=1)
    with pytest.raises(UsageError, match="no text on it is labelled"):
        take_labels(folder, label_round.sheets[0], "A")
    with pytest.raises(UsageError, match="no labels yet"):
        draw_round(folder, "unflagged", texts, 8, seed=1)
    answered(label_round.sheets[0])
    assert take_labels(folder, label_round.sheets[0], "A") == 5


def test_of_a_sheet_that_is_half_done_the_rest_follows_and_unsure_is_an_answer(tmp_path, pool):
    folder = tmp_path / "labels"
    sheet = draw_round(folder, "unflagged", read_pool(pool), 8, seed=1).sheets[0]
    ids = write_answers(sheet, ["yes", "unsure"])
    assert take_labels(folder, sheet, "A") == 2
    write_answers(sheet, ["yes", "unsure", "no", "no", "no"])
    assert take_labels(folder, sheet, "A") == 3
    assert [(row["id"], row["says"]) for row in read_rows(folder / LABELS, LABEL_COLUMNS)] == list(
        zip(ids, ["yes", "", "no", "no", "no"], strict=True)
    )


def test_a_label_is_not_changed_by_another_sheet_and_can_be_taken_back(tmp_path, pool):
    folder = tmp_path / "labels"
    sheet = draw_round(folder, "unflagged", read_pool(pool), 8, seed=1).sheets[0]
    ids = write_answers(sheet, ["yes"] * 5)
    assert take_labels(folder, sheet, "A") == 5
    write_answers(sheet, ["no"] * 5)
    with pytest.raises(UsageError, match="line 2: this rater gave it another label before"):
        take_labels(folder, sheet, "A")
    model_path = folder / "unflagged.npz"
    model_path.write_bytes(b"a model")
    undo_result = RUN.invoke(app, ["text", "undo-labels", str(folder), "--marker", "A"])
    assert "5 labels taken back" in undo_result.stdout
    assert (read_rows(folder / LABELS, LABEL_COLUMNS), model_path.exists()) == ([], False)
    assert [row["id"] for row in read_rows(folder / UNDONE, LABEL_COLUMNS)] == ids
    assert take_labels(folder, sheet, "A") == 5
    with pytest.raises(UsageError, match="no label of this rater"):
        undo_labels(folder, "B")


def test_only_the_last_round_of_a_marker_is_taken_back(tmp_path):
    folder = tmp_path
    (folder / LABELS).write_text("round,id,marker_code,says\n1,T1,A,yes\n1,T1,B,yes\n2,T2,A,no\n2,T3,B,no\n")
    assert undo_labels(folder, "A") == 1
    assert [(row["id"], row["marker_code"]) for row in read_rows(folder / LABELS, LABEL_COLUMNS)] == [
        ("T1", "A"),
        ("T1", "B"),
        ("T3", "B"),
    ]


def test_a_sheet_under_another_markers_code_is_no_second_blind_reading(tmp_path, pool):
    folder = tmp_path / "labels"
    label_round = draw_round(folder, "unflagged", read_pool(pool), 8, seed=1)
    answered(label_round.sheets[0])
    take_labels(folder, label_round.sheets[0], "A")
    with pytest.raises(UsageError, match="it was assigned to nobody else"):
        take_labels(folder, label_round.sheets[0], "B")
    assert {row["marker_code"] for row in read_rows(folder / LABELS, LABEL_COLUMNS)} == {"A"}


def labelled(folder, question, texts):
    """A folder in which one person labelled these (text, says), all drawn at random."""
    folder.mkdir()
    rows = [(f"T{number:03d}", text, label, f"INV0{1 + number % 2}") for number, (text, label) in enumerate(texts)]
    (folder / ROUNDS).write_text(
        "round,id,force_code,why,chance,people\n"
        + "".join(f"1,{key},{force},first round,0.5,1\n" for key, _, _, force in rows)
    )
    (folder / LABELS).write_text(
        "round,id,marker_code,says\n" + "".join(f"1,{key},A,{'yes' if label else 'no'}\n" for key, _, label, _ in rows)
    )
    return train_model(folder, question, [Text(key, text, force) for key, text, _, force in rows])


def test_a_first_round_with_seven_that_say_it_leaves_the_starting_model_in_its_place_and_says_so(tmp_path):
    texts = [(f"Entry {n}: she chose to stay out.", True) for n in range(7)] + [
        (f"Call {n} was returned at noon.", False) for n in range(50)
    ]
    lesson = labelled(tmp_path / "labels", "blaming", texts)
    assert not lesson.used
    assert any(
        line.startswith("Not used: 7 randomly drawn texts are labelled yes and 50 no")
        and "The starting model stays" in line
        for line in lesson.summary_lines()
    )
    assert "The starting model stays" in lesson.card.read_text()
    assert not (tmp_path / "labels" / "blaming.npz").exists()
    start = load_starting_models(by_meaning=False)
    assert load_models(tmp_path / "labels").description == start.description
    (tmp_path / "note.txt").write_text("She put herself at risk.")
    command_result = RUN.invoke(app, ["text", "read", str(tmp_path / "note.txt"), "--taught", str(tmp_path / "labels")])
    assert "holds words that blame the child" in command_result.stdout
    assert (
        "The starting model of blaming is used, not the trained model: 7 randomly drawn texts" in command_result.stderr
    )


def test_a_model_that_finds_what_the_starting_model_does_not_know_takes_its_place(tmp_path):
    """Of one force "form K9" stands where a child is given away; no starting model can know that."""
    texts = [(f"Form K9 was sent on at {n} minutes past.", True) for n in range(25)] + [
        (f"The window of house {n} was broken.", False) for n in range(25)
    ]
    lesson = labelled(tmp_path / "labels", "unflagged", texts)
    assert lesson.used, lesson.summary_lines()
    assert load_models(tmp_path / "labels").unflagged(["Form K9 was sent on at 99 minutes past."])[0] > 0.5
    assert rejection_reasons(tmp_path / "labels") == []


GOOD, BAD = Performance(0.95, 0.9, 0.9), Performance(0.9, 0.9, 0.9)


@pytest.mark.parametrize(
    ("found", "used"),
    [
        (Comparison(20, 20, GOOD, GOOD, 19, 19, 20), True),
        (Comparison(20, 20, GOOD, BAD, 20, 19, 20), True),
        (Comparison(20, 20, BAD, GOOD, 20, 19, 20), False),  # ranks worse
        (Comparison(20, 20, Performance(0.95, 0.5, 0.9), GOOD, 20, 19, 20), False),  # finds fewer
        (Comparison(20, 20, GOOD, BAD, 18, 19, 20), False),  # a plain sentence is lost
        (Comparison(19, 90, None, None, 20, 19, 20), False),  # too few to tell
    ],
)
def test_a_taught_model_is_used_only_where_it_does_at_least_as_well(found, used):
    assert (found.as_dict()["used"], "stays" in found.summary()) == (used, not used)


def test_a_model_of_which_nobody_says_how_it_does_on_texts_excluded_is_not_used(tmp_path):
    load_starting_models(by_meaning=False).unflagged_model.save(tmp_path / "blaming.npz")
    assert load_models(tmp_path).description == load_starting_models(by_meaning=False).description
    assert "never compared" in rejection_reasons(tmp_path)[0]


@pytest.mark.parametrize("question", ["blaming", "unflagged"])
def test_of_plain_sentences_the_starting_model_gets_most_right(question):
    texts, labels = plain_sentences(question)
    assert ((_log_odds(question, load_starting_models(by_meaning=False), texts) >= 0) == labels).mean() >= 0.8
