"""run.py: what it checks, what it says, and that no half installation is taken for a whole one."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "run.py"
LOCK = ROOT / "requirements.lock"


@pytest.fixture(scope="module")
def script():
    """run.py as a module; its main() doesn't run."""
    spec = importlib.util.spec_from_file_location("counter_app_run_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["4.5.4"]}


def _answer(*packages):
    return json.dumps({"dependencies": packages, "fixes": []})


CLEAN = {"name": "segno", "version": "1.6.6", "vulns": []}
HOLED = {"name": "peewee", "version": "4.5.3", "vulns": [HOLE]}
UNKNOWN = {"name": "reportlab", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("answer", "told", "holds_strictly"),
    [
        (_answer(CLEAN, UNKNOWN), "1 thư viện", True),
        (_answer(CLEAN, HOLED), "peewee 4.5.3: PYSEC-2026-1, mended in 4.5.4", False),
        (_answer(UNKNOWN), "Không tới được", False),
        ("Traceback", "Không tới được", False),
        (None, "Không tới được", False),
    ],
)
def test_known_holes_are_told_and_fail_only_where_that_is_asked(  # noqa: PLR0917 - fixtures and cases
    script, root, monkeypatch, capfd, answer, told, holds_strictly
):
    def run(command, **_):
        assert str(root / "requirements.lock") in command
        if answer is None:
            raise subprocess.TimeoutExpired(command, 90)
        return subprocess.CompletedProcess(command, 1, answer.encode(), b"")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.delenv("COUNTER_APP_AUDIT", raising=False)
    assert script.audit(root)
    assert told in capfd.readouterr().err
    monkeypatch.setenv("COUNTER_APP_AUDIT", "strict")
    assert script.audit(root) is holds_strictly


@pytest.fixture
def root(tmp_path):
    """A folder with a lock file, as a fresh copy of the program has it."""
    (tmp_path / "requirements.lock").write_text("peewee==4.5.3\n", "utf-8")
    return tmp_path


class FakeInstaller:
    """Stands in for uv and pip: makes what they would make, or fails while it installs."""

    def __init__(self, script, root, fail_with=None):
        self.script = script
        self.root = root
        self.fail_with = fail_with
        self.commands = []

    def __call__(self, command):
        self.commands.append(command)
        if "venv" in command:
            for folder in ("bin", "lib/python3.11/site-packages"):
                (self.root / ".venv" / folder).mkdir(parents=True)
            (self.root / ".venv/bin/python").touch()
        elif self.fail_with:
            return self.script.Result(1, self.fail_with)
        return self.script.Result(0, "")


class Answers:
    """Stands in for programs: each command is answered by what its first words are keyed with."""

    def __init__(self, script, answers):
        self.script = script
        self.answers = answers
        self.commands = []

    def __call__(self, command):
        line = " ".join(command)
        self.commands.append(line)
        code, output = next((a for key, a in self.answers.items() if line.startswith(key)), (0, ""))
        return self.script.Result(code, output)


@pytest.fixture
def installer(script, root):
    """Make an installer that works, or one that fails with these words."""

    def make(fail_with=None):
        return FakeInstaller(script, root, fail_with)

    return make


# The stamp


def test_a_finished_installation_is_not_done_again(script, root, installer):
    script.install(root, run=installer(), uv=None)
    assert script.is_installed(root)
    second = installer()
    script.install(root, run=second, uv=None)
    assert second.commands == []


def test_the_packages_are_installed_hash_by_hash_from_the_lock(script, root, installer):
    for uv in (None, "/usr/bin/uv"):
        run = installer()
        (root / "requirements.lock").write_text(f"# for {uv}\n", "utf-8")
        script.install(root, run=run, uv=uv)
        last = run.commands[-1]
        assert {"--require-hashes", "--no-deps"} <= set(last)
        assert str(root / "requirements.lock") in last


def test_an_interrupted_installation_is_done_anew(script, root, installer):
    def cut_off(command):
        if "pip" in command:
            raise KeyboardInterrupt
        return installer()(command)

    with pytest.raises(KeyboardInterrupt):
        script.install(root, run=cut_off, uv=None)
    assert script.python_of(root).exists()
    assert not script.is_installed(root)

    (root / ".venv/half").touch()
    script.install(root, run=installer(), uv=None)
    assert script.is_installed(root)
    assert not (root / ".venv/half").exists()


def test_a_removal_cut_short_leaves_no_stamp(script, root, installer, monkeypatch):
    script.install(root, run=installer(), uv=None)
    (root / "requirements.lock").write_text("peewee==4.6.0\n", "utf-8")

    def cut_off(path):
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.rmtree", cut_off)
    with pytest.raises(KeyboardInterrupt):
        script.install(root, run=installer(), uv=None)
    (root / "requirements.lock").write_text("peewee==4.5.3\n", "utf-8")
    assert not script.is_installed(root)


def test_a_failed_installation_is_told_in_one_line_and_leaves_no_stamp(script, root, installer):
    with pytest.raises(script.Refusal, match="không kết nối được mạng") as refusal:
        script.install(root, run=installer("ERROR: Name or service not known"), uv=None)
    assert "\n" not in str(refusal.value)
    assert not script.is_installed(root)


@pytest.mark.parametrize("change", ["lock", "python", "interpreter gone"])
def test_another_lock_or_another_python_means_a_new_installation(
    script, root, installer, monkeypatch, change
):
    script.install(root, run=installer(), uv=None)
    if change == "lock":
        (root / "requirements.lock").write_text("peewee==4.5.4\n", "utf-8")
    elif change == "python":
        monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    else:
        script.python_of(root).unlink()
    assert not script.is_installed(root)


def test_a_folder_made_by_hand_is_replaced(script, root, installer):
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").touch()
    (root / ".venv/by-hand").touch()
    assert not script.is_installed(root)
    script.install(root, run=installer(), uv=None)
    assert not (root / ".venv/by-hand").exists()


def test_the_installation_finds_the_package_by_a_path_that_survives_a_move(script, root, installer):
    script.install(root, run=installer(), uv=None)
    [link] = root.glob(".venv/lib/*/site-packages/counter_app.pth")
    line = Path(link.read_text("utf-8").strip())
    assert not line.is_absolute()
    assert (link.parent / line).resolve() == root.resolve()


def test_a_missing_lock_file_is_told(script, root, installer):
    (root / "requirements.lock").unlink()
    with pytest.raises(script.Refusal, match=r"Không đọc được .*requirements\.lock"):
        script.install(root, run=installer(), uv=None)


def test_a_folder_that_refuses_writing_is_told(script, root, installer):
    def refuse(command):
        raise PermissionError(13, "Permission denied", str(root))

    with pytest.raises(script.Refusal, match="không có quyền ghi"):
        script.install(root, run=refuse, uv=None)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("error: failed to write\n  No space left on device (os error 28)", "đĩa đã đầy"),
        ("WARNING: Retrying (NewConnectionError: Temporary failure in name resolution)", "mạng"),
        ("error: Failed to fetch\n  Caused by: dns error", "mạng"),
        ("a\nERROR: hashes don't match\n\n", "ERROR: hashes don't match"),
        ("", "không rõ vì sao"),
    ],
)
def test_the_reason_of_a_failure_is_put_into_one_line(script, output, told):
    line = script.explain("Không cài được", output)
    assert told in line
    assert "\n" not in line


