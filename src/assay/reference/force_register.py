"""Register of police forces and the names that official tables use for them.

A force has one code and many names: 'Devon & Cornwall', 'Devon and Cornwall Police', 'E23000035'. The register knows
the names that official tables use. An unknown name is an error that suggests similar names; it is never guessed,
because a similar name may be another force.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError, UnknownForce
from assay.reference.reference_data import Register, parse_count, read_rows, split_cell

COLUMNS = (
    "code", "slug", "name", "full_name", "aliases", "kind", "country", "region", "children_mid2020",
    "children_10_17_mid2020", "population_mid2020", "area_km2", "tile_column", "tile_row", "note", "evidence",
    "source",
)  # fmt: skip
NUMBERS = (
    "children_mid2020", "children_10_17_mid2020", "population_mid2020", "area_km2", "tile_column", "tile_row",
)  # fmt: skip
_SUFFIX = re.compile(r" (police service|police force|police|constabulary|service)$")


@dataclass(frozen=True)
class Force:
    """One police force, agency or fraud organisation; populations are of mid-2020, None if it polices no area."""

    code: str
    slug: str
    name: str
    full_name: str
    aliases: tuple[str, ...]
    kind: str
    country: str
    region: str
    children_mid2020: int | None
    children_10_17_mid2020: int | None
    population_mid2020: int | None
    area_km2: int | None
    tile_column: int | None
    tile_row: int | None
    note: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The ONS code, or 'BTP', 'NCA', 'AF', 'CIFAS', 'UKF'."""
        return self.code

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which `find` recognises this force."""
        return (self.code, self.slug, self.name, self.full_name, *self.aliases)


def normalise_force_name(name: str) -> str:
    """Return a force name without differences in case, spaces, hyphens, commas, '&' and a final 'Police'."""
    words = name.casefold().replace("&", " and ")
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", words).split())
    while _SUFFIX.search(words):
        words = _SUFFIX.sub("", words)
    return words


CODE_FORM = " Codes look like 'E23000007' or 'W15000002'."
ONE_SUGGESTION = 0.85
"""Similarity (0 to 1) from which the nearest name alone is suggested."""


class ForceRegister(Register[Force]):
    """Every force that official tables name."""

    member_name = "force"

    def __init__(self, members: list[Force]) -> None:
        super().__init__(members)
        self._by_name: dict[str, Force] = {}
        for force in self.all:
            for name in force.names:
                other = self._by_name.setdefault(normalise_force_name(name), force)
                if other is not force:
                    raise DefinitionError(f"The name {name!r} belongs to both {other.name} and {force.name}.")

    @property
    def territorial(self) -> tuple[Force, ...]:
        """The 43 forces of England and Wales that police an area."""
        return tuple(force for force in self.all if force.kind == "territorial")

    def get(self, code: str) -> Force:
        """Return the force with this code; raise UnknownForce for any other."""
        if code not in self:
            raise UnknownForce(f"No force has the code {code!r}.{CODE_FORM}")
        return super().get(code)

    def find(self, name: str, *, option: str = "") -> Force:
        """Return the force with this name, code or alias; raise UnknownForce with similar names otherwise.

        `option`: the option of a command that gave the name, such as '--force'; '' for a name in a file.
        """
        found = self._by_name.get(normalise_force_name(name))
        if found is None:
            raise UnknownForce(self._unknown_force_sentence(name, option))
        return found

    def _unknown_force_sentence(self, name: str, option: str) -> str:
        words = normalise_force_name(name)
        similar_names = difflib.get_close_matches(words, self._by_name, n=1, cutoff=ONE_SUGGESTION)
        similar_names = similar_names or difflib.get_close_matches(words, self._by_name, n=3, cutoff=0.6)
        force_names = sorted({self._by_name[similar_name].name for similar_name in similar_names})
        hint = f" Did you mean {' or '.join(force_names)}?" if force_names else ""
        if option:
            return f"{option} {name!r}: no force has this name or code.{hint or CODE_FORM}"
        return (
            f"The register does not know the force {name!r}.{hint} Correct the name in the file, "
            "or add it as an alias in reference/data/forces.csv."
        )


@lru_cache
def forces() -> ForceRegister:
    """Return the register: 43 territorial forces, British Transport Police, NCA, and fraud organisations."""
    return ForceRegister([_force(row) for row in read_rows("forces", COLUMNS)])


def _force(row: dict[str, str]) -> Force:
    numbers = {column: parse_count(row, column) for column in NUMBERS}
    return Force(**{**row, **numbers, "aliases": split_cell(row, "aliases")})  # type: ignore[arg-type]
