"""A websocket to a real server that keeps every byte it was sent, whatever shape it had."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from tests.server import VISIT_SECONDS, Server
from tests.tab import ENDS


@dataclass
class Run:
    """What one run sent: every byte, the elements of it, and (of a whole page) the pages that the navigation has."""

    sent: bytes = b""
    elements: list[tuple[str, Any, str]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[tuple[Any, str]]:
        """Elements of a kind, each with the id of its fragment."""
        return [(element, fragment) for found, element, fragment in self.elements if found == kind]

    @property
    def kinds(self) -> set[str]:
        """The kinds of elements."""
        return {kind for kind, _, _ in self.elements}


class Line:
    """An open page; made by `calling`."""

    def __init__(self, socket: ClientConnection, page: str, query: str) -> None:
        self._socket, self._page, self._query = socket, page, query
        self._session = ""

    def run(self, fragment: str = "") -> Run:
        """Run the page, or one fragment of it."""
        return self._run(BackMsg(), fragment)

    def choose(self, menu: Any, fragment: str, option: str) -> Run:
        """Choose an option of a menu."""
        asked = BackMsg()
        state = asked.rerun_script.widget_states.widgets.add()
        state.id, state.string_trigger_value.data = menu.id, option
        return self._run(asked, fragment)

    def press(self, button: Any, fragment: str) -> Run:
        """Press a button."""
        asked = BackMsg()
        state = asked.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button.id, True
        return self._run(asked, fragment)

    def file(self, file_id: str) -> str:
        """Ask for a file that is made when it is asked for; its address, or `refused: …`."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = uuid.uuid4().hex
        asked.backend_operation_request.session_id = self._session
        asked.backend_operation_request.deferred_file.file_id = file_id
        self._socket.send(asked.SerializeToString())
        while True:
            message = self._next()
            if message.WhichOneof("type") == "backend_operation_response":
                answer = message.backend_operation_response
                return answer.deferred_file.url or f"refused: {answer.error_msg}"

    def _run(self, asked: BackMsg, fragment: str) -> Run:
        asked.rerun_script.page_name, asked.rerun_script.query_string = self._page, self._query
        asked.rerun_script.fragment_id = fragment
        self._socket.send(asked.SerializeToString())
        run = Run()
        while True:
            message = self._next(run)
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.HasField("new_element"):
                element = message.delta.new_element
                inside = element.WhichOneof("type") or "empty"
                run.elements.append((inside, getattr(element, inside, None), message.delta.fragment_id))
            elif kind == "new_session":
                self._session = message.new_session.initialize.session_id
            elif kind == "navigation":
                run.pages = [page.url_pathname for page in message.navigation.app_pages]
            elif kind == "script_finished" and message.script_finished in ENDS:
                return run

    def _next(self, run: Run | None = None) -> ForwardMsg:
        frame = self._socket.recv(timeout=VISIT_SECONDS)
        assert isinstance(frame, bytes)
        if run is not None:
            run.sent += frame
        message = ForwardMsg()
        message.ParseFromString(frame)
        return message


@contextmanager
def calling(server: Server, page: str, cookie: str | None, query: str = "") -> Iterator[Line]:
    """A page of the server, opened with a cookie (None: without)."""
    with server.connected(cookie) as socket:
        yield Line(socket, page, query)
