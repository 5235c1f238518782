-- Migration 0020: 22 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

BEGIN;

SET LOCAL lock_timeout = '5s';

SET LOCAL statement_timeout = '10min';

SET LOCAL standard_conforming_strings = on;

SELECT pg_advisory_xact_lock(7261734662);

SELECT public.routecomp_assert('CONFLICT: providers alibaba is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'alibaba' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'alibaba' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers anthropic is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'anthropic' AND auth IS NULL));

UPDATE public.providers SET auth = 'x-api-key'
WHERE provider = 'anthropic' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers azure-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'azure-eu' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'azure-eu' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers bedrock-eu is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-eu' AND chat_path = '/model' AND stream_path IS NULL AND auth IS NULL AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.'));

UPDATE public.providers SET chat_path = '/model/{model}/converse', stream_path = '/model/{model}/converse-stream', auth = 'bearer', description = NULL
WHERE provider = 'bedrock-eu' AND chat_path = '/model' AND stream_path IS NULL AND auth IS NULL AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.';

SELECT public.routecomp_assert('CONFLICT: providers bedrock-stockholm is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-stockholm' AND chat_path = '/model' AND stream_path IS NULL AND auth IS NULL AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.'));

UPDATE public.providers SET chat_path = '/model/{model}/converse', stream_path = '/model/{model}/converse-stream', auth = 'bearer', description = NULL
WHERE provider = 'bedrock-stockholm' AND chat_path = '/model' AND stream_path IS NULL AND auth IS NULL AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.';

SELECT public.routecomp_assert('CONFLICT: providers bedrock-us is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'bedrock-us' AND chat_path = '/model' AND stream_path IS NULL AND auth IS NULL AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.'));

UPDATE public.providers SET chat_path = '/model/{model}/converse', stream_path = '/model/{model}/converse-stream', auth = 'bearer', description = NULL
WHERE provider = 'bedrock-us' AND chat_path = '/model' AND stream_path IS NULL AND auth IS NULL AND description = 'The adapter appends /<provider_model_name>/converse and signs the request.';

SELECT public.routecomp_assert('CONFLICT: providers cerebras is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'cerebras' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'cerebras' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers cohere is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'cohere' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'cohere' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers deepseek is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'deepseek' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'deepseek' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers fireworks is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'fireworks' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'fireworks' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers google is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'google' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'google' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers groq is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'groq' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'groq' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers mistral is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'mistral' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'mistral' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers moonshot is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'moonshot' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'moonshot' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers nebius is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'nebius' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'nebius' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers openai is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'openai' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'openai' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers ovhcloud is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'ovhcloud' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'ovhcloud' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers scaleway is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'scaleway' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'scaleway' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers together is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'together' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'together' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers xai is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'xai' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'xai' AND auth IS NULL;

SELECT public.routecomp_assert('CONFLICT: providers zai is not what this migration expects: somebody else changed it', EXISTS (SELECT 1 FROM public.providers WHERE provider = 'zai' AND auth IS NULL));

UPDATE public.providers SET auth = 'bearer'
WHERE provider = 'zai' AND auth IS NULL;

INSERT INTO public.provider_headers (provider, header, value) VALUES
  ('anthropic', 'anthropic-version', '2023-06-01');

COMMIT;
