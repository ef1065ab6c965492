"""What can be chosen, with the defaults and their reasons.

Options of the command line win over the environment, which wins over these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network


#: A named robot with a contact is what RFC 9309 (2.2.1) and courtesy ask for.
USER_AGENT = "solidarity-digest/0.1 (+https://github.com/solidarity-digest/solidarity)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice of one run. Times are seconds, sizes are bytes."""

    sources: str = "sources.yaml"
    database_url: str = "sqlite:///db/news.db"
    reports: str = "reports"
    pages: str = "db/pages"

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
    #: Networks that are not public and may be asked all the same (demo, tests).
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    #: Host names that are dialled elsewhere, as ``curl --connect-to`` does.
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)


#: Environment variable → field, for texts.
_TEXTS = {
    "SOLIDARITY_SOURCES": "sources",
    "SOLIDARITY_DATABASE_URL": "database_url",
    "SOLIDARITY_REPORTS": "reports",
    "SOLIDARITY_PAGES": "pages",
    "SOLIDARITY_USER_AGENT": "user_agent",
}
