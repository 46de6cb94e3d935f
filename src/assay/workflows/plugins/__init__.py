"""What did somebody outside the program add: a table that is sent, an indicator, a definition, a room of enquiry?

`form`    one TOML file a plug-in: read, and refused with every reason at once
`rooms`   a room is code: a function that an installed package offers under the entry point group `assay.rooms`
`asked`   what the records of an inspection answer to it

What a plug-in finds stays inside: it is never graded, compared or released, since nobody declared how its counts may
leave. It is asked last, after the report, so that no figure of ours rests on it.
"""

from assay.workflows.plugins.plugin_answers import answered
from assay.workflows.plugins.plugin_file import Definition, Plugin, Room, check_against, read_plugin
from assay.workflows.plugins.plugin_packages import ROOMS_OF_OTHERS, Offered, offered

__all__ = [
    "ROOMS_OF_OTHERS", "Definition", "Offered", "Plugin", "Room", "answered", "check_against", "offered", "read_plugin",
]  # fmt: skip
