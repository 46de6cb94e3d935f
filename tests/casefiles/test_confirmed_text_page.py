"""From entries that were read to a page of what people confirmed: does the whole way hold together?"""

import csv
import shutil

import pytest

from assay.indicators.catalogue.attitudes.blaming_language import BLAMING
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from assay.workflows.run.confirmed_text_page import write_confirmed_page
from assay.workflows.run.inspection_pipeline import run_stages
from assay.workflows.run.text_stage import run_text_stage
from casefiles.conftest import marked

ENTRIES = """title = "Entries by whether they may blame"
subject = "note"
seed = "read out"
strata = ["force_code", "blaming_score"]
score = "blaming_score"
bands = { blaming_score = [0.1, 0.5] }
oversample = { blaming_score = { "above 0.5" = 20 } }
files = 90
least = 4
"""


@pytest.fixture(scope="module")
def page_text(country, tmp_path_factory):
    folder = tmp_path_factory.mktemp("confirmed")
    run = run_stages(shutil.copytree(country / "inspection", folder / "inspection"), compare_forces=False)
    run_text_stage(run)
    run.stage_runner.end_run()
    marked(country, folder, "blame", ENTRIES, "attitudes_entry")
    return write_confirmed_page(folder / "inspection", folder / "confirmed.html")


def test_what_is_confirmed_stands_on_the_page_and_small_words_promise_nothing(page_text):
    rows = page_text.found.language.to_dicts()
    whole = next(row for row in rows if row["measure"] == BLAMING and row["place_code"] == "ALL")
    assert (whole["sample"], whole["marked"] > 50, whole["words"] > 1000) == ("blame", True, True)
    assert whole["low"] <= whole["share"] <= whole["high"]
    page = page_text.path.read_text(encoding="utf-8")
    assert "no finding that attitudes are good" in page
    assert "Nobody has marked any of these texts" in page  # of summaries nobody has


def test_synthetic_markers_answer_by_what_is_true_of_each_entry(country):
    with (country / "truth" / "notes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    files = [(row["force_code"], row["note_ref"]) for row in rows]
    true = SyntheticInspectors(country / "truth").true_answers(files, {"blames_child": "met, not_met"})
    assert [true[(*file, "blames_child")] == "met" for file in files] == [row["blaming"] == "yes" for row in rows]
