"""Does the score of one inspection count what people confirmed in texts, and say so where nobody did?"""

import csv

import polars as pl
import pytest
from worlds_by_pencil import estimate_row, inspection

from assay.compare.audited_comparison import SCHEMA
from assay.indicators.audited_samples import round_table
from assay.indicators.catalogue.attitudes.blaming_language import LANGUAGE
from assay.indicators.catalogue.scale.unflagged_exploitation import UNFLAGGED
from assay.synthetic.simulation.inspection_scores import score_inspection

TITLE = "F10 Language that blames"


def injected(folder, failing: str):
    inspected = inspection(folder, [estimate_row("INV01", 90, 10), estimate_row("INV02", 90, 10)])
    path = inspected / "truth" / "truth.toml"
    path.write_text(path.read_text().replace("late_notices = []", f'{failing} = ["INV01"]'))
    return inspected


def confirm(folder, alerted_forces=(), marked: int = 20):
    """Of each force ten entries were marked: 4 in 10 blame (2 to 6) in INV01, none (0 to 1) in INV02. Of summaries
    nobody marked any."""
    rate = {"measure": "blaming_language", "part_of": "all", "part": ""}
    shares = {"INV01": (0.4, 0.2, 0.6), "INV02": (0.0, 0.0, 0.1), "ALL": (0.2, 0.1, 0.3)}
    rates = [
        {
            **rate,
            "place_code": place,
            "marked": marked if place == "ALL" else 10,
            **dict(zip(("share", "low", "high"), three, strict=True)),
        }
        for place, three in shares.items()
    ]
    compared = [
        {
            **dict.fromkeys(SCHEMA.names),
            "measure": measure,
            "place_code": place,
            "direction": way,
            "outlier_alert": True,
        }
        for measure, place, way in alerted_forces
    ]
    (folder / "confirmed").mkdir()
    round_table(rates, LANGUAGE).write_parquet(folder / "confirmed" / "language.parquet")
    round_table([{"place_code": "ALL", "marked": 0}], UNFLAGGED).write_parquet(
        folder / "confirmed" / "unflagged.parquet"
    )
    pl.DataFrame(pl.from_arrow(SCHEMA.empty_table())).vstack(
        pl.DataFrame(compared, schema=pl.from_arrow(SCHEMA.empty_table()).schema)
    ).write_parquet(folder / "confirmed" / "compared.parquet")


def read(folder, blaming: dict[str, int]):
    """Ten entries of each force lie read, and so many of them truly blame."""
    rows = [(code, f"{code}-{n}", n < blaming[code]) for code in blaming for n in range(10)]
    (folder / "readings").mkdir()
    frame = pl.DataFrame([row[:2] for row in rows], schema=["force_code", "note_ref"], orient="row")
    frame = frame.with_columns(in_base=True, imported=False)
    frame.write_parquet(folder / "readings" / "notes.parquet")
    frame.clear().rename({"note_ref": "crime_ref"}).with_columns(cse_flagged=pl.lit(value=True)).write_parquet(
        folder / "readings" / "summaries.parquet"
    )
    with (folder / "truth" / "notes.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["force_code", "note_ref", "blaming", "voice"])
        lines.writerows([code, ref, "yes" if true else "no", "officer"] for code, ref, true in rows)


def failing_result(done, failing: str):
    return next(failing_result for failing_result in done.failings if failing_result.failing.key == failing)


def test_where_nobody_marked_texts_it_is_said_and_no_find_is_made_of_it(tmp_path):
    folder = injected(tmp_path, "blaming_language")
    done = score_inspection(folder)
    assert f"{TITLE}: injected in INV01; not found: nobody marked texts." in done.summary_lines()
    assert done.as_dict()["confirmed_in_texts"]["marked"] == {
        "blaming_language": 0, "flag_sensitivity": 0, "flag_specificity": 0,
    }  # fmt: skip
    confirm(folder, marked=0)
    assert (
        "  entries that blame: entries, nobody marked texts, so nothing is scored."
        in score_inspection(folder).summary_lines()
    )


def test_a_force_whose_words_people_confirmed_is_found_and_another_is_a_false_call(tmp_path):
    folder = injected(tmp_path, "blaming_language")
    confirm(folder, [("blaming_language", "INV01", "higher"), ("blaming_language", "INV02", "higher")])
    done = score_inspection(folder)
    assert (failing_result(done, "blaming_language").found, failing_result(done, "blaming_language").missed) == (
        ("INV01",),
        (),
    )
    assert [(call.place, call.measure) for call in done.false_alerts] == [("INV02", "blaming_language")]
    assert f"{TITLE}: injected in INV01; found in it." in done.summary_lines()
    assert "  entries that blame: entries, 20 marked." in done.summary_lines()


def test_flags_that_miss_what_people_confirmed_are_found_in_texts_too(tmp_path):
    folder = injected(tmp_path, "flags_missing")
    confirm(folder, [("flag_sensitivity", "INV01", "lower")])
    done = score_inspection(folder)
    assert failing_result(done, "flags_missing").found == ("INV01",)
    assert done.false_alerts == ()


@pytest.mark.parametrize(("second", "is_covered"), [(1, 2), (2, 1)])
def test_the_interval_of_each_force_is_held_against_what_is_true_of_its_texts(tmp_path, second, is_covered):
    """INV01: 4 of 10 blame and 2 to 6 was said. INV02: up to 1 of 10 was said."""
    folder = injected(tmp_path, "blaming_language")
    confirm(folder)
    read(folder, {"INV01": 4, "INV02": second})
    assert (
        f"  entries that blame: the interval of a force holds the truth in {is_covered} of 2."
        in score_inspection(folder).summary_lines()
    )
