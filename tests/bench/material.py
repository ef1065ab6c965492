"""Where the benches find their material: the folder named by SHARED, or the one beside us."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))
ADAPTER = Path(__file__).with_name("newsroom_adapter.py")


@contextmanager
def newsroom(*options: str, port: int) -> Iterator[dict[str, Any]]:
    """Serve a newsroom on loopback; yield its inventory, with the inventory's file in ``ready``."""
    with tempfile.TemporaryDirectory(prefix="newsroom") as folder:
        ready = Path(folder) / "ready.json"
        names = ("--names", "")  # links by address: nothing has to resolve
        arguments = (*options, *names, "--port", str(port), "--ready-file", str(ready))
        process = subprocess.Popen(
            [sys.executable, str(SHARED / "newsroom" / "newsroom.py"), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise SystemExit("the newsroom did not start; is SHARED right?")
                time.sleep(0.05)
            yield {**json.loads(ready.read_text()), "ready": ready}
        finally:
            process.terminate()
            process.wait()


def ask(inventory: dict[str, Any], path: str) -> Any:
    """Ask the newsroom's control for ``path``."""
    with urlopen(inventory["control"] + path, timeout=60) as reply:
        return json.load(reply)


def collect(ready: Path, state: Path, *, gap: float = 0.0) -> subprocess.Popen[bytes]:
    """Start the adapter on the world of ``ready``, in a group of processes of its own."""
    out = state / "out.jsonl"
    arguments = ("--feeds", str(ready), "--out", str(out), "--state", str(state))
    return subprocess.Popen(
        [sys.executable, str(ADAPTER), *arguments],
        env={**os.environ, "SOLIDARITY_GAP": str(gap)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def measure(script: str, *arguments: str, result_at: int = 0) -> Iterator[dict[str, Any]]:
    """Run a script of the newsroom's harness on our adapter; yield what it measured.

    ``result_at`` is the place of the result's file among its arguments.
    """
    harness = SHARED / "newsroom" / "harness"
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        result = Path(folder) / "result.jsonl"
        filled = [*arguments[:result_at], str(result), *arguments[result_at:]]
        environment = {
            **os.environ,
            "ADAPTER": f"{sys.executable} {ADAPTER}",
            "PYTHONDONTWRITEBYTECODE": "1",  # the material is read only
        }
        subprocess.run(
            [sys.executable, script, *filled],
            cwd=harness,
            env=environment,
            stdout=sys.stderr,
            check=True,
        )
        yield from map(json.loads, result.read_text("utf-8").splitlines())


def load_script(file: Path) -> Any:
    """Return a script of the material, such as a scorer, as a module."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if not spec or not spec.loader:
        raise SystemExit(f"{file} cannot be loaded; is SHARED right?")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
