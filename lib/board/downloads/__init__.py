"""Downloads: a tile's rows, picture and SQL, a board's files (docs/boards.md, Downloads).

`rows_downloads` draws the buttons for any rows that a page shows, also for those behind a mark;
`open_board_downloads` opens the dialog with a whole board's files.
"""

from lib.board.downloads.board import open_board_downloads
from lib.board.downloads.rows import rows_downloads

__all__ = ["open_board_downloads", "rows_downloads"]
