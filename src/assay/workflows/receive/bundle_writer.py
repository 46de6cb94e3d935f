"""Make the bundle of a return at the force: rows with codes, and encrypted identities and sampled texts.

The same checks run as in an inspection. The bundle holds the accepted rows with codes in place of every reference, and
record linkage and ages as far as the force knows them. Identities and the texts of sampled records are encrypted for
the holder of the private key alone. No other free text is in it: texts that were not sampled, short texts, the text of
rows set aside, unmapped words, names of files and systems, the letter, and the text of every summary stay with the
force. Summaries are scanned for signs of exploitation here: the bundle holds which signs occur in which summary, under
codes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import assay
from assay import contract, linkage
from assay.contract.separated_columns import IDENTITIES, TEXTS, columns_of_part
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance.file_signatures import key_name
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.errors import PurposeRefused, SourceError, UsageError
from assay.feedback.scan_summary import ScanSummary
from assay.indicators.indicator_catalogue import forms
from assay.ingest import summary_scan
from assay.ingest.accepted_returns import AcceptedReturn, current_returns, part_stage
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.ingest.identifier_checks import free_text_columns
from assay.ingest.inspection_folder import new_inspection
from assay.privacy import (
    Pseudonymiser,
    SenderKeys,
    encrypt,
    pack_tables,
    read_own_share,
    read_sender_keys,
    separated_identifiers,
)
from assay.privacy.bundle_manifest import (
    ENCRYPTED_SUFFIX,
    FORMAT_VERSION,
    MANIFEST_FILE,
    BundleManifest,
    bundle_file_hashes,
)
from assay.privacy.encryption_keys import join_key_shares
from assay.privacy.reference_pseudonyms import (
    Pseudonymisers,
    pseudonymise_incomplete,
    pseudonymise_scan,
    pseudonymise_table,
    reference_kind,
)
from assay.progress import Progress, no_progress
from assay.reference import questions, recommendations
from assay.reference.data_requests import DataRequest, read_request
from assay.reference.processing_declarations import Declaration, read_declarations
from assay.wording import count_phrase
from assay.workflows.receive.return_intake import receive_returns

# Summarise a bundle for the force that made it.


@dataclass(frozen=True)
class BundleSummary:
    """The summary of a bundle: its folder, row counts and list of codes, and what the scan of crime summaries found."""

    folder: Path
    force_code: str
    edition: int
    rows: int
    texts_of: int
    codes: Path
    identities_destroy_by: date
    scan: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        data = {name: value if isinstance(value, int) else str(value) for name, value in vars(self).items()}
        return data | {"scan": list(self.scan)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        texts_text = f"the texts of {count_phrase(self.texts_of, 'drawn crime')}" if self.texts_of else "no text"
        return [
            (
                f"{self.folder} is ready to send: {self.force_code}, edition {self.edition}, "
                f"{count_phrase(self.rows, 'row')} with codes."
            ),
            f"Encrypted in it: identities, to be destroyed by {self.identities_destroy_by}, and {texts_text}.",
            *self.scan,
            f"{self.codes} lists the reference behind each code. Keep it, the letter beside it and all other "
            "files; send only the bundle.",
        ]


CODES_FILE = "codes.csv"
LETTER_FILES = ("letter.html", "letter.csv")
SENDER_TEXT_TABLES = ("unmapped", "forms")
"""Tables in the sender's own words: none of their rows is in a bundle."""
SENDER_TEXT_COLUMNS = {"covers": ("system",), "counted": ("file",), "faults": ("file",), "aside": ("file",)}
"""Columns in the sender's own words, which may hold anything: names of systems and files."""
Tables = dict[str, pa.Table]


def make_bundle(
    return_folder: Path,
    request: Path,
    keys: Path,
    out: Path,
    *,
    share: Path | None = None,
    scan: bool = True,
    today: date | None = None,
    progress: Progress = no_progress,
) -> BundleSummary:
    """Make the bundle of the return in `return_folder` for a request, in the new folder `out`.

    Parameters
    ----------
    share
        The file of the sender's own share of the key; it is created if needed.
    scan
        If False, summaries are not scanned for signs.

    Raises
    ------
    UsageError
        For an existing folder, keys of another request, or no key to encrypt with.
    SourceError
        If the return cannot be accepted.
    PurposeRefused
        If a last day of the request has passed.
    """
    if out.exists():
        raise UsageError(f"{out} exists already. Name a new folder for the bundle.")
    inspection_request = read_request(request)
    sender_keys = read_sender_keys(keys)
    declared = read_declarations(request)
    expiry_reasons = [
        reason for declaration in declared.values() if (reason := declaration.expiry_sentence(today or date.today()))
    ]
    if expiry_reasons:
        raise PurposeRefused(f"{request}: {expiry_reasons[0]} A bundle for this request can no longer be made.")
    if sender_keys.request != inspection_request.key:
        raise UsageError(
            f"{keys} belongs to the request {sender_keys.request}, but {request} is {inspection_request.key}. "
            "Give the keys of that request."
        )
    own_key_share = read_own_share(share) if share else None
    with _work_folder(out) as folder:
        inspection = new_inspection(folder, request)
        progress("Checking the return", 0, 0)
        results = receive_returns(folder, [return_folder], scan=scan, today=today).returns
        if len(results) != 1 or results[0].refusal:
            raise SourceError(
                results[0].sentence()
                if results
                else f"{return_folder} holds no return. Name the folder with return.toml."
            )
        accepted = current_returns(inspection)[0]
        progress("Making the bundle", 0, 0)
        builder = _BundleBuilder(folder, accepted, inspection_request, declared, sender_keys, own_key_share)
        return builder.write(out)


