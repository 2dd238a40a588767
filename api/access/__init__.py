"""Who is asking: shop-signed shopper tokens, guests' sessions, API keys, the console's cookie and sign-in links.

Enters: headers and cookies. Leaves: a ``Shopper`` or a ``Staff`` with scopes, or an error that says what to do.
"""
