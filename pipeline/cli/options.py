"""What every command takes, and what it is turned into."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import ConfigError
from pipeline.settings import Settings, read_settings
from pipeline.sources import Catalogue, parse_sources

Sources = Annotated[
    str | None,
    typer.Option(
        "--sources",
        metavar="FILE",
        help="The topic and the outlets [SOLIDARITY_SOURCES; sources.yaml].",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The archive [SOLIDARITY_DATABASE_URL; sqlite:///db/news.db].",
    ),
]
Reports = Annotated[
    str | None,
    typer.Option(
        "--reports", metavar="DIR", help="Where digests go [SOLIDARITY_REPORTS; reports]."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the figures as one JSON object on the last line.")
]


def settings_of(
    sources: str | None = None, database: str | None = None, reports: str | None = None
) -> Settings:
    """Return the settings: options before the environment before the defaults.

    Raises:
        ConfigError: the environment or an option cannot be used.
    """
    given = {"sources": sources, "database_url": database, "reports": reports}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name, value in chosen.items():
        if not value.strip():
            raise ConfigError(f"--{name.removesuffix('_url')} is empty")
    return replace(read_settings(os.environ), **chosen)


def read_catalogue(settings: Settings) -> Catalogue:
    """Read sources.yaml.

    Raises:
        ConfigError: it is not there or cannot be used; the message has the line.
    """
    path = Path(settings.sources)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}; name another with --sources") from error
    return parse_sources(text, name=str(path))
