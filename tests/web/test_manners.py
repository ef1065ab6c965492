import pytest

from pipeline.model import Feed, PublisherKind, Source
from pipeline.web.manners import Manners, manners_of


def source(
    *feeds: str,
    homepage: str | None = None,
    gap: float | None = None,
    user_agent: str | None = None,
    verify_tls: bool = True,
) -> Source:
    return Source(
        id="outlet",
        name="Outlet",
        publisher=PublisherKind.PRIVATE,
        languages=("az",),
        time_zone="Asia/Baku",
        feeds=tuple(Feed(url=url) for url in feeds),
        homepage=homepage,
        gap=gap,
        user_agent=user_agent,
        verify_tls=verify_tls,
    )


def test_manners_hold_for_the_hosts_of_feeds_and_homepage() -> None:
    written = source(
        "https://feeds.a.example/rss",
        "https://www.a.example/az/rss",
        homepage="http://a.example:8080/",
        gap=6.0,
        user_agent="Mozilla/5.0",
        verify_tls=False,
    )
    manners = Manners(gap=6.0, user_agent="Mozilla/5.0", verify_tls=False)
    assert manners_of([written]) == {"feeds.a.example": manners, "a.example": manners}


def test_of_hosts_of_which_nothing_is_written_nothing_is_said() -> None:
    assert manners_of([source("https://a.example/rss", homepage="https://a.example/")]) == {}


FEED = "https://a.example/rss"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (source(FEED, gap=2.0), source(FEED, gap=5.0), Manners(gap=5.0)),
        (source(FEED, gap=5.0), source(FEED), Manners(gap=5.0)),
        (source(FEED, gap=0.0), source(FEED), Manners(gap=0.0)),
        (source(FEED, verify_tls=False), source(FEED, gap=3.0), Manners(gap=3.0)),
        (
            source(FEED, verify_tls=False),
            source(FEED, verify_tls=False),
            Manners(verify_tls=False),
        ),
        (
            source(FEED),
            source(FEED, user_agent="robot/2"),
            Manners(user_agent="robot/2"),
        ),
    ],
)
def test_of_two_sources_on_one_host_the_stricter_wins(
    one: Source, other: Source, expected: Manners
) -> None:
    assert manners_of([one, other]) == manners_of([other, one]) == {"a.example": expected}


def test_of_two_names_the_first_is_used() -> None:
    written = [source(FEED, user_agent="robot/1"), source(FEED, user_agent="robot/2")]
    assert manners_of(written) == {"a.example": Manners(user_agent="robot/1")}
