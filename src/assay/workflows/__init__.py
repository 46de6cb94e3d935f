"""The steps of an inspection, one subpackage each: request, receive, run, judge, release, retire and further ones."""
