"""Whose article it is: the outlet behind an address.

A source names articles of its own, so whatever its feed lists is the source's. An
aggregator names articles of others: their outlet is the one at whose address they
stand, never the aggregator. One that does not stand in sources.yaml is made up from
what is known of it, and filed as found.
"""

from collections.abc import Iterable

from pipeline.countries import home_zone
from pipeline.model import PublisherKind, Source
from pipeline.urls import host_of, site_of


class Outlets:
    """The outlets that are known, by their addresses."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_host: dict[str, Source] = {}
        self._by_site: dict[str, Source] = {}
        self._aggregators: set[str] = set()
        for source in sources:
            self._add(source)

    def _add(self, source: Source) -> None:
        urls = (source.homepage, *(feed.url for feed in source.feeds))
        for url in filter(None, urls):
            if source.is_aggregator:
                self._aggregators.add(site_of(url))
            else:
                self._by_host.setdefault(_main_host(url), source)
                self._by_site.setdefault(site_of(url), source)

    def is_aggregator(self, url: str) -> bool:
        """Tell whether an address is one of an aggregator."""
        return site_of(url) in self._aggregators

    def owner_of(self, outlet: Source) -> str:
        """Return the id of the known source at whose address an outlet stands, or its own id."""
        return self.find(outlet.homepage, via=outlet).id if outlet.homepage else outlet.id

    def find(self, url: str, *, via: Source, name: str = "") -> Source:
        """Return the outlet at whose address ``url`` stands.

        Args:
            url: an http(s) address.
            via: the source through which it was found; one that is not known yet is
                taken to write in its languages.
            name: what that calls the outlet.
        """
        host = _main_host(url)
        known = self._by_host.get(host) or self._by_site.get(site_of(url))
        return known or Source(
            id=host if "." in host else f"{host}.",  # no id of sources.yaml has a dot
            name=name or host,
            publisher=PublisherKind.OTHER,
            languages=via.languages,
            time_zone=home_zone(url) or via.time_zone,
            feeds=(),
            homepage=f"https://{host}/",
            enabled=False,
        )


def _main_host(url: str) -> str:
    return host_of(url).removeprefix("www.")
