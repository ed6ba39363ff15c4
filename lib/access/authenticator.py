"""Streamlit-authenticator, imported without the warnings that it causes outside of a page run."""

from __future__ import annotations

import importlib

from streamlit import config
from streamlit.logger import set_log_level

_level = config.get_option("logger.level")  # read before, since reading sets it
set_log_level("ERROR")
try:
    _package = importlib.import_module("streamlit_authenticator")
    authentication_view = importlib.import_module("streamlit_authenticator.views.authentication_view")
    _controllers = importlib.import_module("streamlit_authenticator.controllers")
finally:
    set_log_level(_level.upper())

Authenticate = _package.Authenticate
AuthenticationController = _controllers.AuthenticationController
Hasher = _package.Hasher
