"""Succession of police forces: renamings, mergers and transfers of area, and which force inherits a finding.

A renamed force is the same force, so alerts and recommendations stay with it. After a merger, the new force inherits
the recommendations to its parts and must answer for them. It does not inherit their alerts: an alert on one part is no
evidence about the whole, so the new force is tested again. A transfer of area passes nothing on. Findings are inherited
only by a change that was read in its own source; any other is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.force_register import forces, normalise_force_name
from assay.reference.reference_data import (
    READ_GRADES,
    WORKING_EVIDENCE,
    Register,
    check_address,
    check_partial_dates,
    read_rows,
)

COLUMNS = (
    "key", "kind", "predecessor", "predecessor_code", "successor_code", "first_day", "note", "publisher",
    "evidence", "source", "address",
)  # fmt: skip
RENAMING, MERGER, TRANSFER = "renaming", "merger", "transfer"
KINDS = (RENAMING, MERGER, TRANSFER)
DAY_LENGTH = len("2022-11-16")


@dataclass(frozen=True)
class ForceChange:
    """One renaming, merger or transfer of area; `predecessor_code` is empty for a force that never had a code.

    `first_day` is the first day of the new force (ISO); a month or year if the day is not known, empty if nothing is.
    """

    key: str
    kind: str
    predecessor: str
    predecessor_code: str
    successor_code: str
    first_day: str
    note: str
    publisher: str
    evidence: str
    source: str
    address: str

    @property
    def is_usable(self) -> bool:
        """True if the change was read in a source; an unverified change is shown but never used."""
        return self.evidence in (*READ_GRADES, "derived")

    def is_between(self, after: date, until: date) -> bool:
        """Return True if the change happened after `after` and not after `until`; False if its day is not known."""
        return len(self.first_day) == DAY_LENGTH and after < date.fromisoformat(self.first_day) <= until


@dataclass(frozen=True)
class Inheritance:
    """The force that is now responsible for a finding, and whether it is the same force or a larger one.

    `path` lists the changes, earliest first; it is empty without a change.
    """

    code: str
    is_same_force: bool
    path: tuple[ForceChange, ...] = ()


class ForceSuccession(Register[ForceChange]):
    """The register of changes of forces."""

    member_name = "change of a force"

    def __init__(self, members: Iterable[ForceChange]) -> None:
        super().__init__(members)
        codes = Counter(change.predecessor_code for change in self._changes_of_code())
        if repeated := sorted(code for code, number in codes.items() if number > 1):
            raise DefinitionError(
                f"force_succession.csv: {', '.join(repeated)} has two successors. Findings pass to one; write the "
                "other change as a transfer."
            )

    def _changes_of_code(self) -> tuple[ForceChange, ...]:
        """Return the changes by which one code gives way to another, without those read only in a copy.

        An alert that a force inherits lowers the threshold of its next one, which counts in its grade.
        """
        return tuple(
            change
            for change in self.all
            if change.evidence in WORKING_EVIDENCE
            and change.kind != TRANSFER
            and change.predecessor_code not in ("", change.successor_code)
        )

    def code_of_former_name(self, name: str) -> str | None:
        """Return the code of the force that had this name; None for a force that merged.

        Figures of a force before a merger are not comparable with those after it, so its name is not matched.
        """
        normalised = normalise_force_name(name)
        codes = {
            change.successor_code
            for change in self.all
            if change.is_usable and change.kind == RENAMING and normalise_force_name(change.predecessor) == normalised
        }
        return codes.pop() if len(codes) == 1 else None

    def inherit(self, code: str, after: date, until: date) -> Inheritance:
        """Return the force that, on day `until`, is responsible for a finding from records begun on day `after`.

        A force that absorbed another in a merger is not the same force, although its code is unchanged.
        """
        changes = {change.predecessor_code: change for change in self._changes_of_code()}
        path: list[ForceChange] = []
        while (change := changes.get(code)) and change.is_between(after, until) and change not in path:
            path.append(change)
            code = change.successor_code
        absorbed = [
            change
            for change in self._changes_of_code()
            if change.kind == MERGER
            and change.is_between(after, until)
            and change.successor_code in (code, *(step.predecessor_code for step in path))
        ]
        is_same_force = not absorbed and all(change.kind == RENAMING for change in path)
        return Inheritance(code, is_same_force, tuple(path))


@lru_cache
def force_succession() -> ForceSuccession:
    """Return the register; DefinitionError for an unknown kind or force, a wrong date, or a missing address."""
    return ForceSuccession([_change(row) for row in read_rows("force_succession", COLUMNS)])


def _change(row: dict[str, str]) -> ForceChange:
    place = f"force_succession.csv, {row['key']}"
    if row["kind"] not in KINDS:
        raise DefinitionError(f"{place}: unknown kind {row['kind']!r}. It is {', '.join(KINDS)}.")
    forces().get(row["successor_code"])
    check_partial_dates(row, place, ("first_day",))
    check_address(row, place)
    return ForceChange(**row)
