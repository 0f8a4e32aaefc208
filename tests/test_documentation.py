"""What people read is kept true: verbs, links, the picture of the house, quoted words, keys."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from pathlib import Path

import pytest

from counter_app.cli import VERBS
from counter_app.domain.dossier import Move
from counter_app.ui.desk_pages import page_specs

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
GUIDE = (ROOT / "resources" / "guide" / "huong-dan.md").read_text("utf-8")
PICTURES = ROOT / "resources" / "pictures"
DOCUMENTS = [
    "README.md",
    "CHANGELOG.md",
    "build_spec/README.md",
    "resources/guide/huong-dan.md",
    "resources/catalogue/README.md",
    "resources/demo/README.md",
]
MOST_BYTES = 200_000
PNG = b"\x89PNG\r\n\x1a\n"


def section(text: str, name: str) -> str:
    """Return what stands between the two marks of a name."""
    return text.split(f"<!-- {name}:start -->\n")[1].split(f"<!-- {name}:end -->", maxsplit=1)[0]


def links(text: str) -> list[str]:
    """Return the targets of links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", text)


# ------------------------------------------------------------------------------------------- verbs


def test_the_readme_names_every_verb_and_no_other():
    first_cells = [line.split("|")[1] for line in section(README, "verbs").splitlines()[2:]]
    told = [verb for cell in first_cells for verb in re.findall(r"`([a-z-]+)`", cell)]
    assert sorted(told) == sorted(verb.name for verb in VERBS)


def test_every_command_that_is_shown_runs_a_verb_that_exists():
    known = {verb.name for verb in VERBS}
    for text in (README, GUIDE):
        shown = re.findall(r"run\.py -- ([a-z][a-z-]*)", text)
        assert shown
        assert set(shown) <= known


# ------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file_of_this_repository(name):
    path = ROOT / name
    for target in links(path.read_text("utf-8")):
        assert not re.match(r"[a-z]+:|/|\.\./\.\.", target), f"{target} leads outside"
        assert (path.parent / target.split("#")[0]).exists(), f"{target} is missing"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_address_of_another_place_is_written(name):
    assert "://" not in (ROOT / name).read_text("utf-8").replace("postgresql://", "")


# ---------------------------------------------------------------------------------------- pictures


def test_every_picture_is_shown_and_every_shown_one_is_made_by_the_script():
    made = set(pictures_of_the_script())
    shown = {Path(target).stem for target in links(README) if target.endswith(".png")}
    there = {path.stem for path in PICTURES.glob("*")}
    assert there == shown == made


def pictures_of_the_script() -> list[str]:
    """Return the names in the script's table, without running Qt."""
    tree = ast.parse((ROOT / "build_spec" / "make_pictures.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "PAINTERS":
            assert isinstance(node.value, ast.Dict)
            return [ast.literal_eval(key) for key in node.value.keys if key is not None]
    raise AssertionError("the script has no PAINTERS")


def test_pictures_are_small_pngs():
    for path in PICTURES.glob("*.png"):
        data = path.read_bytes()
        assert data.startswith(PNG), path.name
        assert len(data) < MOST_BYTES, path.name


# ------------------------------------------------------------------------- the picture of the house


def told_tree() -> dict[str, set[str]]:
    """Return the README's tree: folder to the names told in it ('' is the top)."""
    found: dict[str, set[str]] = {"": set()}
    folder = ""
    for line in section(README, "tree").splitlines():
        indent = len(line) - len(line.lstrip())
        name = line.split()[0]
        if indent == 4:
            found[""].add(name)
            folder = name.rstrip("/")
            found[folder] = set()
        else:
            found[folder].add(name)
    return found


def real_names(folder: str) -> set[str]:
    """Return packages with a slash and modules; what Python and tools leave behind is no part."""
    found = set()
    for path in (ROOT / folder).iterdir():
        if path.name.startswith((".", "__pycache__")) or path.name == "__init__.py":
            continue
        if path.is_dir():
            if any(part.suffix != ".pyc" for part in path.rglob("*") if part.is_file()):
                found.add(f"{path.name}/")
        elif path.suffix == ".py":
            found.add(path.name)
    return found


def test_the_picture_of_the_house_shows_every_room_and_no_other():
    tree = told_tree()
    built = {"dist/", "build/"}
    assert tree[""] == real_names("") - built
    assert tree["counter_app"] == real_names("counter_app")
    assert tree["resources"] == real_names("resources")


# ----------------------------------------------------------------------- the clerks' guide and keys


def texts_of_the_program() -> str:
    """Return every text in the program's modules, one after the other."""
    found = []
    for path in (ROOT / "counter_app").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        found += [value for value in values if isinstance(value, str)]
    return "\n".join(found)


def test_what_the_guide_quotes_stands_in_the_program():
    texts = texts_of_the_program().lower()
    quoted = re.findall(r"“([^”]+)”", " ".join(GUIDE.split()))
    parts = [part.strip() for words in quoted for part in words.split("…") if part.strip()]
    assert len(parts) > 20
    assert [part for part in parts if part.lower() not in texts] == []


def test_every_key_in_the_guide_is_bound_by_the_window():
    bound = texts_of_the_program()
    # A page's number is put behind Ctrl+, the arrow is Qt's.
    numbered = {f"Ctrl+{spec.number}" for spec in page_specs(make=str)} | {"Alt+←"}
    keys = set(re.findall(r"Ctrl\+(?:Enter|PgDown|PgUp|[A-Z0-9])\b|\bF[1-9]\b|Alt\+←", GUIDE))
    assert len(keys) > 20
    assert [key for key in keys - numbered if f"{key}" not in bound] == []


# ---------------------------------------------------------------------------- changelog and benches


def test_the_changelog_tells_of_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    headings = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", CHANGELOG, re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == project["version"]
    assert all(day for _, day in headings[1:])


def test_the_readme_shows_the_lines_of_the_bench_that_have_a_goal():
    script = runpy.run_path(str(ROOT / "build_spec" / "refresh_readme.py"))
    table = "| a | goal | |\n|---|---|---|\n| kept | ≤ 1 | |\n| left out | | |"
    shown = script["results"](f"# Title\n\nOn a PC.\n\n{table}\n")
    assert shown == "On a PC.\n\n| a | goal | |\n|---|---|---|\n| kept | ≤ 1 | |"


def test_the_table_of_moves_is_the_codes_own():
    script = runpy.run_path(str(ROOT / "build_spec" / "refresh_readme.py"))
    assert section(README, "moves") == script["moves"]() + "\n"
    told = re.findall(r"\| `([a-z-]+)` \|", section(README, "moves"))
    assert set(told) == {move.value for move in Move}


def test_the_benchs_results_are_copied_between_the_marks():
    script = runpy.run_path(str(ROOT / "build_spec" / "refresh_readme.py"))
    once = script["refreshed"](README, "| a | b |")
    assert section(once, "bench") == "| a | b |\n"
    assert script["refreshed"](once, section(README, "bench").strip()) == README
