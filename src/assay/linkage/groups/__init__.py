"""Groups of persons connected by crimes, victims and shared identifiers.

`involvement_ties`: who took part in which crime, and what persons and crimes share. `hubs`: what so many share that it
ties nobody. `finding`: the groups. What a group is by which definition is not decided here: that is a condition over
the facts of `records`.
"""

from assay.linkage.groups.group_detection import OUTPUT_TABLES, count_ignored_ties, detect_groups
from assay.linkage.groups.shared_involvements import involvement_ties

INPUT_TABLES = ("involvements", "crimes", "links")
"""The tables of a return that are read here, beside what the room `persons` left."""

__all__ = ["INPUT_TABLES", "OUTPUT_TABLES", "count_ignored_ties", "detect_groups", "involvement_ties"]
