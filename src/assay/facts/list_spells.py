"""Lists of children at risk: periods on each list, removals, moves to a lower risk tier, and later signs of risk.

A change of tier ends one spell and begins another. A spell after which the child is no longer on the list is a removal,
unless the reason is that the child came of age, moved, died, is in custody, or should never have been on it. Later
signs are a crime against the child, a missing episode, or a referral to the police, on a later day.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, days_between, is_in_period, left_join, union_all
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators, extraction_days
from assay.facts.involved_persons import CHILD_WHEN_REPORTED
from assay.facts.jurisdictions import add_country, add_period
from assay.facts.person_roles import LIST_PEOPLE
from assay.facts.reports_and_episodes import persons_by_ref
from assay.facts.risk_assessments import first_reports
from assay.reference.risk_tools import TIERS

PERSON = ["force_code", "person_id"]
SPELL = ["force_code", "register_ref"]
OTHER_REASONS = ("turned_18", "moved_away", "in_custody_or_secure", "died", "error")
"""Reasons for an end that do not imply a reduced risk."""
SHORT_FOLLOW_UP_DAYS, LONG_FOLLOW_UP_DAYS = 90, 180  # days after the end of a spell
MAXIMUM_GAP_DAYS = 1
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "register_kind", "person_id", "tier", "ended_day",
    "reason_ended", "removed", "lowered", "let_go", "days_to_sign", "days_seen", "signs_known", "back_in_90",
    "back_in_180", "followed_90", "followed_180",
)  # fmt: skip


def list_spells(tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the table `list_spell`, with `COLUMNS`: one row for each period of one child at one tier of one list.

    `let_go`: removed, or moved to a lower tier. `followed_90`: observed for at least 90 days after the end.
    `back_in_90`: a sign of risk within that time; that there was none is known only for complete lists observed for 90
    days.
    """
    rows = left_join(
        add_period(add_country(tables["registers"], tables, authority=""), tables),
        persons_by_ref(persons),
        ["force_code", "person_ref"],
    )
    rows = rows.mutate(ended_day=rows.ended_on_day)
    rows = left_join(rows, _following_spells(rows), SPELL)
    rows = left_join(rows, _next_sign(rows, tables, persons, crime, episodes), SPELL)
    rows = left_join(rows, extraction_days(tables, "crimes", "missing", "referrals"), ["force_code"])
    rows = add_supply_indicators(
        rows, tables, "registers_complete", "crimes_complete", "involvements_complete",
        "missing_complete", "referrals_complete",
    )  # fmt: skip
    rows = add_set_aside_cells(rows, tables, "registers", "register_ref", "ended_on", "tier", "reason_ended")
    rows = rows.mutate(removed=_is_removed(rows), lowered=_is_lowered(rows))
    days_seen = days_between(rows.ended_day, rows.extracted_day)
    are_signs_known = (
        rows.crimes_complete & rows.involvements_complete & rows.missing_complete & rows.referrals_complete
    )
    are_signs_known = are_signs_known & ~rows.person_id.isnull()
    observed_days = ibis.cases((rows.days_to_sign <= days_seen, rows.days_to_sign))
    return rows.select(
        "force_code",
        "country",
        "register_kind",
        "person_id",
        "tier",
        "ended_day",
        "reason_ended",
        "removed",
        "lowered",
        record_ref=rows.register_ref,
        in_period=is_in_period(rows.ended_day, rows.period_from, rows.period_to),
        in_base=ibis.cases(
            (rows.ended_day.isnull(), False), else_=is_in_period(rows.ended_day, rows.period_from, rows.period_to)
        ),
        let_go=rows.removed | rows.lowered,
        days_to_sign=observed_days,
        days_seen=days_seen,
        signs_known=are_signs_known,
        back_in_90=any_true(
            observed_days <= SHORT_FOLLOW_UP_DAYS, are_signs_known & (days_seen >= SHORT_FOLLOW_UP_DAYS)
        ),
        back_in_180=any_true(
            observed_days <= LONG_FOLLOW_UP_DAYS, are_signs_known & (days_seen >= LONG_FOLLOW_UP_DAYS)
        ),
        followed_90=days_seen >= SHORT_FOLLOW_UP_DAYS,
        followed_180=days_seen >= LONG_FOLLOW_UP_DAYS,
    ).select(*COLUMNS)


def _tier_rank(tier: ibis.Value) -> ibis.Value:
    return ibis.cases(*((tier == name, position) for position, name in enumerate(TIERS))).cast("int64")


