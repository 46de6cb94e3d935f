"""Which columns say in which order the rows of one crime were written, so that the last of them counts?

A history has one row for each change of the status or outcome of a crime. The date and time of the change or the number
of the row in its crime gives the order. Where the rows of a crime differ only from person to person, they are no
history, and no column gives an order; nor are they where they differ in offence or day, because an occurrence may hold
several crimes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.heading_evidence import heading_words as words_of_person
from assay.ingest.extracts.planned_sheets import CRIME, CRIMES, FLAGS, MAIN_COLUMNS, OUTCOME, PERSONS, PlannedSheet
from assay.ingest.extracts.sheet_shape import constant_share, heading_words
from assay.ingest.extracts.split_merging import text_key
from assay.ingest.extracts.split_values import read_column
from assay.ingest.extracts.value_kinds_coded import says_not_known
from assay.ingest.extracts.value_kinds_dates import find_date_form

IDENTIFYING = ("person_ref", "forenames", "surname", "date_of_birth")
TIME_COLUMNS = frozenset({"outcome_at", "closed_at", "updated_at", "happened_at"})
"""Columns of a crime, or of an event, that are the time of a change."""
NO_TIME_OF_CHANGE = frozenset({
    "birth", "born", "dob", "due", "next", "target", "expiry", "expire", "expiring", "bail", "review", "court",
    "hearing", "printed", "exported", "extracted", "run", "old", "previou", "previous", "prior", "before",
})  # fmt: skip
"""Words of headings whose dates are not the time at which the row was written."""
SEQUENCE_WORDS = frozenset({"seq", "sequence", "version", "revision", "step", "iteration", "change"})
"""Words of headings of numbers that count the changes of a crime, wherever the count begins."""
MIN_ORDERED, MIN_DATES = 0.95, 0.9
"""Share of the crimes with several rows that a column must put in order, and of the cells that must be dates."""
MAX_BETWEEN_PERSONS = 0.5
"""Share of the differing crimes whose rows differ only between persons, from which the sheet is no history."""
TIME_OF_DAY = "HH"


def row_orders(planned: PlannedSheet) -> dict[str, str]:
    """Return the headings that put the rows of a crime in order, each with its form of dates; '' for a number."""
    key = planned.settled.find(CRIMES, CRIME)
    if key is None or planned.is_carried_down:
        return {}
    changing = [heading for heading in _outcome_headings(planned) if _changes(planned, heading)]
    if not changing or _differs_between_persons(planned, changing) or _holds_several_crimes(planned, changing):
        return {}
    times = dict(_times_of_change(planned, changing))
    numbers = dict.fromkeys(_numbers_of_change(planned, changing), "")
    return _named_like(planned, times, changing) | numbers


def _outcome_headings(planned: PlannedSheet) -> list[str]:
    settled = [*planned.settled.columns_of_table(CRIMES), *planned.settled.duplicates]
    return [column.meaning.heading for column in settled if (column.table, column.column) == (CRIMES, OUTCOME)]


def _changes(planned: PlannedSheet, heading: str) -> bool:
    return constant_share(planned.sheet, planned.crime_key, [heading]) < 1


def _cells(planned: PlannedSheet, headings: Sequence[str]) -> pl.DataFrame:
    names = list(dict.fromkeys([planned.crime_key, *headings]))
    return pl.DataFrame(pl.from_arrow(planned.sheet.cells.select(names))).filter(
        pl.col(planned.crime_key).is_not_null()
    )


def _stated(cells: pl.DataFrame, changing: Sequence[str]) -> pl.DataFrame:
    """Return the rows that state an outcome: an event of another kind changes none."""
    return cells.filter(pl.any_horizontal(pl.col(changing).is_not_null()))


def _differs_between_persons(planned: PlannedSheet, changing: Sequence[str]) -> bool:
    """Return True if most crimes whose rows differ do so from person to person, and not for one person."""
    persons = planned.settled.columns_of_table(PERSONS)
    identifying_headings = [column.meaning.heading for column in persons if column.column in IDENTIFYING]
    headings = identifying_headings or [column.meaning.heading for column in persons]
    if not headings:
        return False
    cells = _cells(planned, [*headings, *changing])
    states = (
        _stated(cells, changing)
        .select(
            pl.col(planned.crime_key).alias("crime"),
            text_key([pl.col(heading) for heading in headings]).alias("person"),
            text_key([pl.col(heading) for heading in changing]).alias("state"),
        )
        .unique()
    )
    by_crime = states.group_by("crime").agg(pl.col("state").n_unique().alias("states"))
    by_person = states.group_by("crime", "person").len().group_by("crime").agg(pl.col("len").max().alias("most"))
    differing = by_crime.filter(pl.col("states") > 1).join(by_person, on="crime")
    return bool(differing.select((pl.col("most") == 1).mean()).item() > MAX_BETWEEN_PERSONS)


def _holds_several_crimes(planned: PlannedSheet, changing: Sequence[str]) -> bool:
    """Return True if the rows of most crimes that differ have another offence or day too: they are other crimes."""
    facts = [
        column.meaning.heading
        for column in planned.settled.columns_of_table(CRIMES)
        if column.column in MAIN_COLUMNS and column.meaning.heading not in changing
    ]
    if not facts:
        return False
    rows = _stated(_cells(planned, [*facts, *changing]), changing)
    states = rows.group_by(planned.crime_key).agg(
        pl.struct(changing).n_unique().alias("states"),
        pl.any_horizontal(pl.col(name).drop_nulls().n_unique() > 1 for name in facts).alias("differs"),
    )
    share = states.filter(pl.col("states") > 1).select(pl.col("differs").mean()).item()
    return bool(share > MAX_BETWEEN_PERSONS)


def _times_of_change(planned: PlannedSheet, changing: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the headings of times that differ between the rows of a crime, each with its form."""
    settled = {column.meaning.heading: column for column in planned.settled.chosen_columns}
    waiting = {column.meaning.heading: column for column in planned.settled.waiting}
    for heading in planned.columns:
        column = settled.get(heading)
        guess = column or waiting.get(heading)
        if heading in changing or (guess is not None and guess.table in (PERSONS, FLAGS)):
            continue
        if column is not None and column.column not in TIME_COLUMNS:
            continue
        if heading_words(heading) & NO_TIME_OF_CHANGE:
            continue
        form = column.meaning.form if column is not None else _date_form(planned, heading)
        if form and not form.startswith(TIME_OF_DAY) and _orders(planned, heading, changing, form):
            yield heading, form


