"""Which embedder the settings ask for."""

from kit.errors import SettingsError
from kit.settings import Settings
from kit.vectors import reference, remote
from kit.vectors.embedder import Embedder, MiniLM


def embedder_for(settings: Settings) -> Embedder:
    """The embedder of ``RAPPORT_EMBEDDER``; it loads when first used. Raises ``SettingsError`` without a key for it."""
    chosen = settings.embedder
    if chosen.startswith(reference.PREFIX):
        return reference.SentenceTransformerEmbedder(chosen.removeprefix(reference.PREFIX))
    if chosen.startswith(remote.PREFIX):
        if settings.openai_api_key is None:
            raise SettingsError(f"RAPPORT_EMBEDDER={chosen!r} needs OPENAI_API_KEY")
        key = settings.openai_api_key.get_secret_value()
        return remote.OpenAIEmbedder(chosen.removeprefix(remote.PREFIX), key, settings.openai_base_url)
    return MiniLM()
