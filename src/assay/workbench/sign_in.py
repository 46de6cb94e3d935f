"""Sign in with a code, a password and a one-time code, on one page.

The page says the same whichever of them is wrong, and every failure counts towards the lock-out.
Concurrent attempts are limited, in all and by address.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import DEVICE_ID_SESSION_KEY, match_token

from assay.workbench import audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.content_access import shows_no_content
from assay.workbench.models import Account
from assay.workbench.page_permissions import ANY_VISITOR, SIGNED_IN, allow_roles, menu_entries
from assay.workbench.page_rendering import render_page
from assay.workbench.request_gate import BEGUN, SEEN

# Limit concurrent sign-in attempts, in all and by address.
#
# Password hashing is slow on purpose, so many attempts could occupy every thread and core. A process checks only a
# few at once, and fewer from one address; the next one is told to try again, before anything is hashed or written.

MAX_CONCURRENT: Final = 3
MAX_PER_ADDRESS: Final = 2
RETRY_SECONDS: Final = 2


class SignInSlots:
    """Slots for sign-in requests that are checked at the same time: a limit in all, and a limit per network address."""

    def __init__(self, maximum: int = MAX_CONCURRENT, maximum_per_address: int = MAX_PER_ADDRESS) -> None:
        self._maximum, self._maximum_per_address = maximum, maximum_per_address
        self._lock, self._used = threading.Lock(), Counter[str]()

    @contextmanager
    def acquire(self, address: str) -> Iterator[bool]:
        """Yield True if a slot was free; it is released at the end."""
        with self._lock:
            free = self._used.total() < self._maximum and self._used[address] < self._maximum_per_address
            self._used[address] += free
        try:
            yield free
        finally:
            with self._lock:
                self._used[address] -= free
                self._used += Counter()  # forget addresses that hold no place


SLOTS = SignInSlots()


def address_of(request: HttpRequest) -> str | None:
    """Return the network address under which a request is counted; None if it has none.

    It is that of X-Real-IP if the settings say that the proxy sets it, else that of the connection; for IPv6 its
    network of 64 bits.
    """
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.PLACE.proxy_sets_real_ip:
        candidates.insert(0, request.META.get("HTTP_X_REAL_IP", ""))
    for candidate in candidates:
        try:
            return _counting_address(candidate.strip())
        except ValueError:
            continue
    return None


def _counting_address(text: str) -> str:
    """Return an IPv4 address unchanged; of IPv6 its first 64 bits, because a connection usually has such a network."""
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


class SignIn(forms.Form):
    """The sign-in form, with the credentials of a user."""

    username = forms.CharField(max_length=40)
    password = forms.CharField(max_length=200, strip=False)
    otp_token = forms.CharField(max_length=10)

    def __init__(self, *args: Any, request: HttpRequest, **more: Any) -> None:
        super().__init__(*args, **more)
        self.request = request
        self.device: Any = None
        self.account: Account | None = None

    def clean(self) -> dict[str, Any]:
        """Check both factors; the single error message does not say which was wrong."""
        form_data: dict[str, Any] = super().clean() or {}
        code, password, token = (form_data.get(name) for name in ("username", "password", "otp_token"))
        error = ValidationError(_("The code, the password or the six digits are not right."))
        if not (code and password and token):
            raise error
        account = authenticate(self.request, username=code, password=password)
        if account is None:
            raise error
        self.device = match_token(account, token.replace(" ", ""))
        if self.device is None:
            credentials = {"username": code}
            user_login_failed.send(sender=__name__, credentials=credentials, request=self.request)
            raise error
        self.account = account
        return form_data


@allow_roles(*ANY_VISITOR)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@shows_no_content("a form, and nothing of anybody")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for both factors, and start a session if both are right."""
    form = SignIn(request.POST if request.method == "POST" else None, request=request)
    following = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        with SLOTS.acquire(address_of(request) or "") as free:
            if not free:
                return _too_many_attempts(request)
            allowed = form.is_valid()
        if allowed and form.account is not None:
            _start_session(request, form)
            safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
            return redirect(following if safe else "/")
        if not getattr(request, "axes_locked_out", False):
            _log_failure(request, Kind.REFUSED)
    context = {"form": form, "next": following, "code": form.data.get("username", "") if form.is_bound else ""}
    return render_page(request, "sign_in.html", context, 422 if form.is_bound else 200)


def _too_many_attempts(request: HttpRequest) -> HttpResponse:
    """Return the page for too many concurrent attempts: nothing was checked, counted or written."""
    message = _("Too many people are signing in at this moment. Go back and try again in a few seconds.")
    answer = render_page(request, "refused.html", {"message": message}, 429)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _start_session(request: HttpRequest, form: SignIn) -> None:
    """Start a new session that holds both factors from its first moment."""
    login(request, form.account, backend="django.contrib.auth.backends.ModelBackend")
    request.session[DEVICE_ID_SESSION_KEY] = form.device.persistent_id
    request.session[BEGUN] = request.session[SEEN] = int(time.time())
    with audit_log.write_lines() as lines:
        lines.add(Kind.SIGNED_IN, str(form.account.code if form.account else ""))


def _log_failure(request: HttpRequest, kind: Kind) -> None:
    """Log a refusal, by the code only if there is such an account, because anything may be typed there.

    For unknown codes, an address leaves no more lines than the failures that lock it out.
    """
    code = request.POST.get("username", "")
    known = Account.objects.filter(code=code).values_list("code", flat=True).first()
    if not known and _failures_from(address_of(request)) > settings.PLACE.failures:
        return
    with audit_log.write_lines() as lines:
        lines.add(kind, known or "", known=bool(known))


def _failures_from(address: str | None) -> int:
    """Return the number of failures from an address within the time for which a failure counts."""
    since = now() - timedelta(minutes=settings.PLACE.locked_minutes)
    recent = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    return int(recent.aggregate(all=Sum("failures_since_start"))["all"] or 0)


@allow_roles(*SIGNED_IN)
@require_POST
@shows_no_content("it leads elsewhere")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    with audit_log.write_lines() as lines:
        lines.add(Kind.SIGNED_OUT, request.user.code)
    logout(request)
    return redirect(settings.LOGIN_URL)


def locked_out(request: HttpRequest, *_more: Any, **_keywords: Any) -> HttpResponse:
    """Return the page shown after too many failed sign-ins.

    The failure that locks out has a line in the audit log; later attempts have none.
    """
    if getattr(request, "axes_failures_since_start", None):
        _log_failure(request, Kind.LOCKED_OUT)
    message = _("Too many attempts. Wait %(minutes)s minutes, then try again.") % {
        "minutes": settings.PLACE.locked_minutes
    }
    return render_page(request, "refused.html", {"message": message}, 429)


@allow_roles(*SIGNED_IN)
@shows_no_content("it leads elsewhere")
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the first page of the user's role."""
    return redirect(menu_entries(request.user.role)[0][0])
