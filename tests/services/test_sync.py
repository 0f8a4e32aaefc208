"""Desks that were never on a network: files in any order, twice, lost and found; one history."""

from __future__ import annotations

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from counter_desk import CLERK, NOW
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sync_counters import Counter, exchange_all, make_counters, open_counter, same

from counter_app.bootstrap import open_app
from counter_app.domain.merge import Sighted, merge
from counter_app.errors import BundleError, InputError, MoveRefusedError, UserError
from counter_app.services import checks, journal, office, projection
from counter_app.services.merged import CLAIM
from counter_app.services.sync_conflicts import open_conflicts, resolve
from counter_app.services.sync_export import fingerprint
from counter_app.services.sync_import import bundle_json, import_bundle, is_bundle
from counter_app.services.sync_office import shared
from counter_app.services.sync_undo import undo_import
from counter_app.storage import dossiers
from tests.stopping import STOPPED, stop_at_the_last_of

ORDER = {"1": 1, "2": 2, "3": 3}


# Going and coming


def test_a_dossier_travels_with_its_history_its_promise_and_its_paper(counters):
    one, two, _ = counters
    code = one.receive(issue_receipt=True, citizen_id="045192004321")
    one.act("forward", code, to="Tư pháp")
    report = two.take(one.send())
    assert (report.rows, report.new, report.unchanged, report.gaps) == (3, 3, 0, 0)
    there, here = two.show(code), one.show(code)
    assert there.state == here.state
    assert [e.text for e in there.events] == [e.text for e in here.events]
    assert [p.due_at for p in there.promises] == [p.due_at for p in here.promises]
    assert [p.uuid for p in there.papers] == [p.uuid for p in here.papers]
    assert two.healthy()
    assert same(one, two)


def test_the_same_bundle_again_changes_nothing(counters):
    one, two, _ = counters
    one.receive()
    bundle = one.send()
    two.take(bundle)
    before, events = fingerprint(two.store), two.events()
    report = two.take(bundle)
    assert (report.new, report.updated, report.unchanged) == (0, 0, report.rows)
    assert (fingerprint(two.store), two.events()) == (before, events)


def test_a_dry_run_tells_and_keeps_nothing(counters):
    one, two, _ = counters
    one.receive()
    report = import_bundle(two.store, one.send(), by=CLERK, now=NOW, dry_run=True)
    assert (report.new, two.events()) == (1, 0)
    assert report.import_id is None


def test_only_what_others_may_lack_travels(counters):
    one, two, three = counters
    code = one.receive()
    first = one.send()
    for desk in (two, three):
        desk.take(first)
    one.take(two.send(), three.send())
    one.act("forward", code, to="Tư pháp")
    report = two.take(one.send())
    assert (report.rows, report.new) == (1, 1)


def test_desks_that_meet_only_at_one_hear_of_each_other(counters):
    middle, left, right = counters
    middle.take(left.send(), right.send())
    code = left.receive()
    middle.take(left.send())
    right.take(middle.send())
    assert right.show(code).state["applicant_name"] == "Nguyễn Thị Ánh"
    assert same(left, middle, right)


def test_a_lost_bundle_is_seen_as_a_gap_until_it_is_found(counters):
    one, two, _ = counters
    code = one.receive()
    lost = one.send()
    one.act("forward", code, to="Tư pháp")
    second = one.receive()
    report = two.take(one.send(since=1))
    assert (report.new, report.gaps) == (2, 2)
    with pytest.raises(UserError, match="Không tìm thấy"):
        two.show(second)
    report = two.take(lost)
    assert report.gaps == 0
    assert two.show(code).state["status"] == "processing"
    assert same(one, two)
    assert two.healthy()


def test_a_step_that_rests_on_another_desks_unknown_event_waits_for_it(counters):
    one, two, three = counters
    code = one.receive()
    two.take(one.send())
    two.act("forward", code, to="Tư pháp")
    own = f"{journal.desk(two.store).uuid}/1"
    bundle = two.send()
    # Only the second desk's own part arrives: what it rests on isn't known here.
    assert own in bundle_ranges(two)
    report = three.take(_only(bundle, two, own))
    assert report.gaps == 1
    three.take(one.send())
    assert three.show(code).state["status"] == "processing"


def bundle_ranges(desk):
    from counter_app.storage import exchange

    return exchange.chains(desk.store)


def _only(bundle: Path, desk, chain: str) -> Path:
    """Write a bundle anew with the events of one chain alone."""
    import io

    from counter_app.sync.bundle import open_bundle, write_bundle
    from counter_app.sync.sealing import unseal

    plain = io.BytesIO()
    with bundle.open("rb") as stream:
        unseal(stream, plain, shared(desk.store).key)
    plain.seek(0)
    whole = open_bundle(plain)
    events = [row for row in whole.events() if f"{row.origin}/{row.epoch}" == chain]
    target = bundle.with_name(f"only-{bundle.name}")
    with target.open("wb") as stream:
        write_bundle(stream, whole.manifest, events=events, desks=whole.desks())
    return target


