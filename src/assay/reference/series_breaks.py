"""Breaks in published series: changes in law, recording or codes.

A new law, a new way of recording or a changed use of a code moves a count without any change in exploitation. The
register lists each such date. A break that was only recalled is shown to readers and is never a step in a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.force_register import forces
from assay.reference.offence_register import offences
from assay.reference.reference_data import WORKING_EVIDENCE, Register, read_rows, split_cell

COLUMNS = (
    "key", "concerns", "offence_codes", "force_codes", "starts", "reason", "compare_across", "effect",
    "publisher", "evidence", "source",
)  # fmt: skip
ALL_CODES = ("*",)
EFFECTS = {
    "step": "the count moved because of law or recording",
    "rename": "the same thing under another name",
    "new code": "a new code, not a new crime",
    "reused code": "the code was emptied or put to another use",
    "rule change": "the rules of counting changed; how far that moved the count was not read in a source",
    "circumstance": "something outside the police changed for a while",
    "mark": "a date to know, with no effect on the count",
}
COMPARE = ("yes", "with care", "no")
CONCERNS = ("counts", "outcomes")
USABLE_EVIDENCE = ("seen", "seen-secondary", "derived")
STEPS = ("step", "new code", "reused code")
_LABEL = re.compile(r"(\d{4})/(\d{2}) Q([1-4])")


@dataclass(frozen=True)
class Break:
    """One series break: from the quarter `starts`, counts of `offence_codes` are not comparable with before.

    `concerns` is 'counts' (offences recorded) or 'outcomes'; no `force_codes` means every force.
    """

    key: str
    concerns: str
    offence_codes: tuple[str, ...]
    force_codes: tuple[str, ...]
    starts: str
    reason: str
    compare_across: str
    effect: str
    publisher: str
    evidence: str
    source: str

    @property
    def is_usable(self) -> bool:
        """True if the break was read in a source or a copy, or derived: readers are warned of it."""
        return self.evidence in USABLE_EVIDENCE

    @property
    def is_step(self) -> bool:
        """True if a trend model may use it as a step: a trend tests a force's claim, which can reach a grade."""
        return self.evidence in WORKING_EVIDENCE and self.effect in STEPS

    @property
    def financial_year(self) -> str:
        """The financial year in which it starts."""
        return self.starts[:7]

    @property
    def quarter(self) -> int:
        """The quarter of the financial year in which it starts (1 is April to June)."""
        return int(self.starts[-1])

    def affects(self, codes: Iterable[str]) -> bool:
        """Return True if the series break concerns any of these offence codes."""
        return self.offence_codes == ALL_CODES or not set(self.offence_codes).isdisjoint(codes)


class Breaks(Register[Break]):
    """The register of series breaks, in order of time."""

    member_name = "series break"

    def in_interval(
        self, codes: Iterable[str], from_label: str, to_label: str, concerns: str = "counts"
    ) -> tuple[Break, ...]:
        """Return the breaks for these codes that start after `from_label` and no later than `to_label`."""
        code_tuple, first, last = tuple(codes), quarter_number(from_label), quarter_number(to_label)
        return tuple(
            series_break
            for series_break in self.all
            if series_break.concerns == concerns
            and series_break.affects(code_tuple)
            and first < quarter_number(series_break.starts) <= last
        )


def quarter_number(label: str) -> int:
    """Return the number of quarters since year 0 for a label such as '2017/18 Q1'."""
    match = _LABEL.fullmatch(label)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise DefinitionError(f"{label!r} is not a quarter. Write it as '2017/18 Q1', April to June 2017.")
    return 4 * int(match[1]) + int(match[3]) - 1


@lru_cache
def breaks() -> Breaks:
    """Return the register; DefinitionError for an unknown code, force, effect or quarter."""
    rows = [_break(row) for row in read_rows("breaks", COLUMNS)]
    return Breaks(sorted(rows, key=lambda series_break: quarter_number(series_break.starts)))


def _break(row: dict[str, str]) -> Break:
    codes = split_cell(row, "offence_codes", " ")
    if codes == ("*sexual",):
        codes = tuple(offence.code for offence in offences().sexual)
    series_break = Break(**{**row, "offence_codes": codes, "force_codes": split_cell(row, "force_codes", " ")})  # type: ignore[arg-type]
    for code in series_break.offence_codes if codes != ALL_CODES else ():
        offences().get(code)
    for force in series_break.force_codes:
        forces().get(force)
    quarter_number(series_break.starts)
    if (
        series_break.effect not in EFFECTS
        or series_break.compare_across not in COMPARE
        or series_break.concerns not in CONCERNS
    ):
        raise DefinitionError(f"breaks.csv, {series_break.key}: unknown word in effect, compare_across or concerns.")
    return series_break
