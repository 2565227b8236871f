"""Kinds of text that carry their own proof: check digits, fixed shapes, persons' names.

Owns the shapes and the check arithmetic; says in both languages which character to look at again.
Refuses to look anything up: whether a region code exists or a card is open is not decided here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import ExpressionError
from engine.feel import Date, Function, Value
from engine.feel.temporal_text import parse_date

Sentence = tuple[str, str]
"""What to do next, in zh-CN and in English."""

_PROVINCES = (
    "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91"  # GB/T 2260; 91: foreign permanent residents
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643: 2^(17-i) mod 11
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z


@dataclass(frozen=True, slots=True)
class Kind:
    """`pattern` is the shape (read alike by JavaScript, Rust and Python); `fault` says what else is wrong."""

    pattern: str
    component: str
    fault: Callable[[str], Sentence | None]


def luhn_ok(digits: str) -> bool:
    """ISO/IEC 7812-1 Annex B: the digits' sum, every second from the right doubled, ends in 0."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def id_check_digit(first17: str) -> str:
    """GB 11643 (ISO 7064 MOD 11-2): the 18th character for the first seventeen digits."""
    return _ID_CHECKS[sum(int(d) * w for d, w in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def credit_check_character(first17: str) -> str:
    """GB 32100 (ISO 7064 MOD 31-3): the 18th character for the first seventeen."""
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return _CREDIT_ALPHABET[-total % 31]


def _not_digits(value: str) -> Sentence | None:
    if any(unicodedata.decimal(c, None) is not None and not c.isascii() for c in value):
        return "含有全角数字，请改用半角数字", "contains full-width digits; type them as 0-9"
    if value != value.strip():
        return "前后有空格或换行，请删去", "has spaces or a line break around it; remove them"
    return None


def _id_number(value: str) -> Sentence | None:
    loose = _not_digits(value)
    if loose:
        return loose
    if len(value) != 18:
        return f"应为18位，现为{len(value)}位，请核对", f"must have 18 characters, has {len(value)}; check it"
    if value.endswith("x"):
        return "末位请用大写字母 X", "must end in a capital X"
    if not re.fullmatch(f"(?:{_PROVINCES})[0-9]{{15}}[0-9X]", value):
        return (
            "应为17位数字加1位校验码，前两位为省级代码，请核对",
            "must be 17 digits and a check character, beginning with a province code; check it",
        )
    if not ("1800" <= value[6:10] <= "2199" and birth_date_of(value)):
        return "第7至14位不是真实的出生日期，请核对", "has no real birth date in places 7 to 14; check them"
    if id_check_digit(value[:17]) != value[17]:
        return (
            "校验位不对，请核对第18位及前17位",
            "has a wrong check digit; compare place 18 and the 17 before it",
        )
    return None


def _credit_code(value: str) -> Sentence | None:
    if not re.fullmatch(f"[{_CREDIT_ALPHABET}]{{18}}", value):
        return _not_digits(value) or (
            "应为18位数字或大写字母（不含 I、O、S、V、Z），请核对",
            "must be 18 digits or capital letters without I, O, S, V, Z; check it",
        )
    if credit_check_character(value[:17]) != value[17]:
        return (
            "校验码不对，请核对第18位及前17位",
            "has a wrong check character; compare place 18 and the 17 before it",
        )
    return None


def _region_code(value: str) -> Sentence | None:
    if re.fullmatch(f"(?:{_PROVINCES})(?:[0-9]{{4}}|[0-9]{{7}}|[0-9]{{10}})", value):
        return None
    return _not_digits(value) or (
        "应为6、9或12位行政区划代码，请核对",
        "must be an administrative code of 6, 9 or 12 digits; check it",
    )


def _bank_card(value: str) -> Sentence | None:
    if not re.fullmatch("[0-9]{12,19}", value):
        return _not_digits(value) or (
            "应为12至19位数字，中间不留空格",
            "must be 12 to 19 digits without spaces",
        )
    if not luhn_ok(value):
        return (
            "校验位不对，请对照银行卡逐位核对",
            "has a wrong check digit; compare it with the card digit by digit",
        )
    return None


def _mobile(value: str) -> Sentence | None:
    if re.fullmatch("1[3-9][0-9]{9}", value):
        return None
    return _not_digits(value) or (
        "应为11位中国大陆手机号码，不加区号和空格",
        "must be a mainland mobile number of 11 digits, without prefix or spaces",
    )


def _is_name_character(char: str) -> bool:
    """Letters and marks of any script, 〇, and what the registers use for rare characters.

    Ideographs newer than this Python's Unicode tables have no category yet, hence the two planes;
    private-use characters stand in old registers for those without a code.
    """
    return (
        char in " ·〇-'’"
        or unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Co")
        or 0x20000 <= ord(char) <= 0x3FFFD
    )


def _name(value: str) -> Sentence | None:
    if value != value.strip() or "  " in value:
        return "前后不能有空格，中间不能连用空格", "must have no spaces around it and no two in a row"
    wrong = next((c for c in value if not _is_name_character(c)), None)
    if wrong in ("•", "・", "‧", "．", ".", "∙"):
        return "间隔号请用“·”", "must use “·” between the parts"
    if wrong is not None or not any(c not in " ·-'’" for c in value):
        return (
            f"含有姓名中不用的字符“{wrong or value}”，请改正",
            f"has a character no name has: “{wrong or value}”",
        )
    return None


def _any(value: str) -> Sentence | None:
    return None


MOST_FEN = 10**15
"""The most that money can be, in a form as in a ledger."""

KINDS: dict[str, Kind] = {
    "idNumber": Kind(f"^({_PROVINCES})[0-9]{{15}}[0-9X]$", "textfield", _id_number),
    "creditCode": Kind(f"^[{_CREDIT_ALPHABET}]{{18}}$", "textfield", _credit_code),
    "regionCode": Kind(f"^({_PROVINCES})([0-9]{{4}}|[0-9]{{7}}|[0-9]{{10}})$", "textfield", _region_code),
    "bankCard": Kind("^[0-9]{12,19}$", "textfield", _bank_card),
    "mobile": Kind("^1[3-9][0-9]{9}$", "textfield", _mobile),
    "name": Kind("", "textfield", _name),
    "moneyFen": Kind("", "number", _any),
}


def birth_date_of(id_number: str) -> Date | None:
    """The birth date in a resident identity number (GB 11643, places 7 to 14)."""
    return parse_date(f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}")


def sex_of(id_number: str) -> str:
    """GB 11643: an odd sequence number (place 17) is a man's."""
    return "male" if int(id_number[16]) % 2 else "female"


def _of_valid(read: Callable[[str], Value]) -> Callable[[list[Value], object], Value]:
    def call(args: list[Value], env: object) -> Value:
        if len(args) != 1:
            raise ExpressionError(
                en="This function takes one identity number.", zh="此函数需要一个身份证号。"
            )
        value = args[0]
        return read(value) if isinstance(value, str) and _id_number(value) is None else None

    return call


FUNCTIONS: dict[str, Function] = {
    "birth_date_of": Function("birth_date_of", ("id_number",), _of_valid(birth_date_of)),
    "sex_of": Function("sex_of", ("id_number",), _of_valid(sex_of)),
}
"""FEEL functions of identity numbers; null for a number that is not valid."""
