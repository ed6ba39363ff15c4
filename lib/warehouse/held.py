"""What files say, asked for each tile of a page: one answer for all that ask within a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def held(seconds: float) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """A function whose answers, by its hashable arguments, stand for so many seconds; errors do not.

    Each word with the file system lets other threads in: with one for each tile that costs more than the word itself.
    """

    def wrap(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        kept: dict[object, tuple[float, Answer]] = {}

        @wraps(function)
        def ask(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
            key, now = (args, tuple(kwargs.items())), time.monotonic()
            found = kept.get(key)
            if found is None or found[0] <= now:
                found = kept[key] = now + seconds, function(*args, **kwargs)
            return found[1]

        return ask

    return wrap
