"""What does the sender say of the return: whose it is, which days, which tables came, and which are complete?

Read from `return.toml` (return contract, sections 2.2 to 2.4 and 2.8). What is wrong in `[return]` refuses the return
(R01), every fault in one letter. What is wrong in a table's section is told to the sender, and read in the way that
claims least: not supplied, not complete.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay import contract
from assay.errors import ReturnRefused
from assay.ingest import london_time
from assay.ingest.printed_form_lines import PrintedForm, printed_forms
from assay.reference import Body, Request
from assay.reference.toml_files import NotToml, sent_toml

FILE = "return.toml"
NOT_STATED, NOT_ASKED = "not_stated", "not_asked"
"""Reasons that only assay sets: the sender gave none; the inspection did not ask for the table."""
MOST = 2**31 - 1
KEYS = ("spec_version", "request", "force_code", "period_from", "period_to", "extracted_at", "edition", "contact_post")


@dataclass(frozen=True)
class TableCover:
    """What the cover says of one table; `complete` is None where the table was not supplied.

    `covers_from` and `covers_to` are half-open, None for the whole period; `extracted_at` is universal time.
    """

    name: str
    supplied: str = "none"
    reason: str = NOT_STATED
    reason_note: str = ""
    covers_from: date | None = None
    covers_to: date | None = None
    complete: bool | None = None
    system: str = ""
    searchable: str = ""
    query: str = ""
    rows: int | None = None
    extracted_at: datetime = datetime.max
    midnight: str = ""
    hours_spent: float | None = None
    columns_not_sent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cover:
    """The cover as read; `extracted_at` is universal time, `kinds` says of each kind sent whether it is complete,
    `forms` are the force's own printed forms.

    `remarks` are sentences to the sender about what was wrong and how it was read.
    """

    spec_version: str
    request: str
    force_code: str
    period_from: date
    period_to: date
    history_from: date
    extracted_at: datetime
    edition: int
    contact_post: str
    tables: Mapping[str, TableCover]
    kinds: Mapping[str, bool]
    remarks: tuple[str, ...] = ()
    forms: tuple[PrintedForm, ...] = ()

    def table(self, name: str) -> TableCover:
        """What the cover says of a table, stated or not."""
        return self.tables[name]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest known word, with a space before it; '' where none is near."""
    words = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(word.casefold(), words, n=1)
    return f" Did you mean {words[near[0]]}?" if near else ""


def read_cover(folder: Path, request: Request, bodies: Mapping[str, Body]) -> Cover:
    """The cover of the return in `folder`; refuses a return whose cover does not say what it must (R01)."""
    told = _toml(folder / FILE)
    section = _section(told)
    reading = _Reading(section)
    faults = _faults(reading, request, bodies)
    if faults:
        raise ReturnRefused(f"{FILE}, [return] (R01): {' '.join(faults)} Nothing was taken in; mend it and send again.")
    return _cover(reading, told, bodies)


def section_of(folder: Path) -> Mapping[str, Any]:
    """The section [return] as it stands in the cover, not yet checked; ReturnRefused (R01) if it is not there."""
    return _section(_toml(folder / FILE))


def _section(told: Mapping[str, Any]) -> Mapping[str, Any]:
    section = told.get("return")
    if not isinstance(section, dict):
        raise ReturnRefused(f"{FILE}: there is no section [return] (R01). Write one with {', '.join(KEYS)}.")
    return section


def _toml(path: Path) -> dict[str, Any]:
    try:
        return sent_toml(path)
    except FileNotFoundError:
        raise ReturnRefused(f"{FILE} is missing (R01): without its cover nothing of a return is taken in.") from None
    except NotToml as error:
        line = f", line {error.line}" if error.line else ""
        said = f"{FILE}{line}: this is not TOML in UTF-8 (R01). Compare it with section 12 of the contract."
        raise ReturnRefused(said) from None


