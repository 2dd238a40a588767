"""The shop's knowledge: documents into passages, questions to passages."""

from pathlib import Path

import pytest
from sqlmodel import select

from kit.errors import InvalidInput
from tools.demo_shop import POLICIES
from tools.knowledge import load_knowledge, search_knowledge
from tools.markdown import LONGEST, Section, sections
from tools.registry import Toolbox, ToolContext
from tools.shop.tables import Passage

TOOLS = Toolbox([search_knowledge])

DOCUMENT = """---
owner: desk
---
# Returns

Thirty days.

## Sale items

Like any others.

```
# not a heading
```

### Gift cards

Never.

## Refunds
"""


def load(context: ToolContext, folder: Path) -> int:
    """Loads in a unit of work."""
    with context.database.begin() as session:
        return load_knowledge(session, context.index, folder)


def test_a_document_is_cut_at_its_headings() -> None:
    """Each passage knows its document's title and the headings above it; empty sections make none."""
    assert [
        Section("Returns", "", "Thirty days."),
        Section("Returns", "Sale items", "Like any others.\n\n```\n# not a heading\n```"),
        Section("Returns", "Sale items / Gift cards", "Never."),
    ] == list(sections(DOCUMENT, "returns"))


def test_a_document_without_headings_is_named_after_its_file() -> None:
    """Its whole text is one passage."""
    assert [Section("Opening hours", "", "Nine to five.")] == list(sections("Nine to five.", "opening-hours"))


def test_a_long_section_comes_in_parts() -> None:
    """Cut between paragraphs, with nothing lost."""
    paragraphs = [f"Paragraph {n}. " + "word " * 60 for n in range(20)]

    parts = list(sections("# Long\n\n" + "\n\n".join(paragraphs), "long"))

    assert all(len(part.text) <= LONGEST for part in parts)
    assert [p.strip() for p in paragraphs] == [p.strip() for part in parts for p in part.text.split("\n\n")]


def test_loading_again_changes_only_what_changed_and_removes_what_is_gone(
    tool_context: ToolContext, tmp_path: Path
) -> None:
    """The folder is the whole of the knowledge."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "returns.md").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "deep" / "hours.md").write_text("# Hours\n\nNine to five.", encoding="utf-8")
    assert 4 == load(tool_context, tmp_path)
    staged = tool_context.index.pending()
    (tmp_path / "deep" / "hours.md").unlink()
    (tmp_path / "returns.md").write_text(DOCUMENT.replace("Thirty", "Sixty"), encoding="utf-8")

    assert 3 == load(tool_context, tmp_path)

    assert 2 == tool_context.index.pending() - staged
    with tool_context.database.read() as session:
        texts = {passage.text for passage in session.exec(select(Passage)).all()}
    assert {"Sixty days.", "Never."} < texts
    assert "Nine to five." not in texts


def test_a_folder_or_file_that_cannot_be_read_is_named(tool_context: ToolContext, tmp_path: Path) -> None:
    """And nothing is taken away for it."""
    with pytest.raises(InvalidInput, match="there is no folder"):
        load(tool_context, tmp_path / "nowhere")
    (tmp_path / "bad.md").write_bytes(b"# Caf\xe9")
    with pytest.raises(InvalidInput, match=r"'bad\.md' is not UTF-8 text \(byte 5\)"):
        load(tool_context, tmp_path)


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("how long do I have to return something?", "How long you have"),
        ("do you ship to Canada?", "Where we ship"),
        ("my parcel arrived damaged, what now?", "Damaged or wrong items"),
        ("how do I wash a wool sweater", "Wool, cashmere and silk"),
        ("do gift cards expire", "Gift cards"),
        ("do you sell my data", "Who else sees it"),
    ],
)
def test_a_question_finds_its_section(tool_context: ToolContext, question: str, section: str) -> None:
    """In the demo shop's policies, first, and as answered."""
    load(tool_context, POLICIES)

    found = TOOLS.run(tool_context, "search_knowledge", {"question": question})

    assert (section, True) == (found["passages"][0]["section"], found["answered"])


@pytest.mark.parametrize(
    "question", ["what is the capital of France?", "recipe for pancakes", "who won the world cup", "tell me a joke"]
)
def test_a_question_that_nothing_answers_says_so(tool_context: ToolContext, question: str) -> None:
    """So that the agent can say that it does not know."""
    load(tool_context, POLICIES)

    assert TOOLS.run(tool_context, "search_knowledge", {"question": question})["answered"] is False


def test_a_shop_without_knowledge_answers_nothing(tool_context: ToolContext) -> None:
    """Before any document is loaded."""
    assert {"passages": [], "answered": False} == TOOLS.run(tool_context, "search_knowledge", {"question": "returns?"})
