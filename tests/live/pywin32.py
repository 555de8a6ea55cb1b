"""The module `xlwings._xlwindows`, which Windows alone can load, over stand-ins of what it speaks to Excel with."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import get_ident
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.live.engines import engine_over
from tests.live.grid import ComError

HWND, PID = 77, 1000


class TimeType(datetime):
    """A moment as pywin32 gives it: with a time zone that means nothing."""

    @classmethod
    def of(cls, moment: datetime) -> "TimeType":
        return cls(*moment.timetuple()[:6], moment.microsecond, tzinfo=UTC)


class CDispatch:
    """An object of Excel's. What its class does not have is not there, neither to read nor to set; and it belongs to the thread
    that asked for it: RPC_E_WRONG_THREAD."""

    _thread = 0

    def __getattribute__(self, name: str) -> Any:
        if get_ident() != CDispatch._thread:
            raise ComError(
                "The application called an interface that was marshalled for a different thread.", -2147417842
            )
        return object.__getattribute__(self, name)

    @property
    def _oleobj_(self) -> Any:
        def refuse(lcid: int, name: str) -> None:
            raise ComError(f"Unknown name: {name}", -2147352570)

        return SimpleNamespace(GetIDsOfNames=refuse)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(f"Property {name} can not be set.")
        object.__setattr__(self, name, value)


@contextmanager
def windows() -> Iterator[ModuleType]:
    """xlwings' own classes for Windows."""

    def part(name: str, **held: Any) -> ModuleType:
        found = ModuleType(name)
        found.__dict__.update(held)
        return found

    CDispatch._thread = get_ident()
    client = part(
        "win32com.client", CDispatch=CDispatch, CoClassBaseClass=type("C", (), {}), DispatchBaseClass=type("D", (), {})
    )
    client.__dict__.update(Dispatch=None, DispatchEx=None)
    parts = [
        part("pywintypes", com_error=ComError, error=OSError, TimeType=TimeType, IID=str),
        part("pythoncom", ole_error=ComError, CoInitialize=lambda: None, __file__=""),
        part("win32api", MessageBox=lambda *said: 1),
        part(
            "win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNO=4, MB_YESNOCANCEL=3, MB_ICONINFORMATION=64, MB_ICONWARNING=48
        ),
        part("win32process", GetWindowThreadProcessId=lambda hwnd: (0, PID)),
        part("win32com", client=client),
        client,
        *(part(name) for name in ("win32gui", "win32timezone")),
    ]
    with pytest.MonkeyPatch.context() as patch:
        library = SimpleNamespace(ole32=SimpleNamespace(CLSIDFromString=lambda *_: None))
        patch.setattr(ctypes, "oledll", library, raising=False)
        patch.setattr(ctypes, "windll", library, raising=False)
        patch.setattr(ctypes, "PyDLL", lambda path: SimpleNamespace(PyCom_PyObjectFromIUnknown=SimpleNamespace()))
        with engine_over("_xlwindows", ((one.__name__, one) for one in parts)) as found:
            yield found
