"""How much hard reading does a person do in a day, and is it spread?

A file is hard reading from so many written words on (`hard_from_words`): a rule about the file, which nobody has to
judge. Files are given out so that everybody has as many of them, stand in a queue so that they do not follow one
another where that can be, and a person opens at most `hard_files_a_day` in a day. A file opened once today can be
opened again. The same holds of texts to label, of which a person opens at most `texts_a_day`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.utils.timezone import localdate

from assay.workbench.models import Account, CaseFile, HardDay, Text, TextDay

One = TypeVar("One")


def is_hard(file: CaseFile) -> bool:
    """Whether a file is hard reading."""
    return bool(file.words >= settings.PLACE.hard_from_words)


def opened_today(account: Account, today: date | None = None) -> set[int]:
    """The files of hard reading that a person opened today, by their number."""
    return set(HardDay.objects.filter(account=account, day=today or localdate()).values_list("file_id", flat=True))


def may_open(account: Account, file: CaseFile) -> bool:
    """Whether a person may open this file today."""
    there = opened_today(account)
    return not is_hard(file) or file.id in there or len(there) < settings.PLACE.hard_files_a_day


def note_opened(account: Account, file: CaseFile) -> None:
    """Count it, once a day."""
    if is_hard(file):
        HardDay.objects.get_or_create(account=account, file=file, day=localdate())


def texts_today(account: Account) -> set[int]:
    """The texts to label that a person opened today, by their number."""
    return set(TextDay.objects.filter(account=account, day=localdate()).values_list("of_id", flat=True))


def may_read(account: Account, text: Text) -> bool:
    """Whether a person may open this text today."""
    there = texts_today(account)
    return text.pk in there or len(there) < settings.PLACE.texts_a_day


def note_read(account: Account, text: Text) -> None:
    """Count it, once a day."""
    TextDay.objects.get_or_create(account=account, of=text, day=localdate())


def spread(others: Sequence[One], hard: Sequence[One]) -> list[One]:
    """Both in their order, with the hard ones evenly between the others."""
    both = [(kind, at, one) for kind in (others, hard) for at, one in enumerate(kind)]
    return [one for kind, at, one in sorted(both, key=lambda place: (place[1] + 0.5) / len(place[0]))]
