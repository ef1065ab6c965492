"""kill -9 twenty times at random moments over one world, then one clean run.

Prints the seed and what is in the archive at the end: every article once, the
database sound, and every raw page that is on the disk named by a row.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from tests.bench.material import ask, collect, newsroom

HOSTS, ITEMS = 20, 50


def main() -> int:
    """Run the bench; return 0 if nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--port", type=int, default=8930)
    options = parser.parse_args()
    world = ("--hosts", str(HOSTS), "--items", str(ITEMS), "--latency-ms", "50", "--prebuild")
    with (
        tempfile.TemporaryDirectory(prefix="kill") as folder,
        newsroom(*world, port=options.port) as inventory,
    ):
        state = Path(folder)
        killed = _kill(options, inventory["ready"], state)
        code = collect(inventory["ready"], state).wait()
        asked = ask(inventory, "/__stats__")
        result = {"seed": options.seed, "killed": killed, "exit": code, **_look(state)}
        result["pages asked"] = asked["kinds"].get("page", 0)
        result["most at once on a host"] = asked["simultaneous_max_per_host"]
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    right = result["articles"] == HOSTS * ITEMS and not result["twice"] and not result["orphans"]
    return 0 if right and result["integrity"] == "ok" and code == 0 else 1


def _kill(options: argparse.Namespace, ready: Path, state: Path) -> int:
    chance = random.Random(options.seed)  # noqa: S311 - chance, to be repeated
    killed = 0
    for _ in range(options.kills):
        process = collect(ready, state)
        time.sleep(chance.uniform(0.5, 2.5))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    return killed


def _look(state: Path) -> dict[str, object]:
    texts = [json.loads(line)["text"] for line in (state / "out.jsonl").open()]
    database = sqlite3.connect(state / "news.db")
    [integrity] = database.execute("PRAGMA integrity_check").fetchone()
    named = Counter(dict(database.execute("SELECT file, count(*) FROM page GROUP BY file")))
    database.close()
    on_disk: Counter[str] = Counter()
    for file in (state / "pages").iterdir():
        with file.open("rb") as handle:
            on_disk[file.name] = sum(r.rec_type == "response" for r in ArchiveIterator(handle))
    return {
        "articles": len(set(texts)),
        "twice": len(texts) - len(set(texts)),
        "integrity": integrity,
        "raw pages": on_disk.total(),
        "orphans": (on_disk - named).total(),
        "missing": (named - on_disk).total(),
    }


if __name__ == "__main__":
    sys.exit(main())
