"""Settling verdicts: a model of the labels judges what the rules are unsure of.

It is trained when an article waits for it, and asked of each once: what it has judged is marked
with the labels that it was trained on. Other labels make another model, and too few make none,
so that the rules judge again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import sqlalchemy as sa

from pipeline.learning import LEAST_LABELS, Example, Scorer, can_learn, is_doubtful, train
from pipeline.model import ArchivedArticle, Judge, Keep, Relevance, Topic
from pipeline.store import articles, labels, verdicts
from pipeline.store.database import Archive
from pipeline.store.verdicts import Unsettled, judged_by_model, judged_by_rules

#: Articles looked at in one transaction.
BATCH = 200
#: Any number: the same labels give the same model.
SEED = 0
#: Letters of a hash; no two sets of labels of one archive share them.
_STAMP_LETTERS = 16


def find_examples(connection: sa.Connection) -> list[Example]:
    """Return the labelled articles that the rules judge: not those of which all is kept."""
    return [
        Example(article=one.article, relevance=_by_rules(one), label=one.relevance.verdict)
        for one in articles.labelled_articles(connection)
        if one.source.keep is not Keep.ALL
    ]


def _by_rules(one: ArchivedArticle) -> Relevance:
    return one.by_rules or one.relevance


def settle_verdicts(archive: Archive, topic: Topic) -> int:
    """Have the model judge the doubtful articles that it has not judged with today's labels.

    To be called by the one writer; returns how many were judged.
    """
    with archive.reading() as connection:
        enough = labels.count_labels(connection).total() >= LEAST_LABELS
        examples = find_examples(connection) if enough else []
    work = _Settling(archive, topic, examples)
    while work.settle_some():
        pass
    return work.judged


def stamp(examples: Iterable[Example], topic: Topic) -> str:
    """Return by what a model of these examples is known, in any order."""
    told = sorted(map(repr, examples))
    return sha256(repr((topic.names, told)).encode()).hexdigest()[:_STAMP_LETTERS]


@dataclass
class _Settling:
    """The work of settling, batch by batch."""

    archive: Archive
    topic: Topic
    examples: list[Example]
    judged: int = 0

    @cached_property
    def stamp(self) -> str | None:
        """By what the model is known; None: there is none."""
        return stamp(self.examples, self.topic) if can_learn(self.examples) else None

    @cached_property
    def scorer(self) -> Scorer:
        """The model, trained only if an article waits for it."""
        return train(self.examples, self.topic, seed=SEED)

    def settle_some(self) -> bool:
        """Settle a batch; tell whether there was any."""
        with self.archive.reading() as connection:
            waiting = verdicts.find_unsettled(connection, self.stamp, most=BATCH)
            learned = self._rescore(connection, waiting)
        if not waiting:
            return False
        with self.archive.writing() as connection:
            left = [one.id for one in waiting if not self._settle(connection, one, learned)]
            verdicts.note_sure(connection, left)
        return True

    def _rescore(
        self, connection: sa.Connection, waiting: Iterable[Unsettled]
    ) -> dict[int, Relevance]:
        """Return what the model says of those of which it has something to say."""
        if self.stamp is None:
            return {}
        doubtful = {
            one.id: one.by_rules
            for one in waiting
            if not one.keeps_all and is_doubtful(one.by_rules, self.topic)
        }
        return {
            one.id: self.scorer.rescore(one.article, doubtful[one.id])
            for one in articles.find_articles(connection, doubtful)
        }

    def _settle(
        self, connection: sa.Connection, one: Unsettled, learned: dict[int, Relevance]
    ) -> bool:
        """Let the model's verdict count, or again that of the rules; tell whether any is new."""
        if one.id in learned and self.stamp is not None:
            columns = judged_by_model(learned[one.id], judged_with=self.stamp)
        elif one.judged_by is Judge.MODEL:
            columns = judged_by_rules(one.by_rules)
        else:
            return False
        if not verdicts.is_labelled(connection, one.id):  # in this moment
            verdicts.give_verdict(connection, one.id, columns)
            self.judged += one.id in learned
        return True
