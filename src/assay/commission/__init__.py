"""What did the commission ask, and what do its words, codes and places mean?

Data files (`commission/data/*.csv`, every row with its source and grade of evidence) and their readers. Nothing here
reads a return or makes a finding.
"""

from assay.commission.breaks import Break, Breaks, breaks
from assay.commission.forces import Force, ForceRegister, forces
from assay.commission.offences import Offence, OffenceRegister, OffenceSet, codes_of, offence_sets, offences
from assay.commission.outcomes import FAMILIES, Outcome, OutcomeRegister, outcomes
from assay.commission.places import LocalAuthority, authorities, local_authorities
from assay.commission.populations import Children, children

__all__ = [
    "Break",
    "Breaks",
    "Children",
    "FAMILIES",
    "Force",
    "ForceRegister",
    "LocalAuthority",
    "Offence",
    "OffenceRegister",
    "OffenceSet",
    "Outcome",
    "OutcomeRegister",
    "authorities",
    "breaks",
    "children",
    "codes_of",
    "forces",
    "local_authorities",
    "offence_sets",
    "offences",
    "outcomes",
]
