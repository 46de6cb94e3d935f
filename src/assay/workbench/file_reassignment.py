"""How do the open files of somebody who leaves go to others, and how does a sample get other readers?

A reading is one person's own judgement, so another person begins it anew, blind to what was answered before: the
reading that was begun is recalled, its answers stay in the tables with their lines, and count for nothing. What was
finished stays as it is. Whoever once had a file is not given it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Max

from assay.casefiles.file_assignment import Assigned, read_markers, reassigned
from assay.errors import UsageError
from assay.wording import counted
from assay.workbench import adjudication, audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import OPEN, RECALLED, Account, Reading, Sample
from assay.workbench.sample_opening import inspectors, told_of


@dataclass(frozen=True)
class Reassigned:
    """How many files went to whom (`given`), how many stay since nobody else may read them (`left`), and how many that
    waited were given to an adjudicator."""

    given: dict[str, int] = field(default_factory=dict)
    left: int = 0
    adjudications: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return dict(vars(self))

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [f"  {code}: {counted(files, 'file')}" for code, files in sorted(self.given.items())]
        if self.adjudications:
            said.append(f"{counted(self.adjudications, 'file')} that waited went to an adjudicator.")
        if self.left:
            said.append(
                f"{counted(self.left, 'file')} stay, since nobody else may read them. Name more readers: "
                "assay desk readers; then ask again."
            )
        return said or ["Nothing was to be given to anybody."]


def reassign_files(code: str) -> Reassigned:
    """Give the files that somebody has not finished to others; UsageError where there is no such account."""
    account = Account.objects.filter(code=code).first()
    if account is None:
        raise UsageError(f"There is no account {code}.")
    with audit_log.writing() as lines:
        mine = list(Reading.objects.select_for_update().filter(account=account, state=OPEN))
        samples = Sample.objects.filter(files__readings__in=mine).distinct()
        given = sum((_of_sample(lines, sample, account, mine) for sample in samples), Counter[str]())
        adjudications = adjudication.give_waiting(lines)
    return Reassigned(dict(given), len(mine) - given.total(), adjudications)


def change_readers(key: str, questions: str, markers: Path) -> Reassigned:
    """Take the readers of a sample from another file; files that wait for an adjudicator are given. UsageError where
    the sample is not at the desks, or a reader has no account."""
    sample = Sample.objects.filter(key=key, questions=questions).first()
    if sample is None:
        raise UsageError(f"{key} is not at the desks with {questions}. Bring it there: assay desk open")
    staff = inspectors(read_markers(markers))
    with audit_log.writing() as lines:
        sample.markers = told_of(staff)
        sample.save(update_fields=["markers"])
        lines.add(Kind.MARKERS_CHANGED, OPERATOR, sample=key, questions=questions, readers=len(staff))
        adjudications = adjudication.give_waiting(lines, [sample])
    return Reassigned(adjudications=adjudications)


def _of_sample(lines: audit_log.Writer, sample: Sample, account: Account, mine: Sequence[Reading]) -> Counter[str]:
    """Give the readings of one sample to others who may have them; how many each was given."""
    held = [one for one in mine if one.file.sample_id == sample.pk]
    by_file = {adjudication.as_file(one.file).pair: one for one in held}
    leaving = [
        (Assigned(adjudication.as_file(one.file), account.code, one.round, one.kind), adjudication.ever_read(one.file))
        for one in held
    ]
    staff = [one for one in adjudication.active_markers(sample) if one.code != account.code]
    given = Counter[str]()
    for old, new in reassigned(adjudication.assigned(sample), leaving, staff, sample.seed):
        _give(lines, by_file[old.file.pair], new.marker)
        given[new.marker] += 1
    return given


def _give(lines: audit_log.Writer, old: Reading, code: str) -> None:
    to = Account.objects.get(code=code)
    last = Reading.objects.filter(account=to).aggregate(last=Max("place"))["last"] or 0
    Reading.objects.filter(pk=old.pk).update(state=RECALLED)
    new = Reading.objects.create(file=old.file, account=to, round=old.round, kind=old.kind, place=last + 1)
    lines.add(Kind.REASSIGNED, OPERATOR, reading=old.pk, to=code, instead=new.pk)
