"""How the tables of the workbench came to be as they are; Django reads this."""
