"""What do invented survivors, advocates and commissioners send, of which forces; and where was nobody asked?

Each sender writes a folder of its own in the form of `ingest.other_senders`, beside the forces' returns. Of some
forces nobody is asked. Inspectors visit a few, and send the documents that they saw and what they noted. One
quotation comes without consent, so that it can be seen to be refused.
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
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_country import Force

Row = dict[str, Any]
Tables = dict[str, list[Row]]
ACROSS = "ALL"
FOLDER, KEPT = "others", "kept"
ASKED, WITH_ADVOCATES, COUNTED, DOCUMENTED = 0.4, 0.5, 0.6, 0.5
"""Shares of forces in which survivors are asked, an advocacy service works, complaints are counted, documents seen."""


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """Questions, themes, quotations and documents."""
    return tomllib.loads(files("assay.synthetic").joinpath("voices.toml").read_text(encoding="utf-8"))


def write_others(folder: Path, request: str, forces: Sequence[Force], period_to: dt.date, seed: int) -> None:
    """Write `others/SENDER/` for every sender into `folder`; copies of documents lie in the sender's own `kept`."""
    chance = Chance(seed, "voices")
    heard = [force for force in forces if force.body.kind == "territorial"]
    spoken_of = heard[:-2] if len(heard) > 3 else heard  # of the last two nobody is asked anything
    kept = folder / FOLDER / "INSPECTION" / KEPT
    seen = visits(spoken_of, period_to)
    write_visits(folder, seen)
    noted: Tables = {"fieldwork_notes": notes(seen, chance.stream("notes"))}
    for sender, kind, tables in (
        ("SURVIVORS", "survivors_body", _survivors(spoken_of, period_to, chance.stream("survivors"))),
        ("ADVOCATES", "advocacy_service", _advocates(spoken_of, period_to, chance.stream("advocates"))),
        ("COMMISSIONERS", "commissioner", _complaints(spoken_of, period_to, chance.stream("complaints"))),
        ("INSPECTION", "inspection", _documents(kept, spoken_of, period_to, chance.stream("documents")) | noted),
    ):
        _write(folder / FOLDER / sender, request, sender, kind, tables)


def _write(place: Path, request: str, sender: str, kind: str, tables: Tables) -> None:
    place.mkdir(parents=True, exist_ok=True)
    told = {"spec_version": "1.0", "request": request, "sender": sender, "sender_kind": kind}
    lines = ["[sent]", *(f'{key} = "{value}"' for key, value in told.items())]
    lines += ["edition = 1", 'contact_post = "Coordinator"']
    (place / other_senders.COVER).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    for name, rows in tables.items():
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, [column.name for column in other_senders.tables()[name].columns], lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)


def _voice(ref: str, place: str, kind: str, ends: dt.date, chance: Chance, **more: Any) -> Row:
    return {
        "voice_ref": ref, "place_code": place, "voice_kind": kind, "asked_of": "victims_any_age",
        "how_asked": "through_a_service", "chosen": "invited_by_service", "consent": "each_person",
        "not_reached": chance.pick(words()["not_reached"]), "began_on": ends - 90 * DAY, "ended_on": ends, **more,
    }  # fmt: skip


def _survivors(forces: Sequence[Force], ends: dt.date, chance: Chance) -> Tables:
    tables: Tables = {"voices": [], "voice_answers": [], "voice_themes": [], "voice_quotations": []}
    asked_in = [force for force in forces if chance.stream("asked", force.code).happens(ASKED)] or list(forces[:1])
    across = _voice("V0", ACROSS, "survey", ends, chance.stream("across"), asked="", answered=312,
                    how_asked="online_open", chosen="came_forward", asked_of="adult_survivors")  # fmt: skip
    _say(tables, across, None, chance.stream("say across"))
    for number, force in enumerate(asked_in, start=1):
        draw = chance.stream(force.code)
        answered = draw.whole(4, 9) if draw.happens(0.25) else draw.whole(15, 70)
        how = draw.pick(("face_to_face", "through_a_service", "online_invited"))
        kind = draw.pick(("survey", "conversations"))
        voice = _voice(f"V{number}", force.code, kind, ends, draw, how_asked=how, answered=answered,
                       asked=answered + draw.whole(2, 60))  # fmt: skip
        _say(tables, voice, force, draw)
    for number, quote in enumerate(words()["quotations"], start=1):
        agreed = ends - chance.stream("agreed", number).whole(20, 60) * DAY
        tables["voice_quotations"].append(
            {"quote_ref": f"Q{number}", "voice_ref": "V0", "consent_by": "own", "consent_recorded_on": agreed,
             "redacted_on": agreed + 7 * DAY, **quote}
        )  # fmt: skip
    last = tables["voice_quotations"][-1]
    tables["voice_quotations"].append({**last, "quote_ref": "Q99", "consent_by": "", "consent_recorded_on": ""})
    return tables


