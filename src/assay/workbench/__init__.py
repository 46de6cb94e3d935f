"""The workbench: web pages on which inspectors rate files, analysts trace figures to files, and forces answer.

It uses the code of `casefiles` to sample, assign and seal files, so a rating made here is the same as one on a sheet.
Work in progress is in a folder beside the inspection (`<inspection>-workbench`). Sealed ratings go into the inspection,
with the audit log of who saw and did what.

    `workbench_folder`, `settings`            folder and settings of a workbench, and the same for Django
    `django_setup`, `web_server`              Django for one workbench, and the server
    `demo_workbench`                          a synthetic inspection to try
    `models`, `audit_log`, `workbench_verification`    tables, hash chain of events, and checks of both
    `accounts`, `sign_in`                     accounts with a second factor, sign-in, and its load limit
    `request_gate`, `page_permissions`        checks of every request, and which role may open which page
    `content_access`                          declared content of pages, logging and daily limits
    `sample_opening`, `reading_limit`         bringing in a sample, and limits on hard reading
    `rating_pages`, `answer_saving`           the inspector's pages, and saving of answers
    `file_reassignment`, `adjudication`       open files of a leaver, and files on which two inspectors differ
    `rating_handover`                         finished readings become ratings of the inspection
    `analyst_pages`                           progress, agreement and results; from a figure to its files and sources
    `label_rounds`, `label_pages`             texts that analysts label
    `record_pairs`, `pair_pages`              clerical review of record pairs
    `panel_proposals`, `panel_pages`, `panel_minutes`    proposals, decisions and minutes of the panel
    `watch_list_page`                         forces to look at first for each failing
    `force_account_pages`                     letters to a force and its answers to the points about it
"""
