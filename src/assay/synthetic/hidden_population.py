"""How many children are exploited, year by year, and who of them stands on which list?

The truth about hidden children. The number of children is supposed; the victims of exploited crimes are those of the
book, and so are the children who were missing. All others are made around them: of kinds that the police's crimes
would have left over, followed along the partners' lists. Most have a key and no name; who stands on a list that is
sent has both.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from assay.synthetic.calibration import figure
from assay.synthetic.capture_probabilities import BANDS, Child, Kind, Sight, kinds, level, log_odds
from assay.synthetic.hidden_settings import PARTNERS, VISIBILITY, HiddenSettings, hidden_settings
from assay.synthetic.hidden_years import Year, years
from assay.synthetic.local_time import age
from assay.synthetic.partner_lists import Partners
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book

POLICE = "police_crimes"
BEFORE, AFTER = PARTNERS[:3], PARTNERS[3:]  # the partners' lists before the local authority's, and the others
TOLD = {  # list -> its column in the truth
    "police_crimes": "on_police_crimes",
    "missing": "on_missing",
    "local_authority": "on_local_authority",
    "health": "on_health",
    "referral_mechanism": "on_nrm",
    "voluntary": "on_voluntary",
    "education": "on_education",
}
STAYS = 1.02  # a yearly factor nearer to 1 than this is no trend


@dataclass(frozen=True)
class Size:
    """How many children are exploited in a year, and how many of those who were only missing are among them."""

    children: int
    missing: tuple[Person, ...]


def hidden_children(book: Book, cases: Sequence[Case], chance: Chance, settings: HiddenSettings | None = None) -> None:
    """Every exploited child of every year: the truth, and the entries on the lists that partners send.

    Needs the crimes and the missing episodes of the book, and changes neither.
    """
    held = settings or hidden_settings(book.force.hidden)
    told = years(book, cases)
    partners = Partners(book, held, chance.stream("partners"))
    whole = book.whole.stream("partners")
    yearly = whole.stream("yearly").lognormal(held.yearly, held.yearly_spread)
    sizes = _sizes(book, told, len(cases), yearly, whole.stream("size"), held)
    levels = _levels(held, whole.stream("levels"))
    sights = [_sight(year, size, held, levels) for year, size in zip(told, sizes, strict=True)]
    named = [_named(*one, chance.stream("named", one[0].number)) for one in zip(told, sizes, sights, strict=True)]
    authority = _local_authority(book, [child for children in named for child in children], held)
    for year, size, sight, children in zip(told, sizes, sights, named, strict=True):
        sight = replace(sight, settings=authority.settings, levels={**sight.levels, **authority.levels})
        draw = chance.stream("year", year.number)
        seen = 0
        for child in _everyone(book, year, size, sight, children, draw):
            seen += bool(child.on)
            _know(book, year, child)
            partners.enter(year, child)
        _know_total(book, year, size, seen, yearly)
    partners.send()


def _sizes(
    book: Book, told: Sequence[Year], crimes: int, yearly: float, chance: Chance, held: HiddenSettings
) -> list[Size]:
    """The number of children by year, never so few that crimes would tell of more than a share of them."""
    at_first = held.children_per_crime * crimes / len(told) * chance.lognormal(1.0, held.spread)
    found = []
    for year in told:
        expected = round(at_first * yearly ** (year.number - 1))
        children = max(expected, math.ceil(len(year.known) / held.most_seen))
        unknown = int((children * held.not_unseen - len(year.known)) / 2)
        draw = chance.stream("missing", year.number)
        exploited = [person for person in year.only_missing if draw.stream(person.key).happens(held.of_missing)]
        found.append(Size(children, tuple(exploited[:unknown])))
    return found


def _levels(held: HiddenSettings, chance: Chance) -> dict[str, float]:
    """The level of each partner's list in this force; that of the local authority follows later."""
    seen = [(kind, share) for kind, share in kinds(held) if kind.visibility != "unseen"]
    return {
        name: level(
            [(log_odds(held, name, kind), share) for kind, share in seen],
            chance.stream(name).shifted(mean, held.chances_spread),
        )
        for name, mean in held.chances.items()
    }


def _sight(year: Year, size: Size, held: HiddenSettings, levels: Mapping[str, float]) -> Sight:
    """How the lists see in this year: crimes and missing as often as the book's own children say."""
    seen = [(kind, share) for kind, share in kinds(held) if kind.visibility != "unseen"]
    known, all_others = len(year.known), size.children - len(year.known)
    by_crimes = [(log_odds(held, POLICE, kind), share) for kind, share in seen]
    levels = {**levels, POLICE: level(by_crimes, known / max(size.children, 1) / held.not_unseen)}
    sight = Sight(held, levels)
    left = [(log_odds(held, "missing", kind), share * (1 - sight.chance(POLICE, kind))) for kind, share in seen]
    not_unseen = math.fsum(share for _, share in left)
    of_seen = not_unseen / (not_unseen + 1 - held.not_unseen)
    wanted = len(size.missing) / max(all_others, 1) / of_seen
    return replace(sight, levels={**levels, "missing": level(left, wanted)})


