"""A loaded DMN file, ready to run: its drawn elements compiled, its requirement graph and its imports."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine import feel
from engine.decisions import model as m
from engine.decisions.boxed import argument, compile_boxed, deeper, function_maker, invoke
from engine.decisions.coercion import Coerce, Types
from engine.decisions.compiling import Compiler, Problem, Read, fit
from engine.decisions.linking import Need, Needs, import_models, item_types, link, member_names
from engine.decisions.loading import read
from engine.decisions.session import Evaluate, Outcome, Session
from engine.errors import ExpressionError, NotFoundError
from engine.safe_xml import refused


class DecisionModel:
    """One DMN file. Immutable after loading; may be shared between threads."""

    def __init__(
        self, definitions: m.Definitions, imports: Mapping[str, DecisionModel], names: Collection[str]
    ) -> None:
        self.definitions = definitions
        self.imports = import_models(definitions, imports)
        self.types = Types(item_types(definitions, self.imports))
        self.problems: dict[str, list[Problem]] = {}
        self.reads: dict[str, list[Read]] = {}
        self._names = frozenset(names)
        self.needs: Needs = link(self)
        self.members = frozenset(member_names(self))
        drawn = list(definitions.nodes.values())[::-1]
        self._by_name = {n.label: n for n in drawn} | {n.name: n for n in drawn}
        self._feel_types = {k: v for i in self.imports.values() for k, v in i.types.feel.items()}
        self._feel_types |= self.types.feel
        self._compiled = {node.id: self._compile(node) for node in definitions.nodes.values()}

    # what is in the file

    @property
    def decision_ids(self) -> tuple[str, ...]:
        """The ids of decisions, then of decision services, in the file's order."""
        nodes = self.definitions.nodes.values()
        return tuple(n.id for kind in (m.Decision, m.Service) for n in nodes if isinstance(n, kind))

    def find(self, decision_id: str) -> m.Decision | m.Service:
        """By id, else by name. Raises `NotFoundError`."""
        node = self.definitions.nodes.get(decision_id) or self._by_name.get(decision_id)
        if not isinstance(node, m.Decision | m.Service):
            raise NotFoundError(zh=f"没有决策“{decision_id}”。", en=f'There is no decision "{decision_id}".')
        return node

    def required_inputs(self, decision_id: str) -> frozenset[str]:
        """The variables a decision reads: drawn input data, and names nothing in the file defines.

        Modelers seldom draw input data, so a name that is only written counts just as one that is drawn.
        """
        found: set[str] = set()
        self._collect_inputs(self.find(decision_id), found, set())
        return frozenset(found)

    def _collect_inputs(self, node: m.Drawn, found: set[str], seen: set[str]) -> None:
        if node.id in seen:
            return
        seen.add(node.id)
        if isinstance(node, m.InputData):
            found.add(node.name)
        found |= self.undefined(node)
        for need in self.needs[node.id]:
            need.model._collect_inputs(need.node, found, seen)

    def readable(self, node: m.Drawn) -> frozenset[str]:
        """The names that may stand in an element's expressions, for reading those with spaces."""
        return self._in_scope(node) | self.members

    def _in_scope(self, node: m.Drawn) -> frozenset[str]:
        return self._names | self._required(node)

    def _required(self, node: m.Drawn) -> frozenset[str]:
        return frozenset().union(*(need.names for need in self.needs[node.id]))

    def undefined(self, node: m.Drawn) -> frozenset[str]:
        """The names an element's expressions read that nothing it requires defines."""
        own = self._required(node)  # also where the caller has a name that is spelt alike
        return frozenset(name for read in self.reads[node.id] for name in read.free if name not in own)

    # running

    def evaluate(
        self,
        decision_id: str,
        scope: Mapping[str, feel.Value],
        env: feel.Environment = feel.DEFAULT,
        *,
        strict: bool = False,
    ) -> Outcome:
        """The outcome of a decision or decision service over the caller's variables.

        `strict` turns conflicts, misfits and unreadable text into `ExpressionError`; without it they are
        null with a warning. Passing a bound is a `BoundError` either way.
        """
        node = self.find(decision_id)
        warnings: list[feel.Warned] = []
        env = feel.Environment(
            functions=env.functions, now=env.now, bounds=env.bounds, warnings=warnings, types=self._feel_types
        )
        session = Session(env, scope, strict, feel.Run(env, node.name))
        try:
            value = (
                self._service_value(node, session)
                if isinstance(node, m.Service)
                else self.value(node, session)
            )
        except RecursionError:
            raise session.run.past("depth", env.bounds.depth) from None
        except ExpressionError as error:
            error.data.setdefault("decision", node.id)
            error.data.setdefault("file", self.definitions.file)
            raise
        return Outcome(value, tuple(session.hits), tuple(warnings))

    def value(self, node: m.Drawn, session: Session) -> feel.Value:
        """The value of a drawn element: a decision's result, an input's value, a function."""
        key = (self, node.id)
        if key not in session.known:
            session.known[key] = self._compiled[node.id](self._frame(node, session), session)
        return session.known[key]

    def _frame(self, node: m.Drawn, session: Session) -> feel.Frame:
        """The caller's variables under what the element requires; functions see only the latter."""
        base = (
            None if isinstance(node, m.Knowledge | m.Service) else feel.Frame(session.base, None, session.run)
        )
        own: dict[str, feel.Value] = {}
        if isinstance(node, m.Decision | m.Knowledge):
            for need in self.needs[node.id]:
                value = need.model.value(need.node, session)
                if need.alias:
                    own.setdefault(need.alias, {})[need.name] = value
                    continue
                for name in need.aka:
                    own.setdefault(name, value)
                own[need.name] = value
        return feel.Frame(own, base, session.run) if own or base is None else base

    def _service_value(self, node: m.Service, session: Session) -> feel.Value:
        """A service called by name of its inputs; what the caller does not give is null."""
        names = tuple(need.name for need in self._service_inputs(node))
        given = [session.base.get(name) for name in names]
        function = self.value(node, session)
        return invoke(function, given, names, node.id, feel.Frame({}, None, session.run), session)

    def _service_inputs(self, node: m.Service) -> list[Need]:
        return list(self.needs[node.id][len(node.outputs) :])

    # compiling

    def _compile(self, node: m.Drawn) -> Evaluate:
        self.reads[node.id], self.problems[node.id] = [], []
        compiler = Compiler(
            owner=node.id,
            title=node.label,
            types=self.types,
            names=self._in_scope(node),
            members=self.members,
            problems=self.problems[node.id],
            reads=self.reads[node.id],
        )
        if isinstance(node, m.InputData):
            return _input(node, self.types.coercer(node.type))
        if isinstance(node, m.Knowledge):
            return function_maker(compiler, node.function, node.id, node.type)
        if isinstance(node, m.Service):
            return self._service(node)
        if node.expression is None:
            return lambda frame, session: _without_logic(node, session)
        return compiler.typed(compile_boxed(compiler, node.expression), node.type, node.id)

    def _service(self, node: m.Service) -> Evaluate:
        """The service as a function. Its decisions see the arguments, never the caller's variables."""
        inputs = self._service_inputs(node)
        outputs = self.needs[node.id][: len(node.outputs)]
        names = tuple(need.name for need in inputs)
        coercers = [need.model.types.coercer(need.node.type) for need in inputs]
        types = tuple(self.types.feel_type(need.node.type) for need in inputs)
        held = self.types.coercer(node.type)

        def call(args: list[feel.Value], session: Session) -> feel.Value:
            values = [argument(n.name, v, c, session) for n, c, v in zip(inputs, coercers, args, strict=True)]
            inner = session.inside({need.name: v for need, v in zip(inputs, values, strict=True)})
            for need, value in zip(inputs, values, strict=True):
                inner.known[need.model, need.node.id] = value
            results = {need.name: need.model.value(need.node, inner) for need in outputs}
            result = next(iter(results.values())) if len(results) == 1 else results
            return fit(held(result, session.env), node.type, node.id, session) if held else result

        def make(frame: feel.Frame, session: Session) -> feel.Value:
            def run(args: list[feel.Value], caller: feel.Frame) -> feel.Value:
                with deeper(session.run):
                    return call(args, session)

            return feel.FeelFunction(names, run, name=node.name, types=types)

        return make


def load(
    xml: bytes,
    *,
    file: str = "",
    imports: Mapping[str, DecisionModel] | None = None,
    names: Collection[str] = (),
) -> DecisionModel:
    """Reads and compiles a DMN 1.1 to 1.5 file. Raises `DeploymentError`.

    `imports` are the other models by namespace; `names` are names with spaces that the caller's scope or
    its functions may hold.
    """
    try:
        return DecisionModel(read(xml, file=file), imports or {}, names)
    except RecursionError:
        raise refused(file, None, "表达式嵌套过深。", "Expressions are nested too deeply.") from None


def _input(node: m.InputData, coerce: Coerce | None) -> Evaluate:
    def evaluate(frame: feel.Frame, session: Session) -> feel.Value:
        value = session.base.get(node.name)
        return value if coerce is None else fit(coerce(value, session.env), node.type, node.id, session)

    return evaluate


def _without_logic(node: m.Decision, session: Session) -> feel.Value:
    session.complain(
        "no-logic", node.id, f"决策“{node.name}”没有内容。", f'The decision "{node.name}" has no logic.'
    )
    return None