class _Reading:
    """One section of the cover, read key by key; what is out of form becomes a sentence in `faults`."""

    def __init__(self, section: Mapping[str, Any]) -> None:
        self.section = section
        self.faults: list[str] = []

    def text(self, key: str, default: str = "") -> str:
        value = self.section.get(key, default)
        if isinstance(value, str):
            return value.strip()
        self.faults.append(f"{key} must be text.")
        return default

    def one_of(self, key: str, values: Iterable[str]) -> str:
        value = self.text(key).casefold()
        known = {one.casefold(): one for one in values}
        if value and value not in known:
            self.faults.append(f"{key} is not one of {', '.join(known.values())}.")
        return known.get(value, "")

    def yes(self, key: str) -> bool | None:
        value = self.section.get(key)
        if value is None or isinstance(value, bool):
            return value
        answer = {"yes": True, "no": False}.get(str(value).strip().casefold())
        if answer is None:
            self.faults.append(f"{key} is not yes or no.")
        return answer

    def day(self, key: str) -> date | None:
        value = self.section.get(key)
        if isinstance(value, datetime):
            value = value.date() if value.time() == datetime.min.time() else "no day"
        if value is None or isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value).strip(), "%Y-%m-%d").date()
        except ValueError:
            self.faults.append(f"{key} is not a day such as 2025-04-01.")
            return None

    def time(self, key: str) -> datetime | None:
        value = self.section.get(key)
        if value is None:
            return None
        text = value.isoformat() if isinstance(value, datetime) else str(value).strip()
        try:
            wall = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")
            if len(text) not in (16, 19) or not london_time.was(wall):
                raise ValueError
        except ValueError:
            self.faults.append(f"{key} is not a wall time in Europe/London such as 2025-08-03T06:00.")
            return None
        return london_time.utc(wall)

    def number(self, key: str, least: int = 0) -> int | None:
        value = self.section.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
            self.faults.append(f"{key} is not a whole number from {least} up to {MOST:,}.")
            return None
        return value


def _faults(reading: _Reading, request: Request, bodies: Mapping[str, Body]) -> list[str]:
    missing = [key for key in KEYS if reading.section.get(key) in (None, "")]
    faults = [f"{key} is missing." for key in missing]
    period_from, period_to = reading.day("period_from"), reading.day("period_to")
    extracted = reading.time("extracted_at")
    history = reading.day("history_from") or period_from
    reading.number("edition", least=1)
    if reading.text("spec_version") not in ("", contract.SPEC_VERSION):
        faults.append(f"spec_version must be {contract.SPEC_VERSION}.")
    if reading.text("request") not in ("", request.key):
        faults.append("request does not name the request that is answered; copy its key.")
    if "force_code" not in missing and not _body(reading, bodies):
        faults.append(f"force_code is not a body of this request.{did_you_mean(reading.text('force_code'), bodies)}")
    if period_from and period_to and (period_from, period_to) != (request.period_from, request.period_to):
        faults.append("period_from and period_to must be copied from the request.")
    if history and period_from and history > period_from:
        faults.append("history_from lies after period_from.")
    if extracted and period_to and london_time.wall(extracted).date() < period_to:
        faults.append("extracted_at lies before period_to.")
    return faults + reading.faults


def _body(reading: _Reading, bodies: Mapping[str, Body]) -> str:
    return {code.casefold(): code for code in bodies}.get(reading.text("force_code").casefold(), "")


