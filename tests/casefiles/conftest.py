"""One small inspection of invented forces, run once, from which files are drawn."""

import shutil

import pytest

from assay import invented
from assay.casefiles.fieldwork import give_out, take_in
from assay.casefiles.page import write_page
from assay.casefiles.sampling import draw_files
from assay.inspection import receiving
from assay.inspection.folder import make_for
from assay.inspection.stream import begin_run
from assay.invented.inspectors import Inspectors
from report.conftest import axe, browser, window  # noqa: F401  the same windows that look at the report


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("country")
    invented.invent(folder, forces=4, crimes_per_force=25, seed=5)
    inspection = make_for(folder / "inspection", folder / "request.toml").folder
    receiving.take_in(inspection, sorted((folder / "returns").iterdir()))
    begin_run(inspection)
    return folder


MARKERS = "marker_code,away_from,part\nM1,INV01,\nM2,INV02,\nM3,,0.5\n"


def marked(country, folder, key, design, questions):
    """A copy of the inspection with a sample that invented inspectors have marked, and its page: what was written."""
    inspection = shutil.copytree(country / "inspection", folder / "inspection")
    (folder / f"{key}.toml").write_text(design)
    (folder / "markers.csv").write_text(MARKERS)
    draw_files(inspection, folder / f"{key}.toml")
    given = give_out(inspection, key, questions, folder / "markers.csv", folder)
    for code, sheet in given.sheets.items():
        Inspectors(country / "truth").mark(sheet, folder / f"{code}.xlsx")
    taken = take_in(inspection, [folder / f"{code}.xlsx" for code in given.sheets])
    assert taken.faults == ()
    return write_page(inspection, key, questions, folder / f"{key}.html")


@pytest.fixture(scope="session")
def page(country, tmp_path_factory):
    """The page of a sample that invented inspectors have marked."""
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
