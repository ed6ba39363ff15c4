"""The frame of every page: sidebar, header, tiles, results and words. Pages import `Board` and `Home` from here."""
