"""Check that a Spark cluster reads the same files as the inspection folder, and copy them if not.

A cluster that reads from its own address reads a copy. Before it is read, its bytes are compared with the local file,
whose hash the provenance records hold. A table that the inspection computed is uploaded if it is missing there or from
an earlier run. Files that a force sent are copied by people only: if the copy differs, it is refused. Files are
accessed through Hadoop's file systems, with the settings and keys given to Spark.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.engine.engine_location import EngineLocation
from assay.engine.provenance.content_hashes import file_hash
from assay.errors import EvidenceError, UsageError


def verified_address(file: Path, where: EngineLocation, session: Any) -> str:
    """Return the address of a file for Spark, after checking that its bytes are the same.

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
