"""Say which seed the drawn tests begin with: the same on each ordinary run, another one on each long run.

An ordinary run judges a change, so the same commit must always get the same answer. `make hard` looks for what nobody
has seen; a failing run says its seed, and `ROUTECOMP_SEED` repeats it.
"""

from __future__ import annotations

import os
import random

HARD = os.environ.get("ROUTECOMP_HARD") == "1"
_ORDINARY = 945665020
FRESH = int(os.environ.get("ROUTECOMP_SEED", str(random.SystemRandom().randrange(10**9) if HARD else _ORDINARY)))
