DROP VIEW public.model_shares;

DROP VIEW public.experiment_slots;

DROP VIEW public.feature_chains;

DROP VIEW public.model_ranks;

DROP VIEW public.effective_policies;

ALTER TABLE public.model_experiment DROP CONSTRAINT model_experiment_experiment_winner_fkey;

DROP TABLE public.routing_attempts;

DROP TABLE public.routing_outcomes;

DROP TABLE public.circuit_breakers;

DROP TABLE public.provider_health_checks;

DROP TABLE public.model_promotions;

DROP TABLE public.model_experiment_variant_version;

DROP TABLE public.model_experiment_variant_slot;

DROP TABLE public.model_experiment_variant;

DROP TABLE public.model_experiment;

DROP TABLE public.routing_preferences;

DROP TABLE public.preference_floors;

DROP TABLE public.tenant_stacks;

DROP TABLE public.tenant_preferred_providers;

DROP TABLE public.tenant_banned_models;

DROP TABLE public.tenant_banned_providers;

DROP TABLE public.tenant_routing_policy;

DROP TABLE public.routing_presets;

DROP TABLE public.routing_resilience;

DROP TABLE public.routing_scoring;

DROP TABLE public.default_routes;

DROP TABLE public.default_stacks;

DROP TABLE public.default_preferred_providers;

DROP TABLE public.default_banned_models;

DROP TABLE public.default_banned_providers;

DROP TABLE public.routing_defaults;

DROP TABLE public.feature_fallbacks;

DROP TABLE public.feature_models;

DROP TABLE public.feature_aliases;

DROP TABLE public.features;

DROP TABLE public.target_stacks;

DROP TABLE public.target_models;

DROP TABLE public.target_aliases;

DROP TABLE public.targets;

DROP TABLE public.model_capabilities;

DROP TABLE public.model_aliases;

DROP TABLE public.models;

DROP TABLE public.provider_secret_headers;

DROP TABLE public.provider_headers;

DROP TABLE public.provider_query;

DROP TABLE public.providers;

DROP FUNCTION public.routecomp_feature_changed();

DROP FUNCTION public.routecomp_check_feature(text);

DROP FUNCTION public.routecomp_target_changed();

DROP FUNCTION public.routecomp_check_target(text);

DROP FUNCTION public.routecomp_experiment_changed();

DROP FUNCTION public.routecomp_check_experiment(text);

DROP FUNCTION public.routecomp_preferences_changed();

DROP FUNCTION public.routecomp_check_preferences(text);

DROP FUNCTION public.routecomp_name_changed();

DROP FUNCTION public.routecomp_check_name(text);

DROP FUNCTION public.routecomp_stack_changed();

DROP FUNCTION public.routecomp_check_stack(text);

DROP FUNCTION public.routecomp_load_changed();

DROP FUNCTION public.routecomp_check_load(text);

DROP FUNCTION public.routecomp_provider_changed();

DROP FUNCTION public.routecomp_check_provider(text);

DROP FUNCTION public.routecomp_routing_outcomes_holds();

DROP FUNCTION public.routecomp_routing_attempts_holds();

DROP FUNCTION public.routecomp_model_changed();

DROP FUNCTION public.routecomp_all_features_changed();

DROP FUNCTION public.routecomp_append_only();

DROP FUNCTION public.routecomp_stays();

DROP FUNCTION public.routecomp_version_kept();

DROP FUNCTION public.routecomp_started();

DROP FUNCTION public.routecomp_assert(text, boolean);
