"""The small expression language of method files: parsed with a whitelist, its shapes checked before the first use, exact decimals.

Nothing of Python is executed: the syntax tree is read once into :class:`Node`, everything not listed here is refused, and size
and depth are limited, so that a file from anywhere can at worst be refused.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MAX_LENGTH = 600
MAX_NODES = 200
MAX_DEPTH = 30
MAX_POWER = 6
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,20})?")


class Shape(StrEnum):
    """What an expression gives: one number, one per specimen, a word, one per specimen, or yes/no."""

    NUMBER = "number"
    NUMBERS = "numbers"
    TEXT = "text"
    TEXTS = "texts"
    FLAG = "flag"


class FormulaError(Exception):
    """An expression that cannot be used: key of a sentence (``methods.formula_...``) and its parameters."""

    def __init__(self, key: str, **params: str) -> None:
        self.key = key
        self.params = params
        super().__init__(f"{key}({params})")


@dataclass(frozen=True)
class Node:
    """One step of an expression: ``op`` with its parts; ``value`` holds a number, a word or a name."""

    op: str
    parts: tuple[Node, ...] = ()
    value: Decimal | str = ""

    def names(self) -> Iterator[str]:
        """All names the expression uses, tables aside."""
        if self.op == "name":
            yield str(self.value)
        for part in self.parts:
            yield from part.names()


_N, _V, _T, _W, _F = Shape.NUMBER, Shape.NUMBERS, Shape.TEXT, Shape.TEXTS, Shape.FLAG
#: Functions: the shapes they take and what they give. ``*`` = one or more of the same shape.
FUNCTIONS: Mapping[str, tuple[tuple[tuple[Shape, ...], Shape], ...]] = {
    "abs": (((_N,), _N),),
    "sqrt": (((_N,), _N),),
    "round": (((_N, _N), _N),),
    "min": (((_V,), _N), ((_N, _N), _N), ((_N, _N, _N), _N)),
    "max": (((_V,), _N), ((_N, _N), _N), ((_N, _N, _N), _N)),
    "mean": (((_V,), _N),),
    "median": (((_V,), _N),),
    "sum": (((_V,), _N),),
    "count": (((_V,), _N), ((_W,), _N)),
    "spread": (((_V,), _N),),
    "stdev": (((_V,), _N),),
    "near_mean": (((_V, _N), _V),),
    "near_median": (((_V, _N), _V),),
    "settled": (((_V, _N), _V),),
    "trimmed": (((_V, _N), _V),),
    "exceeding": (((_V, _N), _N),),
    "number_of": (((_W, _T), _N),),
    "outside": (((_N, _N, _N), _N),),
}
#: Functions whose first part is the name of a table, and those that ask whether an input was given.
TABLE_FUNCTIONS = ("lookup", "interpolate")
GIVEN = "given"
CONSTANTS = ("pi",)
_BINARY: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def parse(text: str) -> Node:
    """The expression as a tree.

    Raises:
        FormulaError: too long, too deep, not an expression, or something that is not in the language.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("methods.formula_long", limit=str(MAX_LENGTH))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning) as error:
        raise FormulaError("methods.formula_syntax", text=text[:60]) from error
    return _Reader(text.strip()).read(tree.body, 0)


