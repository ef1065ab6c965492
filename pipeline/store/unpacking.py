"""The bytes of a file that others have made, unpacked if it is gzip, whatever state it is in."""

import zlib
from dataclasses import dataclass
from typing import BinaryIO

#: Bytes read or unpacked at a time.
CHUNK = 65_536

_GZIP = 16 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in a file where something is wrong; what stands there is passed over."""

    offset: int  # bytes; of the record, or of the gzip member in which it is
    what: str


class Stream:
    """The bytes of a file from a place on, in memory that does not grow with it.

    Where the file is cut or damaged the stream ends, and ``flaw`` says so: gzip is whole only
    with the checksum at its end.
    """

    def __init__(self, handle: BinaryIO, start: int = 0) -> None:
        self._handle = handle
        handle.seek(start)
        self._packed = handle.read(len(_MAGIC))
        self.is_packed = self._packed == _MAGIC
        if not self.is_packed:
            handle.seek(start)
            self._packed = b""
        self._inflater: zlib._Decompress | None = None
        self._member = start
        self._bytes = b""
        self._at = 0
        self.flaw: Damage | None = None

    @property
    def position(self) -> int:
        """How far the file was read, bytes."""
        return self._handle.tell() - len(self._packed)

    @property
    def offset(self) -> int:
        """Where in the file the next byte stands; in gzip, where its member begins."""
        if self.is_packed:
            return self._member
        return self._handle.tell() - len(self._bytes) + self._at

    def has_more(self) -> bool:
        """Whether there is a next byte."""
        return self._at < len(self._bytes) or self._fill()

    def goes_on_with(self, begin: bytes) -> bool:
        """Whether these are the next bytes."""
        while len(self._bytes) - self._at < len(begin) and self._fill():
            pass
        return self._bytes.startswith(begin, self._at)

    def line(self, most: int) -> bytes:
        """Take a line with its end; at most so many bytes of it."""
        searched = self._at
        while (end := self._bytes.find(b"\n", searched)) < 0:
            searched = len(self._bytes) - self._at
            if searched >= most or not self._fill():
                return self._cut(most)
        return self._cut(min(end + 1 - self._at, most))

    def take(self, size: int) -> bytes:
        """Take so many bytes; at the end what is left."""
        pieces = []
        while size and self.has_more():
            pieces.append(self._cut(size))
            size -= len(pieces[-1])
        return b"".join(pieces)

    def skip(self, size: int) -> int:
        """Pass over so many bytes; return how many there were."""
        left = size
        while left and self.has_more():
            left -= len(self._cut(left))
        return size - left

    def skip_line_ends(self) -> int:
        """Pass over line ends; return how many there were."""
        count = 0
        while self.has_more() and self._bytes[self._at] in b"\r\n":
            count += self._cut(1) == b"\n"
        return count

    def _cut(self, most: int) -> bytes:
        piece = self._bytes[self._at : self._at + most]
        self._at += len(piece)
        return piece

    def _fill(self) -> bool:
        """Get more bytes; tell whether there are any."""
        if self.flaw:
            return False
        more = self._unpacked() if self.is_packed else self._handle.read(CHUNK)
        self._bytes, self._at = self._bytes[self._at :] + more, 0
        return bool(more)

    def _unpacked(self) -> bytes:
        try:
            while inflater := self._inflater or self._next_member():
                if unpacked := self._inflated(inflater):
                    return unpacked
        except zlib.error as error:
            self.flaw = Damage(self._member, f"damaged gzip ({error})")
        except EOFError:
            self.flaw = Damage(self._member, "cut short")
        return b""

    def _next_member(self) -> "zlib._Decompress | None":
        """Go to the next member; zeros between two are padding."""
        while not (packed := self._packed.lstrip(b"\0")):
            self._packed = self._handle.read(CHUNK)
            if not self._packed:
                return None
        self._packed = packed
        self._member = self._handle.tell() - len(packed)
        self._inflater = zlib.decompressobj(_GZIP)
        return self._inflater

    def _inflated(self, inflater: "zlib._Decompress") -> bytes:
        if not self._packed:
            self._packed = self._handle.read(CHUNK)
            if not self._packed:
                raise EOFError
        unpacked = inflater.decompress(self._packed, CHUNK)
        if inflater.eof:
            self._packed, self._inflater = inflater.unused_data, None
        else:
            self._packed = inflater.unconsumed_tail
        return unpacked
