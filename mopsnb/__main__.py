"""``python -m mopsnb`` is ``mopsnb``."""

from mopsnb.cli import main

if __name__ == "__main__":
    main()
