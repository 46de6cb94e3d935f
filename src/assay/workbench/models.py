"""The tables of the workbench: accounts, files, readings, answers, labels, pairs, and the audit log.

Answers and events are append-only: the database itself refuses to change or delete them (migration 0002). A case file
here is a copy of the inspection's data without names; sealed ratings go back there.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

INSPECTOR, ANALYST, PANEL, LIAISON, AUDITOR = "inspector", "analyst", "panel", "liaison", "auditor"
ROLES = (INSPECTOR, ANALYST, PANEL, LIAISON, AUDITOR)
OPEN, DONE, SEALING, SEALED = "open", "done", "sealing", "sealed"
RECALLED = "recalled"
"""The state of a reading that was given to somebody else: its answers stay, but are not used."""


class Accounts(BaseUserManager):
    """The Django manager of accounts, which are identified by code."""


class Account(AbstractBaseUser):
    """A user account: it has a code, never a name, and one role.

    `force_code`: the force of a liaison officer; `keys`: their keyboard shortcuts, if they want them.
    """

    code = models.CharField(max_length=40, unique=True)
    role = models.CharField(max_length=12)
    force_code = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    keys = models.JSONField(default=dict)

    objects = Accounts()
    USERNAME_FIELD = "code"
    REQUIRED_FIELDS: Sequence[str] = ()


class Sample(models.Model):
    """One sample of case files, opened in the workbench with one question set.

    `markers`: permitted readers, as the raters' file lists them; `untold`: why the steps have no texts.
    """

    key = models.CharField(max_length=80)
    questions = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    seed = models.CharField(max_length=200)
    markers = models.JSONField(default=list)
    untold = models.JSONField(default=list)

    class Meta:
        """Database constraint: a sample has one row for each question set."""

        constraints = (models.UniqueConstraint(fields=["key", "questions"], name="sample_once"),)


class CaseFile(models.Model):
    """One file of a sample in the workbench.

    `also`: other forces with steps in it; `listed`: whom a list may name; `words`: its number of written words.
    """

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="files")
    force_code = models.CharField(max_length=16)
    subject_ref = models.CharField(max_length=120)
    stratum = models.CharField(max_length=300)
    also = models.JSONField(default=list)
    listed = models.JSONField(default=dict)
    words = models.PositiveIntegerField(default=0)

    class Meta:
        """Database constraint: a file is in a sample once."""

        constraints = (models.UniqueConstraint(fields=["sample", "force_code", "subject_ref"], name="file_once"),)

    @property
    def pair(self) -> tuple[str, str]:
        """Return force code and reference, which together identify the file outside the workbench."""
        return self.force_code, self.subject_ref


class Step(models.Model):
    """One step of a case file, in order, with its text after names were removed."""

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
        """Django options: steps are in the order of the file."""

        ordering = ("place",)


class ReadingsThatCount(models.Manager["Reading"]):
    """The Django manager that leaves out recalled readings: those whose file was reassigned to another reader."""

    def get_queryset(self) -> models.QuerySet[Reading]:
        """Return all readings that were not recalled."""
        return super().get_queryset().exclude(state=RECALLED)


class Reading(models.Model):
    """One assignment of a file to one reader in one round; `place` is its position in the reader's queue, `opened`
    whether the reader saw the file."""

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
        """Database constraint: nobody reads a file twice."""

        constraints = (models.UniqueConstraint(fields=["file", "account"], name="read_once"),)
        ordering = ("place", "id")


class Answer(models.Model):
    """One answer, never changed: a later answer with a higher turn number replaces it.

    `event`: its number in the audit log, which holds the hash of this row; `undoes`: the turn that it undoes.
    """

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    turn = models.PositiveIntegerField()
    answer = models.CharField(max_length=2000, blank=True)
    reason = models.TextField(blank=True)
    event = models.PositiveIntegerField(unique=True)
    undoes = models.PositiveIntegerField(null=True)

    class Meta:
        """Database constraint: one answer for each reading, question and turn."""

        constraints = (models.UniqueConstraint(fields=["reading", "turn"], name="turn_once"),)
        ordering = ("turn",)


class Comment(models.Model):
    """A reader's comment for themselves or for the analysts, on a question or a step (`on`: its anchor on the page)."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="comments")
    on = models.CharField(max_length=80)
    text = models.CharField(max_length=1000)
    closed = models.BooleanField(default=False)


