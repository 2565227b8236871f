"""The canonical form of a file and the hash of a definition.

Two files that differ only in indentation, attribute order, comments or key order are the same content.
File names don't count: moving a file to another folder is no new version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from lxml import etree

from engine.safe_xml import Element


def canonical_xml(root: Element) -> bytes:
    """C14N 2.0 without comments and without white space at the edges of text."""
    return bytes(etree.tostring(root, method="c14n2", with_comments=False, strip_text=True))


def canonical_json(value: Any) -> bytes:
    """Sorted keys, no white space."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_hash(key: str, contents: Iterable[bytes]) -> str:
    """SHA-256 over the process key and the hashes of the canonical contents, in no particular order."""
    whole = hashlib.sha256(key.encode())
    for digest in sorted(hashlib.sha256(content).digest() for content in contents):
        whole.update(digest)
    return whole.hexdigest()
