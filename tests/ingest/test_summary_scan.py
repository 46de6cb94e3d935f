"""Does every summary end up scanned, empty or not read, and is what is kept of it no more than which signs it holds?"""

import datetime as dt
import re

import pytest
from small_return import SmallReturn
from test_return_declared import DECLARED, changed, declared_without

from assay.feedback.force_return_letter import write_letter as write_letter
from assay.ingest import summary_scan
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS

WHEN = {"offence_code": "19D", "recorded_at": "2026-02-02T09:00"}
TEXTS = (
    "The child, aged 14, was picked up by an older male. A second phone was handed in.",
    "",
    "The shed was locked. A ladder was taken.",
    "She was missing\nagain and would not say where. Missing again on Friday.",
)


def summaries(tmp_path, *texts, **manifest):
    rows = [{"crime_ref": f"C{number}", "text": text, **WHEN} for number, text in enumerate(texts, start=1)]
    return SmallReturn(tmp_path / "INV01").rows("summaries", *rows, **manifest)


def signs_by_crime(received):
    found = {row["crime_ref"]: {} for row in received.tables["scanned"].to_pylist()}
    for row in received.tables["signs"].to_pylist():
        found[row["crime_ref"]][row["sign"]] = row["phrases"]
    return found


def states(received):
    return [(row["state"], row["reason"], row["signs"]) for row in received.tables["scanned"].to_pylist()]


def test_every_summary_is_scanned_or_empty_and_says_how_many_signs_it_holds(tmp_path):
    received = summaries(tmp_path, *TEXTS).received(declarations=DECLARED)
    assert states(received) == [("scanned", "", 4), ("empty", "", None), ("scanned", "", 0), ("scanned", "", 2)]


def test_the_signs_of_a_summary_are_told_by_key_and_by_how_many_different_phrases(tmp_path):
    """'child' and 'aged 14' are two phrases of one sign; what is said twice is one phrase."""
    assert signs_by_crime(summaries(tmp_path, *TEXTS).received(declarations=DECLARED)) == {
        "C1": {"child": 2, "older_adult": 1, "transport": 1, "secrecy": 1},
        "C2": {},
        "C3": {},
        "C4": {"missing": 1, "secrecy": 1},
    }


def test_what_is_kept_holds_no_text_no_place_and_no_length(tmp_path):
    received = summaries(tmp_path, *TEXTS).received(declarations=DECLARED)
    assert RETURN_TABLE_SCHEMAS["signs"].names == ["force_code", "crime_ref", "sign", "phrases"]
    longer = TEXTS[0] + " The ladder was found by the shed." * 9
    second_scan = summaries(tmp_path, longer, *TEXTS[1:]).received(declarations=DECLARED)
    for name in summary_scan.SCAN_TABLES:
        assert received.tables[name] == second_scan.tables[name]
        words = set(re.findall(r"\w+", str(received.tables[name].to_pylist())))
        assert not words & {"picked", "male", "phone", "shed", "ladder", "again"}


@pytest.mark.parametrize(
    "declared",
    [
        declared_without("texts"),
        declared_without("summaries"),
        changed("texts", purposes=("samples",)),
        changed("summaries", purposes=("samples",)),
        changed("texts", holder=""),
        changed("texts", used_until=dt.date(2026, 8, 1)),
    ],
)
def test_summaries_are_not_read_where_searching_them_is_not_declared(tmp_path, declared):
    received = summaries(tmp_path, *TEXTS).received(declarations=declared, today=dt.date(2026, 8, 4))
    expected_count = 0 if "summaries" not in declared else 4
    assert states(received) == [("not read", "not_declared", None)] * expected_count
    assert received.tables["signs"].num_rows == 0


def test_what_was_not_read_names_no_list_and_no_scanner(tmp_path):
    received = summaries(tmp_path, *TEXTS).received(declarations=DECLARED, scan=False)
    assert states(received) == [("not read", "left_out", None)] * 4
    assert {(row["list_version"], row["scanner_version"]) for row in received.tables["scanned"].to_pylist()} == {
        (None, None)
    }


def test_summaries_sent_without_their_text_are_not_called_empty(tmp_path):
    return_folder = SmallReturn(tmp_path / "INV01").text(
        "summaries", "force_code,crime_ref,offence_code,recorded_at\nINV01,C1,19D,2026-02-02\n"
    )
    assert states(return_folder.received(declarations=DECLARED)) == [("not read", "not_sent", None)]


def test_a_row_that_is_set_aside_is_not_scanned(tmp_path):
    rows = [
        {"crime_ref": "C1", "text": TEXTS[0], **WHEN},
        {"crime_ref": "C2", "text": TEXTS[0], **WHEN, "force_code": "INV02"},
    ]
    received = SmallReturn(tmp_path / "INV01").rows("summaries", *rows).received(declarations=DECLARED)
    assert list(signs_by_crime(received)) == ["C1"]


def test_many_summaries_are_read_in_parts_as_they_are_in_one(tmp_path, monkeypatch):
    rows = summaries(tmp_path, *TEXTS, *TEXTS, *TEXTS).received(declarations=DECLARED).tables["summaries"]
    whole = summary_scan.scan_summaries(rows)
    monkeypatch.setattr(summary_scan, "BATCH_SIZE", 5)
    assert summary_scan.scan_summaries(rows) == whole


def letter(received):
    return re.sub(r"\s+", " ", write_letter(received).html())


def test_the_letter_counts_summaries_by_sign_for_the_sender(tmp_path):
    page = letter(summaries(tmp_path, *TEXTS).received(declarations=DECLARED))
    assert "4 summaries: 3 scanned for signs of exploitation, 1 without text, 0 not read." in page
    assert "not a finding" in page
    assert (
        "In 1 summary a child, an adult and a further sign occur together. Read these first: line 2 of the file."
        in page
    )
    assert re.findall(r'<th scope="row">([^<]+)</th><td>[^<]+</td><td class="n">(\d+)</td></tr>', page) == [
        ("A child", "1"), ("An older adult", "1"), ("Lifts and taxis", "1"), ("Missing, again or overnight", "1"), ("Secrecy", "2"),
    ]  # fmt: skip


def test_a_letter_says_of_summaries_without_a_sign_that_this_is_no_all_clear(tmp_path):
    assert "They may still describe exploitation" in letter(
        summaries(tmp_path, TEXTS[2]).received(declarations=DECLARED)
    )


def test_a_letter_says_why_summaries_were_not_read(tmp_path):
    page = letter(summaries(tmp_path, *TEXTS).received(declarations=declared_without("texts")))
    assert "0 without text, 4 not read (searching summaries and texts is not declared" in page


def test_a_letter_about_a_return_without_summaries_says_nothing_of_them(tmp_path):
    assert "Signs in your summaries" not in letter(
        SmallReturn(tmp_path / "INV01").rows("crimes", {}).received(declarations=DECLARED)
    )
