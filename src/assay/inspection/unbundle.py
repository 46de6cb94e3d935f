"""Is this bundle as it was made, is it for us, and what of what is sealed in it may be opened?

The rules of the contract were applied where it was made, by the same program; here it is checked that it is whole, that
it answers this request, that its tables have the form of the contract, and that nothing in it was not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay import persons
from assay.errors import ReturnRefused, UsageError
from assay.inspection.folder import Inspection
from assay.inspection.manifest import FILE, SEALED, Manifest, read_manifest
from assay.inspection.permission import may_be_kept
from assay.returns import apart, contract, scanning
from assay.returns.received import BESIDE
from assay.returns.windows import not_asked
from assay.sealing import Keys, open_box, unpacked
from assay.sealing.keys import key_name
from assay.wording import listed

FORMS = "forms"
"""Beside a return since a force may send its forms: a bundle that was made before has none."""


class Bundle:
    """A bundle in a folder, checked; `keys` are None where the inspecting body has lost them, or opens nothing."""

    def __init__(self, place: Path, inspection: Inspection, keys: Keys | None, today: date) -> None:
        self.place, self.inspection, self.keys, self.today = place, inspection, keys, today
        self.manifest = read_manifest(place, keys.coding if keys else None)
        _refuse_other(self.manifest, inspection)
        if keys and key_name(keys.public) != self.manifest.sealed_for:
            raise UsageError(
                f"{place.name} was sealed for the key {self.manifest.sealed_for}, and these are the keys "
                f"{key_name(keys.public)}. Name the keys that were made for this request."
            )

    def tables(self) -> dict[str, pa.Table]:
        """The tables of the return, those beside them, and the people as the sender found them."""
        names = (*contract.tables(), *BESIDE, *persons.LEFT)
        there = [name for name in names if name != FORMS or (self.place / f"{FORMS}.parquet").is_file()]
        found = {FORMS: BESIDE[FORMS].empty_table()}
        found |= {name: pq.read_table(self.place / f"{name}.parquet") for name in there}
        for name in contract.tables():
            _refuse_other_form(name, found[name])
        _refuse_other_scan(found)
        if not scanning.may_be_searched(self.inspection.declared, self.today):
            found |= scanning.unread(found, scanning.NOT_DECLARED)
        for name in contract.tables():
            reason = not_asked(self.inspection.declared, name, self.today) if found[name].num_rows else ""
            if reason:
                raise ReturnRefused(f"{name}.parquet (R61): {reason} Nothing was taken in.")
        return found

    def part(self, part: str) -> Mapping[str, pa.Table]:
        """What is sealed of a part; UsageError where it stays sealed."""
        if self.keys is None or part in self.stays_sealed():
            raise UsageError(f"{part} of {self.place.name} cannot be opened. {self.note()}")
        name = f"{part}{SEALED}"
        return unpacked(open_box((self.place / name).read_bytes(), self.keys.private, name=name))

    def stays_sealed(self) -> tuple[str, ...]:
        """The parts that are not opened: all without keys, else those that are not declared or past a last day."""
        return tuple(part for part in apart.PARTS if self.keys is None or not self._may_be_opened(part))

    def _may_be_opened(self, part: str) -> bool:
        told = {apart.IDENTITIES: self.manifest.identities_destroy_by, apart.TEXTS: self.manifest.texts_destroy_by}
        return self.today <= told[part] and may_be_kept(self.inspection, part, self.today)

    def note(self) -> str:
        """A sentence about what stays sealed, or ''."""
        if self.keys is None:
            return "No keys were named, so identities and texts stay sealed: nobody is tied to another force's persons"
        shut = self.stays_sealed()
        why = "not declared here, or its last day has passed"
        return f"Nothing was opened of what is {why}: {listed(list(shut))}" if shut else ""


def is_bundle(place: Path) -> bool:
    """Whether a folder holds a bundle, and not a return."""
    return (place / FILE).is_file()


def _refuse_other(manifest: Manifest, inspection: Inspection) -> None:
    request = inspection.request
    if manifest.request != request.key:
        raise ReturnRefused(f"{FILE}: the bundle answers another request (R01). This inspection is {request.key}.")
    if manifest.force_code not in request.bodies:
        raise ReturnRefused(f"{FILE}: force_code is not a body of this request (R01).")
    if (manifest.period_from, manifest.period_to) != (request.period_from, request.period_to):
        raise ReturnRefused(f"{FILE}: the period is not that of the request (R01). Make the bundle anew.")


def _refuse_other_form(name: str, rows: pa.Table) -> None:
    expected = apart.apart_from(name, contract.typed_schema(name).empty_table()).schema
    if not rows.schema.equals(expected):
        raise ReturnRefused(f"{name}.parquet is not in the form of the contract (R04). Make the bundle anew.")


def _refuse_other_scan(tables: Mapping[str, pa.Table]) -> None:
    """Refuses what was found in summaries, if it is not of these summaries, one row each."""
    for name in scanning.LEFT:
        if not tables[name].schema.equals(BESIDE[name]):
            raise ReturnRefused(f"{name}.parquet is not in the form of this version (R04). Make the bundle anew.")
    if sorted(tables["scanned"]["crime_ref"].to_pylist()) != sorted(tables["summaries"]["crime_ref"].to_pylist()):
        raise ReturnRefused("scanned.parquet does not say what became of each summary (R01). Make the bundle anew.")
    said = set(tables["scanned"]["reason"].to_pylist()), set(tables["scanned"]["state"].to_pylist())
    words = {*scanning.REASONS, ""}, {scanning.SCANNED, scanning.EMPTY, scanning.NOT_READ}
    strangers = set(tables["signs"]["crime_ref"].to_pylist()) - set(tables["scanned"]["crime_ref"].to_pylist())
    if strangers or not all(found <= known for found, known in zip(said, words, strict=True)):
        raise ReturnRefused("scanned.parquet or signs.parquet holds words or crimes of no list (R01). Make it anew.")
