"""Read the manifest `return.toml` of a return (return contract, sections 2.2 to 2.4 and 2.8).

An error in `[return]` refuses the return (R01); all errors are reported together. An error in the section of a table is
reported to the sender, and the section is read as not supplied and not complete.
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
from assay.ingest.printed_form_lines import PrintedForm, read_printed_forms
from assay.reference import DataRequest, Organisation
from assay.reference.toml_files import InvalidTomlError, read_sent_toml

MANIFEST_FILE = "return.toml"
NOT_STATED, NOT_ASKED = "not_stated", "not_asked"
"""Reasons that only assay sets: the sender gave none; the inspection did not ask for the table."""
MAX_NUMBER = 2**31 - 1
REQUIRED_KEYS = (
    "spec_version",
    "request",
    "force_code",
    "period_from",
    "period_to",
    "extracted_at",
    "edition",
    "contact_post",
)


@dataclass(frozen=True)
class TableManifest:
    """The manifest entry of one table; `complete` is None if the table was not supplied.

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
class ReturnManifest:
    """The manifest as read; `extracted_at` is universal time.

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
    tables: Mapping[str, TableManifest]
    kinds: Mapping[str, bool]
    remarks: tuple[str, ...] = ()
    forms: tuple[PrintedForm, ...] = ()

    def table(self, name: str) -> TableManifest:
        """Return the manifest entry of a table, also if the manifest does not mention it."""
        return self.tables[name]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint at the nearest known word, with a leading space; '' if none is similar."""
    words = {known_word.casefold(): known_word for known_word in known}
    similar_words = difflib.get_close_matches(word.casefold(), words, n=1)
    return f" Did you mean {words[similar_words[0]]}?" if similar_words else ""


def read_return_manifest(
    folder: Path, request: DataRequest, organisations: Mapping[str, Organisation]
) -> ReturnManifest:
    """Read the manifest of the return in `folder`; raise ReturnRefused (R01) if it is invalid."""
    content = _read_toml(folder / MANIFEST_FILE)
    section = _return_section(content)
    reader = _SectionReader(section)
    errors = _return_errors(reader, request, organisations)
    if errors:
        raise ReturnRefused(
            f"{MANIFEST_FILE}, [return] (R01): {' '.join(errors)} Nothing was accepted; correct it and send again."
        )
    return _manifest(reader, content, organisations)


def read_return_section(folder: Path) -> Mapping[str, Any]:
    """Return the section [return] of a manifest without checking it; raise ReturnRefused (R01) if it is missing."""
    return _return_section(_read_toml(folder / MANIFEST_FILE))


def _return_section(content: Mapping[str, Any]) -> Mapping[str, Any]:
    section = content.get("return")
    if not isinstance(section, dict):
        raise ReturnRefused(
            f"{MANIFEST_FILE}: there is no section [return] (R01). Write one with {', '.join(REQUIRED_KEYS)}."
        )
    return section


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return read_sent_toml(path)
    except FileNotFoundError:
        raise ReturnRefused(f"{MANIFEST_FILE} is missing (R01): no return is accepted without its manifest.") from None
    except InvalidTomlError as error:
        line = f", line {error.line}" if error.line else ""
        sentence = (
            f"{MANIFEST_FILE}{line}: this is not TOML in UTF-8 (R01). Compare it with section 12 of the contract."
        )
        raise ReturnRefused(sentence) from None


