"""The editors' words in Chinese: whatever the libraries ask to be translated is in our dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "web" / "assets"
DICTIONARY = ASSETS / "src" / "designer" / "dictionary"
LIBRARIES = (
    "bpmn-js/lib", "diagram-js/lib", "diagram-js-minimap/dist/index.esm.js",
    "bpmn-js-properties-panel/dist/index.esm.js",
    "@bpmn-io/properties-panel/dist/index.esm.js", "dmn-js/lib", "dmn-js-drd/lib", "dmn-js-shared/lib",
    "dmn-js-decision-table/lib", "dmn-js-literal-expression/lib", "dmn-js-boxed-expression/lib",
    "table-js/lib", "@bpmn-io/form-js-editor/dist/index.es.js",
)  # fmt: skip
CALL = re.compile(r"""\btranslate\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")""")
LABEL = re.compile(r"""label: '((?:[^'\\\n]|\\.)*)'""")
KEY = re.compile(r"""^  (?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\w+)):(?: |$)""", re.MULTILINE)
# The panel's Camunda 7 provider shares its file with Camunda 8's, and is never loaded.
CAMUNDA_7 = frozenset(
    {
        "After", "Asynchronous after", "Asynchronous before", "Asynchronous continuations", "Before",
        "Candidate starter groups", "Candidate starter users", "Candidate starter", "Class", "Config",
        "Decision reference", "Delegate Class", "Delegate Expression", "Delegate Variable Mapping",
        "Delegate expression", "Embedded or External Task Forms", "External task",
        "Field injection", "Field injections", "Form fields", "Generated Task Forms", "History cleanup",
        "In mapping propagation",
        "In mappings", "Initiator", "Inline script", "Java class", "Out mapping propagation", "Out mappings",
        "Retry time cycle", "Script type", "Source expression", "Start initiator",
        "Startable", "Tasklist", "Tenant ID", "Throw expression", "Topic", "collectEntries (List<Object>)",
        "resultList (List<Map<String, Object>>)", "singleEntry (TypedValue)",
        "singleResult (Map<String, Object>)",
    }
)  # fmt: skip


def plain(text: str) -> str:
    """A JavaScript string as it is at run time."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), text)


def known() -> set[str]:
    """Every key of the dictionary."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in DICTIONARY.glob("*.ts"))
    return {plain(next(filter(None, match.groups()))) for match in KEY.finditer(text)}


def sources(library: str) -> Iterator[str]:
    path = ASSETS / "node_modules" / library
    for file in [path] if path.is_file() else sorted(path.rglob("*.js")):
        yield file.read_text(encoding="utf-8")


@pytest.mark.skipif(not (ASSETS / "node_modules").is_dir(), reason="run `make assets` first")
@pytest.mark.parametrize("library", LIBRARIES)
def test_every_word_that_a_library_asks_for_is_known(library: str) -> None:
    asked = {
        plain(match[1] if match[1] is not None else match[2])
        for text in sources(library)
        for match in CALL.finditer(text)
    }
    unknown = asked - known() - CAMUNDA_7
    assert {word for word in unknown if not word.startswith("Number of days before")} == set()


@pytest.mark.skipif(not (ASSETS / "node_modules").is_dir(), reason="run `make assets` first")
def test_every_kind_of_element_in_the_replace_menu_is_known() -> None:
    text = next(sources("bpmn-js/lib/features/popup-menu/PopupEntries.js"))
    labels = {plain(match[1]) for match in LABEL.finditer(text)}
    assert len(labels) > 50
    assert labels - known() == set()


@pytest.mark.skipif(not (ASSETS / "node_modules").is_dir(), reason="run `make assets` first")
def test_the_libraries_are_read_as_they_are_written() -> None:
    """Were the calls written otherwise one day, the tests above would look at nothing."""
    assert sum(len(CALL.findall(text)) for library in LIBRARIES for text in sources(library)) > 500


def test_no_translation_is_left_empty_or_in_english() -> None:
    pairs = re.compile(r'^  (?:"((?:[^"\\]|\\.)*)"|(\w+)):\s+"((?:[^"\\]|\\.)*)",', re.MULTILINE)
    same = {"{eventType}: {type}", "BPMN", "CMMN", "ID", "HTML", " + shift + ", " + x + "}
    found = 0
    for path in DICTIONARY.glob("*.ts"):
        for match in pairs.finditer(path.read_text(encoding="utf-8")):
            found += 1
            key, text = match[1] or match[2], match[3]
            assert key in same or re.search(r"[一-鿿]|^[、）。（， ]+$", text), (path.name, key, text)
    assert found > 500
