"""What the operator wrote of how single hosts are asked (pure).

A source is one outlet, but a promise is made to a host: two sources on one host share its
manners, and a page of an outlet that a redirect leads to is asked by the manners of the host
on which it lies.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.model import Source
from pipeline.web.pacing import host_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How one host is asked, where that differs from the settings."""

    gap: float | None = None  # seconds between two requests; None: as the settings say
    user_agent: str | None = None  # None: as the settings say
    verify_tls: bool = True  # False: encrypted, but with whoever answers


#: Of a host of which nobody wrote anything.
USUAL = Manners()
#: By `host_of`; nothing was written of any host.
NO_MANNERS: Mapping[str, Manners] = MappingProxyType({})


def manners_of(sources: Iterable[Source]) -> dict[str, Manners]:
    """Return the manners that ``sources`` ask for, by `host_of` their feeds and homepage.

    Where sources share a host, the longer gap holds, the first User-Agent that is named, and
    the certificate is verified if one of them wants it. A gap that is not written is no
    opinion: the written one holds, be it shorter than that of the settings.
    """
    found: dict[str, Manners] = {}
    for source in sources:
        wanted = Manners(gap=source.gap, user_agent=source.user_agent, verify_tls=source.verify_tls)
        for host in _hosts(source):
            found[host] = _stricter(found[host], wanted) if host in found else wanted
    return {host: manners for host, manners in found.items() if manners != USUAL}


def _hosts(source: Source) -> Iterator[str]:
    urls = [feed.url for feed in source.feeds]
    if source.homepage:
        urls.append(source.homepage)
    yield from {host_of(url): None for url in urls}


def _stricter(one: Manners, other: Manners) -> Manners:
    gaps = [manners.gap for manners in (one, other) if manners.gap is not None]
    return Manners(
        gap=max(gaps, default=None),
        user_agent=one.user_agent or other.user_agent,
        verify_tls=one.verify_tls or other.verify_tls,
    )
