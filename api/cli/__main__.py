"""Runs the command line."""

from api.cli.main import rapport

if __name__ == "__main__":
    rapport(prog_name="rapport")
