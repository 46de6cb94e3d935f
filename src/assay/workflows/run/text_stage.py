"""Stage `readings`: read every text of the returns, store its scores, and measure how much was written.

    readings/notes, readings/summaries   one row per text: read or why not, scores, category, voice, band and rule
    readings/volume                      by force, month and author's role: texts, texts read, words, authors

The stage holds no text and no name. If texts are not declared for searching, every text is unread for that reason; if
they are destroyed, earlier results stay. Printed form lines that `return.toml` declares are removed from the texts
first, because nobody wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa

from assay import contract, feedback, ingest, privacy, reference, text
from assay.contract.separated_columns import TEXTS
from assay.engine.stage_runner import StageOutput
from assay.errors import PurposeRefused
from assay.facts import redacted_texts
from assay.facts.inspection_run import InspectionRun
from assay.indicators.catalogue.attitudes import attitude_lexicon
from assay.ingest.accepted_returns import AcceptedReturn, part_stage
from assay.ingest.summary_scan import PURPOSE
from assay.ingest.table_permission import is_part_allowed
from assay.reference import signs
from assay.workflows import reading
from assay.workflows.reading.text_readers import build_word_reader
from assay.workflows.reading.text_scan import ScanTables, TextSource, scan_notes, scan_summaries

READINGS, NOTES, SUMMARIES, VOLUME = "readings", "notes", "summaries", "volume"
FORMS = "forms"
FLAG_COLUMNS = ["force_code", "crime_ref", "cse_flagged"]
POLARS_STRING_TYPES = (pa.types.is_large_string, pa.types.is_string_view, pa.types.is_dictionary)
DATES = {NOTES: "entry_at", SUMMARIES: "recorded_at"}


def run_text_stage(run: InspectionRun) -> None:
    """Stage: read every note and crime summary once; cached while texts, lexicon and models are unchanged."""
    sources = {name: [_text_source(run, item, name) for item in run.accepted_returns] for name in DATES}
    allowed = {name: not any(item.exclusion_reason for item in source_list) for name, source_list in sources.items()}
    destroyed_texts = [
        item.texts for source_list in sources.values() for item in source_list if _is_destroyed(run, item)
    ]
    if destroyed_texts and (run.folder / READINGS / f"{NOTES}.parquet").is_file():
        run.stage_runner.load_receipts(READINGS)
        return
    if destroyed_texts:
        raise PurposeRefused(
            f"The texts of {destroyed_texts[0].parent.parent.name} are destroyed, and were never read."
        )

    def make() -> StageOutput:
        period = (run.inspection.request.period_from, run.inspection.request.period_to)
        slots = {sign.key: sign.slot for sign in signs()}
        crimes = pl.read_parquet(run.folder / "records" / "crime.parquet", columns=FLAG_COLUMNS)
        notes, volumes = _combine_forces(scan_notes(sources[NOTES], build_word_reader, period, run.progress))
        scanned = scan_summaries(sources[SUMMARIES], build_word_reader, slots, period, run.progress)
        summaries, summary_volumes = _combine_forces((with_flags(rows, crimes), volume) for rows, volume in scanned)
        tables = {NOTES: notes, SUMMARIES: summaries, VOLUME: to_arrow(pl.concat([*volumes, *summary_volumes]))}
        row_count = notes.num_rows + summaries.num_rows
        return StageOutput(tables, row_count, row_count)

    parts = [part_stage(TEXTS, item.stage) for item in run.accepted_returns]
    inputs = run.return_inputs((NOTES, SUMMARIES, "signs", FORMS))
    text_outputs = run.stage_runner.outputs_of(*(part for part in parts if part in run.stage_runner.receipts))
    inputs |= {path: value for path, value in text_outputs.items() if Path(path).stem in DATES}
    inputs |= {
        path: value for path, value in run.stage_runner.outputs_of("records").items() if Path(path).stem == "crime"
    }
    settings = run.request_settings | {f"{name} may be read": allowed_state for name, allowed_state in allowed.items()}
    settings["lexicon"] = attitude_lexicon.lexicon_version()
    packages = (reference, ingest, contract, feedback, privacy, text, reading, redacted_texts)
    run.stage_runner.run_stage(READINGS, make, packages=packages, inputs=inputs, settings=settings)


def _combine_forces(force_tables: Iterable[ScanTables]) -> tuple[pa.Table, list[pl.DataFrame]]:
    """Return the findings of all forces, stored force by force, and the text volume of each."""
    rows, volumes = [], []
    for findings, volume in force_tables:
        rows.append(to_arrow(findings))
        volumes.append(volume)
    return pa.concat_tables(rows), volumes


def with_flags(summaries: pl.DataFrame, crimes: pl.DataFrame) -> pl.DataFrame:
    """Return each crime summary with the flag of its crime (`cse_flagged`); null if the force did not supply flags."""
    forces_with_flags = crimes.filter(pl.col("cse_flagged").is_not_null())["force_code"].unique()
    crime_flags = crimes.unique(FLAG_COLUMNS[:2], keep="first", maintain_order=True).with_columns(
        sent=pl.lit(value=True)
    )
    joined = summaries.join(crime_flags, on=FLAG_COLUMNS[:2], how="left", maintain_order="left")
    absent = pl.col("sent").is_null() & pl.col("force_code").is_in(forces_with_flags.implode())
    flagged = pl.when(absent).then(pl.lit(value=False)).otherwise("cse_flagged")
    return joined.with_columns(cse_flagged=flagged).drop("sent")


def _text_source(run: InspectionRun, accepted_return: AcceptedReturn, name: str) -> TextSource:
    stage = run.folder / accepted_return.stage
    declared = run.inspection.declarations
    allowed = all(
        PURPOSE in declared[part].purposes and is_part_allowed(run.inspection, part, run.permission.today)
        for part in (name, TEXTS)
        if part in declared
    )
    exclusion_reason = "" if allowed and {name, TEXTS} <= set(declared) else "not_declared"
    texts = run.folder / part_stage(TEXTS, accepted_return.stage) / f"{name}.parquet"
    signs_found = stage / "signs.parquet" if name == SUMMARIES else None
    return TextSource(
        stage / f"{name}.parquet", texts, signs_found, exclusion_reason, printed_lines(stage / f"{FORMS}.parquet")
    )


def printed_lines(forms: Path) -> tuple[str, ...]:
    """Return the lines that the sender's forms print by themselves; none if no form was sent."""
    return tuple(pl.read_parquet(forms, columns=["printed"])["printed"]) if forms.is_file() else ()


def _is_destroyed(run: InspectionRun, source: TextSource) -> bool:
    """Return True if texts were stored once and are gone."""
    receipt = run.stage_runner.receipts.get(source.texts.parent.relative_to(run.folder).as_posix())
    return receipt is not None and source.texts.name in receipt.outputs and not source.texts.is_file()


def to_arrow(table: pl.DataFrame) -> pa.Table:
    """Return a table with plain text columns, so that its hash does not depend on how it was made."""
    arrow_table = table.to_arrow()
    plain_fields = [
        field.with_type(pa.string()).remove_metadata() if any(is_such(field.type) for is_such in POLARS_STRING_TYPES)
        else field
        for field in arrow_table.schema
    ]  # fmt: skip
    return arrow_table.cast(pa.schema(plain_fields))
