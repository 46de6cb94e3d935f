"""The steps of an inspection, one folder each: receive, run, judge, release, retire and others."""
