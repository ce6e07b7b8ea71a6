#!/bin/sh
# Draws what compose.yaml reads as secrets into a folder, as root: sh deploy/compose/secrets.sh DIR
# What is there is kept. The files belong to 10001, who is the services, and to nobody else.
set -eu
umask 077
mkdir -p "$1"
cd "$1"

drawn() { od -An -v -tx1 -N24 /dev/urandom | tr -d ' \n'; }

[ -s postgres ] || drawn >postgres
for service in registry mentoring partners facilities; do
  for part in owner app worker; do
    [ -s "${service}_$part" ] ||
      echo "postgresql://${service}_$part:$(drawn)@postgres/$service" >"${service}_$part"
  done
done
[ -s keyring ] || echo "{\"registry\": {\"1\": \"$(head -c 32 /dev/urandom | base64)\"}}" >keyring
chown 10001:10001 -- *
