"""Case-file audits: draw samples of files, assign them to raters, accept ratings, and estimate from them.

Records show that something happened, and when; only a person who reads the file can say whether it was done well. A
sample with known inclusion probabilities allows estimates for all files from the few that are read.

    sample_designs, sampling_frames       the design of a sample, and the records from which files are drawn
    inclusion_probabilities               the random number of a record, and inclusion probabilities by size
    sample_drawing, file_sampling         draw files and their reserve, and store them with their provenance
    fieldwork_plan, registered_documents  interviews and observations that are planned, and documents of a register
    file_assignment, file_allocation      assign files to raters, not of their own force, a share twice and blind
    case_assembly, link_paths             which records belong to a person's file, in every force
    case_timeline, file_parties           what happened in a file, step by step, and the people on its crimes
    file_texts, text_entries              texts without the names of the case's people
    rating_sheets, rating_sheet_reader    the workbook of a rater; xlsform and tablet_exports, the same on tablets
    rating_validation, rating_intake      validate the answers that come back, and store them as ratings
    ratings                               ratings in a hash chain
    sample_results, ratio_estimates       estimates for all records; scored_estimates, for a sample drawn by score
    fieldwork_counts                      counts of answers from fieldwork and documents
    rater_agreement, auditor_comparison   agreement between raters, and of forces' own auditors with inspectors
    field_notes, refi                     exchange of notes with coding tools
    sample_page                           the page of a sample (with result_tables and agreement_tables)
"""
