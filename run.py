#!/usr/bin/env python3
"""Set Counter App up beside this file and start it; needs only Python's standard library.

python3 run.py                  open the window
python3 run.py -- VERB ...      run a verb; `python3 run.py -- --help` lists them
python3 run.py test             lint, types and all tests
python3 run.py test ARGS        pytest alone, with these arguments

The first start makes .venv and installs requirements.lock into it; later ones only look at a stamp.
"""

import os
import sys

OLDEST, TOO_NEW = (3, 11), (3, 15)


def unfit_python(version: "tuple[int, int]") -> str:
    """Say in one line why this Python can't run the program, or nothing."""
    if OLDEST <= version < TOO_NEW:
        return ""
    return (
        f"Counter App cần Python 3.11 đến 3.14, máy đang chạy Python {version[0]}.{version[1]};"
        " hãy cài bản mới rồi chạy lại. (Needs Python 3.11 to 3.14.)"
    )


def say(text: object) -> None:
    """Tell the person at the terminal; standard output belongs to the verbs."""
    try:
        print(text, file=sys.stderr, flush=True)
    except UnicodeEncodeError:  # a terminal that knows no Vietnamese
        print(ascii(str(text)), file=sys.stderr, flush=True)


if unfit_python(sys.version_info[:2]):  # before anything below, which an old Python can't run
    say(unfit_python(sys.version_info[:2]))
    sys.exit(2)

from collections.abc import Callable, Iterable, Iterator, Mapping  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import NamedTuple  # noqa: E402

ROOT = Path(__file__).resolve().parent

# What Qt loads, and the Debian packages that hold it: today's name, then the one since 2024.
# fmt: off
OFFSCREEN = {
    "libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libX11.so.6": "libx11-6",
    "libglib-2.0.so.0": "libglib2.0-0 libglib2.0-0t64", "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0", "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6", "libz.so.1": "zlib1g", "libzstd.so.1": "libzstd1",
}
PRINTERS = {"libcups.so.2": "libcups2 libcups2t64"}
X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0", "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1", "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1", "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0",
}
NO_NETWORK = (
    "could not resolve", "dns error", "name resolution", "name or service not known",
    "temporary failure resolving", "failed to establish a new connection", "timed out",
    "network is unreachable", "connection refused", "connection reset", "could not connect",
    "error sending request", "failed to fetch",
)
# fmt: on


class Refusal(Exception):  # noqa: N818 - it is an answer, not a defect
    """One line for the person; the program ends with status 2."""


class Result(NamedTuple):
    """How a program ended, and all it said."""

    code: int
    output: str


Run = Callable[[list[str]], Result]


def run_quietly(command: list[str]) -> Result:
    """Run a program without showing what it says."""
    import subprocess

    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PIP_USER": "0", "LC_ALL": "C.UTF-8"}
    nothing, pipe, joined = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=nothing, stdout=pipe, stderr=joined, check=False
    )
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"))


def explain(what: str, output: str) -> str:
    """Put the reason why an installer failed into one line."""
    lowered = output.lower()
    if "no space left" in lowered or "disk full" in lowered:
        return f"{what}: đĩa đã đầy; hãy dọn bớt (cần khoảng 700 MB) rồi chạy lại. (Disk full.)"
    if "permission denied" in lowered or "read-only file system" in lowered:
        return f"{what}: không có quyền ghi. (No permission to write.)"
    if any(sign in lowered for sign in NO_NETWORK):
        return f"{what}: không kết nối được mạng; hãy nối mạng rồi chạy lại. (No network.)"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    told = [line for line in lines if line.lower().startswith(("error", "e:", "×"))] or lines
    return f"{what}: {told[-1] if told else 'không rõ vì sao'}"


# ------------------------------------------------------------------------- libraries of the system


def libraries_for(command: str, env: Mapping[str, str], system: str) -> dict[str, str]:
    """Return the shared libraries that a command needs; a verb needs none of them."""
    if system != "linux" or command == "--":
        return {}
    platform = env.get("QT_QPA_PLATFORM", "")
    if command == "test":
        return {**OFFSCREEN, **X11} if env.get("COUNTER_APP_XVFB") == "1" else OFFSCREEN
    if platform and not platform.startswith(("xcb", "wayland")):
        return {**OFFSCREEN, **PRINTERS}
    wayland = platform.startswith("wayland") or not (platform or env.get("DISPLAY"))
    return {**OFFSCREEN, **PRINTERS, **(WAYLAND if wayland else X11)}


def loads(soname: str) -> bool:
    """Tell whether the dynamic linker finds a library and all that it needs."""
    import ctypes

    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def known_names(wanted: Iterable[str], run: Run) -> list[str]:
    """Choose of each package's names the one that this release knows."""
    choices = [names.split() for names in dict.fromkeys(wanted)]
    answer = run(["apt-cache", "policy", *(name for names in choices for name in names)]).output
    known, name = set(), ""
    for line in answer.splitlines():
        if not line.startswith(" "):
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            known.add(name)
    return [next((n for n in names if n in known), names[0]) for names in choices]


