"""Does an urgent list put forward what its rules say, leave only by a person's hand, and say how often it was right?"""

import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from assay.commission import Body
from assay.disclosure import ToSender
from assay.errors import DisclosureError, UsageError
from assay.urgent import doing
from assay.urgent import register as lists
from assay.urgent.letter import Posted, for_sender, letter
from assay.urgent.register import ANSWERED, CONFIRMED, SENT, Entry, Register, proposed
from assay.urgent.rules import MISSING_AGAIN, MISSING_NOW, UNTOUCHED, Found, found
from assay.urgent.standing import standing

BODY = Body("INV01", "Fernshire", "fernshire", "territorial", "England")
NOON = datetime(2026, 8, 4, 12)
PERSON = {"force_code": "INV01", "person_id": "p1", "several_children": True, "acted_on": False}
ENTRIES = [{"force_code": "INV01", "person_id": "p1", "involvement_ref": f"S{n}", "crime_ref": f"{n}"} for n in (1, 2)]
CRIMES = [{"force_code": "INV01", "crime_ref": f"{n}", "recorded_day": date(2026, 5, n)} for n in (1, 2)]


def episode(ref, started, **values):
    return {
        "force_code": "INV01", "missing_ref": ref, "person_id": "c1", "started_day": date.fromisoformat(started),
        "returned": True, "known_exploited": False, "exploitation_flagged": False, **values,
    }  # fmt: skip


def sent(**tables):
    return ToSender(BODY, {name: pa.Table.from_pylist(rows) for name, rows in tables.items()})


def of_person(**values):
    return found(sent(suspected_person=[PERSON | values], pursuit=ENTRIES, crime=CRIMES))


def test_a_suspect_of_crimes_against_two_children_with_nothing_on_record_is_put_forward():
    (one,) = of_person()
    assert (one.rule, one.refs, one.record_day) == (
        UNTOUCHED.key, ("person entry S1", "crime 1", "crime 2"), date(2026, 5, 2),
    )  # fmt: skip


@pytest.mark.parametrize("values", [{"acted_on": True}, {"acted_on": None}, {"several_children": None}])
def test_what_is_not_known_is_not_put_forward(values):
    assert of_person(**values) == ()


THREE = [episode("M1", "2026-05-01"), episode("M2", "2026-06-01"), episode("M3", "2026-07-29")]


def test_a_third_episode_within_90_days_without_a_flag_is_put_forward():
    """1 May to 29 July are 89 days."""
    (one,) = found(sent(missing_episode=THREE))
    assert (one.rule, one.refs) == (MISSING_AGAIN.key, ("missing M1", "missing M2", "missing M3"))


def test_a_third_episode_after_90_days_is_not():
    assert found(sent(missing_episode=[*THREE[:2], episode("M3", "2026-07-30")])) == ()


def test_a_child_who_went_missing_three_times_long_before_the_data_were_read_is_not():
    """29 July to 27 October 2026 are 90 days."""
    read = {"force_code": "INV01", "extracted_at": datetime(2026, 10, 26, 6)}
    assert len(found(sent(missing_episode=THREE, returns=[read]))) == 1
    assert found(sent(missing_episode=THREE, returns=[read | {"extracted_at": datetime(2026, 10, 27, 6)}])) == ()


@pytest.mark.parametrize("flagged", [True, None])
def test_a_flagged_child_or_one_of_whom_that_is_not_known_is_not(flagged):
    assert found(sent(missing_episode=[*THREE[:2], episode("M3", "2026-07-29", exploitation_flagged=flagged)])) == ()


def test_a_child_known_as_exploited_and_not_back_comes_first():
    rows = [*THREE, episode("M9", "2026-08-01", person_id="c2", returned=False, known_exploited=True)]
    assert [one.rule for one in found(sent(missing_episode=rows))] == [MISSING_NOW.key, MISSING_AGAIN.key]
    not_known = rows[-1] | {"returned": None}
    assert [one.rule for one in found(sent(missing_episode=[not_known]))] == []


HIT = Found("INV01", MISSING_NOW.key, ("missing M9",), date(2026, 8, 1))


def register(*entries):
    return Register("INV01", 1, "2026-08-03", entries)


def made(hits=(HIT,), before=None):
    return proposed(before, hits, body="INV01", edition=2, extracted=date(2026, 8, 3))


def entry(**values):
    return Entry(HIT.key, HIT.rule, HIT.refs, "2026-08-01", **values)


