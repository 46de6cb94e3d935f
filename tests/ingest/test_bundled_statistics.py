"""Are the carried figures what our own readers find in the official files?"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from tables import (
    CHILDREN,
    COURTS,
    ETHNICITY,
    INSPECTIONS,
    LAST_OUTCOMES,
    LOOKED_AFTER,
    NATIONAL,
    NEIGHBOURS,
    OUTCOMES_2018,
    OUTCOMES_2024,
    PLANS_HELD,
    PLANS_STARTED,
    RECORDED,
)

from assay import reference as commission
from assay.ingest.official_statistics import extract_bundle, read_bundle, read_statistics
from assay.ingest.official_statistics.bundled_statistics import INFERRED_MARK
from reference_data import reference

CARRIED = files("assay.ingest.official_statistics") / "carried"


@pytest.mark.reference
def test_the_carried_files_are_extracted_again_byte_for_byte(tmp_path: Path) -> None:
    paths = (
        *(RECORDED, OUTCOMES_2018, OUTCOMES_2024, CHILDREN),
        *(PLANS_STARTED, PLANS_HELD, LOOKED_AFTER, NEIGHBOURS, INSPECTIONS),
        *(ETHNICITY, LAST_OUTCOMES, COURTS, NATIONAL),
    )
    extract_bundle(read_statistics([reference(path) for path in paths]), tmp_path)
    content_by_name = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert content_by_name == {path.name: path.read_bytes() for path in CARRIED.iterdir()}


def test_the_carried_files_are_under_a_megabyte_together() -> None:
    assert sum(len(path.read_bytes()) for path in CARRIED.iterdir()) < 1_000_000


def test_each_carried_source_names_its_edition_publisher_and_licence() -> None:
    received = read_bundle()
    assert len(received.files) == 13
    text = (CARRIED / "sources.csv").read_text("utf-8")
    assert text.count("Open Government Licence v3.0") == 13
    assert all(file.edition for file in received.files)


def test_the_recovered_codes_of_2024_25_are_marked() -> None:
    outcomes = read_bundle().tables["outcomes"].to_pylist()
    inferred = {row["financial_year"]: row["code_inferred"] for row in outcomes}
    assert inferred == {"2018/19": False, "2024/25": True}
    notes = {
        file.note for file in read_bundle().files if file.edition.startswith("April") and "Crime outcomes" in file.name
    }
    assert notes == {f"carried with the project; {INFERRED_MARK}"}


def test_a_quarter_that_was_not_published_is_missing_and_not_zero() -> None:
    quarters = {(r["financial_year"], r["quarter"]) for r in read_bundle().tables["recorded"].to_pylist()}
    assert ("2025/26", 3) in quarters
    assert ("2025/26", 4) not in quarters


def test_an_outcome_that_did_not_exist_yet_is_missing_and_not_zero() -> None:
    codes = {(r["financial_year"], r["outcome_code"]) for r in read_bundle().tables["outcomes"].to_pylist()}
    assert ("2024/25", "22") in codes
    assert ("2018/19", "22") not in codes


def test_every_force_has_a_figure_for_every_code_in_every_quarter_that_was_published() -> None:
    seen: dict[tuple[str, str, int], set[str]] = {}
    for r in read_bundle().tables["recorded"].to_pylist():
        seen.setdefault((r["offence_code"], r["financial_year"], r["quarter"]), set()).add(r["force_code"])
    forces = {force.code for force in commission.forces().all if force.kind in ("territorial", "transport")}
    assert {frozenset(places) for places in seen.values()} == {frozenset(forces)}


def test_multiple_offender_codes_begin_in_2019_20_and_are_not_zero_before() -> None:
    years = {r["financial_year"] for r in read_bundle().tables["recorded"].to_pylist() if r["offence_code"] == "19J"}
    assert min(years) == "2019/20"


def test_the_metropolitan_police_pending_share_of_2024_25_is_49_in_100() -> None:
    csa11 = next(offence_set.codes for offence_set in commission.offence_sets() if offence_set.key == "csa11")
    own_outcomes = [r for r in read_bundle().tables["outcomes"].to_pylist() if r["force_code"] == "E23000001"
            and r["financial_year"] == "2024/25" and r["offence_code"] in csa11]  # fmt: skip
    pending = sum(r["of_recorded"] for r in own_outcomes if r["outcome_code"] == "0")
    assert (pending, sum(r["of_recorded"] for r in own_outcomes)) == (2566, 5222)
