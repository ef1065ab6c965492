"""Runs our collector for the newsroom's harness.

The harness calls it with ``--feeds READY.json --out OUT.jsonl --state DIR``: the hosts
of READY.json become a sources file, one ``solidarity collect`` runs against a database
in DIR, and every stored article is written to OUT.jsonl.
"""

import argparse
import json
import os
import subprocess
import sys
from ipaddress import IPv4Network
from pathlib import Path

import yaml

#: The loopback addresses play the public web, but for this one, which stays private.
_PUBLIC = tuple(IPv4Network("127.0.0.0/8").address_exclude(IPv4Network("127.0.0.1/32")))

_TOPIC = {
    "name": "The newsroom",
    "time_zone": "UTC",
    "season": {"start": "12-16", "day": "12-31", "end": "01-05"},
    "names": {"en": ["a name that no article has"]},
}


def main() -> int:
    """Collect once and write what is stored; return the collector's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("feeds", "out", "state"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    options = parser.parse_args()
    state: Path = options.state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    sources = state / "sources.yaml"
    sources.write_text(_sources(json.loads(options.feeds.read_text())), "utf-8")
    database = f"sqlite:///{state}/news.db"
    settings = {
        "SOLIDARITY_GAP": os.environ.get("SOLIDARITY_GAP", "0"),
        "SOLIDARITY_ALLOW_NETWORKS": ",".join(str(network) for network in _PUBLIC),
    }
    command = (sys.executable, "-m", "pipeline", "collect", "--json")
    arguments = ("--sources", str(sources), "--database", database)
    done = subprocess.run(
        (*command, *arguments), env={**os.environ, **settings}, stdout=sys.stderr, check=False
    )
    _write(options.out, database, state)
    return done.returncode


def _sources(inventory: dict[str, list[dict[str, str]]]) -> str:
    entries = [
        {
            "id": f"host-{number}",
            "name": f"Host {number}",
            "publisher": "other",
            "languages": ["az", "en", "tr", "ru", "de", "fr", "es", "ar"],
            "time_zone": "UTC",
            "keep": "all",
            "feeds": [{"url": host["feed"]}],
        }
        for number, host in enumerate(inventory["hosts"])
    ]
    return yaml.safe_dump({"topic": _TOPIC, "sources": entries}, allow_unicode=True)


def _write(out: Path, database: str, state: Path) -> None:
    # Late, so that the memory measured during the run is the collector's.
    import sqlalchemy as sa  # noqa: PLC0415

    from pipeline.store.database import Archive  # noqa: PLC0415
    from pipeline.store.tables import article, article_text  # noqa: PLC0415

    archive = Archive.open(database, str(state / "pages"))
    query = sa.select(article, article_text.c.text).join(article_text)
    draft = out.with_suffix(".new")
    with archive.reading() as connection, draft.open("w", encoding="utf-8") as handle:
        for row in connection.execute(query.order_by(article.c.id)):
            facts = {
                "url": row.url,
                "title": row.title,
                "text": row.text,
                "published": row.published_at.isoformat(),
            }
            handle.write(json.dumps(facts) + "\n")
    archive.close()
    draft.replace(out)


if __name__ == "__main__":
    sys.exit(main())
