"""Train the model that tells the article's blocks from all others.

    python tests/bench/extraction/train.py                   # → pipeline/articles/model.json
    python tests/bench/extraction/train.py --folds           # → .bench-folds/0.json … 4.json

Material: the pages with gold text of ``$SHARED/bench/extraction``. Each block of a page is
labelled by whether the gold text has its words; boosted trees of scikit-learn learn from the
features that the product reads. With ``--folds`` one model is trained for each part of the
domains, on all other domains only: what it says of that part is out of fold.

The public pages are long and English, ours are often three sentences in another language.
So each page is also shown with most of its article and some of its furniture taken out,
and, at random, as if none of its words were known.

A second pile of pages has no gold text, only some snippets that the text must hold and some
that it must not. A first model labels their blocks, the snippets put it right, and all
learn together: half as many domains more, most of them not English.

Weights of words are learned on domains too: those that a page is trained with come from
other domains than its own, or the trees would trust them more than a new page deserves.
"""

import argparse
import base64
import gzip
import json
import math
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from pipeline.articles.blocks import Layout, Node, read_layout
from pipeline.articles.features import Features, Matrix, read_features
from pipeline.articles.judges import Model
from pipeline.articles.metadata import read_metadata
from pipeline.articles.names import words_of_names
from pipeline.articles.tree import Unreadable, parse_page
from pipeline.articles.vocabulary import Vocabulary, words_of_text
from tests.bench.extraction.extractors import FETCHED_AT, FOLDS, PARTS, page_of, part_of
from tests.bench.material import SHARED

MODEL = Path(__file__).parents[3] / "pipeline" / "articles" / "model.json"
GOLD = SHARED / "bench" / "extraction" / "dev.jsonl.gz"
SNIPPETS = GOLD.with_name("dev_segments.jsonl.gz")
#: Parts of the domains between which the weights of words are learned.
INNER_FOLDS = 4
#: A word counts if this many domains use it: then it is the web's, not a publisher's.
LEAST_DOMAINS_NAMES = 4
LEAST_DOMAINS_WORDS = 12
#: Share of blocks' words that belong to articles, and how many domains' worth it weighs.
PRIOR, PRIOR_DOMAINS = 0.3, 4
#: First words of menus, sharing, comments and notices in the languages of our sources, of
#: which the public pages know little; and what they weigh: less than their English like.
LABELS = """
oxuyun paylaş paylaşın abunə şərh şərhlər şərhləri reklam teqlər etiketlər əlaqə haqqımızda
hüquqlar hüquqları qorunur oxşar bölmələr axtarış menyu giriş qeydiyyat abone abonelik yorum
yorumlar yorumları etiketler ilgili benzer gizlilik çerez çerezleri çerezler künye iletişim
hakkımızda saklıdır bülten bültene yazdır üyelik читайте подпишитесь подписаться подписывайтесь
поделиться комментарии комментарий реклама рекламы теги метки контакты редакция защищены войти
вход регистрация рассылка распечатать похожие меню поиск підписатися підписуйтесь поділитися
коментарі контакти мітки увійти подпишись схожі пошук اشتراک گذاری نظرات دیدگاه برچسب
برچسب\u200cها مرتبط تبلیغات تماس خبرنامه عضویت محفوظ جستجو ورود اشترك شارك تعليقات إعلان اتصل
الخصوصية محفوظة وسوم بحث გაზიარება კომენტარები რეკლამა კონტაქტი გამოიწერეთ ძიება partager
commentaires abonnez publicité connexion inscription compartir comentarios suscríbete publicidad
contacto etiquetas
"""
LABEL_ODDS = -2.5
SEED = 1
TREES, TEACHER_TREES = 250, 120
GROWTH = {
    "learning_rate": 0.07,
    "max_leaf_nodes": 24,
    "max_depth": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "max_bins": 63,
    "random_state": SEED,
}

Report = Callable[[str], None]
_TOKEN = re.compile(r"\w+")
_GRAM = 4


# --- labels ----------------------------------------------------------------


def label(texts: list[str], gold: str) -> list[float]:
    """Return the share of each text's words that the gold text has, in its order.

    A text shorter than four words counts if it is a line of the gold, or stands there
    between the same words as on the page.
    """
    gold_words = _TOKEN.findall(gold)
    grams = Counter(zip(*(gold_words[i:] for i in range(_GRAM)), strict=False))
    lines = {" ".join(_TOKEN.findall(line)) for line in gold.splitlines()}
    words = [_TOKEN.findall(text) for text in texts]
    flat = [word for text in words for word in text]
    starts = [0, *accumulate(map(len, words))]
    found = []
    for text, start in zip(words, starts, strict=False):
        if len(text) >= _GRAM:
            found.append(_covered(text, grams))
        else:
            is_line = bool(text) and " ".join(text) in lines
            found.append(float(is_line or _in_context(flat, start, len(text), grams)))
    _drop_repetitions(words, found, grams)
    return found


