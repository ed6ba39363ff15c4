"""The frame of every page: sidebar, header, tiles, results and words. Pages import `Board` and `Home` from here."""

from lib.board.board import Board
from lib.board.home import Home

__all__ = ["Board", "Home"]