# Libraries of the system


def missing_once(lacking):
    """Tell what is missing the first time, and nothing after that."""
    answers = iter([lacking, {}])
    return lambda: next(answers)


def test_nothing_missing_runs_no_program(script):
    run = Answers(script, {})
    script.ensure_packages(dict, run=run, is_root=True, has_apt=True)
    assert run.commands == []


def test_a_person_who_is_not_root_gets_the_exact_line(script):
    run = Answers(script, {})
    lacking = {"libGL.so.1": "libgl1", "libX11.so.6": "libx11-6"}
    with pytest.raises(script.Refusal) as refusal:
        script.ensure_packages(lambda: lacking, run=run, is_root=False, has_apt=True)
    line = str(refusal.value).splitlines()[-1]
    assert line.endswith("sudo apt-get install -y --no-install-recommends libgl1 libx11-6")
    assert all(command.startswith("apt-cache") for command in run.commands)


def test_root_updates_and_then_installs(script):
    run = Answers(script, {})
    missing = missing_once({"libGL.so.1": "libgl1", "libGLX.so.0": "libgl1"})
    script.ensure_packages(missing, run=run, is_root=True, has_apt=True)
    assert run.commands[0] == "apt-get update"
    assert run.commands[-1] == "apt-get install -y --no-install-recommends libgl1"


def test_the_name_that_this_release_knows_is_taken(script):
    policy = (
        "libcups2:\n  Installed: (none)\n  Candidate: (none)\n"
        "libcups2t64:\n  Installed: (none)\n  Candidate: 2.4.10-3\n"
    )
    run = Answers(script, {"apt-cache policy": (0, policy)})
    wanted = ["libcups2 libcups2t64", "libgl1", "libglib2.0-0 libglib2.0-0t64"]
    assert script.known_names(wanted, run) == ["libcups2t64", "libgl1", "libglib2.0-0"]


