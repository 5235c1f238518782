DROP VIEW model_shares;

DROP VIEW experiment_slots;

DROP VIEW feature_chains;

DROP VIEW model_ranks;

DROP VIEW effective_policies;

DROP TABLE routing_attempts;

DROP TABLE routing_outcomes;

DROP TABLE circuit_breakers;

DROP TABLE provider_health_checks;

DROP TABLE model_promotions;

DROP TABLE model_experiment_variant_version;

DROP TABLE model_experiment_variant_slot;

DROP TABLE model_experiment_variant;

DROP TABLE model_experiment;

DROP TABLE routing_preferences;

DROP TABLE preference_floors;

DROP TABLE tenant_stacks;

DROP TABLE tenant_preferred_providers;

DROP TABLE tenant_banned_models;

DROP TABLE tenant_banned_providers;

DROP TABLE tenant_routing_policy;

DROP TABLE routing_presets;

DROP TABLE routing_resilience;

DROP TABLE routing_scoring;

DROP TABLE default_routes;

DROP TABLE default_stacks;

DROP TABLE default_preferred_providers;

DROP TABLE default_banned_models;

DROP TABLE default_banned_providers;

DROP TABLE routing_defaults;

DROP TABLE feature_fallbacks;

DROP TABLE feature_models;

DROP TABLE feature_aliases;

DROP TABLE features;

DROP TABLE target_stacks;

DROP TABLE target_models;

DROP TABLE target_aliases;

DROP TABLE targets;

DROP TABLE model_capabilities;

DROP TABLE model_aliases;

DROP TABLE models;

DROP TABLE provider_secret_headers;

DROP TABLE provider_headers;

DROP TABLE provider_query;

DROP TABLE providers;

DROP TABLE routecomp_assert;
