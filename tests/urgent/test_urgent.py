"""Does an urgent list propose what its rules say, send only confirmed entries, and report its precision?"""

import json
import threading
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from assay.engine.provenance import Ledger
from assay.errors import DisclosureError, UsageError
from assay.ingest.inspection_folder import SETTINGS_FILE
from assay.reference import Organisation
from assay.sdc import ToSender
from assay.workflows.urgent import list_actions, list_closure, urgent_search
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_status import list_status
from assay.workflows.urgent.rule_coverage import IN_FULL, NOT_ASKED, RuleCoverage
from assay.workflows.urgent.urgent_letter import Posting, for_sender, letter_html
from assay.workflows.urgent.urgent_register import (
    ANSWERED,
    CONFIRMED,
    LOST,
    PROPOSED,
    SENT_STATE,
    SET_ASIDE,
    Entry,
    Register,
    update_register,
)
from assay.workflows.urgent.urgent_rules import MISSING_NOW, NO_ACTION, RuleHit

FERNSHIRE = Organisation("INV01", "Fernshire", "fernshire", "territorial", "England")
NOON = datetime(2026, 8, 4, 12)


def to_sender_tables(**tables):
    return ToSender(FERNSHIRE, {name: pa.Table.from_pylist(rows) for name, rows in tables.items()})


HIT = RuleHit("INV01", MISSING_NOW.key, ("missing M9",), date(2026, 8, 1))


def register(*entries):
    return Register("INV01", 1, "2026-08-03", entries)


def updated_register(hits=(HIT,), before=None):
    return update_register(before, hits, force_code="INV01", edition=2, extracted=date(2026, 8, 3))


def entry(**values):
    return Entry(HIT.key, HIT.rule, HIT.refs, "2026-08-01", **values)


def test_what_somebody_dealt_with_stays_when_the_rules_run_again_and_what_was_only_proposed_goes():
    dealt_with = entry(state=SENT_STATE, due="2026-08-05T12:00")
    assert updated_register(before=register(dealt_with)).entries == (dealt_with,)
    assert updated_register((), register(dealt_with)).entries == (dealt_with,)
    assert updated_register((), register(entry())).entries == ()


def test_what_is_confirmed_and_no_longer_found_is_read_again_and_is_not_sent():
    (confirmed,) = updated_register((), register(entry(state=CONFIRMED, by="Lead inspector"))).entries
    assert (confirmed.state, confirmed.by) == (LOST, "")
    assert confirmed.why == "Confirmed by Lead inspector; no longer found in edition 2."
    assert updated_register((), register(confirmed)).entries == (confirmed,)
    assert updated_register(before=register(confirmed)).entries[0].state == PROPOSED


