"""Is a malicious pack rejected in a sentence?"""

import json
import zipfile

import pytest

from assay.engine.safe_files import archive_limits
from assay.errors import EvidenceError
from assay.workflows.release.report_pack import ABOUT_FILE, MANIFEST, PUBLIC, check_pack


def pack(path, **more):
    """A pack by hand; `more` take the place of its three files, or stand beside them."""
    contents = {MANIFEST: "{}", ABOUT_FILE: "{}", PUBLIC: "{}"} | more
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def test_a_pack_that_swells_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_limits, "UNCHECKED_BYTES", 1_000_000)
    pack_path = pack(tmp_path / "a.zip", more=b"\0" * 3_000_000)
    assert pack_path.stat().st_size < 10_000
    with pytest.raises(EvidenceError, match="swells"):
        check_pack(pack_path)


HOSTILE = {
    "a list": {MANIFEST: "[]"},
    "no table": {PUBLIC: json.dumps({"receipt_sha256": "", "policy": "x", "tables": [1]})},
    "deep": {MANIFEST: "[" * 100_000},
    "a number": {PUBLIC: "1"},
}


@pytest.mark.parametrize("more", HOSTILE.values(), ids=HOSTILE)
def test_a_pack_whose_own_words_mean_nothing_is_no_pack(tmp_path, more):
    with pytest.raises(EvidenceError, match="is not a pack"):
        check_pack(pack(tmp_path / "a.zip", **more))


def test_two_files_of_one_name_in_a_pack_are_no_pack(tmp_path):
    pack_path = pack(tmp_path / "a.zip")
    with zipfile.ZipFile(pack_path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(MANIFEST, "{}")
    with pytest.raises(EvidenceError, match="is not a pack"):
        check_pack(pack_path)
