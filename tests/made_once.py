"""What many tests look at and none of them changes: made by the command itself, once for all processes of a run.

A test that would change it takes a copy; a pack and the commands of the manual write into an inspection.
"""

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from assay.cli import app

SMALL = {"forces": 4, "crimes": 20, "seed": 11}
"""The country that most pages of the manual inspect, and that the journeys look at."""
AS_OPTIONS = [word for name, value in SMALL.items() for word in (f"--{name}", str(value))]
DEMO, PUBLISHED = ("demo", "--out", "demo"), ("look", "--out", "published")


def shared_by_all(tmp_path_factory) -> Path:
    """The folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@contextmanager
def alone_in_process(shared: Path, name: str) -> Iterator[Path]:
    """A file that says that something is done, while no other process makes the same."""
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / f"{name}.json"


@contextmanager
def without_pdfs() -> Iterator[None]:
    """PDFs are tried with the report and on the published figures: whoever looks at none is spared the setting of them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("assay.report.report_writer"), "as_pdf", lambda *_: b"%PDF-1.7\n")
        yield


@contextmanager
def without_spreadsheets() -> Iterator[None]:
    """Spreadsheets are tested with the report: a run whose report is only read as pages writes none."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("assay.report.figure_exports"), "write_spreadsheets", lambda *_: [])
        yield


def made_once(tmp_path_factory, command: Sequence[str], *options: str) -> SimpleNamespace:
    """What a command answered, and the folder of the inspection that it made."""
    shared = shared_by_all(tmp_path_factory)
    place = shared / "made-once"
    with alone_in_process(shared, command[0]) as answer:
        if not answer.exists():
            place.mkdir(exist_ok=True)
            *words, name = command
            done = CliRunner().invoke(app, [*words, str(place / name), *options, "--json"])
            assert done.exit_code == 0, done.exception
            answer.write_text(done.stdout)
    return SimpleNamespace(folder=place / command[-1], answer=json.loads(answer.read_text()))
