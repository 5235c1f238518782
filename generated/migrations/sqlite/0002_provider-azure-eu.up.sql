-- Migration 0002: 1 rows change.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'CONFLICT: providers azure-eu is not what this migration expects: somebody else changed it', 0
WHERE (EXISTS (SELECT 1 FROM providers WHERE provider = 'azure-eu' AND api_key_env = 'AZURE_OPENAI_API_KEY_SWC')) IS NOT TRUE;

UPDATE providers SET api_key_env = 'AZURE_OPENAI_SWC_API_KEY'
WHERE provider = 'azure-eu' AND api_key_env = 'AZURE_OPENAI_API_KEY_SWC';

COMMIT;
