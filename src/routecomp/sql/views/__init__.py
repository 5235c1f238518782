"""State the views, from which services and analysts read what a decision reads, without a score of their own."""

from __future__ import annotations

from routecomp.sql.schema import View
from routecomp.sql.views.chains import FEATURE_CHAINS
from routecomp.sql.views.policies import EFFECTIVE_POLICIES
from routecomp.sql.views.ranks import MODEL_RANKS
from routecomp.sql.views.shares import MODEL_SHARES
from routecomp.sql.views.slots import EXPERIMENT_SLOTS

VIEWS: tuple[View, ...] = (EFFECTIVE_POLICIES, MODEL_RANKS, FEATURE_CHAINS, EXPERIMENT_SLOTS, MODEL_SHARES)
