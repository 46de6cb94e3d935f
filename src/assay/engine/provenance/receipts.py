"""Receipt of a stage: inputs, outputs, settings and row counts, which must add up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self

from assay.errors import EvidenceError

RECEIVED_PREFIX = "sent/"  # an input of this name came from outside the inspection: a file that was sent to us
Scalar = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The receipt of one stage; made only if every row is accounted for.

    `inputs` name what was read ("records/recorded.parquet", or "sent/<file name>" for a file from outside)
    and `outputs` what was written ("recorded.parquet"), each with its hash: of the content for Parquet
    tables, of the bytes for other files. `taken`, `passed_on` and `set_aside` (reason: rows) are counts of
    rows. `sources` is the hash of the code and data the stage rests on, `code_version` the version of the
    package.

    A receipt holds no time, no name of a machine and no version of Python, so that the same work gives the
    same receipt anywhere; those stand in the ledger.
    """

    stage: str
    taken: int
    passed_on: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    sql: tuple[str, ...] = ()
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    seed: int | None = None
    code_version: str = ""
    sources: str = ""

    def __post_init__(self) -> None:
        for name in ("set_aside", "inputs", "outputs", "settings"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "sql", tuple(self.sql))
        wrong = self.accounting_error()
        if wrong:
            raise EvidenceError(wrong)

    def accounting_error(self) -> str:
        """The sentence that says what does not add up; empty if every row is accounted for."""
        counts = {"taken": self.taken, "passed on": self.passed_on, **self.set_aside}
        for label, rows in counts.items():
            if rows < 0:
                return f"{self.stage}: '{label}' counts {rows} rows; a count of rows cannot be below zero."
        set_aside_rows = sum(self.set_aside.values())
        if self.taken == self.passed_on + set_aside_rows:
            return ""
        missing = self.taken - self.passed_on - set_aside_rows
        return (
            f"{self.stage} took {self.taken} rows, passed on {self.passed_on} and set aside {set_aside_rows}: "
            f"{abs(missing)} {'are not accounted for' if missing > 0 else 'more than it took'}. "
            "Count them where they are set aside, under a reason."
        )

    @property
    def key(self) -> str:
        """What decides whether the stage must run again: inputs, settings, seed, and the code it rests on."""
        rests_on = (self.inputs, self.settings, self.seed, self.code_version, self.sources)
        plain = [dict(part) if isinstance(part, Mapping) else part for part in rests_on]
        return _hash_of_text(json.dumps([self.stage, *plain], sort_keys=True))

    @property
    def hash(self) -> str:
        """The hash of the receipt as it is written, which the ledger remembers."""
        return _hash_of_text(self.to_json())

    @property
    def hash_without_sql(self) -> str:
        """The hash of what the stage rested on and what it made, whatever the words of its statements.

        Libraries write one statement in more than one order of words from one process to the next; what it is made
        from (the code, in `sources`) and what it made (`outputs`) stay.
        """
        return _hash_of_text(self.to_json(exclude=("sql",)))

    def to_json(self, *, exclude: Collection[str] = ()) -> str:
        """The receipt as text: sorted keys, one value a line, the same on every machine."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in exclude}
        data = {k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()}
        return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The receipt that was written; EvidenceError if this is none, or one that does not add up."""
        try:
            data: dict[str, Any] = json.loads(text)
            return cls(**data)
        except (ValueError, TypeError):
            raise EvidenceError("This is not a receipt: its text cannot be read as one.") from None


def _hash_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
