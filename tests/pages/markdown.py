"""Follows what pages hand to places that read markdown back to where it comes from.

Literals, texts of gettext, numbers, and what `words.plain` made plain are harmless. A parameter
makes its function a place of its own, whose callers are followed; a variable, a field of a class of
pages/ and the result of a function there are followed, too. All else is found.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.pages import scopes
from tests.pages.scopes import Function, assigned, fields_in, inside, may_be_text, own, parameters

PAGES = Path(__file__).parents[2] / "pages"


def _words(text: str) -> set[str]:
    return set(text.split())


# Parts of Streamlit whose label or body is markdown.
PARTS = _words(
    "markdown caption write title header subheader info success warning error toast badge button "
    "form_submit_button download_button link_button menu_button text_input text_area slider "
    "number_input date_input selectbox multiselect radio checkbox toggle file_uploader expander "
    "popover dialog spinner status pills segmented_control tabs html"
)
# Which of the arguments without a name are: from one, to another.
PLACES = dict.fromkeys(PARTS, (0, 1)) | {"progress": (1, 2), "page_link": (0, 0), "metric": (0, 3)}
NAMED = _words("label body help text title captions delta delta_description")
CHOICES = _words("radio pills segmented_control")  # whose options are, too
SAFE = _words(
    "plain escape b64encode decode dumps columns len round divmod sum min max int float abs bool "
    "now date astimezone"
)
GATHERING = _words(
    "list tuple sorted set frozenset zip enumerate reversed filter str next fromkeys"
)
PASSING = _words(
    "strip lstrip capitalize lower upper split items values keys isoformat join format"
)
CELLS = {("ui/kit.py", "table", "columns"), ("ui/kit.py", "table", "rows")}
CELLS |= {("ui/kit.py", "draw_table", "data")}
Found = set[tuple[Function | None, str]]  # a parameter that must be harmless; or None and a place


class Pages:
    """All modules of a folder. `known`: what else is harmless, as it stands in the source."""

    def __init__(self, folder: Path, core: Path, known: set[str]) -> None:
        self._known = known
        self._folder = folder
        self._home: dict[ast.AST, str] = {}  # file of a function
        self._functions: dict[tuple[str, str], Function] = {}  # by file and name
        self._imported: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self._fields: dict[str, list[ast.ClassDef]] = defaultdict(list)
        self._values: dict[Function, dict[str, list[ast.expr]]] = {}
        self._modules: dict[str, ast.Module] = {}
        self._results: dict[Function, Found] = {}
        for path in sorted(folder.rglob("*.py")):
            self._read(path)
        self._elsewhere = fields_in(core)

    def found(self) -> list[str]:
        """Each place with words from elsewhere, as `file:line: expression`."""
        needed: Found = {(self._functions[file, name], part) for file, name, part in CELLS}
        open_ = needed | {
            one for scope, part in self._handed() for one in self._follow(part, scope)
        }
        while open_:
            needed |= open_
            open_ = {
                one
                for scope, call in self._calls()
                for part in self._needed(call, self._targets(call, scope), needed)
                for one in self._follow(part, scope)
            } - needed
        return sorted(place for function, place in needed if function is None)

    # What there is

    def _read(self, path: Path) -> None:
        module = ast.parse(path.read_text())
        file = path.relative_to(self._folder).as_posix()
        parts = [node for node in ast.walk(module) if isinstance(node, Function)]
        around = [node for node in parts if isinstance(node, ast.FunctionDef)]
        inner = {id(node) for part in around for node in inside(part)}
        for node in parts:
            if isinstance(node, ast.FunctionDef) and id(node) in inner:
                continue  # belongs to the one around it, whose variables it uses
            self._home[node] = file
            self._values[node] = assigned(node)
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self._functions[file, node.name] = node
            if isinstance(node, ast.ClassDef):
                for name in parameters(node):
                    self._fields[name].append(node)
        self._modules[file] = module
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom):
                for one in node.names:
                    source = (node.module or "").removeprefix("pages").strip(".").replace(".", "/")
                    self._imported[file][one.asname or one.name] = (source, one.name)

    def _global(self, name: str, scope: Function, owner: str = "") -> tuple[Function, str] | None:
        """The module that has the name, which stands alone or behind the module's own name."""
        file = self._home[scope]
        if owner:
            folder, module = self._imported[file].get(owner, ("", owner))
            file = f"{folder}/{module}.py".lstrip("/")
        elif name in self._imported[file]:
            source, name = self._imported[file][name]
            file = f"{source}.py"
        return (self._modules[file], name) if file in self._modules else None

    def _value(self, name: str, scope: Function, owner: str = "") -> tuple[Function, list]:
        found = self._global(name, scope, owner)
        return (found[0], self._values[found[0]].get(found[1], [])) if found else (scope, [])

    def _function(self, name: str, scope: Function, owner: str = "") -> list[Function]:
        found = self._global(name, scope, owner)
        function = self._functions.get((self._home[found[0]], found[1])) if found else None
        return [function] if function else []

    def _calls(self) -> Iterator[tuple[Function, ast.Call]]:
        for scope in self._home:
            for node in own(scope):
                if isinstance(node, ast.Call):
                    yield scope, node

    def _handed(self) -> Iterator[tuple[Function, ast.expr]]:
        """What is handed to Streamlit's own parts."""
        for scope, call in self._calls():
            chosen = call.func.body if isinstance(call.func, ast.IfExp) else call.func
            name = getattr(chosen, "attr", "")
            if name not in PLACES or self._targets(call, scope):
                continue
            yield from ((scope, part) for part in call.args[slice(*PLACES[name])])
            named = {word.arg: word.value for word in call.keywords if word.arg}
            yield from ((scope, part) for word, part in named.items() if word in NAMED)
            if name in CHOICES:
                yield scope, named.get("format_func") or [*call.args, named.get("options")][1]

    def _targets(self, call: ast.Call, scope: Function) -> list[Function]:
        """The function or class of pages/ that it calls."""
        match call.func:
            case ast.Name(id=name):
                return self._function(name, scope)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                found = self._functions.get((self._home[scope], name))
                return [found] if found else []
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner != "st":
                return self._function(name, scope, owner)
        return []

    def _needed(self, call: ast.Call, targets: list[Function], needed: Found) -> Iterator[ast.expr]:
        for target in targets:
            names = parameters(target)
            given = dict(zip(names, call.args, strict=False))
            given |= {word.arg: word.value for word in call.keywords if word.arg}
            yield from (part for name, part in given.items() if (target, name) in needed)

    # Where it comes from

    def _follow(self, part: ast.AST | None, scope: Function) -> Found:
        return self._from(part, scope, frozenset()) if part else set()

    def _from(self, part: ast.AST, scope: Function, seen: frozenset[str]) -> Found:
        if isinstance(part, ast.Name) and part.id in SAFE:
            return set()
        follow = getattr(self, f"_from_{type(part).__name__}", None)
        return follow(part, scope, seen) if follow else self._place(part, scope)

    def _place(self, part: ast.AST, scope: Function) -> Found:
        text = ast.unparse(part)
        known = any(re.fullmatch(one, text) for one in self._known)
        return set() if known else {(None, f"{self._home[scope]}:{part.lineno}: {text}")}

    def _all(self, parts: list, scope: Function, seen: frozenset[str]) -> Found:
        return {one for part in parts if part for one in self._from(part, scope, seen)}

    def _from_Constant(self, *_ignored: object) -> Found:
        return set()

    _from_Compare = _from_UnaryOp = _from_Constant

    def _from_JoinedStr(self, part: ast.JoinedStr, scope: Function, seen: frozenset[str]) -> Found:
        return self._all(part.values, scope, seen)

    def _from_FormattedValue(self, part: ast.FormattedValue, scope, seen) -> Found:
        form = getattr(part.format_spec, "values", [ast.Constant("")])[0].value
        return set() if form[-1:] in tuple(",gdf%") else self._from(part.value, scope, seen)

    def _from_BinOp(self, part: ast.BinOp, scope: Function, seen: frozenset[str]) -> Found:
        return self._all([part.left, part.right], scope, seen)

    def _from_BoolOp(self, part: ast.BoolOp, scope: Function, seen: frozenset[str]) -> Found:
        return self._all(part.values, scope, seen)

    def _from_List(self, part: ast.List, scope: Function, seen: frozenset[str]) -> Found:
        return self._all(part.elts, scope, seen)

    _from_Tuple = _from_Set = _from_List

    def _from_Dict(self, part: ast.Dict, scope: Function, seen: frozenset[str]) -> Found:
        keys = [key for key in part.keys if not isinstance(key, ast.Attribute)]  # those of enums
        return self._all([*keys, *part.values], scope, seen)

    def _from_IfExp(self, part: ast.IfExp, scope: Function, seen: frozenset[str]) -> Found:
        return self._all([part.body, part.orelse], scope, seen)

    def _from_Starred(self, part, scope: Function, seen: frozenset[str]) -> Found:
        return self._from(part.value, scope, seen)

    _from_Subscript = _from_NamedExpr = _from_Starred

    def _from_ListComp(self, part: ast.ListComp, scope: Function, seen: frozenset[str]) -> Found:
        return self._from(part.elt, scope, seen)

    _from_GeneratorExp = _from_SetComp = _from_ListComp

    def _from_DictComp(self, part: ast.DictComp, scope: Function, seen: frozenset[str]) -> Found:
        return self._all([part.key, part.value], scope, seen)

    def _from_Lambda(self, part: ast.Lambda, scope: Function, seen: frozenset[str]) -> Found:
        return self._from(part.body, scope, seen)

    def _from_Name(self, part: ast.Name, scope: Function, seen: frozenset[str]) -> Found:
        if part.id in seen or part.id == "n":  # always a number here
            return set()
        seen |= {part.id}
        own = self._values[scope].get(part.id, [])
        if part.id in parameters(scope) and isinstance(scope, ast.FunctionDef):
            return self._all(own, scope, seen) | self._parameter(part.id, scope)
        if own:
            return self._all(own, scope, seen)
        there, values = self._value(part.id, scope)
        if values:
            return self._all(values, there, seen)
        if targets := self._function(part.id, scope):  # handed over, as format_func is
            return {one for target in targets for one in self._result(target)}
        return set() if part.id[0].isupper() else self._place(part, scope)

    def _parameter(self, name: str, scope: Function) -> Found:
        return {(scope, name)} if may_be_text(scopes.notes(scope)[name]) else set()

    def _from_Attribute(self, part: ast.Attribute, scope: Function, seen) -> Found:
        if part.attr in ("get", "__getitem__"):  # handed over, as format_func is
            return self._from(part.value, scope, seen)
        if isinstance(part.value, ast.Name) and part.attr.isupper():
            there, values = self._value(part.attr, scope, part.value.id)
            return self._all(values, there, seen)
        if self._is_ours(part, scope, seen) or self._is_number(part.attr):
            return set()
        if its := self._class_of(part, scope):
            return self._parameter(part.attr, its)
        if part.attr in self._fields and part.attr not in self._elsewhere:
            classes = self._fields[part.attr]
            return {one for its in classes for one in self._parameter(part.attr, its)}
        return self._place(part, scope)

    def _class_of(self, part: ast.Attribute, scope: Function) -> ast.ClassDef | None:
        """The class of pages/ that a parameter is annotated with, or the one it is an item of."""
        names = {one.id for one in ast.walk(part.value) if isinstance(one, ast.Name)}
        names |= {
            one.id
            for name in names
            for value in self._values[scope].get(name, [])
            for one in ast.walk(value)
            if isinstance(one, ast.Name)
        }
        notes = [note for name, note in scopes.all_notes(scope).items() if name in names and note]
        words = {one.id for note in notes for one in ast.walk(note) if isinstance(one, ast.Name)}
        words |= {name for name in names if name[0].isupper()}
        classes = self._fields.get(part.attr, [])
        return next((its for its in classes if its.name in words), None)

    def _is_number(self, name: str) -> bool:
        """Whether all fields of this name are numbers, dates and the like."""
        here = [scopes.notes(one)[name] for one in self._fields.get(name, [])]
        notes = here + self._elsewhere.get(name, [])
        return bool(notes) and not any(map(may_be_text, notes))

    def _is_ours(self, part: ast.expr, scope: Function, seen: frozenset[str]) -> bool:
        """Whether it belongs to a constant or class of the program, or to a kind of destination."""
        while isinstance(part, ast.Attribute | ast.Subscript | ast.Call):
            if isinstance(part, ast.Attribute) and part.attr.isupper():
                return True
            part = part.func if isinstance(part, ast.Call) else part.value
        if not isinstance(part, ast.Name) or part.id in seen:
            return False
        values = self._values[scope].get(part.id, [])
        return (
            part.id[0].isupper()
            or part.id == "kind_of"
            or (bool(values) and all(self._is_ours(v, scope, seen | {part.id}) for v in values))
        )

    def _from_Call(self, part: ast.Call, scope: Function, seen: frozenset[str]) -> Found:
        name = getattr(part.func, "attr", getattr(part.func, "id", ""))
        words = [word.value for word in part.keywords if word.arg != "n"]
        if name in SAFE or name[:1].isupper():
            return set()
        if name == "map":
            return self._from(part.args[0], scope, seen)
        if name in ("_", *GATHERING):
            return self._all(part.args, scope, seen)
        if name == "many":
            return self._all([*part.args[:2], *words], scope, seen)
        if name == "get" and isinstance(part.func, ast.Attribute):
            return self._all([part.func.value, *part.args[1:]], scope, seen)
        if name in PASSING and isinstance(part.func, ast.Attribute):
            given = [part.func.value, *part.args, *words]
            return self._all(given, scope, seen)
        if targets := self._targets(part, scope):
            return self._through(part, targets, scope, seen)
        return self._place(part, scope)

    def _through(self, part: ast.Call, targets, scope: Function, seen: frozenset[str]) -> Found:
        """What the result of functions brings along, with what they are given here."""
        results = {one for target in targets for one in self._result(target)}
        mine = {one for one in results if one[0] in targets}
        given = self._all(list(self._needed(part, targets, mine)), scope, seen)
        return (results - mine) | given

    def _result(self, function: Function) -> Found:
        if function not in self._results:
            self._results[function] = set()  # of itself, while it is looked at
            returned = [n.value for n in own(function) if isinstance(n, ast.Return)]
            self._results[function] = self._all(returned, function, frozenset())
        return self._results[function]
