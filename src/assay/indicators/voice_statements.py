"""What do victims and survivors say, who was asked, and where was nobody asked?

Counts and themes beside who was asked, how, and who was not reached; never a share, a rate or a rank of a force: those
who answered stand for themselves. The door is a type: every number here is a `Heard`, and nothing can be divided by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.indicators.voice_counts import Days, Heard
from assay.ingest.other_senders import meaning

Row = Mapping[str, Any]
Told = str | int | Heard | Days | None
ENOUGH_FOR_A_MEDIAN = 10
"""People who took an advocate up: with fewer, half of them may be one."""
TEXT, NUMBER = pa.string(), pa.int64()
SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema([(word.strip("#!"), TEXT if word[0] not in "#!" else NUMBER) for word in words.split()])
    for name, words in {
        "voices_asked": "place_code voice kind asked_of how_asked chosen #asked #answered consent not_reached "
        "began_on ended_on",
        "voices_said": "place_code voice question_key option !place line question #people",
        "voices_themes": "place_code voice line theme theme_words #people",
        "voices_quoted": "line quote text consent redacted",
        "voices_advocates": "place_code voice quarter #offered #taken_up #declined #no_answer #median_wait_days",
        "voices_complaints": "place_code voice quarter kind line #received #answered_in_time #upheld",
    }.items()
}
"""The tables that come of it; `#` before a name: how many people, or days; `!`: its place in an order."""
ORDERED = ("place",)
LINE_OF_COMPLAINTS = {"complaint": "attitudes", "right_to_review": "responses"}
"""To which line of enquiry each kind of complaint speaks; figures of advocates speak to responses."""
AGREED, DONE = "recorded", "done"


def voices(sent: Mapping[str, Sequence[Row]]) -> dict[str, pa.Table]:
    """The tables of what was said, from the accepted rows of `ingest.other_senders` by table name.

    The reference of an asking is printed with its sender before it, so that two senders may use the same.
    """
    asked = {(row["sender"], row["voice_ref"]): row for row in sent["voices"]}

    def of(row: Row) -> dict[str, Told]:
        voice = asked[row["sender"], row["voice_ref"]]
        return {"place_code": voice["place_code"], "voice": f"{row['sender']}/{row['voice_ref']}"}

    return {
        "voices_asked": _table("voices_asked", (of(row) | _asked(row) for row in sent["voices"])),
        "voices_said": _table("voices_said", (of(row) | _said(row) for row in sent["voice_answers"])),
        "voices_themes": _table("voices_themes", (of(row) | _theme(row) for row in sent["voice_themes"])),
        "voices_quoted": _table("voices_quoted", _quoted(sent["voice_quotations"])),
        "voices_advocates": _table("voices_advocates", (of(row) | _advocates(row) for row in sent["advocates"])),
        "voices_complaints": _table("voices_complaints", (of(row) | _complaints(row) for row in sent["complaints"])),
    }


def _table(name: str, rows: Iterable[Mapping[str, Told]]) -> pa.Table:
    """A table of words and people; DefinitionError for any other number, so that no share can slip in."""
    schema = SCHEMAS[name]
    told = []
    for row in rows:
        for field in schema:
            counted = field.type == NUMBER and field.name not in ORDERED
            if isinstance(row[field.name], Heard | Days) != counted:
                raise DefinitionError(f"{name}.{field.name}: a voice is words, people as Heard, or Days; nothing else.")
        told.append({key: value.told if isinstance(value, Heard | Days) else value for key, value in row.items()})
    return pa.Table.from_pylist(told, schema=schema)


def _asked(row: Row) -> dict[str, Told]:
    return {
        "kind": row["voice_kind"],
        "asked_of": meaning("asked_of", row["asked_of"]),
        "how_asked": meaning("how_asked", row["how_asked"]),
        "chosen": meaning("chosen", row["chosen"]),
        "asked": Heard(row["asked"]),
        "answered": Heard(row["answered"]),
        "consent": meaning("consent", row["consent"]),
        "not_reached": row["not_reached"],
        "began_on": row["began_on"].isoformat(),
        "ended_on": row["ended_on"].isoformat(),
    }


def _said(row: Row) -> dict[str, Told]:
    told = {name: row[name] for name in ("question_key", "option", "line", "question")}
    return {**told, "place": row["file_line"], "people": Heard(row["people"])}


def _theme(row: Row) -> dict[str, Told]:
    words = meaning("theme", row["theme"])
    return {"line": row["line"], "theme": row["theme"], "theme_words": words, "people": Heard(row["people"])}


def _quoted(rows: Sequence[Row]) -> Iterable[dict[str, Told]]:
    """Quotations without place and asking: the words stand for themselves, and lead to nobody.

    Their order is that of a hash of the words, so that it does not tell who sent them.
    """
    order = sorted(rows, key=lambda row: hashlib.sha256(row["text"].encode()).hexdigest())
    for place, row in enumerate(order, start=1):
        agreed = AGREED if row["consent_by"] and row["consent_recorded_on"] else ""
        done = DONE if row["redacted_on"] else ""
        told = {"line": row["line"], "quote": f"{place:04d}", "text": row["text"]}
        yield {**told, "consent": agreed, "redacted": done}


def _advocates(row: Row) -> dict[str, Told]:
    people = ("offered", "taken_up", "declined", "no_answer")
    told = {"quarter": row["quarter_start"].isoformat(), **{name: Heard(row[name]) for name in people}}
    enough = row["taken_up"] >= ENOUGH_FOR_A_MEDIAN
    return {**told, "median_wait_days": Days(row["median_wait_days"] if enough else None)}


def _complaints(row: Row) -> dict[str, Told]:
    kind = row["complaint_kind"]
    people = {name: Heard(row[name]) for name in ("received", "answered_in_time", "upheld")}
    return {"quarter": row["quarter_start"].isoformat(), "kind": kind, "line": LINE_OF_COMPLAINTS[kind], **people}
