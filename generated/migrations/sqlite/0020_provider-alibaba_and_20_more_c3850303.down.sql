-- Migration 0020: the way back, 22 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers alibaba is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'alibaba' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'alibaba' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers anthropic is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'anthropic' AND auth = 'x-api-key')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'anthropic' AND auth = 'x-api-key';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers azure-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'azure-eu' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'azure-eu' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers bedrock-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'bedrock-eu' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL)) IS NOT TRUE;

UPDATE providers SET chat_path = '/model', stream_path = NULL, auth = NULL, description = 'The adapter appends /<provider_model_name>/converse and signs the request.'
WHERE provider = 'bedrock-eu' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers bedrock-us is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'bedrock-us' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL)) IS NOT TRUE;

UPDATE providers SET chat_path = '/model', stream_path = NULL, auth = NULL, description = 'The adapter appends /<provider_model_name>/converse and signs the request.'
WHERE provider = 'bedrock-us' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers cerebras is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'cerebras' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'cerebras' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers cohere is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'cohere' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'cohere' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers deepseek is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'deepseek' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'deepseek' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers fireworks is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'fireworks' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'fireworks' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers google is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'google' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'google' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers groq is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'groq' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'groq' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers mistral is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'mistral' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'mistral' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers moonshot is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'moonshot' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'moonshot' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers nebius is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'nebius' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'nebius' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers openai is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'openai' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'openai' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers ovhcloud is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'ovhcloud' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'ovhcloud' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers scaleway is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'scaleway' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'scaleway' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers together is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'together' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'together' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers xai is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'xai' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'xai' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers zai is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'zai' AND auth = 'bearer')) IS NOT TRUE;

UPDATE providers SET auth = NULL
WHERE provider = 'zai' AND auth = 'bearer';

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers bedrock-stockholm is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'bedrock-stockholm' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL)) IS NOT TRUE;

UPDATE providers SET chat_path = '/model', stream_path = NULL, auth = NULL, description = 'The adapter appends /<provider_model_name>/converse and signs the request.'
WHERE provider = 'bedrock-stockholm' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: provider_headers anthropic anthropic-version is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM provider_headers WHERE provider = 'anthropic' AND header = 'anthropic-version' AND value = '2023-06-01')) IS NOT TRUE;

DELETE FROM provider_headers
WHERE provider = 'anthropic' AND header = 'anthropic-version' AND value = '2023-06-01';

COMMIT;
