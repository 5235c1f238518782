-- Migration 0018: the way back of the schema of routecomp 0.2.
-- Written by routecomp compile; never edit it: what is on the base branch stays.

PRAGMA foreign_keys = ON;

BEGIN IMMEDIATE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column stream_path of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE stream_path IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column auth of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE auth IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column region of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE region IS NOT NULL)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'column allow_http of table providers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM providers WHERE allow_http IS NOT NULL AND allow_http <> 0)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_query holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM provider_query)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_headers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM provider_headers)) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT 'table provider_secret_headers holds what its way back would lose', 0
WHERE (NOT EXISTS (SELECT 1 FROM provider_secret_headers)) IS NOT TRUE;

PRAGMA defer_foreign_keys = ON;

INSERT INTO routecomp_assert (what, ok) SELECT 'table providers has columns that no migration made: a copy without them would lose what they hold', 0
WHERE ((SELECT count(*) FROM pragma_table_xinfo('providers')) = 12) IS NOT TRUE;

INSERT INTO routecomp_assert (what, ok) SELECT (SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of ' || f."table" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first' FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('providers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('providers') LIMIT 1), 0
WHERE (NOT EXISTS (SELECT 1 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND lower(f."table") IN ('providers') AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ('providers'))) IS NOT TRUE;

CREATE TABLE routecomp_kept_providers AS SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner, stream_path, auth, region, allow_http FROM providers;

DROP TABLE providers;

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

INSERT INTO providers (provider, adapter, base_url, chat_path, api_key_env, stack, description, owner)
SELECT provider, adapter, base_url, chat_path, api_key_env, stack, description, owner FROM routecomp_kept_providers;

DROP TABLE routecomp_kept_providers;

CREATE INDEX providers_by_stack ON providers (stack);

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

DROP TABLE provider_secret_headers;

DROP TABLE provider_headers;

DROP TABLE provider_query;

COMMIT;
