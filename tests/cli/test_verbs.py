"""Every verb by the contract: what it answers, what it refuses, what it leaves untouched."""

from __future__ import annotations

import re

import pytest

from counter_app.cli import VERBS

DOSSIER_FIELDS = (
    "uuid code official_code office procedure_code procedure_name applicant_name citizen_id "
    "submitter_name status channel received_at recorded_at original_due_at legal_due_at "
    "rescheduled_due_at due_at completed_at returned_at timeliness events_count"
).split()
CONTRACT = (
    "setup settings procedures calendar due receive set-official-code show history list search "
    "forward supplement resubmit close await-payment paid extend reschedule complete refuse "
    "withdraw stop return undo explain competent-received print apologies import backup restore "
    "check demo"
).split()
ENGLISH = re.compile(
    r"\b(usage|options|positional|show this help|argument|error|invalid|required)\b", re.IGNORECASE
)


def test_every_verb_of_the_contract_is_there():
    assert {verb.name for verb in VERBS} >= set(CONTRACT)


@pytest.mark.parametrize("verb", ["", *(verb.name for verb in VERBS)])
def test_help_is_vietnamese_and_explains_every_option(terminal, verb):
    said = terminal(*filter(None, [verb, "--help"]))
    assert said.status == 0
    assert said.out.startswith("Cách dùng: counter-app")
    assert not ENGLISH.search(said.out)
    lines = said.out.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"  -", line):
            told = re.search(r"\S  +\S", line) or lines[number + 1].startswith(" " * 20)
            assert told, f"{verb}: {line} has no explanation"


def test_a_dossier_lives_from_the_counter_to_its_citizen(desk):
    received = desk.receive("Nguyễn Văn Đức", "--citizen-id", "045085001234", "--by", "Lê Thị Hoa")
    assert [key for key in DOSSIER_FIELDS if key not in received] == []
    code = received["code"]
    assert code == "TAM-01-261123-0001"
    assert received["status"] == "received"
    assert received["received_at"] == "2026-11-23T09:00:00+07:00"
    # 24/11 is a holiday from 2026 on, so three working days end on Friday.
    assert received["due_at"] == "2026-11-27T17:00:00+07:00"
    desk.at("2026-11-25T08:00")
    assert desk.done("forward", code, "--to", "Công chức Tư pháp")["status"] == "processing"
    desk.at("2026-11-26T15:30")
    completed = desk.done("complete", code)
    assert (completed["status"], completed["timeliness"]) == ("completed", "early")
    desk.at("2026-12-07T08:05")
    returned = desk.done("return", code, "--collected-by", "Nguyễn Văn Đức")
    assert (returned["status"], returned["timeliness"]) == ("returned", "early")
    shown = desk.done("show", code)
    assert [event["kind"] for event in shown["events"]] == [
        "receive",
        "forward",
        "complete",
        "return",
    ]
    assert [promise["kind"] for promise in shown["promises"]] == ["first"]
    assert shown["events_count"] == 4
    assert desk.done("history", code) == shown["events"]
    assert desk.checks_hold


def test_every_move_of_the_table_has_a_verb_that_works(desk):
    code = desk.receive()["code"]
    desk.at("2026-11-23T10:00")
    assert desk.done("supplement", code, "--reason", "Thiếu bản sao")["due_at"] is None
    assert desk.done("resubmit", code)["status"] == "received"
    assert desk.done("forward", code, "--to", "Tư pháp")["status"] == "processing"
    assert desk.done("await-payment", code)["status"] == "awaiting_payment"
    assert desk.done("paid", code)["status"] == "processing"
    before = desk.done("show", code)["legal_due_at"]
    extended = desk.done("extend", code, "--limit", "2wd", "--reason", "Xác minh")
    assert extended["legal_due_at"] > before
    moved = desk.done("reschedule", code, "--reason", "Chờ ý kiến", "--new-due", "2026-12-10T17:00")
    assert moved["rescheduled_due_at"] == "2026-12-10T17:00:00+07:00"
    assert desk.done("refuse", code, "--reason", "Không đủ điều kiện")["status"] == "refused"
    for verb, more, status in (
        ("withdraw", (), "withdrawn"),
        ("stop", ("--reason", "Công dân đề nghị"), "stopped"),
    ):
        other = desk.receive("Trần Thị B")["code"]
        assert desk.done(verb, other, *more)["status"] == status
        assert desk.done("return", other, "--collected-by", "Trần Thị B")["status"] == status
    assert desk.checks_hold


