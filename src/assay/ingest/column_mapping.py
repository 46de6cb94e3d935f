"""How do the words of one force's files become the words of the contract?

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

A word that nothing knows is never guessed: it is told to the sender with the nearest word that is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay import contract
from assay.ingest.file_readers import ENCODINGS, TableRefused
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.time_zones import names_universal_time
from assay.reference.toml_files import NotToml, sent_toml

FILE = "mapping.toml"
KEYS = ("file", "delimiter", "encoding", "date_form", "time_form", "empty", "columns", "values", "fixed", "wide")
FORMS = {"YYYY": "%Y", "YY": "%y", "MMM": "%b", "MM": "%m", "DD": "%d", "HH": "%H", "SS": "%S"}
WIDE_LISTS = {"events": "event_kind", "flags": "flag"}
"""Tables that a file may hold in wide format -> the list with the values that its columns stand for."""
ZONE_DIRECTIVE = "%z"
_DIRECTIVES = {"%Y": "YYYY", "%y": "YY", "%b": "MMM", "%m": "MM", "%d": "DD", "%H": "HH", "%M": "MM", "%S": "SS"}
_ZONE_SUFFIX = re.compile(r"\s*(%z|Z|z|XXX|[+-](HH(:?MM)?|\d{2}(:?\d{2})?))$")
"""Ways to write at the end of a format that each time carries a zone. An offset such as +00:00 counts as well: taken as
fixed text, it would make London time of universal time, which is an hour wrong all summer."""
EXAMPLE_WITH_ZONE = "YYYY-MM-DDTHH:MM:SSZ where each time carries its zone"


@dataclass(frozen=True)
class TableMapping:
    """The mapping of one table; every part may be left out. `columns`: ours -> theirs; `values`: column -> theirs, in
    small letters -> ours; `fixed`: column -> its one value; `wide`: their column -> kind of event, or flag; `empty`:
    words, in lower case, that stand for an empty cell. Date and time formats are those of `strptime`, or ''."""

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

    def places(self, table: str, header: tuple[str, ...]) -> dict[str, int]:
        """Where each column of the contract stands in the file; columns that are not there are left out."""
        there = {name: place for place, name in enumerate(header)}
        wanted = {name: self.columns.get(name, name) for name in (contract.FORCE_CODE, *contract.table(table).names)}
        return {name: there[theirs] for name, theirs in wanted.items() if theirs in there}

    def headings_read(self, table: str) -> tuple[str, ...]:
        """Return the headings that are read in a file of the table: column names, or the headings mapped to them."""
        ours = (contract.FORCE_CODE, *contract.table(table).names)
        return (*(self.columns.get(name, name) for name in ours), *self.wide)

    def strangers(self, table: str, header: tuple[str, ...]) -> tuple[str, ...]:
        """The file's columns that neither the contract nor the mapping knows; they are not read."""
        known = set(self.columns.values()) | set(self.wide)
        known |= {contract.FORCE_CODE, *contract.table(table).names} - set(self.columns)
        return tuple(name for name in header if name and name not in known)


@dataclass(frozen=True)
class Mapped:
    """The mapping of a return: by table, the faults that refuse a table, and remarks to the sender."""

    tables: Mapping[str, TableMapping] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def table(self, name: str) -> TableMapping:
        """The mapping of one table; refuses the table if its mapping is wrong (R04)."""
        if name in self.refusals:
            raise TableRefused("R04", self.refusals[name])
        return self.tables.get(name, TableMapping())


def read_mapping(folder: Path) -> Mapped:
    """The mapping in the folder; a folder without one needs none. A wrong section refuses its own table alone."""
    path = folder / FILE
    return read_mapping_file(path) if path.exists() else Mapped()


def read_mapping_file(path: Path) -> Mapped:
    """The mapping in a file of any name; what is wrong with it is told in its `refusals` and `remarks`."""
    try:
        told = sent_toml(path).get("tables", {})
    except (OSError, NotToml) as error:
        line = getattr(error, "line", 0)
        where = f", line {line}" if line else ""
        sentence = f"{FILE}{where}: this is not TOML in UTF-8, and without it no table can be read as was meant."
        return Mapped(refusals=dict.fromkeys(contract.tables(), sentence), remarks=(sentence,))
    return _mapped(told if isinstance(told, dict) else {})


