"""The reports folder: a digest's files, the front page and the feed.

The folder is its own memory: what was published is read from the JSON in it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedReport:
    """A digest as it was written, and where."""

    digest: Digest
    files: tuple[Path, ...]
    #: Where what stood there and could not be read as this digest is kept, revisions and all.
    damaged: Path | None = None


def write_overview(reports: Path) -> OverviewReport:
    """Write the folder's front page and feed from the digests in it; nothing if there is none.

    They are in the language of the newest week's digest. A file that is no digest stops
    nothing: it is left out and reported.

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
        "index.html": render_index(found),
        "feed.xml": render_feed(found),
    }
    return OverviewReport(weeks=len(found), files=_write(reports, texts), unread=unread)


def _read_all(reports: Path) -> tuple[list[PublishedWeek], tuple[Path, ...]]:
    found, unread = [], []
    for path in sorted(reports.glob("[0-9][0-9][0-9][0-9]-W[0-9][0-9].json")):
        published = _read(path)
        if published:
            has_page = path.with_suffix(".html").is_file()
            found.append(replace(published, has_page=has_page))
        else:
            unread.append(path)
    return found, tuple(unread)


def _read(path: Path) -> PublishedWeek | None:
    """Return what a digest's JSON says; None if there is none of this week that can be read."""
    try:
        # Anything may lie there: a folder, a pipe that never ends.
        published = read_published(path.read_text("utf-8")) if path.is_file() else None
    except (OSError, ValueError):
        return None
    return published if published and str(published.week) == path.stem else None


def publish(reports: Path, digest: Digest) -> PublishedReport:
    """Write a digest, as a revision if it was published before and has changed.

    What cannot be read where its JSON belongs is put aside and kept, since it may hold
    the only record of earlier revisions.

    Raises:
        StoreError: a file cannot be read or written.
    """
    path = reports / f"{digest.week}.json"
    former = _read(path)
    digest = revised(digest, former)
    texts = {
        f"{digest.week}.html": render_html(digest),
        f"{digest.week}.md": render_markdown(digest),
        # Last: what it says was published, the others show.
        path.name: render_json(digest),
    }
    try:
        damaged = _put_aside(path) if former is None and os.path.lexists(path) else None
    except OSError as error:
        raise StoreError(f"cannot put {path} aside: {error}") from error
    return PublishedReport(digest=digest, files=_write(reports, texts), damaged=damaged)


def _put_aside(path: Path) -> Path:
    """Give what lies at ``path`` the first free name beside it: 2026-W01.json.damaged."""
    names = (f"{path.name}.damaged{n or ''}" for n in count())
    aside = next(other for name in names if not os.path.lexists(other := path.with_name(name)))
    return path.rename(aside)


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
