"""The raw pages, in the web archive's own format (WARC 1.1, ISO 28500).

One file a run, one compressed record a page, so any standard tool reads them.
The body is kept as it came over the wire: it is what the host sent, and it is
already compressed.

A run's file has a name that no other run has, so archives may share a folder.
The name stands in the database before the file is made. A record counts only
when a row names it; what a killed run left behind its last named record is cut
off by the next one, and no other file is ever touched.
"""

import gzip
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedWriter, BytesIO
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import StoreError
from pipeline.model import Page


class PageLocation(NamedTuple):
    """Where a raw page lies: a file in the pages folder, offset and size in bytes."""

    file: str
    start: int
    size: int


class PageArchive:
    """The folder of WARC files. All that fails with it is a StoreError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = ""
        self._handle: BufferedWriter | None = None

    @property
    def host_locks(self) -> Path:
        """The file beside the folder by which processes ask hosts in turn."""
        return self._folder.with_name(f"{self._folder.name}.hosts")

    def begin(self, name: str) -> None:
        """Let what is appended from now on go to the new file ``name``, made when needed."""
        self.close()
        self._name = name

    def cut(self, name: str, end: int) -> None:
        """Cut off what lies behind ``end`` in the file of a killed run; remove an empty one."""
        path = self._folder / name
        with _translated(path):
            if not path.exists():
                return
            if end == 0:
                path.unlink()
            elif path.stat().st_size > end:
                os.truncate(path, end)

    def append(self, page: Page) -> PageLocation:
        """Write a page; it is safe on the disk after the next `sync`."""
        with _translated(self._folder / self._name):
            handle = self._handle or self._make()
            start = handle.tell()
            _write_record(handle, page)
            return PageLocation(self._name, start, handle.tell() - start)

    def sync(self) -> None:
        """Force what was appended to the disk."""
        if self._handle:
            with _translated(self._folder / self._name):
                self._handle.flush()
                os.fsync(self._handle.fileno())

    def read(self, location: PageLocation) -> tuple[bytes, Mapping[str, str]]:
        """Return the decompressed body and the headers of a kept page."""
        path = self._folder / location.file
        with _translated(path):
            with path.open("rb") as handle:
                handle.seek(location.start)
                data = handle.read(location.size)
            for record in ArchiveIterator(BytesIO(data)):
                headers = {k.lower(): v for k, v in record.http_headers.headers}
                return record.content_stream().read(), headers
        raise StoreError(f"no page at {location.start} in {path}")

    def close(self) -> None:
        """Close the file that is being written."""
        handle, self._handle = self._handle, None
        if handle:
            with _translated(self._folder / self._name):
                try:
                    handle.close()
                finally:
                    handle.raw.close()  # a full disk leaves it open

    def _make(self) -> BufferedWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = (self._folder / self._name).open("xb")
        self._handle = handle
        writer = WARCWriter(handle, gzip=True, warc_version="1.1")
        facts = {"software": "solidarity-digest", "format": "WARC File Format 1.1"}
        writer.write_record(writer.create_warcinfo_record(self._name, facts))
        return handle


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ArchiveLoadFailed, ValueError, AttributeError) as error:
        # The last two: what warcio makes of bytes that are no record.
        raise StoreError(f"the raw pages in {path}: {error}") from error


def _write_record(handle: BufferedWriter, page: Page) -> None:
    plain = BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="1.1")
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
    # What came compressed does not get smaller, only later: its record is stored as it is.
    level = zlib.Z_NO_COMPRESSION if page.sent_body else zlib.Z_DEFAULT_COMPRESSION
    handle.write(gzip.compress(plain.getbuffer(), level, mtime=0))
