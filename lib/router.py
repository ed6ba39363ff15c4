"""What runs for each visit: state check, first build, sign-in under every page's address, navigation, the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from lib import first_build
from lib.access import Person, current_key, one_run, person_of
from lib.access.account import (
    ADMINISTRATION,
    CHANGE_PASSWORD,
    OLD_LINK,
    RIGHTS,
    chosen_in_account,
    draw_account,
    leave_if_asked,
)
from lib.access.admin import ADMIN, show_admin
from lib.access.oidc_page import show_provider_sign_in
from lib.access.page import MARK, SET_PASSWORD, show_set_password, show_sign_in
from lib.access.rights import show_rights
from lib.board.address import address_pairs
from lib.board.navigation import HOME, draw_logo, draw_navigation, notice_edits, pages, streamlit_pages
from lib.board.old_link_box import grouped, open_box
from lib.board.old_links import UNKNOWN, old_link_in, unmapped_words
from lib.log import fault
from lib.settings import settings
from lib.state import StateError, ready


@one_run()
def visit() -> None:
    """Show the page of this address, or what stands in its place."""
    # A picture of our own: Streamlit fetches named icons for the browser's tab from another host.
    st.set_page_config(
        page_title="Boardroom",
        page_icon=MARK,
        layout="wide",
        initial_sidebar_state=280,
        # With an About item the menu at the top right stays, which offers light and dark.
        menu_items={"About": "Boardroom: customers, product and revenue in numbers."},
    )
    if leave_if_asked():
        _stand_in(lambda: None)
        return
    key = current_key()
    try:
        ready()
        person = person_of(key)
    except StateError as error:
        _stand_in(partial(_show_state_error, error))
        return
    if first_build.warehouse_missing():
        _stand_in(first_build.show_build)
    elif person is None or key is None:
        _stand_in(show_provider_sign_in if settings().oidc else show_sign_in, show_set_password)
    else:
        _show_page(person, key)


def _show_page(person: Person, key: str) -> None:
    listed = pages()
    notice_edits(listed)
    links = streamlit_pages(listed)
    set_password = st.Page(show_set_password, title="Set a password", url_path=SET_PASSWORD)
    # The default page lives at "/" only, so that no board may be the default: it would lose its own address.
    start = st.Page(partial(_lead_on, links), title="Boardroom", url_path="start", default=True)
    admin = st.Page(show_admin, title="Administration", url_path=ADMIN)
    page = st.navigation([start, *links.values(), set_password, admin], position="hidden")
    chosen = chosen_in_account()
    if chosen in (CHANGE_PASSWORD, ADMINISTRATION):
        st.switch_page(admin if chosen == ADMINISTRATION else set_password)
    draw_logo()
    top = st.container(horizontal=True, vertical_alignment="center", gap="small")
    if page.url_path == HOME and UNKNOWN in st.query_params:
        st.info(unmapped_words(st.query_params[UNKNOWN]), icon=":material/link_off:")
    if chosen == OLD_LINK:
        open_box(listed, links)
    elif chosen == RIGHTS:
        show_rights(person, key)
    try:
        page.run()
    finally:
        with top:
            draw_navigation(links, listed)
            st.space("stretch")
            draw_account(person, key)


def _lead_on(links: Mapping[str, st.Page]) -> None:
    """From `/` to Home, or to where an old number among the parameters leads."""
    old = old_link_in(address_pairs())
    if old is None:
        st.switch_page(links[HOME])
    elif old.page is not None and old.page in links:
        st.switch_page(links[old.page], query_params=grouped(old))
    else:
        st.switch_page(links[HOME], query_params={UNKNOWN: old.name})


def _stand_in(show: Callable[[], None], set_password: Callable[[], None] | None = None) -> None:
    """Show one thing under every page's address, so that the address stays in the bar."""
    stands = [st.Page(partial(show), title="Boardroom", url_path="start", default=True)]
    stands += [st.Page(partial(show), title="Boardroom", url_path=page.key) for page in pages()]
    stands += [st.Page(partial(show), title="Boardroom", url_path=ADMIN)]
    stands += [st.Page(partial(set_password or show), title="Boardroom", url_path=SET_PASSWORD)]
    st.navigation(stands, position="hidden").run()


def _show_state_error(error: StateError) -> None:
    st.error(f"**{error}** ({fault(error, surface='page')})", icon=":material/error:")
    st.button("Try again")


visit()
