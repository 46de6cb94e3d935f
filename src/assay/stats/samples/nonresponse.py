"""Share under nonresponse: weighted within strata, with bounds for the missing files.

Within a stratum those that came stand for those that did not, so a stratum counts by its size and not by how many came.
Whether they may stand for them nobody can tell from the files themselves; therefore the bounds are told with it: how
far the interval would reach if every missing file were a no, and if every one were a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.stratified_sampling import Stratum, stratified_share


@dataclass(frozen=True)
class StratumResponse:
    """A stratum of `size` records, of which `sample_size` were drawn, `received` came, and `count` of these have the
    property."""

    size: int
    sample_size: int
    received: int
    count: int


@dataclass(frozen=True)
class NonresponseShare:
    """`weighted`: those that came stand for the others of their stratum. `bounds`: whatever the missing ones hold."""

    weighted: IntervalEstimate
    bounds: IntervalEstimate
    missing: int


def share_with_missing(strata: Sequence[StratumResponse], level: float = 0.95) -> NonresponseShare:
    """The share with those that came standing for those that did not, and the bounds if nothing is supposed of them.

    A stratum of which no file came has bounds and no weighted figure.
    """
    strata = [stratum for stratum in strata if stratum.size > 0]
    if any(stratum.received > stratum.sample_size for stratum in strata):
        raise EstimationRefused("More files came than were drawn: count again.")
    no_missing_met = stratified_share(
        [Stratum(stratum.size, stratum.sample_size, stratum.count) for stratum in strata], level
    )
    all_missing_met = stratified_share(
        [
            Stratum(stratum.size, stratum.sample_size, stratum.count + stratum.sample_size - stratum.received)
            for stratum in strata
        ],
        level,
    )
    missing = sum(stratum.sample_size - stratum.received for stratum in strata)
    words = f"{missing} of {sum(stratum.sample_size for stratum in strata)} files did not come." if missing else ""
    bounds = IntervalEstimate(
        None if missing else no_missing_met.value, no_missing_met.low, all_missing_met.high, words
    )
    if silent := sum(stratum.received == 0 for stratum in strata):
        sentence = f"From {silent} of {len(strata)} strata no file came: only bounds are known."
        return NonresponseShare(
            IntervalEstimate(None, no_missing_met.low, all_missing_met.high, sentence), bounds, missing
        )
    weighted = stratified_share([Stratum(stratum.size, stratum.received, stratum.count) for stratum in strata], level)
    return NonresponseShare(weighted, bounds, missing)
