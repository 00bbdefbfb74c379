#!/bin/sh
# A Debian package that pip cannot bring. It can be installed only where we are root or sudo asks no password; nothing
# depends on it, so without it we say in one line what is missing, and go on.
#
#   install-debian.sh PACKAGE 'what it is for' 'how it is without it' 'a command that succeeds where it is there'
package=$1 purpose=$2 without=$3 is_there=$4
if sh -c "$is_there" >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ]; then as_root=''; elif sudo -n true 2>/dev/null; then as_root='sudo -n'; else as_root='none'; fi
if [ "$as_root" != none ] && command -v apt-get >/dev/null; then
  echo "Installing $package ($purpose) ..."
  ($as_root apt-get update -qq && $as_root apt-get install -y -qq "$package") >/dev/null 2>&1 && exit 0
fi
echo "Note: $package is not installed; $without. To add it: apt-get install $package"
exit 0
