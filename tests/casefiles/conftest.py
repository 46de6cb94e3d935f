"""One small inspection of synthetic forces, run once, from which files are drawn."""

import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay import synthetic
from assay.casefiles.file_allocation import issue_sheets
from assay.casefiles.file_sampling import draw_sample
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.sample_page import write_page
from assay.ingest.inspection_folder import new_inspection
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from assay.workflows.receive import return_intake
from assay.workflows.run.inspection_pipeline import run_stages
from made_once import alone_in_process, shared_by_all
from report.conftest import axe, browser, window  # noqa: F401  the same windows that look at the report


def pytest_itemcollected(item):
    """Tests of files share one country, and those of the workbench one server: one process each, which starts early."""
    item.add_marker(pytest.mark.xdist_group("workbench" if "workbench" in item.path.parts else "casefiles"))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    """For all processes; whoever would change it copies it."""
    shared = shared_by_all(tmp_path_factory)
    folder = shared / "country-of-files"
    with alone_in_process(shared, folder.name) as ready:
        if not ready.exists():
            synthetic.generate_country(folder, forces=4, crimes_per_force=25, seed=5)
            inspection = new_inspection(folder / "inspection", folder / "request.toml").folder
            return_intake.receive_returns(inspection, sorted((folder / "returns").iterdir()))
            run_stages(inspection, compare_forces=False).stage_runner.end_run()
            ready.touch()
    return folder


MARKERS = "marker_code,away_from,part\nM1,INV01,\nM2,INV02,\nM3,,0.5\n"


def marked(country, folder, key, design, questions):
    """A sample that synthetic inspectors have marked, in the inspection in `folder` or in a copy of the country's, and its
    page: what was written."""
    inspection = folder / "inspection"
    if not inspection.exists():
        shutil.copytree(country / "inspection", inspection)
    (folder / f"{key}.toml").write_text(design)
    (folder / "markers.csv").write_text(MARKERS)
    draw_sample(inspection, folder / f"{key}.toml")
    issued_sheets = issue_sheets(inspection, key, questions, folder / "markers.csv", folder)
    for code, sheet in issued_sheets.sheets.items():
        SyntheticInspectors(country / "truth").fill_sheet(sheet, folder / f"{code}.xlsx")
    intake_result = accept_ratings(inspection, [folder / f"{code}.xlsx" for code in issued_sheets.sheets])
    assert intake_result.errors == ()
    return write_page(inspection, key, questions, folder / f"{key}.html")


@pytest.fixture(scope="session")
def page(country, tmp_path_factory):
    """The page of a sample that synthetic inspectors have marked."""
    design = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "read out"\nfiles = 30\ndouble = 0.4\n'
    return marked(country, tmp_path_factory.mktemp("sample"), "period", design, "responses_case").path


@pytest.fixture(scope="session")
def recorded(country, tmp_path_factory):
    """The page of a sample in which crimes were counted, with strata that are not the forces."""
    design = (
        'title = "Recording"\nsubject = "crime"\nseed = "read out"\nfiles = 40\ndouble = 0.4\nleast = 1\n'
        'strata = ["force_code", "cse_flagged"]\n'
    )
    return marked(country, tmp_path_factory.mktemp("recorded"), "recording", design, "recording_case")


SCORED = """title = "Crimes by their score"
subject = "crime"
seed = "read out"
strata = ["exploitation_score"]
score = "exploitation_score"
bands = { exploitation_score = [0.3, 0.6] }
oversample = { exploitation_score = { "above 0.6" = 3 } }
files = 45
least = 12
"""


@pytest.fixture(scope="session")
def scored_page(country, tmp_path_factory):
    """The page of a sample by a score that every crime but a few has among its facts, and what is true of each crime: its
    exploitation shown or not."""
    folder = tmp_path_factory.mktemp("scored")
    inspection = shutil.copytree(country / "inspection", folder / "inspection")
    path = inspection / "records" / "crime.parquet"
    crimes = pq.read_table(path)
    files = list(zip(crimes["force_code"].to_pylist(), crimes["crime_ref"].to_pylist(), strict=True))
    true = SyntheticInspectors(country / "truth").true_answers(
        files, {"exploitation_shown": "met, partly_met, not_met"}
    )
    random = np.random.default_rng(1)
    met = np.array([true[(*file, "exploitation_shown")] == "met" for file in files])
    scores = np.clip(0.25 + 0.4 * met + 0.2 * random.normal(size=len(files)), 0, 1).round(3).tolist()
    scores[::20] = [None] * len(scores[::20])
    pq.write_table(crimes.append_column("exploitation_score", pa.array(scores, pa.float64())), path)
    return marked(country, folder, "scored", SCORED, "recording_case"), true
