"""Under which policy may figures leave, and what does it refuse?"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.errors import DisclosureError

FILES = {"already published": "already-published.toml"}


@dataclass(frozen=True)
class Policy:
    """A named policy: why figures may leave, what is done to them first, and what is refused."""

    name: str
    reason: str
    suppression: str
    rounding: str
    refuses: tuple[str, ...]
    longest: Mapping[str, int]
    sha256: str


@lru_cache
def policy(name: str = "already published") -> Policy:
    """The policy called `name`; raises DisclosureError when there is none of that name."""
    if name not in FILES:
        known = ", ".join(f"'{known}'" for known in FILES)
        raise DisclosureError(f"There is no disclosure policy called '{name}'. There is: {known}.")
    raw = files("assay.disclosure").joinpath(FILES[name]).read_bytes()
    form = tomllib.loads(raw.decode("utf-8"))
    form["refuses"] = tuple(form["refuses"])
    return Policy(**form, sha256=hashlib.sha256(raw).hexdigest())
