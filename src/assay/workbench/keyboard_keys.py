"""The keyboard shortcuts of rating pages.

They are off until a person switches them on (WCAG 2.1.4), and inactive while the person types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assay.workbench.models import Account

ACTIONS = {
    "answer1": ("1", gettext_lazy("First answer of the question")),
    "answer2": ("2", gettext_lazy("Second answer")),
    "answer3": ("3", gettext_lazy("Third answer")),
    "answer4": ("4", gettext_lazy("Fourth answer")),
    "answer5": ("5", gettext_lazy("Fifth answer")),
    "next": ("j", gettext_lazy("Next question")),
    "back": ("k", gettext_lazy("Question before")),
    "reason": ("r", gettext_lazy("To the reason")),
    "undo": ("u", gettext_lazy("Undo the last change")),
}
"""Every action: its default key, and what it does."""


def account_keys(account: Account) -> dict[str, object]:
    """Return the keyboard shortcuts of a user, and whether they are switched on."""
    return {"on": False, **{name: key for name, (key, _description) in ACTIONS.items()}, **account.keys}


def key_errors(keys: Mapping[str, object]) -> dict[str, str]:
    """Return the errors in a user's choice of shortcuts, by action; empty if it is valid."""
    selected_keys = {name: str(keys.get(name, "")) for name in ACTIONS}
    times = Counter(key.lower() for key in selected_keys.values())
    errors = {}
    for name, key in selected_keys.items():
        if len(key) != 1 or not key.isalnum():
            errors[name] = _("Choose one letter or one digit.")
        elif times[key.lower()] > 1:
            errors[name] = _("This key is used for another action too. Choose another key.")
    return errors
