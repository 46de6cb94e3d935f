"""Is a forged bundle with valid keys and hashes rejected in a sentence, without stopping other returns?"""

import io
import re
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.safe_files import archive_limits, parquet_limits
from assay.ingest.inspection_folder import new_inspection
from assay.privacy import encrypt, pack_tables
from assay.workflows.receive.return_intake import receive_returns
from mutated_returns import FORCE_CODE, MARK, base, write_sound
from pencil_bundle import whole_bundle


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return base(tmp_path_factory.mktemp("synthetic") / "country")


@pytest.fixture(scope="module")
def whole(sound, tmp_path_factory):
    return whole_bundle(sound, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def accept_bundle(sound, whole, tmp_path):
    """taken(files, **told): what became of the bundle with these files, and the folder of the inspection."""

    def receive_files(files=None, *, keys=True, **options):
        whole.write(tmp_path / "sent" / FORCE_CODE, files, **options)
        folder = tmp_path / "inspection"
        new_inspection(folder, sound.request_path)
        (return_result,) = receive_returns(folder, [tmp_path / "sent"], keys=whole.keys if keys else None).returns
        return return_result, folder

    return receive_files


def refused(result):
    """The rule under which a bundle was refused; whatever it holds is in no sentence."""
    result, folder = result
    assert result.refusal
    assert result.accepted == 0
    assert not list(folder.glob("*/INV*"))
    assert MARK not in result.refusal + (folder / "ledger.jsonl").read_text()
    return re.search(r"R\d\d", result.refusal)[0]


def parquet(rows):
    out = io.BytesIO()
    pq.write_table(rows, out)
    return out.getvalue()


def test_a_bundle_made_by_hand_that_is_sound_is_taken_in(accept_bundle, whole):
    sound_result, folder = accept_bundle()
    assert sound_result.refusal == ""
    assert sound_result.accepted == sum(row["accepted"] or 0 for row in whole.tables["counted"].to_pylist()) > 9
    assert {path.parts[-3] for path in folder.glob(f"*/{FORCE_CODE}/edition_1")} == {"returns", "identities", "texts"}


@pytest.mark.parametrize("content", [b"PAR1" + b"\0" * 14 + b"PAR1", b"", b"PK\x03\x04"])
@pytest.mark.parametrize("name", ["crimes.parquet", "covers.parquet", "people.parquet"])
def test_a_file_of_a_bundle_that_is_no_parquet_refuses_the_bundle(accept_bundle, name, content):
    assert refused(accept_bundle({name: content}, keys=False)) == "R04"


def test_one_bundle_that_is_none_stops_no_other_return(sound, whole, tmp_path):
    whole.write(tmp_path / "sent" / "a", {"crimes.parquet": b"PAR1" + b"\0" * 14 + b"PAR1"})
    write_sound(sound, tmp_path / "sent" / "b")
    new_inspection(tmp_path / "inspection", sound.request_path)
    first, second = receive_returns(tmp_path / "inspection", [tmp_path / "sent"], scan=False).returns
    assert "R04" in first.refusal
    assert second.refusal == ""
    assert second.accepted > 9


def test_more_rows_than_any_body_holds_are_not_laid_out(accept_bundle, whole, monkeypatch):
    monkeypatch.setattr(parquet_limits, "MAXIMUM_ROWS", 1_000)
    rows = whole.tables["flags"].slice(0, 1)
    assert refused(accept_bundle({"flags.parquet": parquet(pa.concat_tables([rows] * 1_001))}, keys=False)) == "R04"


def test_equal_rows_that_fill_the_memory_are_read_no_further_than_it_holds(accept_bundle, whole, monkeypatch):
    monkeypatch.setattr(parquet_limits, "UNCHECKED_BYTES", 2_000_000)
    rows = whole.tables["flags"].slice(0, 1).take([0] * 100_000)
    parquet_content = parquet(rows)
    assert rows.nbytes > 10_000_000 > 100 * len(parquet_content)
    assert refused(accept_bundle({"flags.parquet": parquet_content}, keys=False)) == "R04"


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_what_is_sealed_and_swells_when_it_is_unpacked_is_not_unpacked(accept_bundle, whole, monkeypatch):
    monkeypatch.setattr(archive_limits, "UNCHECKED_BYTES", 100_000)
    bomb = zipped("notes.parquet", b"\0" * 1_000_000)
    assert len(bomb) < 2_000
    assert refused(accept_bundle({"texts.sealed": encrypt(bomb, whole.keys.public)})) == "R04"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06", zipped("notes.parquet", b"x"), zipped("../notes.parquet", b"x")]
)
def test_what_is_sealed_and_is_no_pack_of_tables_refuses_the_bundle(accept_bundle, whole, content):
    assert refused(accept_bundle({"texts.sealed": encrypt(content, whole.keys.public)})) == "R04"


