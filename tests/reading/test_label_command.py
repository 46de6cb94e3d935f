"""Do people get the right texts to label, are their labels taken in once, and does a model learn from them?"""

import csv
import json

import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.errors import SourceError, UsageError
from assay.reading.labelling import draw, read_pool, take
from assay.reading.models import models_of
from assay.reading.taught import teach

RUN = CliRunner()
SAYING = ("An older man gave the girl a phone and drove her to a flat, number {n}.", True)
ORDINARY = ("Window of house number {n} broken; the glazier came at noon.", False)
TEXTS = [
    {"id": f"T{n:02d}", "force_code": f"INV0{1 + n % 2}", "text": kind[0].format(n=n), "truth": kind[1]}
    for n in range(60)
    for kind in [SAYING if n % 4 < 2 else ORDINARY]
]
TRUTH = {one["id"]: one["truth"] for one in TEXTS}


@pytest.fixture
def pool(tmp_path):
    path = tmp_path / "pool.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in TEXTS), encoding="utf-8")
    return path


def answered(sheet, wrong=()):
    """The sheet with the truth written in, but the opposite for the texts in `wrong`."""
    rows = list(csv.DictReader(sheet.open(encoding="utf-8")))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "says"])
        writer.writeheader()
        writer.writerows({**row, "says": "yes" if TRUTH[row["id"]] != (row["id"] in wrong) else "no"} for row in rows)
    return rows


def test_a_fifth_is_on_both_sheets_and_every_text_is_on_one(tmp_path, pool):
    made = draw(tmp_path / "labels", "unflagged", read_pool(pool), 20, seed=1)
    first, second = ({row["id"] for row in csv.DictReader(path.open())} for path in made.sheets)
    assert (len(first | second), len(first & second), made.twice) == (20, 4, 4)


def test_labels_come_in_once_teach_a_model_and_the_next_round_is_drawn_by_it(tmp_path, pool):
    folder, texts = tmp_path / "labels", read_pool(pool)
    made = draw(folder, "unflagged", texts, 48, seed=1)
    with pytest.raises(UsageError, match="no labels yet"):
        draw(folder, "unflagged", texts, 8, seed=1)
    held = [answered(sheet) for sheet in made.sheets]
    assert [take(folder, sheet, code) for sheet, code in zip(made.sheets, "AB", strict=True)] == [len(rows) for rows in held]
    with pytest.raises(UsageError, match="already"):
        take(folder, made.sheets[0], "A")
    lesson = teach(folder, "unflagged", texts)
    assert (lesson.texts, lesson.disagreed) == (48, 0)
    assert lesson.found + lesson.missed == sum(TRUTH[row["id"]] for row in {r["id"]: r for rows in held for r in rows}.values())
    assert "| INV01 |" in lesson.card.read_text()
    scores = models_of(folder).unflagged([TEXTS[0]["text"], TEXTS[2]["text"]])
    assert scores[0] > scores[1]
    again = draw(folder, "unflagged", texts, 8, seed=1)
    assert again.why == {"at random": 2, "unlike the others": 2, "least sure": 4}


def test_a_text_on_which_two_readers_disagree_teaches_nothing(tmp_path, pool):
    folder, texts = tmp_path / "labels", read_pool(pool)
    made = draw(folder, "unflagged", texts, 55, seed=1)
    first, second = ({row["id"] for row in csv.DictReader(path.open())} for path in made.sheets)
    one = min(first & second)
    for sheet, code, wrong in zip(made.sheets, "AB", ((one,), ()), strict=True):
        answered(sheet, wrong)
        take(folder, sheet, code)
    lesson = teach(folder, "unflagged", texts)
    assert (lesson.texts, lesson.disagreed) == (54, 1)
    assert lesson.agreement.value is not None
    assert lesson.agreement.value < 1


def test_an_answer_that_is_none_and_a_text_that_was_not_given_out_are_told_without_their_content(tmp_path, pool):
    folder = tmp_path / "labels"
    draw(folder, "unflagged", read_pool(pool), 8, seed=1)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("id,text,says\nT99,secret words,yes\n")
    with pytest.raises(SourceError, match=r"line 2") as told:
        take(folder, sheet, "A")
    assert "secret" not in str(told.value)


def test_a_line_of_the_pool_that_is_no_text_is_told_by_its_number(tmp_path):
    path = tmp_path / "pool.jsonl"
    path.write_text('{"id": "1", "text": "a", "force_code": "INV01"}\nnothing\n')
    with pytest.raises(SourceError, match="line 2"):
        read_pool(path)


def test_the_commands_say_what_was_done(tmp_path, pool):
    folder = str(tmp_path / "labels")
    told = RUN.invoke(app, ["label", "next", folder, str(pool), "--question", "unflagged", "--size", "8"])
    assert told.exit_code == 0, told.output
    assert "8 texts (8 first round); 2 of them on both sheets" in told.stdout
    sheet = tmp_path / "labels" / "round-001-A.csv"
    answered(sheet)
    told = RUN.invoke(app, ["label", "take", folder, str(sheet), "--marker", "A"])
    assert "5 labels taken in." in told.stdout
