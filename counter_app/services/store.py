"""The store's name for those who only pass it on: the window and the verbs."""

from counter_app.storage.database import Store

__all__ = ["Store"]
