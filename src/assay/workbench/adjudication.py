"""Where two inspectors differ, who decides, and what do they see?

Only when both have finished, each blind to the other, does a third person see where they differ: both answers and both
reasons, without saying whose they are. What they decide needs a reason, and then holds. Where both agree nothing is
asked again.
"""

from __future__ import annotations

from collections.abc import Iterable

from assay.casefiles.file_assignment import ADJUDICATED, FIRST, INSPECTOR, SECOND, Assigned, File, Marker, adjudicated
from assay.casefiles.rating_validation import Read
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.models import DONE, OPEN, SEALED, SEALING, Account, CaseFile, Reading, Sample
from assay.workbench.models import INSPECTOR as INSPECTOR_ROLE
from assay.workbench.reading_answers import read_alone

FINISHED = (DONE, SEALING, SEALED)


def pair(file: CaseFile) -> tuple[Reading, Reading] | None:
    """Both inspectors' readings of a file that is read twice; None of any other."""
    found = {one.round: one for one in file.readings.filter(kind=INSPECTOR, round__in=(FIRST, SECOND))}
    return (found[FIRST], found[SECOND]) if len(found) == 2 else None


def both(file: CaseFile) -> tuple[Read, Read]:
    """What two inspectors answered, as it counts."""
    readings = pair(file)
    assert readings is not None, "an adjudication is of a file that two have read"
    first, second = (read_alone(one) for one in readings)
    return first, second


def apart(first: Read, second: Read) -> tuple[str, ...]:
    """The questions that both answered, and differently, in order."""
    others = {one.question: one.answer for one in second.answers}
    return tuple(one.question for one in first.answers if others.get(one.question, one.answer) != one.answer)


def differs(file: CaseFile) -> bool:
    """Whether two have finished a file, and differ."""
    readings = pair(file)
    return bool(readings and all(one.state in FINISHED for one in readings) and apart(*both(file)))


def give(lines: audit_log.Writer, file: CaseFile) -> Reading | None:
    """Give a file on which two differ to an active adjudicator who may read it and has fewest; None where nothing is to
    be given, or nobody may: then it waits, and `give_waiting` gives it later."""
    if file.readings.filter(round=ADJUDICATED).exists() or not differs(file):
        return None
    staff = [one for one in active_markers(file.sample) if one.code not in ever_read(file)]
    told = adjudicated(assigned(file.sample), [as_file(file)], staff, file.sample.seed)
    if not told:
        return None
    account = Account.objects.get(code=told[0].marker)
    made: Reading = Reading.objects.create(file=file, account=account, round=ADJUDICATED, kind=INSPECTOR, state=OPEN)
    lines.add(Kind.ADJUDICATION_GIVEN, audit_log.NOBODY, reading=made.id, to=account.code)
    return made


def give_waiting(lines: audit_log.Writer, samples: Iterable[Sample] | None = None) -> int:
    """Give every file that waits for an adjudicator, of these samples or of all; how many were given. Asked whenever
    somebody becomes active, readers change or marks are sealed, so that a file on which two differ is never lost."""
    there = Sample.objects.all() if samples is None else samples
    files = (file for sample in there for file in sample.files.select_related("sample"))
    return sum(give(lines, file) is not None for file in files)


def active_markers(sample: Sample) -> list[Marker]:
    """Those of the readers of a sample whose account is open."""
    codes = set(Account.objects.filter(role=INSPECTOR_ROLE, is_active=True).values_list("code", flat=True))
    return [one for one in markers(sample) if one.code in codes]


def ever_read(file: CaseFile) -> set[str]:
    """Everybody who was ever given a file, by their codes, those too from whom it was recalled."""
    return set(Reading.everything.filter(file=file).values_list("account__code", flat=True))


def assigned(sample: Sample) -> list[Assigned]:
    """Every reading of a sample, as `casefiles` knows it."""
    found = Reading.objects.filter(file__sample=sample).select_related("file", "account")
    return [Assigned(as_file(one.file), one.account.code, one.round, one.kind) for one in found]


def as_file(file: CaseFile) -> File:
    """A file, as `casefiles` knows it."""
    return File(*file.pair, file.stratum, tuple(file.also))


def markers(sample: Sample) -> list[Marker]:
    """Who may read, as the markers' file said when the sample was brought to the desks."""
    return [Marker(**{**one, "away_from": tuple(one["away_from"])}) for one in sample.markers]