def test_undo_takes_the_last_move_back_in_the_open(desk):
    code = desk.receive()["code"]
    desk.done("forward", code, "--to", "Tư pháp")
    undone = desk.done("undo", code, "--reason", "Chuyển nhầm")
    assert undone["status"] == "received"
    assert [e["undone"] for e in desk.done("history", code)] == [False, True, False]
    assert desk.checks_hold


def test_a_move_outside_the_table_changes_nothing(desk):
    code = desk.receive()["code"]
    before = desk.done("show", code)
    desk.refused("return", code, "--collected-by", "Nguyễn Văn Đức")
    desk.refused("paid", code)
    desk.refused("close", code, "--reason", "quá hạn")
    assert desk.done("show", code) == before


def test_a_dossier_answers_to_our_code_the_official_one_and_its_uuid(desk):
    received = desk.receive()
    official = "H50.32-261123-0001"
    assert desk.done("set-official-code", received["code"], official)["official_code"] == official
    for name in (received["code"], received["code"].lower(), official, received["uuid"]):
        assert desk.done("show", name)["uuid"] == received["uuid"]
    assert "H99.1-261123-0001" in desk.refused("show", "H99.1-261123-0001")


def test_lists_and_search_give_arrays_newest_first(desk):
    names = ["Nguyễn Văn Đức", "Trần Thị Bưởi", "Đặng Đình Đạt"]
    for number, name in enumerate(names):
        desk.at(f"2026-11-23T09:{number:02d}")
        desk.receive(name)
    assert [one["applicant_name"] for one in desk.done("list")] == names[::-1]
    assert len(desk.done("list", "--limit", "2")) == 2
    assert desk.done("list", "--limit", "0") == []
    assert desk.done("list", "--status", "completed") == []
    assert len(desk.done("list", "--without-official-code")) == 3
    assert len(desk.done("list", "--due-before", "2026-11-27T17:01")) == 3
    assert desk.done("list", "--due-before", "2026-11-27T17:00") == []
    assert desk.done("list", "--late") == []
    assert len(desk.done("list", "--late", "--as-of", "2026-11-28T08:00")) == 3
    for text in ("duc", "Đức", "ddats", "dang dinh", "TAM-01-261123-0003"):
        assert desk.done("search", text), text
    assert desk.done("search", "không có ai") == []


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "*",
        "(",
        ")",
        "NEAR",
        "AND",
        "a AND",
        "NOT b",
        "{x}: y",
        "^a",
        "-",
        "'; DROP",
        "",
        "đ" * 500,
    ],
)
def test_search_takes_any_text_as_words(desk, text):
    desk.receive()
    assert desk("search", "--json", "--", text).status == 0


def test_json_is_one_document_of_utf_8_and_no_warning_stands_in_it(desk):
    said = desk("receive", "--procedure", "1.004873", "--applicant", "Đỗ Ỷ", "--json")
    assert said.json["applicant_name"] == "Đỗ Ỷ"
    assert "Đỗ Ỷ" in said.out
    assert desk("--json", "list").json[0]["applicant_name"] == "Đỗ Ỷ"


def test_settings_are_listed_read_and_set(desk):
    known = desk.done("settings", "list")
    assert known["counting"] == "day"
    assert known["saturday_counts"] == "no"
    assert desk.done("settings", "set", "counting", "hour")["value"] == "hour"
    assert desk.done("settings", "get", "counting") == {"key": "counting", "value": "hour"}
    for words in (
        ("settings", "set", "counting", "minute"),
        ("settings", "set", "nothing", "1"),
        ("settings", "set", "counting"),
        ("settings", "get", "nothing"),
        ("settings", "set", "weekday_hours", "08:00-07:00"),
        ("settings", "set", "apology_lead", "soon"),
    ):
        desk.refused(*words)
    assert desk.done("settings", "get", "counting")["value"] == "hour"


def test_the_shipped_catalogue_is_listed_and_shown(desk):
    assert len(desk.done("procedures", "list")) >= 60
    marriage = desk.done("procedures", "show", "1.004873")
    assert (marriage["limit"], marriage["cutoff"]) == ("3wd", "none")
    birth = desk.done("procedures", "show", "1.001193")
    assert birth["limit"] == "0wd"
    assert birth["cutoff"].startswith("next-day-result")
    desk.refused("procedures", "show", "9.999999")
    desk.refused("procedures", "show")


