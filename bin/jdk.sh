# Sourced by rhea and dev. find_jdk sets $jdk to the home of a JDK 25 or later, or says in one sentence what to install.

# Whether $1 is the home of such a JDK. Its release file tells, so that no java has to be started for the question.
is_jdk() {
  local line major
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=\"* ]]; then
      major=${line#*\"}
      major=${major%%[!0-9]*}
      ((major >= 25)) && return 0
      return 1
    fi
  done <"$1/release"
  return 1
}

find_jdk() {
  local candidate
  for candidate in "${RHEA_JAVA_HOME-}" "${JAVA_HOME-}" /usr/lib/jvm/* /usr/java/* /opt/jdk* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/*; do
    if [[ -n $candidate ]] && is_jdk "$candidate"; then
      jdk=$candidate
      return 0
    fi
  done
  if candidate=$(type -P javac); then
    candidate=$(readlink -f "$candidate")
    candidate=${candidate%/bin/javac}
    if is_jdk "$candidate"; then
      jdk=$candidate
      return 0
    fi
  fi
  echo "rhea: no JDK 25 or later found: install one (Debian: apt-get install openjdk-25-jdk-headless, or Eclipse Temurin 25)" \
    "and, if it is in an unusual place, say where with RHEA_JAVA_HOME" >&2
  return 1
}
