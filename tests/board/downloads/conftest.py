"""A page of a few answered tiles, and files opened again."""

from __future__ import annotations

import pytest

from lib.board import results
from lib.board.address import read
from lib.board.visit import Visit
from lib.filters import Context
from lib.looks import catalogue
from tests.board.conftest import NOW

CONTEXT = Context(now=NOW, zone="UTC")
FILTERS = {"account_name": "", "account_type": "Customer", "date": "12 months"}


@pytest.fixture
def visit(warehouse, session) -> Visit:
    """Company metrics under a chosen account."""
    address = read(FILTERS, catalogue().filters, CONTEXT, [("account_name", '"Acme, Inc."')])
    return Visit("company_metrics", "maya", address, NOW, CONTEXT, catalogue(), results.freshness("maya"))
