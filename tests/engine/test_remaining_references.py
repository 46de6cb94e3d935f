"""Is every remaining destroyed reference found, and no ordinary number taken for one?"""

import gzip
import io
import json
import sqlite3
import zipfile
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.provenance.remaining_references import (
    References,
    RemainingReferences,
    collect_references,
    is_distinctive,
    search_files,
)

CRIME, SLASHED, PURE, CODE = "CR-000417", "42/123456/24", "123456789012", "qwxzpabcdefghijklmnopqrstu"
REFERENCES = References([CRIME, SLASHED, PURE, CODE, "12", "20260401", "rape", "VC7"], exclude=["INV01"])


def zipped(name: str, content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return whole.getvalue()


def found(folder) -> list[tuple[str, int]]:
    return [(file.path, file.count) for file in search_files(folder, REFERENCES)]


@pytest.mark.parametrize("reference", [CRIME, SLASHED, PURE, CODE, CRIME.lower()])
@pytest.mark.parametrize(
    "text", ["{}", "see {}.", "({})", "a,{},b", "<td>{}</td>", "sheet_{}_2", "{}\n", '"{}"', "ref={};", "x {}/v"]
)
def test_a_distinctive_reference_is_found_as_a_whole_word_in_any_text(tmp_path, reference, text):
    (tmp_path / "a.txt").write_text(text.format(reference))
    assert found(tmp_path) == [("a.txt", 1)]


@pytest.mark.parametrize(
    "text", ["CR-0004170", "XCR-000417x", "142/123456/24", "42/123456/245", "1234567890123", "0.12", "CR-000418"]
)
def test_a_part_of_a_longer_word_or_number_is_no_reference(tmp_path, text):
    (tmp_path / "a.txt").write_text(f"a {text} b")
    assert found(tmp_path) == []


@pytest.mark.parametrize("ordinary", ["12", "20260401", "rape", "VC7"])
def test_what_may_be_an_ordinary_number_or_word_counts_only_as_a_value_under_a_name_for_references(tmp_path, ordinary):
    assert not is_distinctive(ordinary)
    (tmp_path / "page.html").write_text(f"<p>{ordinary} crimes</p>")
    (tmp_path / "a.json").write_text(json.dumps({"count": ordinary, "of": [ordinary], "n": 12}))
    pq.write_table(pa.table({"answer": [ordinary], "records": [12]}), tmp_path / "a.parquet")
    assert found(tmp_path) == []
    (tmp_path / "b.json").write_text(json.dumps({"rows": [{"crime_ref": ordinary}]}))
    (tmp_path / "c.json").write_text(json.dumps({"about": {"entry": ordinary}}) + "\n{}\n")
    pq.write_table(pa.table({"subject_ref": [ordinary]}), tmp_path / "d.parquet")
    assert found(tmp_path) == [("b.json", 1), ("c.json", 1), ("d.parquet", 1)]


def test_json_inside_a_value_of_json_is_read_as_the_settings_of_a_receipt_are(tmp_path):
    assigned = json.dumps([{"force_code": "INV01", "subject_ref": "12", "marker": "I01"}, {"subject_ref": CRIME}])
    (tmp_path / "receipt.json").write_text(json.dumps({"settings": {"assigned": assigned}}))
    assert found(tmp_path) == [("receipt.json", 2)]


def test_cells_of_every_kind_of_text_column_are_looked_at(tmp_path):
    words = pa.array([CRIME, "other", None])
    table = pa.table(
        {"a": words.dictionary_encode(), "b": words.cast(pa.large_string()), "c": pa.array([f"of {SLASHED}", "", ""])}
    )
    pq.write_table(table, tmp_path / "t.parquet")
    assert found(tmp_path) == [("t.parquet", 2)]


def test_members_of_archives_and_of_archives_in_them_are_opened(tmp_path):
    cell = f"<si><t>{CRIME}</t></si>".encode()
    (tmp_path / "tables.xlsx").write_bytes(zipped("xl/sharedStrings.xml", cell))
    (tmp_path / "outer.zip").write_bytes(zipped("inner.zip", zipped("a.csv", f"ref\n{SLASHED}\n".encode())))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 cut off " + PURE.encode())
    assert found(tmp_path) == [("broken.zip", 1), ("outer.zip", 1), ("tables.xlsx", 1)]


def test_tables_of_sqlite_are_read(tmp_path):
    with closing(sqlite3.connect(tmp_path / "workbench.db")) as connection:
        connection.execute('create table "a ""b" (about text, n integer, entry text)')
        connection.execute(
            'insert into "a ""b" values (?, 12, ?)', (json.dumps({"file": 3, "said": f"of {CRIME}"}), "VC7")
        )
        connection.commit()
    assert found(tmp_path) == [("workbench.db", 2)]


def test_text_in_two_bytes_a_letter_is_read(tmp_path):
    (tmp_path / "list.csv").write_text(f"ref\n{CRIME}\n", encoding="utf-16")
    assert found(tmp_path) == [("list.csv", 1)]


def test_names_of_files_and_escaped_text_are_looked_at(tmp_path):
    (tmp_path / f"sheet-{CRIME}.html").write_text("")
    (tmp_path / "page.html").write_text("<p>42&#x2F;123456&#47;24</p>")
    assert found(tmp_path) == [("page.html", 1), (f"sheet-{CRIME}.html", 1)]


def test_references_are_the_text_columns_that_are_named_so(tmp_path):
    table = pa.table(
        {"crime_ref": [CRIME, None], "force_code": ["INV01", "INV01"], "refused": ["a", "b"], "n_ref": [1, 2]}
    )
    pq.write_table(table, tmp_path / "t.parquet")
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1")
    assert collect_references([tmp_path / "t.parquet", tmp_path / "damaged.parquet"]) == {CRIME}


def test_a_known_word_in_a_column_for_references_is_none(tmp_path):
    (tmp_path / "a.txt").write_text("INV01")
    assert search_files(tmp_path, References(["INV01", CRIME], exclude=["inv01"])) == []


def test_hundreds_of_thousands_of_references_are_looked_for_at_once(tmp_path):
    many_references = References(f"F{n % 44:02}/{n:07}/26" for n in range(300_000))
    (tmp_path / "a.txt").write_text("word and 12,345 numbers 2026-04-01 " * 20_000 + "F07/0000007/26")
    assert search_files(tmp_path, many_references) == [RemainingReferences("a.txt", 1)]


@pytest.mark.parametrize("name", ["table.parquet", "archive.zip", "packed.gz"])
def test_a_file_that_cannot_be_read_is_named_and_is_not_taken_for_one_without_references(tmp_path, name):
    begins = {"table.parquet": b"PAR1", "archive.zip": b"PK\x03\x04", "packed.gz": b"\x1f\x8b\x08"}
    (tmp_path / name).write_bytes(begins[name] + b"cut off")
    (place,) = search_files(tmp_path, References([PURE]))
    assert place.sentence == f"{name}: cannot be read"


def test_a_damaged_member_of_an_archive_is_no_traceback(tmp_path):
    whole = bytearray(zipped("a.csv", b"row," * 5000))
    whole[60:80] = b"\xff" * 20
    (tmp_path / "damaged.zip").write_bytes(whole)
    assert found(tmp_path) == [("damaged.zip", 0)]


def test_json_nested_beyond_reading_is_read_as_text(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 200_000 + f'"{PURE}"' + "]" * 200_000)
    assert found(tmp_path) == [("deep.json", 1)]


def test_lists_in_tables_bytes_in_sqlite_and_packed_files_are_looked_at(tmp_path):
    pq.write_table(pa.table({"about": [[PURE], []], "told": [{"ref": PURE}, None]}), tmp_path / "nested.parquet")
    with closing(sqlite3.connect(tmp_path / "t.sqlite3")) as tables:
        tables.execute("create table t (content blob)")
        tables.execute("insert into t values (?)", (PURE.encode(),))
        tables.commit()
    (tmp_path / "old.csv.gz").write_bytes(gzip.compress(f"ref\n{PURE}\n".encode()))
    assert found(tmp_path) == [("nested.parquet", 1), ("old.csv.gz", 1), ("t.sqlite3", 1)]
