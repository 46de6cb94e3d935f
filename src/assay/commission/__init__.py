"""What did the commission ask, and what do its words, codes and places mean?

Data files (`commission/data/*.csv`, every row with its source and its grade of evidence) and their readers,
one module each. Nothing here reads a return or makes a finding.

    from assay import commission
    commission.forces().find("Devon & Cornwall").code           'E23000035'
    commission.codes_of("csa11")                                ('17B', '19D', ...)
    commission.outcomes().code_for("Not yet assigned")          '0'
    commission.breaks().between(("88A",), "2016/17 Q1", "2019/20 Q4")
"""

from assay.commission.breaks import Break, Breaks, breaks
from assay.commission.definitions import Definition, Definitions, definitions
from assay.commission.export import code_lists, dictionary
from assay.commission.forces import Force, ForceRegister, forces
from assay.commission.lessons import (
    FailureMode,
    FailureModes,
    Recommendation,
    Recommendations,
    failure_modes,
    recommendations,
)
from assay.commission.offences import (
    Offence,
    OffenceRegister,
    OffenceSet,
    OffenceSets,
    codes_of,
    offence_sets,
    offences,
)
from assay.commission.outcomes import FAMILIES, Outcome, OutcomeRegister, outcomes
from assay.commission.places import Authorities, LocalAuthority, authorities, local_authorities
from assay.commission.populations import Children, children
from assay.commission.questions import Line, Lines, Question, Questions, lines, questions

__all__ = [
    "FAMILIES",
    "Authorities",
    "Break",
    "Breaks",
    "Children",
    "Definition",
    "Definitions",
    "FailureMode",
    "FailureModes",
    "Force",
    "ForceRegister",
    "Line",
    "Lines",
    "LocalAuthority",
    "Offence",
    "OffenceRegister",
    "OffenceSet",
    "OffenceSets",
    "Outcome",
    "OutcomeRegister",
    "Question",
    "Questions",
    "Recommendation",
    "Recommendations",
    "authorities",
    "breaks",
    "children",
    "code_lists",
    "codes_of",
    "definitions",
    "dictionary",
    "failure_modes",
    "forces",
    "lines",
    "local_authorities",
    "offence_sets",
    "offences",
    "outcomes",
    "questions",
    "recommendations",
]
