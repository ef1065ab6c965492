"""A page that kills its reader is rejected; the others in hand are read all the same."""

import os
import signal
import threading
from functools import partial

from pipeline.jobs.readers import Readers, Result
from pipeline.jobs.reading import ReadingTask, read_in_process
from pipeline.model import ReadArticle, Reason, Rejection, Topic
from tests.fakes import page, source

HTML = (
    "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>The Solidarity Day of "
    "World Azerbaijanis was marked on the pier, and about two hundred people came to see the "
    "lanterns.</p></article></body></html>"
)


def task(number: int) -> ReadingTask:
    body = HTML.format(f"Lanterns on pier {number}").encode()
    outlet = source("a")
    reply = page(f"http://a.example/{number}", body)
    return ReadingTask(page=reply, source=outlet, title="", published_at=None)


def fail(_: ReadingTask) -> Result:
    raise LookupError("a bug")


def die_of_the_seventh(one: ReadingTask) -> Result:
    """Stands for a page that makes the parser's own code crash."""
    if one.page.url.endswith("/7"):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_in_process(one)


def read_all(readers: Readers, tasks: list[ReadingTask]) -> list[Result | BaseException]:
    results: dict[str, Result | BaseException] = {}
    told = threading.Semaphore(0)

    def done(url: str, result: Result | BaseException) -> None:
        results[url] = result
        told.release()

    for one in tasks:
        readers.read(one, partial(done, one.page.url))
    for _ in tasks:
        assert told.acquire(timeout=60)
    return [results[one.page.url] for one in tasks]


def test_the_page_that_kills_is_rejected_and_no_other(topic: Topic) -> None:
    with Readers(topic, read=die_of_the_seventh) as readers:
        results = read_all(readers, [task(number) for number in range(12)])
        later = read_all(readers, [task(20)])
    kinds = [type(result) for result in (*results, *later)]
    assert kinds == [*[ReadArticle] * 7, Rejection, *[ReadArticle] * 5]
    assert isinstance(results[7], Rejection)
    assert results[7].reason is Reason.UNREADABLE


def test_a_bug_in_reading_is_handed_over(topic: Topic) -> None:
    with Readers(topic, read=fail) as readers:
        [result] = read_all(readers, [task(1)])
    assert isinstance(result, LookupError)
