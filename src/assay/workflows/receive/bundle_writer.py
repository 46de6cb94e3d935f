"""What may leave a force, and what stays with it?

A bundle is made at the force, by the same checks that an inspection runs. It holds the accepted rows with codes in the
place of every reference, and who is the same person and how old they were as far as the force can tell; identities, and
the texts of drawn records, lie in it sealed, for the holder of the private key alone. Nothing else that somebody wrote
in words of their own is in it: texts that were not drawn, short texts, the text of rows set aside, words that no list
knows, names of files and systems, the letter, and the text of every summary stay with the force. Signs of exploitation
are looked for in summaries here: which of them stand in which summary goes with the bundle, under codes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import assay
from assay import contract, linkage
from assay.contract.separated_columns import IDENTITIES, TEXTS, columns_apart
from assay.engine.expressions import Expressions
from assay.engine.provenance.file_signatures import key_name
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.errors import PurposeRefused, SourceError, UsageError
from assay.feedback.scan_summary import ScanTold
from assay.indicators.indicator_catalogue import forms
from assay.ingest import summary_scan
from assay.ingest.accepted_returns import Held, holding, part_of
from assay.ingest.accepted_tables import BESIDE
from assay.ingest.identifier_checks import free_text_columns
from assay.ingest.inspection_folder import make_for
from assay.privacy import Coder, SendersKeys, own_share, packed, read_senders_keys, seal, separated_identifiers
from assay.privacy.bundle_manifest import FILE, FORMAT, SEALED, Manifest, hashes_of_files
from assay.privacy.encryption_keys import joined
from assay.privacy.reference_pseudonyms import Coders, incomplete_with_codes, kind_of, scan_with_codes, with_codes
from assay.progress import Progress, silent
from assay.reference import questions, recommendations
from assay.reference.data_requests import Request, read_request
from assay.reference.processing_declarations import Declaration, read_declarations
from assay.workflows.receive.bundle_summary import Bundled
from assay.workflows.receive.return_intake import take_in

CODES = "codes.csv"
LETTERS = ("letter.html", "letter.csv")
WORDS = ("unmapped", "forms")
"""Tables of the sender's own words: none of their rows leaves."""
OF_THE_SENDER = {"covers": ("system",), "counted": ("file",), "faults": ("file",), "aside": ("file",)}
"""Words of the sender's own, which may hold anything: names of systems and of files."""
Tables = dict[str, pa.Table]


def bundle(
    place: Path,
    request: Path,
    keys: Path,
    out: Path,
    *,
    share: Path | None = None,
    scan: bool = True,
    today: date | None = None,
    progress: Progress = silent,
) -> Bundled:
    """Make the bundle of the return in `place` for a request, in the new folder `out`.

    UsageError for a folder that is there already, keys of another request, or nothing to seal with; SourceError where
    the return cannot be taken in; PurposeRefused where a last day of the request has passed. `share` is the file of the
    sender's own share of the key; it is made if need be. `scan=False`: no signs are looked for in summaries.
    """
    if out.exists():
        raise UsageError(f"{out} is there already. Name a new folder for the bundle.")
    asked, given, declared = read_request(request), read_senders_keys(keys), read_declarations(request)
    passed = [said for one in declared.values() if (said := one.passed(today or date.today()))]
    if passed:
        raise PurposeRefused(f"{request}: {passed[0]} A bundle for this request can no longer be made.")
    if given.request != asked.key:
        raise UsageError(f"{keys} holds the keys of the request {given.request}, and {request} is {asked.key}.")
    own = own_share(share) if share else None
    with _work_beside(out) as folder:
        inspection = make_for(folder, request)
        progress("Checking the return", 0, 0)
        taken = take_in(folder, [place], scan=scan, today=today).returns
        if len(taken) != 1 or taken[0].refusal:
            raise SourceError(taken[0].sentence() if taken else f"{place} holds no return.")
        held = holding(inspection)[0]
        progress("Making the bundle", 0, 0)
        making = _Making(folder, held, asked, declared, given, own)
        return making.write(out)


