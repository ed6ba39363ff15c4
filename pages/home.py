"""Home: every board and what it answers."""

from lib.board import Home

Home(title="Home", icon=":material/home:").draw()
