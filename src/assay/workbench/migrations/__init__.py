"""The migrations of the workbench tables, read by Django."""
