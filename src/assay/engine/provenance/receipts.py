"""Provenance record (receipt) of a stage: inputs, outputs, settings and row counts, which must add up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self

from assay.errors import EvidenceError

RECEIVED_PREFIX = "sent/"  # prefix of inputs from outside the inspection: files that were received
Scalar = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Provenance record of one stage; it can only be created if every row is accounted for.

    A receipt contains no time, machine name or Python version, so that the same work gives the same receipt anywhere;
    the ledger records those.

    Parameters
    ----------
    stage
        Name of the stage.
    taken, passed_on, set_aside
        Numbers of rows read, passed on, and set aside by reason.
    inputs, outputs
        Name and hash of each file that was read ("records/recorded.parquet", or "sent/<file name>" for a received
        file) and written ("recorded.parquet"): a content hash for Parquet tables, a hash of the bytes for other files.
    sql
        Statements that were run.
    settings, seed
        Settings and random seed of the stage.
    code_version, sources
        Version of the package, and hash of the code and data files of the stage.

    Raises
    ------
    EvidenceError
        If the row counts do not add up.
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
        """Return a sentence on row counts of the record that do not add up; '' if every row is accounted for."""
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
        """Hash of stage, inputs, settings, seed and code; the stage must run again if it changes."""
        key_fields = (self.inputs, self.settings, self.seed, self.code_version, self.sources)
        plain = [dict(part) if isinstance(part, Mapping) else part for part in key_fields]
        return _hash_of_text(json.dumps([self.stage, *plain], sort_keys=True))

    @property
    def hash(self) -> str:
        """Hash of the provenance record as written, which is recorded in the ledger."""
        return _hash_of_text(self.to_json())

    @property
    def hash_without_sql(self) -> str:
        """Hash of the provenance record without its SQL statements.

        Libraries may generate one statement in different word orders in different processes; its source (`sources`) and
        its result (`outputs`) are the same.
        """
        return _hash_of_text(self.to_json(exclude=("sql",)))

    def to_json(self, *, exclude: Collection[str] = ()) -> str:
        """Return the provenance record as JSON with sorted keys, identical on every machine."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in exclude}
        data = {k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()}
        return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse a provenance record; raise EvidenceError if the text is not one, or its row counts do not add up."""
        try:
            data: dict[str, Any] = json.loads(text)
            return cls(**data)
        except (ValueError, TypeError):
            raise EvidenceError("This is not a receipt: its text cannot be read as one.") from None


def _hash_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
