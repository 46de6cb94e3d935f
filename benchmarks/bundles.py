"""Time to pseudonymise references with keyed codes, and to encrypt direct identifiers, in a bundle.

    python benchmarks/bundles.py [--references 4000000]

Synthetic references, three rows for each. Our way computes a keyed code (HMAC-SHA256) once for each distinct reference.
It is compared with what a user would write: the same HMAC row by row in pandas, and DuckDB's sha256 of key and
reference, which is no HMAC and shows the key in its statement. The benchmark stops if the codes of pandas differ from
ours. Encryption is a sealed box of PyNaCl, compared with a copy of the same bytes.
"""

import argparse
import hmac
import os
import time
from base64 import b32encode
from collections.abc import Callable

import duckdb
import pandas as pd
import pyarrow as pa

from assay.privacy import Pseudonymiser, decrypt, encrypt
from assay.privacy.public_key_encryption import new_key_pair

KEY = bytes(range(32))
ROWS_EACH = 3


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done


def references(rows: int) -> pa.ChunkedArray:
    return pa.chunked_array([[f"C/{number % (rows // ROWS_EACH):09}" for number in range(rows)]])


def pseudonymise(references_column: pa.ChunkedArray) -> pa.ChunkedArray:
    return Pseudonymiser(KEY).pseudonymise_column("INV01", "crimes", references_column)


def row_by_row(references_column: pa.ChunkedArray) -> pd.Series:
    begun = b"\0\0\0\5INV01\0\0\0\6crimes"

    def code(reference: str) -> str:
        parts = begun + len(reference).to_bytes(4, "big") + reference.encode()
        return b32encode(hmac.digest(KEY, parts, "sha256")).decode().lower()[:26]

    return references_column.to_pandas().map(code)


def hashed_in_duckdb(references_column: pa.ChunkedArray) -> pa.Table:
    rows = pa.table({"reference": references_column})
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows", rows)
        return connection.sql(f"select sha256('{KEY.hex()}' || reference) from rows").to_arrow_table()


def codes(rows: int) -> list[tuple[str, float]]:
    reference_column = references(rows)
    own_seconds, own_codes = timed(lambda: pseudonymise(reference_column))
    naive, row_codes = timed(lambda: row_by_row(reference_column))
    if own_codes.to_pylist() != row_codes.tolist():
        raise SystemExit("The codes differ.")
    plain, _ = timed(lambda: hashed_in_duckdb(reference_column))
    return [("ours", own_seconds), ("pandas, HMAC row by row", naive), ("DuckDB, sha256 of key and reference", plain)]


def sealing(megabytes: int) -> list[list[str]]:
    private, public = new_key_pair()
    content = os.urandom(megabytes << 20)
    shut, box = timed(lambda: encrypt(content, public))
    opened, opened_content = timed(lambda: decrypt(box, private, name="box"))
    copied, _ = timed(lambda: bytes(bytearray(content)))
    if opened_content != content:
        raise SystemExit("What was opened is not what was sealed.")
    return [[f"{megabytes}", f"{shut:.2f}", f"{opened:.2f}", f"{copied:.2f}"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--references", type=int, default=4_000_000)
    rows = parser.parse_args().references
    small, large = dict(codes(rows // 4)), dict(codes(rows))
    print(f"Codes for references, {ROWS_EACH} rows to each\n")
    table(
        ["way", f"{rows // 4:,} rows, s", f"{rows:,} rows, s", "growth", "time / ours"],
        [
            [
                way,
                f"{small[way]:.2f}",
                f"{large[way]:.2f}",
                f"{large[way] / small[way]:.1f}",
                f"{large[way] / large['ours']:.2f}",
            ]
            for way in large
        ],
    )
    print("Sealing\n")
    table(["MB", "sealed in s", "opened in s", "copied in s"], [*sealing(25), *sealing(100)])


if __name__ == "__main__":
    main()
