"""Register of offence codes and sets of codes.

No public table by offence carries the flag for child sexual exploitation (`published_flags`). Tables have the offence
code, and for some codes the law defines the victim as a child. A set of codes is a definition: it is shown, can be
changed, and has stated limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError, SourceError
from assay.reference.reference_data import Register, parse_answer, read_rows, split_cell

COLUMNS = (
    "code", "name", "group", "subgroup", "child_specific", "victim_sex", "victim_age", "names_used",
    "first_year", "last_year", "note", "evidence", "source",
)  # fmt: skip
SET_COLUMNS = ("key", "name", "codes", "why", "cannot_tell", "is_default", "evidence", "source")
SEXUAL_OFFENCES = "Sexual offences"
CHILD_SPECIFIC = {
    "yes": "the code's own name fixes that the victim is a child",
    "needs age": "children are among the victims, and only the victim's age would say how many",
    "images": "mostly indecent images; the child may never be identified",
    "audit": "a child recorded here as a suspect is a question to ask, not an offence against a child",
    "no": "not read here as an offence against a child",
}


@dataclass(frozen=True)
class Offence:
    """One offence code of police recorded crime; `names_used` are its descriptions in official tables."""

    code: str
    name: str
    group: str
    subgroup: str
    child_specific: str
    victim_sex: str
    victim_age: str
    names_used: tuple[str, ...]
    first_year: str
    last_year: str
    note: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The offence code."""
        return self.code


@dataclass(frozen=True)
class OffenceSet:
    """Offence codes that are counted together under one name, with the limitations of that count."""

    key: str
    name: str
    codes: tuple[str, ...]
    why: str
    cannot_tell: str
    is_default: bool
    evidence: str
    source: str


class OffenceRegister(Register[Offence]):
    """Every offence code that the official tables use."""

    member_name = "offence"

    def code_for(self, value: str | int | float) -> str:
        """Return the code in standard form (' 17b ' is '17B', 71.0 is '71'); SourceError otherwise."""
        text = re.sub(r"\s+", " ", str(value)).strip()
        for candidate in (text, text.upper(), text.removesuffix(".0")):
            if candidate in self:
                return candidate
        raise SourceError(f"The register does not know the offence code {text!r}. Check the column.")

    @property
    def sexual(self) -> tuple[Offence, ...]:
        """The codes of the official group 'Sexual offences'."""
        return tuple(offence for offence in self.all if offence.group == SEXUAL_OFFENCES)


class OffenceSets(Register[OffenceSet]):
    """The sets of codes, by name."""

    member_name = "offence set"

    @property
    def default(self) -> OffenceSet:
        """The default set: 'csa11'."""
        return next(offence_set for offence_set in self.all if offence_set.is_default)


@lru_cache
def offences() -> OffenceRegister:
    """Return the register of offence codes."""
    return OffenceRegister([_offence(row) for row in read_rows("offences", COLUMNS)])


@lru_cache
def offence_sets() -> OffenceSets:
    """Return the register of offence sets; '*sexual' in the file means the whole official group."""
    return OffenceSets([_offence_set(row) for row in read_rows("offence_sets", SET_COLUMNS)])


def offence_codes(offence_key: str) -> tuple[str, ...]:
    """Return the codes of an offence key: one for a code, several for a set; DefinitionError otherwise."""
    if offence_key in offence_sets():
        return offence_sets().get(offence_key).codes
    return (offences().get(offence_key).code,)


def _offence(row: dict[str, str]) -> Offence:
    if row["child_specific"] not in CHILD_SPECIFIC:
        raise DefinitionError(f"offences.csv, code {row['code']}: unknown word in child_specific.")
    return Offence(**{**row, "names_used": split_cell(row, "names_used")})  # type: ignore[arg-type]


def _offence_set(row: dict[str, str]) -> OffenceSet:
    codes = split_cell(row, "codes", " ")
    if codes == ("*sexual",):
        codes = tuple(offence.code for offence in offences().sexual)
    unknown = [code for code in codes if not offences().knows(code)]
    if unknown:
        raise DefinitionError(f"offence_sets.csv, set {row['key']}: unknown codes {', '.join(unknown)}.")
    return OffenceSet(**{**row, "codes": codes, "is_default": bool(parse_answer(row, "is_default"))})  # type: ignore[arg-type]
