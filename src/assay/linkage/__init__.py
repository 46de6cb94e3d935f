"""Who is the same person, across records, forces and lists, and how old were they?

`entries` says which entries there are: involvements, and children on partners' lists. `exact` ties them by exact keys
alone: a force's own number for a person, or the same names and date of birth. `linking` goes on from there by likeness
(the form is `data/linkage.toml`), keeps apart what cannot be one person, and says how sure it is; `choosing` gives the
persons at another threshold or in one draw. `ages`: from the date of birth, on the days that matter (`offence_days`,
`reported`). `things`: which links name the same place, telephone, vehicle or account.

No room after this one reads a name, a full date of birth, a postcode or a telephone number: what it leaves is
`people`, `list_people`, `ages_then` and `things`; what else it keeps (`tied`, `pairs`, `joins`, `splits`, `weights`)
names entries only.
"""

from assay.linkage.exact_matching import people
from assay.linkage.person_ages import ages, ages_then
from assay.linkage.person_assignment import people_by, person_ids
from assay.linkage.person_linkage import FORMS, IDENTITIES, KEPT, LEFT, READ, Found, find, persons
from assay.linkage.shared_identifiers import things

__all__ = [
    "FORMS", "IDENTITIES", "KEPT", "LEFT", "READ", "Found", "ages", "ages_then", "find", "people", "people_by",
    "person_ids", "persons", "things",
]  # fmt: skip
