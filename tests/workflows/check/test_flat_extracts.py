"""Does a check, with no hand edit, count what eight extracts of one synthetic force hold, in eight layouts?"""

import json
from pathlib import Path

import pytest

from assay.cli import main
from assay.workflows.check.extract_check import check_extract
from ingest.flat_extracts.all_extracts import BUILDERS, write_extracts

CRIMES = 100
NOT_KNOWN = "not_known"


@pytest.fixture(scope="module")
def extracts(tmp_path_factory) -> Path:
    """The extracts of the force INV01, each with its truth beside it."""
    folder = tmp_path_factory.mktemp("flat")
    with pytest.raises(SystemExit) as ended:
        main(["synthetic", "generate", str(folder / "force"), "--forces", "1", "--crimes", str(CRIMES), "--seed", "11"])
    assert not ended.value.code
    write_extracts(folder / "force" / "returns" / "INV01", folder / "extracts")
    return folder / "extracts"


def extract_path(folder: Path, name: str) -> Path:
    names = [name, *(f"{name}{suffix}" for suffix in (".csv", ".xlsx"))]
    return next(folder / entry for entry in names if (folder / entry).exists())


def differences(truth: dict, counts: dict) -> dict[str, int]:
    """By code or answer, how far a measure is from the truth."""
    return {key: abs(truth.get(key, 0) - counts.get(key, 0)) for key in truth.keys() | counts.keys()}


@pytest.mark.parametrize("name", BUILDERS)
def test_every_measure_that_an_extract_carries_is_within_one_record_of_the_truth(name, extracts, tmp_path):
    truth = json.loads((extracts / f"{name}.truth.json").read_text(encoding="utf-8"))
    path = extract_path(extracts, name)
    counts = check_extract([path], tmp_path / "out", force="INV01").extract.counts.as_dict()
    for record in ("crimes", "victims", "suspects", "flags"):
        true_count, count = truth[record], counts[record]
        assert true_count == count if isinstance(true_count, str) else abs(true_count - count) <= 1, record
    for key, expected in truth["measures"].items():
        found = counts["measures"][key]
        if isinstance(expected, str):
            assert found == expected, key
            continue
        if NOT_KNOWN not in expected and "n" in expected:  # what is not known is among `n`, and the truth has no place
            found = {answer: count for answer, count in found.items() if answer != NOT_KNOWN}
        assert max(differences(expected, found).values()) <= 1, key
