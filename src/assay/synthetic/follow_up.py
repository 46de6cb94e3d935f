"""What happened on the crimes and with the children of a force besides what every crime sees?

These steps are rarer, and each follows others, so they are entered last and move nothing that was drawn before them.
The order matters: a crime is reopened, or passes to another force, where everything else has left a silence.
"""

from __future__ import annotations

from assay.synthetic import (
    case_handovers,
    child_follow_up,
    closed_cases,
    complaints,
    suspect_deaths,
    suspect_investigation,
    witness_care,
)
from assay.synthetic.case_dossier import dossiers
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import Book


def afterwards(book: Book, cases: list[Case], chance: Chance) -> None:
    """Every further step on the crimes and children of one division."""
    child_follow_up.disclosures(book, cases, chance.stream("disclosures"))
    child_follow_up.conferences(book, chance.stream("conferences"))
    child_follow_up.told_of_protection(book, chance.stream("told of protection"))
    child_follow_up.trigger_plans(book, chance.stream("trigger plans"))
    child_follow_up.referrals(book, chance.stream("referrals"))
    witness_care.hearings(book, chance.stream("hearings"))
    files = dossiers(book, cases)
    suspect_investigation.early_advice(files, chance.stream("early advice"))
    suspect_investigation.looked_for(book)
    suspect_investigation.identified(files, chance.stream("identified"))
    suspect_investigation.linked_children(files, chance.stream("linked children"))
    witness_care.witness_care(files, chance.stream("witness care"))
    closed_cases.not_investigated(files, chance.stream("not investigated"))
    case_handovers.handovers(book, files, chance.stream("handovers"))
    case_handovers.offers(files, chance.stream("offers"))
    complaints.complaints(files, chance.stream("complaints"))
    complaints.reviews(files, chance.stream("reviews"))
    closed_cases.reopened(files, chance.stream("reopened"))
    closed_cases.closed_cases(files, chance.stream("closed cases"))
    case_handovers.transfers(files, chance.stream("transfers"))
    suspect_deaths.suspects_who_died(book, chance.stream("deaths"))
