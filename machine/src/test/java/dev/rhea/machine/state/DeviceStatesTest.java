package dev.rhea.machine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.machine.device.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceStatesTest {
    record Count(int value) {}

    private static final class Counter implements Device, Stateful<Count> {
        int value;

        Counter(int value) {
            this.value = value;
        }

        @Override
        public String type() {
            return "counter";
        }

        @Override
        public void reset() {
            value = 0;
        }

        @Override
        public Class<Count> stateType() {
            return Count.class;
        }

        @Override
        public Count saveState() {
            return new Count(value);
        }

        @Override
        public void loadState(Count state) throws BadStateException {
            if (state.value < 0) {
                throw new BadStateException("below zero");
            }
            value = state.value;
        }
    }

    private final Counter first = new Counter(1);
    private final Counter second = new Counter(2);
    private final Map<String, Device> devices = new LinkedHashMap<>(Map.of("/a", first));

    {
        devices.put("/b", second);
    }

    @Test
    void allDevicesComeBack() throws BadStateException {
        Map<String, byte[]> saved = DeviceStates.save(devices);
        first.value = 8;
        second.value = 9;
        DeviceStates.load(devices, saved);
        assertThat(first.value).isEqualTo(1);
        assertThat(second.value).isEqualTo(2);
    }

    @Test
    void oneThatRefusesLeavesAllAsTheyWere() {
        first.value = 5;
        second.value = -1;
        Map<String, byte[]> saved = DeviceStates.save(devices);
        first.value = 1;
        second.value = 2;
        assertThatThrownBy(() -> DeviceStates.load(devices, saved)).hasMessage("/b: below zero");
        assertThat(first.value).isEqualTo(1);
        assertThat(second.value).isEqualTo(2);
    }

    @Test
    void damageIsFoundBeforeAnyDeviceChanges() {
        Map<String, byte[]> saved = DeviceStates.save(devices);
        first.value = 7;
        saved.put("/b", new byte[] {'R'});
        assertThatThrownBy(() -> DeviceStates.load(devices, saved)).hasMessageStartingWith("/b: the state is cut off");
        assertThat(first.value).isEqualTo(7);
    }

    @Test
    void machinesThatDifferAreTold() {
        Map<String, byte[]> saved = DeviceStates.save(devices);
        devices.remove("/b");
        assertThatThrownBy(() -> DeviceStates.load(devices, saved))
                .hasMessage("there is a state for /b, which this machine does not have");
        devices.put("/c", new Counter(0));
        assertThatThrownBy(() -> DeviceStates.load(devices, saved)).hasMessage("there is no state for /c");
    }
}
