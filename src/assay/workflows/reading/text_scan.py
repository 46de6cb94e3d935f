"""What was found in every text that was sent, kept without the texts?

Texts come in batches and are let go: what stays of each is whether it was read or why not, scores, the category, voice
and rule that decided, and of all together how much was written. No text stays, no place in one and no length of one.

Every summary is scored by the full look of the words alone, and for exploitation only. The funnel (`many`) would be no
quicker at that, and leaves without a score what its quick look passes over; a sample is drawn by scores of all.
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

from assay.engine.worker_processes import cores, streamed
from assay.progress import Progress, silent
from assay.text import Answer, Entry, Reader
from assay.text.attitude_reader import BY_SLOTS_FILLED, MOST_CHARACTERS, UNFLAGGED
from assay.text.context.form_templates import Printed
from assay.text.language_identification import other_language
from assay.text.text_cleaning import cleaned_text

READ, NOT_READ = "read", "not read"
REASONS = {
    "not_sent": "no text was sent",
    "empty": "the text is empty",
    "welsh": "in Welsh, which cannot be read yet",
    "other_language": "in another language or script",
    "image": "an image",
    "audio_or_video": "sound or film",
    "withheld": "withheld by its sender",
    "too_long": f"longer than {MOST_CHARACTERS:,} characters",
    "not_declared": "texts are not declared for searching, or a last day has passed",
}
"""Why a text was not read."""
AT_ONCE = 20_000
"""Texts in memory at once."""
TEXT_FORM = "text"
TIES = ("crime_ref", "report_ref", "missing_ref", "person_ref")
WHEN = pl.Datetime("us")
OF_NOTES = {
    **dict.fromkeys(("force_code", "note_ref", *TIES), pl.String), "entry_at": WHEN,
    **dict.fromkeys(("author_role", "author_key", "entry_type", "form"), pl.String),
}  # fmt: skip
OF_SUMMARIES = {**dict.fromkeys(("force_code", "crime_ref", "offence_code"), pl.String), "recorded_at": WHEN}
"""What is read of each table, and of which type it is: a table that nobody sent has the types of one that all sent."""
FOUND = {
    "state": pl.String, "reason": pl.String, "blaming": pl.Boolean, "blaming_score": pl.Float64,
    "category": pl.String, "voice": pl.String, "rule": pl.String, "words": pl.Int64,
}  # fmt: skip
BY_SIGNS, BY_MODEL = "signs_together", "scored_by_the_classifier"
DECIDED = pl.Enum((BY_SIGNS, BY_MODEL))
TOLD = {
    "state": pl.Enum((READ, NOT_READ)), "reason": pl.Enum(("", *REASONS)), "unflagged": pl.Boolean,
    "unflagged_score": pl.Float64, "rule": DECIDED, "words": pl.Int64,
}  # fmt: skip
"""Of a country there are twenty million summaries: what is one of few words is held as its number."""
VOLUME = ("force_code", "table_name", "month", "author_role")
KINDS, TOGETHER = len(BY_SLOTS_FILLED) - 1, BY_SLOTS_FILLED[-1]
BANDS = (0.1, UNFLAGGED)
"""Where the bands of a score end: from the last on a text is called."""
MANY = 100_000
"""So many texts are read in several processes; where there are fewer, one is done as soon."""
Months = tuple[date, date]
"""The first day of a period, and the day after its last."""
Reads = Callable[[], Reader]
"""Makes what reads, in each process: a function of a module, or a `functools.partial` of one."""
Part = tuple[tuple[str, ...], pl.DataFrame]
"""Some rows with their texts, and the lines that their sender's forms print."""
Told = tuple[pl.DataFrame, pl.DataFrame]
"""Of one force's texts a row each, without the text, and how much was written (see `volume`)."""
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Lying:
    """Where a table of one return lies: its rows, their texts apart, and the signs that a scan found in them.
    `why_not`: a key of `REASONS` where the texts may not be read; `forms`: the lines that its sender's forms print,
    which nobody said."""

    rows: Path
    texts: Path
    signs: Path | None = None
    why_not: str = ""
    forms: tuple[str, ...] = ()


