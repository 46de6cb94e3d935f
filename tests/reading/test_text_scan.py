"""Is every text read or excluded with a reason, and is no text stored?"""

from datetime import date, datetime

import polars as pl
import pytest

from assay.engine.worker_processes import map_batches
from assay.text import Reader
from assay.workflows.reading import text_scan
from assay.workflows.reading.text_readers import build_reader, build_word_reader
from assay.workflows.reading.text_scan import (
    REASONS,
    TextSource,
    combine_forces,
    scan_notes,
    scan_summaries,
    unread_reason,
)

PERIOD = (date(2025, 4, 1), date(2026, 4, 1))
SECRET = "Spoke with the school about the timetable"


def nothing_listed():
    return Reader([])


def lying(folder, name, key, rows, texts):
    """A table of a return as it lies: rows, and their texts apart."""
    usual = {"force_code": "INV01", "crime_ref": "C1", "report_ref": None, "missing_ref": None, "person_ref": None,
             "entry_at": datetime(2025, 5, 1), "author_role": "supervisor", "author_key": "A1", "entry_type": "log",
             "form": "text", "offence_code": "88A", "recorded_at": datetime(2025, 5, 1)}  # fmt: skip
    records = [usual | {key: f"T{place}"} | row for place, row in enumerate(rows)]
    schema = dict.fromkeys(records[0], pl.String) | {"entry_at": pl.Datetime, "recorded_at": pl.Datetime}
    pl.DataFrame(records, schema=schema).write_parquet(folder / f"{name}.parquet")
    texts_held = [{"force_code": "INV01", key: f"T{place}", "text": text} for place, text in enumerate(texts)]
    pl.DataFrame(texts_held, schema={"force_code": pl.String, key: pl.String, "text": pl.String}).write_parquet(
        folder / f"{name}-texts.parquet"
    )
    return TextSource(folder / f"{name}.parquet", folder / f"{name}-texts.parquet")


TEXTS = [SECRET, None, "  ", "Mae hi wedi mynd i'r ysgol ac yn y dref gyda'i ffrindiau ar y bws heddiw", None]
ROWS = [{}, {"form": "image"}, {}, {"author_role": "control_room"}, {"entry_at": datetime(2024, 5, 1)}]


def test_what_is_not_read_stands_under_its_reason_and_all_add_up(tmp_path):
    found, volume = combine_forces(
        scan_notes([lying(tmp_path, "notes", "note_ref", ROWS, TEXTS)], nothing_listed, PERIOD)
    )
    assert found["reason"].to_list() == ["", "image", "empty", "welsh", "not_sent"]
    assert set(found["reason"]) <= {"", *REASONS}
    assert found["in_base"].to_list() == [True, False, False, False, False]
    assert (volume["texts"].sum(), volume["read"].sum(), volume["words"].sum()) == (5, 1, 7)
    assert volume.filter(author_role="control_room")["read"].to_list() == [0]


def test_nothing_of_a_text_is_kept(tmp_path):
    found, volume = combine_forces(
        scan_notes([lying(tmp_path, "notes", "note_ref", ROWS, TEXTS)], nothing_listed, PERIOD)
    )
    assert "timetable" not in f"{found.to_dicts()} {volume.to_dicts()}"
    assert not {"text", "words", "length"} & set(found.columns)


def test_the_two_who_wrote_most_are_known_by_their_words_and_whoever_is_not_known_may_be_one(tmp_path):
    # A1 wrote 7 words in two entries each, B1 7 in one, and three entries are of nobody known: 14, 7 and 21 words.
    rows = [{"author_key": key} for key in ("A1", "A1", "B1", None, None, None)]
    notes_scanned = lying(tmp_path, "notes", "note_ref", rows, [SECRET] * 6)
    _, volume = combine_forces(scan_notes([notes_scanned], nothing_listed, PERIOD))
    assert volume.select("largest", "second").unique().rows() == [(21, 14)]
    single = lying(tmp_path, "notes", "note_ref", [{}], [SECRET])
    assert combine_forces(scan_notes([single], nothing_listed, PERIOD))[1].select("largest", "second").rows() == [
        (7, 0)
    ]


def test_a_sample_of_the_texts_is_read_and_the_others_were_not_sent(tmp_path):
    repeated = lying(tmp_path, "notes", "note_ref", ROWS[:1] * 3, TEXTS[:1])
    assert combine_forces(scan_notes([repeated], nothing_listed, PERIOD))[0]["reason"].to_list() == [
        "",
        "not_sent",
        "not_sent",
    ]


