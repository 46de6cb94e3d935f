"""The texts of a synthetic return and their truth, from the grammar of `notes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from assay.synthetic.local_time import DAY, random_minute, time_after
from assay.synthetic.notes import (
    Attitude,
    Blemishes,
    Office,
    Shares,
    office,
    other_crime,
    random_phrase,
    summary,
    write_note,
)
from assay.synthetic.notes.crime_summaries import CHILDREN, kind_by_code
from assay.synthetic.notes.note_grammar import grammar_file
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import ForceRecords

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
MAX_ENTRIES = 6  # additional entries of a crime between the first and the last
WELSH_NOTES = 0.05  # the share of notes and summaries of a Welsh force with a sentence in Welsh


@lru_cache(maxsize=1)
def fixed_phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the short texts of the return manifest and other tables, by purpose."""
    return {key: tuple(found) for key, found in grammar_file("fixed")["return"].items()}


def table_text(kind: str, stream: RandomStream) -> str:
    """Return a text for a table other than notes and summaries: document, reason or narrative."""
    if kind != "narrative":
        return random_phrase(f"return.{kind}", stream)
    slot_names = ["assessment.first", *["assessment.then"] * stream.integer(0, 3)]
    return " ".join([random_phrase(name, stream) for name in slot_names])


def case_notes(records: ForceRecords, case: Case, stream: RandomStream) -> None:
    """Add some note entries to the record of one crime."""
    when, child = case.recorded, "he" if case.victims[0].sex == "M" else "she"
    for kind in ("log", *(stream.weighted(KINDS) for _ in range(stream.integer(1, MAX_ENTRIES)))):
        if records.is_before_extraction(when):
            _note(records, kind, when, stream, child, crime_ref=case.ref)
        when = time_after(when, stream.exponential(12), stream)
    if records.is_before_extraction(case.ends) and records.rows("crimes")[-1]["closed_at"]:
        _note(records, "closing_report", case.ends, stream, child, crime_ref=case.ref)


def episode_notes(records: ForceRecords, stream: RandomStream) -> None:
    """Add an entry on one missing episode in three."""
    for episode in list(records.rows("missing")):
        draw = stream.substream(episode["missing_ref"])
        ended = episode["ended_at"]
        if ended and draw.happens(0.33):
            later = time_after(ended, 0, draw)
            if records.is_before_extraction(later):
                _note(records, "missing", later, draw, "", missing_ref=episode["missing_ref"])


def attitude(records: ForceRecords, when: dt.datetime) -> Attitude:
    """Return the force's attitude on a date; a force that removes stock phrases does so from the middle of the
    period on."""
    found = Attitude(blaming=records.force.rate("blaming", when))
    cleaned = records.force.cleaned and when.date() >= records.span.period_to - records.span.days // 2 * DAY
    return replace(found, cleaned=True) if cleaned else found


def _authors(records: ForceRecords) -> Office:
    return office(f"{records.force_stream.path}/office", records.force.crimes * 365 // records.span.days)


def _note(records: ForceRecords, kind: str, when: dt.datetime, stream: RandomStream, child: str, **names: str) -> None:
    author = _authors(records).writer(kind, stream)
    blemishes = Blemishes(welsh=WELSH_NOTES if records.force.welsh else 0.0)
    note = write_note(
        kind,
        stream,
        attitude=attitude(records, when),
        author=author,
        blemishes=blemishes,
        child=child,
        clock=f"{when:%H:%M}",
    )
    ref = records.ref("T")
    records.add(
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
    records.add_truth(
        "notes",
        note_ref=ref,
        own_words=note.own_words,
        blaming=note.blaming,
        voice=note.voice,
        paraphrase=note.paraphrase,
        template=note.template,
        blemish=note.blemish,
    )


def summaries(records: ForceRecords, stream: RandomStream) -> None:
    """Add the summary of every crime in scope, and of as many crimes of other kinds."""
    span, shares = records.span, Shares(welsh=WELSH_NOTES if records.force.welsh else 0.0)
    known = {row["crime_ref"]: row for row in records.truth.get("crimes", ())}
    inside = [row for row in records.rows("crimes") if span.period_from <= row["recorded_at"].date() < span.period_to]
    for row in inside:
        kind = CHILDREN
        if row["scope_reason"] in ("child_as_suspect", "flagged"):
            kind = kind_by_code().get(row["offence_code"], CHILDREN)
        truth = known.get(row["crime_ref"], {})
        names = {key: row[key] for key in ("crime_ref", "offence_code", "recorded_at")}
        exploited_and_flagged = (bool(truth.get("exploited")), bool(truth.get("cse_flag")))
        _summary(records, kind, exploited_and_flagged, stream.substream(row["crime_ref"]), shares, names)
    # A force that sends the summaries of all its crimes writes those of other kinds by column, not one by one.
    for place in range(0 if records.force.other_crimes else len(inside)):
        draw = stream.substream("other", place)
        when = random_minute(span.period_from + draw.integer(0, span.days - 1) * DAY, draw)
        kind, code = other_crime(draw)
        names = {"crime_ref": records.ref("Z"), "offence_code": code, "recorded_at": when}
        # A flagged crime is in scope whatever its code, so none of these is flagged.
        _summary(records, kind, (draw.happens(shares.exploited), False), draw, shares, names)


def _summary(
    records: ForceRecords,
    kind: str,
    exploited_and_flagged: tuple[bool, bool],
    stream: RandomStream,
    shares: Shares,
    names: Mapping[str, object],
) -> None:
    """Add one summary of a crime, by whether it is exploitation and flagged."""
    exploited, flagged = exploited_and_flagged
    crime_summary = summary(kind, stream, exploited=exploited, shares=shares)
    records.add("summaries", **names, text=crime_summary.text)
    known = {
        "exploited": exploited,
        "flagged": flagged,
        "signs": crime_summary.signs,
        "near_miss": crime_summary.near_miss,
    }
    records.add_truth("summaries", crime_ref=names["crime_ref"], **known)
