"""Exchange of coded notes with coding tools (REFI-QDA 1.5, .qdpx).

`project`    what a project is: codes, sources, and which stretch of a source bears which code, by whom
`write_lines`    a project as a file
`reading`    a file as a project: read safely, what cannot be used told by its place

The standard: REFI-QDA, Exchange of processed data between qualitative data analysis software packages, 1.5 (2019).
"""

from assay.casefiles.refi.coding_project import Code, Coding, Project, Source
from assay.casefiles.refi.qdpx_reader import Ends, ImportedProject, read_project
from assay.casefiles.refi.qdpx_writer import write_project

__all__ = ["Code", "Coding", "Ends", "ImportedProject", "Project", "Source", "read_project", "write_project"]