class _SectionReader:
    """Reads one section of the manifest key by key; a malformed value becomes a sentence in `errors`."""

    def __init__(self, section: Mapping[str, Any]) -> None:
        self.section = section
        self.errors: list[str] = []

    def text(self, key: str, default: str = "") -> str:
        value = self.section.get(key, default)
        if isinstance(value, str):
            return value.strip()
        self.errors.append(f"{key} must be text.")
        return default

    def choice(self, key: str, values: Iterable[str]) -> str:
        value = self.text(key).casefold()
        known = {choice.casefold(): choice for choice in values}
        if value and value not in known:
            self.errors.append(f"{key} is not one of {', '.join(known.values())}.")
        return known.get(value, "")

    def yes_no(self, key: str) -> bool | None:
        value = self.section.get(key)
        if value is None or isinstance(value, bool):
            return value
        answer = {"yes": True, "no": False}.get(str(value).strip().casefold())
        if answer is None:
            self.errors.append(f"{key} is not yes or no.")
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
            self.errors.append(f"{key} is not a day such as 2025-04-01.")
            return None

    def time(self, key: str) -> datetime | None:
        value = self.section.get(key)
        if value is None:
            return None
        text = value.isoformat() if isinstance(value, datetime) else str(value).strip()
        try:
            local_time = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")
            if len(text) not in (16, 19) or not london_time.is_valid_local_time(local_time):
                raise ValueError
        except ValueError:
            self.errors.append(f"{key} is not a local time in Europe/London such as 2025-08-03T06:00.")
            return None
        return london_time.universal_time(local_time)

    def number(self, key: str, minimum: int = 0) -> int | None:
        value = self.section.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= MAX_NUMBER:
            self.errors.append(f"{key} is not a whole number from {minimum} up to {MAX_NUMBER:,}.")
            return None
        return value


def _return_errors(
    reader: _SectionReader, request: DataRequest, organisations: Mapping[str, Organisation]
) -> list[str]:
    missing = [key for key in REQUIRED_KEYS if reader.section.get(key) in (None, "")]
    errors = [f"{key} is missing." for key in missing]
    period_from, period_to = reader.day("period_from"), reader.day("period_to")
    extracted_at = reader.time("extracted_at")
    history_from = reader.day("history_from") or period_from
    reader.number("edition", minimum=1)
    if reader.text("spec_version") not in ("", *contract.RECEIVED_VERSIONS):
        errors.append(f"spec_version must be {' or '.join(reversed(contract.RECEIVED_VERSIONS))}.")
    if reader.text("request") not in ("", request.key):
        errors.append("request is not the key of the data request; copy its key.")
    if "force_code" not in missing and not _force_code(reader, organisations):
        errors.append(
            f"force_code is not the code of a force in this "
            f"request.{did_you_mean(reader.text('force_code'), organisations)}"
        )
    if period_from and period_to and (period_from, period_to) != (request.period_from, request.period_to):
        errors.append("period_from and period_to must be copied from the request.")
    if history_from and period_from and history_from > period_from:
        errors.append("history_from lies after period_from.")
    if extracted_at and period_to and london_time.local_time(extracted_at).date() < period_to:
        errors.append("extracted_at lies before period_to.")
    return errors + reader.errors


def _force_code(reader: _SectionReader, organisations: Mapping[str, Organisation]) -> str:
    return {code.casefold(): code for code in organisations}.get(reader.text("force_code").casefold(), "")


def _manifest(
    reader: _SectionReader, content: Mapping[str, Any], organisations: Mapping[str, Organisation]
) -> ReturnManifest:
    extracted_at = reader.time("extracted_at")
    period_from, period_to = reader.day("period_from"), reader.day("period_to")
    assert extracted_at is not None
    assert period_from is not None
    assert period_to is not None
    remarks: list[str] = []
    sections = content.get("tables", {})
    sections = sections if isinstance(sections, dict) else {}
    tables = {name: _table_manifest(name, sections.get(name), extracted_at, remarks) for name in contract.tables()}
    for name in sorted(set(sections) - set(tables)):
        remarks.append(f"{MANIFEST_FILE}: a section names no table of the contract.{did_you_mean(name, tables)}")
    forms, form_remarks = read_printed_forms(content.get("forms"), MANIFEST_FILE)
    return ReturnManifest(
        spec_version=reader.text("spec_version"),
        request=reader.text("request"),
        force_code=_force_code(reader, organisations),
        period_from=period_from,
        period_to=period_to,
        history_from=reader.day("history_from") or period_from,
        extracted_at=extracted_at,
        edition=reader.number("edition") or 1,
        contact_post=reader.text("contact_post"),
        tables=MappingProxyType(tables),
        kinds=MappingProxyType(_complete_kinds(sections.get("events"), remarks)),
        remarks=(*remarks, *form_remarks),
        forms=forms,
    )


