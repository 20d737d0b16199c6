-- What the service needs of a new PostgreSQL, as deploy/dev/postgres.sh has it: the extension, which only a superuser can
-- make; the service's role, which owns its database and nothing more; the worker, a role it may become (SET ROLE) and
-- inherits nothing from. The image runs this once, as the superuser, when the volume is empty; the tables are the service's.
\getenv password OWNER_PASSWORD
\connect template1
create extension if not exists vector;
\connect postgres
select 'create role memory_worker nologin' where not exists (select from pg_roles where rolname = 'memory_worker') \gexec
select 'create role memory login' where not exists (select from pg_roles where rolname = 'memory') \gexec
alter role memory nosuperuser nobypassrls nocreaterole nocreatedb password :'password';
grant memory_worker to memory with inherit false, set true;
create database memory owner memory;
