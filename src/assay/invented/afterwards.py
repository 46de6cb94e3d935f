"""What happened on the crimes and with the children of a force besides what every crime sees?

These steps are rarer, and each follows others, so they are entered last and move nothing that was drawn before them.
The order matters: a crime is reopened, or passes to another force, where everything else has left a silence.
"""

from __future__ import annotations

from assay.invented import (
    children_followed,
    complaints,
    deaths,
    passing_on,
    pursuit,
    reopening,
    witness_care,
)
from assay.invented.book import Book
from assay.invented.case import Case
from assay.invented.chance import Chance
from assay.invented.dossier import dossiers


def afterwards(book: Book, cases: list[Case], chance: Chance) -> None:
    """Every further step on the crimes and children of one division."""
    children_followed.disclosures(book, cases, chance.stream("disclosures"))
    children_followed.conferences(book, chance.stream("conferences"))
    children_followed.told_of_protection(book, chance.stream("told of protection"))
    children_followed.trigger_plans(book, chance.stream("trigger plans"))
    children_followed.referrals(book, chance.stream("referrals"))
    witness_care.hearings(book, chance.stream("hearings"))
    files = dossiers(book, cases)
    pursuit.early_advice(files, chance.stream("early advice"))
    pursuit.looked_for(book)
    pursuit.identified(files, chance.stream("identified"))
    pursuit.linked_children(files, chance.stream("linked children"))
    witness_care.witness_care(files, chance.stream("witness care"))
    reopening.not_investigated(files, chance.stream("not investigated"))
    passing_on.handovers(book, files, chance.stream("handovers"))
    passing_on.offers(files, chance.stream("offers"))
    complaints.complaints(files, chance.stream("complaints"))
    complaints.reviews(files, chance.stream("reviews"))
    reopening.reopened(files, chance.stream("reopened"))
    reopening.closed_cases(files, chance.stream("closed cases"))
    passing_on.transfers(files, chance.stream("transfers"))
    deaths.suspects_who_died(book, chance.stream("deaths"))
