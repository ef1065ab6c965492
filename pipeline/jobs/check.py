"""What the sources answer right now; nothing is stored."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from pipeline.jobs.polling import asking, poll_feed
from pipeline.model import Source
from pipeline.outlets import Outlets
from pipeline.settings import Settings
from pipeline.store.pages import PageArchive
from pipeline.store.polls import Poll
from pipeline.store.sources import FeedState
from pipeline.web.asking import Asker
from pipeline.web.locks import HostLocks
from pipeline.web.manners import manners_of


def check_sources(
    sources: Sequence[Source],
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    show: Callable[[int, int], None],
) -> list[Poll]:
    """Poll each feed of the sources once; return what each answered, in their order."""
    locks = HostLocks(PageArchive(Path(settings.pages_folder)).host_locks)
    asker = Asker(settings, clock=clock, manners=manners_of(sources), locks=locks)
    outlets = Outlets(sources)
    states = [
        FeedState(id=0, source=source, feed=feed) for source in sources for feed in source.feeds
    ]

    def poll(state: FeedState) -> Poll:
        ask = asking(asker, state.feed, settings)
        return poll_feed(state, ask, settings, outlets=outlets, now=clock())

    polls = []
    pool = ThreadPoolExecutor(settings.hosts_at_once)
    try:
        for answered in pool.map(poll, states):
            polls.append(answered)
            show(len(polls), len(states))
    finally:
        asker.stop()
        pool.shutdown(cancel_futures=True)
    return polls
