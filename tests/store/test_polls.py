"""A run writes down what it was told, and its outcomes add up."""

from dataclasses import replace

import sqlalchemy as sa

from pipeline.model import FeedReading, Outcome, Reason, Rejection, Validators
from pipeline.store import figures
from pipeline.store.addresses import Ending, change_outcome, find_due, save_endings
from pipeline.store.database import Archive
from pipeline.store.polls import Poll
from pipeline.store.runs import count_outcomes, start_run
from pipeline.store.sources import save_sources
from pipeline.store.tables import address, feed, source, tally
from tests.fakes import NOW, days, entries, poll, save
from tests.fakes import source as outlet


def test_a_named_address_is_due_until_it_ends(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        fresh = save(connection, run, poll(state, entries("a", "1", "2")))
        assert [one.url for one in fresh] == ["http://a.example/1", "http://a.example/2"]
        assert find_due(connection, now=NOW) == fresh
        ended = Ending(address=fresh[0], outcome=Outcome.UNRELATED)
        save_endings(connection, run.id, [ended])
        assert find_due(connection, now=NOW) == fresh[1:]


def test_validators_and_the_addresses_they_stand_for_are_kept_together(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        save(connection, run, poll(state, entries("a", "1"), etag='"x"'))
    with archive.writing() as connection:
        [again] = save_sources(connection, [outlet("a")])
        assert again.validators == Validators(etag='"x"')
        assert len(find_due(connection, now=NOW)) == 1


def test_each_address_counts_once_a_run_and_all_add_up(archive: Archive) -> None:
    with archive.writing() as connection:
        first, second = save_sources(connection, [outlet("a"), outlet("b")])
        one = start_run(connection, now=NOW, version="1", sources_hash="h")
        fresh = save(connection, one, poll(first, entries("a", "1", "2", "3")))
        # another feed names two of them in the same run, before they have ended
        assert save(connection, one, poll(second, entries("a", "1", "2"))) == []
        save_endings(
            connection,
            one.id,
            [
                Ending(address=fresh[0], outcome=Outcome.STORED, article_id=1),
                Ending(address=fresh[1], outcome=Outcome.REJECTED, reason=Reason.EMPTY),
                Ending(
                    address=fresh[2],
                    outcome=Outcome.FAILED,
                    reason=Reason.TIMEOUT,
                    due_at=NOW + days(1),
                ),
            ],
        )
        # and once more after they have ended: nothing is counted again
        save(connection, one, poll(second, entries("a", "1", "2", "3")))
        outcomes, reasons = count_outcomes(connection, [one.id])
        assert outcomes == {Outcome.STORED: 1, Outcome.REJECTED: 1, Outcome.FAILED: 1}
        assert reasons == {Reason.EMPTY: 1, Reason.TIMEOUT: 1}

        two = start_run(connection, now=NOW, version="1", sources_hash="h")
        refused = Rejection(url="javascript:", reason=Reason.BAD_ADDRESS)
        reading = FeedReading(entries=entries("a", "1", "2", "3").entries, rejections=(refused,))
        save(connection, two, poll(first, reading))
        outcomes, reasons = count_outcomes(connection, [two.id])
        assert outcomes == {Outcome.UNCHANGED: 3, Outcome.REJECTED: 1}
        assert reasons == {Reason.BAD_ADDRESS: 1}


def test_a_failed_address_comes_back_when_its_time_has_come(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        [due] = save(connection, run, poll(state, entries("a", "1")))
        failed = Ending(
            address=due,
            outcome=Outcome.FAILED,
            reason=Reason.TIMEOUT,
            due_at=NOW + days(1),
            attempts=1,
        )
        save_endings(connection, run.id, [failed])
        assert find_due(connection, now=NOW) == []
        [again] = find_due(connection, now=NOW + days(1))
        assert again.attempts == 1


def test_a_moment_that_a_wrong_clock_noted_is_not_waited_for(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        [due] = save(connection, run, poll(state, entries("a", "1")))
        far = Ending(address=due, outcome=Outcome.FAILED, due_at=NOW + days(3650))
        save_endings(connection, run.id, [far])
        assert [one.id for one in find_due(connection, now=NOW)] == [due.id]


def test_a_slow_feed_does_not_end_what_another_has_just_named(archive: Archive) -> None:
    with archive.writing() as connection:
        slow, quick = save_sources(connection, [outlet("a"), outlet("b")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        later = poll(quick, entries("a", "1"), at=NOW + days(0.001))
        assert len(save(connection, run, later)) == 1
        # asked before the other, answered after it
        assert save(connection, run, poll(slow, entries("a", "1"), at=NOW)) == []
        assert count_outcomes(connection, [run.id])[0] == {}


def test_what_falls_due_during_a_run_is_left_to_the_next(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        [due] = save(connection, run, poll(state, entries("a", "1")))
        again_at = NOW + days(1)
        failed = Ending(address=due, outcome=Outcome.FAILED, reason=Reason.TIMEOUT, due_at=again_at)
        save_endings(connection, run.id, [failed])
        began = again_at - days(0.01)
        two = start_run(connection, now=began, version="1", sources_hash="h")
        assert find_due(connection, now=two.started_at) == []
        seen = poll(state, entries("a", "1"), at=again_at + days(0.01))
        assert save(connection, two, seen) == []
        assert count_outcomes(connection, [two.id])[0] == {Outcome.UNCHANGED: 1}


def test_a_feed_takes_up_what_a_removed_one_left(archive: Archive) -> None:
    with archive.writing() as connection:
        [gone] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        [left] = save(connection, run, poll(gone, entries("a", "1")))
        [heir] = save_sources(connection, [outlet("b")])
        two = start_run(connection, now=NOW + days(1), version="1", sources_hash="h")
        assert find_due(connection, now=two.started_at) == []
        [due] = save(connection, two, poll(heir, entries("a", "1"), at=NOW + days(1)))
        assert (due.id, due.source_id) == (left.id, "a"), "it was first named by the other"
        assert find_due(connection, now=two.started_at) == [due]


def test_addresses_of_sources_that_are_not_read_wait(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        [due] = save(connection, run, poll(state, entries("a", "1")))
        save_sources(connection, [outlet("b")])
        assert find_due(connection, now=NOW) == []
        assert figures.count_waiting(connection) == (0, 0)
        save_sources(connection, [outlet("a")])
        assert find_due(connection, now=NOW) == [due]


def test_a_source_that_left_the_file_keeps_its_history(archive: Archive) -> None:
    with archive.writing() as connection:
        save_sources(connection, [outlet("a"), outlet("b")])
        states = save_sources(connection, [outlet("b")])
        assert [state.source.id for state in states] == ["b"]
        rows = connection.execute(sa.select(source.c.id, source.c.enabled))
        assert {row.id: row.enabled for row in rows} == {"a": False, "b": True}


def test_failures_in_a_row_are_counted_and_forgotten(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        failed = Poll(
            state=state,
            polled_at=NOW,
            reading=FeedReading(),
            keys={},
            reason=Reason.SERVER_ERROR,
            detail="HTTP 503",
        )
        for number in (1, 2):
            save(connection, run, failed)
            row = connection.execute(sa.select(feed)).one()
            assert (row.failures, row.failure) == (number, "the host has an error: HTTP 503")
        save(connection, run, poll(state, entries("a")))
        row = connection.execute(sa.select(feed)).one()
        assert (row.failures, row.failure, row.succeeded_at) == (0, None, NOW)


def test_a_feed_that_left_the_file_is_not_read(archive: Archive) -> None:
    old = outlet("a")
    new = replace(old, feeds=(replace(old.feeds[0], url="http://a.example/new"),))
    with archive.writing() as connection:
        save_sources(connection, [old])
        save_sources(connection, [new])
        health = {one.url: one.enabled for one in figures.feed_health(connection)}
    assert health == {"http://a.example/feed": False, "http://a.example/new": True}


def test_a_feed_that_moves_to_another_source_moves(archive: Archive) -> None:
    moved = outlet("a")
    with archive.writing() as connection:
        save_sources(connection, [moved])
        new = type(moved)(
            id="b",
            name="B",
            publisher=moved.publisher,
            languages=moved.languages,
            time_zone=moved.time_zone,
            feeds=moved.feeds,
        )
        save_sources(connection, [new])
        assert connection.execute(sa.select(feed.c.source_id)).scalars().all() == ["b"]


def test_a_changed_outcome_keeps_the_sum(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        due = save(connection, run, poll(state, entries("a", "1", "2")))
        endings = [
            Ending(address=one, outcome=Outcome.STORED, article_id=number)
            for number, one in enumerate(due)
        ]
        save_endings(connection, run.id, endings)
        change_outcome(connection, 1, Outcome.STORED, Outcome.COPY)
        change_outcome(connection, 1, Outcome.STORED, Outcome.COPY)  # again: no effect
        outcomes, _ = count_outcomes(connection, [run.id])
        assert outcomes == {Outcome.STORED: 1, Outcome.COPY: 1}
        assert connection.scalar(sa.select(sa.func.sum(tally.c.addresses))) == 2
        found = connection.scalars(sa.select(address.c.outcome).order_by(address.c.id)).all()
        assert found == ["stored", "copy"]


def test_an_outcome_is_changed_in_the_run_in_which_it_was_counted(archive: Archive) -> None:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet("a")])
        one = start_run(connection, now=NOW, version="1", sources_hash="h")
        [due] = save(connection, one, poll(state, entries("a", "1")))
        save_endings(
            connection, one.id, [Ending(address=due, outcome=Outcome.STORED, article_id=1)]
        )
        two = start_run(connection, now=NOW + days(1), version="1", sources_hash="h")
        save(connection, two, poll(state, entries("a", "1"), at=NOW + days(1)))
        change_outcome(connection, 1, Outcome.STORED, Outcome.COPY)
        assert count_outcomes(connection, [one.id])[0] == {Outcome.STORED: 0, Outcome.COPY: 1}
        assert count_outcomes(connection, [two.id])[0] == {Outcome.UNCHANGED: 1}


def test_a_feed_polled_after_its_twin_has_new_entries_too(archive: Archive) -> None:
    with archive.writing() as connection:
        one, twin = save_sources(connection, [outlet("a"), outlet("b")])
        run = start_run(connection, now=NOW, version="1", sources_hash="h")
        save(connection, run, poll(one, entries("a", "1")))
        save(connection, run, poll(twin, entries("a", "1")))
        assert connection.scalars(sa.select(feed.c.new_entry_at)).all() == [NOW, NOW]
