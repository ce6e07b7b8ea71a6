"""Every sentence that a service says to people stands in both languages.

A sentence is what a refusal is raised with and its title, what a `PydanticCustomError` says, and
what a table called `REFUSALS` holds. It is written out there in English; `indonesian.toml` of the
same package has it in Indonesian, and nothing else.
"""

import ast
import string
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.checks.tree import tracked

CATALOGUE = "indonesian.toml"
_ROOT_CLASS = "Refusal"
_OF_PYDANTIC = "PydanticCustomError"
_TABLES = ("REFUSALS", "DOUBTS")


@dataclass
class Package:
    """The modules of `shared` or of one service, and what they say."""

    folder: Path
    modules: dict[Path, ast.Module] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    """Each with the place where it stands."""
    unread: list[str] = field(default_factory=list)
    """Places where a sentence is put together, so that nobody can translate it."""


def packages(root: Path) -> list[Package]:
    """The packages of a checkout, with all that they say."""
    found: dict[Path, Package] = {}
    for path in tracked(root):
        if path.suffix == ".py" and path.parts[0] in ("shared", "services") and len(path.parts) > 1:
            folder = Path(*path.parts[: 1 if path.parts[0] == "shared" else 2])
            module = ast.parse((root / path).read_text(encoding="utf-8"))
            found.setdefault(folder, Package(folder)).modules[path] = module
    refusals = _refusals(
        [module for package in found.values() for module in package.modules.values()]
    )
    for package in found.values():
        for path, module in package.modules.items():
            _Reader(package, path, module, refusals).visit(module)
    return list(found.values())


def problems(root: Path) -> Iterator[str]:
    """Yield one line for each sentence without a translation, and each translation without one."""
    known: dict[str, str] = {}
    for package in packages(root):
        yield from package.unread
        path = package.folder / CATALOGUE
        there = (root / path).is_file()
        told = tomllib.loads((root / path).read_text(encoding="utf-8")) if there else {}
        for sentence, place in package.sentences.items():
            if sentence not in told:
                yield f"{place}: not in {path}: {sentence}"
        yield from (f"{path}: nobody says: {s}" for s in told if s not in package.sentences)
        for sentence, translation in told.items():
            if _facts(sentence) != _facts(translation):
                yield f"{path}: the two languages name other facts: {sentence}"
            if known.setdefault(sentence, translation) != translation:
                yield f"{path}: another package says it in other words: {sentence}"


def _refusals(modules: list[ast.Module]) -> set[str]:
    """The names of the refusals: of `Refusal`, and of every class that is made of one."""
    classes = [n for module in modules for n in ast.walk(module) if isinstance(n, ast.ClassDef)]
    names, size = {_ROOT_CLASS}, 0
    while len(names) > size:
        size = len(names)
        names |= {
            found.name
            for found in classes
            if any(isinstance(base, ast.Name) and base.id in names for base in found.bases)
        }
    return names


class _Reader(ast.NodeVisitor):
    """Reads one module."""

    def __init__(
        self, package: Package, path: Path, module: ast.Module, refusals: set[str]
    ) -> None:
        self._package = package
        self._path = path
        self._refusals = refusals
        self._named: dict[str, list[ast.expr]] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._named.setdefault(node.targets[0].id, []).append(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """Read what a refusal or an error of pydantic is made with."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in self._refusals and node.args:
            self._read(node.args[0])
        elif name == _OF_PYDANTIC and len(node.args) > 1:
            self._read(node.args[1])
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Read the title of a refusal."""
        if node.name in self._refusals:
            for statement in node.body:
                target, value = _assigned(statement)
                if target == "title" and value is not None:
                    self._read(value)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Read a table."""
        self._read_table(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Read a table."""
        self._read_table(node)

    def _read_table(self, node: ast.Assign | ast.AnnAssign) -> None:
        target, value = _assigned(node)
        if target in _TABLES and isinstance(value, ast.Dict):
            for entry in value.values:
                for part in entry.elts if isinstance(entry, ast.Tuple) else [entry]:
                    self._read(part)
        self.generic_visit(node)

    def _read(self, node: ast.expr) -> None:
        place = f"{self._path}:{node.lineno}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._package.sentences.setdefault(node.value, place)
        elif isinstance(node, ast.Name) and node.id in self._named:
            for value in self._named[node.id]:
                self._read(value)
        elif not isinstance(node, ast.Subscript):  # of a table, which is read where it stands
            self._package.unread.append(f"{place}: write the sentence out, its facts by name")


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            return name, value
    return "", None


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def main(root: Path) -> int:
    """Read every package."""
    found = list(problems(root))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
