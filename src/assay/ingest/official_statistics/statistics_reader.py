"""What do the official files say that were sent, and which of their rows could not be used?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.safe_files.archive_limits import TooLarge, Unreadable
from assay.engine.safe_files.parquet_limits import bounded_table
from assay.errors import SourceError, UnknownLayout
from assay.ingest.official_statistics import (
    children_in_need,
    flagged_offences,
    outcome_statistics,
    population_estimates,
    recorded_crime,
)
from assay.ingest.official_statistics.delimited_statistics import delimited_grid
from assay.ingest.official_statistics.file_container import SENTENCES, SHEETS, Container, open_container
from assay.ingest.official_statistics.newest_edition import YEAR, Part, newest
from assay.ingest.official_statistics.row_sorting import Sorting
from assay.ingest.official_statistics.sheet_grid import Grid, parquet_grid
from assay.ingest.official_statistics.statistics_editions import Edition, edition_of
from assay.ingest.official_statistics.statistics_intake import TABLES, FileRead, Received, empty
from assay.ingest.official_statistics.statistics_layouts import (
    Header,
    Layout,
    find_header,
    layouts,
    nearest_layout_hint,
    plain,
)
from assay.ingest.official_statistics.statistics_revisions import Revision
from assay.ingest.official_statistics.statistics_rules import Rules
from assay.ingest.official_statistics.workbook_sheets import sheet_grids

Progress = Callable[[str, int, int], None]
RULES: dict[str, Rules] = {
    "recorded": recorded_crime.RULES,
    "outcomes": outcome_statistics.RULES,
    "children_in_need": children_in_need.RULES,
    "flagged": flagged_offences.RULES,
    "population": population_estimates.RULES,
}
KINDS_OF_FILE = (".csv", ".gz", ".xlsx", ".ods", ".parquet", ".txt", ".xls")
SAME_FILE = "the same file, already read"


def read(
    paths: Iterable[str | Path] | str | Path,
    *,
    editions: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Received:
    """Every official table in the files (or folders of files) at `paths`, checked row by row.

    `editions` says which edition a file is, by its name, where the file itself does not (any text that sorts
    by time, such as '2025-04'). `progress(text, done, total)` is called before each file. Raises one
    SourceError with a sentence for each file that cannot be used; EvidenceError if a row were lost.
    """
    files = list(_files(paths))
    parts: list[Part] = []
    problems: list[SourceError] = []
    seen: dict[str, list[Part]] = {}
    for done, path in enumerate(files):
        if progress:
            progress("Reading the official files", done, len(files))
        try:
            found = _parts(open_container(path), seen, (editions or {}).get(path.name))
        except SourceError as problem:
            problems.append(problem)
            continue
        parts += found
    _refuse(problems)
    if progress:
        progress("Reading the official files", len(files), len(files))
    kept, revisions = newest(parts)
    return _received(kept, revisions)


def _files(paths: Iterable[str | Path] | str | Path) -> Iterator[Path]:
    for path in [paths] if isinstance(paths, str | Path) else paths:
        path = Path(path)
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix.lower() in KINDS_OF_FILE)
        else:
            yield path


def _refuse(problems: list[SourceError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise SourceError("\n".join(str(problem) for problem in problems))


def _parts(sent: Container, seen: dict[str, list[Part]], given: str | None) -> list[Part]:
    if sent.sha256 in seen:
        return [_again(sent, part) for part in seen[sent.sha256]]
    seen[sent.sha256] = list(_read_file(sent, given))
    return seen[sent.sha256]


def _again(sent: Container, part: Part) -> Part:
    aside = {SAME_FILE: part.file.taken} if part.file.taken else {}
    file = replace(part.file, name=sent.name, passed_on=0, set_aside=aside, note=f"the same bytes as {part.file.name}")
    return replace(part, file=file, table=part.table.slice(0, 0), faults=())


def _read_file(sent: Container, given: str | None) -> Iterator[Part]:
    sortings: dict[str, Sorting] = {}
    sheets: dict[str, list[str]] = {}
    cover: list[str] = []
    notes: list[str] = []
    heads: list[tuple[str, ...]] = []
    has_last_line_end = True
    for grid in _grids(sent):
        where = f"{sent.name}, sheet {grid.sheet!r}" if grid.sheet else sent.name
        found = find_header(grid.head, where)
        cover += [cell for row in (grid.head[: found[0]] if found else grid.head) for cell in row if cell]
        if found:
            _put(sent, grid, *found, sortings)
            sheets.setdefault(found[1].layout.kind, []).append(grid.sheet)
        elif grid.sheet:
            notes.append(f"sheet {grid.sheet!r} holds no table that we read")
        if grid.note:
            notes.append(grid.note)
        has_last_line_end &= grid.has_last_line_end
        heads += grid.head
    if not sortings:
        raise _no_table(sent, heads)
    edition = edition_of(sent.name, cover, given)
    for kind, sorting in sortings.items():
        sorting.has_last_line_end = has_last_line_end
        yield _part(sent, kind, sorting, edition, tuple(s for s in sheets[kind] if s), notes)


def _grids(sent: Container) -> Iterator[Grid]:
    if sent.kind in SHEETS:
        yield from sheet_grids(sent)
    elif sent.kind == "parquet":
        try:
            yield parquet_grid(bounded_table(sent.data))
        except (Unreadable, pa.ArrowException):
            why = "the Parquet file is damaged, or a column is neither text, number nor day"
            raise SourceError(f"{sent.name}: {why}. Download it again.") from None
        except TooLarge:
            raise SourceError(f"{sent.name}: {SENTENCES['too large']}") from None
    else:
        yield delimited_grid(sent.name, sent.data)


def _no_table(sent: Container, heads: Sequence[Sequence[str]]) -> UnknownLayout:
    titles = "; ".join(repr(layout.title) for layout in layouts())
    return UnknownLayout(
        f"{sent.name}: no table that we know stands in this file.{nearest_layout_hint(heads)} We looked for a header "
        f"row among the first rows of each sheet. Tables we read: {titles}. Check that this is the right file."
    )


def _put(sent: Container, grid: Grid, after: int, header: Header, sortings: dict[str, Sorting]) -> None:
    layout = header.layout
    body = grid.body(after + 1, header.width)
    if layout.kind not in sortings:
        sortings[layout.kind] = Sorting(sent.name, RULES[layout.kind], header)
    sorting = sortings[layout.kind]
    if _is_alternate(sent.name, grid, after, layout):
        sorting.set_aside_whole(outcome_statistics.ALTERNATE, body.cells.num_rows + len(body.broken))
        return
    sorting.add(grid.sheet, body, header, _constants(sent.name, grid, after, header))


def _is_alternate(name: str, grid: Grid, after: int, layout: Layout) -> bool:
    where = [plain(text) for text in (name, grid.sheet, *grid.head[after])]
    return any(mark in text for mark in layout.alternate_marks for text in where)


def _constants(name: str, grid: Grid, after: int, header: Header) -> dict[str, str]:
    """Return what a file states once for all rows.

    Its offence codes were inferred and not published, or a table without an area column is of England and Wales.
    """
    if header.layout.kind == "flagged" and not header.columns.keys() & {"area_name", "area_code"}:
        titles = [plain(text) for text in (name, grid.sheet, *(cell for row in grid.head[:after] for cell in row))]
        return (
            {"area_name": flagged_offences.COUNTRY}
            if any(plain(flagged_offences.COUNTRY) in text for text in titles)
            else {}
        )
    where = [plain(text) for text in (name, header.name("offence_code"))]
    inferred = any(mark in text for mark in header.layout.inferred_marks for text in where)
    return {"code_inferred": "true"} if inferred else {}


def _part(
    sent: Container, kind: str, sorting: Sorting, edition: Edition, sheets: tuple[str, ...], notes: list[str]
) -> Part:
    table, aside = sorting.sort()
    if kind == "outcomes" and _only_alternate(table):
        aside = {**aside, outcome_statistics.ALTERNATE: aside.get(outcome_statistics.ALTERNATE, 0) + table.num_rows}
        table = table.slice(0, 0)
    label = edition.label or _period_of(table, kind)
    said = [*notes, *(_part_years(table) if kind in ("recorded", "outcomes") else ())]
    file = FileRead(
        sent.name, sent.sha256, sent.size, sent.label, kind, label, sheets, sorting.taken, table.num_rows,
        aside, "; ".join(dict.fromkeys(said)),
    )  # fmt: skip
    return Part(file, table, edition, tuple(sorting.faults))


def _only_alternate(table: pa.Table) -> bool:
    codes = table["outcome_code"].unique().to_pylist()
    return bool(codes) and all(code.endswith("A") for code in codes)


def _period_of(table: pa.Table, kind: str) -> str:
    if not table.num_rows:
        return "edition not stated"
    last = pc.max(table[YEAR[kind]]).as_py()
    if "quarter" in table.column_names:
        last += f" Q{pc.max(table.filter(pc.equal(table[YEAR[kind]], last))['quarter']).as_py()}"
    return f"edition not stated; data to {last}"


def _part_years(table: pa.Table) -> list[str]:
    pairs = table.group_by(["financial_year", "quarter"]).aggregate([]).sort_by("quarter").to_pylist()
    years: dict[str, list[str]] = {}
    for pair in pairs:
        years.setdefault(pair["financial_year"], []).append(str(pair["quarter"]))
    return [
        f"{year} is a part year: quarter{'s' * (len(quarters) > 1)} {', '.join(quarters)} only"
        for year, quarters in sorted(years.items())
        if len(quarters) < 4
    ]


def _received(parts: list[Part], revisions: tuple[Revision, ...]) -> Received:
    """Combine the tables of all parts; the note of a file says what it revises."""
    tables = {}
    for kind, schema in TABLES.items():
        found = [_labelled(part, schema) for part in parts if part.file.return_kind == kind]
        tables[kind] = pa.concat_tables(found) if found else empty(kind)
    files = tuple(_with_revisions(part.file, revisions) for part in parts)
    return Received(files, tuple(fault for part in parts for fault in part.faults), tables, revisions)


def _with_revisions(file: FileRead, revisions: tuple[Revision, ...]) -> FileRead:
    sentences = [revision.sentence.rstrip(".") for revision in revisions if revision.newer == file.name]
    return replace(file, note="; ".join([note for note in (file.note, *sentences) if note]))


def _labelled(part: Part, schema: pa.Schema) -> pa.Table:
    said = {"edition": part.file.edition, "source": part.file.name}
    columns = [
        part.table[name].cast(kind)
        if name in part.table.column_names
        else pa.repeat(pa.scalar(said[name]), part.table.num_rows)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)
