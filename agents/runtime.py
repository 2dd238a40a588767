"""The composition root: the one place where the parts are wired together."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
from anyio import CapacityLimiter
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agents.local_model.model import LocalModel
from agents.loop import Loop, Models
from agents.marketing.agent import MarketingAgent, marketing_graph
from agents.models import models_for
from agents.stream import StreamEvent
from agents.support.agent import SupportAgent
from agents.support.graph import support_graph
from agents.support.nodes import SupportNodes
from agents.support.state import Shopper
from kit.clock import Clock, SystemClock
from kit.database import Database
from kit.settings import Settings
from kit.tokens import DeferredCounter
from kit.vectors.choosing import embedder_for
from kit.vectors.embedder import Embedder
from kit.vectors.index import SemanticIndex
from kit.vectors.store import SharedStore
from memory.door import Memory
from memory.extraction.deterministic import DeterministicExtractor
from tools.registry import ToolContext
from tools.toolboxes import marketing_toolbox, support_toolbox

log = logging.getLogger(__name__)

__all__ = ["Runtime", "Shopper", "StreamEvent"]


class Runtime:
    """Everything that one process of one shop needs. Opening it loads nothing heavy."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        embedder: Embedder,
        clock: Clock,
        models: tuple[Models, Models] | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.store = SharedStore(settings.data / "chroma", database, embedder.name, settings.chroma_url)
        self.index = SemanticIndex(database, embedder, self.store)
        self.memory = Memory(database, self.index, clock, DeterministicExtractor(), DeferredCounter())
        self.support_tools = support_toolbox()
        self.marketing_tools = marketing_toolbox()
        self._models = models
        self._limiter = CapacityLimiter(settings.threads)
        self._opening = asyncio.Lock()
        self._checkpoints: aiosqlite.Connection | None = None
        self._support: SupportAgent | None = None
        self._marketing: MarketingAgent | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        embedder: Embedder | None = None,
        models: tuple[Models, Models] | None = None,
    ) -> "Runtime":
        """Opens the data directory and brings its schema up to date.

        ``models`` takes the place of the support and marketing agents' models that the settings choose.
        """
        settings.data.mkdir(parents=True, exist_ok=True)
        database = Database(settings.sql_url)
        database.upgrade()
        return cls(settings, database, embedder or embedder_for(settings), clock or SystemClock(), models)

    @property
    def model_name(self) -> str:
        """The name of the chat model in force: ``local``, or the configured one."""
        return self._support_models().name

    async def chat(
        self, shopper: Shopper, text: str, *, conversation_id: str | None, message_id: str, channel: str = "web"
    ) -> AsyncIterator[StreamEvent]:
        """One support turn; see ``SupportAgent.turn``."""
        agent = await self._support_agent()
        async for event in agent.turn(
            shopper, text, conversation_id=conversation_id, message_id=message_id, channel=channel
        ):
            yield event

    async def ask(self, text: str, *, marketer: str, conversation_id: str | None = None) -> AsyncIterator[StreamEvent]:
        """One marketing question; see ``MarketingAgent.ask``."""
        async for event in self._marketing_agent().ask(text, marketer=marketer, conversation_id=conversation_id):
            yield event

    def tool_context(self) -> ToolContext:
        """A context for tools that speak for no customer: the marketing agent's and the console's."""
        return ToolContext(self.database, self.index, self.memory, self.clock)

    def warm_up(self) -> None:
        """Loads the embedder, the index and the local model's exemplars, so that the first turn does not wait."""
        self.index.search("product", "ready", 1)
        local = self._support_models().local
        if isinstance(local, LocalModel):
            local.warm_up()

    async def aclose(self) -> None:
        """Closes files and connections."""
        if self._checkpoints is not None:
            await self._checkpoints.close()
            self._checkpoints = self._support = None
        self.store.close()
        self.database.close()

    async def _support_agent(self) -> SupportAgent:
        async with self._opening:
            if self._support is None:
                self._checkpoints = await aiosqlite.connect(self._checkpoint_file())
                saver = AsyncSqliteSaver(self._checkpoints)
                await saver.setup()
                nodes = SupportNodes(self.memory, self.clock, self.settings.context_tokens, self._limiter)
                loop = Loop(self._support_models(), self.support_tools, self._limiter)
                graph = support_graph(nodes, loop, saver)
                self._support = SupportAgent(graph, self.memory, self.settings.max_message_chars)
            return self._support

    def _marketing_agent(self) -> MarketingAgent:
        if self._marketing is None:
            models = self._models[1] if self._models else models_for("marketing", self.settings, self.index.embedder)
            loop = Loop(models, self.marketing_tools, self._limiter)
            graph = marketing_graph(loop, self.tool_context())
            self._marketing = MarketingAgent(graph, self.memory, self.settings.max_message_chars, self._limiter)
        return self._marketing

    def _support_models(self) -> Models:
        if self._models is None:
            embedder = self.index.embedder
            self._models = (
                models_for("support", self.settings, embedder),
                models_for("marketing", self.settings, embedder),
            )
        return self._models[0]

    def _checkpoint_file(self) -> Path:
        return self.settings.data / "checkpoints.db"