def test_what_is_sealed_and_is_another_table_refuses_the_bundle(accept_bundle, whole):
    other = pack_tables({"notes": whole.tables["crimes"]})
    assert refused(accept_bundle({"texts.sealed": encrypt(other, whole.keys.public)})) == "R04"


@pytest.mark.parametrize(
    "fields", [{"edition": "1/../../../x"}, {"edition": 0}, {"edition": True}, {"period_to": "2026"}]
)
def test_a_cover_of_a_bundle_that_says_what_it_cannot_mean_refuses_it(accept_bundle, fields):
    assert refused(accept_bundle(**fields)) == "R01"


def other_force(rows):
    place = rows.column_names.index("force_code")
    return rows.set_column(place, "force_code", pa.array(["INV02"] * rows.num_rows))


@pytest.mark.parametrize("table", ["crimes", "covers"])
def test_a_body_cannot_send_rows_of_another_in_its_bundle(accept_bundle, whole, table):
    assert refused(accept_bundle({f"{table}.parquet": parquet(other_force(whole.tables[table]))})) == "R01"


@pytest.mark.parametrize("table", ["crimes", "covers", "counted", "returns", "scanned"])
def test_a_table_of_a_bundle_that_lost_a_row_no_longer_fits_what_was_counted(accept_bundle, whole, table):
    assert refused(accept_bundle({f"{table}.parquet": parquet(whole.tables[table].slice(1))})) == "R01"


@pytest.mark.parametrize("table", ["people", "completeness"])
def test_a_table_of_a_bundle_that_lacks_a_column_refuses_it(accept_bundle, whole, table):
    rows = whole.tables[table]
    assert refused(accept_bundle({f"{table}.parquet": parquet(rows.drop_columns(rows.column_names[-1:]))})) == "R04"


def test_bytes_that_are_no_text_are_found_where_a_bundle_is_read(accept_bundle, whole):
    rows = whole.tables["flags"]
    wrong = pa.array([b"\xff\xfe"] * rows.num_rows, pa.binary()).view(pa.string())
    parquet_content = parquet(rows.set_column(rows.column_names.index("flag"), "flag", wrong))
    assert refused(accept_bundle({"flags.parquet": parquet_content}, keys=False)) == "R04"


def test_a_link_in_a_bundle_is_not_followed(sound, whole, tmp_path):
    bundle_folder = whole.write(tmp_path / "sent" / FORCE_CODE)
    (bundle_folder / "flags.parquet").rename(tmp_path / "flags.parquet")
    (bundle_folder / "flags.parquet").symlink_to(tmp_path / "flags.parquet")
    new_inspection(tmp_path / "inspection", sound.request_path)
    (return_result,) = receive_returns(tmp_path / "inspection", [bundle_folder], keys=whole.keys).returns
    assert "flags.parquet" in return_result.refusal
    assert "R01" in return_result.refusal


def test_a_file_more_than_a_bundle_has_is_refused_and_its_name_is_not_told(accept_bundle):
    result, _ = accept_bundle({f"{MARK} of a record.parquet": b"x"})
    assert "1 file more" in result.refusal
    assert MARK not in result.refusal


def test_a_bundle_that_was_sealed_for_another_key_is_refused_by_itself_and_its_words_are_not_told(accept_bundle):
    result = accept_bundle(sealed_for=MARK)
    assert refused(result) == "R04"
    assert "another key" in result[0].refusal
