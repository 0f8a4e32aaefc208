"""Papers through CUPS: against a stand-in for ``lp``, and on a real PDF queue where one is."""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import uuid
from datetime import datetime, timedelta

import pypdfium2
import pytest

from counter_app.bootstrap import open_app
from counter_app.services import settings
from counter_app.ui import cups, printing
from counter_app.ui.print_desk import PrintDesk
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

A4, A5 = (595.3, 841.9), (419.5, 595.3)


def a_pdf(pages=1):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(*A4)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def lp(tmp_path, monkeypatch):
    """A stand-in that keeps its arguments and answers as it is told."""
    if shutil.which("sh") is None:
        pytest.skip("needs a shell to stand in for lp")
    folder = tmp_path / "bin"
    folder.mkdir()

    def make(answer):
        script = folder / "lp"
        script.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/asked\ncat > {folder}/given\n{answer}\n'
        )
        script.chmod(script.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return folder

    return make


def send(**options):
    plain = {
        "printer": "HP-2",
        "copies": 1,
        "tray": "",
        "is_two_sided": False,
        "title": "Giấy tiếp nhận",
        "size": A4,
    }
    return cups.send(b"%PDF page", **(plain | options))


def test_a_paper_goes_as_it_is_one_sided_at_its_own_scale(lp):
    folder = lp('echo "request id is HP-2-17 (1 file(s))"')
    assert send() == cups.Sent("HP-2-17")
    assert (folder / "given").read_bytes() == b"%PDF page"
    asked = (folder / "asked").read_text("utf-8").split("\n")
    assert asked[:6] == ["-d", "HP-2", "-n", "1", "-t", "Giấy tiếp nhận"]
    assert "sides=one-sided" in asked
    assert "print-scaling=none" in asked
    assert "media=A4" in asked


def test_tray_sides_copies_and_size_are_asked_for(lp):
    folder = lp("echo HP-2-18")
    send(copies=3, tray="Lower", is_two_sided=True, size=A5)
    asked = (folder / "asked").read_text("utf-8").split("\n")
    assert asked[3] == "3"
    assert {"sides=two-sided-long-edge", "InputSlot=Lower", "media=A5"} <= set(asked)


def test_a_page_is_turned_only_where_that_is_asked_for(lp):
    # What the queue itself is set to must not turn it: the way is always said.
    folder = lp("echo HP-2-20")
    send()
    assert "orientation-requested=3" in (folder / "asked").read_text("utf-8").split("\n")
    send(is_turned=True)
    assert "orientation-requested=4" in (folder / "asked").read_text("utf-8").split("\n")


def test_a_printer_that_shrinks_is_told_not_to_fit_the_page(lp):
    folder = lp("echo HP-2-19")
    send()
    assert "fit-to-page=false" not in (folder / "asked").read_text("utf-8").split("\n")
    send(is_true_size=True)
    asked = (folder / "asked").read_text("utf-8").split("\n")
    assert {"print-scaling=none", "fit-to-page=false", "fitplot=false"} <= set(asked)


def test_a_refusal_is_an_answer_and_no_job(lp, caplog):
    lp('echo "lp: Destination is not accepting jobs." >&2; exit 1')
    assert send() == cups.Sent("", "lp: Destination is not accepting jobs.")
    assert "refused" in caplog.text
    caplog.clear()


def test_a_packed_program_s_libraries_aren_t_given_to_lp(lp, monkeypatch):
    folder = lp('echo "$LD_LIBRARY_PATH" > "$(dirname "$0")/seen"; echo HP-2-1')
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/packed")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/own")
    send()
    assert (folder / "seen").read_text("utf-8").strip() == "/opt/own"


def run(*words):
    subprocess.run(words, check=True, capture_output=True)


@pytest.fixture
def queue():
    """A PDF queue of CUPS, made for one test and taken away after it."""
    if shutil.which("lpadmin") is None:
        pytest.skip("CUPS is not installed (apt-get install cups printer-driver-cups-pdf)")
    # lpstat ends with 0 whether the scheduler runs or not: only its words tell.
    said = subprocess.run(
        ["lpstat", "-r"],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | {"LC_ALL": "C"},
    ).stdout
    if "scheduler is running" not in said:
        pytest.skip("CUPS does not run here (start cupsd)")
    name = f"counter-{uuid.uuid4().hex[:8]}"
    model = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd"
    made = subprocess.run(
        ["lpadmin", "-p", name, "-E", "-v", "cups-pdf:/", "-P", model],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("no queue can be made here: cups-pdf is missing or this account may not")
    yield name
    run("cancel", "-a", name)
    run("lpadmin", "-x", name)


@pytest.fixture
def desk(tmp_path, queue, qapp):
    app = open_app(data=str(tmp_path / "data"), environment={})
    settings.set_setting(app.store, key="printer", value=queue)
    moments = iter(datetime(2026, 11, 23, 9, 0) + timedelta(minutes=n) for n in range(99))
    desk = PrintDesk(
        app.store,
        clock=lambda: next(moments),
        clerk=lambda: "Lê Thị A",
        runner=InstantRunner(),
        interaction=FakeInteraction(),
    )
    desk.open()
    yield desk
    desk.close()
    app.store.close()


def jobs_of(queue):
    """Return the names of the jobs a queue took, done or not."""
    said = subprocess.run(
        ["lpstat", "-W", "all", "-o", queue], capture_output=True, check=True, text=True
    ).stdout
    return [line.split()[0] for line in said.splitlines()]


def test_a_real_queue_takes_each_paper_once(desk, queue):
    desk.print_data(a_pdf())
    desk.try_again()
    assert len(jobs_of(queue)) == 1
    assert desk.words() == ""


@pytest.mark.parametrize(
    ("away", "back"), [("cupsdisable", "cupsenable"), ("cupsreject", "cupsaccept")]
)
def test_a_stopped_or_refusing_queue_keeps_the_papers_here_until_it_is_back(
    desk, queue, away, back, caplog
):
    run(away, queue)
    desk.print_data(a_pdf())
    desk.print_data(a_pdf(2))
    assert jobs_of(queue) == []
    assert "2 giấy chờ in" in desk.words()
    caplog.clear()  # that no printer took the pages is logged, as it should be
    run(back, queue)
    desk.try_again()
    assert len(jobs_of(queue)) == 2
    assert desk.words() == ""
    desk.try_again()
    assert len(jobs_of(queue)) == 2


def test_a_queue_that_is_gone_is_named(desk):
    outcome = printing.print_pdf(a_pdf(), printer_name="counter-none")
    assert not outcome.is_printed
    assert "không thấy máy in counter-none" in outcome.message
