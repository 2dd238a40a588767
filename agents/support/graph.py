"""The support agent's state machine."""

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.loop import Loop, LoopState
from agents.support.nodes import SupportNodes
from agents.support.state import SupportState

SupportGraph = CompiledStateGraph[SupportState, Any, SupportState, SupportState]


def support_graph(nodes: SupportNodes, loop: Loop, checkpointer: BaseCheckpointSaver[str]) -> SupportGraph:
    """accept → load → think ⇄ act → check → commit; a failed check goes back to think once."""

    async def act(state: SupportState) -> LoopState:
        return await loop.act(state, nodes.tool_context(state))

    graph = StateGraph(SupportState)
    graph.add_node("accept", nodes.accept)
    graph.add_node("load", nodes.load)
    graph.add_node("think", loop.think)
    graph.add_node("act", act)
    graph.add_node("check", loop.check)
    graph.add_node("commit", nodes.commit)
    graph.add_edge(START, "accept")
    graph.add_edge("accept", "load")
    graph.add_edge("load", "think")
    graph.add_conditional_edges("think", loop.after_think, ["act", "check"])
    graph.add_edge("act", "think")
    graph.add_conditional_edges("check", loop.after_check, ["think", "commit"])
    graph.add_edge("commit", END)
    return graph.compile(checkpointer=checkpointer)
