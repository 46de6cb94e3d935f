"""Read mapping.toml, which translates the columns and words of a force into those of the contract.

`mapping.toml` beside the files, one section a table (return contract, section 2.6):

    [tables.crimes]
    file = "rms_extract.csv"            # another name for the file
    delimiter = ";"                     # and encoding = "windows-1252"
    date_form = "DD/MM/YYYY"            # and time_form = "DD/MM/YYYY HH:MM", or with a zone "YYYY-MM-DDTHH:MM:SSZ"
    empty = ["NULL", "N/A"]             # words that stand for an empty cell in every column
    columns.crime_ref = "CRIME NO"      # ours = theirs
    values.outcome_code = {"Charged" = "1", "Not known" = ""}   # theirs = ours; "" is empty
    fixed.force_code = "INV01"          # one value for every row, where the file has no column for it

    [tables.events.wide]                # a log with one column of dates a kind: theirs = kind
    "Date arrested" = "suspect_arrested"

    [tables.flags.wide]                 # a yes/no column for each flag: theirs = flag
    "CSE marker" = "cse"

An unknown word is never guessed: it is reported to the sender with the nearest known word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay import contract
from assay.ingest.date_formats import ZONE_DIRECTIVE, format_errors, strptime_format
from assay.ingest.file_readers import ENCODINGS, TableRefused
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.time_zones import names_universal_time
from assay.reference.toml_files import InvalidTomlError, read_sent_toml

MAPPING_FILE = "mapping.toml"
SECTION_KEYS = (
    "file",
    "delimiter",
    "encoding",
    "date_form",
    "time_form",
    "empty",
    "columns",
    "values",
    "fixed",
    "wide",
)
WIDE_LISTS = {"events": "event_kind", "flags": "flag"}
"""Tables that a file may hold in wide format -> the list with the values that its columns stand for."""


@dataclass(frozen=True)
class TableMapping:
    """The mapping of one table; all parts are optional.

    `columns`: contract column -> heading of the file; `values`: column -> the sender's word in lower case -> contract
    value; `fixed`: column -> its constant value; `wide`: heading -> kind of event, or flag; `empty`: words, in lower
    case, that mean an empty cell. Date and time formats are those of `strptime`, or ''.
    """

    file: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    date_form: str = ""
    time_form: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    wide: Mapping[str, str] = field(default_factory=dict)
    empty: tuple[str, ...] = ()

    def column_positions(self, table: str, header: tuple[str, ...]) -> dict[str, int]:
        """Return the position of each contract column in the file, without absent columns."""
        positions = {name: position for position, name in enumerate(header)}
        headings = {
            name: self.columns.get(name, name) for name in (contract.FORCE_CODE, *contract.table(table).column_names)
        }
        return {name: positions[heading] for name, heading in headings.items() if heading in positions}

    def headings_read(self, table: str) -> tuple[str, ...]:
        """Return the headings that are read from a file: the column names, or the headings mapped to them."""
        column_names = (contract.FORCE_CODE, *contract.table(table).column_names)
        return (*(self.columns.get(name, name) for name in column_names), *self.wide)

    def unknown_headings(self, table: str, header: tuple[str, ...]) -> tuple[str, ...]:
        """Return the headings that neither the contract nor the mapping knows; they are not read."""
        known = set(self.columns.values()) | set(self.wide)
        known |= {contract.FORCE_CODE, *contract.table(table).column_names} - set(self.columns)
        return tuple(name for name in header if name and name not in known)


@dataclass(frozen=True)
class ReturnMapping:
    """The mapping of a return: tables, validation errors that refuse a table, and remarks."""

    tables: Mapping[str, TableMapping] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def table(self, name: str) -> TableMapping:
        """Return the mapping of one table; raise TableRefused (R04) if its mapping is invalid."""
        if name in self.refusals:
            raise TableRefused("R04", self.refusals[name])
        return self.tables.get(name, TableMapping())


def read_mapping(folder: Path) -> ReturnMapping:
    """Read the mapping in a folder, if there is one. An invalid section refuses only its own table."""
    path = folder / MAPPING_FILE
    return read_mapping_file(path) if path.exists() else ReturnMapping()


def read_mapping_file(path: Path) -> ReturnMapping:
    """Read a mapping file; its errors are returned in the fields `refusals` and `remarks`."""
    try:
        sections = read_sent_toml(path).get("tables", {})
    except (OSError, InvalidTomlError) as error:
        line = getattr(error, "line", 0)
        position = f", line {line}" if line else ""
        sentence = (
            f"{MAPPING_FILE}{position}: this is not valid TOML in UTF-8, so no table can be mapped. "
            "Correct the file and send it again."
        )
        return ReturnMapping(refusals=dict.fromkeys(contract.tables(), sentence), remarks=(sentence,))
    return _parse_sections(sections if isinstance(sections, dict) else {})


def _parse_sections(sections: Mapping[str, Any]) -> ReturnMapping:
    tables, refusals, remarks = {}, {}, []
    for name, section in sections.items():
        if name not in contract.tables():
            remarks.append(f"{MAPPING_FILE}: a section names no table.{did_you_mean(name, contract.tables())}")
            continue
        errors = _section_errors(name, section) if isinstance(section, dict) else ["it is not a section."]
        if errors:
            refusals[name] = f"{MAPPING_FILE}, [tables.{name}]: {' '.join(errors)}"
        else:
            tables[name] = _table_mapping(section)
            remarks += _universal_time_remarks(name, tables[name])
    return ReturnMapping(tables, refusals, tuple(remarks))


def _universal_time_remarks(name: str, mapping: TableMapping) -> list[str]:
    """Return a remark on each column whose heading names universal time, and that is still read as London time."""
    if ZONE_DIRECTIVE in mapping.time_form:
        return []
    times = [column.name for column in contract.table(name).columns if column.kind in ("time", "when")]
    headings = [(column, mapping.columns.get(column, "")) for column in times]
    headings += [(kind, heading) for heading, kind in mapping.wide.items() if name == "events"]
    return [
        (
            f"{MAPPING_FILE}, [tables.{name}]: the heading of {column} names universal time, but its cells are read as "
            "London time, which is an hour wrong in summer. Export each time with its zone, and end time_form with Z."
        )
        for column, heading in headings
        if names_universal_time(heading)
    ]


def _section_errors(name: str, section: Mapping[str, Any]) -> list[str]:
    table = contract.table(name)
    errors = _unknown_word_errors("a key", section, SECTION_KEYS)
    for key in ("file", "delimiter", "encoding", "date_form", "time_form"):
        if not isinstance(section.get(key, ""), str):
            errors.append(f"{key} must be text.")
    for key in ("columns", "values", "fixed", "wide"):
        if not isinstance(section.get(key, {}), dict):
            errors.append(f"{key} must be a table.")
    empty = section.get("empty", [])
    if not isinstance(empty, list) or not all(isinstance(word, str) for word in empty):
        errors.append('empty must be a list of words, such as ["NULL", "N/A"].')
    if errors:
        return errors
    errors += _unknown_word_errors(
        "columns: a name", section.get("columns", {}), (contract.FORCE_CODE, *table.column_names)
    )
    if any(not isinstance(value, str) for value in section.get("columns", {}).values()):
        errors.append("columns: a value is not text.")
    errors += _unknown_word_errors(
        "values: a name", section.get("values", {}), (contract.FORCE_CODE, *table.column_names)
    )
    errors += _fixed_errors(table, section)
    if section.get("encoding", "utf-8").casefold() not in ENCODINGS:
        errors.append(f"encoding is one of {', '.join(ENCODINGS)}.")
    if len(section.get("delimiter", ",")) != 1 or not section.get("delimiter", ",").isascii():
        errors.append("delimiter is one character, such as ; or a tab.")
    for key in ("date_form", "time_form"):
        errors += format_errors(key, section.get(key, ""))
    return errors + _meanings_errors(name, section)


def _fixed_errors(table: contract.Table, section: Mapping[str, Any]) -> list[str]:
    fixed = section.get("fixed", {})
    errors = _unknown_word_errors("fixed: a name", fixed, (contract.FORCE_CODE, *table.column_names))
    if any(not isinstance(value, str) for value in fixed.values()):
        errors.append("fixed: a value is not text.")
    if set(fixed) & set(section.get("columns", {})):
        errors.append("fixed: a name is also under columns. Keep it in one of the two.")
    return errors


def _meanings_errors(name: str, section: Mapping[str, Any]) -> list[str]:
    errors = []
    for column, meanings in section.get("values", {}).items():
        if column != contract.FORCE_CODE and column in contract.table(name).column_names:
            errors += _values_errors(contract.table(name).column(column), meanings)
    return [*errors, *_wide_errors(name, section.get("wide", {}))]


def _wide_errors(name: str, wide: Mapping[str, Any]) -> list[str]:
    if wide and name not in WIDE_LISTS:
        return ["wide is for the tables events and flags only."]
    known = contract.list_values(WIDE_LISTS.get(name, "event_kind"))
    problem = "a flag is not in its list" if name == "flags" else "a kind is not sent in events"
    return [f"wide: {problem}.{did_you_mean(str(value), known)}" for value in wide.values() if value not in known]


def _values_errors(column: contract.Column, meanings: Any) -> list[str]:
    if not isinstance(meanings, dict) or not all(isinstance(value, str) for value in meanings.values()):
        return [f"values.{column.name} must be a table of your word = our value, both text."]
    known = contract.list_values(column.values) if column.values and column.values != "offence_code" else ()
    known = ("yes", "no") if column.kind == "yesno" else known
    words = {value.casefold() for value in known} | {""}
    unknown = [value for value in meanings.values() if known and value.casefold() not in words]
    return [f"values.{column.name}: a value is not in its list.{did_you_mean(value, known)}" for value in unknown[:1]]


def _unknown_word_errors(subject: str, words: Iterable[str], known: Iterable[str]) -> list[str]:
    known = tuple(known)
    return [f"{subject} is not known.{did_you_mean(word, known)}" for word in words if word not in known]


def _table_mapping(section: Mapping[str, Any]) -> TableMapping:
    values = section.get("values", {})
    return TableMapping(
        file=section.get("file", ""),
        delimiter=section.get("delimiter", ","),
        encoding=section.get("encoding", "utf-8").casefold(),
        date_form=strptime_format(section.get("date_form", "")),
        time_form=strptime_format(section.get("time_form", "")),
        columns=section.get("columns", {}),
        values={
            column: {force_word.strip().casefold(): value for force_word, value in meanings.items()}
            for column, meanings in values.items()
        },
        fixed=section.get("fixed", {}),
        wide=section.get("wide", {}),
        empty=tuple(dict.fromkeys(word.strip().casefold() for word in section.get("empty", ()))),
    )
