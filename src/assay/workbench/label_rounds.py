"""Label rounds in the workbench: draw texts, collect labels, and hand them in for training.

A round is drawn as by `assay text sample`, from texts of the inspection without names. Its labels are stored where
`assay text train` reads them, in `labels/QUESTION` in the folder of the workbench. No page shows a model's score of a
text or another person's label.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assay.errors import UsageError
from assay.progress import Progress, no_progress
from assay.temporary_folders import temporary_folder
from assay.wording import count_phrase
from assay.workbench import audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import Account, Event, Label, Text
from assay.workbench.workbench_folder import TEMPORARY_PREFIX, WorkbenchFolder
from assay.workflows.reading.label_sampling import (
    LABEL_COLUMNS,
    LABEL_VALUES,
    LABELS,
    MAX_TEXTS,
    ROUND_COLUMNS,
    ROUNDS,
    SHEET_COLUMNS,
    UNDONE,
    UNSURE,
    add_labels,
    draw_pool,
    draw_round,
    new_labels,
    read_pool,
    read_rows,
    write_pool,
)

FOLDER, POOL = "labels", "pool.jsonl"


@dataclass(frozen=True)
class LabelRound:
    """A round of texts to label that was opened in the workbench."""

    question: str
    round: int
    texts: int
    double_labelled: int
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {**vars(self), "folder": str(self.folder)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        texts = count_phrase(self.texts, "text")
        return [
            f"Round {self.round} of {self.question}: {texts} to label, {self.double_labelled} of them by two people.",
            f"Next, once the labels are handed in: assay text train {self.folder} {self.folder / POOL} "
            f"--question {self.question}",
        ]


def labels_folder(workbench: WorkbenchFolder, question: str) -> Path:
    """Return the folder with the labels of a question."""
    return workbench.folder / FOLDER / question


def bring_texts(
    workbench: WorkbenchFolder,
    question: str,
    *,
    size: int,
    seed: int,
    pool_size: int = MAX_TEXTS,
    progress: Progress = no_progress,
) -> LabelRound:
    """Draw the next round from at most this many texts of the inspection, and open it in the workbench.

    Raises
    ------
    UsageError
        If a text still waits for labels.
    """
    folder = labels_folder(workbench, question)
    if Text.objects.filter(question=question).exists() and not (folder / LABELS).is_file():
        raise UsageError(
            "No label of the previous round is handed in yet. Ask the analysts to hand in their labels first."
        )
    if not (folder / POOL).is_file():
        texts = draw_pool(
            workbench.inspection, question, seed=seed, today=date.today(), size=pool_size, progress=progress
        )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_pool(folder / POOL, texts)
    pool = {row.id: row.text for row in read_pool(folder / POOL)}
    drawn_round = draw_round(folder, question, read_pool(folder / POOL), size, seed)
    for sheet in drawn_round.sheets:
        sheet.unlink()  # they are labelled here
    rows = [row for row in read_rows(folder / ROUNDS, ROUND_COLUMNS) if int(row["round"]) == drawn_round.number]
    ordered_rows = sorted(rows, key=lambda row: hashlib.sha256(f"{seed} {row['id']}".encode()).hexdigest())
    with audit_log.write_lines() as lines:
        Text.objects.bulk_create(
            [
                Text(
                    question=question,
                    round=drawn_round.number,
                    ref=row["id"],
                    text=pool[row["id"]],
                    people=int(row["people"]),
                    place=position,
                )
                for position, row in enumerate(ordered_rows, start=1)
            ]
        )
        lines.add(Kind.TEXTS_BROUGHT, OPERATOR, question=question, round=drawn_round.number, texts=len(rows))
    return LabelRound(question, drawn_round.number, len(rows), drawn_round.double_labelled, folder)


def current_labels(texts: Sequence[Text]) -> dict[int, dict[int, str]]:
    """Return the latest label by text and account."""
    labels_by_text: dict[int, dict[int, str]] = {label_text.pk: {} for label_text in texts}
    for label in Label.objects.filter(of__in=list(texts)).order_by("event"):
        labels_by_text[label.of_id][label.account_id] = label.says
    return labels_by_text


def next_text(account: Account, question: str) -> Text | None:
    """Return the text that a person labels next; the order differs between persons."""
    texts = list(Text.objects.filter(question=question))
    labels_by_text = current_labels(texts)
    waiting = [
        candidate
        for candidate in texts
        if account.pk not in labels_by_text[candidate.pk] and len(labels_by_text[candidate.pk]) < candidate.people
    ]
    personal_order = {
        candidate.pk: hashlib.sha256(f"{account.code} {candidate.ref}".encode()).hexdigest() for candidate in waiting
    }
    return min(waiting, key=lambda candidate: (candidate.round, personal_order[candidate.pk]), default=None)


def save_label(workbench: WorkbenchFolder, account: Account, text: Text, answer: str) -> None:
    """Save a person's label; UsageError if the labels were already handed in."""
    if answer not in LABEL_VALUES:
        raise UsageError(_("Choose one of the answers."))
    with audit_log.write_lines() as lines:
        last = Label.objects.filter(of=text, account=account).order_by("event").last()
        if last and last.says == answer and (text.ref, account.code) not in _taken_back(workbench, text.question):
            return
        if (text.ref, account.code) in _handed_in(workbench, text.question):
            raise UsageError(_("Your label of this text is handed in and cannot be changed."))
        details = {"text": text.pk, "question": text.question}
        label_hash = audit_log.digest(text.pk, account.code, answer)
        event = lines.add(Kind.LABELLED, account.code, **details, says=label_hash)
        Label.objects.create(of=text, account=account, says=answer, event=event)


