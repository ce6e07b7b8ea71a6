#!/bin/sh
# Gives each service its database and the three roles that enter it, with the passwords that the
# addresses in /run/secrets name; run again, it gives them the passwords that stand there now.
set -eu

password() { # of the address in a secret
  address=$(cat "/run/secrets/$1")
  address=${address#*://*:}
  printf %s "${address%%@*}"
}

PGPASSWORD=$(cat /run/secrets/postgres)
export PGPASSWORD
for service in registry mentoring partners facilities; do
  OWNER=$(password "${service}_owner") APP=$(password "${service}_app") \
    WORKER=$(password "${service}_worker") \
    psql --host=postgres --username=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
    --set=service="$service" <<'SQL'
\getenv owner OWNER
\getenv app APP
\getenv worker WORKER
SELECT :'service' || '_owner' AS the_owner, :'service' || '_app' AS the_app,
       :'service' || '_worker' AS the_worker \gset
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'the_owner', :'the_app', :'the_worker'])
  AS name WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE :the_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
  PASSWORD :'owner';
ALTER ROLE :the_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
  PASSWORD :'app';
ALTER ROLE :the_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
  PASSWORD :'worker';
SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'the_owner')
  WHERE :'service' NOT IN (SELECT datname FROM pg_database) \gexec
REVOKE ALL ON DATABASE :service FROM PUBLIC;
GRANT CONNECT ON DATABASE :service TO :the_app, :the_worker;
SQL
done
