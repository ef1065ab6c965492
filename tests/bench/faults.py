"""Every fault of the newsroom, one at a time between two healthy hosts; prints the table.

`PYTHONPATH=. .venv/bin/python tests/bench/faults.py [--only ID,ID] [--at-once N]`. Survived
and right are as the newsroom's README defines them. The exit code is 0 if all are right.
"""

import argparse
import sys

from tests.bench.material import measure

ROW = "{fault:28} {cls:13} {survived:9} {right:6} {wall:>7} {cpu:>6} {rss:>7}  {why}\n"


def main() -> int:
    """Run the bench; return 0 if every fault was survived and right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="dev", help="ids, parted by commas [all of dev]")
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    heads = {"fault": "fault", "cls": "class", "survived": "survived", "right": "right"}
    more = {"wall": "wall s", "cpu": "CPU s", "rss": "MB", "why": ""}
    sys.stdout.write(ROW.format(**heads, **more))
    trials = list(measure("bench_faults.py", str(options.at_once), options.only, "ours"))
    for one in sorted(trials, key=lambda trial: (trial["right"], trial["cls"], trial["fault"])):
        yes = {name: "yes" if one[name] else "NO" for name in ("survived", "right")}
        why = "; ".join(map(str, [*one["fails"], *one["soft"]]))
        sys.stdout.write(ROW.format(**{**one, **yes, "why": why}))
    survived = sum(one["survived"] for one in trials)
    right = sum(one["right"] for one in trials)
    peak = max((one["rss"] for one in trials), default=0.0)
    sys.stdout.write(
        f"{len(trials)} faults: {survived} survived, {right} right; "
        f"the most memory was {peak:.0f} MB\n"
    )
    return 0 if trials and right == len(trials) else 1


if __name__ == "__main__":
    sys.exit(main())