def _following_spells(rows: ibis.Table) -> ibis.Table:
    """Return the tier of the spell of the same child on the same list that follows each spell at once."""
    spells = rows.select(*SPELL, "person_id", "register_kind", "ended_day")
    later_spells = rows.select(
        "force_code", "person_id", "register_kind", next_ref="register_ref", next_day="started_on_day",
        next_rank=_tier_rank(rows.tier),
    )  # fmt: skip
    spell_pairs = spells.join(later_spells, ["force_code", "person_id", "register_kind"])
    gap = days_between(spell_pairs.ended_day, spell_pairs.next_day)
    spell_pairs = spell_pairs.filter(
        (spell_pairs.register_ref != spell_pairs.next_ref) & (gap >= 0) & (gap <= MAXIMUM_GAP_DAYS)
    )
    return spell_pairs.group_by(SPELL).aggregate(
        followed=spell_pairs.next_ref.count() > 0, next_rank=spell_pairs.next_rank.max()
    )


def _is_removed(rows: ibis.Table) -> ibis.Value:
    ended, followed = ~rows.ended_day.isnull(), rows.followed.fill_null(False)
    other = followed | rows.reason_ended.isin(OTHER_REASONS).fill_null(False)
    still_on = ~ended & rows.registers_complete & ~rows.ended_on_aside
    # That a tier was changed and no other follows: the record contradicts itself.
    whole = rows.registers_complete & ~rows.reason_ended_aside & (rows.reason_ended != "tier_changed").fill_null(True)
    return ibis.cases((still_on, False), (ended & other, False), (ended & whole & ~rows.person_id.isnull(), True))


def _is_lowered(rows: ibis.Table) -> ibis.Value:
    ended, followed = ~rows.ended_day.isnull(), rows.followed.fill_null(False)
    still_on = ~ended & rows.registers_complete & ~rows.ended_on_aside
    return ibis.cases(
        (still_on, False),
        (ended & followed, rows.next_rank < _tier_rank(rows.tier)),
        (ended & rows.registers_complete & ~rows.person_id.isnull(), False),
    )


def _next_sign(
    rows: ibis.Table, tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table
) -> ibis.Table:
    """Return one row for each spell with a later sign: whole days from its end to the first."""
    ends = rows.filter(~rows.ended_day.isnull()).select(*SPELL, "person_id", "ended_day")
    later_signs = ends.join(signs_of_risk(tables, persons, crime, episodes), PERSON)
    days = days_between(later_signs.ended_day, later_signs.day)
    later_signs = later_signs.mutate(days=days).filter(days > 0)
    return later_signs.group_by(SPELL).aggregate(days_to_sign=later_signs.days.min())


def signs_of_risk(tables: Tables, persons: ibis.Table, crime: ibis.Table, episodes: ibis.Table) -> ibis.Table:
    """Return the signs of risk of each child, by day: force_code, person_id, day."""
    inward_referrals = tables["referrals"].filter(
        (tables["referrals"].direction == "in") & ~tables["referrals"].person_ref.isnull()
    )
    inward_referrals = inward_referrals.select("force_code", "person_ref", day="made_at_day").join(
        persons_by_ref(persons), ["force_code", "person_ref"]
    )
    parts = [
        first_reports(persons, crime).select("force_code", "person_id", "day"),
        episodes.select("force_code", "person_id", day="started_day"),
        inward_referrals.select("force_code", "person_id", "day"),
    ]
    sign_rows = union_all(parts)
    return sign_rows.filter(~sign_rows.day.isnull() & ~sign_rows.person_id.isnull())


# Children on each list (police, partners) in each year of the period.
#
# One row for each entry of a record or a list: a victim of a crime that was flagged or titled exploitation, a missing
# episode that was flagged, a spell on the police's list, an entry of a partner's list. A year begins on the day on
# which the period begins; an entry belongs to the year in which the crime was recorded, the episode began, or the
# child came on the list. Entries are not merged into children here: an entry has its person at the main linkage
# threshold, and its linkage key.

LISTED_CHILD_COLUMNS = ("force_code", "record_ref", "list_key", "year", "entry", "person_id")
EXPLOITATION_FLAGS = ("cse", "group_cse", "cse_risk_child")
CONCERNS = ("cse", "exploitation_any")
"""Partner list concerns: sexual exploitation, or exploitation of any kind."""
POLICE_REGISTERS = ("police", "multi_agency")
PERSON_REF_KEY = ["force_code", "person_ref"]


