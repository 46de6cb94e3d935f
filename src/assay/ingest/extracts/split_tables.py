"""Split the sheets of an extract into the tables of the return, by a split plan.

Every record of a sheet that is used is accepted, merged with another of the same key, or set aside with a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa

from assay import contract
from assay.ingest.extracts.crime_changes import (
    END_DATES,
    OUTCOME,
    with_last_rows,
    without_contradicted,
    without_earlier_pending,
)
from assay.ingest.extracts.extract_model import (
    ExtractTable,
    Sheet,
    SplitPart,
    SplitPlan,
)
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.part_rows import CRIMES, FLAGS, PERSONS, PartRows, read_parts
from assay.ingest.extracts.reference_spelling import (
    ComparedFacts,
    count_respelled,
    reference_spellings,
    with_spellings,
)
from assay.ingest.extracts.sheet_shape import SheetKey
from assay.ingest.extracts.split_merging import (
    CRIME,
    KEYING,
    ORIGIN,
    PERSON,
    PLACE,
    ROLE,
    MergedRows,
    derived_keys,
    merge_rows,
    text_key,
    with_involvement_refs,
    with_person_keys,
)
from assay.ingest.extracts.split_times import TimeReader
from assay.ingest.extracts.split_values import (
    column_kind,
)

"""A crime with one of these is not still investigated."""
OTHER_CRIME = "the crime is not in the extract"
OTHER_PERSON = "the person is in no crime of the extract"
FACTS_OF_CRIME = ComparedFacts(
    ("recorded_at", "reported_at", "occurred_from", "offence_code"), ("recorded_at",), (OUTCOME, *END_DATES)
)
FACTS_OF_PERSON = ComparedFacts(("date_of_birth", "surname", "forenames"))


@dataclass
class _TableRows:
    """The candidate rows of all parts of one table."""

    name: str
    parts: list[PartRows]

    @property
    def records(self) -> int:
        """Return the number of candidate rows."""
        return sum(part.rows.height + part.set_aside.total() for part in self.parts)

    @property
    def set_aside(self) -> Counter[str]:
        """Return the number of rows set aside by reason."""
        return sum((part.set_aside for part in self.parts), Counter())

    @property
    def not_understood(self) -> Counter[tuple[str, str]]:
        """Return the number of cells that were not understood by column and heading."""
        return sum((part.not_understood for part in self.parts), Counter())

    @property
    def without_role(self) -> pa.Array:
        """Return the crime of each row that names a person whose role is not known."""
        found = [part.without_role for part in self.parts if part.without_role is not None]
        return pl.concat(found).to_arrow().cast(pa.string()) if found else pa.array([], pa.string())

    def stacked(self) -> pl.DataFrame:
        """Return the rows of all parts: those that only complete others last."""
        stacked = pl.concat([part.rows for part in self.parts], how="diagonal_relaxed")
        stacked = stacked.sort("only_completes", maintain_order=True)
        return stacked.with_columns(position=pl.int_range(pl.len()))


def split_extract(sheets: Sequence[Sheet], plan: SplitPlan) -> dict[str, ExtractTable]:
    """Return the tables of the return that the plan makes from the sheets, by name."""
    by_key = {(sheet.file, sheet.name): expanded_sheet(sheet) for sheet in sheets}
    parts: dict[str, list[PartRows]] = {}
    uses = Counter((part.file, part.sheet) for part in plan.parts)
    used_once = {key for key, count in uses.items() if count == 1}
    times = TimeReader()
    times.prepare(_dated_columns(plan, by_key))
    for number, similar_parts in enumerate(_group_similar_parts(plan)):
        read_rows = read_parts(similar_parts, number, by_key, times)
        if all((part.file, part.sheet) in used_once for part in similar_parts):
            read_rows.set_passed_over_aside()
        parts.setdefault(similar_parts[0].table, []).append(read_rows)
    read = {name: _TableRows(name, rows) for name, rows in parts.items()}
    respelled = _unify_reference_spellings(read)
    tables: dict[str, ExtractTable] = {}
    if CRIMES in read:
        tables[CRIMES] = _crimes(read.pop(CRIMES), _empty_means(plan))
        for rows in read.values():
            _set_other_crimes_aside(rows, tables[CRIMES])
    makers = {PERSONS: _persons, FLAGS: _flags}
    tables |= {name: makers.get(name, _other_table)(rows) for name, rows in read.items()}
    return tables | {name: replace(tables[name], respelled=count) for name, count in respelled.items()}


def _unify_reference_spellings(read: Mapping[str, _TableRows]) -> dict[str, int]:
    """Give each crime and person one spelling in all tables; return table -> references written in several ways."""
    parts = [part for rows in read.values() for part in rows.parts]
    respelled = {}
    for table, column, facts in ((CRIMES, CRIME, FACTS_OF_CRIME), (PERSONS, PERSON, FACTS_OF_PERSON)):
        rows = [part.rows for part in read[table].parts if column in part.rows.columns] if table in read else []
        if not rows:
            continue
        names = (*ORIGIN, column, *facts.usual, *facts.single_row_facts)
        frames = [frame.select(name for name in names if name in frame.columns) for frame in rows]
        spellings = reference_spellings(pl.concat(frames, how="diagonal_relaxed"), column, facts)
        respelled[table] = count_respelled((part.rows for part in parts), column, spellings)
        for part in parts:
            part.rows = with_spellings(part.rows, column, spellings)
    return respelled


def _empty_means(plan: SplitPlan) -> dict[str, str]:
    """Return column of the crimes -> the value that an empty cell stands for."""
    return {column: value for part in plan.parts if part.table == CRIMES for column, value in part.empty_means.items()}


def _dated_columns(plan: SplitPlan, sheets: Mapping[SheetKey, Sheet]) -> Iterator[tuple[str, pl.Series]]:
    """Yield form and cells of each column of dates or times."""
    for part in plan.parts:
        for column, meaning in part.columns.items():
            if column_kind(part.table, column) in ("when", "date", "time"):
                yield meaning.form, pl.Series(sheets[part.file, part.sheet].cells[meaning.heading])


def _group_similar_parts(plan: SplitPlan) -> list[list[SplitPart]]:
    """Return the parts in groups that differ in file and sheet alone, so that they are read in one go."""
    groups: dict[str, list[SplitPart]] = {}
    for part in plan.parts:
        groups.setdefault(repr(replace(part, file="", sheet="")), []).append(part)
    return list(groups.values())


def _set_other_crimes_aside(rows: _TableRows, crimes: ExtractTable) -> None:
    known = pl.Series(crimes.rows[CRIME].to_pylist(), dtype=pl.String)
    for part in rows.parts:
        if CRIME in part.rows.columns:
            part.drop(pl.col(CRIME).is_not_null() & ~pl.col(CRIME).is_in(known.implode()), OTHER_CRIME)


def _crimes(rows: _TableRows, empty_means: Mapping[str, str]) -> ExtractTable:
    """Return the crimes, each once; an empty cell is the value that the plan says it stands for."""
    main = [part for part in rows.parts if part.rows.height and not part.rows["only_completes"][0]]
    known = pl.concat([part.rows[CRIME] for part in main]).unique() if main else pl.Series([], dtype=pl.String)
    for part in rows.parts:
        part.drop(pl.col("only_completes") & ~pl.col(CRIME).is_in(known.implode()), OTHER_CRIME)
    settled = with_last_rows(without_earlier_pending(rows.stacked()))
    merged = merge_rows(_latest_first(settled.rows), CRIME)
    filled = [_filled(column, value, merged.rows.columns) for column, value in empty_means.items()]
    contradicted = _joined_keys(settled.undecided, merged.contradicted)
    # After empty cells were filled: a crime that contradicts itself is no crime without an outcome yet.
    crimes = without_contradicted(merged.rows.with_columns(filled), settled.rows, contradicted)
    counts = {name: len(keys) for name, keys in contradicted.items()}
    return _finished(rows, replace(merged, rows=crimes, contradictions=counts, contradicted=contradicted))


def _joined_keys(*keys_by_column: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
    names = dict.fromkeys(name for keys in keys_by_column for name in keys)
    return {
        name: pl.concat([keys[name].rename(CRIME) for keys in keys_by_column if name in keys]).unique()
        for name in names
    }


def _filled(column: str, value: str, columns: Sequence[str]) -> pl.Expr:
    """Return the column with the value in empty cells; an empty outcome of a crime that has ended stays not known."""
    ends = [pl.col(name).is_not_null() for name in END_DATES if name in columns and column == OUTCOME]
    stays = pl.any_horizontal(ends) if ends else pl.lit(False)
    return pl.when(stays).then(pl.col(column)).otherwise(pl.col(column).fill_null(value)).alias(column)


def _latest_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the latest outcome of a crime alone, where a sheet lists the outcomes of a crime.

    Earlier outcomes are no contradiction: the one that stands is the latest.
    """
    if "outcome_at" not in rows.columns:
        return rows
    lists = rows.filter("only_completes").sort("outcome_at", descending=True, nulls_last=True, maintain_order=True)
    if not lists.height:
        return rows
    is_latest = pl.col("outcome_at") == pl.col("outcome_at").max().over(CRIME)
    latest = pl.concat([lists.filter(pl.col("outcome_at").is_null()), lists.filter(is_latest)])
    return pl.concat([rows.filter(~pl.col("only_completes")), latest]).with_columns(position=pl.int_range(pl.len()))


