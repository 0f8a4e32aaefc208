"""Whatever is typed: an answer or one Vietnamese line, never a traceback, never half a save."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RECEIVE = ("receive", "--procedure", "1.004873")
TEXT_OPTIONS = (
    "applicant citizen-id birth-date address phone email content official-code limit limit-reason "
    "paper-number submitter-id submitter subject document tax-code competent by card-qr "
    "organisation procedure received-at submitted-at copies id-kind sex"
).split()


def _receive(desk, **options):
    words = list(RECEIVE)
    options.setdefault("applicant", "Nguyễn Văn Đức")
    for name, value in options.items():
        words.append(f"--{name.replace('_', '-')}={value}")
    return words


@pytest.mark.parametrize(
    "options",
    [
        {"applicant": ""},
        {"applicant": "   "},
        {"applicant": "\u200b\u200b"},
        {"applicant": "N" * 200},
        {"applicant": "Nguyễn 😀"},
        {"applicant": "中文"},
        {"address": "đ" * 251},
        {"content": "x" * 501},
        {"email": "a@b"},
        {"email": "không phải"},
        {"phone": "123"},
        {"phone": "gọi sau"},
        {"citizen_id": "123"},
        {"citizen_id": "04508500123x"},
        {"citizen_id": "045085001234; DROP TABLE dossier"},
        {"birth_date": "31/02/1990"},
        {"birth_date": "1990-13-01"},
        {"birth_date": "2990"},
        {"birth_date": "hôm qua"},
        {"tax_code": "12"},
        {"copies": "0"},
        {"copies": "-1"},
        {"copies": "1000"},
        {"copies": "1.5"},
        {"copies": "9" * 5000},
        {"document": "Tờ khai"},
        {"document": "Tờ khai=1"},
        {"document": "Tờ khai=a/b"},
        {"document": "=1/0"},
        {"document": "Tờ khai=-1/0"},
        {"document": "Tờ khai=1/9999"},
        {"official_code": "abc"},
        {"official_code": "TAM-01-261123-0001"},
        {"limit": "soon"},
        {"limit": "0cd"},
        {"received_at": "2026-11-23T09:01"},
        {"received_at": "2026-02-30T09:00"},
        {"received_at": "1066-10-14T09:00"},
        {"submitted_at": "never"},
        {"promised_due": "2026-11-22T09:00", "paper_number": "1"},
        {"by": "B" * 151},
        {"by": "😀"},
        {"card_qr": "045085001234|"},
        {"card_qr": "045085001234||Nguyễn Văn Đức|02011985|Nam"},
        {"card_qr": "|" * 6},
        {"card_qr": "x" * 100_000},
        {"applicant": "x" * 100_000},
        {"id_kind": "visa"},
        {"sex": "khác"},
        {"channel": "fax"},
        {"result_to": "home"},
        {"nonsense": "1"},
    ],
    ids=lambda options: str(options)[:60],
)
def test_a_value_that_cannot_be_used_is_told_in_one_line(desk, options):
    line = desk.refused(*_receive(desk, **options))
    assert len(line) < 2000
    assert desk.done("list") == []


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Nguye\u0302\u0303n Va\u0306n Đu\u031b\u0301c", "Nguyễn Văn Đức"),
        ("  Nguyễn \t Văn\u00a0Đức ", "Nguyễn Văn Đức"),
        ("Nguyễn\x07 Văn\x1b Đức\u200b", "Nguyễn Văn Đức"),
        ("Robert'); DROP TABLE dossier;--", "Robert'); DROP TABLE dossier;--"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("<b>&amp;", "<b>&amp;"),
        ("N" * 150, "N" * 150),
    ],
)
def test_a_value_that_can_be_used_is_tidied_and_kept(desk, given_name, kept):
    received = desk.done(*_receive(desk, applicant=given_name))
    assert received["applicant_name"] == kept
    assert desk.checks_hold
    name = desk.folder / "receipt.pdf"
    assert desk("print", "receipt", received["code"], "-o", name).status == 0
    assert name.read_bytes().startswith(b"%PDF")


def test_an_unknown_procedure_and_no_applicant_are_told(desk):
    assert "9.9" in desk.refused("receive", "--procedure", "9.9", "--applicant", "A")
    assert "--applicant" in desk.refused(*RECEIVE)
    assert "--procedure" in desk.refused("receive", "--applicant", "A")


def test_bytes_that_are_no_text_are_refused_at_the_door(desk):
    for word in ("\udce1\udcba", "a\0b"):
        desk.refused(*RECEIVE, "--applicant", word)
        desk.refused("search", word)
        desk.refused("show", word)
    assert desk.done("list") == []


def test_a_code_that_is_no_code_is_not_found(desk):
    desk.receive()
    for code in ("", " ", "%", "*", "' OR 1=1 --", "TAM", "x" * 100_000, "TAM-01-261123-0002"):
        desk.refused("show", code)
        desk.refused("complete", code)


def test_a_word_without_end_is_looked_for_and_not_forgiven(desk):
    # Its slips were hundreds of thousands of words as long: minutes, then more than a query takes.
    for word in ("a" * 6000, "đ" * 20_000):
        assert desk.done("search", word) == []


def test_several_faults_are_told_together_in_one_line(desk):
    line = desk.refused(*_receive(desk, applicant="", phone="12", email="x"))
    assert "điện thoại" in line.lower()
    assert "email" in line.lower()


@pytest.mark.parametrize(
    "words",
    [
        ("frob",),
        ("--frob",),
        ("--data",),
        ("list", "extra"),
        ("list", "--status", "lost"),
        ("list", "--limit", "-1"),
        ("list", "--limit", "nhiều"),
        ("list", "--as-of", "2026-11-23"),
        ("list", "--late=yes"),
        ("search",),
        ("show",),
        ("settings", "change"),
        ("procedures", "drop"),
        ("procedures", "import", "no-such-file.json"),
        ("report", "--from", "0001-01-01", "--to", "2026-11-30"),
        ("report", "--from", "2026-11-01", "--to", "9999-12-31"),
        ("report", "--from", "0001-01-01", "--to", "9999-12-31", "--by", "month", "-o", "r.xlsx"),
        ("calendar", "show", "hai nghìn"),
        ("calendar", "show", "٢٠٢٦"),
        ("calendar", "show", "99999"),
        ("calendar", "import", "."),
        ("print", "letter", "X", "-o", "x.pdf"),
        ("print", "receipt", "-o", "x.pdf"),
        ("print", "receipt", "TAM-01-261123-0001"),
        ("import", "no-such-file.csv"),
        ("import", "."),
        ("import", "x" * 300),
        ("import", ""),
        ("restore", "x" * 300),
        ("backup", "x" * 300),
        ("procedures", "import", "x" * 300 + ".csv"),
        ("calendar", "import", "/".join(["x"] * 4000)),
        ("due", "--cases", "x" * 300),
        ("--data", "", "list"),
        ("--data", "x" * 300, "list"),
        ("--database", "x" * 300, "list"),
        ("demo", "month"),
        ("reschedule", "X", "--reason", "y"),
        ("setup", "--office", "A"),
        ("setup", "--office", "", "--parent", "B"),
        ("setup", "--office", "A" * 201, "--parent", "B"),
        ("setup", "--office", "A", "--parent", "B", "--counter-number", "0"),
        ("setup", "--office", "A", "--parent", "B", "--counter-number", "100"),
        ("setup", "--office", "A", "--parent", "B", "--agency-code", "?"),
        ("apologies", "--issue"),
        ("apologies", "-o", "x.pdf"),
        ("apologies", "--as-of", "2026-11-24T09:00", "--issue", "--signer", "A"),
    ],
    ids=lambda words: " ".join(words)[:60],
)
def test_a_line_that_cannot_be_understood_changes_nothing(desk, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    desk.refused(*words)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),
        ("a.json", b"[1, 2]"),
        ("a.json", b"\xff\xfe\x00"),
        ("a.json", b"[" * 100_000),
        ("a.json", b'[{"code": "1"}]'),
        ("a.csv", b""),
        ("a.csv", b"code,name\n,\n"),
        ("a.csv", b'code,name\n"1.1,"'),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.xlsx", b"no workbook"),
    ],
)
@pytest.mark.parametrize("verb", ["procedures", "calendar"])
def test_a_broken_file_takes_nothing_in(desk, tmp_path, verb, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    before = desk.done("procedures", "list"), desk.done("calendar", "show", "2026")
    said = desk(verb, "import", path)
    assert said.status in {0, 2}, said
    assert (desk.done("procedures", "list"), desk.done("calendar", "show", "2026")) == before


anything = st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
    | st.sampled_from("ăâđêôơư|/=%'\"*-. 0123"),
    max_size=300,
)


def test_any_text_in_any_option_is_saved_whole_or_refused(desk):
    @settings(max_examples=150)
    @given(st.dictionaries(st.sampled_from(TEXT_OPTIONS), anything, min_size=1, max_size=4))
    def receive(options):
        words = list(RECEIVE)
        options.setdefault("applicant", "Nguyễn Văn Đức")
        words += [f"--{name}={value}" for name, value in options.items()]
        said = desk(*words, "--json")
        assert said.status in {0, 2}, (words, said)
        if said.status == 0:
            assert desk.done("show", said.json["uuid"])["code"] == said.json["code"]
        else:
            assert len(said.err.splitlines()) == 1

    receive()
    assert desk.checks_hold


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(anything | st.sampled_from(["--json", "--at", "list", "show"]), max_size=4))
def test_any_words_behind_a_verb_end_in_an_answer_or_one_line(desk, words):
    for verb in ("show", "search", "settings", "calendar", "list"):
        said = desk(verb, *words)
        assert said.status in {0, 2}, (verb, words, said)
        if said.status == 2:
            assert len(said.err.splitlines()) == 1
