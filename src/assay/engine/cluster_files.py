"""Does a cluster read the very files that lie here?

What a cluster reads at an address of its own is a copy. Before it is read, its bytes are held against those of the
file here, whose content the receipts tell. A table that the inspection worked out is put there where it is not there
yet, or is of an earlier run; what a force sent is copied by people alone, and any other copy of it is refused. Files
are reached as Spark reaches them (Hadoop's file systems), with the settings and keys that Spark was given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.engine.engine_location import Where
from assay.engine.provenance.content_hashes import file_hash
from assay.errors import EvidenceError, UsageError


def address_of(file: Path, where: Where, session: Any) -> str:
    """Where Spark finds a file; the same bytes lie there as here.

    EvidenceError where other bytes lie there of what a force sent; UsageError where the address cannot be reached.
    """
    address = where.seen(file)
    if address == str(file):
        return address
    here, there = file_hash(file), _Copy(session, address)
    if there.hash() != here and not where.is_sent(file):
        there.put(file)
    if there.hash() != here:
        raise EvidenceError(
            f"{address} is not there, or is not what lies in the folder of the inspection. Copy the folder there again."
        )
    return address


class _Copy:
    """One file at an address that Spark knows."""

    def __init__(self, session: Any, address: str) -> None:
        from py4j.protocol import Py4JJavaError

        self._failed, self._java, self._address = Py4JJavaError, session._jvm, address
        self._path = self._java.org.apache.hadoop.fs.Path(address)
        try:
            self._files = self._path.getFileSystem(session._jsc.hadoopConfiguration())
        except self._failed as why:
            raise self._out_of_reach(why) from None

    def hash(self) -> str:
        """SHA-256 (hexadecimal) of its bytes; empty where it is not there, or cannot be read to its end."""
        try:
            if not self._files.exists(self._path):
                return ""
        except self._failed as why:
            raise self._out_of_reach(why) from None
        try:
            content = self._files.open(self._path)
            try:
                return str(self._java.org.apache.commons.codec.digest.DigestUtils.sha256Hex(content))
            finally:
                content.close()
        except self._failed:
            return ""

    def put(self, file: Path) -> None:
        """Copy a file of this machine there, in the place of what lies there."""
        mine = self._java.org.apache.hadoop.fs.Path(str(file.absolute()))
        try:
            self._files.copyFromLocalFile(False, True, mine, self._path)
        except self._failed as why:
            raise self._out_of_reach(why) from None

    def _out_of_reach(self, why: Any) -> UsageError:
        # The name of the fault alone: its text may hold keys.
        fault = why.java_exception.getClass().getSimpleName()
        return UsageError(
            f"Spark cannot read or write {self._address} ({fault}). See 'files', and the settings and jars that its "
            "kind of address needs, in docs/explanation/what-runs-where.md."
        )