def _table_manifest(name: str, section: Any, extracted_at: datetime, remarks: list[str]) -> TableManifest:
    if not isinstance(section, dict):
        return TableManifest(name, extracted_at=extracted_at)
    reader = _SectionReader(section)
    supplied = reader.choice("supplied", contract.list_values("supplied"))
    reasons = [
        listed_reason
        for listed_reason in contract.list_values("not_supplied_reason")
        if listed_reason not in (NOT_STATED, NOT_ASKED)
    ]
    reason = reader.choice("reason", reasons)
    complete = reader.yes_no("complete")
    if not supplied:
        reader.errors.append("supplied is missing; the table is read as not supplied.")
    if supplied in ("part", "none") and not reason:
        reader.errors.append("reason is missing.")
    if supplied in ("whole", "part"):
        required_keys = ("complete", "system", "searchable", "query", "rows")
        reader.errors += [f"{key} is missing." for key in required_keys if section.get(key) is None]
    table_manifest = TableManifest(
        name,
        supplied=supplied or "none",
        reason=reason or ("" if supplied in ("whole", "part") else NOT_STATED),
        reason_note=reader.text("reason_note"),
        covers_from=reader.day("covers_from"),
        covers_to=reader.day("covers_to"),
        complete=bool(complete) if supplied in ("whole", "part") else None,
        system=reader.text("system"),
        searchable=reader.choice("searchable", contract.list_values("searchable")),
        query=reader.text("query"),
        rows=reader.number("rows"),
        extracted_at=reader.time("extracted_at") or extracted_at,
        midnight=reader.choice("midnight", contract.list_values("midnight")),
        hours_spent=_hours_spent(section.get("hours_spent"), reader),
        columns_not_sent=MappingProxyType(_columns_not_sent(name, section.get("columns_not_sent"), reasons, reader)),
    )
    remarks += [f"{MANIFEST_FILE}, [tables.{name}]: {error}" for error in reader.errors]
    return table_manifest


def _hours_spent(value: Any, reader: _SectionReader) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    reader.errors.append("hours_spent is not a number.")
    return None


def _columns_not_sent(name: str, entries: Any, reasons: list[str], reader: _SectionReader) -> dict[str, str]:
    if entries is None:
        return {}
    if not isinstance(entries, dict):
        reader.errors.append("columns_not_sent is not a table of column = reason.")
        return {}
    known = contract.table(name).column_names
    for column, reason in entries.items():
        if column not in known:
            reader.errors.append(f"columns_not_sent names no column of it.{did_you_mean(column, known)}")
        elif reason not in reasons:
            reader.errors.append(f"the reason for {column} is not one of {', '.join(reasons)}.")
    return {column: reason for column, reason in entries.items() if column in known and reason in reasons}


def _complete_kinds(events: Any, remarks: list[str]) -> dict[str, bool]:
    section = events.get("kinds", {}) if isinstance(events, dict) else {}
    reader = _SectionReader(section if isinstance(section, dict) else {})
    known_kinds = contract.list_values("event_kind")
    for kind in sorted(set(reader.section) - set(known_kinds)):
        hint = did_you_mean(kind, known_kinds) or " It may belong in another table (section 8)."
        reader.errors.append(f"one of the kinds is not sent in events.{hint}")
    found = {kind: bool(reader.yes_no(kind)) for kind in known_kinds if kind in reader.section}
    remarks += [f"{MANIFEST_FILE}, [tables.events.kinds]: {error}" for error in reader.errors]
    return found