@contextmanager
def _work_beside(out: Path) -> Iterator[Path]:
    """A folder beside the bundle for what may not leave: left by a run that was killed, it is there to be seen, and
    goes with the next."""
    work = out.with_name(f".unfinished-{out.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Making:
    """One bundle while it is made."""

    def __init__(
        self,
        folder: Path,
        held: Held,
        request: Request,
        declared: Mapping[str, Declaration],
        keys: SendersKeys,
        own: bytes | None,
    ) -> None:
        self.folder, self.held, self.request, self.keys, self.own = folder, held, request, keys, own
        self.declared = declared
        self.coders = Coders(held.body, Coder(keys.coding), Coder(joined(keys.coding, own)))
        self.codes: dict[tuple[str, str], str] = {}

    def write(self, out: Path) -> Bundled:
        """Write the bundle whole or not at all."""
        tables = self._tables()
        identities = self._part(IDENTITIES)
        texts, drawn = self._texts(tables)
        tables |= _people(tables, identities if self._may(IDENTITIES, "linkage") else _nobody(identities))
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(f".unfinished-{out.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        for name, table in tables.items():
            pq.write_table(table, unfinished / f"{name}.parquet", compression="zstd")
        for part, held in ((IDENTITIES, identities), (TEXTS, texts)):
            (unfinished / f"{part}{SEALED}").write_bytes(seal(packed(held), self.keys.public))
        manifest = self._manifest(unfinished, drawn, tables)
        (unfinished / FILE).write_text(manifest.text(self.keys.coding), encoding="utf-8", newline="\n")
        unfinished.rename(out)
        rows = sum(tables[name].num_rows for name in contract.tables())
        codes = self._codes_beside(out)
        for name in LETTERS:
            shutil.copy(self.folder / self.held.stage / name, out.with_name(f"{out.name}-{name}"))
        found = tuple(ScanTold(*(tables[name] for name in summary_scan.LEFT)).in_words())
        return Bundled(out, self.held.body, manifest.edition, rows, drawn, codes, manifest.identities_destroy_by, found)

    def _tables(self) -> Tables:
        """The tables of the return with codes, and nothing that somebody wrote in words of their own."""
        room = self.folder / self.held.stage
        found = {name: pq.read_table(room / f"{name}.parquet") for name in (*contract.tables(), *BESIDE)}
        for name in contract.tables():
            found[name] = self._coded(name, without_words(name, found[name]))
        for name, columns in OF_THE_SENDER.items():
            found[name] = separated_identifiers.without_content(found[name], columns)
        found["incomplete"] = incomplete_with_codes(found["incomplete"], self.coders)
        found |= {name: scan_with_codes(found[name], self.coders) for name in summary_scan.LEFT}
        found |= {name: found[name].slice(0, 0) for name in WORDS}
        return found

    def _coded(self, name: str, rows: pa.Table) -> pa.Table:
        coded = with_codes(name, rows, self.coders, names_of_ours())
        table = contract.table(name)
        for column in table.columns:
            kind = kind_of(table, column)
            if kind and column.name in rows.column_names and not column.name.startswith(("other_force", "subject")):
                pairs = zip(rows[column.name].to_pylist(), coded[column.name].to_pylist(), strict=True)
                self.codes |= {(kind, one): code for one, code in pairs if one is not None}
        return coded

    def _part(self, part: str) -> Tables:
        """A part that is kept apart, with codes; the text of rows set aside stays here."""
        room = self.folder / part_of(part, self.held.stage)
        names = columns_apart(part)
        return {name: with_codes(name, pq.read_table(room / f"{name}.parquet"), self.coders) for name in names}

    def _texts(self, tables: Tables) -> tuple[Tables, int]:
        """The texts of drawn crimes and of the children in them; of how many crimes."""
        may = self._may(TEXTS, "samples")
        crimes = set(drawn(tables["crimes"]["crime_ref"].to_pylist(), self.request)) if may else set()
        victims = tables["involvements"].filter(_among(tables["involvements"]["crime_ref"], crimes))
        victims = victims.filter(pc.equal(victims["role"], "victim"))
        children = set(victims["person_ref"].to_pylist()) - {None}
        wanted = {"notes": ("crime_ref", crimes), "assessments": ("person_ref", children)}
        texts = self._part(TEXTS)
        found = {}
        for name, rows in texts.items():
            column, chosen = wanted.get(name, ("", set()))
            key = contract.table(name).key[0]
            ours = tables[name].filter(_among(tables[name][column], chosen)) if column else tables[name].slice(0, 0)
            found[name] = rows.filter(_among(rows[key], set(ours[key].to_pylist())))
        return found, len(crimes)

    def _may(self, part: str, purpose: str) -> bool:
        """Whether the request declares a part for a purpose."""
        return part in self.declared and purpose in self.declared[part].purposes

    def _manifest(self, folder: Path, drawn: int, tables: Tables) -> Manifest:
        told = tables["returns"].to_pylist()[0]
        return Manifest(
            format=FORMAT,
            spec_version=contract.SPEC_VERSION,
            code_version=assay.__version__,
            request=self.request.key,
            force_code=self.held.body,
            edition=self.held.accepted.edition,
            period_from=told["period_from"],
            period_to=told["period_to"],
            sealed_for=key_name(self.keys.public),
            coded_with=key_name(self.keys.coding),
            own_share=key_name(self.own) if self.own else "",
            identities_destroy_by=self._last_day(IDENTITIES),
            texts_destroy_by=self._last_day(TEXTS),
            texts_of=drawn,
            summaries=summary_scan.outcome(tables["scanned"]),
            files=hashes_of_files(folder),
        )

    def _last_day(self, part: str) -> date:
        """The last day of a part; where it is not declared nothing of it is asked, and the first last day holds."""
        if part in self.declared:
            return self.declared[part].destroy_by
        return min(one.destroy_by for one in self.declared.values())

    def _codes_beside(self, out: Path) -> Path:
        path = out.with_name(f"{out.name}-{CODES}")
        rows = ((kind, one, code) for (kind, one), code in sorted(self.codes.items()))
        write_csv(path, ("kind", "reference", "code"), rows)
        return path


def names_of_ours() -> frozenset[str]:
    """Keys of indicators, recommendations and questions: a reference that is one of them is no reference of a force."""
    return frozenset(
        [*(form.key for form in forms()), *(one.key for one in recommendations()), *(one.key for one in questions())]
    )


def drawn(codes: list[str], request: Request) -> list[str]:
    """The crimes whose texts are sent: those first in order of the hash of the request's seed and their code.

    Anybody who holds the codes and the seed draws the same, and nobody can choose.
    """
    turn = sorted(codes, key=lambda code: hashlib.sha256(f"{request.sample_seed}|{code}".encode()).hexdigest())
    return turn[: request.sample_files]


def _nobody(identities: Tables) -> Tables:
    """Identities of which nothing may be read."""
    return {name: rows.slice(0, 0) for name, rows in identities.items()}


def _people(tables: Tables, identities: Tables) -> Tables:
    """Who is the same person and how old, as far as this force can tell; on codes, so that it names nobody."""
    with Expressions() as at_work:
        given = {name: at_work.table(name, tables[name]) for name in (*linkage.READ, "incomplete")}
        given |= {held: at_work.table(held, identities[name]) for name, held in linkage.IDENTITIES.items()}
        found = linkage.find(at_work, given).tables
        return {name: found[name] for name in linkage.LEFT}


def without_words(name: str, rows: pa.Table) -> pa.Table:
    """A table without its short free texts; the long ones are kept apart from it already."""
    return separated_identifiers.without_content(
        rows, [column for table, column in free_text_columns() if table == name]
    )


def _among(values: pa.ChunkedArray, chosen: set[Any]) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=pa.array(sorted(chosen), values.type))
