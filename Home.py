"""Boardroom's server: `streamlit run Home.py`, or `make run` which checks the machine and builds the demo first.

Here are only the address rules and the start; what a visit shows is `lib/router.py`. The router lies away from
`pages/` on purpose: beside it, Streamlit would run a page without the router's guard (docs/access).
"""

import streamlit as st

from lib.access.oidc import streamlit_secrets
from lib.routes import lifespan, middleware, on_script_error, refuse_wrong_settings, routes

refuse_wrong_settings()

app = st.App(
    "lib/router.py",
    secrets=streamlit_secrets(),
    routes=routes,
    middleware=middleware,
    lifespan=lifespan,
    on_script_error=on_script_error,
)