class HardDay(models.Model):
    """A record that a person opened a long file on a day, for the daily limit."""

    account = models.ForeignKey(Account, models.PROTECT)
    file = models.ForeignKey(CaseFile, models.PROTECT)
    day = models.DateField()

    class Meta:
        """Database constraint: one row for each person, object and day."""

        constraints = (models.UniqueConstraint(fields=["account", "file", "day"], name="hard_once"),)


class Reply(models.Model):
    """The reply of a force about the factual accuracy of a letter on its return; append-only."""

    force_code = models.CharField(max_length=16)
    letter = models.CharField(max_length=120)
    account = models.ForeignKey(Account, models.PROTECT)
    agrees = models.BooleanField()
    text = models.CharField(max_length=4000, blank=True)
    event = models.PositiveIntegerField(unique=True)


class Minute(models.Model):
    """An entry in the minutes of the panel, with those present (codes or posts); append-only.

    `force_code` and `line` are empty for the whole meeting, and `line` for a whole force.
    """

    held_on = models.DateField()
    present = models.CharField(max_length=500)
    force_code = models.CharField(max_length=16, blank=True)
    line = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    account = models.ForeignKey(Account, models.PROTECT)
    event = models.PositiveIntegerField(unique=True)


class Text(models.Model):
    """A text, with names removed, that people label; drawn in a round for one question.

    `ref`: its name in the pool; `people`: the number of people who label it; `place`: its position.
    """

    question = models.CharField(max_length=20)
    round = models.PositiveIntegerField()
    ref = models.CharField(max_length=160)
    text = models.TextField()
    people = models.PositiveIntegerField()
    place = models.PositiveIntegerField()

    class Meta:
        """Database constraint: a text is drawn once for each question."""

        constraints = (models.UniqueConstraint(fields=["question", "ref"], name="text_once"),)
        ordering = ("place",)


class TextDay(models.Model):
    """A record that a person opened a text to label on a day, for the daily limit."""

    account = models.ForeignKey(Account, models.PROTECT)
    of = models.ForeignKey(Text, models.PROTECT)
    day = models.DateField()

    class Meta:
        """Database constraint: one row for each person, object and day."""

        constraints = (models.UniqueConstraint(fields=["account", "of", "day"], name="text_day_once"),)


class Label(models.Model):
    """One person's label for a text ("yes", "no", or "" for cannot say); append-only, the latest one counts."""

    of = models.ForeignKey(Text, models.PROTECT, related_name="labels")
    account = models.ForeignKey(Account, models.PROTECT)
    says = models.CharField(max_length=12, blank=True)
    event = models.PositiveIntegerField(unique=True)


class Pair(models.Model):
    """Two exact-match clusters of records that may be one person, each identified by its first entry; no content is
    stored."""

    ref = models.CharField(max_length=16, unique=True)
    knot = models.CharField(max_length=160)
    other_knot = models.CharField(max_length=160)
    place = models.PositiveIntegerField()

    class Meta:
        """Django options: pairs are in the order in which they were drawn."""

        ordering = ("place",)


class PairDay(models.Model):
    """A record that a person opened a record pair on a day, for the daily limit."""

    account = models.ForeignKey(Account, models.PROTECT)
    of = models.ForeignKey(Pair, models.PROTECT)
    day = models.DateField()

    class Meta:
        """Database constraint: one row for each person, object and day."""

        constraints = (models.UniqueConstraint(fields=["account", "of", "day"], name="pair_day_once"),)


class Verdict(models.Model):
    """One person's verdict on a record pair; append-only, the latest one counts."""

    of = models.ForeignKey(Pair, models.PROTECT, related_name="verdicts")
    account = models.ForeignKey(Account, models.PROTECT)
    says = models.CharField(max_length=12)
    event = models.PositiveIntegerField(unique=True)


class Event(models.Model):
    """One line of the audit log, written by the module `audit_log`."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    who = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    about = models.TextField()
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """Django options: lines of the audit log are in the order of events."""

        ordering = ("number",)


class Head(models.Model):
    """A copy of the last line of the audit log, in a single row that each writer locks."""

    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64)
