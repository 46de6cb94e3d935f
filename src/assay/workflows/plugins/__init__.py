"""Add tables, indicators, definitions or installed code from outside the program.

    `plugin_file`       one TOML file for each plug-in, refused with every reason at once
    `plugin_packages`   extensions: functions that an installed package offers under the entry point group `assay.rooms`
    `plugin_answers`    evaluates the indicators of a plug-in on the records of an inspection

The results of a plug-in stay inside. They are never graded, compared or released, because nobody declared how its
counts may be released. Plug-ins are evaluated last, after the report, so that no figure of assay rests on them.
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