def _persons(rows: _TableRows) -> ExtractTable:
    links = _TableRows(rows.name, [part for part in rows.parts if not _completes(part)])
    details = _TableRows(rows.name, [part for part in rows.parts if _completes(part)])
    stacked = links.stacked() if links.parts else pl.DataFrame()
    if not stacked.height:
        return _finished(rows, MergedRows(stacked, 0, {}))
    stacked, contradictions = _with_details(stacked, details)
    keyed = _without_doubles(with_person_keys(stacked))
    merged = merge_rows(keyed, "person_key")
    finished = with_involvement_refs(merged.rows).drop(KEYING)
    counts = Counter(merged.contradictions) + Counter(contradictions)
    return _finished(rows, MergedRows(finished, 0, dict(counts)))


def _completes(part: PartRows) -> bool:
    return bool(part.rows.height) and bool(part.rows["only_completes"][0])


def _with_details(links: pl.DataFrame, details: _TableRows) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the links with the details of a list of persons where the link itself holds none."""
    linked = links[PERSON].unique() if PERSON in links.columns else pl.Series([], dtype=pl.String)
    for part in details.parts:
        part.drop(~pl.col(PERSON).is_in(linked.implode()), OTHER_PERSON)
    if not details.parts:
        return links, {}
    persons = merge_rows(details.stacked(), PERSON)
    detail_rows = persons.rows.drop([name for name in (*ORIGIN, *PLACE, CRIME, ROLE) if name in persons.rows.columns])
    joined = links.join(detail_rows, on=PERSON, how="left", suffix=":person", maintain_order="left")
    shared = [name for name in detail_rows.columns if f"{name}:person" in joined.columns]
    joined = joined.with_columns(pl.coalesce(name, f"{name}:person").alias(name) for name in shared)
    return joined.drop(f"{name}:person" for name in shared), persons.contradictions


def _without_doubles(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows without the persons of a sheet where another sheet says more of the persons of the crime.

    A sheet of crimes with the age of the victim, beside a sheet of victims, names the same victims twice, and nothing
    in them shows it. Persons of two sheets are put together only where both tell them apart in the same way.
    """
    if rows.select(pl.struct("file", "sheet").n_unique()).item() < 2:
        return rows
    sheet, persons = ["file", "sheet"], [CRIME, ROLE]
    size = rows.group_by(sheet).agg(pl.col("told_apart_by").mean().alias(":mean"), pl.len().alias(":size"))
    ranked = rows.join(size, on=sheet, how="left", maintain_order="left")
    ranked = ranked.with_columns(pl.struct(":mean", ":size", *sheet).rank("dense").alias(":rank"))
    is_best = pl.col(":rank") == pl.col(":rank").max().over(persons)
    ranked = ranked.with_columns(is_best.alias(":best")).with_columns(
        pl.when(":best").then(pl.col("told_apart_by")).max().over(persons).alias(":told")
    )
    is_alike = (pl.col("told_apart_by") > 0) & (pl.col("told_apart_by") == pl.col(":told"))
    return ranked.filter(pl.col(":best") | is_alike).drop(":mean", ":size", ":rank", ":best", ":told")


