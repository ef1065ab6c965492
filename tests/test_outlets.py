"""The outlet is the one at whose address an article stands, never the aggregator."""

import pytest

from pipeline.model import Feed, PublisherKind, Source
from pipeline.outlets import Outlets


def source(name: str, publisher: PublisherKind, *feeds: str, homepage: str | None = None) -> Source:
    return Source(
        id=name,
        name=name.title(),
        publisher=publisher,
        languages=("az", "ru"),
        time_zone="Asia/Baku",
        feeds=tuple(Feed(url=url) for url in feeds),
        homepage=homepage,
    )


PAPER = source("paper", PublisherKind.PRIVATE, "https://paper.az/rss")
RUSSIAN = source("paper-ru", PublisherKind.PRIVATE, "https://ru.paper.az/rss")
SEARCH = source(
    "search",
    PublisherKind.AGGREGATOR,
    "https://api.search.example/doc",
    homepage="https://search.example",
)
OUTLETS = Outlets([PAPER, RUSSIAN, SEARCH])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.paper.az/news/1", "paper"),
        ("http://en.paper.az/1", "paper"),
        ("https://ru.paper.az/1", "paper-ru"),
        ("https://other.az/1", "other.az"),
        ("https://www.other.az/1", "other.az"),
    ],
)
def test_the_outlet_is_found_by_the_address(url: str, expected: str) -> None:
    assert OUTLETS.find(url, via=SEARCH).id == expected


def test_an_unknown_outlet_is_what_is_known_of_it() -> None:
    found = OUTLETS.find("https://other.az/1", via=SEARCH, name="The Other")
    assert (found.name, found.publisher, found.enabled) == ("The Other", PublisherKind.OTHER, False)
    assert found.time_zone == "Asia/Baku", "of its country"
    assert found.languages == SEARCH.languages


def test_an_aggregators_other_hosts_are_the_aggregators() -> None:
    assert OUTLETS.is_aggregator("https://www.search.example/away?id=1")
    assert not OUTLETS.is_aggregator("https://paper.az/1")
