"""Record linkage: find the same person across records, forces and lists, and derive ages.

`entries` says which entries there are: involvements, and children on partners' lists. `exact` ties them by exact keys
alone: a force's own number for a person, or the same names and date of birth. `linking` goes on from there by likeness
(the form is `data/linkage.toml`), keeps apart what cannot be one person, and says how sure it is; `choosing` gives the
persons at another threshold or in one draw. `involvement_ages`: from the date of birth, on the days that matter
(`offence_days`, `reported`). `find_shared_identifiers`: which links name the same place, telephone, vehicle or account.

No room after this one reads a name, a full date of birth, a postcode or a telephone number: what it leaves is
`match_exactly`, `list_people`, `event_ages` and `find_shared_identifiers`; what else it keeps (`tied`, `pairs`,
`joins`, `splits`, `weights`) names entries only.
"""

from assay.linkage.exact_matching import match_exactly
from assay.linkage.person_ages import event_ages, involvement_ages
from assay.linkage.person_assignment import assign_persons, person_ids
from assay.linkage.person_linkage import (
    DIAGNOSTIC_TABLES,
    IDENTITY_TABLES,
    INPUT_TABLES,
    OUTPUT_SCHEMAS,
    OUTPUT_TABLES,
    PersonLinkage,
    link_persons,
    match_persons_exactly,
)
from assay.linkage.shared_identifiers import find_shared_identifiers

__all__ = [
    "DIAGNOSTIC_TABLES",
    "IDENTITY_TABLES",
    "INPUT_TABLES",
    "OUTPUT_SCHEMAS",
    "OUTPUT_TABLES",
    "PersonLinkage",
    "assign_persons",
    "event_ages",
    "find_shared_identifiers",
    "involvement_ages",
    "link_persons",
    "match_exactly",
    "match_persons_exactly",
    "person_ids",
]  # fmt: skip
