"""What is in functions, classes and modules, as ast has them, and what their names stand for."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TEXTS = {"str", "Any", "object", "Exception"}
Function = ast.FunctionDef | ast.ClassDef | ast.Module


def own(scope: Function) -> Iterator[ast.AST]:
    """All in it, but for what belongs to the functions and classes in a module or class."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(scope, ast.FunctionDef) or not isinstance(node, Function):
            yield node
            yield from inside(node)


def inside(node: ast.AST) -> Iterator[ast.AST]:
    yield from (one for one in ast.walk(node) if one is not node)


def notes(scope: Function) -> dict[str, ast.expr | None]:
    """What is given to it, in order, with its annotation: to a function, or a class's fields."""
    if isinstance(scope, ast.FunctionDef):
        given = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        return {one.arg: one.annotation for one in given if one.arg not in ("self", "cls")}
    fields = [one for one in scope.body if isinstance(one, ast.AnnAssign)]
    return {one.target.id: one.annotation for one in fields if isinstance(one.target, ast.Name)}


def all_notes(scope: Function) -> dict[str, ast.expr | None]:
    """Those of variables and parameters."""
    variables = [one for one in own(scope) if isinstance(one, ast.AnnAssign)]
    known = {one.target.id: one.annotation for one in variables if isinstance(one.target, ast.Name)}
    return known | (notes(scope) if isinstance(scope, ast.FunctionDef) else {})


def parameters(scope: Function) -> list[str]:
    return [] if isinstance(scope, ast.Module) else list(notes(scope))


def may_be_text(note: ast.expr | None) -> bool:
    """Whether what is annotated so can bring words: a row or a number can't by itself."""
    words = {one.id for one in ast.walk(note) if isinstance(one, ast.Name)} if note else set()
    return not words or any(word in TEXTS or word.endswith("Error") for word in words)


@cache
def fields_in(folder: Path) -> dict[str, list[ast.expr]]:
    """The annotations of all fields of classes, by name."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                for name, note in notes(node).items():
                    found[name].append(note)
                for one in node.body:
                    if isinstance(one, ast.FunctionDef) and one.decorator_list:
                        found[one.name].append(one.returns)
    return found


def assigned(scope: Function) -> dict[str, list[ast.expr]]:
    """What each name in it may stand for."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for node in own(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    _note(target, value, found)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                _note(target, value, found)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                _note(target, value, found)
            case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr() if node.value:
                _note(node.target, node.value, found)
            case ast.arg(arg=name) if name not in parameters(scope):  # of a function within
                found[name].append(ast.Name("a parameter", lineno=node.lineno))
            case ast.ExceptHandler(name=str(name)):
                found[name].append(ast.Name("an error", lineno=node.lineno))
    return found


def _note(target: ast.expr, value: ast.expr, found: dict[str, list[ast.expr]]) -> None:
    if isinstance(target, ast.Name):
        found[target.id].append(value)
    elif isinstance(target, ast.Tuple):
        fits = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
        for at, one in enumerate(target.elts):
            _note(one, value.elts[at] if fits else value, found)
