"""Where the benches find their material: the folder named by SHARED, or the one beside us."""

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
