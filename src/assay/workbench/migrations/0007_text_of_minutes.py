"""Rename the column with the text of an entry of the minutes; no row changes, and the triggers stay."""

from django.db import migrations


class Migration(migrations.Migration):
    """The migration that renames the column `said` of the minutes to `text`."""

    dependencies = [("workbench", "0006_pairs_a_day")]
    operations = [migrations.RenameField("minute", "said", "text")]
