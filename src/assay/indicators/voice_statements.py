"""Tables of what victims and survivors report, of who was asked, and of places where nobody was asked.

Counts and themes are given with who was asked, how, and who was not reached; never as a share, rate or rank of a force,
because respondents are not a sample. The type enforces this: every number is a `RespondentCount`, which cannot be
divided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.indicators.voice_counts import Days, RespondentCount
from assay.ingest.other_senders import meaning
from assay.ingest.other_senders.sender_rows import (
    AdvocatesRow,
    ComplaintsRow,
    SenderTables,
    VoiceAnswersRow,
    VoiceQuotationsRow,
    VoicesRow,
    VoiceThemesRow,
)

Row = Mapping[str, Any]
CellValue = str | int | RespondentCount | Days | None
ENOUGH_FOR_A_MEDIAN = 10
"""Fewest people who took up an advocate for a median: with fewer, a half may be one person."""
TEXT, NUMBER = pa.string(), pa.int64()
SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema([(word.strip("#!"), TEXT if word[0] not in "#!" else NUMBER) for word in words.split()])
    for name, words in {
        "voice_collections": "place_code voice kind asked_of how_asked selection_method #people_asked #answered "
        "consent not_reached began_on ended_on",
        "voice_answer_counts": "place_code voice question_key option !place line question #people",
        "voice_theme_counts": "place_code voice line theme theme_words #people",
        "published_quotations": "line quote text consent redacted",
        "advocate_support": "place_code voice quarter #offered #taken_up #declined #no_answer #median_wait_days",
        "voice_complaints": "place_code voice quarter kind line #received #answered_in_time #upheld",
    }.items()
}
"""The tables; `#` before a name: a number of people or days; `!`: a position in an order."""
ORDERED = ("place",)
LINE_OF_COMPLAINTS = {"complaint": "attitudes", "right_to_review": "responses"}
"""The inspection theme of each kind of complaint; figures on advocates belong to responses."""
AGREED, DONE = "recorded", "done"


def voices(submitted_rows: SenderTables) -> dict[str, pa.Table]:
    """Return the tables of statements by victims and survivors, from the accepted returns of other senders.

    The reference of a consultation is prefixed with its sender, so that two senders may use the same one.
    """
    voices_by_key = {(row["sender"], row["voice_ref"]): row for row in submitted_rows["voices"]}

    def place_and_voice(row: Row) -> dict[str, CellValue]:
        voice = voices_by_key[row["sender"], row["voice_ref"]]
        return {"place_code": voice["place_code"], "voice": f"{row['sender']}/{row['voice_ref']}"}

    return {
        "voice_collections": _table(
            "voice_collections", (place_and_voice(row) | _voice_row(row) for row in submitted_rows["voices"])
        ),
        "voice_answer_counts": _table(
            "voice_answer_counts", (place_and_voice(row) | _answer_row(row) for row in submitted_rows["voice_answers"])
        ),
        "voice_theme_counts": _table(
            "voice_theme_counts", (place_and_voice(row) | _theme(row) for row in submitted_rows["voice_themes"])
        ),
        "published_quotations": _table("published_quotations", _quotations(submitted_rows["voice_quotations"])),
        "advocate_support": _table(
            "advocate_support", (place_and_voice(row) | _advocates(row) for row in submitted_rows["advocates"])
        ),
        "voice_complaints": _table(
            "voice_complaints", (place_and_voice(row) | _complaints(row) for row in submitted_rows["complaints"])
        ),
    }


def _table(name: str, rows: Iterable[Mapping[str, CellValue]]) -> pa.Table:
    """Return a table of texts and respondent counts; DefinitionError for any other number, so that it holds no
    share."""
    schema = SCHEMAS[name]
    output_rows = []
    for row in rows:
        for field in schema:
            is_count = field.type == NUMBER and field.name not in ORDERED
            if isinstance(row[field.name], RespondentCount | Days) != is_count:
                raise DefinitionError(f"{name}.{field.name}: a voice is words, people as Heard, or Days; nothing else.")
        output_rows.append(
            {key: value.value if isinstance(value, RespondentCount | Days) else value for key, value in row.items()}
        )
    return pa.Table.from_pylist(output_rows, schema=schema)


def _voice_row(row: VoicesRow) -> dict[str, CellValue]:
    return {
        "kind": row["voice_kind"],
        "asked_of": meaning("asked_of", row["asked_of"]),
        "how_asked": meaning("how_asked", row["how_asked"]),
        "selection_method": meaning("chosen", row["chosen"]),
        "people_asked": RespondentCount(row["asked"]),
        "answered": RespondentCount(row["answered"]),
        "consent": meaning("consent", row["consent"]),
        "not_reached": row["not_reached"],
        "began_on": row["began_on"].isoformat(),
        "ended_on": row["ended_on"].isoformat(),
    }


def _answer_row(row: VoiceAnswersRow) -> dict[str, CellValue]:
    return {
        "question_key": row["question_key"],
        "option": row["option"],
        "line": row["line"],
        "question": row["question"],
        "place": row["file_line"],
        "people": RespondentCount(row["people"]),
    }


def _theme(row: VoiceThemesRow) -> dict[str, CellValue]:
    words = meaning("theme", row["theme"])
    return {"line": row["line"], "theme": row["theme"], "theme_words": words, "people": RespondentCount(row["people"])}


def _quotations(rows: Sequence[VoiceQuotationsRow]) -> Iterable[dict[str, CellValue]]:
    """Return quotations without place or voice, in an order that does not identify their source.

    They are sorted by a hash of the text, so that the order does not reveal the sender.
    """
    order = sorted(rows, key=lambda row: hashlib.sha256(row["text"].encode()).hexdigest())
    for place, row in enumerate(order, start=1):
        agreed = AGREED if row["consent_by"] and row["consent_recorded_on"] else ""
        done = DONE if row["redacted_on"] else ""
        columns = {"line": row["line"], "quote": f"{place:04d}", "text": row["text"]}
        yield {**columns, "consent": agreed, "redacted": done}


def _advocates(row: AdvocatesRow) -> dict[str, CellValue]:
    enough = row["taken_up"] >= ENOUGH_FOR_A_MEDIAN
    return {
        "quarter": row["quarter_start"].isoformat(),
        "offered": RespondentCount(row["offered"]),
        "taken_up": RespondentCount(row["taken_up"]),
        "declined": RespondentCount(row["declined"]),
        "no_answer": RespondentCount(row["no_answer"]),
        "median_wait_days": Days(row["median_wait_days"] if enough else None),
    }


def _complaints(row: ComplaintsRow) -> dict[str, CellValue]:
    kind = row["complaint_kind"]
    return {
        "quarter": row["quarter_start"].isoformat(),
        "kind": kind,
        "line": LINE_OF_COMPLAINTS[kind],
        "received": RespondentCount(row["received"]),
        "answered_in_time": RespondentCount(row["answered_in_time"]),
        "upheld": RespondentCount(row["upheld"]),
    }