def test_apt_without_a_network_is_told(script):
    run = Answers(
        script,
        {
            "apt-get update": (0, "W: Failed to fetch x  Temporary failure resolving 'x'"),
            "apt-get install": (100, "E: Unable to locate package libgl1"),
        },
    )
    with pytest.raises(script.Refusal, match="không kết nối được mạng"):
        script.ensure_packages(
            lambda: {"libGL.so.1": "libgl1"}, run=run, is_root=True, has_apt=True
        )


def test_what_apt_could_not_mend_is_named(script):
    with pytest.raises(script.Refusal, match=r"vẫn thiếu libGL\.so\.1"):
        script.ensure_packages(
            lambda: {"libGL.so.1": "libgl1"}, run=Answers(script, {}), is_root=True, has_apt=True
        )


def test_a_system_without_apt_hears_the_names_of_the_libraries(script):
    with pytest.raises(script.Refusal, match=r"libGL\.so\.1"):
        script.ensure_packages(
            lambda: {"libGL.so.1": "libgl1"}, run=Answers(script, {}), is_root=True, has_apt=False
        )


def test_each_command_asks_only_for_the_libraries_it_loads(script):
    def sonames(command, env, system="linux"):
        return set(script.libraries_for(command, env, system))

    assert sonames("--", {"DISPLAY": ":0"}) == set()
    assert sonames("window", {"DISPLAY": ":0"}, "win32") == set()
    assert sonames("test", {"DISPLAY": ":0"}) == set(script.OFFSCREEN)
    assert sonames("test", {"COUNTER_APP_XVFB": "1"}) >= set(script.X11)
    assert sonames("window", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}) >= set(script.X11)
    assert sonames("window", {"WAYLAND_DISPLAY": "w"}) >= set(script.WAYLAND)
    assert not sonames("window", {"WAYLAND_DISPLAY": "w"}) & set(script.X11)
    assert not sonames("window", {"QT_QPA_PLATFORM": "offscreen"}) & set(script.X11)


def test_a_library_that_does_not_exist_does_not_load(script):
    assert not script.loads("libcounter-app-knows-no-such-thing.so.1")


# What a person is told


def run_script(*arguments, **env):
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "SYSTEMROOT"}}
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        env={**kept, "PYTHONIOENCODING": "utf-8", **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_one_line_names_the_verbs():
    done = run_script()
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "python3 run.py -- --help" in done.stderr


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_display_lets_the_window_open(script, screen):
    assert script.without_display({screen: "x"}, "linux") == ""
    assert script.without_display({}, "win32") == ""


@pytest.mark.parametrize("arguments", [["receive"], ["window"], ["--nonsense"]])
def test_an_unknown_command_shows_how_to_call_it(arguments):
    done = run_script(*arguments)
    assert done.returncode == 2
    assert "run.py test" in done.stderr


@pytest.mark.parametrize(
    ("version", "fit"),
    [((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False), ((2, 7), False)],
)
def test_a_python_that_cannot_run_it_is_named_in_one_line(script, version, fit):
    line = script.unfit_python(version)
    assert (line == "") == fit
    assert "\n" not in line
    assert fit or "{}.{}".format(*version) in line


def test_an_old_python_can_read_the_file_as_far_as_the_refusal():
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))


def test_a_terminal_without_vietnamese_letters_still_hears_something():
    done = run_script("--nonsense", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    if sys.platform == "linux":
        assert "run.py -- --help" in run_script(PYTHONIOENCODING="ascii").stderr


# The lock


def locked():
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE))


def test_the_lock_holds_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(line for group in project["project"]["optional-dependencies"].values() for line in group),
        *(line for group in project["dependency-groups"].values() for line in group),
    ]
    versions = locked()
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_nothing_that_a_locked_package_needs_is_missing_from_the_lock():
    """It is installed as it stands: an installer that looks for more would be told so in vain."""
    versions = locked()
    for name in versions:
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # locked for another system
            continue
        for requirement in map(Requirement, needed):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                version = versions[canonicalize_name(requirement.name)]
                assert requirement.specifier.contains(version), (name, str(requirement))


def test_every_locked_package_has_hashes_and_no_address_stands_in_the_lock():
    text = LOCK.read_text("utf-8")
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE):
        assert entry.startswith("#") or not entry.strip() or "--hash=sha256:" in entry
    assert "://" not in text
    assert "index" not in text


def test_the_script_takes_the_same_pythons_as_the_project(script):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest, newest = (".".join(map(str, v)) for v in (script.OLDEST, script.TOO_NEW))
    assert project["requires-python"] == f">={oldest},<{newest}"