def test_what_somebody_dealt_with_stays_when_the_rules_run_again_and_what_was_only_proposed_goes():
    dealt_with = entry(state=SENT, due="2026-08-05T12:00")
    assert made(before=register(dealt_with)).entries == (dealt_with,)
    assert made((), register(dealt_with)).entries == (dealt_with,)
    assert made((), register(entry())).entries == ()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An inspection of which only the request and the ledger matter; what is noted is kept."""
    noted = []
    ledger = SimpleNamespace(append=lambda kind, **told: noted.append(told))
    request = SimpleNamespace(body=lambda code: BODY)
    monkeypatch.setattr(doing, "open_inspection", lambda path: SimpleNamespace(ledger=ledger, request=request))
    place = tmp_path / "inspection"
    lists.write(place, made())
    return SimpleNamespace(place=place, noted=noted)


def test_nothing_leaves_that_no_person_has_confirmed(folder):
    with pytest.raises(UsageError, match="No entry of INV01 is confirmed"):
        doing.send(folder.place, "INV01", to="Head of public protection", now=NOON)
    with pytest.raises(UsageError, match="by post"):
        doing.decide(folder.place, "INV01", [HIT.key], by="")
    with pytest.raises(UsageError, match="Say why"):
        doing.decide(folder.place, "INV01", [HIT.key], by="Lead inspector", aside=True)


def confirmed_and_sent(folder):
    doing.decide(folder.place, "INV01", [HIT.key], by="Lead inspector")
    return doing.send(folder.place, "INV01", to="Head of public protection", now=NOON)


def test_a_confirmed_entry_goes_to_one_post_and_the_clock_runs_for_48_hours(folder):
    text = confirmed_and_sent(folder).path.read_text(encoding="utf-8")
    assert "To: Head of public protection, Fernshire. For Fernshire only." in text
    assert "1 days before this letter" not in text
    (one,) = lists.there(folder.place, "INV01").entries
    assert (one.state, one.by, one.due) == (SENT, "Lead inspector", "2026-08-06T12:00")
    with pytest.raises(UsageError, match="has been sent"):
        doing.decide(folder.place, "INV01", [HIT.key], by="Lead inspector")


def test_the_ledger_is_told_numbers_and_posts_and_no_record(folder):
    confirmed_and_sent(folder)
    assert [one["who"] for one in folder.noted] == ["Lead inspector", "Head of public protection"]
    assert "M9" not in json.dumps(folder.noted)


def test_what_is_not_answered_in_time_goes_to_a_higher_post(folder):
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="overdue"):
        doing.escalate(folder.place, "INV01", to="Chief constable", now=NOON + timedelta(hours=48))
    late = NOON + timedelta(hours=48, minutes=1)
    with pytest.raises(UsageError, match="another post"):
        doing.escalate(folder.place, "INV01", to="Head of public protection", now=late)
    text = doing.escalate(folder.place, "INV01", to="Chief constable", now=late).path.read_text(encoding="utf-8")
    assert "no answer has come" in text
    assert lists.there(folder.place, "INV01").entries[0].escalated_to == "Chief constable"


def answers(folder, *lines):
    path = folder.place.parent / "answers.csv"
    path.write_text("\n".join(["entry,answer", *lines]) + "\n", encoding="utf-8")
    return path


def test_an_answer_is_one_of_four_words_and_of_an_entry_that_was_sent(folder):
    with pytest.raises(UsageError, match="was not sent"):
        doing.answer(folder.place, "INV01", answers(folder, f"{HIT.key},acted"), now=NOON)
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="Line 2"):
        doing.answer(folder.place, "INV01", answers(folder, f"{HIT.key},perhaps"), now=NOON)
    doing.answer(folder.place, "INV01", answers(folder, f"{HIT.key},acted"), now=NOON)
    assert lists.there(folder.place, "INV01").entries[0].state == ANSWERED


def test_a_closed_list_is_gone_with_its_letters_and_its_numbers_stay(folder):
    confirmed_and_sent(folder)
    with pytest.raises(UsageError, match="waits for an answer"):
        doing.close(folder.place, "INV01", by="Lead inspector", now=NOON)
    doing.answer(folder.place, "INV01", answers(folder, f"{HIT.key},known"), now=NOON)
    doing.close(folder.place, "INV01", by="Lead inspector", now=NOON)
    assert not lists.folder_of(folder.place, "INV01").exists()
    assert folder.noted[-1]["what"] == "urgent list of INV01 closed: 1 answered; answers: 1 known, 0 acted, 0 wrong, 0 untraced"


def test_precision_is_of_the_answers_that_tell():
    """Two right of three that tell; one cannot be traced, and one was set aside before it left."""
    words = ("known", "acted", "wrong", "untraced")
    told = [Entry(f"{MISSING_NOW.key}-{n}", MISSING_NOW.key, (), "", state=ANSWERED, answer=w) for n, w in enumerate(words)]
    told.append(Entry("aside", MISSING_NOW.key, (), "", state="set aside"))
    one = standing([register(*told)], NOON).precision[0]
    assert (one.right, one.wrong, one.set_aside) == (2, 1, 1)
    assert one.share == pytest.approx(2 / 3)
    assert (one.low, one.high) == pytest.approx((0.2077, 0.9385), abs=1e-4)  # Wilson, 2 of 3


def test_a_letter_asks_to_check_and_never_says_that_anything_is_so():
    text = letter(for_sender(BODY, [entry(state=CONFIRMED)]), date(2026, 8, 3), Posted("Head", NOON, NOON))
    assert "Check now whether this child is back, and safe." in text
    assert "3 August 2026" in text  # the age of the data
    assert "1 August 2026, 3 days ago" in text  # of the record
    assert "27 November 2026" in text  # of the rules
    assert "What happened since the data were read." in text


def test_an_entry_of_another_force_is_not_handed_over():
    rows = pa.Table.from_pylist([{"force_code": "INV02", "key": "k"}])
    with pytest.raises(DisclosureError, match="not of INV01"):
        ToSender(BODY, {"entries": rows})
