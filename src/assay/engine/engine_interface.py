"""Interface of an SQL engine."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import pyarrow as pa


@runtime_checkable
class Engine(Protocol):
    """Interface of an SQL engine that registers tables, runs statements, returns Arrow tables and logs statements.

    So that a result does not depend on the engine, every engine guarantees four things: rows are sorted by all columns
    from left to right (nulls last); sums of integers are 64-bit integers; time is UTC; text is ordered by its bytes.
    """

    @property
    def statements(self) -> tuple[str, ...]:
        """Statements run so far, in order, as they are quoted in a provenance record."""
        ...

    def table(self, name: str, rows: pa.Table) -> None:
        """Register `rows` as the table `name`; a second table of that name replaces the first."""
        ...

    def run(self, sql: str, **values: object) -> pa.Table:
        """Return the rows of a query; `$name` in the statement takes its value from `values`."""
        ...

    def create_table(self, name: str, sql: str, **values: object) -> None:
        """Store the result of a query as the table `name`, for later statements."""
        ...

    def close(self) -> None:
        """Release all resources."""
        ...
