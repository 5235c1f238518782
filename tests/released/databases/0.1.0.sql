BEGIN TRANSACTION;
CREATE TABLE circuit_breakers (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'closed',
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  trip_count INTEGER NOT NULL DEFAULT 0,
  opened_at TEXT,
  half_open_at TEXT,
  closed_at TEXT,
  last_failure_at TEXT,
  last_success_at TEXT,
  CONSTRAINT circuit_breakers_pkey PRIMARY KEY (provider, model),
  CONSTRAINT circuit_breakers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT circuit_breakers_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT circuit_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuit_breakers_consecutive_failures_check CHECK (TYPEOF(consecutive_failures) = 'integer'
  AND consecutive_failures BETWEEN 0 AND 1000000000),
  CONSTRAINT circuit_breakers_trip_count_check CHECK (TYPEOF(trip_count) = 'integer' AND trip_count BETWEEN 0 AND 1000000000),
  CONSTRAINT circuit_breakers_opened_at_check CHECK (opened_at IS NULL
  OR (
    TYPEOF(opened_at) = 'text'
    AND INSTR(opened_at, CHAR(0)) = 0
    AND opened_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_half_open_at_check CHECK (half_open_at IS NULL
  OR (
    TYPEOF(half_open_at) = 'text'
    AND INSTR(half_open_at, CHAR(0)) = 0
    AND half_open_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_closed_at_check CHECK (closed_at IS NULL
  OR (
    TYPEOF(closed_at) = 'text'
    AND INSTR(closed_at, CHAR(0)) = 0
    AND closed_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_last_failure_at_check CHECK (last_failure_at IS NULL
  OR (
    TYPEOF(last_failure_at) = 'text'
    AND INSTR(last_failure_at, CHAR(0)) = 0
    AND last_failure_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT circuit_breakers_last_success_at_check CHECK (last_success_at IS NULL
  OR (
    TYPEOF(last_success_at) = 'text'
    AND INSTR(last_success_at, CHAR(0)) = 0
    AND last_success_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  ))
);
CREATE TABLE default_banned_models (
  model TEXT NOT NULL,
  CONSTRAINT default_banned_models_pkey PRIMARY KEY (model),
  CONSTRAINT default_banned_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63)
);
CREATE TABLE default_banned_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_banned_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_banned_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT default_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);
CREATE TABLE default_preferred_providers (
  provider TEXT NOT NULL,
  CONSTRAINT default_preferred_providers_pkey PRIMARY KEY (provider),
  CONSTRAINT default_preferred_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT default_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);
CREATE TABLE default_routes (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT default_routes_pkey PRIMARY KEY (feature),
  CONSTRAINT default_routes_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT default_routes_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT default_routes_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);
INSERT INTO "default_routes" VALUES('support-chat','gpt-4.1-azure-eu');
INSERT INTO "default_routes" VALUES('ticket-triage','gpt-6-luna-azure-eu');
INSERT INTO "default_routes" VALUES('reply-drafting','claude-sonnet-5-5-bedrock-eu');
INSERT INTO "default_routes" VALUES('conversation-summary','mistral-small-3.2-scaleway');
INSERT INTO "default_routes" VALUES('kb-answer','gpt-4.1-azure-eu');
INSERT INTO "default_routes" VALUES('document-extraction','gpt-4.1-azure-eu');
INSERT INTO "default_routes" VALUES('agent-tools','gpt-5-azure-eu');
INSERT INTO "default_routes" VALUES('moderation','gpt-4o-mini-azure-eu');
INSERT INTO "default_routes" VALUES('pii-redaction','mistral-small-3.2-scaleway');
INSERT INTO "default_routes" VALUES('tone-check','mistral-small-2603');
CREATE TABLE default_stacks (
  stack TEXT NOT NULL,
  CONSTRAINT default_stacks_pkey PRIMARY KEY (stack),
  CONSTRAINT default_stacks_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63)
);
INSERT INTO "default_stacks" VALUES('canada');
INSERT INTO "default_stacks" VALUES('eu');
INSERT INTO "default_stacks" VALUES('us');
CREATE TABLE feature_fallbacks (
  feature TEXT NOT NULL,
  position INTEGER NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT feature_fallbacks_pkey PRIMARY KEY (feature, position),
  CONSTRAINT feature_fallbacks_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT feature_fallbacks_position_check CHECK (TYPEOF(position) = 'integer' AND position BETWEEN 0 AND 1000000000),
  CONSTRAINT feature_fallbacks_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT feature_fallbacks_feature_fkey FOREIGN KEY (feature) REFERENCES features (
    feature
  ),
  CONSTRAINT feature_fallbacks_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);
INSERT INTO "feature_fallbacks" VALUES('agent-tools',0,'gpt-5');
INSERT INTO "feature_fallbacks" VALUES('agent-tools',1,'claude-opus-5-5-bedrock-eu');
INSERT INTO "feature_fallbacks" VALUES('article-draft',0,'gpt-6.1-sol');
INSERT INTO "feature_fallbacks" VALUES('article-draft',1,'gpt-5-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('attachment-description',0,'gpt-4o-mini-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('attachment-description',1,'mistral-small-2603');
INSERT INTO "feature_fallbacks" VALUES('attachment-description',2,'gpt-4o-mini');
INSERT INTO "feature_fallbacks" VALUES('code-assistant',0,'gpt-6.1-sol-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('code-assistant',1,'claude-opus-5-5');
INSERT INTO "feature_fallbacks" VALUES('code-assistant',2,'o3');
INSERT INTO "feature_fallbacks" VALUES('contract-review',0,'claude-opus-5-5');
INSERT INTO "feature_fallbacks" VALUES('contract-review',1,'gpt-6.1-sol-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('conversation-summary',0,'mistral-small-3.2-scaleway');
INSERT INTO "feature_fallbacks" VALUES('conversation-summary',1,'mistral-small-3.2-ovhcloud');
INSERT INTO "feature_fallbacks" VALUES('conversation-summary',2,'gpt-4o-mini-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('document-extraction',0,'gpt-4.1');
INSERT INTO "feature_fallbacks" VALUES('document-extraction',1,'claude-sonnet-5-5-bedrock-eu');
INSERT INTO "feature_fallbacks" VALUES('kb-answer',0,'gpt-4.1-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('kb-answer',1,'gpt-4.1');
INSERT INTO "feature_fallbacks" VALUES('moderation',0,'mistral-small-2603');
INSERT INTO "feature_fallbacks" VALUES('moderation',1,'claude-haiku-5-5-bedrock-eu');
INSERT INTO "feature_fallbacks" VALUES('pii-redaction',0,'mistral-small-3.2-ovhcloud');
INSERT INTO "feature_fallbacks" VALUES('pii-redaction',1,'mistral-small-2603');
INSERT INTO "feature_fallbacks" VALUES('pii-redaction',2,'gpt-6-luna');
INSERT INTO "feature_fallbacks" VALUES('quality-review',0,'gpt-6.1-sol-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('quality-review',1,'gpt-5');
INSERT INTO "feature_fallbacks" VALUES('reply-drafting',0,'claude-sonnet-5-5');
INSERT INTO "feature_fallbacks" VALUES('reply-drafting',1,'gpt-4.1-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('search-rewrite',0,'gpt-oss-120b-ovhcloud');
INSERT INTO "feature_fallbacks" VALUES('search-rewrite',1,'gpt-6-luna-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('sentiment',0,'gpt-4o-mini-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('support-chat',0,'gpt-4.1');
INSERT INTO "feature_fallbacks" VALUES('support-chat',1,'claude-sonnet-5-5-bedrock-eu');
INSERT INTO "feature_fallbacks" VALUES('support-chat',2,'mistral-medium-3');
INSERT INTO "feature_fallbacks" VALUES('ticket-triage',0,'gpt-6-luna');
INSERT INTO "feature_fallbacks" VALUES('ticket-triage',1,'mistral-small-2603');
INSERT INTO "feature_fallbacks" VALUES('translation',0,'qwen3-235b-scaleway');
INSERT INTO "feature_fallbacks" VALUES('translation',1,'gpt-4.1-mini');
INSERT INTO "feature_fallbacks" VALUES('translation',2,'mistral-medium-3');
INSERT INTO "feature_fallbacks" VALUES('typing-help',0,'gpt-oss-120b-cerebras');
INSERT INTO "feature_fallbacks" VALUES('typing-help',1,'mistral-small-3.2-ovhcloud');
INSERT INTO "feature_fallbacks" VALUES('weekly-insights',0,'deepseek-v3.2-fireworks');
INSERT INTO "feature_fallbacks" VALUES('weekly-insights',1,'gpt-5-azure-eu');
INSERT INTO "feature_fallbacks" VALUES('workflow-builder',0,'claude-opus-5-5');
INSERT INTO "feature_fallbacks" VALUES('workflow-builder',1,'gpt-5-azure-eu');
CREATE TABLE feature_models (
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  status TEXT NOT NULL,
  position INTEGER NOT NULL,
  sample_bp INTEGER,
  max_daily_cents INTEGER,
  CONSTRAINT feature_models_pkey PRIMARY KEY (feature, model),
  CONSTRAINT feature_models_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT feature_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT feature_models_status_check CHECK (status IN ('primary', 'shadow', 'retired')),
  CONSTRAINT feature_models_position_check CHECK (TYPEOF(position) = 'integer' AND position BETWEEN 0 AND 1000000000),
  CONSTRAINT feature_models_sample_bp_check CHECK (sample_bp IS NULL
  OR (
    TYPEOF(sample_bp) = 'integer' AND sample_bp BETWEEN 1 AND 10000
  )),
  CONSTRAINT feature_models_max_daily_cents_check CHECK (max_daily_cents IS NULL
  OR (
    TYPEOF(max_daily_cents) = 'integer'
    AND max_daily_cents BETWEEN 0 AND 100000000000
  )),
  CONSTRAINT feature_models_sample_on_shadow CHECK (sample_bp IS NULL OR status = 'shadow'),
  CONSTRAINT feature_models_cap_needs_sample CHECK (max_daily_cents IS NULL OR NOT sample_bp IS NULL),
  CONSTRAINT feature_models_feature_fkey FOREIGN KEY (feature) REFERENCES features (
    feature
  ),
  CONSTRAINT feature_models_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);
INSERT INTO "feature_models" VALUES('agent-tools','gpt-5-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('agent-tools','claude-sonnet-5-5-bedrock-eu','shadow',1,200,2000);
INSERT INTO "feature_models" VALUES('agent-tools','gpt-6.1-sol-azure-eu','shadow',2,500,2000);
INSERT INTO "feature_models" VALUES('agent-tools','kimi-k2-fireworks','shadow',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('agent-tools','gpt-4o-2024-08-06','retired',4,NULL,NULL);
INSERT INTO "feature_models" VALUES('article-draft','gpt-6.1-sol-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('article-draft','claude-opus-5-5-bedrock-eu','shadow',1,1000,1200);
INSERT INTO "feature_models" VALUES('article-draft','deepseek-r1-0528-nebius','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('article-draft','o3','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('attachment-description','gemini-2.5-flash-lite','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('attachment-description','gemma-3-27b-nebius','shadow',1,500,150);
INSERT INTO "feature_models" VALUES('attachment-description','gpt-4o-mini','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('code-assistant','gpt-6.1-sol','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('code-assistant','qwen3-coder-bedrock-us','shadow',1,500,500);
INSERT INTO "feature_models" VALUES('code-assistant','claude-opus-5-5','shadow',2,500,1500);
INSERT INTO "feature_models" VALUES('code-assistant','grok-4.20-non-reasoning','shadow',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('code-assistant','deepseek-v3','retired',4,NULL,NULL);
INSERT INTO "feature_models" VALUES('contract-review','claude-opus-5-5-bedrock-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('contract-review','gemini-2.5-pro','shadow',1,1000,3000);
INSERT INTO "feature_models" VALUES('contract-review','gemini-3.1-pro-preview','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('contract-review','claude-opus-4-bedrock-eu','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('conversation-summary','mistral-small-2603','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('conversation-summary','gpt-6-luna-azure-eu','shadow',1,400,NULL);
INSERT INTO "feature_models" VALUES('conversation-summary','qwen3-30b-nebius','shadow',2,400,350);
INSERT INTO "feature_models" VALUES('conversation-summary','command-r-08-2024','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('document-extraction','gpt-4.1-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('document-extraction','gemini-2.5-flash','shadow',1,300,800);
INSERT INTO "feature_models" VALUES('document-extraction','mistral-small-3.2-ovhcloud','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('document-extraction','gpt-4o-azure-eu','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('kb-answer','mistral-medium-3','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('kb-answer','command-a-03-2025','shadow',1,100,1000);
INSERT INTO "feature_models" VALUES('kb-answer','gpt-4.1-azure-eu','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('kb-answer','command-r-plus-08-2024','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('moderation','gpt-4o-mini-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('moderation','gpt-6-luna-azure-eu','shadow',1,100,200);
INSERT INTO "feature_models" VALUES('moderation','llama-4-scout-bedrock-us','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('moderation','llama-3.3-70b-scaleway','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('pii-redaction','mistral-small-3.2-scaleway','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('pii-redaction','mistral-small-3.2-ovhcloud','shadow',1,NULL,NULL);
INSERT INTO "feature_models" VALUES('pii-redaction','qwen3-32b-ovhcloud','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('quality-review','gpt-5-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('quality-review','claude-fable-5-1','shadow',1,200,1800);
INSERT INTO "feature_models" VALUES('quality-review','gemini-2.5-pro','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('quality-review','deepseek-r1-bedrock-us','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('reply-drafting','claude-sonnet-5-5-bedrock-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('reply-drafting','claude-opus-5-5-bedrock-eu','shadow',1,100,2500);
INSERT INTO "feature_models" VALUES('reply-drafting','gpt-4.1-azure-eu','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('reply-drafting','claude-3-7-sonnet-bedrock-eu','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('reply-drafting','claude-3-opus-bedrock-eu','retired',4,NULL,NULL);
INSERT INTO "feature_models" VALUES('search-rewrite','qwen3-30b-nebius','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('search-rewrite','gpt-oss-120b-groq','shadow',1,200,200);
INSERT INTO "feature_models" VALUES('search-rewrite','llama-3.1-8b-cerebras','retired',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('sentiment','mistral-small-3.2-ovhcloud','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('sentiment','nova-lite-bedrock-eu','shadow',1,50,100);
INSERT INTO "feature_models" VALUES('sentiment','ministral-8b-2512','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('support-chat','gpt-4.1-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('support-chat','gpt-6.1-sol-azure-eu','shadow',1,500,2000);
INSERT INTO "feature_models" VALUES('support-chat','claude-sonnet-5-5-bedrock-eu','shadow',2,200,1500);
INSERT INTO "feature_models" VALUES('support-chat','qwen3-235b-nebius','shadow',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('support-chat','gpt-4-turbo','retired',4,NULL,NULL);
INSERT INTO "feature_models" VALUES('ticket-triage','gpt-6-luna-azure-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('ticket-triage','mistral-small-2603','shadow',1,1000,500);
INSERT INTO "feature_models" VALUES('ticket-triage','gpt-4o-mini-azure-eu','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('ticket-triage','nova-micro-bedrock-eu','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('translation','gemini-2.5-flash','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('translation','qwen3-235b-scaleway','shadow',1,200,600);
INSERT INTO "feature_models" VALUES('translation','gpt-4.1-mini','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('translation','nova-pro-bedrock-eu','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('typing-help','gpt-oss-120b-groq','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('typing-help','codestral-2508','shadow',1,NULL,NULL);
INSERT INTO "feature_models" VALUES('typing-help','gpt-4o-mini-azure-eu','shadow',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('typing-help','llama-3.3-70b-together','retired',3,NULL,NULL);
INSERT INTO "feature_models" VALUES('weekly-insights','deepseek-v3.2-bedrock-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('weekly-insights','gpt-6.1-sol','shadow',1,5000,1000);
INSERT INTO "feature_models" VALUES('weekly-insights','nemotron-ultra-253b-nebius','retired',2,NULL,NULL);
INSERT INTO "feature_models" VALUES('workflow-builder','claude-opus-5-5-bedrock-eu','primary',0,NULL,NULL);
INSERT INTO "feature_models" VALUES('workflow-builder','gpt-5-azure-eu','shadow',1,NULL,NULL);
INSERT INTO "feature_models" VALUES('workflow-builder','glm-4.5-fireworks','shadow',2,400,400);
CREATE TABLE features (
  feature TEXT NOT NULL,
  then_target TEXT,
  min_quality_bp INTEGER,
  description TEXT,
  owner TEXT,
  CONSTRAINT features_pkey PRIMARY KEY (feature),
  CONSTRAINT features_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT features_then_target_check CHECK (then_target IS NULL
  OR (
    TYPEOF(then_target) = 'text'
    AND INSTR(then_target, CHAR(0)) = 0
    AND NOT then_target GLOB '*[^a-z0-9._-]*'
    AND then_target GLOB '[a-z0-9]*'
    AND then_target GLOB '*[a-z0-9]'
    AND LENGTH(then_target) <= 63
  )),
  CONSTRAINT features_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer' AND min_quality_bp BETWEEN 0 AND 10000
  )),
  CONSTRAINT features_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT features_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT features_then_target_fkey FOREIGN KEY (then_target) REFERENCES targets (
    target
  )
);
INSERT INTO "features" VALUES('agent-tools','auto',7200,'Looks up orders, issues refunds and books call-backs through the customer''s own tools.','automation');
INSERT INTO "features" VALUES('article-draft','europe',7800,'Writes a knowledge-base article from a batch of solved tickets, overnight.','knowledge');
INSERT INTO "features" VALUES('attachment-description','auto',NULL,'Says in a sentence what a picture shows, for agents who use a screen reader.','documents');
INSERT INTO "features" VALUES('code-assistant','auto',7000,'Writes the small scripts in which customers customise their widgets.','automation');
INSERT INTO "features" VALUES('contract-review',NULL,7500,'Finds the clauses of a customer''s contract that bear on a complaint. Whole binders, so long windows only.','documents');
INSERT INTO "features" VALUES('conversation-summary','auto',NULL,'Three lines for the next agent when a ticket changes hands.','tickets');
INSERT INTO "features" VALUES('document-extraction','europe',6000,'Reads invoices, delivery notes and photographed forms into fields.','documents');
INSERT INTO "features" VALUES('kb-answer','auto',6000,'Quotes the articles that answer a question, with their numbers.','knowledge');
INSERT INTO "features" VALUES('moderation','auto',NULL,'Flags threats and abuse before an agent has to read them.','trust');
INSERT INTO "features" VALUES('pii-redaction','europe',NULL,'Blacks out names, numbers and addresses before anything is stored. European operators come first.','data-protection');
INSERT INTO "features" VALUES('quality-review','auto',8500,'Grades a sample of conversations against the customer''s own rules.','trust');
INSERT INTO "features" VALUES('reply-drafting','auto',7000,'Drafts the e-mail an agent then edits and sends.','tickets');
INSERT INTO "features" VALUES('search-rewrite','swift',NULL,'Turns a customer''s question into two or three search queries.','knowledge');
INSERT INTO "features" VALUES('sentiment','swift',NULL,'One word per customer message, for the supervisor''s wall board.','live-chat');
INSERT INTO "features" VALUES('support-chat','auto',6500,'Answers a customer in the chat widget from the knowledge base.','live-chat');
INSERT INTO "features" VALUES('ticket-triage','swift',NULL,'Sorts a new ticket into queue, priority and language, as JSON.','tickets');
INSERT INTO "features" VALUES('translation','auto',6000,'Translates a conversation both ways while it runs, thirty languages.','knowledge');
INSERT INTO "features" VALUES('typing-help','swift',NULL,'Finishes the agent''s sentence. Late is worse than plain, so no floor beyond the policy''s.','live-chat');
INSERT INTO "features" VALUES('weekly-insights','open-weights',8000,'The Monday letter to the head of support, from a week of tickets. Nobody waits for it.','analytics');
INSERT INTO "features" VALUES('workflow-builder','europe',7500,'Turns "if a parcel is late, apologise and refund the postage" into a workflow.','automation');
CREATE TABLE model_capabilities (
  model TEXT NOT NULL,
  capability TEXT NOT NULL,
  CONSTRAINT model_capabilities_pkey PRIMARY KEY (model, capability),
  CONSTRAINT model_capabilities_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT model_capabilities_capability_check CHECK (TYPEOF(capability) = 'text'
  AND INSTR(capability, CHAR(0)) = 0
  AND NOT capability GLOB '*[^a-z0-9._-]*'
  AND capability GLOB '[a-z0-9]*'
  AND capability GLOB '*[a-z0-9]'
  AND LENGTH(capability) <= 63),
  CONSTRAINT model_capabilities_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);
INSERT INTO "model_capabilities" VALUES('claude-3-5-haiku-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-3-5-haiku-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-3-5-haiku-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-3-5-haiku-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-3-7-sonnet-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-3-7-sonnet-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-3-7-sonnet-bedrock-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-3-7-sonnet-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-3-7-sonnet-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-3-7-sonnet-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('claude-3-opus-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-3-opus-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-3-opus-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-3-opus-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('claude-fable-5-1','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-fable-5-1','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-fable-5-1','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-fable-5-1','streaming');
INSERT INTO "model_capabilities" VALUES('claude-fable-5-1','tools');
INSERT INTO "model_capabilities" VALUES('claude-fable-5-1','vision');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5','streaming');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5','tools');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5','vision');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5-bedrock-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-haiku-5-5-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('claude-opus-4-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-opus-4-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-opus-4-bedrock-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-opus-4-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-opus-4-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-opus-4-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5','streaming');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5','tools');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5','vision');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5-bedrock-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-opus-5-5-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5','streaming');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5','tools');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5','vision');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5-bedrock-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('claude-sonnet-5-5-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('codestral-2508','json-schema');
INSERT INTO "model_capabilities" VALUES('codestral-2508','streaming');
INSERT INTO "model_capabilities" VALUES('codestral-2508','tools');
INSERT INTO "model_capabilities" VALUES('command-a-03-2025','streaming');
INSERT INTO "model_capabilities" VALUES('command-a-03-2025','tools');
INSERT INTO "model_capabilities" VALUES('command-r-08-2024','streaming');
INSERT INTO "model_capabilities" VALUES('command-r-08-2024','tools');
INSERT INTO "model_capabilities" VALUES('command-r-plus-08-2024','streaming');
INSERT INTO "model_capabilities" VALUES('command-r-plus-08-2024','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-0528-fireworks','json-schema');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-0528-fireworks','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-0528-nebius','reasoning');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-0528-nebius','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-0528-nebius','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-0528-together','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-bedrock-us','reasoning');
INSERT INTO "model_capabilities" VALUES('deepseek-r1-bedrock-us','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v3','prompt-caching');
INSERT INTO "model_capabilities" VALUES('deepseek-v3','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v3','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-v3-together','json-schema');
INSERT INTO "model_capabilities" VALUES('deepseek-v3-together','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v3-together','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2','prompt-caching');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2','reasoning');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-bedrock-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-fireworks','json-schema');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-fireworks','reasoning');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-fireworks','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v3.2-fireworks','tools');
INSERT INTO "model_capabilities" VALUES('deepseek-v4-pro','json-schema');
INSERT INTO "model_capabilities" VALUES('deepseek-v4-pro','prompt-caching');
INSERT INTO "model_capabilities" VALUES('deepseek-v4-pro','reasoning');
INSERT INTO "model_capabilities" VALUES('deepseek-v4-pro','streaming');
INSERT INTO "model_capabilities" VALUES('deepseek-v4-pro','tools');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash','json-schema');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash','reasoning');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash','streaming');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash','tools');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash','vision');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash-lite','json-schema');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash-lite','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash-lite','reasoning');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash-lite','streaming');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash-lite','tools');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-flash-lite','vision');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-pro','json-schema');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-pro','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-pro','reasoning');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-pro','streaming');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-pro','tools');
INSERT INTO "model_capabilities" VALUES('gemini-2.5-pro','vision');
INSERT INTO "model_capabilities" VALUES('gemini-3.1-pro-preview','json-schema');
INSERT INTO "model_capabilities" VALUES('gemini-3.1-pro-preview','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gemini-3.1-pro-preview','reasoning');
INSERT INTO "model_capabilities" VALUES('gemini-3.1-pro-preview','streaming');
INSERT INTO "model_capabilities" VALUES('gemini-3.1-pro-preview','tools');
INSERT INTO "model_capabilities" VALUES('gemini-3.1-pro-preview','vision');
INSERT INTO "model_capabilities" VALUES('gemini-3.8-flash','json-schema');
INSERT INTO "model_capabilities" VALUES('gemini-3.8-flash','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gemini-3.8-flash','reasoning');
INSERT INTO "model_capabilities" VALUES('gemini-3.8-flash','streaming');
INSERT INTO "model_capabilities" VALUES('gemini-3.8-flash','tools');
INSERT INTO "model_capabilities" VALUES('gemini-3.8-flash','vision');
INSERT INTO "model_capabilities" VALUES('gemma-3-27b-nebius','streaming');
INSERT INTO "model_capabilities" VALUES('gemma-3-27b-nebius','tools');
INSERT INTO "model_capabilities" VALUES('gemma-3-27b-nebius','vision');
INSERT INTO "model_capabilities" VALUES('glm-4.5','streaming');
INSERT INTO "model_capabilities" VALUES('glm-4.5','tools');
INSERT INTO "model_capabilities" VALUES('glm-4.5-air','streaming');
INSERT INTO "model_capabilities" VALUES('glm-4.5-air','tools');
INSERT INTO "model_capabilities" VALUES('glm-4.5-air-fireworks','json-schema');
INSERT INTO "model_capabilities" VALUES('glm-4.5-air-fireworks','reasoning');
INSERT INTO "model_capabilities" VALUES('glm-4.5-air-fireworks','streaming');
INSERT INTO "model_capabilities" VALUES('glm-4.5-air-fireworks','tools');
INSERT INTO "model_capabilities" VALUES('glm-4.5-fireworks','json-schema');
INSERT INTO "model_capabilities" VALUES('glm-4.5-fireworks','reasoning');
INSERT INTO "model_capabilities" VALUES('glm-4.5-fireworks','streaming');
INSERT INTO "model_capabilities" VALUES('glm-4.5-fireworks','tools');
INSERT INTO "model_capabilities" VALUES('glm-5.3','json-schema');
INSERT INTO "model_capabilities" VALUES('glm-5.3','prompt-caching');
INSERT INTO "model_capabilities" VALUES('glm-5.3','reasoning');
INSERT INTO "model_capabilities" VALUES('glm-5.3','streaming');
INSERT INTO "model_capabilities" VALUES('glm-5.3','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4-turbo','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4-turbo','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4-turbo','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4-turbo','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4.1','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4.1','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4.1','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4.1','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4.1','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-azure-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-azure-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-azure-eu','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-azure-eu','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-azure-eu','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-mini','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-mini','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-mini','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-mini','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4.1-mini','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4o-2024-08-06','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4o-2024-08-06','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4o-2024-08-06','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4o-2024-08-06','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4o-2024-08-06','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4o-azure-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4o-azure-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4o-azure-eu','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4o-azure-eu','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4o-azure-eu','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini','vision');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini-azure-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini-azure-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini-azure-eu','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini-azure-eu','tools');
INSERT INTO "model_capabilities" VALUES('gpt-4o-mini-azure-eu','vision');
INSERT INTO "model_capabilities" VALUES('gpt-5','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-5','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-5','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-5','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-5','tools');
INSERT INTO "model_capabilities" VALUES('gpt-5','vision');
INSERT INTO "model_capabilities" VALUES('gpt-5-azure-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-5-azure-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-5-azure-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-5-azure-eu','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-5-azure-eu','tools');
INSERT INTO "model_capabilities" VALUES('gpt-5-azure-eu','vision');
INSERT INTO "model_capabilities" VALUES('gpt-6-astra','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-6-astra','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-6-astra','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-6-astra','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-6-astra','tools');
INSERT INTO "model_capabilities" VALUES('gpt-6-astra','vision');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna','tools');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna','vision');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna-azure-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna-azure-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna-azure-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna-azure-eu','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna-azure-eu','tools');
INSERT INTO "model_capabilities" VALUES('gpt-6-luna-azure-eu','vision');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol','tools');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol','vision');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol-azure-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol-azure-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol-azure-eu','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol-azure-eu','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol-azure-eu','tools');
INSERT INTO "model_capabilities" VALUES('gpt-6.1-sol-azure-eu','vision');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-cerebras','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-cerebras','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-cerebras','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-cerebras','tools');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-groq','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-groq','prompt-caching');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-groq','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-groq','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-groq','tools');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-ovhcloud','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-ovhcloud','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-ovhcloud','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-together','json-schema');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-together','reasoning');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-together','streaming');
INSERT INTO "model_capabilities" VALUES('gpt-oss-120b-together','tools');
INSERT INTO "model_capabilities" VALUES('grok-4.20-non-reasoning','json-schema');
INSERT INTO "model_capabilities" VALUES('grok-4.20-non-reasoning','prompt-caching');
INSERT INTO "model_capabilities" VALUES('grok-4.20-non-reasoning','streaming');
INSERT INTO "model_capabilities" VALUES('grok-4.20-non-reasoning','tools');
INSERT INTO "model_capabilities" VALUES('grok-4.20-non-reasoning','vision');
INSERT INTO "model_capabilities" VALUES('grok-4.7','json-schema');
INSERT INTO "model_capabilities" VALUES('grok-4.7','prompt-caching');
INSERT INTO "model_capabilities" VALUES('grok-4.7','reasoning');
INSERT INTO "model_capabilities" VALUES('grok-4.7','streaming');
INSERT INTO "model_capabilities" VALUES('grok-4.7','tools');
INSERT INTO "model_capabilities" VALUES('grok-4.7','vision');
INSERT INTO "model_capabilities" VALUES('kimi-k2-fireworks','json-schema');
INSERT INTO "model_capabilities" VALUES('kimi-k2-fireworks','streaming');
INSERT INTO "model_capabilities" VALUES('kimi-k2-fireworks','tools');
INSERT INTO "model_capabilities" VALUES('kimi-k2.6','json-schema');
INSERT INTO "model_capabilities" VALUES('kimi-k2.6','reasoning');
INSERT INTO "model_capabilities" VALUES('kimi-k2.6','streaming');
INSERT INTO "model_capabilities" VALUES('kimi-k2.6','tools');
INSERT INTO "model_capabilities" VALUES('kimi-k2.6','vision');
INSERT INTO "model_capabilities" VALUES('kimi-k3','json-schema');
INSERT INTO "model_capabilities" VALUES('kimi-k3','prompt-caching');
INSERT INTO "model_capabilities" VALUES('kimi-k3','reasoning');
INSERT INTO "model_capabilities" VALUES('kimi-k3','streaming');
INSERT INTO "model_capabilities" VALUES('kimi-k3','tools');
INSERT INTO "model_capabilities" VALUES('kimi-k3','vision');
INSERT INTO "model_capabilities" VALUES('llama-3.1-8b-cerebras','streaming');
INSERT INTO "model_capabilities" VALUES('llama-3.1-8b-cerebras','tools');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-bedrock-us','streaming');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-bedrock-us','tools');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-nebius','streaming');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-nebius','tools');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-scaleway','streaming');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-scaleway','tools');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-together','json-schema');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-together','streaming');
INSERT INTO "model_capabilities" VALUES('llama-3.3-70b-together','tools');
INSERT INTO "model_capabilities" VALUES('llama-4-maverick-bedrock-us','streaming');
INSERT INTO "model_capabilities" VALUES('llama-4-maverick-bedrock-us','tools');
INSERT INTO "model_capabilities" VALUES('llama-4-scout-bedrock-us','streaming');
INSERT INTO "model_capabilities" VALUES('llama-4-scout-bedrock-us','tools');
INSERT INTO "model_capabilities" VALUES('ministral-8b-2512','json-schema');
INSERT INTO "model_capabilities" VALUES('ministral-8b-2512','streaming');
INSERT INTO "model_capabilities" VALUES('ministral-8b-2512','tools');
INSERT INTO "model_capabilities" VALUES('ministral-8b-2512','vision');
INSERT INTO "model_capabilities" VALUES('mistral-large-4','json-schema');
INSERT INTO "model_capabilities" VALUES('mistral-large-4','prompt-caching');
INSERT INTO "model_capabilities" VALUES('mistral-large-4','reasoning');
INSERT INTO "model_capabilities" VALUES('mistral-large-4','streaming');
INSERT INTO "model_capabilities" VALUES('mistral-large-4','tools');
INSERT INTO "model_capabilities" VALUES('mistral-large-4','vision');
INSERT INTO "model_capabilities" VALUES('mistral-medium-3','json-schema');
INSERT INTO "model_capabilities" VALUES('mistral-medium-3','reasoning');
INSERT INTO "model_capabilities" VALUES('mistral-medium-3','streaming');
INSERT INTO "model_capabilities" VALUES('mistral-medium-3','tools');
INSERT INTO "model_capabilities" VALUES('mistral-medium-3','vision');
INSERT INTO "model_capabilities" VALUES('mistral-small-2603','json-schema');
INSERT INTO "model_capabilities" VALUES('mistral-small-2603','reasoning');
INSERT INTO "model_capabilities" VALUES('mistral-small-2603','streaming');
INSERT INTO "model_capabilities" VALUES('mistral-small-2603','tools');
INSERT INTO "model_capabilities" VALUES('mistral-small-2603','vision');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-ovhcloud','json-schema');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-ovhcloud','streaming');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-ovhcloud','tools');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-ovhcloud','vision');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-scaleway','streaming');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-scaleway','tools');
INSERT INTO "model_capabilities" VALUES('mistral-small-3.2-scaleway','vision');
INSERT INTO "model_capabilities" VALUES('nemotron-ultra-253b-nebius','streaming');
INSERT INTO "model_capabilities" VALUES('nemotron-ultra-253b-nebius','tools');
INSERT INTO "model_capabilities" VALUES('nova-lite-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('nova-lite-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('nova-lite-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('nova-lite-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('nova-lite-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('nova-micro-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('nova-micro-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('nova-micro-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('nova-micro-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('nova-pro-bedrock-eu','json-schema');
INSERT INTO "model_capabilities" VALUES('nova-pro-bedrock-eu','prompt-caching');
INSERT INTO "model_capabilities" VALUES('nova-pro-bedrock-eu','streaming');
INSERT INTO "model_capabilities" VALUES('nova-pro-bedrock-eu','tools');
INSERT INTO "model_capabilities" VALUES('nova-pro-bedrock-eu','vision');
INSERT INTO "model_capabilities" VALUES('o3','json-schema');
INSERT INTO "model_capabilities" VALUES('o3','prompt-caching');
INSERT INTO "model_capabilities" VALUES('o3','reasoning');
INSERT INTO "model_capabilities" VALUES('o3','streaming');
INSERT INTO "model_capabilities" VALUES('o3','tools');
INSERT INTO "model_capabilities" VALUES('o3','vision');
INSERT INTO "model_capabilities" VALUES('qwen-max','reasoning');
INSERT INTO "model_capabilities" VALUES('qwen-max','streaming');
INSERT INTO "model_capabilities" VALUES('qwen-max','tools');
INSERT INTO "model_capabilities" VALUES('qwen-plus-2025-01-25','reasoning');
INSERT INTO "model_capabilities" VALUES('qwen-plus-2025-01-25','streaming');
INSERT INTO "model_capabilities" VALUES('qwen-plus-2025-01-25','tools');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-bedrock-us','reasoning');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-bedrock-us','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-bedrock-us','tools');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-fireworks','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-nebius','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-nebius','tools');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-scaleway','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-235b-scaleway','tools');
INSERT INTO "model_capabilities" VALUES('qwen3-30b-nebius','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-30b-nebius','tools');
INSERT INTO "model_capabilities" VALUES('qwen3-32b-ovhcloud','json-schema');
INSERT INTO "model_capabilities" VALUES('qwen3-32b-ovhcloud','reasoning');
INSERT INTO "model_capabilities" VALUES('qwen3-32b-ovhcloud','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-32b-ovhcloud','tools');
INSERT INTO "model_capabilities" VALUES('qwen3-coder-bedrock-us','reasoning');
INSERT INTO "model_capabilities" VALUES('qwen3-coder-bedrock-us','streaming');
INSERT INTO "model_capabilities" VALUES('qwen3-coder-bedrock-us','tools');
CREATE TABLE model_experiment (
  experiment TEXT NOT NULL,
  public_model_id TEXT NOT NULL,
  status TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0,
  salt TEXT NOT NULL,
  on_pause TEXT NOT NULL DEFAULT 'reject',
  winner TEXT,
  started_at TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT model_experiment_pkey PRIMARY KEY (experiment),
  CONSTRAINT model_experiment_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_public_model_id_check CHECK (TYPEOF(public_model_id) = 'text'
  AND INSTR(public_model_id, CHAR(0)) = 0
  AND NOT public_model_id GLOB '*[^a-z0-9._/-]*'
  AND public_model_id GLOB '[a-z0-9]*'
  AND public_model_id GLOB '*[a-z0-9]'
  AND LENGTH(public_model_id) <= 63),
  CONSTRAINT model_experiment_status_check CHECK (status IN ('draft', 'active', 'paused', 'completed')),
  CONSTRAINT model_experiment_archived_check CHECK (TYPEOF(archived) = 'integer' AND archived IN (0, 1)),
  CONSTRAINT model_experiment_salt_check CHECK (TYPEOF(salt) = 'text'
  AND INSTR(salt, CHAR(0)) = 0
  AND REPLACE(salt, ':', '') = salt),
  CONSTRAINT model_experiment_on_pause_check CHECK (on_pause IN ('reject', 'control')),
  CONSTRAINT model_experiment_winner_check CHECK (winner IS NULL
  OR (
    TYPEOF(winner) = 'text'
    AND INSTR(winner, CHAR(0)) = 0
    AND NOT winner GLOB '*[^a-z0-9._-]*'
    AND winner GLOB '[a-z0-9]*'
    AND winner GLOB '*[a-z0-9]'
    AND LENGTH(winner) <= 63
  )),
  CONSTRAINT model_experiment_started_at_check CHECK (started_at IS NULL
  OR (
    TYPEOF(started_at) = 'text'
    AND INSTR(started_at, CHAR(0)) = 0
    AND started_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'
  )),
  CONSTRAINT model_experiment_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_archived_not_active CHECK (NOT (
    archived AND status = 'active'
  )),
  CONSTRAINT model_experiment_winner_completed CHECK (winner IS NULL OR status = 'completed'),
  CONSTRAINT model_experiment_experiment_winner_fkey FOREIGN KEY (experiment, winner) REFERENCES model_experiment_variant (
    experiment,
    variant
  ) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "model_experiment" VALUES('assistant-plus-1','hermelin/assistant-plus','completed',1,'assistant-plus-1','reject','gpt',NULL,'The first round, won by GPT-4.1; its successor now owns the public id.','live-chat');
INSERT INTO "model_experiment" VALUES('assistant-plus-2','hermelin/assistant-plus','active',0,'assistant-plus-2','control',NULL,'2026-11-30T10:33:23.510Z','Does Sonnet 5.5 close more chats without a human than GPT-6.1 Sol? Began at half and half.','live-chat');
INSERT INTO "model_experiment" VALUES('kimi-agents','preview/agents','draft',0,'kimi-agents','reject',NULL,NULL,'Planned for the new year, once the data protection office has finished with K3.','automation');
INSERT INTO "model_experiment" VALUES('nimbus','preview/nimbus','paused',0,'nimbus','reject',NULL,NULL,'The frontier preview, shut since the vendor''s incident; better no answer than a wrong one.','platform');
INSERT INTO "model_experiment" VALUES('open-search','hermelin/search','completed',0,'open-search','reject',NULL,NULL,'No difference in clicks after four weeks; nobody won and the id is free again.','knowledge');
INSERT INTO "model_experiment" VALUES('reply-tone','hermelin/reply','completed',0,'reply-tone','reject','sonnet',NULL,'Sonnet''s drafts were sent unedited more often; the winner serves the public id.','tickets');
INSERT INTO "model_experiment" VALUES('summary-length','hermelin/summary','paused',0,'summary-length','control',NULL,NULL,'Paused over the holidays; everyone gets the short summaries of the first variant.','tickets');
INSERT INTO "model_experiment" VALUES('triage-three','hermelin/triage','active',0,'triage-three-2026-10','control',NULL,'2026-11-30T10:33:23.510Z','Three small models on the same queue. Luna was swapped for its EU deployment in the second week.','tickets');
CREATE TABLE model_experiment_variant (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  position INTEGER NOT NULL,
  label TEXT,
  weight_bp INTEGER NOT NULL,
  CONSTRAINT model_experiment_variant_pkey PRIMARY KEY (experiment, variant),
  CONSTRAINT model_experiment_variant_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_variant_variant_check CHECK (TYPEOF(variant) = 'text'
  AND INSTR(variant, CHAR(0)) = 0
  AND NOT variant GLOB '*[^a-z0-9._-]*'
  AND variant GLOB '[a-z0-9]*'
  AND variant GLOB '*[a-z0-9]'
  AND LENGTH(variant) <= 63),
  CONSTRAINT model_experiment_variant_position_check CHECK (TYPEOF(position) = 'integer' AND position BETWEEN 0 AND 1000000000),
  CONSTRAINT model_experiment_variant_label_check CHECK (label IS NULL OR (
    TYPEOF(label) = 'text' AND INSTR(label, CHAR(0)) = 0
  )),
  CONSTRAINT model_experiment_variant_weight_bp_check CHECK (TYPEOF(weight_bp) = 'integer' AND weight_bp BETWEEN 1 AND 10000),
  CONSTRAINT model_experiment_variant_experiment_fkey FOREIGN KEY (experiment) REFERENCES model_experiment (
    experiment
  )
);
INSERT INTO "model_experiment_variant" VALUES('assistant-plus-1','control',0,'Claude 3.7 Sonnet',5000);
INSERT INTO "model_experiment_variant" VALUES('assistant-plus-1','gpt',1,'GPT-4.1',5000);
INSERT INTO "model_experiment_variant" VALUES('assistant-plus-2','control',0,'GPT-6.1 Sol',6000);
INSERT INTO "model_experiment_variant" VALUES('assistant-plus-2','sonnet',1,'Sonnet 5.5',4000);
INSERT INTO "model_experiment_variant" VALUES('kimi-agents','control',0,'GPT-5',9000);
INSERT INTO "model_experiment_variant" VALUES('kimi-agents','kimi',1,'Kimi K3',1000);
INSERT INTO "model_experiment_variant" VALUES('nimbus','astra',0,'GPT-6 Astra',5000);
INSERT INTO "model_experiment_variant" VALUES('nimbus','fable',1,'Fable 5.1',5000);
INSERT INTO "model_experiment_variant" VALUES('open-search','llama',0,'Llama 3.3',3333);
INSERT INTO "model_experiment_variant" VALUES('open-search','qwen',1,'Qwen 3',3333);
INSERT INTO "model_experiment_variant" VALUES('open-search','gemma',2,'Gemma 3',3334);
INSERT INTO "model_experiment_variant" VALUES('reply-tone','control',0,'GPT-4o',5000);
INSERT INTO "model_experiment_variant" VALUES('reply-tone','sonnet',1,'Sonnet',5000);
INSERT INTO "model_experiment_variant" VALUES('summary-length','short',0,'Three lines',7500);
INSERT INTO "model_experiment_variant" VALUES('summary-length','long',1,'A paragraph',2500);
INSERT INTO "model_experiment_variant" VALUES('triage-three','small',0,'Mistral Small',3400);
INSERT INTO "model_experiment_variant" VALUES('triage-three','luna',1,'GPT-6 Luna',3300);
INSERT INTO "model_experiment_variant" VALUES('triage-three','haiku',2,'Haiku 5.5',3300);
CREATE TABLE model_experiment_variant_slot (
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  first_slot INTEGER NOT NULL,
  last_slot INTEGER NOT NULL,
  CONSTRAINT model_experiment_variant_slot_pkey PRIMARY KEY (experiment, first_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_variant_slot_variant_check CHECK (TYPEOF(variant) = 'text'
  AND INSTR(variant, CHAR(0)) = 0
  AND NOT variant GLOB '*[^a-z0-9._-]*'
  AND variant GLOB '[a-z0-9]*'
  AND variant GLOB '*[a-z0-9]'
  AND LENGTH(variant) <= 63),
  CONSTRAINT model_experiment_variant_slot_first_slot_check CHECK (TYPEOF(first_slot) = 'integer' AND first_slot BETWEEN 0 AND 9999),
  CONSTRAINT model_experiment_variant_slot_last_slot_check CHECK (TYPEOF(last_slot) = 'integer' AND last_slot BETWEEN 0 AND 9999),
  CONSTRAINT model_experiment_variant_slot_order CHECK (first_slot <= last_slot),
  CONSTRAINT model_experiment_variant_slot_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES model_experiment_variant (
    experiment,
    variant
  )
);
INSERT INTO "model_experiment_variant_slot" VALUES('assistant-plus-2','control',0,4999);
INSERT INTO "model_experiment_variant_slot" VALUES('assistant-plus-2','control',9000,9999);
INSERT INTO "model_experiment_variant_slot" VALUES('assistant-plus-2','sonnet',5000,8999);
CREATE TABLE model_experiment_variant_version (
  id INTEGER CONSTRAINT model_experiment_variant_version_pkey PRIMARY KEY AUTOINCREMENT,
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  version INTEGER NOT NULL,
  model TEXT NOT NULL,
  api_key_env TEXT,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  serving_model TEXT AS (CASE WHEN withdrawn THEN NULL ELSE model END) STORED,
  CONSTRAINT model_experiment_variant_version_experiment_check CHECK (TYPEOF(experiment) = 'text'
  AND INSTR(experiment, CHAR(0)) = 0
  AND NOT experiment GLOB '*[^a-z0-9._-]*'
  AND experiment GLOB '[a-z0-9]*'
  AND experiment GLOB '*[a-z0-9]'
  AND LENGTH(experiment) <= 63),
  CONSTRAINT model_experiment_variant_version_variant_check CHECK (TYPEOF(variant) = 'text'
  AND INSTR(variant, CHAR(0)) = 0
  AND NOT variant GLOB '*[^a-z0-9._-]*'
  AND variant GLOB '[a-z0-9]*'
  AND variant GLOB '*[a-z0-9]'
  AND LENGTH(variant) <= 63),
  CONSTRAINT model_experiment_variant_version_version_check CHECK (TYPEOF(version) = 'integer' AND version BETWEEN 1 AND 1000000000),
  CONSTRAINT model_experiment_variant_version_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT model_experiment_variant_version_api_key_env_check CHECK (api_key_env IS NULL
  OR (
    TYPEOF(api_key_env) = 'text'
    AND INSTR(api_key_env, CHAR(0)) = 0
    AND NOT api_key_env GLOB '*[^A-Za-z0-9_]*'
    AND api_key_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT model_experiment_variant_version_withdrawn_check CHECK (TYPEOF(withdrawn) = 'integer' AND withdrawn IN (0, 1)),
  CONSTRAINT model_experiment_variant_version_experiment_variant_fkey FOREIGN KEY (experiment, variant) REFERENCES model_experiment_variant (
    experiment,
    variant
  ),
  CONSTRAINT model_experiment_variant_version_serving_model_fkey FOREIGN KEY (serving_model) REFERENCES models (
    model
  )
);
INSERT INTO "model_experiment_variant_version" VALUES(1,'assistant-plus-1','control',1,'claude-3-7-sonnet-bedrock-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(2,'assistant-plus-1','gpt',1,'gpt-4.1-azure-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(3,'assistant-plus-2','control',1,'gpt-6.1-sol-azure-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(4,'assistant-plus-2','sonnet',1,'claude-sonnet-5-5-bedrock-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(5,'kimi-agents','control',1,'gpt-5-azure-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(6,'kimi-agents','kimi',1,'kimi-k3',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(7,'nimbus','astra',1,'gpt-6-astra','OPENAI_PREVIEW_API_KEY',0);
INSERT INTO "model_experiment_variant_version" VALUES(8,'nimbus','fable',1,'claude-fable-5-1','ANTHROPIC_PREVIEW_API_KEY',0);
INSERT INTO "model_experiment_variant_version" VALUES(9,'open-search','llama',1,'llama-3.3-70b-nebius',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(10,'open-search','qwen',1,'qwen3-30b-nebius',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(11,'open-search','gemma',1,'gemma-3-27b-nebius',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(12,'reply-tone','control',1,'gpt-4o-azure-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(13,'reply-tone','sonnet',1,'claude-3-7-sonnet-bedrock-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(14,'reply-tone','sonnet',2,'claude-sonnet-5-5-bedrock-eu',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(15,'summary-length','short',1,'mistral-small-3.2-scaleway',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(16,'summary-length','long',1,'mistral-medium-3',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(17,'triage-three','small',1,'mistral-small-2603',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(18,'triage-three','luna',1,'gpt-6-luna',NULL,0);
INSERT INTO "model_experiment_variant_version" VALUES(19,'triage-three','luna',2,'gpt-6-luna-azure-eu','AZURE_OPENAI_TRIAGE_KEY',0);
INSERT INTO "model_experiment_variant_version" VALUES(20,'triage-three','haiku',1,'claude-haiku-5-5-bedrock-eu',NULL,0);
CREATE TABLE model_promotions (
  id INTEGER CONSTRAINT model_promotions_pkey PRIMARY KEY AUTOINCREMENT,
  feature TEXT NOT NULL,
  from_model TEXT,
  to_model TEXT,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT 'unknown',
  happened_at TEXT NOT NULL DEFAULT (
    STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now')
  ),
  migration TEXT NOT NULL,
  CONSTRAINT model_promotions_feature_check CHECK (TYPEOF(feature) = 'text'
  AND INSTR(feature, CHAR(0)) = 0
  AND NOT feature GLOB '*[^a-z0-9._-]*'
  AND feature GLOB '[a-z0-9]*'
  AND feature GLOB '*[a-z0-9]'
  AND LENGTH(feature) <= 63),
  CONSTRAINT model_promotions_from_model_check CHECK (from_model IS NULL
  OR (
    TYPEOF(from_model) = 'text'
    AND INSTR(from_model, CHAR(0)) = 0
    AND NOT from_model GLOB '*[^a-z0-9._-]*'
    AND from_model GLOB '[a-z0-9]*'
    AND from_model GLOB '*[a-z0-9]'
    AND LENGTH(from_model) <= 63
  )),
  CONSTRAINT model_promotions_to_model_check CHECK (to_model IS NULL
  OR (
    TYPEOF(to_model) = 'text'
    AND INSTR(to_model, CHAR(0)) = 0
    AND NOT to_model GLOB '*[^a-z0-9._-]*'
    AND to_model GLOB '[a-z0-9]*'
    AND to_model GLOB '*[a-z0-9]'
    AND LENGTH(to_model) <= 63
  )),
  CONSTRAINT model_promotions_kind_check CHECK (kind IN ('initial', 'promotion', 'rollback', 'swap', 'removed')),
  CONSTRAINT model_promotions_actor_check CHECK (TYPEOF(actor) = 'text' AND INSTR(actor, CHAR(0)) = 0),
  CONSTRAINT model_promotions_happened_at_check CHECK (TYPEOF(happened_at) = 'text'
  AND INSTR(happened_at, CHAR(0)) = 0
  AND happened_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'),
  CONSTRAINT model_promotions_migration_check CHECK (TYPEOF(migration) = 'text' AND INSTR(migration, CHAR(0)) = 0),
  CONSTRAINT model_promotions_from CHECK ((
    kind = 'initial'
  ) = (
    from_model IS NULL
  )),
  CONSTRAINT model_promotions_to CHECK ((
    kind = 'removed'
  ) = (
    to_model IS NULL
  )),
  CONSTRAINT model_promotions_two_models CHECK (from_model IS NULL OR to_model IS NULL OR from_model <> to_model)
);
INSERT INTO "model_promotions" VALUES(1,'agent-tools',NULL,'gpt-5-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(2,'article-draft',NULL,'gpt-6.1-sol-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(3,'attachment-description',NULL,'gemini-2.5-flash-lite','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(4,'code-assistant',NULL,'gpt-6.1-sol','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(5,'contract-review',NULL,'claude-opus-5-5-bedrock-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(6,'conversation-summary',NULL,'mistral-small-2603','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(7,'document-extraction',NULL,'gpt-4.1-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(8,'kb-answer',NULL,'mistral-medium-3','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(9,'moderation',NULL,'gpt-4o-mini-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(10,'pii-redaction',NULL,'mistral-small-3.2-scaleway','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(11,'quality-review',NULL,'gpt-5-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(12,'reply-drafting',NULL,'claude-sonnet-5-5-bedrock-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(13,'search-rewrite',NULL,'qwen3-30b-nebius','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(14,'sentiment',NULL,'mistral-small-3.2-ovhcloud','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(15,'support-chat',NULL,'gpt-4.1-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(16,'ticket-triage',NULL,'gpt-6-luna-azure-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(17,'translation',NULL,'gemini-2.5-flash','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(18,'typing-help',NULL,'gpt-oss-120b-groq','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(19,'weekly-insights',NULL,'deepseek-v3.2-bedrock-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
INSERT INTO "model_promotions" VALUES(20,'workflow-builder',NULL,'claude-opus-5-5-bedrock-eu','initial','unknown','2026-11-30T10:33:23.516Z','0001_baseline');
CREATE TABLE models (
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_model_name TEXT NOT NULL,
  logical_slug TEXT,
  quality_bp INTEGER NOT NULL,
  input_pusd INTEGER NOT NULL,
  output_pusd INTEGER NOT NULL,
  output_ratio_bp INTEGER NOT NULL DEFAULT 5000,
  latency_ms INTEGER NOT NULL,
  context_window INTEGER NOT NULL,
  min_output_tokens INTEGER NOT NULL DEFAULT 0,
  compliance_bp INTEGER NOT NULL DEFAULT 10000,
  active INTEGER NOT NULL DEFAULT 1,
  listed INTEGER NOT NULL DEFAULT 1,
  description TEXT,
  owner TEXT,
  CONSTRAINT models_pkey PRIMARY KEY (model),
  CONSTRAINT models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT models_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT models_provider_model_name_check CHECK (TYPEOF(provider_model_name) = 'text'
  AND INSTR(provider_model_name, CHAR(0)) = 0
  AND NOT provider_model_name GLOB '*[^!-~]*'
  AND provider_model_name GLOB '?*'),
  CONSTRAINT models_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    TYPEOF(logical_slug) = 'text'
    AND INSTR(logical_slug, CHAR(0)) = 0
    AND NOT logical_slug GLOB '*[^a-z0-9._-]*'
    AND logical_slug GLOB '[a-z0-9]*'
    AND logical_slug GLOB '*[a-z0-9]'
    AND LENGTH(logical_slug) <= 63
  )),
  CONSTRAINT models_quality_bp_check CHECK (TYPEOF(quality_bp) = 'integer' AND quality_bp BETWEEN 0 AND 10000),
  CONSTRAINT models_input_pusd_check CHECK (TYPEOF(input_pusd) = 'integer' AND input_pusd BETWEEN 0 AND 1000000000000),
  CONSTRAINT models_output_pusd_check CHECK (TYPEOF(output_pusd) = 'integer' AND output_pusd BETWEEN 0 AND 1000000000000),
  CONSTRAINT models_output_ratio_bp_check CHECK (TYPEOF(output_ratio_bp) = 'integer' AND output_ratio_bp BETWEEN 0 AND 10000000000),
  CONSTRAINT models_latency_ms_check CHECK (TYPEOF(latency_ms) = 'integer' AND latency_ms BETWEEN 0 AND 1000000000),
  CONSTRAINT models_context_window_check CHECK (TYPEOF(context_window) = 'integer' AND context_window BETWEEN 1 AND 1000000000),
  CONSTRAINT models_min_output_tokens_check CHECK (TYPEOF(min_output_tokens) = 'integer'
  AND min_output_tokens BETWEEN 0 AND 1000000000),
  CONSTRAINT models_compliance_bp_check CHECK (TYPEOF(compliance_bp) = 'integer' AND compliance_bp BETWEEN 0 AND 10000),
  CONSTRAINT models_active_check CHECK (TYPEOF(active) = 'integer' AND active IN (0, 1)),
  CONSTRAINT models_listed_check CHECK (TYPEOF(listed) = 'integer' AND listed IN (0, 1)),
  CONSTRAINT models_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT models_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT models_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);
INSERT INTO "models" VALUES('claude-3-5-haiku-bedrock-eu','bedrock-eu','eu.anthropic.claude-3-5-haiku-20241022-v1:0',NULL,5750,800000,4000000,5000,1272,200000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-3-7-sonnet-bedrock-eu','bedrock-eu','eu.anthropic.claude-3-7-sonnet-20250219-v1:0',NULL,7020,3000000,15000000,5000,1132,200000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-3-opus-bedrock-eu','bedrock-eu','eu.anthropic.claude-3-opus-20240229-v1:0',NULL,5300,15000000,75000000,5000,1192,200000,0,9700,0,1,'Switched off by us after the move to Opus 5.5; kept for the history of the features that retired it.',NULL);
INSERT INTO "models" VALUES('claude-fable-5-1','anthropic','claude-fable-5-1',NULL,7928,10000000,50000000,5000,1700,1000000,0,9000,1,0,'Under evaluation; reached by experiments that name it.',NULL);
INSERT INTO "models" VALUES('claude-haiku-5-5','anthropic','claude-haiku-5-5','any-claude-haiku-5-5',5750,100000,500000,5000,1272,1000000,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-haiku-5-5-bedrock-eu','bedrock-eu','eu.anthropic.claude-haiku-5-5','any-claude-haiku-5-5',5750,110000,550000,5000,1272,1000000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-opus-4-bedrock-eu','bedrock-eu','eu.anthropic.claude-opus-4-20250514-v1:0',NULL,7928,15000000,75000000,5000,1700,200000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-opus-5-5','anthropic','claude-opus-5-5','any-claude-opus-5-5',7928,4000000,20000000,5000,1700,1000000,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-opus-5-5-bedrock-eu','bedrock-eu','eu.anthropic.claude-opus-5-5','any-claude-opus-5-5',7928,4400000,22000000,5000,1700,1000000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-sonnet-5-5','anthropic','claude-sonnet-5-5','any-claude-sonnet-5-5',7290,2000000,10000000,5000,1192,1000000,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('claude-sonnet-5-5-bedrock-eu','bedrock-eu','eu.anthropic.claude-sonnet-5-5','any-claude-sonnet-5-5',7290,2200000,11000000,5000,1192,1000000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('codestral-2508','mistral','codestral-2508',NULL,5555,300000,900000,5000,372,128000,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('command-a-03-2025','cohere','command-a-03-2025',NULL,6060,2500000,10000000,5000,3404,256000,0,8800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('command-r-08-2024','cohere','command-r-08-2024',NULL,3900,150000,600000,5000,1192,128000,0,8800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('command-r-plus-08-2024','cohere','command-r-plus-08-2024',NULL,4660,2500000,10000000,5000,1192,128000,0,8800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-r1-0528-fireworks','fireworks','accounts/fireworks/models/deepseek-r1-0528','any-deepseek-r1-0528',8555,3000000,8000000,6967,28664,163840,1024,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-r1-0528-nebius','nebius','deepseek-ai/DeepSeek-R1-0528','any-deepseek-r1-0528',8555,800000,2400000,6967,28664,164000,1024,9800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-r1-0528-together','together','deepseek-ai/DeepSeek-R1-0528','any-deepseek-r1-0528',8555,3000000,7000000,6967,28664,163840,1024,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-r1-bedrock-us','bedrock-us','us.deepseek.r1-v1:0',NULL,7642,1350000,5400000,5000,4548,128000,1024,9200,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-v3','deepseek','deepseek-v3','any-deepseek-v3',7040,270000,1100000,5000,1392,65536,0,5500,0,1,'Superseded by V3.2 at the same host; other hosts keep it.',NULL);
INSERT INTO "models" VALUES('deepseek-v3-together','together','deepseek-ai/DeepSeek-V3','any-deepseek-v3',7040,1250000,1250000,5000,1392,65536,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-v3.2','deepseek','deepseek-v3.2','any-deepseek-v3.2',8510,280000,400000,5000,4160,163840,0,5500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-v3.2-bedrock-eu','bedrock-eu','eu.deepseek.v3.2','any-deepseek-v3.2',8510,740000,2220000,5000,4160,163840,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-v3.2-fireworks','fireworks','accounts/fireworks/models/deepseek-v3p2','any-deepseek-v3.2',8510,560000,1680000,5000,4160,163840,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('deepseek-v4-pro','deepseek','deepseek-v4-pro',NULL,8710,1320000,3960000,7507,11648,1000000,1024,5500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gemini-2.5-flash','google','gemini-2.5-flash',NULL,7988,300000,2500000,7372,2156,1048576,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gemini-2.5-flash-lite','google','gemini-2.5-flash-lite',NULL,6600,100000,400000,5000,1192,1048576,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gemini-2.5-pro','google','gemini-2.5-pro',NULL,9178,1250000,10000000,15055,7008,1048576,1024,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gemini-3.1-pro-preview','google','gemini-3.1-pro-preview',NULL,9178,2000000,12000000,15055,7008,1048576,1024,8000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gemini-3.8-flash','google','gemini-3.8-flash',NULL,7988,750000,3750000,7372,2156,1048576,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gemma-3-27b-nebius','nebius','google/gemma-3-27b-it',NULL,6192,100000,300000,5000,3188,110000,0,9800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('glm-4.5','zai','glm-4.5','any-glm-4.5',8680,600000,2200000,5000,5878,128000,0,5500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('glm-4.5-air','zai','glm-4.5-air','any-glm-4.5-air',7860,200000,1100000,5000,5878,128000,0,5500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('glm-4.5-air-fireworks','fireworks','accounts/fireworks/models/glm-4p5-air','any-glm-4.5-air',7860,220000,880000,5000,5878,131072,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('glm-4.5-fireworks','fireworks','accounts/fireworks/models/glm-4p5','any-glm-4.5',8680,550000,2190000,5000,5878,131072,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('glm-5.3','zai','glm-5.3',NULL,8680,1400000,4400000,5000,5878,1000000,0,5500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4-turbo','openai','gpt-4-turbo-2024-04-09',NULL,5480,10000000,30000000,5000,1192,128000,0,9000,0,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4.1','openai','gpt-4.1','any-gpt-4.1',7610,2000000,8000000,5000,820,1047576,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4.1-azure-eu','azure-eu','gpt-4.1','any-gpt-4.1',7610,2200000,8800000,5000,820,1047576,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4.1-mini','openai','gpt-4.1-mini',NULL,6670,400000,1600000,5000,780,1047576,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4o-2024-08-06','openai','gpt-4o-2024-08-06','any-gpt-4o',5928,2500000,10000000,5000,640,128000,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4o-azure-eu','azure-eu','gpt-4o-2024-08-06','any-gpt-4o',5928,2750000,11000000,5000,640,128000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4o-mini','openai','gpt-4o-mini','any-gpt-4o-mini',5470,150000,600000,5000,692,128000,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-4o-mini-azure-eu','azure-eu','gpt-4o-mini-2024-07-18','any-gpt-4o-mini',5470,165000,660000,5000,692,128000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-5','openai','gpt-5','any-gpt-5',9335,1250000,10000000,5195,4748,272000,1024,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-5-azure-eu','azure-eu','gpt-5-2025-08-07','any-gpt-5',9335,1375000,11000000,5195,4748,272000,1024,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-6-astra','openai','gpt-6-astra',NULL,9335,10000000,50000000,5195,4748,922000,1024,9000,1,0,'Too dear for automatic routing; reached by experiments that name it.',NULL);
INSERT INTO "models" VALUES('gpt-6-luna','openai','gpt-6-luna','any-gpt-6-luna',6670,100000,500000,5000,780,922000,0,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-6-luna-azure-eu','azure-eu','gpt-6-luna','any-gpt-6-luna',6670,120000,600000,5000,780,922000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-6.1-sol','openai','gpt-6.1-sol','any-gpt-6.1-sol',9335,2000000,10000000,5195,4748,922000,512,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-6.1-sol-azure-eu','azure-eu','gpt-6.1-sol','any-gpt-6.1-sol',9335,2400000,12000000,5195,4748,922000,512,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-oss-120b-cerebras','cerebras','gpt-oss-120b','any-gpt-oss-120b',7090,350000,750000,5000,1420,131072,256,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-oss-120b-groq','groq','openai/gpt-oss-120b','any-gpt-oss-120b',7090,150000,600000,5000,1420,131072,256,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-oss-120b-ovhcloud','ovhcloud','gpt-oss-120b','any-gpt-oss-120b',7090,80000,400000,5000,1420,131000,256,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('gpt-oss-120b-together','together','openai/gpt-oss-120b','any-gpt-oss-120b',7090,150000,600000,5000,1420,131072,256,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('grok-4.20-non-reasoning','xai','grok-4.20-non-reasoning',NULL,8062,1250000,2500000,5000,612,1000000,0,8000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('grok-4.7','xai','grok-4.7',NULL,8830,2000000,6000000,12117,16128,500000,1024,8000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('kimi-k2-fireworks','fireworks','accounts/fireworks/models/kimi-k2-instruct',NULL,7778,600000,2500000,5000,2704,131072,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('kimi-k2.6','moonshot','kimi-k2.6',NULL,7778,950000,4000000,5000,2704,262144,0,5500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('kimi-k3','moonshot','kimi-k3',NULL,7778,3000000,15000000,5000,2704,1048576,512,4500,1,1,'Below the default veto of 0.50 until the data protection office has finished its review.',NULL);
INSERT INTO "models" VALUES('llama-3.1-8b-cerebras','cerebras','llama-3.1-8b',NULL,3860,100000,100000,5000,1192,128000,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('llama-3.3-70b-bedrock-us','bedrock-us','us.meta.llama3-3-70b-instruct-v1:0','any-llama-3.3-70b',5500,720000,720000,5000,1192,128000,0,9200,1,1,NULL,NULL);
INSERT INTO "models" VALUES('llama-3.3-70b-nebius','nebius','meta-llama/Llama-3.3-70B-Instruct','any-llama-3.3-70b',5500,130000,400000,5000,1192,131072,0,9800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('llama-3.3-70b-scaleway','scaleway','meta/llama-3.3-70b-instruct','any-llama-3.3-70b',5500,900000,900000,5000,1192,128000,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('llama-3.3-70b-together','together','meta-llama/Llama-3.3-70B-Instruct-Turbo','any-llama-3.3-70b',5500,1040000,1040000,5000,1192,131072,0,8500,0,1,NULL,NULL);
INSERT INTO "models" VALUES('llama-4-maverick-bedrock-us','bedrock-us','us.meta.llama4-maverick-17b-instruct-v1:0',NULL,5810,240000,970000,5000,820,1000000,0,9200,1,1,NULL,NULL);
INSERT INTO "models" VALUES('llama-4-scout-bedrock-us','bedrock-us','us.meta.llama4-scout-17b-instruct-v1:0',NULL,5520,170000,660000,5000,1192,10000000,0,9200,1,1,NULL,NULL);
INSERT INTO "models" VALUES('ministral-8b-2512','mistral','ministral-8b-2512',NULL,3960,150000,150000,5000,1192,262144,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('mistral-large-4','mistral','mistral-large-4',NULL,5360,1360000,4180000,5000,1192,1048576,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('mistral-medium-3','mistral','mistral-medium-3',NULL,7400,1500000,7500000,5000,1192,262144,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('mistral-small-2603','mistral','mistral-small-2603',NULL,6700,150000,600000,5000,1192,262144,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('mistral-small-3.2-ovhcloud','ovhcloud','Mistral-Small-3.2-24B-Instruct-2506','any-mistral-small-3.2',6700,90000,280000,5000,1192,128000,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('mistral-small-3.2-scaleway','scaleway','mistralai/mistral-small-3.2-24b-instruct-2506','any-mistral-small-3.2',6700,150000,350000,5000,1192,128000,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('nemotron-ultra-253b-nebius','nebius','nvidia/Llama-3.1-Nemotron-Ultra-253B-v1',NULL,6400,600000,1800000,5000,5878,128000,0,9800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('nova-lite-bedrock-eu','bedrock-eu','eu.amazon.nova-lite-v1:0',NULL,4660,78000,312000,5000,1192,300000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('nova-micro-bedrock-eu','bedrock-eu','eu.amazon.nova-micro-v1:0',NULL,4280,46000,184000,5000,1192,128000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('nova-pro-bedrock-eu','bedrock-eu','eu.amazon.nova-pro-v1:0',NULL,5220,1050000,4200000,5000,1192,300000,0,9700,1,1,NULL,NULL);
INSERT INTO "models" VALUES('o3','openai','o3',NULL,8702,2000000,8000000,5000,4068,200000,1024,9000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen-max','alibaba','qwen-max',NULL,6705,1600000,6400000,5000,1580,30720,0,6500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen-plus-2025-01-25','alibaba','qwen-plus-2025-01-25',NULL,6540,400000,1200000,5000,1192,129024,0,6500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-235b-bedrock-us','bedrock-us','qwen.qwen3-235b-a22b-2507-v1:0','any-qwen3-235b',8540,220000,880000,5000,1192,262144,0,9200,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-235b-fireworks','fireworks','accounts/fireworks/models/qwen3-235b-a22b-instruct-2507','any-qwen3-235b',8540,220000,880000,5000,1192,262144,0,8500,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-235b-nebius','nebius','Qwen/Qwen3-235B-A22B-Instruct-2507','any-qwen3-235b',8540,200000,600000,5000,1192,262144,0,9800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-235b-scaleway','scaleway','qwen/qwen3-235b-a22b-instruct-2507','any-qwen3-235b',8540,750000,2250000,5000,1192,256000,0,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-30b-nebius','nebius','Qwen/Qwen3-30B-A3B-Instruct-2507',NULL,7600,100000,300000,5000,1192,262144,0,9800,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-32b-ovhcloud','ovhcloud','Qwen3-32B',NULL,6910,80000,230000,5000,14888,32000,256,10000,1,1,NULL,NULL);
INSERT INTO "models" VALUES('qwen3-coder-bedrock-us','bedrock-us','qwen.qwen3-coder-480b-a35b-v1:0',NULL,7140,450000,1800000,5000,1192,262144,0,9200,1,1,NULL,NULL);
CREATE TABLE preference_floors (
  floor TEXT NOT NULL,
  quality_bp INTEGER NOT NULL,
  CONSTRAINT preference_floors_pkey PRIMARY KEY (floor),
  CONSTRAINT preference_floors_floor_check CHECK (TYPEOF(floor) = 'text'
  AND INSTR(floor, CHAR(0)) = 0
  AND NOT floor GLOB '*[^a-z0-9._-]*'
  AND floor GLOB '[a-z0-9]*'
  AND floor GLOB '*[a-z0-9]'
  AND LENGTH(floor) <= 63),
  CONSTRAINT preference_floors_quality_bp_check CHECK (TYPEOF(quality_bp) = 'integer' AND quality_bp BETWEEN 0 AND 10000)
);
INSERT INTO "preference_floors" VALUES('good',5000);
INSERT INTO "preference_floors" VALUES('frontier',8500);
CREATE TABLE provider_health_checks (
  id INTEGER CONSTRAINT provider_health_checks_pkey PRIMARY KEY AUTOINCREMENT,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome TEXT NOT NULL,
  latency_ms INTEGER,
  checked_at TEXT NOT NULL DEFAULT (
    STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now')
  ),
  CONSTRAINT provider_health_checks_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT provider_health_checks_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT provider_health_checks_outcome_check CHECK (outcome IN ('ok', 'retriable_error', 'terminal_error', 'rate_limited', 'timeout')),
  CONSTRAINT provider_health_checks_latency_ms_check CHECK (latency_ms IS NULL
  OR (
    TYPEOF(latency_ms) = 'integer' AND latency_ms BETWEEN 0 AND 1000000000
  )),
  CONSTRAINT provider_health_checks_checked_at_check CHECK (TYPEOF(checked_at) = 'text'
  AND INSTR(checked_at, CHAR(0)) = 0
  AND checked_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z')
);
CREATE TABLE providers (
  provider TEXT NOT NULL,
  adapter TEXT NOT NULL,
  base_url TEXT NOT NULL,
  chat_path TEXT NOT NULL,
  api_key_env TEXT,
  stack TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT providers_pkey PRIMARY KEY (provider),
  CONSTRAINT providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT providers_adapter_check CHECK (TYPEOF(adapter) = 'text'
  AND INSTR(adapter, CHAR(0)) = 0
  AND NOT adapter GLOB '*[^a-z0-9_-]*'
  AND adapter GLOB '[a-z]*'
  AND LENGTH(adapter) <= 63),
  CONSTRAINT providers_base_url_check CHECK (TYPEOF(base_url) = 'text'
  AND INSTR(base_url, CHAR(0)) = 0
  AND NOT base_url GLOB '*[^!-~]*'
  AND base_url GLOB '?*'
  AND REPLACE(REPLACE(REPLACE(base_url, '#', ''), '?', ''), '\', '') = base_url
  AND (
    SUBSTRING(LOWER(base_url), 1, 8) = 'https://'
    OR (
      SUBSTRING(LOWER(base_url), 1, 16) = 'http://localhost'
      AND SUBSTRING(SUBSTRING(LOWER(base_url), 17) || '/', 1, 1) IN (':', '/')
    )
    OR (
      SUBSTRING(LOWER(base_url), 1, 11) = 'http://127.'
      AND SUBSTRING(LTRIM(SUBSTRING(LOWER(base_url), 12), '0123456789.') || '/', 1, 1) IN (':', '/')
    )
    OR (
      SUBSTRING(LOWER(base_url), 1, 8) = 'http://['
      AND SUBSTRING(LTRIM(SUBSTRING(LOWER(base_url), 9), '0:'), 1, 2) = '1]'
      AND SUBSTRING(SUBSTRING(LTRIM(SUBSTRING(LOWER(base_url), 9), '0:'), 3) || '/', 1, 1) IN (':', '/')
    )
  )),
  CONSTRAINT providers_chat_path_check CHECK (TYPEOF(chat_path) = 'text'
  AND INSTR(chat_path, CHAR(0)) = 0
  AND NOT chat_path GLOB '*[^!-~]*'
  AND chat_path GLOB '?*'
  AND REPLACE(REPLACE(chat_path, '#', ''), '\', '') = chat_path),
  CONSTRAINT providers_api_key_env_check CHECK (api_key_env IS NULL
  OR (
    TYPEOF(api_key_env) = 'text'
    AND INSTR(api_key_env, CHAR(0)) = 0
    AND NOT api_key_env GLOB '*[^A-Za-z0-9_]*'
    AND api_key_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT providers_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63),
  CONSTRAINT providers_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT providers_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT providers_stack_word CHECK (SUBSTRING(stack, 1, 6) <> 'avoid-'),
  CONSTRAINT providers_base_url_host CHECK (SUBSTRING(
    SUBSTRING(base_url, INSTR(base_url, '://') + 3),
    1,
    INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
  ) GLOB '[^@:]*'
  AND INSTR(
    SUBSTRING(
      SUBSTRING(base_url, INSTR(base_url, '://') + 3),
      1,
      INSTR(SUBSTRING(base_url, INSTR(base_url, '://') + 3) || '/', '/') - 1
    ),
    '@'
  ) = 0),
  CONSTRAINT providers_chat_path_relative CHECK (INSTR(SUBSTRING(chat_path, 1, INSTR(chat_path || '?', '?') - 1), '://') = 0)
);
INSERT INTO "providers" VALUES('alibaba','openai_compatible','https://dashscope-intl.aliyuncs.com/compatible-mode','/v1/chat/completions','DASHSCOPE_API_KEY','sea','Model Studio in Singapore. A tenant that bars Chinese operators bans this host by name.',NULL);
INSERT INTO "providers" VALUES('anthropic','anthropic','https://api.anthropic.com','/v1/messages','ANTHROPIC_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('azure-eu','openai','https://hermelin-swc.openai.azure.com/openai','/v1/chat/completions','AZURE_OPENAI_API_KEY_SWC','eu','Our resource in Sweden Central; deployments are named after their models.',NULL);
INSERT INTO "providers" VALUES('bedrock-eu','bedrock','https://bedrock-runtime.eu-central-1.amazonaws.com','/model','AWS_BEARER_TOKEN_BEDROCK_EU','eu','The adapter appends /<provider_model_name>/converse and signs the request.',NULL);
INSERT INTO "providers" VALUES('bedrock-us','bedrock','https://bedrock-runtime.us-west-2.amazonaws.com','/model','AWS_BEARER_TOKEN_BEDROCK_US','us','The adapter appends /<provider_model_name>/converse and signs the request.',NULL);
INSERT INTO "providers" VALUES('cerebras','openai_compatible','https://api.cerebras.ai','/v1/chat/completions','CEREBRAS_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('cohere','openai_compatible','https://api.cohere.ai/compatibility','/v1/chat/completions','COHERE_API_KEY','canada',NULL,NULL);
INSERT INTO "providers" VALUES('deepseek','openai_compatible','https://api.deepseek.com','/chat/completions','DEEPSEEK_API_KEY','china',NULL,NULL);
INSERT INTO "providers" VALUES('fireworks','openai_compatible','https://api.fireworks.ai/inference','/v1/chat/completions','FIREWORKS_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('google','openai_compatible','https://generativelanguage.googleapis.com/v1beta/openai','/chat/completions','GEMINI_API_KEY','us','Gemini through its OpenAI-compatible endpoint.',NULL);
INSERT INTO "providers" VALUES('groq','openai_compatible','https://api.groq.com/openai','/v1/chat/completions','GROQ_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('mistral','openai_compatible','https://api.mistral.ai','/v1/chat/completions','MISTRAL_API_KEY','eu',NULL,NULL);
INSERT INTO "providers" VALUES('moonshot','openai_compatible','https://api.moonshot.ai','/v1/chat/completions','MOONSHOT_API_KEY','china',NULL,NULL);
INSERT INTO "providers" VALUES('nebius','openai_compatible','https://api.studio.nebius.com','/v1/chat/completions','NEBIUS_API_KEY','eu',NULL,NULL);
INSERT INTO "providers" VALUES('openai','openai','https://api.openai.com','/v1/chat/completions','OPENAI_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('ovhcloud','openai_compatible','https://oai.endpoints.kepler.ai.cloud.ovh.net','/v1/chat/completions','OVH_AI_ENDPOINTS_ACCESS_TOKEN','eu',NULL,NULL);
INSERT INTO "providers" VALUES('scaleway','openai_compatible','https://api.scaleway.ai','/v1/chat/completions','SCALEWAY_API_KEY','eu',NULL,NULL);
INSERT INTO "providers" VALUES('together','openai_compatible','https://api.together.xyz','/v1/chat/completions','TOGETHER_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('xai','openai_compatible','https://api.x.ai','/v1/chat/completions','XAI_API_KEY','us',NULL,NULL);
INSERT INTO "providers" VALUES('zai','openai_compatible','https://api.z.ai/api/paas/v4','/chat/completions','ZAI_API_KEY','china',NULL,NULL);
CREATE TABLE routecomp_assert (
  what TEXT NOT NULL,
  ok INTEGER NOT NULL,
  CONSTRAINT routecomp_assert_holds CHECK (ok = 1)
);
CREATE TABLE routecomp_migrations (
  seq INTEGER NOT NULL,
  migration TEXT NOT NULL,
  direction TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  version TEXT NOT NULL,
  promotions_to INTEGER NOT NULL,
  promotions_hash TEXT NOT NULL,
  catalogue TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT routecomp_migrations_pkey PRIMARY KEY (seq),
  CONSTRAINT routecomp_migrations_one_line UNIQUE (prev_hash),
  CONSTRAINT routecomp_migrations_direction_check CHECK (direction IN ('up', 'down', 'adopt'))
);
INSERT INTO "routecomp_migrations" VALUES(1,'0001_baseline','up','b6a73e47fd8114c4c1b8bed2cdc6ccfb0b05bd1a61af4753fe27221b01e45b83','2026-11-30T10:33:23.545Z','unknown','0.1.0',20,'e30135fe4c852c9b07aefcb0f4448bf252831c0bbbcb1dda7ed4e933882bb08e',NULL,'0000000000000000000000000000000000000000000000000000000000000000','76190c4e00aca1a050229ac11b4854c972ca428bf07a2670bc0de8c381b362a0');
CREATE TABLE routing_defaults (
  single INTEGER NOT NULL DEFAULT 1,
  model TEXT NOT NULL,
  unknown_tenant TEXT NOT NULL DEFAULT 'default',
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp INTEGER NOT NULL DEFAULT 4000,
  weight_latency_bp INTEGER NOT NULL DEFAULT 3000,
  weight_cost_bp INTEGER NOT NULL DEFAULT 3000,
  min_quality_bp INTEGER,
  fallback_enabled INTEGER NOT NULL DEFAULT 1,
  fallback_cost_penalty_bp INTEGER NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp INTEGER NOT NULL DEFAULT 5000,
  max_quality_loss_bp INTEGER NOT NULL DEFAULT 1000,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_defaults_pkey PRIMARY KEY (single),
  CONSTRAINT routing_defaults_single_check CHECK (TYPEOF(single) = 'integer' AND single BETWEEN 1 AND 1),
  CONSTRAINT routing_defaults_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT routing_defaults_unknown_tenant_check CHECK (unknown_tenant IN ('default', 'reject')),
  CONSTRAINT routing_defaults_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT routing_defaults_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT routing_defaults_weight_quality_bp_check CHECK (TYPEOF(weight_quality_bp) = 'integer' AND weight_quality_bp BETWEEN 0 AND 10000),
  CONSTRAINT routing_defaults_weight_latency_bp_check CHECK (TYPEOF(weight_latency_bp) = 'integer' AND weight_latency_bp BETWEEN 0 AND 10000),
  CONSTRAINT routing_defaults_weight_cost_bp_check CHECK (TYPEOF(weight_cost_bp) = 'integer' AND weight_cost_bp BETWEEN 0 AND 10000),
  CONSTRAINT routing_defaults_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer' AND min_quality_bp BETWEEN 0 AND 10000
  )),
  CONSTRAINT routing_defaults_fallback_enabled_check CHECK (TYPEOF(fallback_enabled) = 'integer' AND fallback_enabled IN (0, 1)),
  CONSTRAINT routing_defaults_fallback_cost_penalty_bp_check CHECK (TYPEOF(fallback_cost_penalty_bp) = 'integer'
  AND fallback_cost_penalty_bp BETWEEN 0 AND 10000),
  CONSTRAINT routing_defaults_compliance_veto_threshold_bp_check CHECK (TYPEOF(compliance_veto_threshold_bp) = 'integer'
  AND compliance_veto_threshold_bp BETWEEN 0 AND 10000),
  CONSTRAINT routing_defaults_max_quality_loss_bp_check CHECK (TYPEOF(max_quality_loss_bp) = 'integer'
  AND max_quality_loss_bp BETWEEN 0 AND 10000),
  CONSTRAINT routing_defaults_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_defaults_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT routing_defaults_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT routing_defaults_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT routing_defaults_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);
INSERT INTO "routing_defaults" VALUES(1,'gpt-4.1-azure-eu','default','balanced','weighted',4000,3000,3000,NULL,1,500,8000,1000,'The last rungs; each works for a tenant that never told us anything.','platform');
CREATE TABLE routing_outcomes (
  id INTEGER CONSTRAINT routing_outcomes_pkey PRIMARY KEY AUTOINCREMENT,
  request_id TEXT,
  inference_id TEXT,
  feature TEXT,
  requested_model TEXT,
  tenant TEXT,
  route TEXT,
  source TEXT NOT NULL,
  status TEXT NOT NULL,
  provider TEXT,
  model TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL DEFAULT (
    STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now')
  ),
  CONSTRAINT routing_outcomes_request_id_check CHECK (request_id IS NULL
  OR (
    TYPEOF(request_id) = 'text' AND INSTR(request_id, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_inference_id_check CHECK (inference_id IS NULL
  OR (
    TYPEOF(inference_id) = 'text' AND INSTR(inference_id, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_feature_check CHECK (feature IS NULL OR (
    TYPEOF(feature) = 'text' AND INSTR(feature, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_requested_model_check CHECK (requested_model IS NULL
  OR (
    TYPEOF(requested_model) = 'text' AND INSTR(requested_model, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_tenant_check CHECK (tenant IS NULL OR (
    TYPEOF(tenant) = 'text' AND INSTR(tenant, CHAR(0)) = 0
  )),
  CONSTRAINT routing_outcomes_route_check CHECK (route IS NULL
  OR (
    route IN ('feature', 'target', 'logical', 'experiment', 'direct')
  )),
  CONSTRAINT routing_outcomes_source_check CHECK (source IN ('table', 'default_route', 'default_model', 'last_resort')),
  CONSTRAINT routing_outcomes_status_check CHECK (status IN (
    'ok',
    'rejected_policy',
    'rejected_unavailable',
    'rejected_floor',
    'rejected_cost',
    'rejected_experiment',
    'unknown_model',
    'succeeded',
    'fell_back',
    'failed'
  )),
  CONSTRAINT routing_outcomes_provider_check CHECK (provider IS NULL
  OR (
    TYPEOF(provider) = 'text'
    AND INSTR(provider, CHAR(0)) = 0
    AND NOT provider GLOB '*[^a-z0-9._-]*'
    AND provider GLOB '[a-z0-9]*'
    AND provider GLOB '*[a-z0-9]'
    AND LENGTH(provider) <= 63
  )),
  CONSTRAINT routing_outcomes_model_check CHECK (model IS NULL
  OR (
    TYPEOF(model) = 'text'
    AND INSTR(model, CHAR(0)) = 0
    AND NOT model GLOB '*[^a-z0-9._-]*'
    AND model GLOB '[a-z0-9]*'
    AND model GLOB '*[a-z0-9]'
    AND LENGTH(model) <= 63
  )),
  CONSTRAINT routing_outcomes_attempts_check CHECK (TYPEOF(attempts) = 'integer' AND attempts BETWEEN 0 AND 1000000000),
  CONSTRAINT routing_outcomes_created_at_check CHECK (TYPEOF(created_at) = 'text'
  AND INSTR(created_at, CHAR(0)) = 0
  AND created_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'),
  CONSTRAINT routing_outcomes_rejected_without_answer CHECK (inference_id IS NULL
  OR (
    status <> 'unknown_model' AND SUBSTRING(status, 1, 9) <> 'rejected_'
  ))
);
CREATE TABLE routing_preferences (
  single INTEGER NOT NULL DEFAULT 1,
  default_preference TEXT NOT NULL,
  dial_quality_bp INTEGER NOT NULL,
  dial_balanced_bp INTEGER NOT NULL,
  dial_cost_bp INTEGER NOT NULL,
  clamp_low TEXT NOT NULL,
  clamp_high TEXT NOT NULL,
  gate_env TEXT,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_preferences_pkey PRIMARY KEY (single),
  CONSTRAINT routing_preferences_single_check CHECK (TYPEOF(single) = 'integer' AND single BETWEEN 1 AND 1),
  CONSTRAINT routing_preferences_default_preference_check CHECK (default_preference IN ('quality', 'balanced', 'cost')),
  CONSTRAINT routing_preferences_dial_quality_bp_check CHECK (TYPEOF(dial_quality_bp) = 'integer' AND dial_quality_bp BETWEEN -10000 AND 10000),
  CONSTRAINT routing_preferences_dial_balanced_bp_check CHECK (TYPEOF(dial_balanced_bp) = 'integer'
  AND dial_balanced_bp BETWEEN -10000 AND 10000),
  CONSTRAINT routing_preferences_dial_cost_bp_check CHECK (TYPEOF(dial_cost_bp) = 'integer' AND dial_cost_bp BETWEEN -10000 AND 10000),
  CONSTRAINT routing_preferences_clamp_low_check CHECK (TYPEOF(clamp_low) = 'text'
  AND INSTR(clamp_low, CHAR(0)) = 0
  AND NOT clamp_low GLOB '*[^a-z0-9._-]*'
  AND clamp_low GLOB '[a-z0-9]*'
  AND clamp_low GLOB '*[a-z0-9]'
  AND LENGTH(clamp_low) <= 63),
  CONSTRAINT routing_preferences_clamp_high_check CHECK (TYPEOF(clamp_high) = 'text'
  AND INSTR(clamp_high, CHAR(0)) = 0
  AND NOT clamp_high GLOB '*[^a-z0-9._-]*'
  AND clamp_high GLOB '[a-z0-9]*'
  AND clamp_high GLOB '*[a-z0-9]'
  AND LENGTH(clamp_high) <= 63),
  CONSTRAINT routing_preferences_gate_env_check CHECK (gate_env IS NULL
  OR (
    TYPEOF(gate_env) = 'text'
    AND INSTR(gate_env, CHAR(0)) = 0
    AND NOT gate_env GLOB '*[^A-Za-z0-9_]*'
    AND gate_env GLOB '[A-Za-z_]*'
  )),
  CONSTRAINT routing_preferences_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_preferences_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT routing_preferences_default_delta CHECK ((
    default_preference <> 'quality' OR dial_quality_bp = 0
  )
  AND (
    default_preference <> 'balanced' OR dial_balanced_bp = 0
  )
  AND (
    default_preference <> 'cost' OR dial_cost_bp = 0
  )),
  CONSTRAINT routing_preferences_monotone CHECK (dial_quality_bp >= 0 AND dial_cost_bp <= 0),
  CONSTRAINT routing_preferences_clamp_low_fkey FOREIGN KEY (clamp_low) REFERENCES preference_floors (
    floor
  ),
  CONSTRAINT routing_preferences_clamp_high_fkey FOREIGN KEY (clamp_high) REFERENCES preference_floors (
    floor
  )
);
INSERT INTO "routing_preferences" VALUES(1,'balanced',1000,0,-1000,'good','frontier','HERMELIN_PREFERENCE_LIVE','Quality, balanced or cost, as the customer set it.','platform');
CREATE TABLE routing_presets (
  preset TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_presets_pkey PRIMARY KEY (preset),
  CONSTRAINT routing_presets_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT routing_presets_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_presets_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  ))
);
INSERT INTO "routing_presets" VALUES('balanced',NULL,NULL);
INSERT INTO "routing_presets" VALUES('cost_first','Cheap even when it costs some quality; a dearer substitute has to be worth it.','platform');
INSERT INTO "routing_presets" VALUES('quality_first','Never below a solid answer, and a latency budget may cost next to nothing.','platform');
INSERT INTO "routing_presets" VALUES('latency_first',NULL,NULL);
INSERT INTO "routing_presets" VALUES('strict_no_fallback','For customers whose auditors name the model; only hosts with a full agreement.','key-accounts');
CREATE TABLE routing_resilience (
  single INTEGER NOT NULL DEFAULT 1,
  failures INTEGER NOT NULL DEFAULT 5,
  window_s INTEGER NOT NULL DEFAULT 60,
  cooloff_s INTEGER NOT NULL DEFAULT 60,
  max_attempts INTEGER NOT NULL DEFAULT 5,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_resilience_pkey PRIMARY KEY (single),
  CONSTRAINT routing_resilience_single_check CHECK (TYPEOF(single) = 'integer' AND single BETWEEN 1 AND 1),
  CONSTRAINT routing_resilience_failures_check CHECK (TYPEOF(failures) = 'integer' AND failures BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_window_s_check CHECK (TYPEOF(window_s) = 'integer' AND window_s BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_cooloff_s_check CHECK (TYPEOF(cooloff_s) = 'integer' AND cooloff_s BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_max_attempts_check CHECK (TYPEOF(max_attempts) = 'integer' AND max_attempts BETWEEN 1 AND 1000000000),
  CONSTRAINT routing_resilience_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_resilience_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  ))
);
INSERT INTO "routing_resilience" VALUES(1,4,30,45,4,'Four failures within half a minute open a breaker; a call tries at most four models.','platform');
CREATE TABLE routing_scoring (
  single INTEGER NOT NULL DEFAULT 1,
  cost_best_pusd INTEGER NOT NULL,
  cost_worst_pusd INTEGER NOT NULL,
  latency_best_ms INTEGER NOT NULL,
  latency_worst_ms INTEGER NOT NULL,
  description TEXT,
  owner TEXT,
  CONSTRAINT routing_scoring_pkey PRIMARY KEY (single),
  CONSTRAINT routing_scoring_single_check CHECK (TYPEOF(single) = 'integer' AND single BETWEEN 1 AND 1),
  CONSTRAINT routing_scoring_cost_best_pusd_check CHECK (TYPEOF(cost_best_pusd) = 'integer' AND cost_best_pusd BETWEEN 0 AND 1000000000000),
  CONSTRAINT routing_scoring_cost_worst_pusd_check CHECK (TYPEOF(cost_worst_pusd) = 'integer'
  AND cost_worst_pusd BETWEEN 0 AND 1000000000000),
  CONSTRAINT routing_scoring_latency_best_ms_check CHECK (TYPEOF(latency_best_ms) = 'integer' AND latency_best_ms BETWEEN 0 AND 1000000000),
  CONSTRAINT routing_scoring_latency_worst_ms_check CHECK (TYPEOF(latency_worst_ms) = 'integer'
  AND latency_worst_ms BETWEEN 0 AND 1000000000),
  CONSTRAINT routing_scoring_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT routing_scoring_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT routing_scoring_cost_order CHECK (cost_best_pusd < cost_worst_pusd),
  CONSTRAINT routing_scoring_latency_order CHECK (latency_best_ms < latency_worst_ms)
);
INSERT INTO "routing_scoring" VALUES(1,0,20000000,0,10000,NULL,NULL);
CREATE TABLE target_aliases (
  alias TEXT NOT NULL,
  target TEXT NOT NULL,
  CONSTRAINT target_aliases_pkey PRIMARY KEY (alias),
  CONSTRAINT target_aliases_alias_check CHECK (TYPEOF(alias) = 'text'
  AND INSTR(alias, CHAR(0)) = 0
  AND NOT alias GLOB '*[^a-z0-9._/-]*'
  AND alias GLOB '[a-z0-9]*'
  AND alias GLOB '*[a-z0-9]'
  AND LENGTH(alias) <= 63),
  CONSTRAINT target_aliases_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_aliases_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  )
);
INSERT INTO "target_aliases" VALUES('hermelin/auto','auto');
INSERT INTO "target_aliases" VALUES('router/auto','auto');
INSERT INTO "target_aliases" VALUES('hermelin/europe','europe');
INSERT INTO "target_aliases" VALUES('router/eu','europe');
INSERT INTO "target_aliases" VALUES('hermelin/open','open-weights');
INSERT INTO "target_aliases" VALUES('hermelin/swift','swift');
INSERT INTO "target_aliases" VALUES('router/fast','swift');
CREATE TABLE target_models (
  target TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT target_models_pkey PRIMARY KEY (target, model),
  CONSTRAINT target_models_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT target_models_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  ),
  CONSTRAINT target_models_model_fkey FOREIGN KEY (model) REFERENCES models (
    model
  )
);
INSERT INTO "target_models" VALUES('swift','claude-haiku-5-5');
INSERT INTO "target_models" VALUES('swift','claude-haiku-5-5-bedrock-eu');
INSERT INTO "target_models" VALUES('swift','codestral-2508');
INSERT INTO "target_models" VALUES('swift','gemini-2.5-flash-lite');
INSERT INTO "target_models" VALUES('swift','gpt-4o-mini');
INSERT INTO "target_models" VALUES('swift','gpt-4o-mini-azure-eu');
INSERT INTO "target_models" VALUES('swift','gpt-6-luna');
INSERT INTO "target_models" VALUES('swift','gpt-6-luna-azure-eu');
INSERT INTO "target_models" VALUES('swift','gpt-oss-120b-cerebras');
INSERT INTO "target_models" VALUES('swift','gpt-oss-120b-groq');
INSERT INTO "target_models" VALUES('swift','gpt-oss-120b-ovhcloud');
INSERT INTO "target_models" VALUES('swift','llama-4-maverick-bedrock-us');
INSERT INTO "target_models" VALUES('swift','mistral-small-2603');
INSERT INTO "target_models" VALUES('swift','mistral-small-3.2-ovhcloud');
INSERT INTO "target_models" VALUES('swift','qwen-plus-2025-01-25');
INSERT INTO "target_models" VALUES('swift','qwen3-235b-bedrock-us');
INSERT INTO "target_models" VALUES('swift','qwen3-235b-nebius');
INSERT INTO "target_models" VALUES('swift','qwen3-30b-nebius');
CREATE TABLE target_stacks (
  target TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT target_stacks_pkey PRIMARY KEY (target, stack),
  CONSTRAINT target_stacks_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT target_stacks_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63),
  CONSTRAINT target_stacks_target_fkey FOREIGN KEY (target) REFERENCES targets (
    target
  )
);
INSERT INTO "target_stacks" VALUES('europe','eu');
CREATE TABLE targets (
  target TEXT NOT NULL,
  candidates TEXT NOT NULL,
  logical_slug TEXT,
  min_quality_bp INTEGER,
  description TEXT,
  owner TEXT,
  CONSTRAINT targets_pkey PRIMARY KEY (target),
  CONSTRAINT targets_target_check CHECK (TYPEOF(target) = 'text'
  AND INSTR(target, CHAR(0)) = 0
  AND NOT target GLOB '*[^a-z0-9._-]*'
  AND target GLOB '[a-z0-9]*'
  AND target GLOB '*[a-z0-9]'
  AND LENGTH(target) <= 63),
  CONSTRAINT targets_candidates_check CHECK (candidates IN ('all', 'models', 'stacks', 'logical')),
  CONSTRAINT targets_logical_slug_check CHECK (logical_slug IS NULL
  OR (
    TYPEOF(logical_slug) = 'text'
    AND INSTR(logical_slug, CHAR(0)) = 0
    AND NOT logical_slug GLOB '*[^a-z0-9._-]*'
    AND logical_slug GLOB '[a-z0-9]*'
    AND logical_slug GLOB '*[a-z0-9]'
    AND LENGTH(logical_slug) <= 63
  )),
  CONSTRAINT targets_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer' AND min_quality_bp BETWEEN 0 AND 10000
  )),
  CONSTRAINT targets_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT targets_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT targets_logical CHECK ((
    candidates = 'logical'
  ) = (
    NOT logical_slug IS NULL
  ))
);
INSERT INTO "targets" VALUES('auto','all',NULL,5000,'The ordinary choice, over everything we list.','platform');
INSERT INTO "targets" VALUES('europe','stacks',NULL,5000,'Processed in the EU, whoever asks.','data-protection');
INSERT INTO "targets" VALUES('open-weights','logical','any-qwen3-235b',NULL,'One open model, whichever of its hosts ranks best; for customers who want to be able to host it themselves.','platform');
INSERT INTO "targets" VALUES('swift','models',NULL,5400,'Answers while the customer is still typing. Hand-picked, a dollar blended and three seconds at most.','live-chat');
CREATE TABLE tenant_banned_models (
  tenant TEXT NOT NULL,
  model TEXT NOT NULL,
  CONSTRAINT tenant_banned_models_pkey PRIMARY KEY (tenant, model),
  CONSTRAINT tenant_banned_models_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_banned_models_model_check CHECK (TYPEOF(model) = 'text'
  AND INSTR(model, CHAR(0)) = 0
  AND NOT model GLOB '*[^a-z0-9._-]*'
  AND model GLOB '[a-z0-9]*'
  AND model GLOB '*[a-z0-9]'
  AND LENGTH(model) <= 63),
  CONSTRAINT tenant_banned_models_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','any-deepseek-r1-0528');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','any-deepseek-v3');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','any-deepseek-v3.2');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','any-glm-4.5');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','any-glm-4.5-air');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','any-qwen3-235b');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','deepseek-r1-bedrock-us');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','kimi-k2-fireworks');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','qwen3-30b-nebius');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','qwen3-32b-ovhcloud');
INSERT INTO "tenant_banned_models" VALUES('kanzlei-brandt','qwen3-coder-bedrock-us');
INSERT INTO "tenant_banned_models" VALUES('rollgut-spedition','any-claude-opus-5-5');
INSERT INTO "tenant_banned_models" VALUES('rollgut-spedition','claude-opus-4-bedrock-eu');
INSERT INTO "tenant_banned_models" VALUES('rollgut-spedition','gemini-2.5-pro');
INSERT INTO "tenant_banned_models" VALUES('rollgut-spedition','gemini-3.1-pro-preview');
CREATE TABLE tenant_banned_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_banned_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_banned_providers_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_banned_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT tenant_banned_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_banned_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);
INSERT INTO "tenant_banned_providers" VALUES('orth-maschinenbau','openai');
INSERT INTO "tenant_banned_providers" VALUES('orth-maschinenbau','xai');
INSERT INTO "tenant_banned_providers" VALUES('werkzeug-huber','alibaba');
INSERT INTO "tenant_banned_providers" VALUES('zwei-und-zwanzig','cohere');
INSERT INTO "tenant_banned_providers" VALUES('zwei-und-zwanzig','xai');
CREATE TABLE tenant_preferred_providers (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  CONSTRAINT tenant_preferred_providers_pkey PRIMARY KEY (tenant, provider),
  CONSTRAINT tenant_preferred_providers_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_preferred_providers_provider_check CHECK (TYPEOF(provider) = 'text'
  AND INSTR(provider, CHAR(0)) = 0
  AND NOT provider GLOB '*[^a-z0-9._-]*'
  AND provider GLOB '[a-z0-9]*'
  AND provider GLOB '*[a-z0-9]'
  AND LENGTH(provider) <= 63),
  CONSTRAINT tenant_preferred_providers_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE,
  CONSTRAINT tenant_preferred_providers_provider_fkey FOREIGN KEY (provider) REFERENCES providers (
    provider
  )
);
INSERT INTO "tenant_preferred_providers" VALUES('auental-stadtwerke','nebius');
INSERT INTO "tenant_preferred_providers" VALUES('auental-stadtwerke','ovhcloud');
INSERT INTO "tenant_preferred_providers" VALUES('auental-stadtwerke','scaleway');
INSERT INTO "tenant_preferred_providers" VALUES('leipold-versicherung','azure-eu');
INSERT INTO "tenant_preferred_providers" VALUES('leipold-versicherung','bedrock-eu');
INSERT INTO "tenant_preferred_providers" VALUES('maple-outdoor','cohere');
INSERT INTO "tenant_preferred_providers" VALUES('merlion-travel','alibaba');
INSERT INTO "tenant_preferred_providers" VALUES('nordhang-klinikum','mistral');
INSERT INTO "tenant_preferred_providers" VALUES('nordhang-klinikum','scaleway');
CREATE TABLE tenant_routing_policy (
  tenant TEXT NOT NULL,
  preset TEXT NOT NULL DEFAULT 'balanced',
  objective TEXT NOT NULL DEFAULT 'weighted',
  weight_quality_bp INTEGER NOT NULL DEFAULT 4000,
  weight_latency_bp INTEGER NOT NULL DEFAULT 3000,
  weight_cost_bp INTEGER NOT NULL DEFAULT 3000,
  min_quality_bp INTEGER,
  fallback_enabled INTEGER NOT NULL DEFAULT 1,
  fallback_cost_penalty_bp INTEGER NOT NULL DEFAULT 500,
  compliance_veto_threshold_bp INTEGER NOT NULL DEFAULT 5000,
  max_quality_loss_bp INTEGER NOT NULL DEFAULT 1000,
  description TEXT,
  owner TEXT,
  CONSTRAINT tenant_routing_policy_pkey PRIMARY KEY (tenant),
  CONSTRAINT tenant_routing_policy_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_routing_policy_preset_check CHECK (preset IN ('balanced', 'cost_first', 'quality_first', 'latency_first', 'strict_no_fallback')),
  CONSTRAINT tenant_routing_policy_objective_check CHECK (objective IN ('weighted', 'cheapest')),
  CONSTRAINT tenant_routing_policy_weight_quality_bp_check CHECK (TYPEOF(weight_quality_bp) = 'integer' AND weight_quality_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_weight_latency_bp_check CHECK (TYPEOF(weight_latency_bp) = 'integer' AND weight_latency_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_weight_cost_bp_check CHECK (TYPEOF(weight_cost_bp) = 'integer' AND weight_cost_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_min_quality_bp_check CHECK (min_quality_bp IS NULL
  OR (
    TYPEOF(min_quality_bp) = 'integer' AND min_quality_bp BETWEEN 0 AND 10000
  )),
  CONSTRAINT tenant_routing_policy_fallback_enabled_check CHECK (TYPEOF(fallback_enabled) = 'integer' AND fallback_enabled IN (0, 1)),
  CONSTRAINT tenant_routing_policy_fallback_cost_penalty_bp_check CHECK (TYPEOF(fallback_cost_penalty_bp) = 'integer'
  AND fallback_cost_penalty_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_compliance_veto_threshold_bp_check CHECK (TYPEOF(compliance_veto_threshold_bp) = 'integer'
  AND compliance_veto_threshold_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_max_quality_loss_bp_check CHECK (TYPEOF(max_quality_loss_bp) = 'integer'
  AND max_quality_loss_bp BETWEEN 0 AND 10000),
  CONSTRAINT tenant_routing_policy_description_check CHECK (description IS NULL
  OR (
    TYPEOF(description) = 'text' AND INSTR(description, CHAR(0)) = 0
  )),
  CONSTRAINT tenant_routing_policy_owner_check CHECK (owner IS NULL OR (
    TYPEOF(owner) = 'text' AND INSTR(owner, CHAR(0)) = 0
  )),
  CONSTRAINT tenant_routing_policy_weights_sum CHECK (weight_quality_bp + weight_latency_bp + weight_cost_bp = 10000),
  CONSTRAINT tenant_routing_policy_weights_steps CHECK (weight_quality_bp % 100 = 0
  AND weight_latency_bp % 100 = 0
  AND weight_cost_bp % 100 = 0),
  CONSTRAINT tenant_routing_policy_preset_fkey FOREIGN KEY (preset) REFERENCES routing_presets (
    preset
  )
);
INSERT INTO "tenant_routing_policy" VALUES('auental-stadtwerke','balanced','weighted',4500,1500,4000,NULL,1,500,5000,1000,'A municipal utility. EU first by taste, open models where there is one.','public-sector');
INSERT INTO "tenant_routing_policy" VALUES('bayou-electric','balanced','weighted',4000,3000,3000,NULL,1,500,5000,1000,'A utility in Louisiana; its contract says American hosts.','international');
INSERT INTO "tenant_routing_policy" VALUES('elbufer-bank','strict_no_fallback','weighted',4000,3000,3000,5400,0,500,9700,1000,'A savings bank. EU regions only, nothing below 0.97 in the register, no substitution.','key-accounts');
INSERT INTO "tenant_routing_policy" VALUES('fernweh-reisen','balanced','weighted',4000,3000,3000,NULL,1,500,5000,1000,'A travel agency with guests from everywhere; the built-in balance suits it.','commerce');
INSERT INTO "tenant_routing_policy" VALUES('funkwerk-mobil','quality_first','weighted',7000,1500,1500,7500,1,500,8500,300,'A carrier. Complaints end at the regulator, so the floor is high everywhere.','key-accounts');
INSERT INTO "tenant_routing_policy" VALUES('gartenfreund','cost_first','weighted',2000,2000,6000,NULL,1,2500,5000,2000,'Plants and tools; a season of eight weeks in which every cent of support counts.','commerce');
INSERT INTO "tenant_routing_policy" VALUES('hermelin-evals','strict_no_fallback','weighted',4000,3000,3000,0,0,0,0,10000,'The evaluation harness. Every model must answer for itself, whatever its quality.','platform');
INSERT INTO "tenant_routing_policy" VALUES('hermelin-sales','latency_first','weighted',2000,6000,2000,NULL,1,500,9000,1000,'Demonstrations; quick, from any host with a full agreement.','sales');
INSERT INTO "tenant_routing_policy" VALUES('hermelin-support','quality_first','weighted',7000,1500,1500,6500,1,500,5000,300,'Our own help desk runs on what customers get, a little better.','platform');
INSERT INTO "tenant_routing_policy" VALUES('honigtopf','balanced','weighted',4000,3000,3000,NULL,1,500,5000,1000,'Honey by subscription; the free plan with all defaults.','self-service');
INSERT INTO "tenant_routing_policy" VALUES('kanzlei-brandt','quality_first','weighted',7000,1500,1500,6500,1,500,5000,300,'A law firm. Its professional insurer excludes models trained in China, wherever they are hosted.','key-accounts');
INSERT INTO "tenant_routing_policy" VALUES('leipold-versicherung','balanced','weighted',4000,3000,3000,6000,1,500,5000,500,'An insurer with framework contracts at two clouds, which it wants used first.','key-accounts');
INSERT INTO "tenant_routing_policy" VALUES('lotus-gadgets','balanced','weighted',4000,3000,3000,NULL,1,500,5000,1000,'Consumer electronics from Shenzhen. Data stay in the region; features with a European chain are not sold there.','international');
INSERT INTO "tenant_routing_policy" VALUES('maple-outdoor','balanced','weighted',4000,3000,3000,NULL,1,0,5000,1000,'Tents and canoes from Quebec; Canadian first, neighbours next.','international');
INSERT INTO "tenant_routing_policy" VALUES('merlion-travel','cost_first','weighted',2000,2000,6000,NULL,1,1250,5000,2000,'A booking site in Singapore. Likes the host around the corner.','international');
INSERT INTO "tenant_routing_policy" VALUES('modehaus-lenz','latency_first','weighted',3500,5500,1000,6000,1,500,5000,500,'Fashion; fast, but the tone must be right.','commerce');
INSERT INTO "tenant_routing_policy" VALUES('nordhang-klinikum','quality_first','weighted',7000,1500,1500,6500,1,500,10000,300,'A hospital group. Patients'' messages stay with European operators; a rejected call is better than a leak.','key-accounts');
INSERT INTO "tenant_routing_policy" VALUES('orth-maschinenbau','balanced','weighted',4000,3000,3000,NULL,1,500,5000,1000,'Supplies a competitor of two of the hosts; its lawyers keep them out.','industry');
INSERT INTO "tenant_routing_policy" VALUES('quellcode-labs','quality_first','weighted',7000,1500,1500,6500,1,500,3000,300,'Developer tools. Takes what is new, reviewed or not.','self-service');
INSERT INTO "tenant_routing_policy" VALUES('rollgut-spedition','cost_first','weighted',2000,2000,6000,NULL,1,1250,5000,2000,'A haulier. Drivers write from the cab, dispatch answers by template; frontier models are a waste there.','industry');
INSERT INTO "tenant_routing_policy" VALUES('sparfuchs-versand','cost_first','cheapest',2000,2000,6000,5500,1,1250,5000,2000,'Discount mail order. The cheapest model that clears the floor.','commerce');
INSERT INTO "tenant_routing_policy" VALUES('tischlein','latency_first','weighted',2000,6000,2000,NULL,1,500,5000,1000,'Meal delivery. Nobody waits for an answer longer than for the courier.','commerce');
INSERT INTO "tenant_routing_policy" VALUES('werkzeug-huber','balanced','weighted',4000,3000,3000,NULL,1,500,5000,1000,'Machine tools. No Chinese operator, and so not the one in Singapore either.','industry');
INSERT INTO "tenant_routing_policy" VALUES('wohnungsamt-muldental','cost_first','cheapest',2000,2000,6000,5500,1,1250,9800,2000,'A public authority. European operators by tender, and of those the cheapest.','public-sector');
INSERT INTO "tenant_routing_policy" VALUES('zwei-und-zwanzig','cost_first','weighted',1000,500,8500,5000,1,1250,5000,2000,'A bicycle workshop of three on the free plan.','self-service');
CREATE TABLE tenant_stacks (
  tenant TEXT NOT NULL,
  stack TEXT NOT NULL,
  CONSTRAINT tenant_stacks_pkey PRIMARY KEY (tenant, stack),
  CONSTRAINT tenant_stacks_tenant_check CHECK (TYPEOF(tenant) = 'text'
  AND INSTR(tenant, CHAR(0)) = 0
  AND NOT tenant GLOB '*[^a-z0-9._-]*'
  AND tenant GLOB '[a-z0-9]*'
  AND tenant GLOB '*[a-z0-9]'
  AND LENGTH(tenant) <= 63),
  CONSTRAINT tenant_stacks_stack_check CHECK (TYPEOF(stack) = 'text'
  AND INSTR(stack, CHAR(0)) = 0
  AND NOT stack GLOB '*[^a-z0-9._-]*'
  AND stack GLOB '[a-z0-9]*'
  AND stack GLOB '*[a-z0-9]'
  AND LENGTH(stack) <= 63),
  CONSTRAINT tenant_stacks_tenant_fkey FOREIGN KEY (tenant) REFERENCES tenant_routing_policy (
    tenant
  ) ON DELETE CASCADE
);
INSERT INTO "tenant_stacks" VALUES('auental-stadtwerke','eu');
INSERT INTO "tenant_stacks" VALUES('bayou-electric','us');
INSERT INTO "tenant_stacks" VALUES('elbufer-bank','eu');
INSERT INTO "tenant_stacks" VALUES('fernweh-reisen','canada');
INSERT INTO "tenant_stacks" VALUES('fernweh-reisen','eu');
INSERT INTO "tenant_stacks" VALUES('fernweh-reisen','sea');
INSERT INTO "tenant_stacks" VALUES('fernweh-reisen','us');
INSERT INTO "tenant_stacks" VALUES('funkwerk-mobil','eu');
INSERT INTO "tenant_stacks" VALUES('funkwerk-mobil','us');
INSERT INTO "tenant_stacks" VALUES('gartenfreund','eu');
INSERT INTO "tenant_stacks" VALUES('gartenfreund','us');
INSERT INTO "tenant_stacks" VALUES('hermelin-support','canada');
INSERT INTO "tenant_stacks" VALUES('hermelin-support','eu');
INSERT INTO "tenant_stacks" VALUES('hermelin-support','us');
INSERT INTO "tenant_stacks" VALUES('kanzlei-brandt','eu');
INSERT INTO "tenant_stacks" VALUES('kanzlei-brandt','us');
INSERT INTO "tenant_stacks" VALUES('leipold-versicherung','eu');
INSERT INTO "tenant_stacks" VALUES('lotus-gadgets','china');
INSERT INTO "tenant_stacks" VALUES('lotus-gadgets','sea');
INSERT INTO "tenant_stacks" VALUES('maple-outdoor','canada');
INSERT INTO "tenant_stacks" VALUES('maple-outdoor','us');
INSERT INTO "tenant_stacks" VALUES('merlion-travel','eu');
INSERT INTO "tenant_stacks" VALUES('merlion-travel','sea');
INSERT INTO "tenant_stacks" VALUES('merlion-travel','us');
INSERT INTO "tenant_stacks" VALUES('modehaus-lenz','canada');
INSERT INTO "tenant_stacks" VALUES('modehaus-lenz','eu');
INSERT INTO "tenant_stacks" VALUES('modehaus-lenz','us');
INSERT INTO "tenant_stacks" VALUES('nordhang-klinikum','eu');
INSERT INTO "tenant_stacks" VALUES('orth-maschinenbau','eu');
INSERT INTO "tenant_stacks" VALUES('orth-maschinenbau','us');
INSERT INTO "tenant_stacks" VALUES('rollgut-spedition','eu');
INSERT INTO "tenant_stacks" VALUES('rollgut-spedition','us');
INSERT INTO "tenant_stacks" VALUES('tischlein','canada');
INSERT INTO "tenant_stacks" VALUES('tischlein','eu');
INSERT INTO "tenant_stacks" VALUES('tischlein','us');
INSERT INTO "tenant_stacks" VALUES('werkzeug-huber','canada');
INSERT INTO "tenant_stacks" VALUES('werkzeug-huber','eu');
INSERT INTO "tenant_stacks" VALUES('werkzeug-huber','sea');
INSERT INTO "tenant_stacks" VALUES('werkzeug-huber','us');
INSERT INTO "tenant_stacks" VALUES('wohnungsamt-muldental','eu');
INSERT INTO "tenant_stacks" VALUES('zwei-und-zwanzig','eu');
INSERT INTO "tenant_stacks" VALUES('zwei-und-zwanzig','us');
CREATE INDEX providers_by_stack ON providers (stack);
CREATE INDEX models_by_logical_slug ON models (logical_slug);
CREATE INDEX targets_by_logical_slug ON targets (logical_slug);
CREATE INDEX target_stacks_by_stack ON target_stacks (stack);
CREATE UNIQUE INDEX feature_models_one_primary ON feature_models (feature) WHERE status = 'primary';
CREATE INDEX tenant_banned_models_by_model ON tenant_banned_models (model);
CREATE INDEX tenant_stacks_by_stack ON tenant_stacks (stack);
CREATE UNIQUE INDEX model_experiment_one_running ON model_experiment (public_model_id) WHERE status IN ('active', 'paused');
CREATE UNIQUE INDEX model_experiment_one_winner ON model_experiment (public_model_id) WHERE status = 'completed' AND winner IS NOT NULL AND NOT archived;
CREATE UNIQUE INDEX model_experiment_salt ON model_experiment (salt);
CREATE INDEX model_experiment_by_public_model_id ON model_experiment (public_model_id);
CREATE UNIQUE INDEX model_experiment_variant_version_live ON model_experiment_variant_version (experiment, variant, version) WHERE NOT withdrawn;
CREATE INDEX model_promotions_by_feature ON model_promotions (feature, id DESC);
CREATE INDEX provider_health_checks_newest ON provider_health_checks (provider, model, checked_at DESC);
CREATE INDEX circuit_breakers_state ON circuit_breakers (state);
CREATE INDEX routing_outcomes_newest ON routing_outcomes (created_at DESC);
CREATE INDEX routing_outcomes_request ON routing_outcomes (request_id);
CREATE TRIGGER routing_defaults_stays BEFORE DELETE ON routing_defaults
BEGIN
  SELECT RAISE(ABORT, 'routing_defaults_stays: the table keeps its one row');
END;
CREATE TRIGGER routing_resilience_stays BEFORE DELETE ON routing_resilience
BEGIN
  SELECT RAISE(ABORT, 'routing_resilience_stays: the table keeps its one row');
END;
CREATE TRIGGER routing_scoring_stays BEFORE DELETE ON routing_scoring
BEGIN
  SELECT RAISE(ABORT, 'routing_scoring_stays: the table keeps its one row');
END;
CREATE TRIGGER model_promotions_no_update BEFORE UPDATE ON model_promotions
BEGIN
  SELECT RAISE(ABORT, 'model_promotions_no_update: the ledger is append-only');
END;
CREATE TRIGGER model_promotions_no_delete BEFORE DELETE ON model_promotions
BEGIN
  SELECT RAISE(ABORT, 'model_promotions_no_delete: the ledger is append-only');
END;
CREATE TRIGGER model_promotions_no_replace BEFORE INSERT ON model_promotions
WHEN EXISTS (SELECT 1 FROM model_promotions WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'model_promotions_no_replace: the ledger is append-only');
END;
CREATE TRIGGER model_experiment_variant_version_no_update BEFORE UPDATE ON model_experiment_variant_version
WHEN NOT (NEW.id IS OLD.id AND NEW.experiment IS OLD.experiment AND NEW.variant IS OLD.variant
  AND NEW.version IS OLD.version AND NEW.model IS OLD.model AND NEW.api_key_env IS OLD.api_key_env
  AND (NEW.withdrawn OR NOT OLD.withdrawn))
BEGIN
  SELECT RAISE(ABORT, 'model_experiment_variant_version_no_update: versions are append-only');
END;
CREATE TRIGGER model_experiment_variant_version_no_delete BEFORE DELETE ON model_experiment_variant_version
WHEN NOT EXISTS (SELECT 1 FROM model_experiment e WHERE e.experiment = OLD.experiment
  AND (e.status = 'draft' OR (e.status = 'completed' AND e.archived)))
BEGIN
  SELECT RAISE(ABORT, 'model_experiment_variant_version_no_delete: versions are append-only');
END;
CREATE TRIGGER model_experiment_variant_version_no_replace BEFORE INSERT ON model_experiment_variant_version
WHEN EXISTS (SELECT 1 FROM model_experiment_variant_version v WHERE v.id = NEW.id OR (NOT NEW.withdrawn
  AND NOT v.withdrawn AND v.experiment = NEW.experiment AND v.variant = NEW.variant AND v.version = NEW.version))
BEGIN
  SELECT RAISE(ABORT, 'model_experiment_variant_version_no_replace: versions are append-only');
END;
CREATE TRIGGER model_experiment_started_insert AFTER INSERT ON model_experiment
WHEN NEW.status = 'active' AND NEW.started_at IS NULL
BEGIN
  UPDATE model_experiment SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE experiment = NEW.experiment;
END;
CREATE TRIGGER model_experiment_started_update AFTER UPDATE ON model_experiment
WHEN OLD.started_at IS NOT NULL AND NEW.started_at IS NOT OLD.started_at
BEGIN
  UPDATE model_experiment SET started_at = OLD.started_at WHERE experiment = NEW.experiment;
END;
CREATE TRIGGER model_experiment_started_active AFTER UPDATE ON model_experiment
WHEN OLD.started_at IS NULL AND NEW.status = 'active' AND NEW.started_at IS NULL
BEGIN
  UPDATE model_experiment SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE experiment = NEW.experiment;
END;
CREATE TRIGGER providers_url_repeats_insert BEFORE INSERT ON providers
BEGIN
  SELECT RAISE(ABORT, 'providers_url_repeats_insert: a segment of the URL follows itself') WHERE EXISTS (
    WITH RECURSIVE walk (segment, rest) AS (
      SELECT '', ltrim(substr(beyond, instr(beyond || '/', '/')) || '/' || path, '/') || '/' FROM (
        SELECT substr(NEW.base_url, instr(NEW.base_url, '://') + 3) AS beyond,
          substr(NEW.chat_path, 1, instr(NEW.chat_path || '?', '?') - 1) AS path)
      UNION ALL
      SELECT substr(rest, 1, instr(rest, '/') - 1), ltrim(substr(rest, instr(rest, '/')), '/') FROM walk WHERE rest <> ''
    )
    SELECT 1 FROM walk WHERE segment <> '' AND substr(rest, 1, length(segment) + 1) = segment || '/');
END;
CREATE TRIGGER providers_url_repeats_update BEFORE UPDATE ON providers
BEGIN
  SELECT RAISE(ABORT, 'providers_url_repeats_update: a segment of the URL follows itself') WHERE EXISTS (
    WITH RECURSIVE walk (segment, rest) AS (
      SELECT '', ltrim(substr(beyond, instr(beyond || '/', '/')) || '/' || path, '/') || '/' FROM (
        SELECT substr(NEW.base_url, instr(NEW.base_url, '://') + 3) AS beyond,
          substr(NEW.chat_path, 1, instr(NEW.chat_path || '?', '?') - 1) AS path)
      UNION ALL
      SELECT substr(rest, 1, instr(rest, '/') - 1), ltrim(substr(rest, instr(rest, '/')), '/') FROM walk WHERE rest <> ''
    )
    SELECT 1 FROM walk WHERE segment <> '' AND substr(rest, 1, length(segment) + 1) = segment || '/');
END;
CREATE TRIGGER routecomp_migrations_no_update BEFORE UPDATE ON routecomp_migrations
BEGIN
  SELECT RAISE(ABORT, 'routecomp_migrations_no_update: the ledger is append-only');
END;
CREATE TRIGGER routecomp_migrations_no_delete BEFORE DELETE ON routecomp_migrations
BEGIN
  SELECT RAISE(ABORT, 'routecomp_migrations_no_delete: the ledger is append-only');
END;
CREATE TRIGGER routecomp_migrations_no_replace BEFORE INSERT ON routecomp_migrations
WHEN EXISTS (SELECT 1 FROM routecomp_migrations WHERE seq = NEW.seq OR prev_hash = NEW.prev_hash)
BEGIN
  SELECT RAISE(ABORT, 'routecomp_migrations_no_replace: the ledger is append-only');
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('model_experiment_variant_version',20);
INSERT INTO "sqlite_sequence" VALUES('model_promotions',20);
COMMIT;
