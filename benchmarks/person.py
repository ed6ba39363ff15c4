"""A person without a browser: opens a page and changes filters over Streamlit's websocket, as a browser's tab does."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

WAIT_SECONDS = 60.0
FILTER_KINDS = ("button_group", "multiselect", "selectbox")
_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True)
class Run:
    """One run of a page: seconds from asking to the server's last word of it, and what it drew."""

    seconds: float
    charts: int
    metrics: int
    errors: int
    elements: int = 0


@dataclass(frozen=True)
class Pressable:
    """A button or menu: its widget, the fragment that runs when it is pressed (none: the page), a menu's entries."""

    id: str
    fragment: str
    entries: tuple[str, ...] = ()


@dataclass
class Person:
    """One open tab: what the browser would know of the page by now."""

    socket: ClientConnection
    page: str
    page_hash: str = ""
    parameters: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    cached: dict[str, None] = field(default_factory=dict)
    pressables: dict[str, Pressable] = field(default_factory=dict)

    def open(self) -> Run:
        """Open the page, as its address does."""
        return self._run(BackMsg())

    def choose(self, name: str, value: Sequence[str] | str) -> Run:
        """Change one filter: a text for a date, the chosen texts for segments and chips."""
        state = WidgetState(id=self.widgets[name])
        if isinstance(value, str):
            state.string_value = value
        else:
            state.string_array_value.data.extend(value)
        asked = BackMsg()
        asked.rerun_script.widget_states.widgets.append(state)
        return self._run(asked)

    def press(self, pressed: Pressable, entry: str = "") -> Run:
        """Press a button, or choose an entry of a menu."""
        state = WidgetState(id=pressed.id)
        if entry:
            state.string_trigger_value.data = entry
        else:
            state.trigger_value = True
        asked = BackMsg()
        asked.rerun_script.widget_states.widgets.append(state)
        asked.rerun_script.fragment_id = pressed.fragment
        return self._run(asked)

    def _run(self, asked: BackMsg) -> Run:
        state = asked.rerun_script
        state.query_string = self.parameters
        state.cached_message_hashes.extend(self.cached)
        if self.page_hash:
            state.page_script_hash = self.page_hash
        else:
            state.page_name = self.page
        state.context_info.timezone = "UTC"
        began = time.perf_counter()
        self.socket.send(asked.SerializeToString())
        charts = metrics = errors = elements = 0
        while True:
            message = ForwardMsg.FromString(self._receive(began))
            kind = message.WhichOneof("type")
            if message.metadata.cacheable and message.hash:
                self.cached[message.hash] = None
            if kind == "script_finished" and message.script_finished in _DONE:
                return Run(time.perf_counter() - began, charts, metrics, errors, elements)
            if kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.parameters = message.page_info_changed.query_string
            elif kind == "delta" and message.delta.HasField("new_element"):
                element = message.delta.new_element
                drawn = element.WhichOneof("type") or ""
                elements += 1
                charts += drawn == "vega_lite_chart"
                metrics += drawn == "metric"
                errors += drawn == "exception" or (drawn == "alert" and element.alert.format == Alert.ERROR)
                if drawn in FILTER_KINDS:
                    self._note(getattr(element, drawn).id)
                elif drawn in ("button", "menu_button"):
                    widget = getattr(element, drawn)
                    entries = tuple(widget.options) if drawn == "menu_button" else ()
                    # An id ends in the key that the page gave: $$ID-<hash>-<key>.
                    key = widget.id.split("-", 2)[-1]
                    self.pressables[key] = Pressable(widget.id, message.delta.fragment_id, entries)

    def _receive(self, began: float) -> bytes:
        left = WAIT_SECONDS - (time.perf_counter() - began)
        if left <= 0:
            raise TimeoutError(f"The page {self.page} was not finished within {WAIT_SECONDS:.0f} s.")
        received = self.socket.recv(timeout=left, decode=False)
        return received if isinstance(received, bytes) else received.encode()

    def _note(self, widget: str) -> None:
        head, found, name = widget.rpartition(".filter.")
        if found and head.endswith(self.page):
            self.widgets[name] = widget


@contextmanager
def person(base: str, cookie: str, page: str) -> Iterator[Person]:
    """A tab of the signed-in person with that cookie, closed at the end of the block; nothing is opened yet."""
    with connect(
        f"{base.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"boardroom_session={cookie}"},
        max_size=None,
    ) as socket:
        yield Person(socket, page)
