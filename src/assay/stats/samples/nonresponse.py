"""What if files were drawn and never came, or could not be marked?

Within a stratum those that came stand for those that did not, so a stratum counts by its size and not by how many came.
Whether they may stand for them nobody can tell from the files themselves; therefore the bounds are told with it: how
far the interval would reach if every missing file were a no, and if every one were a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.stats.interval_estimates import Answer
from assay.stats.refusals import Refused
from assay.stats.samples.stratified_sampling import Stratum, stratified_share


@dataclass(frozen=True)
class Answered:
    """A stratum of `size` records, of which `drawn` were drawn, `came` came, and `count` of these have the property."""

    size: int
    drawn: int
    came: int
    count: int


@dataclass(frozen=True)
class WithMissing:
    """`weighted`: those that came stand for the others of their stratum. `bounds`: whatever the missing ones hold."""

    weighted: Answer
    bounds: Answer
    missing: int


def share_with_missing(strata: Sequence[Answered], level: float = 0.95) -> WithMissing:
    """The share with those that came standing for those that did not, and the bounds if nothing is supposed of them.

    A stratum of which no file came has bounds and no weighted figure.
    """
    strata = [one for one in strata if one.size > 0]
    if any(one.came > one.drawn for one in strata):
        raise Refused("More files came than were drawn: count again.")
    none = stratified_share([Stratum(one.size, one.drawn, one.count) for one in strata], level)
    every = stratified_share([Stratum(one.size, one.drawn, one.count + one.drawn - one.came) for one in strata], level)
    missing = sum(one.drawn - one.came for one in strata)
    words = f"{missing} of {sum(one.drawn for one in strata)} files did not come." if missing else ""
    bounds = Answer(None if missing else none.value, none.low, every.high, words)
    if silent := sum(one.came == 0 for one in strata):
        said = f"From {silent} of {len(strata)} strata no file came: only bounds are known."
        return WithMissing(Answer(None, none.low, every.high, said), bounds, missing)
    weighted = stratified_share([Stratum(one.size, one.came, one.count) for one in strata], level)
    return WithMissing(weighted, bounds, missing)
