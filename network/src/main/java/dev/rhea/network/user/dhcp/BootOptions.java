package dev.rhea.network.user.dhcp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What DHCP tells the guest besides addresses.
 *
 * @param hostname the guest's name
 * @param domainName the guest's domain
 * @param searchDomains where names are looked up
 * @param tftpServerName a name for whom the boot file is fetched from
 * @param bootFile the boot file's name, at most 127 bytes
 */
public record BootOptions(
        @Nullable String hostname,
        @Nullable String domainName,
        List<String> searchDomains,
        @Nullable String tftpServerName,
        @Nullable String bootFile) {}
