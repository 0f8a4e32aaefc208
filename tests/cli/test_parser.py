"""Reading a command line: only what is named is built, and nothing reads differently for it."""

from __future__ import annotations

import pytest

from counter_app.cli import VERBS
from counter_app.cli.parser import Verb, parse
from counter_app.errors import InputError


def _verb(name, built):
    def arguments(parser):
        built.append(name)
        parser.add_argument("--name")
        parser.add_argument("words", nargs="*")

    return Verb(name, name, arguments, lambda _desk, _options: None)


@pytest.mark.parametrize(
    ("line", "built"),
    [
        ("show a", ["show"]),
        ("--data list show --name b", ["list", "show"]),
        ("show list", ["list", "show"]),
        ("--help", ["list", "show", "undo"]),
        ("nothing", ["list", "show", "undo"]),
    ],
)
def test_only_the_verbs_that_are_named_are_built(line, built, capsys):
    asked = []
    verbs = [_verb(name, asked) for name in ("list", "show", "undo")]
    try:
        options = parse(verbs, line.split())
    except (SystemExit, InputError):
        assert line in {"--help", "nothing"}
    else:
        assert options.verb.name == "show"
    assert asked == built


def test_help_names_every_verb_also_where_one_follows(capsys):
    for line in (["--help"], ["--help", "list"]):
        with pytest.raises(SystemExit):
            parse(VERBS, line)
        out = capsys.readouterr().out
        assert [verb.name for verb in VERBS if f"    {verb.name}" not in out] == []


def test_an_unknown_verb_is_named_also_where_another_follows():
    with pytest.raises(InputError, match="Không có lệnh “tiep-nhan”"):
        parse(VERBS, ["tiep-nhan", "list"])