@contextmanager
def _work_folder(out: Path) -> Iterator[Path]:
    """Return a folder beside the bundle for data that may not leave the force.

    If an interrupted run left it, it stays visible, and the next run deletes it.
    """
    work = out.with_name(f".unfinished-{out.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _BundleBuilder:
    """Builds one bundle."""

    def __init__(
        self,
        folder: Path,
        accepted: AcceptedReturn,
        request: DataRequest,
        declared: Mapping[str, Declaration],
        keys: SenderKeys,
        own_share: bytes | None,
    ) -> None:
        self.folder, self.accepted, self.request, self.keys, self.own_share = folder, accepted, request, keys, own_share
        self.declared = declared
        self.coders = Pseudonymisers(
            accepted.force_code, Pseudonymiser(keys.coding), Pseudonymiser(join_key_shares(keys.coding, own_share))
        )
        self.codes: dict[tuple[str, str], str] = {}

    def write(self, out: Path) -> BundleSummary:
        """Write the bundle completely or not at all."""
        tables = self._tables()
        identities = self._coded_part(IDENTITIES)
        texts, crime_count = self._sampled_texts(tables)
        tables |= _linked_people(
            tables, identities if self._is_declared(IDENTITIES, "linkage") else _without_rows(identities)
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(f".unfinished-{out.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        for name, table in tables.items():
            pq.write_table(table, unfinished / f"{name}.parquet", compression="zstd")
        for part, part_tables in ((IDENTITIES, identities), (TEXTS, texts)):
            (unfinished / f"{part}{ENCRYPTED_SUFFIX}").write_bytes(encrypt(pack_tables(part_tables), self.keys.public))
        manifest = self._manifest(unfinished, crime_count, tables)
        (unfinished / MANIFEST_FILE).write_text(manifest.signed_text(self.keys.coding), encoding="utf-8", newline="\n")
        unfinished.rename(out)
        rows = sum(tables[name].num_rows for name in contract.tables())
        codes = self._write_codes(out)
        for name in LETTER_FILES:
            shutil.copy(self.folder / self.accepted.stage / name, out.with_name(f"{out.name}-{name}"))
        scan_sentences = tuple(ScanSummary(*(tables[name] for name in summary_scan.SCAN_TABLES)).terminal_lines())
        return BundleSummary(
            out,
            self.accepted.force_code,
            manifest.edition,
            rows,
            crime_count,
            codes,
            manifest.identities_destroy_by,
            scan_sentences,
        )

    def _tables(self) -> Tables:
        """Return the tables of the return with codes and without free text."""
        stage_folder = self.folder / self.accepted.stage
        coded_tables = {
            name: pq.read_table(stage_folder / f"{name}.parquet")
            for name in (*contract.tables(), *RETURN_TABLE_SCHEMAS)
        }
        for name in contract.tables():
            coded_tables[name] = self._with_codes(name, without_short_texts(name, coded_tables[name]))
        for name, columns in SENDER_TEXT_COLUMNS.items():
            coded_tables[name] = separated_identifiers.empty_columns(coded_tables[name], columns)
        coded_tables["incomplete"] = pseudonymise_incomplete(coded_tables["incomplete"], self.coders)
        coded_tables |= {name: pseudonymise_scan(coded_tables[name], self.coders) for name in summary_scan.SCAN_TABLES}
        coded_tables |= {name: coded_tables[name].slice(0, 0) for name in SENDER_TEXT_TABLES}
        return coded_tables

    def _with_codes(self, name: str, rows: pa.Table) -> pa.Table:
        coded = pseudonymise_table(name, rows, self.coders, reserved_references())
        table = contract.table(name)
        for column in table.columns:
            kind = reference_kind(table, column)
            if kind and column.name in rows.column_names and not column.name.startswith(("other_force", "subject")):
                pairs = zip(rows[column.name].to_pylist(), coded[column.name].to_pylist(), strict=True)
                self.codes |= {(kind, reference): code for reference, code in pairs if reference is not None}
        return coded

    def _coded_part(self, part: str) -> Tables:
        """Return a separated part with codes; the text of rows set aside stays here."""
        part_folder = self.folder / part_stage(part, self.accepted.stage)
        names = columns_of_part(part)
        return {
            name: pseudonymise_table(name, pq.read_table(part_folder / f"{name}.parquet"), self.coders)
            for name in names
        }

    def _sampled_texts(self, tables: Tables) -> tuple[Tables, int]:
        """Return the texts of sampled crimes and of the children in them, and the number of crimes."""
        is_declared = self._is_declared(TEXTS, "samples")
        crimes = set(sample_crimes(tables["crimes"]["crime_ref"].to_pylist(), self.request)) if is_declared else set()
        victims = tables["involvements"].filter(_is_in(tables["involvements"]["crime_ref"], crimes))
        victims = victims.filter(pc.equal(victims["role"], "victim"))
        children = set(victims["person_ref"].to_pylist()) - {None}
        selections = {"notes": ("crime_ref", crimes), "assessments": ("person_ref", children)}
        texts = self._coded_part(TEXTS)
        sampled = {}
        for name, rows in texts.items():
            column, selected = selections.get(name, ("", set()))
            key = contract.table(name).key[0]
            selected_rows = (
                tables[name].filter(_is_in(tables[name][column], selected)) if column else tables[name].slice(0, 0)
            )
            sampled[name] = rows.filter(_is_in(rows[key], set(selected_rows[key].to_pylist())))
        return sampled, len(crimes)

    def _is_declared(self, part: str, purpose: str) -> bool:
        """Return True if the request declares a part for a purpose."""
        return part in self.declared and purpose in self.declared[part].purposes

    def _manifest(self, folder: Path, crime_count: int, tables: Tables) -> BundleManifest:
        declared_row = tables["returns"].to_pylist()[0]
        return BundleManifest(
            format=FORMAT_VERSION,
            spec_version=contract.SPEC_VERSION,
            code_version=assay.__version__,
            request=self.request.key,
            force_code=self.accepted.force_code,
            edition=self.accepted.return_edition.edition,
            period_from=declared_row["period_from"],
            period_to=declared_row["period_to"],
            sealed_for=key_name(self.keys.public),
            coded_with=key_name(self.keys.coding),
            own_share=key_name(self.own_share) if self.own_share else "",
            identities_destroy_by=self._last_day(IDENTITIES),
            texts_destroy_by=self._last_day(TEXTS),
            texts_of=crime_count,
            summaries=summary_scan.scan_outcome(tables["scanned"]),
            files=bundle_file_hashes(folder),
        )

    def _last_day(self, part: str) -> date:
        """Return the last day of a part; of an undeclared part, the first last day of the request."""
        if part in self.declared:
            return self.declared[part].destroy_by
        return min(declaration.destroy_by for declaration in self.declared.values())

    def _write_codes(self, out: Path) -> Path:
        path = out.with_name(f"{out.name}-{CODES_FILE}")
        rows = ((kind, reference, code) for (kind, reference), code in sorted(self.codes.items()))
        write_csv(path, ("kind", "reference", "code"), rows)
        return path


def reserved_references() -> frozenset[str]:
    """Return the keys of indicators, recommendations and questions, which are not references of a force."""
    return frozenset(
        [
            *(form.key for form in forms()),
            *(entry.key for entry in recommendations()),
            *(entry.key for entry in questions()),
        ]
    )


def sample_crimes(codes: list[str], request: DataRequest) -> list[str]:
    """Return the crimes whose texts are sent: the first by hash of the request's seed and their code.

    Anybody with the codes and the seed draws the same sample, and nobody can choose.
    """
    ordered = sorted(codes, key=lambda code: hashlib.sha256(f"{request.sample_seed}|{code}".encode()).hexdigest())
    return ordered[: request.sample_files]


def _without_rows(identities: Tables) -> Tables:
    """Return the identities without rows, where they may not be read."""
    return {name: rows.slice(0, 0) for name, rows in identities.items()}


def _linked_people(tables: Tables, identities: Tables) -> Tables:
    """Return the force's record linkage and ages, by codes, so that it names nobody."""
    with ExpressionEngine() as expressions:
        input_tables = {name: expressions.table(name, tables[name]) for name in (*linkage.INPUT_TABLES, "incomplete")}
        input_tables |= {
            table_name: expressions.table(table_name, identities[name])
            for name, table_name in linkage.IDENTITY_TABLES.items()
        }
        linked = linkage.link_persons(expressions, input_tables).tables
        return {name: linked[name] for name in linkage.OUTPUT_TABLES}


def without_short_texts(name: str, rows: pa.Table) -> pa.Table:
    """Return a table without its short free texts."""
    return separated_identifiers.empty_columns(rows, [column for table, column in free_text_columns() if table == name])


def _is_in(values: pa.ChunkedArray, selected: set[Any]) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=pa.array(sorted(selected), values.type))
