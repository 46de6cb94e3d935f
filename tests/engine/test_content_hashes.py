"""Do equal tables have equal hashes, and does every changed cell change the hash?"""

import datetime
import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay.engine.provenance
from assay.engine.provenance import content_hash, content_hashes, file_hash, sources_hash
from assay.engine.provenance.content_hashes import parquet_content_hash
from assay.errors import EvidenceError

ROW = st.tuples(
    st.one_of(st.none(), st.text(max_size=4)),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    st.one_of(st.none(), st.booleans()),
)
ROWS = st.lists(ROW, max_size=8)


def table(rows) -> pa.Table:
    names, counts, answers = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "force_code": pa.array(names, pa.string()),
            "offences": pa.array(counts, pa.int64()),
            "comparable": pa.array(answers, pa.bool_()),
        }
    )


@given(ROWS, st.randoms(use_true_random=False), st.integers(0, 8))
def test_neither_the_order_of_rows_nor_their_chunks_matter(rows, rng, cut):
    shuffled = list(rows)
    rng.shuffle(shuffled)
    rechunked = pa.concat_tables([table(shuffled[:cut]), table(shuffled[cut:])])
    assert content_hash(rechunked) == content_hash(table(rows))


@given(ROWS, st.integers(1, 8))
def test_how_many_rows_are_written_out_at_once_does_not_matter(rows, at_once):
    before = content_hash(table(rows))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(content_hashes, "BATCH_ROWS", at_once)
        assert content_hash(table(rows)) == before


@given(ROWS, st.integers(1, 3))
def test_a_table_read_from_its_file_some_rows_at_a_time_says_the_same(tmp_path_factory, rows, at_once):
    path = tmp_path_factory.mktemp("held") / "one.parquet"
    pq.write_table(table(rows), path, row_group_size=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_hashes, "BATCH_ROWS", at_once)
        assert parquet_content_hash(path) == content_hash(table(rows))


@given(ROWS.filter(bool), st.data())
def test_any_changed_cell_changes_the_hash(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    changed = data.draw(ROW.filter(lambda row: row != rows[place]))
    other = [*rows[:place], changed, *rows[place + 1 :]]
    assert content_hash(table(other)) != content_hash(table(rows))


@given(ROWS, ROW)
def test_one_row_more_changes_the_hash(rows, row):
    assert content_hash(table([*rows, row])) != content_hash(table(rows))


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=6))
def test_fractions_count_to_six_significant_figures(values):
    to_six = [None if v is None else float(f"{v:.5e}") for v in values]
    as_they_are, rounded = (pa.table({"share": pa.array(v, pa.float64())}) for v in (values, to_six))
    assert content_hash(as_they_are) == content_hash(rounded)


@pytest.mark.parametrize(("first_value", "other"), [(0.123456, 0.123457), (1.0, 1.00001), (0.5, -0.5), (0.0, None)])
def test_a_fraction_that_differs_in_its_sixth_figure_differs(first_value, other):
    hashes = [content_hash(pa.table({"share": pa.array([v], pa.float64())})) for v in (first_value, other)]
    assert hashes[0] != hashes[1]


def test_minus_zero_is_zero():
    assert content_hash(pa.table({"share": [-0.0]})) == content_hash(pa.table({"share": [0.0]}))


def test_missing_empty_zero_and_not_a_number_are_four_things():
    columns = [pa.array([v], pa.float64()) for v in (None, 0.0, float("nan"))]
    texts = [pa.array([v], pa.string()) for v in (None, "", "-")]
    assert len({content_hash(pa.table({"n": column})) for column in columns}) == 3
    assert len({content_hash(pa.table({"n": column})) for column in texts}) == 3


def test_a_cell_that_looks_like_two_cells_is_not_two_cells():
    table = pa.table({"a": ["x1:y"], "b": ["z"]})
    other = pa.table({"a": ["x"], "b": ["y1:z"]})
    assert content_hash(table) != content_hash(other)


def test_how_wide_a_number_is_stored_does_not_matter():
    narrow, wide = (pa.table({"n": pa.array([1, 2], kind)}) for kind in (pa.int8(), pa.int64()))
    assert content_hash(narrow) == content_hash(wide)


def test_how_a_text_or_a_day_is_stored_does_not_matter():
    day = datetime.date(2024, 3, 31)
    moment = datetime.datetime(2024, 3, 31, 12)
    texts = [pa.array(["a", None], kind) for kind in (pa.string(), pa.large_string())]
    texts.append(texts[0].dictionary_encode())
    days = [pa.array([day], kind) for kind in (pa.date32(), pa.date64())]
    moments = [pa.array([moment], pa.timestamp(unit)) for unit in ("s", "us", "ns")]
    for columns in (texts, days, moments):
        assert len({content_hash(pa.table({"told": column})) for column in columns}) == 1


def test_a_whole_number_is_not_the_same_as_its_text():
    assert content_hash(pa.table({"n": [1]})) != content_hash(pa.table({"n": ["1"]}))


def test_the_names_and_the_order_of_columns_count():
    plain = pa.table({"a": [1], "b": [1]})
    assert content_hash(plain) != content_hash(plain.rename_columns(["b", "a"]))
    assert content_hash(pa.table({"a": [1], "b": [2]})) != content_hash(pa.table({"b": [2], "a": [1]}))


def test_no_rows_is_not_no_columns():
    assert content_hash(pa.table({"a": pa.array([], pa.int64())})) != content_hash(pa.table({}))


def test_the_file_format_does_not_matter(tmp_path):
    rows = table([("E23A", 3, True), (None, None, None), ("Ö", -1, False)])
    for compression in ("none", "zstd"):
        pq.write_table(rows, tmp_path / "rows.parquet", compression=compression, row_group_size=1)
        assert content_hash(pq.read_table(tmp_path / "rows.parquet")) == content_hash(rows)


def test_a_list_in_a_cell_is_refused_by_the_name_of_its_column():
    with pytest.raises(EvidenceError, match="The column areas holds list"):
        content_hash(pa.table({"areas": [[1, 2]]}))


def test_the_hash_can_be_worked_out_by_hand():
    """A change here changes every receipt ever written: it needs a new version of the folder's format."""
    rows = pa.table({"force_code": ["E23000002", "E23000001"], "offences": [None, 7], "share": [0.5, 0.25]})
    heads = "15:force_code text14:offences whole14:share fraction"
    first, second = "9:E230000011:711:2.50000e-01", "9:E23000002-11:5.00000e-01"
    by_hand = hashlib.sha256(f"rows 2\n{heads}\n{first}{second}".encode()).hexdigest()
    assert content_hash(rows) == by_hand


def test_one_changed_byte_changes_the_hash_of_a_file(tmp_path):
    (tmp_path / "page.html").write_bytes(b"<p>1</p>")
    before = file_hash(tmp_path / "page.html")
    (tmp_path / "page.html").write_bytes(b"<p>2</p>")
    assert file_hash(tmp_path / "page.html") != before


def test_the_sources_of_a_room_are_its_files_and_nothing_else():
    once = sources_hash([assay.engine.provenance])
    assert once == sources_hash([assay.engine.provenance])
    assert once != sources_hash([assay.engine.provenance.ledger])
