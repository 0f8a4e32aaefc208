"""Attached files: kept by their hash beside the database, noted as events, checked whole."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING, Any

from counter_app.domain.attached import FILE_TYPES, claimed_type
from counter_app.domain.dossier import Move
from counter_app.domain.erasing import is_gone
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import DataFileError, InputError, NotFoundError
from counter_app.given import read_given
from counter_app.services import kept_files
from counter_app.services.dated_rules import exemptions
from counter_app.services.settings import get_settings
from counter_app.services.turns import check_line, take, write

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.history import State
    from counter_app.storage.database import Store
    from counter_app.storage.keys import DataKey

KINDS = ("input", "output")
_MEGABYTE = 1_000_000


def attach(
    store: Store,
    code: str,
    *,
    files: Sequence[Path],
    kind: str = "input",
    document: str = "",
    exempt: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Keep files of a document or of the result, or note that a document needs no scan.

    The files reach the disk before the event is written; if it can't be, the ones
    that are new are taken away again.

    Raises:
        InputError: a file can't be read, is too large or isn't what its name claims.
    """
    new: list[Path] = []
    try:
        with store.transaction():
            turn = take(store, code, Move.ATTACH, at=at, now=now)
            if kind not in KINDS:
                raise InputError(
                    f"Loại tệp “{kind}” không dùng được: cần input hoặc output.", field="kind"
                )
            name = _document(turn.state, document, kind)
            if exempt:
                entries = [_exempt(name, exempt, kind, files, turn.at)]
            else:
                entries = [_keep(store, one, kind, name, new) for one in files]
            if not entries:
                raise InputError("Chưa chọn tệp nào để đính kèm.", field="files")
            _refuse_doubles(turn.state, entries)
            return write(store, turn, Move.ATTACH, by=by, changes={}, extra={"files": entries})
    except BaseException:
        for path in new:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def _document(state: State, document: str, kind: str) -> str:
    name = check_line(document, field="document", label="Tên giấy tờ", longest=500)
    if not name or kind == "output":
        return name
    known = [one["name"] for one in state["documents"]]
    same = [one for one in known if one.casefold() == name.casefold()]
    if known and not same:
        names = "; ".join(known)
        raise InputError(
            f"Hồ sơ không có giấy tờ “{name}”. Các giấy tờ đã nhận: {names}. Chưa lưu gì.",
            field="document",
        )
    return same[0] if same else name


def _exempt(
    document: str, exempt: str, kind: str, files: Sequence[Path], at: datetime
) -> dict[str, Any]:
    rule = exemptions(at.date())
    if files:
        raise InputError("Giấy tờ không phải số hóa thì không kèm tệp. Chưa lưu gì.", field="files")
    if kind != "input":
        raise InputError("Chỉ giấy tờ đầu vào mới được miễn số hóa. Chưa lưu gì.", field="kind")
    if exempt not in dict(rule.kinds):
        names = ", ".join(key for key, _ in rule.kinds) or "không có"
        raise InputError(
            f"Lý do không số hóa “{exempt}” không có vào ngày đó. Các lý do: {names}.",
            field="exempt",
        )
    return {"kind": kind, "document": document, "exempt": exempt, "rule": rule.version}


def _keep(store: Store, source: Path, kind: str, document: str, new: list[Path]) -> dict[str, Any]:
    data, file_type = _read(store, source)
    digest = hashlib.sha256(data).hexdigest()
    folder = store.path.parent
    target = kept_files.place(folder, digest, file_type, store.key)
    if not kept_files.holds(target, digest, (store.key,)):
        is_new = not target.exists()
        try:
            kept_files.keep(folder, kept_files.Kept(digest, data), file_type, store.key)
        except OSError as error:
            raise InputError(
                f"Không tạo được thư mục {target.parent} để giữ tệp. Chưa lưu gì. Kiểm tra quyền "
                "ghi và chỗ trống rồi làm lại.",
                field="files",
            ) from error
        if is_new:
            new.append(target)
    return {
        "kind": kind,
        "document": document,
        "sha256": digest,
        "type": file_type,
        "size": len(data),
        "name": clean_line(source.name)[:150],
    }


