"""Civil orders, notices and powers, and whom or what each acts on.

Some act on suspects, some on places, some on the child. A measure that restricts a child, or a notice served on a
child, is not disruption of an offender.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.reference.reference_data import Register, parse_answer, read_rows

COLUMNS = (
    "code", "name", "kind", "applicant", "legal_basis", "acts_on", "duration", "breach", "in_return", "note",
    "publisher", "evidence", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """One order, notice or power; `in_return` is False if a data return sends it as an event or referral instead."""

    code: str
    name: str
    kind: str
    applicant: str
    legal_basis: str
    acts_on: str
    duration: str
    breach: str
    in_return: bool
    note: str
    publisher: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The program's code of the order."""
        return self.code


class Orders(Register[Order]):
    """The orders, notices, warnings and powers."""

    member_name = "order"


@lru_cache
def orders() -> Orders:
    """Return the orders, notices and powers, in the order of the file."""
    rows = read_rows("orders", COLUMNS)
    return Orders([
        Order(**{**row, "in_return": parse_answer(row, "in_return") is True}) for row in rows  # type: ignore[arg-type]
    ])  # fmt: skip
