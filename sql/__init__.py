"""The models, the looks and what builds a warehouse from them."""

import os

from lib.settings import settings

# SQLMesh reads this when it is first imported: nothing is looked up or kept in the home folder.
os.environ.setdefault("SQLMESH_HOME", str(settings().var.absolute() / "sqlmesh"))
