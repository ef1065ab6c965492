"""Let one extractor read the pages of gold files, in a process of its own.

`python run_peer.py NAME OUT GOLD… [--step 1] [--seed 0] [--turns]` writes a line {"id", "text",
"title", "date", "lang", "ms", "peak_mb", "error"} for each page: CPU of the call, and the most
memory that the process has held so far. It needs no more than the standard library and the
extractor, so that it runs in the peers' environment. With ``--turns`` it reads the next ``TURN``
pages whenever a line comes in, and writes one back: so processes take turns, and whatever else
the machine does meets all of them alike.
"""

import argparse
import base64
import gzip
import json
import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.bench.extraction.extractors import EXTRACTORS, Extract

#: Pages: enough that caches are warm for most of them, few enough that turns come often.
TURN = 25
KIB_IN_MIB = 1024


def main() -> int:
    """Read the pages; pages on which the extractor fails are written as such."""
    options = _options()
    turns = _keep_stdout()
    logging.disable(logging.CRITICAL)
    socket.socket.connect = _refuse  # type: ignore[method-assign]
    socket.getaddrinfo = _refuse
    extract = EXTRACTORS[options.name].load()
    with options.out.open("w", encoding="utf-8") as out:
        for number, page in enumerate(_pages(options.gold, options.step, options.seed)):
            if options.turns and number % TURN == 0:
                _wait_for_turn(turns, number)
            if number == 0:
                _read(extract, page)  # what is loaded by a first call is no page's cost
            out.write(json.dumps(_read(extract, page)) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=EXTRACTORS)
    parser.add_argument("out", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", action="store_true")
    return parser.parse_args()


def _keep_stdout() -> IO[str]:
    """Return stdout for the turns alone; what extractors print goes to stderr."""
    turns = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return turns


def _refuse(*_: object, **__: object) -> NoReturn:
    """Stand in for the network: what an extractor says is to come from the page alone."""
    raise OSError("no network here")


def _pages(golds: list[Path], step: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield every ``step``-th page, one at a time: a heap of them would hide the peak."""
    for gold in golds:
        with gzip.open(gold, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % step == seed % step:
                    yield json.loads(line)


def _wait_for_turn(turns: IO[str], number: int) -> None:
    turns.write(f"{number}\n")
    turns.flush()
    if not sys.stdin.readline():
        raise SystemExit("nobody waits for these pages any more")


def _read(extract: Extract, page: dict[str, Any]) -> dict[str, Any]:
    url = page.get("url") or ""
    if not url.startswith("http"):  # none, or a name; what stands in must look like no front page
        url = f"https://{page['domain']}/unknown.html"
    html = page["html"] if "html" in page else base64.b64decode(page["html_b64"])
    said: dict[str, Any] = {"text": ""}
    started = time.process_time()
    try:
        said = extract(html, url, str(page["domain"]))
    except Exception as error:  # noqa: BLE001 - foreign parsers raise anything; it is counted
        said["error"] = f"{type(error).__name__}: {error}"
    spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_IN_MIB
    return {"id": page["id"], **said, "ms": round(1000 * spent, 3), "peak_mb": round(peak, 1)}


if __name__ == "__main__":
    sys.exit(main())
