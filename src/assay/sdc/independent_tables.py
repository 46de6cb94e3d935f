"""Divide tables into groups that no relation links, so that disclosure control can treat each group separately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.sdc.additivity_constraints import PLACE, rules
from assay.sdc.release_tables import Table


def independent_tables(forms: Mapping[str, Table]) -> list[dict[str, Table]]:
    """Return the declared tables in groups; what is suppressed in one group does not depend on another group.

    Tables are linked if one names the other (its counts add up to it, or it has the respondents or the base of the
    other), if a declared constraint contains counts of both, or if both count in several places: then their counts are
    compared (`duplicate_cells`).
    """
    groups: list[set[str]] = []
    for linked in _links(forms):
        touched = [group for group in groups if not group.isdisjoint(linked)]
        groups = [group for group in groups if group.isdisjoint(linked)] + [linked.union(*touched)]
    found = ({name: form for name, form in forms.items() if name in group} for group in groups)
    return [group_forms for group_forms in found if group_forms]


def _links(forms: Mapping[str, Table]) -> Iterator[set[str]]:
    """Yield sets of linked tables, one at least for each of `forms`.

    They may name other tables: two counts are equal also if both are equal to a count of a table that is not there.
    """
    yield {name for name, form in forms.items() if PLACE in form.key and PLACE not in form.total_only}
    for rule in rules():
        yield {figure.table for figure in rule.figures}
    for name, form in forms.items():
        yield {name, *(target.partition(".")[0] for target in form.adds_up_to.values())}
        yield {name, form.respondents_column.partition(".")[0] if "." in form.respondents_column else name}
        yield {name, form.curve_source.get("table", name), *(column.counts_table or name for column in form.columns)}
