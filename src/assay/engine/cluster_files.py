"""Check that a Spark cluster reads the same files as the inspection folder, and copy them if not.

What a cluster reads at an address of its own is a copy. Before it is read, its bytes are held against those of the
file here, whose content the receipts tell. A table that the inspection worked out is put there where it is not there
yet, or is of an earlier run; what a force sent is copied by people alone, and any other copy of it is refused. Files
are reached as Spark reaches them (Hadoop's file systems), with the settings and keys that Spark was given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.engine.engine_location import EngineLocation
from assay.engine.provenance.content_hashes import file_hash
from assay.errors import EvidenceError, UsageError


def verified_address(file: Path, where: EngineLocation, session: Any) -> str:
    """Return the address of a file for Spark, after checking that its bytes are the same.

    EvidenceError where other bytes lie there of what a force sent; UsageError where the address cannot be reached.
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
    """One file at an address that Spark knows."""

    def __init__(self, session: Any, address: str) -> None:
        from py4j.protocol import Py4JJavaError

        self._java_error, self._java, self._address = Py4JJavaError, session._jvm, address
        self._path = self._java.org.apache.hadoop.fs.Path(address)
        try:
            self._files = self._path.getFileSystem(session._jsc.hadoopConfiguration())
        except self._java_error as error:
            raise self._access_error(error) from None

    def hash(self) -> str:
        """SHA-256 (hexadecimal) of its bytes; empty where it is not there, or cannot be read to its end."""
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
        """Copy a file of this machine there, in the place of what lies there."""
        local_path = self._java.org.apache.hadoop.fs.Path(str(file.absolute()))
        try:
            self._files.copyFromLocalFile(False, True, local_path, self._path)
        except self._java_error as error:
            raise self._access_error(error) from None

    def _access_error(self, error: Any) -> UsageError:
        # The name of the fault alone: its text may hold keys.
        error_name = error.java_exception.getClass().getSimpleName()
        return UsageError(
            f"Spark cannot read or write {self._address} ({error_name}). See 'files', and the settings and jars "
            f"that its "
            "kind of address needs, in docs/explanation/what-runs-where.md."
        )
