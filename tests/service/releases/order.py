"""In which order a release comes to be where nothing but single objects can be written, as the models of tests have it.

That the code does so is seen in `test_publishing.py`, where its publisher dies before each write.
"""

from __future__ import annotations

ORDER: tuple[str, ...] = ("files", "manifest", "lead")
