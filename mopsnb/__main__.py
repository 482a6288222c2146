"""``python -m mopsnb`` is ``mopsnb``."""

from mopsnb.cli import start

if __name__ == "__main__":
    start()
