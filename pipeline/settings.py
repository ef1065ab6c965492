"""What can be chosen, with the defaults and their reasons.

Options of the command line win over the environment, which wins over these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from pipeline.errors import ConfigError
from pipeline.intervals import Bounds
from pipeline.wording import LANGUAGES

#: A named robot is what RFC 9309 (2.2.1) asks for; courtesy also asks for a contact,
#: which only the operator can give.
USER_AGENT = "solidarity-digest/0.1 (weekly digest of one holiday; no contact set)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice of one run. Times are seconds, sizes are bytes."""

    sources: str = "sources.yaml"
    database_url: str = "sqlite:///db/news.db"
    reports: str = "reports"
    pages: str = ""  # empty: the folder `pages` beside the database
    language: str = "en"  # of the digest's own words, one of `wording.LANGUAGES`
    reports_url: str = ""  # where the folder of digests is served; empty: nowhere

    #: For `digest --mail`, which reads them. The first may hold a password, so nothing shows it.
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    mail_to: str = ""

    user_agent: str = USER_AGENT
    #: Between two requests to one host; a host's own crawl-delay wins if longer.
    gap: float = 2.0
    #: For one request with all its redirects, whatever drips.
    request_time: float = 30.0
    connect_time: float = 10.0
    hosts_at_once: int = 32
    #: Most feeds are below 1 MB, most pages below 500 kB; the caps are against traps.
    feed_bytes: int = 15_000_000
    page_bytes: int = 5_000_000
    robots_bytes: int = 512_000  # RFC 9309, 2.5: at least 500 KiB
    redirects: int = 10
    #: A feed with more is a dump, not a window on the newest.
    feed_entries: int = 1_000
    #: Seconds between two polls of a feed, for `schedule` and `--due`: at the beginning, and the
    #: bounds within which it adapts. The busiest feeds known show the last five hours.
    first_interval: float = 3_600.0
    shortest_interval: float = 900.0
    longest_interval: float = 86_400.0
    #: Networks that are not public and may be asked all the same (demo, tests).
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    #: Host names that are dialled elsewhere, as ``curl --connect-to`` does.
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def bounds(self) -> Bounds:
        """Between what the intervals of feeds move."""
        return Bounds(
            shortest=timedelta(seconds=self.shortest_interval),
            longest=timedelta(seconds=self.longest_interval),
            first=timedelta(seconds=self.first_interval),
        )

    @property
    def pages_folder(self) -> str:
        """Where the raw pages lie."""
        if self.pages:
            return self.pages
        scheme, mark, path = self.database_url.partition(":///")
        beside = path.rpartition("/")[0] if mark and scheme.startswith("sqlite") else "db"
        return f"{beside}/pages" if beside else "pages"


#: Environment variable → field.
_TEXTS = {
    "SOLIDARITY_SOURCES": "sources",
    "SOLIDARITY_DATABASE_URL": "database_url",
    "SOLIDARITY_REPORTS": "reports",
    "SOLIDARITY_PAGES": "pages",
    "SOLIDARITY_LANGUAGE": "language",
    "SOLIDARITY_REPORTS_URL": "reports_url",
    "SOLIDARITY_SMTP_URL": "smtp_url",
    "SOLIDARITY_MAIL_FROM": "mail_from",
    "SOLIDARITY_MAIL_TO": "mail_to",
    "SOLIDARITY_USER_AGENT": "user_agent",
}
_SECONDS = {
    "SOLIDARITY_GAP": "gap",
    "SOLIDARITY_FIRST_INTERVAL": "first_interval",
    "SOLIDARITY_SHORTEST_INTERVAL": "shortest_interval",
    "SOLIDARITY_LONGEST_INTERVAL": "longest_interval",
}
_NETWORKS = "SOLIDARITY_ALLOW_NETWORKS"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the defaults with what the environment says otherwise.

    Raises:
        ConfigError: a variable cannot be used.

    >>> read_settings({"SOLIDARITY_GAP": "0.5"}).gap
    0.5
    """
    texts: dict[str, Any] = {
        name: environment[key] for key, name in _TEXTS.items() if environment.get(key)
    }
    seconds: dict[str, Any] = {
        name: _seconds(key, environment[key])
        for key, name in _SECONDS.items()
        if environment.get(key)
    }
    settings = replace(Settings(), **texts, **seconds)
    if settings.language not in LANGUAGES:
        raise ConfigError(
            f"SOLIDARITY_LANGUAGE: none of {', '.join(LANGUAGES)}: {settings.language!r}"
        )
    if settings.shortest_interval > settings.longest_interval:
        raise ConfigError(
            "SOLIDARITY_SHORTEST_INTERVAL is longer than SOLIDARITY_LONGEST_INTERVAL: "
            f"{settings.shortest_interval:g} > {settings.longest_interval:g} seconds"
        )
    if networks := environment.get(_NETWORKS):
        settings = replace(settings, allowed_networks=_networks(networks))
    return settings


def _seconds(key: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ConfigError(f"{key}: not a number of seconds: {value!r}")
    return seconds


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise ConfigError(f"{_NETWORKS}: {error}; write 127.0.0.0/8, 10.1.0.0/16") from error
