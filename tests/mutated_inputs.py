"""Every entry point for files, with a valid synthetic input and a way to corrupt it.

`entry_points` gives them; a number chooses one, and the same number makes the same thing. Official tables are cut from real ones
too, where the reference data are there.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.casefiles.refi_qda import Code, Coding, Project, Source, read_project, write_project
from assay.casefiles.surveys.questionnaire_forms import read_questionnaire
from assay.casefiles.surveys.survey_exports import read_answers
from assay.casefiles.surveys.survey_forms import write_form
from assay.engine.provenance import Ledger, write_stage
from assay.engine.safe_files.archive_limits import read_members
from assay.errors import EvidenceError, SourceError
from assay.indicators.document_checklists import checklists
from assay.indicators.fieldwork_question_sets import fieldwork_sets
from assay.indicators.voice_statements import voices
from assay.ingest import other_senders
from assay.ingest.inspection_folder import create_inspection, new_inspection
from assay.ingest.official_statistics import read_statistics
from assay.ingest.other_sender_tables import accepted_rows
from assay.ingest.question_answerability import supplied_returns
from assay.privacy import encrypt
from assay.privacy.bundle_manifest import MANIFEST_FILE
from assay.report import write_report
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.release.report_pack import check_pack, make_pack
from ingest import official_forms, other_sent, tables
from mutated_returns import (
    FORCE_CODE,
    MARK,
    ODD,
    XML,
    Base,
    Read,
    Rows,
    as_csv,
    as_parquet,
    as_xlsx,
    base,
    changed_bytes,
    changed_toml,
    changed_zip,
    read_mutated,
    write_mutated,
    write_rows,
)
from pencil_bundle import Whole, whole_bundle
from report.record_fixture import record_released
from surveys import exported


@dataclass(frozen=True)
class EntryPoint:
    """One way in: what writes a changed thing into a folder and says what was done, and what reads it back."""

    name: str
    write: Callable[[Path, random.Random], str]
    read: Callable[[Path], Read]


def entry_points(place: Path) -> list[EntryPoint]:
    """Every entry point; `place` is a folder for what they are made of."""
    sound = base(place / "country")
    bundles = _Bundles(sound, whole_bundle(sound, place / "bundle"))
    returns_folder, packs = _sent_returns(place / "voices"), _Pack(place / "pack")
    return [
        EntryPoint(
            "return",
            lambda folder, rng: write_mutated(sound, folder, rng),
            lambda folder: read_mutated(sound, folder),
        ),
        EntryPoint("voices and documents", lambda folder, rng: _write_sent(returns_folder, folder, rng), _hear),
        EntryPoint("bundle", bundles.write, bundles.read),
        EntryPoint("official table", _Official(place / "official").write, _read_official),
        EntryPoint("project", _write_project, _read_project),
        EntryPoint("survey", _write_survey, _read_survey),
        EntryPoint("pack", packs.write, packs.read),
    ]


def opened(entry_point: EntryPoint, place: Path, number: int) -> tuple[Read, str]:
    """What came of the thing of this number, and what was done to it."""
    folder = place / "changed"
    done = entry_point.write(folder, random.Random(number))
    return entry_point.read(folder), done


def _tried(work: Callable[[], tuple[int, tuple[str, ...]]]) -> Read:
    """What came of a piece of work: rows that nobody accounts for, and what was told."""
    try:
        unaccounted, descriptions = work()
        return Read("", "", unaccounted, descriptions)
    except SourceError as refused:
        return Read(str(refused), "", 0, (str(refused),))
    except Exception as error:  # whatever it is, it is ours to correct
        return Read("", f"{type(error).__name__}: {error}", 0, (str(error),))


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# ---- voices, documents, notes


def _sent_returns(folder: Path) -> tuple[str, Mapping[str, Rows]]:
    """A sound folder of another sender: its cover, and its tables as rows whose texts and references are marked."""
    survey, answered = other_sent.VOICE, other_sent.answers(20, 10)
    other_sent.write_sent(folder, sender="INSPECTION", kind="inspection", voices=[survey], voice_answers=answered,
                          voice_quotations=[other_sent.QUOTE], documents=[other_sent.DOCUMENT, other_sent.DOCUMENT],
                          fieldwork_notes=[other_sent.NOTE])  # fmt: skip
    rows_by_name = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            head, *data_rows = csv.reader(file)
        texts = {column.name for column in other_senders.tables()[path.stem].columns if column.kind in ("text", "ref")}
        rows = [[f"{MARK}{cell}" if name in texts and cell else cell for name, cell in zip(head, row, strict=True)]
                for row in data_rows]  # fmt: skip
        rows_by_name[path.stem] = [head, *rows]
    return (folder / "sent.toml").read_text(encoding="utf-8"), rows_by_name


def _write_sent(pair: tuple[str, Mapping[str, Rows]], folder: Path, rng: random.Random) -> str:
    manifest, rows_by_file = pair
    _fresh(folder)
    changes_made = []
    for name, rows in rows_by_file.items():
        if rng.random() < 0.5:
            changes_made.append(f"{name}: {write_rows(rows, folder / name, rng, [as_csv, as_csv, as_csv, as_xlsx])}")
        else:
            (folder / f"{name}.csv").write_bytes(as_csv(rows, random.Random(1))[1])
    if rng.random() < 0.2:
        manifest = changed_toml(manifest, rng)
        changes_made.append("cover")
    (folder / "sent.toml").write_text(manifest, encoding="utf-8", errors="surrogatepass")
    return "; ".join(changes_made)


def _hear(folder: Path) -> Read:
    def work() -> tuple[int, tuple[str, ...]]:
        inspection = folder.with_name("inspection")
        shutil.rmtree(inspection, ignore_errors=True)
        create_inspection(inspection, other_sent.REQUEST, {})
        submission = other_senders.read_submission(folder, other_sent.REQUEST, {**checklists(), **fieldwork_sets()})
        wrong = sum(
            submission.records[name] != len(submission.rows[name]) + len(submission.set_aside_lines.get(name, ()))
            for name in submission.records
        )
        (done,) = receive_evidence(inspection, [folder]).senders
        voices(accepted_rows(inspection))
        letters = [path.read_text(encoding="utf-8") for path in inspection.rglob("letter.*")]
        return wrong, (done.sentence(), (inspection / "ledger.jsonl").read_text(encoding="utf-8"), *letters)

    return _tried(work)


# ---- bundles


class _Bundles:
    """Bundles made by somebody who holds the key of the codes; every second one is read without the key that opens."""

    def __init__(self, sound: Base, whole: Whole) -> None:
        self.sound, self.whole, self.opens = sound, whole, False

    def write(self, folder: Path, rng: random.Random) -> str:
        self.opens = rng.random() < 0.5
        way = rng.choice(
            [self._table, self._table, self._bytes, self._sealed, self._sealed, self._manifest, self._file]
        )
        return f"{way.__name__} {way(folder, rng)}, {'with' if self.opens else 'without'} keys"

    def _name(self, rng: random.Random) -> str:
        filled = [name for name, rows in self.whole.tables.items() if rows.num_rows]
        return rng.choice(filled if rng.random() < 0.8 else sorted(self.whole.tables))

    def _table(self, folder: Path, rng: random.Random) -> str:
        name = self._name(rng)
        change = rng.choice(TABLE_CHANGES)
        self.whole.write(folder, {f"{name}.parquet": _parquet(change(self.whole.tables[name], rng))})
        return f"{name}: {change.__name__}"

    def _bytes(self, folder: Path, rng: random.Random) -> str:
        name = self._name(rng)
        self.whole.write(folder, {f"{name}.parquet": changed_bytes(_parquet(self.whole.tables[name]), rng)})
        return name

    def _sealed(self, folder: Path, rng: random.Random) -> str:
        part = rng.choice(sorted(self.whole.parts))
        content = self.whole.parts[part]
        content = (
            changed_bytes(content, rng) if rng.random() < 0.5 else changed_zip(content, rng, [(b"PAR1", [b"PAR2"])])
        )
        sealed = encrypt(content, self.whole.keys.public)
        sealed = changed_bytes(sealed, rng) if rng.random() < 0.2 else sealed
        self.whole.write(folder, {f"{part}.sealed": sealed})
        self.opens = True
        return part

    def _manifest(self, folder: Path, rng: random.Random) -> str:
        key = rng.choice(sorted(self.whole.result_fields))
        if rng.random() < 0.5:
            self.whole.write(folder, **{key: rng.choice([*ODD, -1, 2**70, True, 1.5, ["x"]])})
        else:
            self.whole.write(folder)
            text = changed_toml((folder / MANIFEST_FILE).read_text(encoding="utf-8"), rng)
            (folder / MANIFEST_FILE).write_text(text, encoding="utf-8", errors="surrogatepass")
        return key

    def _file(self, folder: Path, rng: random.Random) -> str:
        name = f"{self._name(rng)}.parquet"
        extra_files = {rng.choice([f"{MARK}.parquet", "x", "bundle.parquet"]): b"x"} if rng.random() < 0.5 else {}
        self.whole.write(folder, extra_files, left_files=() if extra_files else (name,))
        return name

    def read(self, folder: Path) -> Read:
        def work() -> tuple[int, tuple[str, ...]]:
            inspection = folder.with_name("inspection")
            shutil.rmtree(inspection, ignore_errors=True)
            new_inspection(inspection, self.sound.request_path)
            (return_result,) = receive_returns(
                inspection, [folder], keys=self.whole.keys if self.opens else None
            ).returns
            stage = inspection / "returns" / FORCE_CODE / "edition_1"
            if not return_result.refusal:
                supplied_returns({name: pq.read_table(stage / f"{name}.parquet") for name in (*ARRIVED, "scanned")})
            left = [path for path in inspection.glob("*/INV*/*") if return_result.refusal and path.is_dir()]
            if left:
                raise AssertionError(f"{left[0]} was left behind")
            return 0, (
                return_result.refusal,
                return_result.sentence() if return_result.refusal else "",
                (inspection / "ledger.jsonl").read_text("utf-8"),
            )

        found = _tried(work)
        return replace(found, refused=found.sentences[0]) if found.sentences and not found.crash else found


ARRIVED = ("returns", "covers", "kinds", "columns", "counted")


def _parquet(rows: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(rows, out)
    return out.getvalue()


def rows_twice(rows: pa.Table, rng: random.Random) -> pa.Table:
    return pa.concat_tables([rows] * rng.choice([2, 5]))


def row_gone(rows: pa.Table, rng: random.Random) -> pa.Table:
    return rows.slice(1) if rng.random() < 0.5 else rows.slice(0, 0)


def cells_gone(rows: pa.Table, rng: random.Random) -> pa.Table:
    position = rng.randrange(rows.num_columns)
    return rows.set_column(
        position, rows.schema.field(position), pa.nulls(rows.num_rows, rows.schema.field(position).type)
    )


def odd_cells(rows: pa.Table, rng: random.Random) -> pa.Table:
    position = rng.randrange(rows.num_columns)
    kind = rows.schema.field(position).type
    value = {pa.string(): rng.choice(ODD), pa.int64(): rng.choice([-1, 2**62, 0]), pa.bool_(): True}.get(kind)
    return rows.set_column(position, rows.schema.field(position), pa.array([value] * rows.num_rows, kind))


def other_kind(rows: pa.Table, rng: random.Random) -> pa.Table:
    position = rng.randrange(rows.num_columns)
    value, kind = rng.choice(
        [(1.5, pa.float64()), (["a"], pa.list_(pa.string())), (b"\xff", pa.binary()), (None, pa.null())]
    )
    return rows.set_column(position, rows.column_names[position], pa.array([value] * rows.num_rows, kind))


def other_columns(rows: pa.Table, rng: random.Random) -> pa.Table:
    names = list(rows.column_names)
    rng.shuffle(names)
    return rows.select(names[: rng.randrange(len(names) + 1)])


TABLE_CHANGES: list[Callable[[pa.Table, random.Random], pa.Table]] = [
    rows_twice, row_gone, cells_gone, odd_cells, odd_cells, other_kind, other_columns,
]  # fmt: skip


# ---- official tables

ODS = [
    (rb'number-rows-repeated="\d+"', [b'number-rows-repeated="1048576"', b'number-rows-repeated="-1"', b""]),
    (rb'number-columns-repeated="\d+"', [b'number-columns-repeated="99999999999"', b'number-columns-repeated="x"']),
    (rb"<table:table-cell ", [b'<table:table-cell table:number-columns-repeated="16384" ', b"<table:table-cel "]),
    (rb"<table:table-row>", [b'<table:table-row table:number-rows-repeated="1048576">', b"</table:table-row>"]),
    (
        rb'office:value="([^"]*)"',
        [b'office:value="nan"', b'office:value="1e400"', b'office:value=""', b'office:value="-1"'],
    ),
    (rb'office:value-type="\w+"', [b'office:value-type="date"', b'office:value-type="zz"', b""]),
    (
        rb"<text:p>([^<]*)</text:p>",
        [b"<text:p>x<text:p>y</text:p></text:p>", b"<text:p/>", b"<text:s text:c='999999999'/>"],
    ),
    (rb"<\?xml[^>]*>", [b"<?xml version='1.0' encoding='zz'?>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b""]),
]
REAL = (tables.RECORDED, tables.OUTCOMES_2018, tables.OUTCOMES_2024, tables.CHILDREN, tables.POPULATION)
MAX_ROWS, MAX_COLUMNS = 120, 60


class _Official:
    """Small official tables: synthetic ones, and the first rows of real ones where they lie on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = _fresh(folder)
        synthetic = [tables.row(n, force) for n, force in enumerate(("Kent", "Essex", "Kent and Essex", ""))]
        outcomes = [tables.outcome(code, 3) for code in ("1", "16", "1A", "Not yet assigned an outcome")]
        self.tables: list[Rows] = [
            [list(tables.HEADER), *synthetic],
            [list(tables.OUTCOME_HEADER), *outcomes],
            *_real(),
        ]

    def write(self, folder: Path, rng: random.Random) -> str:
        _fresh(folder)
        forms = [as_csv, as_parquet, as_xlsx, self._xlsx, self._ods, self._ods]
        number = rng.randrange(len(self.tables))
        done = write_rows(self.tables[number], folder / f"table {number}", rng, forms)
        if rng.random() < 0.1:
            (path,) = folder.iterdir()
            path.with_suffix(".gz").write_bytes(changed_bytes(gzip.compress(path.read_bytes()), rng))
            path.unlink()
        return f"{number}: {done}"

    def _xlsx(self, rows: Rows, rng: random.Random) -> tuple[str, bytes]:
        return ".xlsx", self._workbook(official_forms.write_xlsx, rows, rng, XML)

    def _ods(self, rows: Rows, rng: random.Random) -> tuple[str, bytes]:
        return ".ods", self._workbook(official_forms.write_ods, rows, rng, ODS)

    def _workbook(self, write: Any, rows: Rows, rng: random.Random, patterns: Any) -> bytes:
        clean = [["".join(sign for sign in cell if sign.isprintable()) for cell in row[:MAX_COLUMNS]] for row in rows]
        sheet = official_forms.Sheet("2024-25", ["A table", ""], clean[0], clean[1:])
        path = write(self.folder / "book", [official_forms.cover_sheet(), official_forms.notes(), sheet])
        return changed_zip(path.read_bytes(), rng, patterns) if rng.random() < 0.7 else path.read_bytes()