def test_set_up_may_be_done_again_and_keeps_the_desk(desk):
    desk.done("setup", *("--office", "A", "--parent", "B", "--counter-number", "7"))
    again = desk.done("setup", "--office", "C", "--parent", "B")
    assert (again["counter_number"], again["counter_name"]) == (7, "Quầy 7")
    assert desk.receive()["code"] == "TAM-07-261123-0001"
    assert "07" in desk.refused("setup", "--office", "C", "--parent", "B", "--counter-number", "8")


def test_the_demo_fills_an_empty_folder_only(terminal):
    filled = terminal.done("demo", "week")
    assert filled["dossiers"] >= 20
    assert terminal.checks_hold
    assert len(terminal.done("list")) > 0
    terminal.refused("demo", "week")


def test_the_demo_says_how_long_it_took_and_what_flushing_costs_on_this_disk(terminal):
    said = terminal("demo", "week")
    assert re.search(r"48 hồ sơ mẫu trong \d+ giây.* ghi chắc .* mất \d+,\d\d mili giây", said.out)
    assert not [path for path in terminal.folder.iterdir() if path.suffix == ".tmp"]


def test_a_folder_with_real_dossiers_never_becomes_one_to_practise_in(terminal):
    terminal.receive()
    line = terminal.refused("setup", "--office", "A", "--parent", "B", "--rehearsal")
    assert "thực hành" in line
    assert not terminal.done("setup", "--office", "A", "--parent", "B")["is_rehearsal"]


def test_an_unnamed_office_works_and_says_so_once(terminal):
    said = terminal("receive", "--procedure", "1.004873", "--applicant", "A", "--json")
    assert said.status == 0
    assert said.err.count("Chưa đặt tên đơn vị") == 1
    assert said.json["office"] == "Bộ phận một cửa (chưa đặt tên)"
    assert "Chưa đặt tên" not in terminal("list").err


def test_another_competent_unit_leaves_the_due_date_open_until_it_receives(desk):
    received = desk.receive("Lê Văn C", "--competent", "UBND xã Vĩnh Thủy")
    assert received["due_at"] is None
    assert received["expected_due_at"]
    code = received["code"]
    desk.at("2026-11-25T10:00")
    known = desk.done("competent-received", code, "--at", "2026-11-25T09:00")
    assert known["due_at"] == "2026-11-30T17:00:00+07:00"
    assert [p["kind"] for p in desk.done("show", code)["promises"]] == ["first"]
    desk.refused("competent-received", desk.receive()["code"])


def test_a_card_fills_the_owner_and_an_option_wins_with_a_warning(desk):
    card = "045085001234||Nguyễn Văn Đức|02011985|Nam|Thôn 1, Cam Lộ|10052021"
    read = desk.done("receive", "--procedure", "1.004873", "--card-qr", card)
    assert (read["applicant_name"], read["citizen_id"]) == ("Nguyễn Văn Đức", "045085001234")
    assert (read["birth_date"], read["sex"]) == ("1985-01-02", "male")
    words = ("receive", "--procedure", "1.004873", "--card-qr", card, "--json")
    same = desk(*words, "--applicant", "NGUYỄN VĂN ĐỨC", "--birth-date", "02/01/1985")
    assert "trên thẻ" not in same.err
    other = desk(*words, "--address", "Thôn 2")
    assert other.json["address"] == "Thôn 2"
    assert "trên thẻ" in other.err
    desk.refused("receive", "--procedure", "1.004873", "--card-qr", card[:30])


def test_an_organisation_takes_no_facts_of_a_person(desk):
    own = ("receive", "--procedure", "1.004873", "--organisation", "Công ty A")
    assert desk.done(*own, "--tax-code", "0100109106")["tax_code"] == "0100109106"
    assert "--citizen-id" in desk.refused(*own, "--citizen-id", "045085001234")


def test_a_setting_that_a_verb_changes_reaches_a_program_that_is_open(desk):
    from counter_app.bootstrap import open_app
    from counter_app.services import settings

    opened = open_app(data=str(desk.folder), environment={})
    try:
        assert settings.get_setting(opened.store, "boundary") == "day"
        desk.done("settings", "set", "boundary", "minute")
        with opened.store.transaction():
            assert settings.get_setting(opened.store, "boundary") == "minute"
    finally:
        opened.store.close()


def test_lists_for_people_say_the_state_and_the_due_moment(desk):
    code = desk.done("receive", "--procedure", "1.004873", "--applicant", "Lê An")["code"]
    (line,) = desk("list").out.splitlines()
    assert code in line
    assert "Đã tiếp nhận, hẹn trả 17:00" in line
    assert "Đã tiếp nhận, hẹn trả 17:00" in desk("show", code).out
