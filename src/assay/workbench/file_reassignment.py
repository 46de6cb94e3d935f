"""Give the unfinished files of a person who leaves to other readers, and change the readers of a sample.

A reading is one person's own judgement, so another person begins again, blind to earlier answers. The previous reading
is recalled: its answers stay in the tables with their log lines, but are not used. Finished readings stay. Nobody is
assigned a file that they had before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Max

from assay.casefiles.file_assignment import Assignment, read_raters, reassign
from assay.errors import UsageError
from assay.wording import count_phrase
from assay.workbench import adjudication, audit_log
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.models import OPEN, RECALLED, Account, Reading, Sample
from assay.workbench.sample_opening import rater_rows, require_inspectors


@dataclass(frozen=True)
class Reassignment:
    """The result of a reassignment: files by new reader, files not reassigned, and files for an adjudicator."""

    new_files: dict[str, int] = field(default_factory=dict)
    left: int = 0
    adjudications: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return dict(vars(self))

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        text_lines = [f"  {code}: {count_phrase(files, 'file')}" for code, files in sorted(self.new_files.items())]
        if self.adjudications:
            text_lines.append(f"{count_phrase(self.adjudications, 'file')} that waited was given to an adjudicator.")
        if self.left:
            text_lines.append(
                f"{count_phrase(self.left, 'file')} stay, because nobody else may read them. Name more readers "
                "with assay workbench readers, then run this command again."
            )
        return text_lines or ["There was no file to reassign."]


def reassign_files(code: str) -> Reassignment:
    """Give the unfinished files of an account to others; UsageError if there is no such account."""
    account = Account.objects.filter(code=code).first()
    if account is None:
        raise UsageError(f"There is no account {code}. Create it: assay workbench account FOLDER {code} ROLE")
    with audit_log.write_lines() as lines:
        open_readings = list(Reading.objects.select_for_update().filter(account=account, state=OPEN))
        samples = Sample.objects.filter(files__readings__in=open_readings).distinct()
        counts = sum((_reassign_sample(lines, sample, account, open_readings) for sample in samples), Counter[str]())
        adjudications = adjudication.assign_waiting_adjudications(lines)
    return Reassignment(dict(counts), len(open_readings) - counts.total(), adjudications)


def change_readers(key: str, questions: str, markers: Path) -> Reassignment:
    """Change the readers of a sample to those in another file, and assign files that wait for an adjudicator.

    Raises
    ------
    UsageError
        If the sample is not in the workbench, or a reader has no account.
    """
    sample = Sample.objects.filter(key=key, questions=questions).first()
    if sample is None:
        raise UsageError(f"{key} is not in the workbench with {questions}. Add it: assay workbench open-sample")
    staff = require_inspectors(read_raters(markers))
    with audit_log.write_lines() as lines:
        sample.markers = rater_rows(staff)
        sample.save(update_fields=["markers"])
        lines.add(Kind.MARKERS_CHANGED, OPERATOR, sample=key, questions=questions, readers=len(staff))
        adjudications = adjudication.assign_waiting_adjudications(lines, [sample])
    return Reassignment(adjudications=adjudications)


def _reassign_sample(
    lines: audit_log.Writer, sample: Sample, account: Account, open_readings: Sequence[Reading]
) -> Counter[str]:
    """Give the readings of one sample to eligible readers; return the number for each."""
    sample_readings = [item for item in open_readings if item.file.sample_id == sample.pk]
    by_file = {adjudication.to_file(item.file).pair: item for item in sample_readings}
    leaving = [
        (
            Assignment(adjudication.to_file(item.file), account.code, item.round, item.kind),
            adjudication.reader_codes(item.file),
        )
        for item in sample_readings
    ]
    staff = [item for item in adjudication.active_raters(sample) if item.code != account.code]
    counts = Counter[str]()
    for old, new in reassign(adjudication.assignments(sample), leaving, staff, sample.seed):
        _reassign_reading(lines, by_file[old.file.pair], new.marker)
        counts[new.marker] += 1
    return counts


def _reassign_reading(lines: audit_log.Writer, old: Reading, code: str) -> None:
    new_account = Account.objects.get(code=code)
    last_place = Reading.objects.filter(account=new_account).aggregate(last=Max("place"))["last"] or 0
    Reading.objects.filter(pk=old.pk).update(state=RECALLED)
    new = Reading.objects.create(
        file=old.file, account=new_account, round=old.round, kind=old.kind, place=last_place + 1
    )
    lines.add(Kind.REASSIGNED, OPERATOR, reading=old.pk, to=code, instead=new.pk)
