"""Is this bundle as it was made, is it for us, and what of what is sealed in it may be opened?

The rules of the contract were applied where it was made, by the same program; here it is checked that it is whole, that
it answers this request, that its tables have the form of the contract, and that nothing in it was not declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa

from assay import contract, linkage
from assay.contract.separated_columns import IDENTITIES, PARTS, TEXTS
from assay.engine.provenance.file_signatures import key_name
from assay.engine.safe_files.archive_limits import TooLarge, Unreadable
from assay.engine.safe_files.parquet_limits import bounded_table
from assay.errors import ReturnRefused, UsageError
from assay.ingest import summary_scan
from assay.ingest.accepted_tables import BESIDE
from assay.ingest.inspection_folder import Inspection
from assay.ingest.request_window_checks import not_asked
from assay.ingest.table_permission import may_be_kept
from assay.privacy import Keys, open_box, unpacked
from assay.privacy.bundle_manifest import FILE, SEALED, SEND_AGAIN, Manifest, read_manifest
from assay.wording import counted, listed
from assay.workflows.receive.bundle_table_checks import refuse_other_forms, refuse_other_part

NAMES = (*contract.tables(), *BESIDE, *linkage.LEFT)
"""The tables of a bundle."""
FORMS = "forms"
"""Beside a return since a force may send its forms: a bundle that was made before has none."""


class Bundle:
    """A bundle in a folder, checked; `keys` are None where the inspecting body has lost them, or opens nothing."""

    def __init__(self, place: Path, inspection: Inspection, keys: Keys | None, today: date) -> None:
        self.place, self.inspection, self.keys, self.today = place, inspection, keys, today
        self.manifest = read_manifest(place, keys.coding if keys else None)
        _refuse_other(self.manifest, inspection)
        _refuse_other_files(self.manifest)
        if keys and key_name(keys.public) != self.manifest.sealed_for:
            raise ReturnRefused(
                f"R04: {place.name} was sealed for another key than that of the keys that were named, "
                f"{key_name(keys.public)}. Name the keys that were made for this request; if these are they, the force "
                "seals it again with the public key of the request."
            )

    def tables(self) -> dict[str, pa.Table]:
        """The tables of the return, those beside them, and the people as the sender found them."""
        names = [name for name in NAMES if name != FORMS or f"{FORMS}.parquet" in self.manifest.files]
        found = {FORMS: BESIDE[FORMS].empty_table()}
        found |= {name: _read(self.place, f"{name}.parquet") for name in names}
        refuse_other_forms(found, self.manifest)
        if not summary_scan.may_be_searched(self.inspection.declared, self.today):
            found |= summary_scan.unread(found, summary_scan.NOT_DECLARED)
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
        opened = open_box((self.place / name).read_bytes(), self.keys.private, name=name)
        with refusing(name):
            found = unpacked(opened)
        refuse_other_part(part, found, self.manifest)
        return found

    def stays_sealed(self) -> tuple[str, ...]:
        """The parts that are not opened: all without keys, else those that are not declared or past a last day."""
        return tuple(part for part in PARTS if self.keys is None or not self._may_be_opened(part))

    def _may_be_opened(self, part: str) -> bool:
        told = {IDENTITIES: self.manifest.identities_destroy_by, TEXTS: self.manifest.texts_destroy_by}
        return self.today <= told[part] and may_be_kept(self.inspection, part, self.today)

    def note(self) -> str:
        """A sentence about what stays sealed, or ''."""
        if self.keys is None:
            return "No keys were named, so identities and texts stay sealed: nobody is tied to another force's persons"
        shut = self.stays_sealed()
        why = "not declared here, or its last day has passed"
        return f"Nothing was opened of what is {why}: {listed(list(shut))}" if shut else ""


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """What a file of a bundle cannot be read as refuses the bundle, in a sentence that holds nothing of it."""
    try:
        yield
    except Unreadable:
        raise ReturnRefused(f"{name} cannot be read as what a bundle has under this name (R04). {SEND_AGAIN}") from None
    except TooLarge:
        said = "it holds more than any return, or swells beyond any table when it is unpacked"
        raise ReturnRefused(f"{name} was not read (R04): {said}. {SEND_AGAIN}") from None


def _read(place: Path, name: str) -> pa.Table:
    with refusing(name):
        return bounded_table(place / name)


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


def _refuse_other_files(manifest: Manifest) -> None:
    """Refuses a bundle that lacks a file, or holds one more: its name may be anything, so it is not told."""
    known = {*(f"{name}.parquet" for name in NAMES), *(f"{part}{SEALED}" for part in PARTS)}
    lacking = known - {f"{FORMS}.parquet"} - set(manifest.files)
    if lacking or set(manifest.files) - known:
        more = counted(len(set(manifest.files) - known), "file")
        raise ReturnRefused(f"{FILE} lacks {listed(sorted(lacking)) or 'nothing'} and has {more} more than a bundle "
                            f"(R01). {SEND_AGAIN}")  # fmt: skip
