package dev.rhea.machine;

import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.RamBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a board screws everything into: the machine lock, the clock, system memory, devices by path, processors, and the run
 * state with reset and shutdown. No static state: any number of machines live in one process.
 *
 * <p>Guests and devices <em>ask</em> for reset and shutdown, since they do so in the middle of an instruction; a thread of the
 * chassis then stops the processors and does it.
 */
public final class Chassis implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    /** Lets one thread at a time stop and start the processors. Comes before {@link #lock}. */
    private final ReentrantLock control = new ReentrantLock();

    private final VirtualClock clock = new VirtualClock(lock);
    private final Container systemMemory = new Container("system", Long.MAX_VALUE);
    private final AddressSpace memory = new AddressSpace("memory", systemMemory, lock);
    private final List<RamBlock> blocks = new ArrayList<>();
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Map<String, String> busOf = new HashMap<>();
    private final List<Processor> processors = new ArrayList<>();
    private final List<Runnable> resetActions = new ArrayList<>();
    private final List<MachineListener> listeners = new CopyOnWriteArrayList<>();
    private final Supervisor supervisor = new Supervisor(this);
    private RunState state = RunState.PRELAUNCH;

    /** Whether listeners were told of the end. Guarded by the lock. */
    private boolean ended;

    private final AtomicBoolean failed = new AtomicBoolean();

    /** Whether a guest's reset ends the machine: {@code -no-reboot}. */
    private volatile boolean rebootShutsDown;

    /** Whether a guest's shutdown only pauses it: {@code -no-shutdown}. */
    private volatile boolean shutdownPauses;

    public Chassis() {
        clock.onFailure(this::fail);
    }

    /** Guards the state of all devices. Held while they are called. */
    public ReentrantLock lock() {
        return lock;
    }

    public VirtualClock clock() {
        return clock;
    }

    /** What processors see. */
    public AddressSpace memory() {
        return memory;
    }

    /** The root that boards place regions in. */
    public Container systemMemory() {
        return systemMemory;
    }

    /** Allocates guest memory that is freed with the machine. */
    public RamBlock newRam(String name, long size) {
        RamBlock block = new RamBlock(name, size);
        blocks.add(block);
        return block;
    }

    /** The same that shows a file. @param shared whether what is written goes there */
    public RamBlock newRam(String name, long size, HostFile file, boolean shared) throws HostException {
        RamBlock block = RamBlock.of(name, size, file, shared);
        blocks.add(block);
        return block;
    }

    public List<RamBlock> ramBlocks() {
        return Collections.unmodifiableList(blocks);
    }

    /**
     * Makes a device known.
     *
     * @param path in the object tree: {@code /machine/soc/serial0}, {@code /machine/peripheral/net0}
     */
    public <D extends Device> D add(String path, D device) {
        if (devices.putIfAbsent(path, device) != null) {
            throw new IllegalArgumentException("there is a device at " + path + " already");
        }
        return device;
    }

    /**
     * Makes a device known that is plugged into a bus.
     *
     * @param bus its name: {@code pcie.0}
     */
    public <D extends Device> D add(String path, D device, String bus) {
        add(path, device);
        busOf.put(path, bus);
        return device;
    }

    /** The bus that the device at a path is plugged into; null for one that is part of the board. */
    public @Nullable String busOf(String path) {
        return busOf.get(path);
    }

    /** Devices by path, in the order in which they were added. */
    public Map<String, Device> devices() {
        return Collections.unmodifiableMap(devices);
    }

    public void add(Processor processor) {
        processors.add(processor);
    }

    public List<Processor> processors() {
        return Collections.unmodifiableList(processors);
    }

    /** Runs after the devices were reset and before the processors are: puts firmware and kernels back into memory. */
    public void onReset(Runnable action) {
        resetActions.add(action);
    }

    public void addListener(MachineListener listener) {
        listeners.add(listener);
    }

    public void removeListener(MachineListener listener) {
        listeners.remove(listener);
    }

    /** What a guest's reset and shutdown do: {@code -no-reboot}, {@code -no-shutdown}. */
    public void setActions(boolean resetShutsDown, boolean shutdownOnlyPauses) {
        rebootShutsDown = resetShutsDown;
        shutdownPauses = shutdownOnlyPauses;
    }

    // ---- running

    public RunState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Resets everything for the first time. Once, after the board is built. */
    public void powerOn() {
        lock.lock();
        try {
            resetAll();
        } finally {
            lock.unlock();
        }
        supervisor.start();
    }

    /** Runs on. Nothing happens to a machine that runs, was shut down or failed. Any thread; without the lock. */
    public void resume() {
        control.lock();
        lock.lock();
        try {
            if (state == RunState.PRELAUNCH || state == RunState.PAUSED) {
                memory.masters().release();
                clock.start();
                processors.forEach(Processor::resume);
                changeState(RunState.RUNNING);
            }
        } finally {
            lock.unlock();
            control.unlock();
        }
    }

    /** Stops processors, devices' own work and time, and returns when they stand. Any thread but a processor's own; without the lock. */
    public void pause() {
        pause(RunState.PAUSED);
    }

    private void pause(RunState becomes) {
        control.lock();
        try {
            processors.forEach(Processor::pause);
            memory.masters().hold();
            lock.lock();
            try {
                clock.stop();
                if (state == RunState.RUNNING || becomes != RunState.PAUSED) {
                    changeState(becomes);
                }
            } finally {
                lock.unlock();
            }
        } finally {
            control.unlock();
        }
    }

    /** Does something while processors and devices' own work stand still; they go on if they ran. Without the lock. */
    public void standStill(Runnable action) {
        control.lock();
        try {
            processors.forEach(Processor::pause);
            memory.masters().hold();
            try {
                action.run();
            } finally {
                lock.lock();
                try {
                    if (state == RunState.RUNNING) {
                        memory.masters().release();
                        processors.forEach(Processor::resume);
                    }
                } finally {
                    lock.unlock();
                }
            }
        } finally {
            control.unlock();
        }
    }

    /** Asks for a reset. Any thread; returns at once. */
    public void requestReset(ShutdownCause cause) {
        supervisor.request(() -> {
            if (cause.isByGuest() && rebootShutsDown) {
                shutDown(cause, 0);
                return;
            }
            standStill(() -> {
                lock.lock();
                try {
                    ended = false;
                    resetAll();
                    listeners.forEach(listener -> listener.reset(cause));
                    if (state == RunState.SHUTDOWN) {
                        changeState(RunState.PAUSED);
                    }
                } finally {
                    lock.unlock();
                }
            });
        });
    }

    /** Asks for the end. Any thread; returns at once. @param exitCode what the process is to end with */
    public void requestShutdown(ShutdownCause cause, int exitCode) {
        supervisor.request(() -> shutDown(cause, exitCode));
    }

    /** Asks the guest to switch itself off, as a power button does. */
    public void requestPowerDown() {
        lock.lock();
        try {
            listeners.forEach(MachineListener::powerDown);
        } finally {
            lock.unlock();
        }
    }

    /** Something is wrong that the guest is not to blame for, or no machine could go on from. */
    public void fail(Throwable cause) {
        System.getLogger(Chassis.class.getName()).log(System.Logger.Level.ERROR, "the machine stops", cause);
        // Once: what cannot even be stopped would fail for ever.
        if (failed.compareAndSet(false, true)) {
            supervisor.request(() -> pause(RunState.INTERNAL_ERROR));
        }
    }

    private void shutDown(ShutdownCause cause, int exitCode) {
        pause(RunState.SHUTDOWN);
        if (shutdownPauses && cause.isByGuest()) {
            return;
        }
        lock.lock();
        try {
            // A guest that asks again before its processors stand, or two that ask at once: the first one counts.
            if (ended) {
                return;
            }
            ended = true;
            listeners.forEach(listener -> listener.shutDown(cause, exitCode));
        } finally {
            lock.unlock();
        }
    }

    private void resetAll() {
        devices.values().forEach(Device::reset);
        resetActions.forEach(Runnable::run);
        processors.forEach(Processor::reset);
    }

    private void changeState(RunState to) {
        RunState from = state;
        if (from != to) {
            state = to;
            listeners.forEach(listener -> listener.stateChanged(from, to));
        }
    }

    /** Ends the processors and the machine's own threads; devices and memory stay. Without the lock. */
    public void closeProcessors() {
        supervisor.close();
        processors.forEach(Processor::close);
        clock.close();
    }

    /** Ends everything, then frees memory. Without the lock. */
    @Override
    public void close() {
        closeProcessors();
        @Nullable RuntimeException first = null;
        for (Device device : devices.values()) {
            try {
                device.close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        blocks.forEach(RamBlock::close);
        blocks.clear();
        if (first != null) {
            throw first;
        }
    }
}