def _covered(words: list[str], grams: Counter[tuple[str, ...]]) -> float:
    hit = [False] * len(words)
    for i in range(len(words) - _GRAM + 1):
        if tuple(words[i : i + _GRAM]) in grams:
            hit[i : i + _GRAM] = [True] * _GRAM
    return sum(hit) / len(words)


def _in_context(flat: list[str], start: int, length: int, grams: Counter[tuple[str, ...]]) -> bool:
    if not length:
        return False
    more = _GRAM - length
    spans = ((start - before, start + length + more - before) for before in range(more + 1))
    return any(
        first >= 0 and last <= len(flat) and tuple(flat[first:last]) in grams
        for first, last in spans
    )


#: Blocks on either side whose labels tell which of several equal texts is the article's.
_NEAR = 5


def _drop_repetitions(
    words: list[list[str]], found: list[float], grams: Counter[tuple[str, ...]]
) -> None:
    """Of equal texts keep as many as the gold has: those among the most of its words."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, text in enumerate(words):
        if len(text) >= _GRAM and found[place] > 1 / 2:
            same[tuple(text)].append(place)

    def company(place: int) -> float:
        near = range(max(0, place - _NEAR), min(len(words), place + _NEAR + 1))
        return sum(found[i] * len(words[i]) for i in near if i != place)

    for key, places in same.items():
        times = min(grams[key[i : i + _GRAM]] for i in range(len(key) - _GRAM + 1))
        for place in sorted(places, key=company, reverse=True)[max(1, times) :]:
            found[place] = 0.0


# --- pages -----------------------------------------------------------------


@dataclass(slots=True)
class Example:
    """A page that was cut and labelled."""

    domain: str
    layout: Layout
    title: str
    is_article: bool
    labels: NDArray[np.float64]
    words: NDArray[np.float64]
    trust: NDArray[np.float64]  # in each label, 0–1
    is_foreign: bool = False  # to be read as if none of its words were known
    snippets: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # in the text, and not in it


def read_examples(path: Path) -> Iterator[Example]:
    """Read the pages of ``path``; those without gold text have labels that say nothing yet."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if example := _read_example(json.loads(line)):
                yield example


def _read_example(gold: dict[str, Any]) -> Example | None:
    html = gold["html"] if "html" in gold else base64.b64decode(gold["html_b64"])
    url = str(gold.get("url") or "")
    page = page_of(html, url if url.startswith("http") else f"https://{gold['domain']}/")
    try:
        root = parse_page(page)
    except Unreadable:
        return None
    metadata = read_metadata(root, url=page.final_url, zone=ZoneInfo("UTC"), now=FETCHED_AT)
    body = root.find("body")
    layout = read_layout(body) if body is not None else Layout()
    if not layout.blocks:
        return None
    texts = [block.text for block in layout.blocks]
    words = np.array([len(_TOKEN.findall(text)) for text in texts], dtype=np.float64)
    return Example(
        domain=str(gold["domain"]),
        layout=layout,
        title=metadata.title,
        is_article=metadata.is_article,
        labels=np.array(label(texts, gold["text"])) if gold.get("text") else words * 0,
        words=words,
        trust=np.ones(len(texts)),
        snippets=(tuple(gold.get("with", ())), tuple(gold.get("without", ()))),
    )


# --- pages without gold text -----------------------------------------------

#: Weight of a page that a model labelled, beside one of gold.
TAUGHT = 0.5


def taught(example: Example, model: Model) -> Example:
    """Return the page as ``model`` labels it, put right by what is known of it."""
    likely = model.judge(features_of(example, model.vocabulary))
    texts = [" ".join(block.text.split()) for block in example.layout.blocks]
    trust = np.abs(2 * likely - 1)
    for snippets, is_article in zip(example.snippets, (1.0, 0.0), strict=True):
        for snippet in snippets:
            holds = np.array([" ".join(snippet.split()) in text for text in texts])
            likely = np.where(holds, is_article, likely)
            trust = np.where(holds, 1.0, trust)
    return replace(example, labels=likely, trust=trust * TAUGHT)


# --- short pages -----------------------------------------------------------

#: Paragraphs that stay of an article at most, and the words that make a block one.
_MOST_PARAGRAPHS = 6
_PARAGRAPH_WORDS = 10
#: How often a part without article text is taken out, and how much of the page it may be.
_CHANCE = 0.25
_LARGEST_PART = 0.5


