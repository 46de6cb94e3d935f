"""Daily limits on long files, texts and pairs, and an even spread of long files over a queue.

A file is hard reading from `hard_from_words` written words on: a rule about the file that needs no judgement. Hard
files are assigned evenly and spread in each queue so that they do not follow one another where possible, and a person
opens at most `hard_files_a_day` in a day. A file opened today can be opened again today. The same holds for texts to
label (`texts_a_day`) and record pairs (`pairs_a_day`). `content_access` counts each where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assay.workbench.models import Account, CaseFile, HardDay, PairDay, TextDay

Item = TypeVar("Item")


def is_hard(file: CaseFile) -> bool:
    """Return True if a file counts as hard reading because it has many words."""
    return bool(file.words >= settings.PLACE.hard_from_words)


@dataclass(frozen=True)
class DailyLimit:
    """The number of objects of one kind that a person may open per day.

    `days`: the table of who saw which on a day, `column` its reference to them; `setting`: the limit in
    `workbench.toml`; `applies`: to which objects; `refusal`: the message to a person who has reached it.
    """

    days: Any
    column: str
    setting: str
    refusal: str | Promise
    applies: Callable[[Any], bool] = lambda _item: True

    def today(self, account: Account) -> set[int]:
        """Return the numbers of the objects that a person opened today."""
        seen = self.days.objects.filter(account=account, day=localdate())
        return set(seen.values_list(f"{self.column}_id", flat=True))

    def maximum(self) -> int:
        """Return the number of objects that a person may open per day."""
        return int(getattr(settings.PLACE, self.setting))

    def allows(self, account: Account, item: Any) -> bool:
        """Return True if a person may be shown this object today; objects seen today can be seen again."""
        if not self.applies(item):
            return True
        viewed_today = self.today(account)
        return item.pk in viewed_today or len(viewed_today) < self.maximum()

    def count(self, account: Account, item: Any) -> None:
        """Count an object as opened, at most once per day."""
        if self.applies(item):
            self.days.objects.get_or_create(account=account, day=localdate(), **{self.column: item})


HARD_FILES = DailyLimit(
    HardDay, "file", "hard_files_a_day",
    _("You have reached the limit of hard reading for today. You can still open the files that you opened today."),
    is_hard,
)  # fmt: skip
TEXTS = DailyLimit(
    TextDay, "of", "texts_a_day",
    _("You have reached the limit of texts for today. You can still open the texts that you read today."),
)  # fmt: skip
PAIRS = DailyLimit(
    PairDay, "of", "pairs_a_day",
    _("You have reached the limit of pairs for today. You can still open the pairs that you saw today."),
)  # fmt: skip


def interleave(easy: Sequence[Item], hard: Sequence[Item]) -> list[Item]:
    """Return both lists in their order, with the hard items spread evenly among the others."""
    positioned = [(kind, position, item) for kind in (easy, hard) for position, item in enumerate(kind)]
    return [item for kind, position, item in sorted(positioned, key=lambda place: (place[1] + 0.5) / len(place[0]))]
