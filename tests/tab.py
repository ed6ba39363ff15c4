"""A browser's tab without the browser: it opens pages of a real server over the websocket and presses their buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from google.protobuf.text_format import MessageToString
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from tests.server import VISIT_SECONDS, Server

ENDS = (
    ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY,
    ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


@dataclass(frozen=True)
class Drawn:
    """One element that stood on the page when a run had ended."""

    kind: str
    message: Any
    fragment: str

    @property
    def text(self) -> str:
        """All that was sent to the browser for it."""
        return MessageToString(self.message, as_utf8=True)


@dataclass(frozen=True)
class Shown:
    """What one run left on the page; of a fragment's run, what that fragment left."""

    drawn: tuple[Drawn, ...]

    @property
    def text(self) -> str:
        """Everything that was sent."""
        return "\n".join(element.text for element in self.drawn)

    @property
    def words(self) -> str:
        """What people read: alerts, Markdown, headings, figures with their help."""
        kinds = ("alert", "markdown", "heading", "metric")
        said = [
            (element.message.body, getattr(element.message, "help", "")) for kind in kinds for element in self.of(kind)
        ]
        return re.sub(r"\\(.)", r"\1", "\n".join(filter(None, (text for texts in said for text in texts))))

    def of(self, kind: str) -> list[Drawn]:
        """The elements of a kind, such as `alert`, `metric`, `vega_lite_chart`."""
        return [element for element in self.drawn if element.kind == kind]

    def bodies(self, kind: str) -> list[str]:
        """The texts of alerts, Markdown or figures."""
        return [element.message.body for element in self.of(kind)]

    def buttons(self, label: str) -> list[Drawn]:
        """The buttons of that label."""
        return [element for element in self.of("button") if element.message.label == label]


Until = Callable[[Shown], bool]


class Tab:
    """A page that is open; made by `opened`."""

    def __init__(self, socket: ClientConnection, page: str, query: str) -> None:
        self._socket, self._page, self._query = socket, page, query
        self._drawn: dict[tuple[int, ...], Drawn] = {}

    def reload(self, until: Until | None = None) -> Shown:
        """Run the page anew, to its end or until it shows something."""
        return self._run(BackMsg(), until)

    def go(self, query: str, until: Until | None = None) -> Shown:
        """Go to another address of the page."""
        self._query = query.lstrip("?")
        return self.reload(until)

    def choose(self, chips: Drawn, texts: list[str]) -> Shown:
        """Make these the chips of a multiselect of the page."""
        asked = BackMsg()
        state = asked.rerun_script.widget_states.widgets.add()
        state.id = chips.message.id
        state.string_array_value.data.extend(texts)
        return self._run(asked, None)

    def watch(self, until: Until) -> Shown:
        """Go on looking at the run that was left before its end."""
        return self._read(until)

    def press(self, button: Drawn, until: Until | None = None) -> Shown:
        """Press a button: runs its fragment, or the page where it stands in none."""
        asked = BackMsg()
        asked.rerun_script.fragment_id = button.fragment
        state = asked.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button.message.id, True
        return self._run(asked, until)

    def _run(self, asked: BackMsg, until: Until | None) -> Shown:
        asked.rerun_script.page_name = self._page
        asked.rerun_script.query_string = self._query
        self._socket.send(asked.SerializeToString())
        self._drawn.clear()
        return self._read(until)

    def _read(self, until: Until | None) -> Shown:
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=VISIT_SECONDS))  # pyright: ignore
            kind = message.WhichOneof("type")
            if kind == "delta":
                _keep(self._drawn, message)
            ended = kind == "script_finished" and message.script_finished in ENDS
            if ended or (kind == "delta" and until is not None and until(self._shown())):
                return self._shown()

    def _shown(self) -> Shown:
        return Shown(tuple(self._drawn[path] for path in sorted(self._drawn)))


def _keep(drawn: dict[tuple[int, ...], Drawn], message: ForwardMsg) -> None:
    path, delta = tuple(message.metadata.delta_path), message.delta
    kind = delta.WhichOneof("type")
    for beneath in [known for known in drawn if known[: len(path)] == path and (kind != "add_block" or known == path)]:
        del drawn[beneath]
    if kind == "new_element":
        inside = delta.new_element.WhichOneof("type") or "empty"
        drawn[path] = Drawn(inside, getattr(delta.new_element, inside, delta.new_element), delta.fragment_id)


@contextmanager
def opened(
    server: Server, page: str, cookie: str | None = None, query: str = "", until: Until | None = None
) -> Iterator[tuple[Tab, Shown]]:
    """Open a page as a browser does, signed in by a cookie: the tab and what its first run showed.

    With `until` the run is looked at while it goes on, as soon as it shows that.
    """
    with server.connected(cookie) as socket:
        tab = Tab(socket, page, query)
        yield tab, tab.reload(until)
