"""WARC files as crawlers write them; made by warcio, or by hand where it would not."""

import gzip
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.store.crawls import CrawlFile, recognize

HTML = (("Content-Type", "text/html; charset=utf-8"),)
#: When these crawls were made, unless a test says otherwise.
CRAWLED = "2025-12-31T18:30:00Z"


def reply(
    url: str,
    body: bytes,
    *,
    status: str = "200 OK",
    headers: Sequence[tuple[str, str]] = HTML,
    kind: str = "response",
    date: str = CRAWLED,
    **more: str,
) -> bytes:
    """A record of an HTTP reply, not packed, as WARC/1.0; ``more``: of its own head."""
    http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if status else None
    number = uuid5(NAMESPACE_URL, url + kind)  # not by chance: the bytes shall be the same
    named = {"WARC-Date": date, "WARC-Record-ID": f"<urn:uuid:{number}>"}
    facts = {**named, **{name.replace("_", "-"): value for name, value in more.items()}}
    file = BytesIO()
    writer = WARCWriter(file, gzip=False, warc_version="1.0")
    record = writer.create_warc_record(
        url,
        kind,
        payload=BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_headers_dict=facts,
    )
    writer.write_record(record)
    return file.getvalue()


def warc(record: bytes, *, packed: bool = True) -> bytes:
    """The record as it stands in a file."""
    return gzip.compress(record, mtime=0) if packed else record


def write(path: Path, *records: bytes, packed: bool = False) -> CrawlFile:
    """Write records to a file."""
    path.write_bytes(b"".join(warc(record, packed=packed) for record in records))
    return recognize(path)