def _named(year: Year, size: Size, sight: Sight, chance: Chance) -> list[Child]:
    """The children whom the book names, on the lists before the local authority's."""
    pairs = [(person, True) for person in year.known.values()] + [(person, False) for person in size.missing]
    found = []
    for person, by_crime in pairs:
        draw = chance.stream(person.key)
        missing = person.key in year.missing
        kind = _kind(person, year, by_crime, missing, sight, draw)
        on = (*([POLICE] if by_crime else []), *(["missing"] if missing else []))
        found.append(Child(person.key, kind, sight.follow(kind, on, BEFORE, draw), person))
    return found


def _kind(person: Person, year: Year, by_crime: bool, missing: bool, sight: Sight, chance: Chance) -> Kind:
    """The kind of a child who is named: how easily anybody notices follows from the lists the child is on."""
    years_old = str(max(age(person.born, year.first), 10))
    band = next((band for band, ages in BANDS.items() if years_old in ages), "16_17")
    weights = {}
    for visibility in VISIBILITY[1:]:
        kind = Kind(band, person.sex == "F", person.care_status != "not_in_care", visibility)
        crime, absent = sight.chance(POLICE, kind), sight.chance("missing", kind)
        seen = (crime if by_crime else 1 - crime) * (absent if missing else 1 - absent)
        weights[kind] = sight.settings.visibility[visibility] * seen
    return chance.weighted(weights)


def _local_authority(book: Book, named: Sequence[Child], held: HiddenSettings) -> Sight:
    """The local authority's list: as long as the force's rate says, of the children whom crimes name.

    Where partners work apart it is the telling that fails: the authority sees as much by itself as elsewhere.
    """
    name, rate = "local_authority", book.force.rate("on_la_list")
    known = [(child.kind, child.on, 1.0) for child in named if POLICE in child.on]
    if not known:
        known = [(kind, (POLICE,), share) for kind, share in kinds(held) if kind.visibility != "unseen"]
    of = [(log_odds(held, name, kind, on), weight) for kind, on, weight in known]
    if "partners_apart" not in book.force.failings:
        return Sight(held, {name: level(of, rate)})
    own = level(of, figure("on_la_list"))
    told = held.feeds.get(POLICE, {})
    less = level([(odds + own, weight) for odds, weight in of], rate)
    weaker = max(told.get(name, 0.0) + less, -10.0)
    return Sight(replace(held, feeds={**held.feeds, POLICE: {**told, name: weaker}}), {name: own})


def _everyone(
    book: Book, year: Year, size: Size, sight: Sight, named: Sequence[Child], chance: Chance
) -> Iterator[Child]:
    """Each exploited child of the year once: those whom the book names, and all others."""
    for child in named:
        draw = chance.stream(child.key)
        yield replace(child, on=sight.follow(child.kind, child.on, AFTER, draw))
    left = [
        (kind, share * (1 - sight.chance(POLICE, kind)) * (1 - sight.chance("missing", kind)))
        for kind, share in kinds(sight.settings)
    ]
    sums = list(accumulate(weight for _, weight in left))
    for number in range(1, size.children - len(named) + 1):
        kind = left[min(bisect(sums, chance.between(0, sums[-1])), len(left) - 1)][0]
        yield Child(f"{book.force.code}-H{year.number}-{number}", kind, sight.follow(kind, (), PARTNERS, chance))


def _know(book: Book, year: Year, child: Child) -> None:
    young = child.person is not None and age(child.person.born, year.first) < 10
    book.know(
        "hidden",
        person=child.key,
        year=year.number,
        **{column: name in child.on for name, column in TOLD.items()},
        age_band="under_10" if young else child.kind.band,
        female=child.kind.female,
        in_care=child.kind.in_care,
        visibility=child.kind.visibility,
    )


def _know_total(book: Book, year: Year, size: Size, seen: int, yearly: float) -> None:
    """The sums of a year, over the divisions of the force; they are written with the last."""
    sums = {"children": size.children, "seen_by_any": seen, "on_police_crimes": len(year.known)}
    book.totals.update({f"hidden {year.number} {name}": number for name, number in sums.items()})
    if not book.last:
        return
    book.know(
        "hidden_totals",
        year=year.number,
        **{name: book.totals[f"hidden {year.number} {name}"] for name in sums},
        yearly_per_1000=round(1000 * yearly),
        trend="rising" if yearly > STAYS else "falling" if yearly < 1 / STAYS else "unchanged",
    )