def _cover(reading: _Reading, told: Mapping[str, Any], bodies: Mapping[str, Body]) -> Cover:
    extracted = reading.time("extracted_at")
    period_from, period_to = reading.day("period_from"), reading.day("period_to")
    assert extracted is not None
    assert period_from is not None
    assert period_to is not None
    remarks: list[str] = []
    sections = told.get("tables", {})
    sections = sections if isinstance(sections, dict) else {}
    tables = {name: _table(name, sections.get(name), extracted, remarks) for name in contract.tables()}
    for name in sorted(set(sections) - set(tables)):
        remarks.append(f"{FILE}: a section names no table of the contract.{did_you_mean(name, tables)}")
    forms, faults = printed_forms(told.get("forms"), FILE)
    return Cover(
        spec_version=contract.SPEC_VERSION,
        request=reading.text("request"),
        force_code=_body(reading, bodies),
        period_from=period_from,
        period_to=period_to,
        history_from=reading.day("history_from") or period_from,
        extracted_at=extracted,
        edition=reading.number("edition") or 1,
        contact_post=reading.text("contact_post"),
        tables=MappingProxyType(tables),
        kinds=MappingProxyType(_kinds(sections.get("events"), remarks)),
        remarks=(*remarks, *faults),
        forms=forms,
    )


def _table(name: str, section: Any, extracted: datetime, remarks: list[str]) -> TableCover:
    if not isinstance(section, dict):
        return TableCover(name, extracted_at=extracted)
    reading = _Reading(section)
    supplied = reading.one_of("supplied", contract.list_values("supplied"))
    reasons = [one for one in contract.list_values("not_supplied_reason") if one not in (NOT_STATED, NOT_ASKED)]
    reason = reading.one_of("reason", reasons)
    complete = reading.yes("complete")
    if not supplied:
        reading.faults.append("supplied is missing; the table is read as not supplied.")
    if supplied in ("part", "none") and not reason:
        reading.faults.append("reason is missing.")
    if supplied in ("whole", "part"):
        needed = ("complete", "system", "searchable", "query", "rows")
        reading.faults += [f"{key} is missing." for key in needed if section.get(key) is None]
    cover = TableCover(
        name,
        supplied=supplied or "none",
        reason=reason or ("" if supplied in ("whole", "part") else NOT_STATED),
        reason_note=reading.text("reason_note"),
        covers_from=reading.day("covers_from"),
        covers_to=reading.day("covers_to"),
        complete=bool(complete) if supplied in ("whole", "part") else None,
        system=reading.text("system"),
        searchable=reading.one_of("searchable", contract.list_values("searchable")),
        query=reading.text("query"),
        rows=reading.number("rows"),
        extracted_at=reading.time("extracted_at") or extracted,
        midnight=reading.one_of("midnight", contract.list_values("midnight")),
        hours_spent=_hours(section.get("hours_spent"), reading),
        columns_not_sent=MappingProxyType(_not_sent(name, section.get("columns_not_sent"), reasons, reading)),
    )
    remarks += [f"{FILE}, [tables.{name}]: {fault}" for fault in reading.faults]
    return cover


def _hours(value: Any, reading: _Reading) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    reading.faults.append("hours_spent is not a number.")
    return None


def _not_sent(name: str, told: Any, reasons: list[str], reading: _Reading) -> dict[str, str]:
    if told is None:
        return {}
    if not isinstance(told, dict):
        reading.faults.append("columns_not_sent is not a table of column = reason.")
        return {}
    known = contract.table(name).names
    for column, reason in told.items():
        if column not in known:
            reading.faults.append(f"columns_not_sent names no column of it.{did_you_mean(column, known)}")
        elif reason not in reasons:
            reading.faults.append(f"the reason for {column} is not one of {', '.join(reasons)}.")
    return {column: reason for column, reason in told.items() if column in known and reason in reasons}


def _kinds(events: Any, remarks: list[str]) -> dict[str, bool]:
    section = events.get("kinds", {}) if isinstance(events, dict) else {}
    reading = _Reading(section if isinstance(section, dict) else {})
    sent = contract.list_values("event_kind")
    for kind in sorted(set(reading.section) - set(sent)):
        hint = did_you_mean(kind, sent) or " It may have its home in another table (section 8)."
        reading.faults.append(f"a kind is named that is not sent in events.{hint}")
    found = {kind: bool(reading.yes(kind)) for kind in sent if kind in reading.section}
    remarks += [f"{FILE}, [tables.events.kinds]: {fault}" for fault in reading.faults]
    return found
