"""Groups of persons connected by crimes, victims and shared identifiers.

`shared_involvements` builds the ties (a person in a crime, a person or crime and a shared identifier),
`high_degree_nodes` limits how many may share a node, and `group_detection` finds the groups. Definitions of a group
(such as an organised crime group) are conditions on derived facts, not part of this package.
"""

from assay.linkage.groups.group_detection import OUTPUT_TABLES, count_ignored_ties, detect_groups
from assay.linkage.groups.shared_involvements import involvement_ties

INPUT_TABLES = ("involvements", "crimes", "links")
"""Tables of a return that group detection reads, beside the output of record linkage."""

__all__ = ["INPUT_TABLES", "OUTPUT_TABLES", "count_ignored_ties", "detect_groups", "involvement_ties"]
