"""Synthetic evidence from survivors, advocates and commissioners.

Each sender writes its own folder in the form of `ingest.other_senders`, beside the forces' returns. In some forces
nobody is consulted. Inspectors visit a few, and send documents and notes. One quotation has no consent, to test that it
is rejected.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay.ingest import other_senders
from assay.synthetic.fieldwork_visits import notes, visits, write_visits
from assay.synthetic.local_time import DAY
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce

Row = dict[str, Any]
Tables = dict[str, list[Row]]
ALL_FORCES = "ALL"
FOLDER, COPIES_FOLDER = "others", "kept"
SURVEYED_SHARE, ADVOCACY_SHARE, COMPLAINTS_SHARE, DOCUMENTS_SHARE = 0.4, 0.5, 0.6, 0.5
"""Shares of forces with a survey of survivors, an advocacy service, complaint counts, and documents."""


@lru_cache(maxsize=1)
def voice_words() -> Mapping[str, Any]:
    """Return the questions, themes, quotations and documents from which this evidence is generated."""
    return tomllib.loads(files("assay.synthetic").joinpath("voices.toml").read_text(encoding="utf-8"))


def write_others(folder: Path, request: str, forces: Sequence[SyntheticForce], period_to: dt.date, seed: int) -> None:
    """Write `others/SENDER/` for every sender into `folder`; copies of documents are in the sender's `copies`."""
    stream = RandomStream(seed, "voices")
    territorial = [force for force in forces if force.organisation.kind == "territorial"]
    covered_forces = territorial[:-2] if len(territorial) > 3 else territorial  # nobody is consulted in the last two
    copies = folder / FOLDER / "INSPECTION" / COPIES_FOLDER
    visit_rows = visits(covered_forces, period_to)
    write_visits(folder, visit_rows)
    note_tables: Tables = {"fieldwork_notes": notes(visit_rows, stream.substream("notes"))}
    for sender, kind, tables in (
        ("SURVIVORS", "survivors_body", _survivors(covered_forces, period_to, stream.substream("survivors"))),
        ("ADVOCATES", "advocacy_service", _advocates(covered_forces, period_to, stream.substream("advocates"))),
        ("COMMISSIONERS", "commissioner", _complaints(covered_forces, period_to, stream.substream("complaints"))),
        (
            "INSPECTION",
            "inspection",
            _documents(copies, covered_forces, period_to, stream.substream("documents")) | note_tables,
        ),
    ):
        _write(folder / FOLDER / sender, request, sender, kind, tables)


def _write(place: Path, request: str, sender: str, kind: str, tables: Tables) -> None:
    place.mkdir(parents=True, exist_ok=True)
    manifest = {"spec_version": "1.0", "request": request, "sender": sender, "sender_kind": kind}
    lines = ["[sent]", *(f'{key} = "{value}"' for key, value in manifest.items())]
    lines += ["edition = 1", 'contact_post = "Coordinator"']
    (place / other_senders.MANIFEST_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    for name, rows in tables.items():
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, [column.name for column in other_senders.tables()[name].columns], lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)


def _voice(ref: str, place: str, kind: str, ends: dt.date, stream: RandomStream, **more: Any) -> Row:
    return {
        "voice_ref": ref, "place_code": place, "voice_kind": kind, "asked_of": "victims_any_age",
        "how_asked": "through_a_service", "chosen": "invited_by_service", "consent": "each_person",
        "not_reached": stream.pick(voice_words()["not_reached"]), "began_on": ends - 90 * DAY, "ended_on": ends, **more,
    }  # fmt: skip


def _survivors(forces: Sequence[SyntheticForce], ends: dt.date, stream: RandomStream) -> Tables:
    tables: Tables = {"voices": [], "voice_answers": [], "voice_themes": [], "voice_quotations": []}
    surveyed_forces = [
        force for force in forces if stream.substream("asked", force.code).happens(SURVEYED_SHARE)
    ] or list(forces[:1])
    national_voice = _voice("V0", ALL_FORCES, "survey", ends, stream.substream("across"), asked="", answered=312,
                    how_asked="online_open", chosen="came_forward", asked_of="adult_survivors")  # fmt: skip
    _add_answers(tables, national_voice, None, stream.substream("say across"))
    for number, force in enumerate(surveyed_forces, start=1):
        draw = stream.substream(force.code)
        answered = draw.integer(4, 9) if draw.happens(0.25) else draw.integer(15, 70)
        how = draw.pick(("face_to_face", "through_a_service", "online_invited"))
        kind = draw.pick(("survey", "conversations"))
        voice = _voice(f"V{number}", force.code, kind, ends, draw, how_asked=how, answered=answered,
                       asked=answered + draw.integer(2, 60))  # fmt: skip
        _add_answers(tables, voice, force, draw)
    for number, quote in enumerate(voice_words()["quotations"], start=1):
        agreed = ends - stream.substream("agreed", number).integer(20, 60) * DAY
        tables["voice_quotations"].append(
            {"quote_ref": f"Q{number}", "voice_ref": "V0", "consent_by": "own", "consent_recorded_on": agreed,
             "redacted_on": agreed + 7 * DAY, **quote}
        )  # fmt: skip
    last = tables["voice_quotations"][-1]
    tables["voice_quotations"].append({**last, "quote_ref": "Q99", "consent_by": "", "consent_recorded_on": ""})
    return tables


