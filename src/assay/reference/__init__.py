"""Reference data of the commission: questions, code lists, registers and standards, each row with its source.

Data files (`reference/data/*.csv`, every row with its source and grade of evidence) and their readers, one module each.
The package reads no returns and makes no findings.

    from assay import reference
    reference.forces().find("Devon & Cornwall").code            'E23000035'
    reference.offence_codes("csa11")                            ('17B', '19D', ...)
    reference.outcomes().code_for("Not yet assigned")           '0'
    reference.standards().get("hocr24").limit                   24
    reference.breaks().in_interval(("88A",), "2016/17 Q1", "2019/20 Q4")
"""

from assay.reference.burden_estimates import Burden, Burdens, burdens
from assay.reference.case_stages import Course, CourseStep, course
from assay.reference.child_lists import (
    ChildList,
    ChildLists,
    ListDependence,
    ListDependences,
    child_lists,
    list_dependences,
)
from assay.reference.child_offences import ChildOffence, ChildOffences, child_offences
from assay.reference.child_populations import ChildPopulation, child_population
from assay.reference.civil_orders import Order, Orders, orders
from assay.reference.code_tables import code_lists, code_tables, data_dictionary
from assay.reference.data_requests import DataRequest, read_request
from assay.reference.ethnicity_codes import Ethnicities, Ethnicity, ethnicities
from assay.reference.event_kinds import EventKind, EventKinds, event_kinds
from assay.reference.exploitation_definitions import (
    Definition,
    Definitions,
    Predicate,
    Predicates,
    definitions,
    predicates,
)
from assay.reference.exploitation_signs import Sign, SignPhrase, SignPhrases, Signs, sign_phrases, signs
from assay.reference.force_register import Force, ForceRegister, forces
from assay.reference.force_succession import ForceChange, ForceSuccession, Inheritance, force_succession
from assay.reference.inspection_questions import (
    InspectionTheme,
    InspectionThemes,
    Question,
    Questions,
    inspection_themes,
    questions,
)
from assay.reference.later_questions import LaterQuestion, LaterQuestions, later_questions
from assay.reference.law_register import Law, Laws, laws
from assay.reference.local_authorities import Authorities, LocalAuthority, authorities, force_by_local_authority
from assay.reference.offence_register import (
    Offence,
    OffenceRegister,
    OffenceSet,
    OffenceSets,
    offence_codes,
    offence_sets,
    offences,
)
from assay.reference.organisations import Organisation, Organisations, organisations_table, real_organisations
from assay.reference.outcome_codes import (
    FAMILIES,
    Outcome,
    OutcomeRegister,
    outcome_families,
    outcomes,
    return_outcomes,
    return_outcomes_table,
)
from assay.reference.past_recommendations import (
    FailureMode,
    FailureModes,
    Recommendation,
    RecommendationEvent,
    Recommendations,
    events_of,
    failure_modes,
    recommendation_events,
    recommendations,
)
from assay.reference.processing_declarations import PURPOSES, WINDOWS, Declaration, Declarations
from assay.reference.published_counts import PublishedCount, PublishedCounts, published_counts
from assay.reference.published_flags import NO_FLAG, PUBLISHED_FLAG_COUNTS
from assay.reference.published_tables import PublishedTable, PublishedTables, published_tables, questions_helped
from assay.reference.register_updates import RegisterFile, RegisterFiles, register_files, registers_due, tables_due
from assay.reference.response_characteristics import Characteristic, Characteristics, characteristics
from assay.reference.return_code_lists import list_values, return_lists
from assay.reference.risk_tools import RiskTool, RiskTools, risk_tools
from assay.reference.series_breaks import Break, Breaks, breaks
from assay.reference.source_addresses import SourceAddress, SourceAddresses, source_addresses
from assay.reference.statistical_areas import StatisticalArea, StatisticalAreas, statistical_areas
from assay.reference.time_standards import Standards, TimeStandard, standards

__all__ = [
    "FAMILIES",
    "NO_FLAG",
    "PUBLISHED_FLAG_COUNTS",
    "PURPOSES",
    "WINDOWS",
    "Authorities",
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
    "ChildPopulation",
    "Course",
    "CourseStep",
    "DataRequest",
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
    "ForceChange",
    "ForceRegister",
    "ForceSuccession",
    "Inheritance",
    "InspectionTheme",
    "InspectionThemes",
    "LaterQuestion",
    "LaterQuestions",
    "Law",
    "Laws",
    "ListDependence",
    "ListDependences",
    "LocalAuthority",
    "Offence",
    "OffenceRegister",
    "OffenceSet",
    "OffenceSets",
    "Order",
    "Orders",
    "Organisation",
    "Organisations",
    "Outcome",
    "OutcomeRegister",
    "Predicate",
    "Predicates",
    "PublishedCount",
    "PublishedCounts",
    "PublishedTable",
    "PublishedTables",
    "Question",
    "Questions",
    "Recommendation",
    "RecommendationEvent",
    "Recommendations",
    "RegisterFile",
    "RegisterFiles",
    "RiskTool",
    "RiskTools",
    "Sign",
    "SignPhrase",
    "SignPhrases",
    "Signs",
    "SourceAddress",
    "SourceAddresses",
    "Standards",
    "StatisticalArea",
    "StatisticalAreas",
    "TimeStandard",
    "authorities",
    "breaks",
    "burdens",
    "characteristics",
    "child_lists",
    "child_offences",
    "child_population",
    "code_lists",
    "code_tables",
    "course",
    "data_dictionary",
    "definitions",
    "ethnicities",
    "event_kinds",
    "events_of",
    "failure_modes",
    "force_by_local_authority",
    "force_succession",
    "forces",
    "inspection_themes",
    "later_questions",
    "laws",
    "list_dependences",
    "list_values",
    "offence_codes",
    "offence_sets",
    "offences",
    "orders",
    "organisations_table",
    "outcome_families",
    "outcomes",
    "predicates",
    "published_counts",
    "published_tables",
    "questions",
    "questions_helped",
    "read_request",
    "real_organisations",
    "recommendation_events",
    "recommendations",
    "register_files",
    "registers_due",
    "return_lists",
    "return_outcomes",
    "return_outcomes_table",
    "risk_tools",
    "sign_phrases",
    "signs",
    "source_addresses",
    "standards",
    "statistical_areas",
    "tables_due",
]
