"""Who belongs together: which persons are tied to one another by crimes, victims and things that they share?

`ties`: who took part in which crime, and what persons and crimes share. `hubs`: what so many share that it ties nobody.
`finding`: the groups. What a group is by which definition is not decided here: that is a condition over the facts of
`records`.
"""

from assay.linkage.groups.group_detection import LEFT, find, ties_of_hubs
from assay.linkage.groups.shared_involvements import ties

READ = ("involvements", "crimes", "links")
"""The tables of a return that are read here, beside what the room `persons` left."""

__all__ = ["LEFT", "READ", "find", "ties", "ties_of_hubs"]
