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


@pytest.fixture(scope="session")
def page(country, tmp_path_factory):
    """The page of a sample that invented inspectors have marked."""
    folder = tmp_path_factory.mktemp("sample")
    inspection = shutil.copytree(country / "inspection", folder / "inspection")
    (folder / "period.toml").write_text(
        'title = "Crimes of the period"\nsubject = "crime"\nseed = "read out"\nfiles = 30\ndouble = 0.4\n'
    )
    (folder / "markers.csv").write_text("marker_code,away_from,part\nM1,INV01,\nM2,INV02,\nM3,,0.5\n")
    draw_files(inspection, folder / "period.toml")
    given = give_out(inspection, "period", "responses_case", folder / "markers.csv", folder)
    for code, sheet in given.sheets.items():
        Inspectors(country / "truth").mark(sheet, folder / f"{code}.xlsx")
    take_in(inspection, [folder / f"{code}.xlsx" for code in given.sheets])
    write_page(inspection, "period", "responses_case", folder / "period.html")
    return folder / "period.html"
