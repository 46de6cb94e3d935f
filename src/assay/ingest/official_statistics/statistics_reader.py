"""Read official statistics files, and accept each row or set it aside with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.safe_files.archive_limits import TooLarge, Unreadable
from assay.engine.safe_files.parquet_limits import read_bounded_parquet
from assay.errors import SourceError, UnknownLayout
from assay.ingest.official_statistics import (
    area_counts,
    authority_tables,
    children_in_need,
    outcome_statistics,
    population_estimates,
    recorded_crime,
)
from assay.ingest.official_statistics.delimited_statistics import delimited_grid
from assay.ingest.official_statistics.file_container import SENTENCES, SHEETS, Container, open_container
from assay.ingest.official_statistics.local_tables import YEAR_IN_TITLE
from assay.ingest.official_statistics.newest_edition import YEAR_COLUMN, Part, keep_newest_editions
from assay.ingest.official_statistics.official_file_register import edition_note
from assay.ingest.official_statistics.row_sorting import RowSorter
from assay.ingest.official_statistics.sheet_grid import Grid, parquet_grid
from assay.ingest.official_statistics.statistics_editions import Edition, find_edition
from assay.ingest.official_statistics.statistics_intake import TABLES, ReceivedStatistics, StatisticsFile, empty_table
from assay.ingest.official_statistics.statistics_layouts import (
    Header,
    Layout,
    find_header,
    layouts,
    nearest_layout_hint,
    normalise_header,
)
from assay.ingest.official_statistics.statistics_revisions import Revision
from assay.ingest.official_statistics.statistics_rules import Rules
from assay.ingest.official_statistics.workbook_sheets import sheet_grids

Progress = Callable[[str, int, int], None]
RULES: dict[str, Rules] = {
    "recorded": recorded_crime.RULES,
    "outcomes": outcome_statistics.RULES,
    "children_in_need": children_in_need.RULES,
    "population": population_estimates.RULES,
    "plans_started": area_counts.PLANS_STARTED_RULES,
    "plans_held": area_counts.PLANS_HELD_RULES,
    "looked_after": area_counts.LOOKED_AFTER_RULES,
    "ethnicity": area_counts.ETHNICITY_RULES,
    "last_outcomes": area_counts.LAST_OUTCOMES_RULES,
    "court_outcomes": area_counts.COURT_OUTCOMES_RULES,
    "national_outcomes": area_counts.NATIONAL_OUTCOMES_RULES,
    "inspections": authority_tables.INSPECTIONS_RULES,
    "neighbours": authority_tables.NEIGHBOURS_RULES,
}
FILE_SUFFIXES = (".csv", ".gz", ".xlsx", ".ods", ".parquet", ".txt", ".xls")
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
SAME_FILE = "the same file, already read"
OTHER_OFFENCES = "an offence that this inspection does not ask about"


def read_statistics(
    paths: Iterable[str | Path] | str | Path,
    *,
    editions: Mapping[str, str] | None = None,
    offence_codes: Collection[str] | None = None,
    progress: Progress | None = None,
) -> ReceivedStatistics:
    """Read the official tables in the files or folders at `paths`, checked row by row.

    Parameters
    ----------
    editions
        The edition of a file, by its name, where the file itself does not state it (any text that sorts by time, such
        as '2025-04').
    offence_codes
        The offences to keep of recorded crime and outcomes; rows of others are checked, compared with other editions,
        and set aside. If None, every offence is kept.
    progress
        Called as `progress(text, done, total)` before each file.

    Raises
    ------
    SourceError
        With one sentence for each file that cannot be used.
    EvidenceError
        If a row was lost.
    """
    files = list(_files(paths))
    parts: list[Part] = []
    problems: list[SourceError] = []
    seen: dict[str, list[Part]] = {}
    for done_count, path in enumerate(files):
        if progress:
            progress("Reading the official files", done_count, len(files))
        try:
            found = _file_parts(open_container(path), seen, (editions or {}).get(path.name))
        except SourceError as problem:
            problems.append(problem)
            continue
        parts += found
    _raise_problems(problems)
    if progress:
        progress("Reading the official files", len(files), len(files))
    newest_parts, revisions = keep_newest_editions(parts)
    if offence_codes is not None:
        newest_parts = [_keep_offences(part, offence_codes) for part in newest_parts]
    return _combine_parts(newest_parts, revisions)


def _files(paths: Iterable[str | Path] | str | Path) -> Iterator[Path]:
    for path in [paths] if isinstance(paths, str | Path) else paths:
        path = Path(path)
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.suffix.lower() in FILE_SUFFIXES)
        else:
            yield path


def _raise_problems(problems: list[SourceError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise SourceError("\n".join(str(problem) for problem in problems))


def _keep_offences(part: Part, offence_codes: Collection[str]) -> Part:
    if "offence_code" not in part.table.column_names:
        return part
    is_kept = pc.is_in(part.table["offence_code"], pa.array(sorted(offence_codes), pa.string()))
    table = part.table.filter(is_kept)
    dropped = part.table.num_rows - table.num_rows
    set_aside = {**part.file.set_aside, **({OTHER_OFFENCES: dropped} if dropped else {})}
    return replace(part, table=table, file=replace(part.file, passed_on=table.num_rows, set_aside=set_aside))


def _file_parts(container: Container, seen: dict[str, list[Part]], label_override: str | None) -> list[Part]:
    if container.sha256 in seen:
        return [_repeated_part(container, part) for part in seen[container.sha256]]
    seen[container.sha256] = list(_read_file(container, label_override))
    return seen[container.sha256]


def _repeated_part(container: Container, part: Part) -> Part:
    set_aside = {SAME_FILE: part.file.row_count} if part.file.row_count else {}
    file = replace(
        part.file, name=container.name, passed_on=0, set_aside=set_aside, note=f"the same bytes as {part.file.name}"
    )
    return replace(part, file=file, table=part.table.slice(0, 0), errors=())


@dataclass
class _FileRows:
    """The rows of a file, sorted by the statistic that each of its sheets holds."""

    sortings: dict[str, RowSorter] = field(default_factory=dict)
    sheets: dict[str, list[str]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    recalled_headers: dict[str, list[str]] = field(default_factory=dict)
    heads: list[tuple[str, ...]] = field(default_factory=list)
    has_last_line_end: bool = True


def _read_file(container: Container, label_override: str | None) -> Iterator[Part]:
    rows = _file_rows(container)
    container.take_data()  # the rows are in the sorters now, and need the memory
    edition = find_edition(container.name, rows.titles, label_override)
    for kind, sorting in rows.sortings.items():
        sorting.has_last_line_end = rows.has_last_line_end
        yield _make_part(container, kind, sorting, edition, rows)


def _file_rows(container: Container) -> _FileRows:
    rows = _FileRows()
    for grid in file_grids(container):
        place = f"{container.name}, sheet {grid.sheet!r}" if grid.sheet else container.name
        found = find_header(grid.head, place)
        rows.titles += [cell for row in (grid.head[: found[0]] if found else grid.head) for cell in row if cell]
        if found:
            _add_grid(container, grid, *found, rows.sortings)
            rows.sheets.setdefault(found[1].layout.kind, []).append(grid.sheet)
            rows.recalled_headers.setdefault(found[1].layout.kind, []).extend(found[1].recalled_names)
        elif grid.sheet:
            rows.notes.append(f"sheet {grid.sheet!r} holds no table that assay reads")
        if grid.note:
            rows.notes.append(grid.note)
        rows.has_last_line_end &= grid.has_last_line_end
        rows.heads += grid.head
    if not rows.sortings:
        raise _no_table(container, rows.heads)
    return rows


def file_grids(container: Container) -> Iterator[Grid]:
    """Yield each sheet of a workbook, or the one table of another file, as a grid of text."""
    if container.kind in SHEETS:
        yield from sheet_grids(container)
    elif container.kind == "parquet":
        try:
            yield parquet_grid(read_bounded_parquet(container.take_data()))
        except (Unreadable, pa.ArrowException):
            reason = "the Parquet file is damaged, or a column is neither text, number nor day"
            raise SourceError(f"{container.name}: {reason}. Download it again.") from None
        except TooLarge:
            raise SourceError(f"{container.name}: {SENTENCES['too large']}") from None
    else:
        yield delimited_grid(container)


def _no_table(container: Container, heads: Sequence[Sequence[str]]) -> UnknownLayout:
    titles = "; ".join(repr(layout.title) for layout in layouts())
    return UnknownLayout(
        f"{container.name}: no official table could be recognised.{nearest_layout_hint(heads)} We looked for a "
        f"header row among the first rows of each sheet. Tables we read: {titles}. Check that this is the right file. "
        "Any other published table is added with a mapping file: assay look long-form writes a template."
    )


def _add_grid(
    container: Container, grid: Grid, header_row: int, header: Header, sortings: dict[str, RowSorter]
) -> None:
    layout = header.layout
    sheet_rows = grid.read_rows(header_row + 1, header.width)
    if layout.kind not in sortings:
        sortings[layout.kind] = RowSorter(container.name, RULES[layout.kind], header)
    sorting = sortings[layout.kind]
    if _is_alternate(container.name, grid, header_row, layout):
        sorting.set_sheet_aside(
            outcome_statistics.ALTERNATE_OFFENCES, sheet_rows.cells.num_rows + len(sheet_rows.broken_rows)
        )
        return
    sorting.add_rows(grid.sheet, sheet_rows, header, _constants(container.name, grid, header_row, header))


def _is_alternate(name: str, grid: Grid, header_row: int, layout: Layout) -> bool:
    texts = [normalise_header(text) for text in (name, grid.sheet, *grid.head[header_row])]
    return any(mark in text for mark in layout.alternate_marks for text in texts)


def _constants(name: str, grid: Grid, header_row: int, header: Header) -> dict[str, str]:
    """Return what a file states once for all rows.

    Its offence codes were inferred and not published, or its title states the year of a table without a column for it.
    """
    if header.layout.kind in YEAR_IN_TITLE:
        return _stated_year([*(cell for row in grid.head[:header_row] for cell in row), name])
    texts = [normalise_header(text) for text in (name, header.name("offence_code"))]
    inferred = any(mark in text for mark in header.layout.inferred_marks for text in texts)
    return {"code_inferred": "true"} if inferred else {}


def _stated_year(texts: Sequence[str]) -> dict[str, str]:
    """Return the year of the first text that states one year alone: 2025 for 'as at 31 March 2025'.

    A text with two years, such as a census on the boundaries of a later year, does not say which is that of the table.
    """
    for text in texts:
        years = {match[0] for match in YEAR.finditer(text)}
        if len(years) == 1:
            return {"year": years.pop()}
    return {}


def _make_part(container: Container, kind: str, sorting: RowSorter, edition: Edition, rows: _FileRows) -> Part:
    table, set_aside = sorting.sort()
    if kind == "outcomes" and _only_alternate(table):
        set_aside = {
            **set_aside,
            outcome_statistics.ALTERNATE_OFFENCES: set_aside.get(outcome_statistics.ALTERNATE_OFFENCES, 0)
            + table.num_rows,
        }
        table = table.slice(0, 0)
    label = edition.label or _period_label(table, kind)
    all_notes = [*rows.notes, *(_part_years(table) if kind in ("recorded", "outcomes") else ())]
    file = StatisticsFile(
        container.name,
        container.sha256,
        container.size,
        container.label,
        kind,
        label,
        tuple(sheet for sheet in rows.sheets[kind] if sheet),
        sorting.row_count,
        table.num_rows,
        set_aside,
        "; ".join(dict.fromkeys(all_notes)),
        edition_note(container.sha256, edition, kind, _covered_years(table, kind)),
        _header_note(rows.recalled_headers[kind]),
    )
    return Part(file, table, edition, tuple(sorting.errors))


def _header_note(recalled_headers: Sequence[str]) -> str:
    """Return a sentence on headers that no file read so far had; '' if there are none."""
    names = [f"'{name}'" for name in dict.fromkeys(recalled_headers)]
    if not names:
        return ""
    subject = f"The header {names[0]} is" if len(names) == 1 else f"The headers {', '.join(names)} are"
    return (
        f"{subject} known from the publisher's guidance, not from a file that was read. Compare the first figures of "
        "the report with the file before you use them."
    )


def _covered_years(table: pa.Table, kind: str) -> list[str]:
    return [str(year) for year in table[YEAR_COLUMN[kind]].unique().to_pylist()]


def _only_alternate(table: pa.Table) -> bool:
    codes = table["outcome_code"].unique().to_pylist()
    return bool(codes) and all(code.endswith("A") for code in codes)


def _period_label(table: pa.Table, kind: str) -> str:
    if not table.num_rows:
        return "edition not stated"
    last = pc.max(table[YEAR_COLUMN[kind]]).as_py()
    if "quarter" in table.column_names:
        last += f" Q{pc.max(table.filter(pc.equal(table[YEAR_COLUMN[kind]], last))['quarter']).as_py()}"
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


def _combine_parts(parts: list[Part], revisions: tuple[Revision, ...]) -> ReceivedStatistics:
    """Combine the tables of all parts; the note of a file says what it revises."""
    tables = {}
    for kind, schema in TABLES.items():
        found = [_label_rows(part, schema) for part in parts if part.file.return_kind == kind]
        tables[kind] = pa.concat_tables(found) if found else empty_table(kind)
    files = tuple(_with_revisions(part.file, revisions) for part in parts)
    return ReceivedStatistics(files, tuple(error for part in parts for error in part.errors), tables, revisions)


def _with_revisions(file: StatisticsFile, revisions: tuple[Revision, ...]) -> StatisticsFile:
    sentences = [revision.sentence.rstrip(".") for revision in revisions if revision.newer == file.name]
    return replace(file, note="; ".join([note for note in (file.note, *sentences) if note]))


def _label_rows(part: Part, schema: pa.Schema) -> pa.Table:
    constants = {"edition": part.file.edition, "source": part.file.name}
    columns = [
        part.table[name].cast(kind)
        if name in part.table.column_names
        else pa.repeat(pa.scalar(constants[name]), part.table.num_rows)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)
