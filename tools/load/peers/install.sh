#!/bin/sh
# Installs what the peers of the load bench need, on Debian. Services that the packages start by themselves are left as they are.
set -e
cd "$(dirname "$0")"
apt-get install --yes --no-install-recommends postgresql redis-server ejabberd erlang-p1-pgsql
npm ci --ignore-scripts
