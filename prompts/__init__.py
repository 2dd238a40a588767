"""Every word we say to a model: one Markdown file per prompt, typed and versioned, and the brand's voice.

Enters: a prompt's name and its parameters. Leaves: the text, and the version that turns and eval results record.
May import ``kit`` only.
"""
