"""Does the help show every command in one group, and does `assay` alone say where to begin?"""

from collections import Counter
from itertools import chain

import pytest

from assay.cli import app, main
from assay.cli.command_groups import COMMAND_GROUPS, command_name

pytestmark = pytest.mark.quick


def test_every_command_stands_in_exactly_one_group():
    grouped = Counter(chain.from_iterable(COMMAND_GROUPS.values()))
    commands = [command_name(command) for command in [*app.registered_commands, *app.registered_groups]]
    assert grouped == Counter(commands)


def test_the_help_has_a_panel_for_every_group_in_their_order(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    output = capsys.readouterr().out
    places = [output.index(group) for group in COMMAND_GROUPS]
    assert places == sorted(places)


def test_assay_alone_shows_five_commands_by_user(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    output = capsys.readouterr().out
    assert ended.value.code == 0
    assert sum(f" assay {name}" in output for name in ("published", "claim", "prepare", "demo", "workbench")) == 5
