"""Which of two returns of one force holds? (R02 and section 2.7 of the return contract)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from assay.errors import ReturnRefused
from assay.ingest.return_editions import (
    FIRST_EDITION,
    REPEATED_EDITION,
    SUPERSEDED_EDITION,
    SUPERSEDING_EDITION,
    ReturnEdition,
    current_editions,
    edition_status,
)


@dataclass(frozen=True)
class PencilCover:
    force_code: str = "INV01"
    edition: int = 1
    period_from: date = date(2026, 4, 1)
    period_to: date = date(2026, 7, 1)


def accepted(
    force_code: str = "INV01", edition: int = 1, first: str = "2026-04-01", last: str = "2026-07-01", **files: str
) -> ReturnEdition:
    return ReturnEdition(
        force_code, edition, date.fromisoformat(first), date.fromisoformat(last), files or {"crimes.csv": "a"}
    )


BYTES = {"crimes.csv": "a"}


@pytest.mark.parametrize(
    ("sentence", "edition", "before", "place"),
    [
        ("nothing was sent before", 1, [], FIRST_EDITION),
        ("another force has sent the same edition", 1, [accepted("INV02")], FIRST_EDITION),
        ("the period before this one was sent", 1, [accepted(first="2026-01-01", last="2026-04-01")], FIRST_EDITION),
        ("a higher edition", 2, [accepted()], SUPERSEDING_EDITION),
        ("an edition is skipped", 5, [accepted(), accepted(edition=2)], SUPERSEDING_EDITION),
        ("a lower edition comes late", 1, [accepted(edition=2)], SUPERSEDED_EDITION),
        ("the same edition, byte by byte", 1, [accepted()], REPEATED_EDITION),
        ("the same edition again, after a higher one", 1, [accepted(), accepted(edition=2)], REPEATED_EDITION),
    ],
)
def test_a_return_takes_its_place_among_those_of_its_sender(sentence, edition, before, place):
    assert edition_status(PencilCover(edition=edition), BYTES, before) == place, sentence


@pytest.mark.parametrize(
    ("files", "changed_file"),
    [({"crimes.csv": "b"}, "crimes.csv"), ({"crimes.csv": "a", "notes.csv": "c"}, "notes.csv"), ({}, "crimes.csv")],
)
def test_one_edition_is_never_two_different_things(files, changed_file):
    with pytest.raises(ReturnRefused, match=rf"R02.*INV01.*\({changed_file}\).*Raise edition"):
        edition_status(PencilCover(), files, [accepted()])


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("2026-03-31", "2026-04-02", True),
        ("2026-06-30", "2026-09-30", True),
        ("2026-05-01", "2026-06-01", True),
        ("2026-01-01", "2027-01-01", True),
        ("2026-07-01", "2026-10-01", False),  # half-open: 1 July is in one of them only
        ("2026-01-01", "2026-04-01", False),
    ],
)
def test_two_periods_of_one_force_are_equal_or_apart(first, last, refused):
    before = [accepted(first=first, last=last)]
    if not refused:
        assert edition_status(PencilCover(), BYTES, before) == FIRST_EDITION
        return
    with pytest.raises(ReturnRefused, match=rf"R02: the period 2026-04-01 to 2026-07-01 overlaps {first} to {last}"):
        edition_status(PencilCover(), BYTES, before)


def test_the_later_edition_holds_and_the_earlier_holds_again_when_it_is_withdrawn():
    first_edition, two = accepted(), accepted(edition=2)
    assert current_editions([two, first_edition]) == (two,)
    assert current_editions([first_edition]) == (first_edition,)


def test_of_two_periods_and_two_forces_each_has_its_own():
    rows = [accepted(), accepted("INV02"), accepted(first="2026-07-01", last="2026-10-01"), accepted(edition=3)]
    assert {(edition.force_code, edition.edition) for edition in current_editions(rows)} == {
        ("INV01", 1),
        ("INV02", 1),
        ("INV01", 3),
    }
    assert len(current_editions(rows)) == 3
