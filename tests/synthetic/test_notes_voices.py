"""Does a note say whose voice it is, and blame as often as was asked?"""

import collections
import dataclasses
import datetime as dt
import math

import pytest

from assay.errors import UsageError
from assay.synthetic.local_time import DAY
from assay.synthetic.notes import BLAMING, VOICES, Attitude, Blemishes, grammar, office, write_note
from assay.synthetic.notes.note_writing import NOT_OWN_WORDS, SHARES
from assay.synthetic.notes.typing_errors import WRITERS
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.return_forms import world_span
from assay.synthetic.synthetic_country import generate_forces as synthetic_country
from assay.synthetic.synthetic_people import People
from assay.synthetic.synthetic_tables import ForceRecords
from assay.synthetic.synthetic_texts import attitude
from assay.synthetic.world_files import read_world

CLEAN = Blemishes(**dict.fromkeys(vars(Blemishes()), 0.0))
KINDS = tuple(WRITERS)


def notes_drawn(number: int, attitude: Attitude, authors=None) -> list:
    """Notes of every kind in turn, each with a chance of its own."""
    notes = []
    for place in range(number):
        stream, kind = RandomStream("voices", place), KINDS[place % len(KINDS)]
        author = authors.writer(kind, stream) if authors else None
        notes.append(write_note(kind, stream, attitude=attitude, author=author, blemishes=CLEAN))
    return notes


@pytest.fixture(scope="module")
def usual() -> list:
    return notes_drawn(16_000, Attitude(blaming=0.1))


def test_every_voice_is_heard(usual):
    assert {note.voice for note in usual} == set(VOICES)


def test_only_the_officers_own_words_and_what_they_adopt_are_blaming(usual):
    for note in usual:
        assert note.blaming == (note.voice in BLAMING)
        assert note.own_words or not note.blaming


def test_the_share_of_blaming_notes_is_near_the_rate_that_was_asked(usual):
    own_notes = [note for note in usual if note.own_words]
    share = sum(note.blaming for note in own_notes) / len(own_notes)
    assert abs(share - 0.1) < 4 * math.sqrt(0.1 * 0.9 / len(own_notes))


def test_authors_differ_and_their_mean_is_the_rate_of_the_force():
    authors = office("leaning", 2000)
    own_notes = [note for note in notes_drawn(16_000, Attitude(blaming=0.3), authors) if note.own_words]
    by_author = collections.defaultdict(list)
    for note in own_notes:
        by_author[note.author_key].append(note.blaming)
    shares = [sum(flags) / len(flags) for flags in by_author.values() if len(flags) >= 30]
    assert abs(sum(note.blaming for note in own_notes) / len(own_notes) - 0.3) < 0.04
    assert min(shares) < 0.15
    assert max(shares) > 0.45


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.9, 1.0])
def test_a_leaning_never_leaves_the_range_of_a_share_and_the_two_ends_cancel(rate):
    attitude = Attitude(blaming=rate)
    assert 0 <= attitude.author_share(-1) <= rate <= attitude.author_share(1) <= 1
    assert attitude.author_share(-1) + attitude.author_share(1) == pytest.approx(2 * rate)


def test_a_form_or_a_partners_text_never_counts_even_where_every_officer_blames():
    notes = notes_drawn(1600, Attitude(blaming=1.0))
    assert all(note.blaming for note in notes if note.own_words)
    other_notes = [note for note in notes if note.kind in NOT_OWN_WORDS]
    assert len(other_notes) == 300
    assert not any(note.blaming for note in other_notes)
    assert any(note.template for note in other_notes)


def test_a_template_prints_a_blaming_phrase_and_other_forms_do_not(usual):
    printed = [
        way if isinstance(way, str) else "".join(p for p in way if isinstance(p, str))
        for way in grammar()["form.blame_printed"].variants
    ]
    for note in usual:
        if note.kind == "form":
            holds = any(phrase in note.text for phrase in printed) or "behaviour / lifestyle" in note.text
            assert holds == note.template


def test_a_force_that_cleans_its_words_blames_in_the_same_notes_without_a_stock_phrase(usual):
    clean = notes_drawn(16_000, Attitude(blaming=0.1, cleaned=True))
    assert [note.blaming for note in clean] == [note.blaming for note in usual]
    blaming = [note for note in clean if note.blaming]
    assert all(note.paraphrase for note in blaming)
    assert any(not note.paraphrase for note in usual if note.blaming)
    stock = {
        text.lower() for child in ("she", "he") for texts in grammar(child)["blame.stock"].all_texts() for text in texts
    }
    assert len(stock) > 300
    assert [note.text for note in blaming[:250] if any(text in note.text.lower() for text in stock)] == []
    assert not any(note.template for note in clean)


def test_half_of_blaming_notes_hold_no_stock_phrase(usual):
    blaming = [note.paraphrase for note in usual if note.blaming]
    assert 0.45 < sum(blaming) / len(blaming) < 0.65


def test_paraphrases_are_many():
    say = grammar("she", "paraphrase")
    assert len({say["blame.paraphrase"].say(RandomStream("many", place)) for place in range(2000)}) > 500


def test_voices_that_do_not_count_can_be_switched_off():
    assert {note.voice for note in notes_drawn(3200, Attitude(blaming=0.0, other_voices=0.0))} == {"none"}


def test_shares_of_the_other_voices_leave_room_for_notes_with_none():
    assert all(sum(shares.values()) < 0.7 for shares in SHARES.values())


@pytest.mark.parametrize("wrong", [{"blaming": 1.2}, {"paraphrased": -0.1}, {"other_voices": -1}])
def test_an_attitude_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(UsageError, match="between 0 and 1"):
        Attitude(**wrong)


def test_the_country_knows_of_every_note_whose_voice_it_is(country):
    known = {(row["force_code"], row["note_ref"]): row for row in country.known("notes")}
    sent_notes = [
        row
        for row in country.all("notes")
        if row["note_ref"] and len(row["note_ref"]) <= 64 and row["force_code"] != "INV98"
    ]
    assert len(sent_notes) > 5000
    assert {(row["force_code"], row["note_ref"]) for row in sent_notes} <= set(known)
    own_notes = [row for row in known.values() if row["own_words"] == "yes"]
    assert 0.008 < sum(row["blaming"] == "yes" for row in own_notes) / len(own_notes) < 0.03
    assert {row["voice"] for row in known.values()} >= set(BLAMING)


def test_only_welsh_forces_write_welsh(country):
    welsh = {row["force_code"] for row in country.known("notes") if row["blemish"] == "welsh"}
    assert welsh == {f"INV{number}" for number in range(40, 44)}


@pytest.mark.parametrize("cleaned", [False, True])
def test_a_force_that_cleans_its_words_does_so_from_the_middle_of_the_period(cleaned):
    world = read_world("plain").sized(forces=1, crimes=10)
    force, span = synthetic_country(world, 1)[0], world_span(world)
    here = dataclasses.replace(force, rates={**force.rates, "blaming": 0.3}, cleaned=cleaned)
    records = ForceRecords(here, span, RandomStream("book"), People(RandomStream("people"), "INV01"))
    middle = span.period_to - 182 * DAY
    for day in (span.period_from, middle - DAY, middle, span.period_to):
        found = attitude(records, dt.datetime.combine(day, dt.time(9, 30)))
        assert found == Attitude(blaming=0.3, cleaned=cleaned and day >= middle)
