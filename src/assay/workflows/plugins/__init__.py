"""Add tables, indicators, definitions or installed code from outside the program.

`form`    one TOML file a plug-in: read, and refused with every reason at once
`rooms`   a room is code: a function that an installed package offers under the entry point group `assay.rooms`
`asked`   what the records of an inspection answer to it

What a plug-in finds stays inside: it is never graded, compared or released, since nobody declared how its counts may
leave. It is asked last, after the report, so that no figure of ours rests on it.
"""

from assay.workflows.plugins.plugin_answers import evaluate_plugin
from assay.workflows.plugins.plugin_file import Definition, Extension, Plugin, check_against, read_plugin
from assay.workflows.plugins.plugin_packages import ENTRY_POINT_GROUP, InstalledExtension, find_extension

__all__ = [
    "ENTRY_POINT_GROUP",
    "Definition",
    "Extension",
    "InstalledExtension",
    "Plugin",
    "check_against",
    "evaluate_plugin",
    "find_extension",
    "read_plugin",
]  # fmt: skip
