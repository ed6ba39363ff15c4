"""Every setting of Boardroom, read once from the environment (docs/operating.md has the table)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Settings by their names without the prefix `BOARDROOM_`; a wrong value stops the start with a sentence."""

    model_config = SettingsConfigDict(env_prefix="BOARDROOM_", frozen=True, env_ignore_empty=True)

    warehouse: Literal["duckdb", "bigquery"] = "duckdb"
    var: Path = ROOT / "var"
    state_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8501
    address: str | None = None
    proxies: int = 0
    secret: SecretStr | None = None
    demo: bool | None = None
    now: datetime | None = None
    bigquery_project: str | None = None
    bigquery_location: str | None = None
    bigquery_endpoint: str | None = None
    bigquery_credentials: Path | None = None
    bigquery_models_state_url: str | None = None
    models_first_day: date = date(2019, 1, 1)
    oidc_metadata_url: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_domains: str = ""
    oidc_role_claim: str | None = None
    oidc_role_values: dict[str, Literal["viewer", "explorer", "admin"]] = Field(default_factory=dict)
    oidc_trust_email: bool = False

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Self:
        needed = ("oidc_client_id", "oidc_client_secret", "oidc_domains")
        missing = [f"BOARDROOM_{name.upper()}" for name in needed if not getattr(self, name)]
        if self.oidc and missing:
            raise ValueError(f"sign-in by a provider needs {' and '.join(missing)} too")
        return self

    @property
    def oidc(self) -> bool:
        """Whether people sign in through an OpenID provider; passwords let nobody in then."""
        return self.oidc_metadata_url is not None

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the state database: `BOARDROOM_STATE_URL`, else a SQLite file in the var folder."""
        return self.state_url or f"sqlite:///{self.var.absolute() / 'state.sqlite'}"

    @property
    def warehouse_folder(self) -> Path:
        """The folder that holds `current` and one folder a stamp."""
        return self.var.absolute() / "warehouse"


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def wrong_settings(error: ValidationError) -> str:
    """The sentence that names each wrong setting; never its value, which may be a secret."""
    names = "; ".join(
        f"BOARDROOM_{str(item['loc'][0]).upper()}: {item['msg']}"
        if item["loc"]
        else item["msg"].removeprefix("Value error, ")
        for item in error.errors()
    )
    return f"Boardroom did not start. Wrong setting: {names}."
