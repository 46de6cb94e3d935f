"""What of a workbench is destroyed when its inspection or a return ends, and what stays so that its trail still holds?

Files, steps, texts, answers, reasons, comments, labels and pairs are copies of records or were made from them: they go
when what they were made from goes. Replies of forces, the panel's minutes and the ways in of people go with the
inspection. The trail stays: it names codes, references and hashes, and says what was destroyed and when.
"""

from __future__ import annotations

import shutil

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from assay.workbench import audit_log, database_guards
from assay.workbench.accounts import OPERATOR
from assay.workbench.audit_log import Kind
from assay.workbench.label_rounds import FOLDER
from assay.workbench.models import (
    Account,
    Answer,
    CaseFile,
    Comment,
    HardDay,
    Label,
    Minute,
    Pair,
    PairDay,
    Reading,
    Reply,
    Sample,
    Step,
    Text,
    TextDay,
    Verdict,
)
from assay.workbench.workbench_folder import Place

MADE_OF_RECORDS = (Answer, Comment, HardDay, Reading, Step, CaseFile, Sample, Label, TextDay, Text, Verdict, PairDay,
                   Pair)  # fmt: skip
AT_THE_END = (Reply, Minute)
WAYS_IN = (TOTPDevice, Session, AccessAttempt, AccessFailureLog, AccessLog)
GUARDED = (Answer, Label, Verdict, Reply, Minute)


def destroy(place: Place, *, ended: bool) -> int:
    """Destroy what was made of records, and (`ended`) everything but the trail and the codes of accounts; how many rows
    that were. Done again it destroys nothing more."""
    models = (*MADE_OF_RECORDS, *AT_THE_END) if ended else MADE_OF_RECORDS
    with audit_log.writing() as lines:
        rows = sum(model._base_manager.count() for model in models)
        if rows:
            _empty([model._meta.db_table for model in models], [model._meta.db_table for model in GUARDED])
            lines.add(Kind.DESTROYED, OPERATOR, ended=ended, rows=rows)
        if ended:
            for model in WAYS_IN:
                model.objects.all().delete()
            Account.objects.update(is_active=False, password=make_password(None))
    shutil.rmtree(place.folder / FOLDER, ignore_errors=True)
    _overwrite()
    return rows


def _empty(tables: list[str], guarded: list[str]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"truncate {', '.join(tables)}")
        return
    database_guards.take_down(connection, guarded)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"delete from {table}")
    database_guards.put_up(connection, guarded)


def _overwrite() -> None:
    """Let no page of the tables hold what was deleted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("vacuum full")
            return
        cursor.execute("vacuum")
        cursor.execute("pragma wal_checkpoint(truncate)")
