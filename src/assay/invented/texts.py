"""Which words does an invented return hold? Only those of `phrases.toml`, all of them procedural."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from assay.invented.book import Book
from assay.invented.case import Case
from assay.invented.chance import Chance
from assay.invented.offences import BY_A_CHILD
from assay.invented.wall import DAY, after, minute

AUTHORS = {
    "log": "control_room",
    "supervision": "supervisor",
    "closing_report": "supervisor",
    "third_party": "safeguarding_officer",
    "missing": "missing_officer",
}


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[str, ...]]:
    """Every phrase, by kind of entry."""
    text = files("assay.invented").joinpath("phrases.toml").read_text(encoding="utf-8")
    return {key: (found,) if isinstance(found, str) else tuple(found) for key, found in tomllib.loads(text).items()}


def phrase(kind: str, chance: Chance) -> str:
    """One phrase of that kind, with a time of day where it has a place for one."""
    return chance.pick(phrases()[kind]).replace("{clock}", f"{chance.whole(8, 19):02d}:{chance.whole(0, 59):02d}")


def case_notes(book: Book, case: Case, chance: Chance) -> None:
    """A few entries in the record of one crime."""
    when = case.recorded
    kinds = [
        "log",
        *(
            chance.pick(("investigation", "supervision", "victim_contact", "third_party"))
            for _ in range(chance.whole(1, 4))
        ),
    ]
    for kind in kinds:
        if book.seen(when):
            _note(book, kind, when, chance, crime_ref=case.ref)
        when = after(when, chance.exponential(12), chance)
    if book.seen(case.ends) and book.rows("crimes")[-1]["closed_at"]:
        _note(book, "closing_report", case.ends, chance, crime_ref=case.ref)


def episode_notes(book: Book, chance: Chance) -> None:
    """An entry on one missing episode in three."""
    for episode in list(book.rows("missing")):
        draw = chance.stream(episode["missing_ref"])
        ended = episode["ended_at"]
        if ended and draw.happens(0.33):
            later = after(ended, 0, draw)
            if book.seen(later):
                _note(book, "missing", later, draw, missing_ref=episode["missing_ref"])


def _note(book: Book, kind: str, when: object, chance: Chance, **names: str) -> None:
    withheld = chance.happens(0.02)
    book.add(
        "notes",
        note_ref=book.ref("T"),
        entry_at=when,
        author_role=AUTHORS.get(kind, "investigator"),
        author_key=f"K{chance.whole(1, 30):03d}",
        entry_type=kind,
        form="withheld" if withheld else "text",
        text=None if withheld else phrase(kind, chance),
        **names,
    )


def summaries(book: Book, chance: Chance) -> None:
    """The summary of every crime sent, and of as many crimes of other kinds that are not in scope."""
    span = book.span
    inside = [row for row in book.rows("crimes") if span.period_from <= row["recorded_at"].date() < span.period_to]
    for row in inside:
        draw = chance.stream(row["crime_ref"])
        names = {key: row[key] for key in ("crime_ref", "offence_code", "recorded_at")}
        book.add("summaries", **names, text=phrase("summary", draw) if draw.happens(0.97) else None)
    for place in range(len(inside)):
        draw = chance.stream("other", place)
        when = minute(span.period_from + draw.whole(0, span.days - 1) * DAY, draw)
        names = {"crime_ref": book.ref("Z"), "offence_code": draw.pick(BY_A_CHILD), "recorded_at": when}
        book.add("summaries", **names, text=phrase("summary", draw))