def apt_line(packages: Iterable[str]) -> str:
    """Return the command that installs these Debian packages."""
    return f"apt-get install -y --no-install-recommends {' '.join(packages)}"


def ensure_packages(
    missing: Callable[[], dict[str, str]], *, run: Run = run_quietly, is_root: bool, has_apt: bool
) -> None:
    """Install the Debian packages that hold what is missing, or say which ones they are."""
    lacking = missing()
    if not lacking:
        return
    if not has_apt:
        raise Refusal(
            f"Máy còn thiếu {', '.join(lacking)}; hãy cài bằng trình quản lý gói của hệ điều hành"
            " rồi chạy lại. (Install these libraries.)"
        )
    if not is_root:
        line = apt_line(known_names(lacking.values(), run))
        raise Refusal(
            "Máy còn thiếu thư viện hệ thống; hãy chạy dòng này rồi thử lại: (Run this line first:)"
            f"\nsudo apt-get update && sudo {line}"
        )
    say("Đang cài thư viện hệ thống còn thiếu… (Installing system libraries.)")
    updated = run(["apt-get", "update"])
    line = apt_line(known_names(lacking.values(), run))
    done = run(line.split())
    if done.code:
        # apt-get update ends with 0 even if it reached nothing: the reason may stand in its words.
        raise Refusal(explain(f"Không chạy được `{line}`", updated.output + done.output))
    still = missing()
    if still:
        raise Refusal(f"Đã cài mà vẫn thiếu {', '.join(still)}. (Still missing after apt-get.)")


# ------------------------------------------------------------------------------------------- .venv


def python_of(root: Path) -> Path:
    """Return the interpreter inside .venv."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_of(root: Path) -> bytes:
    """Return what a finished .venv holds as its stamp: this Python and the lock file, whole."""
    head = f"# {sys.implementation.cache_tag} {sys.platform}\n".encode()
    try:
        return head + (root / "requirements.lock").read_bytes()
    except OSError as problem:
        raise Refusal(
            f"Không đọc được {root / 'requirements.lock'}; hãy lấy lại bộ chương trình đầy đủ."
            " (Lock file missing.)"
        ) from problem


def is_installed(root: Path) -> bool:
    """Tell whether .venv was finished for this Python and this lock file."""
    try:
        return (root / ".venv/stamp").read_bytes() == stamp_of(root) and python_of(root).exists()
    except OSError:
        return False


def find_uv(run: Run = run_quietly) -> str | None:
    """Return uv's path if it is there and works (a pyenv shim may be there and not work)."""
    import shutil

    uv = shutil.which("uv")
    return uv if uv and run([uv, "--version"]).code == 0 else None


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Let one process install at a time; the others wait."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with (root / "requirements.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _remove_venv(root: Path) -> None:
    """Remove .venv, its stamp first: a removal cut short must not look finished."""
    import shutil

    venv = root / ".venv"
    (venv / "stamp").unlink(missing_ok=True)
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


def _finish_venv(root: Path) -> None:
    """Make the package importable and, when all is on the disk, write the stamp."""
    venv = root / ".venv"
    site = next(iter([*venv.glob("lib/python*/site-packages"), venv / "Lib" / "site-packages"]))
    # Relative, so that a moved folder still finds its own package.
    (site / "counter_app.pth").write_text(os.path.relpath(root, site) + "\n", "utf-8")
    if hasattr(os, "sync"):
        os.sync()  # after a power cut no stamp may stand on files that never reached the disk
    draft = venv / "stamp.new"
    with draft.open("wb") as file:
        file.write(stamp_of(root))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(venv / "stamp")


def install(root: Path, *, run: Run = run_quietly, uv: str | None) -> None:
    """Make .venv anew and fill it from the lock file, hash by hash."""
    python, venv, lock = (
        str(p) for p in (python_of(root), root / ".venv", root / "requirements.lock")
    )
    # The list is whole. Left to look for more, the pip of a Python from 2023 takes "coverage[toml]"
    # for one more package and refuses it for want of a hash.
    packages = ["install", "--quiet", "--no-deps", "--require-hashes", "-r", lock]
    steps = [[sys.executable, "-m", "venv", venv], [python, "-m", "pip", *packages]]
    if uv:
        steps = [
            [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, venv],
            [uv, "pip", *packages, "--python", python],
        ]
    stamp_of(root)  # a copy without its lock file is refused before anything is removed
    say("Đang chuẩn bị thư viện trong .venv, chỉ lần này… (Setting up .venv, once.)")
    try:
        with only_one(root):
            if is_installed(root):
                return
            _remove_venv(root)
            for step in steps:
                done = run(step)
                if done.code:
                    raise Refusal(explain(f"Không cài được thư viện vào {venv}", done.output))
            _finish_venv(root)
    except OSError as problem:
        told = f"{problem.strerror} ({problem.filename or root})"
        raise Refusal(explain(f"Không chuẩn bị được {venv}", told)) from problem


# ---------------------------------------------------------------------------------------- commands