def _read(store: Store, source: Path) -> tuple[bytes, str]:
    settings = get_settings(store)
    most = settings["attachment_megabytes"]
    claimed = claimed_type(source.name)
    allowed = settings["attachment_types"]
    if claimed is None or claimed.name not in allowed:
        names = ", ".join(allowed)
        raise InputError(
            f"Tệp {source.name} không thuộc loại được nhận ({names}). Chưa lưu gì.", field="files"
        )
    try:
        if source.stat().st_size > most * _MEGABYTE:
            raise InputError(
                f"Tệp {source.name} lớn quá {most} MB. Chưa lưu gì. Quét lại ở độ phân giải thấp "
                "hơn hoặc tách tệp.",
                field="files",
            )
        data = read_given(source, most=most * _MEGABYTE)
    except OSError as error:
        raise InputError(
            f"Không đọc được tệp {source}. Chưa lưu gì. Kiểm tra đường dẫn rồi làm lại.",
            field="files",
        ) from error
    if not claimed.is_start_of(data):
        raise InputError(
            f"Tệp {source.name} không phải {claimed.name.upper()} như tên của nó. Chưa lưu gì. "
            "Xuất lại tệp từ máy quét rồi đính kèm.",
            field="files",
        )
    return data, claimed.name


def _refuse_doubles(state: State, entries: list[dict[str, Any]]) -> None:
    marks = ("kind", "document", "sha256", "exempt")
    known = {tuple(one.get(key) for key in marks) for one in state["attachments"]}
    for entry in entries:
        mark = tuple(entry.get(key) for key in marks)
        if mark in known:
            what = entry.get("name") or entry["document"] or "giấy tờ này"
            raise InputError(f"{what} đã được ghi ở hồ sơ này. Chưa lưu gì.", field="files")
        known.add(mark)


def attached_file(store: Store, sha256: str, file_type: str) -> Path:
    """Return where a kept file can be opened, once its bytes were compared with its hash.

    One that is sealed is opened into a file that is removed when the data are closed.

    Raises:
        NotFoundError: it has gone or was changed.
    """
    folder = store.path.parent
    path = kept_files.find(folder, sha256, file_type, (store.key,))
    if path is None:
        elsewhere = _kept_at(store, sha256)
        if elsewhere:
            raise NotFoundError(
                f"Bản quét nằm ở {elsewhere}, chưa chép sang máy này. Mở ở quầy ấy, hoặc nhờ quầy "
                "ấy xuất gói đồng bộ kèm tệp rồi nhận vào đây."
            )
        raise NotFoundError(
            f"Tệp đính kèm {kept_files.place(folder, sha256, file_type, store.key).name} không còn "
            "trong thư mục dữ liệu. Chép lại từ bản sao lưu."
        )
    try:
        data = kept_files.read(path, (store.key,)).data
    except (OSError, DataFileError):
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFoundError(
            f"Tệp đính kèm {path.name} đã bị sửa từ bên ngoài. Chép lại từ bản sao lưu."
        )
    if store.key is None:
        return path
    return kept_files.show(folder, path, data)


def _kept_at(store: Store, sha256: str) -> str:
    """Return the desk where a file was attached if that wasn't here; files don't travel."""
    # Later acts on the dossier repeat the list: the first that names a file attached it.
    row = store.row(
        "SELECT counter, origin IN (SELECT uuid FROM installation WHERE is_self = 1) FROM event "
        "WHERE kind = ? AND instr(body, ?) > 0 ORDER BY lamport, origin LIMIT 1",
        (Move.ATTACH.value, sha256),
    )
    return "" if row is None or row[1] else str(row[0]) or "quầy khác"


def damaged_files(
    store: Store,
    states: Iterable[State],
    *,
    folders: Sequence[Path] = (),
    keys: Sequence[DataKey | None] = (),
    gone: Collection[tuple[str, str]] = (),
) -> list[tuple[str, str]]:
    """Return what is wrong with the kept files of these dossiers: a sentence and the code.

    Args:
        store: the open data.
        states: the dossiers.
        folders: where the files may lie, the first that has one; else beside the data.
        keys: what else may open them, beside the store's own key.
        gone: the files that were removed on purpose since.
    """
    found = []
    seen: dict[tuple[str, str], str] = {}
    opens = (store.key, *keys)
    for state in states:
        for one in state["attachments"]:
            if not one.get("sha256") or one.get("type") not in FILE_TYPES or is_gone(one):
                continue
            key = (one["sha256"], one["type"])
            if key in gone:
                continue
            if key not in seen:
                places = (
                    kept_files.find(folder, *key, opens)
                    for folder in folders or (store.path.parent,)
                )
                path = next((place for place in places if place is not None), None)
                if path is None:
                    seen[key] = "" if _kept_at(store, key[0]) else "mất tệp đính kèm"
                else:
                    is_whole = kept_files.holds(path, key[0], opens)
                    seen[key] = "" if is_whole else "tệp đính kèm bị sửa từ bên ngoài"
            if seen[key]:
                found.append((f"{seen[key]}: {one['name']}", state["code"]))
    return found
