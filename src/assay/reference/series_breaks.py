"""Where does a published series change its meaning, so that before and after are not the same thing?

A new law, a new way of recording or a code put to another use moves a count without any change in what
happens to children. The register names each such date. A row that is only recalled is shown to the reader
and never enters a model as a step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.force_register import forces
from assay.reference.offence_register import offences
from assay.reference.reference_data import Register, parts, read

COLUMNS = (
    "key", "concerns", "offence_codes", "force_codes", "starts", "reason", "compare_across", "effect",
    "evidence", "source",
)  # fmt: skip
EVERY_CODE = ("*",)
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
USABLE = ("seen", "seen-secondary", "derived")
_LABEL = re.compile(r"(\d{4})/(\d{2}) Q([1-4])")


@dataclass(frozen=True)
class Break:
    """One break: from the quarter `starts` on, counts of `offence_codes` are not what they were.

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
    evidence: str
    source: str

    @property
    def usable(self) -> bool:
        """True if it was seen or worked out; a recalled row is shown, never used as a step."""
        return self.evidence in USABLE

    @property
    def financial_year(self) -> str:
        """The financial year in which it starts."""
        return self.starts[:7]

    @property
    def quarter(self) -> int:
        """The quarter of the financial year in which it starts (1 is April to June)."""
        return int(self.starts[-1])

    def touches(self, codes: Iterable[str]) -> bool:
        """True if any of these offence codes is one that it names."""
        return self.offence_codes == EVERY_CODE or not set(self.offence_codes).isdisjoint(codes)


class Breaks(Register[Break]):
    """The register of series breaks, in order of time."""

    what = "series break"

    def between(
        self, codes: Iterable[str], from_label: str, to_label: str, concerns: str = "counts"
    ) -> tuple[Break, ...]:
        """The breaks of these codes that start after `from_label` and not after `to_label` ('2017/18 Q1')."""
        wanted, first, last = tuple(codes), quarters_on(from_label), quarters_on(to_label)
        return tuple(
            one
            for one in self.all
            if one.concerns == concerns and one.touches(wanted) and first < quarters_on(one.starts) <= last
        )


def quarters_on(label: str) -> int:
    """Quarters since the year 0, to compare labels; refuses a label that is not 'YYYY/YY Q1' to Q4."""
    match = _LABEL.fullmatch(label)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise DefinitionError(f"{label!r} is not a quarter. Write it as '2017/18 Q1', April to June 2017.")
    return 4 * int(match[1]) + int(match[3]) - 1


@lru_cache
def breaks() -> Breaks:
    """The register; refuses an unknown code, force, effect or quarter."""
    rows = [_break(row) for row in read("breaks", COLUMNS)]
    return Breaks(sorted(rows, key=lambda one: quarters_on(one.starts)))


def _break(row: dict[str, str]) -> Break:
    codes = parts(row, "offence_codes", " ")
    if codes == ("*sexual",):
        codes = tuple(offence.code for offence in offences().sexual)
    one = Break(**{**row, "offence_codes": codes, "force_codes": parts(row, "force_codes", " ")})  # type: ignore[arg-type]
    for code in one.offence_codes if codes != EVERY_CODE else ():
        offences().get(code)
    for force in one.force_codes:
        forces().get(force)
    quarters_on(one.starts)
    if one.effect not in EFFECTS or one.compare_across not in COMPARE or one.concerns not in CONCERNS:
        raise DefinitionError(f"breaks.csv, {one.key}: unknown word in effect, compare_across or concerns.")
    return one