def shortened(example: Example, random: np.random.Generator) -> Example:
    """Return the page with the beginning of its article and some of its furniture."""
    is_kept = example.labels > 1 / 2
    stays = ~is_kept
    paragraphs = np.flatnonzero(is_kept & (example.words >= _PARAGRAPH_WORDS))
    if len(paragraphs):
        last = paragraphs[min(int(random.integers(0, _MOST_PARAGRAPHS)), len(paragraphs) - 1)]
        stays[: last + 1] = True
    kept_before = np.concatenate([[0], np.cumsum(is_kept)])
    for node in example.layout.nodes:
        is_part = kept_before[node.first] == kept_before[node.last]
        is_small = node.last - node.first <= _LARGEST_PART * len(stays)
        if is_part and is_small and random.random() < _CHANCE:
            stays[node.first : node.last] = False
    return replace(
        example,
        layout=_rest_of(example.layout, stays),
        labels=example.labels[stays],
        words=example.words[stays],
        trust=example.trust[stays],
        is_foreign=bool(random.random() < 1 / 2),
    )


def _rest_of(layout: Layout, stays: NDArray[np.bool_]) -> Layout:
    """Return the layout with the blocks that stay, and the nodes that still hold some."""
    before = np.concatenate([[0], np.cumsum(stays)]).tolist()
    places: dict[int, int] = {-1: -1}
    nodes: list[Node] = []
    for place, node in enumerate(layout.nodes):
        first, last = before[node.first], before[node.last]
        if place == 0 or first < last:
            places[place] = len(nodes)
            nodes.append(replace(node, parent=places[node.parent], first=first, last=last))
    blocks = [
        replace(block, node=places[block.node])
        for block, is_here in zip(layout.blocks, stays.tolist(), strict=True)
        if is_here
    ]
    return Layout(nodes, blocks)


# --- words -----------------------------------------------------------------

#: Outlets and agencies that pages of others name.
OUTLETS = """
abc afp ansa atlantic dotdash mntl stern ap apa apnews ard azertac azertag bbc bild bloomberg
cbc cbs cnbc cnn dpa efe epd express focus forbes fox foxnews getty guardian haber interfax
insider kna msn nbc npr nyt orf pbs reuters ria rt sky spiegel sputnik srf tass telegraph
theguardian times trend unian upi usatoday vice vox washingtonpost wdr wired wsj zdf zeit
"""


