"""Play the hosts of examples/project on port 9000 of this machine, with the faults that hosts have."""

import threading
from contextlib import suppress

from routecomp.testing import serve

FAULTS = {"429": 0.05, "500": 0.05, "hang": 0.02, "reset": 0.05, "half_stream": 0.02, "slow_first_token": 0.1}

if __name__ == "__main__":
    with serve(FAULTS, port=9000) as server, suppress(KeyboardInterrupt):
        print(f"hosts answer at {server.url}; of 100 calls {sum(FAULTS.values()) * 100:.0f} go wrong", flush=True)
        threading.Event().wait()