def label_digest(label: Label) -> str:
    """Return the hash that stands for a label in the audit log."""
    return audit_log.digest(label.of_id, label.account.code, label.says)


def hand_in(workbench: WorkbenchFolder, question: str, actor: str) -> int:
    """Hand in every new label for training, and return how many.

    If one of them cannot be handed in, AssayError is raised and none is.
    """
    texts = {label_text.pk: label_text for label_text in Text.objects.filter(question=question)}
    codes = dict(Account.objects.values_list("pk", "code"))
    folder = labels_folder(workbench, question)
    with temporary_folder(workbench.folder, TEMPORARY_PREFIX) as work_folder, audit_log.write_lines() as lines:
        handled = _handed_in(workbench, question) | _taken_back(workbench, question)
        sheets: dict[str, list[tuple[str, str, str]]] = {}
        for key, text_labels in current_labels(list(texts.values())).items():
            for account, answer in text_labels.items():
                if (texts[key].ref, codes[account]) not in handled:
                    sheets.setdefault(codes[account], []).append((texts[key].ref, "", answer or UNSURE))
        new_rows: list[Sequence[str]] = []
        for code, rows in sorted(sheets.items()):
            path = work_folder / f"{code}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([SHEET_COLUMNS, *sorted(rows)])
            new_rows += new_labels(folder, path, code, signed_in=True)
        if new_rows:
            lines.add(Kind.LABELS_HANDED_IN, actor, question=question, labels=len(new_rows))
            add_labels(folder, new_rows)  # last: the database rolls back, the file does not
    return len(new_rows)


def _handed_in(workbench: WorkbenchFolder, question: str) -> set[tuple[str, str]]:
    """Return the labels that are handed in: (text, account)."""
    return {
        (row["id"], row["marker_code"]) for row in read_rows(labels_folder(workbench, question) / LABELS, LABEL_COLUMNS)
    }


def _taken_back(workbench: WorkbenchFolder, question: str) -> set[tuple[str, str]]:
    """Return the labels that `assay text undo-labels` took back and that were not given again: (text, account).

    Every hand-in takes all labels, so a label given after the last hand-in is new.
    """
    rows = read_rows(labels_folder(workbench, question) / UNDONE, LABEL_COLUMNS)
    hand_ins = [
        (event.number, json.loads(event.about)) for event in Event.objects.filter(kind=Kind.LABELS_HANDED_IN.value)
    ]
    last = max((number for number, details in hand_ins if details["question"] == question), default=0)
    relabelled = Label.objects.filter(of__question=question, event__gt=last).values_list("of__ref", "account__code")
    return {(row["id"], row["marker_code"]) for row in rows} - set(relabelled)
