"""The workbook while it is open in Excel or LibreOffice; the only room that knows xlwings."""

from typing import Any

__all__ = ["refresh", "refreshed"]


def __getattr__(name: str) -> Any:
    """The two doors come late: a click should not wait for what it does not need."""
    if name in __all__:
        from crmbook.live import refreshing

        return getattr(refreshing, name)
    raise AttributeError(name)
