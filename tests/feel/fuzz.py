"""Throws random and mutated expressions at FEEL: `python -m tests.feel.fuzz --count 1000000 [--seed 1]`.

Passes when nothing but our own errors comes out, nothing runs longer than its bound in time, memory stays
within its bound in memory, and what parses prints to text that parses to the same tree.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator

from engine.errors import BoundError, EngineError, ExpressionError
from engine.feel import BUILTIN_NAMES, Bounds, Environment, from_feel, to_feel
from engine.feel.cursor import is_special
from engine.feel.expression import Expression
from engine.feel.lexer import tokenize
from engine.feel.parser import parse
from engine.feel.temporal_text import parse_date_time
from engine.feel.text import text_of
from engine.feel.values import DEFAULT, Run
from tests.feel.corpus import NAMES, PIECES, SCOPE, SEEDS

SECONDS_EACH = 2.0
MEGABYTES = 700
TIGHT = Bounds(steps=10_000, list_size=5_000, string_size=50_000, regex_seconds=0.05)
"""What most expressions get, so that a long run spends its time on many rather than on few."""


def _tokens(text: str) -> list[str]:
    try:
        return [token.text for token in tokenize(text)[:-1]]
    except ExpressionError:
        return text.split(" ")


def _mutate(rng: random.Random, text: str) -> str:
    tokens = _tokens(text)
    for _ in range(rng.choice((1, 1, 1, 3))):
        at = rng.randrange(len(tokens) + 1)
        kind = rng.randrange(8)
        if kind == 0:
            tokens[at : at + rng.randint(1, 3)] = []
        elif kind == 1:
            tokens.insert(at, rng.choice(PIECES))
        elif kind == 2:
            tokens[at : at + 1] = [rng.choice(PIECES)]
        elif kind == 3:
            other = _tokens(rng.choice(SEEDS))
            start = rng.randrange(len(other) + 1)
            tokens[at:at] = other[start : start + rng.randint(1, 8)]
        elif kind == 4 and tokens:
            tokens[at:at] = tokens[rng.randrange(len(tokens)) :][: rng.randint(1, 9)] * rng.choice((1, 2, 30))
        elif kind == 5:
            tokens[at:at] = ["(", *_tokens(rng.choice(SEEDS)), ")"]
        elif kind == 6:
            tokens = [rng.choice(list(BUILTIN_NAMES)), "(", *tokens, ")"]
        elif rng.random() < 0.05:
            tokens = [rng.choice("([{-") * rng.choice((10, 90, 3000)), *tokens]
    return " ".join(tokens)


def _characters(rng: random.Random, text: str) -> str:
    chars = list(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(chars) + 1)
        chars[at : at + rng.randint(0, 2)] = rng.choice(
            ["", "", '"', "(", "]", "\\", "𠮷", "\x00", "é", "9", "e", "."]
        )
    return "".join(chars)


def expressions(seed: int, count: int) -> Iterator[str]:
    """The same expressions for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        if number < len(SEEDS):
            yield SEEDS[number]
        elif rng.random() < 0.1:
            yield " ".join(rng.choice(PIECES) for _ in range(rng.randint(1, 12)))
        elif rng.random() < 0.1:
            yield _characters(rng, rng.choice(SEEDS))
        else:
            yield _mutate(rng, rng.choice(SEEDS))


def _environment(bounds: Bounds) -> Environment:
    return Environment(now=parse_date_time("2026-10-27T10:30:00+08:00"), warnings=[], bounds=bounds)


def check(text: str, scope: dict[str, object], *, unary: bool, bounds: Bounds = TIGHT) -> str:
    """What became of one expression. Raises whatever is not ours; the caller reports it."""
    try:
        special = frozenset(filter(is_special, NAMES))
        expression = Expression(text, parse(text, special, unary=unary), special)
        if parse(expression.print(), special, unary=unary) != expression.node:
            raise AssertionError(f"prints as {expression.print()!r}")
    except BoundError:
        return "bound while parsing"
    except ExpressionError as error:
        if not (error.data["line"] >= 1 and error.data["column"] >= 1 and error.zh):
            raise AssertionError("no place in the error") from error
        return "syntax error"
    try:
        value = expression.evaluate(scope, _environment(bounds))
        text_of(value, Run(DEFAULT))
        from_feel(value)
    except BoundError:
        return "bound"
    return "null" if value is None else "value"


class _HangError(BaseException):
    """Not an Exception, so that nothing under test can swallow it."""


def _hang(*_: object) -> None:
    raise _HangError


def run(count: int, seed: int, *, report: bool = False) -> tuple[Counter[str], list[str]]:
    """Outcomes by kind, and the failures, each with its expression."""
    scope = {name: to_feel(value) for name, value in SCOPE.items()}
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    handler = signal.signal(signal.SIGALRM, _hang)
    for number, text in enumerate(expressions(seed, count), 1):
        begin = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, 10 * SECONDS_EACH)
        try:
            bounds = TIGHT if number % 20 else Bounds()
            outcomes[check(text, scope, unary=number % 4 == 0, bounds=bounds)] += 1
        except EngineError as error:
            failures.append(f"{type(error).__name__} while evaluating {text!r}: {error}")
        except Exception as error:  # the whole point: name whatever comes out
            failures.append(f"{type(error).__name__} from {text!r}: {error}")
        except _HangError:
            failures.append(f"hung in {text!r}")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.process_time() - begin
        if took > SECONDS_EACH:
            failures.append(f"{took:.1f} s for {text!r}")
        if report and number % 20_000 == 0:
            print(f"{number:>9,} {time.perf_counter() - started:7.0f} s  {dict(outcomes)}", flush=True)  # noqa: T201
    signal.signal(signal.SIGALRM, handler)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if grown > MEGABYTES:
        failures.append(f"memory grew by {grown:.0f} MB")
    outcomes["MB grown"] = int(grown)
    return outcomes, failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    outcomes, failures = run(args.count, args.seed, report=True)
    for failure in failures[:50]:
        print(failure[:600])  # noqa: T201
    print(f"{args.count:,} expressions, {len(failures)} failures; {dict(outcomes)}")  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