def _date_form(planned: PlannedSheet, heading: str) -> str:
    texts = [text for text in planned.columns[heading].distinct.to_pylist() if not says_not_known(text)]
    found = find_date_form(texts, False) if texts else None
    return found.form if found is not None and found.share >= MIN_DATES else ""


def _named_like(planned: PlannedSheet, times: dict[str, str], changing: Sequence[str]) -> dict[str, str]:
    """Return the best times of change: that of the outcome, else those of the same words as the outcome, else all."""
    known = {
        column.meaning.heading for column in planned.settled.columns_of_table(CRIMES) if column.column in TIME_COLUMNS
    }
    words = frozenset().union(*map(heading_words, changing))
    same_words = {heading for heading in times if heading_words(heading) & words}
    best = known & times.keys() or same_words or times.keys()
    return {heading: form for heading, form in times.items() if heading in best}


def _numbers_of_change(planned: PlannedSheet, changing: Sequence[str]) -> Iterator[str]:
    """Yield the headings of numbers that count the rows of each crime."""
    free = [*planned.settled.unused, *(column.meaning.heading for column in planned.settled.waiting)]
    for heading in free:
        is_free = heading != planned.crime_key and heading not in changing and not words_of_person(heading).role
        if is_free and _counts_rows(planned, heading) and _orders(planned, heading, changing, ""):
            yield heading


def _counts_rows(planned: PlannedSheet, heading: str) -> bool:
    """Return True if whole numbers run from 0 or 1 without a gap in each crime, or the heading says a sequence."""
    cells = _cells(planned, [heading])
    numbers = cells.with_columns(pl.col(heading).cast(pl.Int64, strict=False).alias("number"))
    if numbers["number"].null_count() > (1 - MIN_ORDERED) * numbers.height:
        return False
    if heading_words(heading) & SEQUENCE_WORDS:
        return True
    per_crime = numbers.group_by(planned.crime_key).agg(
        pl.col("number").min().alias("least"), pl.col("number").max().alias("most"), pl.len().alias("rows"),
        pl.col("number").n_unique().alias("numbers"),
    )  # fmt: skip
    runs = pl.col("least").is_in([0, 1]) & (pl.col("most") - pl.col("least") + 1 == pl.col("rows"))
    runs &= pl.col("numbers") == pl.col("rows")
    return bool(per_crime.select(runs.mean()).item() >= MIN_ORDERED)


def _orders(planned: PlannedSheet, heading: str, changing: Sequence[str], form: str) -> bool:
    """Return True if the last row of nearly every crime whose rows differ is one state of the crime."""
    cells = _stated(_cells(planned, [heading, *changing]), changing)
    rows = cells.select(
        pl.col(planned.crime_key).alias("crime"),
        text_key([pl.col(name) for name in changing]).alias("state"),
        order_of_rows(cells, heading, form).alias("order"),
    )
    differing = rows.filter(pl.col("state").n_unique().over("crime") > 1)
    if not differing.height:
        return False
    last = differing.filter(pl.col("order") == pl.col("order").max().over("crime"))
    one_state = last.group_by("crime").agg((pl.col("state").n_unique() == 1).alias("one"))
    share = one_state["one"].sum() / differing["crime"].n_unique()
    return bool(share >= MIN_ORDERED and _differs_in_crime(differing))


def _differs_in_crime(rows: pl.DataFrame) -> bool:
    """Return True if the order is not the same in all rows of most crimes."""
    per_crime = rows.group_by("crime").agg(pl.col("order").drop_nulls().n_unique().alias("orders"))
    return bool(per_crime.select((pl.col("orders") > 1).mean()).item() >= MIN_ORDERED)


def order_of_rows(cells: pl.DataFrame, heading: str, form: str) -> pl.Series:
    """Return the place of each row in its crime as a number: a count, or the time in microseconds."""
    if not form:
        return cells[heading].cast(pl.Float64, strict=False)
    meaning = ColumnMeaning(heading, CRIMES, "outcome_at", 1.0, form=form)
    return read_column(CRIMES, "outcome_at", meaning, cells).values["outcome_at"].cast(pl.Int64).cast(pl.Float64)
