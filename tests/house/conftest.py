"""A copy of the house in which a test may break a rule."""

import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.checks.check import Check, Outcome, ask
from deploy.checks.house import checks

_ROOT = Path(__file__).resolve().parents[2]
_COMPILED = shutil.ignore_patterns("__pycache__")
_TREES = ("shared", "services", "deploy", "tests", "locks")


class House:
    """A copy of the checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def plant(self, path: str, text: str) -> None:
        """Add text to the end of a file, which need not be there yet."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8") as file:
            file.write(text)

    def plant_import(self, importer: str, imported: str) -> None:
        """Let one module import another, be it a file or a folder."""
        folder = importer.replace(".", "/")
        path = f"{folder}/__init__.py" if (self.root / folder).is_dir() else f"{folder}.py"
        self.plant(path, f"\nimport {imported}\n")

    def replace(self, path: str, old: str, new: str) -> None:
        """Change the first occurrence of a text that must be there."""
        target = self.root / path
        text = target.read_text(encoding="utf-8")
        assert old in text
        target.write_text(text.replace(old, new, 1), encoding="utf-8")

    async def ask(self, name: str, *arguments: str) -> Outcome:
        """Run the very check that `make check` runs, here; arguments may narrow it."""
        (check,) = (check for check in checks(self.root) if check.name == name)
        return await ask(Check(name, (*check.command, *arguments)), self.root)


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Copy everything that the checks read, once, and let git remember it."""
    root = tmp_path_factory.mktemp("house")
    for tree in _TREES:
        shutil.copytree(_ROOT / tree, root / tree, ignore=_COMPILED)
    house = _house(root)
    _git(root, "add", ".")
    return house


@pytest.fixture
def house(shared_house: House) -> House:
    """The house with whatever an earlier test broke made whole; what the tools cached is kept."""
    _git(shared_house.root, "checkout", "--quiet", "--", ".")
    _git(shared_house.root, "clean", "--quiet", "--force", "-d")
    return shared_house


@pytest.fixture
def bare_house(tmp_path: Path) -> House:
    """Copy the checks and what is declared, and leave the rest empty: quick, and quiet."""
    for declaration in _ROOT.glob("*/**/pyproject.toml"):
        if declaration.relative_to(_ROOT).parts[0] in _TREES:
            copy = tmp_path / declaration.relative_to(_ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(declaration, copy)
    shutil.copytree(_ROOT / "deploy/checks", tmp_path / "deploy/checks", ignore=_COMPILED)
    for tree in ("shared", "services", "deploy", "tests"):
        (tmp_path / tree).mkdir(exist_ok=True)
        (tmp_path / tree / "__init__.py").touch()
    return _house(tmp_path)


def _house(root: Path) -> House:
    shutil.copy(_ROOT / "pyproject.toml", root)
    (root / ".tools").mkdir()
    (root / ".tools" / "uv").symlink_to(_ROOT / ".tools" / "uv")
    _git(root, "init", "--quiet")
    (root / ".git/info/exclude").write_text("__pycache__\n.*_cache\n.tools\n")
    return House(root)


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, timeout=60)  # noqa: S603, S607 (our own words; any git will do)
