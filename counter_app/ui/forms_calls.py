"""What the editor of forms may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class FormsCalls:
    """The use cases of the editor: forms and versions as services hand them out."""

    forms: Callable[[], Sequence[Any]]
    versions: Callable[[], Sequence[Any]]
    preview: Callable[[str, Mapping[str, str]], bytes]
    save: Callable[[Mapping[str, str], date, str], str]
    today: Callable[[], date]


def forms_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> FormsCalls:
    """Bind the services to one store."""
    from counter_app.services import form_versions

    def save(texts: Mapping[str, str], valid_from: date, source: str) -> str:
        return form_versions.save_texts(
            store, texts, valid_from=valid_from, source=source, by=clerk(), now=clock()
        )

    return FormsCalls(
        forms=lambda: form_versions.edited_forms(store, now=clock()),
        versions=lambda: form_versions.versions(store),
        preview=lambda place, texts: form_versions.preview_texts(store, place, texts, now=clock()),
        save=save,
        today=lambda: clock().date(),
    )
