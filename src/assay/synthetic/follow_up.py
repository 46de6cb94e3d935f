"""Add the rarer, later steps on crimes and children of a synthetic force.

Each of these steps follows others, so they are added last and change no earlier random draw. The order matters: a crime
is reopened or transferred in a period without other records.
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
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_tables import ForceRecords


def add_follow_up(records: ForceRecords, cases: list[Case], stream: RandomStream) -> None:
    """Every further step on the crimes and children of one division."""
    child_follow_up.disclosures(records, cases, stream.substream("disclosures"))
    child_follow_up.conferences(records, stream.substream("conferences"))
    child_follow_up.protection_notices(records, stream.substream("told of protection"))
    child_follow_up.trigger_plans(records, stream.substream("trigger plans"))
    child_follow_up.referrals(records, stream.substream("referrals"))
    witness_care.hearings(records, stream.substream("hearings"))
    files = dossiers(records, cases)
    suspect_investigation.early_advice(files, stream.substream("early advice"))
    suspect_investigation.link_identifications(records)
    suspect_investigation.identify_suspects(files, stream.substream("identified"))
    suspect_investigation.linked_children(files, stream.substream("linked children"))
    witness_care.add_witness_care(files, stream.substream("witness care"))
    closed_cases.not_investigated(files, stream.substream("not investigated"))
    case_handovers.handovers(records, files, stream.substream("handovers"))
    case_handovers.offers(files, stream.substream("offers"))
    complaints.complaints(files, stream.substream("complaints"))
    complaints.reviews(files, stream.substream("reviews"))
    closed_cases.reopened(files, stream.substream("reopened"))
    closed_cases.closed_cases(files, stream.substream("closed cases"))
    case_handovers.transfers(files, stream.substream("transfers"))
    suspect_deaths.suspects_who_died(records, stream.substream("deaths"))
