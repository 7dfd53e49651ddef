"""How many lines of a user's code or files a workload takes: without blank lines, comments and docstrings."""

import ast
from pathlib import Path

_HERE = Path(__file__).parent


def lines_of(*files: Path) -> int:
    """Lines that say something, of Python, C and YAML."""
    return sum(len(_python(file) if file.suffix == ".py" else _marked(file)) for file in files)


def of_model(model: str) -> int:
    """Lines of a rival's model, and of the scenario beside it, if it has one."""
    return lines_of(*sorted((_HERE / "models").glob(f"{model}.*[!c]")))


def of_ours(file: str) -> int:
    """Lines of the experiment and its topology."""
    return lines_of(_HERE / "ours" / f"{file}.yaml", _HERE / "ours" / f"{file}-topology.yaml")


def _python(file: Path) -> set[int]:
    """The numbers of the lines on which statements stand, docstrings left out."""
    tree = ast.parse(text := file.read_text(encoding="utf-8"))
    silent = {number for node in ast.walk(tree) for number in _docstring(node)}
    said = (number for number, line in enumerate(text.splitlines(), 1) if line.split("#")[0].strip())
    return set(said) - silent


def _docstring(node: ast.AST) -> range:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return range(0)
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _marked(file: Path) -> list[str]:
    """The lines of a YAML file that are not comments."""
    lines = map(str.strip, file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
