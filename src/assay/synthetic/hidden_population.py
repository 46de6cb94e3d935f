"""The hidden population: how many children are exploited each year, and which lists record them?

The number of children is a parameter. Victims of exploitation and missing children are those of the generated records;
the others are sampled to complete the population, conditional on being in no crime, and then captured by the partners'
lists. Most have a key and no name; children on a sent list have both.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from assay.synthetic.calibration import figure_value
from assay.synthetic.capture_probabilities import BANDS, CaptureModel, Child, Kind, kinds, log_odds, solve_level
from assay.synthetic.hidden_settings import PARTNERS, VISIBILITY, HiddenSettings, hidden_settings
from assay.synthetic.hidden_years import PopulationYear, population_years
from assay.synthetic.local_time import age
from assay.synthetic.partner_lists import Partners
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import ForceRecords

POLICE = "police_crimes"
LISTS_BEFORE_AUTHORITY, LISTS_AFTER_AUTHORITY = (
    PARTNERS[:3],
    PARTNERS[3:],
)  # the partners' lists before and after that of the local authority
TRUTH_COLUMNS = {  # list -> its column in the truth
    "police_crimes": "on_police_crimes",
    "missing": "on_missing",
    "local_authority": "on_local_authority",
    "health": "on_health",
    "referral_mechanism": "on_nrm",
    "voluntary": "on_voluntary",
    "education": "on_education",
}
TREND_FACTOR = 1.02  # a yearly factor closer to 1 than this is no trend


@dataclass(frozen=True)
class Size:
    """The number of exploited children in a year, and how many appear in records only as missing children."""

    children: int
    missing: tuple[Person, ...]


def hidden_children(
    records: ForceRecords, cases: Sequence[Case], stream: RandomStream, settings: HiddenSettings | None = None
) -> None:
    """Add every exploited child of every year to the truth, and the entries on the lists that partners send.

    Needs the crimes and missing episodes of the records, and changes neither.
    """
    population_settings = settings or hidden_settings(records.force.hidden)
    study_years = population_years(records, cases)
    partners = Partners(records, population_settings, stream.substream("partners"))
    force_stream = records.force_stream.substream("partners")
    yearly = force_stream.substream("yearly").lognormal(population_settings.yearly, population_settings.yearly_spread)
    sizes = _sizes(records, study_years, len(cases), yearly, force_stream.substream("size"), population_settings)
    levels = _levels(population_settings, force_stream.substream("levels"))
    models = [
        _capture_model(year, size, population_settings, levels) for year, size in zip(study_years, sizes, strict=True)
    ]
    named_children = [
        _named_children(*combination, stream.substream("named", combination[0].number))
        for combination in zip(study_years, sizes, models, strict=True)
    ]
    authority = _local_authority(
        records, [child for children in named_children for child in children], population_settings
    )
    for year, size, model, children in zip(study_years, sizes, models, named_children, strict=True):
        model = replace(model, settings=authority.settings, levels={**model.levels, **authority.levels})
        draw = stream.substream("year", year.number)
        seen = 0
        for child in _all_children(records, year, size, model, children, draw):
            seen += bool(child.lists)
            _add_truth(records, year, child)
            partners.add_child(year, child)
        _add_true_totals(records, year, size, seen, yearly)
    partners.write_entries()


def _sizes(
    records: ForceRecords,
    study_years: Sequence[PopulationYear],
    crimes: int,
    yearly: float,
    stream: RandomStream,
    settings: HiddenSettings,
) -> list[Size]:
    """Return the number of children by year, large enough that crimes cover at most a given share of them."""
    at_first = settings.children_per_crime * crimes / len(study_years) * stream.lognormal(1.0, settings.spread)
    found = []
    for year in study_years:
        expected = round(at_first * yearly ** (year.number - 1))
        children = max(expected, math.ceil(len(year.known) / settings.most_seen))
        unknown = int((children * settings.not_unseen - len(year.known)) / 2)
        draw = stream.substream("missing", year.number)
        share = settings.exploited_of_missing
        exploited = [person for person in year.only_missing if draw.substream(person.key).happens(share)]
        found.append(Size(children, tuple(exploited[:unknown])))
    return found


def _levels(settings: HiddenSettings, stream: RandomStream) -> dict[str, float]:
    """Return the level of each partner's list in this force; that of the local authority follows later."""
    seen = [(kind, share) for kind, share in kinds(settings) if kind.visibility != "unseen"]
    return {
        name: solve_level(
            [(log_odds(settings, name, kind), share) for kind, share in seen],
            stream.substream(name).logit_normal(mean, settings.capture_spread),
        )
        for name, mean in settings.capture_probabilities.items()
    }


def _capture_model(
    year: PopulationYear, size: Size, settings: HiddenSettings, levels: Mapping[str, float]
) -> CaptureModel:
    """Return the capture model of a year, calibrated to the numbers in crimes and missing episodes."""
    seen = [(kind, share) for kind, share in kinds(settings) if kind.visibility != "unseen"]
    known, all_others = len(year.known), size.children - len(year.known)
    by_crimes = [(log_odds(settings, POLICE, kind), share) for kind, share in seen]
    levels = {**levels, POLICE: solve_level(by_crimes, known / max(size.children, 1) / settings.not_unseen)}
    model = CaptureModel(settings, levels)
    left = [
        (log_odds(settings, "missing", kind), share * (1 - model.probability(POLICE, kind))) for kind, share in seen
    ]
    not_unseen = math.fsum(share for _, share in left)
    seen_share = not_unseen / (not_unseen + 1 - settings.not_unseen)
    target = len(size.missing) / max(all_others, 1) / seen_share
    return replace(model, levels={**levels, "missing": solve_level(left, target)})


