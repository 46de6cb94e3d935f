"""Does another version of Python make the same pack?"""

import hashlib
import json
import os
import platform
import subprocess
import zipfile
from pathlib import Path

import pytest

from reference_data import NO_OTHER_PYTHON, ROOT

OTHER = Path(os.environ.get("ASSAY_OTHER_PYTHON", ROOT / ".venv-other" / "bin" / "python"))
"""An environment of another Python with the packages of `requirements/run.txt`: `make other`."""


@pytest.fixture(scope="module")
def both_packs(tmp_path_factory):
    """Two packs of one report: as another Python wrote it, and as this one does; and the other's version."""
    if not OTHER.exists():
        pytest.skip(f"{NO_OTHER_PYTHON} (make other)")
    import sys

    packs, versions = [], []
    outside = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "LC_ALL": "C.UTF-8"}
    for python in (OTHER, sys.executable):
        folder = tmp_path_factory.mktemp("packed-by")
        run = [str(python), "-m", "report.pack_here", str(folder)]
        done = subprocess.run(run, capture_output=True, text=True, env=outside)
        assert done.returncode == 0, done.stderr
        packs.append(folder / "one.zip")
        versions.append(json.loads(done.stdout)["python"])
    return packs, versions


def test_two_pythons_make_packs_of_equal_content(both_packs):
    packs, versions = both_packs
    assert versions[0] != versions[1] == platform.python_version()
    messages = []
    for pack in packs:
        with zipfile.ZipFile(pack) as opened:
            messages.append({name: hashlib.sha256(opened.read(name)).hexdigest() for name in opened.namelist()})
    assert {name for name in messages[0] if messages[0][name] != messages[1].get(name)} == set()
    assert len(messages[0]) == len(messages[1]) > 300


def test_two_pythons_make_the_same_bytes_on_one_machine(both_packs):
    other_content, other = both_packs[0]
    assert other_content.read_bytes() == other.read_bytes()
