"""The content of a part deflated, big ones beside what else is done."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from zlib_ng import zlib_ng as zlib

from crmbook.ooxml.refs import Kept

BESIDE_ABOVE = 1 << 20  # above this, a part is packed by another thread
FAST_ABOVE = 1 << 16  # above this, deflate at level 5: half the time of level 6 for a hundredth more bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """Content ready to be an entry: deflated, with its size and checksum; `sound` if it was found to be what it should be, but
    for the rows `kept`, which a sheet has from the source."""

    data: bytes
    size: int
    crc: int
    sound: bool = False
    kept: Sequence[Kept] = ()

    @classmethod
    def of(cls, content: bytes) -> "Packed":
        """The content packed; big parts fast, small ones well."""
        packer = zlib.compressobj(5 if len(content) > FAST_ABOVE else 6, zlib.DEFLATED, -15)
        return cls(packer.compress(content) + packer.flush(), len(content), zlib.crc32(content))

    def content(self) -> bytes:
        """What was packed."""
        return zlib.decompress(self.data, -15, self.size)


class Packer:
    """Packs small content at once, and big content beside what the caller does next; there it also asks if it `is_sound`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(thread_name_prefix="packer")

    def pack(
        self, content: bytes, is_sound: Callable[[bytes], bool] = lambda content: False, kept: Sequence[Kept] = ()
    ) -> Future[Packed]:
        """The content packed, or being packed; `kept` goes along."""
        if len(content) > BESIDE_ABOVE:
            return self._threads.submit(lambda: replace(Packed.of(content), sound=is_sound(content), kept=kept))
        return ready(replace(Packed.of(content), kept=kept))


def ready(packed: Packed) -> Future[Packed]:
    """What is packed already, as a packer gives it."""
    future: Future[Packed] = Future()
    future.set_result(packed)
    return future
