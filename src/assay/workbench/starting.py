"""How is Django made ready for one workbench, so that commands, tests and the server find the same tables?"""

from __future__ import annotations

import os

from assay.errors import UsageError
from assay.workbench.place import DATABASE, Place


def start(place: Place, *, tables: bool = True) -> None:
    """Make Django ready for this workbench, and its tables too (`tables`); UsageError where another was begun in this
    process."""
    named = os.environ.setdefault("ASSAY_WORKBENCH", str(place.folder))
    if named != str(place.folder):
        raise UsageError("One process serves one workbench, and another was begun in this one.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.workbench.settings"
    import django
    from django.core.management import call_command

    django.setup()
    if tables:
        call_command("migrate", verbosity=0, interactive=False)
        if (place.folder / DATABASE).exists():
            (place.folder / DATABASE).chmod(0o600)
