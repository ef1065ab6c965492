"""How well, how fast and with how much memory a language is told, beside peers if installed.

    python tests/bench/text/languages.py                    # the dev half of the material
    python tests/bench/text/languages.py GOLD.jsonl.gz      # another part of it
    python tests/bench/text/languages.py --articles         # gold texts of the pages

The shipped model has learned from the dev half: what it reaches there is no measure of
it. ``train_languages.py FOLDER --folds`` tells what it reaches on what it has not seen. Asked of
unseen titles: .992 right, Azerbaijani .980 and at most 1.5 % of it taken for Turkish, and
.930 as typed without its letters; of texts of 200 characters .999; of articles .990.

A peer may choose among the languages that the product knows, as far as it knows them.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.languages import EXPECTED_LANGUAGES, identify_language
from tests.bench.extraction.scores import FILLER
from tests.bench.material import SHARED
from tests.bench.text.language_texts import Sentence, read_sentences, without_marks

DEV = SHARED / "bench" / "text" / "langid_dev.jsonl.gz"
PAGES = SHARED / "bench" / "extraction" / "dev.jsonl.gz"
#: A text as long as any that is read, for the time of one call.
LONG = "Nehir kasabalarının vapuru bu yıl her zamankinden daha çok yolcu taşıdı. " * 9

Identify = Callable[[str], str | None]


def main() -> None:
    """Print a table for each that is here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="?", type=Path, default=DEV)
    parser.add_argument("--articles", action="store_true")
    parser.add_argument("--one", choices=MAKERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.one:
        here = [name for name, (module, _) in MAKERS.items() if find_spec(module)]
        for name in here:  # each in a process of its own: memory is measured
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--one", name], check=True)
        return
    rows = list(cost(options.one))
    identify = MAKERS[options.one][1]()
    rows += articles(identify) if options.articles else sentences(identify, options.gold)
    sys.stdout.writelines(f"{options.one:10} {row}\n" for row in rows)


def cost(name: str) -> Iterator[str]:
    """Yield what it takes to load it and to ask it once."""
    before = _memory()
    start = time.process_time()
    identify = MAKERS[name][1]()
    for text in ("Nehir kasabaları", "Паром речных городов", "کشتی شهرهای کنار رود"):
        identify(text)
    loaded = time.process_time() - start
    start = time.process_time()
    for _ in range(200):
        identify(LONG)
    spent = (time.process_time() - start) / 200
    grown = _memory() - before
    yield f"loads in {loaded * 1e3:.0f} ms and {grown:.0f} MB"
    yield f"reads {len(LONG)} characters in {spent * 1e3:.2f} ms"


def sentences(identify: Identify, gold: Path) -> Iterator[str]:
    """Yield the shares that are right, by kind and language, and what the rest is taken for."""
    lines = read_sentences(gold)
    lines += [
        Sentence(without_marks(line.text), line.language, f"{line.kind} typed")
        for line in lines
        if line.language == "az"
    ]
    taken: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line in lines:
        told = identify(line.text) or "?"
        taken[line.kind, line.language][told] += 1
        if line.language != "az" or "typed" not in line.kind:
            taken[line.kind, "all"]["all" if told == line.language else "else"] += 1
    for (kind, language), counts in sorted(taken.items()):
        away = {told: n for told, n in counts.most_common(6) if told != language}
        share = counts[language] / counts.total()
        yield f"{kind:16} {language:4} {share:.4f} of {counts.total():5} {away or ''}"


def articles(identify: Identify) -> Iterator[str]:
    """Yield the share of articles whose language is as the gold has it, and all others."""
    with gzip.open(PAGES, "rt", encoding="utf-8") as lines:
        pages = [page for page in map(json.loads, lines) if page["text"]]
    asked = [page for page in pages if page["lang"] not in {None, FILLER}]
    wrong = [(page, told) for page in asked if (told := identify(page["text"])) != page["lang"]]
    yield f"articles {1 - len(wrong) / len(asked):.4f} of {len(asked)}"
    for page, told in wrong:
        yield f"  {page['lang']} → {told}  {page['id']}  {page['text'][:60]!r}"


def _memory() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours() -> Identify:
    return identify_language


def _py3langid() -> Identify:
    module: Any = import_module("py3langid.langid")
    identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE)
    identifier.set_languages(sorted(EXPECTED_LANGUAGES & set(identifier.nb_classes)))
    return lambda text: str(identifier.classify(text)[0])


def _lingua() -> Identify:
    module: Any = import_module("lingua")
    known = [
        language
        for language in module.Language.all()
        if _plain_code(language) in EXPECTED_LANGUAGES
    ]
    detector = module.LanguageDetectorBuilder.from_languages(*known).build()
    return lambda text: _plain_code(detector.detect_language_of(text))


def _plain_code(language: Any) -> str:
    code = language.iso_code_639_1.name.lower() if language else "?"
    return {"nb": "no"}.get(code, code)


MAKERS: dict[str, tuple[str, Callable[[], Identify]]] = {
    "ours": ("pipeline", _ours),
    "py3langid": ("py3langid", _py3langid),
    "lingua": ("lingua", _lingua),
}

if __name__ == "__main__":
    main()
