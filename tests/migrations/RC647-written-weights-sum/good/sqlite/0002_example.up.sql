PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO tenant_routing_policy (tenant, weight_quality_bp, weight_latency_bp, weight_cost_bp) VALUES
  ('acme', 4000, 3000, 3000);

INSERT INTO model_experiment (experiment, status) VALUES
  ('trial', 'draft');

INSERT INTO model_experiment_variant (experiment, variant, weight_bp) VALUES
  ('trial', 'a', 5000),
  ('trial', 'b', 5000);

COMMIT;