@cache
def publishers() -> frozenset[str]:
    """Return words that name an outlet: the longest label of each domain, and known ones."""
    found = set(OUTLETS.split())
    for path in (GOLD, SNIPPETS, GOLD.with_name("dev_meta.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                domain = str(json.loads(line)["domain"]).lower()
                found.add(max(domain.split("."), key=len))
    return frozenset(found - GENERAL)


#: Domains whose names stand on the pages of all others.
GENERAL = frozenset(["blog", "facebook", "news", "twitter", "youtube"])

_Tally = dict[str, dict[str, list[float]]]
#: Words of a block from which more of them tell no more.
_ENOUGH_WORDS = 60


def learn_vocabulary(examples: list[Example]) -> Vocabulary:
    """Learn what the words in names and in short texts tell."""
    names: _Tally = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    words: _Tally = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for example in examples:
        weight = np.sqrt(np.minimum(example.words, _ENOUGH_WORDS))
        kept = np.concatenate([[0], np.cumsum(weight * example.labels)])
        every = np.concatenate([[0], np.cumsum(weight)])
        for node in example.layout.nodes:
            total = every[node.last] - every[node.first]
            if node.names and total > 0:
                share = (kept[node.last] - kept[node.first]) / total
                _count(names, words_of_names(node.names), example.domain, share)
        for block, share in zip(example.layout.blocks, example.labels, strict=True):
            _count(words, words_of_text(block.text), example.domain, share)
    for word in publishers():  # they would tell whose page this is
        names.pop(word, None)
        words.pop(word, None)
    labels = dict.fromkeys(LABELS.split(), LABEL_ODDS)
    return Vocabulary(
        _log_odds(names, LEAST_DOMAINS_NAMES), labels | _log_odds(words, LEAST_DOMAINS_WORDS)
    )


def _count(tally: _Tally, words: tuple[str, ...], domain: str, share: float) -> None:
    for word in words:
        count = tally[word][domain]
        count[0] += share
        count[1] += 1.0 - share


def _log_odds(tally: _Tally, least_domains: int) -> dict[str, float]:
    """Each domain has one vote, however many pages and blocks it has."""
    found = {}
    for word in sorted(tally):
        votes = [kept / (kept + dropped) for kept, dropped in tally[word].values()]
        if len(votes) >= least_domains:
            share = (sum(votes) + PRIOR * PRIOR_DOMAINS) / (len(votes) + PRIOR_DOMAINS)
            found[word] = round(math.log(share / (1 - share)) - math.log(PRIOR / (1 - PRIOR)), 3)
    return found


# --- trees -----------------------------------------------------------------


def features_of(example: Example, vocabulary: Vocabulary) -> Features:
    """Read what the product would read."""
    if example.is_foreign:
        vocabulary = Vocabulary(vocabulary.names, {})
    return read_features(
        example.layout, vocabulary, title=example.title, is_article=example.is_article
    )


def weights_of(example: Example) -> NDArray[np.float64]:
    """Weigh the blocks by their part in the page's score: each page counts the same."""
    article = max(30.0, float((example.words * example.labels).sum()))
    return np.minimum((np.minimum(example.words, 400) + 3) / article, 0.5) * example.trust


def train(examples: list[Example], more: list[Example], report: Report) -> dict[str, Any]:
    """Return a model trained on ``examples`` and on ``more`` without gold text, as JSON."""
    teacher = Model.read(grow(examples, report, trees=TEACHER_TREES))
    return grow(examples + [taught(example, teacher) for example in more], report)


def grow(examples: list[Example], report: Report, *, trees: int = TREES) -> dict[str, Any]:
    """Return a model trained on ``examples``, as JSON."""
    random = np.random.default_rng(SEED)
    rows = []
    names: tuple[str, ...] = ()
    for inner in range(INNER_FOLDS):
        others = [e for e in examples if part_of(e.domain, INNER_FOLDS, "inner") != inner]
        vocabulary = learn_vocabulary(others)
        these = [e for e in examples if part_of(e.domain, INNER_FOLDS, "inner") == inner]
        short = (shortened(example, random) for example in these)
        for example in (*these, *(one for one in short if one.layout.blocks)):
            features = features_of(example, vocabulary)
            names = features.names
            some, weights = _thinned(example, features.matrix, names, random)
            rows.append((features.matrix[some], example.labels[some] > 1 / 2, weights))
    matrix, labels, weights = (np.concatenate(column) for column in zip(*rows, strict=True))
    report(f"{len(examples)} pages, {len(labels)} blocks, {len(names)} features")
    forest = HistGradientBoostingClassifier(max_iter=trees, **GROWTH)
    forest.fit(matrix, labels, sample_weight=weights / weights.mean())
    vocabulary = learn_vocabulary(examples)
    return {
        "features": list(names),
        "names": vocabulary.names,
        "words": vocabulary.words,
        "forest": plain(forest),
    }


#: Menu items are most of all blocks and all alike: one of so many stands for the others.
THINNED = 4
MENU_LINKS, MENU_LENGTH = 0.9, 60


def _thinned(
    example: Example, matrix: Matrix, names: tuple[str, ...], random: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which blocks to learn from, and what each weighs."""
    links, length = matrix[:, names.index("links")], matrix[:, names.index("length")]
    is_menu = (links > MENU_LINKS) & (length < MENU_LENGTH) & (example.labels < 1 / 2)
    stays = ~is_menu | (random.random(len(is_menu)) < 1 / THINNED)
    weights = weights_of(example) * np.where(is_menu, THINNED, 1)
    return stays, weights[stays]


def plain(trees: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return the trees as JSON: a leaf is a number, else [feature, threshold, left, right]."""
    start = float(np.ravel(trees._baseline_prediction)[0])
    found = [_plain(predictor[0].nodes, 0) for predictor in trees._predictors]
    return {"start": round(start, 5), "trees": found}


def _plain(nodes: Any, place: int) -> Any:
    node = nodes[place]
    if node["is_leaf"]:
        return float(f"{node['value']:.4g}")
    sides = (_plain(nodes, node["left"]), _plain(nodes, node["right"]))
    # As float32, which the features are, and never above: what lies on it goes to the left.
    threshold = np.float32(node["num_threshold"])
    if threshold > node["num_threshold"]:
        threshold = np.nextafter(threshold, np.float32(-np.inf))
    return [int(node["feature_idx"]), float(threshold), *sides]


def main() -> int:
    """Train on all pages, or a model for each part of the domains."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--folds", action="store_true", help=f"a model for each part, in {FOLDS}")
    by_parts = parser.parse_args().folds
    examples, more = list(read_examples(GOLD)), list(read_examples(SNIPPETS))
    if not by_parts:
        _write(MODEL, train(examples, more, _tell))
        return 0
    FOLDS.mkdir(exist_ok=True)
    for part in range(PARTS):
        others = [[e for e in pile if part_of(e.domain) != part] for pile in (examples, more)]
        _write(FOLDS / f"{part}.json", train(others[0], others[1], _tell))
    return 0


def _write(path: Path, model: dict[str, Any]) -> None:
    path.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    _tell(f"{path}: {path.stat().st_size / 1000:.0f} kB")


_STARTED = time.monotonic()


def _tell(line: str) -> None:
    sys.stderr.write(f"{time.monotonic() - _STARTED:4.0f} s  {line}\n")


if __name__ == "__main__":
    sys.exit(main())
