"""The tables of the workbench: accounts, files, readings, answers, labels, pairs, and the audit log.

Answers and events are only ever added: the database itself refuses to change or delete them (migration 0002). A case
file here is a copy of what stands in the inspection, without names; sealed marks go back there.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

INSPECTOR, ANALYST, PANEL, LIAISON, AUDITOR = "inspector", "analyst", "panel", "liaison", "auditor"
ROLES = (INSPECTOR, ANALYST, PANEL, LIAISON, AUDITOR)
OPEN, DONE, SEALING, SEALED = "open", "done", "sealing", "sealed"
RECALLED = "recalled"
"""The state of a reading that was given to somebody else: what was answered in it stays, and counts for nothing."""


class Accounts(BaseUserManager):
    """Accounts by their code."""


class Account(AbstractBaseUser):
    """Somebody who may come in: a code, never a name; one role. `force_code`: of a force's liaison, their force;
    `keys`: how they mark by keyboard, if they wish to."""

    code = models.CharField(max_length=40, unique=True)
    role = models.CharField(max_length=12)
    force_code = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    keys = models.JSONField(default=dict)

    objects = Accounts()
    USERNAME_FIELD = "code"
    REQUIRED_FIELDS: Sequence[str] = ()


class Sample(models.Model):
    """A sample that was brought to the desks with one question set; `markers`: who may read, as the markers' file says;
    `untold`: why texts stand at no step."""

    key = models.CharField(max_length=80)
    questions = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    seed = models.CharField(max_length=200)
    markers = models.JSONField(default=list)
    untold = models.JSONField(default=list)

    class Meta:
        """One sample with one question set, once."""

        constraints = (models.UniqueConstraint(fields=["key", "questions"], name="sample_once"),)


class CaseFile(models.Model):
    """One file of a sample. `also`: other forces whose steps stand in it; `listed`: whom a list may name; `words`: how
    many written words it has."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="files")
    force_code = models.CharField(max_length=16)
    subject_ref = models.CharField(max_length=120)
    stratum = models.CharField(max_length=300)
    also = models.JSONField(default=list)
    listed = models.JSONField(default=dict)
    words = models.PositiveIntegerField(default=0)

    class Meta:
        """A file stands in a sample once."""

        constraints = (models.UniqueConstraint(fields=["sample", "force_code", "subject_ref"], name="file_once"),)

    @property
    def pair(self) -> tuple[str, str]:
        """What names it everywhere else."""
        return self.force_code, self.subject_ref


class Step(models.Model):
    """One step of a file, in order, with what was written at it, without names."""

    file = models.ForeignKey(CaseFile, models.PROTECT, related_name="steps")
    place = models.PositiveIntegerField()
    when = models.CharField(max_length=40)
    what = models.CharField(max_length=400)
    detail = models.CharField(max_length=400)
    by_role = models.CharField(max_length=120)
    held_by = models.CharField(max_length=16)
    tied_by = models.CharField(max_length=300)
    crime = models.CharField(max_length=120)
    about = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0)

    class Meta:
        """In the order of the file."""

        ordering = ("place",)


class ReadingsThatCount(models.Manager["Reading"]):
    """The readings that were not given to somebody else."""

    def get_queryset(self) -> models.QuerySet[Reading]:
        """Without those that were recalled."""
        return super().get_queryset().exclude(state=RECALLED)


class Reading(models.Model):
    """One file read by one person in one round. `place`: its turn in their queue; `opened`: whether they saw it."""

    file = models.ForeignKey(CaseFile, models.PROTECT, related_name="readings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="readings")
    round = models.CharField(max_length=12)
    kind = models.CharField(max_length=16)
    place = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default=OPEN)
    opened = models.BooleanField(default=False)

    objects = ReadingsThatCount()
    everything = models.Manager["Reading"]()

    class Meta:
        """Nobody reads a file twice."""

        constraints = (models.UniqueConstraint(fields=["file", "account"], name="read_once"),)
        ordering = ("place", "id")


