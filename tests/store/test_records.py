"""WARC files of others: whole ones are read as they are, of damaged ones all that is sure."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.records import LONGEST_HEAD, MOST_DAMAGES, Record, read_records
from pipeline.store.unpacking import CHUNK, Damage
from tests.warc import HTML, reply, warc

MOST = 1_000_000


def body(number: int) -> bytes:
    return b"<p>" + f"Page {number} of the pier. ".encode() * 60 + b"</p>"


def record(number: int, **more: Any) -> bytes:
    return reply(f"http://a.example/{number}", body(number), **more)


RECORDS = [record(number) for number in range(4)]
WHOLE = RECORDS[2].split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n\r\n")
PACKED = [warc(one) for one in RECORDS]


def read(folder: Path, content: bytes, *, most: int = MOST) -> tuple[list[Record], list[Damage]]:
    path = folder / "crawl.warc"
    path.write_bytes(content)
    found = list(read_records(path, most=most))
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, Damage)],
    )


def numbers(records: list[Record]) -> list[int]:
    """Which of the pages were read; each must be whole."""
    found = [int(one.target.rpartition("/")[2]) for one in records]
    for number, one in zip(found, records, strict=True):
        assert one.block.endswith(b"\r\n\r\n" + body(number))
    return found


@pytest.mark.parametrize(
    "content",
    [
        b"".join(RECORDS),
        b"".join(PACKED),
        gzip.compress(b"".join(RECORDS)),
        gzip.compress(b"".join(RECORDS)[:2_500]) + gzip.compress(b"".join(RECORDS)[2_500:]),
        gzip.compress(RECORDS[0][:-4] + b"WA") + gzip.compress(b"".join(RECORDS[1:])[2:]),
        b"\0\0\0".join(PACKED),
        b"".join(one[:-4] for one in RECORDS),
        b"".join(one + b"\r\n" * 40_000 for one in RECORDS),
        b"".join(RECORDS).replace(b"WARC/1.0", b"WARC/0.18"),
        b"".join(RECORDS)[:-4],
    ],
    ids=[
        "plain",
        "a gzip member a record",
        "one gzip member",
        "members that part a record",
        "members that part a mark",
        "padded members",
        "no line ends between",
        "many line ends between",
        "an older version",
        "no line ends at the end",
    ],
)
def test_a_whole_file_is_read(tmp_path: Path, content: bytes) -> None:
    records, damages = read(tmp_path, content)
    assert (numbers(records), damages) == ([0, 1, 2, 3], [])


def test_the_facts_of_a_record(tmp_path: Path) -> None:
    head = {"WARC_Truncated": "length"}
    [one, other], _ = read(
        tmp_path, record(1, date="2019-03-01T23:59:59.5+04:00") + record(2, **head)
    )
    assert one.recorded_at == datetime(2019, 3, 1, 19, 59, 59, 500_000, UTC)
    assert (one.target, one.is_reply, one.was_cut) == ("http://a.example/1", True, False)
    assert one.content_type.startswith("application/http")
    assert other.was_cut


@pytest.mark.parametrize("written", ["-", "yesterday", "2019", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_cannot_be_read_is_none(tmp_path: Path, written: str) -> None:
    [one], damages = read(tmp_path, record(1, date=written))
    assert (one.recorded_at, damages) == (None, [])


def test_the_head_may_be_folded_in_brackets_and_of_another_charset(tmp_path: Path) -> None:
    content = record(1).replace(
        b"WARC-Target-URI: http://a.example/1", b"warc-target-uri:\r\n <http://a.example/\xe9>"
    )
    [one], _ = read(tmp_path, content)
    assert one.target == "http://a.example/é"


def test_what_holds_no_page_is_passed_over(tmp_path: Path) -> None:
    blocks = {
        "request": b"GET / HTTP/1.1\r\n\r\n",
        "revisit": b"HTTP/1.1 200 OK\r\n\r\n",
        **dict.fromkeys(("metadata", "warcinfo", "conversion"), b"x"),
    }
    others = [
        reply("http://a.example/1", block, kind=kind, status="") for kind, block in blocks.items()
    ]
    resource = reply("http://a.example/2", b"<p>x", kind="resource", status="")
    [one], damages = read(tmp_path, b"".join(warc(each) for each in (*others, resource)))
    assert (one.target, one.block, one.is_reply, damages) == (
        "http://a.example/2",
        b"<p>x",
        False,
        [],
    )


def test_of_a_large_block_only_the_beginning_is_kept(tmp_path: Path) -> None:
    large = reply("http://a.example/1", bytes(50 * CHUNK))
    records, damages = read(tmp_path, warc(large) + PACKED[2], most=5_000)
    assert [(len(one.block), one.is_whole) for one in records] == [
        (5_000, False),
        (len(WHOLE), True),
    ]
    assert damages == []


def with_length(one: bytes, change: Callable[[int], object]) -> bytes:
    """The record with another Content-Length."""
    found = re.search(rb"\r\nContent-Length: ([0-9]+)\r\n\r\nHTTP", one)
    assert found
    return one[: found.start(1)] + str(change(int(found[1]))).encode() + one[found.end(1) :]


A, B, C, D = RECORDS
PA, PB, PC, PD = PACKED
GARBAGE = b"what a full disk leaves behind\n" * 20
WRONG = "its Content-Length is wrong"
BEYOND = "cut short, or its Content-Length is wrong"
NONE = "no Content-Length"
TOO_LONG = f"a head of more than {LONGEST_HEAD:,} bytes"
IN_GZIP = "damaged gzip"
CUT = "cut short"
NO_RECORD = "no WARC record"

#: What the file holds; which pages can be read; where the damage is, and what.
DAMAGED = {
    "cut in a body": (A + B + C[:-700], [0, 1], len(A + B), BEYOND),
    "cut in a head": (A + B + C[:90], [0, 1], len(A + B), CUT),
    "cut in a packed body": (PA + PB + PC[:-100], [0, 1], len(PA + PB), CUT),
    "cut in a packed head": (PA + PB + PC[:60], [0, 1], len(PA + PB), CUT),
    "cut in the mark of gzip": (PA + PB + PC[:5], [0, 1], len(PA + PB), CUT),
    "cut in a checksum": (PA + PB + PC[:-4], [0, 1], len(PA + PB), CUT),
    "cut in one gzip member": (gzip.compress(A + B + C)[:-60], [0, 1], 0, CUT),
    "only a beginning": (b"WARC/1.0\r\n", [], 0, CUT),
    "garbage between": (A + GARBAGE + B, [0, 1], len(A), NO_RECORD),
    "garbage between members": (PA + GARBAGE + PB, [0, 1], len(PA), IN_GZIP),
    "garbage at the end": (PA + PB + GARBAGE, [0, 1], len(PA + PB), IN_GZIP),
    "zeros between": (A + bytes(9_000) + B, [0, 1], len(A), NO_RECORD),
    "a wrong checksum": (PA + PB[:-8] + b"\1\2\3\4" + PB[-4:] + PC, [0, 2], len(PA), IN_GZIP),
    "bits that are wrong": (PA + PB[:150] + b"\xff" * 9 + PB[159:] + PC, [0, 2], len(PA), IN_GZIP),
    "cut, and gone on behind": (PA + PB[:-90] + PC + PD, [0, 2, 3], len(PA), IN_GZIP),
    "too short a length": (A + with_length(B, lambda n: n - 500) + C, [0, 2], len(A), WRONG),
    "too long a length": (A + with_length(B, lambda n: n + 500) + C + D, [0, 2, 3], len(A), WRONG),
    "a length beyond the file": (A + with_length(B, lambda _: 10**15) + C, [0, 2], len(A), BEYOND),
    "a length beyond all": (A + with_length(B, lambda _: 10**30) + C, [0, 2], len(A), NONE),
    "a negative length": (A + with_length(B, lambda _: -5) + C, [0, 2], len(A), NONE),
    "a length in words": (A + with_length(B, lambda _: "many") + C, [0, 2], len(A), NONE),
    "no length": (A + B.replace(b"Content-L", b"X-L", 1) + C, [0, 2], len(A), NONE),
    "too short, packed": (
        PA + warc(with_length(B, lambda n: n - 500)) + PC,
        [0, 2],
        len(PA),
        WRONG,
    ),
    "too long, packed": (
        PA + warc(with_length(B, lambda n: n + 500)) + PC + PD,
        [0, 2, 3],
        len(PA),
        WRONG,
    ),
    "beyond, packed": (
        PA + warc(with_length(B, lambda _: 10**15)) + PC,
        [0, 2],
        len(PA),
        BEYOND,
    ),
    "too long at the end, packed": (
        PA + warc(with_length(B, lambda n: n + 500)),
        [0],
        len(PA),
        CUT,
    ),
    "a line without an end": (A + b"WARC/1.0\r\nX: " + b"a" * 900_000, [0], len(A), TOO_LONG),
    "lines without an end": (A + b"WARC/1.0\r\n" + b"X: a\r\n" * 90_000, [0], len(A), TOO_LONG),
    "packed lines": (
        PA + warc(b"WARC/1.0\r\n" + b"X: a\r\n" * 90_000) + PC,
        [0, 2],
        len(PA),
        TOO_LONG,
    ),
    "a version to come": (A + B.replace(b"WARC/1.0", b"WARC/9.0") + C, [0, 2], len(A), NO_RECORD),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_of_a_damaged_file_all_that_is_sure_is_read(tmp_path: Path, name: str) -> None:
    content, kept, offset, what = DAMAGED[name]
    records, damages = read(tmp_path, content)
    assert numbers(records) == kept
    [damage] = damages
    assert (damage.offset, damage.what.startswith(what)) == (offset, True), damage


def test_every_cut_of_a_file_leaves_what_is_before_it(tmp_path: Path) -> None:
    whole = PA + PB
    for length in range(1, len(whole), 7):
        records, damages = read(tmp_path, whole[:length])
        kept = [0] if length >= len(PA) else []
        assert (numbers(records), len(damages)) == (kept, 0 if length == len(PA) else 1), length


def test_a_search_behind_damage_sees_what_two_reads_part(tmp_path: Path) -> None:
    for size in range(CHUNK - 12, CHUNK + 4):
        records, _ = read(tmp_path, A + b"x" * (size - 1) + b"\n" + B)
        assert numbers(records) == [0, 1], size
        records, _ = read(tmp_path, PA + b"x" * size + PB)
        assert numbers(records) == [0, 1], size


def test_what_only_looks_like_gzip_is_no_record(tmp_path: Path) -> None:
    picture = b"\x1f\x8b\x08\0" + bytes(40) + gzip.compress(b"a file of another kind")
    records, damages = read(tmp_path, PA + b"x" + picture + PB)
    assert (numbers(records), len(damages)) == ([0, 1], 1)


def test_after_too_much_damage_the_rest_is_left(tmp_path: Path) -> None:
    content = b"".join(A + b"garbage\n" for _ in range(MOST_DAMAGES + 20))
    records, damages = read(tmp_path, content)
    assert len(records) == MOST_DAMAGES
    assert len(damages) == MOST_DAMAGES + 1
    assert "the rest is left" in damages[-1].what


def test_a_file_that_cannot_be_read_is_damaged(tmp_path: Path) -> None:
    [damage] = read_records(tmp_path / "gone.warc", most=MOST)
    assert damage == Damage(0, "cannot be read: No such file or directory")


def test_a_reply_keeps_its_head_and_body_as_they_are(tmp_path: Path) -> None:
    [one], _ = read(tmp_path, reply("http://a.example/1", b"body", headers=HTML))
    assert one.block == b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\nbody"