def _say(tables: Tables, voice: Row, force: Force | None, chance: Chance) -> None:
    """Answers to every question, and themes; where a force informs people late, more of them say so."""
    tables["voices"].append(voice)
    ref, answered = voice["voice_ref"], voice["answered"]
    for asked in words()["questions"] if voice["voice_kind"] == "survey" else ():
        good = force.rate(asked["rate"]) if force else 0.5
        draw = chance.stream(asked["key"])
        silent = draw.whole(0, answered // 10)
        counts = list(_spread(answered - silent, good, len(asked["options"]), draw))
        about = {"voice_ref": ref, "line": asked["line"], "question_key": asked["key"], "question": asked["question"]}
        for option, people in zip([*asked["options"], "No answer"], [*counts, silent], strict=True):
            tables["voice_answers"].append({**about, "option": option, "people": people})
    for line, themes in words()["themes"].items():
        for theme in chance.stream(line).some(themes, chance.stream(line, "how many").whole(1, len(themes))):
            people = chance.stream(line, theme).whole(1, max(answered * 2 // 3, 1))
            tables["voice_themes"].append({"voice_ref": ref, "line": line, "theme": theme, "people": people})


def _spread(people: int, good: float, options: int, chance: Chance) -> Iterator[int]:
    """People over options, the best first: so many choose it as the force is good at it, with a step of chance."""
    left = people
    for _ in range(options - 1):
        chosen = min(left, max(0, round(left * chance.shifted(good, 0.4))))
        yield chosen
        left -= chosen
    yield left


def _of_a_year(ends: dt.date) -> Row:
    """What stands of figures that somebody counted in the four quarters before a day."""
    return {"how_asked": "not_asked", "consent": "counts_only", "began_on": _quarters(ends)[0], "ended_on": ends - DAY}


def _quarters(ends: dt.date) -> list[dt.date]:
    """The first days of the four quarters before a day that begins one."""
    return [dt.date(ends.year - (ends.month - 3 * back < 1), (ends.month - 3 * back - 1) % 12 + 1, 1) for back in
            (4, 3, 2, 1)]  # fmt: skip


def _advocates(forces: Sequence[Force], ends: dt.date, chance: Chance) -> Tables:
    tables: Tables = {"voices": [], "advocates": []}
    for number, force in enumerate((one for one in forces if chance.stream(one.code).happens(WITH_ADVOCATES)), start=1):
        draw = chance.stream(force.code, "figures")
        ref = f"A{number}"
        tables["voices"].append(_voice(ref, force.code, "advocates", ends, draw, chosen="everyone_known",
                                       **_of_a_year(ends)))  # fmt: skip
        for first in _quarters(ends):
            offered = draw.whole(6, 60)
            taken, none = round(offered * draw.between(0.4, 0.8)), draw.whole(0, offered // 8)
            tables["advocates"].append(
                {"voice_ref": ref, "quarter_start": first, "offered": offered, "taken_up": taken, "no_answer": none,
                 "declined": max(offered - taken - none, 0), "median_wait_days": draw.whole(3, 40)}
            )  # fmt: skip
    return tables


def _complaints(forces: Sequence[Force], ends: dt.date, chance: Chance) -> Tables:
    tables: Tables = {"voices": [], "complaints": []}
    for number, force in enumerate((one for one in forces if chance.stream(one.code).happens(COUNTED)), start=1):
        draw = chance.stream(force.code, "figures")
        ref = f"C{number}"
        tables["voices"].append(_voice(ref, force.code, "complaints", ends, draw, chosen="came_forward",
                                       **_of_a_year(ends)))  # fmt: skip
        for first in _quarters(ends):
            for kind, most in (("complaint", 30), ("right_to_review", 12)):
                received = draw.whole(0, most)
                in_time, upheld = draw.whole(0, received), draw.whole(0, received // 2)
                tables["complaints"].append(
                    {"voice_ref": ref, "quarter_start": first, "complaint_kind": kind, "received": received,
                     "answered_in_time": in_time, "upheld": upheld}
                )  # fmt: skip
    return tables


def _documents(kept: Path, forces: Sequence[Force], ends: dt.date, chance: Chance) -> Tables:
    """A register of documents; a copy of each lies in `kept`."""
    kept.mkdir(parents=True)
    tables: Tables = {"documents": [], "document_questions": []}
    for force in (one for one in forces if chance.stream(one.code).happens(DOCUMENTED)):
        draw = chance.stream(force.code, "documents")
        for seen in draw.some(words()["documents"], draw.whole(1, 4)):
            ref, name = f"{force.code}-{seen['name']}", f"{force.code}_{seen['name']}.txt"
            content = f"{force.body.name}\n{seen['title']}\n{seen['text']}\n".encode()
            (kept / name).write_bytes(content)
            dated = ends - draw.whole(30, 700) * DAY
            tables["documents"].append(
                {"document_ref": ref, "body_code": force.code, "document_kind": seen["kind"], "title": seen["title"],
                 "dated_on": dated, "covers_from": dated - 365 * DAY, "covers_to": dated, "owner_role": seen["owner"],
                 "kept_as": name, "sha256": hashlib.sha256(content).hexdigest()}
            )  # fmt: skip
            tables["document_questions"] += [{"document_ref": ref, "question": one} for one in seen["questions"]]
    return tables
