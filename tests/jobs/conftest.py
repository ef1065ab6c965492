"""The demo newsroom on loopback, and what a collecting run against it needs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from itertools import count
from pathlib import Path

import pytest

from pipeline.demo.content import Newsroom, demo_sources, load_newsroom
from pipeline.demo.server import NewsroomServer
from pipeline.jobs.collect import CollectReport, collect
from pipeline.jobs.readers import Readers
from pipeline.model import Topic
from pipeline.settings import Settings
from pipeline.sources import Catalogue, parse_sources
from pipeline.store.database import Archive
from tests.fakes import NOW
from tests.jobs.press import Press


@pytest.fixture(scope="session")
def topic() -> Topic:
    """The topic of the shipped sources.yaml."""
    text = (Path(__file__).parents[2] / "sources.yaml").read_text("utf-8")
    return parse_sources(text).topic


@pytest.fixture(scope="session")
def readers(topic: Topic) -> Iterator[Readers]:
    """Processes that read pages, the same for all tests."""
    with Readers(topic) as made:
        yield made


@dataclass
class World:
    """The newsroom, an archive, and a way to collect the one into the other."""

    newsroom: Newsroom
    server: NewsroomServer
    archive: Archive
    catalogue: Catalogue
    settings: Settings
    readers: Readers
    ticks: Iterator[int] = field(default_factory=count)

    def clock(self) -> datetime:
        """A clock that goes on, a millisecond each time it is looked at."""
        return NOW + timedelta(milliseconds=next(self.ticks))

    def collect(self, **more: object) -> CollectReport:
        """Collect once, at the moment of the tests."""
        return collect(
            self.archive,
            self.catalogue,
            self.settings,
            clock=self.clock,
            readers=self.readers,
            **more,  # type: ignore[arg-type]
        )

    def with_sources(self, sources: str, **settings: object) -> None:
        """Read other sources (YAML of the list) with the same topic."""
        text = "topic: {name: T, time_zone: UTC, names: {en: [n]}, "
        text += 'season: {start: "12-16", day: "12-31", end: "01-05"}}\n'
        parsed = parse_sources(text + "sources:\n" + sources)
        self.catalogue = Catalogue(
            topic=self.catalogue.topic, sources=parsed.sources, hash=parsed.hash
        )
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]


@pytest.fixture
def world(topic: Topic, readers: Readers, archive: Archive) -> Iterator[World]:
    """A newsroom that has published everything, and an empty archive."""
    newsroom = load_newsroom()
    with NewsroomServer(newsroom) as server:
        settings = Settings(
            gap=0.0,
            request_time=5.0,
            hosts_at_once=8,
            allowed_networks=(ip_network("127.0.0.0/8"),),
            connect_to=server.connect_to,
        )
        catalogue = Catalogue(topic=topic, sources=demo_sources(newsroom), hash="test")
        yield World(newsroom, server, archive, catalogue, settings, readers)


@pytest.fixture
def press(topic: Topic, readers: Readers, archive: Archive) -> Iterator[Press]:
    """A press whose pages the test writes, and an empty archive."""
    made = Press(archive, topic, readers)
    yield made
    made.close()
