"""A host has one worker at a time."""

import threading
import time
from collections import Counter
from functools import partial

from pipeline.jobs.workers import HostQueues


def test_a_host_is_never_worked_on_twice_at_once() -> None:
    hosts = HostQueues()
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()
    done = threading.Semaphore(0)
    guard = threading.Lock()

    def work(host: str) -> None:
        with guard:
            now[host] += 1
            most[host] = max(most[host], now[host])
        time.sleep(0.001)
        with guard:
            now[host] -= 1
        done.release()

    threads = [threading.Thread(target=hosts.work) for _ in range(8)]
    for thread in threads:
        thread.start()
    names = [f"h{n % 3}" for n in range(60)]
    for name in names:
        hosts.put(name, partial(work, name))
    for _ in names:
        assert done.acquire(timeout=10)
    hosts.close()
    for thread in threads:
        thread.join()
    assert most == {"h0": 1, "h1": 1, "h2": 1}


def test_work_of_one_host_is_done_in_its_order() -> None:
    hosts = HostQueues()
    seen: list[int] = []
    end = threading.Event()
    for number in range(20):
        hosts.put("h", partial(seen.append, number))
    hosts.put("h", end.set)
    threads = [threading.Thread(target=hosts.work) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert end.wait(10)
    hosts.close()
    for thread in threads:
        thread.join()
    assert seen == list(range(20))


def test_closing_leaves_the_rest_undone() -> None:
    hosts = HostQueues()
    seen: list[str] = []

    def first() -> None:
        seen.append("first")
        hosts.close()

    hosts.put("h", first)
    hosts.put("h", lambda: seen.append("second"))
    hosts.work()
    assert seen == ["first"]
