-- Migration 0020: the way back, 22 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('CONFLICT: providers alibaba is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'alibaba' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'alibaba' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers anthropic is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'anthropic' AND auth = 'x-api-key'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'anthropic' AND auth = 'x-api-key';

SELECT public.routecomp_assert('CONFLICT: providers azure-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'azure-eu' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'azure-eu' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-eu' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL));

UPDATE public.providers SET chat_path = '/model', stream_path = NULL, auth = NULL, description = 'The adapter appends /<provider_model_name>/converse and signs the request.'
WHERE provider = 'bedrock-eu' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-us' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL));

UPDATE public.providers SET chat_path = '/model', stream_path = NULL, auth = NULL, description = 'The adapter appends /<provider_model_name>/converse and signs the request.'
WHERE provider = 'bedrock-us' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers cerebras is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'cerebras' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'cerebras' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers cohere is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'cohere' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'cohere' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers deepseek is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'deepseek' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'deepseek' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'fireworks' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'fireworks' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers google is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'google' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'google' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers groq is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'groq' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'groq' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers mistral is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'mistral' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'mistral' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers moonshot is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'moonshot' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'moonshot' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'nebius' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'nebius' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers openai is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'openai' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'openai' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers ovhcloud is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'ovhcloud' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'ovhcloud' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'scaleway' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'scaleway' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers together is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'together' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'together' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers xai is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'xai' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'xai' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers zai is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'zai' AND auth = 'bearer'));

UPDATE public.providers SET auth = NULL
WHERE provider = 'zai' AND auth = 'bearer';

SELECT public.routecomp_assert('CONFLICT: providers bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-stockholm' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL));

UPDATE public.providers SET chat_path = '/model', stream_path = NULL, auth = NULL, description = 'The adapter appends /<provider_model_name>/converse and signs the request.'
WHERE provider = 'bedrock-stockholm' AND chat_path = '/model/{model}/converse' AND stream_path = '/model/{model}/converse-stream' AND auth = 'bearer' AND description IS NULL;

SELECT public.routecomp_assert('CONFLICT: provider_headers anthropic anthropic-version is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.provider_headers WHERE provider = 'anthropic' AND header = 'anthropic-version' AND value = '2023-06-01'));

DELETE FROM public.provider_headers
WHERE provider = 'anthropic' AND header = 'anthropic-version' AND value = '2023-06-01';

COMMIT;
