"""Where a person's files are, and what they configured: read once, at the front door.

Light on purpose: it is imported before the terminal draws. The environment comes before the
config file. What the server is told stands on its command line (``inbox-tui serve --help``).
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from platformdirs.unix import Unix

from inbox_tui.errors import Invalid, Unavailable
from inbox_tui.records import dataclass, field

URL = "INBOX_TUI_URL"
TOKEN = "INBOX_TUI_TOKEN"  # noqa: S105 - the name of a variable
DATABASE_URL = "INBOX_TUI_DATABASE_URL"

LONGEST_SOCKET = 107
"""Bytes the path of a Unix socket may have (``sun_path`` of Linux without its final zero)."""

_DIRS = Unix("inbox-tui", appauthor=False)
_LANGUAGE = ("LC_ALL", "LC_MESSAGES", "LANG")
_KEYS = ("url", "token", "language", "symbols")


def config_dir() -> Path:
    """Return ``$XDG_CONFIG_HOME/inbox-tui``."""
    return Path(_DIRS.user_config_dir)


def data_dir() -> Path:
    """Return ``$XDG_DATA_HOME/inbox-tui``, where this machine's own workspace is."""
    return Path(_DIRS.user_data_dir)


def state_dir() -> Path:
    """Return ``$XDG_STATE_HOME/inbox-tui``: drafts, replies on their way, remembered choices."""
    return Path(_DIRS.user_state_dir)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person chose.

    ``url`` is the server they use, if they configured one, and ``source`` where that was said.
    ``language`` is that of the screen; ``ascii_only`` draws it without other signs.
    """

    url: str = ""
    token: str = field(default="", repr=False)
    source: str = ""
    language: str = "en"
    ascii_only: bool = False


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return what is configured. Raises Invalid when the config file is wrong."""
    told = _config_file(config_dir() / "config.toml")
    source = str(config_dir() / "config.toml") if told.get("url") else ""
    if environ.get(URL):
        source = URL
    return Settings(
        url=environ.get(URL) or told.get("url", ""),
        token=environ.get(TOKEN) or told.get("token", ""),
        source=source,
        language=told.get("language") or _language_of(environ),
        ascii_only=told.get("symbols") == "ascii",
    )


def _language_of(environ: Mapping[str, str]) -> str:
    """Return the language of the environment, as POSIX says where it stands."""
    told = next((environ[name] for name in _LANGUAGE if environ.get(name)), "")
    language = told.split(".")[0].split("_")[0].lower()
    return "en" if language in ("", "c", "posix") else language


def _config_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not valid TOML: {error}.") from None
    import tomllib

    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{path} is not valid TOML: {error}.") from None
    for key, value in told.items():
        if key not in _KEYS:
            raise Invalid(
                f"{path}: there is no key “{key}”.", hint=f"The keys: {', '.join(_KEYS)}."
            )
        if not isinstance(value, str):
            raise Invalid(f"{path}: {key} is to be a string.")
    if told.get("symbols") not in (None, "unicode", "ascii"):
        raise Invalid(f"{path}: symbols is unicode or ascii.")
    return told


@dataclass(frozen=True, slots=True)
class Home:
    """The files of a workspace that lives on this machine, in a directory private to its owner."""

    directory: Path

    @property
    def database(self) -> Path:
        """Everything there is to keep."""
        return self.directory / "inbox.db"

    @property
    def log(self) -> Path:
        """What the embedded backend has to say."""
        return self.directory / "backend.log"

    @property
    def tokens(self) -> Path:
        """The tokens this machine's windows use."""
        return self.directory / "tokens.json"

    @property
    def key(self) -> str:
        """A short name of this workspace, for what is kept of it elsewhere."""
        return hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]

    @property
    def applied(self) -> Path:
        """The fingerprint of the workspace file as it was applied last."""
        return self.directory / "workspace.sha256"

    def workspace_file(self) -> Path | None:
        """Return the workspace file that is applied when the backend starts, if there is one."""
        found = [self.directory / "workspace.toml"]
        if self.directory == data_dir():
            found.insert(0, config_dir() / "workspace.toml")
        return next((path for path in found if path.is_file()), None)

    def prepare(self) -> None:
        """Make the directory, private to its owner. Raises Unavailable."""
        private(self.directory)

    def socket(self) -> Path:
        """Return where the backend listens: here, or in a short private directory instead.

        Raises Unavailable.
        """
        path = self.directory / "backend.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET:
            return path
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        short = Path(runtime or tempfile.gettempdir()) / f"inbox-tui-{os.getuid()}"
        private(short)
        return short / f"{self.key}.sock"


def own_home() -> Home:
    """Return this machine's own workspace."""
    return Home(data_dir())


def private(directory: Path) -> Path:
    """Return a directory, made if need be, that nobody else can look into.

    Raises Unavailable.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.stat()
        if status.st_uid == os.getuid():
            directory.chmod(0o700)
            return directory
    except OSError as error:
        raise Unavailable(f"{directory} cannot be used: {error.strerror}.") from None
    raise Unavailable(f"{directory} belongs to somebody else.")