def test_what_is_confirmed_and_still_found_rests_on_the_edition_that_it_is_found_in():
    """It was confirmed on the data of 30 July; a letter that goes now says 3 August."""
    (withdrawn,) = updated_register(
        before=register(entry(state=CONFIRMED, by="Lead inspector", extracted="2026-07-30", edition=1))
    ).entries
    assert (withdrawn.state, withdrawn.by, withdrawn.extracted, withdrawn.edition) == (
        CONFIRMED,
        "Lead inspector",
        "2026-08-03",
        2,
    )
    sent_before = entry(state=SENT_STATE, due="2026-08-05T12:00", extracted="2026-07-30", edition=1)
    assert updated_register(before=register(sent_before)).entries == (sent_before,)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An inspection of which only the request, the ledger and which returns it holds matter."""
    place = tmp_path / "inspection"
    place.mkdir()
    ledger = Ledger(place / "ledger.jsonl")
    request = SimpleNamespace(organisation=lambda code: FERNSHIRE)
    inspection = SimpleNamespace(folder=place, ledger=ledger, request=request)
    editions = {"INV01": 2}
    for module in (list_actions, urgent_search):
        monkeypatch.setattr(module, "open_inspection", lambda path: inspection)
    monkeypatch.setattr(urgent_search, "current_returns", lambda inspection: [
        SimpleNamespace(force_code=force_code, return_edition=SimpleNamespace(edition=edition, files={}))
        for force_code, edition in editions.items()
    ])  # fmt: skip
    (place / SETTINGS_FILE).touch()
    lists.write_register(place, updated_register())
    return SimpleNamespace(place=place, ledger=ledger, editions_held=editions, inspection=inspection)


def ledger_details(folder):
    return [entry.about for entry in folder.ledger.entries()]


def test_nothing_leaves_that_no_person_has_confirmed(folder):
    with pytest.raises(UsageError, match="No entry of INV01 is confirmed"):
        list_actions.send_letter(folder.place, "INV01", post="Head of public protection", now=NOON)
    with pytest.raises(UsageError, match="The reader is missing"):
        list_actions.decide_entries(folder.place, "INV01", [HIT.key], reader="")
    with pytest.raises(UsageError, match="The reason is missing"):
        list_actions.decide_entries(folder.place, "INV01", [HIT.key], reader="Lead inspector", set_aside=True)


def test_a_reason_or_a_post_that_names_somebody_is_not_written(folder):
    with pytest.raises(UsageError, match="--why: This seems to contain a telephone number"):
        list_actions.decide_entries(
            folder.place, "INV01", [HIT.key], reader="Lead inspector", why="Rang 07700 900123.", set_aside=True
        )
    with pytest.raises(UsageError, match="--by: This seems to contain a name"):
        list_actions.decide_entries(folder.place, "INV01", [HIT.key], reader="DCI Secretword")
    list_actions.decide_entries(folder.place, "INV01", [HIT.key], reader="Detective Chief Inspector")
    with pytest.raises(UsageError, match="--to: This seems to contain a name"):
        list_actions.send_letter(folder.place, "INV01", post="Superintendent Secretword", now=NOON)
    assert "Secretword" not in json.dumps(ledger_details(folder))


def confirmed_and_sent(folder):
    list_actions.decide_entries(folder.place, "INV01", [HIT.key], reader="Lead inspector")
    return list_actions.send_letter(folder.place, "INV01", post="Head of public protection", now=NOON)


def test_a_confirmed_entry_goes_to_one_post_and_the_clock_runs_for_48_hours(folder):
    text = confirmed_and_sent(folder).path.read_text(encoding="utf-8")
    assert "To: Head of public protection, Fernshire. For Fernshire only." in text
    assert "1 days before this letter" not in text
    (entry_kept,) = lists.require_register(folder.place, "INV01").entries
    assert (entry_kept.state, entry_kept.by, entry_kept.due) == (SENT_STATE, "Lead inspector", "2026-08-06T12:00")
    with pytest.raises(UsageError, match="was sent, so it can no longer be"):
        list_actions.decide_entries(folder.place, "INV01", [HIT.key], reader="Lead inspector")


def test_the_ledger_is_told_numbers_and_posts_and_no_record(folder):
    confirmed_and_sent(folder)
    assert [details["who"] for details in ledger_details(folder)] == ["Lead inspector", "Head of public protection"]
    assert "M9" not in json.dumps(ledger_details(folder))


def test_two_who_read_one_list_at_once_lose_neither_what_the_other_said(folder, monkeypatch):
    """The second reads the list only when the first has written it, though the first takes its time."""
    lists.write_register(folder.place, register(entry(), replace(entry(), key="another")))
    reads, writes = threading.Event(), lists.write_register

    def slowly(place, content):
        reads.set()
        time.sleep(0.3)
        return writes(place, content)

    monkeypatch.setattr(lists, "write_register", slowly)
    first = threading.Thread(
        target=list_actions.decide_entries, args=(folder.place, "INV01", [HIT.key]), kwargs={"reader": "Lead inspector"}
    )
    first.start()
    assert reads.wait(5)
    list_actions.decide_entries(folder.place, "INV01", ["another"], reader="Deputy")
    first.join()
    assert [entry.by for entry in lists.require_register(folder.place, "INV01").entries] == ["Lead inspector", "Deputy"]


def test_what_is_not_answered_in_time_goes_to_a_higher_post(folder):
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="overdue"):
        list_actions.escalate_entries(folder.place, "INV01", post="Chief constable", now=NOON + timedelta(hours=48))
    late = NOON + timedelta(hours=48, minutes=1)
    with pytest.raises(UsageError, match="Give a higher post"):
        list_actions.escalate_entries(folder.place, "INV01", post="Head of public protection", now=late)
    text = list_actions.escalate_entries(folder.place, "INV01", post="Chief constable", now=late).path.read_text(
        encoding="utf-8"
    )
    assert "not answered in time" in text
    assert lists.require_register(folder.place, "INV01").entries[0].escalated_to == "Chief constable"


def answers(folder, *lines):
    path = folder.place.parent / "answers.csv"
    path.write_text("\n".join(["entry,answer", *lines]) + "\n", encoding="utf-8")
    return path


def test_an_answer_is_one_of_four_words_and_of_an_entry_that_was_sent(folder):
    with pytest.raises(UsageError, match="was not sent"):
        list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},acted"), now=NOON)
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="line 2"):
        list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},perhaps"), now=NOON)
    list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},acted"), now=NOON)
    assert lists.require_register(folder.place, "INV01").entries[0].state == ANSWERED


def test_the_same_answer_twice_is_counted_once(folder):
    confirmed_and_sent(folder)
    waiting = entry(state=SENT_STATE, due="2026-08-06T12:00", to="Head of public protection")
    other = replace(waiting, key="another")
    lists.write_register(folder.place, register(waiting, other))
    for _ in range(2):
        repeated_answers = answers(folder, f"{HIT.key},acted", f" {HIT.key}, acted")
        done = list_actions.receive_answers(folder.place, "INV01", repeated_answers, now=NOON)
        assert done.sentences == ("1 answer taken in; 1 entry waits still.",)
    assert lists.require_register(folder.place, "INV01").entries[0].earlier_answers == ()


def test_two_answers_to_one_entry_that_differ_are_refused_and_nothing_is_taken_in(folder):
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="lines 2 and 3 give two answers to one entry, so nothing was accepted"):
        list_actions.receive_answers(
            folder.place, "INV01", answers(folder, f"{HIT.key},acted", f"{HIT.key},wrong"), now=NOON
        )
    assert lists.require_register(folder.place, "INV01").entries[0].state == SENT_STATE


def test_a_later_answer_does_not_replace_an_earlier_one_unless_that_is_said_and_the_earlier_is_kept(folder):
    confirmed_and_sent(folder)
    list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},acted"), now=NOON)
    later = answers(folder, f"{HIT.key},wrong")
    with pytest.raises(UsageError, match=f"1 entry has another answer already: {HIT.key}"):
        list_actions.receive_answers(folder.place, "INV01", later, now=NOON)
    assert lists.require_register(folder.place, "INV01").entries[0].answer == "acted"
    done = list_actions.receive_answers(folder.place, "INV01", later, now=NOON, replace_answers=True)
    assert done.sentences == ("1 answer taken in, 1 in place of an earlier one; 0 entries wait still.",)
    assert ledger_details(folder)[-1]["what"] == "urgent list: 1 answer taken in, 1 in place of an earlier one"
    (entry,) = lists.require_register(folder.place, "INV01").entries
    assert (entry.answer, entry.earlier_answers) == ("wrong", ("acted, 2026-08-04T12:00",))


def found_again(folder, *hits, **how):
    """What a run proposes, when the rules find these records."""
    day = {"force_code": "INV01", "extracted_at": datetime(2026, 8, 3, 6)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urgent_search, "find_accepted_return", lambda inspection, force: SimpleNamespace(
            force_code="INV01", return_edition=SimpleNamespace(edition=folder.editions_held["INV01"], files=how.pop("files", {})),
        ))  # fmt: skip
        patch.setattr(
            urgent_search, "facts_of_return", lambda inspection, held_tables, today: to_sender_tables(returns=[day])
        )
        patch.setattr(urgent_search, "find_urgent_records", lambda read: hits)
        patch.setattr(urgent_search, "rule_coverage", lambda read, undecided: how.pop("rules", ()))
        done = urgent_search.search_return(folder.place, "INV01", now=NOON, include_handled=how.pop("again", False))
    return done.sentences, [
        entry_listed.key for entry_listed in lists.require_register(folder.place, "INV01").in_states(PROPOSED)
    ]


NEW = RuleHit("INV01", MISSING_NOW.key, ("missing M10",), date(2026, 8, 2))


def answered_and_closed(folder, word="known"):
    confirmed_and_sent(folder)
    list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},{word}"), now=NOON)
    list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON)


def test_what_a_closed_list_dealt_with_is_not_proposed_again_and_that_is_said(folder):
    answered_and_closed(folder)
    assert "M9" not in json.dumps(ledger_details(folder))
    sentences, keys = found_again(folder, HIT, NEW)
    assert keys == [NEW.key]
    assert any(
        line.startswith("1 record was dealt with in a closed list, and not proposed again") for line in sentences
    )
    assert "  missing-and-known: missing M9" in sentences
    folder.editions_held["INV01"] = 3  # nor of a later edition
    assert found_again(folder, HIT)[1] == []
    assert found_again(folder, HIT, again=True)[1] == [HIT.key]
    assert found_again(folder, HIT)[1] == [HIT.key]  # it stands in the list that is open


def test_what_a_reader_set_aside_is_not_proposed_again_either(folder):
    list_actions.decide_entries(
        folder.place, "INV01", [HIT.key], reader="Lead inspector", set_aside=True, why="The child is back."
    )
    list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON)
    assert found_again(folder, HIT)[1] == []


def test_what_nobody_dealt_with_before_the_list_was_closed_is_proposed_again(folder):
    list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON, although_open=True)
    assert found_again(folder, HIT)[1] == [HIT.key]


def test_a_list_that_went_with_its_return_dealt_with_nothing(folder):
    confirmed_and_sent(folder)
    list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},known"), now=NOON)
    list_closure.close_lists(folder.place, folder.ledger, why="Taken back.", force_code="INV01")
    assert found_again(folder, HIT)[1] == [HIT.key]


SUSPECT = RuleHit(
    "INV01", NO_ACTION.key, ("person entry S1", "crime 1"), date(2026, 5, 2), records=("entry S1", "entry S2")
)


def test_a_record_of_somebody_who_was_dealt_with_is_proposed_again_if_something_new_is_in_it(folder):
    """Two entries were dealt with; a third, on another crime, was not."""
    lists.write_register(folder.place, updated_register([SUSPECT]))
    list_actions.decide_entries(
        folder.place, "INV01", [SUSPECT.key], reader="Lead inspector", set_aside=True, why="Another force acted."
    )
    list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON)
    assert found_again(folder, replace(SUSPECT, refs=("person entry S2", "crime 2")))[1] == []
    more = replace(SUSPECT, refs=("person entry S1", "crime 3"), records=("entry S1", "entry S2", "entry S3"))
    assert found_again(folder, more)[1] == [more.key]


def test_no_entry_proposed_is_not_all_clear_where_a_rule_was_not_asked(folder):
    rules = (RuleCoverage(NO_ACTION.key, NOT_ASKED, "this was not sent: the table orders (refused by rule R04)"),
             RuleCoverage(MISSING_NOW.key, IN_FULL))  # fmt: skip
    sentences, _ = found_again(folder, rules=rules)
    assert sentences[0] == "INV01, data read on 2026-08-03: 0 entries are proposed. 1 rule of 2 could not be applied."
    line = "several-children: not asked, because this was not sent: the table orders (refused by rule R04)."
    assert f"  Rule {line}" in sentences
    assert "  Rule missing-and-known: asked in full." in sentences
    list_status = list_actions.show_list_status(folder.place, now=NOON)
    assert f"  INV01, {line}" in list_status.summary_lines()
    assert [row["rule"] for row in list_status.as_dict()["rules"]] == [NO_ACTION.key]


def test_a_record_of_which_a_rule_cannot_decide_is_listed_and_never_sent(folder):
    open_case = replace(SUSPECT, unknown="whether there was an order or a warning")
    sentences, keys = found_again(folder, open_case)
    assert keys == []
    assert (
        "  several-children: person entry S1, crime 1: not known whether there was an order or a warning" in sentences
    )
    with pytest.raises(UsageError, match="No entry of INV01 is confirmed"):
        list_actions.send_letter(folder.place, "INV01", post="Head", now=NOON)
    assert "1 record is neither proposed nor ruled out" in " ".join(
        list_actions.show_list_status(folder.place, now=NOON).summary_lines()
    )


def test_a_list_made_from_a_bundle_says_that_it_names_records_by_codes(folder):
    sentences, _ = found_again(folder, HIT, files={"bundle.toml": "hash"})
    assert urgent_search.CODES in sentences
    text = confirmed_and_sent(folder).path.read_text(encoding="utf-8")
    assert "own references" not in text
    assert "INV01-codes.csv" in text
    assert "Your records, by the codes of your bundle" in text


def test_a_list_made_from_a_full_return_names_records_by_the_forces_references(folder):
    sentences, _ = found_again(folder, HIT)
    assert urgent_search.CODES not in sentences
    text = confirmed_and_sent(folder).path.read_text(encoding="utf-8")
    assert "your own references" in text
    assert "codes.csv" not in text


def test_a_list_with_an_entry_that_nobody_has_read_is_not_closed(folder):
    with pytest.raises(UsageError, match="1 proposed"):
        list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON)
    list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON, although_open=True)
    assert ledger_details(folder)[-1]["why"] == "closed although entries were open"


def test_a_closed_list_is_gone_with_its_letters_and_its_numbers_stay(folder):
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="1 sent"):
        list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON)
    list_actions.receive_answers(folder.place, "INV01", answers(folder, f"{HIT.key},known"), now=NOON)
    list_actions.close_urgent_list(folder.place, "INV01", reader="Lead inspector", now=NOON)
    assert not lists.list_folder(folder.place, "INV01").exists()
    assert ledger_details(folder)[-1]["numbers"] == "1 answered; answers: 1 known, 0 acted, 0 wrong, 0 untraced"


def closed_with(folder, force_code, *words):
    """A list of entries that were answered with these words, or set aside, closed."""
    entry_sentences = [
        Entry(f"{n}", MISSING_NOW.key, (), "", state=SET_ASIDE if word == "aside" else ANSWERED, answer=word)
        for n, word in enumerate(words)
    ]
    lists.write_register(folder.place, replace(register(*entry_sentences), body=force_code, edition=2))
    list_actions.close_urgent_list(folder.place, force_code, reader="Lead inspector", now=NOON)


def test_how_often_a_rule_was_right_outlives_the_list_that_it_was_counted_on(folder):
    """Two lists that are closed: 1 right and 1 wrong, then 1 right and 1 set aside; and 1 wrong on one that is open."""
    closed_with(folder, "INV01", "known", "wrong")
    closed_with(folder, "INV02", "acted", "aside")
    lists.write_register(folder.place, register(entry(state=ANSWERED, answer="wrong")))
    precision = list_actions.show_list_status(folder.place, now=NOON).precision[0]
    assert (precision.right, precision.wrong, precision.set_aside) == (1 + 1, 1 + 1, 1)
    assert list_actions.show_list_status(folder.place, "INV02", now=NOON).precision[0].right == 1


def test_an_edition_is_looked_at_once_and_the_next_one_again(folder):
    def waiting():
        return list_actions.show_list_status(folder.place, now=NOON).not_searched

    folder.editions_held["INV02"] = 1
    assert waiting() == ("INV02",)
    closed_with(folder, "INV01", "known")
    assert waiting() == ("INV02",)  # the list of edition 2 is closed, and nothing more is to be looked at in it
    folder.editions_held["INV01"] = 3
    assert waiting() == ("INV01", "INV02")


def test_a_return_that_cannot_be_looked_at_stops_no_other_and_is_named(folder, monkeypatch):
    folder.editions_held |= {"INV01": 3, "INV02": 1, "INV03": 1}

    def facts(inspection, held_tables, today):
        if held_tables.force_code == "INV02":
            raise UsageError("Its identities are destroyed.")
        read = {"force_code": "INV01", "extracted_at": datetime(2026, 8, 3, 6), "period_from": date(2026, 4, 1)}
        return to_sender_tables(returns=[read])

    monkeypatch.setattr(urgent_search, "facts_of_return", facts)
    monkeypatch.setattr(urgent_search, "rule_coverage", lambda sender_tables, undecided: ())
    done = urgent_search.search_all(folder.place, now=NOON)
    assert done.failed == ("INV02",)
    assert "INV02, edition 1: not searched. Its identities are destroyed." in done.sentences
    assert [unsearched.force_code for unsearched in urgent_search.unsearched_returns(folder.inspection)] == ["INV02"]


def test_what_is_overdue_is_named_with_its_force(folder):
    confirmed_and_sent(folder)
    summary_lines = list_actions.show_list_status(folder.place, now=NOON + timedelta(hours=49)).summary_lines()
    assert f"  INV01, {HIT.key}: sent to Head of public protection, due 2026-08-06T12:00" in summary_lines


def test_a_list_goes_with_the_edition_that_it_rests_on_and_that_counts_as_not_looked_at(folder):
    confirmed_and_sent(folder)
    for other in ({"force_code": "INV02"}, {"force_code": "INV01", "editions": [1]}):
        assert list_closure.close_lists(folder.place, folder.ledger, why="Taken back.", **other) == 0
    assert (
        list_closure.close_lists(folder.place, folder.ledger, why="Taken back.", force_code="INV01", editions=[2]) == 2
    )
    assert not lists.list_folder(folder.place, "INV01").exists()
    assert ledger_details(folder)[-1]["numbers"].startswith("1 sent")
    assert list_actions.show_list_status(folder.place, now=NOON).not_searched == ("INV01",)


def test_precision_is_of_the_answers_that_tell():
    """Two right of three that tell; one cannot be traced, and one was set aside before it left."""
    words = ("known", "acted", "wrong", "untraced")
    entries = [
        Entry(f"{MISSING_NOW.key}-{n}", MISSING_NOW.key, (), "", state=ANSWERED, answer=w) for n, w in enumerate(words)
    ]
    entries.append(Entry("aside", MISSING_NOW.key, (), "", state="set aside"))
    precision = list_status([register(*entries)], NOON).precision[0]
    assert (precision.right, precision.wrong, precision.set_aside) == (2, 1, 1)
    assert precision.share == pytest.approx(2 / 3)
    assert (precision.low, precision.high) == pytest.approx((0.2077, 0.9385), abs=1e-4)  # Wilson, 2 of 3


def test_a_letter_asks_to_check_and_never_says_that_anything_is_so():
    ready = entry(state=CONFIRMED, extracted="2026-08-03")
    text = letter_html(for_sender(FERNSHIRE, [ready]), Posting("Head", NOON, NOON))
    assert "Check now whether this child is back, and safe." in text
    assert "3 August 2026" in text  # the age of the data
    assert "1 August 2026, 3 days ago" in text  # of the record
    assert "30 November 2026" in text  # of the rules
    assert "What happened after the data were extracted." in text


def test_a_letter_says_of_each_entry_when_its_data_were_read():
    two = [entry(extracted="2026-08-03"), replace(entry(extracted="2026-07-30"), key="missing-and-known-2")]
    text = letter_html(for_sender(FERNSHIRE, two), Posting("Head", NOON, NOON))
    assert "on 30 July 2026, 5 days before this letter; others on 3 August 2026, 1 day before this letter" in text
    assert "<td>30 July 2026</td>" in text


def test_an_entry_of_another_force_is_not_handed_over():
    rows = pa.Table.from_pylist([{"force_code": "INV02", "key": "k"}])
    with pytest.raises(DisclosureError, match="not of INV01"):
        ToSender(FERNSHIRE, {"entries": rows})
