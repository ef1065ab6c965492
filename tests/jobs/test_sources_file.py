"""sources.yaml on disk: changed whole or not at all, and still the operator's own file."""

import re
import stat
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from threading import Thread

import pytest

from pipeline.errors import ConfigError
from pipeline.jobs.sources_file import change_text, read_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_bytes("a: ə\r\n".encode())
    return path


def test_the_text_is_changed_and_nothing_else(file: Path) -> None:
    file.chmod(0o640)
    change_text(str(file), lambda text: text + "b: 1\r\n")
    assert file.read_bytes() == "a: ə\r\nb: 1\r\n".encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [one.name for one in file.parent.iterdir()] == ["sources.yaml"]


def test_a_symbolic_link_stays_one(file: Path, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    link = tmp_path / "etc" / "link.yaml"
    link.symlink_to("../sources.yaml")
    change_text(str(link), str.upper)
    assert link.is_symlink()
    assert read_text(str(link)) == read_text(str(file)) == "A: Ə\r\n"


def test_what_fails_leaves_the_file(file: Path) -> None:
    def fail(_: str) -> str:
        raise ConfigError("no")

    with pytest.raises(ConfigError, match=r"^no$"):
        change_text(str(file), fail)
    with pytest.raises(UnicodeEncodeError):
        change_text(str(file), lambda text: text + "\ud83d")
    assert read_text(str(file)) == "a: ə\r\n"
    assert [one.name for one in file.parent.iterdir()] == ["sources.yaml"]


@pytest.mark.parametrize("name", ["none.yaml", "none/none.yaml", ".", "latin.yaml"])
def test_what_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: é".encode("latin-1"))
    path = str(tmp_path / name)
    for attempt in (lambda: read_text(path), lambda: change_text(path, str)):
        with pytest.raises(ConfigError, match="cannot read"):
            attempt()


def test_a_disk_that_is_full_leaves_the_file(file: Path) -> None:
    soft, hard = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (100, hard))  # bytes of any file that is written now
    try:
        with pytest.raises(ConfigError) as raised:
            change_text(str(file), lambda text: text * 100)
    finally:
        setrlimit(RLIMIT_FSIZE, (soft, hard))
    assert re.match(r"cannot write .*File too large.*--dry-run", str(raised.value))
    assert read_text(str(file)) == "a: ə\r\n"
    assert [one.name for one in file.parent.iterdir()] == ["sources.yaml"]


def test_two_changes_at_once_are_both_there(file: Path) -> None:
    def more(n: int) -> None:
        change_text(str(file), lambda text: f"{text}{n}\n")

    threads = [Thread(target=more, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = read_text(str(file)).splitlines()
    assert sorted(lines[1:]) == [str(n) for n in range(8)]
