"""List in the database which model owns each range of slots of a logical model whose load is shared."""

from __future__ import annotations

from routecomp.sql.schema import View

MODEL_SHARES = View(
    "model_shares",
    "The models that share the load of a logical model, active or not, and the slots that each owns: the one that "
    "serves a request where it survives every filter.",
    ("logical", "model", "share_bp", "first_slot", "last_slot"),
    """\
SELECT logical, model, share_bp, until - share_bp AS first_slot, until - 1 AS last_slot FROM (
  SELECT m.logical_slug AS logical, m.model, m.share_bp,
    sum(m.share_bp) OVER (PARTITION BY m.logical_slug ORDER BY coalesce(m.shared_as, m.model){by_bytes}) AS until
  FROM {models} m WHERE m.share_bp IS NOT NULL) dealt""",
)
