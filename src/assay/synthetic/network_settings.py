"""Parameters of networks of offenders who exploit children together.

Every value is our own proposal. Published reviews describe groups of two to about sixty people; their number and sizes
have not been counted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from assay.errors import UsageError


@dataclass(frozen=True)
class NetworkSettings:
    """How many networks of offenders a synthetic country has, and their size and crimes.

    `number`: networks in the country; `suspects`, `children`: the maximum in one network (at least two of each);
    `crimes`: the mean number known to police; `elsewhere`: the share of networks that work in a second force;
    `single_suspect`, `shared`: the shares of their crimes that name one suspect only, and that note a place, vehicle or
    telephone.
    """

    number: int = 0
    suspects: int = 6
    children: int = 4
    crimes: int = 7
    elsewhere: float = 0.3
    single_suspect: float = 0.4
    shared: float = 0.5

    def __post_init__(self) -> None:
        for field_of_settings in fields(self):
            value, is_integer = getattr(self, field_of_settings.name), field_of_settings.type == "int"
            if isinstance(value, bool) or not isinstance(value, int if is_integer else int | float) or value < 0:
                raise UsageError(
                    f"networks.{field_of_settings.name} is a {'whole ' if is_integer else ''}number, and not below 0."
                )
            if not is_integer and value > 1:
                raise UsageError(f"networks.{field_of_settings.name} is a share, 0 to 1.")
        if self.number and min(self.suspects, self.children, self.crimes) < 2:
            raise UsageError("A network has two suspects, two children and two crimes at least.")
