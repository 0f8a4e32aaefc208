"""Dossiers whose cells a spreadsheet likes to change, and LibreOffice to save their list again.

    python tests/services/office_suite.py

writes the files of ``tests/data/lists`` that were saved by LibreOffice anew.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 11, 5, 9)  # a day that could be a month
LISTS = Path(__file__).parent.parent / "data" / "lists"
# Comma, quotes, UTF-8, Vietnamese, "detect special numbers" off: as its dialog proposes.
_READ = {".csv": "CSV:44,34,76,1,,1066,false,false", ".xlsx": "", ".ods": ""}
_WRITE = {
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "ods": "ods:calc8",
}
PATIENCE = 100


def soffice() -> str | None:
    """Return where LibreOffice is, if it is installed."""
    return shutil.which("soffice")


def fill(store) -> None:
    """Receive dossiers whose cells are numbers with zeros, formulas, lines and marks."""
    from counter_app.domain.facts import ReceiveRequest
    from counter_app.services import moves, reception

    def receive(minute: int, **values) -> str:
        request = ReceiveRequest(procedure_code="1.004873", by="Lê Thị A", **values)
        now = NOW + timedelta(minutes=minute)
        return reception.receive_dossier(store, request, now=now).uuid

    receive(0, applicant_name="Nguyễn Thị Ngọc Ánh", citizen_id="001192000123", phone="0905123456")
    receive(1, applicant_name="Trần Văn Bảy", content='=HYPERLINK("x";"y")', note="+84 905")
    receive(2, applicant_name="Lê “Tư” O'Brien", content="dòng một\ndòng hai; có dấu, phẩy")
    receive(3, applicant_name="Đỗ Thị 1/2", address="12/11/2026", note="1.5E10")
    receive(4, applicant_name="Phan Văn TRUE", content="TRUE", note="-12")
    receive(
        5,
        applicant_name="Hồ Sỹ Quân",
        official_code="H50.19.57-261123-0109",
        content="'trong nháy",
        note="@ghi chú",
    )
    withdrawn = receive(7, applicant_name="Võ Thị Chín")
    late = NOW + timedelta(hours=1)
    done = receive(8, applicant_name="Mai Thị Tám", phone="02333851234")
    moves.withdraw(store, withdrawn, reason="đổi ý", by="Lê Thị A", now=late)
    moves.forward(store, done, to="Tư pháp", by="Lê Thị A", now=late)
    moves.complete(store, done, by="Lê Thị A", now=late + timedelta(hours=1))
    moves.return_result(
        store, done, collected_by="Mai Thị Tám", by="Lê Thị A", now=late + timedelta(hours=2)
    )


def save_again(source: Path, folder: Path, kind: str) -> Path:
    """Let LibreOffice open a file and save it as ``csv``, ``xlsx`` or ``ods``."""
    told = [f"--infilter={_READ[source.suffix]}"] if _READ[source.suffix] else []
    with tempfile.TemporaryDirectory() as profile:
        words = [
            soffice() or "soffice",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            *told,
            "--convert-to",
            _WRITE[kind],
            "--outdir",
            str(folder),
            str(source),
        ]
        subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)
    return folder / f"{source.stem}.{kind}"


def main() -> None:
    """Write the kept files anew."""
    sys.path.insert(0, str(LISTS.parents[2]))
    from counter_app.bootstrap import open_app
    from counter_app.services import office
    from counter_app.services.list_export import export_list

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = open_app(data=str(folder / "data"), environment={}).store
        office.set_up(
            store,
            office_name="Trung tâm Phục vụ hành chính công",
            parent="Ủy ban nhân dân xã Cam Lộ",
            agency_code="H50.19.57",
        )
        fill(store)
        for ending in (".csv", ".xlsx"):
            written = folder / f"goc{ending}"
            export_list(store, written)
            for kind in _WRITE:
                out = folder / kind
                out.mkdir(exist_ok=True)
                saved = save_again(written, out, kind)
                saved.replace(LISTS / f"libreoffice-{ending[1:]}-as.{kind}")
        store.close()


if __name__ == "__main__":
    main()
