"""Create and close workbench accounts, with password and second factor.

Accounts are created at the command line by the operator of the server. No page creates or changes one, and none sends a
password. The password and the secret of the second factor are shown once.
"""

from __future__ import annotations

import re
import secrets
import time
from base64 import b32encode
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from assay.errors import UsageError
from assay.workbench import adjudication, audit_log, page_permissions
from assay.workbench.audit_log import Kind
from assay.workbench.models import LIAISON, OPEN, ROLES, Account, Reading

CODE = re.compile(r"[A-Za-z0-9._-]{2,40}")
OPERATOR = "operator"
CODE_SECONDS = 30


@dataclass(frozen=True)
class NewAccount:
    """A new account: its code, role, password, and the secret of the second factor as an authenticator takes it."""

    code: str
    role: str
    password: str
    secret: str
    address: str

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return dict(vars(self))

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [
            f"{self.code}, {self.role}. This is shown once: hand over the password by one way and the key by another.",
            f"  password: {self.password}",
            f"  key for an authenticator app (time-based, 6 digits): {self.secret}",
            f"  the same as an address: {self.address}",
        ]


def make_account(code: str, role: str, *, force_code: str = "", password: str = "", renew: bool = False) -> NewAccount:
    """Create an account with both factors, or renew the factors of an existing account."""
    if not CODE.fullmatch(code) or code == OPERATOR:
        raise UsageError("An account needs a code of letters and digits, never a name. Choose a code.")
    if role not in ROLES:
        raise UsageError(f"The role is one of: {', '.join(ROLES)}.")
    if bool(force_code) != (role == LIAISON):
        raise UsageError("Only a liaison has a force. Give --force for a liaison, and leave it out for other roles.")
    password = password or secrets.token_urlsafe(15)
    try:
        validate_password(password)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from None
    with audit_log.write_lines() as lines:
        account = Account.objects.filter(code=code).first()
        if account and not renew:
            raise UsageError(f"There is already an account {code}. To give it a new password and key, add --again.")
        account = account or Account(code=code)
        account.role, account.force_code, account.is_active = role, force_code, True
        account.set_password(password)
        account.save()
        TOTPDevice.objects.filter(user=account).delete()
        device = TOTPDevice.objects.create(user=account, name="first")
        lines.add(Kind.ACCOUNT_MADE, OPERATOR, account=code, role=role, force=force_code)
        adjudication.assign_waiting_adjudications(lines)
    return NewAccount(code, role, password, b32encode(device.bin_key).decode(), device.config_url)


def close_account(code: str) -> int:
    """Close an account, and return the number of its open files."""
    with audit_log.write_lines() as lines:
        account = _require_account(code)
        account.is_active = False
        account.save(update_fields=["is_active"])
        lines.add(Kind.ACCOUNT_CLOSED, OPERATOR, account=code)
    return int(Reading.objects.filter(account=account, state=OPEN).count())


def current_demo_code(code: str) -> str:
    """Return the current six digits of an account of a synthetic inspection."""
    if not page_permissions.is_synthetic():
        raise UsageError("Codes are shown only for a synthetic inspection. For a real one, use an authenticator app.")
    device = TOTPDevice.objects.get(user=_require_account(code))
    one_time_code = TOTP(device.bin_key, CODE_SECONDS)
    one_time_code.time = time.time()
    return f"{one_time_code.token():06d}"


def _require_account(code: str) -> Account:
    account: Account | None = Account.objects.filter(code=code).first()
    if account is None:
        raise UsageError(f"There is no account {code}. Create it: assay workbench account FOLDER {code} ROLE")
    return account
