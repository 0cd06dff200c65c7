package dev.rhea.board;

import dev.rhea.board.boot.BootException;
import dev.rhea.board.boot.Image;
import dev.rhea.machine.Processor;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code -device loader}: a file or a few bytes that stand in memory at each start, and where a processor begins (the reference's
 * manual, "Generic Loader"). It is a device in name only: the guest sees nothing of it.
 */
final class GenericLoader {
    static final String TYPE = "loader";

    static final List<Property> PROPERTIES = List.of(
            Property.of("addr", PropertyKind.UINT64, "0", ""),
            Property.of("cpu-num", PropertyKind.UINT32, "4294967295", ""),
            Property.of("data", PropertyKind.UINT64, "0", ""),
            Property.of("data-be", PropertyKind.BOOL, "false", ""),
            Property.of("data-len", PropertyKind.UINT8, "0", ""),
            Property.of("file", PropertyKind.STRING, null, ""),
            Property.of("force-raw", PropertyKind.BOOL, "false", ""));

    private static final long NO_PROCESSOR = 0xffffffffL;

    private final PropertyValues values;
    private final Workbench bench;
    private final long address;

    private GenericLoader(PropertyValues values, Workbench bench) {
        this.values = values;
        this.bench = bench;
        address = values.number("addr");
    }

    /** Loads what is asked for. @throws BadDeviceException in the reference's words */
    static Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException {
        new GenericLoader(new PropertyValues(TYPE, PROPERTIES, spec.properties()), bench).load();
        return new Device() {
            @Override
            public String type() {
                return TYPE;
            }

            @Override
            public void reset() {}
        };
    }

    private void load() throws BadDeviceException {
        String file = values.text("file");
        boolean isData = values.number("data") != 0 || values.number("data-len") != 0 || values.bool("data-be");
        Processor processor = processor();
        try {
            if (isData) {
                data(file);
            } else if (file != null && !file.isEmpty()) {
                long entry = file(file);
                if (processor != null) {
                    processor.startAt(entry);
                }
            } else if (processor != null) {
                processor.startAt(address);
            } else if (address != 0) {
                throw new BadDeviceException("cpu_num must be specified when setting a program counter");
            } else {
                throw new BadDeviceException("please include valid arguments");
            }
        } catch (BootException e) {
            throw new BadDeviceException(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Processor processor() throws BadDeviceException {
        long number = values.number("cpu-num");
        if (number == NO_PROCESSOR) {
            return null;
        }
        List<Processor> all = bench.chassis().processors();
        if (number >= all.size()) {
            throw new BadDeviceException("Specified boot CPU#" + number + " is nonexistent");
        }
        return all.get((int) number);
    }

    private void data(@Nullable String file) throws BadDeviceException, BootException {
        int length = (int) values.number("data-len");
        if (file != null) {
            throw new BadDeviceException("Specifying a file is not supported when loading memory values");
        }
        if (length == 0) {
            throw new BadDeviceException("Both data and data-len must be specified");
        }
        if (length > 8) {
            throw new BadDeviceException("data-len cannot be greater then 8 bytes");
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            int place = values.bool("data-be") ? length - 1 - i : i;
            bytes[i] = (byte) (values.number("data") >>> 8 * place);
        }
        bench.boot().add("loader data", address, bytes);
    }

    /** Loads it: ELF where it wants to be, all else at the address. @return its first instruction */
    private long file(String name) throws BadDeviceException, BootException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(name));
        } catch (IOException e) {
            throw new BadDeviceException("Cannot load specified image " + name);
        }
        Image image = Image.of(name, bytes);
        if (!image.isElf() || values.bool("force-raw")) {
            bench.boot().add(name, address, bytes);
            return address;
        }
        for (Image.Segment segment : image.segments()) {
            bench.boot().addSegment(name, segment);
        }
        return image.entry();
    }
}
