"""Time standards: what must be done, within what time and by whom, and whether forces may be graded by it.

A standard is a row of data with the dates between which it holds. The day of one event picks which standard holds for a
case (`chosen_by`): for bail before charge that is the arrest, for most others the event that starts the clock. A
standard grades a police force only if it was read in a source, is in force, can be met or missed, and is a duty of the
police. Other duties are shown under the system around the child.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, parse_count, read_rows

COLUMNS = (
    "key", "name", "family", "start_event", "end_event", "limit", "unit", "over_run", "rights", "applies_to",
    "duty_holder", "holder", "jurisdiction", "commencement", "valid_from", "valid_to", "chosen_by", "recalled_part",
    "note", "publisher", "source", "source_date", "evidence",
)  # fmt: skip
UNITS = {
    "hour": "hours",
    "working_day": "working days",
    "day": "days",
    "month": "calendar months",
    "record_present": "a record must be there",
    "pass_fail": "a result is met or not",
    "as_soon_as_possible": "no number: as soon as possible",
    "as_soon_as_practicable": "no number: as soon as practicable",
    "immediately_after": "no number: straight after",
    "no_statutory_limit": "no limit in law",
    "none": "no standard yet",
}
MISSABLE_UNITS = frozenset({"hour", "working_day", "day", "month", "record_present", "pass_fail"})
NUMBERED_UNITS = frozenset({"hour", "working_day", "day", "month"})
LATE, BREACH, UNLESS_EXTENDED = "late", "breach", "breach unless extended"
OVER_RUNS = (LATE, BREACH, UNLESS_EXTENDED)
"""The state after the limit: late; a breach, if the law sets a maximum; or a breach unless extended, if the maximum may
be extended and returns do not record it."""
HOLDERS = ("police", "police with others", "system around the child", "justice", "victim", "offender")
JURISDICTIONS = {"EW": ("E", "W"), "E": ("E",), "W": ("W",), "local": ()}
RIGHTS = ("enhanced", "standard", "")
IN_FORCE, NOT_IN_FORCE = "in force", "not in force"
COMMENCEMENTS = {
    IN_FORCE: "it holds, or held, between its dates",
    NOT_IN_FORCE: "no day has been set from which it holds, by the source named",
    "not found": "it was made, and whether and from when it holds was not found",
}
VERIFIED_EVIDENCE = frozenset({"seen", "seen-secondary"})
"""Evidence by which a limit is shown as verified; a force is graded only by a limit that was `seen`."""


@dataclass(frozen=True)
class TimeStandard:
    """One duty with its time limit."""

    key: str
    name: str
    family: str
    start_event: str
    end_event: str
    limit: int | None
    unit: str
    over_run: str
    rights: str
    applies_to: str
    duty_holder: str
    holder: str
    jurisdiction: str
    commencement: str
    valid_from: date | None
    valid_to: date | None
    chosen_by: str
    recalled_part: str
    note: str
    publisher: str
    source: str
    source_date: str
    evidence: str

    @property
    def status(self) -> str:
        """'verified' if the row and its limit were read in a source; otherwise 'unverified'."""
        was_read = self.evidence in VERIFIED_EVIDENCE and self.recalled_part != "limit"
        return "verified" if was_read and self.unit != "none" else "unverified"

    @property
    def grades(self) -> bool:
        """True if a force may be graded by the standard: a police duty in force, verified, that a force can miss."""
        is_standing = self.evidence == "seen" and self.status == "verified" and self.commencement == IN_FORCE
        return is_standing and self.holder == "police" and self.unit in MISSABLE_UNITS

    @property
    def allowed_time(self) -> str:
        """The allowed time as text: '1 working day', '72 hours'."""
        if self.limit is None:
            return UNITS[self.unit]
        return f"{self.limit} {UNITS[self.unit].removesuffix('s') if self.limit == 1 else UNITS[self.unit]}"

    @property
    def countries(self) -> tuple[str, ...]:
        """'E' and 'W', one of them, or none (a rule of one local partnership)."""
        return JURISDICTIONS[self.jurisdiction]

    def holds_on(self, day: date) -> bool:
        """Return True if the standard is valid on the day of the event named in `chosen_by`.

        One that is not known to be in force holds on no day.
        """
        if self.commencement != IN_FORCE:
            return False
        has_begun = self.valid_from is None or self.valid_from <= day
        return has_begun and (self.valid_to is None or day <= self.valid_to)


class Standards(Register[TimeStandard]):
    """The time standards, in the order of the file."""

    member_name = "time standard"

    def family(self, family: str) -> tuple[TimeStandard, ...]:
        """Return the standards of one duty; DefinitionError for an unknown family."""
        found = tuple(standard for standard in self.all if standard.family == family)
        if not found:
            raise DefinitionError(f"No time standard belongs to the family {family!r}.")
        return found

    @property
    def families(self) -> tuple[str, ...]:
        """Every family once, in the order of the file."""
        return tuple(dict.fromkeys(standard.family for standard in self.all))

    def table(self) -> pa.Table:
        """Return one row for each standard, with `status` and `grades`; missing text is '', a missing number null."""
        columns = {field.name: [getattr(standard, field.name) for standard in self.all] for field in SCHEMA}
        return pa.table(columns, schema=SCHEMA)


_COLUMN_TYPES = {
    "limit": pa.int64(), "valid_from": pa.date32(), "valid_to": pa.date32(), "grades": pa.bool_(),
}  # fmt: skip
SCHEMA = pa.schema([(name, _COLUMN_TYPES.get(name, pa.string())) for name in (*COLUMNS, "status", "grades")])


@lru_cache
def standards() -> Standards:
    """Return the 75 time standards; DefinitionError for a value that is not on its list."""
    return Standards([_standard(row) for row in read_rows("standards", COLUMNS)])


def _standard(row: dict[str, str]) -> TimeStandard:
    for column, known in (
        ("unit", UNITS), ("holder", HOLDERS), ("rights", RIGHTS), ("jurisdiction", JURISDICTIONS),
        ("commencement", COMMENCEMENTS),
    ):  # fmt: skip
        if row[column] not in known:
            raise DefinitionError(f"standards.csv, {row['key']}: unknown {column} {row[column]!r}.")
    if bool(row["limit"]) != (row["unit"] in NUMBERED_UNITS):
        raise DefinitionError(f"standards.csv, {row['key']}: a limit needs a unit of time, and such a unit a limit.")
    if bool(row["limit"]) != (row["over_run"] in OVER_RUNS):
        raise DefinitionError(f"standards.csv, {row['key']}: of a limit it is said what it is if it has passed.")
    if row["commencement"] != IN_FORCE and (row["valid_from"] or row["valid_to"]):
        raise DefinitionError(f"standards.csv, {row['key']}: a standard that is not in force has no dates.")
    typed = {
        "limit": parse_count(row, "limit"),
        "valid_from": _day(row, "valid_from"),
        "valid_to": _day(row, "valid_to"),
    }
    return TimeStandard(**{**row, **typed})  # type: ignore[arg-type]


def _day(row: dict[str, str], column: str) -> date | None:
    return date.fromisoformat(row[column]) if row[column] else None