def test_numbers_of_offline_desks_never_meet(counters):
    codes = {desk.receive() for desk in counters for _ in range(3)}
    exchange_all(*counters)
    assert len(codes) == 9
    assert same(*counters)


# Refused whole


def test_a_bundle_of_another_office_is_refused(counters, tmp_path, prepared):
    stranger = open_counter(tmp_path, "khac")
    office.set_up(
        stranger.store,
        office_name="Trung tâm xã khác",
        parent="UBND xã khác",
        agency_code="",
        counter_number=5,
    )
    stranger.receive()
    with pytest.raises(BundleError, match="khóa của đơn vị khác"):
        counters[0].take(stranger.send())
    with pytest.raises(BundleError, match="của đơn vị khác"):
        counters[0].take(stranger.send(is_open=True))
    assert counters[0].events() == 0
    stranger.store.close()


def test_two_desks_with_one_number_are_told(counters, tmp_path):
    one, two, _ = counters
    two.store.execute("UPDATE installation SET counter_number = 1")
    two.store.cache.clear()
    two.receive()
    with pytest.raises(BundleError, match="cũng dùng số quầy 01"):
        one.take(two.send())


def test_a_rewritten_history_is_refused(counters):
    one, two, _ = counters
    one.receive()
    two.take(one.send())
    one.store.execute("DROP TRIGGER event_is_never_changed")
    one.store.execute("UPDATE event SET head_hash = zeroblob(32)")
    with pytest.raises(BundleError, match="khác với lịch sử đã biết"):
        two.take(one.send())


def test_a_body_that_was_edited_on_the_way_is_refused(counters):
    one, two, _ = counters
    one.receive()
    one.store.execute("DROP TRIGGER event_is_never_changed")
    one.store.execute("UPDATE event SET body = replace(body, 'Nguyễn', 'Nguyên')")
    with pytest.raises(BundleError, match="khác với lịch sử đã biết"):
        two.take(one.send())
    assert two.events() == 0


def test_a_sealed_file_a_zip_and_a_list_are_told_apart(counters, tmp_path):
    one = counters[0]
    one.receive()
    (tmp_path / "list.csv").write_text("Mã hồ sơ\n", "utf-8")
    assert is_bundle(one.send())
    assert is_bundle(one.send(is_open=True))
    assert not is_bundle(tmp_path / "list.csv")
    assert not is_bundle(tmp_path / "gone.zip")


def test_a_zip_of_a_version_that_nobody_made_is_no_bundle(counters, tmp_path):
    path = counters[0].send(is_open=True)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")  # the first entry of the directory
    data[place + 6] = 255
    path.write_bytes(data)
    assert not is_bundle(path)


def test_the_answer_of_the_verb_has_the_names_of_the_contract(counters):
    one, two, _ = counters
    one.receive()
    assert sorted(bundle_json(two.take(one.send()))) == sorted(
        "import_id rows new updated unchanged rejected conflicts gaps errors".split()
    )


# Taking an import back


def test_an_import_is_taken_back_and_comes_again_with_its_file(counters):
    one, two, _ = counters
    code = one.receive()
    bundle = one.send()
    report = two.take(bundle)
    assert undo_import(two.store, report.import_id, by=CLERK, now=NOW) == 1
    assert two.state(code)["is_void"]
    assert two.healthy()
    again = two.take(bundle)
    assert again.new == 1
    assert not two.state(code)["is_void"]
    assert two.healthy()


def test_an_import_somebody_worked_on_with_is_not_taken_back(counters):
    one, two, _ = counters
    code = one.receive()
    report = two.take(one.send())
    two.act("forward", code, to="Tư pháp")
    with pytest.raises(MoveRefusedError, match="đã có bước xử lý sau"):
        undo_import(two.store, report.import_id, by=CLERK, now=NOW)
    assert two.state(code)["status"] == "processing"


def test_taking_an_import_back_tells_how_far_it_is_and_stops_whole_at_any_step(
    counters, monkeypatch
):
    monkeypatch.setattr(projection, "TOLD_EVERY", 1)
    one, two, _ = counters
    for _ in range(3):
        one.receive()
    report = two.take(one.send())
    before = fingerprint(two.store), two.events()
    steps = [(0, 3), (0, 3), (0, 3), (1, 3), (2, 3), (3, 3)]
    for last in range(len(steps)):
        stop = stop_at_the_last_of(steps[: last + 1])
        with pytest.raises(UserError, match=STOPPED):
            undo_import(two.store, report.import_id, by=CLERK, now=NOW, progress=stop)
        assert (fingerprint(two.store), two.events()) == before
    assert two.healthy()
    told = []
    undone = undo_import(
        two.store, report.import_id, by=CLERK, now=NOW, progress=lambda *step: told.append(step)
    )
    assert (undone, told) == (3, steps)
    assert two.healthy()


# Copies and restored data