def notes_read(lying: Iterable[Lying], reader: Reads, period: Months, progress: Progress = silent) -> Iterator[Told]:
    """Of every note what was found in it: force by force, in order, so that no country need be held at once."""
    begin = partial(_looking, reader, FOUND, _of_notes)
    for found in _all_read(list(lying), "note_ref", OF_NOTES, begin, progress):
        voices = [
            bool(Entry(role or "", kind or "").voice)
            for role, kind in found.select("author_role", "entry_type").iter_rows()
        ]
        rows = found.with_columns(imported=pl.Series(voices, dtype=pl.Boolean), in_base=_in_base("entry_at", period))
        rows = rows.with_columns(band=band("blaming_score"))
        yield rows.drop("words", "form"), volume(rows, "notes", "entry_at")


def summaries_read(
    lying: Iterable[Lying], reader: Reads, slots: Mapping[str, str], period: Months, progress: Progress = silent
) -> Iterator[Told]:
    """The same of every summary. `slots`: which kind each sign is of."""
    every, begin = list(lying), partial(_looking, reader, TOLD, _of_summaries)
    signs_in = {force: _kinds_of_signs(mine, slots) for force, mine in _by_force(every).items()}
    for found in _all_read(every, "crime_ref", OF_SUMMARIES, begin, progress):
        kinds = signs_in[found["force_code"][0]] if found.height else _kinds_of_signs((), slots)
        rows = _with_signs(found, kinds).with_columns(in_base=_in_base("recorded_at", period))
        rows = rows.with_columns(band=band("unflagged_score"))
        yield rows.drop("words"), volume(rows, "summaries", "recorded_at")


def together(told: Iterable[Told]) -> Told:
    """Of all forces in two tables."""
    rows, written = zip(*told, strict=True)
    return pl.concat(rows), pl.concat(written)


def band(score: str) -> pl.Expr:
    """In which band a score lies, in the words in which a design names it; nothing where there is no score."""
    names = [*(f"up to {cut:g}" for cut in BANDS), f"above {BANDS[-1]:g}"]
    held = pl.lit(names[-1])
    for name, cut in reversed(list(zip(names, BANDS, strict=False))):
        held = pl.when(pl.col(score) <= cut).then(pl.lit(name)).otherwise(held)
    return pl.when(pl.col(score).is_null()).then(None).otherwise(held)


def volume(found: pl.DataFrame, table: str, dated: str) -> pl.DataFrame:
    """By force, month and author's role: texts, those read, words, and how many different authors wrote them; beside
    each, the words of the two who wrote most in that table of that force (see `_two_largest`)."""
    role, author = (
        pl.col(name) if name in found.columns else pl.lit(None, pl.String) for name in ("author_role", "author_key")
    )
    rows = found.select(
        "force_code", "state", "words", table_name=pl.lit(table),
        month=pl.col(dated).cast(pl.Datetime).dt.strftime("%Y-%m"),
        author_role=role.fill_null(""), author_key=author,
    )  # fmt: skip
    return (
        rows.group_by(VOLUME)
        .agg(
            texts=pl.len().cast(pl.Int64),
            read=(pl.col("state") == READ).sum().cast(pl.Int64),
            words=pl.col("words").sum(),
            authors=pl.col("author_key").drop_nulls().n_unique().cast(pl.Int64),
        )
        .join(_two_largest(found), on="force_code", how="left")
        .sort(VOLUME)
    )


def _two_largest(found: pl.DataFrame) -> pl.DataFrame:
    """Of each force the words of the author who wrote most, and of the next; entries whose author is not known may all
    be of one. Where a table has no authors, each of its texts stands for one."""
    whose = "author_key" if "author_key" in found.columns else "crime_ref"
    falling = pl.col("words").sort(descending=True)
    each = found.group_by("force_code", whose).agg(pl.col("words").sum().cast(pl.Int64))
    second = falling.get(1, null_on_oob=True).fill_null(0)
    return each.group_by("force_code").agg(largest=falling.first(), second=second)


