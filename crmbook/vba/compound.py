"""The file that a VBA project is: storages and streams in sectors, a compound file (MS-CFB, version 3)."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

SECTOR, MINI, CUTOFF = 512, 64, 4096  # bytes: of a sector, of a mini sector, of a stream that has sectors of its own
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # what a sector's entry says instead of a next one (2.1)
NO_ENTRY = 0xFFFFFFFF  # points at no entry of the directory (2.6.1)
UNUSED, STORAGE, STREAM, ROOT = 0, 1, 2, 5
RED, BLACK = 0, 1
SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
IN_HEADER = 109  # sectors of the allocation table that the header names (2.2): room for 7 MB

Tree: TypeAlias = "Mapping[str, bytes | Tree]"


@dataclass
class _Entry:
    """One entry of the directory (2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = BLACK
    left: int = NO_ENTRY
    right: int = NO_ENTRY
    child: int = NO_ENTRY
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        """Its 128 bytes; class, state and times are left blank."""
        name = f"{self.name}\0".encode("utf-16-le") if self.name else b""
        links = struct.pack("<HBBIII", len(name), self.kind, self.colour, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", self.start, self.size)


@dataclass
class _Sectors:
    """Sectors of one size, and the chains they form (2.3, 2.4)."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    chains: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Adds a stream; answers with its first sector."""
        if not data:
            return END
        first, count = len(self.chains), -(-len(data) // self.size)
        self.chains += [*range(first + 1, first + count), END]
        self.content += data.ljust(count * self.size, b"\0")
        return first


def compound(tree: Tree) -> bytes:
    """A compound file with these streams, and storages that hold streams of their own."""
    entries = [_Entry("Root Entry", ROOT)]
    _fill(entries, 0, tree)
    sectors, mini = _Sectors(SECTOR), _Sectors(MINI)
    for entry in entries:
        if entry.kind == STREAM:
            entry.size = len(entry.content)
            entry.start = (mini if entry.size < CUTOFF else sectors).put(entry.content)
    entries[0].start, entries[0].size = sectors.put(bytes(mini.content)), len(mini.content)
    mini_table = _numbers(mini.chains)
    mini_start = sectors.put(mini_table)
    entries += [_Entry("", UNUSED, colour=RED) for _ in range(-len(entries) % (SECTOR // 128))]
    directory = sectors.put(b"".join(entry.packed() for entry in entries))
    tables = _tables(len(sectors.chains))
    places = [*range(len(sectors.chains), len(sectors.chains) + tables)]
    header = _header(places, directory, mini_start, len(mini_table) // SECTOR)
    return header + bytes(sectors.content) + _numbers([*sectors.chains, *[TABLE] * tables])


def streams(file: bytes) -> dict[str, bytes]:
    """The streams of a compound file by their path, `VBA/dir`; ValueError for what is none, or a damaged one."""
    if file[:8] != SIGNATURE or file[0x1E:0x20] != b"\x09\0":
        raise ValueError("not a compound file of version 3")
    sectors = [file[at : at + SECTOR] for at in range(SECTOR, len(file), SECTOR)]
    named = struct.unpack_from(f"<{IN_HEADER}I", file, 0x4C)
    table = _read_numbers(b"".join(sectors[at] for at in named if at < len(sectors)))
    directory, _, _, mini_at = struct.unpack_from("<4I", file, 0x30)
    entries = [*struct.iter_unpack("<64sHBBIII36xIQ", _chained(sectors, table, directory))]
    root = entries[0]
    content = _chained(sectors, table, root[7])
    mini = [content[at : at + MINI] for at in range(0, len(content), MINI)]
    mini_table = _read_numbers(_chained(sectors, table, mini_at))
    found: dict[str, bytes] = {}
    waiting, seen = [("", root[6])], set[int]()
    while waiting:
        path, at = waiting.pop()
        if at >= len(entries) or at in seen:
            continue
        seen.add(at)
        name, length, kind, _, left, right, child, start, size = entries[at]
        own = path + name[: max(length - 2, 0)].decode("utf-16-le")
        waiting += [(path, left), (path, right), (f"{own}/", child)]
        if kind == STREAM:
            data = _chained(mini, mini_table, start) if size < CUTOFF else _chained(sectors, table, start)
            found[own] = data[:size]
    return found


def _chained(sectors: Sequence[bytes], table: Sequence[int], first: int) -> bytes:
    """The sectors of a chain; one that turns on itself ends there."""
    chain: dict[int, bytes] = {}
    while first < len(sectors) and first not in chain:
        chain[first] = sectors[first]
        first = table[first] if first < len(table) else END
    return b"".join(chain.values())


def _read_numbers(table: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _fill(entries: list[_Entry], parent: int, tree: Tree) -> None:
    """Adds what a storage holds, as a tree in the order of names: the shorter first, then by their letters (2.6.4)."""
    at = []
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        content = tree[name]
        at.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, STREAM, content))
        else:
            entries.append(_Entry(name, STORAGE))
            _fill(entries, at[-1], content)
    levels = len(at).bit_length()
    entries[parent].child = _balanced(entries, at, levels if len(at) + 1 < 1 << levels else 0)


def _balanced(entries: list[_Entry], at: Sequence[int], red: int) -> int:
    """Links entries that are in order as a red-black tree; answers with the one at its head.

    Halved again and again, all levels are full but the last: with that one `red` (counted from 1, 0 where it is full too)
    every way down passes as many black entries, and no two red ones follow.
    """
    if not at:
        return NO_ENTRY
    middle = len(at) // 2
    entry = entries[at[middle]]
    entry.colour = RED if red == 1 else BLACK
    entry.left, entry.right = _balanced(entries, at[:middle], red - 1), _balanced(entries, at[middle + 1 :], red - 1)
    return at[middle]


def _numbers(chains: Sequence[int]) -> bytes:
    """An allocation table in whole sectors."""
    table = struct.pack(f"<{len(chains)}I", *chains)
    return table.ljust(-(-len(table) // SECTOR) * SECTOR, b"\xff")


def _tables(sectors: int) -> int:
    """How many sectors the allocation table takes that has an entry for so many, and for its own."""
    count, entries = 1, SECTOR // 4
    while count * entries < sectors + count:
        count += 1
    if count > IN_HEADER:
        raise ValueError(f"a project of {sectors * SECTOR} bytes")
    return count


def _header(places: Sequence[int], directory: int, mini_table: int, mini_sectors: int) -> bytes:
    """The header (2.2): where the directory and the allocation tables stand."""
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIII", 0, len(places), directory, 0, CUTOFF)
    head += struct.pack("<IIII", mini_table, mini_sectors, END, 0)
    return head + struct.pack(f"<{IN_HEADER}I", *places, *[FREE] * (IN_HEADER - len(places)))
