"""Where does a question run, and which statements were run to answer it?

`Store` is DuckDB and takes SQL; `Engine` is the interface of whatever takes SQL. `Expressions` takes Ibis
expressions, which mean the same on DuckDB and on Spark; `values` are small ones that many rooms share. None of them
knows what a finding is.
"""

from assay.engine.engine_interface import Engine
from assay.engine.expressions import Expressions
from assay.engine.table_store import Store

__all__ = ["Engine", "Expressions", "Store"]
