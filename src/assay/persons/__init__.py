"""Who is the same person, across records, forces and lists?

`exact`: by exact keys: a force's own number for a person, or the same names and date of birth. A likeness short of
that makes nobody the same.
"""

from assay.persons.exact import people

__all__ = ["people"]
