"""A group at the reception form: several dossiers typed one after another, saved and printed once.

One person's procedures, or one procedure for several persons: what is common stays in the form,
the rest is typed; F9 saves all of them in one transaction and prints their receipts as one job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.reception_fields import ElidedLabel
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_promise import Promise
from counter_app.ui.reception_request import build_request
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.domain.facts import ReceiveRequest

SAME_PERSON, SAME_PROCEDURE = "person", "procedure"
_MOMENTS = ("received_at", "expected_due_at", "promised_due")


@dataclass(frozen=True, slots=True)
class Member:
    """One dossier of a group as it was typed: the form's values and what it is promised by."""

    name: str
    procedure: str
    values: dict[str, Any]
    terms: dict[str, Any] = field(default_factory=dict)

    def request(self, by: str) -> ReceiveRequest:
        """Return what is to be saved."""
        return build_request(self.values, by=by, **self.terms)

    def to_draft(self) -> dict[str, Any]:
        """Return plain data for a draft."""
        terms = dict(self.terms)
        for key in _MOMENTS:
            terms[key] = None if terms.get(key) is None else terms[key].isoformat()
        return {
            "name": self.name,
            "procedure": self.procedure,
            "values": self.values,
            "terms": terms,
        }

    @classmethod
    def from_draft(cls, body: dict[str, Any]) -> Member:
        """Read what ``to_draft`` wrote."""
        terms = dict(body["terms"])
        for key in _MOMENTS:
            terms[key] = None if terms.get(key) is None else datetime.fromisoformat(terms[key])
        return cls(body["name"], body["procedure"], body["values"], terms)


class GroupStrip(QWidget):
    """The line that names the dossiers of the group; it stands only while there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self.setFixedHeight(metrics().field_height)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(metrics().step(2))
        self._caption = QLabel()
        set_tone(self._caption, "warning")
        self._text = ElidedLabel()
        self.edit_button = ActionButton(self.tr("Sửa mục cuối"), key="Ctrl+Y", kind="quiet")
        line.addWidget(self._caption)
        line.addWidget(self._text, 1)
        line.addWidget(self.edit_button)
        self.hide()

    def show_members(self, members: Sequence[Member]) -> None:
        """Name them in their order, or hide."""
        count = len(members)
        self._caption.setText(self.tr("Nhóm {count} hồ sơ chờ lưu:").format(count=count))
        named = [f"{n}. {m.name} – {m.procedure}" for n, m in enumerate(members, 1)]
        self._text.setText("  ·  ".join(reversed(named)))
        self.setVisible(bool(members))

    def text(self) -> str:
        """Return what the strip says."""
        return f"{self._caption.text()} {self._text.text()}"


class ReceptionGroup(QObject):
    """Keeps the members and what stays in the form from one to the next."""

    changed = Signal()
    members_changed = Signal(int)  # how many wait to be saved

    def __init__(
        self,
        form: ReceptionForm,
        promise: Promise,
        parent: QWidget,
        *,
        person_fields: Sequence[str],
        start_anew: Callable[[], None],
    ) -> None:
        """``start_anew`` empties the form for the next dossier."""
        super().__init__(parent)
        self._form = form
        self._promise = promise
        self._person_fields = tuple(person_fields)
        self._start_anew = start_anew
        self._carried: dict[str, Any] | None = None
        self.members: list[Member] = []
        self.strip = GroupStrip(parent)

    def _show(self) -> None:
        self.strip.show_members(self.members)
        self.members_changed.emit(len(self.members))

    def is_begun(self) -> bool:
        """Say whether dossiers wait to be saved together."""
        return bool(self.members)

    def is_form_done(self) -> bool:
        """Say whether nothing was typed since the last one was added."""
        return self._form.is_untouched() or self._form.values() == self._carried

    def add(self, terms: dict[str, Any]) -> None:
        """Take what stands in the form as the next dossier of the group."""
        form, found = self._form, self._form.procedure_value()
        name = form.value("org_name") or form.value("applicant_name")
        label = "" if found is None else found.label
        self.members.append(Member(name, label, form.values(), terms))
        self._show()

    def go_on(self, keep: str) -> None:
        """Make the form ready for the next one; the person or the procedure stays."""
        form, promise = self._form, self._promise
        values, found = form.values(), form.procedure_value()
        rows = form.documents.list.rows()
        begun, reason = promise.begun, promise.moment_reason
        self._start_anew()
        promise.begun, promise.moment_reason = begun, reason
        promise.show_moment()
        if keep == SAME_PERSON:
            form.fill({name: values[name] for name in self._person_fields})
            form.go_to("procedure_code")
        else:
            kept = ("submitter_id", "submitter_name", "competent_unit", "result_to", "channel")
            form.fill({name: values[name] for name in kept})
            form.set_procedure(found, rows=rows)
            promise.requote()
            form.go_to("citizen_id")
        self._carried = form.values()
        self.changed.emit()

    def take(self, place: int) -> Member:
        """Take one out of the group, to mend it in the form; ``place`` counts from one."""
        member = self.members.pop(place - 1)
        self._carried = None
        self._show()
        return member

    def move_beginnings(self, leap: timedelta) -> None:
        """Move what was stamped along with a clock that was set right."""
        for member in self.members:
            if not member.terms["received_reason"]:  # else it was set by hand
                member.terms["received_at"] += leap

    def forget(self) -> None:
        """Be ready for the next citizen: the group is saved, or was thrown away on purpose."""
        self.members = []
        self._carried = None
        self._show()

    def requests(self, by: str) -> list[ReceiveRequest]:
        """Return what is to be saved, in the order it was typed."""
        return [member.request(by) for member in self.members]

    def to_draft(self) -> dict[str, Any]:
        """Return what a draft keeps: the members, and what was only carried over."""
        return {
            "members": [member.to_draft() for member in self.members],
            "carried": self._carried,
        }

    def from_draft(self, body: dict[str, Any]) -> None:
        """Take up a draft's group."""
        self.members = [Member.from_draft(one) for one in body.get("members", ())]
        self._carried = body.get("carried")
        self._show()


def form_values(known: dict[str, Any]) -> dict[str, Any]:
    """Return an earlier dossier's facts by the form's fields."""
    values = {key: str(value or "") for key, value in known.items() if key != "procedure_code"}
    if values.pop("owner_kind") == "organisation":
        values["org_name"] = values.pop("applicant_name")
        values["applicant_name"] = values.pop("submitter_name")
        values["citizen_id"] = values.pop("submitter_id")
    return values
