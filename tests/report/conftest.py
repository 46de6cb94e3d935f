"""The report on the invented tables, written once for all tests of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from assay.report import write
from report.fixture import released


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The folder of the report and what `write` said of it."""
    folder = tmp_path_factory.mktemp("report")
    return SimpleNamespace(folder=folder, written=write(released(), folder))


@pytest.fixture(scope="session")
def pages(report):
    """Every page as text, by its path."""
    return {path: Path(report.folder, path).read_text(encoding="utf-8") for path in report.written.pages}
