"""Documents cannot drift: each is held to what it describes."""

import re
import sqlite3
from pathlib import Path

import pytest

import pipeline
from pipeline.store.database import Archive
from pipeline.store.tables import metadata

ROOT = Path(__file__).parents[1]


def test_the_data_dictionary_has_every_table_and_column() -> None:
    text = (ROOT / "db" / "README.md").read_text("utf-8")
    for table in metadata.tables.values():
        assert f"## {table.name}\n\n{table.comment}." in text
        for column in table.columns:
            assert f"| `{column.name}` | {column.comment}" in text, f"{table.name}.{column.name}"


def test_the_map_names_every_module() -> None:
    package = Path(pipeline.__file__).parent
    modules = {
        path.stem if path.is_file() else path.name
        for path in package.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    named = {found.rstrip("/") for found in re.findall(r"\b[a-z_]+/?", pipeline.__doc__ or "")}
    assert modules - {"__init__", "__main__"} <= named


@pytest.mark.parametrize("file", sorted((ROOT / "db" / "queries").iterdir()), ids=lambda f: f.stem)
def test_the_ready_made_queries_run(file: Path, tmp_path: Path) -> None:
    Archive.open(f"sqlite:///{tmp_path}/news.db", str(tmp_path / "pages")).close()
    connection = sqlite3.connect(tmp_path / "news.db")
    try:
        assert connection.execute(file.read_text("utf-8")).fetchall() == []
    finally:
        connection.close()


def test_the_project_has_the_version_that_the_package_has() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{pipeline.__version__}"' in project


def test_no_file_names_an_index_of_packages() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?://|--index|--find-links", lock)
