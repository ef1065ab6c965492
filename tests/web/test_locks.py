"""Two processes beside one archive ask a host in turn, and keep its gap between them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.web.locks import HostLocks
from pipeline.web.pacing import Pacer, StoppedError

OTHER = """
import sys, time
from pathlib import Path
from pipeline.web.locks import HostLocks
with HostLocks(Path(sys.argv[1]), make=True).hold("a.example", gap=0.0, wait=time.sleep):
    print("held", flush=True)
    sys.stdin.read(1)
print(time.time(), flush=True)
"""


class Other:
    """Another process that holds a.example until told to let go."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "held\n"

    def let_go(self) -> None:
        self._process.communicate("x", timeout=30)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)


def never(_: float) -> None:
    """Be told to wait where there is nothing to wait for."""
    raise AssertionError("waited")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "db" / "pages.hosts"


def test_a_host_that_another_process_asks_is_waited_for(path: Path) -> None:
    other = Other(path)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            other.let_go()
        time.sleep(seconds)

    locks = HostLocks(path)
    with locks.hold("b.example", gap=5.0, wait=wait):
        assert waited == [], "another host is free"
    with locks.hold("a.example", gap=0.0, wait=wait):
        assert len(waited) >= 3
    locks.close()


def test_a_process_that_is_killed_holds_nothing(path: Path) -> None:
    other = Other(path)
    other.kill()
    locks = HostLocks(path)
    with locks.hold("a.example", gap=0.0, wait=never):
        pass
    locks.close()


def test_the_gap_is_kept_between_processes(path: Path) -> None:
    other = Other(path)
    other.let_go()
    waited: list[float] = []
    locks = HostLocks(path)
    with locks.hold("a.example", gap=60.0, wait=waited.append):
        pass
    locks.close()
    assert len(waited) == 1
    assert 0 < waited[0] <= 60.0


def test_a_run_that_ends_waits_for_nobody(path: Path) -> None:
    other = Other(path)
    locks = HostLocks(path)
    pacer = Pacer(locks=locks, sleep=lambda _: pacer.stop())
    with pytest.raises(StoppedError), pacer.turn("a.example", gap=0.0):
        pytest.fail("the turn came")
    other.let_go()
    locks.close()


def test_without_a_file_all_is_free(path: Path) -> None:
    locks = HostLocks(path)
    with locks.hold("a.example", gap=60.0, wait=never):
        pass
    locks.close()
    assert not path.parent.exists(), "who only looks leaves nothing behind"


def test_closing_while_a_host_is_held_frees_it(path: Path) -> None:
    locks = HostLocks(path, make=True)
    with locks.hold("a.example", gap=0.0, wait=never):
        locks.close()
    other = Other(path)
    other.let_go()
