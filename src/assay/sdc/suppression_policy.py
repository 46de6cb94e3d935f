"""Disclosure policies: thresholds, rounding, and the tables that may be released."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.errors import DisclosureError

FILES = {"already published": "suppression-policy-published.toml", "record level": "suppression-policy-records.toml"}


@dataclass(frozen=True)
class Policy:
    """A named policy: why tables may be released, how they are protected, and what is refused.

    The numbers matter only in a policy that protects records (`suppression_threshold` above 0). The policy file
    explains each.

    Parameters
    ----------
    tables
        The tables that may be released; if empty, every table that is not made from records.
    suppression_threshold
        Suppression threshold: counts from 1 to this number are primary suppressed.
    rounding_base
        Rounding base: all other counts are rounded to a multiple of this number.
    minimum_base
        Minimum base of a share or an estimate.
    protection_level
        Sliding protection level: minimum width of the feasibility interval of a suppressed count.
    minimum_respondents
        Minimum number of people who answered, for a table of what they said.
    curve_days
        A curve is released on days that are multiples of this number.
    minimum_authors, minimum_teams
        Minimum number of distinct authors and of teams, for figures on the conduct of staff.
    dominance_contributors, dominance_percent
        n and k of the (n,k) rule.
    p_percent
        p of the p% rule.
    organisation_counts
        Indicators whose records are forces; they are not protected.
    """

    name: str
    reason: str
    suppression: str
    rounding: str
    refuses: tuple[str, ...]
    longest: Mapping[str, int]
    sha256: str
    tables: tuple[str, ...] = ()
    suppression_threshold: int = 0
    rounding_base: int = 1
    minimum_base: int = 0
    protection_level: int = 0
    minimum_respondents: int = 1
    curve_days: int = 1
    minimum_authors: int = 0
    minimum_teams: int = 0
    dominance_contributors: int = 0
    dominance_percent: int = 100
    p_percent: int = 0
    organisation_counts: tuple[str, ...] = ()

    @property
    def protects(self) -> bool:
        """Return True if counts made from records are suppressed and rounded."""
        return self.suppression_threshold > 0

    @property
    def limits_dominance(self) -> bool:
        """Return True if dominated totals of amounts are suppressed."""
        return bool(self.dominance_contributors or self.p_percent)


@lru_cache
def policy(name: str = "already published") -> Policy:
    """Return the policy of this name; raise DisclosureError if there is none."""
    if name not in FILES:
        known = ", ".join(f"'{known}'" for known in FILES)
        raise DisclosureError(f"There is no disclosure policy called '{name}'. There is: {known}.")
    raw = files("assay.sdc").joinpath(FILES[name]).read_bytes()
    form = tomllib.loads(raw.decode("utf-8"))
    form["refuses"] = tuple(form["refuses"])
    for list_name in ("tables", "organisation_counts"):
        form[list_name] = tuple(form.get(list_name, ()))
    return Policy(**form, sha256=hashlib.sha256(raw).hexdigest())
