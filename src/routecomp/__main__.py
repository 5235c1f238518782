"""`python -m routecomp`: the same as the console script."""

import sys

from routecomp_start import start

if __name__ == "__main__":
    sys.exit(start())
