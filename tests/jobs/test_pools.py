"""Processes get what they are given, do not hear Ctrl-C and end with their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.jobs.pools import available_cores, start_readers


def test_readers_get_what_they_are_given() -> None:
    with start_readers(os.umask, (0o37,), processes=1) as readers:
        assert readers.submit(os.umask, 0o37).result(timeout=60) == 0o37


def test_there_are_as_many_readers_as_cores_that_may_be_used() -> None:
    if not hasattr(os, "sched_setaffinity"):
        assert available_cores() == os.cpu_count()
        return
    one = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
    one += "from pipeline.jobs.pools import available_cores, start_readers; "
    one += "print(available_cores(), start_readers(print, ())._max_workers)"
    done = subprocess.run([sys.executable, "-c", one], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1"]


_INTERRUPTED = """
import os, time
from pipeline.jobs.pools import start_readers
if __name__ == "__mp_main__":
    print("importing", flush=True)
    time.sleep(0.5)
if __name__ == "__main__":
    with start_readers(os.getpid, (), processes=1) as readers:
        future = readers.submit(os.getpid)
        try:
            future.result()
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        print(future.result() > 0, flush=True)
"""


def test_ctrl_c_does_not_reach_a_reader_that_is_starting(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(_INTERRUPTED)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # not ignored: inherited
    try:
        parent = subprocess.Popen(
            [sys.executable, str(program)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "importing\n"
    os.killpg(parent.pid, signal.SIGINT)
    output, errors = parent.communicate(timeout=60)
    assert (output, errors) == ("interrupted\nTrue\n", "")


_PARENT = """
import os, sys
from pipeline.jobs.pools import start_readers
def nothing(): pass
if __name__ == "__main__":
    readers = start_readers(os.getpid, (), processes=1)
    print(readers.submit(os.getpid).result(), flush=True)
    sys.stdin.read()
"""


def test_readers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(_PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    reader = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    parent.stdin.close()
    for _ in range(200):
        if not _is_alive(reader):
            return
        time.sleep(0.05)
    pytest.fail("the reader outlived its parent by ten seconds")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
