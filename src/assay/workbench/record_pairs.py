"""Review pairs of records by two or three analysts, and hand their verdicts to record linkage.

Pairs are drawn as by `assay linkage sample-pairs`. Two people review each, unaware of the other, and a verdict on which
both agree is final. Where they differ a third reviews it, equally blind, and the majority decides. Verdicts are stored
where `assay linkage evaluate` stores them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from assay.errors import UsageError
from assay.ingest.reviewed_pairs import CANNOT_TELL, COLUMNS, VERDICTS
from assay.temporary_folders import temporary_folder
from assay.wording import count_phrase
from assay.workbench import audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import Account, Pair, Verdict
from assay.workbench.workbench_folder import TEMPORARY_PREFIX, WorkbenchFolder
from assay.workflows.judge.answer_cards import CommandResult
from assay.workflows.run.linkage_sensitivity import receive_verdicts, write_review_pairs

REQUIRED_AGREEMENT, MAX_READERS = 2, 3
NAME = "verdicts given in the workbench.csv"


@dataclass(frozen=True)
class NewPairs:
    """The result of drawing pairs: how many were added to the workbench, and how many it now has."""

    new: int
    pairs: int

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return dict(vars(self))

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [f"{count_phrase(self.new, 'pair')} added; the workbench holds {self.pairs}. Two analysts review each."]


def bring_pairs(workbench: WorkbenchFolder, *, number: int, seed: str) -> NewPairs:
    """Draw record pairs and add the new ones to the workbench; UsageError if linkage has not run."""
    with temporary_folder(workbench.folder, TEMPORARY_PREFIX) as work_folder:
        path = work_folder / "pairs.csv"
        write_review_pairs(workbench.inspection, number, seed, path)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    with audit_log.write_lines() as lines:
        known_refs = set(Pair.objects.values_list("ref", flat=True))
        last = Pair.objects.aggregate(last=Max("place"))["last"] or 0
        new_rows = [row for row in rows if row["pair_ref"] not in known_refs]
        Pair.objects.bulk_create([
            Pair(ref=row["pair_ref"], knot=row["knot"], other_knot=row["other_knot"], place=position)
            for position, row in enumerate(new_rows, start=last + 1)
        ])  # fmt: skip
        lines.add(Kind.PAIRS_BROUGHT, OPERATOR, pairs=len(new_rows))
    return NewPairs(len(new_rows), len(known_refs) + len(new_rows))


def current_verdicts(pairs: Sequence[Pair]) -> dict[int, dict[int, str]]:
    """Return the latest verdict by pair and account."""
    verdicts_by_pair: dict[int, dict[int, str]] = {pair.pk: {} for pair in pairs}
    for verdict in Verdict.objects.filter(of__in=list(pairs)).order_by("event"):
        verdicts_by_pair[verdict.of_id][verdict.account_id] = verdict.says
    return verdicts_by_pair


def settled_verdict(verdicts: Collection[str]) -> str:
    """Return the settled verdict on a pair; '' while somebody must still review it."""
    (common_verdict, times), *_more = Counter(verdicts).most_common(1) or [("", 0)]
    if times >= REQUIRED_AGREEMENT:
        return common_verdict
    return CANNOT_TELL if len(verdicts) >= MAX_READERS else ""


def next_pair(account: Account) -> Pair | None:
    """Return the pair that a person reviews next."""
    pairs = list(Pair.objects.all())
    verdicts_by_pair = current_verdicts(pairs)
    return next(
        (
            pair
            for pair in pairs
            if account.pk not in verdicts_by_pair[pair.pk] and not settled_verdict(verdicts_by_pair[pair.pk].values())
        ),
        None,
    )


def save_verdict(account: Account, pair: Pair, answer: str) -> None:
    """Save a person's verdict on a pair; an identical verdict adds nothing."""
    if answer not in VERDICTS:
        raise UsageError(_("Choose one of the answers."))
    with audit_log.write_lines() as lines:
        last = Verdict.objects.filter(of=pair, account=account).order_by("event").last()
        if last and last.says == answer:
            return
        verdict_hash = audit_log.digest(pair.ref, account.code, answer)
        event = lines.add(Kind.PAIR_JUDGED, account.code, pair=pair.ref, says=verdict_hash)
        Verdict.objects.create(of=pair, account=account, says=answer, event=event)


def verdict_digest(verdict: Verdict) -> str:
    """Return the hash that stands for a verdict in the audit log."""
    return audit_log.digest(verdict.of.ref, verdict.account.code, verdict.says)


def hand_in_verdicts(workbench: WorkbenchFolder, actor: str) -> CommandResult:
    """Hand every settled verdict to record linkage, and return precision and recall.

    Raises
    ------
    UsageError
        If none is settled.
    """
    pairs = list(Pair.objects.all())
    verdicts_by_pair = current_verdicts(pairs)
    settled_verdicts = {
        pair.ref: verdict for pair in pairs if (verdict := settled_verdict(verdicts_by_pair[pair.pk].values()))
    }
    if not settled_verdicts:
        raise UsageError(_("No pair is settled yet: two people must give it the same verdict."))
    with temporary_folder(workbench.folder, TEMPORARY_PREFIX) as work_folder, audit_log.write_lines() as lines:
        path = work_folder / NAME
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *sorted(settled_verdicts.items())])
        result = receive_verdicts(workbench.inspection, path)
        lines.add(Kind.VERDICTS_HANDED_IN, actor, pairs=len(settled_verdicts))
    return result
