"""A run that was stopped, and taken up again by another process, leaves the same receipts as one that was not.

Every word of them, the statements included: each process has a hash seed of its own, so that its sets have an order of
their own.
"""

import shutil

import pytest

from assay.evidence import verify
from assay.evidence.stages import left_over, names_in
from assay.inspection.folder import make_for
from assay.inspection.receiving import take_in
from killed_runs import invented
from other_processes import said_by

STOPPED_AT = ("Working out the facts", "Setting groups of people side by side")
RUN = """
import sys
from importlib import import_module
from pathlib import Path
from assay.inspection.stream import run_stream
import_module("assay.report.write").as_pdf = lambda *_: b"%PDF-1.7"
class Stopped(BaseException): pass
def told(words, done, whole):
    if words == sys.argv[2]: raise Stopped
try: run_stream(Path(sys.argv[1]), progress=told)
except Stopped: print("stopped")
"""


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory):
    home = tmp_path_factory.mktemp("resumed")
    sent = invented(home / "sent", forces=2, crimes=2)
    folder = make_for(home / "inspection", sent / "request.toml").folder
    take_in(folder, [sent / "returns"])
    return folder


def receipts(folder):
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("receipt.json"))}


def test_a_run_that_others_took_up_leaves_every_word_of_every_receipt_as_one_that_was_not_stopped(taken_in, tmp_path):
    whole, stopped = (shutil.copytree(taken_in, tmp_path / name) for name in ("whole", "stopped"))
    assert said_by(RUN, str(whole), "", seed=1) == ""
    for seed, words in enumerate(STOPPED_AT, start=2):
        assert said_by(RUN, str(stopped), words, seed=seed) == "stopped\n"
    assert said_by(RUN, str(stopped), "", seed=9) == ""
    held, expected = receipts(stopped), receipts(whole)
    assert held.keys() == expected.keys()
    assert [name for name in held if held[name] != expected[name]] == []
    assert verify(stopped) == []
    assert not [name for name in names_in(stopped) if left_over(name)]
