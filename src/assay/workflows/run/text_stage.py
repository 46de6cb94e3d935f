"""What was found in every text of the returns, and how much was written? A stage of the stream, before anybody marks.

    readings/notes, readings/summaries   one row a text: read or why not, scores, category, voice, band and rule
    readings/volume                      by force, month and author's role: texts, those read, words, authors

No text and no name stands in it. Where texts are not declared for searching every text is not read, for that reason;
where they are destroyed already, what was read before stands. What a force's own forms print, as its `return.toml`
says, is taken out of its texts first: nobody said it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa

from assay import contract, feedback, ingest, privacy, reference, text
from assay.contract.separated_columns import TEXTS
from assay.engine.stage_runner import Made
from assay.errors import PurposeRefused
from assay.facts import redacted_texts
from assay.facts.inspection_run import Run
from assay.indicators.catalogue.attitudes import attitude_lexicon
from assay.ingest.accepted_returns import Held, part_of
from assay.ingest.summary_scan import PURPOSE
from assay.ingest.table_permission import may_be_kept
from assay.reference import signs
from assay.workflows import reading
from assay.workflows.reading.text_readers import by_words
from assay.workflows.reading.text_scan import Lying, Told, notes_read, summaries_read

READINGS, NOTES, SUMMARIES, VOLUME = "readings", "notes", "summaries", "volume"
FORMS = "forms"
FLAGGED = ["force_code", "crime_ref", "cse_flagged"]
TEXTS_OF_POLARS = (pa.types.is_large_string, pa.types.is_string_view, pa.types.is_dictionary)
DATES = {NOTES: "entry_at", SUMMARIES: "recorded_at"}


def read_texts(run: Run) -> None:
    """Every note and summary once; kept where the same texts were read by the same lexicon and models."""
    lying = {name: [_lying(run, one, name) for one in run.held] for name in DATES}
    allowed = {name: not any(one.why_not for one in found) for name, found in lying.items()}
    gone = [one.texts for found in lying.values() for one in found if _destroyed(run, one)]
    if gone and (run.folder / READINGS / f"{NOTES}.parquet").is_file():
        run.book.know(READINGS)
        return
    if gone:
        raise PurposeRefused(f"The texts of {gone[0].parent.parent.name} are destroyed, and were never read.")

    def make() -> Made:
        period = (run.inspection.request.period_from, run.inspection.request.period_to)
        slots = {one.key: one.slot for one in signs()}
        crimes = pl.read_parquet(run.folder / "records" / "crime.parquet", columns=FLAGGED)
        notes, written = _laid_together(notes_read(lying[NOTES], by_words, period, run.progress))
        read = summaries_read(lying[SUMMARIES], by_words, slots, period, run.progress)
        summaries, more = _laid_together((with_flags(rows, crimes), volume) for rows, volume in read)
        made = {NOTES: notes, SUMMARIES: summaries, VOLUME: stored(pl.concat([*written, *more]))}
        taken = notes.num_rows + summaries.num_rows
        return Made(made, taken, taken)

    parts = [part_of(TEXTS, one.stage) for one in run.held]
    inputs = run.from_returns((NOTES, SUMMARIES, "signs", FORMS))
    known = run.book.outputs_of(*(part for part in parts if part in run.book.receipts))
    inputs |= {path: value for path, value in known.items() if Path(path).stem in DATES}
    inputs |= {path: value for path, value in run.book.outputs_of("records").items() if Path(path).stem == "crime"}
    settings = run.asked | {f"{name} may be read": told for name, told in allowed.items()}
    settings["lexicon"] = attitude_lexicon.lexicon().version
    rooms = (reference, ingest, contract, feedback, privacy, text, reading, redacted_texts)
    run.book.stage(READINGS, make, rooms=rooms, inputs=inputs, settings=settings)


def _laid_together(told: Iterable[Told]) -> tuple[pa.Table, list[pl.DataFrame]]:
    """What was found of all forces, laid down force by force, and how much was written in each."""
    rows, written = [], []
    for found, volume in told:
        rows.append(stored(found))
        written.append(volume)
    return pa.concat_tables(rows), written


def with_flags(summaries: pl.DataFrame, crimes: pl.DataFrame) -> pl.DataFrame:
    """Each summary with the flag of its crime (`cse_flagged`). A crime that is not among those sent bears none, since a
    flag brings a crime of any kind into scope; where a force did not tell of flags, that is not known."""
    known = crimes.filter(pl.col("cse_flagged").is_not_null())["force_code"].unique()
    told = crimes.unique(FLAGGED[:2], keep="first", maintain_order=True).with_columns(sent=pl.lit(value=True))
    joined = summaries.join(told, on=FLAGGED[:2], how="left", maintain_order="left")
    absent = pl.col("sent").is_null() & pl.col("force_code").is_in(known.implode())
    flagged = pl.when(absent).then(pl.lit(value=False)).otherwise("cse_flagged")
    return joined.with_columns(cse_flagged=flagged).drop("sent")


def _lying(run: Run, one: Held, name: str) -> Lying:
    stage = run.folder / one.stage
    declared = run.inspection.declared
    allowed = all(
        PURPOSE in declared[part].purposes and may_be_kept(run.inspection, part, run.permission.today)
        for part in (name, TEXTS)
        if part in declared
    )
    why_not = "" if allowed and {name, TEXTS} <= set(declared) else "not_declared"
    texts = run.folder / part_of(TEXTS, one.stage) / f"{name}.parquet"
    signs_found = stage / "signs.parquet" if name == SUMMARIES else None
    return Lying(stage / f"{name}.parquet", texts, signs_found, why_not, printed_lines(stage / f"{FORMS}.parquet"))


def printed_lines(forms: Path) -> tuple[str, ...]:
    """The lines that the sender's own forms print; none where none was sent."""
    return tuple(pl.read_parquet(forms, columns=["printed"])["printed"]) if forms.is_file() else ()


def _destroyed(run: Run, one: Lying) -> bool:
    """Whether texts were kept once, and are no longer there."""
    receipt = run.book.receipts.get(one.texts.parent.relative_to(run.folder).as_posix())
    return receipt is not None and one.texts.name in receipt.outputs and not one.texts.is_file()


def stored(table: pl.DataFrame) -> pa.Table:
    """A table as stages keep it: plain text columns, so that neither its hash nor who reads it depends on how it was
    made."""
    found = table.to_arrow()
    plain = [
        field.with_type(pa.string()).remove_metadata() if any(is_such(field.type) for is_such in TEXTS_OF_POLARS)
        else field
        for field in found.schema
    ]  # fmt: skip
    return found.cast(pa.schema(plain))
