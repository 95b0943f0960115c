"""The same program as ``huimin``, for a checkout: ``python cli.py``."""

from core.cli import main

if __name__ == "__main__":
    main()
