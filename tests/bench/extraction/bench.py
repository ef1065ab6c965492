"""How well and how fast articles are extracted, beside the peers in the same run; prints the table.

`make bench-extraction`, or `PYTHONPATH=. .venv/bin/python tests/bench/extraction/bench.py` with
``--quick`` or ``--pages N`` for a sample and ``--only ours,trafilatura`` for some rows. Each
extractor runs in a process of its own, ours in this environment, the peers in `.venv-peers`;
they take turns of some pages, and one reads at a time.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from tests.bench.extraction.extractors import EXTRACTORS
from tests.bench.extraction.scores import Line, Scorer, Scores, read_lines
from tests.bench.extraction.table import render_table
from tests.bench.material import ROOT, SHARED

PEERS = ROOT / ".venv-peers" / "bin" / "python"
RUNNER = Path(__file__).with_name("run_peer.py")
GOLDS = ("dev.jsonl.gz", "dev_meta.jsonl.gz", "dev_segments.jsonl.gz")
#: Every fifth page holds each dataset and takes a fifth of the time.
QUICK_STEP = 5
#: Characters of an error that are shown; some carry a page of advice.
LONGEST_ERROR = 120


def main() -> int:
    """Run the bench; return 0 if every extractor came to the end."""
    options = _options()
    material = options.shared / "bench" / "extraction"
    golds = [material / name for name in GOLDS]
    total = sum(map(_count, golds))
    step = QUICK_STEP if options.quick else max(1, total // (options.pages or total))
    sample = [*map(str, golds), "--step", str(step), "--seed", str(options.seed)]
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        out = options.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        _read_in_turns(options.only, out, sample)
        lines = {name: read_lines(out / f"{name}.jsonl") for name in options.only}
    ids = {line["id"] for told in lines.values() for line in told}
    rows = _score(Scorer(golds, ids, material / "score.py"), lines)
    sys.stdout.write(f"{len(ids)} of {total} pages, seed {options.seed}\n\n{render_table(rows)}")
    return 0


def _score(scorer: Scorer, lines: dict[str, list[Line]]) -> dict[str, Scores]:
    rows = {}
    for name, told in lines.items():
        errors = [" ".join(line["error"].split()) for line in told if "error" in line]
        _tell(
            f"{name} is being scored"
            + (f"; it failed first by {errors[0][:LONGEST_ERROR]}" if errors else "")
        )
        rows[name] = scorer.score(told)
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="every fifth page")
    size.add_argument("--pages", type=int, help="about this many, spread over the material")
    parser.add_argument("--seed", type=int, default=0, help="which pages a sample holds")
    parser.add_argument(
        "--only",
        type=_names,
        default=list(EXTRACTORS),
        help="names, by commas: " + ",".join(EXTRACTORS),
    )
    parser.add_argument("--shared", type=Path, default=SHARED, help="where the material lies")
    parser.add_argument("--out", type=Path, help="keep the predictions in this folder")
    return parser.parse_args()


def _names(told: str) -> list[str]:
    names = told.split(",")
    if unknown := set(names) - EXTRACTORS.keys():
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


def _count(gold: Path) -> int:
    with gzip.open(gold) as lines:
        return sum(1 for _ in lines)


def _read_in_turns(names: Iterable[str], out: Path, sample: list[str]) -> None:
    """Let every extractor read the sample: one at a time, turn by turn.

    No gold is loaded before: Linux counts a parent's peak of memory as its child's.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        reading = {name: stack.enter_context(_start(name, out, sample)) for name in names}
        while reading:
            at = ""
            for name, process in list(reading.items()):
                at = _take_turn(process) or at
                if process.poll() is not None:
                    _check(name, reading.pop(name))
            _tell(f"page {at.strip() or 'last'}, {time.monotonic() - started:.0f} s")


def _start(name: str, out: Path, sample: list[str]) -> subprocess.Popen[str]:
    """Return a process that has loaded the extractor and waits for its turn."""
    python = sys.executable if EXTRACTORS[name].is_ours else str(PEERS)
    process = subprocess.Popen(
        [python, str(RUNNER), name, str(out / f"{name}.jsonl"), *sample, "--turns"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"},
    )
    _hear(process)
    return process


def _take_turn(process: subprocess.Popen[str]) -> str:
    """Let the process read on; return where it waits again, empty if it has ended."""
    if process.stdin and process.poll() is None:
        process.stdin.write("\n")
        process.stdin.flush()
    return _hear(process)


def _hear(process: subprocess.Popen[str]) -> str:
    told = process.stdout.readline() if process.stdout else ""
    if not told:
        process.wait()
    return told


def _check(name: str, process: subprocess.Popen[str]) -> None:
    if process.returncode:
        raise SystemExit(f"{name} ended with {process.returncode}")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
