"""The reports folder: a digest's files, the front page and the feed.

The folder is its own memory: what was published is read from the JSON in it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.model import Digest
from pipeline.render import (
    PublishedWeek,
    read_published,
    render_feed,
    render_html,
    render_index,
    render_json,
    render_markdown,
    revised,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewReport:
    """What was written about all weeks of the folder."""

    weeks: int
    files: tuple[Path, ...]
    unread: tuple[Path, ...] = ()  # named like a digest's data, but none that we can read


def write_overview(reports: Path, *, language: str = "en") -> OverviewReport:
    """Write the folder's front page and feed from the digests in it; nothing if there is none.

    Raises:
        StoreError: the folder cannot be read or written.
    """
    try:
        found, unread = _read_all(reports)
    except OSError as error:
        raise StoreError(f"cannot read the digests in {reports}: {error}") from error
    if not found:
        return OverviewReport(weeks=0, files=(), unread=unread)
    texts = {
        "index.html": render_index(found, language=language),
        "feed.xml": render_feed(found, language=language),
    }
    return OverviewReport(weeks=len(found), files=_write(reports, texts), unread=unread)


def _read_all(reports: Path) -> tuple[list[PublishedWeek], tuple[Path, ...]]:
    found, unread = [], []
    for path in sorted(reports.glob("[0-9][0-9][0-9][0-9]-W[0-9][0-9].json")):
        published = _read(path)
        if published and str(published.week) == path.stem:
            found.append(published)
        else:
            unread.append(path)
    return found, tuple(unread)


def _read(path: Path) -> PublishedWeek | None:
    """Return what a digest's JSON says; None if there is none that can be read."""
    try:
        return read_published(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def publish(reports: Path, digest: Digest) -> tuple[Digest, tuple[Path, ...]]:
    """Write a digest, as a revision if it was published before and has changed.

    Returns it as it was written, and the files.

    Raises:
        StoreError: a file cannot be read or written.
    """
    try:
        digest = revised(digest, _read(reports / f"{digest.week}.json"))
    except OSError as error:
        raise StoreError(f"cannot write the digest in {reports}: {error}") from error
    texts = {
        f"{digest.week}.html": render_html(digest),
        f"{digest.week}.md": render_markdown(digest),
        # Last: what it says was published, the others show.
        f"{digest.week}.json": render_json(digest),
    }
    return digest, _write(reports, texts)


def _write(reports: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    try:
        reports.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _replace(reports / name, text)
    except OSError as error:
        raise StoreError(f"cannot write the digest in {reports}: {error}") from error
    return tuple(reports / name for name in texts)


def _replace(path: Path, text: str) -> None:
    """Put the whole new file in the place of the old one, or leave the old one."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
