"""How do several machines, or one that has been outgrown, run an expression? Spark, through the same Ibis.

Needs the extra `spark` (PySpark 4.0) and Java 17; the likenesses of text come with Splink. The session is made once in
a process and kept, since it takes half a minute to start; `close` lets go of the tables of one unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from assay.engine.where import HERE, Where
from assay.errors import UsageError

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.ansi.enabled": "true",  # text beside a number is refused, as on DuckDB
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.constraintPropagation.enabled": "false",  # with it, a kept table cannot be joined with itself
    "spark.log.level": "ERROR",
}

OURS_ALONE = ("spark.sql.session.timeZone", "spark.sql.ansi.enabled", "spark.sql.constraintPropagation.enabled")
"""Settings on which the answers rest."""


class OnSpark:
    """A Spark session and the Ibis backend that speaks to it."""

    def __init__(self, threads: int | None, memory: str, where: Where = HERE) -> None:
        self.session = _session(threads, memory, where)
        self._where = where
        self.backend: Any = ibis.pyspark.connect(self.session)
        self._names: set[str] = set()

    def hold(self, name: str, rows: pa.Table) -> None:
        """Make rows known under a name; times without a zone stay so."""
        self._name(name, self.session.createDataFrame(rows))

    def read(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of Parquet files known under a name; columns are matched by name."""
        read = self.session.read.option("mergeSchema", "true")
        self._name(name, read.parquet(*(self._where.seen(file) for file in files)))

    def keep(self, name: str, sql: str) -> None:
        """Work out an answer and keep it, cut off from the expressions it came from."""
        self._name(name, self.session.sql(sql).localCheckpoint(eager=True))

    def answer(self, sql: str) -> pa.Table:
        """Every row of an answer, in its order."""
        return self.session.sql(sql).toArrow()

    def forget(self, name: str) -> None:
        """Let go of one table."""
        self.session.catalog.dropTempView(name)
        self._names.discard(name)

    def close(self) -> None:
        """Let go of this unit's tables; the session stays for the next."""
        for name in self._names:
            self.session.catalog.dropTempView(name)
        self._names.clear()

    def _name(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._names.add(name)


def _session(threads: int | None, memory: str, where: Where) -> Any:
    try:
        from pyspark.sql import SparkSession
        from splink.backends.spark import similarity_jar_location
    except ImportError:
        raise UsageError('Spark is not installed here: install the extra "spark", and Java 17.') from None
    builder = SparkSession.builder.master(where.master or f"local[{threads or '*'}]").appName("assay")
    builder = builder.config("spark.driver.memory", memory.lower().removesuffix("b"))
    for name, value in (_settings(where) | {"spark.jars": similarity_jar_location()}).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _settings(where: Where) -> dict[str, str]:
    """Ours, and those of the inspection; the address of the driver is this machine's only where the work stays here."""
    ours = SETTINGS if not where.master else {k: v for k, v in SETTINGS.items() if not k.startswith("spark.driver.")}
    clash = [name for name, _ in where.settings if name in OURS_ALONE]
    if clash:
        raise UsageError(f"[spark.settings]: {clash[0]} is set by assay, since answers rest on it. Take it out.")
    return ours | dict(where.settings)
