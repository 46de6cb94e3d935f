"""Where does a question in SQL run, and which statements were run to answer it?

`Store` is DuckDB, the engine of one machine. `Engine` is the interface that a second engine fills when one
machine is outgrown. Neither knows what a finding is.
"""

from assay.engine.interface import Engine
from assay.engine.store import Store

__all__ = ["Engine", "Store"]