def _named_children(year: PopulationYear, size: Size, model: CaptureModel, stream: RandomStream) -> list[Child]:
    """Return the named children of the records, on the lists before the local authority's."""
    pairs = [(person, True) for person in year.known.values()] + [(person, False) for person in size.missing]
    found = []
    for person, by_crime in pairs:
        draw = stream.substream(person.key)
        missing = person.key in year.missing
        kind = _kind(person, year, by_crime, missing, model, draw)
        lists = (*([POLICE] if by_crime else []), *(["missing"] if missing else []))
        found.append(Child(person.key, kind, model.capture(kind, lists, LISTS_BEFORE_AUTHORITY, draw), person))
    return found


def _kind(
    person: Person, year: PopulationYear, by_crime: bool, missing: bool, model: CaptureModel, stream: RandomStream
) -> Kind:
    """Sample the kind of a named child; visibility is conditional on the lists that the child is on."""
    years_old = str(max(age(person.born, year.first), 10))
    band = next((band for band, ages in BANDS.items() if years_old in ages), "16_17")
    weights = {}
    for visibility in VISIBILITY[1:]:
        kind = Kind(band, person.sex == "F", person.care_status != "not_in_care", visibility)
        crime, absent = model.probability(POLICE, kind), model.probability("missing", kind)
        seen = (crime if by_crime else 1 - crime) * (absent if missing else 1 - absent)
        weights[kind] = model.settings.visibility[visibility] * seen
    return stream.weighted(weights)


def _local_authority(records: ForceRecords, named_children: Sequence[Child], settings: HiddenSettings) -> CaptureModel:
    """Return the local authority's list, with the force's rate of children named by crimes.

    If partners do not share information, only referrals fail: the authority's own detection is unchanged.
    """
    name, rate = "local_authority", records.force.rate("on_la_list")
    known = [(child.kind, child.lists, 1.0) for child in named_children if POLICE in child.lists]
    if not known:
        known = [(kind, (POLICE,), share) for kind, share in kinds(settings) if kind.visibility != "unseen"]
    weighted_odds = [(log_odds(settings, name, kind, lists), weight) for kind, lists, weight in known]
    if "partners_apart" not in records.force.failings:
        return CaptureModel(settings, {name: solve_level(weighted_odds, rate)})
    own_level = solve_level(weighted_odds, figure_value("on_la_list"))
    feeds = settings.feeds.get(POLICE, {})
    less = solve_level([(odds + own_level, weight) for odds, weight in weighted_odds], rate)
    weaker = max(feeds.get(name, 0.0) + less, -10.0)
    return CaptureModel(replace(settings, feeds={**settings.feeds, POLICE: {**feeds, name: weaker}}), {name: own_level})


def _all_children(
    records: ForceRecords,
    year: PopulationYear,
    size: Size,
    model: CaptureModel,
    named_children: Sequence[Child],
    stream: RandomStream,
) -> Iterator[Child]:
    """Yield each exploited child of the year once: the named ones, and all others."""
    for child in named_children:
        draw = stream.substream(child.key)
        yield replace(child, lists=model.capture(child.kind, child.lists, LISTS_AFTER_AUTHORITY, draw))
    left = [
        (kind, share * (1 - model.probability(POLICE, kind)) * (1 - model.probability("missing", kind)))
        for kind, share in kinds(model.settings)
    ]
    sums = list(accumulate(weight for _, weight in left))
    for number in range(1, size.children - len(named_children) + 1):
        kind = left[min(bisect(sums, stream.uniform(0, sums[-1])), len(left) - 1)][0]
        yield Child(f"{records.force.code}-H{year.number}-{number}", kind, model.capture(kind, (), PARTNERS, stream))


def _add_truth(records: ForceRecords, year: PopulationYear, child: Child) -> None:
    young = child.person is not None and age(child.person.born, year.first) < 10
    records.add_truth(
        "hidden",
        person=child.key,
        year=year.number,
        **{column: name in child.lists for name, column in TRUTH_COLUMNS.items()},
        age_band="under_10" if young else child.kind.band,
        female=child.kind.female,
        in_care=child.kind.in_care,
        visibility=child.kind.visibility,
    )


def _add_true_totals(records: ForceRecords, year: PopulationYear, size: Size, seen: int, yearly: float) -> None:
    """Add the totals of a year over all batches of the force; they are written with the last batch."""
    sums = {"children": size.children, "seen_by_any": seen, "on_police_crimes": len(year.known)}
    records.totals.update({f"hidden {year.number} {name}": number for name, number in sums.items()})
    if not records.last:
        return
    records.add_truth(
        "hidden_totals",
        year=year.number,
        **{name: records.totals[f"hidden {year.number} {name}"] for name in sums},
        yearly_per_1000=round(1000 * yearly),
        trend="rising" if yearly > TREND_FACTOR else "falling" if yearly < 1 / TREND_FACTOR else "unchanged",
    )
