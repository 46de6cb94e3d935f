"""Data engine: stage runner, DuckDB and Spark, provenance records, ledger and locks.

`TableStore` is DuckDB and takes SQL; `Engine` is the interface of whatever takes SQL. `ExpressionEngine` takes Ibis
expressions, which mean the same on DuckDB and on Spark; `values` are small ones that many rooms share. None of them
knows what a finding is.
"""

from assay.engine.engine_interface import Engine
from assay.engine.expressions import ExpressionEngine
from assay.engine.table_store import TableStore

__all__ = ["Engine", "ExpressionEngine", "TableStore"]