def _all_read(
    lying: Sequence[Lying],
    key: str,
    columns: Mapping[str, Any],
    begin: Callable[[], Callable[[Part], pl.DataFrame]],
    progress: Progress,
) -> Iterator[pl.DataFrame]:
    """What was found, force by force; one table without rows where there are no texts."""
    forces, done = _by_force(lying), 0
    every = [one for mine in forces.values() for one in mine]
    whole = sum(pq.read_metadata(one.rows).num_rows for one in every)
    parts = ((one.forms, batch) for one in every for batch in _batches(one, key, columns))
    answers = (part for part in streamed(parts, begin, cores() if whole >= MANY else 1) if part.height)
    for _, mine in groupby(answers, key=lambda part: part["force_code"][0]):
        found = []
        for part in mine:
            found.append(part)
            done += part.height
            progress("Reading what people wrote", done, whole)
        yield pl.concat(found).sort("force_code", key)
    if not forces:
        schema = {**columns, "text": pl.String, "why": pl.String}
        yield begin()(((), pl.DataFrame(schema=schema)))


def _by_force(lying: Iterable[Lying]) -> dict[str, list[Lying]]:
    """Each force's tables that hold rows, in order of force: a table is of one."""
    found: dict[str, list[Lying]] = {}
    for one in lying:
        for force in pl.read_parquet(one.rows, columns=["force_code"], n_rows=1)["force_code"]:
            found.setdefault(force, []).append(one)
    return dict(sorted(found.items()))


def _looking(
    reader: Reads, schema: Mapping[str, Any], find: Callable[[pl.DataFrame, Reader], Rows]
) -> Callable[[Part], pl.DataFrame]:
    """What looks at one batch after the other."""
    reads = reader()

    def look(part: Part) -> pl.DataFrame:
        forms, batch = part
        return _with_found(batch, schema, find(_said(batch, forms) if forms else batch, reads))

    return look


def _said(batch: pl.DataFrame, forms: tuple[str, ...]) -> pl.DataFrame:
    """The texts without what a form printed; those too long to be read as they are."""
    taken_out = _printed(forms).taken_out
    texts = [taken_out(text) if text and len(text) <= MOST_CHARACTERS else text for text in batch["text"].to_list()]
    return batch.with_columns(text=pl.Series(texts, dtype=pl.String))


@lru_cache(maxsize=4)
def _printed(forms: tuple[str, ...]) -> Printed:
    return Printed(forms)


def _batches(one: Lying, key: str, columns: Mapping[str, Any]) -> Iterator[pl.DataFrame]:
    """Rows with their texts, some at a time; a row whose text lies nowhere has none."""
    held = pl.read_parquet(one.rows, columns=list(columns))
    rows = held.select(*(pl.col(name).cast(kind) for name, kind in columns.items()), why=pl.lit(one.why_not))
    if one.why_not or not one.texts.is_file():
        yield rows.with_columns(text=pl.lit(None, pl.String))
        return
    stored = pq.ParquetFile(one.texts)
    if stored.metadata.num_rows < rows.height:  # a part of the texts was sent: those of a drawn sample
        texts = pl.DataFrame(pl.from_arrow(stored.read([key, "text"])))
        yield from rows.join(texts, on=key, how="left", maintain_order="left").iter_slices(AT_ONCE)
        return
    at = 0
    for batch in stored.iter_batches(AT_ONCE, columns=[key, "text"]):
        texts, here = pl.DataFrame(pl.from_arrow(batch)), rows.slice(at, batch.num_rows)
        at += batch.num_rows
        yield here.with_columns(texts["text"]) if here[key].equals(texts[key]) else rows.join(texts, on=key)


def _with_found(batch: pl.DataFrame, schema: Mapping[str, Any], found: Rows) -> pl.DataFrame:
    """A batch without its texts, with what was found in each."""
    return pl.concat(
        [batch.drop("text", "why"), pl.DataFrame(found, schema=dict(schema), orient="row")], how="horizontal"
    )


