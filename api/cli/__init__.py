"""The command line: ``./rapport``, which is ``python -P -m api.cli``.

Enters: arguments, the environment. Leaves: text or JSON on stdout, everything else on stderr, an exit code:
0 done, 1 refused or failed (one line says why), 2 asked the wrong way.
Heavy parts are imported inside the commands, so that ``--help`` answers at once.
"""