def test_texts_that_may_not_be_read_are_not_opened(tmp_path):
    single = lying(tmp_path, "notes", "note_ref", ROWS[:1], TEXTS[:1])
    shut = TextSource(single.rows, tmp_path / "nowhere.parquet", exclusion_reason="not_declared")
    assert combine_forces(scan_notes([shut], nothing_listed, PERIOD))[0]["reason"].to_list() == ["not_declared"]


def test_a_summary_in_which_all_kinds_of_signs_stand_together_is_called(tmp_path):
    summaries_scanned = lying(tmp_path, "summaries", "crime_ref", [{}, {}], [SECRET, SECRET])
    signs = pl.DataFrame(
        [{"force_code": "INV01", "crime_ref": "T1", "sign": sign} for sign in ("child", "older_adult", "gift")]
    )
    signs.write_parquet(tmp_path / "signs.parquet")
    slots = {"child": "child", "older_adult": "adult", "gift": "more"}
    found, _ = combine_forces(
        scan_summaries(
            [TextSource(summaries_scanned.rows, summaries_scanned.texts, tmp_path / "signs.parquet")],
            nothing_listed,
            slots,
            PERIOD,
        )
    )
    assert found["kinds_of_signs"].to_list() == [0, 3]
    assert found["unflagged"].to_list() == [False, True]
    assert found["band"].to_list() == ["up to 0.1", "above 0.5"]


@pytest.mark.parametrize(("text", "form", "why"), [("x" * 2_000_001, "text", "too_long"), ("Дневник полиции за сегодня", "text", "other_language"),
                                                   ("Spoke with her.", "audio_or_video", "audio_or_video")])  # fmt: skip
def test_why_a_text_is_not_read(text, form, why):
    assert unread_reason(text, form) == why


PRINTED = "She is streetwise and mature for her age"
FILLED_IN = f"{PRINTED}. Spoke with the school."


@pytest.mark.parametrize(("forms", "blaming", "words"), [((), [True], 12), ((PRINTED,), [False], 5)])
def test_what_a_force_s_own_form_prints_does_not_count_against_it(tmp_path, forms, blaming, words):
    """Twelve words, eight of them printed; a full stop stays, and counts as a word."""
    filled_in = lying(tmp_path, "notes", "note_ref", ROWS[:1], [FILLED_IN])
    found, volume = combine_forces(
        scan_notes([TextSource(filled_in.rows, filled_in.texts, forms=forms)], build_reader, PERIOD)
    )
    assert found["blaming"].to_list() == blaming
    assert volume["words"].to_list() == [words]


def test_a_form_of_which_nothing_was_filled_in_is_an_empty_text_of_its_own_force_alone(tmp_path):
    (tmp_path / "other").mkdir()
    first_scan, other = (
        lying(folder, "notes", "note_ref", ROWS[:1], [PRINTED]) for folder in (tmp_path, tmp_path / "other")
    )
    found, _ = combine_forces(
        scan_notes([TextSource(first_scan.rows, first_scan.texts, forms=(PRINTED,)), other], nothing_listed, PERIOD)
    )
    assert found["reason"].to_list() == ["empty", ""]


@pytest.fixture
def by_two_processes(monkeypatch):
    """A few texts are many here, and two processes read them, whatever machine this is; how often others were begun."""
    started = []

    def scan_batches(batches, begin, processes):
        started.append(processes)
        return map_batches(batches, begin, processes)

    for name, value in (
        ("PARALLEL_THRESHOLD", 3),
        ("BATCH_SIZE", 2),
        ("available_processors", lambda: 2),
        ("map_batches", scan_batches),
    ):
        monkeypatch.setattr(text_scan, name, value)
    return started


def test_many_texts_are_read_by_several_processes_and_every_one_is_answered_as_by_one(
    tmp_path, by_two_processes, monkeypatch
):
    texts = [SECRET, None, FILLED_IN, "  ", SECRET]
    notes, summaries = (
        lying(tmp_path, name, key, ROWS[:1] * 5, texts)
        for name, key in (("notes", "note_ref"), ("summaries", "crime_ref"))
    )
    notes = TextSource(notes.rows, notes.texts, forms=(PRINTED,))
    parallel = [
        *combine_forces(scan_notes([notes], build_reader, PERIOD)),
        *combine_forces(scan_summaries([summaries], build_word_reader, {}, PERIOD)),
    ]
    assert by_two_processes == [2, 2]
    monkeypatch.setattr(text_scan, "PARALLEL_THRESHOLD", 100)
    serial = [
        *combine_forces(scan_notes([notes], build_reader, PERIOD)),
        *combine_forces(scan_summaries([summaries], build_word_reader, {}, PERIOD)),
    ]
    assert [row.equals(other) for row, other in zip(parallel, serial, strict=True)] == [True] * 4
    assert parallel[0]["reason"].to_list() == ["", "not_sent", "", "empty", ""]
