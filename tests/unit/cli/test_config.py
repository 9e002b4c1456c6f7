"""Settings and the places of files."""

import os
import stat
from pathlib import Path

import pytest

from inbox_tui import config
from inbox_tui.config import Home, load_settings
from inbox_tui.errors import Invalid, Unavailable


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the config directory of nobody in particular."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "config" / "inbox-tui"
    folder.mkdir(parents=True)
    return folder


class TestSettings:
    """The environment comes before the file."""

    def test_nothing_is_configured(self, folder: Path) -> None:
        settings = load_settings({})
        assert (settings.url, settings.token, settings.language) == ("", "", "en")

    def test_the_file(self, folder: Path) -> None:
        (folder / "config.toml").write_text('url = "unix:///s"\ntoken = "it_1"\nlanguage = "vi"\n')
        settings = load_settings({"LANG": "th_TH.UTF-8"})
        assert (settings.url, settings.token, settings.language) == ("unix:///s", "it_1", "vi")
        assert settings.source == str(folder / "config.toml")
        assert "it_1" not in repr(settings)

    def test_the_environment_first(self, folder: Path) -> None:
        (folder / "config.toml").write_text('url = "unix:///s"\n')
        settings = load_settings({config.URL: "http://h:1", config.TOKEN: "it_2"})
        assert (settings.url, settings.token, settings.source) == ("http://h:1", "it_2", config.URL)

    @pytest.mark.parametrize(
        ("environ", "language"),
        [
            ({"LANG": "th_TH.UTF-8"}, "th"),
            ({"LANG": "th_TH", "LC_ALL": "C"}, "en"),
            ({"LC_MESSAGES": "vi_VN"}, "vi"),
        ],
    )
    def test_the_language_of_the_environment(
        self, folder: Path, environ: dict[str, str], language: str
    ) -> None:
        assert load_settings(environ).language == language

    @pytest.mark.parametrize(
        "text", ["url = 1\n", "adress = ''\n", "url =\n", "symbols = 'emoji'\n"]
    )
    def test_a_wrong_file_is_named(self, folder: Path, text: str) -> None:
        (folder / "config.toml").write_text(text)
        with pytest.raises(Invalid, match=r"config\.toml"):
            load_settings({})


class TestHome:
    """A workspace of this machine."""

    def test_is_private(self, tmp_path: Path) -> None:
        home = Home(tmp_path / "a" / "b")
        home.prepare()
        assert stat.S_IMODE(home.directory.stat().st_mode) == 0o700

    def test_says_when_it_cannot_be(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(Unavailable):
            Home(tmp_path / "file" / "home").prepare()

    def test_the_socket_is_short(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        short, long = Home(Path("/w")), Home(Path("/" + "w" * 120))
        assert short.socket() == Path("/w/backend.sock")
        assert long.socket().parent.parent == tmp_path
        assert len(os.fsencode(long.socket().name)) < 30

    def test_the_config_directory_may_hold_the_file_of_the_own_workspace(
        self, folder: Path, tmp_path: Path
    ) -> None:
        (folder / "workspace.toml").touch()
        assert config.own_home().workspace_file() == folder / "workspace.toml"
        assert Home(tmp_path / "other").workspace_file() is None