def _real() -> Iterator[Rows]:
    """The first rows of each real table that is here."""
    for name in REAL:
        path = Path(os.environ.get("ASSAY_REFERENCE", "")) / name
        if "ASSAY_REFERENCE" not in os.environ or not path.is_file():
            continue
        if path.suffix == ".parquet":
            table = next(pq.ParquetFile(path).iter_batches(MAX_ROWS))
            yield [table.schema.names, *([str(cell) for cell in row.values()] for row in table.to_pylist())]
        else:
            with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
                yield [row for _, row in zip(range(MAX_ROWS), csv.reader(file), strict=False)]


def _read_official(folder: Path) -> Read:
    def work() -> tuple[int, tuple[str, ...]]:
        try:
            statistics = read_statistics(folder.iterdir())
        except EvidenceError as lost:  # a row that would be lost, seen before anything was kept
            raise SourceError(str(lost)) from None
        return sum(
            file_result.row_count != file_result.passed_on + sum(file_result.set_aside.values())
            for file_result in statistics.files
        ), ()

    return _tried(work)


# ---- projects of coding tools

QDE = [
    (
        rb'(start|end)Position="(\d+)"',
        [b'startPosition="-1"', b'endPosition="99999999999999999999"', b'startPosition="x"', b""],
    ),
    (rb'guid="([^"]*)"', [b'guid=""', b'guid="x"', b'guid="{0}"', b""]),
    (rb'targetGUID="([^"]*)"', [b'targetGUID=""', b""]),
    (
        rb'plainTextPath="([^"]*)"',
        [b'plainTextPath="internal://../../x"', b'plainTextPath="/etc/passwd"', b'plainTextPath=""'],
    ),
    (rb'name="([^"]*)"', [b'name=""', b"", b'name="' + b"x" * 70_000 + b'"']),
    (rb"<Code ", [b"<Code name='a'>" * 30 + b"<Code ", b"<Kode ", b"<!-- x --><Code "]),
    (rb"<\?xml[^>]*>", [b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<?xml version='1.0' encoding='zz'?>", b""]),
    (rb"urn:QDA-XML:project:1.0", [b"urn:x", b""]),
]


def _write_project(folder: Path, rng: random.Random) -> str:
    text = f"{MARK} The supervisor was told on Monday."
    codings = frozenset({Coding(("Questions", "Q3"), "A", 2, 9), Coding(("Questions",), "B")})
    sources = tuple(Source(f"{MARK}{number}", text, (("held_on", "2026-02-01"),), codings) for number in range(2))
    path = _fresh(folder) / "a.qdpx"
    write_project(path, Project("P", (Code(("Questions",)), Code(("Questions", "Q3"))), sources))
    way = rng.choice([lambda data, rng: changed_zip(data, rng, QDE)] * 3 + [changed_bytes])
    path.write_bytes(way(path.read_bytes(), rng))
    return way.__name__


def _read_project(folder: Path) -> Read:
    def work() -> tuple[int, tuple[str, ...]]:
        imported = read_project(folder / "a.qdpx")
        stretches = [coding for source in imported.project.sources for coding in source.codings if not coding.whole]
        return sum(coding.first >= coding.after for coding in stretches), imported.errors

    return _tried(work)


# ---- surveys


def _write_survey(folder: Path, rng: random.Random) -> str:
    _fresh(folder)
    if rng.random() < 0.5:
        rows = [exported.row(number, note=f"{MARK} a note") for number in range(4)]
        return write_rows(
            [list(rows[0]), *(list(map(str, row.values())) for row in rows)], folder / "answers", rng, [as_csv]
        )
    path = folder / "form.xlsx"
    write_form(path, exported.QUESTIONNAIRE, exported.FORCES)
    path.write_bytes(changed_zip(path.read_bytes(), rng))
    return "form"


def _read_survey(folder: Path) -> Read:
    def work() -> tuple[int, tuple[str, ...]]:
        if (folder / "form.xlsx").is_file():
            read_questionnaire(str(folder / "form.xlsx"))
            return 0, ()
        answers_read = read_answers(folder / "answers.csv", exported.QUESTIONNAIRE, exported.FORCES)
        return int(answers_read.received != len(answers_read.rows) + sum(answers_read.set_aside.values())), (
            str(answers_read.errors),
        )

    return _tried(work)


# ---- packs

JSON = [
    (rb'"[0-9a-f]{64}"', [b'""', b"1", b"null", b'"' + b"0" * 64 + b'"']),
    (rb":\s*\d+", [b": -1", b": 1e400", b": 99999999999999999999", b': "x"', b": null", b": []"]),
    (rb'"([a-z_]+)":', [b'"x":', b'"":', b'"\\\\u0000":']),
    (rb"\[", [b"[" * 50_000, b"{", b"[[", b""]),
    (rb"\{", [b"[", b"{{", b'{"a": 1, "a": 2, ']),
    (rb"}", [b"", b"}}", b"\xff}"]),
]


class _Pack:
    """The pack of the synthetic report, which somebody handed on with one of its files changed."""

    def __init__(self, folder: Path) -> None:
        self.sound = folder / "one.zip"
        if not self.sound.is_file():
            folder.mkdir()
            ledger = Ledger(folder / "ledger.jsonl")
            write_released = partial(write_report, record_released())
            write_stage(folder, "report", fill=write_released, rows_in=0, rows_out=0, ledger=ledger)
            make_pack(folder, self.sound)

    def write(self, folder: Path, rng: random.Random) -> str:
        path = _fresh(folder) / "one.zip"
        suffix = rng.choice([".json", ".json", ".csv", ""])
        way = rng.choice([changed_bytes, *[partial(changed_zip, patterns=JSON, suffix=suffix)] * 5])
        path.write_bytes(way(self.sound.read_bytes(), rng))
        return suffix or "any"

    def read(self, folder: Path) -> Read:
        def work() -> tuple[int, tuple[str, ...]]:
            try:
                pack_check = check_pack(folder / "one.zip")
            except EvidenceError as refused:
                raise SourceError(str(refused)) from None
            return int(not pack_check and read_members(folder / "one.zip") != read_members(self.sound)), tuple(
                pack_check
            )

        return _tried(work)