class _Reader:
    """From Python's syntax tree to ours; whatever is not listed is refused."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._nodes = 0

    def read(self, item: ast.expr, depth: int) -> Node:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise FormulaError("methods.formula_deep", limit=str(MAX_NODES))
        for kind, reader in _READERS:
            if isinstance(item, kind):
                return reader(self, item, depth + 1)
        raise self._refused(item)

    def _refused(self, item: ast.AST) -> FormulaError:
        shown = ast.get_source_segment(self._text, item) or type(item).__name__
        return FormulaError("methods.formula_not_allowed", text=shown[:60])

    def constant(self, item: ast.Constant, _: int) -> Node:
        if isinstance(item.value, str):
            if len(item.value) > 40 or not item.value.isprintable():
                raise self._refused(item)
            return Node("text", value=item.value)
        shown = ast.get_source_segment(self._text, item) or ""
        if isinstance(item.value, bool) or not _NUMBER.fullmatch(shown):
            raise self._refused(item)
        return Node("number", value=Decimal(shown))

    def name(self, item: ast.Name, _: int) -> Node:
        # Python reads a full-width letter as the plain one; what is written must be what is meant.
        if not NAME.fullmatch(item.id) or ast.get_source_segment(self._text, item) != item.id:
            raise self._refused(item)
        return Node("constant" if item.id in CONSTANTS else "name", value=item.id)

    def binary(self, item: ast.BinOp, depth: int) -> Node:
        op = _BINARY.get(type(item.op))
        if op is None:
            raise self._refused(item)
        left, right = self.read(item.left, depth), self.read(item.right, depth)
        if op == "**":
            power = right.value if right.op == "number" else None
            if not isinstance(power, Decimal) or power != int(power) or not 1 <= power <= MAX_POWER:
                raise self._refused(item)
        return Node(op, (left, right))

    def unary(self, item: ast.UnaryOp, depth: int) -> Node:
        if isinstance(item.op, ast.USub):
            return Node("neg", (self.read(item.operand, depth),))
        if isinstance(item.op, ast.Not):
            return Node("not", (self.read(item.operand, depth),))
        raise self._refused(item)

    def logic(self, item: ast.BoolOp, depth: int) -> Node:
        op = "and" if isinstance(item.op, ast.And) else "or"
        return Node(op, tuple(self.read(value, depth) for value in item.values))

    def compare(self, item: ast.Compare, depth: int) -> Node:
        sides = [self.read(side, depth) for side in (item.left, *item.comparators)]
        pairs = []
        for place, sign in enumerate(item.ops):
            if type(sign) not in _COMPARE:
                raise self._refused(item)
            self._nodes += 1
            pairs.append(Node(_COMPARE[type(sign)], (sides[place], sides[place + 1])))
        if self._nodes > MAX_NODES:
            raise FormulaError("methods.formula_deep", limit=str(MAX_NODES))
        return pairs[0] if len(pairs) == 1 else Node("and", tuple(pairs))

    def choice(self, item: ast.IfExp, depth: int) -> Node:
        return Node("if", tuple(self.read(part, depth) for part in (item.test, item.body, item.orelse)))

    def call(self, item: ast.Call, depth: int) -> Node:
        name = item.func.id if isinstance(item.func, ast.Name) else ""
        if item.keywords or not item.args or any(isinstance(arg, ast.Starred) for arg in item.args):
            raise self._refused(item)
        if name in TABLE_FUNCTIONS and len(item.args) == 2 and isinstance(item.args[0], ast.Name):
            return Node(name, (self.read(item.args[1], depth),), item.args[0].id)
        if name == GIVEN and len(item.args) == 1 and isinstance(item.args[0], ast.Name):
            return Node(GIVEN, (), item.args[0].id)
        if name not in FUNCTIONS:
            raise self._refused(item)
        return Node(name, tuple(self.read(arg, depth) for arg in item.args))


_READERS: tuple[tuple[type[ast.expr], Callable[..., Node]], ...] = (
    (ast.Constant, _Reader.constant),
    (ast.Name, _Reader.name),
    (ast.BinOp, _Reader.binary),
    (ast.UnaryOp, _Reader.unary),
    (ast.BoolOp, _Reader.logic),
    (ast.Compare, _Reader.compare),
    (ast.IfExp, _Reader.choice),
    (ast.Call, _Reader.call),
)


def shape_of(node: Node, names: Mapping[str, Shape], tables: frozenset[str]) -> Shape:
    """The shape of the value; every name must be known and every part must fit.

    Raises:
        FormulaError: an unknown name or table, or a part of the wrong shape.
    """
    if node.op in ("number", "constant"):
        return _N
    if node.op == "text":
        return _T
    if node.op in ("name", GIVEN):
        found = names.get(str(node.value))
        if found is None:
            raise FormulaError("methods.formula_unknown_name", name=str(node.value))
        return _F if node.op == GIVEN else found
    shapes = [shape_of(part, names, tables) for part in node.parts]
    if node.op in TABLE_FUNCTIONS and node.value not in tables:
        raise FormulaError("methods.formula_unknown_name", name=str(node.value))
    given = _result(node.op, shapes)
    if given is None:
        raise FormulaError("methods.formula_shape", name=node.op, shapes=", ".join(shapes))
    return given


def _result(op: str, shapes: list[Shape]) -> Shape | None:
    """What ``op`` gives for parts of these shapes; ``None`` if it does not take them."""
    numbers = all(shape is _N for shape in shapes)
    if op in _BINARY.values() or op == "neg" or op in TABLE_FUNCTIONS:
        return _N if numbers else None
    if op in ("==", "!="):
        return _F if shapes in ([_N, _N], [_T, _T]) else None
    if op in _COMPARE.values():
        return _F if numbers else None
    if op in ("and", "or", "not"):
        return _F if all(shape is _F for shape in shapes) else None
    if op == "if":
        return shapes[1] if shapes[0] is _F and shapes[1] is shapes[2] and shapes[1] in (_N, _T, _F) else None
    return next((gives for takes, gives in FUNCTIONS[op] if list(takes) == shapes), None)
