"""How fast a world is collected, beside the floor measured right before it; prints the table.

`PYTHONPATH=. .venv/bin/python tests/bench/speed.py [--hosts 20] [--items 50]`. The floor is the
same bytes over one connection for each host, parsed by lxml alone. Two runs: a fresh archive,
and the same again over an unchanged world.
"""

import argparse
import sys

from tests.bench.material import measure

LIMIT = "600"  # seconds


def main() -> int:
    """Run the bench; return 0 if every article was collected once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--items", type=int, default=50)
    options = parser.parse_args()
    hosts, items = options.hosts, options.items
    runs = list(measure("bench_clean.py", str(hosts), str(items), LIMIT, "ours", result_at=3))
    for one in runs:
        floor, pages = one["cal_wall"], one["kinds"].get("page", 0)
        sys.stdout.write(
            f"{hosts} × {items}, run {one['run']}: {one['articles']} articles, "
            f"{one['doubled']} doubled, {one['complete']} complete, "
            f"{one['boiler']} with furniture\n"
            f"  {pages} pages, {one['status']}, {one['bytes']:,} bytes\n"
            f"  wall {one['wall']:.2f} s, floor {floor:.2f} s, ratio {one['wall'] / floor:.2f}; "
            f"CPU {one['cpu']:.2f} s, {1000 * one['cpu'] / (hosts * items):.1f} s a thousand; "
            f"peak {one['rss']:.0f} MB; load before {one['load']}\n"
            f"  at most {one['simultaneous_max_per_host']} at once on a host\n"
        )
    whole = all(one["articles"] == hosts * items and not one["doubled"] for one in runs)
    return 0 if runs and whole else 1


if __name__ == "__main__":
    sys.exit(main())
