"""Record linkage: find the same person across records, forces and lists, and derive ages.

`linkage_records` selects the entries to link: involvements, and children on partners' lists. `exact_matching` links
them by exact keys (a force's own person number, or the same names and date of birth). `probabilistic_linkage` adds
Fellegi-Sunter match probabilities and constrained clustering (`data/linkage.toml`), with the uncertainty of each join;
`person_assignment` gives the persons at another threshold or in one random draw. `person_ages` derives ages from the
date of birth on the days that matter (`offence_dates`). `shared_identifiers` finds links that name the
same place, telephone, vehicle or account.

No later stage reads a name, a full date of birth, a postcode or a telephone number. The output tables are `people`,
`list_people`, `ages_then` and `things`. The diagnostic tables (`tied`, `pairs`, `joins`, `splits`, `weights`) hold
entry names only.
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
