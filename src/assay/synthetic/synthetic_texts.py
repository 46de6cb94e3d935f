"""Which texts does an invented return hold, and what is true of each? The words come from the grammar of `notes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from assay.synthetic.local_time import DAY, after, minute
from assay.synthetic.notes import Attitude, Blemishes, Office, Shares, office, other_crime, summary, write
from assay.synthetic.notes import phrase as of_the_grammar
from assay.synthetic.notes.crime_summaries import CHILDREN, kinds_of
from assay.synthetic.notes.note_grammar import words
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import Book

KINDS = {
    "investigation": 30,
    "supervision": 16,
    "victim_contact": 14,
    "third_party": 12,
    "log": 5,
    "form": 5,
    "suspect_account": 4,
    "assessment": 4,
    "victim_account": 3,
    "referral_text": 3,
    "intelligence": 3,
    "file_to_prosecutor": 2,
    "training_or_policy": 1,
    "other": 1,
}
MOST_FURTHER = 6  # entries of a crime between the first and the last
WELSH_NOTES = 0.05  # the share of notes and summaries of a Welsh force that hold a sentence in Welsh


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, tuple[str, ...]]:
    """The short texts that the cover and other tables want, by what they are for."""
    return {key: tuple(found) for key, found in words("fixed")["return"].items()}


def phrase(kind: str, chance: Chance) -> str:
    """A text for another table: document, reason or narrative."""
    if kind != "narrative":
        return of_the_grammar(f"return.{kind}", chance)
    told = ["assessment.first", *["assessment.then"] * chance.whole(0, 3)]
    return " ".join([of_the_grammar(name, chance) for name in told])


def case_notes(book: Book, case: Case, chance: Chance) -> None:
    """Some entries in the record of one crime."""
    when, child = case.recorded, "he" if case.victims[0].sex == "M" else "she"
    for kind in ("log", *(chance.weighted(KINDS) for _ in range(chance.whole(1, MOST_FURTHER)))):
        if book.seen(when):
            _note(book, kind, when, chance, child, crime_ref=case.ref)
        when = after(when, chance.exponential(12), chance)
    if book.seen(case.ends) and book.rows("crimes")[-1]["closed_at"]:
        _note(book, "closing_report", case.ends, chance, child, crime_ref=case.ref)


def episode_notes(book: Book, chance: Chance) -> None:
    """An entry on one missing episode in three."""
    for episode in list(book.rows("missing")):
        draw = chance.stream(episode["missing_ref"])
        ended = episode["ended_at"]
        if ended and draw.happens(0.33):
            later = after(ended, 0, draw)
            if book.seen(later):
                _note(book, "missing", later, draw, "", missing_ref=episode["missing_ref"])


def attitude(book: Book, when: dt.datetime) -> Attitude:
    """How the force writes on that day; one that cleans its words does so from the middle of the period on."""
    found = Attitude(blaming=book.force.rate("blaming", when))
    cleaned = book.force.cleaned and when.date() >= book.span.period_to - book.span.days // 2 * DAY
    return replace(found, cleaned=True) if cleaned else found


def _authors(book: Book) -> Office:
    return office(f"{book.whole.path}/office", book.force.crimes * 365 // book.span.days)


def _note(book: Book, kind: str, when: dt.datetime, chance: Chance, child: str, **names: str) -> None:
    author = _authors(book).writer(kind, chance)
    blemishes = Blemishes(welsh=WELSH_NOTES if book.force.welsh else 0.0)
    note = write(
        kind,
        chance,
        attitude=attitude(book, when),
        author=author,
        blemishes=blemishes,
        child=child,
        clock=f"{when:%H:%M}",
    )
    ref = book.ref("T")
    book.add(
        "notes",
        note_ref=ref,
        entry_at=when,
        author_role=note.author_role,
        author_key=note.author_key,
        entry_type=kind,
        form=note.form,
        text=note.text,
        **names,
    )
    book.know(
        "notes",
        note_ref=ref,
        own_words=note.own_words,
        blaming=note.blaming,
        voice=note.voice,
        paraphrase=note.paraphrase,
        template=note.template,
        blemish=note.blemish,
    )


def summaries(book: Book, chance: Chance) -> None:
    """The summary of every crime sent, and of as many crimes of other kinds that are not in scope."""
    span, shares = book.span, Shares(welsh=WELSH_NOTES if book.force.welsh else 0.0)
    known = {row["crime_ref"]: row for row in book.truth.get("crimes", ())}
    inside = [row for row in book.rows("crimes") if span.period_from <= row["recorded_at"].date() < span.period_to]
    for row in inside:
        kind = CHILDREN
        if row["scope_reason"] in ("child_as_suspect", "flagged"):
            kind = kinds_of().get(row["offence_code"], CHILDREN)
        truth = known.get(row["crime_ref"], {})
        names = {key: row[key] for key in ("crime_ref", "offence_code", "recorded_at")}
        held = (bool(truth.get("exploited")), bool(truth.get("cse_flag")))
        _summary(book, kind, held, chance.stream(row["crime_ref"]), shares, names)
    # A force that sends the summaries of all its crimes writes those of other kinds by column, not one by one.
    for place in range(0 if book.force.other_crimes else len(inside)):
        draw = chance.stream("other", place)
        when = minute(span.period_from + draw.whole(0, span.days - 1) * DAY, draw)
        kind, code = other_crime(draw)
        names = {"crime_ref": book.ref("Z"), "offence_code": code, "recorded_at": when}
        # A crime that bears a flag is in scope whatever its code, so none of these does.
        _summary(book, kind, (draw.happens(shares.exploited), False), draw, shares, names)


def _summary(
    book: Book, kind: str, held: tuple[bool, bool], chance: Chance, shares: Shares, names: Mapping[str, object]
) -> None:
    """One summary, of a crime that is exploitation or not and is flagged or not."""
    exploited, flagged = held
    made = summary(kind, chance, exploited=exploited, shares=shares)
    book.add("summaries", **names, text=made.text)
    known = {"exploited": exploited, "flagged": flagged, "signs": made.signs, "near_miss": made.near_miss}
    book.know("summaries", crime_ref=names["crime_ref"], **known)
