"""Cache of the SQL statements that a function builds from its input tables, by their columns and the code.

Ibis takes three seconds of processor to build the expressions of the facts and of the indicators, whatever the number
of records. The statements depend only on the columns of the tables, on the code that makes the expressions, and on the
compilers. So they are kept, as a list of steps, beside the compiled statements (`compiled_sql`). A plan holds SQL and
names of columns, no row of a return, and is safe to delete.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa


@dataclass(frozen=True)
class PlanStep:
    """One SQL statement of a plan: its result is stored as the table `name`, or returned in the columns of `schema`."""

    name: str
    sql: str
    schema: pa.Schema | None = None


@dataclass
class StatementPlan:
    """The SQL statements of a function, in order, and the tables that it reads, in the order of first use."""

    reads: list[str] = field(default_factory=list)
    steps: list[PlanStep] = field(default_factory=list)

    def to_text(self) -> str:
        """Return the plan as text, to be stored on disk."""
        steps = [[step.name, step.sql, _schema_text(step.schema)] for step in self.steps]
        return json.dumps({"reads": self.reads, "steps": steps})

    @classmethod
    def from_text(cls, text: str) -> StatementPlan:
        """Return the plan that `to_text` wrote."""
        found = json.loads(text)
        steps = [PlanStep(name, sql, _schema_of(schema)) for name, sql, schema in found["steps"]]
        return cls(found["reads"], steps)


def plan_digest(code: str, tables: Mapping[str, str | None]) -> str | None:
    """Return the digest of a plan, from the code and the digests of all tables; None if a table has none."""
    if any(digest is None for digest in tables.values()):
        return None
    text = json.dumps([code, sorted(tables.items())])
    return f"plan-{hashlib.blake2b(text.encode(), digest_size=20).hexdigest()}"


class ReadLog(Mapping[str, Any]):
    """A mapping of tables that records which tables are read, in order (also by `get`, `items` and `values`)."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        self.reads: list[str] = []

    def __getitem__(self, name: str) -> Any:
        table = self._tables[name]
        if name not in self.reads:
            self.reads.append(name)
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._tables


def _schema_text(schema: pa.Schema | None) -> str:
    return base64.b64encode(schema.serialize().to_pybytes()).decode() if schema is not None else ""


def _schema_of(text: str) -> pa.Schema | None:
    return pa.ipc.read_schema(pa.BufferReader(base64.b64decode(text))) if text else None