def _of_notes(batch: pl.DataFrame, reader: Reader) -> Rows:
    rows = batch.select("text", "form", "author_role", "entry_type", "why").rows()
    whys = [why or why_unread(text, form or TEXT_FORM) for text, form, *_, why in rows]
    open_rows = [row for row, why in zip(rows, whys, strict=True) if not why]
    entries = [Entry(role or "", kind or "") for _, _, role, kind, _ in open_rows]
    answers = iter(reader.read([text for text, *_ in open_rows], entries, signs=False))
    return [
        (NOT_READ, why, None, None, None, None, None, 0) if why else (READ, "", *_kept(next(answers)), words_in(row[0]))
        for row, why in zip(rows, whys, strict=True)
    ]


def _of_summaries(batch: pl.DataFrame, reader: Reader) -> Rows:
    rows = batch.select("text", "why").rows()
    whys = [why or why_unread(text) for text, why in rows]
    scores = iter(reader.tell_of_exploitation([text for (text, _), why in zip(rows, whys, strict=True) if not why]))
    found: Rows = []
    for (text, _), why in zip(rows, whys, strict=True):
        if why:
            found.append((NOT_READ, why, None, None, None, 0))
        else:
            score = next(scores)
            found.append((READ, "", score >= UNFLAGGED, round(score, 4), BY_MODEL, words_in(text)))
    return found


def why_unread(text: str | None, form: str = TEXT_FORM) -> str:
    """Why a text cannot be read, a key of `REASONS`; '' where it can."""
    if form != TEXT_FORM:
        return form if form in REASONS else "withheld"
    if text is None:
        return "not_sent"
    if len(text) > MOST_CHARACTERS:
        return "too_long"
    said = cleaned_text(text)
    if not any(sign.isalnum() for sign in said):
        return "empty"
    language = other_language(said)
    return "welsh" if language == "Welsh" else "other_language" if language else ""


def _kept(answer: Answer) -> tuple[bool | None, float | None, str | None, str | None, str | None]:
    """What stays of an answer: whether it blames, the score, and what decided."""
    best = max(answer.passages, key=lambda one: (one.counts, one.score, -one.start), default=None)
    return answer.blaming, answer.blaming_score, answer.category, answer.voice, best.rule if best else None


def words_in(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def _in_base(dated: str, period: Months) -> pl.Expr:
    """Whether a text was read, and is dated in the period: those that a sample is drawn from."""
    day = pl.col(dated).cast(pl.Date, strict=False)
    return ((pl.col("state") == READ) & (day >= period[0]) & (day < period[1])).fill_null(value=False)


def _kinds_of_signs(lying: Iterable[Lying], slots: Mapping[str, str]) -> pl.DataFrame:
    """By summary how many kinds of signs (a child, an adult, something more) a scan found in it."""
    schema = {"force_code": pl.String, "crime_ref": pl.String, "sign": pl.String}
    parts = [pl.read_parquet(one.signs, columns=list(schema)) for one in lying if one.signs and one.signs.is_file()]
    every = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    kinds = pl.col("sign").replace_strict(dict(slots), default=None, return_dtype=pl.String)
    return every.group_by("force_code", "crime_ref").agg(kinds_of_signs=kinds.drop_nulls().n_unique().cast(pl.Int64))


def _with_signs(found: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """Where all kinds of signs stand together a summary is called, whatever the classifier makes of it."""
    joined = found.join(kinds, on=["force_code", "crime_ref"], how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("kinds_of_signs").fill_null(0))
    together = (pl.col("state") == READ) & (pl.col("kinds_of_signs") >= KINDS) & (pl.col("unflagged_score") < TOGETHER)
    return joined.with_columns(
        unflagged_score=pl.when(together).then(pl.lit(TOGETHER)).otherwise("unflagged_score"),
        rule=pl.when(together).then(pl.lit(BY_SIGNS, DECIDED)).otherwise("rule"),
    ).with_columns(unflagged=pl.col("unflagged_score") >= UNFLAGGED)
