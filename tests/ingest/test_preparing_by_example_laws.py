"""Does a mapping learnt by example give back the records as they were, or wait, and never give back others?

A synthetic table of crimes is exported under headings that mean nothing, with days in another form and words of its
own; a few of its records are the example. The draft is then applied by the very statement that reads a return.
"""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
from examples_by_hand import example, export
from hypothesis import given, settings
from hypothesis import strategies as st
from small_return import REQUEST

from assay import contract
from assay.errors import SourceError
from assay.ingest.cell_expressions import cell_texts_sql
from assay.ingest.column_mapping import read_mapping
from assay.ingest.date_formats import DETECTED_DATE_FORMATS
from assay.ingest.preparation import prepare_return

TABLE = contract.table("crimes")
CODES = {"outcome_code": ("1", "14", "16", "18"), "contact_offence": ("yes", "no"),
         "scope_reason": ("core_offence", "flagged", "image_offence")}  # fmt: skip
TIMES = ("recorded_at", "reported_at", "closed_at")
COLUMNS = ("crime_ref", *TIMES, *CODES)
STONES = ("Agate", "Basalt", "Chalk", "Dolomite", "Flint", "Granite", "Marble", "Opal", "Quartz")
TREES = ("Alder", "Beech", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Juniper", "Larch")
FORMS = dict(zip(DETECTED_DATE_FORMATS, ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y",
                        "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"), strict=True))  # fmt: skip
START = datetime(2026, 1, 1)
MINUTES = st.integers(0, 180 * 24 * 60 - 1)


@st.composite
def crimes(draw):
    """Records by column; a time may be empty, the same as another, or on a day that equals its month."""
    rows = []
    for number in range(draw(st.integers(3, 24))):
        recorded = START + timedelta(minutes=draw(MINUTES))
        other_times = [
            draw(st.sampled_from([recorded, None, START + timedelta(minutes=draw(MINUTES))])) for _ in TIMES[1:]
        ]
        times = dict(zip(TIMES, [recorded, *other_times], strict=True))
        codes = {name: draw(st.sampled_from((*values, ""))) for name, values in CODES.items()}
        rows.append({"crime_ref": f"C{number}", **times, **codes})
    return rows


@st.composite
def systems(draw):
    """How a system writes: the heading of each column, the form of its days, a word for each code; some it lacks."""
    stones = draw(st.permutations(STONES))
    trees = iter(draw(st.permutations(TREES)))
    words = {name: {code: next(trees) for code in codes} for name, codes in CODES.items()}
    if draw(st.booleans()):
        words["contact_offence"] = {"yes": "no", "no": "yes"}
    lacks = draw(st.sets(st.sampled_from(COLUMNS[1:]), max_size=2))
    return dict(zip(COLUMNS, stones, strict=False)), draw(st.sampled_from(DETECTED_DATE_FORMATS)), words, lacks


def as_we_want(row, name):
    return row[name].strftime("%Y-%m-%dT%H:%M") if name in TIMES and row[name] else row[name] or ""


def as_it_exports(row, name, day, words):
    if name in TIMES:
        return row[name].strftime(f"{FORMS[day]} %H:%M") if row[name] else ""
    return words.get(name, {}).get(row[name], row[name])


def given_back(folder: Path, headings, lines):
    """The export after the mapping, by the columns that it names: what a reader of the return would take in."""
    mapping = read_mapping(folder).table("crimes")
    places = mapping.column_positions("crimes", headings)
    raw = pa.table(
        {"line": list(range(len(lines)))} | {name: [line[place] for line in lines] for name, place in places.items()}
    )
    connection = duckdb.connect()
    connection.register("raw_crimes", raw)
    read = connection.sql(
        f"select * from ({cell_texts_sql(TABLE, mapping, places, 'raw_crimes')}) order by line"
    ).to_arrow_table()
    return {name: [cell or "" for cell in read[name].to_pylist()] for name in places}


def is_ours(name, cell):
    """Whether a cell would be taken for an answer: a time in the contract's form, or a code of its list."""
    if name in TIMES:
        return len(cell) == len("2026-02-13T09:30:00") and cell[4] == cell[7] == "-" and cell[10] == "T"
    column = TABLE.column(name)
    return name not in CODES or cell in (contract.list_values(column.values) if column.values else ("yes", "no"))


@settings(max_examples=8, deadline=None)
@given(crimes(), systems(), st.integers(3, 24))
def test_what_is_learnt_gives_back_the_records_or_waits(rows, system, count):
    names, day, words, lacks = system
    columns_sent = [name for name in COLUMNS if name not in lacks]
    headings = tuple(names[name] for name in columns_sent)
    lines = [tuple(as_it_exports(row, name, day, words) for name in columns_sent) for row in rows]
    wanted_rows = [tuple(as_we_want(row, name) for name in COLUMNS) for row in rows[:count]]
    with TemporaryDirectory() as place:
        like = example(Path(place), wanted_rows, lines[:count], COLUMNS, headings)
        folder = export(Path(place), lines, headings)
        try:
            prepare_return(folder, REQUEST, "INV01", example_folder=like)
        except SourceError:  # so few records, or so alike, that they teach nothing: it says so, and drafts nothing
            assert not (folder / "mapping.toml").exists()
            return
        drafted = tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))["tables"]["crimes"]
        read = given_back(folder, headings, lines)
    assert drafted["columns"]["crime_ref"] == names["crime_ref"]
    for name, heading in drafted["columns"].items():
        assert heading == names[name]
        for row, cell in zip(rows, read[name], strict=True):
            assert cell.removesuffix(":00")[:16] == as_we_want(row, name) or not is_ours(name, cell)
