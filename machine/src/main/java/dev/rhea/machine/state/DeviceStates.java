package dev.rhea.machine.state;

import dev.rhea.machine.device.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The states of all devices of a machine, as bytes by path. All of them load, or none. */
public final class DeviceStates {
    private DeviceStates() {}

    /** With the machine lock held and the processors stopped. */
    public static Map<String, byte[]> save(Map<String, Device> devices) {
        Map<String, byte[]> result = new LinkedHashMap<>();
        devices.forEach((path, device) -> {
            if (device instanceof Stateful<?> stateful) {
                result.put(path, StateCodec.encode(stateful.saveState()));
            }
        });
        return result;
    }

    /**
     * Loads into devices of the same paths and types. With the machine lock held and the processors stopped.
     *
     * @throws BadStateException where a state does not fit; the devices are then as they were before
     */
    public static void load(Map<String, Device> devices, Map<String, byte[]> states) throws BadStateException {
        List<Load<?>> loads = new ArrayList<>();
        for (Map.Entry<String, Device> entry : devices.entrySet()) {
            if (entry.getValue() instanceof Stateful<?> stateful) {
                byte[] bytes = states.get(entry.getKey());
                if (bytes == null) {
                    throw new BadStateException("there is no state for " + entry.getKey());
                }
                loads.add(Load.of(entry.getKey(), stateful, bytes));
            }
        }
        for (String path : states.keySet()) {
            if (!(devices.get(path) instanceof Stateful<?>)) {
                throw new BadStateException("there is a state for " + path + ", which this machine does not have");
            }
        }
        for (int i = 0; i < loads.size(); i++) {
            try {
                loads.get(i).apply();
            } catch (BadStateException e) {
                for (int back = 0; back < i; back++) {
                    loads.get(back).undo();
                }
                throw new BadStateException(loads.get(i).path + ": " + e.getMessage());
            }
        }
    }

    /** What a device is to become, and what it was. */
    private record Load<S extends Record>(String path, Stateful<S> device, S state, S before) {
        static <S extends Record> Load<S> of(String path, Stateful<S> device, byte[] bytes) throws BadStateException {
            try {
                return new Load<>(path, device, StateCodec.decode(device.stateType(), bytes), device.saveState());
            } catch (BadStateException e) {
                throw new BadStateException(path + ": " + e.getMessage());
            }
        }

        void apply() throws BadStateException {
            device.loadState(state);
        }

        void undo() {
            try {
                device.loadState(before);
            } catch (BadStateException e) {
                throw new IllegalStateException(path + " does not take back its own state", e);
            }
        }
    }
}
