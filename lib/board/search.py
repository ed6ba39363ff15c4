"""The search over boards, tiles and names: an index of words, tolerant of typos (rules: docs/boards.md, Search)."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise

import numpy as np
from rapidfuzz.distance import OSA

MOST_HITS = 12
MOST_OF_A_KIND = 6
MOST_TOKENS = 8
# How far a word is from the typed one: it is the same, begins with it, holds it, or is another by one edit.
PREFIX, INSIDE, EDIT = 1.0, 4.0, 5.0
_NEVER = np.float32(np.inf)
# So many of a kind are looked at closely.
_RANKED = 100
# Distances from the title are less.
_STEPS = 16
# Shorter words are near only to words that begin with the same letter.
_BEGINS_RIGHT = 6


class Kind(StrEnum):
    """What a hit is, in the order in which equals stand."""

    board = "Board"
    account = "Account"
    tile = "Tile"
    email = "Installer email"


_KIND_RANKS = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Text:
    """Something that an entry is found by beside its title: what it is, the text, how far it stands from the title."""

    name: str
    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to find; `weight` (an account's instances) puts the larger of equals first."""

    kind: Kind
    title: str
    page: str = ""
    look: str = ""
    texts: tuple[Text, ...] = ()
    weight: int = 0


@dataclass(frozen=True)
class Hit:
    """A found entry, and the text beside its title that it was found by (None: by the title)."""

    entry: Entry
    why: Text | None = None


class Index:
    """Entries by their words; made once, then asked by `search` from any thread.

    The entries of word `w` stand in `_found` from `_starts[w]` to `_starts[w + 1]`, with how far it is from the title.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        places: dict[str, list[int]] = defaultdict(list)
        for at, entry in enumerate(entries):
            for word in words_of(entry.title):
                places[word].append(at * _STEPS)
            for text in entry.texts:
                for word in words_of(text.text):
                    places[word].append(at * _STEPS + text.distance)
        self.words = sorted(places)
        counts = np.fromiter((len(places[word]) for word in self.words), np.int64, len(self.words))
        found = np.fromiter(chain.from_iterable(places[word] for word in self.words), np.int64, int(counts.sum()))
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        self._found, self._distances = found // _STEPS, (found % _STEPS).astype(np.float32)
        self._letters = np.fromiter(map(_letters, self.words), np.uint64, len(self.words))
        self._pairs = np.fromiter(map(_pairs, self.words), np.uint64, len(self.words))
        self._lengths = np.fromiter(map(len, self.words), np.int64, len(self.words))
        self._joined = "\n".join(self.words)
        self._offsets = np.concatenate(([0], np.cumsum(self._lengths + 1)))
        self._kinds = np.fromiter((_KIND_RANKS[entry.kind] for entry in entries), np.int64, len(entries))
        weights = np.fromiter((min(entry.weight, 99) for entry in entries), np.int64, len(entries))
        self._order = (self._kinds * 100 - weights).astype(np.float64)

    def search(self, text: str, most: int = MOST_HITS) -> list[Hit]:
        """The entries that have every typed word, or one like it, best first; at most `MOST_OF_A_KIND` of a kind.

        Same words before words that begin so, these before words with the text inside, these before typos; titles
        before what stands around them; then boards, accounts, tiles, emails.
        """
        tokens = words_of(text)[:MOST_TOKENS]
        if not tokens or not self.entries:
            return []
        totals = self._totals(tokens, widely=False)
        if np.isfinite(totals).sum() < most:
            totals = self._totals(tokens, widely=True)
        (fitting,) = np.nonzero(np.isfinite(totals))
        ranks = totals[fitting] * 1000.0 + self._order[fitting]
        chosen = np.concatenate(
            [_best(np.nonzero(self._kinds[fitting] == kind)[0], ranks) for kind in range(len(Kind))]
        )
        fitting, ranks = fitting[chosen], ranks[chosen]
        whole = fold(text).strip()
        ranked = sorted(
            (rank - _phrase(whole, self.entries[at].title), len(self.entries[at].title), self.entries[at].title, at)
            for rank, at in zip(ranks.tolist(), fitting.tolist(), strict=True)
        )
        left = dict.fromkeys(Kind, MOST_OF_A_KIND)
        hits: list[Hit] = []
        for *_, at in ranked:
            entry = self.entries[at]
            if left[entry.kind] and len(hits) < most:
                left[entry.kind] -= 1
                hits.append(Hit(entry, _why(entry, tokens)))
        return hits

    def _totals(self, tokens: Sequence[str], widely: bool) -> np.ndarray:
        totals = np.zeros(len(self.entries), np.float32)
        for token in tokens:
            best = np.full(len(self.entries), _NEVER, np.float32)
            self._spread(best, *self._beginning(token))
            if widely and not token.isdigit():
                self._spread(best, *self._holding(token))
                # What many entries have as it was typed is no typo.
                if np.isfinite(best).sum() < MOST_HITS:
                    self._spread(best, *self._near(token))
            totals += best
        return totals

    def _spread(self, best: np.ndarray, words: np.ndarray, distances: np.ndarray) -> None:
        """Give the entries of these words their distances, where they have no better one."""
        counts = self._starts[words + 1] - self._starts[words]
        before = np.cumsum(counts) - counts
        places = np.repeat(self._starts[words] - before, counts) + np.arange(counts.sum())
        np.minimum.at(best, self._found[places], self._distances[places] + np.repeat(distances, counts))

    def _beginning(self, token: str) -> tuple[np.ndarray, np.ndarray]:
        """Words that are the token or begin with it, and their distances."""
        first, until = bisect_left(self.words, token), bisect_left(self.words, token + "\U0010ffff")
        distances = np.full(until - first, PREFIX, np.float32)
        if first < until and self.words[first] == token:
            distances[0] = 0.0
        return np.arange(first, until), distances

    def _holding(self, token: str) -> tuple[np.ndarray, np.ndarray]:
        """Words that have the token inside, and their distances."""
        long_enough = len(token) >= 3 or not token.isascii()
        places = [match.start() for match in re.finditer(re.escape(token), self._joined)] if long_enough else []
        words = np.unique(np.searchsorted(self._offsets, np.array(places, np.int64), "right") - 1)
        return words, np.full(len(words), INSIDE, np.float32)

    def _near(self, token: str) -> tuple[np.ndarray, np.ndarray]:
        """Words within the allowed edits, and their distances.

        Those that cannot be are told all at once by the letters and pairs they lack: an edit takes one letter away at
        most, and three pairs (two letters that changed places).
        """
        edits = allowed_edits(token)
        first, until = 0, len(self.words) if edits else 0
        if len(token) < _BEGINS_RIGHT:
            first, until = bisect_left(self.words, token[0]), bisect_left(self.words, token[0] + "\U0010ffff")
        letters = np.bitwise_count(np.uint64(_letters(token)) & ~self._letters[first:until])
        pairs = np.bitwise_count(np.uint64(_pairs(token)) & ~self._pairs[first:until])
        long_enough = self._lengths[first:until] >= len(token) - edits
        maybe = (np.nonzero((letters <= edits) & (pairs <= 3 * edits) & long_enough)[0] + first).tolist()
        found = [(at, distance) for at in maybe if (distance := typo_distance(token, self.words[at])) is not None]
        return np.array([at for at, _ in found], np.int64), np.array([far for _, far in found], np.float32)


def allowed_edits(token: str) -> int:
    """How many typos a word of that length may have: none up to three letters, one up to seven, then two."""
    return 0 if len(token) < 4 else 1 if len(token) < 8 else 2


def typo_distance(token: str, word: str) -> float | None:
    """How far a word, or its beginning, is from a mistyped token; None when it is too far.

    An edit is a letter more, less or other, or two that changed places. Words of up to five letters must begin right.
    """
    edits = allowed_edits(token)
    if not edits or (len(token) < _BEGINS_RIGHT and token[:1] != word[:1]):
        return None
    best = OSA.distance(token, word, score_cutoff=edits) if abs(len(word) - len(token)) <= edits else edits + 1
    whole = best <= edits
    for length in range(len(token) - edits, min(len(token) + edits, len(word) - 1) + 1):
        distance = OSA.distance(token, word[:length], score_cutoff=edits)
        if distance < best:
            best, whole = distance, False
    return None if best > edits else EDIT * best + (0.0 if whole else PREFIX)


def fold(text: str) -> str:
    """A text without case and accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def words_of(text: str) -> list[str]:
    """The words of a text, folded: runs of letters and digits."""
    return re.findall(r"[^\W_]+", fold(text))


