"""Exchange of coded notes with coding tools (REFI-QDA 1.5, .qdpx).

    coding_project   a project: codes, sources, and codings of stretches of text
    qdpx_writer      write a project to a file
    qdpx_reader      read a project from a file safely; errors give the place in the file

The standard: REFI-QDA, Exchange of processed data between qualitative data analysis software packages, 1.5 (2019).
"""

from assay.casefiles.refi_qda.coding_project import Code, Coding, Project, Source
from assay.casefiles.refi_qda.qdpx_reader import Ends, ImportedProject, read_project
from assay.casefiles.refi_qda.qdpx_writer import write_project

__all__ = ["Code", "Coding", "Ends", "ImportedProject", "Project", "Source", "read_project", "write_project"]
