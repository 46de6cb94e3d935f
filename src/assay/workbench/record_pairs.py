"""Which pairs of records do analysts look at, when is a pair settled, and how do verdicts reach linkage?

Pairs are drawn as `assay link review` draws them. Two people look at each, neither knows of the other, and what
both say holds; where they differ a third looks, as blindly, and what two of the three say holds. Verdicts are kept
where `assay link reviewed` keeps them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from assay.errors import UsageError
from assay.ingest.reviewed_pairs import CANNOT_TELL, COLUMNS, VERDICTS
from assay.wording import counted
from assay.workbench import audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import Account, Pair, Verdict
from assay.workbench.workbench_folder import Place
from assay.workflows.judge.answer_cards import Told
from assay.workflows.run.linkage_sensitivity import pairs_to_review, reviewed

TWO, THREE = 2, 3
NAME = "verdicts given in the workbench.csv"


@dataclass(frozen=True)
class Brought:
    """How many pairs were brought to the desks, and how many lie there in all."""

    new: int
    pairs: int

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return dict(vars(self))

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [f"{counted(self.new, 'pair')} brought to the desks; {self.pairs} lie there. Two analysts look at each."]


def bring_pairs(place: Place, *, number: int, seed: str) -> Brought:
    """Draw pairs and bring those that are new to the desks; UsageError where linkage has not run."""
    with TemporaryDirectory(dir=place.folder) as held:
        path = Path(held) / "pairs.csv"
        pairs_to_review(place.inspection, number, seed, path)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    with audit_log.writing() as lines:
        there = set(Pair.objects.values_list("ref", flat=True))
        last = Pair.objects.aggregate(last=Max("place"))["last"] or 0
        fresh = [row for row in rows if row["pair_ref"] not in there]
        Pair.objects.bulk_create([
            Pair(ref=row["pair_ref"], knot=row["knot"], other_knot=row["other_knot"], place=at)
            for at, row in enumerate(fresh, start=last + 1)
        ])  # fmt: skip
        lines.add(Kind.PAIRS_BROUGHT, OPERATOR, pairs=len(fresh))
    return Brought(len(fresh), len(there) + len(fresh))


def said_of(pairs: Sequence[Pair]) -> dict[int, dict[int, str]]:
    """What each person said last of each pair: by pair, by account."""
    found: dict[int, dict[int, str]] = {one.pk: {} for one in pairs}
    for verdict in Verdict.objects.filter(of__in=list(pairs)).order_by("event"):
        found[verdict.of_id][verdict.account_id] = verdict.says
    return found


def settled(says: Collection[str]) -> str:
    """What holds of a pair of which people say this; '' while somebody must still look."""
    (most, times), *_more = Counter(says).most_common(1) or [("", 0)]
    if times >= TWO:
        return most
    return CANNOT_TELL if len(says) >= THREE else ""


def next_for(account: Account) -> Pair | None:
    """The pair that a person looks at next."""
    pairs = list(Pair.objects.all())
    said = said_of(pairs)
    return next((one for one in pairs if account.pk not in said[one.pk] and not settled(said[one.pk].values())), None)


def say(account: Account, pair: Pair, says: str) -> None:
    """Keep what a person says of a pair; the same again adds nothing."""
    if says not in VERDICTS:
        raise UsageError(_("Choose one of the answers."))
    with audit_log.writing() as lines:
        last = Verdict.objects.filter(of=pair, account=account).order_by("event").last()
        if last and last.says == says:
            return
        told = audit_log.digest(pair.ref, account.code, says)
        event = lines.add(Kind.PAIR_JUDGED, account.code, pair=pair.ref, says=told)
        Verdict.objects.create(of=pair, account=account, says=says, event=event)


def said_by(one: Verdict) -> str:
    """The hash by which the trail speaks of a verdict."""
    return audit_log.digest(one.of.ref, one.account.code, one.says)


def hand_in(place: Place, who: str) -> Told:
    """Give every settled verdict to the linkage of the inspection; what follows of precision and recall, in words.
    UsageError where none is settled."""
    pairs = list(Pair.objects.all())
    said = said_of(pairs)
    held = {one.ref: verdict for one in pairs if (verdict := settled(said[one.pk].values()))}
    if not held:
        raise UsageError(_("No pair is settled yet: two people must say the same of it."))
    with TemporaryDirectory(dir=place.folder) as beside, audit_log.writing() as lines:
        path = Path(beside) / NAME
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *sorted(held.items())])
        told = reviewed(place.inspection, path)
        lines.add(Kind.VERDICTS_HANDED_IN, who, pairs=len(held))
    return told
