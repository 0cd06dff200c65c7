# Sourced by rhea and dev. stale: whether $dist is missing or older than a source (or folder of sources) under $home.
stale() {
  [[ ! -e $dist/stamp ]] || [[ -n $(find "$home/pom.xml" "$home"/{hotspot,host,chardev,network,engine,machine,block,devices,control,user,cli}/{pom.xml,src/main} \
    "$home"/{arch,boards}/*/{pom.xml,src/main} -newer "$dist/stamp" -print -quit 2>&1) ]]
}
