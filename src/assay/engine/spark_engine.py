"""Spark backend: run expressions on several machines.

Needs the extra `spark` (PySpark 4.0) and Java 17; the string similarity functions come with Splink. The session is
created once in a process and reused, because it takes half a minute to start, and a later unit of work does not reset
its settings; `close` drops only the tables of one unit of work. A cluster that reads from its own address reads only
copies that were compared with the local files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from assay.engine.engine_location import LOCAL_ENGINE, EngineLocation
from assay.engine.provenance.content_hashes import file_hash
from assay.errors import EvidenceError, UsageError

# Check that a Spark cluster reads the same files as the inspection folder, and copy them if not.
#
# A cluster that reads from its own address reads a copy. Before it is read, its bytes are compared with the local
# file, whose hash the provenance records hold. A table that the inspection computed is uploaded if it is missing
# there or from an earlier run. Files that a force sent are copied by people only: if the copy differs, it is
# refused. Files are accessed through Hadoop's file systems, with the settings and keys given to Spark.


def verified_address(file: Path, where: EngineLocation, session: Any) -> str:
    """Return the address from which Spark reads a file, after checking that the bytes there are the same.

    EvidenceError if the copy of a file from a force differs or is missing; UsageError if the address cannot be reached.
    """
    address = where.engine_path(file)
    if address == str(file):
        return address
    local_hash, cluster_file = file_hash(file), _ClusterFile(session, address)
    if cluster_file.hash() != local_hash and not where.is_received(file):
        cluster_file.upload(file)
    if cluster_file.hash() != local_hash:
        raise EvidenceError(
            f"{address} is not there, or is not what lies in the folder of the inspection. Copy the folder there again."
        )
    return address


class _ClusterFile:
    """A file at an address that Spark can read."""

    def __init__(self, session: Any, address: str) -> None:
        from py4j.protocol import Py4JJavaError

        self._java_error, self._java, self._address = Py4JJavaError, session._jvm, address
        self._path = self._java.org.apache.hadoop.fs.Path(address)
        try:
            self._files = self._path.getFileSystem(session._jsc.hadoopConfiguration())
        except self._java_error as error:
            raise self._access_error(error) from None

    def hash(self) -> str:
        """Return the SHA-256 (hexadecimal) of the file; empty if it is missing or cannot be read to its end."""
        try:
            if not self._files.exists(self._path):
                return ""
        except self._java_error as error:
            raise self._access_error(error) from None
        try:
            content = self._files.open(self._path)
            try:
                return str(self._java.org.apache.commons.codec.digest.DigestUtils.sha256Hex(content))
            finally:
                content.close()
        except self._java_error:
            return ""

    def upload(self, file: Path) -> None:
        """Copy a local file to the address, replacing what is there."""
        local_path = self._java.org.apache.hadoop.fs.Path(str(file.absolute()))
        try:
            self._files.copyFromLocalFile(False, True, local_path, self._path)
        except self._java_error as error:
            raise self._access_error(error) from None

    def _access_error(self, error: Any) -> UsageError:
        # Only the name of the error: its text may contain keys.
        error_name = error.java_exception.getClass().getSimpleName()
        return UsageError(
            f"Spark cannot read or write {self._address} ({error_name}). See 'files', and the settings and jars "
            f"that its "
            "kind of address needs, in docs/explanation/what-runs-where.md."
        )


SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.ansi.enabled": "true",  # text beside a number is refused, as on DuckDB
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.constraintPropagation.enabled": "false",  # with it, a kept table cannot be joined with itself
    "spark.log.level": "ERROR",
}

FIXED_SETTINGS = ("spark.sql.session.timeZone", "spark.sql.ansi.enabled", "spark.sql.constraintPropagation.enabled")
"""Settings that affect results; an inspection may not change them."""
LOCAL_SETTINGS = ("spark.driver.host", "spark.driver.bindAddress", "spark.sql.shuffle.partitions")
"""Default settings that do not apply to a cluster."""
JARS = "spark.jars"


class SparkBackend:
    """One Spark session, and the Ibis backend on it."""

    def __init__(self, threads: int | None, memory: str, where: EngineLocation = LOCAL_ENGINE) -> None:
        self.session = _session(threads, memory, where)
        self._where = where
        self.ibis_backend: Any = ibis.pyspark.connect(self.session)
        self._names: set[str] = set()

    def register(self, name: str, rows: pa.Table) -> None:
        """Register rows as a table; local times (without a time zone) are left as they are."""
        self._create_view(name, self.session.createDataFrame(rows))

    def table_expression(self, name: str) -> ibis.Table:
        """Return a registered or created table for expressions."""
        return self.ibis_backend.table(name)

    def read_parquet(self, name: str, files: Sequence[Path]) -> None:
        """Register Parquet files as a table; columns are matched by name.

        If Spark reads them at another address, the copies are first compared with the local files.
        """
        reader = self.session.read.option("mergeSchema", "true")
        self._create_view(name, reader.parquet(*(verified_address(file, self._where, self.session) for file in files)))

    def create_table(self, name: str, sql: str) -> None:
        """Run a query and store its result as a table, without its query plan (checkpoint).

        The number of partitions is limited to that of a shuffle; repeated unions of stored tables would otherwise give
        hundreds of partitions with few rows.
        """
        parts = int(self.session.conf.get("spark.sql.shuffle.partitions"))
        self._create_view(name, self.session.sql(sql).coalesce(parts).localCheckpoint(eager=True))

    def query(self, sql: str) -> pa.Table:
        """Return the rows of a query, in its order."""
        return self.session.sql(sql).toArrow()

    def drop(self, name: str) -> None:
        """Drop one table."""
        self.session.catalog.dropTempView(name)
        self._names.discard(name)

    def close(self) -> None:
        """Drop the tables of this unit of work; the session stays open for the next."""
        for name in self._names:
            self.session.catalog.dropTempView(name)
        self._names.clear()

    def _create_view(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._names.add(name)


def _session(threads: int | None, memory: str, where: EngineLocation) -> Any:
    try:
        from pyspark.sql import SparkSession
        from splink.backends.spark import similarity_jar_location
    except ImportError:
        raise UsageError('Spark is not installed here: install the extra "spark", and Java 17.') from None
    settings = _settings(where, similarity_jar_location())
    active_session = SparkSession.getActiveSession()
    if active_session is not None:
        return _reuse_session(active_session, where, settings)
    builder = SparkSession.builder.master(where.master or f"local[{threads or '*'}]").appName("assay")
    builder = builder.config("spark.driver.memory", memory.lower().removesuffix("b"))
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _reuse_session(session: Any, where: EngineLocation, settings: Mapping[str, str]) -> Any:
    """Return the running session with the settings of this inspection; other settings are not changed."""
    active_master = session.sparkContext.master
    if where.master and where.master != active_master:
        raise UsageError(
            f"Spark runs in this process already, at {active_master}. Begin {where.master} in another process."
        )
    for name in (*FIXED_SETTINGS, *(name for name, _ in where.settings)):
        if session.conf.isModifiable(name):
            session.conf.set(name, settings[name])
    return session


def _settings(where: EngineLocation, jar: str) -> dict[str, str]:
    """Return the settings of assay and of the inspection, with the similarity jar added to its jars."""
    own_settings = (
        SETTINGS if not where.master else {key: value for key, value in SETTINGS.items() if key not in LOCAL_SETTINGS}
    )
    conflicting = [name for name, _ in where.settings if name in FIXED_SETTINGS]
    if conflicting:
        raise UsageError(f"[spark.settings]: {conflicting[0]} is set by assay, since answers rest on it. Take it out.")
    inspection_settings = dict(where.settings)
    jars = [*inspection_settings.get(JARS, "").split(","), jar]
    return {
        **own_settings,
        **inspection_settings,
        JARS: ",".join(jar_path.strip() for jar_path in jars if jar_path.strip()),
    }