def _flags(rows: _TableRows) -> ExtractTable:
    stacked = rows.stacked()
    names = [name for name in (CRIME, PERSON, "missing_ref", "flag", "added_at") if name in stacked.columns]
    keyed = stacked.with_columns(text_key([pl.col(name) for name in names]).alias(":key"))
    merged = merge_rows(keyed, ":key")
    keys = derived_keys(merged.rows[":key"])
    finished = merged.rows.drop(":key")
    if "flag_ref" not in finished.columns:
        finished = finished.with_columns(keys.alias("flag_ref"))
    return _finished(rows, MergedRows(finished, merged.n_merged, merged.contradictions))


def _other_table(rows: _TableRows) -> ExtractTable:
    """Return a table of another kind: equal rows are one, and a key that was not sent is derived from the whole row."""
    stacked = rows.stacked()
    names = [name for name in stacked.columns if name not in (*ORIGIN, *PLACE)]
    keyed = stacked.with_columns(text_key([pl.col(name) for name in sorted(names)]).alias(":key"))
    merged = keyed.unique(":key", keep="first", maintain_order=True)
    missing = [name for name in contract.table(rows.name).key if name not in names and name.endswith("_ref")]
    finished = merged.with_columns(derived_keys(merged[":key"]).alias(name) for name in missing).drop(":key")
    return _finished(rows, MergedRows(finished, stacked.height - finished.height, {}))


def _finished(rows: _TableRows, merged: MergedRows) -> ExtractTable:
    """Return the table; what is neither accepted nor set aside was merged."""
    set_aside = rows.set_aside
    records = rows.records
    table_rows = merged.rows.drop([name for name in PLACE if name in merged.rows.columns])
    return ExtractTable(
        rows.name,
        table_rows.to_arrow(compat_level=pl.CompatLevel.oldest()),
        records,
        records - table_rows.height - set_aside.total(),
        dict(set_aside),
        dict(rows.not_understood),
        merged.contradictions,
        {name: keys.to_arrow().cast(pa.string()) for name, keys in merged.contradicted.items()}
        if rows.name == CRIMES
        else {},
        without_role=rows.without_role,
    )
