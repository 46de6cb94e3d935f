"""Interface of an SQL engine."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import pyarrow as pa


@runtime_checkable
class Engine(Protocol):
    """Holds tables by name, answers statements with Arrow tables, and remembers what it was asked.

    Every engine keeps four promises, so that an answer does not depend on the engine: rows come back in the
    order of all their columns from left to right (nulls last); sums of whole numbers come back as 64-bit
    whole numbers; time is UTC; text is ordered by its bytes.
    """

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement that was run, in order: what a receipt quotes."""
        ...

    def table(self, name: str, rows: pa.Table) -> None:
        """Make `rows` known under `name`; a second table of that name takes the place of the first."""
        ...

    def run(self, sql: str, **values: object) -> pa.Table:
        """The answer to one question; `$name` in the statement takes its value from `values`."""
        ...

    def create_table(self, name: str, sql: str, **values: object) -> None:
        """Keep the answer to a question as a table of that name, for the next step to read."""
        ...

    def close(self) -> None:
        """Let go of everything that is held."""
        ...
