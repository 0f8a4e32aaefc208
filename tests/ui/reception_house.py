"""A house for the reception page: everything it may ask, answered from lists in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from counter_app.domain.catalogue import Fee, Procedure, RequiredDocument, confirm
from counter_app.domain.facts import DossierRow, PersonFacts, Quote, Received
from counter_app.domain.moments import to_epoch
from counter_app.domain.proof import Step, StepKind
from counter_app.domain.vietnamese import fold
from counter_app.errors import NotFoundError
from counter_app.ui.reception_desk import ReceptionDesk

MORNING = datetime(2026, 11, 23, 9, 12, 40)

MARRIAGE = Procedure(
    code="1.004873",
    name="Cấp Giấy xác nhận tình trạng hôn nhân",
    aliases=("giấy độc thân",),
    limit="3wd",
    fee=Fee(15000),
    required_documents=(
        RequiredDocument("Tờ khai", "form", originals=1),
        RequiredDocument("Giấy tờ chứng minh", "submit", copies=1, required=False),
    ),
    confirmed=True,
    unconfirmed=(),
)
COPY = Procedure(
    code="2.000815",
    name="Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan có thẩm quyền cấp",
    short_name="Chứng thực bản sao từ bản chính",
    aliases=("sao y",),
    limit="0wd",
    fee=Fee(2000, "trang"),
    confirmed=True,
    unconfirmed=(),
)
BIRTH = Procedure(
    code="1.001193",
    name="Đăng ký khai sinh",
    limit="1wd",
    unconfirmed=("limit", "fee"),
)
LIMITLESS = Procedure(code="1.009999", name="Thủ tục chưa có thời hạn", unconfirmed=("limit",))


def a_row(number=7, *, name="Nguyễn Thị Ngọc Ánh", code="", procedure=MARRIAGE):
    """Return a line of a table as the services give it."""
    received = datetime(2026, 11, 20, 9, 0)
    return DossierRow(
        id=number,
        uuid=f"uuid-{number}",
        code=code or f"TAM-01-261120-{number:04d}",
        official_code=None,
        applicant_name=name,
        birth_date=None,
        address="",
        phone="",
        procedure_code=procedure.code,
        procedure_name=procedure.name,
        received_at=to_epoch(received),
        due_at=to_epoch(received + timedelta(days=6)),
        legal_due_at=None,
        expected_due_at=None,
        late_due_at=None,
        provisional=0,
        status="received",
        channel="counter",
        timeliness=None,
        completed_at=None,
        closed_at=None,
        returned_at=None,
        reception_officer="Lê Thị A",
        handling_officer="",
        resolving_unit="",
        source="typed",
    )


class House:
    """Remembers what was saved, printed and drafted; answers what a test puts in."""

    def __init__(self):
        self.now = MORNING
        self.procedures = {p.code: p for p in (MARRIAGE, COPY, BIRTH, LIMITLESS)}
        self.people = {}
        self.phones = {}
        self.open_dossiers = []
        self.refusals = []  # raised by the next savings, in order
        self.print_errors = []
        self.draft_errors = []
        self.draft = None
        self.saved = []
        self.clock_confirmed = []
        self.printed = []
        self.reissued = []
        self.rows = []
        self.confirmed = []
        self.due = datetime(2026, 11, 26, 17, 0)
        self.quotes = []
        self.provisional = False
        self.warnings = []

    def desk(self):
        return ReceptionDesk(
            clock=lambda: self.now,
            clerk=lambda: "Lê Thị A",
            receive=self._receive,
            quote=self._quote,
            match=self._match,
            procedure=self._procedure,
            confirm_procedure=self._confirm,
            known_person=self.people.get,
            people_by_phone=lambda phone: self.phones.get(phone, []),
            duplicates=self._duplicates,
            recent=lambda: list(self.rows),
            person_of=lambda uuid: PersonFacts(name="Hồ Văn Ương", citizen_id="045085001234"),
            issue_again=self._issue_again,
            print_paper=self._print,
            save_draft=self._save_draft,
            load_draft=lambda: self.draft,
            drop_draft=self._drop_draft,
            is_attended=lambda: True,
            note_person=lambda: None,
        )

    def _match(self, text):
        wanted = fold(text)
        return [
            p
            for p in self.procedures.values()
            if any(wanted in fold(words) for words in (p.name, *p.aliases))
        ]

    def _procedure(self, code):
        if code not in self.procedures:
            raise NotFoundError(f"Không có thủ tục mã “{code}”.", field="procedure_code")
        return self.procedures[code]

    def _quote(self, code, at, limit):
        self.quotes.append((code, at, limit))
        found = self.procedures[code]
        if not (limit or found.limit):
            raise NotFoundError("Thủ tục này chưa có thời hạn trong danh mục.", field="limit")
        days = [at.date() + timedelta(days=n) for n in range((self.due.date() - at.date()).days)]
        steps = [Step(day, StepKind.COUNTED, "", None, f"{day:%d/%m}: ngày") for day in days]
        steps.append(Step(self.due.date(), StepKind.DUE, "", None, f"{self.due:%d/%m}: hẹn trả"))
        return Quote(
            due_at=self.due,
            limit_words="3 ngày làm việc",
            counting="day",
            provisional=self.provisional,
            steps=tuple(steps),
            promised_that_day=14,
            promised_around=(
                (date(2026, 11, 25), 9),
                (self.due.date(), 14),
                (date(2026, 11, 27), 0),
            ),
            fee_text=found.fee.describe(),
            needs_confirmation="limit" in found.to_ask and not limit,
        )

    def _confirm(self, code, answer):
        self.confirmed.append((code, answer))
        found = confirm(
            self.procedures[code],
            decision=answer.decision,
            valid_from=date(2026, 11, 23),
            limit=answer.limit,
            cutoff=answer.cutoff,
            fee=answer.fee,
        )
        self.procedures[code] = found
        return found

    def _duplicates(self, number, _tax_code, code):
        return [
            row for who, row in self.open_dossiers if who == number and row.procedure_code == code
        ]

    def _receive(self, request, *, clock_confirmed):
        self.clock_confirmed.append(clock_confirmed)
        if self.refusals:
            raise self.refusals.pop(0)
        self.saved.append(request)
        number = len(self.saved)
        row = a_row(number, name=request.applicant_name)
        self.rows.insert(0, row)
        self.open_dossiers.append((request.citizen_id, replace_code(row, request.procedure_code)))
        return Received(
            id=number,
            uuid=row.uuid,
            code=row.code,
            official_code=None,
            due_at=self.due,
            provisional=False,
            paper_uuid=f"paper-{number}",
            warnings=tuple(self.warnings),
        )

    def _print(self, paper_uuid):
        if self.print_errors:
            raise self.print_errors.pop(0)
        self.printed.append(paper_uuid)

    def _issue_again(self, uuid):
        self.reissued.append(uuid)
        return f"again-{uuid}"

    def _save_draft(self, body):
        if self.draft_errors:
            raise self.draft_errors.pop(0)
        self.draft = (body, self.now)

    def _drop_draft(self):
        self.draft = None


def replace_code(row, procedure_code):
    """Return the row for another procedure."""
    return row._replace(procedure_code=procedure_code)


__all__ = ["BIRTH", "COPY", "LIMITLESS", "MARRIAGE", "MORNING", "House", "a_row", "replace"]
