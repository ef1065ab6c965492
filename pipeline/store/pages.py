"""The raw pages, in the web archive's own format (WARC 1.1, ISO 28500).

One file a day, one compressed record a page, so any standard tool reads them.
The body is kept as it came over the wire: it is what the host sent, and it is
already compressed. A record counts only when a database row names it; what a
killed run left behind the last named record is cut off when the next opens.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import StoreError
from pipeline.model import Page


@dataclass(frozen=True, slots=True)
class PageLocation:
    """Where a raw page lies: a file in the pages folder, offset and size in bytes."""

    file: str
    start: int
    size: int


class PageArchive:
    """The folder of WARC files; one writer at a time (the archive's lock sees to it)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = ""
        self._handle: BinaryIO | None = None

    def heal(self, ends: Mapping[str, int]) -> int:
        """Cut off what no row names; return the bytes cut.

        Args:
            ends: for each file, the end of its last named record.
        """
        cut = 0
        for path in sorted(self._folder.glob("*.warc.gz")):
            end = ends.get(path.name, 0)
            size = path.stat().st_size
            if size < end:
                raise StoreError(f"{path} is shorter than the pages it should hold")
            if end == 0:
                path.unlink()
            elif size > end:
                os.truncate(path, end)
            cut += size - end
        return cut

    def append(self, page: Page, *, now: datetime) -> PageLocation:
        """Write a page; it is safe on the disk after the next `sync`."""
        handle = self._open(f"pages-{now:%Y%m%d}.warc.gz")
        start = handle.tell()
        _write_record(handle, page)
        return PageLocation(self._name, start, handle.tell() - start)

    def sync(self) -> None:
        """Force what was appended to the disk."""
        if self._handle:
            self._handle.flush()
            os.fsync(self._handle.fileno())

    def read(self, location: PageLocation) -> tuple[bytes, Mapping[str, str]]:
        """Return the decompressed body and the headers of a kept page.

        Raises:
            StoreError: the file is missing or the record cannot be read.
        """
        path = self._folder / location.file
        try:
            with path.open("rb") as handle:
                handle.seek(location.start)
                data = handle.read(location.size)
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error}") from error
        for record in ArchiveIterator(BytesIO(data)):
            headers = {k.lower(): v for k, v in record.http_headers.headers}
            return record.content_stream().read(), headers
        raise StoreError(f"no page at {location.start} in {path}")

    def close(self) -> None:
        """Close the file that is being written."""
        if self._handle:
            self.sync()
            self._handle.close()
        self._handle, self._name = None, ""

    def _open(self, name: str) -> BinaryIO:
        if self._handle and self._name == name:
            return self._handle
        self.close()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = (self._folder / name).open("ab")
        except OSError as error:
            raise StoreError(f"cannot write {self._folder / name}: {error}") from error
        self._handle, self._name = handle, name
        if handle.tell() == 0:
            writer = WARCWriter(handle, gzip=True, warc_version="1.1")
            facts = {"software": "solidarity-digest", "format": "WARC File Format 1.1"}
            writer.write_record(writer.create_warcinfo_record(name, facts))
        return handle


def _write_record(handle: BinaryIO, page: Page) -> None:
    writer = WARCWriter(handle, gzip=True, warc_version="1.1")
    body = page.sent_body or page.body
    dropped = {"transfer-encoding", "content-length"}
    if not page.sent_body:
        dropped.add("content-encoding")  # the body is the decoded one
    sent = [(name, value) for name, value in page.headers.items() if name not in dropped]
    headers = StatusAndHeaders(
        f"{page.status} OK", [*sent, ("content-length", str(len(body)))], protocol="HTTP/1.1"
    )
    record = writer.create_warc_record(
        page.final_url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    writer.write_record(record)
