"""The peak of memory of `solidarity backfill` does not grow with the file.

Takes in a WARC file of 200 pages and one of 4,000, each in a process of its own, and prints
the resident peak of each (of the process that files, and of the largest that reads) and how
long it took. `PYTHONPATH=. .venv/bin/python tests/bench/backfill_memory.py`
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.warc import reply, warc

ROOT = Path(__file__).parents[2]
#: The program, which at its end prints what it and its largest process took, in kB.
PROGRAM = """
import resource
from pipeline.cli.door import main
try:
    main()
finally:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    print([resource.getrusage(one).ru_maxrss for one in whose])
"""
#: How much more the large file may take.
MOST = 1.3
#: One page in so many is about the holiday.
ABOUT = 50
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>
<a href="/">Front page</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"""
SYLLABLES = ("ba", "re", "lo", "mi", "tu", "na", "se", "ko", "da", "vi")


def main() -> int:
    """Run the bench; return 0 if both peaks are flat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs=2, default=(200, 4_000))
    few, many = (_measure(number) for number in parser.parse_args().pages)
    growth = max(large / small for small, large in zip(few, many, strict=True))
    sys.stdout.write(f"growth {growth:.2f}, may be {MOST}\n")
    return 0 if growth <= MOST else 1


def _measure(pages: int) -> list[int]:
    """Return the peaks, in kB."""
    with tempfile.TemporaryDirectory(prefix="backfill") as name:
        folder = Path(name)
        shutil.copy(ROOT / "sources.yaml", folder)
        with (folder / "crawl.warc.gz").open("wb") as file:
            file.writelines(_record(number) for number in range(pages))
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "backfill", "crawl.warc.gz", "--json"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
        seconds = time.monotonic() - began
    *_, figures, peaks = done.stdout.splitlines()
    files, reads = json.loads(peaks)
    stored = json.loads(figures)["stored"]
    told = f"{pages} pages, {stored} stored: {files / 1e3:.0f} MB files, {reads / 1e3:.0f} MB reads"
    sys.stdout.write(f"{told}, {seconds:.1f} s\n")
    return [files, reads]


def _record(number: int) -> bytes:
    return warc(reply(f"http://paper{number % 90}.example/{number}", _page(number)))


def _page(number: int) -> bytes:
    """Return a page whose text is no copy of another's."""
    chance = random.Random(number)  # noqa: S311 - the same pages each time
    name = "Solidarity Day of World Azerbaijanis" if number % ABOUT == 0 else "Regatta of the bay"
    title = f"{name}, evening {number}"
    paragraphs = "".join(
        f"<p>The {name} brought {' '.join(_word(chance) for _ in range(30))} to the harbour.</p>"
        for _ in range(12)
    )
    return PAGE.format(title=title, paragraphs=paragraphs).encode()


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(3))


if __name__ == "__main__":
    sys.exit(main())
