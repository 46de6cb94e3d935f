"""Which role may enter which page? One table: a page that does not stand in it is closed to everyone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from assay.workbench.models import ANALYST, AUDITOR, INSPECTOR, LIAISON, PANEL, ROLES

EVERYONE, SIGNED_IN = ("everyone",), ROLES
View = TypeVar("View", bound=Callable[..., Any])
WAYS = (
    ("/queue", _("Your files"), (INSPECTOR,)),
    ("/keys", _("Keyboard"), (INSPECTOR,)),
    ("/samples", _("Samples"), (ANALYST, PANEL)),
    ("/labels", _("Texts to label"), (ANALYST,)),
    ("/pairs", _("Pairs of records"), (ANALYST,)),
    ("/letters", _("Letters"), (LIAISON,)),
    ("/points", _("Points"), (LIAISON,)),
    ("/replies", _("Forces' replies"), (ANALYST,)),
    ("/trail", _("Trail"), (AUDITOR,)),
    ("/panel", _("Panel"), (PANEL, AUDITOR)),
    ("/minutes", _("Minutes"), (PANEL, AUDITOR)),
)


def open_to(*roles: str) -> Callable[[View], View]:
    """Who may enter a page: roles, or EVERYONE. `gate` reads it."""

    def mark(view: View) -> View:
        view.open_to = roles  # type: ignore[attr-defined]
        return view

    return mark


def ways(role: str) -> tuple[tuple[str, Any], ...]:
    """The ways through the workbench for a role, as (path, words)."""
    return tuple((path, said) for path, said, roles in WAYS if role in roles)


@cache
def invented() -> bool:
    """Whether the forces of this inspection are invented."""
    from django.conf import settings

    from assay.ingest.inspection_folder import open_inspection

    return any(code.startswith("INV") for code in open_inspection(settings.PLACE.inspection).request.bodies)
