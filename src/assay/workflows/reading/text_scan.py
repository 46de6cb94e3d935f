"""Scan every text of the returns, and store only the findings, not the texts.

Texts are read in batches and released. Stored are, for each text, whether it was read or why not, its scores, and the
category, voice and rule that decided; and the total volume of text. No text, position or length is stored. Every
summary gets the full score of words, for exploitation only. The funnel (`bulk_triage`) would be no faster at that and
gives no score to texts that its quick step skips; a sample needs scores of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from assay.engine.worker_processes import available_processors, map_batches
from assay.progress import Progress, no_progress
from assay.text import Answer, Entry, Reader
from assay.text.attitude_reader import BY_SLOTS_FILLED, MAX_CHARACTERS, UNFLAGGED
from assay.text.context.form_templates import PrintedLines
from assay.text.language_identification import other_language
from assay.text.text_cleaning import clean_text

READ, NOT_READ = "read", "not read"
REASONS = {
    "not_sent": "no text was sent",
    "empty": "the text is empty",
    "welsh": "in Welsh, which cannot be read yet",
    "other_language": "in another language or script",
    "image": "an image",
    "audio_or_video": "sound or film",
    "withheld": "withheld by its sender",
    "too_long": f"longer than {MAX_CHARACTERS:,} characters",
    "not_declared": "searching texts is not declared, or its last day has passed",
}
"""Reasons why a text was not read."""
BATCH_SIZE = 20_000
"""Maximum number of texts in memory."""
TEXT_FORM = "text"
LINK_COLUMNS = ("crime_ref", "report_ref", "missing_ref", "person_ref")
TIMESTAMP = pl.Datetime("us")
NOTE_COLUMNS = {
    **dict.fromkeys(("force_code", "note_ref", *LINK_COLUMNS), pl.String), "entry_at": TIMESTAMP,
    **dict.fromkeys(("author_role", "author_key", "entry_type", "form"), pl.String),
}  # fmt: skip
SUMMARY_COLUMNS = {**dict.fromkeys(("force_code", "crime_ref", "offence_code"), pl.String), "recorded_at": TIMESTAMP}
"""Columns that are read from each table, with types, also used for a table that nobody sent."""
NOTE_FINDINGS = {
    "state": pl.String, "reason": pl.String, "blaming": pl.Boolean, "blaming_score": pl.Float64,
    "category": pl.String, "voice": pl.String, "rule": pl.String, "words": pl.Int64,
}  # fmt: skip
BY_SIGNS, BY_MODEL = "signs_together", "scored_by_the_classifier"
RULE_TYPE = pl.Enum((BY_SIGNS, BY_MODEL))
SUMMARY_FINDINGS = {
    "state": pl.Enum((READ, NOT_READ)), "reason": pl.Enum(("", *REASONS)), "unflagged": pl.Boolean,
    "unflagged_score": pl.Float64, "rule": RULE_TYPE, "words": pl.Int64,
}  # fmt: skip
"""Columns stored as categories, because a country has twenty million summaries."""
VOLUME = ("force_code", "table_name", "month", "author_role")
KIND_COUNT, ALL_KINDS_SCORE = len(BY_SLOTS_FILLED) - 1, BY_SLOTS_FILLED[-1]
BANDS = (0.1, UNFLAGGED)
"""Upper ends of the score bands; from the last one on a text is identified."""
PARALLEL_THRESHOLD = 100_000
"""Minimum number of texts for several processes; with fewer, one process is as fast."""
Months = tuple[date, date]
"""The first day of a period, and the day after its last."""
Reads = Callable[[], Reader]
"""Makes what reads, in each process: a function of a module, or a `functools.partial` of one."""
Part = tuple[tuple[str, ...], pl.DataFrame]
"""A batch of rows with their texts, and the printed form lines of their sender."""
ScanTables = tuple[pl.DataFrame, pl.DataFrame]
"""One row for each text of a force, without the text, and the text volume (see `text_volume`)."""
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class TextSource:
    """The files of one table with texts: its rows, its separated texts, and the signs that a scan found.

    `exclusion_reason`: a key of `REASONS` if the texts may not be read; `forms`: the printed lines of its sender's
    forms.
    """

    rows: Path
    texts: Path
    signs: Path | None = None
    exclusion_reason: str = ""
    forms: tuple[str, ...] = ()


def scan_notes(
    sources: Iterable[TextSource], reader: Reads, period: Months, progress: Progress = no_progress
) -> Iterator[ScanTables]:
    """Scan every note, and yield findings and amount of text (texts, words, authors), force by force."""
    start_scanner = partial(_scanner, reader, NOTE_FINDINGS, _find_in_notes)
    for findings in _scan_by_force(list(sources), "note_ref", NOTE_COLUMNS, start_scanner, progress):
        voices = [
            bool(Entry(role or "", kind or "").voice)
            for role, kind in findings.select("author_role", "entry_type").iter_rows()
        ]
        rows = findings.with_columns(
            imported=pl.Series(voices, dtype=pl.Boolean), in_base=_in_sampling_frame("entry_at", period)
        )
        rows = rows.with_columns(band=score_band("blaming_score"))
        yield rows.drop("words", "form"), text_volume(rows, "notes", "entry_at")


def scan_summaries(
    sources: Iterable[TextSource],
    reader: Reads,
    slots: Mapping[str, str],
    period: Months,
    progress: Progress = no_progress,
) -> Iterator[ScanTables]:
    """Scan every crime summary; yield findings and amount of text by force. `slots` gives the kind of each sign."""
    source_list, start_scanner = list(sources), partial(_scanner, reader, SUMMARY_FINDINGS, _find_in_summaries)
    sign_kinds = {
        force: _count_sign_kinds(force_sources, slots) for force, force_sources in _by_force(source_list).items()
    }
    for findings in _scan_by_force(source_list, "crime_ref", SUMMARY_COLUMNS, start_scanner, progress):
        kinds = sign_kinds[findings["force_code"][0]] if findings.height else _count_sign_kinds((), slots)
        rows = _with_signs(findings, kinds).with_columns(in_base=_in_sampling_frame("recorded_at", period))
        rows = rows.with_columns(band=score_band("unflagged_score"))
        yield rows.drop("words"), text_volume(rows, "summaries", "recorded_at")


def combine_forces(force_tables: Iterable[ScanTables]) -> ScanTables:
    """Concatenate the tables of all forces."""
    rows, volumes = zip(*force_tables, strict=True)
    return pl.concat(rows), pl.concat(volumes)


def score_band(score: str) -> pl.Expr:
    """Return the score band of each text, by the name that sample designs use; null without a score."""
    names = [*(f"up to {cut:g}" for cut in BANDS), f"above {BANDS[-1]:g}"]
    band_name = pl.lit(names[-1])
    for name, cut in reversed(list(zip(names, BANDS, strict=False))):
        band_name = pl.when(pl.col(score) <= cut).then(pl.lit(name)).otherwise(band_name)
    return pl.when(pl.col(score).is_null()).then(None).otherwise(band_name)


def text_volume(findings: pl.DataFrame, table: str, date_column: str) -> pl.DataFrame:
    """Count texts, words and authors by force, month and author role.

    `read`: texts that were read and have a date. A text without one may be of the period, and no sample draws it.
    """
    role, author = (
        pl.col(name) if name in findings.columns else pl.lit(None, pl.String) for name in ("author_role", "author_key")
    )
    rows = findings.select(
        "force_code", "state", "words", table_name=pl.lit(table),
        month=pl.col(date_column).cast(pl.Datetime).dt.strftime("%Y-%m"),
        author_role=role.fill_null(""), author_key=author,
    )  # fmt: skip
    return (
        rows.group_by(VOLUME)
        .agg(
            texts=pl.len().cast(pl.Int64),
            read=((pl.col("state") == READ) & pl.col("month").is_not_null()).sum().cast(pl.Int64),
            words=pl.col("words").sum(),
            authors=pl.col("author_key").drop_nulls().n_unique().cast(pl.Int64),
        )
        .join(_two_largest_authors(findings), on="force_code", how="left")
        .sort(VOLUME)
    )


def _two_largest_authors(findings: pl.DataFrame) -> pl.DataFrame:
    """Return for each force the words of the two authors who wrote most.

    Entries without a known author may all be by one. If a table has no authors, each text counts as an author.
    """
    author_column = "author_key" if "author_key" in findings.columns else "crime_ref"
    sorted_words = pl.col("words").sort(descending=True)
    author_words = findings.group_by("force_code", author_column).agg(pl.col("words").sum().cast(pl.Int64))
    second = sorted_words.get(1, null_on_oob=True).fill_null(0)
    return author_words.group_by("force_code").agg(largest=sorted_words.first(), second=second)


def _scan_by_force(
    sources: Sequence[TextSource],
    key: str,
    columns: Mapping[str, Any],
    start_scanner: Callable[[], Callable[[Part], pl.DataFrame]],
    progress: Progress,
) -> Iterator[pl.DataFrame]:
    """Yield the findings force by force; one empty table if there are no texts."""
    forces, done = _by_force(sources), 0
    source_list = [source for force_parts in forces.values() for source in force_parts]
    total_rows = sum(pq.read_metadata(source.rows).num_rows for source in source_list)
    parts = ((source.forms, batch) for source in source_list for batch in _batches(source, key, columns))
    answers = (
        part
        for part in map_batches(parts, start_scanner, available_processors() if total_rows >= PARALLEL_THRESHOLD else 1)
        if part.height
    )
    for _, force_parts in groupby(answers, key=lambda part: part["force_code"][0]):
        force_tables = []
        for part in force_parts:
            force_tables.append(part)
            done += part.height
            progress("Reading texts", done, total_rows)
        yield pl.concat(force_tables).sort("force_code", key)
    if not forces:
        schema = {**columns, "text": pl.String, "why": pl.String}
        yield start_scanner()(((), pl.DataFrame(schema=schema)))


def _by_force(sources: Iterable[TextSource]) -> dict[str, list[TextSource]]:
    """Yield the tables of each force that hold rows, in order of force: a table is of one force."""
    sources_by_force: dict[str, list[TextSource]] = {}
    for source in sources:
        for force in pl.read_parquet(source.rows, columns=["force_code"], n_rows=1)["force_code"]:
            sources_by_force.setdefault(force, []).append(source)
    return dict(sorted(sources_by_force.items()))


def _scanner(
    reader: Reads, schema: Mapping[str, Any], find: Callable[[pl.DataFrame, Reader], Rows]
) -> Callable[[Part], pl.DataFrame]:
    """Return the function that scans one batch after the other."""
    text_reader = reader()

    def scan_batch(part: Part) -> pl.DataFrame:
        forms, batch = part
        return _with_found(batch, schema, find(_without_form_text(batch, forms) if forms else batch, text_reader))

    return scan_batch


def _without_form_text(batch: pl.DataFrame, forms: tuple[str, ...]) -> pl.DataFrame:
    """Return the texts without printed form lines; texts that are too long stay unchanged."""
    taken_out = _form_text(forms).mask
    texts = [taken_out(text) if text and len(text) <= MAX_CHARACTERS else text for text in batch["text"].to_list()]
    return batch.with_columns(text=pl.Series(texts, dtype=pl.String))


@lru_cache(maxsize=4)
def _form_text(forms: tuple[str, ...]) -> PrintedLines:
    return PrintedLines(forms)


def _batches(source: TextSource, key: str, columns: Mapping[str, Any]) -> Iterator[pl.DataFrame]:
    """Yield rows with their texts in batches; a row without a stored text has none."""
    stored_rows = pl.read_parquet(source.rows, columns=list(columns))
    rows = stored_rows.select(
        *(pl.col(name).cast(kind) for name, kind in columns.items()), why=pl.lit(source.exclusion_reason)
    )
    if source.exclusion_reason or not source.texts.is_file():
        yield rows.with_columns(text=pl.lit(None, pl.String))
        return
    stored = pq.ParquetFile(source.texts)
    if stored.metadata.num_rows < rows.height:  # a part of the texts was sent: those of a drawn sample
        texts = pl.DataFrame(pl.from_arrow(stored.read([key, "text"])))
        yield from rows.join(texts, on=key, how="left", maintain_order="left").iter_slices(BATCH_SIZE)
        return
    offset = 0
    for batch in stored.iter_batches(BATCH_SIZE, columns=[key, "text"]):
        texts, batch_rows = pl.DataFrame(pl.from_arrow(batch)), rows.slice(offset, batch.num_rows)
        offset += batch.num_rows
        yield batch_rows.with_columns(texts["text"]) if batch_rows[key].equals(texts[key]) else rows.join(texts, on=key)


def _with_found(batch: pl.DataFrame, schema: Mapping[str, Any], findings: Rows) -> pl.DataFrame:
    """Return a batch without its texts, with the findings in each."""
    return pl.concat(
        [batch.drop("text", "why"), pl.DataFrame(findings, schema=dict(schema), orient="row")], how="horizontal"
    )


def _find_in_notes(batch: pl.DataFrame, reader: Reader) -> Rows:
    rows = batch.select("text", "form", "author_role", "entry_type", "why").rows()
    reasons = [reason or unread_reason(text, form or TEXT_FORM) for text, form, *_, reason in rows]
    open_rows = [row for row, reason in zip(rows, reasons, strict=True) if not reason]
    entries = [Entry(role or "", kind or "") for _, _, role, kind, _ in open_rows]
    answers = iter(reader.read([text for text, *_ in open_rows], entries, signs=False))
    return [
        (NOT_READ, reason, None, None, None, None, None, 0)
        if reason
        else (READ, "", *_note_findings(next(answers)), count_words(row[0]))
        for row, reason in zip(rows, reasons, strict=True)
    ]


def _find_in_summaries(batch: pl.DataFrame, reader: Reader) -> Rows:
    rows = batch.select("text", "why").rows()
    reasons = [reason or unread_reason(text) for text, reason in rows]
    scores = iter(
        reader.score_exploitation([text for (text, _), reason in zip(rows, reasons, strict=True) if not reason])
    )
    findings: Rows = []
    for (text, _), reason in zip(rows, reasons, strict=True):
        if reason:
            findings.append((NOT_READ, reason, None, None, None, 0))
        else:
            score = next(scores)
            findings.append((READ, "", score >= UNFLAGGED, round(score, 4), BY_MODEL, count_words(text)))
    return findings


def unread_reason(text: str | None, form: str = TEXT_FORM) -> str:
    """Return why a text cannot be read, a key of `REASONS`; '' if it can."""
    if form != TEXT_FORM:
        return form if form in REASONS else "withheld"
    if text is None:
        return "not_sent"
    if len(text) > MAX_CHARACTERS:
        return "too_long"
    cleaned = clean_text(text)
    if not any(character.isalnum() for character in cleaned):
        return "empty"
    language = other_language(cleaned)
    return "welsh" if language == "Welsh" else "other_language" if language else ""


def _note_findings(answer: Answer) -> tuple[bool | None, float | None, str | None, str | None, str | None]:
    """Return the stored part of an answer: whether it blames, the score, and what decided."""
    best = max(answer.passages, key=lambda passage: (passage.counts, passage.score, -passage.start), default=None)
    return answer.blaming, answer.blaming_score, answer.category, answer.voice, best.rule if best else None


def count_words(text: str) -> int:
    """Return the number of words in a text."""
    return len(text.split())


def _in_sampling_frame(date_column: str, period: Months) -> pl.Expr:
    """Return True if a text was read and is dated in the period: the sampling frame."""
    day = pl.col(date_column).cast(pl.Date, strict=False)
    return ((pl.col("state") == READ) & (day >= period[0]) & (day < period[1])).fill_null(value=False)


def _count_sign_kinds(sources: Iterable[TextSource], slots: Mapping[str, str]) -> pl.DataFrame:
    """Return for each summary how many kinds of sign (a child, an adult, something more) the scan found."""
    schema = {"force_code": pl.String, "crime_ref": pl.String, "sign": pl.String}
    parts = [
        pl.read_parquet(source.signs, columns=list(schema))
        for source in sources
        if source.signs and source.signs.is_file()
    ]
    found_signs = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    kinds = pl.col("sign").replace_strict(dict(slots), default=None, return_dtype=pl.String)
    return found_signs.group_by("force_code", "crime_ref").agg(
        kinds_of_signs=kinds.drop_nulls().n_unique().cast(pl.Int64)
    )


def _with_signs(findings: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """Identify a summary with all kinds of signs, whatever its classifier score."""
    joined = findings.join(kinds, on=["force_code", "crime_ref"], how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("kinds_of_signs").fill_null(0))
    all_kinds = (
        (pl.col("state") == READ)
        & (pl.col("kinds_of_signs") >= KIND_COUNT)
        & (pl.col("unflagged_score") < ALL_KINDS_SCORE)
    )
    return joined.with_columns(
        unflagged_score=pl.when(all_kinds).then(pl.lit(ALL_KINDS_SCORE)).otherwise("unflagged_score"),
        rule=pl.when(all_kinds).then(pl.lit(BY_SIGNS, RULE_TYPE)).otherwise("rule"),
    ).with_columns(unflagged=pl.col("unflagged_score") >= UNFLAGGED)
