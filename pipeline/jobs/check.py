"""What the sources answer right now; nothing is stored."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from pipeline.jobs.polling import asking, poll_feed
from pipeline.model import Source, Validators
from pipeline.settings import Settings
from pipeline.store.intake import FeedState, Poll
from pipeline.web.asking import Asker


def check_sources(
    sources: Sequence[Source],
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    show: Callable[[int, int], None],
) -> list[Poll]:
    """Poll each feed of the sources once; return what each answered, in their order."""
    asker = Asker(settings, clock=clock)
    states = [
        FeedState(id=0, source=source, feed=feed, validators=Validators())
        for source in sources
        for feed in source.feeds
    ]

    def poll(state: FeedState) -> Poll:
        ask = asking(asker, state.feed, settings)
        return poll_feed(state, ask, settings, now=clock())

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
