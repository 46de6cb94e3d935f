"""The roles that may open each page; a page without an entry is closed to everyone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from assay.workbench.models import ANALYST, AUDITOR, INSPECTOR, LIAISON, PANEL, ROLES

ANY_VISITOR, SIGNED_IN = ("everyone",), ROLES
View = TypeVar("View", bound=Callable[..., Any])
MENU = (
    ("/queue", _("Your files"), (INSPECTOR,)),
    ("/keys", _("Keyboard"), (INSPECTOR,)),
    ("/samples", _("Samples"), (ANALYST, PANEL)),
    ("/labels", _("Texts to label"), (ANALYST,)),
    ("/pairs", _("Pairs of records"), (ANALYST,)),
    ("/letters", _("Letters"), (LIAISON,)),
    ("/points", _("Points"), (LIAISON,)),
    ("/replies", _("Forces' replies"), (ANALYST,)),
    ("/audit-log", _("Audit log"), (AUDITOR,)),
    ("/watch-list", _("Watch list"), (INSPECTOR, ANALYST, PANEL, AUDITOR)),
    ("/panel", _("Panel"), (PANEL, AUDITOR)),
    ("/minutes", _("Minutes"), (PANEL, AUDITOR)),
)


def allow_roles(*roles: str) -> Callable[[View], View]:
    """Declare the roles that may open a page, or ANY_VISITOR; the middleware `request_gate` reads the declaration."""

    def mark(view: View) -> View:
        view.open_to = roles  # type: ignore[attr-defined]
        return view

    return mark


def menu_entries(role: str) -> tuple[tuple[str, Any], ...]:
    """Return the menu for a role, as (path, label)."""
    return tuple((path, label) for path, label, roles in MENU if role in roles)


@cache
def is_synthetic() -> bool:
    """Return True if the forces of this inspection are synthetic."""
    from django.conf import settings

    from assay.ingest.inspection_folder import open_inspection

    return any(code.startswith("INV") for code in open_inspection(settings.PLACE.inspection).request.organisations)