def test_an_old_copy_that_comes_back_goes_on_in_an_epoch_of_its_own(counters, tmp_path):
    one, two, _ = counters
    one.receive()
    one.store.close()
    shutil.copytree(tmp_path / "1", tmp_path / "old")
    app = open_app(data=str(tmp_path / "1"), environment={})
    one = Counter(app.store, tmp_path)
    second = one.receive()
    two.take(one.send())
    app.store.close()
    shutil.rmtree(tmp_path / "1")
    shutil.move(tmp_path / "old", tmp_path / "1")
    app = open_app(data=str(tmp_path / "1"), environment={})
    back = Counter(app.store, tmp_path)
    epoch = journal.desk(back.store).epoch
    back.take(two.send())
    assert journal.desk(back.store).epoch == epoch + 1
    two.take(back.send())
    back.take(two.send())
    assert back.show(second).state["status"] == "received"
    back.receive()
    two.take(back.send())
    assert same(back, two)
    # The others bring the history back; the lines of the log that the old copy lacks stay lost.
    (found,) = [check for check in checks.run_checks(back.store) if not check.ok]
    assert [problem["what"] for problem in found.problems] == ["nhật ký khác với neo ghi lúc lưu"]
    assert two.healthy()
    back.store.close()


# Random offices

_CODES = ("000.00.01.H50-261123-0001", "000.00.01.H50-261123-0002")
_ACTS = (
    "receive",
    "set-official-code",
    "forward",
    "complete",
    "withdraw",
    "correct",
    "return",
    "undo",
    "resolve",
)


def _act(desk: Counter, kind: str, pick) -> None:
    desk.wait(minutes=1)
    if kind == "receive":
        desk.receive()
        return
    if kind == "resolve":
        conflicts = open_conflicts(desk.store)
        if conflicts:
            conflict = pick(conflicts)
            kept = pick([conflict.first.event_uuid, conflict.second.event_uuid])
            resolve(desk.store, conflict.id, keep=kept, by=CLERK, now=desk.now)
        return
    codes = [code for (code,) in desk.store.rows("SELECT code FROM dossier WHERE is_void = 0")]
    if not codes:
        return
    values = {
        "forward": {"to": pick(["Tư pháp", "Địa chính"])},
        "withdraw": {"reason": "đổi ý"},
        "correct": {"values": {"phone": pick(["0905111111", "0905222222"])}, "reason": "nhầm"},
        "return": {"collected_by": "Nguyễn Thị Ánh"},
        "undo": {"reason": "nhầm"},
        "set-official-code": {"official": pick(_CODES)},
    }
    try:
        desk.act(kind, pick(codes), **values.get(kind, {}))
    except (MoveRefusedError, InputError):
        return


def _take_back(desk: Counter) -> None:
    """Undo the last import, where nobody worked on with it."""
    row = desk.store.row("SELECT max(id) FROM syncrun WHERE kind = 'import' AND undone_at IS NULL")
    if row is not None and row[0] is not None:
        with contextlib.suppress(MoveRefusedError):
            undo_import(desk.store, row[0], by=CLERK, now=desk.now)


def _conflicts_of_the_union(counters) -> set[str]:
    """Return what the rules alone find, from every event that any desk has."""
    union: dict[str, dict[str, Sighted]] = {}
    for desk in counters:
        for (uuid,) in desk.store.rows("SELECT uuid FROM dossier"):
            for one in dossiers.sighted_of(desk.store, uuid):
                union.setdefault(uuid, {})[one.event.uuid] = one
    return {c.id for told in union.values() for c in merge(told.values()).conflicts}


# Many files are written here; a failing example is told as it was found.
@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data())
def test_whatever_happens_and_however_it_travels_all_desks_agree_in_the_end(
    prepared, tmp_path_factory, data
):
    folder = tmp_path_factory.mktemp("office")
    counters = make_counters(prepared, folder, data.draw(st.integers(2, 5)))
    try:
        _work_and_exchange(counters, data)
    finally:  # an example may end anywhere: hypothesis gives some up
        for desk in counters:
            desk.store.close()
        shutil.rmtree(folder)


def _work_and_exchange(counters, data):
    def pick(choices):
        return data.draw(st.sampled_from(list(choices)))

    sent: list[Path] = []
    for _ in range(data.draw(st.integers(5, 30))):
        desk = pick(counters)
        doing = pick(["act", "act", "act", "send", "take", "take", "take back"])
        if doing == "act":
            _act(desk, pick(_ACTS), pick)
        elif doing == "send":
            sent.append(desk.send())
        elif doing == "take back":
            _take_back(desk)
        elif sent:
            desk.take(pick(sent))
    now = max(desk.now for desk in counters)
    for desk in counters:
        desk.now = now
    kept = {row for desk in counters for row in desk.store.rows("SELECT uuid FROM event")}
    exchange_all(*counters)
    assert same(*counters)
    wanted = _conflicts_of_the_union(counters)
    for desk in counters:
        assert kept <= set(desk.store.rows("SELECT uuid FROM event"))
        assert {c.id for c in open_conflicts(desk.store) if c.kind != CLAIM} == wanted
        assert desk.healthy()
        assert desk.store.row("SELECT count(*) FROM heldevent") == (0,)


def test_the_clock_of_another_desk_moves_nothing_here(counters):
    one, two, _ = counters
    one.now = datetime(2027, 1, 4, 9)
    one.receive()
    two.take(one.send())
    two.receive()
    assert two.healthy()
