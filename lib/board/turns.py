"""Which answer to a question serves everybody while a newer one is fetched (docs/boards.md, Results)."""

from __future__ import annotations

import threading


class Turns:
    """Counts how often each question was answered anew; an answer is stored under its question and turn.

    Who refreshes asks for the next turn. All others read the present one until the next has come.
    """

    def __init__(self) -> None:
        self._turns: dict[str, int] = {}
        self._lock = threading.Lock()

    def present(self, question: str) -> str:
        """Under which key the answer is stored that serves everybody."""
        return f"{question}.{self._turns.get(question, 0)}"

    def next(self, question: str) -> str:
        """Under which key the answer will be stored that somebody asks for anew; the same for all who do so now."""
        return f"{question}.{self._turns.get(question, 0) + 1}"

    def arrived(self, question: str, key: str) -> str | None:
        """Let the answer stored under `key` serve everybody; the key of an older one that nobody reads any more.

        The answer just before stays: somebody may be about to read it.
        """
        with self._lock:
            turn = int(key.rpartition(".")[2])
            if turn <= self._turns.get(question, 0):
                return None
            self._turns[question] = turn
        return f"{question}.{turn - 2}" if turn >= 2 else None
