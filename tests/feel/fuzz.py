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

SECONDS_EACH = 2.0
MEGABYTES = 700
TIGHT = Bounds(steps=10_000, list_size=5_000, string_size=50_000, regex_seconds=0.05)
"""What most expressions get, so that a long run spends its time on many rather than on few."""

SEEDS = """
人均收入 < 低保标准 and household_size > 1
if age >= 60 then "elder" else if age < 18 then "child" else "adult"
for i in 1..10, j in i..3 return i * j - partial[-1]
for i in 0..20 return if i = 0 then 1 else i * partial[-1]
some m in members satisfies m.income > 700 and m.name != null
every m in members satisfies m.age in [18..60)
members[income > 500 and age < 60].name
members[1].income + members[-1].income
sum(for m in members return m.income) / count(members)
date("2026-01-31") + duration("P1M") - @"P1DT2H"
date and time("2026-10-27T10:30:00@Asia/Shanghai").time offset
date and time("2026-03-29T02:30:00@Europe/Paris") + @"PT1H"
@"999999999-12-31" + @"P1D"
time("10:30:00+08:00") - time("09:00:00Z")
years and months duration(date("2011-12-22"), today())
{a: 1, b: a + 1, "c d": {e: [a, b]}}.c d.e[item > 1]
{f: function(n: number) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r
(function(f) f(f))(function(f) f(f))
sort(members, function(x, y) x.income < y.income)[1]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)
string join(["a", "b", null], ", ", "[", "]")
replace("abracadabra", "bra", "[$0]")
matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")
split("1,2;3", "[,;]")
matches("𠮷㐂", "^\\p{L}+$", "i")
substring("foobar", -2, 1) = "a"
x between 1 and 10 or y instance of list<context<a: number, b: string>>
x in (< 5, [10..20], "a", null)
not(x > 5) and is(x, y)
decimal(1/3, 2) + round half up(2.5, 0) ** 3 - modulo(-10, 3)
overlaps before([1..5], (3..7]) = includes([1..10], 5)
10 ** 100000000
10 ** -6000 * 1e6100
1.0000001 ** 99999999999
9.99e6144 * 10 - -9.99e6144
for i in 1..1000000000 return i
for i in 1..300, j in 1..300, k in 1..300 return [i, j, k]
for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1]
for i in 1..40 return [partial[-1], partial[-1]]
flatten([[1, [2, [3]]], [], [[]]])
distinct values([1, "1", @"P1D", @"PT24H", [1], {a: 1}, null, null])
context put({x: {y: 1}}, ["x", "y"], 2)
context merge([{a: 1}, {a: 2}]).a
get entries({a: 1})[key = "a"].value
string(@"P1Y" * 1e30) + string([1..10]) + string({a: [null, "q\\"uote"]})
number("1 000,5", " ", ",") + number("x")
week of year(@"2026-01-01") + day of year(@"-0004-02-29")
mode([6, 1, 9, 6, 1]) = [1, 6] and stddev(2, 4, 7, 5) > 2 and median([8, 2, 5, 3, 4]) = 4
calendar days(3) + profit and loss * a-b
range("[1..10]").end included
median(for i in 1..5000 return 5000 - i)
index of(concatenate(["a"], ["b", "a"]), "a")
@"2026-10-27" in [@"2026-01-01"..@"2026-12-31"]
abs(@"-PT5H") + exp(6000) + log(-1) + sqrt(-1) + exp(1e10)
"a" < "b" and [1, 2] = [1, 2] and {a: 1} != {a: 2} and ("\\u4F4E\\U01F40E" = "低🐎")
-"text" * [1..2] / null - {} ** @"P1D"
/* comment */ 1 // end
not("a", "b")
[18..60), > 65, null, -5, ? * 2 > x
""".strip().splitlines()

NAMES = ("profit and loss", "a-b", "first name", "人均收入", "x", "y")
SCOPE = {
    "人均收入": 500,
    "低保标准": 720.5,
    "household_size": 3,
    "age": 61,
    "x": 7,
    "y": [{"a": 1, "b": "t"}],
    "profit and loss": -3,
    "a-b": True,
    "?": "a",
    "members": [
        {"name": "𠮷野", "income": 900, "age": 40},
        {"name": None, "income": 300, "age": 12},
        {"income": 700, "age": 70},
    ],
}
_WORDS = [
    *BUILTIN_NAMES,
    *SCOPE,
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "satisfies",
    "and",
    "or",
]
_PIECES = [
    *_WORDS,
    *"( ( ) ) [ ] { } , : . .. + - * / ** = != < <= > >= ( ) [ ] , ;".split(),
    *(
        "between",
        "instance of",
        "function(",
        "not(",
        "null",
        "true",
        "external",
        "every",
        "partial",
        "item",
        "?",
    ),
    *("0", "1", "-1", "2.5", "1e6144", "1E-6143", "99999999999999999999999999999999999", "0.1", "1000000"),
    *(
        '""',
        '"a"',
        '"𠮷"',
        '"(a|aa)+$"',
        '"\\\\1"',
        '"[a-z-[aeiou]]"',
        '@"P1D"',
        '@"2026-02-29"',
        '@"24:00:00"',
    ),
    *(
        '@"0000-01-01"',
        '@"10:00:00@Asia/Shanghai"',
        "//",
        "/*",
        '"',
        "@",
        "#",
        "\n",
        "\u3000",
        "list<",
        "0x1",
    ),
]


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
            tokens.insert(at, rng.choice(_PIECES))
        elif kind == 2:
            tokens[at : at + 1] = [rng.choice(_PIECES)]
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
            yield " ".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 12)))
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
        expression = Expression(text, parse(text, special, unary=unary))
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
