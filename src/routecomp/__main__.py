"""`python -m routecomp`: the same as the console script."""

import sys

from routecomp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
