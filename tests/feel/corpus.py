"""What the fuzzer starts from: expressions that use all of FEEL, a scope for them, and pieces to mix in."""

from __future__ import annotations

from engine.feel import BUILTIN_NAMES

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
WORDS = [
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
PIECES = [
    *WORDS,
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
