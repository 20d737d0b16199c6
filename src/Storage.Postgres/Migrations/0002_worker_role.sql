-- Work over all tenants (sweeping expired records) is done as a second role that sees ids only. The service's role may
-- become it (SET ROLE) but inherits nothing from it, else the policies made for it would hold for the service as well.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'memory_worker') THEN
        CREATE ROLE memory_worker NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'memory_worker', 'SET') THEN
        EXECUTE format('GRANT memory_worker TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role memory_worker is missing, or % may not become it.', current_user USING
            ERRCODE = 'insufficient_privilege',
            HINT = format(
                'Once, as a superuser: CREATE ROLE memory_worker NOLOGIN; GRANT memory_worker TO %I WITH INHERIT FALSE, SET TRUE;',
                current_user);
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO memory_worker', current_schema());
END
$$;

GRANT DELETE, SELECT (tenant, scope, key, expires_at) ON idempotency TO memory_worker;
CREATE POLICY any_tenant_expired_read ON idempotency FOR SELECT TO memory_worker USING (true);
CREATE POLICY any_tenant_expired_delete ON idempotency FOR DELETE TO memory_worker USING (true);
