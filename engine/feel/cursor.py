"""The token cursor, and the rule that says which words make one name.

A name may hold spaces, keywords and the characters `. / - ' + *`, so its end depends on what is in scope:
1. the longest known name that the tokens spell is taken (known: built-in names, the caller's `names`, and
   names declared by the expression itself);
2. any word that follows a name directly belongs to it too, since two names side by side mean nothing else.
So names that differ from plain text only by spaces need not be announced; only those with an infix keyword
or a special character in them do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from engine.errors import ExpressionError
from engine.feel.lexer import Token, syntax_error, tokenize
from engine.feel.values import past_bound

INFIX_WORDS = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies"})
BUILTIN_SPECIAL = ("date and time", "years and months duration", "days and time duration")
_NAME_SYMBOLS = frozenset({".", "/", "-", "'", "+", "*", "**"})

Spelling = tuple[tuple[str, bool], ...]
"""The tokens of a name, each with whether white space stands before it."""


@lru_cache(maxsize=4096)
def spelling(name: str) -> Spelling:
    """How `name` reads as tokens; empty when it cannot be written without quotes."""
    try:
        tokens = tokenize(name)[:-1]
    except ExpressionError:
        return ()
    if not tokens or tokens[0].kind != "name" or len(tokens) > 50:
        return ()
    if any(t.kind not in ("name", "number") and t.text not in _NAME_SYMBOLS for t in tokens):
        return ()
    gaps = [False] + [a.end < b.start for a, b in zip(tokens, tokens[1:], strict=False)]
    return tuple((token.text, gap) for token, gap in zip(tokens, gaps, strict=True))


def is_special(name: str) -> bool:
    """Whether the parser must be told of the name to read it as one."""
    tokens = spelling(name)
    return len(tokens) > 1 and any(
        text in INFIX_WORDS or "." in text or not (text[0].isalnum() or text[0] in "_?") for text, _ in tokens
    )


class Cursor:
    """Where the parser stands."""

    def __init__(self, text: str, names: Iterable[str], depth: int) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.known = frozenset(filter(is_multi_word, (*BUILTIN_SPECIAL, *names)))
        self.path_names = self.known
        self.left = self.depth = depth
        self.in_range_end = False

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def at_op(self, text: str) -> bool:
        token = self.tokens[self.index]
        return token.kind == "op" and token.text == text

    def at_word(self, word: str) -> bool:
        token = self.tokens[self.index]
        return token.kind == "name" and token.text == word

    def accept(self, text: str) -> bool:
        if self.at_op(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        token = self.token
        if token.text != text or token.kind not in ("op", "name"):
            raise self.error(f"expected '{text}' but found {self._shown(token)}", f"此处应为“{text}”")
        return self.next()

    def unexpected(self) -> ExpressionError:
        return self.error(f"did not expect {self._shown(self.token)} here", "此处的内容不符合语法")

    def error(self, en: str, zh: str, at: int | None = None) -> ExpressionError:
        return syntax_error(self.text, self.token.start if at is None else at, en, zh)

    @staticmethod
    def _shown(token: Token) -> str:
        return "the end" if token.kind == "end" else f"'{token.text[:40]}'"

    def deeper(self, levels: int = 1) -> None:
        """Counts nesting, which later becomes nested calls; the caller gives the levels back."""
        self.left -= levels
        if self.left < 0:
            raise past_bound("depth", self.depth, self.text)

    # names

    def declare(self, name: str) -> None:
        """Makes a name of the expression itself known from here on (until the caller restores `known`)."""
        if is_multi_word(name) and name not in self.known:
            self.known |= {name}
            self.path_names |= {name}

    def known_length(self, names: frozenset[str]) -> int:
        """How many tokens from here spell the longest known name; 0 for none."""
        best = 0
        first = self.token.text
        for name in names:
            tokens = spelling(name)
            if len(tokens) > best and tokens[0][0] == first and self._spells(tokens):
                best = len(tokens)
        return best

    def _spells(self, tokens: Spelling) -> bool:
        start, here = self.index, self.tokens
        if start + len(tokens) >= len(here):
            return False
        return all(
            here[start + i].text == text
            and (i == 0 or (here[start + i - 1].end < here[start + i].start) == gap)
            for i, (text, gap) in enumerate(tokens)
        )

    def name(self, known: frozenset[str]) -> str:
        """Reads one name that begins at this token."""
        start = self.index
        self.index += max(1, self.known_length(known))
        while self._continues():
            self.index += max(1, self.known_length(known))
        return self.slice(start)

    def _continues(self) -> bool:
        token = self.token
        if token.kind == "number":
            return token.text.isdigit()
        if token.kind != "name" or token.text in INFIX_WORDS:
            return False
        return not (token.text == "instance" and self.peek().text == "of")

    def slice(self, start: int) -> str:
        """The text from token `start` to before the current one, white space collapsed."""
        parts = [self.tokens[start].text]
        for before, token in zip(
            self.tokens[start : self.index], self.tokens[start + 1 : self.index], strict=False
        ):
            parts.append(" " + token.text if before.end < token.start else token.text)
        return "".join(parts)

    def declared_name(self, *stops: str) -> str | None:
        """Reads a name up to one of `stops`, leaving the cursor on it; None, unmoved, without one."""
        start = self.index
        if self.token.kind != "name":
            return None
        while not (self.token.text in stops and self.index > start):
            token = self.token
            if token.kind not in ("name", "number") and token.text not in _NAME_SYMBOLS:
                self.index = start
                return None
            self.index += 1
        return self.slice(start)


def is_multi_word(name: str) -> bool:
    return len(spelling(name)) > 1