def _add_answers(tables: Tables, voice: Row, force: SyntheticForce | None, stream: RandomStream) -> None:
    """Add answers to every question, and themes; more people report late information in a force that is late."""
    tables["voices"].append(voice)
    ref, answered = voice["voice_ref"], voice["answered"]
    for question in voice_words()["questions"] if voice["voice_kind"] == "survey" else ():
        good = force.rate(question["rate"]) if force else 0.5
        draw = stream.substream(question["key"])
        silent = draw.integer(0, answered // 10)
        counts = list(_spread(answered - silent, good, len(question["options"]), draw))
        columns = {
            "voice_ref": ref,
            "line": question["line"],
            "question_key": question["key"],
            "question": question["question"],
        }
        for option, people in zip([*question["options"], "No answer"], [*counts, silent], strict=True):
            tables["voice_answers"].append({**columns, "option": option, "people": people})
    for line, themes in voice_words()["themes"].items():
        for theme in stream.substream(line).sample(themes, stream.substream(line, "how many").integer(1, len(themes))):
            people = stream.substream(line, theme).integer(1, max(answered * 2 // 3, 1))
            tables["voice_themes"].append({"voice_ref": ref, "line": line, "theme": theme, "people": people})


def _spread(people: int, good: float, options: int, stream: RandomStream) -> Iterator[int]:
    """Distribute people over options, best first, by the quality of the force with random variation."""
    left = people
    for _ in range(options - 1):
        count = min(left, max(0, round(left * stream.logit_normal(good, 0.4))))
        yield count
        left -= count
    yield left


def _yearly_columns(ends: dt.date) -> Row:
    """Return the columns of counts of the four quarters before a day."""
    return {"how_asked": "not_asked", "consent": "counts_only", "began_on": _quarters(ends)[0], "ended_on": ends - DAY}


def _quarters(ends: dt.date) -> list[dt.date]:
    """Return the first days of the four quarters before the first day of a quarter."""
    return [dt.date(ends.year - (ends.month - 3 * back < 1), (ends.month - 3 * back - 1) % 12 + 1, 1) for back in
            (4, 3, 2, 1)]  # fmt: skip


def _advocates(forces: Sequence[SyntheticForce], ends: dt.date, stream: RandomStream) -> Tables:
    tables: Tables = {"voices": [], "advocates": []}
    for number, force in enumerate(
        (candidate for candidate in forces if stream.substream(candidate.code).happens(ADVOCACY_SHARE)), start=1
    ):
        draw = stream.substream(force.code, "figures")
        ref = f"A{number}"
        tables["voices"].append(_voice(ref, force.code, "advocates", ends, draw, chosen="everyone_known",
                                       **_yearly_columns(ends)))  # fmt: skip
        for first in _quarters(ends):
            offered = draw.integer(6, 60)
            taken_up, none = round(offered * draw.uniform(0.4, 0.8)), draw.integer(0, offered // 8)
            tables["advocates"].append(
                {"voice_ref": ref, "quarter_start": first, "offered": offered, "taken_up": taken_up, "no_answer": none,
                 "declined": max(offered - taken_up - none, 0), "median_wait_days": draw.integer(3, 40)}
            )  # fmt: skip
    return tables


def _complaints(forces: Sequence[SyntheticForce], ends: dt.date, stream: RandomStream) -> Tables:
    tables: Tables = {"voices": [], "complaints": []}
    for number, force in enumerate(
        (candidate for candidate in forces if stream.substream(candidate.code).happens(COMPLAINTS_SHARE)), start=1
    ):
        draw = stream.substream(force.code, "figures")
        ref = f"C{number}"
        tables["voices"].append(_voice(ref, force.code, "complaints", ends, draw, chosen="came_forward",
                                       **_yearly_columns(ends)))  # fmt: skip
        for first in _quarters(ends):
            for kind, maximum in (("complaint", 30), ("right_to_review", 12)):
                received = draw.integer(0, maximum)
                in_time, upheld = draw.integer(0, received), draw.integer(0, received // 2)
                tables["complaints"].append(
                    {"voice_ref": ref, "quarter_start": first, "complaint_kind": kind, "received": received,
                     "answered_in_time": in_time, "upheld": upheld}
                )  # fmt: skip
    return tables


def _documents(copies: Path, forces: Sequence[SyntheticForce], ends: dt.date, stream: RandomStream) -> Tables:
    """Return a register of documents, with a copy of each in `copies`."""
    copies.mkdir(parents=True)
    tables: Tables = {"documents": [], "document_questions": []}
    for force in (item for item in forces if stream.substream(item.code).happens(DOCUMENTS_SHARE)):
        draw = stream.substream(force.code, "documents")
        for document in draw.sample(voice_words()["documents"], draw.integer(1, 4)):
            ref, name = f"{force.code}-{document['name']}", f"{force.code}_{document['name']}.txt"
            content = f"{force.organisation.name}\n{document['title']}\n{document['text']}\n".encode()
            (copies / name).write_bytes(content)
            dated = ends - draw.integer(30, 700) * DAY
            tables["documents"].append(
                {
                    "document_ref": ref,
                    "body_code": force.code,
                    "document_kind": document["kind"],
                    "title": document["title"],
                    "dated_on": dated,
                    "covers_from": dated - 365 * DAY,
                    "covers_to": dated,
                    "owner_role": document["owner"],
                    "kept_as": name,
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )
            tables["document_questions"] += [{"document_ref": ref, "question": item} for item in document["questions"]]
    return tables
