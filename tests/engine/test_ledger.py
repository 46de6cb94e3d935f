"""Does the ledger record every event, and is a line that was changed, moved or removed detected?"""

import json
import multiprocessing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.provenance import EventKind, Ledger
from assay.errors import EvidenceError

pytestmark = pytest.mark.quick

DETAILS = {"stage": "records", "receipt": "abc"}


def ledger_of(folder, events: int = 4) -> Ledger:
    ledger = Ledger(folder / "ledger.jsonl", clock=lambda: "2026-11-24T12:00:00+00:00")
    for number in range(events):
        ledger.append(EventKind.STAGE_WRITTEN, stage=f"stage-{number}", receipt="abc")
    return ledger


def rewrite(ledger: Ledger, change) -> None:
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(b"".join(change(lines)))


def test_an_untouched_ledger_is_whole(tmp_path):
    ledger = ledger_of(tmp_path)
    assert ledger.chain_errors() == []
    assert [entry.number for entry in ledger.entries()] == [1, 2, 3, 4]
    assert ledger.head == ledger.entries()[-1].hash


def test_a_ledger_without_events_is_whole_and_says_nothing(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert (ledger.entries(), ledger.chain_errors(), ledger.head) == ((), [], "0" * 64)


def test_a_changed_word_is_named_by_its_line(tmp_path):
    ledger = ledger_of(tmp_path)
    rewrite(ledger, lambda lines: [line.replace(b"stage-1", b"stage-9") for line in lines])
    assert ledger.chain_errors() == ["ledger.jsonl, line 2: its words have been changed since it was written."]


def test_a_changed_line_with_a_fresh_hash_no_longer_fits_the_next(tmp_path):
    ledger = ledger_of(tmp_path)
    entry = ledger.entries()[1]
    values = json.loads(entry.line()) | {"about": {"stage": "other", "receipt": "abc"}}
    forged = type(entry)(**values)
    forged = type(entry)(**(values | {"hash": forged.compute_hash()}))
    rewrite(ledger, lambda lines: [lines[0], forged.line(), *lines[2:]])
    assert ledger.chain_errors() == ["ledger.jsonl, line 3: it does not follow the line before it."]


def test_a_line_taken_out_is_named_where_it_is_missed(tmp_path):
    ledger = ledger_of(tmp_path)
    rewrite(ledger, lambda lines: [lines[0], *lines[2:]])
    assert "ledger.jsonl, line 2: it does not follow the line before it." in ledger.chain_errors()


def test_two_lines_that_changed_places_are_named(tmp_path):
    ledger = ledger_of(tmp_path)
    rewrite(ledger, lambda lines: [lines[0], lines[2], lines[1], lines[3]])
    assert len(ledger.chain_errors()) == 3


def test_a_line_that_is_no_event_is_named_without_its_words(tmp_path):
    ledger = ledger_of(tmp_path)
    rewrite(ledger, lambda lines: [*lines[:2], b"secret words\n", *lines[3:]])
    assert ledger.chain_errors() == ["ledger.jsonl, line 3: this line cannot be read as an event."]


def flip(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


@given(st.data())
def test_any_changed_byte_is_noticed(tmp_path_factory, data):
    ledger = ledger_of(tmp_path_factory.mktemp("ledger"), events=2)
    raw = ledger.path.read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    ledger.path.write_bytes(flip(raw, place))
    assert ledger.chain_errors() != []


def test_a_line_cut_off_in_writing_is_removed_and_that_is_written_down(tmp_path):
    ledger = ledger_of(tmp_path, events=2)
    with ledger.path.open("ab") as file:
        file.write(b'{"about": {"st')
    assert ledger.chain_errors() == ["ledger.jsonl: the last line was cut off in writing."]
    ledger.append(EventKind.STAGE_WRITTEN, **DETAILS)
    assert ledger.chain_errors() == []
    cut = ledger.entries()[2]
    assert (cut.kind, dict(cut.about)) == ("line cut", {"bytes": len(b'{"about": {"st')})


def test_an_event_must_tell_its_facts(tmp_path):
    with pytest.raises(EvidenceError, match="'manual' must tell why"):
        ledger_of(tmp_path).append(EventKind.MANUAL, who="analyst 3", what="replaced a file", why="")


def test_every_kind_of_event_has_a_plain_meaning_and_a_key_of_its_own():
    assert len({kind.key for kind in EventKind}) == len(EventKind)
    assert all(kind.meaning.endswith(".") and kind.required_details for kind in EventKind)
    assert EventKind.from_key("manual") is EventKind.MANUAL


def test_a_kind_that_is_not_on_the_list_is_refused_with_the_list():
    with pytest.raises(EvidenceError, match=r"'tidied up' is no kind of event\. The kinds are: inspection made"):
        EventKind.from_key("tidied up")


def test_a_kind_that_is_not_on_the_list_is_named_when_it_stands_in_a_file(tmp_path):
    ledger = ledger_of(tmp_path, events=1)
    entry = ledger.entries()[0]
    values = json.loads(entry.line()) | {"kind": "tidied up"}
    forged = type(entry)(**(values | {"hash": type(entry)(**values).compute_hash()}))
    ledger.path.write_bytes(forged.line())
    assert ledger.chain_errors() == ["ledger.jsonl, line 1: 'tidied up' is no kind of event."]


def append_many(path, barrier) -> None:
    ledger = Ledger(path)
    barrier.wait()
    for _ in range(100):
        ledger.append(EventKind.STAGE_WRITTEN, **DETAILS)


def test_two_writers_at_once_still_make_one_chain(tmp_path):
    path, spawn = tmp_path / "ledger.jsonl", multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    writers = [spawn.Process(target=append_many, args=(path, barrier)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert Ledger(path).chain_errors() == []
    assert len(Ledger(path).entries()) == 2 * 100