def _mapped(told: Mapping[str, Any]) -> Mapped:
    tables, refusals, remarks = {}, {}, []
    for name, section in told.items():
        if name not in contract.tables():
            remarks.append(f"{FILE}: a section names no table.{did_you_mean(name, contract.tables())}")
            continue
        faults = _faults(name, section) if isinstance(section, dict) else ["it is not a section."]
        if faults:
            refusals[name] = f"{FILE}, [tables.{name}]: {' '.join(faults)}"
        else:
            tables[name] = _table(section)
            remarks += _universal_time_remarks(name, tables[name])
    return Mapped(tables, refusals, tuple(remarks))


def _universal_time_remarks(name: str, mapping: TableMapping) -> list[str]:
    """Return a remark on each column whose heading names universal time, and that is still read as London time."""
    if ZONE_DIRECTIVE in mapping.time_form:
        return []
    times = [column.name for column in contract.table(name).columns if column.kind in ("time", "when")]
    headings = [(column, mapping.columns.get(column, "")) for column in times]
    headings += [(kind, heading) for heading, kind in mapping.wide.items() if name == "events"]
    return [
        f"{FILE}, [tables.{name}]: the heading of {column} names universal time, but its cells are read as London "
        "time, which is an hour wrong in summer. Export each time with its zone, and end time_form with Z."
        for column, heading in headings
        if names_universal_time(heading)
    ]


def _faults(name: str, section: Mapping[str, Any]) -> list[str]:
    table = contract.table(name)
    faults = _unknown("a key", section, KEYS)
    for key in ("file", "delimiter", "encoding", "date_form", "time_form"):
        if not isinstance(section.get(key, ""), str):
            faults.append(f"{key} must be text.")
    for key in ("columns", "values", "fixed", "wide"):
        if not isinstance(section.get(key, {}), dict):
            faults.append(f"{key} must be a table.")
    empty = section.get("empty", [])
    if not isinstance(empty, list) or not all(isinstance(word, str) for word in empty):
        faults.append('empty must be a list of words, such as ["NULL", "N/A"].')
    if faults:
        return faults
    faults += _unknown("columns: a name", section.get("columns", {}), (contract.FORCE_CODE, *table.names))
    if any(not isinstance(value, str) for value in section.get("columns", {}).values()):
        faults.append("columns: a value is not text.")
    faults += _unknown("values: a name", section.get("values", {}), (contract.FORCE_CODE, *table.names))
    faults += _fixed_faults(table, section)
    if section.get("encoding", "utf-8").casefold() not in ENCODINGS:
        faults.append(f"encoding is one of {', '.join(ENCODINGS)}.")
    if len(section.get("delimiter", ",")) != 1 or not section.get("delimiter", ",").isascii():
        faults.append("delimiter is one character, such as ; or a tab.")
    for key in ("date_form", "time_form"):
        faults += _form_fault(key, section.get(key, ""))
    return faults + _meanings_faults(name, section)


def _fixed_faults(table: contract.Table, section: Mapping[str, Any]) -> list[str]:
    fixed = section.get("fixed", {})
    faults = _unknown("fixed: a name", fixed, (contract.FORCE_CODE, *table.names))
    if any(not isinstance(value, str) for value in fixed.values()):
        faults.append("fixed: a value is not text.")
    if set(fixed) & set(section.get("columns", {})):
        faults.append("fixed: a name stands under columns too. Leave it in one of the two.")
    return faults


def _meanings_faults(name: str, section: Mapping[str, Any]) -> list[str]:
    faults = []
    for column, meanings in section.get("values", {}).items():
        if column != contract.FORCE_CODE and column in contract.table(name).names:
            faults += _values_faults(contract.table(name).column(column), meanings)
    return [*faults, *_wide_faults(name, section.get("wide", {}))]


