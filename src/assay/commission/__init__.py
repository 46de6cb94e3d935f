"""What did the commission ask, and what do its words, codes and places mean?

Data files (`commission/data/*.csv`, every row with its source and its grade of evidence) and their readers,
one module each. Nothing here reads a return or makes a finding.

    from assay import commission
    commission.forces().find("Devon & Cornwall").code           'E23000035'
    commission.codes_of("csa11")                                ('17B', '19D', ...)
    commission.outcomes().code_for("Not yet assigned")          '0'
    commission.standards().get("hocr24").limit                24
    commission.breaks().between(("88A",), "2016/17 Q1", "2019/20 Q4")
"""

from assay.commission.bodies import Bodies, Body, bodies, bodies_table
from assay.commission.breaks import Break, Breaks, breaks
from assay.commission.burdens import Burden, Burdens, burdens
from assay.commission.characteristics import Characteristic, Characteristics, characteristics
from assay.commission.child_lists import (
    ChildList,
    ChildLists,
    ListDependence,
    ListDependences,
    child_lists,
    list_dependences,
)
from assay.commission.child_offences import ChildOffence, ChildOffences, child_offences
from assay.commission.courses import Course, CourseStep, course
from assay.commission.declarations import PURPOSES, WINDOWS, Declaration, Declarations
from assay.commission.definitions import Definition, Definitions, definitions
from assay.commission.ethnicities import Ethnicities, Ethnicity, ethnicities
from assay.commission.event_kinds import EventKind, EventKinds, event_kinds
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
from assay.commission.orders import Order, Orders, orders
from assay.commission.outcomes import (
    FAMILIES,
    Outcome,
    OutcomeRegister,
    outcome_families,
    outcomes,
    return_outcomes,
    return_outcomes_table,
)
from assay.commission.places import Authorities, LocalAuthority, authorities, local_authorities
from assay.commission.populations import Children, children
from assay.commission.predicates import Predicate, Predicates, predicates
from assay.commission.published_flags import NO_FLAG, WHERE_FLAGGED
from assay.commission.questions import Line, Lines, Question, Questions, lines, questions
from assay.commission.requests import Request, read_request
from assay.commission.return_lists import list_values, return_lists
from assay.commission.risk_tools import RiskTool, RiskTools, risk_tools
from assay.commission.signs import Sign, SignPhrase, SignPhrases, Signs, sign_phrases, signs
from assay.commission.standards import Standards, TimeStandard, standards
from assay.commission.tables import code_tables

__all__ = [
    "FAMILIES",
    "NO_FLAG",
    "PURPOSES",
    "WHERE_FLAGGED",
    "WINDOWS",
    "Authorities",
    "Bodies",
    "Body",
    "Break",
    "Breaks",
    "Burden",
    "Burdens",
    "Characteristic",
    "Characteristics",
    "ChildList",
    "ChildLists",
    "ChildOffence",
    "ChildOffences",
    "Children",
    "Course",
    "CourseStep",
    "Declaration",
    "Declarations",
    "Definition",
    "Definitions",
    "Ethnicities",
    "Ethnicity",
    "EventKind",
    "EventKinds",
    "FailureMode",
    "FailureModes",
    "Force",
    "ForceRegister",
    "Line",
    "Lines",
    "ListDependence",
    "ListDependences",
    "LocalAuthority",
    "Offence",
    "OffenceRegister",
    "OffenceSet",
    "OffenceSets",
    "Order",
    "Orders",
    "Outcome",
    "OutcomeRegister",
    "Predicate",
    "Predicates",
    "Question",
    "Questions",
    "Recommendation",
    "Recommendations",
    "Request",
    "RiskTool",
    "RiskTools",
    "Sign",
    "SignPhrase",
    "SignPhrases",
    "Signs",
    "Standards",
    "TimeStandard",
    "authorities",
    "bodies",
    "bodies_table",
    "breaks",
    "burdens",
    "characteristics",
    "child_lists",
    "child_offences",
    "children",
    "code_lists",
    "code_tables",
    "codes_of",
    "course",
    "definitions",
    "dictionary",
    "ethnicities",
    "event_kinds",
    "failure_modes",
    "forces",
    "lines",
    "list_dependences",
    "list_values",
    "local_authorities",
    "offence_sets",
    "offences",
    "orders",
    "outcome_families",
    "outcomes",
    "predicates",
    "questions",
    "read_request",
    "recommendations",
    "return_lists",
    "return_outcomes",
    "return_outcomes_table",
    "risk_tools",
    "sign_phrases",
    "signs",
    "standards",
]
