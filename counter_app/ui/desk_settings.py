"""The page Cài đặt as the window makes it, the windows it opens, and the first set-up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from counter_app.errors import UserError
from counter_app.services import office, rights
from counter_app.ui.buttons import grey_by_role
from counter_app.ui.turns import take_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.services.losses import Loss
    from counter_app.ui.backup_keeper import BackupKeeper
    from counter_app.ui.calendar_calls import CalendarCalls
    from counter_app.ui.calendar_group import CalendarGroup
    from counter_app.ui.catalogue_group import CatalogueGroup
    from counter_app.ui.data_group import DataGroup
    from counter_app.ui.desk_means import Means
    from counter_app.ui.desk_papers import DeskPapers
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.invite_form import InviteForm
    from counter_app.ui.page import Page
    from counter_app.ui.print_desk import PrintDesk


class DeskSettings(QObject):
    """Puts the settings page together when it is wanted; says when something was set."""

    changed = Signal()
    data_replaced = Signal()
    conversion_asked = Signal(object)  # Conversion
    scanner_test_requested = Signal()

    def __init__(
        self,
        means: Means,
        window: MainWindow,
        *,
        papers: DeskPapers,
        prints: PrintDesk,
        keeper: BackupKeeper,
        parent: QObject,
    ) -> None:
        """Dialogs stand over ``window``; nothing is loaded before the page is wanted."""
        super().__init__(parent)
        self._means, self._window = means, window
        self._papers, self._prints, self._keeper = papers, prints, keeper

    def page(self) -> Page:
        """Make the page Cài đặt."""
        from counter_app.ui.settings_page import SettingsPage, settings_calls

        page = SettingsPage(
            settings_calls(self._means.store),
            self._means.runner,
            self._means.interaction,
            catalogue=self._catalogue_group,
            invite=self._invite_form,
            calendar=self._calendar_group,
            data=self._data_group,
        )
        page.settings_changed.connect(self.changed)
        page.scanner_test_requested.connect(self.scanner_test_requested)
        page.trial_print_requested.connect(lambda: self._open_trial_print(page))
        page.forms_edit_requested.connect(lambda: self.edit_forms(page))
        page.books_requested.connect(self.open_books)
        page.users_requested.connect(self._open_users)
        page.audit_requested.connect(self._open_audit)
        page.person_requested.connect(self._open_person)
        return page

    def _catalogue_group(self) -> CatalogueGroup:
        from counter_app.ui.catalogue_form import CatalogueForm, catalogue_calls
        from counter_app.ui.catalogue_group import CatalogueGroup, procedure_calls

        take_turn(self._window)  # loading them took as long as making the group does
        store, clock = self._means.store, self._means.clock
        runner, interaction = self._means.runner, self._means.interaction
        return CatalogueGroup(
            procedure_calls(store, clock=clock),
            CatalogueForm(catalogue_calls(store, clock=clock), runner, interaction),
            interaction,
        )

    def _invite_form(self) -> InviteForm:
        from counter_app.ui.invite_form import InviteForm, invite_calls

        means = self._means
        calls = invite_calls(means.store, clock=means.clock, clerk=means.clerk)
        return InviteForm(calls, means.interaction)

    def _calendar_group(self) -> CalendarGroup:
        from counter_app.ui.calendar_group import CalendarGroup

        take_turn(self._window)
        return CalendarGroup(self._calendar_calls(), self._means.runner, self._means.interaction)

    def _calendar_calls(self) -> CalendarCalls:
        from counter_app.ui.calendar_calls import calendar_calls

        return calendar_calls(
            self._means.store,
            clock=self._means.clock,
            clerk=self._means.clerk,
            print_made=self._papers.print_made,
        )

    def _data_group(self) -> DataGroup:
        from counter_app.ui.data_calls import data_calls
        from counter_app.ui.data_group import DataGroup

        take_turn(self._window)
        calls = data_calls(self._means.store, folder=self._keeper.folder, clock=self._means.clock)
        group = DataGroup(calls, self._keeper.runner, self._means.interaction)
        group.backed_up.connect(self._keeper.take)
        self._keeper.carried.connect(group.follow)
        group.restored.connect(self.data_replaced)
        group.encryption_requested.connect(self.open_encryption)
        group.loss_shown.connect(lambda found: self._open_loss(group, found))
        return group

    # What the page opens

    def open_books(self) -> None:
        """Open the books of the office."""
        from counter_app.ui.books_dialog import BooksDialog, books_calls

        calls = books_calls(
            self._means.store,
            clock=self._means.clock,
            print_pdf=self._papers.print_data,
            save_pdf=self._papers.save,
        )
        BooksDialog(calls, self._means.runner, self._window).exec()

    def edit_forms(self, page: Page) -> None:
        """Open the forms of the papers."""
        from counter_app.ui.forms_calls import forms_calls
        from counter_app.ui.forms_dialog import FormsDialog

        means = self._means
        calls = forms_calls(means.store, clock=means.clock, clerk=means.clerk)
        FormsDialog(
            calls, runner=means.runner, interaction=means.interaction, parent=self._window
        ).exec()
        page.activated(refresh=True)

    def _open_trial_print(self, page: Page) -> None:
        from counter_app.ui.trial_calls import open_trial

        dialog = open_trial(self._means.store, self._prints, self._window)
        dialog.finished.connect(lambda _result: page.activated(refresh=True))

    def _open_users(self) -> None:
        from counter_app.ui.users_dialog import UsersDialog, users_calls

        calls = users_calls(self._means.store, clock=self._means.clock)
        try:
            dialog = UsersDialog(calls, self._window)
        except UserError as error:
            self._means.interaction.inform(error.message)
            return
        dialog.finished.connect(self.changed)
        dialog.open()

    def _open_audit(self) -> None:
        from counter_app.ui.audit_dialog import AuditDialog, audit_calls

        means = self._means
        calls = audit_calls(means.store, clock=means.clock)
        AuditDialog(calls, means.runner, means.interaction, self._window).open()

    def open_encryption(self) -> None:
        """Open what encrypts the data."""
        from counter_app.ui.encryption_calls import encryption_calls
        from counter_app.ui.encryption_dialog import EncryptionDialog

        means = self._means
        calls = encryption_calls(
            means.store,
            clock=means.clock,
            print_sheet=self._prints.print_unkept,
            leave_for=self.conversion_asked.emit,
        )
        dialog = EncryptionDialog(calls, means.runner, means.interaction, self._window)
        dialog.finished.connect(self.changed)
        dialog.open()

    def _open_loss(self, group: DataGroup, found: Sequence[Loss]) -> None:
        from counter_app.ui.loss_dialog import LossDialog, loss_calls

        means = self._means
        calls = loss_calls(means.store, clock=means.clock, clerk=means.clerk)
        dialog = LossDialog(calls, found, means.runner, means.interaction, self._window)
        dialog.accepted_loss.connect(self._keeper.look_over)
        dialog.accepted_loss.connect(group.check)
        dialog.open()

    def _open_person(self) -> None:
        from counter_app.ui.person_dialog import PersonDialog, person_calls

        means = self._means
        calls = person_calls(means.store, clock=means.clock, clerk=means.clerk)
        dialog = PersonDialog(calls, means.runner, means.interaction, self._window)
        grey_by_role(dialog, partial(rights.beyond_role, means.store))
        dialog.open()

    # The first time

    def set_up_first(self) -> None:
        """Ask for the office in the wizard when it has no name yet; it may be left for later."""
        store = self._means.store
        if office.office(store).is_named:
            return
        from counter_app.ui.trial_calls import open_trial
        from counter_app.ui.wizard import SetupWizard, wizard_calls

        SetupWizard(
            wizard_calls(store),
            parent=self._window,
            interaction=self._means.interaction,
            test_print=lambda over: open_trial(store, self._prints, over),
        ).exec()
        self.changed.emit()