def _wide_faults(name: str, wide: Mapping[str, Any]) -> list[str]:
    if wide and name not in WIDE_LISTS:
        return ["wide is for the tables events and flags only."]
    known = contract.list_values(WIDE_LISTS.get(name, "event_kind"))
    what = "a flag is not in its list" if name == "flags" else "a kind is not sent in events"
    return [f"wide: {what}.{did_you_mean(str(value), known)}" for value in wide.values() if value not in known]


def _values_faults(column: contract.Column, meanings: Any) -> list[str]:
    if not isinstance(meanings, dict) or not all(isinstance(value, str) for value in meanings.values()):
        return [f"values.{column.name} is a table of theirs = ours, both text."]
    known = contract.list_values(column.values) if column.values and column.values != "offence_code" else ()
    known = ("yes", "no") if column.kind == "yesno" else known
    words = {value.casefold() for value in known} | {""}
    unknown = [value for value in meanings.values() if known and value.casefold() not in words]
    return [f"values.{column.name}: a value is not in its list.{did_you_mean(value, known)}" for value in unknown[:1]]


def _unknown(what: str, told: Iterable[str], known: Iterable[str]) -> list[str]:
    known = tuple(known)
    return [f"{what} is not known.{did_you_mean(word, known)}" for word in told if word not in known]


def _form_fault(key: str, form: str) -> list[str]:
    form = mapping_notation(form)
    if key == "date_form" and form.endswith("Z"):
        return [f"date_form is the format of a date without time and zone: use time_form, such as {EXAMPLE_WITH_ZONE}."]
    left = re.sub("|".join(FORMS), "", form.removesuffix("Z"))
    if re.search(r"[A-Za-z0-9%]", left.replace("T", "")) or (form and not {"DD", "YY"} <= _parts(form)):
        such = "DD/MM/YYYY or DD-MMM-YY" if key == "date_form" else f"DD/MM/YYYY HH:MM, or {EXAMPLE_WITH_ZONE}"
        return [f"{key} is written with {', '.join(FORMS)}, such as {such}."]
    return []


def _parts(form: str) -> set[str]:
    return {part[:2] for part in re.findall("|".join(FORMS), form)}


def mapping_notation(form: str) -> str:
    """Return a format in the notation of mapping.toml, with Z at its end if times carry a zone.

    A `strptime` format such as '%d/%m/%Y %H:%M%z' becomes 'DD/MM/YYYY HH:MMZ'.
    """
    zone = _ZONE_SUFFIX.search(form)
    without_zone = form[: zone.start()] if zone else form
    letters = re.sub("|".join(_DIRECTIVES), lambda match: _DIRECTIVES[match[0]], without_zone)
    return f"{letters}Z" if zone else letters


def strptime_form(form: str) -> str:
    """'DD/MM/YYYY HH:MM' as '%d/%m/%Y %H:%M'; MM after HH is minutes, and Z at the end a zone."""
    letters = mapping_notation(form)
    day, hour, rest = letters.removesuffix("Z").partition("HH")
    words = re.compile("|".join(FORMS))
    minutes = {**FORMS, "MM": "%M"}
    without_zone = words.sub(lambda m: FORMS[m[0]], day) + ("%H" if hour else "")
    without_zone += words.sub(lambda m: minutes[m[0]], rest)
    return without_zone + (ZONE_DIRECTIVE if letters.endswith("Z") else "")


def _table(section: Mapping[str, Any]) -> TableMapping:
    values = section.get("values", {})
    return TableMapping(
        file=section.get("file", ""),
        delimiter=section.get("delimiter", ","),
        encoding=section.get("encoding", "utf-8").casefold(),
        date_form=strptime_form(section.get("date_form", "")),
        time_form=strptime_form(section.get("time_form", "")),
        columns=section.get("columns", {}),
        values={
            column: {theirs.strip().casefold(): ours for theirs, ours in meanings.items()}
            for column, meanings in values.items()
        },
        fixed=section.get("fixed", {}),
        wide=section.get("wide", {}),
        empty=tuple(dict.fromkeys(word.strip().casefold() for word in section.get("empty", ()))),
    )