def without_display(env: Mapping[str, str], system: str) -> str:
    """Say in one line that no window can open here, or nothing."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if system != "linux" or any(env.get(name) for name in screens):
        return ""
    return (
        "Không có màn hình nên không mở được cửa sổ; các lệnh receive, search, due, print… vẫn dùng"
        " được: python3 run.py -- --help (No display; the verbs work.)"
    )


def set_up(command: str) -> None:
    """Bring system libraries and .venv to where the command can run."""
    installed = is_installed(ROOT)
    uv = None if installed else find_uv()

    def missing() -> dict[str, str]:
        wanted = libraries_for(command, os.environ, sys.platform)
        lacking = {soname: names for soname, names in wanted.items() if not loads(soname)}
        if not installed and not uv and not _has_ensurepip():
            lacking["venv"] = "python{}.{}-venv python3-venv".format(*sys.version_info)
        return lacking

    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    ensure_packages(missing, is_root=is_root, has_apt=Path("/usr/bin/apt-get").exists())
    if not installed:
        install(ROOT, uv=uv)


def _has_ensurepip() -> bool:
    """Tell whether venv can put pip in: Debian packs that apart, as python3-venv."""
    import importlib
    import importlib.util

    importlib.invalidate_caches()  # apt may have brought it a moment ago
    return importlib.util.find_spec("ensurepip") is not None


def start(arguments: list[str]) -> int:
    """Become the program; on Windows, where exec returns at once, wait for it instead."""
    # -P: a file beside the person's papers must not be taken for one of our modules.
    command = [str(python_of(ROOT)), "-P", "-m", "counter_app", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - there is no shell between, as wanted
    import subprocess

    return subprocess.call(command)


def test(arguments: list[str]) -> int:
    """Run every check, also after one has failed, and name those that failed."""
    import subprocess

    env = dict(os.environ)
    if env.get("COUNTER_APP_XVFB") != "1":
        env["QT_QPA_PLATFORM"] = "offscreen"
    checks = {
        "ruff check": ["ruff", "check"],
        "ruff format": ["ruff", "format", "--check"],
        "mypy": ["mypy"],
        "pytest": ["pytest", "--cov", "--cov-report=term", *arguments],
    }
    if arguments:
        checks = {"pytest": ["pytest", *arguments]}
    failed = []
    for name, check in checks.items():
        say(f"== {name}")
        if subprocess.call([str(python_of(ROOT)), "-m", *check], cwd=ROOT, env=env):
            failed.append(name)
    if not arguments:
        say("== pip-audit")
        if not audit(ROOT):
            failed.append("pip-audit")
    say(f"Hỏng (failed): {', '.join(failed)}" if failed else "Mọi kiểm tra đều đạt. (All passed.)")
    return 1 if failed else 0


def known_holes(answer: str) -> tuple[list[str], int]:
    """Read what pip-audit answered: the holes, a line each, and how many packages it looked up.

    Raises:
        ValueError: it answered with something else.
    """
    import json

    packages = json.loads(answer)["dependencies"]
    looked_up = [package for package in packages if "skip_reason" not in package]
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}"
        + (f", mended in {hole['fix_versions'][0]}" if hole["fix_versions"] else "")
        for package in looked_up
        for hole in package["vulns"]
    ]
    return holes, len(looked_up)


def audit(root: Path) -> bool:
    """Look for known holes in what is locked; False only where that was asked to fail.

    What becomes known tomorrow must not turn today's commit red by itself, so a hole is told and
    COUNTER_APP_AUDIT=strict, for a release, makes it a failure. Where the data can't be reached
    the pinned hashes stand alone, and that is said.
    """
    import subprocess

    lock = str(root / "requirements.lock")
    command = [str(python_of(root)), "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    command += ["-r", lock, "--progress-spinner", "off", "--timeout", "5", "--format", "json"]
    is_strict = os.environ.get("COUNTER_APP_AUDIT") == "strict"
    try:
        # It asks a server for each package: what doesn't answer in time is not waited for.
        nothing = subprocess.DEVNULL
        done = subprocess.run(
            command, cwd=root, stdin=nothing, capture_output=True, timeout=90, check=False
        )
        holes, count = known_holes(done.stdout.decode("utf-8", "replace"))
    except (subprocess.TimeoutExpired, ValueError, LookupError, TypeError):
        holes, count = [], 0
    if not count:
        say("Không tới được dữ liệu lỗ hổng; thư viện vẫn đúng mã băm đã khóa. (No data on holes.)")
        return not is_strict
    say("\n".join(holes) or f"{count} thư viện, chưa biết lỗ hổng nào. (No known holes.)")
    return not (holes and is_strict)


def main(arguments: list[str]) -> int:
    """Do what the command line asks; every refusal is one line and status 2."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("window", [])
    if command not in {"window", "test", "--"} or arguments == ["window"]:
        say((__doc__ or "").strip())
        return 0 if command in {"-h", "--help"} else 2
    try:
        if command == "window" and without_display(os.environ, sys.platform):
            raise Refusal(without_display(os.environ, sys.platform))
        set_up(command)
        if command == "test":
            return test(rest)
        return start(rest or ["--help"] if command == "--" else [])
    except Refusal as refusal:
        say(refusal)
        return 2
    except KeyboardInterrupt:
        say("Đã dừng. (Stopped.)")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
