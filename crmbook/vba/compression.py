"""The compression of source text and of the project's description (MS-OVBA 2.4.1)."""

import struct

CHUNK = 4096  # bytes of content in each chunk but the last (2.4.1.1.3)
SIGNATURE = b"\x01"  # of a compressed container (2.4.1.1.1)
RAW, PACKED = 0x3000, 0xB000  # a chunk's header: signature 011, above it the flag for packed content (2.4.1.1.5)
SHORTEST = 3  # bytes that a copy token stands for at least (2.4.1.3.19.4)
MOST_TRIED = 64  # earlier places looked at: the source of macros is not much shorter with more


def compress(content: bytes) -> bytes:
    """The content as a compressed container.

    The format has no way to say that a last chunk which cannot be made smaller is shorter than 4096 bytes: such a one
    comes back with zeros behind it (2.4.1.3.10). Text never is.
    """
    return SIGNATURE + b"".join(_chunk(content[at : at + CHUNK]) for at in range(0, len(content), CHUNK))


def decompress(container: bytes) -> bytes:
    """What a compressed container holds (2.4.1.3.1); ValueError for what is none, or a damaged one."""
    if container[:1] != SIGNATURE:
        raise ValueError("not a compressed container")
    out, at = bytearray(), 1
    while at + 2 <= len(container):
        header = int.from_bytes(container[at : at + 2], "little")
        end = at + (header & 0xFFF) + 3
        if header & PACKED == PACKED:
            _unpack(container[at + 2 : end], out)
        else:
            out += container[at + 2 : end]
        at = end
    return bytes(out)


def _unpack(chunk: bytes, out: bytearray) -> None:
    """One chunk of sequences (2.4.1.3.2)."""
    start, at = len(out), 0
    while at < len(chunk):
        flags, at = chunk[at], at + 1
        for bit in range(8):
            if at < len(chunk) and flags >> bit & 1:
                token, at = int.from_bytes(chunk[at : at + 2], "little"), at + 2
                bits = offset_bits(len(out) - start)
                back = (token >> (16 - bits)) + 1
                if back > len(out) - start:
                    raise ValueError("a token that points before its chunk")
                for _ in range((token & (0xFFFF >> bits)) + SHORTEST):
                    out.append(out[-back])
            else:
                out += chunk[at : at + 1]
                at += 1


def _chunk(content: bytes) -> bytes:
    """One chunk with its header (2.4.1.3.7), whose size counts the header and is 3 too low."""
    packed = _packed(content)
    if len(packed) > CHUNK:
        return struct.pack("<H", RAW | (CHUNK + 2 - 3)) + content.ljust(CHUNK, b"\0")
    return struct.pack("<H", PACKED | (len(packed) + 2 - 3)) + packed


def _packed(content: bytes) -> bytes:
    """The content as sequences of eight tokens, each with a byte of flags before it (2.4.1.3.8, 2.4.1.3.9)."""
    out, at = bytearray(), 0
    seen: dict[bytes, list[int]] = {}
    while at < len(content):
        flags_at, flags = len(out), 0
        out.append(0)
        for bit in range(8):
            if at == len(content):
                break
            bits = offset_bits(at)
            place, length = _longest(
                content, at, seen.get(content[at : at + SHORTEST], []), (0xFFFF >> bits) + SHORTEST
            )
            if length:
                flags |= 1 << bit
                out += struct.pack("<H", (at - place - 1) << (16 - bits) | (length - SHORTEST))
            else:
                out.append(content[at])
            for passed in range(at, at + max(length, 1)):
                seen.setdefault(content[passed : passed + SHORTEST], []).append(passed)
            at += max(length, 1)
        out[flags_at] = flags
    return bytes(out)


def offset_bits(at: int) -> int:
    """How many bits of a copy token say how far back it points, after so many bytes of the chunk (2.4.1.3.19.1)."""
    return max((at - 1).bit_length() if at else 0, 4)


def _longest(content: bytes, at: int, places: list[int], most: int) -> tuple[int, int]:
    """Where the longest run of bytes that stand here stood before, and its length; 0 if there is none (2.4.1.3.19.4)."""
    best, longest, most = 0, 0, min(most, len(content) - at)
    for place in reversed(places[-MOST_TRIED:]):
        length = 0
        while length < most and content[place + length] == content[at + length]:
            length += 1
        if length > longest:
            best, longest = place, length
            if length == most:
                break
    return (best, longest) if longest >= SHORTEST else (0, 0)
