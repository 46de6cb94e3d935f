"""Which texts do analysts label, who labels which, and how do labels reach the model that learns from them?

A round is drawn as `assay label next` draws it, from texts of the inspection without names, and its labels go where
`assay label teach` reads them: into `labels/QUESTION` in the folder of the workbench. What a model thinks of a text,
and what somebody else said of it, is on no page.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from assay.errors import UsageError
from assay.progress import Progress, silent
from assay.wording import counted
from assay.workbench import audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import Account, Event, Label, Text
from assay.workbench.workbench_folder import Place
from assay.workflows.reading.label_pool import MOST, pool_of, write_pool
from assay.workflows.reading.label_sampling import (
    LABELS,
    OF_LABELS,
    OF_ROUNDS,
    OF_SHEETS,
    ROUNDS,
    SAYS,
    UNDONE,
    UNSURE,
    add_labels,
    draw,
    new_labels,
    read_pool,
    rows_of,
)

FOLDER, POOL = "labels", "pool.jsonl"


@dataclass(frozen=True)
class Brought:
    """A round that lies at the desks: of which question, how many texts, and how many of them two people label."""

    question: str
    round: int
    texts: int
    twice: int
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {**vars(self), "folder": str(self.folder)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        texts = counted(self.texts, "text")
        return [
            f"Round {self.round} of {self.question}: {texts} to label, {self.twice} of them by two people.",
            f"When they are handed in: assay label teach {self.folder} {self.folder / POOL} --question {self.question}",
        ]


def folder_of(place: Place, question: str) -> Path:
    """Where the labels of a question lie."""
    return place.folder / FOLDER / question


def bring_texts(
    place: Place, question: str, *, size: int, seed: int, most: int = MOST, progress: Progress = silent
) -> Brought:
    """Draw the next round and bring it to the desks, from at most so many texts of the inspection; UsageError where one
    still waits for labels."""
    folder = folder_of(place, question)
    if Text.objects.filter(question=question).exists() and not (folder / LABELS).is_file():
        raise UsageError("No label of the round before is handed in yet.")
    if not (folder / POOL).is_file():
        texts = pool_of(place.inspection, question, seed=seed, today=date.today(), most=most, progress=progress)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_pool(folder / POOL, texts)
    pool = {one.id: one.text for one in read_pool(folder / POOL)}
    done = draw(folder, question, read_pool(folder / POOL), size, seed)
    for sheet in done.sheets:
        sheet.unlink()  # they are labelled here
    rows = [one for one in rows_of(folder / ROUNDS, OF_ROUNDS) if int(one["round"]) == done.number]
    turn = sorted(rows, key=lambda one: hashlib.sha256(f"{seed} {one['id']}".encode()).hexdigest())
    with audit_log.writing() as lines:
        Text.objects.bulk_create([
            Text(question=question, round=done.number, ref=one["id"], text=pool[one["id"]], people=int(one["people"]),
                 place=at)
            for at, one in enumerate(turn, start=1)
        ])  # fmt: skip
        lines.add(Kind.TEXTS_BROUGHT, OPERATOR, question=question, round=done.number, texts=len(rows))
    return Brought(question, done.number, len(rows), done.twice, folder)


def said_of(texts: Sequence[Text]) -> dict[int, dict[int, str]]:
    """What each person said last of each text: by text, by account."""
    found: dict[int, dict[int, str]] = {one.pk: {} for one in texts}
    for label in Label.objects.filter(of__in=list(texts)).order_by("event"):
        found[label.of_id][label.account_id] = label.says
    return found


def next_for(account: Account, question: str) -> Text | None:
    """The text that a person labels next; each has an order of their own, so that two seldom meet at one text."""
    texts = list(Text.objects.filter(question=question))
    said = said_of(texts)
    waiting = [one for one in texts if account.pk not in said[one.pk] and len(said[one.pk]) < one.people]
    own = {one.pk: hashlib.sha256(f"{account.code} {one.ref}".encode()).hexdigest() for one in waiting}
    return min(waiting, key=lambda one: (one.round, own[one.pk]), default=None)


def say(place: Place, account: Account, text: Text, says: str) -> None:
    """Keep what a person says of a text. The same again adds nothing; UsageError where it is handed in already."""
    if says not in SAYS:
        raise UsageError(_("Choose one of the answers."))
    with audit_log.writing() as lines:
        last = Label.objects.filter(of=text, account=account).order_by("event").last()
        if last and last.says == says and (text.ref, account.code) not in _taken_back(place, text.question):
            return
        if (text.ref, account.code) in _handed(place, text.question):
            raise UsageError(_("Your label of this text is handed in, and stays as it is."))
        about = {"text": text.pk, "question": text.question}
        told = audit_log.digest(text.pk, account.code, says)
        event = lines.add(Kind.LABELLED, account.code, **about, says=told)
        Label.objects.create(of=text, account=account, says=says, event=event)


def said_by(one: Label) -> str:
    """The hash by which the trail speaks of a label."""
    return audit_log.digest(one.of_id, one.account.code, one.says)


def hand_in(place: Place, question: str, who: str) -> int:
    """Give every label that is not handed in yet to the folder that teaches; how many. Asked again it doubles none.

    AssayError where one of them cannot be handed in; then none is.
    """
    texts = {one.pk: one for one in Text.objects.filter(question=question)}
    codes = dict(Account.objects.values_list("pk", "code"))
    folder = folder_of(place, question)
    with TemporaryDirectory(dir=place.folder) as held, audit_log.writing() as lines:
        there = _handed(place, question) | _taken_back(place, question)
        sheets: dict[str, list[tuple[str, str, str]]] = {}
        for key, by in said_of(list(texts.values())).items():
            for account, says in by.items():
                if (texts[key].ref, codes[account]) not in there:
                    sheets.setdefault(codes[account], []).append((texts[key].ref, "", says or UNSURE))
        fresh: list[Sequence[str]] = []
        for code, rows in sorted(sheets.items()):
            path = Path(held) / f"{code}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([OF_SHEETS, *sorted(rows)])
            fresh += new_labels(folder, path, code, signed_in=True)
        if fresh:
            lines.add(Kind.LABELS_HANDED_IN, who, question=question, labels=len(fresh))
            add_labels(folder, fresh)  # last: the database rolls back, the file does not
    return len(fresh)


def _handed(place: Place, question: str) -> set[tuple[str, str]]:
    """Which labels are handed in: (text, whose)."""
    return {(row["id"], row["marker_code"]) for row in rows_of(folder_of(place, question) / LABELS, OF_LABELS)}


def _taken_back(place: Place, question: str) -> set[tuple[str, str]]:
    """Which labels `assay label undo` took back, where their writer has not labelled the text anew: (text, whose).

    A hand-in takes every label that is there, so a label that was given after the last hand-in is a new one.
    """
    rows = rows_of(folder_of(place, question) / UNDONE, OF_LABELS)
    about = [(one.number, json.loads(one.about)) for one in Event.objects.filter(kind=Kind.LABELS_HANDED_IN.value)]
    last = max((number for number, told in about if told["question"] == question), default=0)
    anew = Label.objects.filter(of__question=question, event__gt=last).values_list("of__ref", "account__code")
    return {(row["id"], row["marker_code"]) for row in rows} - set(anew)