def _letters(word: str) -> int:
    """Which letters a word has, as bits; letters beyond Latin share some."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _pairs(word: str) -> int:
    """Which pairs of neighbours a word has, as bits; many share one."""
    bits = 0
    for left, right in pairwise(word):
        bits |= 1 << ((ord(left) * 31 + ord(right)) & 63)
    return bits


def _best(places: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Those of the places that rank best, in no order."""
    return places if len(places) <= _RANKED else places[np.argpartition(ranks[places], _RANKED)[:_RANKED]]


def _phrase(whole: str, title: str) -> float:
    """What a title gains that is, or begins with, all that was typed."""
    folded = fold(title)
    return 3000.0 if folded == whole else 2000.0 if folded.startswith(whole) else 0.0


def _why(entry: Entry, tokens: Sequence[str]) -> Text | None:
    """The text furthest from the title that a token needed."""
    title = words_of(entry.title)
    needed: Text | None = None
    for token in tokens:
        best, found = _distance(token, title), None
        for text in entry.texts:
            distance = _distance(token, words_of(text.text)) + text.distance
            if distance < best:
                best, found = distance, text
        if found is not None and (needed is None or found.distance > needed.distance):
            needed = found
    return needed


def _distance(token: str, words: Sequence[str]) -> float:
    return min((_word_distance(token, word) for word in words), default=np.inf)


def _word_distance(token: str, word: str) -> float:
    if word.startswith(token):
        return 0.0 if word == token else PREFIX
    if not token.isdigit() and token in word and (len(token) >= 3 or not token.isascii()):
        return INSIDE
    near = None if token.isdigit() else typo_distance(token, word)
    return np.inf if near is None else near
