"""Destroy the content of a workbench when its inspection or a return ends; the audit log stays.

Files, steps, texts, answers, reasons, comments, labels and pairs are copies of records or derived from them: they are
destroyed with their source. Replies of forces, the panel's minutes and the credentials of users are destroyed with the
inspection. The audit log stays: it holds codes, references and hashes, and what was destroyed and when.
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
from assay.workbench.workbench_folder import WorkbenchFolder

RECORD_MODELS = (Answer, Comment, HardDay, Reading, Step, CaseFile, Sample, Label, TextDay, Text, Verdict, PairDay,
                   Pair)  # fmt: skip
RETIREMENT_MODELS = (Reply, Minute)
SIGN_IN_MODELS = (TOTPDevice, Session, AccessAttempt, AccessFailureLog, AccessLog)
GUARDED_MODELS = (Answer, Label, Verdict, Reply, Minute)


def destroy_content(workbench: WorkbenchFolder, *, inspection_ended: bool) -> int:
    """Destroy content made from records (all content if the inspection ended), and return the number of rows."""
    models = (*RECORD_MODELS, *RETIREMENT_MODELS) if inspection_ended else RECORD_MODELS
    with audit_log.write_lines() as lines:
        rows = sum(model._base_manager.count() for model in models)
        if rows:
            _empty([model._meta.db_table for model in models], [model._meta.db_table for model in GUARDED_MODELS])
            lines.add(Kind.DESTROYED, OPERATOR, ended=inspection_ended, rows=rows)
        if inspection_ended:
            for model in SIGN_IN_MODELS:
                model.objects.all().delete()
            Account.objects.update(is_active=False, password=make_password(None))
    shutil.rmtree(workbench.folder / FOLDER, ignore_errors=True)
    _vacuum()
    return rows


def _empty(tables: list[str], guarded: list[str]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"truncate {', '.join(tables)}")
        return
    database_guards.drop_guards(connection, guarded)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"delete from {table}")
    database_guards.create_guards(connection, guarded)


def _vacuum() -> None:
    """Vacuum the database, so that no page of it holds deleted content."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("vacuum full")
            return
        cursor.execute("vacuum")
        cursor.execute("pragma wal_checkpoint(truncate)")
