"""How well does a column of a file fit a column of the contract, by its heading and by its cells?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest import offence_codes
from assay.ingest.preparation.cell_shapes import MOSTLY, Shape
from assay.ingest.preparation.code_meanings import known_share, listed
from assay.ingest.preparation.export_files import Export
from assay.ingest.preparation.heading_words import Words, alike, words
from assay.ingest.system_layouts import layouts
from assay.ingest.time_zones import names_universal_time
from assay.reference import Declarations

NOTHING, LIKE, MAY, SAME, EXACT = range(5)
"""What a heading says of a column: nothing, it shares words, it may mean it, it means it, it is its name."""
LIKE_ENOUGH = 0.66
FEW_WORDS, LIST_LIKE = 4, 60
TIMES = ("date", "time", "when")
OF_FORCE = Column(FORCE_CODE, "code", "yes", values="force_code")


@dataclass(frozen=True)
class Fit:
    """A candidate match of a column of the specification and a heading of the file."""

    column: Column
    heading: str
    says: int
    share: float
    against: bool
    why: str
    no_word_known: bool = False
    """True if the column is not empty and its list has none of its words."""
    is_class_alone: bool = False
    """True if some cells hold only an offence class, whose sub-code may be in another column."""
    is_universal_time: bool = False
    """True if the heading names universal time and the cells have no zone."""


def wanted(table: Table) -> tuple[Column, ...]:
    """The columns that are drafted: what nobody reads is not asked. Of a table that nothing reads, which a request
    declares for people to read, all are."""
    return tuple(one for one in table.columns if one.asked or one.name in table.key or not table.asked)


def wanted_tables(declared: Declarations | None) -> tuple[str, ...]:
    """The tables that are drafted: those that a request declares, or if it declares none those that something reads."""
    named = tuple(name for name in contract.tables() if name in (declared or {}))
    return named or tuple(contract.asked_tables())


def fits(table: Table, export: Export, keys: Mapping[str, Collection[str]]) -> list[Fit]:
    """Every pair for which the heading or the cells say anything; `keys` are the values of the keys of other tables.

    Columns that are not asked are looked at too, so that no heading of theirs is taken for another column.
    """
    looked_at = (OF_FORCE, *table.columns)
    found = [_fit(table, column, heading, export, keys) for column in looked_at for heading in export.columns]
    return [one for one in found if one is not None]


def _fit(table: Table, column: Column, heading: str, export: Export, keys: Mapping[str, Collection[str]]) -> Fit | None:
    says, named = heading_says(table, column, heading)
    shape = export.shape(heading)
    if not says and not _tells_by_itself(column, shape, keys):
        return None
    share, against, seen = cells_say(table, column, shape, keys)
    if not says and (against or share < MOSTLY):
        return None
    why = "; ".join(one for one in (named, seen) if one)
    no_word_known = listed(column) and bool(shape.filled) and not share
    is_class_alone = column.values == "offence_code" and any(map(offence_codes.is_divided_class, shape.values))
    if is_class_alone:
        why = f"{why}; some cells hold an offence class alone, and its sub-code may be in another column"
    is_universal_time = column.kind in TIMES and names_universal_time(heading) and not shape.dates.time.endswith("Z")
    if is_universal_time:
        why = f"{why}; its heading names universal time, and its cells have no zone"
    return Fit(column, heading, says, share, against, why, no_word_known, is_class_alone, is_universal_time)


def _tells_by_itself(column: Column, shape: Shape, keys: Mapping[str, Collection[str]]) -> bool:
    """Whether cells alone may tell the column: words of a list of its own, or references to another table's rows."""
    if column.refers:
        return shape.distinct >= 20 and column.refers in keys
    if column.kind != "code" or column.values in ("", "offence_code", "outcome_code"):
        return False
    spelled_out = all(len(word) > 3 for word in shape.values)
    return (2 if spelled_out else 3) <= shape.distinct <= LIST_LIKE


def heading_says(table: Table, column: Column, heading: str) -> tuple[int, str]:
    """What a heading says of a column, and in which words."""
    if heading == column.name:
        return EXACT, "it has our name"
    said = words(heading)
    spoken = (said, said - words(table.name) - words(table.name.removesuffix("s")))
    if words(column.name) in spoken:
        return SAME, "the same words as our name"
    for sure, grade in ((True, SAME), (False, MAY)):
        for layout in layouts():
            if any(words(one) in spoken for one in layout.headings(table.name, column.name, sure)):
                return grade, f"{'means' if sure else 'may mean'} it in: {layout.name} ({layout.status})"
    near = max((alike(said, one) for one in _named(table, column)), default=0.0)
    return (LIKE, "its heading shares words with ours") if near >= LIKE_ENOUGH else (NOTHING, "")


def _named(table: Table, column: Column) -> list[Words]:
    return [
        words(column.name),
        *(words(one) for two in layouts() for one in two.headings(table.name, column.name, True)),
    ]


def cells_say(
    table: Table, column: Column, shape: Shape, keys: Mapping[str, Collection[str]]
) -> tuple[float, bool, str]:
    """The share of cells that fit, whether they rule the column out, and both in words."""
    if not shape.filled:
        return 0.0, False, "every cell is empty"
    if column.kind in TIMES:
        dates = shape.dates
        form = " or ".join(one for one in (dates.day, dates.time) if one)
        if not form:
            return 0.0, True, "its cells are dates in no form that is known: export them as DD/MM/YYYY"
        return dates.share, dates.share < MOSTLY, f"{_in_100(dates.share)} cells are dates in the form {form}"
    if listed(column):
        share = known_share(column, shape.values)
        many = shape.distinct > (FEW_WORDS if column.kind == "yesno" else LIST_LIKE)
        weak = share < (0.5 if column.values != "offence_code" else MOSTLY)
        held = "a code or a class of its list" if column.values == "offence_code" else "a word that its list knows"
        return share, many and weak, f"{_in_100(share)} cells hold {held}"
    if column.kind in ("int", "num"):
        return shape.numbers, shape.numbers < MOSTLY, f"{_in_100(shape.numbers)} cells are numbers"
    return _reference_says(table, column, shape, keys)


def _reference_says(
    table: Table, column: Column, shape: Shape, keys: Mapping[str, Collection[str]]
) -> tuple[float, bool, str]:
    if (column.name,) == table.key:
        return 1.0 if shape.unique else 0.5, not shape.unique, "" if shape.unique else "a value comes twice in it"
    if column.refers in keys and shape.values:
        share = sum(value in keys[column.refers] for value in shape.values) / len(shape.values)
        return share, share < 0.5, f"{_in_100(share)} values are keys in {column.refers}"
    return 1.0, False, ""


def _in_100(share: float) -> str:
    return f"{int(100 * share)} in 100"


def key_values(table: str, export: Export, heading: str) -> Collection[str] | None:
    """The values of a table's key in its file, or None if there are too many to hold."""
    shape = export.shape(heading)
    whole = len(shape.values) == shape.distinct and len(contract.table(table).key) == 1
    return frozenset(shape.values) if whole and shape.values else None