def listed_entries(tables: Tables, persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return the table `listed_entries` (`LISTED_CHILD_COLUMNS`): the entries of children on lists.

    One row for each entry that puts a child on a list in a year of the period.
    """
    parts = [
        _crime_entries(persons, crime),
        _missing_episode_entries(tables, persons),
        *_register_entries(tables, persons),
    ]
    parts += [_partner_list_entries(tables)] if LIST_PEOPLE in tables else []
    rows = add_period(union_all(parts), tables)
    rows = rows.filter(is_in_period(rows.day, rows.period_from, rows.period_to).fill_null(False))
    return rows.mutate(year=_period_year(rows.day, rows.period_from)).select(*LISTED_CHILD_COLUMNS).distinct()


def _entry_rows(rows: ibis.Table, list_key: str | ibis.Value, ref: ibis.Value, day: ibis.Value) -> ibis.Table:
    key = ibis.literal(list_key) if isinstance(list_key, str) else list_key
    return rows.select("force_code", "entry", "person_id", record_ref=ref, list_key=key, day=day)


def _crime_entries(persons: ibis.Table, crime: ibis.Table) -> ibis.Table:
    """Return victims of crimes flagged or titled exploitation; cancelled crimes are excluded."""
    is_flagged = crime.cse_flagged.fill_null(False) | crime.group_flagged.fill_null(False)
    flagged_crimes = crime.filter((is_flagged | crime.cse_titled.fill_null(False)) & ~crime.cancelled.fill_null(False))
    victims = persons.filter(
        (persons.role == "victim") & (persons.when_reported == CHILD_WHEN_REPORTED) & ~persons.person_id.isnull()
    ).select("force_code", "crime_ref", "involvement_ref", "person_id")
    rows = victims.join(flagged_crimes.select("force_code", "crime_ref", "recorded_day"), ["force_code", "crime_ref"])
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    return _entry_rows(rows, "police_crimes", rows.crime_ref, rows.recorded_day)


def _missing_episode_entries(tables: Tables, persons: ibis.Table) -> ibis.Table:
    """Return missing children whose episode or own record has an exploitation flag, set then or later."""
    flags = tables["flags"].filter(tables["flags"].flag.isin(EXPLOITATION_FLAGS))
    episodes = flags.filter(~flags.missing_ref.isnull()).select("force_code", "missing_ref").distinct()
    children = flags.filter(~flags.person_ref.isnull()).select(*PERSON_REF_KEY).distinct()
    flagged_episodes = left_join(tables["missing"], episodes.mutate(by_episode=True), ["force_code", "missing_ref"])
    flagged_episodes = left_join(flagged_episodes, children.mutate(by_child=True), PERSON_REF_KEY)
    marked = flagged_episodes.filter(
        flagged_episodes.by_episode.fill_null(False) | flagged_episodes.by_child.fill_null(False)
    )
    subjects = persons.filter(~persons.missing_ref.isnull() & ~persons.person_id.isnull())
    subjects = subjects.select("force_code", "missing_ref", "involvement_ref", "person_id")
    rows = marked.select("force_code", "missing_ref", "started_at_day").join(subjects, ["force_code", "missing_ref"])
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    return _entry_rows(rows, "police_missing", rows.missing_ref, rows.started_at_day)


def _register_entries(tables: Tables, persons: ibis.Table) -> list[ibis.Table]:
    """Return children on lists that the force sends, by the force's own number; local authority lists are separate."""
    entries_with_person = persons.filter(~persons.person_ref.isnull() & ~persons.person_id.isnull())
    first_entries = entries_with_person.group_by(PERSON_REF_KEY).aggregate(
        involvement_ref=entries_with_person.involvement_ref.min(), person_id=entries_with_person.person_id.min()
    )
    rows = tables["registers"].join(first_entries, PERSON_REF_KEY)
    rows = rows.mutate(entry=rows.force_code + " " + rows.involvement_ref)
    police_rows = rows.filter(rows.register_kind.isin(POLICE_REGISTERS))
    authority_rows = rows.filter(rows.register_kind == "local_authority")
    return [
        _entry_rows(police_rows, "police_register", police_rows.register_ref, police_rows.started_on_day),
        _entry_rows(authority_rows, "local_authority", authority_rows.register_ref, authority_rows.started_on_day),
    ]


def _partner_list_entries(tables: Tables) -> ibis.Table:
    """Return children on partners' lists, except lists of all kinds of abuse, which cover another population."""
    key = ["force_code", "entry_ref"]
    rows = tables["agencies"].filter(tables["agencies"].concern.fill_null("exploitation_any").isin(CONCERNS))
    rows = rows.join(tables[LIST_PEOPLE].select(*key, "person_id"), key)
    rows = rows.mutate(entry=ibis.literal("list ") + rows.force_code + " " + rows.entry_ref)
    return _entry_rows(rows, rows.list_kind, rows.entry_ref, rows.started_on_day)


def _period_year(day: ibis.Value, first_day: ibis.Value) -> ibis.Value:
    """Return 1 for the first year of the period, 2 for the second, and so on."""
    return ((_date_number(day) - _date_number(first_day)) // 10_000 + 1).cast("int64")


def _date_number(day: ibis.Value) -> ibis.Value:
    """Return a date as the number 20260401, so that whole years differ by multiples of 10,000."""
    return (day.year() * 10_000 + day.month() * 100 + day.day()).cast("int64")
