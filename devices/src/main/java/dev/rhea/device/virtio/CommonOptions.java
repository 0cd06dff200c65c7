package dev.rhea.device.virtio;

import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;

/** Properties that all virtio devices have: which features of rings they offer. */
public record CommonOptions(
        boolean indirect,
        boolean eventIndex,
        boolean notifyOnEmpty,
        boolean anyLayout,
        boolean packed,
        boolean queueReset) {
    /** As the reference has them. */
    public static final CommonOptions DEFAULT = new CommonOptions(true, true, true, true, false, true);

    public static final List<Property> PROPERTIES = List.of(
            Property.of("any_layout", PropertyKind.BOOL, "true", "on/off"),
            Property.of("event_idx", PropertyKind.BOOL, "true", "on/off"),
            Property.of("indirect_desc", PropertyKind.BOOL, "true", "on/off"),
            Property.of("iommu_platform", PropertyKind.BOOL, "false", "on/off"),
            Property.of("notify_on_empty", PropertyKind.BOOL, "true", "on/off"),
            Property.of("packed", PropertyKind.BOOL, "false", "on/off"),
            Property.of("queue_reset", PropertyKind.BOOL, "true", "on/off"),
            Property.of("use-disabled-flag", PropertyKind.BOOL, "true", "on/off"),
            Property.of("use-started", PropertyKind.BOOL, "true", "on/off"),
            Property.of("x-disable-legacy-check", PropertyKind.BOOL, "false", "on/off"));

    public static CommonOptions of(PropertyValues values) {
        return new CommonOptions(
                values.bool("indirect_desc"),
                values.bool("event_idx"),
                values.bool("notify_on_empty"),
                values.bool("any_layout"),
                values.bool("packed"),
                values.bool("queue_reset"));
    }

    long features(boolean modern) {
        long result = 0;
        if (indirect) {
            result |= VirtioFeature.INDIRECT_DESC;
        }
        if (eventIndex) {
            result |= VirtioFeature.EVENT_IDX;
        }
        if (modern) {
            result |= VirtioFeature.VERSION_1;
            if (packed) {
                result |= VirtioFeature.RING_PACKED;
            }
            if (queueReset) {
                result |= VirtioFeature.RING_RESET;
            }
        } else {
            if (notifyOnEmpty) {
                result |= VirtioFeature.NOTIFY_ON_EMPTY;
            }
            if (anyLayout) {
                result |= VirtioFeature.ANY_LAYOUT;
            }
        }
        return result;
    }
}
