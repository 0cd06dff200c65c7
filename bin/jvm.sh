# Sourced by whoever starts java on Rhea's modules: sets the array jvm from $dist, the folder that ./dev build made.
#
# - internal.misc: raw memory access, 1.4 times faster than MemorySegment in generated code (docs/decisions/0003).
# - internal.foreign.abi, access: the native way into the host's kernel in 6 ms instead of 50 (host's NativeCall).
# - Serial collector: guest memory is off-heap, little garbage is made, and it starts fastest.
# - PerfData off: no file in /tmp per run.
# - WhiteBoxAPI: the translator chooses the compiler for each region (docs/decisions/0004). HotSpot says on standard output
#   which of its white-box methods we did not declare; DisplayVMOutput off keeps that, and nothing else, from the guest's.
# - Trap limits 0: C2 compiles what the profile has not seen yet instead of giving the method up when it comes; regions have
#   an exit per memory access, each seen at another time (127 compilations of 5 regions became 28).
# - Tier4 thresholds 10 times as high (100 for loops): C2 is for the interpreter's loop, which asks for it, for guest code
#   (R*: HotSpot's own thresholds) and for what runs for seconds. Left alone, it takes 1.1 s of the 3.2 of python3's start
#   for our decoder and the class-file library; so 0.4 (docs/decisions/0009).
# - inline: the interpreter's loop in Java, in C1's code and C2's. By their own rules both inline its accesses in one run and call
#   them in the next ("low call site frequency"): then a turn takes twice as long.
# - AOTReplayTraining off: at each start HotSpot would compile what was hot in the training run, 0.05 s of hello world's 0.3.
jvm=(
  -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000
  -XX:Tier4BackEdgeThreshold=4000000
  -XX:PerMethodTrapLimit=0 -XX:PerBytecodeTrapLimit=0
  -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI -XX:-DisplayVMOutput -Xbootclasspath/a:"$dist/boot/rhea-hotspot.jar"
  -XX:CompileCommand=quiet -XX:CompileCommand=CompileThresholdScaling,dev.rhea.engine.jit.R*::run,0.1
  -XX:CompileCommand=inline,dev.rhea.host.RawMemory::* -XX:CompileCommand=inline,dev.rhea.engine.interp.HotLoop::holds
  -XX:CompileCommand=inline,dev.rhea.engine.interp.InterpreterState::entry
  -XX:CompileCommand=inline,dev.rhea.engine.interp.InterpreterState::tag
  -XX:-AOTReplayTraining
  -XX:+UseSerialGC -XX:-UsePerfData
  --add-exports java.base/jdk.internal.misc=dev.rhea.host,dev.rhea.engine
  --add-exports java.base/jdk.internal.foreign.abi=dev.rhea.host
  --add-exports java.base/jdk.internal.foreign.abi.x64=dev.rhea.host
  --add-exports java.base/jdk.internal.foreign.abi.aarch64=dev.rhea.host
  --add-exports java.base/jdk.internal.access=dev.rhea.host
  --add-exports java.base/jdk.internal.foreign=dev.rhea.host
  --enable-native-access=dev.rhea.host
  -p "$dist/lib"
)
# Where guest code becomes machine code of our own (engine's NativeFrame says on which processors), HotSpot compiles nothing but
# Rhea itself, for which its first compiler is enough: the second took a third of all CPU time of short runs (a start of
# python3 3.1 s, without it 1.7).
if [[ $HOSTTYPE == x86_64 && ${RHEA_TIERS-default} =~ ^(default|interpreter|native)$ && -r /proc/cpuinfo ]]; then
  while read -r key features; do
    [[ $key == flags ]] && break
  done </proc/cpuinfo
  features=" $features "
  [[ $features == *" popcnt "* && $features == *" abm "* && $features == *" bmi1 "* && $features == *" fma "* ]] &&
    jvm+=(-XX:TieredStopAtLevel=1)
fi
# The classes of a start, parsed and linked ahead of time; java checks that it fits and does without it if it does not.
[[ -e $dist/rhea.aot ]] && jvm=(-XX:AOTCache="$dist/rhea.aot" -Xlog:aot=off -Xlog:cds=off "${jvm[@]}")
# For whoever measures or debugs: more flags, split at blanks.
[[ -n ${RHEA_JVM_OPTIONS-} ]] && read -ra more <<<"$RHEA_JVM_OPTIONS" && jvm+=("${more[@]}")
