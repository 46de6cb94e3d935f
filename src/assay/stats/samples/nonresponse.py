"""Share under nonresponse: weighted within strata, with bounds for the missing files.

Within a stratum, received files represent the missing ones, so a stratum is weighted by its size and not by its
response. The files cannot show whether this assumption holds, so bounds are reported too: the limits of the interval if
every missing file were a no, and if every one were a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.stratified_sampling import Stratum, stratified_share


@dataclass(frozen=True)
class StratumResponse:
    """A stratum with its numbers of records, sampled files, received files, and files with the property."""

    size: int
    sample_size: int
    received: int
    count: int


@dataclass(frozen=True)
class NonresponseShare:
    """Share weighted for nonresponse, bounds without an assumption on missing files, and number of missing files."""

    weighted: IntervalEstimate
    bounds: IntervalEstimate
    missing: int


def nonresponse_share(strata: Sequence[StratumResponse], level: float = 0.95) -> NonresponseShare:
    """Return the share weighted for nonresponse within strata, and its bounds.

    If no file of a stratum was received, there are only bounds. EstimationRefused if more files were received than
    sampled.
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
