"""Data engine: stage runner, DuckDB and Spark, provenance records, ledger and locks.

`TableStore` runs SQL on DuckDB; `Engine` is the interface of an SQL engine. `ExpressionEngine` runs Ibis expressions,
which give the same result on DuckDB and Spark; `portable_expressions` has the small ones that many packages share. This
package is a tool: it imports no package of the police domain.
"""

from assay.engine.engine_interface import Engine
from assay.engine.expressions import ExpressionEngine
from assay.engine.table_store import TableStore

__all__ = ["Engine", "ExpressionEngine", "TableStore"]