class Answer(models.Model):
    """One answer as it was given, never changed: a later turn takes its place. `event`: its number in the trail, which
    holds the hash of what stands here; `undoes`: the turn that it takes back."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    turn = models.PositiveIntegerField()
    answer = models.CharField(max_length=2000, blank=True)
    reason = models.TextField(blank=True)
    event = models.PositiveIntegerField(unique=True)
    undoes = models.PositiveIntegerField(null=True)

    class Meta:
        """One answer a turn."""

        constraints = (models.UniqueConstraint(fields=["reading", "turn"], name="turn_once"),)
        ordering = ("turn",)


class Comment(models.Model):
    """A note of a reader to themselves or to the analysts, on a question or a step (`on`: its anchor on the page)."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="comments")
    on = models.CharField(max_length=80)
    text = models.CharField(max_length=1000)
    closed = models.BooleanField(default=False)


class HardDay(models.Model):
    """That a person opened a file of hard reading on a day."""

    account = models.ForeignKey(Account, models.PROTECT)
    file = models.ForeignKey(CaseFile, models.PROTECT)
    day = models.DateField()

    class Meta:
        """Once a day."""

        constraints = (models.UniqueConstraint(fields=["account", "file", "day"], name="hard_once"),)


class Reply(models.Model):
    """What a force says of the factual accuracy of a letter about its return; added, never changed."""

    force_code = models.CharField(max_length=16)
    letter = models.CharField(max_length=120)
    account = models.ForeignKey(Account, models.PROTECT)
    agrees = models.BooleanField()
    text = models.CharField(max_length=4000, blank=True)
    event = models.PositiveIntegerField(unique=True)


class Minute(models.Model):
    """What was said when the panel met, and who was present (codes or posts); added, never changed. `force_code` and
    `line` are empty where it is of the whole meeting, or of a whole force."""

    held_on = models.DateField()
    present = models.CharField(max_length=500)
    force_code = models.CharField(max_length=16, blank=True)
    line = models.CharField(max_length=60, blank=True)
    said = models.TextField()
    account = models.ForeignKey(Account, models.PROTECT)
    event = models.PositiveIntegerField(unique=True)


class Text(models.Model):
    """A text without names that people label, drawn in a round for one question. `ref`: its name in the pool; `people`:
    by how many it is labelled; `place`: its turn."""

    question = models.CharField(max_length=20)
    round = models.PositiveIntegerField()
    ref = models.CharField(max_length=160)
    text = models.TextField()
    people = models.PositiveIntegerField()
    place = models.PositiveIntegerField()

    class Meta:
        """A text is drawn once for a question."""

        constraints = (models.UniqueConstraint(fields=["question", "ref"], name="text_once"),)
        ordering = ("place",)


class TextDay(models.Model):
    """That a person opened a text to label on a day."""

    account = models.ForeignKey(Account, models.PROTECT)
    of = models.ForeignKey(Text, models.PROTECT)
    day = models.DateField()

    class Meta:
        """Once a day."""

        constraints = (models.UniqueConstraint(fields=["account", "of", "day"], name="text_day_once"),)


class Label(models.Model):
    """What one person said of a text ("yes", "no", or "" where it cannot be said); added, never changed: their last one
    counts."""

    of = models.ForeignKey(Text, models.PROTECT, related_name="labels")
    account = models.ForeignKey(Account, models.PROTECT)
    says = models.CharField(max_length=12, blank=True)
    event = models.PositiveIntegerField(unique=True)


class Pair(models.Model):
    """Two knots of records that may be one person, by the first entry of each. Nothing of either stands here."""

    ref = models.CharField(max_length=16, unique=True)
    knot = models.CharField(max_length=160)
    other_knot = models.CharField(max_length=160)
    place = models.PositiveIntegerField()

    class Meta:
        """In the order in which they were drawn."""

        ordering = ("place",)


class PairDay(models.Model):
    """That a person looked at a pair on a day."""

    account = models.ForeignKey(Account, models.PROTECT)
    of = models.ForeignKey(Pair, models.PROTECT)
    day = models.DateField()

    class Meta:
        """Once a day."""

        constraints = (models.UniqueConstraint(fields=["account", "of", "day"], name="pair_day_once"),)


class Verdict(models.Model):
    """What one person said of a pair; added, never changed: their last one counts."""

    of = models.ForeignKey(Pair, models.PROTECT, related_name="verdicts")
    account = models.ForeignKey(Account, models.PROTECT)
    says = models.CharField(max_length=12)
    event = models.PositiveIntegerField(unique=True)


class Event(models.Model):
    """One line of the trail: see `trail`."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    who = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    about = models.TextField()
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """In the order in which things happened."""

        ordering = ("number",)


class Head(models.Model):
    """The last line of the trail, in one row that whoever writes holds locked."""

    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64)
