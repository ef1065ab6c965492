"""How long a world takes when a gap is kept, beside the bound that the gap gives.

`PYTHONPATH=. .venv/bin/python tests/bench/gap.py [--gap 1.0]`. A host with n pages is asked
n + 2 times (robots.txt, feed), so no collector that keeps the gap is done sooner than
n + 1 gaps and one reply.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.material import ask, collect, newsroom

HOSTS, ITEMS, LATENCY = 10, 40, 0.05


def main() -> int:
    """Run the bench; return 0 if the gap was kept and all was collected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gap", type=float, default=1.0, help="seconds")
    parser.add_argument("--port", type=int, default=8940)
    options = parser.parse_args()
    world = ("--hosts", str(HOSTS), "--items", str(ITEMS), "--prebuild")
    latency = ("--latency-ms", str(int(1000 * LATENCY)))
    with (
        tempfile.TemporaryDirectory(prefix="gap") as folder,
        newsroom(*world, *latency, port=options.port) as inventory,
    ):
        begun = time.monotonic()
        code = collect(inventory["ready"], Path(folder), gap=options.gap).wait()
        wall = time.monotonic() - begun
        asked = ask(inventory, "/__stats__")
    bound = (ITEMS + 1) * options.gap + LATENCY
    sys.stdout.write(
        f"gap {options.gap} s: wall {wall:.2f} s, bound {bound:.2f} s, ratio {wall / bound:.3f}; "
        f"shortest gap {asked['gap_min_ms']:.0f} ms, {asked['kinds'].get('page', 0)} pages\n"
    )
    kept = asked["gap_min_ms"] >= 1000 * options.gap
    return 0 if code == 0 and kept and asked["kinds"].get("page") == HOSTS * ITEMS else 1


if __name__ == "__main__":
    sys.exit(main())
